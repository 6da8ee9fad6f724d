"""Personal numbers on their way in: read, checked, refused when wrong or taken; digests follow the number (REG-1)."""

from __future__ import annotations

from typing import Any

from django.db import connection

from shuanglian.areas.models import Area
from shuanglian.core.scoping import unscoped
from shuanglian.core.secrets import digest
from shuanglian.kernel.ids import IdNumber, compact, parse_card, parse_id, parse_phone
from shuanglian.kernel.refusal import Refusal
from shuanglian.kernel.words import N_
from shuanglian.registry.models import Person

ACCOUNT_LENGTHS = range(8, 31)  # passbooks are shorter than cards and have no check digit
LANDLINE = range(7, 13)
PROBLEMS = {
    "placeholder": N_("这是占位号，不是证件号码；没有号码请留空"),
    "damaged": N_("号码被表格软件损坏（末几位变成了 0 或科学计数），请按证件重新填写"),
    "letters": N_("号码里有不该有的字符"),
    "length": N_("证件号码应为 18 位（旧 15 位）；残疾证为 20 或 22 位"),
    "province": N_("号码前两位不是省级代码"),
    "date": N_("号码里的出生日期不存在"),
    "check": N_("校验码不对，请核对是否输错了一位"),
    "disability": N_("残疾证的类别和等级两位不对"),
}


def identity(text: str) -> IdNumber | None:
    """A number that can be relied on, or nothing for an empty field; anything else is refused with the cure."""
    if not (text or "").strip():
        return None
    read = parse_id(text)
    if read.problem == "empty":
        return None
    if read.problem is not None:
        raise Refusal("id_number", PROBLEMS[read.problem])
    return read


def telephone(text: str) -> str:
    """A mobile number or a landline with its area code, figures only; empty stays empty."""
    number = compact(text or "").lstrip("+")
    if not number:
        return ""
    if mobile := parse_phone(text):
        return mobile
    if not (number.isascii() and number.isdecimal() and len(number) in LANDLINE):
        raise Refusal("phone", N_("电话不正确：手机为 11 位，座机为区号加号码"))
    return number


def account_number(text: str) -> str:
    """A bank card or passbook account, figures only; what has a card's length must pass the card's check."""
    number = compact(text or "")
    if not number:
        return ""
    if not (number.isascii() and number.isdecimal() and len(number) in ACCOUNT_LENGTHS):
        raise Refusal("bank_account", N_("银行账号应为 8 至 30 位数字"))
    return parse_card(number) or number


def refuse_twice(number: str, *, but_for: int | None, seen_from: Area | None) -> None:
    """One identity number stands once in the whole register (REG-1). Waits for another clerk entering the same one.

    Whoever holds it in the reader's area is named; elsewhere only the county is told.
    """
    mark = digest(number)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 7412002))", [mark])
    with unscoped():  # the other household may stand in another county
        others = Person.objects.filter(
            id_digest=mark, left_on__isnull=True, household__left_on__isnull=True, household__removed_on__isnull=True
        )
        found = others.exclude(pk=but_for or 0).values_list("household__area_code", "household__number").first()
    if found is None:
        return
    area_code, household_number = found
    if seen_from is not None and area_code.startswith(seen_from.prefix):
        sentence = N_("该证件号码已登记在 {place} 的户 {number}，一人不能在两户")
        raise Refusal("id_twice", sentence, place=_place(area_code), number=household_number)
    sentence = N_("该证件号码已登记在 {place}，不在您的管辖范围，请与对方双联办核实")
    raise Refusal("id_twice_elsewhere", sentence, place=_place(f"{area_code[:6]}000000"))


def _place(code: str) -> str:
    area = Area.objects.current().filter(code=code).select_related("parent").first()
    if area is None:
        return code
    return f"{area.parent.name}{area.name}" if area.level == Area.Level.VILLAGE and area.parent else area.name


def person_numbers(values: dict[str, Any]) -> IdNumber | None:
    """Put the normal forms into a person's values; the identity number as read comes back (birth date, sex)."""
    read = None
    if "id_number" in values:
        read = identity(str(values["id_number"] or ""))
        values["id_number"] = read.resident if read else ""
        if read and read.disability and not values.get("disability_card"):
            values["disability_card"] = read.normal
    if card := str(values.get("disability_card") or "").strip():
        disabled = identity(card)
        if disabled is None or disabled.disability is None:
            raise Refusal("disability_card", PROBLEMS["disability"])
        values["disability_card"] = disabled.normal
    if "phone" in values:
        values["phone"] = telephone(str(values["phone"] or ""))
    return read


def household_numbers(values: dict[str, Any]) -> None:
    """Put the normal forms of telephone and account into a household's values."""
    if "phone" in values:
        values["phone"] = telephone(str(values["phone"] or ""))
    if "bank_account" in values:
        values["bank_account"] = account_number(str(values["bank_account"] or ""))
