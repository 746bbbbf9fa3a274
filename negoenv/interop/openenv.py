"""OpenEnv (the extra ``openenv``): the game in words as one of its environments, on a server of this machine.

OpenEnv's interface is ``reset`` and ``step`` over actions and observations that are JSON, for language models that
learn or are measured (https://github.com/huggingface/OpenEnv). What is told and how an answer is read is that of
`negoenv.interop.text`. Nothing of OpenEnv is imported before this module is.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from pydantic import Field

from negoenv.engine.batch import OUTCOME_NAMES
from negoenv.env import NegotiationEnv
from negoenv.errors import NegoenvError, whole_number
from negoenv.game.tactics import Move
from negoenv.installation import importing
from negoenv.interop.text import RULES, parse_move, told_moves, told_observation
from negoenv.scenarios.scenario import Scenario

with importing("OpenEnv", "openenv"):
    from openenv.core.env_server import create_app
    from openenv.core.env_server.interfaces import Environment
    from openenv.core.env_server.types import Action, Observation, State


class SpokenMove(Action):  # type: ignore[misc]
    """What is answered.

    Attributes:
        text: free text that names one legal move, for example ``"MOVE: PROBE"``.
    """

    text: str = Field(description="free text that names one legal move, on a line that begins with MOVE:")


class SpokenSituation(Observation):  # type: ignore[misc]
    """What is told; ``reward`` and ``done`` are OpenEnv's.

    Attributes:
        text: where the talks stand, in words; empty when they are over.
        moves: the legal moves, a line each, with what they mean.
        problem: why the last answer was not understood, a sentence; empty if it was.
        outcome: what became of the talks, of `negoenv.Outcome` in small letters; empty while they go on.
    """

    text: str
    moves: str
    problem: str = ""
    outcome: str = ""


class SpokenNegotiation(Environment[SpokenMove, SpokenSituation, State]):  # type: ignore[misc]
    """A negotiation about a price, in words; the same seeds give the same suppliers and rewards as in `NegotiationEnv`.

    An answer that names no legal move is answered by what is wrong with it, and the talks stand still; after the last
    attempt in a row HOLD is played. ``get_metadata`` tells the rules, as the description.
    """

    SUPPORTS_CONCURRENT_SESSIONS = True

    def __init__(
        self, scenario: Scenario | Mapping[str, Any] | str | Path | None = None, split: str = "train", attempts: int = 3
    ) -> None:
        """Make the game.

        Args:
            scenario: as of `negoenv.NegotiationEnv`, about a price alone.
            split: where suppliers come from.
            attempts: how many answers in a row may be wrong.

        Raises:
            NegoenvError: for a scenario with several issues, or if ``attempts`` is no whole number of at least 1.
        """
        super().__init__()
        self._env = NegotiationEnv(scenario, split)
        self._attempts = whole_number("attempts", attempts)
        self._episode, self._steps, self._failed, self._over = "", 0, 0, True
        told_observation(np.zeros(self._env.observation_space.shape or (), np.float32))  # refuses what it cannot tell

    def reset(self, seed: int | None = None, episode_id: str | None = None, **kwargs: Any) -> SpokenSituation:
        """Start an episode; with a seed, the one that `NegotiationEnv.reset` starts.

        Raises:
            NegoenvError: for further arguments.
        """
        if kwargs:
            raise NegoenvError(f"reset takes seed and episode_id, not {', '.join(kwargs)}.")
        observation, info = self._env.reset(seed=seed)
        self._episode, self._steps, self._failed, self._over = episode_id or "", 0, 0, False
        return self._told(observation, info)

    def step(self, action: SpokenMove, timeout_s: float | None = None, **kwargs: Any) -> SpokenSituation:
        """Play the move that an answer names.

        Raises:
            NegoenvError: if no episode goes on.
        """
        if self._over:
            raise NegoenvError("The talks are over, or have not begun: call reset first.")
        try:
            move = parse_move(action.text, self._mask)
        except NegoenvError as error:
            self._failed += 1
            if self._failed < self._attempts:
                told: SpokenSituation = self._situation.model_copy(update={"problem": str(error), "reward": 0.0})
                return told
            move = Move.HOLD
        self._failed = 0
        self._steps += 1
        observation, reward, self._over, _, info = self._env.step(np.int64(move))
        return self._told(observation, info, float(reward))

    @property
    def state(self) -> State:
        """The name of the episode, and how many moves were played in it."""
        return State(episode_id=self._episode or None, step_count=self._steps)

    def get_metadata(self) -> Any:
        """Return the name of the scenario and the rules."""
        told = super().get_metadata()
        return told.model_copy(update={"name": f"negoenv/{self._env.scenario.name}", "description": RULES})

    def _told(self, observation: Any, info: dict[str, Any], reward: float | None = None) -> SpokenSituation:
        self._mask = info["action_mask"]
        over = self._over and reward is not None
        self._situation = SpokenSituation(
            text="" if over else told_observation(observation),
            moves="" if over else told_moves(observation, self._mask),
            outcome=OUTCOME_NAMES[info["outcome"]] if over else "",
            reward=reward,
            done=over,
        )
        return self._situation


def make_app(
    scenario: Scenario | Mapping[str, Any] | str | Path | None = None,
    split: str = "train",
    attempts: int = 3,
    sessions: int = 64,
) -> Any:
    """Return OpenEnv's web application of the game, for ``uvicorn.run(app, host="127.0.0.1", port=8000)``.

    Args:
        scenario: as of `SpokenNegotiation`, as are ``split`` and ``attempts``; each session has a game of its own.
        split: where suppliers come from.
        attempts: how many answers in a row may be wrong.
        sessions: how many there may be at a time.

    Raises:
        NegoenvError: as `SpokenNegotiation`.
    """

    def game() -> SpokenNegotiation:
        return SpokenNegotiation(scenario, split, attempts)

    name = game().get_metadata().name
    return create_app(game, SpokenMove, SpokenSituation, env_name=name, max_concurrent_envs=sessions)
