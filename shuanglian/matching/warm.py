"""`python -m shuanglian.matching.warm`: compile everything once, at install, so that the first user does not wait."""

import shutil
from pathlib import Path

import numpy as np

from .compiled import FOLDER
from .explain import explain
from .live import Live, NewCadre, NewHousehold
from .pairing import solve
from .plan_problem import Option, PlanProblem
from .plan_telling import tell
from .problem import Base, PairingProblem
from .repair import repair
from .roads import from_roads


def warm() -> None:
    """Solve, explain, change and repair a county of two cadres; what is compiled on the way stays on disk."""
    problem = PairingProblem(
        roads=from_roads(["a", "b"], [(0, 1, 10)]), bases=[Base((0,)), Base((1,))], mismatch=np.zeros((1, 1), np.int64),
        cadre_key=["c0", "c1"], cadre_base=np.array([0, 1]), weakness=np.zeros(2, np.int64),
        trade=np.zeros(2, np.int64), minimum=np.ones(2, np.int64), quota=np.array([2, 2]),
        fallback=np.ones(2, np.int64), household_key=["h0", "h1", "h2"], place=np.array([0, 0, 1]),
        cause=np.zeros(3, np.int64), need=np.array([0, 1, 2]), last=np.array([0, -1, 1]),
        forbidden=np.array([[0, 1]]),
    )  # fmt: skip
    solution = solve(problem)
    explain(solution, 0)
    live = Live(problem)
    live.cadre_arrives(NewCadre("c2", Base((1,)), 0, 0, 1, 1))
    live.household_added(NewHousehold("h3", 1, 0, 1))
    live.household_removed("h0")
    live.forbid("c1", "h2")
    live.cadre_leaves("c0")
    repair(problem, np.where(solution.who == 0, -1, solution.who))
    tell(PlanProblem(9, (Option("a", 5, 1, 1, 1, (1,)), Option("b", 4, 2, 0, 2, (1,))), ("days",), (2,), 2))


def tidy() -> None:
    """Remove what older sources had compiled."""
    current = Path(FOLDER)
    for folder in current.parent.glob("compiled-*"):
        if folder != current:
            shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    warm()
    tidy()
