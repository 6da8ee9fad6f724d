"""答复 answers, how they reach people, what people say to them (VOICE-3). Nothing is closed in any other way."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import transaction

from shuanglian.attachments.actions import attachments
from shuanglian.attachments.reading import read
from shuanglian.core.clock import day_of
from shuanglian.core.profile import active
from shuanglian.fieldwork.actions import asks
from shuanglian.grievances.models import Answer, Demand, Reply, Step
from shuanglian.kernel.refusal import Refusal
from shuanglian.kernel.words import N_
from shuanglian.notices.actions.objections import plain
from shuanglian.trail import trail

from . import climbing
from .demands import SHORTEST, locked, step

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

    from shuanglian.accounts.models import User

EVIDENCE = "demand_evidence"
BATCH = 2_000


@attachments.whole_or_none()
@transaction.atomic
def answer(
    *, demand: Demand, outcome: str, text: str, by: User | None, at: datetime, evidence: str = "", rule: str = "",
    appeal: str = "", files: Sequence[UploadedFile | bytes] = (), matter: str = "",
) -> Answer:  # fmt: skip
    """Answer a demand, and with it every one that was joined: solved with evidence, or explained with the rule and
    where to appeal. They wait for each person's word then. matter: "room.model:pk" of the file it follows from."""
    kept = locked(demand)
    if kept.state != Demand.State.OPEN:
        raise Refusal("not_open", N_("这条诉求现在不在办理中"))
    told = {name: plain(value) for name, value in
            {"text": text, "evidence": evidence, "rule": rule, "appeal": appeal}.items()}  # fmt: skip
    _whole(outcome, told, bool(files))
    made = Answer.objects.create(
        area_code=kept.area_code, outcome=outcome, rung=kept.rung, matter=matter, by=by, at=at,
        **{**told, "evidence": told["evidence"] or (N_("见附件") if files else "")},
    )  # fmt: skip
    for upload in files:
        with attachments.naming(upload):
            bare = read(attachments.bytes_of(upload)).data
        attachments.keep(bare, of=made, area_code=made.area_code, by=by, at=at, purpose=EVIDENCE)
    everybody = [kept, *kept.joined.select_for_update(of=("self",)).order_by("pk")]
    for one in everybody:
        one.state = Demand.State.ANSWERED
        one.save(update_fields=["state"])
        step(one, Step.Kind.ANSWERED, by=by, at=at, text=told["text"], rung=kept.rung)
    Reply.objects.bulk_create([Reply(answer=made, demand=one, area_code=one.area_code) for one in everybody])
    asks.answered(ask_ids=[one.ask_id for one in everybody if one.ask_id], text=told["text"], by=by, at=at)
    trail.write("grievances.answer", about=kept, by=by, at=at, outcome=outcome, demands=len(everybody))
    return made


def _whole(outcome: str, told: dict[str, str], files: bool) -> None:
    if outcome not in Answer.Outcome.values:
        raise Refusal("no_outcome", N_("请选结果：已解决，或者已说明"))
    if len(told["text"]) < SHORTEST:
        raise Refusal("answer_missing", N_("请用大白话写明答复"))
    if len(told["text"]) > 2000:
        raise Refusal("text_too_long", N_("文字太长：最多 {most} 字"), most=2000)
    if outcome == Answer.Outcome.SOLVED and not told["evidence"] and not files:
        raise Refusal("no_evidence", N_("已解决的，请写明办了什么、有什么为证，或者附照片"))
    if outcome == Answer.Outcome.EXPLAINED and (not told["rule"] or not told["appeal"]):
        raise Refusal("no_rule", N_("办不了的，请写明依据哪条政策、不服向哪里反映"))


def latest(demand: Demand) -> Reply | None:
    """The person's part of the newest answer."""
    return demand.replies.select_related("answer").order_by("-id").first()


@transaction.atomic
def tell(*, demand: Demand, how: str, by: User | None, at: datetime, text: str = "") -> Reply:
    """The answer reached the person: by the follow-up page, or by whoever told it. Time for silence runs from here."""
    kept = locked(demand)
    reply = latest(kept)
    if reply is None or kept.state not in (Demand.State.ANSWERED, Demand.State.CLOSED):
        raise Refusal("no_answer", N_("还没有答复可以告知"))
    if reply.told_at is not None:
        return reply
    if how not in Reply.How.values:
        raise Refusal("no_way", N_("请选怎样告知的"))
    reply.told_how, reply.told_at, reply.told_by = how, at, by
    reply.silent_on = active().working_days.add(day_of(at), active().grievances.terms.silence_days)
    reply.save(update_fields=["told_how", "told_at", "told_by", "silent_on"])
    step(kept, Step.Kind.TOLD, by=by, at=at, text=plain(text) or how)
    trail.write("grievances.tell", about=kept, by=by, at=at, how=how)
    return reply


