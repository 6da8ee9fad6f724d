"""Writing a policy on the page without programming: from nothing to force, with and without a script (issue 3 A)."""

import re
import tomllib
from datetime import date
from decimal import Decimal

import pytest

from shuanglian.benefits import catalogue
from shuanglian.benefits.actions import provisions as verbs
from shuanglian.benefits.casing import CaseState
from shuanglian.benefits.drafting import TermsState
from shuanglian.benefits.models import Decision, Due, Provision, Scenario
from shuanglian.registry.tests.factories import HouseholdFactory, PersonFactory, relation
from shuanglian.rules.benefit_text import table_of

from .test_provisions import AT, PROFILE, bonus, in_force, second  # noqa: F401 - second is a fixture

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client, clerk):
    client.force_login(clerk)
    return client


def fields(page):
    """What a browser would post: every named input, chosen option and ticked box of the page's form."""
    html = page.content.decode()
    form = re.search(r'<form method="post" id="(?:terms|cases)".*?</form>', html, re.S)[0]
    found = {}
    for tag in re.findall(r"<input[^>]*>", form):
        name, value = re.search(r'name="([^"]*)"', tag), re.search(r'value="([^"]*)"', tag)
        if name and ("checkbox" not in tag or " checked" in tag):
            found.setdefault(name[1], []).append(unescaped(value[1]) if value else "")
    for name, body in re.findall(r'<select[^>]*name="([^"]*)"[^>]*>(.*?)</select>', form, re.S):
        chosen = re.findall(r'<option value="([^"]*)" selected', body)
        first = re.search(r'<option value="([^"]*)"', body)
        for value in chosen or ([first[1]] if first and name != "cites" else []):
            found.setdefault(name, []).append(unescaped(value))
    for name, body in re.findall(r'<textarea[^>]*name="([^"]*)"[^>]*>(.*?)</textarea>', form, re.S):
        found[name] = [unescaped(body)]
    return found


def unescaped(text):
    return (
        text.replace("&gt;", ">")
        .replace("&lt;", "<")
        .replace("&quot;", '"')
        .replace("&#x27;", "'")
        .replace("&amp;", "&")
    )


def press(desk, address, page, do, **typed):
    """Press a button of the form on the page, some fields filled in first."""
    posted = {key: value for key, value in fields(page).items() if key != "do"}
    return desk.post(address, {**posted, **{k.replace("__", "-"): v for k, v in typed.items()}, "do": do})


def test_a_clerk_writes_a_policy_from_nothing_and_a_second_puts_it_in_force(desk, client, place, clerk, second):  # noqa: F811
    answer = desk.post("/benefits/provisions/new/", {"source": "", "code": "old_age", "title": "高龄补贴"})
    made = Provision.objects.get()
    home = f"/benefits/provisions/{made.pk}/"
    assert answer.url == f"{home}basics/"
    answer = desk.post(answer.url, {
        "title_zh": "高龄补贴", "kind": "allowance", "department": "civil_affairs", "fund": "local", "subject": "person", "pays": "money",
        "every": "month", "channel": "transfer", "apply_at_zh": "村委会", "plain_zh": "七十岁以上的残疾人每月60元。", "papers": "身份证 | Identity card\n残疾证",
    })  # fmt: skip
    assert answer.status_code == 302
    terms = f"{home}terms/0/"
    page = desk.get(terms)
    page = press(desk, terms, page, "amount", since="2015-01-01", document="default", cites=["BEN-8"])
    page = press(desk, terms, page, "add:rows", a0__zh="补贴", a0__is="60", a0__unit_zh="元每月")
    page = press(desk, terms, page, "redraw", b0__r0__fact="person.age")
    assert "不小于" in page.content.decode()
    page = press(desk, terms, page, "row:0", b0__r0__op=">=", b0__r0__value="70")
    page = press(desk, terms, page, "redraw", b0__r1__join="and", b0__r1__fact="person.disabled")
    text = page.content.decode()
    assert "年龄不小于70岁，并且符合“残疾”" in text and "age is at least 70 years old and is disabled" in text
    page = press(desk, terms, page, "add:members")
    page = press(desk, terms, page, "redraw", b1__quantifier="none", b1__r0__fact="person.able_to_work")
    assert "家庭成员中没有" in page.content.decode()
    answer = press(desk, terms, page, "save", yuan="given.amount_1")
    assert answer.status_code == 302
    made.refresh_from_db()
    kept = tomllib.loads(made.text)["terms"][0]
    assert [one["when"] for one in kept["all_of"]] == [
        "person.age >= 70 && person.disabled", "!household.members.exists(m, m.able_to_work)",
    ]  # fmt: skip
    assert kept["given"]["amount_1"]["is"] == "60" and kept["since"] == date(2015, 1, 1)
    cases = f"{home}cases/"
    page = press(desk, cases, desk.get(cases), "add")
    page = press(
        desk,
        cases,
        page,
        "member:0",
        **{"c0__on": "2015-06-01", "c0-f:person.age": "71", "c0-f:person.disabled": "true", "c0__yuan": "61"},
    )
    page = press(desk, cases, page, "run", **{"c0-m0:person.able_to_work": "false"})
    assert "这一例应为 61，得出 60" in page.content.decode()
    page = press(desk, cases, page, "run", c0__yuan="60")
    assert "相符" in page.content.decode()
    assert desk.post(f"{home}propose/", {"why": "县常务会议"}).status_code == 302
    made.refresh_from_db()
    assert made.state == "proposed", made.text
    refused = desk.post(f"{home}confirm/", {"seen": verbs.version(made), "checked": "on"}, follow=True)
    assert "提出的人不能自己确认" in refused.content.decode()
    client.force_login(second)
    client.post(f"{home}confirm/", {"seen": verbs.version(made), "checked": "on"})
    made.refresh_from_db()
    assert (made.state, made.confirmed_by) == ("in_force", second)
    benefit = catalogue.benefits(place.village.code)["old_age"]
    assert benefit.in_force(date(2015, 6, 1)).amounts == {"amount_1": Decimal(60)}
    page = client.get("/benefits/?on=2015-06-01").content.decode()
    assert "高龄补贴" in page


