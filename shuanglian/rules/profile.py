"""The programme profile: every number, list, quota and weight of a programme, typed, cited and dated.

    profile = load("tongwei_2015")            a built-in name, or the path of a folder
    then = profile.on(date(2015, 7, 1))       the same, with only what is in force that day

On a profile before `on`, each code stands with its latest entry; `history("ranks")` gives all entries of a list.

    .name  .year  .area_code  .language  .languages  .title(lang)  .programme(lang)  .regions
    .levels       code → Level        order, digits of the 12-digit code, office            ORG-1
    .ranks        code → Rank         quota, minimum, weakness, label, spellings            PAIR-2
    .fallback     code → Fallback     posts that take what remains, slots                   PAIR-2
    .occupations  code → Occupation   takes households or not   (.exempt_occupations: codes that do not)  PAIR-3
    .statuses     code → Status       at work, leave, retired, transferred: takes or not
    .unit_kinds  .tiers  .sizes       strength of units (rules.quotas.unit_strength)        PAIR-4, PAIR-5
    .trades  .trade_cause_mismatch(trade, cause) → 0..3   .guess_trade(unit name)           PAIR-5
    .causes       code → Cause        .tags   code → Tag                                    REG-2, ORG-7
    .codes        name → CodeList     by_code, label(code, lang), choices(lang), find(text), find_all(text),
                  means_nothing(text)
                  lists of the register by name (relation, sex, health …), and, made of the lists above,
                  cause, rank, occupation, status, unit_kind, tier, trade, tag, level, fallback
    .roles        code → Role         may (set of permissions), bound_to (area, unit, cadre), levels
    .permissions  code → Permission   label, changes, personal
    .pairing      .weights (code → Weight), .weight(code) → int, .coverage, .household_need, .village_need, .bands,
                  .leaders                                                                  PAIR-1, 5, 6, 7
    .roster       .limits (code → Limit), .checks (code → Check), .set_aside, .check_of(no), .exceptions
    .quality      code → Rule: the checks that the register can be asked (rules.quality)    REG-7, REP-2
    .exits        .standards, .of(level), .targets (year → villages, people), .lists: exit (rules.exits)    IDX-2, IDX-3
    .ledger       columns in order                                                          REG-8
    .lines(year)  the poverty Line of a year: yuan, concept
    .benefits     code → Benefit      conditions, amounts, terms of all days: .in_force(day)    BEN-1 to BEN-8
    .procedures   code → Procedure    steps of entry, exit, correction …; of a day: its steps       REG-4, REG-5
    .benefit_kinds  .departments  .funds   code → Kind, Department, Fund: what benefits refer to
    .lookback     .kinds, .methods, .findings, .evidence, .verdicts, .questions, .doubts, .rechecks, .rates   REG-6
    .fieldwork    .tasks, .met, .goods, .topics, .asks, .posts, .channels, .prohibitions, .drive, .limit(code)  FIELD-1
    .phone        .fields (code → PhoneField), .limit(code): what a phone may change, sizes            FIELD-1
    .protection   code → Protection   how few households a published group may have
    .statistics   code → Statistic    the standard tables of the register, in their order
    .account_parts code → AccountPart what the channels of the income account are made of
    .notices      .kinds, .fields (code → NoticeKind, NoticeField), .terms, .never          REG-4, FUND-6
    .duties       code → Duty (rules.duties)   .landed  .reminding                            FIELD-2, FIELD-4
    .scrutiny     .signs, .scoring, .verdicts, .call_back, .flags(points): visits hard to believe        FIELD-6
    .plans        .measures, .targets, .seasons, .lands, .work, .owners, .terms: household plans    PLAN-3
    .complaints   .kinds, .offices, .words, .outcomes, .consequences, .terms: safe letters            VOICE-6, FIELD-6
    .grievances   .ladder, .categories, .nevers, .terms: demands and how they climb              VOICE-1, VOICE-2, BEN-7
    .policywatch  .kinds, .causes, .fates, .owners, .terms: policies watched from below         VOICE-4
    .disputes     .kinds, .rungs, .ends, .terms: disputes and their mediation                    VOICE-5
    .working_days WorkingDays of the country and of this place (rules.working_days)
    .villages     .industries, .works, .indicators, .checks, .terms: village plans              PLAN-2, PLAN-6
    .forms        code → FormShape    what a step of a procedure prints for signature               REG-4, REG-5
    .documents    code → Document     .rules   rule id → title: what citations mean
"""

