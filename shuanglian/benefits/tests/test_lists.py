"""The lists from owed to received: who stands where, filters, paging, working off, export (BEN-7, BEN-8)."""

import io
from decimal import Decimal

import openpyxl
import pytest
from django.urls import reverse

from shuanglian.accounts.tests.factories import UserFactory
from shuanglian.benefits import queries
from shuanglian.benefits.actions import dues
from shuanglian.benefits.models import Due, Payment
from shuanglian.core.paging import SIZE
from shuanglian.jobs.actions import jobs
from shuanglian.jobs.models import Job
from shuanglian.pairing.tests.factories import PairingFactory
from shuanglian.trail.models import Entry

from .owed import AT, GRANT, ON, PRIMARY, decided, family, pupil

pytestmark = pytest.mark.django_db


@pytest.fixture
def look(client, clerk):
    client.force_login(clerk)

    def page(**query):
        answer = client.get(reverse("benefits:dues"), query)
        assert answer.status_code == 200
        return answer

    return page


def titles(answer):
    return [(row["due"].household_id, row["due"].benefit) for row in answer.context["rows"]]


def paid(due, yuan=1500):
    Payment.objects.create(
        area_code=due.area_code, benefit=due.benefit, year=2015, name="x", yuan=Decimal(yuan), match="exact",
        household_id=due.household_id, person_id=due.person_id, due=due, fingerprint=str(due.pk),
    )  # fmt: skip
    return dues.settle(due=due, on=ON, by=None, at=AT)


class TestWhoStandsWhere:
    def test_BEN_8_entitled_but_not_receiving_lists_what_is_owed_and_what_was_refused(self, look, place):
        owed, refused, applied = (decided(family(place.village))[GRANT] for _one in range(3))
        dues.apply(due=applied, on=ON, by=None, at=AT)
        dues.apply(due=refused, on=ON, by=None, at=AT)
        dues.refuse(due=refused, on=ON, why="学籍不在本县", by=None, at=AT)
        answer = look(benefit=GRANT)
        assert titles(answer) == [(owed.household_id, GRANT), (refused.household_id, GRANT)]
        assert "学籍不在本县" in answer.content.decode()
        assert titles(look(benefit=GRANT, list="underway")) == [(applied.household_id, GRANT)]

    def test_receiving_but_not_entitled_is_told_with_the_condition_and_the_fact(self, look, place):
        household = family(place.village)
        due = paid(decided(household)[GRANT])
        assert due.state == "received"
        assert titles(look(list="surplus")) == []
        household.people.filter(pk=pupil(household).pk).update(schooling=PRIMARY)
        decided(household)
        answer = look(list="surplus")
        assert titles(answer) == [(household.pk, GRANT)]
        text = answer.content.decode()
        assert "就读普通高中" in text and "就学阶段：小学" in text and "1,500" in text

    def test_money_for_what_was_never_entitled_stands_there_too_once_it_is_decided(self, look, place):
        household = family(place.village, schooling=PRIMARY)
        child = pupil(household)
        due = dues.due_for_payment(household=household.pk, person=child.pk, area_code=household.area_code,
                                   benefit=GRANT, year=2015, on=ON, at=AT)  # fmt: skip
        paid(due)
        decided(household)
        assert titles(look(list="surplus")) == [(household.pk, GRANT)]

    def test_to_be_asked_is_grouped_by_the_fact_so_that_one_visit_answers_many(self, look, place):
        one, other = family(place.village, schooling=PRIMARY), family(place.village, schooling=PRIMARY)
        decided(one)
        decided(other)
        answer = look(list="ask")
        asked = {row["fact"]: (row["households"], row["dues"]) for row in answer.context["questions"]}
        assert asked["person.boards"] == (2, 2)
        assert asked["household.loan_need"] == (2, 4)  # two kinds of loan hinge on it in each family
        narrowed = look(list="ask", fact="person.boards")
        assert titles(narrowed) == [(one.pk, "boarder_primary"), (other.pk, "boarder_primary")]
        families = [row["due"].household_id for row in answer.context["rows"]]
        assert families == sorted(families)  # all that one family is asked stands together

    def test_the_counts_above_are_those_of_the_lists(self, look, place, clerk):
        for _one in range(2):
            decided(family(place.village))
        paid(Due.objects.filter(benefit=GRANT).first())
        answer = look()
        for name, _title, count in answer.context["tabs"]:
            wanted = queries.Wanted(which=name, area=place.county)
            assert count == queries.dues(seen_by=clerk, wanted=wanted).count(), name


