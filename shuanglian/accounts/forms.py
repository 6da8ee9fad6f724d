"""Forms of accounts."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from shuanglian.areas.forms import AreaField

from . import queries
from .models import User

LOGIN_NAME = RegexValidator(r"^[A-Za-z][A-Za-z0-9._-]{2,39}$", _("用 3 到 40 个英文字母、数字、点、横线，以字母开头。"))


class AccountForm(forms.Form):
    """Name, role and area of an account; only areas of the administrator's own can be chosen."""

    full_name = forms.CharField(label=_("姓名"), max_length=40)
    role = forms.ChoiceField(label=_("角色"))
    area = AreaField(label=_("管辖区域"), help_text=_("只能看到这里及以下的数据；须在您的管辖范围内。"))

    def __init__(self, *args: Any, actor: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["area"].within = actor.area  # type: ignore[attr-defined]
        self.fields["role"].choices = queries.roles_to_give(actor)  # type: ignore[attr-defined]


class NewAccountForm(AccountForm):
    username = forms.CharField(label=_("登录名"), max_length=40, validators=[LOGIN_NAME])
    field_order = ("username", "full_name", "role", "area")
