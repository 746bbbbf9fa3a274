"""How often a policy plays each argument and each way of offering, and what it loses where one is taken away."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rich.table import Table

from negoenv.benchmark.evaluation import Episodes, Interval, evaluate, paired_difference
from negoenv.engine.negotiation_batch import NegotiationBatch
from negoenv.errors import NegoenvError
from negoenv.game.tactics import SIMPLE
from negoenv.game.term_moves import ALL_MOVES
from negoenv.make import make_batch

from ..policy import Policy
from ..registry import require_fit
from ..reporting.report import EVALUATION_SEED, require_interval
from ..terminal import number_table

NAMED_PRICE = "NAMED_PRICE"
"""All prices of the grid together: alone, each has a neighbour that does nearly as well."""

_MADE_OF = {move.name: {move.name} for move in SIMPLE} | {
    NAMED_PRICE: {move.name for move in SIMPLE if move.tactic.effects.price > 0.0}
}
PARTS = tuple(_MADE_OF)
"""What is taken away: each argument, each way of offering, and all named prices together."""

_HAS_PART = np.array([[not made.isdisjoint(move.name.split("+")) for move in ALL_MOVES] for made in _MADE_OF.values()])


@dataclass(frozen=True)
class MoveUse:
    """One argument, or one way of offering.

    Attributes:
        move: its name.
        uses: how often it is played, alone or combined, per negotiation.
        cost: return that the policy loses without it, over the same suppliers; None where it is never played.
    """

    move: str
    uses: float
    cost: Interval | None


class _Without:
    """Lets a policy play, with some moves declared illegal; nothing new is learned."""

    def __init__(self, policy: Policy, taken: NDArray[np.bool_]) -> None:
        self.policy, self.taken = policy, taken

    def reset(self, num_rows: int, seed: int = 0) -> None:
        """Begin, as the policy does."""
        self.policy.reset(num_rows, seed)

    def act(self, observation: NDArray[Any], action_mask: NDArray[np.int8], episode_starts: NDArray[np.bool_]) -> Any:
        """Return the policy's moves among those that are left; where none is left, among all that are legal."""
        left = action_mask * ~self.taken
        return self.policy.act(
            observation, np.where(left.any(axis=1, keepdims=True), left, action_mask), episode_starts
        )


def move_uses(
    policy: Policy,
    scenario: str,
    split: str = "test",
    episodes: int = 4096,
    seed: int = EVALUATION_SEED,
    after_part: Callable[[], object] = lambda: None,
) -> tuple[Episodes, list[MoveUse]]:
    """Return what a policy plays, and what each of `PARTS` is worth to it, the most played first.

    The policy is not trained anew without the move, so that the cost is an upper bound of what the move is worth.

    Args:
        policy: a policy that acts on masks, since what is taken away is masked.
        scenario: name of a scenario with one supplier, or a YAML file with one.
        split: "train", "validation", "test" or "unseen".
        episodes: suppliers to play against.
        seed: of the first episode.
        after_part: called after each of `PARTS`.

    Raises:
        NegoenvError: if there is no such scenario, or the policy does not fit it.
    """
    require_interval(episodes)
    batch = make_batch(episodes, scenario, split)
    if not isinstance(batch, NegotiationBatch):
        raise NegoenvError(f"{scenario} is no negotiation with one supplier; its moves are not made of these parts.")
    require_fit(policy, batch)
    whole = evaluate(policy, batch, seed)
    results = []
    for part, has in zip(PARTS, _HAS_PART[:, : batch.action_masks.shape[1]], strict=True):
        uses = float(whole.uses[:, has].sum() / len(whole.returns))
        cost = paired_difference(whole, evaluate(_Without(policy, has), batch, seed)) if uses > 0.0 else None
        results.append(MoveUse(part, uses, cost))
        after_part()
    return whole, sorted(results, key=lambda use: -use.uses)


def uses_table(policy: str, scenario: str, whole: Episodes, uses: Sequence[MoveUse]) -> Table:
    """Return the results as a table."""
    return number_table(
        f"What {policy} plays in {scenario}",
        ("argument or offer", "times a negotiation", "return lost without it"),
        [(use.move.lower(), f"{use.uses:.3f}", str(use.cost) if use.cost else "") for use in uses],
        caption=f"Return {whole.metrics()['return']}. Without: masked, the policy as it is, the same suppliers.",
    )
