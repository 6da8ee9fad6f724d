"""Cases driven by generated sequences of deeds: whatever is tried, the story that was let through keeps the rules.

The judge below reads the accepted deeds alone, day by day and by other means than the machine.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from shuanglian.rules.procedure_demands import Given, Meeting, Posted, Sample
from shuanglian.rules.procedure_machine import Actor, Deed, State, after, may, opened
from shuanglian.rules.procedures import DECIDING, Procedure, Step
from shuanglian.rules.profile import load

START = date(2017, 3, 1)
PROCEDURES = {
    f"{name}/{code}": load(name).on(START).procedures[code]
    for name, codes in (
        ("tongwei_2015", ("entry", "exit", "split", "death")), ("gansu_province_2012", ("entry",)),
        ("changshun_2017", ("entry",)),
    )
    for code in codes
}  # fmt: skip
DAY = timedelta(days=1)
# One person may come back in another post: the key is the person, not the chair.
PEOPLE = tuple(
    Actor(f"person-{n}", role, level, kin="同户亲属" if n == 7 else "")
    for role, level in (
        ("village_committee", "village"), ("programme_office", "township"), ("leader", "township"),
        ("programme_office", "county"), ("inspector", "county"),
    )
    for n in range(8)
)  # fmt: skip


@dataclass(frozen=True)
class Done:
    """One deed that was let through."""

    step: Step
    deed: Deed
    actor: Actor
    given: Given
    finding: str = ""


@dataclass
class World:
    """A case, the calendar, the objections made against its notice, and the story so far."""

    procedure: Procedure
    opener: Actor
    today: date = START
    state: State = field(init=False)
    objections: list[tuple[date, date | None]] = field(default_factory=list)
    opens_on: date | None = None
    story: list[Done] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.state = opened(self.procedure, on=self.today, by=self.opener.key)

    @property
    def step(self) -> Step:
        return self.procedure.step(self.state.at)

    def posted(self) -> Posted | None:
        if self.opens_on is None:
            return None
        unanswered = sum(until is None for _since, until in self.objections)
        return Posted(self.opens_on, self.step.days, tuple(self.objections), unanswered=unanswered)

    def attempt(self, deed: Deed, actor: Actor, told: Given) -> str:
        """The code of the refusal, "" when it was done."""
        refusal = may(self.procedure, self.state, deed, actor, told)
        if refusal is not None:
            return refusal.code
        step, before = self.step, self.state.at
        self.story.append(Done(step, deed, actor, told, told.finding))
        self.state = after(self.procedure, self.state, deed, actor, told.finding)
        if deed.name == "post" and step.kind == "notice":
            self.opens_on, self.objections = deed.on, []
        elif self.state.at != before:
            self.opens_on, self.objections = None, []
        return ""


def right(world: World, who: int, of: int = 10) -> tuple[Deed, Actor, Given]:
    """A deed that is in order at the step the case stands at, by the `who`-th fitting person."""
    step, today = world.step, world.today
    fitting = [one for one in PEOPLE if one.role in step.by and one.level == step.level and not one.kin]
    actor = fitting[who % len(fitting)]
    told: dict[str, Any] = {"documents": step.required, "posted": world.posted()}
    name, to = "pass", ""
    if step.kind == "evaluation":
        told["meeting"] = Meeting(30, 20, 11, 9)
    elif step.kind in ("verification", "comparison"):
        told |= {"method": step.methods[0], "finding": "confirmed"}
    elif step.kind == "recheck" and not world.state.finding:
        name, told = "check", {"method": "visit", "finding": "confirmed"}
    elif step.kind == "recheck":
        told["sample"] = Sample(of, -(-of // 5), True)
    elif step.stands and not world.state.posted:
        name = "post"
    elif step.kind == "signoff":
        name, to = "sign", next(one.code for one in step.signs if one.code not in world.state.signed)
    return Deed(name, today, today, to), actor, Given(**told)  # type: ignore[arg-type]


@st.composite
def anything(draw: Any, world: World) -> tuple[Deed, Actor, Given]:
    """Any deed by anybody on any day near, with whatever they bring."""
    step = world.step
    codes = [one.code for one in world.procedure.steps]
    name = draw(st.sampled_from(("post", "pass", "refuse", "check", "sign", "back", "hold", "release", "withdraw")))
    posts = [one.code for one in step.signs] or ["party_secretary"]
    to = draw(st.sampled_from(codes)) if name == "back" else draw(st.sampled_from(posts)) if name == "sign" else ""
    on = world.today + draw(st.integers(-9, 2)) * DAY
    present = draw(st.integers(0, 32))
    votes = draw(st.tuples(*[st.integers(0, 20)] * 3))
    told = Given(
        documents=draw(st.sampled_from((step.required, frozenset()))), meeting=Meeting(30, present, *votes),
        posted=world.posted(), sample=Sample(draw(st.integers(1, 40)), draw(st.integers(0, 8)), draw(st.booleans())),
        method=draw(st.sampled_from(("visit", "papers", "data", "phone", ""))),
        finding=draw(st.sampled_from(("confirmed", "doubtful", ""))),
    )  # fmt: skip
    return Deed(name, on, world.today, to, draw(st.sampled_from(("理由", "")))), draw(st.sampled_from(PEOPLE)), told


def full_days(done: Sequence[Done], world: World, opens_on: date, on: date, stood: Sequence[Any]) -> int:
    """Days after the posting and before `on` on which no objection was open, counted one by one."""
    between = [opens_on + n * DAY for n in range(1, (on - opens_on).days)]
    return sum(not any(since <= day and (until is None or day <= until) for since, until in stood) for day in between)


def judge(world: World) -> None:
    """REG-4, REG-5, REG-9 read off the story of what was let through."""
    order = [step.code for step in world.procedure.steps]
    place, last, opens_on = 0, START, None
    acted: dict[str, set[Any]] = {"": {world.opener.key}}
    signed: dict[str, Any] = {}
    over = False
    for done in world.story:
        step, deed = done.step, done.deed
        assert not over, "nothing is done to a case that is over"
        assert order[place] == step.code, "no step is skipped"
        assert last <= deed.on <= deed.today, "no back-dating, nothing ahead of time"
        last = deed.on
        if step.kind in DECIDING and deed.name != "withdraw":
            assert not done.actor.kin, "a relative decides nothing"
        if step.kind == "approval" and deed.name != "withdraw":
            proposing = [code for code in order if world.procedure.step(code).kind in
                         ("application", "evaluation", "verification", "comparison", "confirmation")]  # fmt: skip
            assert done.actor.key not in acted[""].union(*(acted.get(code, set()) for code in proposing))
        if deed.name == "post" and step.kind == "notice":
            opens_on = deed.on
            assert deed.on == deed.today
        if deed.name == "pass" and step.kind == "notice":
            assert opens_on is not None
            assert done.given.posted is not None
            assert full_days(world.story, world, opens_on, deed.on, done.given.posted.stood) >= step.days
            assert all(until is not None for _since, until in done.given.posted.stood)
        if deed.name == "pass" and step.kind == "evaluation":
            meeting = done.given.meeting
            assert meeting is not None
            assert Fraction(meeting.present, meeting.representatives) >= Fraction(2, 3)
            assert 2 * meeting.in_favour > meeting.present
        if deed.name == "pass" and step.kind == "recheck":
            sample = done.given.sample or Sample()
            assert sample.checked >= sample.of * (step.share or 0)
        if deed.name in ("pass", "post", "sign"):
            assert step.required <= done.given.documents, "no paper is missing"
        if deed.name == "sign":
            assert deed.to not in signed
            assert done.actor.key not in signed.values()
            signed[deed.to] = done.actor.key
        acted.setdefault(step.code, set()).add(done.actor.key)
        whole = {one.code for one in step.signs} == set(signed) if step.signs else False
        onward = deed.name == "pass" or (deed.name == "post" and step.kind == "announcement") or whole
        if deed.name == "back":
            assert order.index(deed.to) < place, "backwards only, and recorded"
            place, opens_on, signed = order.index(deed.to), None, {}
        elif onward:
            place, opens_on, signed = place + 1, None, {}
        over = deed.name in ("refuse", "withdraw") or place == len(order)
    assert (world.state.at == "") == over
    if world.state.stand in ("approved", "announced"):
        assert place > order.index(world.procedure.deciding.code)
    else:
        assert over or place <= order.index(world.procedure.deciding.code)


@settings(max_examples=150)
@given(st.data(), st.sampled_from(sorted(PROCEDURES)))
def test_REG_4_whatever_is_tried_the_story_keeps_the_rules(data: st.DataObject, name: str):
    world = World(PROCEDURES[name], PEOPLE[0])
    for _ in range(60):
        if not world.state.at:
            break
        world.today += data.draw(st.sampled_from((0, 0, 1, 2, 8))) * DAY
        if world.opens_on and data.draw(st.integers(0, 4)) == 0:
            world.objections.append((world.today, None))
        elif world.objections and data.draw(st.booleans()):
            world.objections = [(since, until or world.today) for since, until in world.objections]
        if data.draw(st.integers(0, 3)):
            deed, actor, told = right(world, data.draw(st.integers(0, 5)))
        else:
            deed, actor, told = data.draw(anything(world))
        world.attempt(deed, actor, told)
    event(world.state.stand)
    judge(world)


@settings(max_examples=50)
@given(st.data(), st.sampled_from(sorted(PROCEDURES)))
def test_REG_4_nothing_but_noise_never_gets_a_case_approved_against_the_rules(data: st.DataObject, name: str):
    world = World(PROCEDURES[name], PEOPLE[1])
    for _ in range(40):
        if not world.state.at:
            break
        world.today += data.draw(st.integers(0, 9)) * DAY
        world.attempt(*data.draw(anything(world)))
    judge(world)


@pytest.mark.parametrize("name", sorted(PROCEDURES))
def test_REG_4_a_case_in_order_comes_through_and_not_a_day_early(name: str):
    world = World(PROCEDURES[name], PEOPLE[0])
    early = 0
    while world.state.at:
        deed, actor, told = right(world, len(world.story) + 1)
        code = world.attempt(deed, actor, told)
        if code == "notice_runs":
            early += 1
            world.today += DAY
        elif code == "not_separate":
            fitting = [one for one in PEOPLE if one.role in world.step.by and not one.kin]
            done = next((one for one in fitting if not world.attempt(deed, one, told)), None)
            assert done is not None
        else:
            assert code == "", code
    judge(world)
    notices = [step for step in PROCEDURES[name].steps if step.kind == "notice"]
    assert early == sum(step.days + 1 for step in notices)
    assert world.state.stand == ("announced" if PROCEDURES[name].steps[-1].kind == "announcement" else "approved")


def at_step(code: str, name: str = "tongwei_2015/entry") -> World:
    """A case that has come in order to a step."""
    world = World(PROCEDURES[name], PEOPLE[0])
    while world.state.at != code:
        deed, actor, told = right(world, len(world.story) + 1)
        if world.attempt(deed, actor, told) == "notice_runs":
            world.today += DAY
    return world


def fresh(world: World, role: str, level: str) -> list[Actor]:
    """People of a post who have done nothing to the case yet and are no relatives."""
    acted = frozenset().union(*world.state.doers.values())
    return [one for one in PEOPLE if (one.role, one.level) == (role, level) and not one.kin and one.key not in acted]


def test_REG_4_an_objection_stops_the_clock_and_the_days_count_again_from_its_answer():
    world = at_step("first_notice")
    assert world.attempt(*right(world, 0)) == ""
    world.today += 3 * DAY
    world.objections = [(world.today, None)]
    world.today += 30 * DAY
    assert world.attempt(*right(world, 0)) == "objection_open"
    world.objections = [(world.objections[0][0], world.today)]
    assert world.attempt(*right(world, 0)) == "notice_runs"
    world.today += 5 * DAY  # two days had run before it; five more
    assert world.attempt(*right(world, 0)) == "notice_runs"
    world.today += DAY
    assert world.attempt(*right(world, 0)) == ""


def test_REG_4_a_later_written_day_does_not_shorten_a_notice():
    world = at_step("first_notice")
    assert world.attempt(*right(world, 0)) == ""
    deed, actor, told = right(world, 0)
    assert world.attempt(Deed("pass", deed.on + 8 * DAY, world.today), actor, told) == "in_future"
    world.today += 8 * DAY
    assert world.attempt(Deed("pass", world.today - 2 * DAY, world.today), actor, told) == "notice_runs"
    assert world.attempt(Deed("pass", START - DAY, world.today), actor, told) == "before_last_act"


def test_REG_9_the_one_who_opened_it_does_not_approve_it():
    world = at_step("approval")
    county = next(one for one in PEOPLE if one.role == "programme_office" and one.level == "county" and not one.kin)
    world.state = State(**{**vars(world.state), "doers": {"opened": frozenset({county.key})}})
    assert world.attempt(Deed("pass", world.today, world.today), county, Given()) == "not_separate"


def test_REG_9_a_relative_neither_approves_nor_refuses():
    world = at_step("approval")
    kin = next(one for one in PEOPLE if one.role == "programme_office" and one.level == "county" and one.kin)
    for name in ("pass", "refuse", "back", "hold"):
        deed = Deed(name, world.today, world.today, "verification", "理由")  # type: ignore[arg-type]
        assert world.attempt(deed, kin, Given()) == "relative"


@pytest.mark.parametrize(("present", "code"), [(19, "no_quorum"), (20, "")])
def test_REG_4_two_thirds_of_thirty_are_twenty(present: int, code: str):
    world = at_step("evaluation")
    deed, actor, told = right(world, 1)
    met = Given(documents=told.documents, meeting=Meeting(30, present, present, 0))
    assert world.attempt(deed, actor, met) == code


def test_REG_4_the_votes_decide_not_the_one_who_writes_them_down():
    world = at_step("evaluation")
    deed, actor, told = right(world, 1)
    even = Given(documents=told.documents, meeting=Meeting(30, 20, 10, 10))
    more = Given(documents=told.documents, meeting=Meeting(30, 20, 11, 9))
    refuse = Deed("refuse", deed.on, deed.today, why="没过半")
    assert world.attempt(deed, actor, even) == "votes_say_otherwise"
    assert world.attempt(refuse, actor, more) == "votes_say_otherwise"
    assert world.attempt(refuse, actor, even) == ""
    assert world.state.stand == "refused"


@pytest.mark.parametrize("method", ["phone", "papers", ""])
def test_REG_5_neither_phone_nor_hearsay_verifies_a_house(method: str):
    world = at_step("verification")
    deed, actor, _told = right(world, 1)
    assert world.attempt(deed, actor, Given(method=method, finding="confirmed")) == "method"


def test_REG_4_one_in_five_of_forty_one_are_nine():
    world = at_step("township_recheck")
    verified = world.state.doers["verification"]
    actor = next(one for one in PEOPLE if one.role == "leader" and one.key not in verified)
    told = Given(method="visit", finding="confirmed")
    assert world.attempt(Deed("check", world.today, world.today), actor, told) == ""
    ready = Deed("pass", world.today, world.today)
    assert world.attempt(ready, actor, Given(sample=Sample(41, 8, True))) == "share_missing"
    assert world.attempt(ready, actor, Given(sample=Sample(41, 9, True))) == ""


def test_REG_5_three_posts_three_people():
    world = at_step("signoff", "tongwei_2015/exit")
    world.state = replace(world.state, doers={"opened": frozenset({"person-0"})})
    leaders, kin = fresh(world, "leader", "township"), PEOPLE[23]
    assert (kin.role, bool(kin.kin)) == ("leader", True)
    sign = lambda post: Deed("sign", world.today, world.today, post)  # noqa: E731
    assert world.attempt(sign("party_secretary"), leaders[0], Given()) == ""
    assert world.attempt(sign("party_secretary"), leaders[1], Given()) == "signed_already"
    assert world.attempt(sign("township_head"), leaders[0], Given()) == "signs_twice"
    assert world.attempt(Deed("pass", world.today, world.today), leaders[1], Given()) == "not_by_hand"
    assert world.attempt(sign("township_head"), leaders[1], Given()) == ""
    assert world.state.at == "signoff"
    assert world.attempt(sign("congress_chair"), kin, Given()) == "relative"
    assert world.attempt(sign("congress_chair"), leaders[2], Given()) == ""
    assert world.state.at == "county_recheck"


def test_REG_4_sent_back_means_done_again_with_a_new_notice():
    world = at_step("second_notice")
    assert world.attempt(*right(world, 0)) == ""
    township = next(one for one in PEOPLE if one.role == "programme_office" and one.level == "township")
    assert world.attempt(Deed("back", world.today, world.today, "application", "重来"), township, Given()) == (
        "not_back_there"
    )
    assert world.attempt(Deed("back", world.today, world.today, "verification"), township, Given()) == "no_reason"
    assert world.attempt(Deed("back", world.today, world.today, "verification", "核查有误"), township, Given()) == ""
    assert (world.state.at, world.state.posted) == ("verification", False)
    judge(world)


def test_REG_3_a_held_case_goes_nowhere_until_it_is_released():
    world = at_step("approval")
    world.state = replace(world.state, doers={"opened": frozenset({"person-0"})})
    county = fresh(world, "programme_office", "county")
    deed = lambda name: Deed(name, world.today, world.today, why="待查")  # noqa: E731
    assert world.attempt(deed("hold"), county[2], Given()) == ""
    assert world.attempt(deed("pass"), county[2], Given()) == "held"
    assert world.attempt(deed("release"), county[2], Given()) == ""
    assert world.attempt(deed("pass"), county[2], Given()) == ""
    assert world.state.stand == "approved"