from collections.abc import Mapping
from datetime import date
from functools import cache, cached_property, lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from shuanglian.kernel.refusal import Refusal
from shuanglian.kernel.words import N_

from . import duty_shapes, form_shapes, notice_shapes
from . import lookback_shapes as lookback
from . import profile_shapes as shapes
from . import profile_weights as weights
from .account_shapes import AccountPart
from .code_list import CodeList
from .complaint_shapes import Complaints
from .dispute_shapes import Disputes
from .exit_sets import Exits
from .fieldwork_shapes import Fieldwork
from .grievances import Grievances
from .phone_shapes import Phone
from .policywatch_shapes import PolicyWatch
from .profile_codes import code_lists
from .profile_faults import Fault, ProfileErrors, ProfileUnreadable
from .profile_load import BUILT_IN, Entries, built_in, folder_of, read_entries
from .scrutiny_shapes import Scrutiny
from .statistics_shapes import Statistic
from .village_sums import Villages
from .working_days import WorkingDays


class Pairing:
    """What pairing reads: weights of the objective, coverage, rules of need, bands, leaders."""

    __slots__ = ("bands", "coverage", "household_need", "leaders", "village_need", "weights")

    def __init__(self, stand: "Any") -> None:
        self.weights: Mapping[str, weights.Weight] = stand("weights")
        self.coverage: Mapping[str, weights.Coverage] = stand("coverage")
        self.bands: Mapping[str, weights.Bands] = stand("bands")
        self.leaders: Mapping[str, weights.Leaders] = stand("leaders")
        self.household_need: tuple[weights.HouseholdNeed, ...] = tuple(stand("household_need").values())
        self.village_need: tuple[weights.VillageNeed, ...] = tuple(stand("village_need").values())

    def weight(self, code: str) -> int:
        """The default of one weight, whole units of cost."""
        return self.weights[code].value

    def of_step(self, step: str) -> dict[str, weights.Weight]:
        """The weights of one step, "units" or "households", in the order of the file."""
        return {code: weight for code, weight in self.weights.items() if weight.step == step}


class Roster:
    """What rosters are checked against: plausible limits, rules that apply, rules that do not and why."""

    __slots__ = ("checks", "exceptions", "limits", "set_aside")

    def __init__(self, stand: "Any") -> None:
        self.limits: Mapping[str, weights.Limit] = stand("limits")
        self.checks: Mapping[str, weights.Check] = stand("checks")
        self.set_aside: Mapping[str, weights.SetAside] = stand("set_aside")
        self.exceptions: weights.ExceptionTerms | None = next(iter(stand("exceptions").values()), None)

    def check_of(self, no: int) -> tuple[weights.Check, ...]:
        """The checks that stand for one number of quality_rules_cn.csv."""
        return tuple(check for check in self.checks.values() if no in check.nos)


class Notices:
    """What public notices read: their kinds, the fields a row may show, how objections are taken, words never shown."""

    __slots__ = ("fields", "kinds", "never", "terms")

    def __init__(self, stand: "Any") -> None:
        self.kinds: Mapping[str, notice_shapes.NoticeKind] = stand("notice_kinds")
        self.fields: Mapping[str, notice_shapes.NoticeField] = stand("notice_fields")
        self.terms: notice_shapes.ObjectionTerms | None = next(iter(stand("objections").values()), None)
        self.never: tuple[notice_shapes.NeverWords, ...] = tuple(stand("never").values())


