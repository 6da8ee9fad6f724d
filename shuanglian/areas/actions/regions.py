"""Loading region tables: the first one by COPY, a newer one with history, successors and everything re-hung (ORG-1)."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from django.apps import apps
from django.db import connection, transaction
from django.db.models import Max

from shuanglian.areas import names, rehang
from shuanglian.areas.columns import Source
from shuanglian.areas.findings import Finding
from shuanglian.areas.models import Area, AreaSuccession
from shuanglian.areas.plan import Known, Move, Plan, compare
from shuanglian.areas.report import LoadReport
from shuanglian.areas.table import (
    DIGITS,
    Region,
    Successor,
    Table,
    level_of,
    read_successors,
    read_table,
    whole_code,
)  # fmt: skip
from shuanglian.core import record
from shuanglian.core.profile import active
from shuanglian.kernel.refusal import Refusal
from shuanglian.kernel.words import N_

from . import tags

if TYPE_CHECKING:
    from shuanglian.accounts.models import User

DATA = Path(__file__).resolve().parent.parent / "data"
SHIPPED_AS = {"gansu_divisions.csv.gz": "gansu_2016.csv"}
LOCK = 7412002  # one load at a time
COPIED = (
    "id", "code", "prefix", "name", "short", "pinyin", "spelling", "level", "parent_id", "kind", "urban_code", "lon",
    "lat", "since", "until",
)  # fmt: skip
CORRECTED = ("name", "short", "pinyin", "spelling", "parent_id", "kind", "urban_code", "lon", "lat")


@transaction.atomic
def load_table(
    path_or_rows: Source, *, valid_from: date, by: User | None, at: datetime, replace_scope: str | None = None,
    successors: Source | None = None, check: bool = False,
) -> LoadReport:  # fmt: skip
    """Bring in a region table that is in force from a day; all or nothing.

    The table speaks for what lies at or below its topmost rows, or for `replace_scope` (a code). What stays keeps its
    row; a new name or code gets a new row, the old one ends the day before and names its successor, and what hangs on
    it follows. What cannot be matched stays as it is and is reported. The same table again changes nothing.
    Unreadable files and files without the needed columns raise a Refusal; `check` leaves everything as it was.
    """
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s)", [LOCK])
    load = _Load(valid_from)
    load.read(path_or_rows, successors)
    if not load.report.blocked:
        load.compare(replace_scope)
    if load.report.blocked:
        return load.report
    point = transaction.savepoint()
    load.apply()
    if check:
        transaction.savepoint_rollback(point)
        return load.report
    transaction.savepoint_commit(point)
    load.report.loaded = True
    if load.changed:
        details = {"valid_from": valid_from, "counts": load.report.counts, "rehung": load.report.rehung}
        record.write("areas.load_table", by=by, at=at, area_code=load.top_code, **details)
    return load.report


def ensure_shipped(*, at: datetime) -> bool:
    """Bring in the region table and the county tags that belong to the active profile, once, when there is none yet."""
    if Area.objects.exists():
        return False
    tables = active().regions.values()
    shipped = [(one, path) for one in tables if (path := shipped_file(one.file))]
    loaded = False
    for table, path in shipped:
        if table.holds == "divisions":
            loaded = load_table(path, valid_from=table.since, by=None, at=at).loaded or loaded
    for table, path in shipped:
        if loaded and table.holds == "key_poor_counties":
            source = active().documents[table.document].title.zh
            tags.mark_counties(path, since=table.since, source=source, by=None, at=at)
    return loaded


def shipped_file(name: str) -> Path | None:
    """A file of the profile's folder, or of this room's data; gansu_divisions is shipped as gansu_2016.csv."""
    wanted = SHIPPED_AS.get(name, name)
    return next((path for path in (active().folder / name, DATA / wanted) if path.is_file()), None)


class _Load:
    """One load on its way: read, compared, applied."""

    def __init__(self, valid_from: date) -> None:
        self.valid_from, self.report = valid_from, LoadReport()
        self.table = Table()
        self.named: list[Successor] = []
        self.known: dict[str, Known] = {}
        self.plan = Plan()
        self.changed = False
        self.ids: dict[str, int] = {}  # code → row that stands afterwards

    # --- read and compare ---

    def read(self, source: Source, successors: Source | None) -> None:
        parents = Area.objects.current().filter(level__lt=Area.Level.VILLAGE).order_by().values_list("code", flat=True)
        self.table = read_table(source, parents)
        self.report.findings += self.table.findings
        self.named = list(self.table.successors)
        if successors is not None:
            listed = read_successors(successors)
            self.named += listed.successors
            self.report.findings += listed.findings
        self.report.counts = {"rows": self.table.rows, "regions": len(self.table.regions)}

    def compare(self, replace_scope: str | None) -> None:
        regions = self.table.regions
        self.known = _standing({code[:2] for code in [*regions, *(one.old for one in self.named)]})
        olds = {one.old for one in self.named}
        ever = frozenset(Area.objects.filter(code__in=olds).values_list("code", flat=True))
        done = set(AreaSuccession.objects.filter(old__code__in=olds).values_list("old__code", "new__code"))
        named = [one for one in self.named if (one.old, one.new) not in done]
        self.plan = compare(self.known, regions, scope=_scope(regions, replace_scope), named=named, ever=ever)
        self.report.findings += [*self.plan.findings, *self._day_faults(), *self._displaced()]
        self._count()

    def _day_faults(self) -> list[Finding]:
        """The day of force must come after the days of what it ends (one finding each, the latest day named)."""
        faults = []
        if self.plan.closed:
            rows = Area.objects.filter(pk__in=[old.id for old in self.plan.closed], since__gte=self.valid_from)
            if latest := rows.order_by("-since", "code").first():
                params = {"since": latest.since.isoformat(), "name": latest.name}
                faults.append(Finding("too_early", value=self.valid_from.isoformat(), params=params))
        earlier = Area.objects.filter(code__in=self.plan.fresh, until__gte=self.valid_from)
        for code, until in earlier.values_list("code").annotate(Max("until")).order_by("code")[:20]:
            faults.append(Finding("code_was_used", value=code, params={"until": until.isoformat()}))
        return faults

    def _displaced(self) -> list[Finding]:
        """Regions without an heir whose code means another region now: an error while something hangs on them."""
        rows = self.plan.displaced
        hanging = rehang.count_hanging([old.id for old in rows], [old.code for old in rows])
        faults = []
        for old in rows:
            count = hanging.get(old.id, 0) + hanging.get(old.code, 0)
            params = {"name": old.name, "new": self.table.regions[old.code].name, "hanging": count}
            faults.append(Finding("code_taken" if count else "displaced", value=old.code, params=params))
        return faults

    def _count(self) -> None:
        plan, counts = self.plan, self.report.counts
        counts["unchanged"] = sum(code in plan.stays for code in self.table.regions)
        counts["added"] = len(plan.added)
        counts |= dict.fromkeys(("renamed", "recoded", "moved", "renumbered", "merged", "named"), 0)
        counts |= Counter(move.how for move in plan.moves)
        counts |= {"closed": len(plan.closed), "abolished": len(plan.abolished), "unmatched": len(plan.unmatched)}
        self.report.changes = [
            self._change(move) for move in sorted(plan.moves, key=lambda one: (one.old.code, one.new))
        ]

    def _change(self, move: Move) -> dict[str, str]:
        new = self.table.regions.get(move.new) or self.known[move.new]
        return {
            "old_code": move.old.code,
            "old_name": move.old.name,
            "new_code": move.new,
            "new_name": new.name,
            "how": move.how,
        }

    @property
    def top_code(self) -> str:
        """The code of the one topmost region the table is about; "" when there are several."""
        roots = [code for code, region in self.table.regions.items() if region.parent not in self.table.regions]
        return roots[0] if len(roots) == 1 else ""

    # --- apply ---

    def apply(self) -> None:
        """Write the plan down in few statements: ends, new rows by COPY, corrections, successions, tags, what hangs."""
        self.ids = {code: old.id for code, old in self.known.items()} | self._reserved(sorted(self.plan.fresh))
        self._report_left_behind()
        self._end_closed()
        self._copy_fresh()
        corrected = self._correct()
        self.report.counts["corrected"] = corrected
        self._record_successions()
        heirs: dict[int, set[int]] = {}
        for move in self.plan.moves:
            heirs.setdefault(move.old.id, set()).add(self.ids[move.new])
        self.report.counts["tags"] = tags.carry(heirs, since=self.valid_from)
        moved = [
            rehang.Moved(move.old.id, self.ids[move.new], move.old.code, move.new)
            for move in self.plan.moves
            if move.carries
        ]
        self._adopt_children(moved)
        rehung = rehang.move_all(moved, before=self.valid_from)
        self.report.rehung = rehung.went
        for label in sorted({*rehung.ended, *rehung.stayed}):
            ended, stayed = rehung.ended.get(label, 0), rehung.stayed.get(label, 0)
            params = {"what": str(apps.get_model(label)._meta.verbose_name), "count": ended + stayed, "ended": ended}
            self.report.findings.append(Finding("would_double", value=label, params=params))
        self.changed = bool(self.plan.fresh or self.plan.closed or corrected)

    def _reserved(self, codes: list[str]) -> dict[str, int]:
        """Keys for the new rows, known before they are written, so that children can name their parents."""
        with connection.cursor() as cursor:
            cursor.execute(
                "select nextval(pg_get_serial_sequence('areas_area', 'id')) from generate_series(1, %s)", [len(codes)]
            )
            return dict(zip(codes, (row[0] for row in cursor.fetchall()), strict=True))

    def _report_left_behind(self) -> None:
        plan = self.plan
        left = [*plan.unmatched, *plan.split, *plan.abolished]
        hanging = rehang.count_hanging([old.id for old in left], [old.code for old in left])
        for code, group in (
            ("unmatched", plan.unmatched),
            ("split_left", plan.split),
            ("abolished_left", plan.abolished),
        ):
            for old in group:
                count = hanging.get(old.id, 0) + hanging.get(old.code, 0)
                if code == "unmatched" or count:
                    params = {"name": old.name, "hanging": count, "count": sum(move.old is old for move in plan.moves)}
                    self.report.findings.append(Finding(code, value=old.code, params=params))

    def _end_closed(self) -> None:
        last_day = self.valid_from - timedelta(days=1)
        Area.objects.filter(pk__in=[old.id for old in self.plan.closed]).update(until=last_day)

    def _copy_fresh(self) -> None:
        if not self.plan.fresh:
            return
        with connection.cursor() as cursor, cursor.copy(f"copy areas_area ({', '.join(COPIED)}) from stdin") as copy:
            for code in sorted(self.plan.fresh):
                region = self.table.regions[code]
                words, kind = _said(region.name, region.level), region.kind or Area.Kind.REAL
                row = (self.ids[code], code, region.prefix, *words, region.level, self.ids.get(region.parent), kind)
                copy.write_row((*row, region.urban or "", region.lon, region.lat, self.valid_from, None))
        with connection.cursor() as cursor:
            cursor.execute("analyze areas_area")

    def _correct(self) -> int:
        """Points, kinds, parents and spellings that the table knows better; what it does not say is left as it was."""
        staying = [code for code in self.table.regions if code in self.plan.stays]
        rows = {row.code: row for row in Area.objects.current().filter(code__in=staying)} if staying else {}
        changed = [rows[code] for code in staying if self._differs(rows[code], self.table.regions[code])]
        if not changed:
            return 0
        columns, setting = ", ".join(CORRECTED), ", ".join(f"{name} = c.{name}" for name in CORRECTED)
        with connection.cursor() as cursor:
            cursor.execute(f"create temporary table areas_corrected as select id, {columns} from areas_area limit 0")  # noqa: S608
            with cursor.copy(f"copy areas_corrected (id, {columns}) from stdin") as copy:
                for row in changed:
                    copy.write_row((row.pk, *(getattr(row, name) for name in CORRECTED)))
            cursor.execute(f"update areas_area a set {setting} from areas_corrected c where c.id = a.id")  # noqa: S608
            cursor.execute("drop table areas_corrected")
        return len(changed)

    def _differs(self, row: Area, region: Region) -> bool:
        before = tuple(getattr(row, name) for name in CORRECTED)
        if row.name != region.name or not row.short:
            row.name = region.name
            row.short, row.pinyin, row.spelling = _said(region.name, region.level)[1:]
        row.parent_id = self.ids.get(region.parent)
        row.kind = region.kind or row.kind
        row.urban_code = region.urban or row.urban_code
        if region.lon is not None:
            row.lon, row.lat = region.lon, region.lat
        return before != tuple(getattr(row, name) for name in CORRECTED)

    def _record_successions(self) -> None:
        rows = {(move.old.id, self.ids[move.new]): move for move in self.plan.moves}
        lines = [
            AreaSuccession(old_id=old, new_id=new, on=self.valid_from, why=move.how, share=move.share)
            for (old, new), move in rows.items()
        ]
        AreaSuccession.objects.bulk_create(lines, batch_size=2000, ignore_conflicts=True)

    def _adopt_children(self, moved: list[rehang.Moved]) -> None:
        """Regions that the table does not mention stay below their parent when it only changed its name."""
        heirs = {one.old_id: one.new_id for one in moved if one.old_code == one.new_code}
        for old_id, new_id in heirs.items():
            Area.objects.current().filter(parent_id=old_id).update(parent_id=new_id)


def _standing(provinces: set[str]) -> dict[str, Known]:
    """The regions of some provinces that stand now, by code."""
    standing: dict[str, Known] = {}
    for province in sorted(provinces):
        rows = Area.objects.current().filter(code__gte=province, code__lt=f"{province}:").order_by()
        for row in rows.values_list("id", "code", "name", "level", "parent_id", "parent__code"):
            standing[row[1]] = Known(*row[:5], parent_code=row[5] or "")
    return standing


def _scope(regions: dict[str, Region], replace_scope: str | None) -> list[str]:
    """The code prefixes for which a table is complete: below its topmost rows, unless said otherwise."""
    if replace_scope is None:
        return [region.prefix for region in regions.values() if region.parent not in regions]
    code = whole_code(replace_scope)
    if not code:
        raise Refusal("bad_scope", N_("范围“{scope}”不是区划代码。请写 2、4、6、9 或 12 位代码。"), scope=replace_scope)
    return [code[: DIGITS[level_of(code)]]]


def _said(name: str, level: int) -> tuple[str, str, str, str]:
    return name, names.short_name(name, level), names.initials_of(name), names.spelling_of(name)
