"""A round with one supplier: what is said about the others, the compiled transition of a price game, and bids."""

from typing import Any

from numpy.typing import NDArray

from negoenv.game.beliefs import expect_less, least_price
from negoenv.game.persuasion import Record, clip, saturate
from negoenv.game.state import STATE, Outcome
from negoenv.game.transition import advance
from negoenv.numerics.compiled import compiled
from negoenv.numerics.randomness import Tile
from negoenv.sourcing.moves import SourcingMove
from negoenv.sourcing.quotes import SAME_PRICE, false_quote

Array = NDArray[Any]

_DEAL = float(Outcome.DEAL)
_SHOW, _SHOW_AND_CONCEDE = int(SourcingMove.SHOW_QUOTE), int(SourcingMove.SHOW_QUOTE_AND_CONCEDE)
_CLAIM = int(SourcingMove.CLAIM_QUOTE)
_HIGHEST_QUOTE = STATE.by_name["quote"].high


@compiled
def reopen(s: Record, m: Record) -> None:
    """Talk again about a price that was agreed: it becomes an ask, and its supplier resents that."""
    s.outcome = 0.0
    s.ask = s.price
    s.price = 0.0
    s.deals -= 1.0
    s.resentment += m.reopen_resentment
    saturate(s)


@compiled
def faith_in_claims(s: Record, p: Record) -> float:
    """Return how far a supplier believes what it is not shown, as in `negoenv.game.beliefs.believed`."""
    faith: float = s.credibility * (p.gullibility + (1.0 - p.gullibility) * s.belief)
    return faith


@compiled
def bid(s: Record, p: Record, m: Record, quote: float, believed: float, u_bid: float, u_out: float) -> bool:
    """Let a supplier answer another's lower ask, as far as it is believed; return whether it drops out.

    It expects the buyer to pay no more than that, and goes below it, a part of the way to its own least price: the
    descending auction, in which the price falls until the last but one has reached its least price (Vickrey 1961,
    *Counterspeculation, auctions, and competitive sealed tenders*, Journal of Finance). Powerful suppliers bid less.
    Bidding strains the relationship (Jap 2003, 2007, on reverse auctions; Journal of Marketing).
    """
    if quote > s.ask + SAME_PRICE:
        return False
    expect_less(s, quote, m.quote_yield * believed)
    if u_bid >= m.bid_chance * (1.0 - m.bid_power * p.power) * believed:
        return False
    least = least_price(s, p)
    lowest = max(least, s.offer)
    beaten = quote <= lowest
    before = s.ask
    s.ask = min(s.ask, max(lowest, quote - m.undercut * max(0.0, quote - least)))
    gap = before - s.offer
    s.counter = max(s.counter, clip((before - s.ask) / gap, 0.0, 1.0) if gap > SAME_PRICE else 0.0)
    s.expected_limit = min(s.expected_limit, s.ask)
    s.stalemate = 0.0 if s.ask < before - SAME_PRICE else s.stalemate
    s.tension += m.bid_tension * p.pride
    s.resentment += m.bid_resentment * p.pride
    saturate(s)
    return bool(beaten and u_out < m.beaten_out)


@compiled
def talk(
    s: Record, p: Record, t: Record, game: Record, other: float, round: float, move: int, urgency: float, draws: Tile,
    row: int, u_bid: float, u_out: float,
) -> None:  # fmt: skip
    """Play a legal move on a supplier, where another asks ``other``: one step of its own negotiation, then its bid."""
    base, m = game.base, game.market
    e, like = game.effects[move], int(game.stands_for[move])
    if s.outcome == _DEAL:
        if move == 0:  # to keep in touch reopens nothing
            t.age = 0.0
            return
        reopen(s, m)
    if t.begun < 0.0:
        t.begun = round
    t.age = 0.0
    quote = 0.0
    if move in (_SHOW, _SHOW_AND_CONCEDE):
        quote = other
    elif move == _CLAIM:
        quote = false_quote(s, m)
        t.lie = quote
    if quote > 0.0:
        s.quote = min(quote, _HIGHEST_QUOTE)
    s.named_price = e.opening * s.benchmark
    bluffs = s.bluffs
    believed = 1.0 if move != _CLAIM else faith_in_claims(s, p)
    advance(s, p, base.constants, e, base.tactics, like, urgency, draws, row)
    if s.bluffs > bluffs:
        t.lie = 0.0
        s.quote = 0.0
    elif quote > 0.0 and s.outcome == 0.0 and bid(s, p, m, quote, believed, u_bid, u_out):
        t.awake = 0.0
    if other > 0.0 and other <= t.lie:  # it has come true
        t.lie = 0.0


@compiled
def invite_back(t: Record, m: Record, u: float) -> None:
    """Invite a supplier that does not take part: it may come, and what it asked stands again."""
    if u < m.return_chance:
        t.awake = 1.0
        t.age = 0.0
