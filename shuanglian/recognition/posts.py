"""In which post somebody may sign (REG-5): what the roster of cadres says of him, and of others of his area.

A roster writes posts freely: the signer's label or one of its spellings has to stand in the text, neither as a deputy
(副) nor as an assistant (助理). Who stands on the roster with a post signs in that one only; who does not may sign
where nobody else of his area is known to hold it, and his signature says that the post was declared.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from shuanglian.core.profile import language
from shuanglian.core.scoping import unscoped
from shuanglian.organisation.models import Cadre
from shuanglian.procedures.hooks import DECLARED, HELD
from shuanglian.rules.procedure_shapes import SignerShape

if TYPE_CHECKING:
    from shuanglian.accounts.models import User


def posts(signs: Sequence[SignerShape], user: User) -> Mapping[str, str]:
    """post code → HELD, DECLARED, or why he may not sign in it."""
    with unscoped():  # the roster of another unit may name who holds it
        own = Cadre.objects.filter(user=user, until=None).first()
        others = list(
            Cadre.objects.filter(user__area=user.area_id, user__is_active=True, until=None)
            .exclude(user=user).exclude(post="")
        )  # fmt: skip
    return {one.code: _of(one, own, others) for one in signs}


def _of(signer: SignerShape, own: Cadre | None, others: Sequence[Cadre]) -> str:
    post = signer.label.in_(language())
    if own is not None and own.post:
        if names(signer, own.post):
            return HELD
        return _("花名册上您的职务是“{own}”，不是{post}").format(own=own.post, post=post)
    holder = next((one.name for one in others if names(signer, one.post)), None)
    return _("花名册上{post}是{holder}，请由本人签字").format(post=post, holder=holder) if holder else DECLARED


def names(signer: SignerShape, text: str) -> bool:
    """Whether a roster's text names the post itself, not its deputy or assistant."""
    text = "".join(unicodedata.normalize("NFKC", text).split())
    return any(re.search(rf"(?<!副){re.escape(one)}(?!助理)", text) for one in (signer.label.zh, *signer.spellings))