class Lookback:
    """What look-back campaigns read (REG-6): kinds, methods, findings, evidence, questions, doubts, draws, rates."""

    __slots__ = ("doubts", "evidence", "findings", "kinds", "methods", "questions", "rates", "rechecks", "verdicts")

    def __init__(self, stand: "Any") -> None:
        self.kinds: Mapping[str, lookback.Campaign] = stand("lookback")
        self.methods: Mapping[str, lookback.Method] = stand("visit_methods")
        self.findings: Mapping[str, lookback.Result] = stand("visit_findings")
        self.evidence: Mapping[str, lookback.Evidence] = stand("visit_evidence")
        self.verdicts: Mapping[str, lookback.Verdict] = stand("visit_verdicts")
        self.questions: Mapping[str, lookback.Question] = stand("visit_questions")
        self.doubts: Mapping[str, lookback.Doubt] = stand("visit_doubts")
        self.rechecks: Mapping[str, lookback.Recheck] = stand("recheck_levels")
        self.rates: Mapping[str, lookback.RateLimit] = stand("rate_limits")


class Profile:
    """One programme profile, over all days or (after `on`) as it stands on a day. Read only, compared by identity."""

    def __init__(self, entries: Entries, day: date | None = None) -> None:
        self._entries, self.day = entries, day
        self.name, self.folder = entries.name, entries.folder
        head = entries.head
        self.year, self.area_code = head.year, head.area_code
        self.language, self.languages = head.language, head.languages
        self.documents, self.rules = MappingProxyType(entries.documents), MappingProxyType(entries.rules)
        self.regions: Mapping[str, shapes.RegionTable] = self._stand("regions")
        self.levels: Mapping[str, shapes.Level] = self._stand("levels")
        self.ranks: Mapping[str, shapes.Rank] = self._stand("ranks")
        self.fallback: Mapping[str, shapes.Fallback] = self._stand("fallback")
        self.occupations: Mapping[str, shapes.Occupation] = self._stand("occupations")
        self.statuses: Mapping[str, shapes.Status] = self._stand("statuses")
        self.unit_kinds: Mapping[str, shapes.UnitKind] = self._stand("unit_kinds")
        self.tiers: Mapping[str, shapes.Tier] = self._stand("tiers")
        self.sizes: tuple[shapes.Size, ...] = _by_size(self._stand("sizes"))
        self.trades: Mapping[str, shapes.Trade] = self._stand("trades")
        self.causes: Mapping[str, shapes.Cause] = self._stand("causes")
        self.tags: Mapping[str, shapes.Tag] = self._stand("tags")
        self.permissions: Mapping[str, shapes.Permission] = self._stand("permissions")
        self.roles: Mapping[str, shapes.Role] = self._stand("roles")
        self.benefits = MappingProxyType(entries.benefits)
        self.procedures = MappingProxyType(_procedures(entries, day))
        self.benefit_kinds: Mapping[str, shapes.BenefitKind] = self._stand("kinds")
        self.departments: Mapping[str, shapes.Department] = self._stand("departments")
        self.funds: Mapping[str, shapes.Fund] = self._stand("funds")
        self.protection: Mapping[str, shapes.Protection] = self._stand("protection")
        self.statistics: Mapping[str, Statistic] = MappingProxyType(
            dict(sorted(self._stand("statistics").items(), key=lambda told: told[1].order))
        )
        self.account_parts: Mapping[str, AccountPart] = self._stand("account_parts")
        self.pairing, self.roster = Pairing(self._stand), Roster(self._stand)
        self.notices = Notices(self._stand)
        self.forms: Mapping[str, form_shapes.FormShape] = self._stand("forms")
        self.lookback = Lookback(self._stand)
        self.fieldwork = Fieldwork(self._stand)
        self.phone = Phone(self._stand)
        self.complaints = Complaints(self._stand)
        self.quality: Mapping[str, Any] = MappingProxyType(
            {code: entries.quality[id(one)] for code, one in self.roster.checks.items() if id(one) in entries.quality}
        )
        read = {id(one): entries.standards[id(one)] for one in self._stand("standards").values()}
        self.duties: Mapping[str, Any] = _in_order(
            {code: entries.duties[id(one)] for code, one in self._stand("duties").items()}
        )
        self.landed: Mapping[str, duty_shapes.Landed] = self._stand("landed")
        self.reminding: duty_shapes.Reminding | None = next(iter(self._stand("reminding").values()), None)
        self.scrutiny = Scrutiny(
            (entries.signs[id(one)] for one in self._stand("signs").values()), self._stand("scrutiny").values(),
            self._stand("verdicts").values(), self._stand("call_backs").values(),
        )  # fmt: skip
        self.exits = Exits(read.values(), self._stand("targets").values(), self._stand("department_lists").values())
        self.plans = _plans(self._stand, entries)
        self.villages = Villages(
            _ordered(self._stand("industries")), _ordered(self._stand("village_works")),
            _ordered(self._stand("village_indicators")), _ordered(self._stand("village_checks")),
            next(iter(self._stand("village_terms").values()), None),
        )  # fmt: skip
        self.grievances = _grievances(self._stand, entries)
        self.policywatch, self.disputes = PolicyWatch(self._stand), Disputes(self._stand)
        self.ledger: tuple[weights.Column, ...] = tuple(
            sorted(self._stand("columns").values(), key=lambda column: column.order)
        )
        self.codes: Mapping[str, CodeList] = MappingProxyType(code_lists(self._stand, self.day))
        self.exempt_occupations = frozenset(code for code, one in self.occupations.items() if not one.takes)

    def __repr__(self) -> str:
        return f"<Profile {self.name}{f' on {self.day}' if self.day else ''}>"

    def _stand(self, key: str) -> Mapping[str, Any]:
        """code → entry: the one in force on the day, or the latest when no day is set; in the order of the file."""
        entries = [one for one in self._entries.lists[key] if self.day is None or one.stands_on(self.day)]
        latest: dict[str, Any] = {}
        for one in sorted(entries, key=lambda one: one.since):
            latest[one.code] = one
        return MappingProxyType({code: latest[code] for code in dict.fromkeys(one.code for one in entries)})

    def on(self, day: date) -> "Profile":
        """The profile with only what is in force on a day, both ends of every stretch in."""
        return _on(self._entries, day)

    def still_so(self) -> bool:
        """Whether the files that were read still stand as they were."""
        return self._entries.still_so()

    def history(self, key: str) -> tuple[Any, ...]:
        """Every entry of a list over all days: history("ranks"), history("lines")."""
        return self._entries.lists[key]

    def title(self, lang: str = "zh") -> str:
        return self._entries.head.title.in_(lang)

    def programme(self, lang: str = "zh") -> str:
        """The name of the programme itself."""
        return self._entries.head.programme.in_(lang)

    def trade_cause_mismatch(self, trade: str | None, cause: str | None) -> int:
        """How badly a trade fits a cause, 0 (fits) to 3 (PAIR-5); a trade that is not known fits as an ordinary one."""
        if trade is None or trade not in self.trades:
            return max(one.otherwise for one in self.trades.values())
        return self.trades[trade].mismatch.get(cause or "", self.trades[trade].otherwise)

    def guess_trade(self, unit_name: str) -> str | None:
        """The trade whose longest keyword stands in a unit's name; None when none does."""
        found = [(len(word), code) for code, one in self.trades.items() for word in one.keywords if word in unit_name]
        return max(found, key=lambda pair: pair[0])[1] if found else None

    @cached_property
    def working_days(self) -> WorkingDays:
        """The days on which offices are open; a profile that names no country counts Monday to Friday."""
        told = next(iter(self._stand("calendars").values()), None)
        own = self._stand("calendar_days").values()
        return WorkingDays(
            told.country if told else "", [one.day for one in own if not one.works],
            [one.day for one in own if one.works],
        )  # fmt: skip

    def lines(self, year: int) -> shapes.Line:
        """The poverty line of a year, else the latest earlier one; a Refusal before the first."""
        known = [line for line in self._entries.lists["lines"] if line.year <= year]
        if not known:
            raise Refusal("no_poverty_line", N_("方案里没有 {year} 年及以前的贫困线"), year=year)
        return max(known, key=lambda line: line.year)


