"""Facts 19, 20 and 25: what a deal does to the relationship, and so to the next deal."""

import numpy as np

from negoenv.benchmark.evaluation import Interval
from negoenv.facts.experiment import FIRM, KEPT, SEED, Floats, Negotiations, Step, meet
from negoenv.facts.fact import NEGLIGIBLE, Confidence, Curve, Effect, Finding, Plot, fact
from negoenv.facts.measures import curve, difference, ratio
from negoenv.game.constants import CONSTANTS
from negoenv.game.tactics import Move

_NEXT_SEED = SEED + 1_000_000  # the second deal draws other numbers
_BUYER: tuple[Step, ...] = (Move.OPEN_MODERATE, *[Move.CONCEDE_SMALL] * 18, Move.ACCEPT)
_HARD: tuple[Step, ...] = (Move.OPEN_LOW, *[Move.CONCEDE_SMALL] * 18, Move.ACCEPT)
_SOFT: tuple[Step, ...] = (Move.OPEN_FAIR, *[Move.CONCEDE_MODERATE] * 18, Move.ACCEPT)
_GOODWILL = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)
_ASKS = (0.58, 0.62, 0.66, 0.74, 0.82)
_INVITATIONS = (0, 1, 3)
_LIMIT, _COST = 0.9, 0.5
_MARGINS = (0.02, 0.4)  # supplier's share of the surplus in the first deal: squeezed, and profitable


def _next_deal(first: Negotiations, goodwill: Floats, **constants: float) -> Negotiations:
    """Let the same suppliers meet the same buyer a second time, with what goodwill the first deal left."""
    context = {"goodwill": goodwill, "limit": first["limit"], "benchmark": first["benchmark"]}
    return meet(len(goodwill), _BUYER, supplier=first.suppliers, context=context, seed=_NEXT_SEED, constants=constants)


@fact(
    19,
    "The next deal",
    known="Satisfaction after deal 1 predicts deal 2 and the wish to deal again.",
    claim="Goodwill of deal 1 moves the terms of deal 2.",
    source="Curhan, Elfenbein & Eisenkraft 2010, JASP (A)",
    confidence=Confidence.A,
    conditions="The same suppliers meet the same buyer again, after a first deal by a hard or a soft line; nothing "
    "but its goodwill is carried over.",
)
def second_deal(episodes: int) -> Finding:
    """Close a first deal by a hard or a soft line; then bargain alike."""
    hard, soft = meet(episodes, _HARD), meet(episodes, _SOFT)
    both = (hard.deal == 1.0) & (soft.deal == 1.0)
    left = [np.nan_to_num(talks.after("goodwill")) for talks in (hard, soft)]
    again_hard, again_soft = (_next_deal(hard, goodwill) for goodwill in left)

    def after_both(a: Floats, b: Floats) -> Interval:
        return Interval.of(np.where(both, a - b, np.nan))

    return Finding(
        (
            Effect("goodwill left by the first deal, soft less hard", after_both(left[1], left[0]), 0.0),
            Effect(
                "price of the second deal, after soft less after hard",
                after_both(again_soft.price, again_hard.price),
                high=0.0,
            ),
            Effect(
                "return of the second deal, after soft less after hard",
                after_both(again_soft.returns, again_hard.returns),
                0.0,
            ),
        ),
        Plot(
            "goodwill of the first deal",
            "price of the second deal, fraction of the first ask",
            (curve("same suppliers", _GOODWILL, lambda g: Interval.of(_next_deal(soft, np.full(episodes, g)).price)),),
        ),
    )


@fact(
    20,
    "Price drops and rivals",
    known="Large price drops hurt the relationship; the number of rivals did not.",
    claim="Goodwill falls with the price drop, not with INVITE_RIVALS itself.",
    source="Jap 2003, 2007, J. Marketing (A)",
    confidence=Confidence.A,
    conditions="Deals at the same prices, by suppliers that repeat their ask, after no, one or three invitations. "
    "Not: within a fifth of the effect of the price.",
)
def price_drops(episodes: int) -> Finding:
    """Close at several prices, after rivals were invited or not."""
    supplier = KEPT | FIRM | {"reservation_price": 0.55}

    def goodwill(ask: float, invitations: int) -> Floats:
        moves: list[Step] = [Move.OPEN_FAIR]
        for i in range(max(_INVITATIONS)):
            moves += [Move.INVITE_RIVALS if i < invitations else Move.HOLD, Move.HOLD, Move.HOLD]
        talks = meet(episodes, (*moves, Move.ACCEPT), supplier=supplier, context={"ask": ask, "limit": _LIMIT})
        return talks.after("goodwill")

    felt = {(ask, n): goodwill(ask, n) for ask in _ASKS for n in _INVITATIONS}
    low, high = _ASKS[0], _ASKS[-1]
    drop = felt[low, 0] - felt[high, 0]
    return Finding(
        (
            Effect(f"goodwill, price {low:g} less price {high:g}", Interval.of(drop), high=0.0),
            *(
                Effect(
                    f"rivals invited {n} x, times that",
                    ratio(felt[high, n] - felt[high, 0], drop),
                    *NEGLIGIBLE,
                )
                for n in _INVITATIONS[1:]
            ),
        ),
        Plot(
            "price, fraction of the first ask",
            "goodwill",
            tuple(
                Curve(f"rivals invited {n} x", _ASKS, [Interval.of(felt[ask, n]) for ask in _ASKS])
                for n in _INVITATIONS
            ),
        ),
    )


@fact(
    25,
    "Profitable partners",
    known="A profitable supplier is a better partner.",
    claim="Value of the next deal rises with the supplier's margin.",
    source="Assumption; facts 12, 19, 20",
    confidence=Confidence.ASSUMPTION,
    conditions="A first deal that leaves the supplier 2% or 40% of the surplus, then the same bargaining. Magnitude: "
    "goodwill_yield.",
)
def profitable_partners(episodes: int) -> Finding:
    """Leave the supplier little or much of the surplus; then bargain with it again."""
    asks = [_COST + margin * (_LIMIT - _COST) for margin in _MARGINS]
    first = [
        meet(episodes, (Move.ACCEPT,), supplier={"reservation_price": _COST}, context={"ask": ask, "limit": _LIMIT})
        for ask in asks
    ]
    left = [talks.after("goodwill") for talks in first]

    def more(pull: float) -> Interval:
        squeezed, fair = (_next_deal(t, g, goodwill_yield=pull) for t, g in zip(first, left, strict=True))
        return difference(fair.returns, squeezed.returns)

    usual = CONSTANTS.by_name["goodwill_yield"].default
    sweep = curve("goodwill_yield", tuple(usual * x for x in (0.0, 0.5, 1.0, 1.5, 2.0)), more)
    return Finding(
        (
            Effect("goodwill left, profitable less squeezed", difference(left[1], left[0]), 0.0),
            Effect("return of the next deal, profitable less squeezed", sweep.y[2], 0.0),
        ),
        Plot(
            "how far goodwill moves the next deal (goodwill_yield)",
            "difference in the return of the next deal",
            (sweep,),
        ),
    )
