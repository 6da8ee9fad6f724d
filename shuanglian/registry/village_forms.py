"""The village form as clerks fill it in (domain 2.5)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from .fields import Versioned, YesNo, names, sealed_field, why_field
from .models import VillageYear
from .models.village import FIELDS, PARTS

SEALED = ("phone",)


class VillageYearForm(Versioned):
    """One village, one year; beside a field what the register's own households already add up to."""

    def __init__(
        self, data: Any = None, *, record: VillageYear | None, at_least: Mapping[str, Any], masked: str = "",
        initial: dict[str, Any] | None = None,
    ) -> None:  # fmt: skip
        known = {name: getattr(record, name) for name in FIELDS if name not in SEALED} if record else {}
        super().__init__(data, initial={**(initial or {}), **known})
        for name in FIELDS:
            self.fields[name] = _field(name, masked)
            if at_least.get(name) is not None:
                self.fields[name].help_text = _("在册贫困户合计 {n}").format(n=_plain(at_least[name]))
        self.fields["why"] = why_field(required=record is not None)

    def parts(self) -> list[tuple[Any, list[forms.BoundField]]]:
        return [(title, [self[name] for name in part]) for title, part in PARTS]

    def values(self) -> dict[str, Any]:
        given = {name: value for name, value in self.cleaned_data.items() if name in FIELDS and name not in SEALED}
        phone = str(self.cleaned_data.get("phone") or "").strip()
        return given | ({"phone": "" if phone in ("-", "－", "—") else phone} if phone else {})


def _field(name: str, masked: str) -> forms.Field:
    column: Any = VillageYear._meta.get_field(name)
    said, kind = names(VillageYear, name), column.get_internal_type()
    if name in SEALED:
        return sealed_field(said, masked)
    if kind == "BooleanField":
        return YesNo(said)
    if kind == "FloatField":
        low, high = (73, 136) if name == "lon" else (3, 54)
        return forms.FloatField(label=said, required=False, min_value=low, max_value=high)
    if kind == "DecimalField":
        return forms.DecimalField(
            label=said, required=False, min_value=0, max_digits=column.max_digits, decimal_places=column.decimal_places
        )
    if kind == "IntegerField":
        return forms.IntegerField(label=said, required=False, min_value=0, max_value=10_000_000)
    return forms.CharField(label=said, required=False, max_length=column.max_length)


def _plain(value: Any) -> str:
    return f"{value:f}".rstrip("0").rstrip(".") if "." in str(value) else str(value)