def _by_size(sizes: Mapping[str, shapes.Size]) -> tuple[shapes.Size, ...]:
    return tuple(sorted(sizes.values(), key=lambda size: (size.up_to is None, size.up_to or 0)))


def _plans(stand: Any, entries: Entries) -> Any:
    """Household plans as they stand: the language of conditions is only brought where there are measures."""
    from .catalogue import Plans

    measures = {code: entries.measures[id(one)] for code, one in stand("measures").items()}
    ordered = dict(sorted(measures.items(), key=lambda told: told[1].shape.order))
    seasons = dict(sorted(stand("plan_seasons").items(), key=lambda told: told[1].order))
    owners = dict(sorted(stand("plan_owners").items(), key=lambda told: told[1].order))
    terms = next(iter(stand("plan_terms").values()), None)
    return Plans(ordered, tuple(stand("plan_targets").values()), seasons, stand("plan_lands"),
                 tuple(stand("plan_work").values()), owners, terms)  # fmt: skip


def _grievances(stand: Any, entries: Entries) -> Grievances:
    """The ladder as it stands: the language of conditions is only brought where there is one."""
    from .ladder import Ladder

    rungs = sorted((entries.rungs[id(one)] for one in stand("rungs").values()), key=lambda one: one.shape.order)
    grounds = sorted((entries.urgencies[id(one)] for one in stand("urgencies").values()),
                     key=lambda one: one.shape.order)  # fmt: skip
    return Grievances(Ladder(tuple(rungs), tuple(grounds)), _ordered(stand("demand_categories")),
                      _ordered(stand("nevers")), stand("demand_terms").values())  # fmt: skip


