"""PettingZoo (the extra ``pettingzoo``): both sides of a negotiation are agents.

Nothing of PettingZoo is imported before this module is; its parallel API is
https://pettingzoo.farama.org/api/parallel/.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
from gymnasium import spaces
from numpy.typing import NDArray

from negoenv.arguments import checked_seed, random_seed
from negoenv.engine.batch import OUTCOME_NAMES, coded
from negoenv.engine.two_sided import TwoSidedBatch
from negoenv.errors import NegoenvError, shown, unknown_name
from negoenv.game.tactics import MOVES, Move
from negoenv.installation import importing
from negoenv.interop.own_supplier import HIGHEST_ASK
from negoenv.interop.supplier_agent import (
    SUPPLIER_MOVES,
    answers_of,
    seen_by_suppliers,
    supplier_masks,
    supplier_space,
)
from negoenv.scenarios.population import Population
from negoenv.scenarios.presets import resolve
from negoenv.scenarios.scenario import Scenario

with importing("PettingZoo", "pettingzoo"):
    from pettingzoo import ParallelEnv

AgentObservation = dict[str, NDArray[Any]]
"""What an agent sees: ``observation`` and ``action_mask``."""

BUYER, SUPPLIER = "buyer", "supplier"
_OPTIONS = ("supplier", "context")
_ONE = np.ones(1, np.bool_)
_FIRST = np.zeros(1, np.intp)


class TwoSidedEnv(ParallelEnv[str, AgentObservation, Any]):  # type: ignore[misc]
    """A buyer and a supplier negotiate a price, and both are agents.

    They take turns: of two steps one is the buyer's, the next one the supplier's answer. Whose turn it is not has but
    one legal move, HOLD, and whatever it names is not looked at; so every step takes an action of both,
    as PettingZoo's parallel environments do. What is neither's choice (what arguments do, tension, goodwill, whether a
    bluff is found out, what comes of it) is as in `negoenv.NegotiationEnv`; a supplier that answers as the game's own
    does gives the same episodes bit for bit.

    ## Action spaces
    - buyer: ``Discrete(87)``, as of `negoenv.NegotiationEnv`.
    - supplier: ``Discrete(27)``, see `negoenv.interop.supplier_agent.SUPPLIER_MOVES`; with ``supplier_actions="price"``
      ``Dict(move=Discrete(27), ask=Box(0, 2, (1,), float64))``, where an ask other than 0 is named instead of that
      which the move leads to; it is never below the standing offer, and tactics that hold the ask keep it.

    ## Observation spaces
    ``Dict(observation=Box, action_mask=Box)``, as PettingZoo's own games; ``infos`` hold the masks, too. The buyer sees
    what it sees in `negoenv.NegotiationEnv`; the supplier `negoenv.interop.supplier_agent.SUPPLIER_COLUMNS`.

    ## Rewards
    The buyer's is that of `negoenv.NegotiationEnv`, with the supplier's answer. The supplier's is the profit of a deal
    as a share of what lies between its cost and its first ask (`negoenv.game.chosen_answer.profit`, an assumption); 0
    without a deal. They do not sum to a constant.

    ## Episode end
    Both agents terminate together. Then ``infos`` hold what `negoenv.NegotiationEnv` reports, for both.

    ## Arguments
    - ``scenario``, ``split``, ``population``: as of `negoenv.NegotiationEnv`, without several issues.
    - ``supplier_actions``: "discrete" (default) or "price".
    """

    metadata: ClassVar[dict[str, Any]] = {
        "name": "negoenv_two_sided_v0", "render_modes": [], "is_parallelizable": True, "outcomes": OUTCOME_NAMES,
    }  # fmt: skip
    render_mode = None

    def __init__(
        self,
        scenario: Scenario | Mapping[str, Any] | str | Path | None = None,
        split: str = "train",
        population: Population | str | Path | None = None,
        supplier_actions: str = "discrete",
    ) -> None:
        """Make the environment.

        Raises:
            NegoenvError: for an argument that is none, or a scenario with several issues.
        """
        if supplier_actions not in ("discrete", "price"):
            raise unknown_name("supplier_actions", supplier_actions, ("discrete", "price"))
        self.batch = TwoSidedBatch(1, resolve(scenario, "Procurement", population), split)
        self.possible_agents = [BUYER, SUPPLIER]
        self.agents: list[str] = []
        self._named = supplier_actions == "price"
        moves = spaces.Discrete(len(SUPPLIER_MOVES))
        ask = spaces.Box(0.0, HIGHEST_ASK, (1,), np.float64)
        self.action_spaces: dict[str, spaces.Space[Any]] = {
            BUYER: spaces.Discrete(MOVES),
            SUPPLIER: spaces.Dict(move=moves, ask=ask) if self._named else moves,
        }
        sights = {BUYER: self.batch.observation_space, SUPPLIER: supplier_space()}
        counts = {BUYER: MOVES, SUPPLIER: len(SUPPLIER_MOVES)}
        self.observation_spaces: dict[str, spaces.Space[Any]] = {
            agent: spaces.Dict(observation=sights[agent], action_mask=spaces.Box(0, 1, (counts[agent],), np.int8))
            for agent in self.possible_agents
        }
        self._seeded = False

    def observation_space(self, agent: str) -> spaces.Space[Any]:
        """Return the space of what an agent sees."""
        return self.observation_spaces[agent]

    def action_space(self, agent: str) -> spaces.Space[Any]:
        """Return the space of what an agent does."""
        return self.action_spaces[agent]

    def reset(
        self, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[dict[str, AgentObservation], dict[str, dict[str, Any]]]:
        """Start an episode; a seed keys the stream of episodes, ``None`` continues it.

        Args:
            seed: a whole number of 64 bits.
            options: ``supplier`` and ``context`` as of `negoenv.NegotiationEnv`; others, which wrappers pass, are not
                looked at.

        Raises:
            NegoenvError: for a seed that is none, or a supplier or context that the game does not have.
        """
        if seed is not None or not self._seeded:
            self.batch.seed(random_seed() if seed is None else checked_seed(seed))
            self._seeded = True
        self.batch.reset(_ONE, {name: value for name, value in (options or {}).items() if name in _OPTIONS})
        self.agents = [*self.possible_agents]
        observations = self._observations()
        return observations, {agent: {"action_mask": seen["action_mask"]} for agent, seen in observations.items()}

    def step(
        self, actions: dict[str, Any]
    ) -> tuple[
        dict[str, dict[str, NDArray[Any]]],
        dict[str, float],
        dict[str, bool],
        dict[str, bool],
        dict[str, dict[str, Any]],
    ]:
        """Play the move of whose turn it is.

        Raises:
            NegoenvError: if no episode is running, or the action is not in the action space.
        """
        if not self.agents:
            raise NegoenvError("No episode is running: call reset() before the next step().")
        batch, mover = self.batch, SUPPLIER if self.batch.waits[0] else BUYER
        action = actions.get(mover)
        if action is None or not self.action_spaces[mover].contains(action):
            raise NegoenvError(f"The {mover}'s action is {shown(action)}; one of {self.action_spaces[mover]} is due.")
        if mover == BUYER:
            batch.buyer_step(np.array([action], np.int64), _ONE)
        else:
            move, asks = (action["move"], action["ask"]) if self._named else (action, None)
            batch.supplier_step(answers_of(np.array([move], np.int64), asks), _ONE)
        terminated = bool(batch.terminated[0])
        observations, both = self._observations(), self.agents
        infos: dict[str, dict[str, Any]] = {a: {"action_mask": observations[a]["action_mask"]} for a in both}
        infos[BUYER]["reward_terms"] = dict(zip(batch.reward_names, batch.reward_terms.tolist()[0], strict=True))
        if terminated:
            self.agents = []
            reported = {name: values.item() for name, values in coded(batch.outcomes(_FIRST)).items()}
            for info in infos.values():
                info |= {name: value for name, value in reported.items() if value == value}  # NaN: does not apply
        rewards = {BUYER: batch.rewards.item(), SUPPLIER: batch.profits.item()}
        return observations, rewards, dict.fromkeys(both, terminated), dict.fromkeys(both, False), infos

    def _observations(self) -> dict[str, AgentObservation]:
        batch = self.batch
        legal = np.zeros(MOVES, np.int8)
        legal[Move.HOLD] = 1
        if not batch.waits[0]:
            legal = batch.action_masks[0].copy()
        answers = supplier_masks(batch)[0]
        return {
            BUYER: {"observation": batch.observations[0].copy(), "action_mask": legal},
            SUPPLIER: {"observation": seen_by_suppliers(batch)[0], "action_mask": answers},
        }

    def render(self) -> None:
        """Return nothing: there is no render mode."""

    def close(self) -> None:
        """Free nothing: there is nothing to free."""
