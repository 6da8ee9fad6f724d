"""What clerks may enter about units and cadres; codes as choices from the profile."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shuanglian.areas.forms import AreaField
from shuanglian.areas.models import Area
from shuanglian.core.profile import active, language

from .models import Absence, Cadre, Unit
from .queries import visible_units

if TYPE_CHECKING:
    from shuanglian.accounts.models import User

NOTHING = ("", gettext_lazy("未填"))
ANY = ("", gettext_lazy("全部"))
DASHES = ("-", "－", "—")


def day_input() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def codes(list_name: str, *, kept: str = "", empty: Any = NOTHING) -> list[tuple[str, Any]]:
    """(code, label) of a profile list as it stands in the programme year; a code that the row has stays choosable."""
    known = active().on(date(active().year, 12, 31)).codes[list_name]
    missing = [(kept, kept)] if kept and kept not in known else []
    return [*([empty] if empty else []), *known.choices(language()), *missing]


def coded(
    list_name: str, label: Any, *, kept: str = "", required: bool = False, empty: Any = NOTHING
) -> forms.ChoiceField:
    return forms.ChoiceField(choices=codes(list_name, kept=kept, empty=empty), label=label, required=required)


def said(model: type[Unit] | type[Cadre], name: str) -> str:
    return str(model._meta.get_field(name).verbose_name)  # type: ignore[union-attr]


def why_field() -> forms.CharField:
    return forms.CharField(
        label=gettext_lazy("变更原因"), max_length=200, help_text=gettext_lazy("写明依据，与修改前后的内容一起留存。")
    )


UNIT_CODES = {"kind": "unit_kind", "tier": "tier", "trade": "trade"}
UNIT_TEXTS = {"name": 100, "uscc": 30, "address": 200, "contact": 40, "phone": 30}


class UnitForm(forms.Form):
    """A unit: new with its area and first day, known with the reason of the change."""

    def __init__(
        self, data: Any = None, *, seen_by: User, unit: Unit | None = None, initial: dict[str, Any] | None = None
    ) -> None:
        names = [*UNIT_TEXTS, *UNIT_CODES, "staff", "leads"]
        known = {name: getattr(unit, name) for name in names} if unit else {}
        super().__init__(data, initial={**known, **(initial or {})})
        of = self.fields
        if unit is None:
            of["area"] = AreaField(label=said(Unit, "area"), within=seen_by.area, levels=_HELPED)
            of["code"] = forms.CharField(
                label=said(Unit, "code"), max_length=30, required=False, help_text=_("留空则自动编号。")
            )
        of["name"] = forms.CharField(label=said(Unit, "name"), max_length=100)
        for name, list_name in UNIT_CODES.items():
            of[name] = coded(list_name, said(Unit, name), kept=getattr(unit, name, ""))
        of["trade"].help_text = _("留空则按单位名称推断。")
        of["staff"] = forms.IntegerField(label=said(Unit, "staff"), min_value=0, max_value=100_000, required=False)
        for name in ("contact", "phone", "address", "uscc"):
            of[name] = forms.CharField(label=said(Unit, name), max_length=UNIT_TEXTS[name], required=False)
        of["leads"] = forms.BooleanField(label=said(Unit, "leads"), required=False)
        if unit is None:
            of["on"] = forms.DateField(label=said(Unit, "since"), widget=day_input())
        else:
            of["why"] = why_field()

    def values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in (*UNIT_TEXTS, *UNIT_CODES, "staff", "leads")}


_HELPED = [Area.Level.PROVINCE, Area.Level.CITY, Area.Level.COUNTY, Area.Level.TOWNSHIP]

CADRE_CODES = {
    "rank": "rank", "sex": "sex", "occupation": "occupation", "trade": "trade", "political": "politics",
    "education": "education",
}  # fmt: skip


class CadreForm(forms.Form):
    """A cadre: new with the first day, known with the reason of the change. Numbers are never sent back in clear."""

    SEALED = ("id_number", "phone")

    def __init__(
        self, data: Any = None, *, seen_by: User, cadre: Cadre | None = None, masked: dict[str, str] | None = None,
        initial: dict[str, Any] | None = None,
    ) -> None:  # fmt: skip
        names = ["name", "post", "stationed_at", *CADRE_CODES]
        known = {name: getattr(cadre, name) for name in names} if cadre else {}
        super().__init__(data, initial={**known, **(initial or {})})
        of = self.fields
        if cadre is None:
            of["number"] = forms.CharField(
                label=said(Cadre, "number"), max_length=30, required=False, help_text=_("留空则按单位编号顺序。")
            )
        of["name"] = forms.CharField(label=said(Cadre, "name"), max_length=40)
        of["rank"] = coded("rank", said(Cadre, "rank"), kept=cadre.rank if cadre else "", required=True)
        of["post"] = forms.CharField(label=said(Cadre, "post"), max_length=60, required=False)
        for name, list_name in CADRE_CODES.items():
            if name != "rank":
                of[name] = coded(list_name, said(Cadre, name), kept=getattr(cadre, name, ""))
        for name in self.SEALED:
            of[name] = self._number(name, (masked or {}).get(name, ""), known=cadre is not None)
        of["stationed_at"] = AreaField(
            label=said(Cadre, "stationed_at"), within=seen_by.area, levels=[Area.Level.TOWNSHIP], required=False,
            help_text=_("驻乡镇干部承担兜底，按所驻乡镇登记。"),
        )  # fmt: skip
        if cadre is None:
            of["on"] = forms.DateField(label=said(Cadre, "since"), widget=day_input())
        else:
            of["why"] = why_field()

    @staticmethod
    def _number(name: str, masked: str, *, known: bool) -> forms.CharField:
        hint = _("现为 {masked}；留空不变，填 - 清除。").format(masked=masked) if masked else ""
        hint = hint or (_("现在没有登记。") if known else "")
        return forms.CharField(
            label=said(Cadre, name), max_length=40, required=False, help_text=hint,
            widget=forms.TextInput(attrs={"autocomplete": "off"}),
        )  # fmt: skip

    def values(self) -> dict[str, Any]:
        """What was entered; a number left empty is not among it, "-" empties it."""
        given = {name: self.cleaned_data[name] for name in ("name", "post", "stationed_at", *CADRE_CODES)}
        for name in self.SEALED:
            if text := self.cleaned_data[name].strip():
                given[name] = "" if text in DASHES else text
        return given


class AbsenceForm(forms.Form):
    """Leave, illness, retirement, transfer."""

    kind = forms.ChoiceField(label=gettext_lazy("类别"), choices=Absence.Kind.choices)
    since = forms.DateField(label=gettext_lazy("开始日期"), widget=day_input())
    until = forms.DateField(
        label=gettext_lazy("结束日期"),
        widget=day_input(),
        required=False,
        help_text=gettext_lazy("不知道就留空；退休和调离不用填。"),
    )
    note = forms.CharField(label=gettext_lazy("说明"), max_length=200, required=False)


class BackForm(forms.Form):
    on = forms.DateField(label=gettext_lazy("返岗日期"), widget=day_input())


class MoveForm(forms.Form):
    """Another unit for a cadre, by its number."""

    unit = forms.CharField(
        label=gettext_lazy("新单位编号"), max_length=30, help_text=gettext_lazy("单位编号见单位列表。")
    )
    why = why_field()

    def __init__(self, *args: Any, seen_by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.seen_by = seen_by

    def clean_unit(self) -> Unit:
        found = visible_units(seen_by=self.seen_by).filter(code=self.cleaned_data["unit"].strip()).first()
        if found is None:
            raise forms.ValidationError(_("在您的管辖范围内没有这个编号的单位。"))
        return found


class EndForm(forms.Form):
    on = forms.DateField(label=gettext_lazy("结束日期"), widget=day_input())
    why = why_field()


class RevealForm(forms.Form):
    why = forms.CharField(label=gettext_lazy("查看用途"), min_length=2, max_length=200)


class UnitFilterForm(forms.Form):
    q = forms.CharField(label=gettext_lazy("名称、编号或拼音首字母"), max_length=60, required=False)
    ended = forms.BooleanField(label=gettext_lazy("包括已结束的"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"] = coded("unit_kind", said(Unit, "kind"), empty=ANY)
        self.fields["tier"] = coded("tier", said(Unit, "tier"), empty=ANY)
        self.order_fields(["q", "kind", "tier", "ended"])

    def asked(self) -> dict[str, Any]:
        self.is_valid()
        told = self.cleaned_data
        return {"text": told.get("q", "").strip(), "kind": told.get("kind", ""), "tier": told.get("tier", ""),
                "ended": bool(told.get("ended"))}  # fmt: skip


class CadreFilterForm(forms.Form):
    q = forms.CharField(label=gettext_lazy("姓名、编号或拼音首字母"), max_length=60, required=False)
    state = forms.ChoiceField(
        label=gettext_lazy("在岗情况"), required=False,
        choices=[("", gettext_lazy("在册")), ("away", gettext_lazy("今天离岗")),
                 ("ended", gettext_lazy("已退休或调离"))],
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["rank"] = coded("rank", said(Cadre, "rank"), empty=ANY)
        self.fields["occupation"] = coded("occupation", said(Cadre, "occupation"), empty=ANY)
        self.order_fields(["q", "rank", "occupation", "state"])

    def asked(self) -> dict[str, Any]:
        self.is_valid()
        told = self.cleaned_data
        return {"text": told.get("q", "").strip(), "rank": told.get("rank", ""),
                "occupation": told.get("occupation", ""), "state": told.get("state", "")}  # fmt: skip
