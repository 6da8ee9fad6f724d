"""What a phone may send, checked before anything is done: kinds of operations and their bodies (docs/phone.md)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AfterValidator, AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints


def _clean(text: Any) -> Any:
    """Without what the database cannot keep: NUL and half characters."""
    return text.replace("\x00", "").encode("utf-8", "replace").decode() if isinstance(text, str) else text


def _told(moment: Any) -> Any:
    if not 1990 <= moment.year <= 2200:
        raise ValueError("a clock that cannot be")
    return moment


def _exact(value: Any) -> Any:
    if isinstance(value, float | bool):
        raise ValueError("amounts are decimal text")
    return value


Words = Annotated[str, BeforeValidator(_clean), StringConstraints(strip_whitespace=True)]
Short = Annotated[Words, Field(max_length=100)]
Note = Annotated[Words, Field(max_length=400)]
Long = Annotated[Words, Field(max_length=600)]
Code = Annotated[str, BeforeValidator(_clean), Field(max_length=40)]
AreaCode = Annotated[str, Field(pattern=r"^[0-9]{12}$")]
Amount = Annotated[Decimal, BeforeValidator(_exact), Field(max_digits=14, decimal_places=2, allow_inf_nan=False)]
Moment = Annotated[AwareDatetime, AfterValidator(_told)]
Day = Annotated[date, AfterValidator(_told)]
Row = Annotated[int, Field(ge=1, le=2**62)]


class Body(BaseModel):
    """Nothing unknown is let through: a phone that says more than the server understands is told so."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Position(Body):
    lon: Annotated[float, Field(ge=-180, le=180)]
    lat: Annotated[float, Field(ge=-90, le=90)]
    acc: Annotated[float, Field(ge=0, le=100_000)] | None = None


class GivenBody(Body):
    kind: Code
    quantity: Amount
    yuan: Amount | None = None
    note: Short = ""


class AskBody(Body):
    text: Note
    category: Code
    urgent: bool = False


class IncomeBody(Body):
    channel: Code
    yuan: Amount
    note: Short = ""


class VisitBody(Body):
    household: Row
    on: Day
    started_at: Moment
    ended_at: Moment | None = None
    tasks: Annotated[list[Code], Field(max_length=20)]
    done: Long = ""
    entered: bool
    met: Annotated[list[Row | Code], Field(max_length=60)] = []
    met_note: Annotated[Words, Field(max_length=80)] = ""
    position: Position | None = None
    no_position_why: Short = ""
    given: Annotated[list[GivenBody], Field(max_length=40)] = []
    asks: Annotated[list[AskBody], Field(max_length=20)] = []
    incomes: Annotated[list[IncomeBody], Field(max_length=20)] = []
    replaces: UUID | None = None


class PhotoBody(Body):
    visit: UUID
    taken_at: Moment | None = None
    bytes: Annotated[int, Field(ge=1)]
    digest: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class AttendanceBody(Body):
    village: AreaCode
    on: Day
    in_at: Moment | None = None
    out_at: Moment | None = None
    position: Position | None = None
    no_position_why: Short = ""
    night: bool = False
    note: Short = ""


class ServiceBody(Body):
    village: AreaCode
    on: Day
    days: Annotated[Decimal, BeforeValidator(_exact), Field(max_digits=3, decimal_places=1, allow_inf_nan=False)]
    topic: Code
    households: Annotated[list[Row], Field(max_length=500)] = []
    people: Annotated[int, Field(ge=0, le=100_000)] = 0
    done: Long = ""
    position: Position | None = None


class DecidedBody(Body):
    what: Annotated[Words, Field(min_length=1, max_length=200)]
    who: Short = ""
    due: Day | None = None


class InspectionBody(Body):
    kind: Literal["inspection", "study"]
    area: AreaCode
    on: Day
    found: Long
    decided: Annotated[list[DecidedBody], Field(max_length=40)] = []
    position: Position | None = None
    note: Annotated[Words, Field(max_length=200)] = ""


class AskRaised(AskBody):
    household: Row | None = None
    village: AreaCode | None = None
    visit: UUID | None = None


class EditBody(Body):
    household: Row
    fields: Annotated[dict[Code, Words | Position], Field(min_length=1, max_length=20)]


class ProgressBody(Body):
    measure: Row
    on: Day
    quantity: Amount
    note: Note = ""
    visit: UUID | None = None


class AgreeBody(Body):
    plan: Row
    how: Literal["signature", "scan"]
    image: Annotated[str, Field(max_length=280_000)]


class SettleBody(Body):
    conflict: Row
    value: Words | Position


KINDS: dict[str, type[Body]] = {
    "visit.record": VisitBody,
    "visit.photo": PhotoBody,
    "attendance.mark": AttendanceBody,
    "service.record": ServiceBody,
    "inspection.record": InspectionBody,
    "ask.raise": AskRaised,
    "household.edit": EditBody,
    "plan.progress": ProgressBody,
    "plan.agree": AgreeBody,
    "conflict.settle": SettleBody,
}


class Op(BaseModel):
    """One operation as it comes: its own number, the phone's running number, kind, phone time, base, body."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    id: UUID
    seq: Annotated[int, Field(ge=0, le=2**62)]
    kind: Annotated[str, Field(max_length=40)]
    at: Moment
    base: dict[Code, Annotated[str, Field(max_length=64)] | None] | None = None
    body: dict[str, Any]


class Batch(BaseModel):
    """A request's worth: the phone's clock, and operations as they came (each is read by itself)."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    clock: Moment
    waiting: Annotated[int, Field(ge=0, le=10**9)] | None = None
    ops: list[dict[str, Any]]
