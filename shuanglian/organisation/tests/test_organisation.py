"""Units and cadres: verbs, gates, pages (ORG-2, PAIR-2, PAIR-3, PAIR-4; issue 2 E, H)."""

from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from shuanglian.accounts.tests.factories import UserFactory
from shuanglian.areas.tests.factories import gansu
from shuanglian.core.profile import active
from shuanglian.kernel.ids import mask_id
from shuanglian.kernel.refusal import Refusal
from shuanglian.organisation import facts, queries
from shuanglian.organisation.actions import cadres, units
from shuanglian.organisation.models import Absence, Cadre, Unit
from shuanglian.organisation.names import initials_of, spelling_of
from shuanglian.organisation.tests.factories import CadreFactory, UnitAccountFactory, UnitFactory, id_number
from shuanglian.trail.models import Entry

pytestmark = pytest.mark.django_db
AT = datetime(2015, 6, 20, 8, 0, tzinfo=UTC)
ON = date(2015, 6, 20)


@pytest.fixture
def place():
    return gansu()


@pytest.fixture
def clerk(place):
    return UserFactory(username="clerk", full_name="王文书", role="programme_office", area=place.county)


@pytest.mark.parametrize(
    ("name", "initials", "spelling"),
    [("单小红", "sxh", "shanxiaohong"), ("尉迟恭", "ycg", "yuchigong"), ("李 四", "ls", "lisi"),
     ("解放", "xf", "xiefang"), ("张三丰", "zsf", "zhangsanfeng"), ("", "", ""), ("单", "d", "dan")],
)  # fmt: skip
def test_surnames_are_read_as_surnames(name, initials, spelling):
    assert (initials_of(name), spelling_of(name)) == (initials, spelling)


class TestUnits:
    def test_PAIR_4_a_unit_is_entered_with_trade_and_strength_worked_out(self, place, clerk):
        values = {"name": "通渭县农牧局", "kind": "organ", "tier": "county", "staff": 40}
        unit = units.create(area=place.county, values=values, on=ON, by=clerk, at=AT)
        again = units.create(area=place.county, values={**values, "name": "通渭县水务局"}, on=ON, by=clerk, at=AT)
        assert (unit.code, again.code) == ("621121D0001", "621121D0002")
        assert (unit.trade, again.trade, unit.pinyin) == ("agriculture", "water", "twxnmj")
        profile = active()
        assert unit.strength == profile.tiers["county"].strength + profile.unit_kinds["organ"].strength + 2
        assert Entry.objects.filter(verb="units.create").count() == 2

    def test_a_wrong_credit_code_or_a_taken_number_is_refused(self, place, clerk):
        with pytest.raises(Refusal, match="统一社会信用代码"):
            units.create(area=place.county, values={"name": "甲", "uscc": "91350100M000100Y44"}, on=ON, by=clerk, at=AT)
        unit = UnitFactory()
        with pytest.raises(Refusal, match=unit.code):
            units.create(area=place.county, values={"name": "甲"}, code=unit.code, on=ON, by=clerk, at=AT)

    def test_REG_10_a_change_keeps_who_why_before_and_after(self, clerk):
        unit = UnitFactory(name="甲局")
        units.change(unit=unit, values={"name": "乙局", "tier": "province"}, why="机构改革", by=clerk, at=AT)
        entry = Entry.objects.get(verb="units.change")
        assert entry.details == {"why": "机构改革", "before": {"name": "甲局", "tier": "county"},
                                 "after": {"name": "乙局", "tier": "province"}}  # fmt: skip
        event = unit.events.order_by("-pgh_id").first()
        assert event.name == "乙局" and event.pgh_context.metadata["why"] == "机构改革"

    def test_a_unit_with_cadres_does_not_end(self, clerk):
        cadre = CadreFactory()
        with pytest.raises(Refusal, match="1 名在册干部"):
            units.end(unit=cadre.unit, on=ON, why="撤并", by=clerk, at=AT)
        cadres.set_away(cadre=cadre, kind="retired", since=ON, by=clerk, at=AT)
        units.end(unit=cadre.unit, on=ON, why="撤并", by=clerk, at=AT)
        assert Unit.objects.get().until == ON


