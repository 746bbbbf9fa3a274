"""Buyers against simulated sellers: the simulated side of the moments.

First prices are replayed as they are (of the buyer, and of the seller where it spoke first). After each price of the
seller the buyer closes a fraction of the gap, drawn from what the measured buyers did at their second move, or at their
third and later ones; or it walks away. A round is a turn: in some the buyer names no price, and a seller that does not
move names its ask again in some.
"""

from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from negoenv.engine.negotiation_batch import NegotiationBatch
from negoenv.game.state import Outcome
from negoenv.game.tactics import Move
from negoenv.human.bargains import LIST_PRICE, SAME_PRICE, SMALLEST_GAP, Bargains, Floats
from negoenv.human.turns import SMALLEST_GAP as OPEN_GAP
from negoenv.human.turns import Turns, load_shipped_turns
from negoenv.human.words import ANY_OFFER, WORDS, Mask, TurnKind, WordHabits, arguments_of, say_and_offer
from negoenv.scenarios.scenario import Scenario

ROUNDING = 0.01
"""Fractions are rounded to a multiple of this: a fraction of one half stays one half."""

WHOLE = 0.95
"""Who closes more than this fraction of the gap has accepted the seller's price."""


TALKS = (0.22, 0.58)
"""Share of later turns of a chat in which a buyer names no price: after a move of the seller, and after none.

Of the shipped turns: 121 of 575, and 158 of the 271 that did not take the ask. Nobody takes an ask that was not just
named.
"""

RESTATES = 0.22
"""How often a seller that does not move names its ask again, after a first offer of the same turns (after any: .25)."""


class Moves(Protocol):
    """What buyers do after an answer of the seller."""

    def draw(self, number: int, uniform: Floats, conceded: NDArray[np.bool_]) -> Floats:
        """Return the fraction of the gap that each buyer closes: 0 holds, 1 accepts, ``nan`` walks away.

        Args:
            number: which move of the buyer it is; its first price is move 1.
            uniform: a uniform number for each buyer, float64 of shape ``(n,)``.
            conceded: whether the seller's answer was lower than what it asked before, shape ``(n,)``.
        """


@dataclass(frozen=True, eq=False)
class LaterMoves:
    """Moves of measured buyers, whatever the seller's answer was.

    Attributes:
        fractions: fraction of the gap that the buyer closes, 0 (same price again) to 1 (accepts), ``nan`` for walking
            away; sorted, one array for the second move and one for all later ones.
    """

    fractions: tuple[Floats, Floats]

    def draw(self, number: int, uniform: Floats, conceded: NDArray[np.bool_]) -> Floats:
        """See `Moves`."""
        known = self.fractions[0 if number == 2 else 1]
        if not known.size:
            return np.full(uniform.shape, np.nan)
        return known[(uniform * known.size).astype(np.int64)]


@dataclass(frozen=True, eq=False)
class Buyers:
    """Buyers that a simulated seller meets; prices as fractions of the list price."""

    first_price: Floats  # the first price of each, float64 of shape ``(n,)``
    seller_price: Floats  # the seller's price before it, ``nan`` where the buyer spoke first, shape ``(n,)``
    target: Floats  # the price that the buyer hopes for, ``nan`` if unknown, shape ``(n,)``
    moves: Moves  # what they do later
    talks: tuple[float, float] = (0.0, 0.0)  # share of the later turns without a price: after a move, and after none
    restates: float = 1.0  # how often a seller that does not move names its ask again
    habits: WordHabits = field(default_factory=WordHabits.silent)  # how often they say what

    @classmethod
    def of(cls, measured: Bargains, turns: Turns | None = None) -> "Buyers":
        """Return buyers who behave as those measured in chats, and speak as at these turns or the shipped ones."""
        habits = (load_shipped_turns() if turns is None else turns).habits
        return cls(
            measured.first_price, measured.prices[:, 0], measured.buyer_target, later_moves(measured), TALKS, RESTATES,
            habits,
        )  # fmt: skip

    def __len__(self) -> int:
        return len(self.first_price)


