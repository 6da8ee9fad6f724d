"""The day-by-day chart as inline SVG: a bar a day, the line of what is done, the dashed line of the plan."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from .models import Campaign
from .queries import Day

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 720, 240, 48, 12, 26, 26


def progress(days: Sequence[Day], campaign: Campaign) -> SafeString:
    """Whole width is the whole campaign, so that what is still to come is seen; "" before the first day."""
    if not days:
        return SafeString("")
    length = (campaign.until - campaign.since).days + 1
    most = max(1, *(max(day.until_then, day.planned) for day in days))
    step = (WIDTH - LEFT - RIGHT) / length
    bars = format_html_join("", '<rect class="lb-day" x="{}" y="{}" width="{}" height="{}"/>', (
        (round(LEFT + place * step + 1, 1), _y(day.visited, most), round(max(step - 2, 1), 1),
         round(HEIGHT - BOTTOM - _y(day.visited, most), 1))
        for place, day in enumerate(days) if day.visited
    ))  # fmt: skip
    done = " ".join(f"{LEFT + (place + 0.5) * step:.1f},{_y(day.until_then, most)}" for place, day in enumerate(days))
    plan = " ".join(f"{LEFT + (place + 0.5) * step:.1f},{_y(day.planned, most)}" for place, day in enumerate(days))
    names = format_html_join("", '<text class="lb-text" x="{}" y="{}">{}</text>', (
        (round(LEFT + place * step, 1), HEIGHT - 8, f"{day.on:%m-%d}")
        for place, day in enumerate(days) if place % 3 == 0
    ))  # fmt: skip
    last = days[-1]
    told = _("到 %(day)s 已核查 %(done)s 户，按进度应核查 %(plan)s 户") % {
        "day": f"{last.on:%m-%d}", "done": last.until_then, "plan": last.planned,
    }  # fmt: skip
    return format_html(
        '<svg class="lb-chart" viewBox="0 0 {} {}" role="img" aria-label="{}">{}'
        '<line class="lb-axis" x1="{l}" y1="{b}" x2="{r}" y2="{b}"/>{}<polyline class="lb-plan" points="{}"/>'
        '<polyline class="lb-done" points="{}"/>{}<text class="lb-text" x="4" y="{}">{}</text>'
        '<text class="lb-text" x="4" y="{b}">0</text></svg>',
        WIDTH, HEIGHT, told, _legend(), bars, plan, done, names, TOP + 6, most,
        l=LEFT, r=WIDTH - RIGHT, b=HEIGHT - BOTTOM,
    )  # fmt: skip


def _y(value: int, most: int) -> float:
    return round(HEIGHT - BOTTOM - value / most * (HEIGHT - BOTTOM - TOP), 1)


def _legend() -> SafeString:
    return format_html(
        '<rect class="lb-day" x="{}" y="6" width="12" height="12"/><text class="lb-text" x="{}" y="16">{}</text>'
        '<line class="lb-done" x1="{}" y1="12" x2="{}" y2="12"/><text class="lb-text" x="{}" y="16">{}</text>'
        '<line class="lb-plan" x1="{}" y1="12" x2="{}" y2="12"/><text class="lb-text" x="{}" y="16">{}</text>',
        LEFT, LEFT + 18, _("当日"), LEFT + 90, LEFT + 114, LEFT + 120, _("累计"),
        LEFT + 210, LEFT + 234, LEFT + 240, _("按进度"),
    )  # fmt: skip
