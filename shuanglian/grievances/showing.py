"""A demand as the person who asked reads it: where it is, until when, why it climbed, what was answered (VOICE-3).

Whoever finds a number or a card learns no more than that: the person's own words, names of helpers and what offices
write to each other are not repeated.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core import signing
from django.utils.translation import gettext as _

from shuanglian.areas.models import Area
from shuanglian.attachments.actions.attachments import of
from shuanglian.attachments.models import Attachment
from shuanglian.core.clock import day_of
from shuanglian.core.profile import active, language

from . import wording
from .actions.answers import EVIDENCE
from .holders import LEVEL_NAMES
from .models import Answer, Demand, Reply, Step

SALT, PHOTO_SECONDS = "grievances.photo", 3600
K = Step.Kind


@dataclass(frozen=True)
class Answered:
    """One answer: what came of it, the words, what stands beside them, the addresses of its photos for an hour."""

    answer: Answer
    reply: Reply
    photos: list[str]


@dataclass(frozen=True)
class Told:
    """Everything that the follow page says. asks: the answer that waits for the person's word."""

    about: str
    place: str
    on: date
    now: str
    urgent: bool
    lines: list[tuple[date, str]]
    answers: list[Answered]
    asks: Reply | None
    adds: bool


def told(demand: Demand) -> Told:
    replies = list(demand.replies.select_related("answer").order_by("-id"))
    latest = replies[0] if replies else None
    waits = latest if latest and demand.state == Demand.State.ANSWERED and latest.told_at and not latest.word else None
    return Told(
        about=about(demand), place=demand.village.name, on=demand.on, now=now(demand, latest),
        urgent=bool(demand.urgent), lines=_lines(demand),
        answers=[Answered(one.answer, one, photos(one.answer)) for one in replies], asks=waits,
        adds=demand.state in (Demand.State.HELD, Demand.State.OPEN, Demand.State.JOINED, Demand.State.ANSWERED),
    )  # fmt: skip


def about(demand: Demand) -> str:
    """What it is about, as people say it."""
    return plain(demand.category)


def plain(category: str) -> str:
    """A category as people say it; one that the profile dropped stands as it is."""
    known = active().grievances.categories.get(category)
    return known.plain.in_(language()) if known else category


def who(demand: Demand) -> str:
    """Which desk holds it: a unit or department by its name, a cadre and an office by the rung's."""
    if demand.unit is not None:
        return demand.unit.name
    return wording.department(demand.department) if demand.department else wording.rung(demand.rung)


def now(demand: Demand, latest: Reply | None) -> str:
    """Where it stands, in one sentence."""
    state = Demand.State
    match demand.state:
        case state.HELD:
            return _("收到了。工作人员先看一遍，再转去办。")
        case state.REFUSED:
            return _("没有受理。不同意，可以再提一次，或者打监督电话。")
        case state.ANSWERED:
            return _("有答复了。请看答复，说一声行不行。")
        case state.CLOSED:
            return _closed(latest)
    held = demand.joined_to or demand
    if held.due_on is None:
        return _("收到了，正在办。")
    said = {"who": who(held), "due": held.due_on}
    if demand.state == state.JOINED:
        return _("和别人提的同一件事一起办。{who}在办，最迟 {due} 答复。").format(**said)
    return _("{who}在办，最迟 {due} 答复；到期没办完，自动转到上一级。").format(**said)


def _closed(latest: Reply | None) -> str:
    if latest is not None and latest.word == Reply.Word.YES:
        return _("办完了，您说行。")
    return _("答复以后没有等到回话，先办结了。事情没完，请再提一次。")


def _lines(demand: Demand) -> list[tuple[date, str]]:
    """Its story, the oldest first; what only offices need is left out."""
    found: list[tuple[date, str]] = []
    for step in demand.steps.order_by("pk"):
        if (words := _words(step)) and (not found or found[-1] != (day_of(step.at), words)):
            found.append((day_of(step.at), words))
    return found


def _words(step: Step) -> str:
    """One step in plain words; empty when it is the offices' own business."""
    said: dict[str, Any] = {"rung": wording.rung(step.rung), "to": wording.rung(step.to_rung)}
    match step.kind:
        case K.REFUSED:
            return _("没有受理：{why}").format(why=step.text)
        case K.CLIMBED:
            return _("{rung}到期没有办完，自动转到{to}。").format(**said)
        case K.PASSED_UP:
            return _("{rung}一级解决不了，报到{to}。").format(**said)
        case K.SENT_BACK:
            return _("退回{to}去办。").format(**said)
        case K.DENIED:
            return _("您说不行，转到{to}重新办。").format(**said)
    return {
        K.RECEIVED: _("收到了。"), K.HELD: _("收到了。"), K.RELEASED: _("看过了，转去办。"),
        K.REMINDED: _("快到期了，催了办的人。"), K.MOVED: _("换了一个部门办。"),
        K.JOINED: _("和别人提的同一件事一起办。"), K.PARTED: _("分出来单独办。"),
        K.OPENED: _("为它另立了一件事来办。"), K.ANSWERED: _("有了答复。"), K.TOLD: _("答复告诉了您。"),
        K.CONFIRMED: _("您说行。"), K.SILENT: _("等了这么久没有回话，先办结。"), K.ADDED: _("您补充了几句。"),
    }.get(K(step.kind), "")  # fmt: skip


def offices(area: Area) -> list[str]:
    """Whom one can go to: a village's committees, the township's office, the county's; the nearest first."""
    found: list[str] = []
    here: Area | None = area
    while here is not None and here.level >= Area.Level.COUNTY:
        level = active().levels.get(LEVEL_NAMES[here.level])
        said = (level.committee if here.level == Area.Level.VILLAGE else level.office) if level else None
        found.append(f"{here.name} {said.in_(language())}" if said else here.name)
        here = here.parent
    return found


# --- photos of an answer ----------------------------------------------------------------------------------------------
def photos(answer: Answer) -> list[str]:
    """What opens each photo or scan, for an hour; the person's number never stands in an address."""
    rows = of(answer).filter(purpose=EVIDENCE, gone_at=None).order_by("pk")
    return [signing.dumps(pk, salt=SALT) for pk in rows.values_list("pk", flat=True)]


def photo(token: str) -> Attachment | None:
    """The photo of an answer behind a token; None when it is over, forged, or stands beside something else."""
    try:
        pk = signing.loads(token, salt=SALT, max_age=PHOTO_SECONDS)
    except signing.BadSignature:
        return None
    beside = f"{Answer._meta.label_lower}:"
    return Attachment.objects.filter(pk=pk, purpose=EVIDENCE, gone_at=None, about__startswith=beside).first()
