"""A step whose supplier is played: the buyer's move is heard, then an answer of somebody's choice takes its effect.

What `negoenv.game.transition` does in one go, in the same order and by the same functions; only leaving, accepting,
agreeing to an exchange, the ask and the supplier's own tactics are not drawn but given. Where the choice is that of the
game's own supplier, the two are the same bit for bit (`tests/test_two_sided.py`).
"""

import numpy as np

from negoenv.game import bargaining, beliefs, persuasion, supplier_turn, transition
from negoenv.game.effects import Family
from negoenv.game.persuasion import Record, clip
from negoenv.game.state import Outcome
from negoenv.game.tactics import Move
from negoenv.game.transition import settle, show
from negoenv.numerics.compiled import compiled
from negoenv.numerics.randomness import Tile, drawn

COUNTERS, ACCEPTS, LEAVES, AGREES = range(4)
"""What an answer may be: a counter-offer (or the same ask again), yes to the offer, the end, or yes to an exchange."""

ANSWER = np.dtype(
    [
        ("kind", np.int64),  # COUNTERS, ACCEPTS, LEAVES or AGREES; what is not possible counts as the same ask again
        ("part", np.float64),  # of a counter-offer: by which fraction of the gap the ask comes down
        ("ask", np.float64),  # of a counter-offer: the ask that is named, fraction of the first ask; 0 for none
        ("tactic", np.int64),  # said with it, of `negoenv.game.supplier_tactics.SupplierTactic`; 0 for none
        ("meant", np.bool_),  # whether that is true
    ],
    align=True,
)
"""What the supplier answers, one record a row."""

HEARD = np.dtype([("strength", np.float64), ("given", np.float64), ("waits", np.bool_)], align=True)
"""What the supplier is to answer: how far an argument bites, what was given, and whether a move waits for an answer."""

_ULTIMATUM = int(Family.ULTIMATUM)
_ACCEPT, _WALK_AWAY = int(Move.ACCEPT), int(Move.WALK_AWAY)
_WALK_OUT = int(Move.WALK_OUT)
_WALKED_AWAY, _BREAKDOWN = float(Outcome.WALKED_AWAY), float(Outcome.BREAKDOWN)
_DEAL = float(Outcome.DEAL)
_SURELY, _NEVER = -1.0, 2.0  # in the place of a number drawn from 0 to 1
_NO_GAP = 1e-9  # fraction of the first ask
_SAME_PRICE = 1e-6  # a smaller move of the ask is none, fraction of the first ask


@compiled
def hear(
    s: Record, p: Record, c: Record, e: Record, tactics: Record, move: int, urgency: float, draws: Tile, row: int,
    heard: Record,
) -> None:  # fmt: skip
    """Play the buyer's legal move up to the supplier's answer, which ``heard`` waits for unless the move ends it."""
    s.last_move = move
    s.supplier_tactic = 0.0
    s.topic = 0.0
    s.tactic_result = 0.0
    heard.waits = False
    if move == _ACCEPT:
        settle(s, s.ask)
    elif move == _WALK_AWAY:
        s.outcome = _WALKED_AWAY
    else:
        heard.strength, _, heard.given = transition.hear_move(s, p, c, e, tactics, move, urgency, draws, row)
        heard.waits = True


@compiled
def can_use(s: Record, p: Record, e: Record, tactics: Record, tactic: int, given: float) -> bool:
    """Return whether a tactic fits what is answered, once nothing that was said is open any more."""
    fits = tactics[tactic].occasions & supplier_turn.occasion(s, p, e, given)
    return tactics[tactic].weight > 0.0 and fits != 0


@compiled
def can_agree(s: Record, p: Record, c: Record, e: Record, urgency: float) -> bool:
    """Return whether an exchange is proposed that leaves the supplier no worse off than going on."""
    if e.asked == 0.0:
        return False
    ask, before = s.ask - e.asked * (s.ask - s.offer), s.offer
    s.offer = bargaining.next_offer(s, e)
    agrees = ask >= max(beliefs.going_on(s, p, c, urgency), s.offer)
    s.offer = before
    return agrees