class TestCadres:
    def test_a_cadre_is_entered_with_numbers_sealed(self, clerk):
        unit = UnitFactory()
        values = {
            "name": "单小红",
            "rank": "section",
            "id_number": id_number(880_001, sex="female"),
            "phone": "139 0000 8888",
        }
        cadre = cadres.create(unit=unit, values=values, on=ON, by=clerk, at=AT)
        assert (cadre.number, cadre.pinyin, cadre.phone) == (f"{unit.code}-001", "sxh", "13900008888")
        with connection.cursor() as cursor:
            for table in ("organisation_cadre", "organisation_cadreevent", "trail_entry"):
                cursor.execute(f"SELECT t::text FROM {table} t")
                text = str(cursor.fetchall())
                assert "13900008888" not in text and values["id_number"] not in text
        with pytest.raises(Refusal, match="单小红"):
            cadres.create(unit=unit, values=values, on=ON, by=clerk, at=AT)

    @pytest.mark.parametrize(
        ("values", "code"),
        [({"rank": "king"}, "unknown_code"), ({"id_number": "62119919700101001X"}, "id_number"),
         ({"phone": "12"}, "phone"), ({"name": " "}, "invalid_value")],
    )  # fmt: skip
    def test_wrong_values_are_refused_with_the_cure(self, clerk, values, code):
        with pytest.raises(Refusal) as refusal:
            cadres.create(
                unit=UnitFactory(), values={"name": "甲", "rank": "section", **values}, on=ON, by=clerk, at=AT
            )
        assert refusal.value.code == code and not Cadre.objects.exists()

    @pytest.mark.parametrize("kind", Absence.Kind.values)
    def test_PAIR_3_while_absent_a_cadre_takes_no_household(self, clerk, kind):
        cadre = CadreFactory(rank="section")
        assert facts.duty(cadre, ON).quota == active().ranks["section"].quota
        absence = cadres.set_away(cadre=cadre, kind=kind, since=ON, by=clerk, at=AT)
        told = facts.duty(cadre, ON)
        assert (told.takes, told.quota) == (False, 0)
        assert (cadre.until == date(2015, 6, 19)) is (kind in cadres.FOR_GOOD)
        cadres.come_back(absence=absence, on=date(2015, 7, 1), by=clerk, at=AT)
        cadre.refresh_from_db()
        assert facts.duty(cadre, date(2015, 7, 1)).takes and cadre.until is None
        assert Absence.objects.get().until == date(2015, 6, 30)

    def test_PAIR_3_teachers_take_none_and_the_page_says_why(self, clerk):
        told = facts.duty(CadreFactory(occupation="teacher"), ON)
        assert not told.takes and "教师" in str(told.why.params["label"])

    def test_PAIR_2_a_stationed_cadre_has_fallback_slots_and_stands_in_the_township(self, place, clerk):
        cadre = CadreFactory()
        cadres.change(cadre=cadre, values={"stationed_at": place.township}, why="驻乡镇", by=clerk, at=AT)
        assert cadre.area_code == place.township.code
        assert facts.duty(cadre, ON).slots == active().fallback["township_stationed"].slots

    def test_absences_never_overlap_and_one_not_begun_is_taken_out(self, clerk):
        cadre = CadreFactory()
        absence = cadres.set_away(cadre=cadre, kind="leave", since=ON, until=date(2015, 7, 20), by=clerk, at=AT)
        with pytest.raises(Refusal, match="重叠"):
            cadres.set_away(cadre=cadre, kind="illness", since=date(2015, 7, 20), by=clerk, at=AT)
        with pytest.raises(Refusal, match="不能早于开始日期"):
            cadres.set_away(cadre=cadre, kind="illness", since=ON, until=date(2015, 6, 1), by=clerk, at=AT)
        cadres.come_back(absence=absence, on=ON, by=clerk, at=AT)
        assert not Absence.objects.exists()

    def test_a_cadre_moves_to_another_unit(self, place, clerk):
        cadre, other = CadreFactory(), UnitFactory(area=place.neighbour)
        cadres.move(cadre=cadre, unit=other, why="调动", by=clerk, at=AT)
        assert cadre.area_code == place.neighbour.code
        assert Entry.objects.get(verb="cadres.move").details["after"] == {"unit": other.name}


