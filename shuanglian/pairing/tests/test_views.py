"""The pages of pairing: what they show, to whom, and with how many questions to the database."""

from datetime import date

import pytest
from django.urls import reverse

from shuanglian.organisation.models import Absence
from shuanglian.organisation.tests.factories import CadreFactory, UnitAccountFactory, UnitFactory
from shuanglian.pairing.models import LeaderLink, Pairing, ProposedPair, Relative, Round, Wish
from shuanglian.pairing.tests.factories import (
    PairingFactory,
    RelativeFactory,
    UserFactory,
    VillageLinkFactory,
    county,
    opened,
    solved,
)
from shuanglian.pairing.views.rounds import TABS
from shuanglian.registry.tests.factories import HouseholdFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def place():
    return county()


@pytest.fixture
def office(client, place):
    user = UserFactory(area=place.area)
    client.force_login(user)
    return user


def text(page):
    return page.content.decode()


def test_the_list_of_rounds_and_a_new_one(client, place, office):
    assert "还没有结对轮次" in text(client.get(reverse("pairing:rounds")))
    page = client.post(
        reverse("pairing:new"), {"area": place.area.code, "year": 2015, "on": "2015-03-01", "name": "2015"}
    )
    found = Round.objects.get()
    assert page.headers["Location"] == reverse("pairing:round", args=[found.pk])
    assert (found.by, found.on, found.name) == (office, date(2015, 3, 1), "2015")
    again = client.post(
        reverse("pairing:new"), {"area": place.area.code, "year": 2015, "on": "2015-03-01", "name": "再"}
    )
    assert "还没有结束" in text(again)
    assert "2015" in text(client.get(reverse("pairing:rounds")))


@pytest.mark.parametrize("tab", TABS)
def test_every_part_of_the_proposal_page_opens_whole_and_as_a_part(client, place, office, tab):
    found = solved(opened(place, by=office))
    address = f"{reverse('pairing:round', args=[found.pk])}?tab={tab}"
    page = client.get(address)
    assert page.status_code == 200
    assert "<html" in text(page)
    part = client.get(address, headers={"HX-Request": "true"})
    assert part.status_code == 200
    assert "<html" not in text(part)


def test_PAIR_1_the_overview_shows_both_coverages_the_map_and_the_ranks(client, place, office):
    found = solved(opened(place, by=office))
    shown = text(client.get(reverse("pairing:round", args=[found.pk])))
    assert "12 / 12" in shown
    assert "4 / 4" in shown
    assert '<svg class="map"' in shown
    assert "一般干部" in shown
    villages = text(client.get(f"{reverse('pairing:round', args=[found.pk])}?map=villages"))
    assert "map-villages" in villages


def test_an_unknown_part_and_a_strange_township_are_not_found(client, place, office):
    found = solved(opened(place, by=office))
    assert client.get(f"{reverse('pairing:round', args=[found.pk])}?tab=nothing").status_code == 404
    assert client.get(reverse("pairing:villages", args=[found.pk, "621122100000"])).status_code == 404
    assert "中林村" in text(client.get(reverse("pairing:villages", args=[found.pk, "621121100000"])))


def test_the_pairs_are_filtered_by_change_place_cadre_and_words(client, place, office):
    found = solved(opened(place, by=office))
    address = f"{reverse('pairing:round', args=[found.pk])}?tab=pairs"
    family = place.households[0]
    assert text(client.get(address)).count("为什么") == 12
    assert text(client.get(f"{address}&change=kept")).count("为什么") == 0
    assert text(client.get(f"{address}&place={family.area_code}")).count("为什么") == 3
    assert text(client.get(f"{address}&text={family.head_name}")).count("为什么") == 1
    assert text(client.get(f"{address}&text=%00")).count("为什么") == 0


def test_PAIR_5_why_this_one_tells_the_terms_the_next_best_and_who_would_move(client, place, office):
    found = solved(opened(place, by=office))
    pair = found.pairs.first()
    shown = text(client.get(reverse("pairing:pair", args=[pair.pk])))
    assert "若不许这一对" in shown
    assert "单看这一户，代价最低的其他干部" in shown
    assert "路程" in shown
    assert f"{sum(pair.terms.values()):,}" in shown


