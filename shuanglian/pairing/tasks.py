"""Work that takes longer than a page: solving a round, writing its pairs and its public list."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from django.utils import translation
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from shuanglian.accounts.rights import may
from shuanglian.core import clock, profile
from shuanglian.core.export import Group, Heading, PrintSetup, workbook
from shuanglian.jobs.tasks import QUEUE
from shuanglian.jobs.work import Progress, work
from shuanglian.kernel.refusal import Refusal
from shuanglian.kernel.words import N_
from shuanglian.trail import trail

from . import access, wording
from .actions import coverage, solving
from .actions.confirming import PUBLIC_LIST
from .models import ProposedPair, Round

if TYPE_CHECKING:
    from shuanglian.jobs.models import Job

PIECE = 2_000


@work(solving.SOLVE, permission="pairing.view")
def solve(job: Job, progress: Progress) -> dict[str, Any]:
    """Units to villages, then cadres to households; the same again when it was interrupted."""
    round = Round.objects.get(pk=job.params["round"])
    totals = solving.propose(round=round, by=job.by, at=clock.now(), progress=progress)
    return {name: totals[name] for name in ("households", "paired", "none", "objective")}


@work("pairing.print", permission="registry.export")
def print_pairs(job: Job, progress: Progress) -> dict[str, Any]:
    """All pairs of a round by township and village, ready to print; every household is in it or nothing is made."""
    round = _round(job, "registry.export")
    with translation.override(job.params.get("language", "zh-hans")):
        headings = [
            Heading(_("户编号"), 18), Heading(_("户主"), 10), Heading(_("组"), 8), Heading(_("人口"), 6, "whole"),
            Heading(_("主要致贫原因"), 12), Heading(_("困难程度"), 10),
            Heading(_("责任人"), 10), Heading(_("单位"), 22),
            Heading(_("职级"), 10), Heading(_("性质"), 12), Heading(_("变化"), 8), Heading(_("原因"), 22),
            Heading(_("公里"), 7),
        ]  # fmt: skip
        setup = PrintSetup(
            paper="A3", below_title=_("{area}　{on} 起").format(area=round.area.name, on=round.on),
            sign_off=(_("编制人"), _("复核人"), _("负责人")), break_pages=True, closing=_("合计 {rows} 户，没有遗漏。"),
        )  # fmt: skip
        made = _write(round, _pairs_of(round), headings, _full, setup, round.name, progress)
    trail.write("pairing.print", about=round, by=job.by, at=clock.now(), rows=made)
    return {"rows": made}


@work(PUBLIC_LIST, permission="pairing.publish")
def public_list(job: Job, progress: Progress) -> dict[str, Any]:
    """The list for the village board: who answers for whom, without numbers, causes or incomes (PAIR-1)."""
    round = _round(job, "pairing.publish")
    if round.state != Round.State.PUBLISHED:
        raise Refusal("not_published", N_("公布之后才有公示名单"))
    with translation.override(job.params.get("language", "zh-hans")):
        headings = [
            Heading(_("村民小组"), 12), Heading(_("户主"), 12), Heading(_("人口"), 8, "whole"),
            Heading(_("帮扶责任人"), 12), Heading(_("单位"), 30), Heading(_("开始日期"), 12, "date"),
        ]  # fmt: skip
        setup = PrintSetup(
            paper="A4", landscape=False, below_title=_("{area}　{on} 起").format(area=round.area.name, on=round.on),
            sign_off=(_("公示单位（盖章）"),), break_pages=True, closing=_("合计 {rows} 户"),
        )  # fmt: skip
        title = _("{name} 公示名单").format(name=round.name)
        pairs = _pairs_of(round).filter(cadre__isnull=False)
        made = _write(round, pairs, headings, _public, setup, title, progress)
    trail.write("pairing.public_list", about=round, by=job.by, at=clock.now(), rows=made)
    return {"rows": made}


def _round(job: Job, permission: str) -> Round:
    """The round of a job, if the person who ordered it may still see it."""
    found = job.by and access.rounds_seen_by(job.by).filter(pk=job.params["round"]).select_related("area").first()
    if not found or not may(job.by, permission):
        raise Refusal("no_such_round", N_("找不到这一轮，或它不在您的管辖范围"))
    return found


def _pairs_of(round: Round) -> Any:
    return (
        ProposedPair.objects.filter(round=round).exclude(change=ProposedPair.Change.ENDED)
        .select_related("household__village__parent", "cadre__unit").order_by("area_code", "household__number")
    )  # fmt: skip


def _full(pair: ProposedPair) -> list[Any]:
    household, cadre = pair.household, pair.cadre
    return [
        household.number, household.head_name, household.group, household.size,
        profile.label("cause", household.main_cause), wording.band_label(household.need_band),
        cadre.name if cadre else "", cadre.unit.name if cadre else "",
        profile.label("rank", cadre.rank) if cadre else "",
        pair.get_slot_display() if cadre else "", pair.get_change_display(), wording.reason(pair.why),
        None if pair.km is None else f"{pair.km:.1f}",
    ]  # fmt: skip


def _public(pair: ProposedPair) -> list[Any]:
    household, cadre = pair.household, pair.cadre
    return [
        household.group, household.head_name, household.size, cadre.name if cadre else "",
        cadre.unit.name if cadre else "", pair.round.on,
    ]  # fmt: skip


def _write(
    round: Round, pairs: Any, headings: list[Heading], line: Any, setup: PrintSetup, title: str, progress: Progress
) -> int:
    wanted = pairs.count()

    def rows() -> Iterator[list[Any] | Group]:
        village = None
        for pair in pairs.iterator(chunk_size=PIECE):
            place = pair.household.village
            if place.pk != village:
                village = place.pk
                yield Group(f"{place.parent.name} {place.name}" if place.parent else place.name)
            pair.round = round
            yield line(pair)

    buffer = io.BytesIO()
    made = workbook(buffer, title, headings, rows(), print_setup=setup, sheet=round.area.name,
                    on_row=lambda done: progress(done, wanted, N_("正在写名单")))  # fmt: skip
    if made != wanted:
        raise Refusal("list_incomplete", N_("应有 {wanted} 户，只写出 {made} 户，未生成文件"), wanted=wanted, made=made)
    progress.keep(buffer.getvalue(), f"{title}.xlsx")
    return made


@app.periodic(cron="17 0 * * *", periodic_id="pairing.nightly")
@app.task(name="pairing.nightly", queue=QUEUE, queueing_lock="pairing.nightly")
def nightly(timestamp: int) -> None:
    """Soon after midnight: pairs confirmed ahead of their day now count, those that ended no longer do."""
    coverage.rebuild(None, clock.now())
