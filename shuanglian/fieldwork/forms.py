"""Forms of field work. What can be known is not asked: who, the day and the hour, the place come filled in.

docs/burden.md says how many fields each has; a test counts them and holds them against it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import uuid4

from django import forms
from django.utils import timezone
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from shuanglian.areas.models import Area
from shuanglian.attachments.forms import PhotosField
from shuanglian.core import clock, profile
from shuanglian.organisation.models import Cadre
from shuanglian.registry.models import Household, Person

from .models import Inspection, Matter, Visit

LOCAL = "%Y-%m-%dT%H:%M"
GOODS, ASKS, INCOMES, MATTERS, DECIDED = 3, 2, 2, 1, 3  # lines that a page offers; the phone adds as many as wanted
MOST_PHOTOS = 9


def said(entry: Any) -> Any:
    """A label of the profile in the reader's language."""
    return lazy(lambda: entry.label.in_(profile.language()), str)()


def choices(entries: Mapping[str, Any], *, empty: bool = False) -> list[tuple[str, Any]]:
    return [*([("", "—")] if empty else []), *((code, said(one)) for code, one in entries.items())]


def local(moment: datetime) -> str:
    return timezone.localtime(moment).strftime(LOCAL)


def day_input() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def moment_input() -> forms.DateTimeInput:
    return forms.DateTimeInput(attrs={"type": "datetime-local"}, format=LOCAL)


def time_input() -> forms.TimeInput:
    return forms.TimeInput(attrs={"type": "time"}, format="%H:%M")


class PlaceField(forms.ModelChoiceField):
    """A township, or a village with its township."""

    def label_from_instance(self, obj: Any) -> str:
        return str(obj.name) if obj.level == Area.Level.TOWNSHIP else f"{obj.parent.name} · {obj.name}"


