"""What the register and the benefits already know of a report before anybody types (VOICE-4, BEN-8)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from shuanglian.benefits import catalogue
from shuanglian.benefits.models import Due
from shuanglian.core.profile import active, language
from shuanglian.rules.policywatch import alike
from shuanglian.rules.policywatch_shapes import PolicyCause

if TYPE_CHECKING:
    from shuanglian.registry.models import Household


@dataclass(frozen=True)
class Told:
    """should: what the provision says and what the family is owed; did: what it received. cause: code, "" unknown."""

    should: str = ""
    did: str = ""
    cause: str = ""
    due: Due | None = None


def told_of(benefit: str, household: Household | None) -> Told:
    """What is known of a provision and, with a household, of what it is owed by it and received."""
    known = catalogue.benefit(benefit)
    plain = known.plain.in_(language()) if known is not None else ""
    dues = dues_of(benefit, household) if household is not None else []
    if not dues:
        return Told(should=plain)
    due = next((one for one in dues if cause_of(one)), dues[0])
    year = f"（{catalogue.period_label(known, due.period)}）" if due.period else ""
    money = known is None or known.pays == "money"
    owed, got = _("应享"), _("现在是“{state}”").format(state=due.get_state_display())
    if money and due.yuan is not None:
        owed = _("应享 {yuan} 元").format(yuan=f"{due.yuan:f}")
        got = _("已领 {yuan} 元，现在是“{state}”").format(yuan=f"{due.received:f}", state=due.get_state_display())
    should = _("{plain}这一户{owed}").format(plain=plain, owed=owed)
    return Told(f"{should}{year}", f"{got}{year}", cause_of(due), due)


def dues_of(benefit: str, household: Household) -> list[Due]:
    """A household's dues of a benefit, the latest period first."""
    return list(
        Due.objects.filter(household=household, benefit=benefit).select_related("person").order_by("-period", "pk")
    )


def cause_of(due: Due) -> str:
    """The first cause of the profile that the due stands as; empty when it stands as none."""
    return next((code for code, one in active().policywatch.causes.items() if stands_as(due, one)), "")


def stands_as(due: Due, cause: PolicyCause) -> bool:
    return alike(cause, state=due.state, yuan=due.yuan, received=due.received, entitled=due.entitled)


def benefit_in(text: str) -> str:
    """The benefit whose title stands in a text, the longest; empty when none does."""
    titles = [(one.title.zh, code) for code, one in catalogue.benefits().items()]
    return max(((len(title), code) for title, code in titles if title in text), default=(0, ""))[1]


def choices() -> list[tuple[str, str]]:
    """(code, "title · department") of everything that somebody can be owed."""
    return [(code, shown(code)) for code in catalogue.benefits()]


def shown(code: str) -> str:
    known = catalogue.benefit(code)
    return f"{catalogue.title(code)} · {catalogue.department(known.department)}" if known else catalogue.title(code)


def code_of(typed: str) -> str:
    """The code of what was picked or typed: a code, a title, or a title with its department; "" when it is none."""
    told = typed.strip()
    named: Iterable[tuple[str, str]] = ((code, shown(code)) for code in catalogue.benefits())
    return next((code for code, label in named if told in (code, label, catalogue.title(code))), "")
