"""Payrolls enter once, find their people or wait for somebody to look, and everything that follows can be undone."""

from datetime import date, timedelta
from decimal import Decimal

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shuanglian.areas.tests.factories import gansu
from shuanglian.benefits import likeness
from shuanglian.benefits.actions import dues as verbs
from shuanglian.benefits.actions import following, writing
from shuanglian.benefits.models import Decision, Due, Payment, Step
from shuanglian.registry.actions import people
from shuanglian.registry.models import HouseholdYear, Statement, Transfer
from shuanglian.registry.tests.factories import PersonFactory, relation
from shuanglian.sheets.models import Batch, Change

from .owed import PRIMARY
from .payrolls import AT, CLASS_1, CLASS_2, enter, head, household, line, only, undo

pytestmark = pytest.mark.django_db
M = Payment.Match


def account(home):
    record = HouseholdYear.objects.get(household=home, year=2015)
    return record.income_transfer, record.transfer_declared, record.transfer_paid, record.net_income


# --- who it is -------------------------------------------------------------------------------------------------------
def test_FUND_5_the_identity_number_finds_the_person_whatever_the_name_says():
    person = head(household())
    enter([line(person, name="李大友")])
    paid = only()
    assert (paid.match, paid.person_id, paid.household_id, paid.benefit) == (
        M.EXACT, person.pk, person.household_id, CLASS_2,
    )  # fmt: skip
    assert (paid.id_tail, paid.yuan, paid.year, paid.line) == (person.id_number[-4:], Decimal(2808), 2015, "3")


def test_the_account_of_the_bank_and_the_whole_number_are_kept_nowhere():
    person = head(household())
    enter([line(person)])
    kept = " ".join(str(value) for value in Payment.objects.values().get().values())
    assert person.id_number not in kept and "6217000011112222333" not in kept


def test_a_damaged_number_and_the_same_name_in_the_same_village_are_enough_when_nobody_else_is_called_so():
    person = head(household())
    enter([line(person, number=person.id_number[:15] + "000")])
    assert (only().match, only().person_id) == (M.NAMED, person.pk)


def test_a_homophone_needs_more_than_the_village():
    person = head(household("李大有"))
    enter([line(person, name="李大友", number="")])
    paid = only()
    assert (paid.match, paid.person_id, paid.due_id) == (M.OPEN, None, None)
    assert [one["person"] for one in paid.candidates] == [person.pk]
    assert paid.candidates[0]["why"] == ["sound", "village"]


def test_a_homophone_with_the_head_of_the_household_is_taken():
    home = household("王有福")
    child = PersonFactory(household=home, name="王晓梅", relation=relation("之女"), born_on=date(2003, 2, 1))
    enter([line(child, name="王小梅", number="", head_name="王有福")])
    assert (only().match, only().person_id) == (M.NAMED, child.pk)


def test_two_people_of_one_name_in_one_village_stay_open():
    one, other = head(household("张三")), head(household("张三"))
    enter([line(one, number="")])
    paid = only()
    assert paid.match == M.OPEN and not Due.objects.exists()
    assert {each["person"] for each in paid.candidates} == {one.pk, other.pk}


def test_a_birth_date_tells_two_of_one_name_apart():
    one, other = head(household("张三")), head(household("张三"))
    other.born_on = date(1981, 7, 8)
    other.save()
    enter([line(one, number="621121198107080000")])  # the last figures are lost, the birth date is not
    assert (only().match, only().person_id) == (M.NAMED, other.pk)


def test_a_slip_of_the_pen_in_the_number_is_found():
    person = head(household("赵六"))
    digit = person.id_number[16]
    wrong = f"{person.id_number[:16]}{(int(digit) + 1) % 10}{person.id_number[17]}"
    enter([line(person, number=wrong, village="", town="")])
    assert (only().match, only().person_id) == (M.NAMED, person.pk)
    assert "slip" in only().candidates[0]["why"]


def test_somebody_with_another_number_that_can_be_relied_on_is_not_taken_for_his_namesake():
    person = head(household("张三"))
    other = PersonFactory.build(household=person.household)
    enter([line(person, number=other.id_number)])
    assert only().match != M.NAMED and only().person_id is None


