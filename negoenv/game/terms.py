"""Other terms than the price: what they are worth to both sides, and how they are talked about.

The dynamics of the supplier know one number, the *supplier-equivalent price*: the price at the standard terms that
would leave the supplier the same. Both prices on the table hold for one text, the terms under discussion (Raiffa's
single negotiating text, *The art and science of negotiation*, 1982), so an offer of a price P at terms l is an offer of
P - cost(l), and what is shown is the offer plus that cost. Who gives on terms has then raised its offer, by what that
saves the supplier; who asks for better ones at the same price has lowered it. The rest is the one transition of
`negoenv.game.transition`.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from negoenv.game.beliefs import first_ask
from negoenv.game.persuasion import Record, clip
from negoenv.game.reward import TERMS as REWARD_TERMS
from negoenv.game.reward import goodwill_after, goodwill_gain
from negoenv.game.state import STATE, Outcome
from negoenv.game.tactics import MOVES, Move
from negoenv.game.term_moves import ASK_PRIORITIES, ISSUES, LEVELS, PAYS, TERM_MOVES
from negoenv.game.transition import advance
from negoenv.numerics.compiled import compiled
from negoenv.numerics.randomness import Tile, triangular, uniforms

_NUM_ISSUES = len(ISSUES)
_SAME = 1e-9  # a smaller change of what terms cost is none, fraction of the first ask
_LEAST_OFFER = 0.05  # no offer is below this, fraction of the first ask
_MIN_GAP = 1e-6  # fraction of the first ask, as in `negoenv.game.legal_moves`
_MOST_REFUSAL = 0.9  # probability
_HIGHEST_BUDGET = STATE.by_name["budget"].high
_WORST_SHARE = -1.0  # a deal that no price is worth having for counts as this share of the surplus
_ASK = int(ASK_PRIORITIES) - MOVES
_DEAL = int(Outcome.DEAL)
_SETUP = 0xFFFFFFFF  # the step number under which an episode is set up

RAISE = int(Move["OFFER_100"])
"""The row of a concession that leads to a price: what a move on terms is that gives the supplier more."""

TERM_BLOCKS = (12, 13)
"""The blocks of random numbers that moves on terms draw."""


@compiled
def begin_terms(s: Record, p: Record, t: Record, g: Record, key: Any, episode: int) -> None:
    """Put the standard terms on the table, and draw what the issues cost this supplier."""
    u = uniforms(key, episode, _SETUP, TERM_BLOCKS[0])
    v = uniforms(key, episode, _SETUP, TERM_BLOCKS[1])
    kind = int(p.archetype)
    t.best = 0.0
    for k in range(_NUM_ISSUES):
        t.level[k] = g.standard[k]
        t.quote[k] = 0.0
        t.priority[k] = 0.0
        t.weight[k] = g.kinds[kind, k] * (1.0 + g.spread * triangular(u[k], v[k]))
        most = 0.0
        for level in range(g.levels[k]):
            most = max(most, g.worth[k, level] - t.weight[k] * g.burden[k, level])
        t.best += most
    t.refused = 0.0
    t.worth = 0.0
    t.cost = 0.0
    t.opening = 0.0


@compiled
def worth_of(t: Record, table: NDArray[Any], levels: NDArray[Any], move: int) -> float:
    """Return what a table says of the terms that a move leads to; of those on the table where ``move`` is -1."""
    total = 0.0
    for k in range(_NUM_ISSUES):
        step = levels[move, k] if move >= 0 else 0
        total += table[k, int(t.level[k]) + step]
    return total


@compiled
def cost_of(t: Record, g: Record, levels: NDArray[Any], move: int) -> float:
    """Return what the terms that a move leads to cost the supplier."""
    total = 0.0
    for k in range(_NUM_ISSUES):
        total += t.weight[k] * g.burden[k, int(t.level[k]) + levels[move, k]]
    return total


@compiled
def paid_for(t: Record, g: Record, move: int) -> float:
    """Return by how much a move on terms raises the price that the buyer offers."""
    if PAYS[move] == 0.0:
        return 0.0
    return PAYS[move] * (worth_of(t, g.worth, LEVELS, move) - t.worth)


@compiled
def open_to_terms(s: Record) -> bool:
    """Return whether terms can be talked about: an offer stands, below the ask."""
    return 0.0 < s.offer < s.ask - _MIN_GAP


@compiled
def most_to_pay(s: Record, t: Record, game: Record, g: Record) -> float:
    """Return the budget for the terms on the table."""
    most: float = s.limit + game.slack + worth_of(t, g.budgeted, LEVELS, -1)
    return most


@compiled
def fits(t: Record, g: Record, move: int, price: float, most: float) -> bool:
    """Return whether a move leads to terms that there are, at a price within the budget.

    Args:
        t: the terms.
        g: the issues.
        move: which, of those on terms.
        price: what the buyer offers now, as it sees it.
        most: its budget for the terms on the table.
    """
    worth, budget = 0.0, 0.0
    for k in range(_NUM_ISSUES):
        step = LEVELS[move, k]
        if step != 0:
            level = int(t.level[k])
            if level + step < 0 or level + step >= g.levels[k]:
                return False
            worth += g.worth[k, level + step] - g.worth[k, level]
            budget += g.budgeted[k, level + step] - g.budgeted[k, level]
    offered = price + PAYS[move] * worth
    return _LEAST_OFFER <= offered <= most + budget


@compiled
def terms_legal(s: Record, t: Record, game: Record, g: Record, move: int) -> bool:
    """Return whether a move on terms is legal; it depends on nothing that the buyer does not see."""
    if not g.allowed[move]:
        return False
    if move == _ASK:
        return True
    return open_to_terms(s) and fits(t, g, move, s.offer + t.cost, most_to_pay(s, t, game, g))


@compiled
def write_terms_mask(s: Record, t: Record, game: Record, g: Record, out: NDArray[Any], i: int) -> None:
    """Write 1 for each legal move on terms, else 0, behind the moves on the price."""
    first = out.shape[1] - TERM_MOVES
    talks = open_to_terms(s)
    price, most = s.offer + t.cost, most_to_pay(s, t, game, g)
    for move in range(TERM_MOVES):
        out[i, first + move] = g.allowed[move] and (move == _ASK or (talks and fits(t, g, move, price, most)))


@compiled
def tell_priorities(p: Record, t: Record, u: float) -> None:
    """Let the supplier say which issues matter to it, dearest first; one that does not mean it turns them round."""
    for k in range(_NUM_ISSUES):
        rank = 0
        for other in range(_NUM_ISSUES):
            dearer = t.weight[other] > t.weight[k] or (t.weight[other] == t.weight[k] and other < k)
            rank += 1 if dearer else 0
        if u >= p.honesty:
            rank = _NUM_ISSUES - 1 - rank
        t.priority[k] = 1.0 - rank / _NUM_ISSUES


@compiled
def put_on_table(s: Record, p: Record, t: Record, game: Record, g: Record, move: int, markup: float) -> float:
    """Put the terms that a move leads to on the table; return what the supplier's quote adds to their cost."""
    added = 0.0
    for k in range(_NUM_ISSUES):
        step = LEVELS[move, k]
        if step != 0:
            level = int(t.level[k])
            change = t.weight[k] * (g.burden[k, level + step] - g.burden[k, level])
            added += markup * abs(change)
            t.level[k] = level + step
            # What it names is the change of its price: more for what it gives, less for what it gets.
            t.quote[k] = max(0.0, abs(change) * (1.0 + markup * step)) if alone(move) else t.quote[k]
    t.worth = worth_of(t, g.worth, LEVELS, -1)
    t.cost = 0.0
    for k in range(_NUM_ISSUES):
        t.cost += t.weight[k] * g.burden[k, int(t.level[k])]
    s.budget = min(s.limit + game.slack + worth_of(t, g.budgeted, LEVELS, -1) - t.cost, _HIGHEST_BUDGET)
    return added


