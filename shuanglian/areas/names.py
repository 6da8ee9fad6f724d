"""How regions are called: the bare name, the spellings one meets in rosters, and the sound (pinyin).

`城关`, `城关村`, `城关村委会` and `城关村民委员会` mean one village; the bare name (城关) is what they share. What kind
of body it is (village or community, township, town or street) is kept apart: a change of kind is a change of name.
"""

import re
import unicodedata
from functools import lru_cache

from pypinyin import lazy_pinyin, load_phrases_dict

# Place names that the dictionary of everyday words reads wrongly.
load_phrases_dict({"宕昌": [["tàn"], ["chāng"]], "什川": [["shí"], ["chuān"]]})

_PEOPLES = [
    "蒙古",
    "回",
    "藏",
    "维吾尔",
    "苗",
    "彝",
    "壮",
    "布依",
    "朝鲜",
    "满",
    "侗",
    "瑶",
    "白",
    "土家",
    "哈尼",
    "哈萨克",
    "傣",
    "黎",
    "傈僳",
    "佤",
    "畲",
    "高山",
    "拉祜",
    "水",
    "东乡",
    "纳西",
    "景颇",
    "柯尔克孜",
    "土",
    "达斡尔",
    "仫佬",
    "羌",
    "布朗",
    "撒拉",
    "毛南",
    "仡佬",
    "锡伯",
    "阿昌",
    "普米",
    "塔吉克",
    "怒",
    "乌孜别克",
    "俄罗斯",
    "鄂温克",
    "德昂",
    "保安",
    "裕固",
    "京",
    "塔塔尔",
    "独龙",
    "鄂伦春",
    "赫哲",
    "门巴",
    "珞巴",
    "基诺",
    "各",
]
_PEOPLE = "(?:" + "|".join(f"{people}族" for people in sorted(_PEOPLES, key=len, reverse=True)) + ")"
_BARE_PEOPLE = "(?:壮族|回族|维吾尔)"

# level → kind of body → how its name may end, the longest first
_ENDINGS: dict[int, list[tuple[str, str]]] = {
    1: [("region", f"{_BARE_PEOPLE}?自治区"), ("region", "特别行政区"), ("province", "省"), ("city", "市")],
    2: [("prefecture", f"{_PEOPLE}*自治州"), ("prefecture", "州"), ("area", "地区"), ("league", "盟"), ("city", "市")],
    3: [
        ("county", f"{_PEOPLE}*自治[县旗]"), ("forest", "林区"), ("special", "特区"), ("county", "县"), ("city", "市"),
        ("district", "区"), ("county", "旗"),
    ],
    4: [
        ("street", "街道办事处"), ("street", "街道办"), ("street", "街道"), ("township", f"{_PEOPLE}*民族乡"),
        ("township", f"{_PEOPLE}+乡"), ("township", "乡"), ("town", "镇"), ("township", "苏木"), ("street", "办事处"),
        ("office", "管理委员会"), ("office", "管委会"),
    ],
    5: [
        ("community", "社区(?:居民委员会|居委会|村委会|村民委员会)?"), ("community", "居民委员会"),
        ("community", "居委会"),
        ("community", "家属委员会"), ("community", "家委会"), ("village", "嘎查村?(?:民?委员会|委会)?"),
        ("village", "村?牧民委员会"), ("village", "牧?村?委会"), ("village", "村民?委员会"), ("village", "村民?委会"),
        ("village", "行政村"), ("village", "村"),
    ],
}  # fmt: skip
_COMPILED = {
    level: [(kind, re.compile(f"(.+?)(?:{ending})")) for kind, ending in endings] for level, endings in _ENDINGS.items()
}
_SPELLINGS: dict[str, tuple[str, ...]] = {
    "village": ("村", "村委会", "村民委员会", "行政村"),
    "community": ("社区", "居委会", "居民委员会", "社区居委会", "社区居民委员会"),
    "street": ("街道", "街道办", "街道办事处", "办事处"),
    "township": ("乡", "乡人民政府", "乡政府"),
    "town": ("镇", "镇人民政府", "镇政府"),
    "county": ("县",),
    "prefecture": ("州",),
}
NO_NAME = {"市辖区", "县", "辖区", "省直辖县级行政区划", "自治区直辖县级行政区划"}
_SILENT = re.compile(r"[\s·•\-_—,，、．.\u200b\ufeff]+")
_SHORTEST = 2  # 岷县 is never called 岷


def plain(text: str) -> str:
    """One spelling for comparison: half width, no blanks or dots."""
    return _SILENT.sub("", unicodedata.normalize("NFKC", text or ""))


@lru_cache(maxsize=65536)
def split_name(name: str, level: int) -> tuple[str, str]:
    """(bare name, kind of body): 马营镇 → (马营, town), 东关村民委员会 → (东关, village), 岷县 → (岷县, county)."""
    text = plain(name)
    if text in NO_NAME:
        return text, ""
    for kind, pattern in _COMPILED[level]:
        if match := pattern.fullmatch(text):
            bare = match[1].removesuffix("村") if level == 5 and len(match[1]) > _SHORTEST else match[1]
            bare = bare.removesuffix("族") if level < 5 and len(bare) > _SHORTEST else bare  # 东乡族自治县 is 东乡
            return (bare, kind) if len(bare) >= _SHORTEST else (text, kind)
    return text, ""


def short_name(name: str, level: int) -> str:
    """The bare name, at least two characters: 张家川回族自治县 → 张家川, 城关村民委员会 → 城关."""
    return split_name(name, level)[0]


def aliases(name: str, level: int) -> tuple[str, ...]:
    """Every spelling that means this region: the name itself, the bare name, the bare name with each usual ending.

    店子村民委员会: 店子, 店子村, 店子村委会, 店子村村委会 … Names shared by several regions stay shared.
    """
    bare, kind = split_name(name, level)
    known = dict.fromkeys((plain(name), bare))
    if bare == plain(name) and kind != "":  # too short to be cut, 岷县: nobody says 岷县县
        return tuple(known)
    stems = (bare, f"{bare}村") if kind == "village" else (bare,)
    known.update(dict.fromkeys(stem + ending for stem in stems for ending in _SPELLINGS.get(kind, ())))
    return tuple(known)


def same_place(one: str, other: str, level: int) -> bool:
    """Whether two names are spellings of one name: same bare name, same kind of body (村委会 = 村民委员会, 乡 ≠ 镇)."""
    return split_name(one, level) == split_name(other, level) or plain(one) == plain(other)


@lru_cache(maxsize=65536)
def _syllables(name: str) -> tuple[str, ...]:
    return tuple(syllable.lower() for syllable in lazy_pinyin(plain(name)))


def initials_of(name: str) -> str:
    """First letters of the sound, to search by: 通渭县 → twx; figures and letters stay."""
    return "".join(s if not s.isalpha() or not s.isascii() else s[0] for s in _syllables(name))[:80]


def spelling_of(name: str) -> str:
    """The sound without tones or blanks: 通渭县 → tongweixian."""
    return "".join(_syllables(name))[:200]
