"""Tags and filters that every template has without loading: labels, figures, masks, crumbs, paging, badges, icons."""

from collections.abc import Iterable
from datetime import timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from django import template
from django.urls import NoReverseMatch, reverse
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from shuanglian.core import panels as panel_register
from shuanglian.core import profile
from shuanglian.core.forms import translated
from shuanglian.core.icons import drawing
from shuanglian.core.permission import allowed
from shuanglian.kernel.ids import mask_card, mask_id, mask_name, mask_phone
from shuanglian.kernel.words import Said

register = template.Library()
UNKNOWN = "—"

# What a badge is for → Tabler's colour; the text says the same, colour is never alone.
BADGES = {
    "ok": "green", "done": "green", "good": "green", "kept": "green", "accepted": "green", "published": "green",
    "confirmed": "green", "current": "green", "real": "green", "warning": "yellow", "waiting": "yellow",
    "moved": "yellow",
    "checked": "yellow", "proposed": "yellow", "mapping": "yellow", "open": "yellow", "fallback": "yellow",
    "error": "red", "bad": "red", "failed": "red", "none": "red", "danger": "red", "info": "blue", "running": "blue",
    "new": "blue", "reading": "blue", "checking": "blue", "accepting": "blue", "solving": "blue",
}  # fmt: skip


@register.simple_tag
def code_label(list_name: str, code: Any) -> str:
    """The label of a profile code in the reader's language; several codes are joined; nothing known is a dash."""
    if isinstance(code, (list, tuple, set)):
        return "、".join(profile.label(list_name, one) for one in code) or UNKNOWN
    return profile.label(list_name, code) or UNKNOWN


@register.filter
def yuan(value: Any) -> str:
    """Money with thousands separators; cents only where there are some; unknown is a dash."""
    amount = _number(value)
    if amount is None:
        return UNKNOWN
    return f"{amount:,.0f}" if amount == amount.to_integral_value() else f"{amount:,.2f}"


@register.filter
def percent(value: Any, places: int = 1) -> str:
    """A share of 0 to 1 as a percentage; 100 % only when it is all, 0 % only when it is none."""
    share = _number(value)
    if share is None:
        return UNKNOWN
    shown = round(share * 100, int(places))
    step = Decimal(1).scaleb(-int(places))
    if shown == 100 and share < 1:
        shown -= step
    if shown == 0 and share > 0:
        shown = step
    return f"{shown.normalize():f}%"


@register.filter
def share_of(part: Any, whole: Any) -> Decimal | None:
    """part ÷ whole as 0 to 1; None when there is no whole."""
    above, below = _number(part), _number(whole)
    return above / below if above is not None and below else None


@register.filter
def figure(value: Any) -> str:
    """A count with thousands separators; unknown is a dash."""
    amount = _number(value)
    return UNKNOWN if amount is None else f"{amount:,}"


def _number(value: Any) -> Decimal | None:
    if value is None or value == "" or isinstance(value, bool):
        return None
    try:
        amount = Decimal(str(value))
    except InvalidOperation:
        return None
    return amount if amount.is_finite() else None


