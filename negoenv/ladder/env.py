"""The Gymnasium environments of the Ladder: one episode, or many side by side."""

from gymnasium.vector import AutoresetMode

from negoenv.arguments import require_no_render_mode
from negoenv.base_env import BatchVectorEnv, SingleEnv
from negoenv.ladder.batch import LadderBatch


class LadderEnv(SingleEnv):
    """A small tabular negotiation whose optimum is known.

    ## Description
    A buyer climbs a ladder of pressure against a supplier that is either yielding or proud. Each rung is a better price
    and a less likely deal. Climbing raises tension, two rungs at once much more than twice one, and past the supplier's
    tolerance the negotiation breaks down.

    ## Action Space
    ``Discrete(6)``: 0 HOLD, 1 PRESS (one rung up), 2 FORCE (two rungs up), 3 CONCEDE (one rung down), 4 CLOSE (offer to
    settle at the price of this rung), 5 WALK_AWAY. A move that is not legal is played as HOLD and counted.

    ## Observation Space
    ``Discrete(328)`` with ``known_type=True``: the state, which tells round, rung, tension and the supplier's type.
    ``Discrete(164)`` with ``known_type=False``: the same without the type. `LadderStates` encodes and decodes both.

    ## Rewards
    The buyer's share of the surplus at a deal, a penalty for a breakdown, a cost for each round. The components are in
    ``info["reward_terms"]``: ``deal``, ``breakdown``, ``round``.

    ## Starting State
    Round 0, lowest rung, no tension; the supplier's type is drawn from the prior, or named by
    ``reset(options={"supplier": "proud"})``.

    ## Episode End
    ``terminated`` at a deal, a breakdown, when the buyer walks away, and at the deadline. ``truncated`` only by
    ``max_episode_steps``, which ``gymnasium.make`` and ``gymnasium.make_vec`` take. Then ``info["outcome"]`` is
    a code, as of `negoenv.NegotiationEnv`.

    ## Arguments
    ``known_type``: whether the supplier's type is observed (default ``True``). ``reveal``: whether ``info["hidden"]``
    tells it at the end. ``split``: "train" (default), "validation" or "test"; there is one population, but the
    suppliers of validation are never those of the others, whatever the seeds.

    ## Transition table
    ``env.unwrapped.P[state][action]`` is a list of ``(probability, next_state, reward, terminated)``, as in Gymnasium's
    toy-text games. `known_type_optimum` and `hidden_type_optimum` solve it exactly.

    ## Vectorized environment
    ``gymnasium.make_vec("negoenv/Ladder-v0", num_envs=64)``; row i replays this environment for ``seed + i``.

    ## Version History
    v0: first version.
    """

    batch: LadderBatch

    def __init__(
        self, known_type: bool = True, reveal: bool = False, split: str = "train", render_mode: str | None = None
    ) -> None:
        require_no_render_mode(render_mode, "Ladder")
        super().__init__(LadderBatch(1, known_type, split=split), reveal)

    @property
    def P(self) -> dict[int, dict[int, list[tuple[float, int, float, bool]]]]:  # noqa: N802 - Gymnasium's name
        """The transition table over states, whose codes include the supplier's type."""
        return self.batch.table.P


class LadderVectorEnv(BatchVectorEnv):
    """Many episodes of `LadderEnv` side by side; its docstring is the manual of the game."""

    def __init__(
        self,
        num_envs: int = 1,
        known_type: bool = True,
        autoreset_mode: AutoresetMode | str = AutoresetMode.NEXT_STEP,
        reveal: bool = False,
        split: str = "train",
        max_episode_steps: int | None = None,
        render_mode: str | None = None,
    ) -> None:
        batch = LadderBatch(num_envs, known_type, split=split)
        super().__init__(batch, autoreset_mode, reveal, max_episode_steps, render_mode)
