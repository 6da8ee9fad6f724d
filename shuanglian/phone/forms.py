"""Forms about phones."""

from django import forms
from django.utils.translation import gettext_lazy as _


class WhyForm(forms.Form):
    """Why a phone is locked or unlocked."""

    why = forms.CharField(label=_("原因"), max_length=200)


class SettleForm(forms.Form):
    """Which value shall stand: one of the two, or a third that is typed."""

    choice = forms.ChoiceField(
        choices=[("mine", _("手机填写的")), ("theirs", _("档案现有的")), ("other", _("另外填写"))]
    )
    other = forms.CharField(required=False, max_length=200)
    seen = forms.CharField(max_length=64)
