"""Forms of the way from owed to received: filters of the lists, steps of a due, answers to what was asked."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shuanglian.areas.forms import AreaField
from shuanglian.areas.models import Area
from shuanglian.core.profile import active, language
from shuanglian.registry.fields import ANY, NOTHING, Coded, Many, YesNo, codes, day_input
from shuanglian.registry.models import Statement
from shuanglian.rules.cel.types import BOOL, DAY, NUMBER, WHOLE
from shuanglian.rules.cel.vocabulary import Word

from . import catalogue
from .family import Open
from .models import Due
from .queries import LISTS, ORDERS, TITLES, Wanted
from .telling import word_of

if TYPE_CHECKING:
    from shuanglian.accounts.models import User

MOST_WHOLE = 2_000_000


class DuesFilter(forms.Form):
    """The filters of the lists; what is not understood is left out rather than refused."""

    text = forms.CharField(label=gettext_lazy("户主、成员或户编号"), max_length=40, required=False)
    helper = forms.CharField(label=gettext_lazy("帮扶责任人（姓名或编号）"), max_length=40, required=False)
    year = forms.IntegerField(label=gettext_lazy("年度"), min_value=2000, max_value=2100, required=False)
    order = forms.ChoiceField(
        label=gettext_lazy("排序"), required=False,
        choices=[("area", gettext_lazy("按区划和户")), ("since", gettext_lazy("等得最久的在前")),
                 ("yuan", gettext_lazy("金额由高到低")), ("benefit", gettext_lazy("按政策"))],
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        titles = [(code, one.title.in_(language())) for code, one in catalogue.benefits().items()]
        self.fields["department"] = Coded([ANY, *catalogue.choices("department")], _("主管部门"))
        self.fields["kind"] = Coded([ANY, *catalogue.choices("kind")], _("类别"))
        self.fields["benefit"] = Coded([ANY, *titles], _("政策"))
        self.order_fields(["text", "benefit", "kind", "department", "helper", "year", "order"])

    def wanted(self, which: str, area: Area | None, fact: str = "") -> Wanted:
        self.is_valid()
        told = self.cleaned_data
        return Wanted(
            which=which if which in LISTS else "owed", area=area, department=told.get("department", ""),
            kind=told.get("kind", ""), benefit=told.get("benefit", ""), helper=told.get("helper", "").strip(),
            text=told.get("text", "").strip(), year=told.get("year"), fact=fact if word_of(fact) else "",
            order=told["order"] if told.get("order") in ORDERS else "area",
        )  # fmt: skip


def lists() -> list[tuple[str, Any]]:
    return list(TITLES.items())


class OnForm(forms.Form):
    """The day of a step."""

    on = forms.DateField(label=gettext_lazy("日期"), widget=day_input())


class ApplyForm(OnForm):
    """Apply on behalf: when, with which of the papers, what else is to be said."""

    note = forms.CharField(label=gettext_lazy("说明"), max_length=500, required=False)

    def __init__(self, *args: Any, papers: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if papers:
            self.fields["papers"] = Many([(one, one) for one in papers], _("已交材料"))
            self.order_fields(["on", "papers", "note"])

    def given(self) -> dict[str, Any]:
        told = self.cleaned_data
        return {"on": told["on"], "papers": told.get("papers", []), "note": told["note"]}


class BulkForm(OnForm):
    """Apply for several dues at once: of each benefit the papers that were handed in."""

    note = forms.CharField(label=gettext_lazy("说明"), max_length=500, required=False)

    def __init__(self, *args: Any, dues: Sequence[Due], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.papers: dict[str, str] = {}
        for due in dues:
            name = f"papers-{due.benefit}"
            if name not in self.fields and (papers := papers_of(due)):
                self.papers[due.benefit] = name
                label = _("已交材料：{benefit}").format(benefit=catalogue.title(due.benefit))
                self.fields[name] = Many([(one, one) for one in papers], label)
        self.order_fields(["on", *self.papers.values(), "note"])

    def given(self) -> dict[str, Any]:
        told = self.cleaned_data
        papers = {benefit: told[name] for benefit, name in self.papers.items()}
        return {"on": told["on"], "papers": papers, "note": told["note"]}


class ApproveForm(OnForm):
    """The department approves; the amount only where it names another than the rule's."""

    yuan = forms.DecimalField(
        label=gettext_lazy("批准金额（元）"), max_digits=12, decimal_places=2, min_value=0, required=False,
        help_text=gettext_lazy("部门没有写明金额时留空。"),
    )  # fmt: skip
    note = forms.CharField(label=gettext_lazy("说明"), max_length=500, required=False)

    def given(self) -> dict[str, Any]:
        return dict(self.cleaned_data)


