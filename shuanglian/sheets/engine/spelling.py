# ruff: noqa: E501 - one entry a line; a Chinese character counts as two
"""One header, many spellings: `户主姓 名`, `2017人均纯收入（元）`, `A8民族`, `是否危房户`, `aac001` → what they have in common."""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from .fields import ROSTERS

_BLANK = re.compile(r"[\s\u200b-\u200f\u2060\ufeff_]+")
_MARKS = re.compile(r"[*★☆▲△●:;,.、?!#]+$|^[*★☆▲△●#]+|\((?:必填|选填|可选|必选|单选|多选|可多选|下拉|下拉选择)\)")
_UNIT = re.compile(
    r"\((?:单位:)?(?:万?元(?:/[年月人户])*|元/人·年|亩|平方?米|m2|㎡|平|公里|千米|km|米|m|人|口|户|个月|个|月|年|岁|周岁|天|度|吨|%|"
    r"是/否|有/无|yyyy.*|\d{2,4}.*|18位|11位|12位|20位)\)",
    re.IGNORECASE,
)
_BRACKETS = re.compile(r"\([^()]*\)")
_FORM_NUMBER = re.compile(r"^(?:[A-G]\d{1,3}[A-Z]?(?![A-Z0-9])|\(?\d{1,2}[).、]|[一二三四五六七八九十]{1,3}、)[.、]?")
_YEAR = re.compile(r"^(?:(19|20)(\d\d)(?:年度?|)|(?:上|当|本|去|旧|前)年度?|识别时|截[至止]目前)(?=.{2})")
_YEAR_IN = re.compile(r"(20\d\d)(?=年|人均|家庭|$)")
_WHETHER = re.compile(r"^(?:是否为?|有无|是否属于)(?=.{2})")
_CODE = re.compile(r"(?<![A-Z])(A[A-Z]{2}\d{3})(?!\d)")
_COUNTER = re.compile(r"(?<=\D)[1１]$")


@dataclass(frozen=True)
class Spelling:
    """A header in its forms, surest first, each with how sure it is; and the year it speaks of, if any."""

    plain: str
    forms: tuple[tuple[str, float], ...]
    year: int | None


def plain(text: str) -> str:
    """Half width, no blanks or line breaks, Latin letters upper case, marks such as * taken off."""
    half = unicodedata.normalize("NFKC", text)
    half = half.translate(_BRACKET_KINDS)
    half = _BLANK.sub("", half).upper()
    while (shorter := _MARKS.sub("", half)) != half:
        half = shorter
    return half


_BRACKET_KINDS = str.maketrans({"〔": "(", "〕": ")", "【": "(", "】": ")", "[": "(", "]": ")", "{": "(", "}": ")",
                                "〈": "(", "〉": ")", "《": "(", "》": ")", "“": "", "”": "", '"': "", "'": "",
                                "／": "/", "\\": "/", "—": "-", "–": "-", "·": "·"})  # fmt: skip


@lru_cache(maxsize=8192)
def spelling(text: str) -> Spelling:
    """Every form under which a header may be known."""
    whole = plain(text)
    forms: dict[str, float] = {}

    def offer(form: str, sure: float) -> str:
        if form and form not in forms:
            forms[form] = sure
        return form

    if code := _CODE.search(whole):
        offer(code[1], 1.0)
    offer(whole, 1.0)
    bare = offer(_UNIT.sub("", whole), 0.98)
    bare = offer(_FORM_NUMBER.sub("", bare), 0.96)
    year = _YEAR.match(bare) or _YEAR_IN.search(bare)
    ageless = offer(_YEAR.sub("", bare), 0.93)
    open_ = offer(_BRACKETS.sub("", ageless), 0.9)
    offer(_WHETHER.sub("", open_), 0.88)
    offer(_COUNTER.sub("", open_), 0.85)
    offer(open_.removesuffix("情况"), 0.85)
    found = re.search(r"(?:19|20)\d\d", year[0]) if year else None
    return Spelling(whole, tuple(forms.items()), int(found[0]) if found else None)


def _known() -> dict[str, dict[str, tuple[str, ...]]]:
    out: dict[str, dict[str, tuple[str, ...]]] = {}
    for kind, roster in ROSTERS.items():
        known: dict[str, list[str]] = {}
        for field in roster.fields:
            for word in (*field.spellings, field.label, field.label_en):
                for form in {plain(word), _UNIT.sub("", plain(word))}:
                    if field.code not in known.setdefault(form, []):
                        known[form].append(field.code)
        out[kind] = {form: tuple(codes) for form, codes in known.items()}
    return out


KNOWN = _known()  # kind → form → field codes, in the order of the catalogue

# Headers that are known and not wanted: they help to find the header row and are left alone.
_UNWANTED = (
    "序号 编号 号 数据日期 备注 说明 填表人 填报人 审核人 签字 签名 盖章 信息采集人 信息采集人联系电话 婚姻状况 所在学校班级 "
    "是否为寄宿生 账户名 开户行用户名 学籍号 就读学校 所在班级 是否住宿生 监护人姓名 监护人身份证号 首次识别时间 人员识别时间 识别时间 "
    "识别监测时间 风险是否已消除 风险是否消除 消除监测时间 风险消除时间 风险消除方式 监测对象类别 合规自付支出 产业帮扶 就业帮扶 教育帮扶 "
    "健康帮扶 金融帮扶 社会帮扶 综合保障 公益性岗位 务工所在县 务工月收入 开始时间 结束时间 爱心助困帮扶党员 村内职务 残疾类别 残疾等级 "
    "发放类别 发放月份 发放金额 补贴金额 等级 金额 家庭总收入 是否残疾 联系人 帮扶措施 帮扶计划 工作单位 年龄 等次 户主签字 照片 "
    "低保金 养老保险金 生态补偿金 高龄补贴 奖扶金 特扶金 计划生育金 五保金 特困供养金"
)
UNWANTED = frozenset(plain(word) for word in _UNWANTED.split())


def fields_of(text: str, kind: str) -> list[tuple[str, float]]:
    """The fields of a kind that a header may mean, surest first."""
    known = KNOWN[kind]
    out: dict[str, float] = {}
    for form, sure in spelling(text).forms:
        for code in known.get(form, ()):
            out.setdefault(code, sure)
    return sorted(out.items(), key=lambda pair: -pair[1])


def is_header(text: str) -> float:
    """How sure it is that a cell is some roster's header: 1 for a known word, 0 for nothing known."""
    forms = spelling(text).forms
    return max(
        (sure for form, sure in forms if form in UNWANTED or any(form in known for known in KNOWN.values())),
        default=0.0,
    )