def _procedures(entries: Entries, day: date | None) -> dict[str, Any]:
    if day is None:
        return dict(entries.procedures)
    return {code: one.on(day) for code, one in entries.procedures.items() if one.stands_on(day)}


@lru_cache(maxsize=64)
def _on(entries: Entries, day: date) -> Profile:
    return Profile(entries, day)


@cache
def _built_in(name: str) -> Profile:
    return Profile(read_entries(name))


_from_folders: dict[Path, Profile] = {}


def load(path_or_name: str | Path) -> Profile:
    """A profile by built-in name or from a folder; read once, a folder again when one of its files has changed.

    ProfileErrors when it has faults; ProfileUnreadable when there is none.
    """
    if isinstance(path_or_name, str) and path_or_name in built_in():
        return _built_in(path_or_name)
    folder = folder_of(path_or_name).resolve()
    known = _from_folders.get(folder)
    if known is None or not known.still_so():
        _from_folders.pop(folder, None)
        known = _from_folders[folder] = Profile(read_entries(folder))
    return known


__all__ = ["BUILT_IN", "CodeList", "Fault", "Profile", "ProfileErrors", "ProfileUnreadable", "built_in", "folder_of",
           "load"]  # fmt: skip


def _ordered(found: Mapping[str, Any]) -> Mapping[str, Any]:
    return MappingProxyType(dict(sorted(found.items(), key=lambda told: told[1].order)))


def _in_order(found: dict[str, Any]) -> Mapping[str, Any]:
    """Entries ready for use, in the order that the profile gives them."""
    return MappingProxyType(dict(sorted(found.items(), key=lambda told: told[1].shape.order)))
