"""A family says that one of the eight prohibitions was broken (FIELD-6, VOICE-6). People are safe.

Everything told is sealed in one text; the row stands under the code of the office that reads it, a county's, or the
city's when the county's own office is complained of. So below that level the database itself shows no row, and no count
of any village or unit has it. No line of the trail says that a report came, from where, or how many were read.
"""

from __future__ import annotations

import json
from datetime import datetime
from uuid import UUID

from django.db import transaction

from shuanglian.areas.models import Area, prefix_of
from shuanglian.core import profile
from shuanglian.core.scoping import unscoped
from shuanglian.fieldwork.models import Breach, Post
from shuanglian.kernel.words import N_
from shuanglian.organisation.models import Cadre
from shuanglian.pairing.models import Pairing, VillageLink
from shuanglian.registry.models import Household

from . import reading


@transaction.atomic
def report(
    *, household: Household, prohibition: str, key: UUID, at: datetime, text: str = "", about_office: bool = False
) -> Breach:
    """Keep what a family says. The same key again changes nothing. Who answers for the household is sealed with it."""
    with unscoped():
        if kept := Breach.objects.filter(key=key).first():
            return kept
        known = profile.active().fieldwork.prohibitions
        told = {
            "prohibition": reading.code(prohibition, known, N_("八个不准")),
            "text": reading.text(text, 1000, N_("经过")), "household": household.pk, "number": household.number,
            "head": household.head_name, "village": household.village_id, **_answer_for(household),
        }  # fmt: skip
        return Breach.objects.create(
            key=key, area_code=_office(household, about_office), sealed=json.dumps(told, ensure_ascii=False), at=at
        )


def _office(household: Household, about_office: bool) -> str:
    """The county of the household, or the city above it."""
    level = Area.Level.CITY if about_office else Area.Level.COUNTY
    return prefix_of(household.area_code, level).ljust(12, "0")


def _answer_for(household: Household) -> dict[str, list[int]]:
    """Everybody who ever answered for the household or was stationed in its village, with their units."""
    cadres = set(Pairing.objects.filter(household=household).values_list("cadre", flat=True))
    cadres |= set(Post.objects.filter(village=household.village_id).values_list("cadre", flat=True))
    units = set(Cadre.objects.filter(pk__in=cadres).values_list("unit", flat=True))
    units |= set(VillageLink.objects.filter(village=household.village_id).values_list("unit", flat=True))
    return {"cadres": sorted(cadres), "units": sorted(units)}
