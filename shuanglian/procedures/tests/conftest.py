"""A piece of Gansu, its people, papers, and a county's newcomers on their way; a small effect for tests."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from typing import Any

import pytest
from PIL import Image

from shuanglian.accounts.tests.factories import UserFactory
from shuanglian.areas.tests.factories import gansu
from shuanglian.procedures import hooks
from shuanglian.procedures.actions import cases, checking, lists, meetings, papers, postings
from shuanglian.procedures.actions.cases import Wanted
from shuanglian.procedures.actions.checking import Finding
from shuanglian.procedures.actions.meetings import Sitting, Votes
from shuanglian.trail.tests.emptying import let_tests_empty_the_trail

let_tests_empty_the_trail()

BEGAN = datetime(2016, 3, 1, 1, tzinfo=UTC)  # nine in the morning in the county
SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章"


def picture(shade: int = 90) -> bytes:
    made = BytesIO()
    Image.new("RGB", (40, 30), (shade, 120, 60)).save(made, "JPEG")
    return made.getvalue()


@dataclass
class Effects:
    """What the test's effect was told, and what the rooms above would say."""

    taken: list[tuple[str, int]] = field(default_factory=list)
    kin: dict[tuple[str, int], str] = field(default_factory=dict)  # (label of the case, user) → why
    registered: bool = False
    fails: Any = None


@pytest.fixture
def effects(monkeypatch):
    told = Effects()

    def take(some, *, by, at):
        if told.fails is not None:
            raise told.fails
        told.taken += [(case.label, case.pk) for case in some]

    def facts(some, on):
        return {case.pk: {"household": {"registered": told.registered}} for case in some}

    def row(some):
        return {
            case.pk: {"name": case.label, "village": case.area.name, "group": "一组", "reason": "因病"} for case in some
        }

    def relatives(some, user):
        return {case.pk: why for case in some if (why := told.kin.get((case.label, user.pk)))}

    subject = hooks.Subject(facts=facts, row=row)
    monkeypatch.setattr(hooks, "_subjects", {"newcomer": subject, "household": subject, "person": subject})
    monkeypatch.setattr(hooks, "_effects", {"enter": take, "exit": take, "correct": take})
    monkeypatch.setattr(hooks, "_relatives", [relatives])
    monkeypatch.setattr(hooks, "_guards", {})
    monkeypatch.setattr(hooks, "_after", [])
    return told


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@dataclass
class World:
    """The county, one person of every level (two where two are needed), and the calendar."""

    place: Any
    people: dict[str, Any]
    at: datetime = BEGAN

    def __getattr__(self, name: str) -> Any:
        try:
            return self.people[name]
        except KeyError:
            raise AttributeError(name) from None

    @property
    def today(self) -> date:
        return self.at.date()

    def later(self, days: int) -> None:
        self.at += timedelta(days=days)

    @property
    def village(self) -> Any:
        return self.place.villages[1]

    # --- the way of a list, step by step ------------------------------------------------------------------------------
    def opened(self, many: int = 1, *, procedure: str = "entry", kind: str = "newcomer") -> Any:
        wanted = [
            Wanted(f"{procedure}.{kind}:{n}", f"{SURNAMES[n % len(SURNAMES)]}家{n}", self.village, "因病致贫")
            for n in range(many)
        ]
        made = lists.make(procedure=procedure, name="第一批", area=self.village, by=self.committee, at=self.at)
        cases.open_many(procedure=procedure, wanted=wanted, on=self.today, by=self.committee, at=self.at, into=made)
        return made

    def applied(self, made: Any) -> None:
        papers.add(of=made, step="application", code="application", upload=picture(), by=self.committee, at=self.at)
        self.all_pass(made, "application", self.committee)

    def all_pass(self, made: Any, step: str, by: Any) -> Any:
        pks = list(made.cases.filter(step=step).values_list("pk", flat=True))
        wish = lists.Wish("pass")
        return lists.move_together(of=made, cases=pks, step=step, wish=wish, on=self.today, by=by, at=self.at)

    def met(self, made: Any, votes: Any = None, **changes: Any) -> Any:
        pks = list(made.cases.filter(step="evaluation").order_by("pk").values_list("pk", flat=True))
        sitting = Sitting(**({"area": self.village, "chair": "马书记", "representatives": 30, "present": 24} | changes))
        return meetings.decide(
            step="evaluation", sitting=sitting, votes=votes or {pk: Votes(20, 3, 1) for pk in pks}, on=self.today,
            by=self.committee, at=self.at, of=made, papers={"minutes": [picture(1)], "photo": [picture(2)]},
        )  # fmt: skip

    def posted(self, made: Any, step: str, by: Any) -> Any:
        pks = list(made.cases.filter(step=step).values_list("pk", flat=True))
        return postings.post(cases=pks, step=step, by=by, at=self.at, of=made)

    def closed(self, made: Any, step: str, by: Any) -> Any:
        pks = list(made.cases.filter(step=step).values_list("pk", flat=True))
        return postings.close(cases=pks, step=step, on=self.today, by=by, at=self.at, of=made)

    def verified(self, made: Any) -> Any:
        pks = made.cases.filter(step="verification").values_list("pk", flat=True)
        return checking.verify(
            step="verification", findings={pk: Finding(content={"told": "核实无误"}) for pk in pks}, on=self.today,
            by=self.township, at=self.at, of=made,
        )  # fmt: skip

    def rechecked(self, made: Any, step: str, by: Any) -> Any:
        drawn = checking.draw(of=made, step=step, by=by, at=self.at)
        mine = {pk: Finding() for pk in drawn.drawn.values_list("case", flat=True)}
        checking.check(step=step, findings=mine, on=self.today, by=by, at=self.at)
        pks = list(made.cases.filter(step=step).values_list("pk", flat=True))
        checking.finish(cases=pks, step=step, on=self.today, by=by, at=self.at, of=made)
        return drawn

    def at_second_notice(self, many: int) -> Any:
        made = self.opened(many)
        self.applied(made)
        self.met(made)
        self.posted(made, "first_notice", self.committee)
        self.later(8)
        self.closed(made, "first_notice", self.committee)
        self.verified(made)
        self.rechecked(made, "township_recheck", self.secretary)
        return made

    def at_approval(self, many: int) -> Any:
        made = self.at_second_notice(many)
        self.posted(made, "second_notice", self.township)
        self.later(8)
        self.closed(made, "second_notice", self.township)
        self.rechecked(made, "county_recheck", self.county)
        return made


@pytest.fixture
def world(db, effects):
    place = gansu()

    def user(name, role, area):
        return UserFactory(username=name, full_name=name, role=role, area=area)

    return World(place, {
        "committee": user("committee", "village_committee", place.villages[1]),
        "neighbours": user("neighbours", "village_committee", place.villages[2]),
        "township": user("township", "programme_office", place.township),
        "secretary": user("secretary", "leader", place.township),
        "county": user("county", "programme_office", place.county),
        "deputy": user("deputy", "programme_office", place.county),
        "elsewhere": user("elsewhere", "programme_office", place.neighbour),
    })  # fmt: skip
