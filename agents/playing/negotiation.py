"""One negotiation, played a move at a time."""

import copy
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from negoenv.errors import NegoenvError
from negoenv.games import make_batch
from negoenv.negotiation import NegotiationBatch
from negoenv.population import Archetype
from negoenv.presets import PRESETS
from negoenv.scenario import Scenario
from negoenv.state import Outcome
from negoenv.supplier import SUPPLIER
from negoenv.tactics import Move
from negoenv.viewer import Event, Recorder

_ALL = np.ones(1, np.bool_)


@dataclass(frozen=True)
class Setting:
    """Who is met, and in which game. The same setting is the same supplier with the same luck.

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
            scenario: as in `negoenv.games.make_batch`.
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
        return f"{self.scenario.name}, {self.split} split, seed {self.seed}"


class Negotiation:
    """Talks with one supplier, from the start.

    Attributes:
        setting: who is met.
        batch: the game, one row.
        moves: the moves so far.
        rewards: what each of them gave.
    """

    def __init__(self, setting: Setting) -> None:
        self.setting = setting
        self.batch = NegotiationBatch(1, setting.scenario, setting.split)
        self.batch.seed(setting.seed)
        self.batch.begin(_ALL)
        self.moves: list[Move] = []
        self.rewards: list[float] = []
        self._recorder = Recorder()
        self._recorder.begin(self.batch)

    @property
    def events(self) -> Sequence[Event]:
        """What happened, from the buyer's chair; the first event is the start of the talks."""
        return self._recorder.events

    @property
    def steps(self) -> Sequence[Event]:
        """What each move led to."""
        return [event for event in self.events if event.move is not None]

    @property
    def over(self) -> bool:
        """Whether the talks have ended."""
        return bool(self.batch.terminated[0])

    @property
    def outcome(self) -> Outcome:
        """How the talks stand or ended."""
        return self.events[-1].outcome

    @property
    def legal(self) -> tuple[Move, ...]:
        """The moves that are legal now."""
        return () if self.over else tuple(move for move in Move if self.batch.action_masks[0, move])

    def play(self, move: Move) -> None:
        """Play one move.

        Raises:
            NegoenvError: if the talks are over.
        """
        if self.over:
            raise NegoenvError(f"The talks ended after {len(self.moves)} moves; {move.name} comes too late.")
        self.batch.step(np.array([int(move)]), _ALL)
        self._recorder.step(self.batch, int(move))
        self.moves.append(move)
        self.rewards.append(float(self.batch.rewards[0]))

    def offer_after(self, move: Move) -> float:
        """Return the offer that would stand after ``move``, fraction of the first ask; 0 if there is none."""
        trial = copy.deepcopy(self.batch)  # the rules of the game are asked, not written again
        trial.step(np.array([int(move)]), _ALL)
        return float(trial.state["offer"][0])

    @property
    def archetype(self) -> Archetype:
        """What kind of supplier it is: hidden while the talks go on."""
        return self.batch.population.archetypes[int(self.batch.supplier["archetype"][0])]

    @property
    def hidden_type(self) -> Mapping[str, float]:
        """The fields of the hidden type by name, see `negoenv.supplier.SUPPLIER`."""
        return SUPPLIER.as_dict(self.batch.supplier)