@compiled
def counter_gap(s: Record, p: Record) -> float:
    """Return what lies below the ask: down to the standing offer, or to the reservation price while there is none."""
    return s.ask - (s.offer if s.offer > 0.0 else min(p.reservation_price, s.ask))


@compiled
def name_ask(s: Record, p: Record, c: Record, answer: Record, given: float) -> None:
    """Set the ask that an answer names, never below the offer, and note what `bargaining.counter` notes of a reply."""
    old = s.ask
    if answer.ask > 0.0:
        s.ask = max(answer.ask, s.offer)
    elif answer.part > 0.0:
        s.ask = old - answer.part * counter_gap(s, p)
    moved, gap = old - s.ask, old - s.offer
    s.counter = clip(moved / gap, 0.0, 1.0) if gap > _NO_GAP else 0.0
    s.unanswered += 1.0 if moved > _SAME_PRICE else 0.0
    s.expected_limit = min(s.expected_limit, s.ask)
    s.stalemate = s.stalemate + 1.0 if s.counter < c.stalemate_gap and given == 0.0 else 0.0


@compiled
def reply(
    s: Record, p: Record, c: Record, e: Record, tactics: Record, heard: Record, answer: Record, urgency: float,
    draws: Tile, row: int,
) -> None:  # fmt: skip
    """Let an answer take its effect; what is nature's is drawn as ever.

    Whether an ultimatum is taken to be final, whether a walk-out costs the buyer its credibility, and what comes of
    what was said before are nature's.
    """
    _, u_comply, _, _ = drawn(draws, 0, row)
    u_due, _, _, _ = drawn(draws, 4, row)
    worth = beliefs.going_on(s, p, c, urgency)
    accepts = answer.kind == ACCEPTS and s.offer > 0.0
    if answer.kind == LEAVES:
        s.outcome = _BREAKDOWN
        return
    if e.family == _ULTIMATUM:
        s.leader_used = max(s.leader_used, e.leader)
        final = beliefs.taken_as_final(s, p, c, e, min(1.0, s.round / s.deadline))
        if not (accepts and u_comply < final * beliefs.is_fair(s, p, c)):
            s.called = 1.0
    elif int(s.last_move) == _WALK_OUT:
        if u_comply >= beliefs.calls_back(s, p, c):
            s.credibility *= c.walk_out_credibility
        s.demonstrated = 1.0
    if e.asked > 0.0 and bargaining.exchanges(s, p, c, e, urgency, _SURELY if answer.kind == AGREES else _NEVER):
        return
    if accepts:
        settle(s, s.offer)
        return
    if supplier_turn.come_due(s, p, c, tactics, heard.given, worth, u_due):
        s.outcome = _BREAKDOWN
        return
    tactic = answer.tactic
    if tactic > 0 and (s.pending > 0.0 or not can_use(s, p, e, tactics, tactic, heard.given)):
        tactic = 0
    if tactics[tactic].holds > 0.0 or answer.kind != COUNTERS:
        answer.part, answer.ask = 0.0, 0.0
    name_ask(s, p, c, answer, heard.given)
    if tactic > 0:
        supplier_turn.use(s, p, tactics, tactic, worth, _SURELY if answer.meant else _NEVER)


@compiled
def take_answer(
    s: Record, p: Record, c: Record, e: Record, tactics: Record, heard: Record, answer: Record, urgency: float,
    draws: Tile, row: int,
) -> None:  # fmt: skip
    """Answer the move that was heard, and show the buyer how it was taken."""
    heard.waits = False
    reply(s, p, c, e, tactics, heard, answer, urgency, draws, row)
    persuasion.wear_out(s, c, e.family, int(s.last_move))
    show(s, p, c, tactics, heard.strength, draws, row)


@compiled
def profit(s: Record, p: Record, c: Record) -> float:
    """Return what a deal that was just made earns the supplier, as a share of what lies between cost and first ask.

    That span counts as ``least_surplus`` at least, as the buyer's does; 0 without a deal, below 0 for a sale below
    cost. An assumption.
    """
    if s.outcome != _DEAL:
        return 0.0
    return (s.price - p.reservation_price) / max(beliefs.first_ask(p) - p.reservation_price, c.least_surplus)