def test_PAIR_5_why_this_unit_tells_the_terms_and_what_would_change(client, place, office):
    VillageLinkFactory(unit=place.units[1], village=place.tree.villages[2])
    found = solved(opened(place, by=office))
    for link in found.links.all():
        shown = text(client.get(reverse("pairing:link", args=[link.pk])))
        assert "若不许这一对" in shown
        assert f"{link.cost:,}" in shown
    client.post(reverse("pairing:wish", args=[found.pk]), {
        "kind": "forbid", "unit": link.unit.code, "village": link.village.code, "why": "路太远",
    })  # fmt: skip
    assert Wish.objects.get().unit == link.unit


def test_the_office_pins_and_forbids_from_why_this_one(client, place, office):
    found = solved(opened(place, by=office))
    pair = found.pairs.first()
    client.post(reverse("pairing:pair_wish", args=[pair.pk]), {"kind": "forbid", "why": "群众反映"})
    wish = Wish.objects.get()
    assert (wish.kind, wish.cadre, wish.household, wish.why, wish.by) == (
        "forbid",
        pair.cadre,
        pair.household,
        "群众反映",
        office,
    )
    client.post(reverse("pairing:pair_wish", args=[pair.pk]), {"kind": "pin", "why": ""})
    assert Wish.objects.get().kind == "forbid"


def test_wishes_leave_weights_and_day_by_form_then_solved_again(client, place, office):
    found = solved(opened(place, by=office))
    cadre, family = place.cadres[0], place.households[0]
    wish = {
        "kind": "pin",
        "cadre": cadre.number,
        "household": family.number,
        "why": "老联系户",
        "unit": "",
        "village": "",
    }
    client.post(reverse("pairing:wish", args=[found.pk]), wish)
    assert Wish.objects.get().household == family
    client.post(reverse("pairing:wish", args=[found.pk]), {**wish, "household": "没有"})
    client.post(reverse("pairing:wish", args=[found.pk]), {**wish, "cadre": ""})
    assert Wish.objects.count() == 1
    client.post(reverse("pairing:leave", args=[found.pk]), {
        "cadre": place.cadres[1].number, "kind": "leave", "since": "2015-03-01", "until": "", "note": "",
    })  # fmt: skip
    assert Absence.objects.get().cadre == place.cadres[1]
    client.post(reverse("pairing:day", args=[found.pk]), {"on": "2015-04-01"})
    given = {**found.weights, "keep": 700}
    page = client.post(reverse("pairing:weights", args=[found.pk]), {**given, "solve": "1"})
    assert page.status_code == 302
    found.refresh_from_db()
    assert (found.on, found.weights["keep"], found.state) == (date(2015, 4, 1), 700, Round.State.SOLVING)
    assert "正在计算" in text(client.get(reverse("pairing:round", args=[found.pk])))
    assert "solving" in text(client.get(reverse("pairing:status", args=[found.pk])))
    too_much = client.post(reverse("pairing:weights", args=[found.pk]), {**given, "keep": 10**9})
    assert too_much.status_code == 422
    client.post(reverse("pairing:unwish", args=[Wish.objects.get().pk]))
    assert Wish.objects.count() == 1  # not while it is being worked out


def test_four_eyes_on_the_page(client, place, office):
    found = solved(opened(place, by=office))
    address = reverse("pairing:confirm", args=[found.pk])
    assert "须由另一人确认" in text(client.get(address))
    assert "须由另一人" not in text(client.post(address, {"checked": "on"})) or not Pairing.objects.exists()
    client.force_login(UserFactory(area=place.area))
    assert "我已核对" in text(client.get(address))
    assert client.post(address, {}).status_code == 200
    assert client.post(address, {"checked": "on"}).status_code == 302
    assert Pairing.objects.count() == 12
    assert "永久保存" in text(client.get(reverse("pairing:round", args=[found.pk])))
    page = client.post(reverse("pairing:publish", args=[found.pk]))
    found.refresh_from_db()
    assert page.headers["Location"] == reverse("jobs:detail", args=[found.job_id])
    assert found.state == Round.State.PUBLISHED


def test_the_confirm_page_says_what_changed_since(client, place, office):
    found = solved(opened(place, by=office))
    place.households[0].need_band = 4
    place.households[0].save()
    client.force_login(UserFactory(area=place.area))
    assert "户：新增 0，减少 0，变化 1" in text(client.get(reverse("pairing:confirm", args=[found.pk])))