@compiled
def alone(move: int) -> bool:
    """Return whether a move is about one issue."""
    issues = 0
    for k in range(_NUM_ISSUES):
        issues += 1 if LEVELS[move, k] != 0 else 0
    return issues == 1


@compiled
def refuses(s: Record, p: Record, k: Record, cost: float, u: float) -> bool:
    """Return whether the supplier refuses to talk about terms that ``cost`` it something at the buyer's price."""
    chance = k.refusal + k.refusal_cost * cost + k.refusal_strain * s.tension / p.tolerance
    return s.offer - cost < _LEAST_OFFER or u < min(_MOST_REFUSAL, chance)


@compiled
def ask_for_terms(s: Record, p: Record, t: Record, game: Record, g: Record, move: int, u: float, markup: float) -> bool:
    """Talk about other terms; return whether what the buyer says is a concession to this supplier.

    It quotes its price for them: what they cost it, and a mark-up, with what it gave for concessions that are taken
    back now. It may refuse what costs it something, and takes a buyer that asks for more for one that can pay more.
    """
    change = cost_of(t, g, LEVELS, move) - t.cost - paid_for(t, g, move)
    c = g.constants
    if change > _SAME and refuses(s, p, c, change, u):
        t.refused = 1.0
        return False
    highest = max(s.ask, first_ask(p))
    added = put_on_table(s, p, t, game, g, move, markup)
    if change > _SAME:
        back = min(change, max(0.0, s.offer - t.opening))
        s.offer -= change
        s.ask = min(highest, s.ask + added + c.reclaim * min(1.0, p.matching) * back)
        s.expected_limit = min(s.ask, s.expected_limit + c.demand_signal * change)
        s.stalemate = 0.0
        return False
    s.ask = min(highest, s.ask + added)
    s.named_price = min(s.ask, s.offer - change)
    return s.named_price > s.offer + _SAME


