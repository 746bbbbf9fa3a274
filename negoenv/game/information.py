"""What is claimed, found out, probed and quoted. Facts by number are those of docs/model_card.md."""

from negoenv.game.bargaining import gives, next_offer
from negoenv.game.beliefs import expect_less
from negoenv.game.persuasion import Record, clip
from negoenv.game.state import STATE
from negoenv.numerics.compiled import compiled
from negoenv.numerics.randomness import triangular

_HIGHEST_QUOTE = STATE.by_name["quote"].high
_MAX_BLUFFS = STATE.by_name["bluffs"].high  # counted over all deals of an episode, as probes are
_MAX_PROBES = STATE.by_name["probes"].high


@compiled
def believed(s: Record, p: Record, e: Record) -> float:
    """Return how far a move is believed, 0 to 1: what it claims counts only as far as the buyer is credible.

    Gullible suppliers believe a claim, others as far as they believe in the buyer's alternatives (fact 15).
    """
    faith = s.credibility * (p.gullibility + (1.0 - p.gullibility) * s.belief)
    return 1.0 - e.claim * (1.0 - faith)


@compiled
def claimed_price(s: Record, e: Record) -> float:
    """Return the price that a move says is all there is; a rival's true quote where that is lower."""
    claimed = e.content * s.benchmark
    return min(claimed, s.quote) if s.quote > 0.0 and e.alternatives > 0.0 else claimed


@compiled
def bites(s: Record, c: Record, e: Record) -> float:
    """Return how far a claim bites, 0 to 1: a price only as far as it lies below what is asked."""
    return clip((s.ask - claimed_price(s, e)) / c.content_width, 0.0, 1.0) if e.content > 0.0 else 1.0


@compiled
def convince(s: Record, p: Record, c: Record, e: Record, strength: float) -> None:
    """Let a claim of this strength, above 0, change what the supplier expects: of the buyer, and elsewhere."""
    if e.content > 0.0:
        expect_less(s, claimed_price(s, e), min(1.0, c.content_yield * strength))
    if e.scarcity > 0.0:
        doubt = min(1.0, c.scarcity_yield * e.scarcity * strength)
        s.fallback -= doubt * max(0.0, s.fallback - p.reservation_price)


@compiled
def found_out(s: Record, p: Record, c: Record, e: Record, wear: float, u: float) -> bool:
    """Return whether the supplier finds out that a claim is a bluff.

    A price that the buyer's own offer passes, if only with this move, is a claim that anybody sees through. With rivals
    really invited there is no bluff.
    """
    if 0.0 < e.content * s.benchmark < (next_offer(s, e) if gives(e) else s.offer):
        return True
    if e.bluff == 0.0 or s.rivals > 0.0:
        return False
    return u < e.bluff * p.informedness * (1.0 + c.bluff_wear * wear)


@compiled
def expose(s: Record, c: Record) -> None:
    """Lose credibility by a bluff that was found out, and cause resentment (fact 16)."""
    s.bluffs = min(s.bluffs + 1.0, _MAX_BLUFFS)
    s.credibility *= c.bluff_credibility
    s.belief *= c.bluff_credibility
    s.resentment += c.bluff_resentment


@compiled
def probe(s: Record, p: Record, c: Record, u_find: float, u_noise: float, v_noise: float) -> None:
    """Ask for costs: may find the weakness, and sharpens the estimate of the reservation price.

    The estimate is the mean of all readings so far, so its error shrinks with the square root of the probes.
    """
    s.probes = min(s.probes + 1.0, _MAX_PROBES)
    if u_find < c.probe_finds * p.weakness:
        s.weakness_known = 1.0
    reading = p.reservation_price + c.probe_noise * triangular(u_noise, v_noise)
    s.cost_estimate = clip(s.cost_estimate + (reading - s.cost_estimate) / s.probes, 0.0, 2.0)


@compiled
def invite(s: Record, c: Record, u_quote: float, u_price: float) -> None:
    """Invite rivals: they may send a quote, which is an outside option."""
    s.rivals += 1.0
    s.demonstrated = 1.0
    if u_quote < c.quote_chance:
        quote = min(s.limit * (c.quote_low + (c.quote_high - c.quote_low) * u_price), _HIGHEST_QUOTE)
        s.quote = min(s.quote, quote) if s.quote > 0.0 else quote
