"""诉求 coming in and being sorted: every door makes the same record, once, and nothing is lost (VOICE-1)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import connection, transaction
from django.utils.translation import get_language

from shuanglian.attachments.actions import attachments
from shuanglian.attachments.reading import read
from shuanglian.core.clock import day_of
from shuanglian.core.profile import active
from shuanglian.core.scoping import unscoped
from shuanglian.fieldwork.actions.once import digest_of
from shuanglian.grievances import hooks, numbers
from shuanglian.grievances.models import Demand, Step
from shuanglian.kernel.refusal import Refusal
from shuanglian.kernel.words import N_
from shuanglian.notices.actions.objections import plain
from shuanglian.rules.ladder_shapes import DemandTerms
from shuanglian.trail import trail

from . import climbing

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

    from shuanglian.accounts.models import User
    from shuanglian.areas.models import Area
    from shuanglian.fieldwork.models import Ask
    from shuanglian.registry.models import Household

SHORTEST, LONGEST_NAME, LONGEST_PHONE, LONGEST_PLACE = 4, 40, 20, 100
WORD = 2  # two characters can be enough (修路), at a visit one; a reason needs more
PURPOSE = "demand"
PHOTOS = frozenset({"image"})  # what nobody answers for: photos are drawn anew, a PDF is kept as it came


@attachments.whole_or_none()
@transaction.atomic
def raise_(
    *, key: UUID, door: str, text: str, category: str, village: Area, at: datetime, on: date | None = None,
    by: User | None = None, household: Household | None = None, name: str = "", phone: str = "", place: str = "",
    language: str = "", never: str = "", urgent: bool = False, ask: Ask | None = None,
    files: Sequence[UploadedFile | bytes] = (), held: str = "",
) -> Demand:  # fmt: skip
    """Keep what somebody asks and put it on its first rung; numbers.number_of(key) is what he follows it by.

    The same key with the same words is the same demand; with other words a Refusal, so that nothing is lost unseen.
    held: why it is kept aside for somebody to look through first; it is on no rung then. What belongs to the sealed
    road is refused here (sealed_road): a door calls `complaints` for it.
    """
    terms, today = active().grievances.terms, day_of(at)
    text, place = plain(text), plain(place)[:LONGEST_PLACE]
    name, phone = " ".join(plain(name).split()), "".join(plain(phone).split())
    village = household.village if household is not None else village
    said = {"door": door, "text": text, "category": category, "village": village.code, "name": name, "phone": phone,
            "household": household.pk if household else None, "place": place}  # fmt: skip
    digest = digest_of(**said)
    if (stands := _kept(key, digest)) is not None:
        return stands
    _fit(text, category, name, phone, never, terms, least=1 if ask is not None else WORD)
    if on is not None and on > today:
        raise Refusal("ahead_of_time", N_("日期还没有到"))
    demand = Demand(
        key=key, digest=digest, number_digest=numbers.number_digest(numbers.number_of(key)), door=door,
        village=village, area_code=village.code, household=household, name=name, phone=phone, place=place, text=text,
        language=(language or get_language() or "")[:20], category=category, never=never, marked_urgent=urgent,
        on=on or today, by=by, at=at, ask=ask, state=Demand.State.HELD,
    )  # fmt: skip
    demand.save(force_insert=True)
    _keep_files(demand, files, terms, by=by, at=at)
    Step.objects.create(demand=demand, area_code=demand.area_code, kind=Step.Kind.HELD if held else Step.Kind.RECEIVED,
                        text=held[:1000], by=by, at=at)  # fmt: skip
    trail.write("grievances.raise", about=demand, by=by, at=at, door=door, category=category)
    if not held:
        _accept([demand], at)
    return demand


def _kept(key: UUID, digest: str) -> Demand | None:
    """The demand that stands under a key; who sends the same key meanwhile waits."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtextextended(%s, 6))", [f"demand {key}"])
    with unscoped():
        found = Demand.objects.filter(key=key).first()
    if found is not None and found.digest != digest:
        raise Refusal("form_sent", N_("这张表已经交过一次。要再提一条，请重新打开页面"))
    return found


