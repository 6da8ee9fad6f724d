"""People answer who a line is; differences are told in sentences; the pages show both and guard them (FUND-5, BEN-8)."""

from datetime import date
from decimal import Decimal

import pytest

from shuanglian.accounts.tests.factories import UserFactory
from shuanglian.areas.tests.factories import gansu
from shuanglian.benefits import payment_queries
from shuanglian.benefits.actions import payments as verbs
from shuanglian.benefits.models import Due, Payment
from shuanglian.benefits.payment_queries import Wanted
from shuanglian.kernel.refusal import Refusal
from shuanglian.registry.actions import households, people
from shuanglian.registry.models import HouseholdYear, Statement, Transfer
from shuanglian.registry.tests.factories import PersonFactory, relation
from shuanglian.sheets.models import Batch
from shuanglian.trail.models import Entry

from .payrolls import AT, CLASS_1, CLASS_2, enter, head, household, line, only, undo

pytestmark = pytest.mark.django_db
M = Payment.Match


def open_line(name="张三"):
    """Two people of one name in one village, one line without a number."""
    one, other = head(household(name)), head(household(name))
    batch = enter([line(one, number="")])
    return batch, one, other


def said(wanted=None):
    """All differences of the county, in one list of sentences."""
    clerk = UserFactory(role="programme_office", area=gansu().county)
    rows = payment_queries.differing(seen_by=clerk, wanted=wanted or Wanted(partial=True)).order_by("pk")
    return [sentence for _due, _lines, told in payment_queries.explained(list(rows)) for sentence in told]


# --- answers ---------------------------------------------------------------------------------------------------------
def test_FUND_5_who_is_chosen_gets_the_due_the_facts_and_the_money_on_the_account(clerk):
    _batch, one, other = open_line()
    verbs.choose(payment=only(), person=other, note="电话核实", by=clerk, at=AT)
    paid = only()
    assert (paid.match, paid.person_id, paid.household_id, paid.note) == (
        M.CHOSEN,
        other.pk,
        other.household_id,
        "电话核实",
    )
    due = Due.objects.get()
    assert (due.person_id, due.state, due.received, due.entitled) == (other.pk, Due.State.RECEIVED, Decimal(2808), True)
    assert set(Statement.objects.filter(person=other, withdrawn_at=None).values_list("fact", flat=True)) == {
        "dibao", "dibao_class",
    }  # fmt: skip
    assert Transfer.objects.get().household_id == other.household_id
    entry = Entry.objects.get(verb="benefits.payments.choose")
    assert (entry.by_id, entry.details["why"]) == (clerk.pk, "电话核实")
    assert not Transfer.objects.filter(household=one.household).exists()


def test_another_choice_takes_from_the_one_and_gives_to_the_other(clerk):
    _batch, one, other = open_line()
    verbs.choose(payment=only(), person=one, by=clerk, at=AT)
    verbs.choose(payment=only(), person=other, by=clerk, at=AT)
    assert {(due.person_id, due.received) for due in Due.objects.all()} == {
        (one.pk, Decimal(0)), (other.pk, Decimal(2808)),
    }  # fmt: skip
    assert HouseholdYear.objects.get(household=one.household).income_transfer == Decimal(500)
    assert HouseholdYear.objects.get(household=other.household).income_transfer == Decimal(2808)
    verbs.nobody(payment=only(), note="外县人", by=clerk, at=AT)
    assert (only().match, only().due_id) == (M.NONE, None)
    assert not Transfer.objects.exists() and not Statement.objects.filter(withdrawn_at=None).exists()


def test_REG_10_answers_hinder_the_undo_until_they_are_taken_back(clerk):
    batch, _one, other = open_line()
    verbs.choose(payment=only(), person=other, by=clerk, at=AT)
    assert undo(batch).state == Batch.State.ACCEPTED
    batch.refresh_from_db()
    assert verbs.restore(batch=batch, by=clerk, at=AT) == 1
    assert (only().match, only().person_id, only().due_id) == (M.OPEN, None, None)
    assert not Transfer.objects.exists()
    batch.refresh_from_db()
    assert undo(batch).state == Batch.State.UNDONE
    assert not Payment.objects.exists()


def test_only_a_payroll_that_stands_can_be_restored(clerk):
    batch, _one, _other = open_line()
    undo(batch)
    batch.refresh_from_db()
    with pytest.raises(Refusal, match="not_a_payroll"):
        verbs.restore(batch=batch, by=clerk, at=AT)


