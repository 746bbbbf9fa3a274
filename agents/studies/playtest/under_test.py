"""The game under test: its variants, what is trained on it, and how it is played on held-out suppliers."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from negoenv.benchmark.evaluation import Episodes
from negoenv.config import read_yaml
from negoenv.engine.contract_batch import negotiations
from negoenv.engine.negotiation_batch import NegotiationBatch
from negoenv.errors import NegoenvError
from negoenv.make import LADDER, game_name
from negoenv.scenarios.presets import resolve
from negoenv.scenarios.scenario import Scenario

from ...policy import Policy
from ...reporting.report import report_on
from .settings import Settings
from .training import Store, TrainingRun, configuration

PPO, WITH_TRACE, RECURRENT = "PPO", "PPO with a trace", "RecurrentPPO"
"""Who learns: `fast_ppo`, the same with a moving average of what it has observed, and sb3-contrib's RecurrentPPO."""

_KINDS = {PPO: "fast_ppo", WITH_TRACE: "fast_ppo_trace", RECURRENT: "recurrent_ppo"}  # of configurations


@dataclass(frozen=True)
class ScenarioUnderTest:
    """A scenario, how thoroughly it is played, and where what is finished is kept."""

    given: str  # the scenario as the user named it: a preset, or a YAML file
    settings: Settings  # how thoroughly
    parent: Path  # where the directory of each scenario is
    progress: bool = False  # whether to show bars

    def __post_init__(self) -> None:
        """Refuse what is no negotiation.

        Raises:
            NegoenvError: if there is no such scenario, or it is the ladder.
        """
        if game_name(self.given) == LADDER:
            raise NegoenvError("The ladder is not playtested: its optimum is exact, see negoenv.ladder.optimum.")

    @cached_property
    def scenario(self) -> Scenario:
        """The scenario."""
        return resolve(self.given)

    @cached_property
    def store(self) -> Store:
        """What is finished."""
        return Store(self.parent, self.scenario)

    def variant(self, **changes: Any) -> dict[str, Any]:
        """Return the scenario with some keys changed, as a mapping; it keeps its name."""
        is_file = self.given.endswith((".yaml", ".yml"))
        return (read_yaml(self.given) if is_file else {"base": self.given}) | changes

    def without(self, name: str) -> dict[str, Any]:
        """Return the scenario without a move or family, beside what it lacks already."""
        return self.variant(without=[*self.scenario.without, name])

    def weighted(self, **weights: float) -> dict[str, Any]:
        """Return the scenario with some reward weights changed."""
        return self.variant(weights={**self.scenario.weights, **weights})

    def trainings(
        self, learner: str = PPO, game: Mapping[str, Any] | None = None, seeds: int = 0, steps: int = 0
    ) -> list[TrainingRun]:
        """Return trainings that differ by their seed alone.

        Args:
            learner: `PPO`, `WITH_TRACE` or `RECURRENT`.
            game: a variant; the scenario itself unless given.
            seeds: how many; as the settings say unless given.
            steps: environment steps of each, for each deal of an episode; as the settings say unless given.
        """
        settings = self.settings
        played = game or self.variant()
        total = (steps or settings.steps) * resolve(played).deals
        configs = [
            configuration(settings, played, _KINDS[learner], seed, total) for seed in range(seeds or settings.seeds)
        ]
        return [TrainingRun(c, self.store.place(f"{c.algorithm}_seed_{c.seed}", c.model_dump())) for c in configs]

    def play(self, policy: Policy, game: Mapping[str, Any] | None = None, episodes: int = 0) -> Episodes:
        """Play a policy on held-out suppliers, the same for all.

        Args:
            policy: any policy that fits.
            game: a variant; the scenario itself unless given.
            episodes: how many; as the settings say unless given.
        """
        return report_on(policy, game or self.variant(), episodes=episodes or self.settings.episodes).episodes

    def play_learned(self, training: TrainingRun) -> Episodes:
        """Play what a finished training has learned, in the game that it was trained on."""
        return self.play(self.learned(training), dict(self._game(training)))

    def learned(self, training: TrainingRun) -> Policy:
        """Return what a finished training has learned."""
        from ...learning.storage import read_policy  # torch takes seconds to import

        return read_policy(training.directory)

    def _game(self, training: TrainingRun) -> Mapping[str, Any]:
        game = training.config.scenario
        assert isinstance(game, Mapping)  # `trainings` gives no other
        return game

    def batch(self, episodes: int = 0, game: Mapping[str, Any] | None = None) -> NegotiationBatch:
        """Return held-out episodes, not seeded; with `report.EVALUATION_SEED` they are those of `report_on`."""
        rows = episodes or self.settings.episodes
        return negotiations(rows, resolve(game or self.variant()), "test")
