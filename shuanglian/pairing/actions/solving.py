"""Solving a round: units to villages, then cadres to households; a proposal with every reason (PAIR-1 … PAIR-7)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from time import perf_counter
from typing import TYPE_CHECKING, Any

import polars as pl
from django.db import transaction
from django.utils.translation import gettext as _

from shuanglian.core import profile as active_profile
from shuanglian.jobs.actions import jobs
from shuanglian.kernel.refusal import Refusal
from shuanglian.kernel.words import N_, Said
from shuanglian.matching.pairing import solve
from shuanglian.matching.problem import Ints
from shuanglian.matching.repair import repair
from shuanglian.matching.solution import PairingSolution
from shuanglian.pairing import facts, linking, packing, proposing, stating
from shuanglian.pairing.models import Round, Solution
from shuanglian.sheets import merging
from shuanglian.trail import trail

from .rounds import taken_up

if TYPE_CHECKING:
    from shuanglian.accounts.models import User

SOLVE = "pairing.solve"
STEPS = 5
Tell = Callable[[int, int, Any], None]


@transaction.atomic
def order(*, round: Round, by: User | None, at: datetime) -> Round:
    """Have a round worked out in the background."""
    found = taken_up(round)
    found.job = jobs.start(
        kind=SOLVE, title=_("计算 {name}").format(name=found.name), params={"round": found.pk}, by=by, at=at,
        area_code=found.area_code,
    )  # fmt: skip
    found.state, found.problem = Round.State.SOLVING, ""
    found.save(update_fields=["job", "state", "problem"])
    return found


@dataclass(frozen=True, eq=False)
class Worked:
    """One solving before it is written down."""

    rows: facts.Rows
    linked: linking.Linked
    stated: stating.Stated
    solution: PairingSolution
    standing: Ints | None  # the pairs that a repair holds
    seconds: float


@transaction.atomic
def propose(*, round: Round, by: User | None, at: datetime, progress: Tell) -> dict[str, Any]:
    """Work a round out and write the proposal down; the same again, in one piece, when it was interrupted before."""
    found = Round.objects.select_for_update(of=("self",)).select_related("area").get(pk=round.pk)
    if found.is_kept or found.state == Round.State.DISCARDED:
        raise Refusal("kept_for_ever", N_("“{name}”已确认，永久保存，不能再改"), name=found.name)
    if found.state == Round.State.PROPOSED and found.job_id == round.job_id and found.totals:
        return found.totals  # done before, only the job's own end was lost
    worked = work_out(found, progress)
    progress(4, STEPS, N_("正在写入方案"))
    pairs = proposing.pairs(worked.rows, worked.stated, worked.solution)
    if found.kind == Round.Kind.REPAIR:
        moved = worked.rows.households.filter((pl.col("paired_at") != "") & (pl.col("paired_at") != pl.col("village")))
        pairs = pairs.filter((pl.col("change") != "kept") | pl.col("household_id").is_in(moved["id"].to_list()))
    totals = proposing.totals(worked.rows, worked.linked, worked.stated, worked.solution, pairs, worked.seconds)
    _write(found, worked, pairs)
    found.version += 1
    found.totals, found.state, found.solved_at = totals, Round.State.PROPOSED, at
    found.facts = mark_of(found, worked.rows)
    found.save(update_fields=["version", "totals", "state", "solved_at", "facts"])
    Solution.objects.create(
        round=found, area_code=found.area_code, version=found.version, weights=found.weights, totals=totals, by=by,
        at=at, wishes=_told(worked.rows), packed=packing.pack(_kept(worked)),
    )  # fmt: skip
    trail.write("pairing.rounds.solve", about=found, by=by, at=at, version=found.version,
                paired=totals["paired"], households=totals["households"], objective=totals["objective"])  # fmt: skip
    return totals


def work_out(round: Round, progress: Tell) -> Worked:
    """Read, link, state, solve; nothing is written."""
    progress(0, STEPS, N_("正在读取名册"))
    rows = rows_of(round)
    began = perf_counter()
    progress(1, STEPS, N_("正在安排单位联村"))
    linked = link(rows, round)
    progress(2, STEPS, N_("正在整理条件"))
    stated = state(rows, linked, round)
    progress(3, STEPS, N_("正在求最优结对"))
    held = proposing.standing(rows, stated) if round.kind == Round.Kind.REPAIR else None
    solution = solve(stated.problem) if held is None else repair(stated.problem, held).solution
    return Worked(rows, linked, stated, solution, held, float(f"{perf_counter() - began:.2f}"))


def link(rows: facts.Rows, round: Round) -> linking.Linked:
    """Units to villages; during the year the links stand as they are."""
    if round.kind == Round.Kind.REPAIR:
        kept = rows.links.select(
            "unit", "village", change=pl.lit("kept"), why=pl.lit(""), km=pl.lit(None, pl.Float64),
            cost=pl.lit(0, pl.Int64), terms=pl.lit("{}"),
        )  # fmt: skip
        return linking.Linked(kept, {}, 0)
    return linking.link_units(
        units=rows.units, cadres=rows.cadres, villages=rows.villages_to_link,
        links=rows.links, wished=rows.wished_links, roads=rows.roads,
        profile=active_profile.active(), on=round.on, weights=round.weights,
    )  # fmt: skip


def state(rows: facts.Rows, linked: linking.Linked, round: Round) -> stating.Stated:
    """The problem of the second step."""
    county = rows.county(linked.standing, during_the_year=round.kind == Round.Kind.REPAIR)
    return stating.state(county, profile=active_profile.active(), on=round.on, weights=round.weights)


def rows_of(round: Round) -> facts.Rows:
    wishes = round.wishes.select_related("cadre", "household", "unit", "village").order_by("pk")
    return facts.rows_of(round.area, on=round.on, profile=active_profile.active(), wishes=wishes)


def mark_of(round: Round, rows: facts.Rows) -> str:
    """One short mark of everything a solving rests on."""
    tables = (
        rows.cadres.drop("name"), rows.units.drop("name"), rows.households, rows.links, rows.villages.drop("name"),
        rows.forbidden.sort("cadre", "household", "why"), rows.pinned.sort("cadre", "household"),
        rows.wished_links.sort("kind", "unit", "village"), rows.ending.sort("id"),
    )  # fmt: skip
    return packing.digest(
        *tables,
        rows.roads.place_key,
        rows.roads.arcs,
        sorted(round.weights.items()),
        round.on,
        round.profile,
        round.kind,
    )


@dataclass(frozen=True)
class Changes:
    """What is no longer as it was when the round was solved."""

    lines: tuple[Said, ...]

    def said(self) -> Said:
        """All of it in one sentence."""
        sentence = "；".join(f"{{p{at}}}" for at in range(len(self.lines)))
        return Said(sentence, {f"p{at}": line for at, line in enumerate(self.lines)})


def changes_since(round: Round) -> Changes | None:
    """What changed since a round was solved; None when the proposal is still up to date."""
    rows = rows_of(round)
    if mark_of(round, rows) == round.facts:
        return None
    solution = round.solutions.order_by("-version").first()
    if solution is None:
        return Changes((Said(N_("还没有计算")),))
    now = state(rows, link(rows, round), round).problem
    return Changes(tuple(proposing.differences(packing.unpack(solution.packed).problem, now, solution, round)))


def _kept(worked: Worked) -> packing.Kept:
    return packing.Kept(
        worked.stated.problem, worked.solution.who, worked.stated.cadres["id"].to_numpy(),
        worked.stated.households["id"].to_numpy(), worked.standing,
        worked.linked.solution.problem if worked.linked.solution else None,
    )  # fmt: skip


def _told(rows: facts.Rows) -> list[dict[str, str]]:
    """The office's own hand in this version, to compare later."""
    told = [{"kind": "pin", **row} for row in rows.pinned.iter_rows(named=True)]
    told += [{"kind": "forbid", **row} for row in rows.forbidden.iter_rows(named=True)]
    return told + list(rows.wished_links.iter_rows(named=True))


