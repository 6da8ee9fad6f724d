"""Forms of whoever handles demands: the three outcomes, notes, sorting, telling, the person's word."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from shuanglian.attachments.forms import ScansField
from shuanglian.core import profile

from . import wording
from .models import Demand, Reply

AREA = {"rows": 3}


class SolvedForm(forms.Form):
    """Solved, with evidence (VOICE-3)."""

    prefix = "solved"
    text = forms.CharField(label=_("答复群众的话"), max_length=2000, widget=forms.Textarea(attrs=AREA),
                           help_text=_("用大白话，说清办成了什么。"))  # fmt: skip
    evidence = forms.CharField(label=_("办了什么、有什么为证"), max_length=1000, required=False,
                               widget=forms.Textarea(attrs={"rows": 2}))  # fmt: skip
    files = ScansField(label=_("照片或扫描件"), required=False)  # type: ignore[assignment]


class ExplainedForm(forms.Form):
    """Explained, with the rule and where to appeal (VOICE-3)."""

    prefix = "explained"
    text = forms.CharField(label=_("答复群众的话"), max_length=2000, widget=forms.Textarea(attrs=AREA),
                           help_text=_("用大白话，说清为什么现在办不了。"))  # fmt: skip
    rule = forms.CharField(label=_("依据哪条政策"), max_length=600)
    appeal = forms.CharField(label=_("不服向哪里反映"), max_length=300)

    def __init__(self, *args: Any, appeal: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["appeal"].initial = appeal


class UpForm(forms.Form):
    """Passed up, with what was tried (VOICE-3)."""

    prefix = "up"
    tried = forms.CharField(label=_("已经做了什么、为什么解决不了"), max_length=1000,
                            widget=forms.Textarea(attrs=AREA))  # fmt: skip


class NoteForm(forms.Form):
    prefix = "note"
    text = forms.CharField(label=_("办理情况"), max_length=1000, widget=forms.Textarea(attrs={"rows": 2}))


class SortForm(forms.Form):
    """Another category; what belongs to one of the three nevers stays urgent."""

    prefix = "sort"
    category = forms.ChoiceField(label=_("类别"))
    never = forms.ChoiceField(label=_("三个绝不能"), required=False)
    why = forms.CharField(label=_("为什么改"), max_length=400)

    def __init__(self, *args: Any, demand: Demand, **kwargs: Any) -> None:
        kwargs["initial"] = {"category": demand.category, "never": demand.never}
        super().__init__(*args, **kwargs)
        programme, lang = profile.active().grievances, profile.language()
        choices = [(code, one.label.in_(lang)) for code, one in programme.open_categories.items()]
        nevers = [(code, one.label.in_(lang)) for code, one in programme.nevers.items()]
        self.fields["category"].choices = choices  # type: ignore[attr-defined]
        self.fields["never"].choices = nevers if demand.never else [("", _("不是")), *nevers]  # type: ignore[attr-defined]


class BackForm(forms.Form):
    prefix = "back"
    rung = forms.ChoiceField(label=_("退回到"))
    why = forms.CharField(label=_("为什么退回、下级怎么办"), max_length=1000, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, below: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["rung"].choices = [(code, wording.rung(code)) for code in reversed(below)]  # type: ignore[attr-defined]


class MoveForm(forms.Form):
    prefix = "move"
    department = forms.ChoiceField(label=_("转给"))
    why = forms.CharField(label=_("为什么转给这个部门"), max_length=1000, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, demand: Demand, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = profile.active().departments
        self.fields["department"].choices = [  # type: ignore[attr-defined]
            (code, wording.department(code)) for code in known if code != demand.department
        ]


class TellForm(forms.Form):
    """How the answer reached the person; who reads it on the follow-up page need not be told."""

    prefix = "tell"
    how = forms.ChoiceField(label=_("怎样告知本人的"), choices=[
        (one.value, one.label) for one in Reply.How if one is not Reply.How.PAGE
    ])  # fmt: skip


class WordForm(forms.Form):
    """The person's own word, written down by somebody; the form says whose word it is."""

    prefix = "word"
    yes = forms.ChoiceField(label=_("本人认可吗"), widget=forms.RadioSelect,
                            choices=[("yes", _("认可")), ("no", _("不认可"))])  # fmt: skip
    said = forms.CharField(label=_("本人的话（可不填）"), max_length=1000, required=False)
    score = forms.TypedChoiceField(label=_("给办理打分（可不填）"), required=False, coerce=int, empty_value=None)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        most = profile.active().grievances.terms.score
        self.fields["score"].choices = [("", "—"), *((n, str(n)) for n in range(most, 0, -1))]  # type: ignore[attr-defined]


class WhyForm(forms.Form):
    why = forms.CharField(label=_("原因"), max_length=400)


class DeskForm(forms.Form):
    """Who works for which department."""

    user: forms.ModelChoiceField[Any] = forms.ModelChoiceField(label=_("经办人"), queryset=None)
    department = forms.ChoiceField(label=_("部门"))

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["user"].queryset = people  # type: ignore[attr-defined]
        self.fields["department"].choices = [  # type: ignore[attr-defined]
            (code, wording.department(code)) for code in profile.active().departments
        ]
