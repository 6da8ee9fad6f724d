"""The filter of the trail."""

from django import forms
from django.utils.translation import gettext_lazy as _


class FilterForm(forms.Form):
    person = forms.CharField(label=_("登录名"), required=False, max_length=150)
    verb = forms.CharField(label=_("动作"), required=False, max_length=60, help_text=_("开头几个字母即可，如 pairing."))
    about = forms.CharField(label=_("对象"), required=False, max_length=100)
    since = forms.DateField(label=_("从"), required=False, widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"))
    until = forms.DateField(label=_("到"), required=False, widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"))
