"""Forms of safe letters: nothing must be typed but what happened; no name, no number."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from shuanglian.areas.models import Area
from shuanglian.attachments.forms import PhotosField
from shuanglian.core.profile import active, language

from .actions.complaints import LONGEST_NAME, LONGEST_PHONE, LONGEST_PLACE, LONGEST_WHO
from .actions.handling import LONGEST_WHY
from .actions.log import terms

LONG = 10_000  # what is longer is refused by the verb, in words


class LetterForm(forms.Form):
    """One letter. `website` is for machines: a person does not see it and leaves it empty."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    kind = forms.ChoiceField(label=_("是什么事"), widget=forms.RadioSelect)
    text = forms.CharField(
        label=_("经过"), required=False, max_length=LONG, widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("什么时候、在哪里、怎么回事，知道多少写多少。"),
    )  # fmt: skip
    accused = forms.CharField(
        label=_("是谁、哪个单位（可以不写）"), required=False, max_length=LONGEST_WHO,
        help_text=_("写了名字的人和他的单位一定看不到这封信。"),
    )  # fmt: skip
    offices = forms.MultipleChoiceField(
        label=_("涉及哪一级的人（可以不选）"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("选了哪一级，信就送到它的上一级。"),
    )  # fmt: skip
    county = forms.ModelChoiceField(Area.objects.none(), label=_("哪个县的事"), to_field_name="code")
    place = forms.CharField(label=_("哪个乡、哪个村（可以不写）"), required=False, max_length=LONGEST_PLACE)
    photos = PhotosField(label=_("照片（可以不传）"), required=False)
    keep_household = forms.BooleanField(
        label=_("记下是我家写的"), required=False,
        help_text=_("不选，就不记是谁家的卡。选了也另锁着，要两名受理人写明理由才能打开，打开了您查得到。"),
    )  # fmt: skip
    name = forms.CharField(label=_("您的姓名（可以不写）"), required=False, max_length=LONGEST_NAME)
    phone = forms.CharField(
        label=_("您的电话（可以不写）"), required=False, max_length=LONGEST_PHONE,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
        help_text=_("姓名电话另锁着，要两名受理人写明理由才能打开，打开了您凭查询号看得到。"),
    )  # fmt: skip
    website = forms.CharField(
        required=False, max_length=100, label=_("不要填写"),
        widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}),
    )  # fmt: skip

    def __init__(self, *args: Any, counties: Any = None, card: bool = False, **kwargs: Any) -> None:
        kwargs["initial"] = {"key": uuid4(), **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)
        profile, allowed = active(), terms()
        self.fields["kind"].choices = _kinds()  # type: ignore[attr-defined]
        offices = profile.complaints.offices.items()
        self.fields["offices"].choices = [(code, one.label.in_(language())) for code, one in offices]  # type: ignore[attr-defined]
        words = _t("最多 {count} 张，每张不超过 {mb} MB。照片里的时间和位置会被去掉。")
        self.fields["photos"].help_text = words.format(count=allowed.photos, mb=allowed.photo_mb)
        if counties is None:
            del self.fields["county"], self.fields["place"]
        else:
            self.fields["county"].queryset = counties  # type: ignore[attr-defined]
            if counties.count() == 1:
                self.fields["county"].initial = counties.get().code
                self.fields["county"].widget = forms.HiddenInput()
        if not card:
            del self.fields["keep_household"]

    def clean_website(self) -> str:
        if self.cleaned_data["website"]:
            raise forms.ValidationError(_t("这一栏请留空。"))
        return ""

    def asked(self) -> list[forms.BoundField]:
        """The last field is for machines only."""
        return [one for one in self.visible_fields() if one.name != "website"]

    def kept(self) -> list[forms.BoundField]:
        """What comes filled in and is not asked."""
        return self.hidden_fields()


def _kinds() -> list[tuple[str, str]]:
    """The prohibitions as a family would say them, then the other kinds."""
    profile, lang = active(), language()
    found = []
    for code, kind in profile.complaints.kinds.items():
        if kind.prohibitions and profile.fieldwork.prohibitions:
            found += [(one, told.plain.in_(lang)) for one, told in profile.fieldwork.prohibitions.items()]
        else:
            found.append((code, kind.plain.in_(lang)))
    return found


class FollowForm(forms.Form):
    number = forms.CharField(
        label=_("查询号"), max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
        help_text=_("交信时给您的号，两组各五个字，如 K7QM2-3T9XP。"),
    )  # fmt: skip


class WordForm(forms.Form):
    """What the complainant does on the follow page."""

    number = forms.CharField(max_length=40, widget=forms.HiddenInput)
    deed = forms.ChoiceField(choices=[("add", ""), ("yes", ""), ("no", "")])
    text = forms.CharField(
        label=_("还要说的"), required=False, max_length=LONG, widget=forms.Textarea(attrs={"rows": 3})
    )


class AnswerForm(forms.Form):
    outcome = forms.ChoiceField(label=_("结果"))
    consequence = forms.ChoiceField(label=_("怎样处理（查实的必选）"), required=False)
    text = forms.CharField(
        label=_("答复"), max_length=LONG, widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("用大白话写：怎么查的、查到什么、怎么办。凭查询号的人看得到；不要写能看出是谁反映的话。"),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        lists, lang = active().complaints, language()
        for name, entries in (("outcome", lists.outcomes), ("consequence", lists.consequences)):
            told = [(code, one.label.in_(lang)) for code, one in entries.items()]
            self.fields[name].choices = [("", "—"), *told]  # type: ignore[attr-defined]


class AskForm(forms.Form):
    text = forms.CharField(
        label=_("请反映人补充什么"), max_length=LONGEST_WHY, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("凭查询号的人看得到，可以不露身份回答。"),
    )  # fmt: skip


class WhyForm(forms.Form):
    why = forms.CharField(label=_("原因"), max_length=LONGEST_WHY, widget=forms.Textarea(attrs={"rows": 2}))


class OpeningForm(forms.Form):
    why = forms.CharField(
        label=_("为什么要打开身份"), max_length=LONGEST_WHY, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("反映人凭查询号会看到这段话。须另一位受理人同意，只有你们两人看得到。"),
    )  # fmt: skip


class OfficerForm(forms.Form):
    """Who is named: an account of an office that the reader may name for."""

    user: Any = forms.ModelChoiceField(None, label=_("受理人"))
    since = forms.DateField(label=_("开始日期"), widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, *args: Any, users: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["user"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = users
        field.label_from_instance = lambda user: f"{user.area.name} {user}"  # type: ignore[method-assign,assignment]
