"""The database's own net (issue 2 H): a page sees and changes only what lies in its reader's area."""

from datetime import date

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from shuanglian.areas.tests.factories import gansu
from shuanglian.core import scoping
from shuanglian.organisation.models import Absence, Cadre, Unit
from shuanglian.organisation.tests.factories import CadreFactory, UnitFactory
from shuanglian.registry.models import Household, Person
from shuanglian.registry.tests.factories import HouseholdFactory
from shuanglian.trail.models import Entry
from shuanglian.web import scope

REFUSED = "row-level security|permission denied"


@pytest.fixture
def tree(db):
    """Two townships of Tongwei with one household each, and one in the neighbouring county."""
    tree = gansu()
    for village in (tree.villages[0], tree.villages[3], tree.neighbour_village):
        HouseholdFactory(village=village, with_people=2)
    return tree


def seen(prefix, model=Household):
    with scoping.scoped(prefix):
        return set(model.objects.values_list("area_code", flat=True))


def test_a_reader_sees_the_households_of_the_own_area_and_below(tree):
    here, there, far = tree.villages[0].code, tree.villages[3].code, tree.neighbour_village.code
    assert seen("62") == seen("6211") == {here, there, far}
    assert seen("621121") == {here, there}
    assert seen(here[:9]) == {here}
    assert seen(here) == {here} == seen(here, Person)
    assert seen("621122") == {far}
    assert seen("63") == set()


def test_no_area_is_nothing_and_stays_nothing_when_the_connection_has_been_used_before(tree):
    """The fail-open trap: after its first use the setting is an empty text, not null, and '' fits everything."""
    assert seen("") == set()
    assert len(seen("621121")) == 2
    assert seen("") == set()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("select set_config('role', %s, true)", ["shuanglian_app"])
        assert Household.objects.count() == 0
        cursor.execute("select set_config('role', 'none', true)")


@pytest.mark.parametrize("prefix", ["%", "6211_1", "62' or '1'='1", ":", "6:"])
def test_an_odd_prefix_opens_nothing(tree, prefix):
    assert seen(prefix) == set()


def test_after_the_page_the_owner_goes_on_unbound(tree):
    seen("621121")
    assert Household.objects.count() == 3


@pytest.mark.django_db(transaction=True)
def test_the_next_transaction_on_the_same_connection_knows_nothing_of_the_last_one():
    with scoping.scoped("621121", 7), connection.cursor() as cursor:
        cursor.execute("select current_user, shuanglian_scope(), shuanglian_user()")
        assert cursor.fetchone() == ("shuanglian_app", "621121", 7)
    with connection.cursor() as cursor:
        cursor.execute("select current_user = session_user, shuanglian_scope(), shuanglian_user()")
        assert cursor.fetchone() == (True, None, None)


def test_a_household_outside_cannot_be_made_changed_moved_or_removed(tree):
    inside = Household.objects.get(area_code=tree.villages[0].code)
    outside = Household.objects.get(area_code=tree.neighbour_village.code)
    with scoping.scoped("621121"):
        assert Household.objects.filter(pk=outside.pk).update(address="x") == 0
        assert Household.objects.filter(pk=inside.pk).update(address="x") == 1
        with pytest.raises(DatabaseError, match=REFUSED), transaction.atomic():
            Household.objects.filter(pk=inside.pk).update(area_code=outside.area_code)
        with pytest.raises(DatabaseError, match=REFUSED), transaction.atomic():
            HouseholdFactory(village=tree.neighbour_village)
        with connection.cursor() as cursor:
            cursor.execute("delete from registry_person where area_code = %s", [outside.area_code])
            assert cursor.rowcount == 0
    outside.refresh_from_db()
    assert outside.address == ""


def test_the_history_of_a_household_is_bound_like_the_household(tree):
    events = (
        Household._meta.get_field("events").related_model if _has(Household, "events") else Household.pgh_event_model
    )
    assert {row.area_code for row in events.objects.all()} >= {tree.neighbour_village.code}
    with scoping.scoped("621121"):
        assert {row.area_code for row in events.objects.all()} == {tree.villages[0].code, tree.villages[3].code}