def _fit(
    text: str, category: str, name: str, phone: str, never: str, terms: DemandTerms, *, least: int
) -> None:  # fmt: skip
    programme = active().grievances
    known = programme.categories.get(category)
    if known is None:
        raise Refusal("no_category", N_("请选诉求的类别"))
    if known.sealed:
        raise Refusal("sealed_road", N_("这类事走保密渠道，不在这里登记"))
    if never and never not in programme.nevers:
        raise Refusal("no_never", N_("没有这一项紧急情况"))
    if len(text) < least:
        raise Refusal("text_missing", N_("请写明要反映的事"))
    if len(text) > terms.longest:
        raise Refusal("text_too_long", N_("文字太长：最多 {most} 字"), most=terms.longest)
    if len(name) > LONGEST_NAME or len(phone) > LONGEST_PHONE:
        raise Refusal("name_too_long", N_("姓名或电话太长"))


def _keep_files(
    demand: Demand, files: Sequence[UploadedFile | bytes], terms: DemandTerms, *, by: User | None, at: datetime
) -> None:
    """Photos and scans beside it, checked by what they are; of what the public sends nothing hidden is kept."""
    if len(files) > terms.files:
        raise Refusal("too_many_files", N_("附件最多 {most} 个"), most=terms.files)
    most, kinds = terms.file_mb * 1024 * 1024, PHOTOS if by is None else attachments.EVERYTHING
    for one in files:
        with attachments.naming(one):
            data = attachments.bytes_of(one, most)
            if len(data) > most:
                raise Refusal("file_too_large", N_("附件太大：每个最多 {most} MB"), most=terms.file_mb)
            bare = read(data, kinds=kinds).data
        attachments.keep(bare, of=demand, area_code=demand.area_code, by=by, at=at, purpose=PURPOSE)


def _accept(demands: Iterable[Demand], at: datetime) -> None:
    rows = list(demands)
    climbing.begin(rows, at=at)
    for one in rows:
        hooks.tell_raised(one)


def locked(demand: Demand | int) -> Demand:
    """The demand as it stands, held until the transaction ends."""
    rows = Demand.objects.select_for_update(of=("self",)).select_related("village", "household", "cadre", "unit")
    return rows.get(pk=demand if isinstance(demand, int) else demand.pk)


def step(
    demand: Demand, kind: str, *, by: User | None, at: datetime, text: str = "", rung: str = "", to_rung: str = "",
    holder: str = "",
) -> Step:  # fmt: skip
    """One line of the demand's story."""
    return Step.objects.create(
        demand=demand, area_code=demand.area_code, kind=kind, rung=rung or demand.rung, to_rung=to_rung,
        holder=holder[:120], text=text[:1000], by=by, at=at,
    )  # fmt: skip


# --- looking through what was kept aside -----------------------------------------------------------------------------
@transaction.atomic
def release(*, demands: Iterable[Demand], by: User | None, at: datetime) -> int:
    """Accept demands that were kept aside; their time runs from now. How many."""
    kept = [one for one in map(locked, demands) if one.state == Demand.State.HELD]
    for one in kept:
        step(one, Step.Kind.RELEASED, by=by, at=at)
        trail.write("grievances.release", about=one, by=by, at=at)
    _accept(kept, at)
    return len(kept)


@transaction.atomic
def refuse(*, demands: Iterable[Demand], why: str, by: User, at: datetime) -> int:
    """Set aside what is no demand (advertising, letters only); the row, its words and the reason stay. How many."""
    why = plain(why)
    if len(why) < SHORTEST:
        raise Refusal("reason_missing", N_("请写明为什么不受理"))
    kept = [one for one in map(locked, demands) if one.state == Demand.State.HELD]
    for one in kept:
        one.state, one.closed_at = Demand.State.REFUSED, at
        one.save(update_fields=["state", "closed_at"])
        step(one, Step.Kind.REFUSED, by=by, at=at, text=why)
        trail.write("grievances.refuse", about=one, by=by, at=at)
    return len(kept)


