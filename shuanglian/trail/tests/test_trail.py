"""The trail: written once, never changed, and a forgery is found at its number (REG-10)."""

from itertools import pairwise

import pgtrigger
import pytest
from click.testing import CliRunner
from django.db import DatabaseError, connection, transaction

from shuanglian.accounts.tests.factories import UserFactory
from shuanglian.areas.tests.factories import gansu
from shuanglian.core.clock import now
from shuanglian.trail import chain, trail
from shuanglian.trail.commands import trail as command
from shuanglian.trail.models import Entry


@pytest.fixture
def tree(db):
    return gansu()


@pytest.fixture
def lines(tree):
    """Six lines by one person about three areas."""
    user = UserFactory(username="writer", area=tree.county)
    return [
        trail.write("test.line", about=village, by=user, at=now(), area_code=village.code, n=n, 说明="改，\x1f，\x00")
        for n, village in enumerate(tree.villages)
    ]


def forge(sql, *params):
    """What somebody with the owner's password could do."""
    with connection.cursor() as cursor:
        cursor.execute("alter table trail_entry disable trigger user")
        cursor.execute(sql, params)
        cursor.execute("alter table trail_entry enable trigger user")


def test_a_line_says_who_did_what_to_what_and_when(lines, tree):
    entry = Entry.objects.get(pk=lines[0].pk)
    assert (entry.verb, entry.by_name, entry.area_code) == ("test.line", "writer", tree.villages[0].code)
    assert entry.about == f"areas.area:{tree.villages[0].pk}" and entry.details["n"] == 0
    assert (entry.number, entry.digest) == (lines[0].number, lines[0].digest)


def test_the_things_own_area_is_taken_when_none_is_given(tree):
    class Thing:
        area_code, pk = tree.village.code, 1
        _meta = Entry._meta

    assert trail.write("x", about=Thing(), by=None, at=now()).area_code == tree.village.code


def test_a_look_at_a_personal_number_is_a_line(tree):
    user = UserFactory(area=tree.county)
    entry = trail.look("id_number", about=tree.village, by=user, at=now(), why="入户核对")
    assert (entry.verb, entry.details) == ("look", {"what": "id_number", "why": "入户核对"})


def test_lines_are_numbered_without_gaps_and_chained(lines):
    assert [line.number for line in lines] == list(range(lines[0].number, lines[0].number + 6))
    assert all(later.previous == earlier.digest for earlier, later in pairwise(lines))
    assert chain.verify() == []
    assert chain.head() == chain.Head(lines[-1].number, lines[-1].digest)


@pytest.mark.parametrize(
    "statement", ["update trail_entry set verb = 'x'", "delete from trail_entry", "truncate trail_entry"]
)
def test_nobody_changes_or_removes_lines_not_even_the_owner(lines, statement):
    refused = pytest.raises(DatabaseError, match=r"pgtrigger|append-only")
    with refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert Entry.objects.count() >= 6


@pytest.mark.parametrize(
    "change", ["verb = 'y'", "by_name = 'x'", "at = at + interval '1 us'", "details = '{}'", "area_code = ''",
               "about_label = ''", "by_id = null", "previous = repeat('0', 64)", "digest = repeat('0', 64)"],
)  # fmt: skip
def test_a_changed_line_is_found_at_its_number(lines, change):
    forge(f"update trail_entry set {change} where number = %s", lines[2].number)
    assert chain.verify()[0] == lines[2].number


def test_a_line_forged_with_its_digest_is_found_at_the_next_one(lines):
    entry = Entry.objects.get(pk=lines[2].pk)
    with connection.cursor() as cursor:
        cursor.execute("select details::text from trail_entry where id = %s", [entry.pk])
        details = cursor.fetchone()[0]
    moment = entry.at.strftime("%Y-%m-%dT%H:%M:%S.%f")
    content = [moment, "test.nothing", str(entry.by_id), entry.by_name, entry.area_code]
    content += [entry.about, entry.about_label, details]
    digest = chain._digest(entry.number, entry.previous, content)
    forge("update trail_entry set verb = 'test.nothing', digest = %s where number = %s", digest, entry.number)
    assert chain.verify() == [lines[3].number]


def test_a_removed_line_is_found_at_its_number(lines):
    forge("delete from trail_entry where number = %s", lines[3].number)
    assert chain.verify() == [lines[3].number]


def test_lines_cut_off_at_the_end_are_found_with_a_head_that_was_kept_outside(lines):
    known = chain.head()
    forge("delete from trail_entry where number > %s", lines[3].number)
    assert chain.verify() == []
    assert chain.verify(known) == [lines[4].number, lines[5].number]


def test_pgtriggers_own_back_door_does_not_go_unnoticed(lines):
    with pgtrigger.ignore("trail.Entry:append_only"):
        Entry.objects.filter(number=lines[1].number).update(verb="gone")
    assert chain.verify() == [lines[1].number]


def test_the_command_prints_the_head_and_tells_a_whole_trail_from_a_broken_one(lines):
    printed = CliRunner().invoke(command, ["head"]).output.strip()
    assert printed == f"{lines[-1].number}:{lines[-1].digest}"
    assert CliRunner().invoke(command, ["verify", "--against", printed]).exit_code == 0
    forge("update trail_entry set verb = 'x' where number = %s", lines[4].number)
    result = CliRunner().invoke(command, ["verify"])
    assert result.exit_code == 1 and str(lines[4].number) in result.output
    assert CliRunner().invoke(command, ["verify", "--against", "nonsense"]).exit_code == 2


def test_the_pages_show_what_lies_in_the_readers_area_and_filter_it(client, lines, tree):
    auditor = UserFactory(role="auditor", area=tree.county)
    far = trail.write("test.far", by=None, at=now(), area_code=tree.neighbour.code)
    client.force_login(auditor)

    def shown(**query):
        return {entry.number for entry in client.get("/trail/", query).context["page"].rows}

    assert {line.number for line in lines} <= shown() and far.number not in shown()
    assert shown(person="writer", verb="test.") == {line.number for line in lines}
    assert shown(about=lines[2].about) == {lines[2].number}
    assert shown(since="2100-01-01") == set() and shown(until="2000-01-01") == set()
    assert shown(since="nonsense")
    assert client.get(f"/trail/{lines[0].number}/").status_code == 200
    assert client.get(f"/trail/{far.number}/").status_code == 404
    assert client.get("/trail/", {"person": "a\0b"}).status_code == 200


@pytest.mark.parametrize("role", ["unit", "cadre", "village_committee", "leader", "inspector", "administrator"])
def test_only_those_who_may_read_the_trail(client, tree, role):
    client.force_login(UserFactory(role=role, area=tree.county))
    assert client.get("/trail/").status_code == 403
    assert client.get("/trail/1/").status_code == 403


def test_own_page_shows_ones_latest_log_ins(client, tree):
    from shuanglian.accounts.tests.factories import PASSWORD

    UserFactory(username="someone", area=tree.county)
    client.post("/accounts/login/", {"login": "someone", "password": "wrong-wrong"}, REMOTE_ADDR="10.2.3.4")
    client.post("/accounts/login/", {"login": "someone", "password": PASSWORD})
    page = client.get("/accounts/me/").content.decode()
    assert "10.2.3.4" in page and "失败" in page and "成功" in page