def test_two_versions_are_compared(client, place, office):
    found = solved(opened(place, by=office))
    pair = found.pairs.first()
    wish = {"kind": "forbid", "cadre": pair.cadre.number, "household": pair.household.number,
            "why": "试", "unit": "", "village": ""}  # fmt: skip
    client.post(reverse("pairing:wish", args=[found.pk]), wish)
    found = solved(Round.objects.get(pk=found.pk))
    shown = text(client.get(reverse("pairing:compare", args=[found.pk])))
    assert "责任人不同的户" in shown
    assert wish["household"] in shown
    one = found.solutions.get(version=1)
    assert "两次结果完全相同" in text(
        client.get(f"{reverse('pairing:compare', args=[found.pk])}?a={one.pk}&b={one.pk}")
    )


def test_leaders_by_form(client, place, office):
    found = opened(place, by=office)
    client.post(reverse("pairing:assign_leaders", args=[found.pk]))
    assert found.leaders.count() == 2 and not LeaderLink.objects.exists()
    row = found.leaders.first()
    told = {"leader": row.leader.number, "township": row.township.code}
    client.post(reverse("pairing:unlink_leader", args=[found.pk]), told)
    assert found.leaders.count() == 1
    free = place.cadres[1]
    client.post(reverse("pairing:leaders", args=[found.pk]), {**told, "leader": free.number})
    assert found.leaders.filter(leader=free, change="new").exists()
    page = text(client.get(reverse("pairing:round", args=[found.pk]) + "?tab=leaders"))
    assert free.name in page and "拟增加" in page


@pytest.mark.parametrize("kind", ["cadre", "household", "unit", "village"])
def test_finding_by_letters_offers_numbers(client, place, office, kind):
    found = opened(place, by=office)
    words = {"cadre": place.cadres[0].name, "household": place.households[0].head_name, "unit": place.units[0].name[:6],
             "village": "中林"}[kind]  # fmt: skip
    shown = text(client.get(reverse("pairing:find", args=[found.pk, kind]), {kind: words}))
    assert "<option value=" in shown
    assert client.get(reverse("pairing:find", args=[found.pk, "nothing"]), {"x": "y"}).status_code == 404


def test_a_cadre_sees_his_own_households_and_nobody_elses(client, place):
    mine, other = place.cadres[:2]
    PairingFactory(household=place.households[0], cadre=mine)
    PairingFactory(household=place.households[1], cadre=other)
    user = UserFactory(role="cadre", area=place.area)
    mine.user = user
    mine.save()
    client.force_login(user)
    shown = text(client.get(reverse("pairing:mine")))
    assert place.households[0].head_name in shown
    assert place.households[1].head_name not in shown
    assert place.households[0].phone not in shown
    assert client.get(reverse("registry:household", args=[place.households[0].pk])).status_code == 200
    assert client.get(reverse("registry:household", args=[place.households[1].pk])).status_code == 404
    assert client.get(reverse("pairing:rounds")).headers["Location"] == reverse("pairing:mine")


def test_a_unit_sees_its_villages_and_its_cadres(client, place):
    unit = place.units[0]
    VillageLinkFactory(unit=unit, village=place.tree.villages[1])
    PairingFactory(household=place.households[0], cadre=place.cadres[0])
    user = UserFactory(role="unit", area=place.area)
    UnitAccountFactory(unit=unit, user=user)
    client.force_login(user)
    shown = text(client.get(reverse("pairing:mine")))
    assert "中林村" in shown
    assert place.cadres[0].name in shown
    assert client.get(reverse("registry:household", args=[place.households[0].pk])).status_code == 200
    assert client.get(reverse("registry:household", args=[place.households[1].pk])).status_code == 404


def test_a_township_sees_who_answers_for_its_households(client, place):
    PairingFactory(household=place.households[0], cadre=place.cadres[0])
    PairingFactory(household=place.households[2], cadre=place.cadres[1])
    client.force_login(UserFactory(area=place.tree.township))
    shown = text(client.get(reverse("pairing:rounds")))
    assert place.households[0].head_name in shown
    assert place.households[2].head_name not in shown


@pytest.mark.parametrize(("role", "where", "status"), [
    ("programme_office", "neighbour", 404), ("programme_office", "township", 404), ("leader", "county", 200),
    ("administrator", "county", 403), ("cadre", "county", 404), ("unit", "county", 404),
    ("village_committee", "village", 404), ("programme_office", "province", 200),
])  # fmt: skip
def test_who_may_look_at_a_round(client, place, role, where, status):
    found = solved(opened(place))
    client.force_login(UserFactory(role=role, area=getattr(place.tree, where)))
    assert client.get(reverse("pairing:round", args=[found.pk])).status_code == status
    assert client.get(reverse("pairing:pair", args=[found.pairs.first().pk])).status_code == status


