"""The pages from owed to received: catalogue, provision, rounds, family, due, one-time exit (BEN-1 to BEN-8)."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from shuanglian.accounts.tests.factories import UserFactory
from shuanglian.benefits.models import Due
from shuanglian.core import clock
from shuanglian.registry.models import Statement
from shuanglian.trail.models import Entry

from .owed import AT, GRANT, PRIMARY, decided, family, pupil

pytestmark = pytest.mark.django_db


@pytest.fixture
def department(place):
    return UserFactory(role="department", area=place.county)


@pytest.fixture
def page(client, clerk):
    """Look at a page as the county's clerk; its text."""
    client.force_login(clerk)

    def look(name, *args, status=200, **query):
        answer = client.get(reverse(f"benefits:{name}", args=args), query)
        assert answer.status_code == status
        return answer.content.decode()

    return look


class TestPolicies:
    def test_BEN_8_the_catalogue_shows_the_amount_in_force_on_the_day(self, page):
        before, after = (page("policies", on=day) for day in ("2014-06-01", "2015-06-01"))
        assert "2,952" in before and "3,300" not in before.split("将施行")[0].split("起有新规定")[0]
        assert "3,300" in after and "农村低保一类" in after

    def test_what_the_papers_do_not_give_is_shown_as_incomplete(self, page):
        text = page("policy", GRANT, on="2015-03-01")
        assert "文件不全" in text and "2015年秋季以前每人每年多少" in text

    def test_BEN_4_a_conflict_between_papers_is_shown_with_both_values_and_sources(self, page):
        text = page("policy", GRANT, on="2015-10-01")
        assert "说法不一" in text and "1,500" in text and "2,000" in text and "（按此认定）" in text
        assert "BEN-4" in text

    def test_BEN_8_announced_terms_of_next_year_are_visible_today(self, page):
        assert "2016-01-01 起有新规定" in page("policies", on="2015-10-01")
        text = page("policy", "serious_illness", on="2015-10-01")
        assert "将施行" in text and "3,000" in text and "5,000" in text

    def test_every_provision_has_a_page_in_both_languages(self, client, clerk):
        from shuanglian.benefits import catalogue

        client.force_login(clerk)
        for language in ("zh-hans", "en"):
            for code in catalogue.benefits():
                answer = client.get(reverse("benefits:policy", args=[code]), headers={"accept-language": language})
                assert answer.status_code == 200, (language, code)
                assert "现在得出" not in answer.content.decode() or "bg-red-lt" not in _cases(answer), code

    def test_a_provision_counts_who_it_touches_in_the_readers_area_only(self, page, place):
        decided(family(place.village))
        decided(family(place.neighbour_village))
        text = page("policy", GRANT, on="2015-10-01")
        link = f'{reverse("benefits:dues")}?area={place.county.code}&amp;list=owed&amp;benefit={GRANT}">1</a>'
        assert link in text

    def test_an_unknown_provision_is_not_found(self, page):
        page("policy", "no_such", status=404)


def _cases(answer):
    return answer.content.decode().split("</summary>")[-1].split("<footer")[0]


class TestRounds:
    def test_BEN_8_a_round_is_started_once_per_area_and_shows_its_progress(self, client, clerk, place):
        client.force_login(clerk)
        sent = {"area": place.county.code, "area_text": "", "on": "2015-10-15"}
        answer = client.post(reverse("benefits:rounds"), sent)
        assert answer.status_code == 302
        text = client.get(answer.url).content.decode()
        assert "取消任务" in text
        again = client.post(reverse("benefits:rounds"), sent)
        assert again.status_code == 200 and "正在核查" in again.content.decode()

    def test_a_round_of_a_day_to_come_is_refused_in_words(self, client, clerk, place):
        client.force_login(clerk)
        answer = client.post(reverse("benefits:rounds"), {"area": place.county.code, "on": "2099-01-01"})
        assert "核查日期不能晚于今天" in answer.content.decode()

    def test_who_may_not_find_sees_no_form_and_starts_nothing(self, client, place, department):
        client.force_login(department)
        assert "开始核查" not in client.get(reverse("benefits:rounds")).content.decode()
        assert client.post(reverse("benefits:rounds"), {"area": place.county.code}).status_code == 403


