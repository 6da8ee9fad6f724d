"""Another need for one person and period."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy


class SettleForm(forms.Form):
    need = forms.DecimalField(label=gettext_lazy("核定数"), min_value=0, max_digits=6, decimal_places=1)
    why = forms.CharField(
        label=gettext_lazy("理由"), max_length=200,
        help_text=gettext_lazy("本人看得到。写明依据，如抽调防汛、学习培训的文件。"),
    )  # fmt: skip
