"""Cadres to households: the optimum of the stated objective for one county (PAIR-1 … PAIR-6).

In order of weight: as many households covered as possible; as many minimum slots filled as possible; then the least
sum of points (`PairingWeights`). See `network` for how 12,000 cadres and 20,000 households are solved in a quarter of
a second, and `exchange` for how forbidden pairs, explanations and changes are worked out exactly.
"""

from .case import Case, canonical
from .flow import ArcFlow
from .graph import worths
from .handout import hand_out
from .network import Network, build
from .problem import PairingProblem
from .scaling import cheapest_flow
from .solution import PairingSolution, solution_of
from .state import State, state_of
from .swap import swapped


def solve(problem: PairingProblem) -> PairingSolution:
    """Pair every household with one responsible cadre at least total cost; never fails for want of a solution.

    Deterministic, and the same whatever the order of rows. What cannot be covered is in `uncovered` and `reasons`.
    """
    case = canonical(problem)
    worths(case)  # refuses numbers too large before they do harm
    network, flow = _flow(case)
    who = hand_out(case, network, flow.flows)
    wrong = swapped(case, network, who)

    def state() -> State:
        made = state_of(case, network, flow, who)
        for household in wrong:
            made.mend(int(made.at.household[household]))
        return made

    if not len(wrong):
        return solution_of(problem, case, who, state)
    mended = state()
    return solution_of(problem, case, mended.pairing(), lambda: mended)


def _flow(case: Case) -> tuple[Network, ArcFlow]:
    """The cheapest flow. Fallback slots are put in as far as they are needed: a slot that costs more than one that
    nobody uses cannot make the flow cheaper."""
    steps = 8
    while True:
        network = build(case, steps)
        # there always is one: the network feeds exactly as much as it can deliver
        flow = cheapest_flow(network.tails, network.heads, network.capacities, network.costs, network.supplies)
        if not (flow.flows[network.brim] == network.capacities[network.brim]).any():
            return network, flow
        steps *= 2
