"""What the pages of imports ask."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shuanglian.areas.forms import AreaField
from shuanglian.core import profile

from . import reading
from .actions.batches import GUESSABLE, YEARS
from .engine.fields import ROSTERS
from .engine.provisions import Provisions
from .models import Batch, Finding

if TYPE_CHECKING:
    from shuanglian.accounts.models import User

ACCEPTED = ".xlsx,.xlsm,.xls,.ods,.csv,.tsv,.txt"


def kinds() -> list[tuple[str, str]]:
    """Kinds of rosters in the reader's language."""
    return [(kind, ROSTERS[kind].title(profile.language())) for kind in GUESSABLE]


def benefits() -> list[tuple[str, str]]:
    """What a payroll as a whole may pay, in the reader's language; first: told row by row."""
    return [("", "—"), *Provisions(profile.active()).choices(profile.language())]


class UploadForm(forms.Form):
    """A roster, for an area of the reader's and a year. The kind may be left to the system."""

    kind = forms.ChoiceField(label=gettext_lazy("名册种类"), required=False)
    area = AreaField(
        label=gettext_lazy("所属区域"),
        help_text=gettext_lazy("名册里的户、单位都应在这个区域内；其他区域的行会被拦下。"),
    )
    year = forms.IntegerField(label=gettext_lazy("年度"), min_value=YEARS[0], max_value=YEARS[-1])
    benefit = forms.ChoiceField(
        label=gettext_lazy("整份名册发放的政策（可不选）"),
        required=False,
        help_text=gettext_lazy("发放名册没有“政策”列时，在这里选；标题里写明的系统自己认。"),
    )
    file = forms.FileField(label=gettext_lazy("名册文件"), widget=forms.ClearableFileInput(attrs={"accept": ACCEPTED}))
    second_file = forms.FileField(
        label=gettext_lazy("成员文件（可不选）"),
        required=False,
        widget=forms.ClearableFileInput(attrs={"accept": ACCEPTED}),
        help_text=gettext_lazy("贫困户和家庭成员分在两个文件时，在这里选成员文件。"),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["area"].within = user.area  # type: ignore[attr-defined]
        self.fields["kind"].choices = [("", _("自动识别")), *kinds()]  # type: ignore[attr-defined]
        self.fields["benefit"].choices = benefits()  # type: ignore[attr-defined]
        self.fields["file"].help_text = _("Excel（xlsx、xls）、ods 或 csv，最大 {most} MB。").format(
            most=settings.IMPORT_MAX_MB
        )


class BatchFilter(forms.Form):
    """What the list of batches can be narrowed by."""

    kind = forms.ChoiceField(label=gettext_lazy("名册种类"), required=False)
    state = forms.ChoiceField(
        label=gettext_lazy("状态"), required=False, choices=[("", gettext_lazy("全部")), *Batch.State.choices]
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [("", _("全部")), *kinds()]  # type: ignore[attr-defined]

    def asked(self) -> dict[str, str]:
        return {name: self.cleaned_data.get(name, "") for name in self.fields} if self.is_valid() else {}


class FindingFilter(forms.Form):
    """What the findings of a batch can be narrowed by."""

    severity = forms.ChoiceField(
        label=gettext_lazy("程度"), required=False, choices=[("", gettext_lazy("全部")), *Finding.Severity.choices]
    )
    code = forms.ChoiceField(label=gettext_lazy("问题"), required=False)
    sheet = forms.ChoiceField(label=gettext_lazy("工作表"), required=False)

    def __init__(self, *args: Any, codes: list[tuple[str, str]], sheets: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].choices = [("", _("全部")), *codes]  # type: ignore[attr-defined]
        self.fields["sheet"].choices = [("", _("全部")), *((one, one) for one in sheets)]  # type: ignore[attr-defined]

    def asked(self) -> dict[str, str]:
        return {name: self.cleaned_data.get(name, "") for name in self.fields} if self.is_valid() else {}


def whole_from(post: Any) -> dict[str, str] | None:
    """What the column form tells once for the whole file; None when it does not ask."""
    return {"benefit": post["whole-benefit"]} if "whole-benefit" in post else None


def columns_from(post: Any, batch: Batch) -> tuple[dict[str, dict[str, str | None]], frozenset[str]]:
    """The answers of the column form: {sheet: {letter: field or None}} and the sheets to leave out.

    Fields are called `col-NUMBER-LETTER`, NUMBER being the place of the first sheet of one make, and `out-PLACE`.
    """
    mapping: dict[str, dict[str, str | None]] = {}
    left_out = set()
    for group in reading.groups(batch):
        number, first = group[0]
        letters = [column[0] for column in first["columns"]]
        said = {one: post[f"col-{number}-{one}"] or None for one in letters if f"col-{number}-{one}" in post}
        for place, kept in group:
            if post.get(f"out-{place}"):
                left_out.add(kept["sheet"])
            if said:
                mapping[kept["sheet"]] = said
    return mapping, frozenset(left_out)
