"""The Gymnasium environments of Sourcing: one episode, or many side by side."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import gymnasium as gym
from gymnasium.vector import AutoresetMode
from gymnasium.vector.utils import batch_space
from numpy.typing import NDArray

from negoenv.base_env import BatchVectorEnv, SingleEnv
from negoenv.errors import unknown_name
from negoenv.infos import RENDERED_METADATA
from negoenv.scenarios.population import Population
from negoenv.scenarios.scenario import Scenario
from negoenv.sourcing.engine.actions import make_sourcing_actions
from negoenv.sourcing.engine.batch import SourcingBatch
from negoenv.sourcing.presets import resolve_sourcing
from negoenv.sourcing.transcript import SourcingTranscript
from negoenv.sourcing.views import as_dict, checked_form, dict_space

_ANSI = "ansi"


class SourcingEnv(SingleEnv):
    """A buyer talks to several suppliers at once, lets them bid against each other, and awards the order.

    ## Description
    One order, two to five suppliers of hidden types, the layout has room for 5. In each round the buyer does one thing
    towards one supplier: it opens, argues, shows what another asks, makes up a quote, concedes, invites, or awards. The
    supplier answers as in `negoenv.NegotiationEnv`: the dynamics are the same, compiled once. A supplier that is shown
    a lower ask of another may bid below it. A price that both have agreed to stands like an ask: nothing is bought
    before the buyer awards. The prices of suppliers that are not talked to stand for ``ask_life`` rounds and expire;
    after that such a supplier may drop out, and so may one that cannot match what it is shown; who has dropped out may
    be invited back. Suppliers talk to each other: a quote that was made up may be found out, at once or later.

    In `negoenv/TimedSourcing-v0` requirements arrive one after the other, each with a need date, and one budget pays
    for all of them.

    All prices are fractions of the price that the suppliers ask at first.

    ## Action Space
    ``info["action_mask"]`` (int8) and ``action_masks()`` say what is legal. An action that is not legal counts as HOLD
    and is counted in ``info["illegal_moves"]``.

    "discrete" (default) is ``Discrete(97)``: 19 moves towards each supplier, ``19 * supplier + move`` with suppliers
    from 0; then 95 HOLD, which lets a round pass, and 96 WALK_AWAY:

    | moves towards a supplier | |
    |---|---|
    | keep in touch | 0 HOLD |
    | opening (first word to it) | 1 OPEN_LOW, 2 OPEN_MODERATE, 3 OPEN_FAIR |
    | argument | 4 REVEAL_BUDGET, 5 SHOW_QUOTE, 6 CLAIM_QUOTE, 7 ULTIMATUM, 8 RAISE_VOICE, 9 PROBE |
    | offer | 10 CONCEDE_SMALL, 11 CONCEDE_MODERATE, 12 CONCEDE_LARGE, 13 EXCHANGE |
    | both | 14 SHOW_QUOTE_AND_CONCEDE |
    | market | 15 INVITE, 16 AWARD, 17 AWARD_MOST, 18 AWARD_HALF |

    SHOW_QUOTE shows the lowest price of the others that stands; CLAIM_QUOTE says, falsely, that another asks less than
    this one. AWARD gives all to one, the two others share the order with the cheapest of the others.

    "factored" is ``MultiDiscrete([5, 8, 12])``: a supplier, an argument of `negoenv.sourcing.moves.SOURCING_ARGUMENTS`
    and an offer of ``SOURCING_OFFERS``, or 11, which is leaving. Of an argument and an offer that are not one of the
    moves above, the offer alone is made. The mask, of length 25, is those of the parts side by side, as sb3-contrib
    has it.

    ## Observation Space
    ``Box`` of float32, for each supplier of the layout a block of columns, 0 where there is no such supplier:
    those of `negoenv.NegotiationEnv`, whose clock counts from the first word to that supplier, and these:

    | name | unit | range | meaning |
    |---|---|---|---|
    | present | 0 or 1 | [0, 1] | There is such a supplier. |
    | awake | 0 or 1 | [0, 1] | It takes part; who does not may be invited. |
    | gone | 0 or 1 | [0, 1] | It has left in anger. |
    | agreed | 0 or 1 | [0, 1] | Its price is one that both have agreed to. |
    | stands | 0 or 1 | [0, 1] | Its price stands: it can be awarded, and shown to others. |
    | ask_left | rounds x 0.1 | [0, 20] | Rounds for which it stands without a word. |
    | spoken | 0 or 1 | [0, 1] | The last move was for this supplier. |
    | other_ask | fraction of the first ask | [0, 2] | Lowest price of the others that stands; 0 if none does. |
    | funds | fraction of the first ask x 0.2 | [0, 4.8] | What is left of the budget over all. |
    | arrival | rounds x 0.05 | [-10, 20] | Rounds until the next requirement arrives; below 0 if it waits. |

    In such a block ``quote`` is the lowest price of another that this supplier was told, true or not.
    `negoenv.sourcing.observation.supplier_views` gives views by name. ``observation="dict"`` gives a ``Dict`` of
    ``suppliers``, ``(5, columns)``, and ``present``.

    ## Rewards
    The sum of ``info["reward_terms"]``, each weighted by the scenario (`negoenv.sourcing.constants.SOURCING_WEIGHTS`):

    | term | when | what |
    |---|---|---|
    | surplus | award | what is saved below the limit, in units of ``whole_saving``, whoever sells |
    | goodwill | last award | what the relationship to those who got it is worth, by their shares |
    | under_delivery | award | expected part that fails, negative; of two suppliers each is the other's reserve |
    | rounds | each step | cost of a round, negative |
    | tactics | each step | real cost of the move, such as inviting, negative |
    | split | award | cost of a second contract, negative |
    | lost | each step | penalty for each supplier that has left in anger, negative |
    | breakdown | nobody is left | penalty, negative |
    | deadline | deadline | penalty for each requirement that was not bought, negative |
    | delay | each step | cost of a round after the need date, negative |

    ## Starting State
    All suppliers ask 1 (or their reservation price, if higher). Their types are drawn from the population of the
    ``split``, independently. ``reset(options=...)`` takes ``{"suppliers": [...]}`` with a mapping of traits, the name
    of an archetype or ``None`` for each, ``{"supplier": ...}`` for all alike, and ``{"context": {field: value}}``.

    ## Episode End
    ``terminated`` at the last award, when the buyer walks away, when all suppliers have left, and at the deadline.
    ``truncated`` only by ``max_episode_steps``. Then ``info`` holds ``outcome`` (a code, as of
    `negoenv.NegotiationEnv`), ``price``, ``surplus_share``, ``supplier_margin``, ``goodwill``,
    ``under_delivery_probability``, ``best_share`` (these six only with a deal, and of the last one), ``rounds``,
    ``illegal_moves``, ``bluffs``, ``deals``, ``sources``, ``splits``, ``lost``, ``talked_to``, and with ``reveal=True``
    the hidden types under ``hidden``.

    ## Arguments
    ``scenario``, ``population``, ``split``, ``reveal`` as of `negoenv.NegotiationEnv`, with the keys of
    `negoenv.sourcing.scenario.SourcingScenario`; ``action_space`` and ``observation`` see above; ``render_mode``:
    "ansi" (a transcript).

    ## Vectorized environment
    ``gymnasium.make_vec("negoenv/Sourcing-v0", num_envs=1024)``; row i replays this environment bit for bit for
    ``seed + i``.

    ## Version History
    v0: first version.
    """

    metadata = {**RENDERED_METADATA, "render_modes": [_ANSI]}  # noqa: RUF012
    batch: SourcingBatch

    def __init__(
        self,
        scenario: Scenario | Mapping[str, Any] | str | Path | None = None,
        split: str = "train",
        reveal: bool = False,
        render_mode: str | None = None,
        base: str = "Sourcing",
        population: Population | str | Path | None = None,
        action_space: str = "discrete",
        observation: str = "flat",
    ) -> None:
        if render_mode not in (None, _ANSI):
            raise unknown_name("render_mode", render_mode, [_ANSI])
        self.scenario = resolve_sourcing(scenario, base, population)
        self._form = checked_form(observation)
        batch = SourcingBatch(1, self.scenario, split)
        super().__init__(batch, reveal, make_sourcing_actions(action_space, batch))
        if self._form == "dict":
            self.observation_space = dict_space()  # type: ignore[assignment]
        self.render_mode = render_mode
        self._story: SourcingTranscript | None = None

    def _shown(self, observation: NDArray[Any]) -> Any:
        return observation if self._form == "flat" else as_dict(observation)

    def _record(self, move: int | None) -> None:
        if self.render_mode is None:
            return
        if move is None or self._story is None:
            self._story = SourcingTranscript(self.batch)
        else:
            self._story.step(move)

    def render(self) -> Any:
        """Return the transcript so far, if the render mode is "ansi"."""
        if self._story is None:
            gym.logger.warn('render() without a render_mode; use gym.make(id, render_mode="ansi").')
            return None
        return self._story.text()


class SourcingVectorEnv(BatchVectorEnv):
    """Many episodes of `SourcingEnv` side by side; its docstring is the manual of the game."""

    metadata = RENDERED_METADATA

    def __init__(
        self,
        num_envs: int = 1,
        scenario: Scenario | Mapping[str, Any] | str | Path | None = None,
        split: str = "train",
        autoreset_mode: AutoresetMode | str = AutoresetMode.NEXT_STEP,
        num_threads: int = 1,
        reveal: bool = False,
        base: str = "Sourcing",
        population: Population | str | Path | None = None,
        max_episode_steps: int | None = None,
        render_mode: str | None = None,
        action_space: str = "discrete",
        observation: str = "flat",
    ) -> None:
        self.scenario = resolve_sourcing(scenario, base, population)
        self._form = checked_form(observation)
        batch = SourcingBatch(num_envs, self.scenario, split, num_threads)
        actions = make_sourcing_actions(action_space, batch)
        super().__init__(batch, autoreset_mode, reveal, max_episode_steps, render_mode, actions)
        if self._form == "dict":
            self.single_observation_space = dict_space()
            self.observation_space = batch_space(self.single_observation_space, num_envs)

    def _shown(self, observations: NDArray[Any]) -> Any:
        return observations if self._form == "flat" else as_dict(observations)