class TestFamily:
    def test_every_condition_is_told_with_its_fact_source_and_day(self, page, place):
        household = family(place.village)
        decided(household)
        text = page("household", household.pk, on="2015-10-15")
        assert "就读普通高中" in text and "所在户建档立卡" in text and "家庭成员登记" in text
        assert clock.today().isoformat() in text  # the day the member's row was last changed
        assert "1,500 元" in text and "应享未办" in text

    def test_what_does_not_fit_is_told_with_the_condition_that_is_not_met(self, page, place):
        household = family(place.village, schooling=PRIMARY)
        text = page("household", household.pk, on="2015-10-15")
        assert "不符合或不能认定的" in text and "普通高中国家助学金" in text

    def test_BEN_8_looking_writes_nothing(self, page, place):
        household = family(place.village)
        text = page("household", household.pk, on="2015-10-15")
        assert "符合，未登记" in text and not Due.objects.exists()

    def test_decide_now_keeps_what_the_facts_say(self, client, clerk, place):
        household = family(place.village)
        client.force_login(clerk)
        client.post(reverse("benefits:decide", args=[household.pk]), {"as_of": "2015-10-15"})
        due = Due.objects.get(benefit=GRANT)
        assert (due.state, due.yuan, due.decisions.get().by) == ("owed", Decimal("1500.00"), clerk)

    def test_an_answer_decides_the_family_anew(self, client, clerk, place):
        household = family(place.village, schooling=PRIMARY)
        assert decided(household)["boarder_primary"].state == "undecided"
        client.force_login(clerk)
        child = pupil(household)
        sent = {f"person-{child.pk}-boards": "1", "source": "visit", "on": "2015-10-15", "as_of": "2015-10-15"}
        answer = client.post(reverse("benefits:state", args=[household.pk]), sent)
        assert answer.status_code == 302
        due = Due.objects.get(benefit="boarder_primary")
        assert due.state == "owed" and [one.granted for one in due.decisions.order_by("id")] == [None, True]
        said = Statement.objects.get()
        assert (said.person, said.fact, said.value, said.source) == (child, "boards", "true", "visit")
        told = next(one for one in due.decisions.first().inputs if one["path"] == "person.boards")
        assert (told["source"], told["on"], told["value"]) == ("visit", "2015-10-15", True)

    def test_no_answer_comes_back_with_a_word_and_keeps_nothing(self, client, clerk, place):
        household = family(place.village, schooling=PRIMARY)
        client.force_login(clerk)
        sent = {"source": "visit", "on": "2015-10-15", "as_of": "2015-10-15"}
        answer = client.post(reverse("benefits:state", args=[household.pk]), sent)
        assert answer.status_code == 422 and "请至少回答一项" in answer.content.decode()
        assert not Statement.objects.exists() and not Due.objects.exists()

    def test_a_conflict_is_named_and_a_withdrawn_statement_settles_it(self, client, page, clerk, place):
        from shuanglian.registry.actions import statements

        household = family(place.village)
        said = statements.state(about=pupil(household), fact="school_stage", value="primary", on=date(2015, 9, 1),
                                source="household", by=clerk, at=AT)  # fmt: skip
        text = page("household", household.pk, on="2015-10-15")
        assert "登记与申明不一致" in text and "农户自述" in text
        answer = client.post(reverse("benefits:withdraw", args=[said.pk]), {"why": "问错了人", "as_of": "2015-10-15"})
        assert answer.status_code == 302
        assert Due.objects.get(benefit=GRANT).state == "owed"
        text = page("household", household.pk, on="2015-10-15")
        assert "登记与申明不一致" not in text and "撤回" in text

    def test_the_neighbour_and_who_may_only_look_change_nothing(self, client, place):
        household = family(place.village)
        client.force_login(UserFactory(role="programme_office", area=place.neighbour))
        assert client.post(reverse("benefits:decide", args=[household.pk])).status_code == 404
        client.force_login(UserFactory(role="inspector", area=place.county))
        assert client.get(reverse("benefits:household", args=[household.pk])).status_code == 200
        assert client.post(reverse("benefits:decide", args=[household.pk])).status_code == 403
        assert not Due.objects.exists()

    @pytest.mark.parametrize("families", [1, 3])
    def test_the_panel_stands_on_the_household_page_and_home(self, client, clerk, place, families):
        for _one in range(families):
            household = family(place.village)
            decided(household)
        client.force_login(clerk)
        text = client.get(reverse("registry:household", args=[household.pk])).content.decode()
        assert "普通高中国家助学金" in text
        assert "应享未享" in client.get("/").content.decode()
        assert "应享未享" in client.get(reverse("areas:detail", args=[place.county.code])).content.decode()