def test_who_is_not_on_the_register_stays_visible_with_the_least_that_is_needed():
    village = gansu().village
    enter([line(name="钱外人", number="11010519491231002X", head_name="钱户主", village=village.name,
                town=village.parent.name)])  # fmt: skip
    paid = only()
    assert (paid.match, paid.area_code, paid.id_tail) == (M.NONE, village.code, "002X")
    assert paid.details == {"class": 2} and paid.candidates == []
    assert not Due.objects.exists() and not Transfer.objects.exists()


def test_two_lines_that_would_be_one_person_are_both_left_open():
    person = head(household("孙七"))
    enter([line(person, number="", yuan="700", month="1月"), line(person, number="", yuan="702", month="1月")])
    assert set(Payment.objects.values_list("match", flat=True)) == {M.OPEN}


def test_one_number_that_stands_twice_in_the_register_is_for_a_person_to_decide():
    one = head(household("周八"))
    other = head(household("周九"))
    type(other).objects.filter(pk=other.pk).update(id_digest=one.id_digest)
    enter([line(one)])
    assert only().match == M.OPEN and len(only().candidates) == 2


# --- what follows ----------------------------------------------------------------------------------------------------
def test_BEN_8_who_is_paid_without_the_rules_having_been_asked_is_decided_with_reasons():
    person = head(household())
    enter([line(person, class_="一类", yuan="3300")])
    due = Due.objects.get()
    assert (due.benefit, due.state, due.received, due.entitled, due.yuan) == (
        CLASS_1, Due.State.RECEIVED, Decimal(3300), True, Decimal(3300),
    )  # fmt: skip
    assert Decision.objects.get(due=due).inputs and only().due_id == due.pk
    assert list(Step.objects.values_list("verb", "yuan")) == [("received", Decimal(3300))]


def test_BEN_8_receiving_but_not_entitled_has_its_reason():
    person = head(household())
    type(person).objects.filter(pk=person.pk).update(schooling=PRIMARY)
    enter([line(person, class_="", yuan="500")], title="普通高中国家助学金发放名册")
    due = Due.objects.get()
    assert (due.benefit, due.state, due.entitled) == ("senior_grant", Due.State.RECEIVED, False)
    assert any(one["reason"]["met"] is False for one in Decision.objects.get().reasons["conditions"])


def test_the_class_and_the_cost_of_the_hospital_become_statements_of_the_department():
    person = head(household())
    enter([line(person)])
    rows = Statement.objects.filter(person=person).order_by("fact")
    assert [(one.fact, one.value, one.source) for one in rows] == [
        ("dibao", "true", "department"), ("dibao_class", "2", "department"),
    ]  # fmt: skip
    assert {(one.on, one.until) for one in rows} == {(date(2015, 1, 1), date(2015, 12, 31))}
    header = ("姓名", "身份证号", "结算日期", "住院总费用", "报销金额", "救助金额")
    bill = [person.name, person.id_number, "2015-05-06", "12000.50", "7200", "1000"]
    more = [person.name, person.id_number, "2015-08-09", "3000", "1500", "500"]
    enter([bill], header=header, title="医疗救助发放名册")
    enter([more], header=header, title="医疗救助发放名册")
    standing = Statement.objects.filter(fact__startswith="hospital", withdrawn_at=None).order_by("fact")
    assert [(one.fact, one.value, one.on) for one in standing] == [
        ("hospital_cost", '"15000.50"', date(2015, 8, 9)), ("hospital_reimbursed", '"8700.00"', date(2015, 8, 9)),
    ]  # fmt: skip


def test_PLAN_4_money_received_flows_into_the_account_and_monthly_lists_add_up():
    home = household()
    for month in ("1月", "2月", "3月"):
        enter([line(head(home), month=month, yuan="234")])
    assert Due.objects.get().received == Decimal(702)
    assert account(home) == (Decimal(702), Decimal(500), Decimal(702), Decimal(6702))
    assert Transfer.objects.get().source == CLASS_2


