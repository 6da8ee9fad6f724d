"""Forms of provisions written on the page, but for their terms and cases (drafting.py, casing.py)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shuanglian.areas.forms import AreaField
from shuanglian.core.profile import language
from shuanglian.registry.fields import day_input

from . import catalogue

if TYPE_CHECKING:
    from shuanglian.accounts.models import User

SUBJECTS = [("person", gettext_lazy("个人")), ("household", gettext_lazy("户"))]
CHANNELS = [("transfer", gettext_lazy("转移性收入")), ("none", gettext_lazy("不计入收入"))]
PAYS = [
    ("money", gettext_lazy("钱")), ("points", gettext_lazy("报销百分点")), ("service", gettext_lazy("服务或实物")),
    ("loan", gettext_lazy("贷款")), ("share", gettext_lazy("股份")),
]  # fmt: skip
EVERY = [
    ("year", gettext_lazy("每年")), ("school_year", gettext_lazy("每学年")), ("month", gettext_lazy("每月")),
    ("once", gettext_lazy("一次性")), ("case", gettext_lazy("按次")),
]  # fmt: skip
LABELS = {"title": 60, "apply_at": 120, "plain": 200}  # longest text in each language


class StartForm(forms.Form):
    """Begin a provision: blank, or from an existing one, perhaps with a change from a day on."""

    source = forms.ChoiceField(label=gettext_lazy("从哪一项开始"), required=False)
    since = forms.DateField(
        label=gettext_lazy("从哪天起改"), required=False, widget=day_input(),
        help_text=gettext_lazy("写了日期：原条款到前一天为止，从这一天起另起一段，再改数额或条件。"),
    )  # fmt: skip
    code = forms.CharField(
        label=gettext_lazy("代码"), max_length=40, required=False,
        help_text=gettext_lazy("小写字母、数字、下划线，如 old_age_bonus。空着就用原来的代码，替换原来的政策。"),
    )  # fmt: skip
    title = forms.CharField(label=gettext_lazy("名称"), max_length=60, required=False)

    def __init__(self, *args: Any, area_code: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.known = catalogue.benefits(area_code)
        titles = [(code, one.title.in_(language())) for code, one in self.known.items()]
        self.fields["source"].choices = [("", _("空白")), *titles]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        if not told.get("source") and not (told.get("code") and told.get("title")):
            raise forms.ValidationError(_("新的政策请写代码和名称"))
        told["code"] = told.get("code") or told.get("source", "")
        told["replaces"] = told["code"] in self.known
        return told


class BasicsForm(forms.Form):
    """What a provision is, who owes it, where to ask. What is said in one language only is taken for both."""

    def __init__(self, *args: Any, table: Mapping[str, Any], **kwargs: Any) -> None:
        self.table = table
        kwargs["initial"] = _initial(table)
        super().__init__(*args, **kwargs)
        self._text("title", _("名称"))
        self._choice("kind", _("类别"), catalogue.choices("kind"))
        self._choice("department", _("主管部门"), catalogue.choices("department"))
        self._choice("fund", _("资金来源"), catalogue.choices("fund"))
        self._choice("subject", _("给谁"), SUBJECTS)
        self._choice("pays", _("给什么"), PAYS)
        self._choice("every", _("多久一次"), EVERY)
        self._choice("channel", _("计入哪类收入"), CHANNELS)
        self._text("apply_at", _("在哪里办"))
        self._text("plain", _("明白卡上的一句话"))
        self.fields["papers"] = forms.CharField(
            label=_("要带的材料"), required=False, widget=forms.Textarea(attrs={"rows": 3}),
            help_text=_("一行一样，可写“中文 | English”。"),
        )  # fmt: skip
        self.fields["note"] = forms.CharField(label=_("说明"), required=False, max_length=500)

    def _text(self, name: str, label: str) -> None:
        self.fields[f"{name}_zh"] = forms.CharField(label=label, max_length=LABELS[name])
        self.fields[f"{name}_en"] = forms.CharField(
            label=_("{label}（英文）").format(label=label), max_length=2 * LABELS[name], required=False
        )

    def _choice(self, name: str, label: str, choices: list[Any]) -> None:
        self.fields[name] = forms.ChoiceField(label=label, choices=choices)

    def changed_table(self) -> dict[str, Any]:
        """The provision's table with what was typed; terms and cases as they are."""
        told = self.cleaned_data
        found: dict[str, Any] = {"title": _label(told, "title")}
        found |= {name: told[name] for name in ("kind", "subject", "department", "channel", "pays", "every", "fund")}
        found |= {"apply_at": _label(told, "apply_at"), "papers": _papers(told["papers"])}
        found["plain"] = _label(told, "plain")
        found["note"] = told["note"].strip()
        kept = {key: value for key, value in self.table.items() if key not in found}
        return {key: value for key, value in {**found, **kept}.items() if value not in ("", [])}


def _label(told: Mapping[str, Any], name: str) -> dict[str, str]:
    return {"zh": told[f"{name}_zh"], "en": told[f"{name}_en"] or told[f"{name}_zh"]}


def _papers(text: str) -> list[dict[str, str]]:
    lines = [line.partition(" | ") for line in text.splitlines() if line.strip()]
    return [{"zh": zh.strip(), "en": en.strip() or zh.strip()} for zh, _bar, en in lines]


def _initial(table: Mapping[str, Any]) -> dict[str, Any]:
    found = {key: value for key, value in table.items() if isinstance(value, str)}
    for name in LABELS:
        label = table.get(name) if isinstance(table.get(name), Mapping) else {}
        found |= {f"{name}_{lang}": label.get(lang, "") for lang in ("zh", "en")}  # type: ignore[union-attr]
    papers = [one for one in table.get("papers", []) if isinstance(one, Mapping)]
    return {**found, "papers": "\n".join(f"{one.get('zh', '')} | {one.get('en', '')}" for one in papers)}


class TextForm(forms.Form):
    """The whole text, for who would rather write it."""

    text = forms.CharField(
        label=gettext_lazy("政策文本"), widget=forms.Textarea(attrs={"rows": 30, "spellcheck": "false"})
    )


class TryForm(forms.Form):
    """A real family by its number, and the day."""

    number = forms.CharField(label=gettext_lazy("户编号"), max_length=20)
    on = forms.DateField(label=gettext_lazy("按哪一天"), widget=day_input())


class CountForm(forms.Form):
    """How many would get it, where and when."""

    area = AreaField(label=gettext_lazy("区域"))
    on = forms.DateField(label=gettext_lazy("按哪一天"), widget=day_input())

    def __init__(self, *args: Any, seen_by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["area"].within = seen_by.area  # type: ignore[attr-defined]


class WhyForm(forms.Form):
    why = forms.CharField(label=gettext_lazy("理由"), max_length=200)


class ConfirmForm(forms.Form):
    seen = forms.CharField(max_length=20, widget=forms.HiddenInput)
    checked = forms.BooleanField(label=gettext_lazy("我已逐条核对文本和算例，以本人名义确认"))