class TestFilters:
    def test_area_department_kind_and_person_narrow_the_list(self, look, place):
        here, there = family(place.village), family(place.villages[4])
        decided(here)
        decided(there)
        assert {one for one, _benefit in titles(look(area=place.townships[1].code))} == {there.pk}
        assert {benefit for _one, benefit in titles(look(department="education"))} == {GRANT}
        assert {benefit for _one, benefit in titles(look(kind="education"))} == {GRANT}
        pairing = PairingFactory(household=there)
        for helper in (pairing.cadre.name, pairing.cadre.number):
            assert {one for one, _benefit in titles(look(helper=helper))} == {there.pk}
        assert titles(look(helper="没有这个人")) == []
        assert {one for one, _benefit in titles(look(text=here.head_name))} == {here.pk}

    def test_what_is_not_understood_is_left_out_and_another_county_is_not_found(self, client, look, place):
        decided(family(place.village))
        for query in ({"list": "x"}, {"year": "x"}, {"order": "x"}, {"fact": "x.y"}, {"department": "x"}):
            assert titles(look(**query)) != []
        assert client.get(reverse("benefits:dues"), {"area": place.neighbour.code}).status_code == 404

    @pytest.mark.parametrize("order", list(queries.ORDERS))
    def test_pages_by_key_show_every_row_once_in_every_order(self, look, place, clerk, order):
        for _one in range(SIZE // 3 + 2):
            decided(family(place.village))
        everything = set(Due.objects.filter(state="owed").values_list("pk", flat=True))
        assert len(everything) > SIZE // 2
        seen, after = [], ""
        from shuanglian.registry.queries import paged

        wanted = queries.Wanted(area=place.county, order=order)
        while after is not None:
            rows = queries.dues(seen_by=clerk, wanted=wanted)
            page = paged(rows, order=wanted.by, after=after or None, size=7)
            seen += [row.pk for row in page.rows]
            after = page.next
        assert len(seen) == len(everything) and set(seen) == everything

    @pytest.mark.parametrize("role", ["cadre", "unit"])
    def test_who_is_tied_to_himself_sees_only_the_own_families(self, client, place, role):
        mine, other = family(place.village), family(place.village)
        decided(mine)
        decided(other)
        user = UserFactory(role=role, area=place.county)
        pairing = PairingFactory(household=mine)
        if role == "cadre":
            pairing.cadre.user = user
            pairing.cadre.save()
        else:
            from shuanglian.organisation.models import UnitAccount

            UnitAccount.objects.create(user=user, unit=pairing.cadre.unit)
        client.force_login(user)
        answer = client.get(reverse("benefits:dues"))
        assert {one for one, _benefit in titles(answer)} == {mine.pk}


class TestWorkingOff:
    def test_BEN_7_what_was_ticked_is_applied_for_with_its_papers(self, client, look, place):
        ticked = [decided(family(place.village))[GRANT] for _one in range(2)]
        left = decided(family(place.village))[GRANT]
        back = f"{reverse('benefits:dues')}?list=owed"
        address = reverse("benefits:apply_many")
        asked = client.post(address, {"due": [one.pk for one in ticked], "back": back})
        assert "学籍证明" in asked.content.decode() and asked.status_code == 200
        assert not Due.objects.filter(state="applied").exists()
        sent = {"due": [one.pk for one in ticked], "back": back, "on": "2015-10-16", f"papers-{GRANT}": ["学籍证明"]}
        done = client.post(address, sent)
        assert (done.status_code, done.url) == (302, back)
        assert set(Due.objects.filter(state="applied").values_list("pk", flat=True)) == {one.pk for one in ticked}
        left.refresh_from_db()
        assert left.state == "owed"
        assert ticked[0].steps.last().papers == ["学籍证明"]

    def test_a_due_of_another_county_cannot_be_ticked(self, client, look, place):
        foreign = decided(family(place.neighbour_village))[GRANT]
        look()
        client.post(reverse("benefits:apply_many"), {"due": [foreign.pk], "on": "2015-10-16"})
        foreign.refresh_from_db()
        assert foreign.state == "owed"

    def test_one_is_not_led_to_another_site(self, client, look, place):
        due = decided(family(place.village))[GRANT]
        look()
        sent = {"due": [due.pk], "on": "2015-10-16", "back": "https://elsewhere.example/benefits/"}
        assert client.post(reverse("benefits:apply_many"), sent).url == reverse("benefits:dues")


class TestExport:
    def test_every_row_is_in_the_workbook_with_its_reasons_and_the_trail_says_so(self, client, look, place, clerk):
        for _one in range(3):
            decided(family(place.village))
        decided(family(place.neighbour_village))
        look()
        answer = client.post(reverse("benefits:export_dues"), {"area": place.county.code, "list": "owed"})
        job = jobs.run_now(Job.objects.get(kind="benefits.dues"))
        assert answer.url == reverse("jobs:detail", args=[job.pk]) and job.state == "done", job.message
        sheet = openpyxl.load_workbook(io.BytesIO(jobs.content(job))).active
        rows = [[str(cell) for cell in row] for row in sheet.iter_rows(values_only=True)]
        wanted = Due.objects.filter(state="owed", household__village=place.village).count()
        told = [row for row in rows if row[5] == "应享未办"]
        assert len(told) == wanted == job.result["rows"]
        grants = [row for row in told if row[3] == "普通高中国家助学金"]
        assert len(grants) == 3 and all("就读普通高中（就学阶段：普通高中" in row[10] for row in grants)
        entry = Entry.objects.get(verb="benefits.dues.export")
        assert (entry.by_id, entry.details["rows"]) == (clerk.pk, wanted)

    def test_who_may_not_export_gets_nothing(self, client, place, committee):
        client.force_login(committee)
        assert client.post(reverse("benefits:export_dues"), {"list": "owed"}).status_code == 403
        assert not Job.objects.exists()