def _write(round: Round, worked: Worked, pairs: pl.DataFrame) -> None:
    """The proposal's rows anew, by COPY."""
    round.pairs.all().delete()
    round.links.all().delete()
    merging.copy("pairing_proposedpair", pairs.select(
        round_id=pl.lit(round.pk), household_id="household_id", cadre_id="cadre_id", last_cadre_id="last_cadre_id",
        area_code="village", slot="slot", change="change", why="why", km="km", cost="cost", terms="terms",
    ))  # fmt: skip
    if round.kind == Round.Kind.REPAIR:
        return
    units = dict(zip(worked.rows.units["code"], worked.rows.units["id"], strict=True))
    units |= dict(zip(worked.rows.links["unit"], worked.rows.links["unit_id"], strict=True))
    villages = dict(zip(worked.rows.villages["code"], worked.rows.villages["id"], strict=True))
    villages |= dict(zip(worked.rows.links["village"], worked.rows.links["village_id"], strict=True))
    links = worked.linked.links
    merging.copy("pairing_proposedlink", links.select(
        round_id=pl.lit(round.pk),
        unit_id=pl.col("unit").replace_strict(units, return_dtype=pl.Int64),
        village_id=pl.col("village").replace_strict(villages, return_dtype=pl.Int64),
        area_code="village", change="change", why="why", km="km", cost="cost", terms="terms",
    ))  # fmt: skip
