"""What the suppliers ask: which prices stand, and what the buyer may do about them."""

from typing import Any

from numpy.typing import NDArray

from negoenv.game.effects import Condition
from negoenv.game.legal_moves import affordable, given
from negoenv.game.persuasion import Record
from negoenv.game.state import Outcome
from negoenv.numerics.compiled import compiled
from negoenv.sourcing.moves import ACTIONS, LAYOUT, MOVES_A_SUPPLIER, Situation, SourcingAction, SourcingMove

Array = NDArray[Any]

SAME_PRICE = 1e-6
"""Prices nearer than this are one price, fraction of the first ask."""

_DEAL = float(Outcome.DEAL)
_BREAKDOWN = float(Outcome.BREAKDOWN)
_GAP, _AFFORDABLE_ASK = int(Condition.GAP), int(Condition.AFFORDABLE_ASK)
_OPEN, _AWAKE, _ASLEEP, _FIRM, _RESERVE, _BEATEN, _CREDULOUS, _ = map(int, Situation)
_INVITE = int(SourcingMove.INVITE)
_HOLD, _WALK_AWAY = int(SourcingAction["HOLD"]), int(SourcingAction["WALK_AWAY"])


@compiled
def gone(s: Record) -> bool:
    """Return whether a supplier has left for good."""
    return bool(s.outcome == _BREAKDOWN)


@compiled
def talks(s: Record, t: Record) -> bool:
    """Return whether a supplier takes part."""
    return bool(t.awake > 0.0 and s.outcome != _BREAKDOWN)


@compiled
def asked(s: Record) -> float:
    """Return the price that a supplier asks, or has agreed to."""
    price: float = s.price if s.outcome == _DEAL else s.ask
    return price


@compiled
def stands(s: Record, t: Record, m: Record) -> bool:
    """Return whether the price that a supplier asks still stands."""
    return talks(s, t) and t.age <= m.ask_life


@compiled
def lowest_prices(records: Array, contacts: Array, m: Record, row: int, count: int) -> tuple[int, float, int, float]:
    """Return who of a row asks least, of those whose price stands, that price, and the next; -1 and 0 if none does."""
    first, low, second, next_low = -1, 0.0, -1, 0.0
    for k in range(count):
        s = records[row * count + k].state
        if stands(s, contacts[row, k], m):
            price = asked(s)
            if first < 0 or price < low:
                first, low, second, next_low = k, price, first, low
            elif second < 0 or price < next_low:
                second, next_low = k, price
    return first, low, second, next_low


@compiled
def other_ask(records: Array, contacts: Array, m: Record, row: int, count: int, mine: int) -> float:
    """Return the lowest price of the other suppliers that stands; 0 if none does."""
    first, low, _, next_low = lowest_prices(records, contacts, m, row, count)
    return next_low if first == mine else low


@compiled
def cheapest_other(records: Array, contacts: Array, m: Record, row: int, count: int, mine: int) -> int:
    """Return which of the other suppliers asks that price; -1 if none does."""
    first, _, second, _ = lowest_prices(records, contacts, m, row, count)
    return second if first == mine else first


@compiled
def false_quote(s: Record, m: Record) -> float:
    """Return the quote that the buyer makes up for a supplier."""
    quote: float = asked(s) * (1.0 - m.false_cut)
    return quote


@compiled
def situation(s: Record, t: Record, m: Record, other: float) -> int:
    """Return how a supplier stands, as bits of `Situation`, where another asks ``other`` (0 if none does)."""
    if not talks(s, t):
        return 0 if gone(s) else _ASLEEP
    price = asked(s)
    bits = _AWAKE
    bits |= _OPEN if s.outcome == 0.0 else 0
    if t.age <= m.ask_life and price <= s.budget:
        bits |= _FIRM
    if other > 0.0:
        bits |= _RESERVE if other <= s.budget else 0
        bits |= _BEATEN if other <= price + SAME_PRICE else 0
    bits |= _CREDULOUS if false_quote(s, m) > s.offer else 0
    return bits


@compiled
def is_legal(s: Record, game: Record, standing: int, conditions: int, move: int) -> bool:
    """Return whether a move towards a supplier is legal.

    Args:
        s: its state.
        game: the rules, a record of `negoenv.sourcing.engine.records.SOURCING_GAME`.
        standing: its `situation`.
        conditions: what `negoenv.game.legal_moves.given` says of it.
        move: a number of `SourcingMove`.
    """
    needs = game.needs[move]
    if standing & needs != needs:
        return False
    if move >= _INVITE:  # the others have the conditions of a price game, too
        return True
    if game.base.legal[conditions, game.stands_for[move]] == 0:
        return False
    e = game.effects[move]
    return e.concession == 0.0 or conditions & (_GAP | _AFFORDABLE_ASK) != _GAP or affordable(s, e)


@compiled
def write_legal(
    records: Array, contacts: Array, game: Record, count: int, row: int, lowest: tuple[int, float, int, float],
    masks: Array,
) -> None:  # fmt: skip
    """Write 1 into a row of ``masks``, int8 of shape ``(rows, actions)``, for each legal action, else 0."""
    for k in range(count):
        s, t = records[row * count + k].state, contacts[row, k]
        standing = situation(s, t, game.market, lowest[3] if lowest[0] == k else lowest[1])
        conditions = given(s)
        for move in range(MOVES_A_SUPPLIER):
            masks[row, k * MOVES_A_SUPPLIER + move] = is_legal(s, game, standing, conditions, move)
    for action in range(count * MOVES_A_SUPPLIER, LAYOUT * MOVES_A_SUPPLIER):
        masks[row, action] = 0
    for action in range(LAYOUT * MOVES_A_SUPPLIER, ACTIONS):
        masks[row, action] = 1


@compiled
def admit_action(o: Record, records: Array, contacts: Array, game: Record, count: int, row: int, action: int) -> int:
    """Return the action that counts: HOLD, towards nobody, for one that is not legal, which is counted."""
    if action in (_HOLD, _WALK_AWAY):
        return action
    k = action // MOVES_A_SUPPLIER
    if 0 <= action < _HOLD and k < count:
        s, t = records[row * count + k].state, contacts[row, k]
        standing = situation(s, t, game.market, other_ask(records, contacts, game.market, row, count, k))
        if is_legal(s, game, standing, given(s), action % MOVES_A_SUPPLIER):
            return action
    o.illegal_moves += 1.0
    return _HOLD