def test_the_strong_ones_are_taken_at_once_and_the_others_are_not(clerk):
    person = head(household("李大有"))
    one, other = head(household("张三")), head(household("张三"))
    enter([line(person, name="李大友", number=""), line(one, number="")])
    found = payment_queries.strong(seen_by=clerk, wanted=Wanted())
    assert [each.name for each in found] == ["李大友"]
    assert verbs.choose_strong(payments=Payment.objects.all(), by=clerk, at=AT) == 1
    assert dict(Payment.objects.values_list("name", "match")) == {"李大友": M.CHOSEN, "张三": M.OPEN}
    assert other.pk != one.pk and Due.objects.get().person_id == person.pk


def test_a_payroll_that_came_before_its_people_finds_them_when_it_looks_again(clerk):
    village = gansu().village
    stranger = PersonFactory.build(name="孙晚来", household=household())
    enter([line(name="孙晚来", number=stranger.id_number, village=village.name, town=village.parent.name),
           line(name="钱外人", number="")])  # fmt: skip
    verbs.nobody(payment=Payment.objects.get(name="钱外人"), by=clerk, at=AT)
    stranger.household.save()
    stranger.id_digest = Payment.objects.get(name="孙晚来").id_digest
    stranger.save()
    assert verbs.look_again(area=gansu().county, by=clerk, at=AT) == {"looked": 1, "named": 1}
    paid = Payment.objects.get(name="孙晚来")
    assert (paid.match, paid.person_id, paid.due.received) == (M.EXACT, stranger.pk, Decimal(2808))
    assert verbs.look_again(area=gansu().county, by=clerk, at=AT)["looked"] == 0


# --- differences -----------------------------------------------------------------------------------------------------
def test_what_is_right_to_the_yuan_is_no_difference():
    enter([line(head(household()))])
    assert said() == []


def test_part_of_the_year_is_told_in_months():
    enter([line(head(household()), month="第一季度", yuan="702")])
    assert said() == ["应享 2,808 元，发放 702 元：只发了 3 个月（共 12 个月）"]
    assert said(Wanted()) == []  # months still to come are listed only when asked for


def test_a_former_rate_is_recognised():
    enter([line(head(household()), month="第一季度", yuan="576")])
    assert said() == ["应享 2,808 元，发放 576 元：是按每年 2,304 元的标准发的，不是现行标准"]


def test_more_and_less_are_told_with_the_gap():
    enter([line(head(household()), yuan="3000"), line(head(household("王五")), class_="一类", yuan="3000")])
    assert said() == ["应享 2,808 元，发放 3,000 元，多 192 元", "应享 3,300 元，发放 3,000 元，少 300 元"]


def test_BEN_1_another_class_names_what_is_owed_instead():
    home = household()
    batch = enter([line(head(home), class_="二类")])
    assert batch.counts["did"]["payments"]["exact"] == 1
    enter([line(head(home), class_="一类", month="12月", yuan="275")])
    told = said()
    assert any("评定为二类对象" in one for one in told), told
    assert Due.objects.get(benefit=CLASS_1).entitled and not Due.objects.get(benefit=CLASS_2).entitled


def test_money_after_somebody_left_names_the_day_and_the_reason():
    home = household()
    person = head(home)
    PersonFactory(household=home, relation=relation("配偶"), sex="2")
    people.leave(person=person, on=date(2015, 2, 1), why="去世", by=None, at=AT,
                 successor=home.people.exclude(pk=person.pk).get())  # fmt: skip
    enter([line(person, month="1月", yuan="234"), line(person, month="3月", yuan="234")])
    assert said()[0] == f"{person.name}已于 2015-02-01 减员（去世），之后仍发放 234 元"


def test_money_after_a_household_was_removed_is_told():
    home = household()
    households.remove(household=home, on=date(2015, 2, 1), why="有楼房", by=None, at=AT)
    enter([line(head(home), month="3月", yuan="234")])
    assert said()[0] == "该户已于 2015-02-01 剔除，之后仍发放 234 元"


def test_a_line_for_several_people_says_so():
    header = ("姓名", "身份证号", "低保类别", "享受人数", "金额")
    person = head(household())
    enter([[person.name, person.id_number, "二类", "3", "8424"]], header=header)
    assert said() == ["应享 2,808 元，发放 8,424 元，多 5,616 元", "名册这一行按 3 人发放"]


# --- pages -----------------------------------------------------------------------------------------------------------
def visit(client, user, address, **data):
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client.get(address, data)


