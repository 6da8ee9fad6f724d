"""How one wants to be told."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy

from . import gateways
from .models import Channel


class ChoiceForm(forms.Form):
    """An address that is kept is not shown again: left empty, it stays as it is."""

    channel = forms.ChoiceField(label=gettext_lazy("途径"))
    address = forms.CharField(
        label=gettext_lazy("地址"), required=False, max_length=100,
        help_text=gettext_lazy("邮箱、手机号或工作聊天账号；加密保存，页面只显示一部分。不改就留空。"),
    )  # fmt: skip
    language = forms.ChoiceField(label=gettext_lazy("语言"), required=False)
    off = forms.BooleanField(
        label=gettext_lazy("暂停"), required=False, help_text=gettext_lazy("暂时只在站内看，不发到手机和邮箱。")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        there = [one for one in Channel.choices if one[0] == Channel.PAGE or one[0] in gateways.opened()]
        self.fields["channel"].choices = there  # type: ignore[attr-defined]
        if len(there) == 1:  # nothing but one's own page: no address is of use, and there is nothing to pause
            del self.fields["address"], self.fields["off"]
        self.fields["language"].choices = [("", "中文"), *settings.LANGUAGES[1:]]  # type: ignore[attr-defined]