class RefuseForm(OnForm):
    why = forms.CharField(
        label=gettext_lazy("部门的理由"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("照部门的原话写；农户可以看到，也可以据此申诉。"),
    )  # fmt: skip

    def given(self) -> dict[str, Any]:
        return dict(self.cleaned_data)


class AppealForm(OnForm):
    why = forms.CharField(
        label=gettext_lazy("农户的理由"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip

    def given(self) -> dict[str, Any]:
        return dict(self.cleaned_data)


def papers_of(due: Due) -> list[str]:
    known = catalogue.benefit(due.benefit)
    return [one.in_(language()) for one in known.papers] if known else []


class RoundForm(forms.Form):
    """Ask every policy of every family of an area, as of a day."""

    area = AreaField(label=gettext_lazy("区域"))
    on = forms.DateField(
        label=gettext_lazy("核查日期"), widget=day_input(),
        help_text=gettext_lazy("按这一天施行的政策和这一天的情况认定。"),
    )  # fmt: skip

    def __init__(self, *args: Any, seen_by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["area"].within = seen_by.area  # type: ignore[attr-defined]


# --- answers to what was asked ----------------------------------------------------------------------------------------
class AnswersForm(forms.Form):
    """The open facts of one family, each with the input of its type; what is left empty stays open.

    One visit answers many: one source and one day for all.
    """

    source = forms.ChoiceField(label=gettext_lazy("来源"), choices=Statement.Source.choices)
    on = forms.DateField(label=gettext_lazy("自何日起"), widget=day_input())
    note = forms.CharField(label=gettext_lazy("说明"), max_length=200, required=False)

    def __init__(self, *args: Any, questions: Sequence[Open], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.asked: dict[str, Open] = {}
        for one in questions:
            if word := word_of(one.path):
                self.asked[one.name] = one
                self.fields[one.name] = field_for(word, whose=one.whose)
        self.order_fields([*self.asked, "source", "on", "note"])

    def questions(self) -> list[tuple[Open, forms.BoundField]]:
        return [(one, self[name]) for name, one in self.asked.items()]

    def answers(self) -> list[tuple[Open, Any]]:
        """What was answered."""
        given = [(one, self.cleaned_data.get(name)) for name, one in self.asked.items()]
        return [(one, value) for one, value in given if value not in (None, "", [])]

    def told(self) -> list[tuple[str, str, str, Any]]:
        """What was answered as the register takes it: record, subject, fact, value."""
        return [(one.record, one.subject, one.fact, value) for one, value in self.answers()]


def field_for(word: Word, *, whose: str = "") -> forms.Field:
    """The input for a fact: yes or no, a whole number, an amount, a day, one or several codes of a list, words."""
    label = word.label.in_(language())
    if whose:
        label = _("{name}：{fact}").format(name=whose, fact=label)
    if word.unit:
        label = _("{label}（{unit}）").format(label=label, unit=word.unit.in_(language()))
    if word.type == BOOL:
        return YesNo(label)
    if word.type == WHOLE:
        return forms.IntegerField(label=label, required=False, min_value=0, max_value=MOST_WHOLE)
    if word.type == NUMBER:
        return forms.DecimalField(label=label, required=False, min_value=0, max_digits=12, decimal_places=2)
    if word.type == DAY:
        return forms.DateField(label=label, required=False, widget=day_input())
    if word.codes and word.codes in active().codes:
        several = word.type.of is not None
        return Many(codes(word.codes, empty=None), label) if several else Coded(codes(word.codes, empty=NOTHING), label)
    return forms.CharField(label=label, required=False, max_length=200)


class WithdrawForm(forms.Form):
    why = forms.CharField(label=gettext_lazy("撤回原因"), max_length=200)


def day_given(text: str | None, otherwise: date) -> date:
    """A day of the address; what is none is the other."""
    try:
        return date.fromisoformat(text) if text else otherwise
    except ValueError:
        return otherwise
