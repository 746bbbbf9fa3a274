"""The talks that are played: with whom, and what is asked of them besides what was recorded."""

import copy
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from negoenv.engine.negotiation_batch import NegotiationBatch
from negoenv.errors import NegoenvError, printable
from negoenv.game.supplier import SUPPLIER
from negoenv.game.tactics import Move
from negoenv.make import make_batch
from negoenv.scenarios.population import Archetype
from negoenv.scenarios.presets import PRESETS
from negoenv.scenarios.scenario import Scenario
from negoenv.viewer import RecordedNegotiation


@dataclass(frozen=True)
class Setting:
    """Who is met, and in which game. The same setting is the same supplier with the same random numbers.

    Attributes:
        scenario: the game.
        split: "train" or "test".
        seed: of the supplier; that of row i of an evaluation is the evaluation's seed + i.
    """

    scenario: Scenario
    split: str
    seed: int

    @classmethod
    def named(cls, scenario: Scenario | Mapping[str, Any] | str | Path, split: str, seed: int) -> "Setting":
        """Return the setting that a user means.

        Args:
            scenario: as in `negoenv.make.make_batch`.
            split: "train" or "test".
            seed: of the supplier.

        Raises:
            NegoenvError: if there is no such scenario or split, or it is a game without prices.
        """
        batch = make_batch(1, scenario, split)
        if not isinstance(batch, NegotiationBatch):
            raise NegoenvError(
                f"{scenario} has neither prices nor words to show; it is not played here. Accepted: "
                f"{', '.join(PRESETS)}, or a YAML file."
            )
        return cls(batch.scenario, split, seed)

    def __str__(self) -> str:
        return f"{printable(self.scenario.name)}, {self.split} split, seed {self.seed}"


class Negotiation(RecordedNegotiation):
    """Talks with one supplier, from the start.

    Attributes:
        setting: who is met.
    """

    def __init__(self, setting: Setting) -> None:
        super().__init__(NegotiationBatch(1, setting.scenario, setting.split), setting.seed)
        self.setting = setting

    def offer_after(self, move: Move) -> float:
        """Return the offer that would stand after ``move``, fraction of the first ask; 0 if there is none."""
        trial = copy.deepcopy(self.batch)  # the rules of the game are asked, not written again
        trial.step(np.array([int(move)]), np.ones(1, np.bool_))
        return float(trial.state["offer"][0])

    @property
    def archetype(self) -> Archetype:
        """What kind of supplier it is: hidden while the talks go on."""
        return self.batch.population.archetypes[int(self.batch.supplier["archetype"][0])]

    @property
    def hidden_type(self) -> Mapping[str, float]:
        """The fields of the hidden type by name, see `negoenv.game.supplier.SUPPLIER`."""
        return SUPPLIER.as_dict(self.batch.supplier)
