"""A county's entries end to end: every case opened, met about, posted, verified, re-checked, posted, approved, announced.

`python -m bench.cases [--cases N]`. In a database of its own, through the verbs that the pages call, village by village
up to the township and county by county after it, with the calendar moved on between the steps so that notices run.
Processor time of this process; the database's own is told beside it.
"""

from __future__ import annotations

import argparse
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from .pages import own_database

CASES, TOWNSHIPS = 20_000, 18
BEGUN = datetime(2016, 3, 1, 1, tzinfo=UTC)
PAPER = b"%PDF-1.7\n% made up\n%%EOF\n"


@dataclass
class Clock:
    """Seconds by step: (processor of this process, by the clock)."""

    at: datetime = BEGUN
    taken: dict[str, tuple[float, float]] = field(default_factory=lambda: defaultdict(lambda: (0.0, 0.0)))

    @contextmanager
    def timing(self, step: str) -> Iterator[None]:
        begin = time.process_time(), time.perf_counter()
        yield
        before, done = self.taken[step], (time.process_time() - begin[0], time.perf_counter() - begin[1])
        self.taken[step] = before[0] + done[0], before[1] + done[1]

    def later(self, days: int) -> None:
        self.at += timedelta(days=days)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", type=int, default=CASES)
    parser.add_argument("--full", action="store_true", help="adds nothing")
    options = parser.parse_args()
    with own_database():
        print(measure(options.cases))


def measure(many: int) -> str:
    from shuanglian.cli.service import make_ready
    from shuanglian.procedures.models import Act, Case
    from shuanglian.registry.models import Household

    make_ready(quiet=True)
    clock, folk = Clock(), people(many)
    walk(folk, many, clock)
    done, acts = Case.objects.filter(stand="announced").count(), Act.objects.count()
    assert done == Household.objects.count() == many, (done, Household.objects.count(), many)
    return _page(many, len(folk["villages"]), acts, clock)


def _page(many: int, villages: int, acts: int, clock: Clock) -> str:
    lines = [
        f"{many:,} applications of {villages} villages of one county through all nine steps of entry (REG-4), {acts:,} "
        f"acts chained, every household enrolled; seconds for all of them.",
        "", "| step | processor time | clock (database included) | processor ms a case |", "| --- | --- | --- | --- |",
    ]  # fmt: skip
    for step, (processor, wall) in clock.taken.items():
        lines.append(f"| {step} | {processor:.1f} | {wall:.1f} | {processor * 1000 / many:.2f} |")
    processor, wall = (sum(one[at] for one in clock.taken.values()) for at in (0, 1))
    lines.append(f"| **all** | **{processor:.1f}** | {wall:.1f} | **{processor * 1000 / many:.2f}** |")
    return "\n".join(lines)


