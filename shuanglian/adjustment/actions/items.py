"""What the village says of each on the list: a case is opened or it is refused, always with the reason (REG-3)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction

from shuanglian.adjustment.models import Item, Round
from shuanglian.areas.models import Area
from shuanglian.core.profile import active
from shuanglian.core.scoping import unscoped
from shuanglian.exits.actions import proposals
from shuanglian.kernel.refusal import Refusal
from shuanglian.kernel.words import N_
from shuanglian.organisation.changes import reason_given, traced
from shuanglian.procedures.models import Case
from shuanglian.recognition.actions import opening
from shuanglian.registry.actions import statements
from shuanglian.registry.models import Household
from shuanglian.trail import trail

if TYPE_CHECKING:
    from shuanglian.accounts.models import User

D, K = Item.Decision, Item.Kind


@dataclass
class Done:
    """What came of the decisions: items decided, and item → why it could not be."""

    decided: list[Item] = field(default_factory=list)
    refused: dict[int, str] = field(default_factory=dict)


@transaction.atomic
def decide(
    *, made: Round, wanted: Mapping[int, tuple[str, str]], by: User, at: datetime
) -> Done:  # fmt: skip
    """Decide items of a round: item → (agreed or refused, reason). Each by itself: one that cannot be stays pending."""
    _open_still(made)
    rows = Item.objects.select_for_update(of=("self",)).select_related("household__village")
    items = list(rows.filter(round=made, pk__in=wanted, decision=D.PENDING).order_by("pk"))
    done = Done()
    for item in items:
        decision, why = wanted[item.pk]
        if decision not in (D.AGREED, D.REFUSED):
            raise Refusal("no_such_decision", N_("请选择办理或不办理"))
        item.decision, item.why = decision, reason_given(why)
    leaving = [item for item in items if item.kind == K.LEAVE and item.decision == D.AGREED]
    with traced("adjustment.decide", by=by, at=at):
        _propose(leaving, by, at, done)
        for item in [one for one in items if one.decision == D.AGREED and one.kind != K.LEAVE]:
            try:
                with transaction.atomic():
                    item.case = _open(item, by, at)
            except Refusal as refusal:
                done.refused[item.pk] = str(refusal)
        for item in items:
            if item.pk not in done.refused:
                item.by, item.at = by, at
                done.decided.append(item)
        Item.objects.bulk_update(done.decided, ["decision", "why", "case", "by", "at"], batch_size=1000)
    agreed = sum(item.decision == D.AGREED for item in done.decided)
    trail.write("adjustment.decide", about=made, by=by, at=at, agreed=agreed, refused=len(done.decided) - agreed,
                left_open=len(done.refused))  # fmt: skip
    return done


def _open_still(made: Round) -> None:
    """A village works on its county's round, whose row is not its own. A closed one has nothing pending left."""
    with unscoped():
        if not Round.objects.filter(pk=made.pk, state=Round.State.OPEN).exists():
            raise Refusal("not_open", N_("这次动态调整不在办理中"))


def _propose(items: Sequence[Item], by: User, at: datetime, done: Done) -> None:
    """Exit cases, one list a village."""
    by_village: dict[int, list[Item]] = {}
    for item in items:
        if item.household is not None:
            by_village.setdefault(item.household.village_id, []).append(item)
    for some in by_village.values():
        homes = [item.household for item in some if item.household is not None]
        try:
            with transaction.atomic():
                made, left_out = proposals.propose(households=homes, village=homes[0].village, by=by, at=at)
        except Refusal as refusal:
            done.refused |= dict.fromkeys((item.pk for item in some), str(refusal))
            continue
        cases = {int(case.key): case for case in made.cases.all()} if made else {}
        for item in some:
            home = item.household_id or 0
            if home in left_out:
                done.refused[item.pk] = left_out[home]
            else:
                item.case = cases[home]


def _open(item: Item, by: User, at: datetime) -> Case:
    if item.kind == K.RETURN and item.household is not None:
        return opening.about_household(procedure="return", household=item.household, why=item.why, asked={}, by=by,
                                       at=at)  # fmt: skip
    village = Area.objects.current().filter(code=item.area_code, level=Area.Level.VILLAGE).first()
    if village is None:
        raise Refusal("no_village", N_("名册没有写清是哪个村，请先在名册里核对地址"))
    asked: dict[str, Any] = {"head": {"name": item.name}, "values": {"size": item.size}, "members": []}
    if item.cause in active().causes and active().causes[item.cause].main:
        asked["values"]["main_cause"] = item.cause
    return opening.about_newcomer(procedure="entry", village=village, why=item.why, asked=asked, by=by, at=at)


@transaction.atomic
def add(
    *, made: Round, village: Area, name: str, cause: str, source: str, by: User, at: datetime, size: int = 1
) -> Item:  # fmt: skip
    """Put somebody on the list by hand: from a list that is not kept here (disability, hardship), or told by people."""
    _open_still(made)
    if not name.strip() or not source.strip():
        raise Refusal("no_name", N_("请写明姓名和来源"))
    if village.level != Area.Level.VILLAGE or not made.area.contains(village):
        raise Refusal("village_outside", N_("所选的村不在这次动态调整的区域内"))
    key = f"{village.code}:{name.strip()}"[:80]
    if Item.objects.filter(round=made, kind=K.MISSING, key=key).exists():
        raise Refusal("listed_already", N_("“{name}”已经在名单上"), name=name.strip())
    says = {"zh": source.strip()[:200], "en": source.strip()[:200]}
    with traced("adjustment.add", by=by, at=at, why=source.strip()[:200]):
        item = Item.objects.create(
            round=made, area_code=village.code, kind=K.MISSING, name=name.strip()[:60], key=key, size=size, cause=cause,
            grounds=[{"code": "by_hand", "says": says}],
        )  # fmt: skip
    trail.write("adjustment.add", about=item, by=by, at=at, source=source.strip()[:200])
    return item


def note_returns(cases: Sequence[Case], deed: str) -> None:
    """Once a return is approved, the day of it is a fact of the household: it cannot leave in the same year again."""
    if deed != "pass":
        return
    approved = [case for case in cases if case.procedure == "return" and case.stand == Case.Stand.APPROVED]
    homes = Household.objects.in_bulk([int(case.key) for case in approved if case.key.isdecimal()])
    for case in approved:
        last = case.acts.order_by("-number").first()
        if (home := homes.get(int(case.key))) is not None and last is not None:
            statements.state(about=home, fact="relapsed_on", value=case.last_on, on=case.last_on, source="document",
                             note=case.number, by=last.by, at=last.at)  # fmt: skip
