# ruff: noqa: E501 - a drawing is one line
"""A small set of line icons drawn for this product, 24 × 24, as inline SVG in the text's own colour."""

from functools import cache

from django.utils.html import format_html
from django.utils.safestring import SafeString

PATHS = {
    "home": "M4 11l8-7 8 7v8a1 1 0 0 1-1 1h-4v-6H9v6H5a1 1 0 0 1-1-1z",
    "map": "M9 4L3 6.5V20l6-2.5 6 2.5 6-2.5V4l-6 2.5zM9 4v13.5M15 6.5V20",
    "house": "M3 12l9-8 9 8M6 10v10h12V10M10 20v-5h4v5",
    "people": "M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM3 20a6 6 0 0 1 12 0M16 4.5a3.5 3.5 0 0 1 0 6.5M18 14.5a6 6 0 0 1 3 5.5",
    "person": "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM5 20a7 7 0 0 1 14 0",
    "building": "M4 20V5a1 1 0 0 1 1-1h9v16M14 9h5a1 1 0 0 1 1 1v10M2 20h20M7.5 8h3M7.5 12h3M7.5 16h3M17 13v0M17 16.5v0",
    "link": "M10 14a4 4 0 0 1 0-5.6l3-3a4 4 0 0 1 5.6 5.6l-1.5 1.5M14 10a4 4 0 0 1 0 5.6l-3 3a4 4 0 0 1-5.6-5.6l1.5-1.5",
    "upload": "M12 16V4M7 9l5-5 5 5M4 17v2a1 1 0 0 0 1 1h14a1 1 0 0 0 1-1v-2",
    "download": "M12 4v12M7 11l5 5 5-5M4 17v2a1 1 0 0 0 1 1h14a1 1 0 0 0 1-1v-2",
    "check": "M5 12.5l4.5 4.5L19 7.5",
    "warning": "M12 4L2.5 20h19zM12 10v4M12 17v.01",
    "info": "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 11v5M12 8v.01",
    "list": "M9 6h11M9 12h11M9 18h11M4.5 6v.01M4.5 12v.01M4.5 18v.01",
    "ledger": "M5 4h12a2 2 0 0 1 2 2v14H7a2 2 0 0 1-2-2zM5 18a2 2 0 0 1 2-2h12M9 8h6M9 12h6",
    "clock": "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 7v5l3 2",
    "print": "M7 9V4h10v5M7 17H5a2 2 0 0 1-2-2v-4a2 2 0 0 1 2-2h14a2 2 0 0 1 2 2v4a2 2 0 0 1-2 2h-2M7 14h10v6H7z",
    "shield": "M12 3l8 3v6c0 4.5-3.2 7.8-8 9-4.8-1.2-8-4.5-8-9V6zM9 12l2.2 2.2L15.5 10",
    "key": "M8 18a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM11 11l8-8M16 6l3 3M14 8l2 2",
    "search": "M10.5 17a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13zM15.5 15.5L20 20",
    "menu": "M4 6h16M4 12h16M4 18h16",
    "close": "M6 6l12 12M18 6L6 18",
    "chevron": "M9 6l6 6-6 6",
    "plus": "M12 5v14M5 12h14",
    "edit": "M4 20h4L19 9l-4-4L4 16zM13 7l4 4",
    "eye": "M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12zM12 14.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5z",
    "lock": "M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3",
    "logout": "M14 8V5a1 1 0 0 0-1-1H5a1 1 0 0 0-1 1v14a1 1 0 0 0 1 1h8a1 1 0 0 0 1-1v-3M9 12h12M18 9l3 3-3 3",
    "language": "M4 5h8M8 3v2M10.5 5C10 9 7.5 11.5 4 13M5.5 8c.8 2.2 3 4.2 5.5 5M12 20l4.5-10L21 20M13.5 17h6",
    "refresh": "M20 11a8 8 0 0 0-14.3-4L4 9M4 4v5h5M4 13a8 8 0 0 0 14.3 4L20 15M20 20v-5h-5",
    "trash": "M4 7h16M10 11v6M14 11v6M6 7l1 13h10l1-13M9 7V4h6v3",
    "pin": "M9 4h6l-1 6 4 4H6l4-4zM12 14v7",
    "ban": "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM6 6l12 12",
    "chart": "M4 20h16M6 20v-6h3v6M11 20V9h3v11M16 20V5h3v15",
    "tag": "M4 4h8l8 8-8 8-8-8zM8 8v.01",
    "flag": "M6 21V4h12l-3 4 3 4H6",
    "undo": "M9 14L4 9l5-5M4 9h10a6 6 0 0 1 0 12h-3",
    "file": "M6 3h8l5 5v12a1 1 0 0 1-1 1H6a1 1 0 0 1-1-1V4a1 1 0 0 1 1-1zM14 3v5h5",
    "settings": "M4 7h10M18 7h2M4 17h2M10 17h10M16 9a2 2 0 1 0 0-4 2 2 0 0 0 0 4zM8 19a2 2 0 1 0 0-4 2 2 0 0 0 0 4z",
    "scale": "M12 4v16M7 20h10M5 7h14M5 7l-3 6a3 3 0 0 0 6 0zM19 7l-3 6a3 3 0 0 0 6 0z",
    "duplicate": "M9 9h11v11H9zM15 9V4H4v11h5",
    "phone": "M8 2.5h8a1 1 0 0 1 1 1v17a1 1 0 0 1-1 1H8a1 1 0 0 1-1-1v-17a1 1 0 0 1 1-1zM11 18.5h2",
    "clipboard": "M9 4h6v3H9zM9 5.5H6a1 1 0 0 0-1 1V20a1 1 0 0 0 1 1h12a1 1 0 0 0 1-1V6.5a1 1 0 0 0-1-1h-3M8.5 12l2 2 4-4M8.5 17.5h7",
    "dot": "M12 14a2 2 0 1 0 0-4 2 2 0 0 0 0 4z",
}


@cache
def drawing(name: str, extra: str = "") -> SafeString:
    """The SVG of an icon, hidden from screen readers; an unknown name draws a dot rather than failing a page."""
    return format_html(
        '<svg class="icon {}" viewBox="0 0 24 24" width="24" height="24" fill="none" stroke="currentColor" '
        'stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true" focusable="false">'
        '<path d="{}"/></svg>',
        extra, PATHS.get(name, PATHS["dot"]),
    )  # fmt: skip
