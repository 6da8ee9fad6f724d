"""What a profile says of look-back campaigns (REG-6): length, methods, findings, evidence, questions, draws, limits."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field

from .profile_shapes import Amount, Code, Count, Flag, Label, Named, Shape, Text

Share = Annotated[Amount, Field(ge=Decimal(0), le=Decimal(1))]
Subject = Literal["registered", "left", "claimant"]


class Campaign(Named):
    """A kind of campaign: how long, who is on the lists beside the registered, how long a list may be.

    days: calendar days, both ends in. left_years: those that left in the year of the campaign and so many years before
    are visited, too; None: nobody who left. most: households on one person's list.
    """

    days: Annotated[int, Field(ge=1, le=366)]
    left_years: Count | None = None
    claimants: Flag = True
    most: Annotated[int, Field(ge=1)]


class Method(Named):
    """How somebody says to have looked. What does not count is named too, so that the refusal can say why (REG-5)."""

    counts: Flag
    reason: Label | None = None


class Result(Named):
    """What a visit can end in (confirmed, corrected, to be added, to be removed); `opens`: subject → procedure."""

    of: Annotated[tuple[Subject, ...], Field(min_length=1)]
    opens: dict[Subject, Code] = Field(default_factory=dict)
    corrects: Flag = False
    note_needed: Flag = False


class Evidence(Named):
    """What a visit must bring: photo, position, time. `or_reason`: a reason will do, and the visit is looked at."""

    needed: Flag
    or_reason: Flag = False


class Verdict(Named):
    """What answers can show (wrong exit, made to exit, not satisfied …): any answer that counts for it shows it."""

    of: Annotated[tuple[Subject, ...], Field(min_length=1)]
    rate: Code | None = None


class Question(Named):
    """One question of a visit, answered yes or no. `fact`: the word of the rules that it answers, record.name.

    shows: verdict → the answer ("yes" or "no") that shows it.
    """

    order: Count
    of: Annotated[tuple[Subject, ...], Field(min_length=1)]
    fact: Text | None = None
    shows: dict[Code, Literal["yes", "no"]] = Field(default_factory=dict)


class Doubt(Named):
    """When a visit is looked at twice, and the limit that says so, in the unit named."""

    limit: Amount | None = None
    unit: Literal["minutes", "hours", "km", "km_per_hour", "oclock", ""] = ""


class Recheck(Named):
    """What a level must check again of what the level below found: a share, and at least so many a village."""

    share: Share
    least: Count = 0


class Other(Shape):
    """The same limit where it is another."""

    label: Label
    limit: Share
    document: Text


class RateLimit(Named):
    """A rate of the campaign (错评, 漏评, 错退) and the share that it must stay below or at.

    of: whose households it is a share of. counted: by the finding or the verdict with this code.
    """

    of: Annotated[tuple[Subject, ...], Field(min_length=1)]
    counted: Code
    limit: Share | None = None
    veto: Flag = False
    others: tuple[Other, ...] = ()
