"""Plans whose words stand in another household's plan (county and township pages; 三个防止: falsification)."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from shuanglian.areas.models import Area, below
from shuanglian.areas.names import short_name
from shuanglian.core.profile import active
from shuanglian.core.scoping import unscoped
from shuanglian.rules import same_text

from .models import HouseholdPlan, VillagePlan

if TYPE_CHECKING:
    from .drafts import Draft
    from .family import Known

MOST = 400  # plans that share a mark and are compared word by word


def look(plan: HouseholdPlan, draft: Draft, told: Known) -> None:
    """Mark a version before it is kept: what its text goes by, and the plan of another household that says the same.

    Looked for in the whole county: nobody's rows are shown for it.
    """
    terms = active().plans.terms
    assert terms is not None
    said = same_text.normal(f"{draft.analysis}\n{draft.path}", told.names)
    if len(said) < max(1, terms.text_least):
        return
    plan.text_digest = same_text.digest(said)
    plan.bands = same_text.marks(said, float(terms.alike))
    with unscoped():
        others = HouseholdPlan.objects.newest().filter(below(plan.area_code[:6])).exclude(household=plan.household_id)
        same = others.filter(text_digest=plan.text_digest).order_by("pk").first()
        if same is not None:
            plan.copied_from, plan.alike = same, Decimal(1)
            return
        mine, best = same_text.runs(said), 0.0
        for other in (
            others.filter(bands__overlap=plan.bands).select_related("household__village").order_by("pk")[:MOST]
        ):
            share = same_text.shared(mine, same_text.runs(words_of(other)))
            if share >= float(terms.alike) and share > best:
                best, plan.copied_from, plan.alike = share, other, Decimal(str(round(share, 3)))


def words_of(plan: HouseholdPlan) -> str:
    """The words of a kept plan as they are compared, without the names of its own household."""
    told = plan.content
    home, people = told["household"], {name for line in told["lines"] for name in line["people"]}
    names = [home["head"], home["village"], home["group"], *people]
    names += list(plan.household.people.values_list("name", flat=True))
    return same_text.normal(f"{told['analysis']}\n{told['path']}", names)


def look_at_village(plan: VillagePlan, told: Mapping[str, Any]) -> None:
    """The same for a village's plan: another village of the county whose newest plan says the same in path and plan."""
    terms = active().villages.terms
    assert terms is not None
    said = _of_village(told)
    if len(said) < max(1, terms.text_least):
        return
    plan.text_digest, plan.bands = same_text.digest(said), same_text.marks(said, float(terms.alike))
    mine, best = same_text.runs(said), Decimal(0)
    with unscoped():
        others = VillagePlan.objects.newest().filter(below(plan.area_code[:6])).exclude(village=plan.village_id)
        others = others.exclude(copied_from__village=plan.village_id)  # who copied from here does not make this a copy
        for other in others.filter(bands__overlap=plan.bands).order_by("pk")[:MOST]:
            share = Decimal(str(round(same_text.shared(mine, same_text.runs(_of_village(other.content))), 3)))
            if share >= terms.alike and share > best:
                best, plan.copied_from, plan.alike = share, other, share


def _of_village(told: Mapping[str, Any]) -> str:
    place = told["village"]
    names = [place["name"], place["township"], short_name(place["name"], Area.Level.VILLAGE),
             short_name(place["township"], Area.Level.TOWNSHIP)]  # fmt: skip
    return same_text.normal(f"{told['path']}\n{told['plan']}", names)
