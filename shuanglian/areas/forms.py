"""Choosing a region in a form: typed by name, initials or code, found as one types, resolved on the server as well."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django import forms
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from . import queries
from .actions.tags import tags_for
from .models import Area


class AreaPicker(forms.Widget):
    """A text box with suggestions and a hidden code; without scripts the text alone is enough (areas/picker.html)."""

    use_fieldset = False

    def __init__(self, attrs: dict[str, Any] | None = None, levels: Iterable[int] = ()) -> None:
        super().__init__(attrs)
        self.levels = tuple(int(level) for level in levels)

    def format_value(self, value: Any) -> Any:
        return value

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> tuple[str, str] | None:
        """(code chosen from the list, text in the box), None when the form did not have the field at all."""
        if name not in data and f"{name}_text" not in data:
            return None
        return (data.get(name) or "").strip(), (data.get(f"{name}_text") or "").strip()

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        return self.value_from_datadict(data, files, name) is None

    def id_for_label(self, id_: str) -> str:
        return id_

    def render(self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None) -> SafeString:
        extra = self.build_attrs(self.attrs, attrs)
        return render_to_string("areas/picker.html", {
            "name": name, "value": value, "levels": ",".join(map(str, self.levels)),
            "id": extra.pop("id", f"id_{name}"), "css": extra.pop("class", "form-control"),
            "required": self.is_required, "extra": extra.items(),
        })  # fmt: skip


class AreaField(forms.Field):
    """A region at or below `within` (set it per request: form.fields["area"].within = user.area), of some levels.

    Cleans to an Area or None. Typed text may be a code, a name in any spelling, or a path of names.
    """

    widget = AreaPicker
    default_error_messages = {
        "none": _("在您的管辖范围内找不到“{text}”。请输入区划代码，或从上到下的名称，例如：马营镇 东关村。"),
        "several": _("“{text}”有 {count} 处：{places}。请加上上级名称，或输入代码。"),
        "level": _("请选择{levels}。"),
    }

    def __init__(self, *, within: Area | None = None, levels: Iterable[int] = (), **kwargs: Any) -> None:
        self.within, self.levels = within, tuple(int(level) for level in levels)
        kwargs.setdefault("label", _("区域"))
        super().__init__(widget=kwargs.pop("widget", None) or AreaPicker(levels=self.levels), **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return value

    def has_changed(self, initial: Any, data: Any) -> bool:
        return bool(data) and any(data)

    def to_python(self, value: Any) -> Area | None:
        code, text = value if isinstance(value, tuple) else ("", "")
        if not code and not text:
            return None
        if code and (area := self._by_code(code, text)):
            return self._of_level(area)
        if not text:
            raise self._refused("none", text=code)
        return self._of_level(self._by_text(text))

    def _by_code(self, code: str, text: str) -> Area | None:
        """The chosen region, unless the text in the box was changed afterwards and says something else."""
        area = queries.by_code(code)
        if area is None or self.within is None or not self.within.contains(area):
            return None
        return area if not text or text in (shown(area), area.name, area.code) else None

    def _by_text(self, text: str) -> Area:
        found = queries.resolve(text, self.within, levels=self.levels or None)
        if not found and not self.levels:
            raise self._refused("none", text=text)
        if not found:
            found = queries.resolve(text, self.within)
        exact = [area for area in found if text in (area.name, area.code)]
        found = exact if len(exact) == 1 else found
        if not found:
            raise self._refused("none", text=text)
        if len(found) > 1:
            raise self._refused(
                "several", text=text, count=len(found), places="、".join(shown(area) for area in found[:3])
            )
        return found[0]

    def _of_level(self, area: Area) -> Area:
        if self.levels and area.level not in self.levels:
            words = "、".join(str(Area.Level(level).label) for level in self.levels)
            raise self._refused("level", levels=words)
        return area

    def _refused(self, code: str, **params: Any) -> forms.ValidationError:
        return forms.ValidationError(str(self.error_messages[code]).format(**params), code=code)


def shown(area: Area) -> str:
    """How the picker writes a region: the names from the county down, 通渭县 马营镇 东关村民委员会."""
    links = queries.chain(area)
    kept = [link for link in links if link.level >= Area.Level.COUNTY and link.kind != Area.Kind.VIRTUAL]
    return " ".join(link.name for link in kept or links[-1:])


def picked(data: Mapping[str, Any], name: str, within: Area | None, levels: Iterable[int] = ()) -> Area | None:
    """The region of a picker in a filter form (GET); what cannot be understood narrows to nothing chosen."""
    field = AreaField(within=within, levels=levels, required=False)
    try:
        return field.clean(AreaPicker().value_from_datadict(data, {}, name))
    except forms.ValidationError:
        return None


class TagForm(forms.Form):
    """Tag a region from a day on (ORG-7)."""

    tag = forms.ChoiceField(label=_("标签"))
    since = forms.DateField(label=_("开始日期"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    source = forms.CharField(
        label=_("依据"), max_length=200, required=False, help_text=_("文件名称和文号，例如：县双联办〔2015〕3号")
    )

    def __init__(self, area: Area, today: date, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(data, initial={"since": today})
        self.fields["tag"].choices = list(tags_for(area).items())  # type: ignore[attr-defined]


class EndTagForm(forms.Form):
    """The last day of a tag."""

    until = forms.DateField(label=_("结束日期"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))


class LookForm(forms.Form):
    """What the search box, the picker and the tree ask for."""

    q = forms.CharField(required=False, max_length=200)
    levels = forms.RegexField(r"^[1-5](,[1-5])*$", required=False)
    limit = forms.IntegerField(required=False, min_value=1, max_value=50)