def test_what_is_missing_or_wrong_is_said_at_its_place(desk, place, clerk):
    made = verbs.draft(code="bonus", area=place.county, table=bonus(), by=clerk, at=AT)
    terms = f"/benefits/provisions/{made.pk}/terms/0/"
    page = press(desk, terms, desk.get(terms), "redraw", b0__r0__value="seventy")
    assert "“seventy”不是整数" in page.content.decode()
    page = press(desk, terms, desk.get(terms), "add:text")
    page = press(desk, terms, page, "redraw", b1__text="person.agee > 3")
    assert "是否想写" in page.content.decode()
    made.refresh_from_db()
    assert tomllib.loads(made.text) == bonus()  # nothing is kept until "save"


def test_facts_are_found_by_a_word_in_either_language_or_by_a_code(desk, place, clerk):
    made = verbs.draft(code="bonus", area=place.county, table=bonus(), by=clerk, at=AT)
    terms = f"/benefits/provisions/{made.pk}/terms/0/"
    for word, path in (("寄宿", "person.boards"), ("boards", "person.boards"), ("因病", "household.main_cause")):
        page = press(desk, terms, desk.get(terms), "search", search=word)
        assert f'value="use:{path}"' in page.content.decode()
    page = press(desk, terms, page, "use:person.boards")
    assert "符合“寄宿”" in page.content.decode()


def test_a_part_of_the_page_is_enough_for_a_script(desk, place, clerk):
    made = verbs.draft(code="bonus", area=place.county, table=bonus(), by=clerk, at=AT)
    terms = f"/benefits/provisions/{made.pk}/terms/0/"
    posted = {**fields(desk.get(terms)), "do": "add:rows"}
    part = desk.post(terms, posted, headers={"HX-Request": "true"}).content.decode()
    assert part.lstrip().startswith("<form") and "条件 2" in part
    saved = desk.post(terms, {**posted, "do": "save"}, headers={"HX-Request": "true"})
    assert saved.headers["HX-Redirect"] == f"/benefits/provisions/{made.pk}/"


@pytest.mark.parametrize("code", sorted(PROFILE.benefits))
def test_the_form_keeps_every_policy_of_the_programme_as_it_is(code):
    """Opened and saved without a change the text says the same."""
    benefit = PROFILE.benefits[code]
    table = table_of(benefit)
    for one in table["terms"]:
        assert TermsState.of(one, benefit.subject).table(benefit.subject) == one
    for one in table.get("cases", []):
        assert CaseState.of(one).table(benefit.subject) == one


@pytest.mark.parametrize("code", ["dibao_class_2", "boarder_primary", "skill_certificate", "serious_illness"])
def test_a_copy_opened_in_the_browser_and_saved_says_the_same(desk, place, clerk, code):
    desk.post("/benefits/provisions/new/", {"source": code, "since": "", "code": "", "title": ""})
    made = Provision.objects.get()
    before = tomllib.loads(made.text)
    home = f"/benefits/provisions/{made.pk}/"
    for number in range(len(before["terms"])):
        assert press(desk, f"{home}terms/{number}/", desk.get(f"{home}terms/{number}/"), "save").status_code == 302
    assert press(desk, f"{home}cases/", desk.get(f"{home}cases/"), "save").status_code == 302
    made.refresh_from_db()
    assert tomllib.loads(made.text) == before
    assert catalogue.reading(made).sound and made.replaces
    assert desk.get(home).status_code == 200


def test_change_for_next_year_starts_from_what_stands(desk, place, clerk):
    desk.post("/benefits/provisions/new/", {"source": "dibao_class_2", "since": "2016-01-01", "code": "", "title": ""})
    made = Provision.objects.get()
    assert [str(one["since"]) for one in tomllib.loads(made.text)["terms"]] == [
        "2014-01-01",
        "2015-01-01",
        "2016-01-01",
    ]
    assert catalogue.reading(made).sound


