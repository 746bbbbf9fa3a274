"""How thoroughly a game is played."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from negoenv.errors import NegoenvError

from ...learning.config import CONFIGS

FACT_PART = "facts"
PARTS = ("families", "burst", "exploits", "weights", "capabilities", FACT_PART)
"""The parts by name, beside the standings, which are always played: the others are measured by them."""


@dataclass(frozen=True)
class Settings:
    """The sizes of a playtest. The defaults take about a quarter of an hour a scenario on two free cores.

    Attributes:
        steps: environment steps of each training, for each deal of an episode.
        seeds: trainings of each kind, with the seeds 0, 1, ...
        recurrent_steps: environment steps of RecurrentPPO, which makes about 1,400 a second; 0 for none.
        episodes: held-out suppliers, one episode each.
        reference_episodes: the first so many of them for the planners, which take their time; 0 for none.
        candidates: sequences of moves in each iteration of the search.
        iterations: iterations of the search.
        restarts: times that the search begins anew.
        rule_generations: generations of the search for lists of rules, of as many candidates.
        suppliers: training suppliers that each candidate meets; eight times as many decide between the last ones.
        factors: what the default of a reward weight is multiplied by in the sweep, beside 1.
        sweep_seeds: trainings at each value of the sweep.
        transcripts: negotiations that are written down of each learned policy.
        fact_episodes: suppliers in each arm of the model card's experiments; 0 to leave the card out.
        changes: ``key=value`` for every training, as in ``negoenv train``.
        configs: folder of the training configurations whose hyperparameters are used.
        processes: trainings side by side, each with one thread.
    """

    steps: int = 2_500_000
    seeds: int = 2
    recurrent_steps: int = 0
    episodes: int = 4096
    reference_episodes: int = 256
    candidates: int = 1_000
    iterations: int = 25
    restarts: int = 2
    rule_generations: int = 50
    suppliers: int = 128
    factors: tuple[float, ...] = (0.0, 0.5, 3.0)
    sweep_seeds: int = 1
    transcripts: int = 5
    fact_episodes: int = 20_000
    changes: tuple[str, ...] = ()
    configs: Path = CONFIGS
    processes: int = 2

    def __post_init__(self) -> None:
        """Refuse what cannot be played.

        Raises:
            NegoenvError: for a number that is too small.
        """
        least = {
            "steps": 1, "seeds": 1, "episodes": 2, "candidates": 10, "iterations": 1, "restarts": 1,
            "rule_generations": 1, "suppliers": 2, "sweep_seeds": 1, "processes": 1, "recurrent_steps": 0,
            "reference_episodes": 0, "transcripts": 0, "fact_episodes": 0,
        }  # fmt: skip
        for name, smallest in least.items():
            if getattr(self, name) < smallest:
                raise NegoenvError(f"{name} is {getattr(self, name)}; it must be at least {smallest}.")


QUICK = Settings(
    steps=1_024,
    episodes=64,
    reference_episodes=2,
    candidates=40,
    iterations=2,
    restarts=1,
    rule_generations=2,
    suppliers=8,
    factors=(0.0,),
    transcripts=1,
    fact_episodes=0,
    changes=("num_envs=16", "hyperparameters.batch_size=256", "hyperparameters.n_epochs=2"),
)
"""Whether it runs, not what it says: about half a minute a scenario."""


def with_changes(settings: Settings, **given: Any) -> Settings:
    """Return settings with what was given, not None, in place of their own."""
    return replace(settings, **{name: value for name, value in given.items() if value is not None})
