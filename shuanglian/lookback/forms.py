"""Forms of the look-back: order a campaign, a visit (short enough for a doorstep), a draw, lists."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from django import forms
from django.utils import timezone
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from shuanglian.accounts.models import User
from shuanglian.areas.models import Area
from shuanglian.attachments.forms import PHOTOS, EvidenceField
from shuanglian.core import profile
from shuanglian.organisation.models import Cadre
from shuanglian.registry.fields import codes, main_causes, names
from shuanglian.registry.models import Household, Person
from shuanglian.rules.lookback import asked_of

from .actions.correcting import HOUSEHOLD_FIELDS, PERSON_FIELDS
from .models import Assignment

if TYPE_CHECKING:
    from collections.abc import Sequence

LOCAL = "%Y-%m-%dT%H:%M"
YES_NO = [("yes", _("是")), ("no", _("否"))]
CHOSEN = {"relation": "relation", "labour": "labour_skill", "schooling": "schooling"}


def _said(entry: Any) -> Any:
    """A label of the profile in the reader's language."""
    return lazy(lambda: entry.label.in_(profile.language()), str)()


def day_input() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class CampaignForm(forms.Form):
    """A new campaign; the last day follows from the profile when left empty."""

    name = forms.CharField(label=_("名称"), max_length=80)
    ordered_by = forms.CharField(label=_("部署单位"), max_length=80)
    since = forms.DateField(label=_("开始日期"), widget=day_input())
    until = forms.DateField(label=_("结束日期"), required=False, widget=day_input())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        days = profile.active().lookback.kinds["lookback"].days
        self.fields["until"].help_text = _("不填则为 %(days)s 天") % {"days": days}


