"""How conditions stand in a profile's file: what must hold, and the sentence that says it."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import ConfigDict, Field

from .profile_shapes import Amount, Label, Shape, Text


class ConditionShape(Shape):
    """One condition: `when` in the language of conditions, `says` for people."""

    when: Text
    says: Label


class GivenShape(Shape):
    """An amount that texts call by name, `given.NAME`: a scenario may change it without touching texts."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    amount: Annotated[Amount, Field(alias="is")]
    label: Label
    unit: Label | None = None


Facts = dict[Text, Any]  # name → value, as written: typed when the vocabulary is at hand
