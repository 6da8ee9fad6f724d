"""The income account of a household and a year: four channels with their parts, costs, per head; last year; warnings.

What is shown is worked out from the yearly record, the parts declared and what payrolls prove (PLAN-4, FUND-5). What
does not fit is told by those checks of the profile that are marked `account`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from shuanglian.core.profile import active, language
from shuanglian.rules.account_shapes import AccountPart as Part
from shuanglian.rules.facts.build import build
from shuanglian.rules.profile import Profile
from shuanglian.rules.profile_shapes import Line as PovertyLine
from shuanglian.rules.quality import complaints
from shuanglian.rules.quality_shapes import Check

from . import raw
from .fields import names
from .models import AccountPart, Household, HouseholdYear, Transfer

CHANNELS = ("income_wage", "income_operating", "operating_cost", "income_property", "income_transfer")
NOTHING = Decimal(0)


@dataclass(frozen=True)
class Line:
    """One line of the account: this year, last year; `kind` channel, cost, part, proof or result."""

    label: str
    kind: str
    now: Decimal | None
    before: Decimal | None

    @property
    def change(self) -> Decimal | None:
        return None if self.now is None or self.before is None else self.now - self.before

    @property
    def share(self) -> Decimal | None:
        """The change over last year's amount."""
        return self.change / self.before if self.change is not None and self.before and self.before > 0 else None


@dataclass(frozen=True)
class Year:
    """What is known of one year: the record, the parts declared, what payrolls prove by provision."""

    record: HouseholdYear | None
    parts: Mapping[str, Decimal] = field(default_factory=dict)
    paid: Mapping[str, Decimal] = field(default_factory=dict)

    def amount(self, name: str) -> Decimal | None:
        return getattr(self.record, name) if self.record else None

    def declared(self, channel: str) -> Decimal | None:
        """What was declared of a channel: of transfers not what payrolls prove beyond it."""
        if self.record and channel == "income_transfer" and self.record.transfer_paid is not None:
            return self.record.transfer_declared
        return self.amount(channel)

    def of_part(self, part: Part, profile: Profile) -> Decimal | None:
        """What was declared of a part; the rest of a channel is what its other parts leave.

        Parts that add up to more than the channel have been overtaken (an import or the year's form wrote the channel
        anew): then they are not what it is made of, and everything is the rest.
        """
        whole = self.declared(part.channel)
        told = {one.code: self.parts[one.code] for one in parts_of(part.channel, profile)
                if one.code in self.parts and not one.rest}  # fmt: skip
        has_rest = any(one.rest for one in parts_of(part.channel, profile))
        left = None if whole is None else whole - sum(told.values(), NOTHING)
        if has_rest and left is not None and left < 0 <= (whole or NOTHING):
            return whole if part.rest else None
        return left if part.rest else told.get(part.code)


def years_of(household: Household, years: Iterable[int]) -> dict[int, Year]:
    """What is known of some years of one household: three queries, however many."""
    wanted = list(years)
    found = {"household": household, "year__in": wanted}
    records = {row.year: row for row in HouseholdYear.objects.filter(**found)}
    parts: dict[int, dict[str, Decimal]] = {}
    for row in AccountPart.objects.filter(**found):
        parts.setdefault(row.year, {})[row.part] = row.yuan
    paid: dict[int, dict[str, Decimal]] = {}
    for transfer in Transfer.objects.filter(**found):
        paid.setdefault(transfer.year, {})[transfer.source] = transfer.yuan
    return {year: Year(records.get(year), parts.get(year, {}), paid.get(year, {})) for year in wanted}


def parts_of(channel: str, profile: Profile) -> list[Part]:
    return sorted((one for one in profile.account_parts.values() if one.channel == channel), key=lambda one: one.order)


