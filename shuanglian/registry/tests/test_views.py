"""The register's pages: scope, roles, masks and looks, forms, paging (REG-1, REG-10; issue 2 G, H)."""

import re

import pytest
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shuanglian.accounts.tests.factories import UserFactory
from shuanglian.areas.models import Area
from shuanglian.core import narrowing
from shuanglian.core.paging import keyset
from shuanglian.kernel.ids import mask_id
from shuanglian.organisation.tests.factories import id_number
from shuanglian.registry import queries
from shuanglian.registry.models import Household, HouseholdYear, Person
from shuanglian.registry.tests.factories import HouseholdFactory, HouseholdYearFactory, PersonFactory, relation
from shuanglian.trail.models import Entry

pytestmark = pytest.mark.django_db
OF_ONE = ["household", "change", "move", "close", "reinstate", "change_head", "add_person", "new_year"]


@pytest.fixture
def household(place):
    return HouseholdYearFactory(household=HouseholdFactory(village=place.village, with_people=3)).household


def page(client, name, *args, **query):
    return client.get(reverse(f"registry:{name}", args=args), query)


class TestScope:
    @pytest.mark.parametrize("name", OF_ONE)
    def test_a_neighbouring_county_does_not_find_the_household(self, client, household, neighbour, name):
        client.force_login(neighbour)
        assert page(client, name, household.pk).status_code == 404

    @pytest.mark.parametrize("name", [*OF_ONE, "households", "ledger", "quality", "suspicions", "enrol"])
    def test_nobody_enters_without_logging_in(self, client, household, name):
        args = [household.pk] if name in OF_ONE else []
        answer = page(client, name, *args)
        assert (answer.status_code, answer.url.split("?")[0]) == (302, "/accounts/login/")

    @pytest.mark.parametrize("name", OF_ONE[1:])
    def test_a_role_that_may_only_look_may_not_change(self, client, household, committee, name):
        client.force_login(committee)
        assert page(client, name, household.pk).status_code == 403

    def test_an_administrator_of_accounts_sees_no_household(self, client, household, place):
        client.force_login(UserFactory(role="administrator", area=place.county))
        assert page(client, "household", household.pk).status_code == 403
        assert page(client, "households").status_code == 403

    def test_lists_hold_only_the_readers_area(self, client, place, clerk, neighbour):
        HouseholdFactory(village=place.village, head_name="甲户主")
        HouseholdFactory(village=place.neighbour_village, head_name="乙户主")
        client.force_login(clerk)
        for name in ("households", "ledger"):
            text = page(client, name).content.decode()
            assert "甲户主" in text and "乙户主" not in text
        assert page(client, "households", area=place.neighbour.code).status_code == 404
        assert page(client, "ledger", area=place.neighbour_village.code).status_code == 404

    def test_a_members_page_and_a_suspicion_of_another_county_are_not_found(self, client, household, neighbour):
        person = household.people.first()
        client.force_login(neighbour)
        for name in ("change_person", "person_leaves"):
            assert page(client, name, person.pk).status_code == 404

    @pytest.mark.parametrize("role", ["cadre", "unit"])
    def test_who_is_tied_to_himself_or_a_unit_sees_only_what_pairing_grants(self, client, place, role, monkeypatch):
        mine, other = HouseholdFactory(village=place.village), HouseholdFactory(village=place.village)
        user = UserFactory(role=role, area=place.county)
        monkeypatch.setattr(narrowing, "_rules", {})
        assert not queries.visible(seen_by=user).exists()
        narrowing.register("registry.household", lambda rows, who: rows.filter(pk=mine.pk) if who == user else None)
        client.force_login(user)
        assert page(client, "household", mine.pk).status_code == 200
        assert page(client, "household", other.pk).status_code == 404
        text = page(client, "households").content.decode()
        assert mine.number in text and other.number not in text


