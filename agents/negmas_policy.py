"""A NegMAS negotiator in the buyer's chair, as a baseline on negoenv's own suppliers."""

from typing import Any

import numpy as np

from negoenv.errors import NegoenvError
from negoenv.game import observation
from negoenv.game.effects import Effects
from negoenv.game.tactics import OFFERS, Move
from negoenv.interop.negmas import PRICES, Seeded, negotiator_class, priced, require_negmas

from .policy import Actions, EpisodeStarts, Masks, Observations, Policy

_ROUND = 1.0 / observation.ROUND_SCALE  # rounds in one unit of the column rounds_left
_OPENINGS = [Move.OPEN_LOW, Move.OPEN_MODERATE, Move.OPEN_FAIR]


def _gives(effects: Effects) -> bool:
    return (effects.price > 0.0 or effects.concession > 0.0) and effects.asked == 0.0


_OFFERS = [*_OPENINGS, *(move for move in OFFERS if _gives(move.tactic.effects))]
"""What moves an offer without a word, and without asking for anything in return."""


class NegmasPolicy(Policy):
    """Plays what a NegMAS negotiator offers: the legal move whose offer comes nearest to that price, without words.

    The negotiator's utility is linear, 0 at the buyer's limit. Each row has a negotiator and a mechanism of its own:
    some hundreds of moves a second.
    """

    most_rows = 4096

    def __init__(self, negotiator: Any, prices: int = PRICES, **arguments: Any) -> None:
        """Take a class of negotiators, or a name as of `negoenv.interop.negmas.negotiator_class`.

        Raises:
            NegoenvError: if NegMAS is missing, or has no such negotiator.
        """
        require_negmas()
        self._class = negotiator_class(negotiator) if isinstance(negotiator, str) else negotiator
        self._arguments, self._count = arguments, prices
        self.name = self._class.__name__
        self._rows: dict[int, _Talks] = {}
        self._seed = 0

    def reset(self, num_rows: int, seed: int = 0) -> None:
        """Prepare for episodes; ``seed + row`` seeds what a row's negotiator draws."""
        self._rows, self._seed = {}, seed

    def choose(self, observations: Observations, action_masks: Masks, episode_starts: EpisodeStarts) -> Actions:
        """Name a move for each row.

        Raises:
            NegoenvError: for observations of another game than one about a price.
        """
        if observations.ndim != 2 or observations.shape[1] != len(observation.NAMES):
            raise NegoenvError(f"{self.name} negotiates a price; the observations of this game tell of something else.")
        moves = np.zeros(len(observations), np.int64)
        for row, (seen, mask) in enumerate(zip(observations, action_masks, strict=True)):
            named = {name: float(value) for name, value in observation.named(seen).items()}
            if episode_starts[row] or row not in self._rows:
                self._rows[row] = _Talks(self._class, self._arguments, named, self._count, self._seed + row)
            moves[row] = self._rows[row].move(named, mask)
        return moves


class _Talks:
    """One negotiator's talks, as an alternating-offers mechanism in which the supplier speaks second."""

    def __init__(self, kind: Any, arguments: Any, seen: dict[str, float], count: int, seed: int) -> None:
        rounds = max(1, round(seen["rounds_left"] * _ROUND))
        self._grid = np.linspace(min(0.4, 0.5 * seen["limit"]), seen["ask"], count)
        worth = (seen["limit"] - self._grid) / max(seen["limit"] - self._grid[0], 1e-3)
        self._seeded = Seeded(seed)
        self._mechanism, self._supplier = self._seeded(lambda: priced(kind, arguments, worth, rounds, True))
        self._begun = False

    def move(self, seen: dict[str, float], mask: Any) -> int:
        """Return the move that comes nearest to what the negotiator does now."""
        state = self._seeded(lambda: self._exchange(seen["ask"]))
        if state.agreement is not None and self._begun and mask[Move.ACCEPT]:
            return int(Move.ACCEPT)
        if state.has_error or (state.ended and state.agreement is None):
            return int(Move.WALK_AWAY)
        self._begun = True
        offers = state.current_offer if state.agreement is None else state.agreement
        price = float(self._grid[int(offers[0])]) if offers is not None else 0.0
        return _nearest(min(price, seen["budget"]), seen, mask)

    def _exchange(self, ask: float) -> Any:
        """Lay the supplier's ask before the negotiator, if it has spoken before, and return where they stand."""
        if self._mechanism.state.ended:
            return self._mechanism.state
        if self._begun:
            said = min(int(np.searchsorted(self._grid, ask - 1e-9)), len(self._grid) - 1)
            self._mechanism.step({self._supplier.id: self._supplier.answer(said)})
            if self._mechanism.state.ended:
                return self._mechanism.state
        return self._mechanism.step()


def _nearest(price: float, seen: dict[str, float], mask: Any) -> int:
    """Return the legal move whose offer is nearest to a price, of two the smaller; HOLD keeps the standing offer."""
    gap = max(0.0, seen["ask"] - seen["offer"])
    offers = {} if mask[_OPENINGS].any() else {int(Move.HOLD): seen["offer"]}
    for move in _OFFERS:
        if mask[move]:
            effects = move.tactic.effects
            named = max(effects.opening, effects.price) * seen["benchmark"]
            offers[int(move)] = named or seen["offer"] + effects.concession * gap
    return min(offers, key=lambda move: (abs(offers[move] - price), offers[move]))
