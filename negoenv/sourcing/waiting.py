"""What goes on with the suppliers that are not talked to: time passes, prices expire, suppliers drop out and talk."""

from typing import Any

from numpy.typing import NDArray

from negoenv.game.beliefs import elapsed, expose, going_on, urgency_at
from negoenv.game.persuasion import Record, relax, saturate
from negoenv.game.state import Outcome
from negoenv.game.supplier_turn import come_due
from negoenv.numerics.compiled import compiled
from negoenv.sourcing.quotes import talks

Array = NDArray[Any]

_BREAKDOWN = float(Outcome.BREAKDOWN)


@compiled
def set_clock(s: Record, t: Record, o: Record) -> None:
    """Let a supplier's clock show the round of the episode; it runs from when its talks began."""
    begun = t.begun if t.begun >= 0.0 else o.round
    s.round = o.round - begun
    s.deadline = max(1.0, o.deadline - begun)
    s.need_date = max(0.0, o.need_date - begun)


@compiled
def is_quiet(s: Record, t: Record, m: Record) -> bool:
    """Return whether nothing can happen to a supplier in a round without a word, so that no number is drawn for it."""
    return bool(s.pending == 0.0 and t.age + 1.0 <= m.ask_life)


@compiled
def pass_round(s: Record, p: Record, t: Record, game: Record, u_due: float, u_drop: float) -> None:
    """Let a round pass for a supplier that takes part and is not talked to.

    Pressure and tension fall as they do between two rounds. What it said of itself comes due, and nobody has given
    anything for it. Once its ask has expired it may drop out.
    """
    c, m = game.base.constants, game.market
    t.age += 1.0
    s.supplier_tactic = 0.0
    s.tactic_result = 0.0
    if t.begun >= 0.0:
        relax(s, c)
    if s.pending > 0.0 and s.outcome == 0.0:
        worth = going_on(s, p, c, urgency_at(elapsed(s, p), p.boulware))
        if come_due(s, p, c, game.base.tactics, 0.0, worth, u_due):
            s.outcome = _BREAKDOWN
    if t.age > m.ask_life and u_drop < m.drop_rate:
        t.awake = 0.0


@compiled
def spread_exposure(
    records: Array, contacts: Array, game: Record, count: int, row: int, liar: int, u: float, v: float
) -> None:  # fmt: skip
    """Let suppliers talk about a quote that was made up for one of them; who finds it out takes the buyer for a liar.

    Each of the others is one more who may know; if it comes out, they hear of it as well, each with the chance that
    two suppliers talk.
    """
    c, m = game.base.constants, game.market
    silent = 1.0
    for k in range(count):
        if k != liar and talks(records[row * count + k].state, contacts[row, k]):
            silent *= 1.0 - m.talk_chance
    if u < silent:
        return
    for k in range(count):
        s, t = records[row * count + k].state, contacts[row, k]
        heard = k == liar or v < m.talk_chance
        if heard and talks(s, t):
            expose(s, c)
            saturate(s)
        v = (v + 0.6180339887498949) % 1.0  # another number for each, of the one that was drawn
    contacts[row, liar].lie = 0.0
    records[row * count + liar].state.quote = 0.0
