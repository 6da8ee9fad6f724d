"""Forms of everybody: one thing asked, a number, a word on the answer. Nothing must be given but what it is about."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import uuid4

from django import forms
from django.core.signing import BadSignature, Signer
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from shuanglian.attachments.forms import PhotosField
from shuanglian.core.profile import active, language

from .actions.demands import LONGEST_NAME, LONGEST_PHONE, LONGEST_PLACE

LONG = 10_000  # what is longer is refused by the verb, in words
STAMP = Signer(salt="grievances.doors")


class AskForm(forms.Form):
    """One thing asked. `website` is for machines: a person does not see it. stamp: when the page was given out.

    at: this moment. known: whose card it is, so nobody is asked who he is.
    """

    form_key = forms.UUIDField(widget=forms.HiddenInput)
    stamp = forms.CharField(widget=forms.HiddenInput, required=False, max_length=200)
    category = forms.ChoiceField(label=_("是什么事"))
    text = forms.CharField(label=_("说说是怎么回事"), max_length=LONG, widget=forms.Textarea(attrs={"rows": 6}))
    never = forms.ChoiceField(label=_("是不是等不得的急事"), required=False, widget=forms.RadioSelect)
    place = forms.CharField(label=_("在哪里：哪个社、谁家旁边（可以不写）"), max_length=LONGEST_PLACE, required=False)
    photos = PhotosField(label=_("照片（可以不传）"), required=False)
    name = forms.CharField(label=_("您的姓名（可以不写）"), max_length=LONGEST_NAME, required=False)
    phone = forms.CharField(
        label=_("您的电话（可以不写）"), max_length=LONGEST_PHONE, required=False,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel"}),
        help_text=_("不写名字一样办、一样答复。写了，只有办这件事的人看得到。"),
    )  # fmt: skip
    website = forms.CharField(required=False, max_length=100, label=_("不要填写"), widget=forms.TextInput(
        attrs={"tabindex": "-1", "autocomplete": "off"}))  # fmt: skip

    def __init__(self, *args: Any, at: datetime, known: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        programme, lang = active().grievances, language()
        key = uuid4()
        self.at = at
        self.fields["form_key"].initial = key
        self.fields["stamp"].initial = STAMP.sign(f"{key}.{int(at.timestamp())}")
        plain = [(code, one.plain.in_(lang)) for code, one in programme.categories.items()]
        self.fields["category"].choices = [("", gettext("请选一项")), *plain]  # type: ignore[attr-defined]
        sealed = [one.plain.in_(lang) for one in programme.categories.values() if one.sealed]
        self.fields["category"].help_text = gettext("选{kinds}的，走保密的路，村里、乡里都看不到。").format(
            kinds=_joined(sealed)
        ) if sealed else ""  # fmt: skip
        nevers = [(code, one.plain.in_(lang)) for code, one in programme.nevers.items()]
        self.fields["never"].choices = [("", gettext("都不是，可以等")), *nevers]  # type: ignore[attr-defined]
        terms = programme.terms
        self.fields["text"].help_text = gettext("最多 {most} 字。用自己的话写就行。").format(most=terms.longest)
        words = gettext("最多 {count} 张，每张不超过 {mb} MB。照片里的时间和位置会被去掉。")
        self.fields["photos"].help_text = words.format(count=terms.files, mb=terms.file_mb)
        if known:
            del self.fields["name"], self.fields["phone"], self.fields["place"]

    def clean(self) -> dict[str, Any]:
        """A key that is none cannot be seen on the page: it is told above the form. Photos do not come back by
        themselves when the form is shown again."""
        told: dict[str, Any] = super().clean() or {}
        if "form_key" in self.errors:
            self.add_error(None, gettext("这一页不完整，请重新打开再填。"))
        elif self.errors and self.files:
            self.add_error(None, gettext("照片要重新选一次。"))
        return told

    def waited(self) -> float | None:
        """Seconds from the page to the form; None when the stamp is not ours or belongs to another form."""
        try:
            key, since = STAMP.unsign(self.cleaned_data["stamp"]).split(".")
        except (BadSignature, ValueError):
            return None
        return self.at.timestamp() - int(since) if key == str(self.cleaned_data["form_key"]) else None

    def asked(self) -> list[forms.BoundField]:
        """What the person sees, in order."""
        return [one for one in self.visible_fields() if one.name != "website"]

    def given(self) -> dict[str, Any]:
        """What doors.take is told."""
        told = {name: self.cleaned_data[name] for name in ("category", "text", "never")}
        told |= {name: self.cleaned_data[name] for name in ("name", "phone", "place") if name in self.fields}
        return told | {"key": self.cleaned_data["form_key"], "files": self.cleaned_data["photos"]}


def _joined(words: Iterable[str]) -> str:
    if language() == "en":
        return ", ".join(f"“{one}”" for one in words)
    return "".join(f"“{one}”" for one in words)


class FollowForm(forms.Form):
    number = forms.CharField(
        label=_("查询号"), max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
        help_text=_("提的时候给您的号，两组各五个字，如 K7QM2-3T9XP。"),
    )  # fmt: skip


class SayForm(forms.Form):
    """What the person does on the page of his demand. key: keeps it once; reply: the answer that stood on the page."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    reply = forms.IntegerField(widget=forms.HiddenInput, required=False)
    text = forms.CharField(label=_("想说的话（可以不写）"), required=False, max_length=LONG,
                           widget=forms.Textarea(attrs={"rows": 3}))  # fmt: skip
    score = forms.TypedChoiceField(
        label=_("给办事的打个分（可以不打）"), required=False, coerce=int, empty_value=None, widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["key"].initial = uuid4
        most = active().grievances.terms.score
        told = {1: gettext("1 很不满意"), most: gettext("{most} 很满意").format(most=most)}
        self.fields["score"].choices = [(n, told.get(n, str(n))) for n in range(most, 0, -1)]  # type: ignore[attr-defined]


class AddForm(forms.Form):
    """More words."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    text = forms.CharField(label=_("再补充几句"), max_length=LONG, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["key"].initial = uuid4


__all__ = ["AddForm", "AskForm", "FollowForm", "SayForm"]
