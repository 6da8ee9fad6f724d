"""Living cases for the demo: exits of a village at every stage of the procedure, an application, a birth (REG-4).

Everything by the verbs, at moments of the last weeks, so that notices have really run; people are made up.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from shuanglian.accounts.models import User
from shuanglian.areas.models import Area
from shuanglian.core.clock import day_of
from shuanglian.core.profile import active
from shuanglian.procedures.actions import cases, checking, lists, meetings, papers, postings
from shuanglian.procedures.models import Case, CaseList
from shuanglian.recognition.actions import opening
from shuanglian.registry.models import Household

PAPER = b"%PDF-1.7\n% demo paper, made up\n%%EOF\n"
BEGUN, MET, CLOSED, VERIFIED = 24, 22, 13, 11  # days before today
MOST, LEAST = 15, 3  # households of the village on both lists and in the birth; without so many there is no example


@dataclass(frozen=True)
class Folk:
    """Who acts: the village committee, the township's office."""

    committee: User
    township: User


@transaction.atomic
def show(*, village: Area, committee: User, township: User, at: datetime) -> list[CaseList]:
    """Two lists of exits, one before the township's re-check and one on the village board, an application, a birth."""
    if Case.objects.filter(area=village).exists():
        return list(CaseList.objects.filter(area=village))
    folk = Folk(committee, township)
    homes = list(Household.objects.within(village).standing().order_by("-income_per_head", "id")[:MOST])
    if len(homes) < LEAST or "exit" not in active().procedures:
        return []
    half = len(homes) // 2
    far = _proposed("第一批脱贫退出", homes[:half], folk, at - timedelta(days=BEGUN))
    _met(far, village, folk, at - timedelta(days=MET))
    _posted(far, folk, at - timedelta(days=MET))
    _closed(far, folk, at - timedelta(days=CLOSED))
    _verified(far, folk, at - timedelta(days=VERIFIED))
    board = _proposed("第二批脱贫退出", homes[half:-1], folk, at - timedelta(days=3))
    _met(board, village, folk, at - timedelta(days=2))
    _posted(board, folk, at - timedelta(days=2))
    _newcomer(village, folk, at - timedelta(days=1))
    _birth(homes[-1], folk, at - timedelta(days=1))
    return [far, board]


def _proposed(name: str, homes: Sequence[Household], folk: Folk, at: datetime) -> CaseList:
    opened = [
        opening.about_household(procedure="exit", household=home, why="收入稳定过线，住房、饮水、上学、看病有保障", asked={},
                                by=folk.committee, at=at)
        for home in homes
    ]  # fmt: skip
    made = lists.make(procedure="exit", name=name, area=homes[0].village, by=folk.committee, at=at, cases=opened)
    papers.add(of=made, step="application", code="proposal", upload=PAPER, by=folk.committee, at=at)
    for case in opened:
        cases.pass_step(case=case, step="application", on=day_of(at), by=folk.committee, at=at)
    return made


def _at(made: CaseList, step: str) -> list[int]:
    return list(Case.objects.filter(list=made, step=step).order_by("pk").values_list("pk", flat=True))


def _met(made: CaseList, village: Area, folk: Folk, at: datetime) -> None:
    sitting = meetings.Sitting(area=village, chair="村党支部书记", representatives=36, present=30, place="村委会会议室",
                               writer="村文书", others=4, minutes="逐户介绍收入和住房情况，村民代表发言后举手表决。")  # fmt: skip
    votes = {pk: meetings.Votes(28 - place % 4, place % 4, 2) for place, pk in enumerate(_at(made, "evaluation"))}
    meetings.decide(step="evaluation", sitting=sitting, votes=votes, on=day_of(at), by=folk.committee, at=at, of=made,
                    papers={"minutes": [PAPER], "photo": [PAPER]})  # fmt: skip


def _posted(made: CaseList, folk: Folk, at: datetime) -> None:
    postings.post(cases=_at(made, "first_notice"), step="first_notice", by=folk.committee, at=at, of=made, strict=True)


def _closed(made: CaseList, folk: Folk, at: datetime) -> None:
    postings.close(
        cases=_at(made, "first_notice"), step="first_notice", on=day_of(at), by=folk.committee, at=at, of=made
    )


def _verified(made: CaseList, folk: Folk, at: datetime) -> None:
    findings = {pk: checking.Finding() for pk in _at(made, "verification")}
    checking.verify(step="verification", findings=findings, on=day_of(at), by=folk.township, at=at, of=made)


def _newcomer(village: Area, folk: Folk, at: datetime) -> None:
    asked = {"head": {"name": "吴新来"}, "values": {"main_cause": next(iter(active().causes)), "size": 3},
             "members": [], "relatives": []}  # fmt: skip
    opening.about_newcomer(procedure="entry", village=village, why="去年户主患病，花费大，收入没有过线", asked=asked,
                           by=folk.committee, at=at)  # fmt: skip


def _birth(home: Household, folk: Folk, at: datetime) -> None:
    relation = active().codes["relation"].find("之孙女") or ""
    asked = {"values": {"name": "吴小满", "relation": relation}, "on": day_of(at).isoformat()}
    case = opening.about_household(
        procedure="birth", household=home, why="孙女出生", asked=asked, by=folk.committee, at=at
    )
    papers.add(of=case, step="application", code="proof", upload=PAPER, by=folk.committee, at=at)
    cases.pass_step(case=case, step="application", on=day_of(at), by=folk.committee, at=at)
