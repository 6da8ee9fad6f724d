"""What clerks may enter; shorter than the paper, codes as choices from the profile."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shuanglian.areas.forms import AreaField
from shuanglian.areas.models import Area

from .fields import (
    ANY,
    Coded,
    Many,
    Versioned,
    YesNo,
    codes,
    day_input,
    main_causes,
    names,
    sealed_field,
    sealed_values,
    why_field,
)
from .ledger import need_choices
from .models import Household, HouseholdYear, Person, Suspicion
from .queries import ORDERS, Wanted, extra_filters

if TYPE_CHECKING:
    from shuanglian.accounts.models import User


def _household_fields(form: forms.Form, kept: Household | None) -> None:
    """The fields of a household's file in the order of the form on paper."""
    of = form.fields

    def said(name: str) -> str:
        return names(Household, name)

    of["group"] = forms.CharField(label=said("group"), max_length=40, required=False)
    of["address"] = forms.CharField(label=said("address"), max_length=200, required=False)
    of["phone"] = forms.CharField(label=said("phone"), max_length=30, required=False)
    of["size"] = forms.IntegerField(
        label=said("size"), min_value=1, max_value=50, required=False, help_text=_("成员登记齐全后随成员增减。")
    )
    of["kind"] = Coded(codes("household_class", kept=kept.kind if kept else ""), said("kind"))
    of["standard"] = Coded(codes("standard", kept=kept.standard if kept else ""), said("standard"))
    of["main_cause"] = Coded(main_causes(kept=kept.main_cause if kept else ""), said("main_cause"))
    of["other_causes"] = Many(codes("cause", kept=kept.other_causes if kept else [], empty=None), said("other_causes"))
    of["exit_year"] = forms.IntegerField(label=said("exit_year"), min_value=2000, max_value=2100, required=False)
    of["measures"] = forms.CharField(
        label=said("measures"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    of["loan_need"] = forms.CharField(label=said("loan_need"), max_length=200, required=False)
    of["wish"] = forms.CharField(label=said("wish"), max_length=200, required=False)


class EnrolForm(forms.Form):
    """A new file: where, the head, and what is known of the household. The rest is entered on its page."""

    village = AreaField(label=gettext_lazy("行政村"), levels=[Area.Level.VILLAGE])
    number = forms.CharField(
        label=gettext_lazy("户编号"), max_length=30, required=False, help_text=gettext_lazy("留空则按村代码顺序编号。")
    )
    name = forms.CharField(label=gettext_lazy("户主姓名"), max_length=40)
    id_number = forms.CharField(label=gettext_lazy("户主证件号码"), max_length=30, required=False)
    on = forms.DateField(label=gettext_lazy("识别日期"), widget=day_input())

    def __init__(self, *args: Any, seen_by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["village"].within = seen_by.area  # type: ignore[attr-defined]
        _household_fields(self, None)

    def head(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("name", "id_number")}

    def values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self.cleaned_data if name in _HOUSEHOLD}


_HOUSEHOLD = frozenset({
    "group", "address", "phone", "size", "kind", "standard", "main_cause", "other_causes", "exit_year", "measures",
    "loan_need", "wish", "relocation", "bank", "bank_account", "status", "lon", "lat",
})  # fmt: skip


class HouseholdForm(Versioned):
    """The file of a household, with the reason of the change."""

    SEALED = ("phone", "bank_account")

    def __init__(
        self, data: Any = None, *, household: Household, masked: dict[str, str], initial: dict[str, Any] | None = None
    ) -> None:
        known = {name: getattr(household, name) for name in _HOUSEHOLD if name not in self.SEALED}
        super().__init__(data, initial={**known, **(initial or {})})
        _household_fields(self, household)
        self.fields["phone"] = sealed_field(names(Household, "phone"), masked["phone"])
        self.fields["status"] = Coded(codes("exit_mark", kept=household.status), names(Household, "status"))
        self.fields["relocation"] = YesNo(names(Household, "relocation"))
        self.fields["bank"] = forms.CharField(label=names(Household, "bank"), max_length=60, required=False)
        self.fields["bank_account"] = sealed_field(names(Household, "bank_account"), masked["bank_account"])
        self.fields["lon"] = forms.FloatField(
            label=names(Household, "lon"), min_value=73, max_value=136, required=False
        )
        self.fields["lat"] = forms.FloatField(label=names(Household, "lat"), min_value=3, max_value=54, required=False)
        self.fields["why"] = why_field()

    def values(self) -> dict[str, Any]:
        return sealed_values(self, _HOUSEHOLD, self.SEALED)


PERSON_CODES = {
    "relation": "relation", "sex": "sex", "ethnic": "ethnicity", "education": "education", "schooling": "schooling",
    "labour": "labour_skill", "work_place": "work_place", "political": "politics",
}  # fmt: skip
PERSON_YES_NO = ("medical_insurance", "serious_insurance", "pension_insurance", "dibao")


class PersonForm(Versioned):
    """A member: new with the day of joining, known with the reason of the change."""

    SEALED = ("id_number", "disability_card", "phone")

    def __init__(
        self, data: Any = None, *, person: Person | None = None, masked: dict[str, str] | None = None,
        initial: dict[str, Any] | None = None,
    ) -> None:  # fmt: skip
        plain = ["name", "born_on", *PERSON_CODES, "health", "work_months", *PERSON_YES_NO]
        known = {name: getattr(person, name) for name in plain} if person else {}
        super().__init__(data, initial={**known, **(initial or {})})
        of = self.fields

        def said(name: str) -> str:
            return names(Person, name)

        of["name"] = forms.CharField(label=said("name"), max_length=40)
        of["relation"] = Coded(
            codes("relation", kept=person.relation if person else ""), said("relation"), required=True
        )
        for name in self.SEALED:
            if person is not None:
                of[name] = sealed_field(said(name), (masked or {}).get(name, ""))
            else:
                of[name] = forms.CharField(label=said(name), max_length=40, required=False)
        of["sex"] = Coded(codes("sex", kept=person.sex if person else ""), said("sex"))
        of["born_on"] = forms.DateField(
            label=said("born_on"), widget=day_input(), required=False, help_text=_("有证件号码时留空，由号码得出。")
        )
        for name, list_name in PERSON_CODES.items():
            if name not in of:
                of[name] = Coded(codes(list_name, kept=getattr(person, name, "")), said(name))
        of["health"] = Many(codes("health", kept=person.health if person else [], empty=None), said("health"))
        of["work_months"] = forms.IntegerField(label=said("work_months"), min_value=0, max_value=12, required=False)
        for name in PERSON_YES_NO:
            of[name] = YesNo(said(name))
        if person is None:
            of["on"] = forms.DateField(label=_("增加日期"), widget=day_input())
        of["why"] = why_field(required=person is not None)

    def values(self) -> dict[str, Any]:
        allowed = {"name", "born_on", "health", "work_months", *PERSON_CODES, *PERSON_YES_NO, *self.SEALED}
        return sealed_values(self, allowed, self.SEALED)


YEAR_CODES = {"house_grade": "house_grade", "road_kind": "road", "fuel": "fuel"}
LAND = ("land_cultivated", "land_forest", "land_returned", "land_orchard", "land_pasture", "land_water")
INCOME = ("income_wage", "income_operating", "income_property", "income_transfer", "operating_cost")
YEAR_PARTS = (
    (gettext_lazy("收入与支出（元/年）"), INCOME),
    (gettext_lazy("土地（亩，没有填 0）"), LAND),
    (gettext_lazy("住房与道路"), ("house_area", "house_unsafe", "house_grade", "road_kind", "road_km")),
    (gettext_lazy("饮水与生活"), ("water_safe", "water_hard", "power", "toilet", "fuel", "cooperative")),
)


class YearForm(Versioned):
    """The account and living conditions of a year. Net income and income per head are worked out, so not asked."""

    def __init__(
        self, data: Any = None, *, record: HouseholdYear | None, first: int, last: int,
        initial: dict[str, Any] | None = None,
    ) -> None:  # fmt: skip
        columns = [name for _title, part in YEAR_PARTS for name in part]
        known = {name: getattr(record, name) for name in columns} if record else {}
        super().__init__(data, initial={**known, **(initial or {})})
        if record is None:
            self.fields["year"] = forms.IntegerField(
                label=names(HouseholdYear, "year"), min_value=first, max_value=last
            )
        for name in columns:
            self.fields[name] = self._field(name, record)
        self.fields["why"] = why_field(required=record is not None)

    @staticmethod
    def _field(name: str, record: HouseholdYear | None) -> forms.Field:
        column, said = HouseholdYear._meta.get_field(name), names(HouseholdYear, name)
        if name in YEAR_CODES:
            return Coded(codes(YEAR_CODES[name], kept=getattr(record, name, "")), said)
        if column.get_internal_type() == "BooleanField":
            return YesNo(said)
        return forms.DecimalField(
            label=said, required=False, max_digits=column.max_digits, decimal_places=column.decimal_places,  # type: ignore[union-attr]
            min_value=None if name == "income_operating" else 0,
        )  # fmt: skip

    def parts(self) -> list[tuple[Any, list[forms.BoundField]]]:
        return [(title, [self[name] for name in part]) for title, part in YEAR_PARTS]

    def values(self) -> dict[str, Any]:
        columns = {name for _title, part in YEAR_PARTS for name in part}
        return {name: value for name, value in self.cleaned_data.items() if name in columns}


class WhyForm(forms.Form):
    why = why_field()


class MoveForm(forms.Form):
    village = AreaField(label=gettext_lazy("迁入行政村"), levels=[Area.Level.VILLAGE])
    why = why_field()

    def __init__(self, *args: Any, seen_by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["village"].within = seen_by.area  # type: ignore[attr-defined]


class CloseForm(forms.Form):
    """The household goes off the register: it reached the standard, or it never qualified (REG-3)."""

    kind = forms.ChoiceField(
        label=gettext_lazy("方式"), widget=forms.RadioSelect,
        choices=[("leave", gettext_lazy("脱贫退出（已达标准）")), ("remove", gettext_lazy("剔除（不符合标准）"))],
    )  # fmt: skip
    on = forms.DateField(label=gettext_lazy("日期"), widget=day_input())
    why = why_field()


class PersonLeaveForm(forms.Form):
    """A member goes; when the head goes, another member follows."""

    on = forms.DateField(label=gettext_lazy("减员日期"), widget=day_input())
    successor = forms.ModelChoiceField(label=gettext_lazy("新户主"), queryset=Person.objects.none(), required=False)
    why = why_field()

    def __init__(self, *args: Any, person: Person, is_head: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = Person.objects.filter(household=person.household_id, left_on__isnull=True).exclude(pk=person.pk)
        if is_head:
            self.fields["successor"].queryset = others  # type: ignore[attr-defined]
            self.fields["successor"].required = others.exists()
        else:
            del self.fields["successor"]


class HeadForm(forms.Form):
    successor = forms.ModelChoiceField(label=gettext_lazy("新户主"), queryset=Person.objects.none())
    old_relation = forms.ChoiceField(label=gettext_lazy("原户主与新户主的关系"))
    why = why_field()

    def __init__(self, *args: Any, household: Household, head_code: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = Person.objects.filter(household=household, left_on__isnull=True).exclude(relation=head_code)
        self.fields["successor"].queryset = people  # type: ignore[attr-defined]
        others = [one for one in codes("relation", empty=None) if one[0] != head_code]
        self.fields["old_relation"].choices = others  # type: ignore[attr-defined]


class RevealForm(forms.Form):
    """Which number to show, and what for; both go into the trail (REG-1)."""

    what = forms.CharField(max_length=40)
    why = forms.CharField(label=gettext_lazy("查看用途"), min_length=2, max_length=200)


class FilterForm(forms.Form):
    """The filters of the household list; what is not understood is left out rather than refused."""

    q = forms.CharField(label=gettext_lazy("搜索"), max_length=60, required=False)
    order = forms.ChoiceField(
        label=gettext_lazy("排序"), required=False,
        choices=[("area", gettext_lazy("按区划")), ("name", gettext_lazy("按户主拼音")),
                 ("income", gettext_lazy("收入由低到高")), ("need", gettext_lazy("困难程度由高到低"))],
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        bands = [ANY, *((str(band), name) for band, name in need_choices())]
        states = [("", _("在册")), ("left", _("已脱贫退出")), ("removed", _("已剔除")), ("all", _("全部"))]
        self.fields["main_cause"] = Coded(main_causes(empty=ANY), names(Household, "main_cause"))
        self.fields["band"] = Coded(bands, names(Household, "need_band"))
        self.fields["kind"] = Coded(codes("household_class", empty=ANY), names(Household, "kind"))
        self.fields["status"] = Coded(codes("exit_mark", empty=ANY), names(Household, "status"))
        self.fields["exit_year"] = forms.IntegerField(
            label=names(Household, "exit_year"), min_value=2000, max_value=2100, required=False
        )
        self.fields["state"] = Coded(states, _("在册情况"))
        for extra in extra_filters.values():
            self.fields[extra.name] = Coded([ANY, *extra.choices()], extra.label)

    def wanted(self, area: Area | None) -> Wanted:
        """What was asked; a value that is not among the choices asks for nothing."""
        self.is_valid()
        told = self.cleaned_data
        return Wanted(
            text=told.get("q", "").strip(), area=area, main_cause=told.get("main_cause", ""), kind=told.get("kind", ""),
            status=told.get("status", ""), band=int(told["band"]) if told.get("band") else None,
            exit_year=told.get("exit_year"), state=told.get("state", ""),
            order=told["order"] if told.get("order") in ORDERS else "area",
            extra={name: told.get(name, "") for name in extra_filters},
        )  # fmt: skip


class LedgerOrderForm(forms.Form):
    """How the ledger is to come out of the printer (REG-8)."""

    format = forms.ChoiceField(
        label=gettext_lazy("格式"), choices=[("xlsx", gettext_lazy("Excel 工作簿")), ("pdf", "PDF")]
    )
    paper = forms.ChoiceField(
        label=gettext_lazy("纸张"),
        choices=[("A3", gettext_lazy("A3 横向")), ("A4", gettext_lazy("A4 横向")), ("A4p", gettext_lazy("A4 纵向"))],
    )
    break_pages = forms.BooleanField(label=gettext_lazy("每村另起一页"), required=False)
    contacts = forms.ChoiceField(
        label=gettext_lazy("号码"), required=False,
        choices=[("", gettext_lazy("不含证件和电话号码")), ("masked", gettext_lazy("附号码（部分遮盖）")),
                 ("full", gettext_lazy("附完整号码"))],
    )  # fmt: skip
    why = forms.CharField(label=gettext_lazy("完整号码的用途"), max_length=200, required=False)

    def __init__(self, *args: Any, may_reveal: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not may_reveal:
            self.fields["contacts"].choices = self.fields["contacts"].choices[:2]  # type: ignore[attr-defined,index]
            del self.fields["why"]

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        if told.get("contacts") == "full" and not told.get("why", "").strip():
            self.add_error("why", _("导出完整号码必须写明用途。"))
        return told

    def params(self, area: Area, lang: str) -> dict[str, Any]:
        told = self.cleaned_data
        return {
            "area": area.code, "format": told["format"], "paper": told["paper"][:2],
            "landscape": not told["paper"].endswith("p"), "break_pages": told["break_pages"],
            "contacts": told["contacts"], "why": told.get("why", ""), "language": lang,
        }  # fmt: skip


class ExceptionForm(forms.Form):
    """Why what a check complains about is right as it is."""

    why = forms.CharField(label=gettext_lazy("理由"), max_length=200, help_text=gettext_lazy("写明查证的情况和依据。"))


class DecideForm(forms.Form):
    """Same or different, and how it was found out."""

    state = forms.ChoiceField(choices=[(Suspicion.State.SAME, ""), (Suspicion.State.DIFFERENT, "")])
    note = forms.CharField(label=gettext_lazy("说明"), max_length=200, required=False)
