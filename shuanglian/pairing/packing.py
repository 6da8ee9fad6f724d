"""A solving put away: the problem as it was stated and who answers for whom, in one compressed block.

A round that was confirmed can be explained and compared for ever from this block alone, whatever the register, the
people or the profile have become since. Arrays only; nothing in it is ever executed.
"""

from __future__ import annotations

import hashlib
import io
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from shuanglian.matching.problem import Base, PairingProblem, PairingWeights
from shuanglian.matching.roads import Roads
from shuanglian.matching.units import UnitProblem, UnitWeights

_ARRAYS = (
    "mismatch", "cadre_base", "weakness", "trade", "minimum", "quota", "fallback", "place", "cause", "need", "last",
    "forbidden", "pinned",
)  # fmt: skip
_UNIT_ARRAYS = ("weakness", "most", "need", "exit", "km", "last", "forbidden", "pinned")


@dataclass(frozen=True, eq=False)
class Kept:
    """What was asked and what came out. `who`: row of the cadre per household, -1 nobody.

    standing: the pairs a repair had to hold (household → row of the cadre, -1 none); None for a whole round.
    """

    problem: PairingProblem
    who: npt.NDArray[np.int64]
    cadre_id: npt.NDArray[np.int64]
    household_id: npt.NDArray[np.int64]
    standing: npt.NDArray[np.int64] | None = None
    units: UnitProblem | None = None

    def by_household(self) -> dict[int, int]:
        """Household id → cadre id, 0 for nobody."""
        cadres = np.append(self.cadre_id, 0)
        return dict(zip(self.household_id.tolist(), cadres[self.who].tolist(), strict=True))


def pack(kept: Kept) -> bytes:
    problem, roads = kept.problem, kept.problem.roads
    out = io.BytesIO()
    arrays: dict[str, Any] = dict(
        who=kept.who.astype(np.int32), cadre_id=kept.cadre_id, household_id=kept.household_id,
        cadre_key=_texts(problem.cadre_key), household_key=_texts(problem.household_key),
        place_key=_texts(roads.place_key), arcs=np.asarray(roads.arcs),
        joined=np.array(roads.joined, np.int64).reshape(-1, 2),
        base_home=np.array([-1 if base.home is None else base.home for base in problem.bases], np.int64),
        base_size=np.array([len(base.linked) for base in problem.bases], np.int64),
        base_linked=np.array([place for base in problem.bases for place in base.linked], np.int64),
        weight_name=_texts(list(asdict(problem.weights))),
        weight=np.array(list(asdict(problem.weights).values()), np.int64),
        **({} if kept.standing is None else {"standing": kept.standing}),
        **{name: np.asarray(getattr(problem, name)) for name in _ARRAYS},
        **_pack_units(kept.units),
    )  # fmt: skip
    np.savez_compressed(out, **arrays)
    return out.getvalue()


def _pack_units(units: UnitProblem | None) -> dict[str, Any]:
    """The first step's problem, its names with `unit_` in front; nothing during the year."""
    if units is None:
        return {}
    told = {name: np.asarray(getattr(units, name)) for name in _UNIT_ARRAYS}
    told |= {"unit_key": _texts(units.unit_key), "village_key": _texts(units.village_key)}
    told |= {
        "weight_name": _texts(list(asdict(units.weights))),
        "weight": np.array(list(asdict(units.weights).values())),
    }
    return {f"unit_{name}": values for name, values in told.items()}


def _unpack_units(given: dict[str, Any]) -> UnitProblem | None:
    if "unit_unit_key" not in given:
        return None
    points = dict(zip(given["unit_weight_name"].tolist(), given["unit_weight"].tolist(), strict=True))
    return UnitProblem(
        unit_key=given["unit_unit_key"].tolist(), village_key=given["unit_village_key"].tolist(),
        weights=UnitWeights(**points), **{name: given[f"unit_{name}"] for name in _UNIT_ARRAYS},
    )  # fmt: skip


def unpack(block: bytes | memoryview) -> Kept:
    with np.load(io.BytesIO(bytes(block)), allow_pickle=False) as file:
        given = {name: file[name] for name in file.files}
    ends = np.cumsum(given["base_size"])
    bases = [
        Base(tuple(given["base_linked"][end - size : end].tolist()), None if home < 0 else int(home))
        for end, size, home in zip(ends, given["base_size"], given["base_home"], strict=True)
    ]
    points = dict(zip(given["weight_name"].tolist(), given["weight"].tolist(), strict=True))
    problem = PairingProblem(
        roads=Roads(tuple(given["place_key"].tolist()), given["arcs"], tuple(map(tuple, given["joined"].tolist()))),
        bases=bases,
        cadre_key=given["cadre_key"].tolist(),
        household_key=given["household_key"].tolist(),
        weights=PairingWeights(**points),
        **{name: given[name] for name in _ARRAYS},
    )
    who = given["who"].astype(np.int64)
    return Kept(
        problem, who, given["cadre_id"], given["household_id"], given.get("standing"), _unpack_units(given)
    )  # fmt: skip


def _texts(values: Any) -> npt.NDArray[np.str_]:
    return np.array(list(values), dtype=np.str_)


def digest(*parts: Any) -> str:
    """One short mark for texts, arrays and tables: the same facts give the same mark, in whatever order they came."""
    mark = hashlib.sha256()
    for part in parts:
        if hasattr(part, "write_csv"):
            mark.update(part.write_csv().encode())
        elif isinstance(part, np.ndarray):
            mark.update(np.ascontiguousarray(part).tobytes())
        else:
            mark.update(repr(part).encode())
        mark.update(b"\x1f")
    return mark.hexdigest()