# --- sorting ---------------------------------------------------------------------------------------------------------
@transaction.atomic
def sort(*, demand: Demand, category: str, never: str, why: str, by: User, at: datetime) -> Demand:
    """Put a demand under another category; one that never was urgent may become so, never the other way round."""
    kept, programme = locked(demand), active().grievances
    _is_open(kept)
    known = programme.categories.get(category)
    if known is None or known.sealed:
        raise Refusal("no_category", N_("请选诉求的类别"))
    if never and never not in programme.nevers:
        raise Refusal("no_never", N_("没有这一项紧急情况"))
    if kept.never and not never:
        raise Refusal("stays_urgent", N_("“三个绝不能”的事不能改为不紧急"))
    if (kept.category, kept.never) == (category, never):
        return kept
    if len(plain(why)) < SHORTEST:
        raise Refusal("reason_missing", N_("请写明为什么改"))
    before, kept.category, kept.never = kept.category, category, never
    kept.save(update_fields=["category", "never"])
    step(kept, Step.Kind.SORTED, by=by, at=at, text=f"{before} → {category}：{plain(why)}")
    climbing.weigh_again(kept, at=at)
    trail.write("grievances.sort", about=kept, by=by, at=at, before=before, category=category)
    return kept


@transaction.atomic
def note(*, demand: Demand, text: str, by: User, at: datetime) -> Step:
    """What was done so far, for whoever holds it next."""
    kept, text = locked(demand), plain(text)
    _is_open(kept)
    if len(text) < SHORTEST:
        raise Refusal("text_missing", N_("请写明办理情况"))
    trail.write("grievances.note", about=kept, by=by, at=at)
    return step(kept, Step.Kind.NOTED, by=by, at=at, text=text)


@transaction.atomic
def add_words(*, demand: Demand, text: str, at: datetime, by: User | None = None) -> Step:
    """What the person adds to his demand before it is over."""
    kept, text = locked(demand), plain(text)
    if kept.state in (Demand.State.CLOSED, Demand.State.REFUSED):
        raise Refusal("over", N_("这件事已经办结；不满意请选“不认可”，或另提一条"))
    if not SHORTEST <= len(text) <= 1000:
        raise Refusal("text_missing", N_("请写明要补充的事（最多 1000 字）"))
    return step(kept, Step.Kind.ADDED, by=by, at=at, text=text)


# --- joining ---------------------------------------------------------------------------------------------------------
@transaction.atomic
def join(*, demands: Iterable[Demand], to: Demand, by: User, at: datetime) -> int:
    """Join demands of one village to another that asks for the same: its answer is theirs too. How many were joined."""
    leader = locked(to)
    _is_open(leader)
    joined = 0
    for one in sorted(demands, key=lambda each: each.pk):
        if one.pk == leader.pk:
            continue
        kept = locked(one)
        _is_open(kept)
        if kept.area_code != leader.area_code:
            raise Refusal("other_village", N_("只能把同一个村的诉求并案"))
        below = kept.joined.count()
        kept.joined.update(joined_to=leader)
        kept.state, kept.joined_to = Demand.State.JOINED, leader
        kept.save(update_fields=["state", "joined_to"])
        leader.people += kept.people
        if kept.never and not leader.never:
            leader.never = kept.never
        step(kept, Step.Kind.JOINED, by=by, at=at, text=f"→ #{leader.pk}")
        trail.write("grievances.join", about=kept, by=by, at=at, to=leader.pk, with_it=below)
        joined += 1
    leader.save(update_fields=["people", "never"])
    climbing.weigh_again(leader, at=at)
    return joined


@transaction.atomic
def part(*, demand: Demand, why: str, by: User, at: datetime) -> Demand:
    """Take a joined demand out again: it is open on the rung where the other stands, with time of its own."""
    kept = locked(demand)
    if kept.state != Demand.State.JOINED or kept.joined_to is None:
        raise Refusal("not_joined", N_("这条诉求没有并案"))
    if len(plain(why)) < SHORTEST:
        raise Refusal("reason_missing", N_("请写明为什么取消并案"))
    leader = locked(kept.joined_to_id or 0)
    leader.people = max(1, leader.people - kept.people)
    leader.save(update_fields=["people"])
    kept.joined_to = None
    step(kept, Step.Kind.PARTED, by=by, at=at, text=plain(why))
    climbing.begin([kept], at=at)
    trail.write("grievances.part", about=kept, by=by, at=at, from_=leader.pk)
    return kept


def _is_open(demand: Demand) -> None:
    if demand.state != Demand.State.OPEN:
        raise Refusal("not_open", N_("这条诉求现在不在办理中"))
