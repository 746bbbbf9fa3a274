"""A NegMAS negotiator in the buyer's side, as a baseline on negoenv's own suppliers: about a price, or a contract."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from negoenv.errors import NegoenvError
from negoenv.game import observation, terms_observation
from negoenv.game.effects import Effects
from negoenv.game.tactics import MOVES, OFFERS, Move
from negoenv.game.term_moves import ISSUES, LEVELS, PAYS
from negoenv.game.terms_observation import STEP_SCALE
from negoenv.interop.negmas import PRICES, Seeded, make_mechanism, negotiator_class, require_negmas
from negoenv.scenarios.presets import resolve

from .policy import Actions, EpisodeStarts, Masks, Observations, Policy

_ROUND = 1.0 / observation.ROUND_SCALE  # rounds in one unit of the column rounds_left
_OPENINGS = [Move.OPEN_LOW, Move.OPEN_MODERATE, Move.OPEN_FAIR]


def _gives(effects: Effects) -> bool:
    return (effects.price > 0.0 or effects.concession > 0.0) and effects.asked == 0.0


_OFFERS = [*_OPENINGS, *(move for move in OFFERS if _gives(move.tactic.effects))]
"""What moves an offer without a word, and without asking for anything in return."""

Seen = Mapping[str, float]
"""An observation by the names of its columns."""


class NegmasPolicy(Policy):
    """Plays what a NegMAS negotiator offers: the legal move whose offer comes nearest to that, without words.

    The negotiator's utility is linear in the price, 0 at the buyer's limit. Where there are several issues it has what
    each level is worth to the buyer, too, and moves on the terms come before those on the price, but for the move after
    one that was refused. Each row has a negotiator and a mechanism of its own: some hundreds of moves a second.

    Attributes:
        crashed: how many negotiators have failed since `reset`; the buyer leaves then.
        timed_out: how many have run out of time; it leaves, too.
    """

    most_rows = 4096

    def __init__(self, negotiator: Any, prices: int = PRICES, contract: str = "Contract", **arguments: Any) -> None:
        """Take a class of negotiators, or a name as of `negoenv.interop.negmas.negotiator_class`.

        Args:
            negotiator: the class, or its name.
            prices: how many prices there are to offer.
            contract: the scenario whose issues are talked about, where there are several.
            arguments: what the class is made with.

        Raises:
            NegoenvError: if NegMAS is missing, or has no such negotiator.
        """
        require_negmas()
        self._class = negotiator_class(negotiator) if isinstance(negotiator, str) else negotiator
        self._arguments, self._count, self._contract = arguments, prices, contract
        self.name = self._class.__name__
        self._rows: dict[int, _Talks] = {}
        self._seed = self.crashed = self.timed_out = 0

    def reset(self, num_rows: int, seed: int = 0) -> None:
        """Prepare for episodes; ``seed + row`` seeds what a row's negotiator draws."""
        self._rows, self._seed = {}, seed
        self.crashed = self.timed_out = 0

    def choose(self, observations: Observations, action_masks: Masks, episode_starts: EpisodeStarts) -> Actions:
        """Name a move for each row.

        Raises:
            NegoenvError: for observations of another game than one about a price or a contract.
        """
        columns = {len(names): names for names in (observation.NAMES, terms_observation.ALL_NAMES)}
        if observations.ndim != 2 or observations.shape[1] not in columns:
            raise NegoenvError(f"{self.name} negotiates a price; the observations of this game tell of something else.")
        names = columns[observations.shape[1]]
        moves = np.zeros(len(observations), np.int64)
        for row, (values, mask) in enumerate(zip(observations.tolist(), action_masks, strict=True)):
            seen = dict(zip(names, values, strict=True))
            if episode_starts[row] or row not in self._rows:
                self._rows[row] = self._begun(seen, self._seed + row)
            talks = self._rows[row]
            moves[row] = talks.move(seen, mask)
            self.crashed += talks.crashed
            self.timed_out += talks.timed_out
        return moves

    def _begun(self, seen: Seen, seed: int) -> "_Talks":
        if len(seen) == len(observation.NAMES):
            return _Talks(self._class, self._arguments, seen, self._count, seed)
        return _ContractTalks(self._class, self._arguments, seen, self._count, seed, _worth_of_levels(self._contract))


