"""Nothing of the neighbour county leaks: every address, as every role of every level, with the neighbour's row numbers.

The neighbour's rows carry a word found nowhere else, so a leak is read off the answer, whatever page it is. A new page
is walked by itself; a new kind of parameter must be told below what fills it.
"""

import zipfile
from copy import deepcopy
from io import BytesIO
from typing import ClassVar

import pytest
from django.conf import settings
from django.core.handlers import wsgi
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.urls import NoReverseMatch, get_resolver, reverse

from shuanglian.core.clock import now
from shuanglian.jobs.actions import jobs
from shuanglian.jobs.models import Job
from shuanglian.registry.models import Household

from .addresses import fillings
from .county import MARK, everybody, place, tree, user
from .telling import told

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
PARTS_ASKED = 3  # questions that are also asked as htmx asks: none, a county, a village
WHOLE = "*"  # stands for every parameter of an address
# The village's board is for everybody: a notice by its unguessable code, and what hangs on a village's board now.
OPEN_TO_ALL = {"accounts:language", "board:notice", "board:object", "board:board", "board:follow", "robots"}
OPEN_TO_ALL |= {"policies_public:fates"}  # what became of proposals, without names
OPEN_TO_ALL |= {
    "letters:write",
    "letters:village",
    "letters:follow",
    "letters:figures",
}  # letters go in, none comes out
OPEN_TO_ALL |= {"doors:village", "doors:follow", "doors:poster"}  # demands go in; the sheet holds nobody's data
OPEN_TO_ALL |= {"phone:hello", "phone:app", "phone:worker", "phone:manifest", "phone:part"}  # nobody's data is in them


def addresses():
    """(name, parameter names, route) of every page of ours."""

    def walk(patterns, namespaces, before):
        for pattern in patterns:
            route = before + str(pattern.pattern)
            if hasattr(pattern, "url_patterns"):
                inner = [*namespaces, pattern.namespace] if pattern.namespace else namespaces
                yield from walk(pattern.url_patterns, inner, route)
            elif pattern.name and pattern.callback.__module__.startswith("shuanglian."):
                yield ":".join([*namespaces, pattern.name]), tuple(pattern.pattern.converters), route

    return sorted(set(walk(get_resolver().url_patterns, [], "")))


ADDRESSES = addresses()


@pytest.fixture(scope="module")
def land(kept):
    """(our county, the neighbour, everybody of ours); their rows stand as long as this file's tests run."""
    with kept():
        areas = tree()
        staff_here = user("staff_here", "programme_office", areas["621121000000"])
        staff_there = user(f"{MARK}职员", "programme_office", areas["621122000000"])
        here, there = place(areas, "621121", "", staff_here), place(areas, "621122", MARK, staff_there)
        for one, mark, staff in ((here, "", staff_here), (there, MARK, staff_there)):
            one.rows |= told(one.county, one.rows["cadre"], mark, staff)
        return here, there, everybody(here, areas)


@pytest.fixture(scope="module")
def sessions(kept, land):
    """Everybody's log-in: what the browser keeps of it."""
    with kept():
        return {person.pk: logged_in(person).cookies[settings.SESSION_COOKIE_NAME].value for person in land[2].values()}


@pytest.fixture(scope="module")
def before(kept, land):
    """The neighbour's rows before anybody did anything."""
    with kept():
        return snapshot()


def logged_in(person):
    client = Client()
    client.force_login(person, backend=BACKEND)
    return client


def browsers(people, sessions):
    """(name of the role, a fresh browser in which that person is logged in)."""
    for who, person in people.items():
        client = Client()
        client.cookies[settings.SESSION_COOKIE_NAME] = sessions[person.pk]
        yield who, client


def stays_in(answer):
    """Whether the log-in held: it was the person that was answered, not the door."""
    return not answer.headers.get("Location", "").startswith(settings.LOGIN_URL)


def look(client, url, question, who, headers):
    """Ask one question; nothing of the neighbour in the answer but what was asked. Its status."""
    answer = client.get(url, question, headers=headers)
    text = answer.content.decode(errors="replace").replace(f'value="{question.get("q", MARK + "-")}"', "")
    assert MARK not in text, f"{who} saw the neighbour at {url} {question}"
    assert answer.status_code < 500
    return answer.status_code


def queries(there):
    """Questions that ask a list page for the neighbour's rows by region, number, name or code."""
    household = there.rows["household"]
    return [
        {}, {"area": there.county.code}, {"area": there.village.code}, {"q": household.number}, {"q": "户主"}, {"q": "干部"},
        {"code": there.village.code}, {"round": there.rows["round"].pk}, {"unit": there.rows["unit"].pk}, {"cadre": there.rows["cadre"].pk},
        {"list": "ask", "text": household.number}, {"list": "surplus", "helper": there.rows["cadre"].number},
    ]  # fmt: skip