class TestNumbers:
    def test_REG_1_numbers_are_masked_until_asked_for_with_a_reason(self, client, household, clerk):
        person = household.people.first()
        client.force_login(clerk)
        text = page(client, "household", household.pk).content.decode()
        assert person.id_number not in text and mask_id(person.id_number) in text and household.phone not in text
        address = reverse("registry:reveal", args=[household.pk])
        refused = client.post(address, {"what": f"person-{person.pk}", "why": " "}, follow=True)
        assert person.id_number not in refused.content.decode() and not Entry.objects.filter(verb="look").exists()
        shown = client.post(address, {"what": f"person-{person.pk}", "why": "电话核实"})
        assert person.id_number in shown.content.decode() and household.phone not in shown.content.decode()
        assert "no-store" in shown.headers["Cache-Control"]
        look = Entry.objects.get(verb="look")
        assert (look.by_id, look.about, look.details["why"], look.details["what"]) == (
            clerk.pk, f"registry.household:{household.pk}", "电话核实", f"person-{person.pk}",
        )  # fmt: skip
        assert person.id_number not in page(client, "household", household.pk).content.decode()
        assert "电话核实" in page(client, "story", household.pk).content.decode()

    def test_a_role_without_the_right_cannot_reveal(self, client, household, committee):
        client.force_login(committee)
        answer = client.post(reverse("registry:reveal", args=[household.pk]), {"what": "household", "why": "好奇"})
        assert answer.status_code == 403 and not Entry.objects.filter(verb="look").exists()

    def test_a_number_of_somebody_elses_file_is_not_shown(self, client, household, clerk, place):
        stranger = PersonFactory(household=HouseholdFactory(village=place.neighbour_village))
        client.force_login(clerk)
        answer = client.post(
            reverse("registry:reveal", args=[household.pk]),
            {"what": f"person-{stranger.pk}", "why": "核实"},
            follow=True,
        )
        assert stranger.id_number not in answer.content.decode()

    @pytest.mark.parametrize("kind", ["id", "phone", "bank"])
    def test_exact_search_by_a_number_finds_the_household_and_is_logged(self, client, household, clerk, kind):
        from shuanglian.core.secrets import digest

        number = {"id": household.people.first().id_number, "phone": household.phone, "bank": "6217000010001234567"}[
            kind
        ]
        Household.objects.filter(pk=household.pk).update(bank_digest=digest("6217000010001234567"))
        client.force_login(clerk)
        answer = client.post(reverse("registry:households"), {"q": number})
        assert household.number in answer.content.decode() and answer.status_code == 200
        assert Entry.objects.filter(verb="registry.search", by_id=clerk.pk).count() == 1
        assert Entry.objects.filter(verb="look", about=f"registry.household:{household.pk}").count() == 1

    def test_exact_search_stays_within_the_area_and_the_role(self, client, household, neighbour, committee):
        number = household.people.first().id_number
        client.force_login(neighbour)
        assert household.number not in client.post(reverse("registry:households"), {"q": number}).content.decode()
        client.force_login(committee)
        answer = client.post(reverse("registry:households"), {"q": number}, follow=True)
        assert "不能按证件" in answer.content.decode()

    def test_a_number_never_gets_into_an_address(self, client, household, clerk):
        client.force_login(clerk)
        assert client.post(reverse("registry:households"), {"q": id_number(123_456)}).status_code == 200
        named = client.post(reverse("registry:households"), {"q": household.head_name})
        assert named.status_code == 302 and "q=" in named.url