@register.filter
def minutes(stretch: timedelta | None) -> int:
    """A stretch of time in whole minutes, rounded up."""
    return -int(-(stretch.total_seconds() if stretch else 0) // 60)


@register.filter
def masked_id(text: Any) -> str:
    return mask_id(str(text)) if text else UNKNOWN


@register.filter
def masked_phone(text: Any) -> str:
    return mask_phone(str(text)) if text else UNKNOWN


@register.filter
def masked_card(text: Any) -> str:
    return mask_card(str(text)) if text else UNKNOWN


@register.filter
def masked_name(text: Any) -> str:
    return mask_name(str(text)) if text else UNKNOWN


@register.filter
def yes_no(value: Any) -> str:
    """是, 否 or a dash for unknown."""
    return UNKNOWN if value is None or value == "" else (_("是") if value else _("否"))


@register.filter
def said(value: Any) -> str:
    """A sentence of a pure room (Said, or a plain Chinese text) in the reader's language."""
    return translated(value) if isinstance(value, Said) else translated(Said(str(value or "")))


@register.simple_tag
def role_label(code: str) -> str:
    return profile.label("role", code) or UNKNOWN


@register.simple_tag(takes_context=True)
def may(context: template.Context, permission: str) -> bool:
    """{% may "pairing.view" as ok %}: whether the reader's role holds a permission."""
    request = context.get("request")
    return allowed(getattr(request, "user", None), permission)


@register.inclusion_tag("core/crumbs.html", takes_context=True)
def crumbs(context: template.Context, area: Any, last: str = "") -> dict[str, Any]:
    """The chain of areas from the province down; a link where the reader may go; `last` names a page below the area."""
    user = getattr(context.get("request"), "user", None)
    own = getattr(user, "area", None) if allowed(user, "areas.view") else None
    chain: list[tuple[str, str]] = []
    while area is not None and len(chain) < 8:
        reachable = own is not None and area.code.startswith(own.prefix)
        chain.append((area.name, _address("areas:detail", area.code) if reachable else ""))
        area = area.parent
    return {"chain": chain[::-1], "last": last}


def _address(name: str, *args: Any) -> str:
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


@register.inclusion_tag("core/page_links.html", takes_context=True)
def page_links(context: template.Context, page: Any, key: str = "after") -> dict[str, Any]:
    """First, previous and next page of a keyset page, keeping the rest of the query."""
    return {
        "first": _query(context, {key: None}) if page.previous else "",
        "previous": _query(context, {key: page.previous}) if page.previous else "",
        "next": _query(context, {key: page.next}) if page.next else "",
    }


@register.simple_tag(takes_context=True)
def query_with(context: template.Context, **changes: Any) -> str:
    """The current query string with some keys changed; None or "" takes a key out. Begins with "?"."""
    return _query(context, changes)


def _query(context: template.Context, changes: dict[str, Any]) -> str:
    request = context.get("request")
    query = request.GET.copy() if request else None
    if query is None:
        return "?"
    for name, value in changes.items():
        if value is None or value == "":
            query.pop(name, None)
        else:
            query[name] = str(value)
    return f"?{query.urlencode()}"


@register.simple_tag
def badge(kind: str, text: Any) -> SafeString:
    """A small label: `kind` (a state such as done, failed, warning, or a colour name) gives the colour."""
    colour = BADGES.get(str(kind), str(kind) if str(kind) in COLOURS else "secondary")
    return format_html('<span class="badge bg-{}-lt">{}</span>', colour, text)


COLOURS = frozenset(
    [
        "blue",
        "azure",
        "indigo",
        "purple",
        "pink",
        "red",
        "orange",
        "yellow",
        "lime",
        "green",
        "teal",
        "cyan",
        "secondary",
    ]
)


@register.simple_tag
def svg_icon(name: str, extra: str = "") -> SafeString:
    """A drawn icon from our own small set; decoration only, so the words beside it must say it too."""
    return drawing(name, extra)


@register.simple_tag(takes_context=True)
def panels(context: template.Context, name: str, obj: Any = None) -> SafeString:
    """The cards that rooms registered for a page: {% panels "household" household %}."""
    return SafeString("".join(panel_register.render(name, context["request"], obj)))


@register.simple_tag
def share_bar(part: Any, whole: Any, label: str = "") -> SafeString:
    """A bar for part of whole without inline style: <progress>, which screen readers read too."""
    above, below = _number(part) or Decimal(0), _number(whole) or Decimal(0)
    shown = percent(above / below) if below else UNKNOWN
    return format_html(
        '<progress class="share-bar" value="{}" max="{}" aria-label="{}">{}</progress>',
        above, below or 1, f"{label} {shown}".strip(), shown,
    )  # fmt: skip


@register.inclusion_tag("core/field.html")
def field(bound: Any, extra_help: str = "") -> dict[str, Any]:
    """One form field with label, control in Tabler's classes, help and errors, tied together for screen readers."""
    return _field_parts(bound, extra_help)


def _field_parts(bound: Any, extra_help: str = "") -> dict[str, Any]:
    kind = getattr(bound.field.widget, "input_type", "")
    wrapped = kind in {"checkbox", "radio"}
    css = "form-check-input" if kind == "checkbox" else "form-select" if kind == "select" else "form-control"
    attrs = {"class": css}
    if bound.errors:
        attrs["class"] += " is-invalid"
        attrs["aria-invalid"] = "true"
    notes = [f"{bound.id_for_label}_{part}" for part, shown in
             (("help", bound.help_text or extra_help), ("errors", bound.errors)) if shown]  # fmt: skip
    if notes:
        attrs["aria-describedby"] = " ".join(notes)
    return {
        "bound": bound, "control": bound.as_widget(attrs=attrs), "kind": kind, "wrapped": wrapped,
        "help": bound.help_text or extra_help, "group": kind == "radio" or _many(bound),
    }  # fmt: skip


def _many(bound: Any) -> bool:
    return bound.field.widget.__class__.__name__ == "CheckboxSelectMultiple"


@register.inclusion_tag("core/form.html")
def form_fields(form: Any) -> dict[str, Any]:
    """All fields of a form, with the errors of the whole above."""
    return {"form": form}


@register.inclusion_tag("core/empty.html")
def empty(title: str, hint: str = "", href: str = "", action: str = "") -> dict[str, Any]:
    """What a list shows when it has nothing: why, and what to do about it."""
    return {"title": title, "hint": hint, "href": href, "action": action}


@register.simple_tag
def joined(values: Iterable[Any], separator: str = "、") -> SafeString:
    return format_html_join(separator, "{}", ((conditional_escape(value),) for value in values))