def test_what_is_no_transfer_does_not_count_as_income():
    home = household()
    before = account(home)
    enter([line(head(home), class_="", yuan="400")], title="企业合作社合同分红发放名册")
    assert Due.objects.get().received == Decimal(400)
    assert account(home) == before


def test_a_payment_of_the_spring_belongs_to_the_school_year_that_began_in_autumn():
    home = household()
    enter([line(head(home), class_="", month="2015-03", yuan="750")], title="中等职业学校国家助学金")
    assert (Due.objects.get().period, only().year) == (2014, 2015)


def test_BEN_7_what_was_refused_and_is_paid_all_the_same_is_received_and_goes_back_when_taken_back():
    home = household()
    batch = enter([line(head(home))])
    undo(batch)
    due = Due.objects.get()
    verbs.apply(due=due, on=date(2015, 12, 31), by=None, at=AT)
    verbs.refuse(due=due, on=date(2015, 12, 31), why="名额已满", by=None, at=AT)
    batch = enter([line(head(home))])
    due.refresh_from_db()
    assert due.state == Due.State.RECEIVED
    undo(batch)
    due.refresh_from_db()
    assert (due.state, due.received) == (Due.State.REFUSED, Decimal(0))


# --- once, and back --------------------------------------------------------------------------------------------------
def test_REP_2_the_same_file_again_changes_nothing():
    home = household()
    rows = [line(head(home)), line(name="钱外人", number="")]
    enter(rows)

    def everything():
        return [list(model.objects.order_by("pk").values()) for model in (Payment, Due, Decision, Step, Statement,
                                                                          Transfer, HouseholdYear)]  # fmt: skip

    before = everything()
    batch = enter(rows)
    assert batch.counts["did"]["payments"]["new"] == 0 and batch.counts["did"]["payments"]["unchanged"] == 2
    assert everything() == before


def test_REG_10_undo_takes_everything_back():
    home = household()
    before = account(home)
    home.refresh_from_db()
    need = (home.income_per_head, home.need_band)
    batch = enter([line(head(home), class_="一类", yuan="3300"), line(name="钱外人", number="")])
    assert account(home) != before
    assert undo(batch).state == Batch.State.UNDONE
    assert not Payment.objects.exists() and not Transfer.objects.exists()
    assert not Statement.objects.filter(withdrawn_at=None).exists()
    due = Due.objects.get()
    assert (due.state, due.received) == (Due.State.UNDECIDED, Decimal(0))  # its class was known from the list alone
    assert account(home) == before
    home.refresh_from_db()
    assert (home.income_per_head, home.need_band) == need or need[0] is None
    again = enter([line(head(home), class_="一类", yuan="3300")])
    assert again.counts["did"]["payments"]["new"] == 1


def test_undoing_the_earlier_of_two_lists_leaves_what_the_later_says():
    home = household()
    first = enter([line(head(home), class_="一类", month="1月", yuan="275")])
    enter([line(head(home), class_="二类", month="7月", yuan="234")])
    undo(first)
    standing = Statement.objects.filter(withdrawn_at=None).order_by("fact")
    assert [(one.fact, one.value, one.on) for one in standing] == [
        ("dibao", "true", date(2015, 7, 1)), ("dibao_class", "2", date(2015, 7, 1)),
    ]  # fmt: skip
    assert account(home)[2] == Decimal(234)
    assert set(Due.objects.values_list("benefit", "received")) == {(CLASS_1, Decimal(0)), (CLASS_2, Decimal(234))}


def test_who_left_is_found_all_the_same():
    home = household()
    person = head(home)
    PersonFactory(household=home, relation=relation("配偶"), sex="2")
    people.leave(person=person, on=date(2015, 2, 1), why="去世", by=None, at=AT,
                 successor=home.people.exclude(pk=person.pk).get())  # fmt: skip
    enter([line(person, month="3月")])
    assert (only().match, only().person_id) == (M.EXACT, person.pk)


def test_changes_are_noted_for_the_undo_and_nothing_else_is():
    batch = enter([line(head(household()))])
    assert set(Change.objects.filter(batch=batch).values_list("table", flat=True)) == {"benefits_payment"}