def snapshot():
    """Every table with regions and a digest of its rows of the neighbour county."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select table_name from information_schema.columns where column_name = 'area_code' and table_schema = 'public' "
            "and table_name <> 'trail_entry' order by 1"
        )
        tables = [table for (table,) in cursor.fetchall()]
        cursor.execute(
            " union all ".join(
                f"select '{table}', md5(coalesce(string_agg(t::text, '|' order by t::text), '')) from {table} t where area_code like '621122%'"
                for table in tables
            )
        )
        return dict(cursor.fetchall())


@pytest.mark.parametrize(
    ("name", "parameters", "route"),
    [a for a in ADDRESSES if a[1]],
    ids=lambda v: v if isinstance(v, str) and ":" in v else "",
)
def test_rows_of_the_neighbour_are_not_there_for_anyone_here(land, sessions, before, name, parameters, route):
    _here, there, people = land
    for filled in fillings(parameters, route, there):
        try:
            url = reverse(name, kwargs=filled)
        except NoReverseMatch:
            continue
        for who, client in browsers(people, sessions):
            for answer in (client.get(url), client.post(url, {"why": "试试", "reason": "试试", "note": "试试"})):
                text = (
                    answer.getvalue().decode(errors="replace")
                    if answer.streaming
                    else answer.content.decode(errors="replace")
                )
                assert MARK not in text, f"{who} saw the neighbour at {url}"
                assert stays_in(answer), f"{who} was not logged in at {url}"
                if "code" not in parameters and name not in OPEN_TO_ALL and "template" not in name:
                    assert answer.status_code in {302, 403, 404, 405}, f"{who} got {answer.status_code} at {url}"
    assert snapshot() == before


class Watched(QueryDict):
    """The parameters of an address, which remember what a page looked at; WHOLE when it went through all of them."""

    looked_at: ClassVar[set[str]] = set()

    def __init__(self, *args, **kwargs):
        before = set(self.looked_at)
        super().__init__(*args, **kwargs)
        self.looked_at &= before  # what reading the address itself touched is nothing that the page asked for

    def __getitem__(self, key):
        self.looked_at.add(key)
        return super().__getitem__(key)

    def __contains__(self, key):
        self.looked_at.add(key)
        return super().__contains__(key)

    def _getlist(self, key, *args, **kwargs):
        self.looked_at.add(key)
        return super()._getlist(key, *args, **kwargs)

    def __iter__(self):
        self.looked_at.add(WHOLE)
        return super().__iter__()

    def __len__(self):
        self.looked_at.add(WHOLE)
        return super().__len__()

    def keys(self):
        self.looked_at.add(WHOLE)
        return super().keys()

    def items(self):
        self.looked_at.add(WHOLE)
        return super().items()

    def lists(self):
        self.looked_at.add(WHOLE)
        return super().lists()

    def values(self):
        self.looked_at.add(WHOLE)
        return super().values()


def test_a_page_that_looks_at_parameters_is_seen_to_look():
    looks = {
        "q": [lambda told: told.get("q"), lambda told: told["q"], lambda told: told.getlist("q"), lambda told: "q" in told],
        WHOLE: [dict, list, bool, len, Watched.copy, Watched.urlencode, Watched.dict, Watched.items, Watched.lists,
                Watched.keys, Watched.values, deepcopy, lambda told: told | {}, lambda told: {**told}],
    }  # fmt: skip
    for what, ways in looks.items():
        for way in ways:
            told = Watched("q=1&other=2")
            Watched.looked_at.clear()
            way(told)
            assert what in Watched.looked_at, way
    Watched.looked_at.clear()
    Watched("q=1&other=2")
    assert Watched.looked_at == set()


@pytest.mark.parametrize("name", [a[0] for a in ADDRESSES if not a[1]])
def test_lists_searches_and_exports_show_only_ones_own_region(land, sessions, before, name, monkeypatch):
    """A question whose parameters the page does not look at has the answer of the page without a question."""
    monkeypatch.setattr(wsgi, "QueryDict", Watched)
    _here, there, people = land
    url = reverse(name)
    plain, *others = queries(there)
    for who, client in browsers(people, sessions):
        for headers in ({}, {"HX-Request": "true"}):  # the same view draws the part of the page that htmx asks for
            Watched.looked_at.clear()
            shut = look(client, url, plain, who, headers) in {403, 405}
            looked_at = set(Watched.looked_at)
            if shut:  # the door is shut before any question is read
                break
            some = others[: PARTS_ASKED - 1] if headers else others
            for question in some:
                if WHOLE in looked_at or looked_at & question.keys():
                    look(client, url, question, who, headers)
        client.post(
            url,
            {
                "area": there.county.code,
                "code": there.county.code,
                "year": 2015,
                "kind": "households",
                "format": "xlsx",
                "name": "x",
            },
        )
    assert snapshot() == before
    for job in Job.objects.filter(by__in=people.values()):
        done = jobs.run_now(job)
        assert not done.file or MARK not in words_of(jobs.content(done), done.file_name)


@pytest.mark.parametrize(
    ("name", "parameters", "route"), ADDRESSES, ids=lambda v: v if isinstance(v, str) and ":" in v else ""
)
def test_without_log_in_there_is_only_the_log_in_page(land, name, parameters, route):
    here, _there, _people = land
    for filled in fillings(parameters, route, here):
        answer = Client().get(reverse(name, kwargs=filled))
        if name in OPEN_TO_ALL:
            continue
        assert answer.status_code in {302, 403, 404, 405}
        assert "户主" not in answer.content.decode()


def test_the_database_itself_shows_nothing_outside_the_scope(land):
    """A forgotten filter shows nothing: under the role of the pages, row policies bind every table with a region code."""
    from shuanglian.accounts.middleware import as_person

    _here, _there, people = land
    with as_person(people["office_township"]):
        assert Household.objects.count() == 0  # the township has none; its county has two, the neighbour two
    with as_person(people["office_county"]):
        assert set(Household.objects.values_list("area_code", flat=True)) == {"621121100201"}
    with as_person(people["nobody"]):
        assert Household.objects.count() == 0
    assert Household.objects.count() == 4


def test_a_township_clerk_does_not_see_the_next_township(land):
    here, _there, people = land
    client = logged_in(people["office_township"])
    household = here.rows["household"]
    assert client.get(reverse("registry:household", kwargs={"pk": household.pk})).status_code == 404
    assert (
        household.head_name not in client.get(reverse("registry:households"), {"q": household.number}).content.decode()
    )


def test_a_cadre_sees_only_the_own_households(land):
    """PAIR-1: the cadre of the second household is someone else."""
    here, _there, people = land
    client = logged_in(people["cadre"])
    assert client.get(reverse("registry:household", kwargs={"pk": here.rows["household"].pk})).status_code == 404


def test_the_administrator_sees_no_personal_data(land):
    here, _there, people = land
    client = logged_in(people["administrator"])
    assert client.get(reverse("registry:household", kwargs={"pk": here.rows["household"].pk})).status_code == 403
    assert client.get(reverse("registry:households")).status_code == 403


# ---- exports and downloads -------------------------------------------------------------------------------------------
def words_of(content, file_name):
    """All text of an exported file, workbooks and archives unpacked."""
    if file_name.endswith((".xlsx", ".zip")):
        with zipfile.ZipFile(BytesIO(content)) as archive:
            return "".join(words_of(archive.read(name), name) for name in archive.namelist())
    return content.decode(errors="replace")


def orders(at):
    """(address, form) of every export, about one place."""
    ledger = {"format": "xlsx", "paper": "A3", "contacts": "masked"}
    return [
        (reverse("registry:print_ledger"), {**ledger, "area": at.county.code}),
        (reverse("registry:print_ledger"), {**ledger, "area": at.village.code}),
        (reverse("pairing:print", kwargs={"pk": at.rows["round"].pk}), {}),
    ]


def made_by(person, address, form):
    """Files of the jobs that an order started, each with its job; nothing when it was refused."""
    logged_in(person).post(address, form)
    ordered = Job.objects.filter(by=person, state=Job.State.WAITING)
    done = [jobs.run_now(job) for job in ordered]
    return [(job, words_of(jobs.content(job), job.file_name)) for job in done if job.file]


def test_exports_hold_the_rows_of_ones_own_region_and_no_other(land):
    here, there, people = land
    seen = set()
    for who, person in people.items():
        for address, form in [*orders(there), *orders(here)]:
            for _job, words in made_by(person, address, form):
                assert MARK not in words, f"{who} took the neighbour home from {address}"
                if here.rows["household"].head_name in words:
                    seen.add((who, address))
    ledger, pairs = orders(here)[0][0], orders(here)[2][0]
    assert {("office_county", ledger), ("office_county", pairs)} <= seen
    assert not {who for who, _address in seen} & {"administrator", "nobody", "strange_role", "unit", "cadre"}


def test_an_order_for_the_neighbour_that_was_slipped_into_the_queue_is_refused(land):
    _here, there, people = land
    ledger = {
        "area": there.county.code, "format": "xlsx", "paper": "A3", "landscape": True, "break_pages": False,
        "contacts": "", "why": "", "language": "zh-hans",
    }  # fmt: skip
    for kind, params in (("registry.ledger", ledger), ("pairing.print", {"round": there.rows["round"].pk})):
        job = jobs.start(kind=kind, title="x", params=params, by=people["office_county"], at=now())
        job = jobs.run_now(job)
        assert (job.state, job.file) == (Job.State.FAILED, "")


def test_a_file_is_fetched_by_whoever_ordered_it_and_nobody_else(land):
    here, _there, people = land
    ((job, _words),) = made_by(people["office_county"], *orders(here)[0])
    for who, person in people.items():
        answer = logged_in(person).get(reverse("jobs:file", kwargs={"pk": job.pk}))
        assert (answer.status_code == 200) == (who == "office_county"), who
