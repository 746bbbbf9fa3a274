"""One round of Sourcing, in which order what happens; and how an episode begins."""

from typing import Any

from numpy.typing import NDArray

from negoenv.game.persuasion import Record
from negoenv.game.state import Outcome
from negoenv.numerics.compiled import compiled
from negoenv.numerics.randomness import Tile, uniforms
from negoenv.sourcing.award import award, draw_arrival, in_time, start_next_requirement, start_requirement
from negoenv.sourcing.moves import AWARDS, MOVES_A_SUPPLIER, SourcingAction, SourcingMove
from negoenv.sourcing.quotes import gone, other_ask, talks
from negoenv.sourcing.talking import invite_back, talk
from negoenv.sourcing.waiting import is_quiet, pass_round, set_clock, spread_exposure

Array = NDArray[Any]

# Blocks of random numbers: those of a price negotiation come before, and its traits from 16 on at another step.
_WAITING, _BIDDING, _TALKING, _NEXT = 64, 65, 66, 67
_WALKED_AWAY, _DEADLINE = float(Outcome.WALKED_AWAY), float(Outcome.DEADLINE)
_BREAKDOWN = float(Outcome.BREAKDOWN)
_HOLD, _WALK_AWAY = int(SourcingAction["HOLD"]), int(SourcingAction["WALK_AWAY"])
_INVITE, _FIRST_AWARD = int(SourcingMove.INVITE), int(AWARDS[0])


@compiled
def reset_order(o: Record, records: Array, contacts: Array, game: Record, count: int, row: int) -> None:
    """Begin an episode whose suppliers have been drawn: the buyer is the one that the first of them has met."""
    first = records[row * count]
    s = first.state
    o.step, o.round, o.bought, o.paid, o.splits = 0.0, 0.0, 0.0, 0.0, 0.0
    o.deadline, o.need_date, o.lead, o.delay_cost = s.deadline, s.need_date, s.need_date, s.delay_cost
    o.limit, o.ceiling, o.requirements = s.limit, s.budget, game.requirements
    o.funds = o.ceiling * game.requirements * game.budget_share if game.requirements > 1.0 else o.ceiling
    o.outcome, o.price, o.lost, o.lost_now, o.illegal_moves = 0.0, 0.0, 0.0, 0.0, 0.0
    o.supplier, o.second, o.share, o.last_supplier, o.last_move = -1.0, -1.0, 0.0, -1.0, -1.0
    o.next_arrival = 0.0
    if game.requirements > 1.0:
        draw_arrival(o, game, uniforms(first.key, first.episode, 0, _NEXT)[2])
    for k in range(count):
        s, t = records[row * count + k].state, contacts[row, k]
        s.limit, s.benchmark, s.delay_cost = o.limit, first.state.benchmark, o.delay_cost
        s.budget = min(o.ceiling, o.funds)
        t.awake = 1.0 if k < game.invited else 0.0
        t.begun, t.age, t.lie = -1.0, 0.0, 0.0
        set_clock(s, t, o)


@compiled
def update_idle_suppliers(o: Record, records: Array, contacts: Array, game: Record, count: int, row: int) -> None:
    """Let the round pass for the suppliers that nobody talks to, and let those talk that were told what is not so."""
    step = int(o.step)
    for k in range(count):
        record, t = records[row * count + k], contacts[row, k]
        if k != o.last_supplier:
            record.state.supplier_tactic = 0.0
            record.state.tactic_result = 0.0
            if talks(record.state, t):
                u_due, u_drop = 1.0, 1.0
                if not is_quiet(record.state, t, game.market):
                    u_due, u_drop, _, _ = uniforms(record.key, record.episode, step, _WAITING)
                pass_round(record.state, record.supplier, t, game, u_due, u_drop)
        if t.lie > 0.0 and talks(record.state, t):
            u, v, _, _ = uniforms(record.key, record.episode, step, _TALKING)
            spread_exposure(records, contacts, game, count, row, k, u, v)


@compiled
def count_lost(o: Record, records: Array, count: int, row: int) -> None:
    """Count the suppliers that have left; when nobody is left, the episode ends."""
    lost = 0
    for k in range(count):
        lost += gone(records[row * count + k].state)
    o.lost_now = lost - o.lost
    o.lost = lost
    if lost == count and o.outcome == 0.0:
        o.outcome = _BREAKDOWN


@compiled
def play_round(
    o: Record, records: Array, contacts: Array, game: Record, count: int, row: int, action: int, urgency: float,
    draws: Tile, place: int,
) -> float:  # fmt: skip
    """Play one round: a legal action, then what goes on meanwhile; return what the move costs."""
    o.last_supplier, o.last_move, o.lost_now = -1.0, -1.0, 0.0
    cost = 0.0
    if action == _WALK_AWAY:
        o.outcome = _WALKED_AWAY
    elif action != _HOLD:
        k, move = action // MOVES_A_SUPPLIER, action % MOVES_A_SUPPLIER
        record, t = records[row * count + k], contacts[row, k]
        o.last_supplier, o.last_move = k, move
        cost = game.effects[move].cost
        if move >= _FIRST_AWARD:
            award(o, records, contacts, game, count, row, k, game.shares[move - _FIRST_AWARD])
        else:
            u_bid, u_out, u_come, _ = uniforms(record.key, record.episode, int(o.step), _BIDDING)
            if move == _INVITE:
                invite_back(t, game.market, u_come)
            else:
                other = other_ask(records, contacts, game.market, row, count, k)
                talk(
                    record.state, record.supplier, t, game, other, o.round, move, urgency, draws, place, u_bid, u_out
                )  # fmt: skip
    if o.outcome == 0.0:
        update_idle_suppliers(o, records, contacts, game, count, row)
        count_lost(o, records, count, row)
    o.step += 1.0
    o.round += 1.0
    if o.outcome == 0.0 and o.round >= o.deadline:
        o.outcome = _DEADLINE
    for k in range(count):
        set_clock(records[row * count + k].state, contacts[row, k], o)
    return cost


@compiled
def next_requirement(o: Record, records: Array, contacts: Array, game: Record, count: int, row: int) -> None:
    """After an award, go on to the next requirement if it arrives in time; else the episode has ended with a deal."""
    if not in_time(o):
        return
    first = records[row * count]
    start_requirement(o, uniforms(first.key, first.episode, int(o.step), _NEXT)[2], game)
    for k in range(count):
        record, t = records[row * count + k], contacts[row, k]
        won = k in (o.supplier, o.second)
        u_again, u_delivery, _, _ = uniforms(record.key, record.episode, int(o.step), _NEXT)
        start_next_requirement(record.state, record.supplier, t, game.base.constants, o, won, u_again, u_delivery)
        set_clock(record.state, t, o)
