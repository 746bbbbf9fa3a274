"""The vectorised Gymnasium environment: many negotiations in one compiled call."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from gymnasium.vector import AutoresetMode

from negoenv.base_env import BatchVectorEnv
from negoenv.engine.action_spaces import make_actions
from negoenv.engine.contract_batch import negotiations
from negoenv.infos import RENDERED_METADATA
from negoenv.scenarios.population import Population
from negoenv.scenarios.presets import resolve
from negoenv.scenarios.scenario import Scenario


class NegotiationVectorEnv(BatchVectorEnv):
    """Many negotiations of `negoenv.env.NegotiationEnv` side by side; its docstring is the manual of the game."""

    metadata = RENDERED_METADATA

    def __init__(
        self,
        num_envs: int = 1,
        scenario: Scenario | Mapping[str, Any] | str | Path | None = None,
        split: str = "train",
        autoreset_mode: AutoresetMode | str = AutoresetMode.NEXT_STEP,
        num_threads: int = 1,
        reveal: bool = False,
        base: str = "Procurement",
        population: Population | str | Path | None = None,
        max_episode_steps: int | None = None,
        render_mode: str | None = None,
        action_space: str = "discrete",
    ) -> None:
        self.scenario = resolve(scenario, base, population)
        batch = negotiations(num_envs, self.scenario, split, num_threads)
        actions = make_actions(action_space, batch)
        super().__init__(batch, autoreset_mode, reveal, max_episode_steps, render_mode, actions)
