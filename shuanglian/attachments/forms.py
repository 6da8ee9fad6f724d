"""Fields for photos and scans: what is empty or too large is told at the field, before anything is kept."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from shuanglian.core.forms import translated
from shuanglian.kernel.words import Said

from .reading import EMPTY, MOST_BYTES, TOO_LARGE

PHOTOS = "image/jpeg,image/png,image/webp"  # named one by one: for "image/*" an iPhone sends HEIC
SCANS = f"{PHOTOS},application/pdf"


class SeveralFiles(forms.ClearableFileInput):
    """Several files in one field; without a box to clear what was never kept."""

    allow_multiple_selected = True
    template_name = "django/forms/widgets/file.html"


class EvidenceField(forms.FileField):
    """One photo or scan; whether it is one is found out when it is kept (reading.read)."""

    def __init__(self, *, accept: str = SCANS, widget: Any = forms.ClearableFileInput, **kwargs: Any) -> None:
        attrs = {"accept": accept, **kwargs.pop("attrs", {})}
        super().__init__(widget=widget(attrs=attrs), allow_empty_file=True, **kwargs)

    def to_python(self, data: Any) -> Any:
        found = super().to_python(data)
        if found is not None and not found.size:
            raise ValidationError(translated(Said(EMPTY)))
        if found is not None and found.size > MOST_BYTES:
            raise ValidationError(translated(Said(TOO_LARGE, {"most": MOST_BYTES // 1024 // 1024})))
        return found


class PhotosField(EvidenceField):
    """Any number of photos; cleaned to a list."""

    takes = PHOTOS

    def __init__(self, *, widget: Any = SeveralFiles, **kwargs: Any) -> None:
        super().__init__(accept=self.takes, widget=widget, attrs={"multiple": True}, **kwargs)

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        given = data if isinstance(data, list | tuple) else [data] if data else []
        return [super(PhotosField, self).clean(one, initial) for one in given]


class ScansField(PhotosField):
    """Any number of photos and scans."""

    takes = SCANS


__all__ = ["PHOTOS", "SCANS", "EvidenceField", "PhotosField", "ScansField", "SeveralFiles"]