def test_a_text_that_is_no_table_is_mended_as_a_text_and_not_lost(desk, place, clerk):
    made = verbs.draft(code="bonus", area=place.county, table=bonus(), by=clerk, at=AT)
    desk.post(f"/benefits/provisions/{made.pk}/text/", {"text": "title = {"})
    answer = desk.get(f"/benefits/provisions/{made.pk}/basics/")
    assert answer.url == f"/benefits/provisions/{made.pk}/text/"
    assert desk.post(f"/benefits/provisions/{made.pk}/terms/0/", {"do": "save"}).url.endswith("/text/")
    made.refresh_from_db()
    assert made.text == "title = {"
    assert "要改" in desk.get(f"/benefits/provisions/{made.pk}/").content.decode()


def test_tried_on_a_real_family_names_are_masked_and_nothing_is_kept(desk, place, clerk):
    made = verbs.draft(code="bonus", area=place.county, table=bonus(), by=clerk, at=AT)
    old = PersonFactory(
        household=HouseholdFactory(), name="欧阳春来", born_on=date(1940, 1, 1), relation=relation("户主")
    )
    page = desk.get(
        f"/benefits/provisions/{made.pk}/try/", {"number": old.household.number, "on": "2015-10-01"}
    ).content.decode()
    assert "600" in page and "享受" in page and "欧阳春来" not in page
    assert not Due.objects.exists() and not Decision.objects.exists()
    far = HouseholdFactory(village=place.neighbour_village)
    page = desk.get(f"/benefits/provisions/{made.pk}/try/", {"number": far.number, "on": "2015-10-01"})
    assert page.status_code == 422 and "没有这个户编号" in page.content.decode()


def test_how_many_would_get_it_is_counted_and_few_are_not_named(desk, place, clerk):
    made = verbs.draft(code="bonus", area=place.county, table=bonus(), by=clerk, at=AT)
    for number in range(9):
        born = date(1940 if number < 6 else 1980, 1, 1)
        PersonFactory(household=HouseholdFactory(), born_on=born, relation=relation("户主"))
    ask = {"area": place.county.code, "on": "2015-10-01"}
    page = desk.get(f"/benefits/provisions/{made.pk}/try/", ask).content.decode()
    assert "3,600" in page
    verbs.write(provision=made, text=made.text.replace(">= 70", ">= 76"), by=clerk, at=AT)
    verbs.write(
        provision=made, text=made.text.replace(">= 70", "in [35]").replace("age = 71", "age = 35"), by=clerk, at=AT
    )
    page = desk.get(f"/benefits/provisions/{made.pk}/try/", ask).content.decode()
    assert "&lt;5" in page and "1,800" not in page


def test_a_draft_goes_into_a_what_if(desk, place, clerk):
    made = verbs.draft(code="bonus", area=place.county, table=bonus(), by=clerk, at=AT)
    answer = desk.post(f"/benefits/provisions/{made.pk}/scenario/")
    scenario = Scenario.objects.get()
    assert answer.url == f"/benefits/scenarios/{scenario.pk}/"
    assert scenario.changes == {"drafts": [made.pk]}


def test_the_file_for_the_profile_folder_is_the_text(desk, place, clerk):
    made = verbs.draft(code="bonus", area=place.county, table=bonus(), by=clerk, at=AT)
    answer = desk.get(f"/benefits/provisions/{made.pk}/export/")
    assert tomllib.loads(answer.content.decode()) == bonus()
    assert 'filename="bonus.toml"' in answer.headers["Content-Disposition"]


def test_a_new_version_shows_what_differs_to_who_confirms(desk, place, clerk, second):  # noqa: F811
    first = in_force(place, clerk, second)
    desk.post(f"/benefits/provisions/{first.pk}/revise/")
    later = Provision.objects.get(state="draft")
    verbs.write(provision=later, text=later.text.replace('"600"', '"700"'), by=clerk, at=AT)
    page = desk.get(f"/benefits/provisions/{later.pk}/").content.decode()
    assert "line-added" in page and "line-removed" in page


def test_who_may_not_write_is_let_in_nowhere(client, place, clerk, neighbour, committee):
    made = verbs.draft(code="bonus", area=place.county, table=bonus(), by=clerk, at=AT)
    client.force_login(committee)
    assert client.get("/benefits/provisions/").status_code == 403
    client.force_login(neighbour)
    for part in ("", "basics/", "terms/0/", "cases/", "text/", "try/", "export/"):
        assert client.get(f"/benefits/provisions/{made.pk}/{part}").status_code == 404
    assert "bonus" not in client.get("/benefits/provisions/").content.decode()


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_asks_the_database_the_same_number_of_times(desk, place, clerk, rows, django_assert_max_num_queries):
    for number in range(rows):
        verbs.draft(code=f"bonus_{number}", area=place.county, table=bonus(), by=clerk, at=AT)
    desk.get("/benefits/provisions/")
    with django_assert_max_num_queries(14):
        assert desk.get("/benefits/provisions/").content.decode().count("高龄补贴") == rows
