"""Numbers that stand for people, units, phones and accounts: read, checked, masked (REG-1, GB 11643, GB 32100).

A roster's number may be blank, full-width, 15 digits long, a disability card, or ruined by a spreadsheet.
`parse_id` says which, gives the normal form and what the number itself tells (birth date, sex), or what is wrong.
Only the province prefix of the area code is looked at: counties were renamed and merged, people keep their number.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from typing import Literal

from stdnum import luhn
from stdnum.cn import uscc
from stdnum.exceptions import ValidationError

Kind = Literal["id18", "id15", "disability20", "disability22", "placeholder", "damaged", "unknown"]
Sex = Literal["male", "female"]

PROVINCES = frozenset(
    str(code)
    for first, last in ((11, 15), (21, 23), (31, 37), (41, 46), (50, 54), (61, 65), (71, 71), (81, 82))
    for code in range(first, last + 1)
)
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECKS = "10X98765432"
EARLIEST_YEAR = 1850  # nobody in a register of this century was born before
LATEST_YEAR = 2099

# The patterns are written so that Python and Rust (Polars) read them alike; the columns of sheets use them too.
# Blanks (also the invisible ones), hyphens of every make, and what spreadsheets put in front of text: ' and ="…".
IGNORED = "[\\s\\x1c-\\x1f\\u200b-\\u200f\\u2060\\ufeff\\u00ad\\-\\u2010-\\u2015\\u2212'`\u2018\u2019\"\u201c\u201d=]+"
DAMAGED = r"^(?:[0-9](?:\.[0-9]*)?[Ee]\+?[0-9]{1,3}|[0-9]{16,22}\.0*)$"  # 6.21121E+17, 621121199001010000.0
WHOLE = r"^([0-9]{1,15})\.0+$"  # 622301560815123.0, a number that a program wrote as a fraction without loss
SAME = "|".join(f"{digit}{{15,}}" for digit in "0123456789")
PLACEHOLDER = rf"^(?:999999[0-9X]*|0{{6,}}|{SAME})$"

_ignored = re.compile(IGNORED)
_damaged = re.compile(DAMAGED)
_whole = re.compile(WHOLE)
_placeholder = re.compile(PLACEHOLDER)
_digits = re.compile(r"[0-9]+X?")
_phone = re.compile(r"1[3-9][0-9]{9}")


@dataclass(frozen=True)
class IdNumber:
    """What a cell in an ID column says. `problem` is None exactly when the number can be relied on.

    `normal` is the number as it is kept: 18 characters for id18 and id15 (completed), 20 or 22 for disability cards.
    """

    text: str
    kind: Kind
    normal: str
    birth: date | None = None
    sex: Sex | None = None
    problem: str | None = None

    @property
    def resident(self) -> str:
        """The 18 characters that stand for the person, whichever card carried them; empty when unreliable."""
        return self.normal[:18] if self.problem is None else ""

    @property
    def disability(self) -> tuple[int, int] | None:
        """Type (1 to 7) and grade (1 to 4) on a disability card."""
        if self.problem is None and self.kind in ("disability20", "disability22"):
            return int(self.normal[18]), int(self.normal[19])
        return None


def parse_id(text: str | None) -> IdNumber:
    """Read an identity number; never raises. Problems: empty, placeholder, damaged, letters, length, province, date,
    check, disability."""
    shown = "" if text is None else str(text)
    number = compact(shown)
    if not number:
        return IdNumber(shown, "unknown", "", problem="empty")
    if _placeholder.match(number):
        return IdNumber(shown, "placeholder", number, problem="placeholder")
    if _damaged.match(number):
        return IdNumber(shown, "damaged", number, problem="damaged")
    kind = _kind(number)
    if kind == "unknown":
        return IdNumber(shown, kind, number, problem="length" if _digits.fullmatch(number) else "letters")
    normal = _completed(number) if kind == "id15" else number
    problem = _problem(normal, kind)
    if problem in ("check", "date") and number.endswith("000") and len(number) == 18:
        return IdNumber(shown, "damaged", number, problem="damaged")  # a spreadsheet keeps 15 digits, then zeros
    if problem:
        return IdNumber(shown, kind, number, problem=problem)
    return IdNumber(shown, kind, normal, birth=_birth(normal), sex=_sex(normal))


def compact(text: str) -> str:
    """Full-width to ASCII, blanks, hyphens, quotation marks and an apostrophe in front removed, x to X."""
    number = _ignored.sub("", unicodedata.normalize("NFKC", text)).replace("x", "X")
    return _whole.sub(r"\1", number)


def check_digit(first17: str) -> str:
    """The 18th character of a resident number (GB 11643): weighted sum modulo 11."""
    return CHECKS[sum(int(d) * w for d, w in zip(first17, WEIGHTS, strict=True)) % 11]


def parse_phone(text: str | None) -> str | None:
    """A mobile number as 11 digits, with blanks, hyphens and +86 taken off; None when it is none."""
    number = re.sub(r"[()]", "", compact(text or ""))
    number = re.sub(r"^(?:\+|00)?86(?=1[3-9])", "", number)
    return number if _phone.fullmatch(number) else None


def parse_card(text: str | None) -> str | None:
    """A bank card that satisfies Luhn's check, 15 to 19 digits; None for anything else, also for passbook accounts."""
    number = compact(text or "")
    return number if re.fullmatch(r"[0-9]{15,19}", number) and luhn.is_valid(number) else None