class TestForms:
    def enrol(self, client, place, **more):
        told = {"village": place.village.code, "name": "新户主", "id_number": id_number(700_001), "on": "2015-06-01"}
        return client.post(reverse("registry:enrol"), {**told, **more})

    def test_a_household_is_enrolled_through_the_form(self, client, place, clerk):
        client.force_login(clerk)
        assert self.enrol(client, place, main_cause="01", other_causes=["02", "08"]).status_code == 302
        made = Household.objects.get(head_name="新户主")
        assert (made.other_causes, made.village) == (["02", "08"], place.village)
        again = self.enrol(client, place)
        assert again.status_code == 200 and made.number in again.content.decode()

    def test_a_village_of_another_county_is_not_taken(self, client, place, clerk):
        client.force_login(clerk)
        answer = self.enrol(client, place, village=place.neighbour_village.code)
        assert answer.status_code == 200 and not Household.objects.filter(head_name="新户主").exists()

    def changed(self, client, household, **more):
        shown = page(client, "change", household.pk)
        start = {key: value for key, value in shown.context["form"].initial.items() if value not in (None, "")}
        start["relocation"] = {True: "1", False: "0"}.get(start.get("relocation"), "")
        return client.post(reverse("registry:change", args=[household.pk]), {**start, "why": "核实", **more})

    def test_REG_10_a_change_shows_in_the_history_with_who_why_before_and_after(self, client, household, clerk):
        client.force_login(clerk)
        assert self.changed(client, household, main_cause="03", measures="养牛两头").status_code == 302
        text = page(client, "story", household.pk).content.decode()
        for words in ("因病", "因学", "养牛两头", "王文书", "核实", "修改档案"):
            assert words in text, words

    def test_an_empty_sealed_field_keeps_the_number_and_a_dash_takes_it_out(self, client, household, clerk):
        client.force_login(clerk)
        kept = household.phone
        self.changed(client, household, wish="养羊")
        household.refresh_from_db()
        assert household.phone == kept
        self.changed(client, household, phone="-")
        household.refresh_from_db()
        assert (household.phone, household.phone_digest) == ("", "")

    def test_a_change_without_a_reason_comes_back_with_the_form(self, client, household, clerk):
        client.force_login(clerk)
        answer = self.changed(client, household, main_cause="03", why="")
        assert answer.status_code == 200 and "main_cause" in answer.context["form"].fields
        household.refresh_from_db()
        assert household.main_cause == "01"

    def test_a_member_is_added_changed_and_leaves(self, client, household, clerk):
        client.force_login(clerk)
        told = {
            "name": "小妹",
            "relation": relation("之女"),
            "on": "2015-06-01",
            "id_number": id_number(700_003, sex="female"),
        }
        assert client.post(reverse("registry:add_person", args=[household.pk]), told).status_code == 302
        sister = Person.objects.get(name="小妹")
        assert sister.sex == "2"
        told = {"name": "小妹妹", "relation": relation("之女"), "why": "改名", "dibao": "1", "health": ["02"]}
        client.post(reverse("registry:change_person", args=[sister.pk]), told)
        sister.refresh_from_db()
        assert (sister.name, sister.dibao, sister.health, sister.id_number) == (
            "小妹妹",
            True,
            ["02"],
            id_number(700_003, sex="female"),
        )
        client.post(reverse("registry:person_leaves", args=[sister.pk]), {"on": "2015-07-01", "why": "出嫁"})
        sister.refresh_from_db()
        household.refresh_from_db()
        assert str(sister.left_on) == "2015-07-01" and household.size == 3

    def test_a_year_is_recorded_and_shown_beside_the_others(self, client, household, clerk):
        client.force_login(clerk)
        told = {"year": 2016, "income_wage": "6000", "house_unsafe": "0", "water_safe": "1"}
        assert client.post(reverse("registry:new_year", args=[household.pk]), told).status_code == 302
        record = HouseholdYear.objects.get(household=household, year=2016)
        assert (record.net_income, record.house_unsafe) == (6000, False)
        text = page(client, "household", household.pk).content.decode()
        assert text.index(">2016<") < text.index(">2015<") and "2,000" in text

    @pytest.mark.parametrize("name", ["change", "add_person", "new_year", "move", "close", "change_head", "reinstate"])
    def test_every_form_opens(self, client, household, clerk, name):
        client.force_login(clerk)
        assert page(client, name, household.pk).status_code == 200

    def test_a_household_is_closed_and_reinstated_by_form(self, client, household, clerk):
        client.force_login(clerk)
        client.post(
            reverse("registry:close", args=[household.pk]), {"kind": "remove", "on": "2015-08-01", "why": "有小车"}
        )
        household.refresh_from_db()
        assert str(household.removed_on) == "2015-08-01"
        client.post(reverse("registry:reinstate", args=[household.pk]), {"why": "车是亲戚的"})
        household.refresh_from_db()
        assert household.removed_on is None


