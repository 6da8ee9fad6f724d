"""PDF by Typst, no system library needed: a room's template, data as plain values, our own fonts or the system's.

Data is handed over as JSON and never read as markup. A template begins with `#let data = json(bytes(sys.inputs.data))`
and uses `data.font` for its type.
"""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

import typst
from django.apps import apps
from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder

from shuanglian.kernel.refusal import Refusal
from shuanglian.kernel.words import N_

# Families that hold Chinese, the first one found is used; our own (settings.FONTS) is the first.
FAMILIES = (
    "Noto Sans SC", "Noto Sans CJK SC", "Source Han Sans SC", "Source Han Sans CN", "Microsoft YaHei", "PingFang SC",
    "Hiragino Sans GB", "WenQuanYi Micro Hei", "WenQuanYi Zen Hei", "Noto Serif CJK SC", "Source Han Serif SC",
    "Noto Serif SC", "SimSun", "SimHei", "STSong",
)  # fmt: skip


def typeset(template_name: str, data: dict[str, Any]) -> bytes:
    """The PDF of a template such as "registry/ledger.typ" (in that room's folder typst/) filled with data.

    Without a Chinese font nothing is made: boxes instead of names would look like a finished document.
    """
    fonts, family = _fonts(_font_folder(), _stamp(_font_folder()))
    given = json.dumps({**data, "font": family}, cls=DjangoJSONEncoder, ensure_ascii=False)
    path = _template(template_name)
    made = typst.compile(
        str(path),
        root=str(path.parent),
        font_paths=fonts,
        format="pdf",
        sys_inputs={"data": given},
        pdf_standards="ua-1",
    )
    return bytes(made)


def _template(name: str) -> Path:
    room, _, file = name.partition("/")
    folder = Path(apps.get_app_config(room).path) / "typst"
    path = (folder / file).resolve()
    if folder.resolve() not in path.parents:
        raise ValueError(f"no template {name}")
    return path


def _font_folder() -> Path:
    return Path(settings.FONTS)


def _stamp(folder: Path) -> float:
    return folder.stat().st_mtime if folder.is_dir() else 0.0


@lru_cache(maxsize=2)
def _fonts(folder: Path, stamp: float) -> tuple[typst.Fonts, str]:
    fonts = typst.Fonts(include_system_fonts=True, font_paths=[str(folder)] if folder.is_dir() else [])
    known = set(fonts.families())
    family = next((name for name in FAMILIES if name in known), None)
    if family is None:
        sentence = N_("找不到中文字体，无法生成 PDF。请运行 make assets，或把 NotoSansSC 字体文件放进 {folder}")
        raise Refusal("no_font", sentence, folder=str(folder))
    return fonts, family
