"""Whether somebody is a party to a dispute or a relative of one: he does not mediate it (VOICE-5, REG-9)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from shuanglian.core.scoping import unscoped
from shuanglian.organisation.models import Cadre
from shuanglian.recognition.relatives import kept_from
from shuanglian.registry.models import Household

from .models import Dispute, Party

if TYPE_CHECKING:
    from shuanglian.accounts.models import User


def related(user: User, dispute: Dispute) -> str:
    """Why a user must keep away; empty when he need not."""
    with unscoped():  # kinship counts wherever it was declared, and whoever may not read names is still compared
        return related_to(user, list(dispute.parties.all()))


def related_to(user: User, parties: Iterable[Party]) -> str:
    """The same for some parties: the same name, or a relative of the party's household by any of the lists."""
    people = list(parties)
    names = {user.full_name.strip()}
    cadre = Cadre.objects.filter(user=user).first()
    if cadre is not None:
        names.add(cadre.name.strip())
    if any(one.name.strip() in names - {""} for one in people):
        return _("与当事人同名")
    homes = Household.objects.filter(number__in={one.home for one in people if one.home})
    for home in homes:
        users, cadres = kept_from(home)
        if user.pk in users or (cadre is not None and cadre.pk in cadres):
            return _("是当事人的亲属")
    return ""
