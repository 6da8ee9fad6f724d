"""What the checks complain about as a sheet to work off on paper: village by village, open complaints only."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from shuanglian.areas.models import Area
from shuanglian.core.export import Group, Heading
from shuanglian.core.profile import label

from . import flag_queries, flag_words, quality
from .models import Flag

if TYPE_CHECKING:
    from shuanglian.accounts.models import User

PIECE = 2000  # rows fetched at a time


def headings() -> list[Heading]:
    return [
        Heading(_("户编号"), 18), Heading(_("户主"), 12), Heading(_("成员"), 12), Heading(_("与户主关系"), 12),
        Heading(_("程度"), 8), Heading(_("问题"), 44), Heading(_("发现日期"), 12), Heading(_("处理"), 16),
    ]  # fmt: skip


def lines(*, seen_by: User, area: Area) -> Iterator[list[Any] | Group]:
    """One line a complaint; before those of a village its name."""
    names = dict(Area.objects.current().within(area).values_list("code", "name"))
    rows = flag_queries.flags(seen_by=seen_by, area=area).order_by("area_code", "household_id", "id")
    village = ""
    for flag in rows.iterator(chunk_size=PIECE):
        if flag.area_code != village:
            village = flag.area_code
            yield Group(names.get(village, village))
        yield _line(flag)


def _line(flag: Flag) -> list[Any]:
    rule = quality.rules().get(flag.rule)
    home, person = flag.household, flag.person
    return [
        home.number if home else "", home.head_name if home else "", person.name if person else "",
        label("relation", person.relation) if person else "",
        _("错误") if rule is not None and rule.severity == "error" else _("提醒"), flag_words.label_of(flag.rule),
        flag.since.isoformat(), "",
    ]  # fmt: skip