class VisitForm(forms.Form):
    """One visit. Questions, findings and methods are the profile's; corrections are named h-FIELD and p-ID-FIELD."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    lon = forms.FloatField(required=False, widget=forms.HiddenInput, min_value=-180, max_value=180)
    lat = forms.FloatField(required=False, widget=forms.HiddenInput, min_value=-90, max_value=90)
    visited_at = forms.DateTimeField(
        label=_("到户时间"), input_formats=[LOCAL],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=LOCAL),
    )  # fmt: skip
    method = forms.ChoiceField(label=_("核查方式"), widget=forms.RadioSelect)
    met = forms.CharField(label=_("见到谁"), max_length=40)
    photo = EvidenceField(
        label=_("现场照片"), required=False, accept=PHOTOS, widget=forms.FileInput, attrs={"capture": "environment"}
    )
    no_position_why = forms.CharField(label=_("没有定位的原因"), required=False, max_length=100)
    finding = forms.ChoiceField(label=_("结论"), widget=forms.RadioSelect)
    note = forms.CharField(label=_("说明"), required=False, max_length=400, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, assignment: Assignment, **kwargs: Any) -> None:
        self.assignment = assignment
        kwargs.setdefault("initial", {}).setdefault("key", uuid4())
        kwargs["initial"].setdefault("met", assignment.name)
        kwargs["initial"].setdefault("method", "visit")
        super().__init__(*args, **kwargs)
        known = profile.active().lookback
        self._choices("method", [(code, _said(one)) for code, one in known.methods.items()])
        self._choices("finding", [(code, _said(one)) for code, one in known.findings.items()
                                  if assignment.subject in one.of])  # fmt: skip
        self.asked = asked_of(known.questions, assignment.subject)
        for question in self.asked:
            self.fields[f"q-{question.code}"] = forms.ChoiceField(
                label=_said(question), choices=YES_NO, required=False, widget=forms.RadioSelect
            )
        self.people = list(Person.objects.filter(household=assignment.household_id, left_on=None)) if (
            assignment.household_id) else []  # fmt: skip
        self._correctable()

    def _choices(self, name: str, choices: list[tuple[str, Any]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    def _correctable(self) -> None:
        """What stands in the file, ready to be written over; a field left as it is corrects nothing."""
        home = self.assignment.household
        if home is None:
            return
        for name in HOUSEHOLD_FIELDS:
            label, now = names(Household, name), getattr(home, name)
            self.fields[f"h-{name}"] = (
                forms.ChoiceField(label=label, choices=main_causes(kept=now), required=False, initial=now)
                if name == "main_cause"
                else forms.CharField(label=label, max_length=200, required=False, initial=now)
            )
        for person in self.people:
            for name in PERSON_FIELDS:
                now = getattr(person, name)
                self.fields[f"p-{person.pk}-{name}"] = forms.ChoiceField(
                    label=names(Person, name), choices=codes(CHOSEN[name], kept=now),
                    required=False, initial=now,
                )  # fmt: skip

    def questions(self) -> Iterable[forms.BoundField]:
        return (self[f"q-{one.code}"] for one in self.asked)

    def household_corrections(self) -> Iterable[forms.BoundField]:
        return (self[name] for name in self.fields if name.startswith("h-"))

    def people_corrections(self) -> Iterable[tuple[Person, Sequence[forms.BoundField]]]:
        return ((one, [self[f"p-{one.pk}-{name}"] for name in PERSON_FIELDS]) for one in self.people)

    def told(self) -> dict[str, Any]:
        """What the verb takes."""
        clean = self.cleaned_data
        place = (clean["lon"], clean["lat"]) if None not in (clean.get("lon"), clean.get("lat")) else None
        plain = ("key", "visited_at", "method", "met", "photo", "no_position_why", "finding", "note")
        answers = {one.code: clean[f"q-{one.code}"] == "yes" for one in self.asked if clean.get(f"q-{one.code}")}
        return {
            **{name: clean.get(name) for name in plain}, "position": place, "answers": answers,
            "corrections": [*self._corrected()],
        }  # fmt: skip

    def _corrected(self) -> Iterable[dict[str, Any]]:
        for name in [one for one in self.changed_data if self.add_prefix(one) in self.data]:
            kind, _dash, rest = name.partition("-")
            if kind == "h" and self.assignment.household_id:
                yield {"record": "household", "id": self.assignment.household_id, "field": rest,
                       "value": self.cleaned_data[name]}  # fmt: skip
            elif kind == "p":
                pk, _dash, field = rest.partition("-")
                yield {"record": "person", "id": int(pk), "field": field, "value": self.cleaned_data[name]}


def local_now(at: Any) -> str:
    """A moment as the field for the time of the visit shows it."""
    return timezone.localtime(at).strftime(LOCAL)


class ReassignForm(forms.Form):
    """Another visitor for some households: a cadre by number, or an account by name."""

    cadre = forms.CharField(label=_("干部编号"), required=False, max_length=30)
    user = forms.CharField(label=_("或账户用户名"), required=False, max_length=150)
    why = forms.CharField(label=_("原因"), max_length=200)

    def __init__(self, *args: Any, cadres: Any, users: Any, **kwargs: Any) -> None:
        self.cadres, self.users = cadres, users
        super().__init__(*args, **kwargs)

    def clean_cadre(self) -> Cadre | None:
        return self._one(self.cadres, "number", "cadre", _("没有这个干部编号"))

    def clean_user(self) -> User | None:
        return self._one(self.users, "username", "user", _("没有这个账户"))

    def _one(self, rows: Any, field: str, name: str, wrong: Any) -> Any:
        text = self.cleaned_data[name].strip()
        found = rows.filter(**{field: text}).first() if text else None
        if text and found is None:
            raise forms.ValidationError(wrong)
        return found


class ClaimForm(forms.Form):
    """Somebody who is not on the register and says that they should be."""

    name = forms.CharField(label=_("姓名"), max_length=40)
    group = forms.CharField(label=_("村民小组"), required=False, max_length=40)
    why = forms.CharField(label=_("为什么应当核查"), max_length=120)


class AnnounceForm(forms.Form):
    """A draw to announce: of which level, by which public number of a later day."""

    level = forms.ChoiceField(label=_("抽查层级"))
    share = forms.DecimalField(label=_("比例（%）"), required=False, min_value=Decimal(0), max_value=Decimal(100))
    source = forms.CharField(label=_("用哪个公开数字"), max_length=120)
    source_on = forms.DateField(label=_("数字产生日期"), widget=day_input())

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        levels = profile.active().lookback.rechecks
        field = self.fields["level"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(code, _said(one)) for code, one in levels.items()]
        self.fields["share"].help_text = _("不填则按方案规定")
        self.fields["source"].help_text = _("例如：中国福利彩票双色球某期开奖号码。公告之后才产生，谁也不能预知。")
        self.fields["source_on"].help_text = _("须晚于今天（%(today)s）") % {"today": today.isoformat()}

    def told(self) -> dict[str, Any]:
        clean = self.cleaned_data
        share = clean["share"] / 100 if clean.get("share") is not None else None
        return {"level": clean["level"], "share": share, "source": clean["source"], "source_on": clean["source_on"]}


class PublicForm(forms.Form):
    """The public number, once it is out."""

    public = forms.CharField(label=_("公开数字"), max_length=60, help_text=_("只看数字，空格和标点不算"))


class HandOutForm(forms.Form):
    """Who re-checks."""

    checkers = forms.ModelMultipleChoiceField(
        queryset=User.objects.none(), label=_("抽查人"), widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, area: Area, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        roles = [code for code, role in profile.active().roles.items() if "lookback.recheck" in role.may]
        above = [area.prefix[:n].ljust(12, "0") for n in (2, 4, 6, 9) if n < len(area.prefix)]
        rows = User.objects.filter(is_active=True, role__in=roles, area__until=None)
        field = self.fields["checkers"]
        assert isinstance(field, forms.ModelMultipleChoiceField)
        field.queryset = (rows.filter(area__code__startswith=area.prefix, area__level__lt=Area.Level.VILLAGE)
                          | rows.filter(area__code__in=above)).order_by("username")  # fmt: skip


class WhyForm(forms.Form):
    why = forms.CharField(label=_("原因"), max_length=200)
