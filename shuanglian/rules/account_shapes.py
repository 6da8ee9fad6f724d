"""The written half of the income account: which parts a channel is made of (PLAN-4; domain 2.2)."""

from __future__ import annotations

from typing import Literal

from .profile_shapes import Count, Flag, Label, Sourced, Text, Words

Channel = Literal["income_wage", "income_operating", "operating_cost", "income_property", "income_transfer"]


class AccountPart(Sourced):
    """A part of a channel of income. `provisions` whose payrolls prove it; `rest`: what no other part is."""

    label: Label
    channel: Channel
    order: Count
    field: Text = ""
    provisions: Words = ()
    rest: Flag = False


__all__ = ["AccountPart", "Channel"]