def later_moves(bargains: Bargains) -> LaterMoves:
    """Return what buyers did after a price of the seller.

    Where the buyer names no further price, the deal price counts as the buyer's move (its own last price: it held and
    the seller gave in; the seller's: it accepted), and no deal as walking away, though who left is not recorded. Moves
    with a gap under `SMALLEST_GAP` or an implausible deal price are left out.
    """
    ours, theirs = bargains.prices[:, 1:-1:2], bargains.prices[:, 2::2]
    following = np.column_stack([bargains.prices[:, 3::2], np.full(len(bargains), np.nan)])[:, : theirs.shape[1]]
    gap = theirs - ours
    end = np.isfinite(theirs) & np.isnan(following)
    walks = end & ~bargains.agreement[:, None]
    reached = np.where(end, bargains.sale_price[:, None], following)
    fractions = np.divide(reached - ours, gap, out=np.full(gap.shape, np.nan), where=gap >= SMALLEST_GAP)
    counted = (gap >= SMALLEST_GAP) & (walks | np.isfinite(fractions))
    rounded = np.clip(np.round(fractions / ROUNDING) * ROUNDING, 0.0, 1.0)
    rounded[rounded > WHOLE] = 1.0
    second, later = (np.sort(rounded[:, part][counted[:, part]]) for part in (slice(0, 1), slice(1, None)))
    return LaterMoves((second, later))


class Replay(NamedTuple):
    """What came of simulated negotiations, those of one buyer next to each other."""

    bargains: Bargains  # the prices named
    turns: Turns  # the turns of the buyers with the replies to them; their ``dialogue`` is the row here
    rounds: NDArray[np.int64]  # rounds played, one turn of each side, shape ``(n,)``
    said: Mask  # whether the buyer ever said such words at a turn, shape ``(n, len(WORDS))``


def simulate(scenario: Scenario, buyers: Buyers, sellers: int = 20, seed: int = 0) -> Bargains:
    """Return the prices of `replay`: ``len(buyers) * sellers`` negotiations, those of one buyer next to each other."""
    return replay(scenario, buyers, sellers, seed).bargains


def replay(scenario: Scenario, buyers: Buyers, sellers: int = 20, seed: int = 0) -> Replay:
    """Let buyers meet the sellers of a scenario's training population.

    A first price is an opening; where the seller had spoken first, its price is the ask at the start. Later moves are
    offers that close just the fractions of the gap that the buyers' moves say. With each goes what people say at such
    turns.

    Args:
        scenario: the game; its benchmark and budget are overridden.
        buyers: who they are.
        sellers: how many sellers each buyer meets.
        seed: keys sellers and buyers; the same seed gives the same negotiations.
    """
    first = np.repeat(buyers.first_price, sellers)
    spoken = np.repeat(buyers.seller_price, sellers)
    ask = np.maximum(np.where(np.isnan(spoken), LIST_PRICE, spoken), first)
    rows, rounds = len(first), scenario.deadline
    batch = NegotiationBatch(rows, scenario)
    batch.seed(seed)
    running = np.ones(rows, np.bool_)
    batch.reset(running, {"context": {"benchmark": first, "budget": 2.0, "ask": ask}})
    draws = np.random.Generator(np.random.Philox(key=seed)).random((4, rounds, rows))
    buyer, seller = np.full((2, rows, rounds + 1), np.nan)
    seller[:, 0] = spoken
    replies = _Replies(rows, rounds)
    number = np.ones(rows, np.int64)  # of the buyer's next price
    moved, names, talks = np.zeros((3, rows), np.bool_)
    fractions = np.zeros(rows)
    for turn in range(1, rounds + 1):
        before, offered = batch.state["ask"].copy(), batch.state["offer"].copy()
        if turn > 1:
            fractions, talks = _later(buyers, number, draws[:2, turn - 1], moved, names)
        kinds = _kinds(turn, fractions, talks)
        words = buyers.habits.draw(kinds, draws[3, turn - 1])
        _play(batch, kinds, arguments_of(words), first if turn == 1 else fractions, running)
        named = running & ~talks & (fractions < 1.0)
        buyer[named, turn] = first[named] if turn == 1 else batch.state["offer"][named]
        number[running & ~talks] += 1
        replied = running & (fractions < 1.0)  # who walks away (NaN) or accepts gets no reply
        replies.note(turn, batch, replied, before, offered, before < ask - SAME_PRICE, kinds, words)
        running &= ~batch.terminated
        after = batch.state["ask"]
        moved = before - after > SAME_PRICE
        names = running & (moved | (draws[2, turn - 1] < buyers.restates))
        seller[names, turn] = after[names]
        if not running.any():
            break
    agreement = batch.state["outcome"] == Outcome.DEAL
    price = np.where(agreement, batch.state["price"], np.nan)
    bargains = Bargains.from_rounds(buyer, seller, agreement, price, np.repeat(buyers.target, sellers))
    return Replay(bargains, replies.turns(), batch.state["round"].astype(np.int64), replies.said)