def test_the_neighbour_finds_nothing_and_a_township_sees_its_countys_units(client, place):
    cadre = CadreFactory()
    client.force_login(UserFactory(role="programme_office", area=place.neighbour))
    for name in ("cadre", "change_cadre", "away", "move_cadre"):
        assert client.get(reverse(f"organisation:{name}", args=[cadre.pk])).status_code == 404, name
    for name, pk in ((name, cadre.unit_id) for name in ("unit", "change_unit", "end_unit", "create_cadre")):
        assert client.get(reverse(f"organisation:{name}", args=[pk])).status_code == 404, name
    assert cadre.name not in client.get(reverse("organisation:cadres")).content.decode()
    client.force_login(UserFactory(role="programme_office", area=place.township))
    assert client.get(reverse("organisation:unit", args=[cadre.unit_id])).status_code == 200


def test_wrong_roles_are_refused(client, place):
    cadre = CadreFactory()
    client.force_login(UserFactory(role="village_committee", area=place.village))
    for name in ("units", "cadres"):
        assert client.get(reverse(f"organisation:{name}")).status_code == 403
    assert client.get(reverse("organisation:unit", args=[cadre.unit_id])).status_code == 403
    client.force_login(UserFactory(role="inspector", area=place.county))
    assert client.get(reverse("organisation:cadre", args=[cadre.pk])).status_code == 200
    for name, pk in (("change_cadre", cadre.pk), ("away", cadre.pk), ("change_unit", cadre.unit_id)):
        assert client.get(reverse(f"organisation:{name}", args=[pk])).status_code == 403
    assert client.post(reverse("organisation:reveal", args=[cadre.pk]), {"why": "好奇"}).status_code == 403


def test_a_cadre_sees_his_own_page_and_units_name_and_nobody_else(client, place):
    user = UserFactory(role="cadre", area=place.county)
    mine = CadreFactory(user=user)
    colleague = CadreFactory(unit=mine.unit)
    client.force_login(user)
    text = client.get(reverse("organisation:cadre", args=[mine.pk])).content.decode()
    assert mine.name in text and mine.unit.name in text
    assert client.get(reverse("organisation:cadre", args=[colleague.pk])).status_code == 404
    of_unit = client.get(reverse("organisation:unit", args=[mine.unit_id]))
    assert of_unit.status_code == 200 and colleague.name not in of_unit.content.decode()
    assert client.get(reverse("organisation:unit", args=[UnitFactory().pk])).status_code == 404
    assert client.get(reverse("organisation:cadres")).status_code == 403


def test_a_unit_account_sees_its_own_unit_and_people(client, place):
    cadre, other = CadreFactory(), CadreFactory()
    user = UserFactory(role="unit", area=place.county)
    UnitAccountFactory(user=user, unit=cadre.unit)
    client.force_login(user)
    text = client.get(reverse("organisation:cadres")).content.decode()
    assert cadre.name in text and other.name not in text
    assert client.get(reverse("organisation:cadre", args=[other.pk])).status_code == 404


