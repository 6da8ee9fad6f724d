"""Forms of what joins and parts files: a member moves, a household is split or merged, two entries become one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django import forms
from django.db.models import Model, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shuanglian.core.profile import label
from shuanglian.core.secrets import SealedTextField
from shuanglian.kernel.ids import mask_card, mask_id, mask_phone

from . import scope
from .actions.derived import head_code
from .actions.merges import HOUSEHOLD_FIELDS, PERSON_FIELDS
from .actions.moves import standing
from .actions.splits import divisible, latest_account
from .fields import Coded, codes, day_input, names, why_field
from .history import LISTS
from .models import Household, HouseholdYear, Person

if TYPE_CHECKING:
    from shuanglian.accounts.models import User

KEPT, GONE = "kept", "gone"
MOST_NAMED = 5


def relations() -> list[tuple[str, Any]]:
    """Every relation to a head but that of the head."""
    return [one for one in codes("relation") if one[0] != head_code()]


def value_text(row: Model, name: str) -> str:
    """A value of a file or an entry as a reader may see it: numbers masked, codes in words."""
    column, value = row._meta.get_field(name), getattr(row, name)
    if value in (None, "", []):
        return "—"
    if isinstance(column, SealedTextField):
        mask = mask_phone if "phone" in name else mask_card if "account" in name else mask_id
        return str(mask(value))
    if name in LISTS:
        return "、".join(label(LISTS[name], code) for code in (value if isinstance(value, list) else [value]))
    return (_("是") if value else _("否")) if isinstance(value, bool) else str(value)


class HouseholdField(forms.CharField):
    """Another standing household that the reader sees: by its number or by its head's name."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=40, help_text=_("填户编号，或户主姓名（同名的请填编号）。"), **kwargs)
        self.seen_by: User | None = None
        self.but: int | None = None

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text or self.seen_by is None:
            return None
        rows = scope.visible(seen_by=self.seen_by).standing().exclude(pk=self.but)
        found = list(rows.filter(Q(number=text) | Q(head_name=text)).order_by("pk")[: MOST_NAMED + 1])
        if len(found) == 1:
            return found[0]
        if not found:
            raise forms.ValidationError(_("您的管辖范围内没有这样的在册户。"))
        listed = "、".join(one.number for one in found[:MOST_NAMED])
        raise forms.ValidationError(_("同名的有几户，请填编号：{numbers}").format(numbers=listed))


class OnWhyForm(forms.Form):
    """The day and the reason, below what each form asks first."""

    def close(self, today: date) -> None:
        self.fields["on"] = forms.DateField(label=_("发生日期"), widget=day_input(), initial=today)
        self.fields["why"] = why_field()