class Kept(forms.Form):
    """A form that is kept once, however often it is sent; with the place, when the browser tells it."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    lon = forms.FloatField(required=False, widget=forms.HiddenInput)
    lat = forms.FloatField(required=False, widget=forms.HiddenInput)
    accuracy = forms.FloatField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, at: datetime, **kwargs: Any) -> None:
        self.at = at
        kwargs["initial"] = {"key": uuid4(), **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)

    def clean(self) -> dict[str, Any]:
        """What nobody sees cannot be corrected by hand: it is said once, above."""
        clean = super().clean() or {}
        if {name for name, field in self.fields.items() if field.widget.is_hidden} & set(self.errors):
            self.add_error(None, _("定位或表单编号不对，请重新打开本页再登记。"))
        return clean

    def position(self) -> tuple[float, float, float | None] | None:
        lon, lat = self.cleaned_data.get("lon"), self.cleaned_data.get("lat")
        return (lon, lat, self.cleaned_data.get("accuracy")) if lon is not None and lat is not None else None

    def _choose(self, name: str, options: Sequence[tuple[Any, Any]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = options

    def asked(self) -> list[forms.BoundField]:
        """What somebody may fill in: everything that is not hidden."""
        return list(self.visible_fields())


class VisitForm(Kept):
    """One visit at a desk: task, whom, and what was done; goods, asks and income only when there were any."""

    tasks = forms.MultipleChoiceField(label=_("做了哪项任务"), widget=forms.CheckboxSelectMultiple)
    met = forms.MultipleChoiceField(label=_("见到了谁"), widget=forms.CheckboxSelectMultiple, required=False)
    met_note = forms.CharField(label=_("见到的其他人"), required=False, max_length=80)
    entered = forms.BooleanField(label=_("进了家门"), required=False)
    started_at = forms.DateTimeField(label=_("到户时间"), input_formats=[LOCAL], widget=moment_input())
    done = forms.CharField(
        label=_("做了什么"), required=False, max_length=600, widget=forms.Textarea(attrs={"rows": 3})
    )
    photos = PhotosField(
        label=_("照片"), required=False,
    )  # fmt: skip

    def __init__(self, *args: Any, household: Household, before: Visit | None = None, **kwargs: Any) -> None:
        self.household, self.before = household, before
        kwargs["initial"] = {**_told(before), **(kwargs.get("initial") or {})}
        if before is None:
            kwargs["initial"].setdefault("started_at", local(kwargs["at"]))
            kwargs["initial"].setdefault("entered", True)
        super().__init__(*args, **kwargs)
        known = profile.active().fieldwork
        people = Person.objects.filter(household=household, left_on=None).order_by("pk")
        self._choose("tasks", choices(known.tasks))
        self._choose("met", [*((str(one.pk), one.name) for one in people), *choices(known.met)])
        for number in range(GOODS):
            self.fields[f"given-{number}-kind"] = forms.ChoiceField(
                label=_("物资"), required=False,
                choices=[("", "—"), *((code, _with_unit(one)) for code, one in known.goods.items())],
            )  # fmt: skip
            self.fields[f"given-{number}-quantity"] = forms.DecimalField(label=_("数量"), required=False)
            self.fields[f"given-{number}-yuan"] = forms.DecimalField(label=_("折价（元）"), required=False)
        for number in range(ASKS if before is None else 0):
            self.fields[f"asks-{number}-text"] = forms.CharField(label=_("诉求"), required=False, max_length=400)
            self.fields[f"asks-{number}-category"] = forms.ChoiceField(
                label=_("类别"), required=False, choices=choices(known.asks, empty=True)
            )
            self.fields[f"asks-{number}-urgent"] = forms.BooleanField(label=_("紧急"), required=False)
        for number in range(INCOMES):
            self.fields[f"incomes-{number}-channel"] = forms.ChoiceField(
                label=_("收入类别"), required=False, choices=choices(known.channels, empty=True)
            )
            self.fields[f"incomes-{number}-yuan"] = forms.DecimalField(label=_("一年多（少）几元"), required=False)
        for number in range(MATTERS):
            self.fields[f"matters-{number}-what"] = forms.CharField(label=_("办实事"), required=False, max_length=300)
            self.fields[f"matters-{number}-yuan"] = forms.DecimalField(label=_("金额（元）"), required=False)

    def clean(self) -> dict[str, Any]:
        clean = super().clean()
        if not clean.get("met") and not clean.get("met_note"):
            self.add_error("met", _("请选择见到了谁"))
        return clean

    def main(self) -> list[forms.BoundField]:
        """What stands open on the page; the rest is folded away."""
        return [self[name] for name in ("tasks", "met", "entered", "done", "started_at")]

    def opened(self) -> bool:
        """Whether the folded lines hold something: told before, or refused."""
        return any(name[:5] in ("given", "asks-", "incom", "matte") for name in (*self.initial, *self.errors))

    def given_lines(self) -> list[list[forms.BoundField]]:
        return [*self.lines("given")]

    def ask_lines(self) -> list[list[forms.BoundField]]:
        return [*self.lines("asks")]

    def income_lines(self) -> list[list[forms.BoundField]]:
        return [*self.lines("incomes")]

    def matter_lines(self) -> list[list[forms.BoundField]]:
        return [*self.lines("matters")]

    def lines(self, kind: str) -> Iterator[list[forms.BoundField]]:
        """The fields of each line of goods, asks, incomes or matters."""
        numbers = sorted({name.split("-")[1] for name in self.fields if name.startswith(f"{kind}-")})
        return ([self[name] for name in self.fields if name.startswith(f"{kind}-{number}-")] for number in numbers)

    def _given(self, kind: str, needed: str) -> list[dict[str, Any]]:
        rows = []
        for bound in self.lines(kind):
            row = {one.name.rsplit("-", 1)[1]: self.cleaned_data.get(one.name) for one in bound}
            if row.get(needed) or any(row.get(name) for name in ("text", "yuan", "quantity", "what")):
                rows.append(row)
        return rows

    def told(self) -> dict[str, Any]:
        """What the verb takes."""
        clean = self.cleaned_data
        return {
            "household": self.household, "on": clock.day_of(clean["started_at"]), "started_at": clean["started_at"],
            "tasks": clean["tasks"], "met": [int(one) if one.isdigit() else one for one in clean["met"]],
            "met_note": clean["met_note"], "entered": clean["entered"], "done": clean["done"],
            "position": self.position(), "photos": clean["photos"], "key": clean["key"], "replaces": self.before,
            "given": self._given("given", "kind"), "asks": self._given("asks", "text"),
            "incomes": self._given("incomes", "channel"), "matters": self._given("matters", "what"),
            "channel": Visit.Channel.PAGE,
        }  # fmt: skip


def _with_unit(one: Any) -> Any:
    return lazy(lambda: f"{one.label.in_(profile.language())}（{one.unit.in_(profile.language())}）", str)()


def _told(before: Visit | None) -> dict[str, Any]:
    """A visit as its form shows it, to be corrected."""
    if before is None:
        return {}
    told: dict[str, Any] = {
        "tasks": before.tasks, "met": [str(one) for one in before.met], "met_note": before.met_note,
        "entered": before.entered, "started_at": local(before.started_at), "done": before.done, "lon": before.lon,
        "lat": before.lat, "accuracy": before.accuracy,
    }  # fmt: skip
    for number, row in enumerate(before.given.all()[:GOODS]):
        told |= {f"given-{number}-kind": row.kind, f"given-{number}-quantity": row.quantity,
                 f"given-{number}-yuan": row.yuan}  # fmt: skip
    for number, income in enumerate(before.incomes.all()[:INCOMES]):
        told |= {f"incomes-{number}-channel": income.channel, f"incomes-{number}-yuan": income.yuan}
    for number, matter in enumerate(before.matters.all()[:MATTERS]):
        told |= {f"matters-{number}-what": matter.what, f"matters-{number}-yuan": matter.yuan}
    return told


class OfVillage(Kept):
    """A form about a village of the cadre's; with one village it is chosen already."""

    village = forms.ModelChoiceField(queryset=Area.objects.none(), label=_("行政村"))

    def __init__(self, *args: Any, villages: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["village"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = villages
        if not self.is_bound and (only := list(villages[:2])) and len(only) == 1:
            self.initial["village"], field.empty_label = only[0].pk, None


class AttendanceForm(OfVillage):
    """A day in the village: nothing to type when it is today."""

    on = forms.DateField(label=_("日期"), widget=day_input())
    came = forms.TimeField(label=_("到村时间"), required=False, widget=time_input())
    went = forms.TimeField(label=_("离村时间"), required=False, widget=time_input())
    night = forms.BooleanField(label=_("住村"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        here = timezone.localtime(kwargs["at"])
        kwargs["initial"] = {"on": here.date(), "came": here.time(), **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)

    def told(self) -> dict[str, Any]:
        clean = self.cleaned_data
        return {
            "village": clean["village"], "on": clean["on"], "night": clean["night"], "key": clean["key"],
            "in_at": _moment(clean["on"], clean["came"]), "out_at": _moment(clean["on"], clean["went"]),
            "position": self.position(),
        }  # fmt: skip


def _moment(on: date, at: Any) -> datetime | None:
    return timezone.make_aware(datetime.combine(on, at)) if at is not None else None


class ServiceForm(OfVillage):
    """A technician's service."""

    on = forms.DateField(label=_("服务日期"), widget=day_input())
    days = forms.DecimalField(label=_("天数"), min_value=0, max_value=31, decimal_places=1)
    topic = forms.ChoiceField(label=_("内容类别"))
    people = forms.IntegerField(label=_("人数"), min_value=0)
    done = forms.CharField(
        label=_("做了什么"), required=False, max_length=600, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"on": timezone.localtime(kwargs["at"]).date(), "days": 1, **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)
        self._choose("topic", choices(profile.active().fieldwork.topics))

    def told(self) -> dict[str, Any]:
        names = ("village", "on", "days", "topic", "people", "done", "key")
        return {**{name: self.cleaned_data[name] for name in names}, "position": self.position()}


class MatterForm(OfVillage):
    """A practical matter or a training for a village."""

    kind = forms.ChoiceField(label=_("类别"), choices=Matter.Kind.choices, widget=forms.RadioSelect)
    on = forms.DateField(label=_("日期"), widget=day_input())
    what = forms.CharField(label=_("内容"), max_length=300)
    beneficiaries = forms.IntegerField(label=_("受益人数"), required=False, min_value=0)
    yuan = forms.DecimalField(label=_("金额（元）"), required=False, min_value=0)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {
            "on": timezone.localtime(kwargs["at"]).date(), "kind": Matter.Kind.MATTER, **(kwargs.get("initial") or {})
        }  # fmt: skip
        super().__init__(*args, **kwargs)

    def told(self) -> dict[str, Any]:
        names = ("village", "kind", "on", "what", "yuan", "key")
        return {**{name: self.cleaned_data[name] for name in names},
                "beneficiaries": self.cleaned_data["beneficiaries"] or 0}  # fmt: skip


class InspectionForm(Kept):
    """A leader's inspection or in-depth study."""

    kind = forms.ChoiceField(label=_("类别"), choices=Inspection.Kind.choices, widget=forms.RadioSelect)
    area = PlaceField(queryset=Area.objects.none(), label=_("村或乡镇"))
    on = forms.DateField(label=_("日期"), widget=day_input())
    found = forms.CharField(label=_("发现的情况"), max_length=600, widget=forms.Textarea(attrs={"rows": 4}))

    def __init__(self, *args: Any, places: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {
            "on": timezone.localtime(kwargs["at"]).date(), "kind": Inspection.Kind.INSPECTION,
            **(kwargs.get("initial") or {}),
        }  # fmt: skip
        super().__init__(*args, **kwargs)
        field = self.fields["area"]
        assert isinstance(field, PlaceField)
        field.queryset = places
        for number in range(DECIDED):
            self.fields[f"decided-{number}-what"] = forms.CharField(label=_("定的事"), required=False, max_length=200)
            self.fields[f"decided-{number}-who"] = forms.CharField(label=_("谁办"), required=False, max_length=40)
            self.fields[f"decided-{number}-due"] = forms.DateField(
                label=_("何时办结"), required=False, widget=day_input()
            )

    def main(self) -> list[forms.BoundField]:
        return [self[name] for name in ("kind", "area", "on", "found")]

    def lines(self) -> Iterator[list[forms.BoundField]]:
        return ([self[f"decided-{number}-{part}"] for part in ("what", "who", "due")] for number in range(DECIDED))

    def told(self) -> dict[str, Any]:
        clean = self.cleaned_data
        decided = [
            {"what": clean[f"decided-{n}-what"], "who": clean[f"decided-{n}-who"],
             "due": clean[f"decided-{n}-due"].isoformat() if clean[f"decided-{n}-due"] else ""}
            for n in range(DECIDED)
        ]  # fmt: skip
        return {"kind": clean["kind"], "area": clean["area"], "on": clean["on"], "found": clean["found"],
                "key": clean["key"], "decided": [one for one in decided if one["what"]],
                "position": self.position()}  # fmt: skip


class AskForm(Kept):
    """What a household asks for, outside a visit."""

    text = forms.CharField(label=_("诉求"), max_length=400, widget=forms.Textarea(attrs={"rows": 3}))
    category = forms.ChoiceField(label=_("类别"))
    urgent = forms.BooleanField(label=_("紧急"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._choose("category", choices(profile.active().fieldwork.asks))

    def told(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("text", "category", "urgent", "key")}


class PostForm(forms.Form):
    """Who is stationed where, as what, since when."""

    cadre = forms.CharField(label=_("干部编号"), max_length=30)
    village = PlaceField(queryset=Area.objects.none(), label=_("行政村"))
    kind = forms.ChoiceField(label=_("岗位"))
    since = forms.DateField(label=_("开始日期"), widget=day_input())

    def __init__(self, *args: Any, cadres: Any, villages: Any, on: date, **kwargs: Any) -> None:
        self.cadres = cadres
        kwargs["initial"] = {"since": on, **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)
        kind, village = self.fields["kind"], self.fields["village"]
        assert isinstance(kind, forms.ChoiceField) and isinstance(village, PlaceField)
        kind.choices, village.queryset = choices(profile.active().fieldwork.posts), villages

    def clean_cadre(self) -> Cadre:
        found = self.cadres.filter(number=self.cleaned_data["cadre"].strip()).first()
        if found is None:
            raise forms.ValidationError(_("没有这个干部编号"))
        return found

    def asked(self) -> list[forms.BoundField]:
        return list(self.visible_fields())


class EndForm(forms.Form):
    """The last day on a post."""

    on = forms.DateField(label=_("最后一天"), widget=day_input())
    why = forms.CharField(label=_("原因"), max_length=200)

    def asked(self) -> list[forms.BoundField]:
        return list(self.visible_fields())


class WhyForm(forms.Form):
    """Why something is withdrawn."""

    why = forms.CharField(label=_("原因"), max_length=200)

    def asked(self) -> list[forms.BoundField]:
        return list(self.visible_fields())