def test_REG_1_numbers_are_masked_until_a_reason_is_given_and_the_look_is_logged(client, clerk):
    cadre = CadreFactory()
    client.force_login(clerk)
    text = client.get(reverse("organisation:cadre", args=[cadre.pk])).content.decode()
    assert mask_id(cadre.id_number) in text and cadre.id_number not in text and cadre.phone not in text
    address = reverse("organisation:reveal", args=[cadre.pk])
    assert cadre.phone not in client.post(address, {"why": ""}, follow=True).content.decode()
    assert cadre.phone in client.post(address, {"why": "通知开会"}).content.decode()
    assert Entry.objects.get(verb="look").details["why"] == "通知开会"


def test_the_forms_work_from_list_to_page(client, place, clerk):
    client.force_login(clerk)
    told = {"area": place.county.code, "name": "县科技局", "kind": "organ", "on": "2015-01-01"}
    made = client.post(reverse("organisation:create_unit"), told)
    unit = Unit.objects.get(name="县科技局")
    assert made.url == reverse("organisation:unit", args=[unit.pk])
    told = {"name": "钱科员", "rank": "ordinary", "on": "2015-01-01", "id_number": id_number(880_005)}
    client.post(reverse("organisation:create_cadre", args=[unit.pk]), told)
    cadre = Cadre.objects.get(name="钱科员")
    for name in ("change_cadre", "move_cadre", "away"):
        assert client.get(reverse(f"organisation:{name}", args=[cadre.pk])).status_code == 200
    client.post(
        reverse("organisation:change_cadre", args=[cadre.pk]), {"name": "钱科长", "rank": "section", "why": "提拔"}
    )
    cadre.refresh_from_db()
    assert (cadre.name, cadre.rank, cadre.id_number) == ("钱科长", "section", id_number(880_005))
    client.post(reverse("organisation:away", args=[cadre.pk]), {"kind": "leave", "since": "2015-02-01"})
    absence = cadre.absences.get()
    assert client.get(reverse("organisation:back", args=[absence.pk])).status_code == 200
    client.post(reverse("organisation:back", args=[absence.pk]), {"on": "2015-02-11"})
    absence.refresh_from_db()
    assert absence.until == date(2015, 2, 10)
    other = UnitFactory()
    client.post(reverse("organisation:move_cadre", args=[cadre.pk]), {"unit": other.code, "why": "调动"})
    client.post(reverse("organisation:change_unit", args=[unit.pk]), {"name": "县科技馆", "why": "更名"})
    client.post(reverse("organisation:end_unit", args=[unit.pk]), {"on": "2015-12-31", "why": "撤并"})
    unit.refresh_from_db()
    assert (unit.name, unit.until) == ("县科技馆", date(2015, 12, 31))


@pytest.mark.parametrize("name", ["units", "cadres"])
def test_lists_ask_the_database_the_same_number_of_times(client, clerk, name):
    client.force_login(clerk)
    asked = []
    for more in (1, 2):
        for _each in range(more):
            CadreFactory()
        client.get(reverse(f"organisation:{name}"))
        with CaptureQueriesContext(connection) as queries_of_page:
            client.get(reverse(f"organisation:{name}"))
        asked.append(len(queries_of_page))
    assert asked[0] == asked[1] <= 16


def test_the_lists_filter(clerk):
    one = CadreFactory(name="单小红", rank="section")
    CadreFactory(name="李四", until=date(2014, 1, 1))
    away = CadreFactory(name="王五")
    cadres.set_away(cadre=away, kind="leave", since=ON, by=clerk, at=AT)

    def names(**asked):
        return sorted(queries.cadres(seen_by=clerk, on=ON, **asked).values_list("name", flat=True))

    assert names() == ["单小红", "王五"] and names(state="away") == ["王五"] and names(state="ended") == ["李四"]
    assert names(text="sxh") == ["单小红"] and names(text="小红") == ["单小红"] and names(rank="section") == ["单小红"]
    assert names(text=one.number) == ["单小红"]
    assert queries.units(seen_by=clerk, on=ON, text=one.unit.name).get() == one.unit