@compiled
def play_terms(
    s: Record, p: Record, c: Record, t: Record, game: Record, g: Record, move: int, urgency: float, key: Any,
    episode: int, draws: Tile, row: int,
) -> None:  # fmt: skip
    """Play one legal move on terms, with its effects, and let the supplier answer as to any other move."""
    u_lie, u_refuse, u_markup, v_markup = uniforms(key, episode, int(s.step), TERM_BLOCKS[0])
    effects = g.effects[move]
    number = MOVES + move
    s.named_price = 0.0
    if move == _ASK:
        tell_priorities(p, t, u_lie)
        advance(s, p, c, effects, game.tactics, number, urgency, draws, row)
        return
    k = g.constants
    markup = clip(k.markup + k.markup_spread * triangular(u_markup, v_markup), 0.0, 1.0)
    if ask_for_terms(s, p, t, game, g, move, u_refuse, markup):
        advance(s, p, c, game.effects[RAISE], game.tactics, number, urgency, draws, row)
    else:
        advance(s, p, c, effects, game.tactics, number, urgency, draws, row)


@compiled
def buyer_gain(price: float, s: Record, t: Record) -> float:
    """Return what the buyer gains by a deal at the terms on the table at this supplier-equivalent price."""
    gain: float = s.limit + t.worth - t.cost - price
    return gain


@compiled
def attainable(s: Record, p: Record, c: Record, t: Record) -> float:
    """Return the whole surplus that the best terms would give both sides together; at least ``least_surplus``."""
    return max(s.limit + t.best - p.reservation_price, c.least_surplus)


@compiled
def score_terms(
    s: Record, p: Record, c: Record, t: Record, w: Record, terms: NDArray[np.float64], i: int
) -> float:  # fmt: skip
    """Value in row ``i`` of ``terms`` what a deal, or an outside option, is worth with several issues; return the sum.

    Shares are those of the whole surplus that the best terms would give. One that gives up a principle is bad at any
    price, and counts as -1.
    """
    whole = attainable(s, p, c, t)
    if s.outcome == _DEAL:
        gain = buyer_gain(s.price, s, t)
        terms[i, 0] = w.surplus * max(_WORST_SHARE, gain / whole)
        if s.deals_left == 0.0:
            terms[i, 1] = w.goodwill * goodwill_gain(goodwill_after(s, p, c), gain >= 0.0, c)
    elif terms[i, 7] > 0.0:
        terms[i, 7] = w.outside_option * min(1.0, (s.limit - s.quote) / whole)
    total = 0.0
    for column in range(len(REWARD_TERMS)):
        total += terms[i, column]
    return total
