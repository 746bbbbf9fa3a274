"""A negotiation that is played a move at a time and recorded: for the game for people, transcripts and tests."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from negoenv.engine.negotiation_batch import NegotiationBatch
from negoenv.errors import NegoenvError
from negoenv.game.state import Outcome
from negoenv.game.tactics import BY_FAMILY, AnyMove
from negoenv.game.term_moves import TermMove
from negoenv.viewer.events import Event, Recorder

_ALL = np.ones(1, np.bool_)

IN_ORDER: tuple[AnyMove, ...] = (*BY_FAMILY, *TermMove)
"""All moves as they are shown: family by family."""


class RecordedNegotiation:
    """An episode of one negotiation, from its start.

    Attributes:
        batch: the environment, one row; whoever shares it must not step it.
        rewards: what each move gave.
    """

    def __init__(self, batch: NegotiationBatch, seed: int, options: dict[str, Any] | None = None) -> None:
        """Start the episode.

        Args:
            batch: of one row; it is started anew.
            seed: of the supplier.
            options: as of `negoenv.NegotiationEnv.reset`.
        """
        batch.seed(seed)
        batch.reset(_ALL, options)
        self.batch = batch
        self.rewards: list[float] = []
        self._recorder = Recorder()
        self._recorder.begin(batch)

    @property
    def events(self) -> Sequence[Event]:
        """What happened, from the buyer's side; the first event is the start of the talks."""
        return self._recorder.events

    @property
    def steps(self) -> Sequence[Event]:
        """What each move led to."""
        return [event for event in self.events if event.move is not None]

    @property
    def moves(self) -> Sequence[AnyMove]:
        """The moves that the buyer chose, legal or not; numbers that are no move are left out."""
        return [event.wanted for event in self.events if event.wanted is not None]

    @property
    def over(self) -> bool:
        """Whether the episode has ended."""
        return bool(self.batch.terminated[0])

    @property
    def outcome(self) -> Outcome:
        """How the talks stand or ended."""
        return self.events[-1].outcome

    @property
    def legal(self) -> tuple[AnyMove, ...]:
        """The moves that are legal now, family by family; none once the episode has ended."""
        mask = self.batch.action_masks[0]
        return () if self.over else tuple(move for move in IN_ORDER if move < len(mask) and mask[move])

    def play(self, action: int) -> None:
        """Play one move; one that is not legal counts as HOLD.

        Raises:
            NegoenvError: if the episode has ended.
        """
        if self.over:
            raise NegoenvError(f"The negotiation ended after {len(self.steps)} moves; no move comes after that.")
        self.batch.step(np.array([int(action)]), _ALL)
        self._recorder.step(self.batch, int(action))
        self.rewards.append(float(self.batch.rewards[0]))
