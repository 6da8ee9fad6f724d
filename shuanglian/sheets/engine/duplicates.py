"""Possible duplicates: pairs of entries that may be one person, likeliest first. Offered for review, never merged.

Looked for by identity number (equal, one slip away, old form), by name, birth date and village, and by what two
households share (account, phone, address). Everything is a join on blocks; nothing compares everybody with everybody.
"""

import polars as pl

from shuanglian.kernel.words import N_

from .duplicate_folk import Folk, comparable
from .duplicate_pairs import by_name, by_number, by_shared
from .duplicate_scores import LEAST, scored

WHY = {
    "same_id": N_("证件号码相同"),
    "old_id": N_("15 位旧证件号码与 18 位号码是同一个"),
    "wrong_digit": N_("证件号码只差一位"),
    "swapped_digits": N_("证件号码有相邻两位颠倒"),
    "two_wrong": N_("姓名同音，证件号码差两位"),
    "same_name": N_("同村、同名、同一天出生"),
    "homophone": N_("同村、姓名同音、同一天出生"),
    "near_name": N_("同村、姓名只差一个字、同一天出生，且有一人没有有效的证件号码"),
    "same_name_elsewhere": N_("不在一个村，同名、同一天出生"),
    "same_account": N_("两户用同一个银行账号"),
    "same_phone": N_("两户用同一个联系电话"),
    "same_address": N_("两户是同一个住址"),
}


def find(people: pl.DataFrame, least: float = LEAST) -> pl.DataFrame:
    """one, other (keys, in the order of the rows), why (a key of WHY), score (0 to 1); each pair once, likeliest first.

    `people`: key, household, name, id_number (as written, may be empty), birth (Date), sex, area_code (of the village);
    phone, bank_account and address where there are any. Pairs that score below `least` are left out.
    """
    return _told(Folk(comparable(people, 0), cross=False), people["key"], people["key"], least)


def against(people_new: pl.DataFrame, people_known: pl.DataFrame, least: float = LEAST) -> pl.DataFrame:
    """As `find`, but only pairs of a new entry (one) and a known one (other); their keys may be of two kinds."""
    folk = Folk(pl.concat([comparable(people_new, 0), comparable(people_known, 1)]), cross=True)
    return _told(folk, people_new["key"], people_known["key"], least)


def _told(folk: Folk, ones: pl.Series, others: pl.Series, least: float) -> pl.DataFrame:
    """Pairs of row numbers as pairs of keys."""
    found = scored(folk, pl.concat([*by_number(folk), *by_name(folk), *by_shared(folk)]), least)
    offset = ones.len() if folk.cross else 0
    return found.select(
        one=ones.gather(found["i"]), other=others.gather(found["j"] - offset), why="why", score="score"
    )  # fmt: skip
