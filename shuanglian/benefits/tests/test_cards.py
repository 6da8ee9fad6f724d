"""Families' cards: what stands on them, who may print them, what a code opens and what it never shows (FUND-6, BEN-7)."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.cache import cache
from django.urls import reverse

from shuanglian.benefits import sheets
from shuanglian.benefits.actions import cards, dues, rounds
from shuanglian.benefits.models import Card, Due
from shuanglian.core import clock
from shuanglian.jobs.models import Job
from shuanglian.organisation.tests.factories import CadreFactory
from shuanglian.pairing.tests.factories import PairingFactory
from shuanglian.registry.actions import statements
from shuanglian.registry.models import Household
from shuanglian.registry.tests.factories import HouseholdFactory, PersonFactory, relation
from shuanglian.trail.models import Entry

pytestmark = pytest.mark.django_db
ON = date(2015, 10, 1)


@pytest.fixture(autouse=True)
def _fresh_counter():
    cache.clear()


@pytest.fixture
def family():
    """A head of class 2 on the allowance, and a child in senior middle school; a helper with a telephone."""
    household = HouseholdFactory(kind="04")
    head = PersonFactory(household=household, name=household.head_name, dibao=True, health=["02"])
    PersonFactory(
        household=household, relation=relation("之子"), schooling="07", born_on=date(1999, 5, 5), name="李小明"
    )
    statements.state(about=head, fact="dibao_class", value=2, on=date(2015, 1, 1), source="department", by=None,
                     at=clock.now())  # fmt: skip
    PairingFactory(household=household, cadre=CadreFactory(name="张帮扶", post="科员", phone="13900001111"))
    rounds.decide_household(household=household, on=ON, by=None, at=clock.now())
    return household


def received(household, benefit, yuan):
    due = Due.objects.get(household=household, benefit=benefit, entitled=True)
    due.state, due.received = Due.State.RECEIVED, Decimal(yuan)
    due.save()
    return due


def test_a_card_says_who_helps_what_comes_and_what_can_be_asked_for(family):
    received(family, "dibao_class_2", 2808)
    made = sheets.sheets([family], on=clock.today(), masked=False)[0]
    assert made.helper is not None and made.helper[0] == "张帮扶" and made.helper[2] == "13900001111"
    assert [(line.title, line.yuan) for line in made.gets] == [("农村低保二类", "2,808 元")]
    grant = next(line for line in made.asks if line.title == "普通高中国家助学金")
    assert (grant.who, grant.yuan) == ("李小明", "1,500 元") and grant.where and grant.papers


def test_a_question_is_asked_once_and_never_about_an_illness(family):
    made = sheets.sheets([family], on=clock.today(), masked=False)[0]
    asked = [(one.fact, one.who) for one in made.questions]
    assert len(asked) == len(set(asked)) and asked
    assert not any("医疗费" in fact or "住院" in fact for fact, _ in asked)


@pytest.mark.parametrize("more", [0, 3])
def test_cards_of_a_village_need_as_many_queries_as_one(family, more, django_assert_num_queries):
    for _ in range(more):
        HouseholdFactory(with_people=2)
    rows = list(Household.objects.select_related("village__parent"))
    cards.issue(households=rows, by=None, at=clock.now())
    with django_assert_num_queries(5):  # the last: policies written for the village's area
        assert len(sheets.sheets(rows, on=ON, masked=False)) == more + 1


def test_every_household_gets_one_code_and_keeps_it(family):
    other = HouseholdFactory(with_people=1)
    assert cards.issue(households=[family, other], by=None, at=clock.now()) == 2
    codes = set(Card.objects.values_list("code", flat=True))
    assert cards.issue(households=[family, other], by=None, at=clock.now()) == 0
    assert set(Card.objects.values_list("code", flat=True)) == codes and len(codes) == 2


def test_a_clerk_prints_a_card_and_it_is_written_down(client, clerk, family):
    client.force_login(clerk)
    answer = client.post(reverse("benefits:print_card", args=[family.pk]))
    assert answer["Content-Type"] == "application/pdf" and answer.content.startswith(b"%PDF")
    assert answer.content.count(b"/Type/Page\n") + answer.content.count(b"/Type /Page\n") <= 1
    assert Card.objects.get().printed == 1
    assert Entry.objects.filter(verb="benefits.cards.print").count() == 1


def test_neither_the_neighbour_nor_a_leader_prints(client, neighbour, committee, family):
    client.force_login(neighbour)
    assert client.post(reverse("benefits:print_card", args=[family.pk])).status_code == 404
    committee.role = "inspector"
    committee.save()
    client.force_login(committee)
    assert client.post(reverse("benefits:print_card", args=[family.pk])).status_code in (403, 404)
    assert not Card.objects.exists()


def test_a_village_prints_all_its_cards_in_one_file(client, committee, family, django_capture_on_commit_callbacks):
    HouseholdFactory(with_people=2)
    client.force_login(committee)
    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("benefits:print_cards"), {"area": family.village.code})
    from shuanglian.jobs.actions import jobs

    job = Job.objects.get(kind="benefits.cards")
    jobs.perform(job.pk)
    job.refresh_from_db()
    assert (job.state, job.result) == (Job.State.DONE, {"cards": 2})


def test_the_code_opens_the_familys_page_without_an_account_and_masks_names(client, family):
    cards.issue(households=[family], by=None, at=clock.now())
    answer = client.get(reverse("family", args=[Card.objects.get().code.lower()]))
    page = answer.content.decode()
    assert answer.status_code == 200 and "张帮扶" in page and "普通高中国家助学金" in page
    assert family.head_name not in page and "李小明" not in page and "李**" in page
    for secret in (family.number, family.phone, *(one.id_number for one in family.people.all()), "慢性病"):
        assert secret not in page
    assert answer["X-Robots-Tag"].startswith("noindex") and "no-store" in answer["Cache-Control"]


def test_a_code_is_read_as_people_type_it_and_rubbish_opens_nothing(client, family):
    cards.issue(households=[family], by=None, at=clock.now())
    code = Card.objects.get().code
    assert client.get(reverse("family", args=[f"{code[:4]} {code[4:8]}-{code[8:]}"])).status_code == 200
    for rubbish in ("\0", "%", "'; drop", "卡" * 300):
        assert client.get(reverse("family", args=[rubbish])).status_code == 404


def test_a_lost_cards_code_opens_nothing_any_more(client, clerk, family):
    cards.issue(households=[family], by=None, at=clock.now())
    lost = Card.objects.get().code
    client.force_login(clerk)
    client.post(reverse("benefits:renew_card", args=[family.pk]), {"why": "卡丢了"})
    assert client.get(reverse("family", args=[lost])).status_code == 404
    assert client.get(reverse("family", args=[Card.objects.get().code])).status_code == 200


def test_who_guesses_codes_has_to_wait(client, family):
    for _ in range(30):
        assert client.get(reverse("family", args=["ABCDEFGHJKMN"])).status_code == 404
    assert client.get(reverse("family", args=["ABCDEFGHJKMN"])).status_code == 429


def test_a_refused_benefit_stays_on_the_card_with_its_state(family, clerk):
    due = Due.objects.get(household=family, benefit="senior_grant", person__name="李小明")
    dues.apply(due=due, on=clock.today(), by=clerk, at=clock.now())
    dues.refuse(due=due, on=clock.today(), why="学籍不符", by=clerk, at=clock.now())
    made = sheets.sheets([family], on=clock.today(), masked=False)[0]
    assert next(line for line in made.asks if line.title == "普通高中国家助学金").state == "部门未批准"


def test_FUND_6_the_villages_board_tells_how_many_households_each_policy_reaches_and_no_names(client, family):
    received(family, "senior_grant", "1500")
    page = client.get(reverse("board:board", args=[family.area_code])).content.decode()
    assert "普通高中" in page and "1 户" in page
    assert family.head_name not in page and family.number not in page