@settings(max_examples=8)
@given(
    lines=st.lists(
        st.tuples(st.sampled_from(["一类", "二类"]), st.sampled_from(["", "1月", "2月", "第一季度"]),
                  st.sampled_from(["234", "275"]), st.sampled_from(["张三", "李四"]), st.booleans()),
        min_size=1, max_size=6, unique=True,
    ),
    cut=st.integers(0, 6),
)  # fmt: skip
def test_a_payment_is_itself_in_whatever_file_it_comes(lines, cut):
    """Two files that overlap make the same payments as one with all lines; each line once (REP-2)."""
    person = head(household("张三"))
    rows = [line(person, name=name, class_=class_, month=month, yuan=yuan, number=None if with_number else "")
            for class_, month, yuan, name, with_number in lines]  # fmt: skip
    made = lambda: sorted(Payment.objects.values_list("fingerprint", flat=True))  # noqa: E731
    batch = enter(rows, skip_errors=True)  # one number under two names is one line twice
    whole = made()
    assert len(set(whole)) == len(whole)
    undo(batch)
    for part in (rows[: cut + 1], rows[cut:], rows):
        if part:
            enter(part, skip_errors=True)
    assert made() == whole
    Payment.objects.all().delete()


def test_one_by_one_and_set_by_set_settle_the_same():
    """`dues.due_for_payment` and `dues.settle` say of one payment what `following` says of a county."""
    home = household()
    enter([line(head(home)), line(head(home), class_="", month="3月", yuan="300")], title="农村低保", skip_errors=True)
    paid = Payment.objects.get()
    due = verbs.due_for_payment(
        household=home.pk, person=head(home).pk, area_code=home.area_code, benefit=paid.benefit, year=2015,
        on=AT.date(), at=AT,
    )  # fmt: skip
    assert due.pk == paid.due_id
    before = Due.objects.values().get()
    verbs.settle(due=due, on=AT.date(), by=None, at=AT + timedelta(hours=1))
    assert Due.objects.values().get() == before
    assert following.follow([home.pk], why="", by=None, at=AT + timedelta(hours=1))["settled"] == 0


def test_decisions_are_the_same_whether_few_or_many_are_kept_at_once(monkeypatch):
    homes = [household(), household("王五")]
    batch = enter([line(head(home)) for home in homes])
    told = ("due_id", "on", "granted", "yuan", "term_since", "version", "profile", "inputs", "reasons", "at")
    few = list(Decision.objects.order_by("due_id", "id").values(*told))
    undo(batch)
    monkeypatch.setattr(writing, "MANY", 1)
    latest = Decision.objects.latest("pk").pk
    enter([line(head(home)) for home in homes])
    assert list(Decision.objects.filter(pk__gt=latest).order_by("due_id", "id").values(*told)) == few


# --- likeness, without a database ------------------------------------------------------------------------------------
def pairs(*rows):
    base = dict.fromkeys(likeness.PAIRS, False)
    return pl.DataFrame([{**base, "household": 1, **row} for row in rows], schema=likeness.PAIRS)


facts = st.fixed_dictionaries(
    {name: st.booleans() for name in likeness.PAIRS if name not in ("n", "person", "household")}
)


@given(st.lists(facts, min_size=1, max_size=6))
def test_nobody_is_taken_whose_name_does_not_even_sound_the_same(found):
    told = likeness.settled(likeness.scored(pairs(*({**one, "n": 0, "person": at} for at, one in enumerate(found)))))
    for row in told.iter_rows(named=True):
        best = found[row["person"]]
        assert not row["sure"] or ((best["name"] or best["sound"]) and not best["id_differs"])
        assert [one["score"] for one in row["candidates"]] == sorted(
            (one["score"] for one in row["candidates"]), reverse=True
        )


@given(facts)
def test_two_who_are_equally_alike_are_never_decided_between(one):
    told = likeness.settled(likeness.scored(pairs({**one, "n": 0, "person": 1}, {**one, "n": 0, "person": 2})))
    assert not told["sure"].any()