def test_the_queue_leads_from_line_to_line_and_takes_answers(client, clerk):
    _batch, one, other = open_line()
    enter([line(one, number="", month="2月", yuan="234")])
    first = visit(client, clerk, "/benefits/payments/review/")
    page = client.get(first.url)
    text = page.content.decode()
    assert "张三" in text and one.id_number not in text and f"{one.id_number[:3]}" in text
    answer = client.post(first.url, {"answer": other.pk, "note": ""})
    assert Payment.objects.filter(match=M.CHOSEN, person=other).count() == 1
    second = client.get(client.get(answer.url).url)
    assert second.status_code == 200
    client.post(second.request["PATH_INFO"], {"answer": "nobody"})
    last = client.get("/benefits/payments/review/", follow=True)
    assert "没有待核对的发放记录了" in last.content.decode()


def test_the_search_on_the_page_finds_people_of_ones_own_area_only(client, clerk, neighbour):
    open_line()
    far = head(household("钱远方", village=gansu().neighbour_village))
    near = head(household("钱近处"))
    page = visit(client, clerk, f"/benefits/payments/{only().pk}/", who="钱").content.decode()
    assert near.name in page and far.name not in page
    assert visit(client, neighbour, f"/benefits/payments/{only().pk}/").status_code == 404
    client.force_login(clerk, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert client.post(f"/benefits/payments/{only().pk}/", {"answer": far.pk}).status_code == 404


def test_who_may_not_match_sees_and_cannot_answer(client, committee):
    open_line()
    page = visit(client, committee, f"/benefits/payments/{only().pk}/")
    assert page.status_code == 200 and "就是此人" not in page.content.decode()
    assert client.post(f"/benefits/payments/{only().pk}/", {"answer": "nobody"}).status_code == 403
    assert only().match == M.OPEN


@pytest.mark.parametrize("lines", [1, 3])
@pytest.mark.parametrize("address", ["payments/", "payments/differences/", "payments/totals/", "payments/strong/"])
def test_lists_ask_the_database_the_same_number_of_times(client, clerk, django_assert_max_num_queries, address, lines):
    names = ["王大山", "李大川", "赵大河"][:lines]
    homes = [household(name) for name in names]
    enter([line(head(home), month="3月", yuan="234") for home in homes]
          + [line(head(home), name=home.head_name.replace("大", "达"), number="", yuan="1") for home in homes])  # fmt: skip
    visit(client, clerk, f"/benefits/{address}")  # the first page also loads the profile and the session
    with django_assert_max_num_queries(30) as asked:
        page = client.get(f"/benefits/{address}")
    assert page.status_code == 200
    COUNTED.setdefault(address, len(asked))
    assert len(asked) == COUNTED[address]


COUNTED: dict[str, int] = {}


def test_the_import_page_leads_to_the_queue_and_the_household_shows_the_breakdown(client, clerk):
    batch, one, _other = open_line()
    enter([line(one, month="3月", yuan="234")])
    page = visit(client, clerk, f"/imports/{batch.pk}/").content.decode()
    assert "核对 1 条" in page and f"/benefits/payments/review/?batch={batch.pk}" in page
    home = visit(client, clerk, f"/registry/{one.household_id}/")
    home = home if home.status_code == 200 else visit(client, clerk, f"/households/{one.household_id}/")
    text = home.content.decode()
    assert "转移性收入：名册发放" in text and "农村低保二类" in text and "申报 500" in text


def test_totals_set_paid_against_owed_by_place(client, clerk):
    enter([line(head(household()), month="3月", yuan="234"), line(name="钱外人", number="", yuan="100")])
    found = payment_queries.sums(seen_by=clerk, wanted=Wanted(), below=False)[CLASS_2]
    assert (found.owed, found.paid, found.apart, found.dues, found.lines) == (
        Decimal(2808), Decimal(234), Decimal(100), 1, 2,
    )  # fmt: skip
    page = visit(client, clerk, "/benefits/payments/totals/").content.decode()
    assert "2,574" in page and gansu().township.name in page


def test_restoring_is_a_button_of_the_import_page(client, clerk):
    batch, one, _other = open_line()
    verbs.choose(payment=only(), person=one, by=clerk, at=AT)
    visit(client, clerk, "/")
    client.post(f"/benefits/payments/imports/{batch.pk}/restore/")
    assert only().match == M.OPEN
    client.post("/benefits/payments/look-again/", {"area": gansu().county.code})
    assert only().match == M.OPEN