def people(many: int) -> dict[str, Any]:
    """One committee a village, two people a township and two in the county."""
    from shuanglian.accounts.models import User
    from shuanglian.areas.models import Area

    county = Area.objects.get(code="621121000000")
    villages = list(Area.objects.current().filter(level=5, code__startswith="621121", kind="real").order_by("code"))
    villages = villages[: max(1, many // 60)]
    towns = {one.parent_id: one.parent for one in villages}

    def user(name: str, role: str, area: Area) -> User:
        return User.objects.create(username=name, full_name=name, role=role, area=area)

    return {
        "county": [user(f"county{n}", "programme_office", county) for n in range(2)],
        "towns": {pk: [user(f"town{pk}-{n}", "programme_office", town) for n in range(2)] for pk, town in towns.items()},
        "villages": [(one, user(f"village{one.code}", "village_committee", one)) for one in villages],
        "area": county,
    }  # fmt: skip


def walk(folk: dict[str, Any], many: int, clock: Clock) -> None:
    from shuanglian.core.clock import day_of
    from shuanglian.procedures import queries
    from shuanglian.procedures.actions import cases, checking, lists, meetings, papers, postings
    from shuanglian.procedures.models import CaseList

    def at(made: CaseList, step: str) -> list[int]:
        rows = queries.cases_of(made).filter(step=step)
        return list(rows.order_by("pk").values_list("pk", flat=True))

    def told(by: Any) -> dict[str, Any]:
        return {"on": day_of(clock.at), "by": by, "at": clock.at}

    made: list[tuple[Any, Any, CaseList]] = []
    share = -(-many // len(folk["villages"]))
    for place, (village, committee) in enumerate(folk["villages"]):
        numbers = range(place * share, min((place + 1) * share, many))
        with clock.timing("opened"):
            one = lists.make(procedure="entry", name="一批", area=village, by=committee, at=clock.at)
            cases.open_many(
                procedure="entry", wanted=[newcomer(village, n) for n in numbers], into=one, **told(committee)
            )
            papers.add(of=one, step="application", code="application", upload=PAPER, by=committee, at=clock.at)
            pks = at(one, "application")
            lists.move_together(of=one, cases=pks, step="application", wish=lists.Wish("pass"), **told(committee))
        with clock.timing("evaluation"):
            sitting = meetings.Sitting(area=village, chair="书记", representatives=40, present=32)
            votes = {pk: meetings.Votes(28, 2, 2) for pk in at(one, "evaluation")}
            meetings.decide(step="evaluation", sitting=sitting, votes=votes, of=one, **told(committee),
                            papers={"minutes": [PAPER], "photo": [PAPER]})  # fmt: skip
        with clock.timing("first notice"):
            postings.post(cases=at(one, "first_notice"), step="first_notice", by=committee, at=clock.at, of=one)
        made.append((village, committee, one))
    clock.later(8)
    with clock.timing("first notice"):
        postings.close_due(at=clock.at)
    for village, _committee, one in made:
        first, second = folk["towns"][village.parent_id]
        with clock.timing("verification"):
            findings = {pk: checking.Finding() for pk in at(one, "verification")}
            checking.verify(step="verification", findings=findings, of=one, **told(first))
        with clock.timing("re-check of the township"):
            recheck(one, "township_recheck", told(second), at)
        with clock.timing("second notice"):
            postings.post(cases=at(one, "second_notice"), step="second_notice", by=first, at=clock.at, of=one)
    clock.later(8)
    with clock.timing("second notice"):
        postings.close_due(at=clock.at)
    first, second = folk["county"]
    for town, (clerk, _other) in folk["towns"].items():
        parts = [one for village, _committee, one in made if village.parent_id == town]
        whole = lists.make(procedure="entry", name="全镇", area=clerk.area, by=clerk, at=clock.at, parts=parts)
        with clock.timing("re-check of the county"):
            recheck(whole, "county_recheck", told(first), at)
        with clock.timing("approval, every household enrolled"):
            lists.approve(of=whole, step="approval", **told(second))
        with clock.timing("announcement"):
            postings.post(cases=at(whole, "announcement"), step="announcement", by=second, at=clock.at, of=whole)


def recheck(of: Any, step: str, told: dict[str, Any], at: Any) -> None:
    from shuanglian.procedures.actions import checking

    drawn = checking.draw(of=of, step=step, by=told["by"], at=told["at"])
    checking.check(
        step=step, findings={pk: checking.Finding() for pk in drawn.drawn.values_list("case", flat=True)}, **told
    )
    checking.finish(cases=at(of, step), step=step, of=of, **told)


def newcomer(village: Any, number: int) -> Any:
    from shuanglian.procedures.actions.cases import Wanted

    asked = {
        "head": {"name": f"户主{number}"},
        "values": {"main_cause": "01", "size": 1},
        "members": [],
        "relatives": [],
    }
    return Wanted(f"newcomer:{number:032d}", f"户主{number}", village, "遭灾", asked)


if __name__ == "__main__":
    main()