def parse_uscc(text: str | None) -> str | None:
    """A unified social credit code (GB 32100), 18 characters; None when form or check character is wrong."""
    try:
        return str(uscc.validate(compact(text or "")))
    except ValidationError:
        return None


def mask_id(number: str) -> str:
    """6211**********1234: the first four and last four characters, or only stars when it is short."""
    return number[:4] + "*" * (len(number) - 8) + number[-4:] if len(number) > 8 else "*" * len(number)


def mask_phone(number: str) -> str:
    """138****1234; a landline or anything else keeps its last four figures, if it is long enough."""
    if len(number) < 7:
        return "*" * len(number)
    kept = 3 if len(number) >= 11 else 0
    return number[:kept] + "*" * (len(number) - kept - 4) + number[-4:]


def mask_card(number: str) -> str:
    """6217***********1234."""
    return mask_id(number)


def mask_name(name: str) -> str:
    """李**: the first character and a star for each other one; a one-character name is hidden."""
    return name[:1] + "*" * (len(name) - 1) if len(name) > 1 else "*" * len(name)


def _kind(number: str) -> Kind:
    if re.fullmatch(r"[0-9]{17}[0-9X]", number):
        return "id18"
    if re.fullmatch(r"[0-9]{15}", number):
        return "id15"
    if re.fullmatch(r"[0-9]{17}[0-9X][0-9]{2}", number):
        return "disability20"
    if re.fullmatch(r"[0-9]{17}[0-9X][0-9]{2}[0-9B][0-9]", number):
        return "disability22"
    return "unknown"


def _completed(number: str) -> str:
    first17 = number[:6] + "19" + number[6:]
    return first17 + check_digit(first17)


def _problem(normal: str, kind: Kind) -> str | None:
    if normal[:2] not in PROVINCES:
        return "province"
    if _birth(normal) is None:
        return "date"
    if check_digit(normal[:17]) != normal[17]:
        return "check"
    if kind.startswith("disability") and not re.match(r"[1-7][1-4]", normal[18:]):
        return "disability"
    return None


def _birth(normal: str) -> date | None:
    year, month, day = int(normal[6:10]), int(normal[10:12]), int(normal[12:14])
    if not EARLIEST_YEAR <= year <= LATEST_YEAR:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _sex(normal: str) -> Sex:
    return "male" if int(normal[16]) % 2 else "female"
