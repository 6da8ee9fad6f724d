"""What a step's paper form shows (REG-5), from cases and acts: the same for screen, paper and fingerprint."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder

from shuanglian.core.profile import active
from shuanglian.kernel.refusal import Refusal
from shuanglian.kernel.words import N_
from shuanglian.rules.form_shapes import FormShape
from shuanglian.rules.procedures import Procedure, Step

from . import hooks, rules
from .models import Act, Case, CaseList, Evaluation, Posting, Vote

HEADINGS = {
    "number": {"zh": "事项号", "en": "Case"}, "name": {"zh": "户主", "en": "Head"},
    "group": {"zh": "村民小组", "en": "Group"}, "people": {"zh": "人口", "en": "People"},
    "reason": {"zh": "原因", "en": "Reason"}, "measure": {"zh": "帮扶措施", "en": "Measure"},
    "votes": {"zh": "赞成/反对/弃权", "en": "For/against/abstained"}, "finding": {"zh": "核查结论", "en": "Finding"},
    "why": {"zh": "理由", "en": "Why"},
}  # fmt: skip


Cell = str | Mapping[str, str]  # a text, or one in both languages


@dataclass(frozen=True)
class Known:
    """What the cells of some cases are filled from, read once for all: public rows, votes of the last sitting."""

    rows: Mapping[int, Mapping[str, Any]]
    told: Mapping[str, Mapping[int, Cell]]

    @classmethod
    def of(cls, cases: Sequence[Case]) -> Known:
        pks = [case.pk for case in cases]
        votes = {
            vote.case_id: f"{vote.in_favour}/{vote.against}/{vote.abstained}"
            for vote in Vote.objects.filter(case__in=pks).order_by("pk")
        }
        acts = Act.objects.filter(case__in=pks, deed__in=["pass", "check"]).order_by("case", "number")
        found = {case: content["finding"] for case, content in acts.values_list("case", "content")
                 if content.get("finding")}  # fmt: skip
        findings = {pk: FINDINGS.get(code, code) for pk, code in found.items()}
        return cls(hooks.rows(cases), {"votes": votes, "finding": findings})


def form_of(step: Step, on: date) -> FormShape:
    """The form of a step on a day; a Refusal when the profile has none."""
    found = active().on(on).forms.get(step.shape.form or "")
    if found is None:
        raise Refusal("no_form", N_("“{step}”这一步没有纸质表"), step=step.label)
    return found


def content(
    *,
    procedure: Procedure,
    step: Step,
    cases: Sequence[Case],
    of: CaseList | Case,
    on: date,
    known: Known | None = None,
) -> dict[str, Any]:  # fmt: skip
    """Everything on the paper but the signatures, in plain values and in the order of the cases' numbers."""
    form = form_of(step, on)
    known = known or Known.of(cases)
    both = lambda text: {"zh": text.zh, "en": text.en}  # noqa: E731
    return {
        "form": both(form.label), "procedure": both(procedure.label), "step": both(step.label),
        "plain": both(step.shape.plain) if step.shape.plain else None, "says": both(form.says),
        "number": of.number, "place": of.area.name, "on": on.isoformat(), "cites": list(form.cites),
        "columns": [{"code": code, **HEADINGS[code]} for code in form.columns],
        "blank": [both(one) for one in form.blank],
        "rows": [[_cell(code, case, known) for code in form.columns] for case in cases],
        "signers": [both(one.label) for one in step.signs] or [both(one) for one in form.signers],
        "meeting": _meeting(cases, step), "notices": _notices(cases, step),
    }  # fmt: skip


def digest_of(content: Mapping[str, Any]) -> str:
    """The fingerprint of what is shown: SHA-256 of the content as JSON with sorted keys."""
    return sha256(canonical(content).encode()).hexdigest()


def canonical(content: Mapping[str, Any]) -> str:
    return json.dumps(content, sort_keys=True, ensure_ascii=False, cls=DjangoJSONEncoder, separators=(",", ":"))


def shown_of(cases: Sequence[Case], step: Step, on: date) -> dict[int, str]:
    """case id → fingerprint of what somebody sees of this case alone: what a signature on the screen is bound to."""
    procedure = rules.of_case(cases[0])
    known = Known.of(cases)
    return {
        case.pk: digest_of(content(procedure=procedure, step=step, cases=[case], of=case, on=on, known=known))
        for case in cases
    }


def to_be_signed(cases: Sequence[Case], step: Step | None, on: date) -> list[tuple[str, str]]:
    """Hidden fields of a page on which somebody signs: which content stood there for each case; else none."""
    if step is None or step.kind != "signoff" or not cases:
        return []
    return [(f"shown_{pk}", digest) for pk, digest in shown_of(cases, step, on).items()]


def as_shown(cases: Sequence[Case], step: Step, on: date, posted: Mapping[str, Any]) -> dict[int, str]:
    """case id → the fingerprint that the page showed; a Refusal when what it showed is no longer so (REG-5)."""
    now = shown_of(cases, step, on)
    for case in cases:
        if posted.get(f"shown_{case.pk}") != now[case.pk]:
            raise Refusal(
                "content_changed", N_("“{case}”的内容在您打开页面之后有变化，请重新看过再签"), case=case.label
            )
    return now


def _cell(code: str, case: Case, known: Known) -> Cell:
    if code == "number":
        return case.number
    if code == "why":
        return case.why
    if code in known.told:
        return known.told[code].get(case.pk, "")
    cell: Cell = known.rows[case.pk].get(code) or ""
    return dict(cell) if isinstance(cell, Mapping) else str(cell)


FINDINGS = {"confirmed": {"zh": "属实", "en": "confirmed"}, "doubtful": {"zh": "有疑问", "en": "in doubt"}}


def _meeting(cases: Sequence[Case], step: Step) -> dict[str, Any] | None:
    if step.kind != "evaluation":
        return None
    held = Evaluation.objects.filter(votes__case__in=cases, step=step.code).order_by("-pk").first()
    return None if held is None else {
        "on": held.on, "place": held.place, "chair": held.chair, "writer": held.writer, "present": held.present,
        "representatives": held.representatives, "others": held.others, "minutes": held.minutes,
    }  # fmt: skip


def _notices(cases: Sequence[Case], step: Step) -> list[dict[str, Any]]:
    if step.kind not in ("notice", "announcement"):
        return []
    rows = Posting.objects.filter(case__in=cases, step=step.code).select_related("notice").order_by("notice")
    notices = {row.notice_id: row.notice for row in rows}.values()
    return [
        {"code": one.code, "opens_on": one.opens_on, "closes_on": one.closes_on, "days": one.days} for one in notices
    ]
