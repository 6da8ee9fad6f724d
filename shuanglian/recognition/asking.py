"""What each procedure asks when it is opened (REG-4): a form, and what of it the case keeps as applied for.

Nothing is asked that the register knows; what is asked stands sealed in the case until the case takes effect.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shuanglian.areas.forms import AreaField
from shuanglian.areas.models import Area
from shuanglian.kernel.ids import mask_card, mask_id, mask_phone
from shuanglian.registry import joining_forms
from shuanglian.registry.actions.derived import head_code
from shuanglian.registry.fields import why_field
from shuanglian.registry.forms import EnrolForm, HouseholdForm, PersonForm, PersonLeaveForm
from shuanglian.registry.models import Household, Person

if TYPE_CHECKING:
    from shuanglian.accounts.models import User

MEMBERS = 8  # rows for members on the application; the rest is added to the file once it is open
Asked = dict[str, Any]


@dataclass(frozen=True)
class Desk:
    """Whose file is asked about, by whom, on which day."""

    household: Household
    by: User
    today: date


class PlainForm(forms.Form):
    """Nothing but the reason: the file itself says the rest."""

    why = why_field()

    def applied(self) -> Asked:
        return {}


class MoveForm(PlainForm):
    village = AreaField(label=gettext_lazy("迁入行政村"), levels=[Area.Level.VILLAGE])
    field_order = ("village", "why")

    def applied(self) -> Asked:
        return {"village": self.cleaned_data["village"].code}


class JoinForm(PersonForm):
    """A member who is born or joins."""

    def applied(self) -> Asked:
        return {"values": _plain(self.values()), "on": self.cleaned_data["on"]}


class GoneForm(PersonLeaveForm):
    def applied(self) -> Asked:
        told, heir = self.cleaned_data, self.cleaned_data.get("successor")
        return {"on": told["on"], "successor": heir.pk if heir else None}


class PersonMoveForm(joining_forms.PersonMoveForm):
    def applied(self) -> Asked:
        told, heir = self.cleaned_data, self.cleaned_data.get("successor")
        return {"target": told["target"].pk, "relation": told["relation"], "on": told["on"],
                "successor": heir.pk if heir else None}  # fmt: skip


class FileForm(HouseholdForm):
    """What is wrong in the file of a household."""

    def applied(self) -> Asked:
        known = {name: self.initial.get(name) for name in self.values()}
        return {"household": _plain({name: new for name, new in self.values().items() if new != known.get(name)})}


class EntryForm(PersonForm):
    """What is wrong in what is known of a member."""

    def applied(self) -> Asked:
        changed = {name: new for name, new in self.values().items() if new != self.initial.get(name)}
        return {"values": _plain(changed)}


class SplitForm(joining_forms.SplitForm):
    def applied(self) -> Asked:
        told = self.arguments()
        successor = told["successor"]
        return {
            "people": [one.pk for one in told["people"]], "head": told["head"].pk, "on": told["on"],
            "relations": {pk: code for pk, code in told["relations"].items() if code}, "number": told["number"],
            "values": told["values"], "divided": {name: str(yuan) for name, yuan in told["divided"].items()},
            "successor": successor.pk if successor else None,
        }  # fmt: skip


class MergeForm(joining_forms.MergeForm):
    def __init__(self, *args: Any, closed: Household, **kwargs: Any) -> None:
        super().__init__(*args, closed=closed, **kwargs)
        self.closed = closed

    def applied(self) -> Asked:
        return {"other": self.closed.pk, **self.arguments()}


class NewcomerForm(EnrolForm):
    """The application of a household that has no file: the head, what is known, who belongs to it, kin in office."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("number", "on"):  # the number is given and the day is set when the county approves
            del self.fields[name]
        relations = joining_forms.relations()
        for row in range(MEMBERS):
            self.fields[f"member_{row}_name"] = forms.CharField(label=_("成员姓名"), max_length=40, required=False)
            self.fields[f"member_{row}_relation"] = forms.ChoiceField(
                label=_("与户主关系"), choices=relations, required=False
            )
            self.fields[f"member_{row}_id_number"] = forms.CharField(label=_("证件号码"), max_length=30, required=False)
        self.fields["relatives"] = forms.CharField(
            label=_("与村干部、经办人的亲属关系"), max_length=200, required=False,
            help_text=_("写出亲属姓名，用顿号分开；没有就留空。他们不参加这一户的评议和审批。"),
        )  # fmt: skip
        self.fields["why"] = forms.CharField(label=_("申请理由"), max_length=200)

    def member_rows(self) -> list[list[forms.BoundField]]:
        parts = ("name", "relation", "id_number")
        return [[self[f"member_{row}_{part}"] for part in parts] for row in range(MEMBERS)]

    def clean(self) -> dict[str, Any]:
        told = super().clean() or self.cleaned_data
        for row in range(MEMBERS):
            name, relation = told.get(f"member_{row}_name"), told.get(f"member_{row}_relation")
            if name and not relation:
                self.add_error(f"member_{row}_relation", _("请选择与户主关系"))
            if not name and (relation or told.get(f"member_{row}_id_number")):
                self.add_error(f"member_{row}_name", _("请填写姓名"))
        return told

    def applied(self) -> Asked:
        told = self.cleaned_data
        members = [
            {"name": told[f"member_{row}_name"], "relation": told[f"member_{row}_relation"],
             "id_number": told[f"member_{row}_id_number"]}
            for row in range(MEMBERS) if told[f"member_{row}_name"]
        ]  # fmt: skip
        kin = [name.strip() for name in told["relatives"].replace(",", "、").replace("，", "、").split("、")]
        return {
            "head": self.head(), "values": _plain(self.values()), "members": members,
            "relatives": [name for name in kin if name],
        }  # fmt: skip


def _plain(values: Mapping[str, Any]) -> Asked:
    """Without what was left empty: an application says only what it knows."""
    return {name: value for name, value in values.items() if value not in (None, "", [])}


# --- which form a procedure asks with ---------------------------------------------------------------------------------
def _move(data: Any, desk: Desk) -> MoveForm:
    form = MoveForm(data)
    form.fields["village"].within = desk.by.area  # type: ignore[attr-defined]
    return form


def _file(data: Any, desk: Desk) -> FileForm:
    home = desk.household
    return FileForm(data, household=home, masked={"phone": mask_phone(home.phone),
                                                  "bank_account": mask_card(home.bank_account)})  # fmt: skip


def _entry(data: Any, desk: Desk, person: Person) -> EntryForm:
    masked = {"id_number": mask_id(person.id_number), "disability_card": mask_id(person.disability_card),
              "phone": mask_phone(person.phone)}  # fmt: skip
    return EntryForm(data, person=person, masked=masked)


def _gone(data: Any, desk: Desk, person: Person) -> GoneForm:
    return GoneForm(data, person=person, is_head=person.relation == head_code(), initial={"on": desk.today})


OF_HOUSEHOLD: dict[str, Callable[[Any, Desk], Any]] = {
    "exit": lambda data, desk: PlainForm(data),
    "remove": lambda data, desk: PlainForm(data),
    "return": lambda data, desk: PlainForm(data),
    "correct": _file,
    "move": _move,
    "member_in": lambda data, desk: JoinForm(data, initial={"on": desk.today}),
    "split": lambda data, desk: SplitForm(data, household=desk.household, today=desk.today),
}  # effect → form
OF_PERSON: dict[str, Callable[[Any, Desk, Person], Any]] = {
    "member_out": _gone,
    "member_move": lambda data, desk, person: PersonMoveForm(data, person=person, seen_by=desk.by, today=desk.today),
    "correct": _entry,
}