def _has(model, name):
    return any(field.name == name for field in model._meta.get_fields())


def test_ORG_2_a_village_reads_its_countys_units_and_cadres_but_does_not_change_them(tree):
    unit = UnitFactory(area=tree.county)
    cadre = CadreFactory(unit=unit, area_code=tree.county.code)
    Absence.objects.create(cadre=cadre, kind="leave", since=date(2015, 1, 1))
    stranger = CadreFactory(unit=UnitFactory(area=tree.neighbour), area_code=tree.neighbour.code)
    with scoping.scoped(tree.villages[0].code):
        assert set(Cadre.objects.all()) == {cadre}
        assert set(Unit.objects.all()) == {unit}
        assert Absence.objects.count() == 1
        assert Cadre.objects.filter(pk=cadre.pk).update(post="x") == 0
    with scoping.scoped("621122"):
        assert set(Cadre.objects.all()) == {stranger}
        assert Absence.objects.count() == 0
    with scoping.scoped("621121"):
        assert Cadre.objects.filter(pk=cadre.pk).update(post="x") == 1


def test_the_trail_is_read_by_area_and_written_through_its_function_only(tree):
    from shuanglian.core.clock import now
    from shuanglian.trail import trail

    with scoping.scoped("621121"):
        far = trail.write("test.far", by=None, at=now(), area_code=tree.neighbour.code)
        near = trail.write("test.near", by=None, at=now(), area_code=tree.county.code)
        assert near.number == far.number + 1
        assert list(Entry.objects.filter(verb__startswith="test.")) == [near]
        for statement in ("delete from trail_entry", "update trail_entry set verb = ''", "truncate trail_entry",
                          "insert into trail_entry (number, at, verb) values (1, now(), 'x')"):  # fmt: skip
            with (
                pytest.raises(DatabaseError, match="permission denied"),
                transaction.atomic(),
                connection.cursor() as cursor,
            ):
                cursor.execute(statement)


def test_some_statements_of_a_page_may_see_all_and_the_rest_is_bound_again(tree):
    with scoping.scoped("621121", 5):
        with scoping.unscoped():
            assert Household.objects.count() == 3
        assert Household.objects.count() == 2
        with connection.cursor() as cursor:
            cursor.execute("select shuanglian_user()")
            assert cursor.fetchone() == (5,)


def test_a_list_within_an_area_is_one_index_range_under_the_policy(tree):
    """Measured in the stack trial: LIKE and functions in a policy scan the table, a range does not."""
    with scoping.scoped("621121"), connection.cursor() as cursor:
        cursor.execute("set local enable_seqscan = off")
        query = Household.objects.within(tree.county).order_by("area_code", "id")[:50]
        sql, params = query.query.sql_with_params()
        cursor.execute(f"explain {sql}", params)
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "household_area" in plan and "Index Cond" in plan


def test_every_table_of_every_room_is_bound_or_said_to_be_open():
    assert scope.unsaid() == []


def test_every_model_with_an_area_code_is_bound():
    forgotten = [
        model._meta.label for model in scope.models()
        if any(field.name == "area_code" for field in model._meta.fields) and scope.table_of(model) is None
    ]  # fmt: skip
    assert forgotten == []


def test_every_bound_table_really_has_its_policy(db):
    with connection.cursor() as cursor:
        cursor.execute(
            "select c.relname from pg_class c where c.relrowsecurity and"
            " exists (select from pg_policy p where p.polrelid = c.oid)"
        )
        bound = {row[0] for row in cursor.fetchall()}
    assert bound == {table.name for model in scope.models() if (table := scope.table_of(model))}


def test_the_set_up_can_be_run_again_and_repairs_what_was_made_anew(db):
    tables = [table for model in scope.models() if (table := scope.table_of(model))]
    assert scoping.ensure(tables) is False
    with connection.cursor() as cursor:
        cursor.execute("alter table registry_household disable row level security")
    assert scoping.ensure(tables) is True
    assert scoping.ensure(tables) is False


def test_entering_and_leaving_costs_one_statement_each(db):
    with CaptureQueriesContext(
        connection,
    ) as captured:
        scoping.enter("62", 1)
        scoping.leave()
    assert len(captured) == 2