@pytest.mark.parametrize("role", ["leader", "inspector", "auditor", "cadre", "unit", "village_committee"])
def test_who_may_only_look_changes_nothing(client, place, role):
    found = solved(opened(place))
    before = Round.objects.values_list("state", "changed_at").get()
    client.force_login(UserFactory(role=role, area=place.area))
    for name in ("solve", "weights", "day", "wish", "leave", "discard", "confirm", "publish", "assign_leaders"):
        assert client.post(reverse(f"pairing:{name}", args=[found.pk])).status_code == 403, name
    assert client.post(reverse("pairing:pair_wish", args=[found.pairs.first().pk])).status_code == 403
    assert client.post(reverse("pairing:repair", args=[place.area.code]), {"on": "2015-07-01"}).status_code == 403
    assert Round.objects.values_list("state", "changed_at").get() == before


def test_ending_a_pair_and_declaring_a_relation_by_form(client, place, office):
    pairing = PairingFactory(household=place.households[0], cadre=place.cadres[0])
    household = reverse("registry:household", args=[place.households[0].pk])
    assert client.get(reverse("pairing:end", args=[pairing.pk])).status_code == 200
    assert (
        client.post(reverse("pairing:end", args=[pairing.pk]), {"on": "2015-06-30", "why": "更换"}).headers["Location"]
        == household
    )
    pairing.refresh_from_db()
    assert pairing.until == date(2015, 6, 30)
    client.post(
        reverse("pairing:declare", args=[place.households[0].pk]), {"cadre": place.cadres[0].number, "note": "兄弟"}
    )
    relation = Relative.objects.get()
    assert "兄弟" in text(client.get(household))
    client.post(reverse("pairing:withdraw", args=[relation.pk]), {"why": "登记有误"})
    assert not Relative.objects.exists()


def test_another_countys_relations_and_pairs_cannot_be_touched(client, place):
    pairing = PairingFactory(household=place.households[0], cadre=place.cadres[0])
    relation = RelativeFactory(household=place.households[0], cadre=place.cadres[1])
    client.force_login(UserFactory(area=place.tree.neighbour))
    assert client.post(reverse("pairing:end", args=[pairing.pk]), {"on": "2015-06-30", "why": "x"}).status_code == 404
    assert client.post(reverse("pairing:withdraw", args=[relation.pk]), {"why": "x"}).status_code == 404


@pytest.mark.parametrize("tab", ["pairs", "people", "units", "places", "versions"])
def test_the_pages_ask_the_database_as_often_for_many_as_for_few(client, django_assert_max_num_queries, tab):
    place = county(households=4)
    office = UserFactory(area=place.area)
    client.force_login(office)
    address = "{}?tab=" + tab
    few = solved(opened(place, by=office))
    client.get(address.format(reverse("pairing:round", args=[few.pk])))
    with django_assert_max_num_queries(100) as counted:
        client.get(address.format(reverse("pairing:round", args=[few.pk])))
    asked = len(counted)
    Round.objects.update(state="discarded")
    units = [UnitFactory() for _ in range(6)]
    CadreFactory.create_batch(20, unit=units[0], rank="section")
    for n in range(40):
        HouseholdFactory(village=place.tree.villages[1 + n % 5])
    many = solved(opened(place, by=office))
    with django_assert_max_num_queries(asked):
        client.get(address.format(reverse("pairing:round", args=[many.pk])))


def test_the_workbook_of_pairs_holds_every_household(client, place, office):
    from shuanglian.jobs.actions import jobs
    from shuanglian.jobs.models import Job

    found = solved(opened(place, by=office))
    page = client.post(reverse("pairing:print", args=[found.pk]))
    job = jobs.run_now(Job.objects.latest("pk"))
    assert page.headers["Location"] == reverse("jobs:detail", args=[job.pk])
    assert (job.state, job.result) == ("done", {"rows": 12})
    assert ProposedPair.objects.filter(round=found).count() == 12


def test_a_cadres_pages_link_to_no_region_that_the_cadre_may_not_open(client, place):
    cadre = place.cadres[0]
    PairingFactory(household=place.households[0], cadre=cadre)
    cadre.user = UserFactory(area=place.area, role="cadre")
    cadre.save()
    client.force_login(cadre.user)
    page = client.get(reverse("registry:household", args=[place.households[0].pk]))
    assert page.status_code == 200 and reverse("areas:detail", args=[place.area.code]) not in page.content.decode()
