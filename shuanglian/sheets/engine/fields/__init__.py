# ruff: noqa: E501 - one entry a line; a Chinese character counts as two
"""The kinds of rosters and their columns: households, persons, units, cadres, links, pairs, payments, villages, demands."""

from .demands import DEMAND_FIELDS
from .households import HOUSEHOLD_FIELDS
from .organisation import CADRE_FIELDS, LINK_FIELDS, PAIR_FIELDS, UNIT_FIELDS
from .payments import PAYMENT_FIELDS
from .persons import PERSON_FIELDS, PREFIX, in_household_sheet
from .shape import Field, Roster, Type
from .villages import VILLAGE_FIELDS

ROSTERS: dict[str, Roster] = {
    roster.kind: roster
    for roster in (
        Roster(
            "households", "贫困户名册", "Households", HOUSEHOLD_FIELDS + in_household_sheet(),
            needs=(("head_name", "person.name"), ("village", "village_code")),
            tells=("main_cause", "kind", "status", "size", "income_per_head", "house_unsafe", "land_cultivated", "head_name"),
        ),
        Roster(
            "persons", "家庭成员名册", "Members of households", PERSON_FIELDS,
            needs=(("household_number", "head_name", "head_id"), ("name",)),
            tells=("relation", "labour", "health", "schooling", "person_number"),
        ),
        Roster(
            "units", "联村单位名册", "Units", UNIT_FIELDS, needs=(("name",),),
            tells=("kind", "tier", "uscc", "staff", "strength", "contact"),
        ),
        Roster(
            "cadres", "联户干部名册", "Cadres", CADRE_FIELDS, needs=(("name",), ("unit",)),
            tells=("rank", "post", "occupation", "number", "stationed_township"),
        ),
        Roster(
            "links", "单位联村名册", "Units and their villages", LINK_FIELDS,
            needs=(("unit",), ("village", "village_code")), tells=("since",),
        ),
        Roster(
            "pairs", "结对帮扶名册", "Pairs of cadres and households", PAIR_FIELDS,
            needs=(("household_number", "household_head", "household_id"), ("cadre", "cadre_number", "cadre_id")),
            tells=("cadre", "cadre_phone", "household_head"),
        ),
        Roster(
            "payments", "发放名册", "Payroll", PAYMENT_FIELDS, needs=(("name", "head_name"), ("amount", "reimbursed", "disability", "disability_grade")),
            tells=("amount", "benefit", "paid_on", "month", "dibao_class", "hospital_cost", "reimbursed", "school", "disability"),
            once=("benefit",),
        ),
        Roster(
            "villages", "村情况表", "Village forms", VILLAGE_FIELDS,
            needs=(("village", "village_code"), ("households", "people")),
            tells=("households", "people", "terrain", "collective_income", "road_paved", "clinics", "hamlets"),
        ),
        Roster(
            "demands", "诉求清单", "Lists of what people ask", DEMAND_FIELDS, needs=(("village", "village_code"), ("text",)),
            tells=("text", "category", "on", "number"),
        ),
    )
}  # fmt: skip

KINDS = tuple(ROSTERS)

__all__ = ["KINDS", "PREFIX", "ROSTERS", "Field", "Roster", "Type"]