@transaction.atomic
def word(
    *, demand: Demand, yes: bool, at: datetime, by: User | None = None, said: str = "", score: int | None = None
) -> Demand:
    """The person's own yes closes it; the person's no opens it again one rung higher. by: who wrote it down for him."""
    kept, said, most = locked(demand), plain(said), active().grievances.terms.score
    reply = latest(kept)
    if kept.state != Demand.State.ANSWERED or reply is None:
        raise Refusal("no_answer", N_("现在没有等您回话的答复"))
    if reply.told_at is None:
        raise Refusal("not_told", N_("请先登记怎样告知本人的"))
    if score is not None and not 1 <= score <= most:
        raise Refusal("no_score", N_("打分从 1 到 {most}"), most=most)
    if len(said) > 1000:
        raise Refusal("text_too_long", N_("文字太长：最多 {most} 字"), most=1000)
    reply.word, reply.said, reply.score = Reply.Word.YES if yes else Reply.Word.NO, said, score
    reply.word_at, reply.word_by = at, by
    reply.save(update_fields=["word", "said", "score", "word_at", "word_by"])
    if yes:
        _close(kept, at)
        step(kept, Step.Kind.CONFIRMED, by=by, at=at, text=said)
    else:
        _again(kept, said, by=by, at=at)
    trail.write("grievances.word", about=kept, by=by, at=at, word=reply.word)
    return kept


def _close(demand: Demand, at: datetime) -> None:
    demand.state, demand.closed_at = Demand.State.CLOSED, at
    demand.save(update_fields=["state", "closed_at"])


def _again(demand: Demand, said: str, *, by: User | None, at: datetime) -> None:
    """Open one rung higher; at the top, on the top. What was joined stands by itself from here."""
    demand.state, demand.joined_to, demand.people = Demand.State.OPEN, None, 1
    demand.reopened += 1
    before, ladder = demand.rung, active().grievances.ladder
    if (reply := latest(demand)) is not None and ladder.order(reply.answer.rung) > ladder.order(demand.rung):
        demand.rung = reply.answer.rung  # it was joined to one that stood higher
    ground = climbing.Ground([demand], day_of(at))
    if demand.rung == "":  # it was joined before it ever stood on a rung
        climbing.put(demand, ground.path(demand)[0], ground, at=at)
    holder = climbing.up(demand, at=at, ground=ground)
    if holder is None:
        rung = ground.path(demand)[-1]
        holder = climbing.put(demand, rung, ground, at=at)
    demand.save(update_fields=[*climbing.STANDS, "joined_to", "people", "reopened"])
    step(demand, Step.Kind.DENIED, by=by, at=at, text=said, rung=before, to_rung=holder.rung, holder=holder.name)
    if demand.ask_id:
        asks.reopened(ask_ids=[demand.ask_id])


def silences(*, on: date, at: datetime) -> int:
    """Close what was told and not answered within its days, as silence: neither a yes nor a no. How many."""
    closed = 0
    rows = Reply.objects.filter(word="", silent_on__lt=on, demand__state=Demand.State.ANSWERED)
    numbers = list(rows.order_by("demand").values_list("demand", flat=True))
    for start in range(0, len(numbers), BATCH):
        closed += _fall_silent(numbers[start : start + BATCH], on, at)
    return closed


@transaction.atomic
def _fall_silent(numbers: Sequence[int], on: date, at: datetime) -> int:
    demands = list(
        Demand.objects.select_for_update(of=("self",), skip_locked=True).waiting().filter(pk__in=numbers).order_by("pk")
    )
    replies = Reply.objects.filter(demand__in=demands, word="", silent_on__lt=on)
    silent = set(replies.values_list("demand", flat=True))
    replies.update(word=Reply.Word.SILENCE, word_at=at)
    closing = [one for one in demands if one.pk in silent]
    Demand.objects.filter(pk__in=[one.pk for one in closing]).update(state=Demand.State.CLOSED, closed_at=at)
    Step.objects.bulk_create([
        Step(demand=one, area_code=one.area_code, kind=Step.Kind.SILENT, rung=one.rung, at=at) for one in closing
    ])  # fmt: skip
    for county in sorted({one.area_code[:6] for one in closing}):
        count = sum(one.area_code.startswith(county) for one in closing)
        trail.write("grievances.silence", by=None, at=at, area_code=county.ljust(12, "0"), count=count)
    return len(closing)
