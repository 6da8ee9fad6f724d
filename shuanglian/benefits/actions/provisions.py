"""Provisions written on the page: drafted, proposed, confirmed in a second person's name, in force, withdrawn (BEN-8).

Each version is a row and stays; what is in force is never rewritten, a new version takes its place.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction

from shuanglian.areas.models import Area
from shuanglian.benefits import catalogue
from shuanglian.benefits.models import Provision
from shuanglian.kernel.refusal import Refusal
from shuanglian.kernel.words import N_, Said
from shuanglian.organisation.changes import reason_given, traced
from shuanglian.rules.benefit_text import table_of, to_toml
from shuanglian.rules.benefits import Benefit, digest
from shuanglian.trail import trail

if TYPE_CHECKING:
    from shuanglian.accounts.models import User

S = Provision.State
OPEN = (S.DRAFT, S.PROPOSED)
CODE = re.compile(r"[a-z][a-z0-9_]{0,39}")
LONGEST = 200_000  # characters; the longest of the programme's has 9,000


@transaction.atomic
def draft(
    *, code: str, area: Area, table: Mapping[str, Any], by: User | None, at: datetime, replaces: bool = False
) -> Provision:  # fmt: skip
    """Begin a provision, or a new version of one; of each only one is open at a time."""
    code = code.strip()
    if not CODE.fullmatch(code):
        raise Refusal("bad_code", N_("代码用小写字母、数字和下划线，以字母开头，最多40个"))
    Area.objects.select_for_update().get(pk=area.pk)
    if Provision.objects.filter(code=code, area=area, state__in=OPEN).exists():
        raise Refusal("draft_stands", N_("“{benefit}”已有一份草稿或待复核的稿子"), benefit=code)
    with traced("benefits.provisions.draft", by=by, at=at):
        made = Provision.objects.create(code=code, area=area, area_code=area.code, text=to_toml(table),
                                        replaces=replaces, by=by, at=at)  # fmt: skip
    trail.write("benefits.provisions.draft", about=made, by=by, at=at)
    return made


@transaction.atomic
def write(
    *, provision: Provision, text: str, by: User | None, at: datetime, replaces: bool | None = None
) -> Provision:  # fmt: skip
    """Put another text in the place of a draft's. It may still have faults; proposed it cannot be with them."""
    provision = _locked(provision)
    _must_be(provision, S.DRAFT)
    text = text.replace("\r\n", "\n").replace("\0", "")
    if len(text) > LONGEST:
        raise Refusal("text_too_long", N_("文本太长"))
    provision.replaces = provision.replaces if replaces is None else replaces
    provision.text, provision.by, provision.at = text, by, at
    with traced("benefits.provisions.write", by=by, at=at):
        provision.save(update_fields=["text", "replaces", "by", "at"])
    trail.write("benefits.provisions.write", about=provision, by=by, at=at, version=version(provision))
    return provision


@transaction.atomic
def propose(*, provision: Provision, why: str, by: User | None, at: datetime) -> Provision:
    """Hand a draft to a second person. Its text must be sound and its cases must come out."""
    why = reason_given(why)
    provision = _locked(provision)
    _must_be(provision, S.DRAFT)
    catalogue.written(provision)
    _free(provision)
    provision.state, provision.why, provision.by, provision.at = S.PROPOSED, why, by, at
    return _moved(provision, "propose", by, at, why)


def _free(provision: Provision) -> None:
    """A code that a wider policy has may be taken only by who says that he replaces it."""
    others = catalogue.benefits(provision.area_code)
    standing = Provision.objects.filter(code=provision.code, area=provision.area, state=S.IN_FORCE).exists()
    if provision.code in others and not provision.replaces and not standing:
        title = Said("{label}", {"label": others[provision.code].title})
        sentence = N_("代码“{benefit}”已是“{title}”：换一个代码，或写明替换它")
        raise Refusal("code_taken", sentence, benefit=provision.code, title=title)