class PersonMoveForm(OnWhyForm):
    target = HouseholdField(label=gettext_lazy("迁入哪一户"))

    def __init__(self, *args: Any, person: Person, seen_by: User, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["target"]
        field.seen_by, field.but = seen_by, person.household_id
        self.fields["relation"] = Coded(relations(), _("与新户户主的关系"), required=True)
        others = standing(person.household).exclude(pk=person.pk)
        if person.relation == head_code():
            self.fields["successor"] = forms.ModelChoiceField(label=_("原户的新户主"), queryset=others)
        self.close(today)


class SplitForm(OnWhyForm):
    """Who goes, who is their head, how the others are related to him, what is divided."""

    def __init__(self, *args: Any, household: Household, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = list(standing(household))
        self.record: HouseholdYear | None = latest_account(household)
        of, chosen = self.fields, [(str(one.pk), one.name) for one in self.people]
        of["people"] = forms.MultipleChoiceField(
            label=_("分出去的成员"), choices=chosen, widget=forms.CheckboxSelectMultiple
        )
        of["head"] = forms.ChoiceField(label=_("新户户主"), choices=[("", _("未填")), *chosen])
        for one in self.people:
            title = _("{name}与新户主的关系").format(name=one.name)
            of[f"relation_{one.pk}"] = Coded(relations(), title)
        of["successor"] = forms.ChoiceField(
            label=_("原户的新户主"), choices=[("", _("户主不变")), *chosen], required=False
        )
        of["number"] = forms.CharField(
            label=_("新户编号"), max_length=30, required=False, help_text=_("留空则按村代码顺序编号。")
        )
        of["address"] = forms.CharField(label=names(Household, "address"), max_length=200, required=False)
        for name, whole in divisible(self.record).items() if self.record else ():
            title = _("{field}：{year}年共 {whole}，分给新户").format(
                field=names(HouseholdYear, name), year=self.record.year if self.record else "", whole=whole
            )
            of[f"divide_{name}"] = forms.DecimalField(
                label=title, min_value=0, max_value=whole, decimal_places=2, required=False
            )
        self.close(today)

    def arguments(self) -> dict[str, Any]:
        """What splits.split wants, but who and when."""
        told, people = self.cleaned_data, {str(one.pk): one for one in self.people}
        return {
            "people": [people[key] for key in told["people"]], "head": people[told["head"]],
            "relations": {one.pk: told[f"relation_{one.pk}"] for one in self.people},
            "successor": people.get(told["successor"]), "number": told["number"],
            "values": {"address": told["address"]} if told["address"] else {},
            "divided": {name.removeprefix("divide_"): value for name, value in told.items()
                        if name.startswith("divide_") and value},
            "on": told["on"], "why": told["why"],
        }  # fmt: skip


class MergeWithForm(forms.Form):
    """The first question of a merge: with which file, and which number stays."""

    other = HouseholdField(label=gettext_lazy("与哪一户合并"))
    keep = forms.ChoiceField(
        label=gettext_lazy("保留哪个户编号"), widget=forms.RadioSelect, initial="this",
        choices=[("this", gettext_lazy("保留本户，另一户并入")), ("other", gettext_lazy("保留另一户，本户并入"))],
    )  # fmt: skip

    def __init__(self, *args: Any, household: Household, seen_by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["other"]
        field.seen_by, field.but = seen_by, household.pk


@dataclass(frozen=True)
class Choice:
    """One field in which two rows differ, and the field of the form that says whose value stays."""

    label: str
    kept: str
    gone: str
    bound: forms.BoundField


class ChoosingForm(OnWhyForm):
    """A form that asks field by field which of two rows is right."""

    def ask(self, kept: Model, gone: Model, fields: Sequence[str], mark: str = "take") -> list[str]:
        """A radio for each field that differs; what only the other row knows is offered from there."""
        asked = []
        for name in fields:
            ours, theirs = getattr(kept, name), getattr(gone, name)
            if ours == theirs or theirs in (None, "", []):
                continue
            first = GONE if ours in (None, "", []) else KEPT
            self.fields[f"{mark}_{name}"] = forms.ChoiceField(
                label=names(type(kept), name), choices=[(KEPT, value_text(kept, name)), (GONE, value_text(gone, name))],
                widget=forms.RadioSelect, initial=first,
            )  # fmt: skip
            asked.append(f"{mark}_{name}")
        return asked

    def shown(self, asked: list[str]) -> list[Choice]:
        fields = [(self[name], self.fields[name]) for name in asked]
        return [
            Choice(str(field.label), str(field.choices[0][1]), str(field.choices[1][1]), bound)  # type: ignore[attr-defined]
            for bound, field in fields
        ]

    def others(self) -> Iterator[forms.BoundField]:
        """The fields that are no choice between two values."""
        return (self[name] for name in self.fields if not name.startswith("take"))

    def taken(self, asked: list[str], mark: str = "take") -> list[str]:
        """The fields of which the row that ends is right."""
        return [name.removeprefix(f"{mark}_") for name in asked if self.cleaned_data.get(name) == GONE]


class SamePersonForm(ChoosingForm):
    """Two entries of one person: whose values stay; who follows a head whose entry ends elsewhere."""

    def __init__(self, *args: Any, kept: Person, gone: Person, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.asked = self.ask(kept, gone, PERSON_FIELDS)
        others = standing(gone.household).exclude(pk=gone.pk)
        if gone.relation == head_code() and gone.household_id != kept.household_id and others.exists():
            self.fields["successor"] = forms.ModelChoiceField(label=_("另一户的新户主"), queryset=others)
        self.close(today)

    @property
    def choices(self) -> list[tuple[str, list[Choice]]]:
        return [(_("逐项选择保留哪一个"), self.shown(self.asked))] if self.asked else []

    def arguments(self) -> dict[str, Any]:
        told = self.cleaned_data
        return {"take": self.taken(self.asked), "on": told["on"], "successor": told.get("successor")}


class MergeForm(ChoosingForm):
    """Two files become one: every member of the file that is closed gets a place, every differing field a choice."""

    def __init__(self, *args: Any, kept: Household, closed: Household, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.ours, self.theirs = list(standing(kept)), list(standing(closed))
        self.asked = self.ask(kept, closed, HOUSEHOLD_FIELDS)
        self.guessed: dict[int, tuple[Person, list[str]]] = {}
        twins = [(f"same_{one.pk}", _("与本户的{name}是同一人").format(name=one.name)) for one in self.ours]
        for one in self.theirs:
            twin = next((other for other in self.ours if _alike(one, other)), None)
            if twin is not None:
                mark = f"take{one.pk}"
                self.guessed[one.pk] = twin, self.ask(twin, one, PERSON_FIELDS, mark)
            title = _("{name}（{relation}）在合并后的户中").format(
                name=one.name, relation=label("relation", one.relation)
            )
            self.fields[f"place_{one.pk}"] = forms.ChoiceField(
                label=title, initial=f"same_{twin.pk}" if twin else "",
                choices=[("", _("未填")), (_("与户主的关系"), relations()[1:]), (_("重复登记"), twins)],
            )  # fmt: skip
        self.close(today)

    @property
    def choices(self) -> list[tuple[str, list[Choice]]]:
        parts = [(_("档案：逐项选择保留哪一个"), self.shown(self.asked))]
        parts += [(twin.name, self.shown(asked)) for twin, asked in self.guessed.values()]
        return [(title, rows) for title, rows in parts if rows]

    def arguments(self) -> dict[str, Any]:
        """What merges.merge wants, but the files, who, when and why."""
        told = self.cleaned_data
        places = {one.pk: told[f"place_{one.pk}"] for one in self.theirs}
        same = {pk: int(place.removeprefix("same_")) for pk, place in places.items() if place.startswith("same_")}
        take_of = {pk: self.taken(asked, f"take{pk}") for pk, (twin, asked) in self.guessed.items()
                   if same.get(pk) == twin.pk}  # fmt: skip
        return {
            "relations": {pk: place for pk, place in places.items() if pk not in same}, "same": same,
            "take": self.taken(self.asked), "take_of": take_of, "on": told["on"],
        }  # fmt: skip


def _alike(one: Person, other: Person) -> bool:
    """Surely the same person: one number, or one name and birth date."""
    if one.id_digest and one.id_digest == other.id_digest:
        return True
    return one.name == other.name and one.born_on is not None and one.born_on == other.born_on
