"""The written half of paper forms: the shapes of forms.toml (REG-4, REG-5)."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from .profile_shapes import Label, Named


class FormShape(Named):
    """A form that a step prints, filled in, for signature.

    says: what those who sign declare · columns: what the table shows of each case, in order · blank: columns to be
    filled in by hand, after the others · signers: whose signatures stand below, when the step itself names no posts.
    """

    says: Label
    columns: Annotated[
        tuple[Literal["number", "name", "group", "people", "reason", "measure", "votes", "finding", "why"], ...],
        Field(min_length=1),
    ]
    blank: tuple[Label, ...] = ()
    signers: Annotated[tuple[Label, ...], Field(min_length=1)]
