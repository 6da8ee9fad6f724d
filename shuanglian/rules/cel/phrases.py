"""The words that sentences of conditions are made of, in both languages."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

Both = Mapping[str, str]


def _both(zh: str, en: str) -> Both:
    return {"zh": zh, "en": en}


PHRASES: Mapping[str, Both] = {
    "and": _both("，并且", " and "),
    "or": _both("，或者", " or "),
    "brackets": _both("（{inner}）", "({inner})"),
    "if": _both("如果{when}，则{then}，否则{other}", "if {when}, then {then}, otherwise {other}"),
    "if_value": _both("如果{when}，则为{then}，否则为{other}", "if {when}, then {then}, otherwise {other}"),
    "known": _both("已知{fact}", "{fact} is known"),
    "unknown": _both("不知道{fact}", "{fact} is not known"),
    "always": _both("任何情况下都成立", "in every case"),
    "never": _both("任何情况下都不成立", "in no case"),
    "flag": _both("符合“{label}”", "{label}"),
    "flag_not": _both("不符合“{label}”", "not: {label}"),
    "plain==": _both("{left}为{right}", "{left} is {right}"),
    "plain!=": _both("{left}不为{right}", "{left} is not {right}"),
    "plain<": _both("{left}小于{right}", "{left} is less than {right}"),
    "plain<=": _both("{left}不大于{right}", "{left} is at most {right}"),
    "plain>": _both("{left}大于{right}", "{left} is more than {right}"),
    "plain>=": _both("{left}不小于{right}", "{left} is at least {right}"),
    "day==": _both("{left}为{right}", "{left} is {right}"),
    "day!=": _both("{left}不为{right}", "{left} is not {right}"),
    "day<": _both("{left}早于{right}", "{left} is before {right}"),
    "day<=": _both("{left}不晚于{right}", "{left} is on or before {right}"),
    "day>": _both("{left}晚于{right}", "{left} is after {right}"),
    "day>=": _both("{left}不早于{right}", "{left} is on or after {right}"),
    "one_of": _both("{left}为{items}", "{left} is one of {items}"),
    "not_one_of": _both("{left}不为{items}", "{left} is none of {items}"),
    "includes": _both("{left}包括{right}", "{left} includes {right}"),
    "lacks": _both("{left}不包括{right}", "{left} does not include {right}"),
    "contains": _both("{left}含有{right}", "{left} contains {right}"),
    "contains_not": _both("{left}不含{right}", "{left} does not contain {right}"),
    "startsWith": _both("{left}以{right}开头", "{left} starts with {right}"),
    "startsWith_not": _both("{left}不以{right}开头", "{left} does not start with {right}"),
    "endsWith": _both("{left}以{right}结尾", "{left} ends with {right}"),
    "endsWith_not": _both("{left}不以{right}结尾", "{left} does not end with {right}"),
    "matches": _both("{left}符合格式{right}", "{left} matches {right}"),
    "matches_not": _both("{left}不符合格式{right}", "{left} does not match {right}"),
    "exists": _both("{of}中至少有一{each_of}：{each}", "at least one {of}: {each}"),
    "no_exists": _both("{of}中没有：{each}", "no {of}: {each}"),
    "all": _both("{of}全部：{each}", "every {of}: {each}"),
    "no_all": _both("{of}并非全部：{each}", "not every {of}: {each}"),
    "exists_one": _both("{of}中恰好有一{each_of}：{each}", "exactly one {of}: {each}"),
    "no_exists_one": _both("{of}中并非恰好有一{each_of}：{each}", "not exactly one {of}: {each}"),
    "count==": _both("{of}中恰好有{number}{each_of}：{each}", "exactly {number} {ofs}: {each}"),
    "count!=": _both("{of}中不是{number}{each_of}：{each}", "not {number} {ofs}: {each}"),
    "count<": _both("{of}中不到{number}{each_of}：{each}", "fewer than {number} {ofs}: {each}"),
    "count<=": _both("{of}中至多有{number}{each_of}：{each}", "at most {number} {ofs}: {each}"),
    "count>": _both("{of}中多于{number}{each_of}：{each}", "more than {number} {ofs}: {each}"),
    "count>=": _both("{of}中至少有{number}{each_of}：{each}", "at least {number} {ofs}: {each}"),
    "filtered": _both("符合条件（{each}）的{of}", "{ofs} with ({each})"),
    "mapped": _both("各{of}的{each}", "{each} of each {of}"),
    "size_family": _both("{of}人数", "number of {of}"),
    "size": _both("{of}的个数", "number of {of}"),
    "sum_family": _both("{of}的{each}合计", "total {each} of {ofs}"),
    "min_family": _both("{of}中最小的{each}", "least {each} among {ofs}"),
    "max_family": _both("{of}中最大的{each}", "greatest {each} among {ofs}"),
    "sum": _both("{of}合计", "total of {of}"),
    "min": _both("{of}中最小的", "least of {of}"),
    "max": _both("{of}中最大的", "greatest of {of}"),
    "list": _both("{items}", "{items}"),
    "family": _both("家庭成员", "household members"),
    "person": _both("人", ""),
    "piece": _both("项", ""),
    "who": _both("该成员", "that member"),
    "item": _both("该项", "it"),
    "yes": _both("是", "yes"),
    "no": _both("否", "no"),
    "nothing": _both("空值", "nothing"),
}
ROOTS: Mapping[str, Both] = {"day": _both("当日", "the day")}
NONE = frozenset([("==", 0), ("<", 1), ("<=", 0)])  # numbers that say: nobody
SOME = frozenset([(">", 0), (">=", 1), ("!=", 0)])  # … and: somebody
TESTS = frozenset(["contains", "startsWith", "endsWith", "matches"])
SIGNS = {"+": "+", "-": "−", "*": "×", "/": "÷", "%": "mod"}
PARTS: Mapping[str, Both] = {
    "getFullYear": _both("{of}的年份", "the year of {of}"),
    "getMonth": _both("{of}的月份（从0数起）", "the month of {of} (counted from 0)"),
    "getDate": _both("{of}是几号", "the day of the month of {of}"),
    "getDayOfMonth": _both("{of}是几号（从0数起）", "the day of the month of {of} (counted from 0)"),
    "getDayOfYear": _both("{of}是当年第几天（从0数起）", "the day of the year of {of} (counted from 0)"),
    "getDayOfWeek": _both("{of}是星期几（星期日为0）", "the day of the week of {of} (Sunday is 0)"),
    "getHours": _both("{of}的小时数", "the hours of {of}"),
    "getMinutes": _both("{of}的分钟数", "the minutes of {of}"),
    "getSeconds": _both("{of}的秒数", "the seconds of {of}"),
    "getMilliseconds": _both("{of}的毫秒数", "the milliseconds of {of}"),
}
_LASTING = (
    (timedelta(days=1), _both("{n}天", "{n} days")),
    (timedelta(hours=1), _both("{n}小时", "{n} hours")),
    (timedelta(minutes=1), _both("{n}分钟", "{n} minutes")),
    (timedelta(seconds=1), _both("{n}秒", "{n} seconds")),
)
_DENIED = {"is": "is not", "has": "does not have", "was": "was not", "can": "cannot", "are": "are not"}


def denied(label: str) -> str:
    """An English label that begins with a verb, denied: is not disabled, does not attend school."""
    verb, _, rest = label.partition(" ")
    if verb in _DENIED:
        return f"{_DENIED[verb]} {rest}"
    if not verb.endswith("s") or verb.endswith("ss") or not rest:
        return f"not: {label}"
    stem = verb[:-2] if verb.endswith(("shes", "ches", "sses", "xes")) else verb[:-1]
    return f"does not {stem} {rest}"


def one_of(several: str) -> str:
    """household members → household member, causes of poverty → item of causes of poverty."""
    return "household member" if several == "household members" else f"item of {several}"


def several_of(several: str) -> str:
    return several if several.startswith("household members") else f"items of {several}"


def choice(items: list[str], lang: str) -> str:
    """1、2或3 · 1, 2, 3"""
    if lang == "en":
        return ", ".join(items)
    return "或".join(["、".join(items[:-1]), items[-1]] if len(items) > 1 else items)


def listed(items: list[str], lang: str) -> str:
    return ", ".join(items) if lang == "en" else "、".join(items)


def quoted(text: str, lang: str) -> str:
    return f'"{text}"' if lang == "en" else f"“{text}”"


def with_unit(number: str, unit: str, lang: str) -> str:
    return f"{number} {unit}" if lang == "en" else number + unit


def lasting(span: timedelta, lang: str) -> str:
    """In the largest unit that divides it: 365天, 36 hours."""
    for unit, words in _LASTING:
        if span % unit == timedelta():
            count = str(span // unit)
            return words[lang].format(n=count).removesuffix("s" if count == "1" and lang == "en" else "\0")
    return f"{span.total_seconds()}s"


def day(text: str, lang: str) -> str:
    """2015年9月1日; moments other than a day as they are written."""
    written = text.removesuffix("T00:00:00Z")
    if lang == "en" or len(written) != 10:
        return written
    year, month, of_month = written.split("-")
    return f"{year}年{int(month)}月{int(of_month)}日"