class _Talks:
    """One negotiator's talks, as an alternating-offers mechanism in which the supplier speaks second.

    Attributes:
        crashed: whether the last move ended them since the negotiator failed.
        timed_out: whether it did since the mechanism's time was over.
    """

    def __init__(self, kind: Any, arguments: Any, seen: Seen, count: int, seed: int) -> None:
        rounds = max(1, round(seen["rounds_left"] * _ROUND))
        self._grid = self._prices(seen, count)
        worth = self._worth(seen)
        worth = worth / max(float(worth.max()), 1e-3)
        self._seeded = Seeded(seed)
        self._mechanism, self._supplier = self._seeded(lambda: make_mechanism(kind, arguments, worth, rounds, True))
        self._begun = self.crashed = self.timed_out = False

    def _prices(self, seen: Seen, count: int) -> NDArray[np.float64]:
        """Return the prices that can be offered."""
        return np.linspace(min(0.4, 0.5 * seen["limit"]), seen["ask"], count)

    def _worth(self, seen: Seen) -> NDArray[np.float64]:
        """Return what each outcome is worth, 0 for no deal; with one axis for each issue."""
        return seen["limit"] - self._grid

    def _terms(self, seen: Seen) -> tuple[int, ...]:
        """Return the levels on the table, besides the price."""
        return ()

    def move(self, seen: Seen, mask: Any) -> int:
        """Return the move that comes nearest to what the negotiator does now."""
        state = self._seeded(lambda: self._exchange(seen))
        if state.agreement is not None and self._begun and mask[Move.ACCEPT]:
            return int(Move.ACCEPT)
        self.crashed, self.timed_out = bool(state.has_error), bool(state.timedout)
        if state.has_error or (state.ended and state.agreement is None):
            return int(Move.WALK_AWAY)
        self._begun = True
        outcome = state.current_offer if state.agreement is None else state.agreement
        price = float(self._grid[int(outcome[0])]) if outcome is not None else 0.0
        terms = tuple(int(level) for level in outcome[1:]) if outcome is not None else self._terms(seen)
        return self._towards(min(price, seen["budget"]), terms, seen, mask)

    def _towards(self, price: float, terms: tuple[int, ...], seen: Seen, mask: Any) -> int:
        """Return the legal move that comes nearest to an outcome."""
        return _nearest(price, seen, mask)

    def _exchange(self, seen: Seen) -> Any:
        """Lay the supplier's ask before the negotiator, if it has spoken before, and return where they stand."""
        if self._mechanism.state.ended:
            return self._mechanism.state
        if self._begun:
            said = min(int(np.searchsorted(self._grid, seen["ask"] - 1e-9)), len(self._grid) - 1)
            self._mechanism.step({self._supplier.id: self._supplier.answer((said, *self._terms(seen)))})
            if self._mechanism.state.ended:
                return self._mechanism.state
        return self._mechanism.step()


def _worth_of_levels(scenario: str) -> list[NDArray[np.float64]]:
    """Return what each level of each issue is worth to the buyer, a fraction of the first ask.

    Raises:
        NegoenvError: if there is no such scenario, or it has no issues.
    """
    game = resolve(scenario)
    if game.issues is None:
        raise NegoenvError(f"{game.name} has no issues besides the price; the observations tell of some.")
    record = game.issues.record(game.test.archetype_names)[0]
    return [np.asarray(record["worth"][k, : int(record["levels"][k])], float) for k in range(len(ISSUES))]


class _ContractTalks(_Talks):
    """The same about several issues, each by the number of its level."""

    def __init__(
        self, kind: Any, arguments: Any, seen: Seen, count: int, seed: int, levels: list[NDArray[np.float64]]
    ) -> None:
        self._levels = levels
        super().__init__(kind, arguments, seen, count, seed)

    def _prices(self, seen: Seen, count: int) -> NDArray[np.float64]:
        highest = seen["limit"] + sum(float(worth.max()) for worth in self._levels)
        return np.linspace(min(0.4, 0.5 * seen["limit"]), max(seen["ask"], highest), count)

    def _worth(self, seen: Seen) -> NDArray[np.float64]:
        worth = seen["limit"] - seen["terms_worth"] - self._grid  # on standard terms
        for levels in self._levels:
            worth = worth[..., None] + levels
        return worth

    def _terms(self, seen: Seen) -> tuple[int, ...]:
        most = (len(levels) - 1 for levels in self._levels)
        return tuple(round(seen[f"{issue}_level"] * n) for issue, n in zip(ISSUES, most, strict=True))

    def _towards(self, price: float, terms: tuple[int, ...], seen: Seen, mask: Any) -> int:
        """Return the move that brings the terms nearest, of several that with the nearest price; else on the price."""
        missing = np.array(terms) - np.array(self._terms(seen))
        left = np.abs(missing - LEVELS).sum(axis=1)
        open_moves = np.flatnonzero((mask[MOVES:] == 1) & (left < np.abs(missing).sum()))
        if len(open_moves) == 0 or seen["refused"]:
            return _nearest(price, seen, mask)
        up, down = (np.array([seen[f"{issue}_{way}"] for issue in ISSUES]) / STEP_SCALE for way in ("up", "down"))
        steps = np.where(LEVELS > 0, up, -down) * (LEVELS != 0)
        offers = seen["offer"] + PAYS * steps.sum(axis=1)
        return MOVES + int(min(open_moves, key=lambda k: (left[k], abs(offers[k] - price))))


def _nearest(price: float, seen: Seen, mask: Any) -> int:
    """Return the legal move whose offer is nearest to a price, of two the smaller; HOLD keeps the standing offer."""
    gap = max(0.0, seen["ask"] - seen["offer"])
    offers = {} if mask[_OPENINGS].any() else {int(Move.HOLD): seen["offer"]}
    for move in _OFFERS:
        if mask[move]:
            effects = move.tactic.effects
            named = max(effects.opening, effects.price) * seen["benchmark"]
            offers[int(move)] = named or seen["offer"] + effects.concession * gap
    return min(offers, key=lambda move: (abs(offers[move] - price), offers[move]))