class TestDue:
    def test_BEN_7_the_ladder_from_owed_to_appeal_through_the_pages(self, client, clerk, department, place):
        household = family(place.village)
        due = decided(household)[GRANT]
        client.force_login(clerk)
        sent = {"on": "2015-10-16", "papers": ["学籍证明"], "note": "村里代办"}
        assert client.post(reverse("benefits:apply", args=[due.pk]), sent).status_code == 302
        client.force_login(department)
        assert client.post(reverse("benefits:refuse", args=[due.pk]), {"on": "2015-10-20", "why": "学籍不在本县"}).url
        client.force_login(clerk)
        assert client.post(reverse("benefits:appeal", args=[due.pk]), {"on": "2015-10-21", "why": "学籍已转回"}).url
        due.refresh_from_db()
        assert (due.state, due.reason) == ("appealed", "学籍不在本县")
        assert [one.verb for one in due.steps.all()] == ["found", "applied", "refused", "appealed"]
        text = client.get(reverse("benefits:due", args=[due.pk])).content.decode()
        for words in ("学籍证明", "村里代办", "学籍不在本县", "学籍已转回", "条款 2015-09-01 起"):
            assert words in text, words

    def test_a_step_before_the_last_one_comes_back_with_a_word(self, client, clerk, place):
        due = decided(family(place.village))[GRANT]
        client.force_login(clerk)
        client.post(reverse("benefits:apply", args=[due.pk]), {"on": "2015-10-16"})
        client.force_login(UserFactory(role="department", area=place.county))
        answer = client.post(reverse("benefits:approve", args=[due.pk]), {"on": "2015-10-15"})
        assert answer.status_code == 200 and "不能早于上一步" in answer.content.decode()

    @pytest.mark.parametrize(("role", "step"), [("department", "apply"), ("inspector", "approve"), ("cadre", "refuse")])
    def test_a_role_takes_only_its_own_steps(self, client, place, role, step):
        due = decided(family(place.village))[GRANT]
        client.force_login(UserFactory(role=role, area=place.county))
        assert client.post(reverse(f"benefits:{step}", args=[due.pk]), {"on": "2015-10-16", "why": "x"}).status_code in (
            403, 404,
        )  # fmt: skip
        due.refresh_from_db()
        assert due.state == "owed"

    def test_the_neighbour_does_not_find_it(self, client, place):
        due = decided(family(place.village))[GRANT]
        client.force_login(UserFactory(role="programme_office", area=place.neighbour))
        for name in ("due", "apply", "approve", "refuse", "appeal"):
            assert client.get(reverse(f"benefits:{name}", args=[due.pk])).status_code == 404


class TestOneTimeExit:
    def on_class(self, household, number):
        from shuanglian.registry.actions import statements

        household.people.update(dibao=True)
        for person in household.people.all():
            statements.state(about=person, fact="dibao_class", value=number, on=date(2015, 1, 1), source="department",
                             by=None, at=AT)  # fmt: skip
        decided(household)

    def test_BEN_1_class_2_stays_under_the_line_of_2015_and_class_1_does_not(self, page):
        text = page("one_time_exit", year="2015")
        assert "2,808" in text and "2,855" in text and "不能，差 47 元" in text
        assert "3,300" in text and "能，高出 445 元" in text

    def test_it_counts_people_and_families_by_township(self, page, place):
        from shuanglian.benefits import oneoff

        two, one = family(place.village), family(place.villages[4])
        self.on_class(two, 2)
        self.on_class(one, 1)
        self.on_class(family(place.neighbour_village), 2)
        text = page("one_time_exit", year="2015")
        assert "通渭县 2 人、1 户" in text and "平襄镇" in text and "陇西县" not in text
        reader = UserFactory(area=place.county)
        known = {one.benefit.code: one for one in oneoff.standards([2015])}
        reached = oneoff.reach(seen_by=reader, area=place.county, standard=known["dibao_class_2"])
        (town,) = reached.places
        assert (town.name, town.people, town.families, town.whole, town.below) == ("平襄镇", 2, 1, 1, 0)

    def test_a_family_with_one_member_of_the_class_is_touched_but_not_as_a_whole(self, place):
        from shuanglian.benefits import oneoff
        from shuanglian.registry.actions import statements

        household = family(place.village)
        child = pupil(household)
        household.people.filter(pk=child.pk).update(dibao=True)
        statements.state(about=child, fact="dibao_class", value=2, on=date(2015, 1, 1), source="department", by=None,
                         at=AT)  # fmt: skip
        decided(household)
        (standard,) = [one for one in oneoff.standards([2015]) if one.benefit.code == "dibao_class_2"]
        total = oneoff.reach(seen_by=UserFactory(area=place.county), area=place.county, standard=standard).total
        assert (total.people, total.families, total.whole) == (1, 1, 0)

    def test_people_whose_class_nobody_stated_are_told_apart(self, page, place):
        household = family(place.village)
        household.people.update(dibao=True)
        decided(household)
        assert "另有 2 人享受低保但没有登记类别" in page("one_time_exit", year="2015")


def test_every_page_asks_the_database_as_often_for_three_families_as_for_one(client, clerk, place):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client.force_login(clerk)
    decided(family(place.village))
    pages = [reverse(f"benefits:{name}") for name in ("policies", "dues", "one_time_exit", "rounds")]
    pages += [f"{reverse('benefits:dues')}?list=ask", reverse("benefits:policy", args=[GRANT])]

    def asked():
        counted = []
        for address in pages:
            with CaptureQueriesContext(connection) as captured:
                assert client.get(address).status_code == 200
            counted.append(len(captured))
        return counted

    asked()  # what is read once and kept is read now
    before = asked()
    for _one in range(2):
        decided(family(place.village))
    assert asked() == before
    assert Entry.objects.filter(verb="benefits.decide").count() == 3
