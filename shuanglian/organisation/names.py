"""How people's names sound: the letters that a clerk types to find 李四 by ls, surnames read as surnames."""

import unicodedata
from functools import lru_cache

from pypinyin import lazy_pinyin

# Surnames that the dictionary of everyday words reads otherwise.
_SURNAMES = {
    "单": "shan", "仇": "qiu", "解": "xie", "查": "zha", "曾": "zeng", "任": "ren", "区": "ou", "朴": "piao",
    "翟": "zhai", "盖": "ge", "缪": "miao", "乐": "yue", "黑": "he", "秘": "bi", "折": "she", "员": "yun",
    "冼": "xian", "种": "chong", "逄": "pang", "华": "hua", "宁": "ning", "召": "shao", "燕": "yan", "晁": "chao",
    "牟": "mu", "訾": "zi", "繁": "po", "尉迟": "yuchi", "万俟": "moqi", "长孙": "zhangsun", "令狐": "linghu",
    "澹台": "tantai", "单于": "chanyu",
}  # fmt: skip


@lru_cache(maxsize=65536)
def syllables(name: str) -> tuple[str, ...]:
    """The sounds of a name without tones: 单小红 → shan, xiao, hong. Letters and figures stay as they are."""
    plain = "".join(unicodedata.normalize("NFKC", name or "").split()).replace("·", "")
    for length in (2, 1):
        surname = plain[:length]
        if surname in _SURNAMES and len(plain) > length:
            return (*_split(surname, length), *(one.lower() for one in lazy_pinyin(plain[length:])))
    return tuple(one.lower() for one in lazy_pinyin(plain))


def _split(surname: str, length: int) -> tuple[str, ...]:
    if length == 1:
        return (_SURNAMES[surname],)
    second = lazy_pinyin(surname[1])[0]
    whole = _SURNAMES[surname]
    return (whole.removesuffix(second), second) if whole.endswith(second) else (whole[:1], whole[1:])


def initials_of(name: str) -> str:
    """First letters of the sound, at most 40: 单小红 → sxh."""
    return "".join(one[:1] if one.isascii() and one.isalpha() else one for one in syllables(name))[:40]


def spelling_of(name: str) -> str:
    """The whole sound without tones or blanks, at most 120: 单小红 → shanxiaohong."""
    return "".join(syllables(name))[:120]
