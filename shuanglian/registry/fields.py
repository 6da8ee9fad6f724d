"""Fields that the register's forms share: codes of the profile, yes or no, sealed numbers, reasons."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shuanglian.core.profile import active, language
from shuanglian.rules.profile import Profile

NOTHING = ("", gettext_lazy("未填"))
ANY = ("", gettext_lazy("全部"))
YES_NO = [NOTHING, ("1", gettext_lazy("是")), ("0", gettext_lazy("否"))]


def day_input() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def names(model: type, name: str) -> str:
    return str(model._meta.get_field(name).verbose_name)  # type: ignore[attr-defined]


def current() -> Profile:
    """The profile as it stands at the end of its programme year: codes that came later are not offered."""
    return active().on(date(active().year, 12, 31))


def codes(list_name: str, *, kept: Any = "", empty: Any = NOTHING) -> list[tuple[str, Any]]:
    """(code, label) of a profile list; a code that stands in the row but no longer in the list stays choosable."""
    known = current().codes[list_name]
    choices = known.choices(language())
    missing = [(code, code) for code in ([kept] if isinstance(kept, str) else kept or []) if code and code not in known]
    return ([empty] if empty else []) + choices + missing


def main_causes(*, kept: str = "", empty: Any = NOTHING) -> list[tuple[str, Any]]:
    """Causes that may stand as the main one (REG-2)."""
    allowed = {code for code, cause in current().causes.items() if cause.main}
    return [one for one in codes("cause", kept=kept, empty=empty) if one[0] in allowed or one[0] in ("", kept)]


class Coded(forms.ChoiceField):
    """One code of a profile list, or nothing."""

    def __init__(self, choices: Any, label: Any, **kwargs: Any) -> None:
        super().__init__(choices=choices, label=label, required=kwargs.pop("required", False), **kwargs)


class YesNo(forms.TypedChoiceField):
    """Yes, no or not known."""

    def __init__(self, label: Any) -> None:
        super().__init__(choices=YES_NO, label=label, required=False, coerce=lambda text: text == "1", empty_value=None)

    def prepare_value(self, value: Any) -> Any:
        return "" if value is None or value == "" else "1" if value in (True, "1") else "0"


class Many(forms.MultipleChoiceField):
    """Several codes of a profile list, as boxes to tick."""

    def __init__(self, choices: Any, label: Any, **kwargs: Any) -> None:
        super().__init__(choices=choices, label=label, required=False, widget=forms.CheckboxSelectMultiple, **kwargs)


def why_field(*, required: bool = True) -> forms.CharField:
    return forms.CharField(
        label=gettext_lazy("变更原因"), max_length=200, required=required,
        help_text=gettext_lazy("写明依据，如“2015年6月入户核实”；与修改前后的内容一起留存。"),
    )  # fmt: skip


class SealedInput(forms.TextInput):
    """A number that is never sent back in clear: empty keeps what stands, "-" takes it out."""

    def format_value(self, value: Any) -> str:
        return ""


def sealed_field(label: str, masked: str) -> forms.CharField:
    """A field for a sealed number; the help says what stands, masked."""
    hint = _("现为 {masked}；留空不变，填 - 清除。").format(masked=masked) if masked else _("现在没有登记。")
    return forms.CharField(label=label, max_length=40, required=False, widget=SealedInput, help_text=hint)


class Versioned(forms.Form):
    """A form over a row that somebody else may change meanwhile: it remembers which state it was filled from."""

    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)


def sealed_values(form: forms.Form, allowed: Any, sealed: tuple[str, ...]) -> dict[str, Any]:
    """What the clerk entered; a sealed number left empty is not among it, "-" empties it."""
    given = {name: value for name, value in form.cleaned_data.items() if name in allowed}
    for name in sealed:
        text = str(given.pop(name, "") or "").strip()
        if text:
            given[name] = "" if text in ("-", "－", "—") else text
    return given