def _later(buyers: Buyers, number: NDArray[np.int64], uniform: Floats, moved: Mask, names: Mask) -> tuple[Floats, Mask]:
    """Return what fraction of the gap each buyer closes at a later turn, and whether it names no price."""
    second, later = (buyers.moves.draw(move, uniform[0], moved) for move in (2, 3))
    fractions = np.where(number == 2, second, later)
    talks = uniform[1] < np.where(moved, *buyers.talks)
    talks |= (fractions == 1.0) & ~names
    return np.where(talks, 0.0, fractions), talks


def _kinds(turn: int, fractions: Floats, talks: Mask) -> NDArray[np.int64]:
    """Return the `TurnKind` of each buyer's turn; that of who accepts or walks away means nothing."""
    if turn == 1:
        return np.full(len(talks), TurnKind.FIRST, np.int64)
    gave = np.where(fractions > 0.0, TurnKind.GAVE, TurnKind.INSISTS)
    return np.where(talks, TurnKind.TALKS, gave).astype(np.int64)


def _play(
    batch: NegotiationBatch, kinds: NDArray[np.int64], arguments: NDArray[np.int64], values: Floats, running: Mask
) -> None:
    """Play a turn in the running rows: first prices, or fractions of the gap to close, 1 accepts, NaN walks away."""
    if kinds[0] == TurnKind.FIRST:
        say_and_offer(batch, arguments, Move.OPEN_FAIR, values, running)
        return
    for move, chosen in ((Move.WALK_AWAY, np.isnan(values)), (Move.ACCEPT, values == 1.0)):
        batch.step(np.full(batch.num_rows, move, np.int64), running & chosen)
    offer = batch.state["offer"]
    prices = offer + values * (batch.state["ask"] - offer)
    say_and_offer(batch, arguments, ANY_OFFER, prices, running & (values > 0.0) & (values < 1.0))
    say_and_offer(batch, arguments, Move.HOLD, prices, running & (values == 0.0))


class _Replies:
    """Collects the turns that were replied to."""

    def __init__(self, rows: int, rounds: int) -> None:
        self._gap, self._conceded, self._given = np.full((3, rows, rounds + 1), np.nan)
        self._accepted, self._moved, self._named = np.zeros((3, rows, rounds + 1), np.bool_)
        self._words = np.zeros((rows, rounds + 1, len(WORDS)), np.bool_)
        self.said = np.zeros((rows, len(WORDS)), np.bool_)

    def note(
        self, turn: int, batch: NegotiationBatch, replied: Mask, before: Floats, offered: Floats, moved: Mask,
        kinds: NDArray[np.int64], words: Mask,
    ) -> None:  # fmt: skip
        """Note a turn: the ask and the offer before it, and whether the seller had moved."""
        state = batch.state
        takes = replied & batch.terminated & (state["outcome"] == Outcome.DEAL)
        gap = before - state["offer"]
        seen = (takes | (replied & ~batch.terminated)) & (gap > OPEN_GAP)
        self._gap[seen, turn] = gap[seen]
        step = state["offer"] - offered if turn > 1 else np.zeros(len(gap))
        self._conceded[seen, turn] = (step / np.maximum(before - offered, OPEN_GAP))[seen]
        given = np.where(takes, 1.0, (before - state["ask"]) / np.maximum(gap, OPEN_GAP))
        self._given[seen, turn] = given[seen]
        self._accepted[takes, turn], self._moved[:, turn] = True, moved
        self._named[:, turn] = kinds != TurnKind.TALKS
        self._words[:, turn] = words
        self.said |= words & replied[:, None]

    def turns(self) -> Turns:
        """Return what was noted."""
        at = np.nonzero(np.isfinite(self._gap))
        row, turn = at
        return Turns(
            row, turn == 1, self._conceded[at], self._moved[at], self._given[at], self._accepted[at], self._gap[at],
            self._named[at], self._words[at],
        )  # fmt: skip


def step_at(batch: NegotiationBatch, effect: str, move: Move, values: Floats, running: NDArray[np.bool_]) -> None:
    """Play ``move`` in the running rows, with an effect of it set to each row's value, float64 of shape ``(n,)``."""
    column = batch.effects[effect]
    usual = float(column[move])
    for value in np.unique(values[running]):
        column[move] = value
        batch.step(np.full(batch.num_rows, move, np.int64), running & (values == value))
    column[move] = usual
