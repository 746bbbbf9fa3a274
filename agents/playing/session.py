"""Who chooses the moves of a negotiation: a person, a policy that is watched, or a saved record."""

from collections.abc import Sequence

from negoenv.errors import printable
from negoenv.game.tactics import Move

from .advice import Advice, Adviser
from .negotiation import Negotiation

YOU = "you"
"""The name of the person who plays."""


class Session:
    """A negotiation, who plays it, and who advises.

    Attributes:
        negotiation: the talks.
        player: name of who chooses the moves, fit to be shown.
        adviser: who is asked before each move, if anyone.
        advice: what it said before each move, the next one included while the talks go on; empty without an adviser.
    """

    def __init__(
        self,
        negotiation: Negotiation,
        player: str = YOU,
        adviser: Adviser | None = None,
        watched: bool = False,
        script: Sequence[Move] | None = None,
    ) -> None:
        """Start.

        Args:
            negotiation: talks that have just begun.
            player: name of who chooses the moves.
            adviser: who is asked before each move.
            watched: whether the adviser plays itself.
            script: the moves of a record; otherwise a person chooses, unless the adviser is watched.
        """
        self.negotiation = negotiation
        self.player = printable(player)
        self.adviser = adviser
        self.advice: list[Advice] = []
        self._watched = watched
        self._script = script
        self._ask()

    @property
    def scripted(self) -> bool:
        """Whether the moves are those of a record."""
        return self._script is not None

    @property
    def by_hand(self) -> bool:
        """Whether a person chooses the moves."""
        return self._script is None and not self._watched

    @property
    def current_advice(self) -> Advice | None:
        """What the adviser says of the next move; ``None`` without one, or once the talks are over."""
        return self.advice[-1] if self.advice and not self.negotiation.over else None

    @property
    def next_move(self) -> Move | None:
        """The move that comes next; ``None`` if a person chooses it, or if there is none."""
        played = len(self.negotiation.moves)
        if self.negotiation.over or self.by_hand:
            return None
        if self._script is not None:
            return self._script[played] if played < len(self._script) else None
        return self.advice[-1].move

    def play(self, move: Move) -> None:
        """Play a move, and ask the adviser about the next one."""
        self.negotiation.play(move)
        self._ask()

    def advance(self) -> bool:
        """Play the move that comes next; return whether there was one."""
        move = self.next_move
        if move is not None:
            self.play(move)
        return move is not None

    def _ask(self) -> None:
        if self.adviser is not None and not self.negotiation.over:
            self.advice.append(self.adviser.advise())

    @property
    def agreements(self) -> int:
        """How often the player chose what the adviser said."""
        return sum(advice.move is move for advice, move in zip(self.advice, self.negotiation.moves, strict=False))