def lines(now: Year, before: Year, profile: Profile) -> list[Line]:
    """The account from the four channels to the income per head (PLAN-4; domain 2.2)."""
    told: list[Line] = []
    for channel in CHANNELS:
        kind = "cost" if channel == "operating_cost" else "channel"
        told.append(Line(names(HouseholdYear, channel), kind, now.amount(channel), before.amount(channel)))
        parts = parts_of(channel, profile)
        if len(parts) > 1:
            told += [Line(part.label.in_(language()), "part", now.of_part(part, profile), before.of_part(part, profile))
                     for part in parts]  # fmt: skip
        if channel == "income_transfer":
            told += _proofs(now, before, profile)
    told += [Line(names(HouseholdYear, name), "result", now.amount(name), before.amount(name))
             for name in ("net_income", "income_per_head")]  # fmt: skip
    return [line for line in told if line.kind != "part" or line.now or line.before]


def _proofs(now: Year, before: Year, profile: Profile) -> list[Line]:
    """What payrolls prove of transfers, provision by provision."""
    sources = sorted({*now.paid, *before.paid})
    return [Line(_("名册：{source}").format(source=_provision(code, profile)), "proof", now.paid.get(code),
                 before.paid.get(code)) for code in sources]  # fmt: skip


def _provision(code: str, profile: Profile) -> str:
    known = profile.benefits.get(code)
    return known.title.in_(language()) if known else code


def line_of(year: int, profile: Profile) -> PovertyLine:
    """The poverty line that a year's income per head is held against; which income it counts stands with it (IDX-2)."""
    return profile.lines(year)


def starts(year: Year, last: Year, profile: Profile) -> dict[str, tuple[Decimal | None, str]]:
    """What the form begins with, part by part, and from where: "kept", "paid" (payrolls) or "last" (last year)."""
    found: dict[str, tuple[Decimal | None, str]] = {}
    proved = proved_parts(year.paid, profile)
    for part in profile.account_parts.values():
        if year.record is not None:
            found[part.code] = (year.of_part(part, profile), "kept")
        elif part.code in proved:
            found[part.code] = (proved[part.code], "paid")
        else:
            found[part.code] = (last.of_part(part, profile), "last")
    return found


def proved_parts(paid: Mapping[str, Decimal], profile: Profile) -> dict[str, Decimal]:
    """What payrolls prove of each part; a provision that no part names proves the rest of transfer income."""
    owner = {code: part.code for part in profile.account_parts.values() for code in part.provisions}
    rest = next((part.code for part in parts_of("income_transfer", profile) if part.rest), "")
    proved: dict[str, Decimal] = {}
    for source, yuan in paid.items():
        code = owner.get(source, rest)
        proved[code] = proved.get(code, NOTHING) + yuan
    return proved


@dataclass(frozen=True)
class Warning:
    """A check that complains about the account; of a member, whose."""

    check: Check
    person: int | None

    @property
    def label(self) -> str:
        return self.check.label.in_(language())


def warnings(household: Household, year: int) -> list[Warning]:
    """What does not fit in a year: the checks of the profile marked `account`, on the facts of its last day."""
    on = date(year, 12, 31)
    families = build(raw.of_households([household.pk], on), on, active())
    asked = [rule for rule in active().quality.values() if rule.check.account]
    return [Warning(complaint.rule.check, complaint.person) for _pk, members, facts in families.each()
            for complaint in complaints(asked, members, facts)]  # fmt: skip


def latest_year(household: Household) -> int | None:
    return HouseholdYear.objects.filter(household=household).order_by("-year").values_list("year", flat=True).first()


def known_years(household: Household) -> list[int]:
    """Years with an account, the latest first."""
    return list(HouseholdYear.objects.filter(household=household).order_by("-year").values_list("year", flat=True))


def totals(parts: Mapping[str, Decimal | None], profile: Profile) -> dict[str, Any]:
    """The channels' amounts from their parts; a channel without any part told is not told."""
    found: dict[str, Any] = {}
    for channel in CHANNELS:
        told = [value for one in parts_of(channel, profile) if (value := parts.get(one.code)) is not None]
        found[channel] = sum(told, NOTHING) if told else None
    return found