@transaction.atomic
def send_back(*, provision: Provision, why: str, by: User | None, at: datetime) -> Provision:
    """A proposed one becomes a draft again, with the reason."""
    why = reason_given(why)
    provision = _locked(provision)
    _must_be(provision, S.PROPOSED)
    provision.state, provision.why = S.DRAFT, why
    return _moved(provision, "send_back", by, at, why)


@transaction.atomic
def confirm(*, provision: Provision, seen: str, by: User | None, at: datetime) -> Provision:
    """Put a proposed provision in force, in a second person's name; the version in force before is withdrawn.

    seen: the version (digest) that the person looked at.
    """
    provision = _locked(provision)
    _must_be(provision, S.PROPOSED)
    if by is None or provision.by_id == by.pk:
        raise Refusal("four_eyes", N_("须由另一人复核：提出的人不能自己确认"))
    if seen != version(provision):
        raise Refusal("changed_meanwhile", N_("文本在您查看之后变了，请重新查看再确认"))
    catalogue.written(provision)
    _free(provision)
    former = Provision.objects.select_for_update().filter(code=provision.code, area=provision.area, state=S.IN_FORCE)
    with traced("benefits.provisions.confirm", by=by, at=at, why=provision.why):
        for one in former:
            one.state = S.WITHDRAWN
            one.save(update_fields=["state"])
    provision.state, provision.confirmed_by, provision.confirmed_at = S.IN_FORCE, by, at
    return _moved(provision, "confirm", by, at, provision.why)


@transaction.atomic
def withdraw(*, provision: Provision, why: str, by: User | None, at: datetime) -> Provision:
    """Take a draft away, or a provision out of force: the profile's of the same code stands again. The row stays."""
    why = reason_given(why)
    provision = _locked(provision)
    _must_be(provision, *OPEN, S.IN_FORCE)
    provision.state, provision.why = S.WITHDRAWN, why
    return _moved(provision, "withdraw", by, at, why)


def version(provision: Provision) -> str:
    """A short digest of a text and of what it replaces."""
    return digest([provision.code, provision.text, provision.replaces])


def _locked(provision: Provision) -> Provision:
    found: Provision = Provision.objects.select_for_update(of=("self",)).select_related("area").get(pk=provision.pk)
    return found


def _must_be(provision: Provision, *states: Provision.State) -> None:
    if provision.state not in states:
        now = Said(str(S(provision.state).label))
        raise Refusal("not_now", N_("这项政策现在是“{state}”，不能办这一步"), state=now)


def _moved(provision: Provision, verb: str, by: User | None, at: datetime, why: str) -> Provision:
    with traced(f"benefits.provisions.{verb}", by=by, at=at, why=why):
        provision.save(update_fields=["state", "why", "by", "at", "confirmed_by", "confirmed_at"])
    trail.write(f"benefits.provisions.{verb}", about=provision, by=by, at=at, why=why, version=version(provision))
    transaction.on_commit(catalogue.forget)
    return provision


# --- where a text begins ----------------------------------------------------------------------------------------------
def blank_table(title: str) -> dict[str, Any]:
    """A provision that says nothing yet but its name."""
    return {"title": {"zh": title, "en": title}, "subject": "person", "channel": "transfer", "pays": "money",
            "every": "year", "terms": [], "cases": []}  # fmt: skip


def copied_table(benefit: Benefit, since: date | None) -> dict[str, Any]:
    """An existing benefit's table; with a day its latest terms end before it and the same begin anew on it.

    "Change for next year": what is to be other then is changed in the last terms.
    """
    table = table_of(benefit)
    if since is None:
        return table
    earlier = [one for one in table["terms"] if one["since"] < since]
    latest = max(earlier or table["terms"], key=lambda one: one["since"])
    kept = []
    for one in earlier:
        last = since - timedelta(days=1)
        kept.append({**one, "until": min(one.get("until", last), last)})
    anew = {key: value for key, value in latest.items() if key not in ("until", "differs")}
    return {**table, "terms": [*kept, {**anew, "since": since}]}
