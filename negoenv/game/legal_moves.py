"""Which moves are legal: what each of them needs, and what the state of a negotiation gives."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from negoenv.game.bargaining import next_offer
from negoenv.game.persuasion import Record
from negoenv.game.tactics import MOVES, Condition, Move
from negoenv.numerics.compiled import compiled

CONDITIONS = 2 ** len(Condition)
"""How many combinations of conditions there are."""


def legal_moves(allowed: NDArray[np.int8]) -> NDArray[np.int8]:
    """Return which moves are legal by the conditions that hold, but for what a concession may cost.

    Args:
        allowed: 1 for each move that the scenario has, else 0; shape ``(moves,)``.

    Returns:
        1 or 0, int8 of shape ``(CONDITIONS, moves)``.
    """
    return np.where(_NEEDS & np.arange(CONDITIONS)[:, None], allowed, 0).astype(np.int8)


_NEEDS = np.array([move.tactic.needs for move in Move], np.uint8)
_CONCESSIONS = np.array([move for move in Move if move.tactic.effects.concession > 0.0])
_MIN_GAP = 1e-6  # fraction of the first ask
_HOLD = int(Move.HOLD)
_NONE, _FIRST_ROUND, _OFFER, _LEADER, _GAP, _AFFORDABLE_ASK, _OFFER_AND_GAP = map(int, Condition)


@compiled
def given(s: Record) -> int:
    """Return the conditions that hold now, as bits."""
    bits = _NONE
    bits |= _FIRST_ROUND if s.round == 0.0 else 0
    bits |= _OFFER if s.offer > 0.0 else 0
    bits |= _LEADER if s.offer > 0.0 and s.leader_used == 0.0 else 0
    bits |= _GAP if s.offer < s.ask - _MIN_GAP else 0
    bits |= _OFFER_AND_GAP if 0.0 < s.offer < s.ask - _MIN_GAP else 0
    bits |= _AFFORDABLE_ASK if s.ask <= s.budget else 0
    return bits


@compiled
def affordable(s: Record, e: Record) -> bool:
    """Return whether the offer that a concession leads to lies within the budget."""
    return next_offer(s, e) <= s.budget


@compiled
def admit(s: Record, game: Record, move: int) -> int:
    """Return the move that counts: HOLD for one that is not legal, which is counted."""
    if 0 <= move < MOVES and game.legal[given(s), move]:
        e = game.effects[move]
        if e.concession == 0.0 or affordable(s, e):
            return move
    s.illegal_moves += 1.0
    return _HOLD


@compiled
def write_mask(s: Record, game: Record, out: NDArray[Any], i: int) -> None:
    """Write 1 into row ``i`` of ``out`` for each legal move, else 0; int8 of shape ``(rows, moves)``."""
    bits = given(s)
    for move in range(MOVES):
        out[i, move] = game.legal[bits, move]
    if bits & _GAP and not bits & _AFFORDABLE_ASK:  # no concession goes as far as the ask
        for concession in _CONCESSIONS:
            if not affordable(s, game.effects[concession]):
                out[i, concession] = 0
