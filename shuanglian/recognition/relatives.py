"""Who counts as a relative of a case's household: declared, or found by the register (REG-9).

Found means: the one who acts is himself a member (the same identity number), has the household's telephone, or bears
the full name of a member in the village that he works for. The last may be chance: another person may clear it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from shuanglian.accounts.models import User
from shuanglian.core.scoping import unscoped
from shuanglian.core.secrets import digest
from shuanglian.kernel.ids import compact, parse_id
from shuanglian.organisation.models import Cadre
from shuanglian.pairing.models import Relative
from shuanglian.procedures.models import Case
from shuanglian.registry.models import Household, Person

from .models import Kin
from .subjects import households_of


def relatives(cases: Sequence[Case], user: User) -> dict[int, str]:
    """case id → why the user counts as a relative; asked of all cases in a handful of queries."""
    homes = households_of(cases)
    pks = set(homes.values())
    with unscoped():  # a declaration counts wherever it was made
        cadre = Cadre.objects.filter(user=user).first()
        found = {case.pk: why for case in cases if (why := _as_told(case, user, cadre))}
        told = {kin.household_id: kin for kin in Kin.objects.standing().filter(user=user, household__in=pks)}
        by_household = {**_by_name(pks, user), **_by_cadre(pks, cadre)}
    for case, pk in homes.items():
        kin = told.get(pk)
        if kin is not None and kin.related:
            found[case] = _("已申报亲属关系：{relation}").format(relation=kin.relation)
        elif kin is None and pk in by_household:
            found[case] = by_household[pk]
    return found


def kept_from(household: Household) -> tuple[set[int], set[int]]:
    """(users, cadres) who count as relatives of one household: declared by either list, or found by the register."""
    people = Person.objects.filter(household=household)
    numbers = set(people.exclude(id_digest="").values_list("id_digest", flat=True))
    cadres = set(Relative.objects.filter(household=household).values_list("cadre", flat=True))
    cadres |= set(Cadre.objects.filter(id_digest__in=numbers).values_list("pk", flat=True))
    if household.phone_digest:
        cadres |= set(Cadre.objects.filter(phone_digest=household.phone_digest).values_list("pk", flat=True))
    told = dict(Kin.objects.standing().filter(household=household).values_list("user", "related"))
    names = {name for name in people.filter(left_on=None).values_list("name", flat=True) if name.strip()}
    same = set(User.objects.filter(full_name__in=names).values_list("pk", flat=True))
    return {pk for pk, related in told.items() if related} | (same - told.keys()), cadres


def _by_cadre(pks: set[int], cadre: Cadre | None) -> dict[int, str]:
    if cadre is None:
        return {}
    found: dict[int, str] = {}
    if cadre.phone_digest:
        same = Household.objects.filter(pk__in=pks, phone_digest=cadre.phone_digest).values_list("pk", flat=True)
        found |= dict.fromkeys(same, _("电话与本户相同"))
    if cadre.id_digest:
        own = Person.objects.filter(household__in=pks, id_digest=cadre.id_digest).values_list("household", flat=True)
        found |= dict.fromkeys(own, _("本人是这一户的成员"))
    declared = Relative.objects.filter(cadre=cadre, household__in=pks).values_list("household", "note")
    return found | {pk: _("已申报亲属关系：{relation}").format(relation=note or _("亲属")) for pk, note in declared}


def _by_name(pks: set[int], user: User) -> dict[int, str]:
    name = user.full_name.strip()
    if not name or user.area is None:
        return {}
    same = Person.objects.within(user.area).filter(household__in=pks, name=name, left_on=None)
    return dict.fromkeys(same.values_list("household", flat=True), _("与本户成员同名，须由他人核实不是亲属"))


def _as_told(case: Case, user: User, cadre: Cadre | None) -> str:
    """A newcomer has no file yet: what the application itself says of relatives, and of himself. Of the same name as
    somebody on it is kept away too; there is no file to clear him on, so another decides."""
    if case.kind != "newcomer":
        return ""
    asked = case.asked
    named = {str(one).strip() for one in asked.get("relatives", [])}
    if user.full_name and user.full_name.strip() in named:
        return _("申请书写明与本人有亲属关系")
    folk = [asked.get("head") or {}, *asked.get("members", [])]
    if cadre and cadre.id_digest and any(digest(_normal(one)) == cadre.id_digest for one in folk):
        return _("本人是这一户的成员")
    phone = str(asked.get("values", {}).get("phone") or "").strip()
    if cadre and cadre.phone_digest and phone and digest(compact(phone)) == cadre.phone_digest:
        return _("电话与本户相同")
    if user.full_name and user.full_name.strip() in {str(one.get("name") or "").strip() for one in folk}:
        return _("与申请书上的人同名，请由他人办理")
    return ""


def _normal(person: Mapping[str, Any]) -> str:
    """The identity number as the register would keep it; an unreadable one as it was written."""
    text = str(person.get("id_number") or "").strip()
    return parse_id(text).resident or text
