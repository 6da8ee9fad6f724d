"""The files of a profile, the lists of entries each holds, and the shape of their entries."""

from __future__ import annotations

from . import catalogue_shapes as plans
from . import duty_shapes, exit_shapes, form_shapes, scrutiny_shapes
from . import lookback_shapes as lookback
from . import notice_shapes as notices
from . import profile_shapes as shapes
from . import profile_weights as weights
from .account_shapes import AccountPart
from .complaint_shapes import LISTS as COMPLAINTS
from .dispute_shapes import LISTS as DISPUTES
from .fieldwork_shapes import LISTS as FIELDWORK
from .ladder_shapes import LISTS as LADDER
from .phone_shapes import LISTS as PHONE
from .policywatch_shapes import LISTS as POLICYWATCH
from .profile_shapes import Shape
from .statistics_shapes import Statistic
from .village_shapes import LISTS as VILLAGES

# Every file of a profile and the lists of entries it holds.
FILES: dict[str, dict[str, type[Shape]]] = {
    "profile.toml": {"regions": shapes.RegionTable},
    "levels.toml": {"levels": shapes.Level},
    "ranks.toml": {"ranks": shapes.Rank, "fallback": shapes.Fallback},
    "exemptions.toml": {"occupations": shapes.Occupation, "statuses": shapes.Status},
    "unit_kinds.toml": {"unit_kinds": shapes.UnitKind, "tiers": shapes.Tier, "sizes": shapes.Size},
    "trades.toml": {"trades": shapes.Trade},
    "causes.toml": {"causes": shapes.Cause},
    "codes.toml": {"lists": shapes.CodeTable},
    "tags.toml": {"tags": shapes.Tag},
    "roles.toml": {"permissions": shapes.Permission, "roles": shapes.Role},
    "pairing.toml": {
        "weights": weights.Weight,
        "coverage": weights.Coverage,
        "household_need": weights.HouseholdNeed,
        "village_need": weights.VillageNeed,
        "bands": weights.Bands,
        "leaders": weights.Leaders,
    },
    "roster.toml": {
        "limits": weights.Limit,
        "checks": weights.Check,
        "set_aside": weights.SetAside,
        "exceptions": weights.ExceptionTerms,
    },
    "ledger.toml": {"columns": weights.Column},
    "lines.toml": {"lines": shapes.Line},
    "benefits.toml": {
        "kinds": shapes.BenefitKind,
        "departments": shapes.Department,
        "funds": shapes.Fund,
        "protection": shapes.Protection,
    },
    "notices.toml": {
        "notice_kinds": notices.NoticeKind,
        "notice_fields": notices.NoticeField,
        "objections": notices.ObjectionTerms,
        "never": notices.NeverWords,
    },
    "lookback.toml": {
        "lookback": lookback.Campaign,
        "visit_methods": lookback.Method,
        "visit_findings": lookback.Result,
        "visit_evidence": lookback.Evidence,
        "visit_verdicts": lookback.Verdict,
        "visit_questions": lookback.Question,
        "visit_doubts": lookback.Doubt,
        "recheck_levels": lookback.Recheck,
        "rate_limits": lookback.RateLimit,
    },
    "statistics.toml": {"statistics": Statistic},
    "account.toml": {"account_parts": AccountPart},
    "forms.toml": {"forms": form_shapes.FormShape},
    "exits.toml": {
        "standards": exit_shapes.StandardShape,
        "targets": exit_shapes.ExitTarget,
        "department_lists": exit_shapes.DepartmentList,
    },
    "measures.toml": {
        "plan_targets": plans.PlanTarget,
        "plan_seasons": plans.Season,
        "plan_lands": plans.Land,
        "plan_work": plans.StandingWork,
        "plan_terms": plans.PlanTerms,
        "plan_owners": plans.PlanOwner,
        "measures": plans.MeasureShape,
    },
    "scrutiny.toml": {
        "signs": scrutiny_shapes.SignShape,
        "scrutiny": scrutiny_shapes.Scoring,
        "verdicts": scrutiny_shapes.VerdictShape,
        "call_backs": scrutiny_shapes.CallBack,
    },
    "duties.toml": {
        "duties": duty_shapes.DutyShape,
        "landed": duty_shapes.Landed,
        "reminding": duty_shapes.Reminding,
    },
    "documents.toml": {"documents": shapes.Document},
    "fieldwork.toml": {**FIELDWORK},
    "phone.toml": {**PHONE},
    "complaints.toml": {**COMPLAINTS},
    "village_plans.toml": {**VILLAGES},
    "grievances.toml": {**LADDER},
    "policywatch.toml": {**POLICYWATCH},
    "disputes.toml": {**DISPUTES},
}
MAY_BE_MISSING = frozenset({
    "forms.toml", "benefits.toml", "statistics.toml", "account.toml", "notices.toml", "exits.toml", "lookback.toml",
    "measures.toml", "documents.toml", "fieldwork.toml", "phone.toml", "scrutiny.toml", "duties.toml",
    "village_plans.toml", "grievances.toml", "complaints.toml", "policywatch.toml", "disputes.toml",
})  # fmt: skip
MAY_BE_EMPTY = frozenset({
    "documents", "kinds", "departments", "funds", "protection", "forms", "regions", "fallback", "leaders", "set_aside",
    "exceptions", "account_parts", "statistics", "standards", "targets", "department_lists", "tags", "notice_kinds",
    "notice_fields", "objections", "never", *FILES["lookback.toml"],
    *FILES["measures.toml"], *FIELDWORK, *PHONE, *FILES["scrutiny.toml"], *FILES["duties.toml"],
    *VILLAGES, *LADDER, *COMPLAINTS, *POLICYWATCH, *DISPUTES,
})  # fmt: skip
