"""The provisions that decide on the day, as a tax and benefit system of OpenFisca-core.

A variable a provision, whether it is granted, and one more where the amount is not the same for all. OpenFisca has no unknown: what
is not told is its default, so only a population of which everything is known can be compared. Codes are enumerations; they
go in as texts, which is OpenFisca's own interface, or as ready numbers by the dictionary that Parquet keeps already.
Causes go in as one flag each.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from openfisca_core.entities import build_entity
from openfisca_core.indexed_enums import Enum, EnumArray
from openfisca_core.periods import DateUnit
from openfisca_core.simulations import SimulationBuilder
from openfisca_core.taxbenefitsystems import TaxBenefitSystem
from openfisca_core.variables import Variable

from bench.rules_facts import FAMILY_PLANNING, SCHOOLING, STAGES

Household = build_entity("household", "households", "", roles=[{"key": "member", "label": ""}])
Person = build_entity("person", "persons", "", is_person=True)


def _enum(name: str, codes: list[str]) -> Any:
    return Enum(name, {code: code for code in codes})


Stage, Schooling = _enum("Stage", STAGES), _enum("Schooling", SCHOOLING)
Planning, Mark = _enum("Planning", FAMILY_PLANNING), _enum("Mark", ["0", "1", "2", "3"])
Place = _enum("Place", ["none", "inside", "outside"])
PERSON: dict[str, Any] = {
    "age": int, "school_stage": Stage, "schooling": Schooling, "in_school": bool, "boards": bool, "school_local": bool,
    "school_year": int, "last_preschool_year": bool, "college_place": Place, "college_entry_year": int,
    "student_loan_yuan": float, "dibao": bool, "dibao_class": int, "disabled": bool, "disability_grade": int,
    "able_to_work": bool, "medical_insurance": bool, "serious_insurance": bool, "medical_self_paid": float,
    "certificate": bool, "training_wanted": bool,
}  # fmt: skip
HOUSEHOLD: dict[str, Any] = {
    "registered": bool, "five_guarantee": bool, "exit_mark": Mark, "credit_ok": bool, "partner_contract": bool,
    "dividend_due": float, "family_planning_kind": Planning, "house_unsafe": bool, "loan_need": bool,
    "loan_wanted_yuan": float, "relocation": bool, "relocation_agreed": bool, "water_hard": bool, "water_safe": bool,
    "village__poor_village": bool, "village__day_care_room": bool,
}  # fmt: skip
FLAGS = {"cause_01": "01", "cause_03": "03", "cause_04": "04"}
Formula = Callable[[Any, Any], Any]
GRANTED: dict[str, tuple[Any, Formula]] = {}
YUAN: dict[str, tuple[Any, Formula]] = {}


def person(formula: Formula) -> Formula:
    GRANTED[formula.__name__] = (Person, formula)
    return formula


def household(formula: Formula) -> Formula:
    GRANTED[formula.__name__] = (Household, formula)
    return formula


def pays(code: str, amount: Callable[[Any, Any], Any] | float) -> None:
    entity, _ = GRANTED[code]
    YUAN[code] = (entity, lambda one, y: one(code, y) * (amount(one, y) if callable(amount) else amount))


def _registered_at(stage: str) -> Formula:
    code = Stage[stage]
    return lambda p, y: p.household("registered", y) & (p("school_stage", y) == code)


def _any_of(values: Any, *codes: Any) -> Any:
    found = values == codes[0]
    for code in codes[1:]:
        found |= values == code
    return found


@person
def boarder_junior(p: Any, y: Any) -> Any:
    return _registered_at("junior")(p, y) & p("boards", y)


@person
def boarder_primary(p: Any, y: Any) -> Any:
    return _registered_at("primary")(p, y) & p("boards", y)


@person
def college_entry_inside(p: Any, y: Any) -> Any:
    entered = p("college_entry_year", y) == y.start.year
    return _registered_at("college")(p, y) & entered & (p("college_place", y) == Place["inside"])


@person
def college_entry_outside(p: Any, y: Any) -> Any:
    entered = p("college_entry_year", y) == y.start.year
    return _registered_at("college")(p, y) & entered & (p("college_place", y) == Place["outside"])


@person
def college_tuition(p: Any, y: Any) -> Any:
    attends = _any_of(p("schooling", y), Schooling["13"], Schooling["14"], Schooling["15"], Schooling["43"])
    return p.household("registered", y) & attends & (p("college_place", y) == Place["inside"])


@person
def dibao_class_1(p: Any, y: Any) -> Any:
    return p("dibao", y) & (p("dibao_class", y) == 1)


@person
def dibao_class_2(p: Any, y: Any) -> Any:
    return p("dibao", y) & (p("dibao_class", y) == 2)


@person
def elderly_day_care(p: Any, y: Any) -> Any:
    around = p.household("village__poor_village", y) & p.household("village__day_care_room", y)
    return (p("age", y) >= 60) & around


@person
def inpatient_points(p: Any, y: Any) -> Any:
    return p.household("registered", y) & p("medical_insurance", y)


@person
def pension_premium(p: Any, y: Any) -> Any:
    grade, kind = p("disability_grade", y), p.household("family_planning_kind", y)
    severe = p("disabled", y) & ((grade == 1) | (grade == 2))
    planned = _any_of(kind, Planning["only_daughter"], Planning["two_daughters"], Planning["only_child"])
    age = p("age", y)
    return (severe | p.household("five_guarantee", y) | planned) & (age >= 16) & (age < 60) & ~p("in_school", y)


@person
def preschool_fee(p: Any, y: Any) -> Any:
    return _registered_at("preschool")(p, y) & p("school_local", y)


@person
def preschool_living(p: Any, y: Any) -> Any:
    return _registered_at("preschool")(p, y) & p("last_preschool_year", y)


@person
def school_meals(p: Any, y: Any) -> Any:
    return _any_of(p("school_stage", y), Stage["primary"], Stage["junior"])


@person
def senior_grant(p: Any, y: Any) -> Any:
    return _registered_at("senior")(p, y)


@person
def serious_illness(p: Any, y: Any) -> Any:
    paid = p("medical_self_paid", y)
    return p("serious_insurance", y) & ((paid > 5000) | (p.household("registered", y) & (paid > 3000)))


@person
def skill_training(p: Any, y: Any) -> Any:
    free = p("able_to_work", y) & ~p("in_school", y)
    return p.household("registered", y) & free & p("training_wanted", y)


@person
def student_loan(p: Any, y: Any) -> Any:
    return _registered_at("college")(p, y)


@person
def vocational_grant(p: Any, y: Any) -> Any:
    class_of = p("schooling", y)
    early = _any_of(class_of, Schooling["10"], Schooling["11"]) | (class_of == Schooling["42"]) & (
        p("school_year", y) <= 2
    )
    return _registered_at("vocational")(p, y) & early


@person
def vocational_tuition(p: Any, y: Any) -> Any:
    return p("school_stage", y) == Stage["vocational"]


@household
def double_link_loan(h: Any, y: Any) -> Any:
    return h("loan_need", y) & h("credit_ok", y)


@household
def house_renovation(h: Any, y: Any) -> Any:
    return h("registered", y) & h("house_unsafe", y)


@household
def partner_dividend(h: Any, y: Any) -> Any:
    return h("partner_contract", y) & (h("dividend_due", y) > 0)


@household
def relapse_disaster(h: Any, y: Any) -> Any:
    return (h("exit_mark", y) == Mark["3"]) & h("cause_04", y)


@household
def relapse_illness(h: Any, y: Any) -> Any:
    return (h("exit_mark", y) == Mark["3"]) & h("cause_01", y)


@household
def relapse_schooling(h: Any, y: Any) -> Any:
    return (h("exit_mark", y) == Mark["3"]) & h("cause_03", y)


@household
def relocation(h: Any, y: Any) -> Any:
    return h("registered", y) & h("is_relocation", y) & h("relocation_agreed", y)


@household
def safe_water(h: Any, y: Any) -> Any:
    return h("registered", y) & (~h("water_safe", y) | h("water_hard", y))


@household
def skill_certificate(h: Any, y: Any) -> Any:
    able = h.any(h.members("able_to_work", y))
    return h("registered", y) & able & ~h.any(h.members("certificate", y))


@household
def targeted_loan(h: Any, y: Any) -> Any:
    return h("registered", y) & h("loan_need", y)


def _loan(h: Any, y: Any) -> Any:
    return np.minimum(h("loan_wanted_yuan", y), 50000)


for _code, _amount in {
    "serious_illness": lambda p, y: 3 * p.household("registered", y),
    "student_loan": lambda p, y: np.minimum(p("student_loan_yuan", y), 8000),
    "partner_dividend": lambda h, y: h("dividend_due", y),
    "double_link_loan": _loan, "targeted_loan": _loan,
}.items():  # fmt: skip
    pays(_code, _amount)


def _name(fact: str) -> str:
    return f"is_{fact}" if fact in GRANTED else fact


def system() -> Any:
    """The whole system, ready for simulations."""
    found = TaxBenefitSystem([Household, Person])

    def add(name: str, entity: Any, kind: Any, formula: Formula | None = None) -> None:
        told: dict[str, Any] = {"entity": entity, "definition_period": DateUnit.YEAR, "value_type": kind}
        if isinstance(kind, type) and issubclass(kind, Enum):
            told |= {"value_type": Enum, "possible_values": kind, "default_value": next(iter(kind))}
        if formula is not None:
            told["formula"] = formula
        found.add_variable(type(name, (Variable,), told))

    for entity, facts in ((Person, PERSON), (Household, HOUSEHOLD | dict.fromkeys(FLAGS, bool))):
        for fact, kind in facts.items():
            add(_name(fact), entity, kind)
    for code, (entity, formula) in GRANTED.items():
        add(code, entity, bool, formula)
    for code, (entity, formula) in YUAN.items():
        add(f"{code}_amount", entity, float, formula)
    return found


def read(folder: Path, *, ready: bool) -> tuple[pa.Table, pa.Table]:
    """ready: texts as the dictionary and its numbers, as Parquet keeps them."""

    def one(name: str, facts: dict[str, Any], more: list[str]) -> pa.Table:
        coded = [fact for fact, kind in facts.items() if ready and issubclass(kind, Enum)]
        return pq.read_table(folder / f"{name}.parquet", columns=[*more, *facts], read_dictionary=coded)

    return one("people", PERSON, ["id", "household"]), one("households", HOUSEHOLD, ["id", "causes"])


def build(found: Any, people: pa.Table, households: pa.Table, year: str) -> Any:
    builder = SimulationBuilder()
    builder.create_entities(found)
    builder.declare_person_entity("person", _plain(people, "id", int))
    homes = builder.declare_entity("household", _plain(households, "id", int))
    builder.join_with_persons(homes, _plain(people, "household", int), np.array(["member"]))
    simulation = builder.build(found)
    for table, facts in ((people, PERSON), (households, HOUSEHOLD)):
        for fact, kind in facts.items():
            simulation.set_input(_name(fact), year, _plain(table, fact, kind))
    causes = households["causes"].combine_chunks()
    owner, value = pc.list_parent_indices(causes), pc.list_flatten(causes)
    for flag, code in FLAGS.items():
        has = np.zeros(households.num_rows, bool)
        has[pc.filter(owner, pc.equal(value, code)).to_numpy()] = True
        simulation.set_input(flag, year, has)
    return simulation


def _plain(table: pa.Table, fact: str, kind: Any) -> Any:
    column = table[fact]
    if kind is float:
        return column.cast(pa.float64()).to_numpy()
    if kind in (int, bool):
        return column.to_numpy()
    if not pa.types.is_dictionary(column.type):
        return column.to_numpy().astype(str)
    one = column.unify_dictionaries().combine_chunks()
    place = {item.value: number for number, item in enumerate(kind)}
    to_enum = np.array([place[code] for code in one.dictionary.to_pylist()], dtype=np.uint8)
    return EnumArray(to_enum[one.indices.to_numpy()], kind)


def calculate(simulation: Any, year: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Per provision whom it is granted, and the amounts."""
    granted = {code: simulation.calculate(code, year) for code in GRANTED}
    return granted, {code: simulation.calculate(f"{code}_amount", year) for code in YUAN}