class TestLists:
    @pytest.mark.parametrize(
        ("text", "found"),
        [
            ("单小红", True),
            ("小红", True),
            ("sxh", True),
            ("SX", True),
            ("H00", True),
            ("娃名", True),
            ("没有", False),
            ("xyz", False),
        ],
    )
    def test_search_by_name_initials_number_and_member(self, place, clerk, text, found):
        household = HouseholdFactory(village=place.village, head_name="单小红", number="H00777")
        PersonFactory(household=household, name="娃名", relation=relation("之子"))
        rows = queries.households(seen_by=clerk, wanted=queries.Wanted(text=text))
        assert rows.exists() is found

    def test_filters_and_states(self, client, place, clerk):
        HouseholdFactory(village=place.village, main_cause="01", need_band=4, exit_year=2016)
        HouseholdFactory(village=place.village, main_cause="03", left_on="2015-05-05")
        client.force_login(clerk)

        def numbers(**query):
            return len(page(client, "households", **query).context["rows"])

        assert numbers() == 1 and numbers(state="all") == 2 and numbers(state="left") == 1
        assert numbers(main_cause="03") == 0 and numbers(band="4", exit_year="2016") == 1
        assert numbers(main_cause="nonsense", order="nonsense", exit_year="abc", band="x") == 1

    @pytest.mark.parametrize("households", [1, 3])
    @pytest.mark.parametrize("name", ["households", "ledger"])
    def test_a_list_asks_the_database_the_same_number_of_times(
        self, client, place, clerk, households, name, django_assert_max_num_queries
    ):
        for _each in range(households):
            HouseholdFactory(village=place.village)
        client.force_login(clerk)
        page(client, name)
        with django_assert_max_num_queries(24) as asked:
            page(client, name)
        client.asked = len(asked)  # type: ignore[attr-defined]
        Household.objects.exclude(pk=Household.objects.first().pk).delete()
        with django_assert_max_num_queries(client.asked) as fewer:  # type: ignore[attr-defined]
            page(client, name)
        assert len(fewer) == client.asked  # type: ignore[attr-defined]

    @pytest.mark.parametrize("order", sorted(queries.ORDERS))
    def test_a_county_list_walks_an_index_and_never_the_table(self, place, clerk, order):
        from django.db import connection

        rows = queries.households(seen_by=clerk, wanted=queries.Wanted(area=place.county, order=order))
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off")
        plan = rows.order_by(*queries.ORDERS[order])[:51].explain()
        assert "Seq Scan on registry_household" not in plan and "Sort" not in re.sub(
            "Presorted|Incremental Sort", "", plan
        ), plan

    @settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(data=st.data())
    def test_paging_by_key_shows_every_household_once_in_order_both_ways(self, place, clerk, data):
        Household.objects.all().delete()
        villages = list(Area.objects.filter(level=5, code__startswith="6211211"))
        many = data.draw(st.integers(0, 12))
        for _each in range(many):
            HouseholdFactory(
                village=data.draw(st.sampled_from(villages)), need_band=data.draw(st.integers(0, 4)),
                income_per_head=data.draw(st.sampled_from([None, 1000, 2000])),
                head_pinyin=data.draw(st.sampled_from(["", "a", "ls"])),
            )  # fmt: skip
        order = queries.ORDERS[data.draw(st.sampled_from(sorted(queries.ORDERS)))]
        rows = queries.households(seen_by=clerk, wanted=queries.Wanted())
        whole = list(rows.order_by(*order).values_list("pk", flat=True))
        size, seen, token, pages = data.draw(st.integers(1, 5)), [], None, []
        while True:
            one = keyset(rows, order=order, after=token, size=size)
            seen += [row.pk for row in one.rows]
            pages.append(one)
            if one.next is None:
                break
            token = one.next
        assert seen == whole
        back = [row.pk for row in pages[-1].rows]
        while pages[-1].previous:
            pages[-1] = keyset(rows, order=order, after=pages[-1].previous, size=size)
            back = [row.pk for row in pages[-1].rows] + back
        assert back == whole
