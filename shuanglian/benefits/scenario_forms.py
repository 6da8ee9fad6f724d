"""Forms of what-ifs: a new scenario, and what it changes, benefit by benefit with the amounts that stand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shuanglian.areas.forms import AreaField
from shuanglian.core.forms import says
from shuanglian.core.profile import active, language
from shuanglian.kernel.refusal import Refusal
from shuanglian.registry.fields import day_input
from shuanglian.rules.benefits import Benefit, Terms

from . import catalogue, plans
from .models import Provision, Scenario

if TYPE_CHECKING:
    from shuanglian.accounts.models import User


class ScenarioForm(forms.Form):
    """A new scenario: for which families, by which day's policies, compared with which day's."""

    title = forms.CharField(label=gettext_lazy("名称"), max_length=120)
    area = AreaField(label=gettext_lazy("区域"))
    on = forms.DateField(
        label=gettext_lazy("按哪天的政策"), widget=day_input(),
        help_text=gettext_lazy("已公布、以后才施行的政策，写施行后的一天。"),
    )  # fmt: skip
    against = forms.DateField(
        label=gettext_lazy("与哪天的政策比较"), widget=day_input(),
        help_text=gettext_lazy("家庭情况也按这一天；两边的家庭相同，只有政策不同。"),
    )  # fmt: skip
    note = forms.CharField(
        label=gettext_lazy("说明"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args: Any, seen_by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["area"].within = seen_by.area  # type: ignore[attr-defined]


@dataclass(frozen=True)
class BenefitPart:
    """The fields of one benefit: its amounts, the terms it takes, whether it is dropped."""

    benefit: Benefit
    title: str
    amounts: list[Any]
    terms: Any
    drop: Any

    @property
    def changed(self) -> bool:
        return any(bound.value() not in (None, "", False) for bound in (*self.amounts, self.terms, self.drop))


class ChangesForm(forms.Form):
    """What a scenario changes. Whatever is left empty stays as it is."""

    def __init__(self, *args: Any, scenario: Scenario, **kwargs: Any) -> None:
        self.scenario = scenario
        kwargs.setdefault("initial", _initial(scenario.changes))
        super().__init__(*args, **kwargs)
        self.known = catalogue.benefits(scenario.area_code)
        self.benefits = {code: terms for code, one in self.known.items() if (terms := _terms(one, scenario))}
        self._add_line()
        for code, terms in self.benefits.items():
            self._add(code, terms)

    def _add_line(self) -> None:
        line = active().lines(self.scenario.on.year).yuan
        self.fields["line"] = _amount(_("贫困线"), _("{year} 年现行 {yuan} 元").format(
            year=self.scenario.on.year, yuan=f"{line:,}"))  # fmt: skip
        drafts = Provision.objects.within(self.scenario.area).filter(
            state__in=[Provision.State.DRAFT, Provision.State.PROPOSED]
        )
        choices = [(one.pk, f"{one.code} · {one.get_state_display()}") for one in drafts.order_by("code", "-pk")[:50]]
        if choices:
            self.fields["drafts"] = forms.TypedMultipleChoiceField(
                label=_("把这些政策草稿也算进去"), choices=choices, coerce=int, required=False,
                widget=forms.CheckboxSelectMultiple,
            )  # fmt: skip

    def _add(self, code: str, terms: Terms) -> None:
        lang = language()
        for name, given in terms.given.items():
            unit = given.unit.in_(lang) if given.unit else ""
            now = _("现为 {amount} {unit}").format(amount=f"{given.amount.normalize():f}", unit=unit)
            self.fields[f"given:{code}:{name}"] = _amount(given.label.in_(lang), now)
        self.fields[f"terms:{code}"] = forms.DateField(
            label=_("改用哪天的条款"), widget=day_input(), required=False,
            help_text=_("例如让以后的条款提前施行"),
        )  # fmt: skip
        self.fields[f"drop:{code}"] = forms.BooleanField(label=_("取消这项政策"), required=False)

    def groups(self) -> Iterator[tuple[str, list[BenefitPart]]]:
        """Benefits by kind."""
        for kind, label in catalogue.choices("kind"):
            parts = [self._part(code) for code in self.benefits if self.known[code].kind == kind]
            if parts:
                yield label, parts

    def _part(self, code: str) -> BenefitPart:
        amounts = [self[name] for name in self.fields if name.startswith(f"given:{code}:")]
        one = self.known[code]
        return BenefitPart(one, one.title.in_(language()), amounts, self[f"terms:{code}"], self[f"drop:{code}"])

    def clean(self) -> dict[str, Any]:
        """Amounts are read one by one, so that each says what is wrong with it."""
        told = super().clean() or {}
        for name in [name for name in told if name == "line" or name.startswith("given:")]:
            try:
                told[name] = str(plans.amount(told[name])) if told[name] else ""
            except Refusal as refusal:
                self.add_error(name, says(refusal))
        return told

    def changes(self) -> dict[str, Any]:
        """What was typed, as scenarios keep it."""
        told, found = self.cleaned_data, {}
        for code in self.benefits:
            given = {name.split(":")[2]: value for name, value in told.items()
                     if name.startswith(f"given:{code}:") and value}  # fmt: skip
            change = {"given": given, "terms": told.get(f"terms:{code}"), "drop": told.get(f"drop:{code}")}
            if any(change.values()):
                found[code] = change
        return {"benefits": found, "line": told.get("line"), "drafts": told.get("drafts") or []}


def _terms(benefit: Benefit, scenario: Scenario) -> Terms | None:
    """The terms whose amounts are offered: of the scenario's day, else of the day compared with, else the next."""
    coming = sorted((one for one in benefit.terms if one.since > scenario.on), key=lambda one: one.since)
    return benefit.in_force(scenario.on) or benefit.in_force(scenario.against) or next(iter(coming), None)


def _amount(label: str, hint: str) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=20, required=False, help_text=hint,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )  # fmt: skip


def _initial(changes: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {"line": changes.get("line", ""), "drafts": changes.get("drafts", [])}
    for code, change in changes.get("benefits", {}).items():
        found |= {f"given:{code}:{name}": value for name, value in change.get("given", {}).items()}
        found |= {f"terms:{code}": change.get("terms"), f"drop:{code}": change.get("drop", False)}
    return found
