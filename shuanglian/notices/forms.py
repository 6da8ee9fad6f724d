"""Forms of notices: the public's objection and its number, the staff's answers and notices by hand."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from shuanglian.areas.forms import AreaField
from shuanglian.attachments.forms import PhotosField
from shuanglian.core.clock import day_of
from shuanglian.core.profile import active, language

from .actions.notices import LONGEST_TITLE
from .actions.objections import LONGEST_NAME, LONGEST_PHONE, terms
from .models import Objection
from .showing import Shown

MOST_CHOICES = 300  # of rows in one select; on longer notices the link beside a row says which one is meant


class ObjectForm(forms.Form):
    """异议表. `website` is for machines: a person does not see it and leaves it empty."""

    row = forms.ChoiceField(label=_("对哪一户（哪一项）"), required=False)
    text = forms.CharField(label=_("您的意见"), widget=forms.Textarea(attrs={"rows": 6}), max_length=10_000)
    photos = PhotosField(label=_("照片（可以不传）"), required=False)
    name = forms.CharField(label=_("您的姓名（可以不写）"), max_length=LONGEST_NAME, required=False)
    phone = forms.CharField(
        label=_("您的电话（可以不写）"), max_length=LONGEST_PHONE, required=False,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel"}),
        help_text=_("写了姓名电话，只有乡镇、县里的答复人员能看到，每看一次都有记录；村里和被提意见的人看不到。"),
    )  # fmt: skip
    website = forms.CharField(required=False, label=_("请勿填写"), widget=forms.TextInput(
        attrs={"tabindex": "-1", "autocomplete": "off"}))  # fmt: skip
    form_key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, shown: Shown, chosen: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["form_key"].initial = uuid4
        allowed = terms()
        words = _t("最多 {most} 字。请写清楚是什么事，能写时间地点更好。")
        self.fields["text"].help_text = words.format(most=allowed.longest)
        words = _t("最多 {count} 张，每张不超过 {mb} MB。照片里的时间和位置会被去掉。")
        self.fields["photos"].help_text = words.format(count=allowed.photos, mb=allowed.photo_mb)
        whole = ("", _t("整个公示，或名单上没有的人"))
        rows = [(str(row.place), f"{row.place} {row.head} {row.text('group')}".strip()) for row in shown.rows]
        if len(rows) > MOST_CHOICES:
            asked = chosen or str(self.data.get("row", ""))
            rows = [one for one in rows if one[0] == asked]
        self.fields["row"].choices = [whole, *rows]  # type: ignore[attr-defined]
        self.fields["row"].initial = chosen

    def clean_website(self) -> str:
        if self.cleaned_data["website"]:
            raise forms.ValidationError(_t("这一栏请留空。"))
        return ""


class FollowForm(forms.Form):
    number = forms.CharField(
        label=_("查询号"), max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
        help_text=_("交意见时给您的号，两组各五个字，如 K7QM2-3T9XP。"),
    )  # fmt: skip


class AnswerForm(forms.Form):
    outcome = forms.ChoiceField(label=_("处理结果"), choices=[
        ("", "—"), *(one for one in Objection.Outcome.choices if one[0] != Objection.Outcome.REPEATED)])  # fmt: skip
    text = forms.CharField(
        label=_("答复"), widget=forms.Textarea(attrs={"rows": 5}), max_length=10_000,
        help_text=_("用大白话写：怎么查的、查到什么、怎么办。提意见的人凭查询号看得到；不要写任何人的号码。"),
    )  # fmt: skip


class AnsweredBefore(forms.ModelChoiceField):
    """An objection by its number, its day and how it begins."""

    def label_from_instance(self, obj: Objection) -> str:  # type: ignore[override]
        return f"{obj} {day_of(obj.at)} {obj.text[:40]}"


class RepeatedForm(forms.Form):
    """Which answered objection this one repeats, and why one thinks so."""

    of = AnsweredBefore(label=_("重复的是哪一条"), queryset=Objection.objects.none())
    why = forms.CharField(label=_("为什么是重复的"), max_length=500, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, data: Any, *, among: Any) -> None:
        super().__init__(data, prefix="repeated")
        self.fields["of"].queryset = among  # type: ignore[attr-defined]


class RepetitionForm(forms.Form):
    """Another person's word on it; what the objector will read when he agrees."""

    text = forms.CharField(
        label=_("答复"), max_length=10_000, widget=forms.Textarea(attrs={"rows": 3}), required=False,
        help_text=_("同意时必填：提意见的人凭查询号看得到，请写明此前是怎样答复的。"),
    )  # fmt: skip


class WhyForm(forms.Form):
    why = forms.CharField(label=_("原因"), max_length=200)


class NoticeForm(forms.Form):
    """A notice written by hand, for the kinds that the profile allows it."""

    area = AreaField(label=_("公示地"))
    kind = forms.ChoiceField(label=_("种类"))
    title_zh = forms.CharField(label=_("标题"), max_length=LONGEST_TITLE)
    title_en = forms.CharField(label=_("标题（英文，可不填）"), max_length=LONGEST_TITLE * 3, required=False)
    text_zh = forms.CharField(label=_("内容"), max_length=2_000, widget=forms.Textarea(attrs={"rows": 6}))
    text_en = forms.CharField(label=_("内容（英文，可不填）"), max_length=6_000, required=False,
                              widget=forms.Textarea(attrs={"rows": 3}))  # fmt: skip
    opens_on = forms.DateField(label=_("张贴日期"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    days = forms.IntegerField(label=_("公示天数"), min_value=1, max_value=365,
                              help_text=_("满整天；张贴当天不算。"))  # fmt: skip

    def __init__(self, *args: Any, within: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["area"].within = within  # type: ignore[attr-defined]
        self.fields["kind"].choices = kinds_by_hand()  # type: ignore[attr-defined]


def kinds_by_hand() -> list[tuple[str, str]]:
    kinds = active().notices.kinds.values()
    return [(one.code, one.label.in_(language())) for one in kinds if one.by_hand]
