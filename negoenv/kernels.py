"""The compiled loops over rows: begin episodes, step them. No rule of the game is here."""

from typing import Any

import numpy as np
from numba import prange
from numpy.typing import NDArray

from negoenv.compiled import compiled, compiled_entry, compiled_parallel_entry
from negoenv.dynamics.aftermath import (
    buyer_share,
    goodwill_after,
    renew,
    supplier_margin,
    under_delivery_probability,
)
from negoenv.dynamics.persuasion import Record, clip
from negoenv.dynamics.transition import advance, is_legal
from negoenv.layout import Records
from negoenv.observation import observe
from negoenv.randomness import drawn, triangular, uniforms, uniforms_of_rows
from negoenv.reward import score
from negoenv.state import STATE, Outcome
from negoenv.supplier import SUPPLIER
from negoenv.tactics import FAMILY_OF, MOVES, Family, Move

Array = NDArray[Any]

OUTCOME_NAMES = np.array([outcome.name.lower() for outcome in Outcome])

_SETUP = 0xFFFFFFFF  # the step number under which an episode is set up
_TRAITS = 16  # first block of draws for the supplier's traits
_PAIRS = (len(SUPPLIER) + 1) // 2  # a block gives two traits
_BLOCKS = 4  # blocks of draws that a step takes
_RENEWAL = 4  # block of draws for what happens between two deals
# Moves that `is_legal` may refuse; asking for these alone takes half the time of asking for all of them.
_CONDITIONAL = np.array(
    [m for m in Move if FAMILY_OF[m] in (Family.OPENING, Family.ULTIMATUM, Family.CONCESSION) or m == Move.ACCEPT]
)
_TILE = 64  # rows whose numbers are drawn together: 8 KiB, which stay in the first cache
_LOWS = SUPPLIER.lows
_HIGHS = SUPPLIER.highs
_DEAL = float(Outcome.DEAL)
_HIGHEST_BUDGET = STATE.by_name["budget"].high


@compiled
def draw_supplier(
    row: Record, shares: Array, means: Array, spreads: Array, u_kind: float, u_weak: float, traits: Array, k: int
) -> None:
    """Draw a hidden type from a population; the numbers for its fields are in column ``k`` of ``traits``."""
    kind = 0
    while u_kind > shares[kind]:
        kind += 1
    numbers = row.supplier_numbers
    for field in range(len(numbers)):
        noise = triangular(traits[2 * field, k], traits[2 * field + 1, k])
        numbers[field] = clip(means[kind, field] + spreads[kind, field] * noise, _LOWS[field], _HIGHS[field])
    row.supplier.archetype = kind
    row.supplier.weakness = 1.0 if u_weak < row.supplier.weakness else 0.0


@compiled
def set_table(row: Record, game: Record, u_limit: float, u_benchmark: float, u_goodwill: float) -> None:
    """Set the state to the start of a negotiation."""
    for k in range(len(row.state_numbers)):
        row.state_numbers[k] = 0.0
    s, p, ranges = row.state, row.supplier, game.ranges
    s.deadline = game.deadline
    s.deals_left = game.deals - 1.0
    s.limit = ranges[0, 0] + (ranges[0, 1] - ranges[0, 0]) * u_limit
    s.benchmark = ranges[1, 0] + (ranges[1, 1] - ranges[1, 0]) * u_benchmark
    s.goodwill = ranges[2, 0] + (ranges[2, 1] - ranges[2, 0]) * u_goodwill
    s.budget = min(s.limit + game.slack, _HIGHEST_BUDGET)
    s.ask = max(1.0, p.reservation_price)
    s.target = p.reservation_price + p.aspiration * (s.ask - p.reservation_price)
    s.credibility = 1.0
    s.last_move = -1.0


@compiled
def write_mask(s: Record, game: Record, out: Array, i: int) -> None:
    """Write 1 into row ``i`` of ``out`` for each legal move, else 0; int8 of shape ``(rows, 22)``."""
    for move in range(MOVES):
        out[i, move] = game.allowed[move]
    for move in _CONDITIONAL:
        if not is_legal(s, game.effects, move):
            out[i, move] = 0


@compiled
def show_row(row: Record, game: Record, observations: Array, masks: Array, i: int) -> None:
    """Write mask and observation of a row."""
    last = int(row.state.last_move)
    family = game.effects[last].family if last >= 0 else -1.0
    write_mask(row.state, game, masks, i)
    observe(row.state, row.state_numbers, family, game.visible, observations, i)


@compiled
def begin_tile(
    first: int, count: int, begins: Array, rows: Records, game: Record, shares: Array, means: Array,
    spreads: Array, counters: Array, traits: Array, draws: Array,
) -> None:  # fmt: skip
    """Begin the next episode in those of ``count`` rows from ``first`` that ``begins`` names."""
    keys, episodes, steps, chosen = counters[0], counters[1], counters[2], counters[3]
    begun = 0
    for i in range(first, first + count):
        if begins[i]:
            row = rows[i]
            row.episode += 1
            keys[begun] = row.key
            episodes[begun] = row.episode
            steps[begun] = _SETUP
            chosen[begun] = i
            begun += 1
    if begun == 0:
        return
    uniforms_of_rows(keys, episodes, steps, begun, 0, 2, draws)
    uniforms_of_rows(keys, episodes, steps, begun, _TRAITS, _PAIRS, traits)
    for k in range(begun):
        row = rows[np.int64(chosen[k])]
        u_kind, u_weak, _, _ = drawn(draws, 0, k)
        u_limit, u_benchmark, u_goodwill, _ = drawn(draws, 1, k)
        draw_supplier(row, shares, means, spreads, u_kind, u_weak, traits, k)
        set_table(row, game, u_limit, u_benchmark, u_goodwill)


@compiled
def scratch() -> tuple[Array, Array, Array]:
    """Return memory for what a tile of rows draws: counters, numbers of a step, numbers for the traits."""
    return np.empty((4, _TILE), np.uint64), np.empty((4 * _BLOCKS, _TILE)), np.empty((4 * _PAIRS, _TILE))


@compiled
def draw_tile(rows: Records, first: int, count: int, counters: Array, draws: Array) -> None:
    """Draw the random numbers of one step for ``count`` rows from ``first``, into ``draws``."""
    keys, episodes, steps = counters[0], counters[1], counters[2]
    for k in range(count):
        row = rows[first + k]
        keys[k] = row.key
        episodes[k] = row.episode
        steps[k] = row.state.step
    uniforms_of_rows(keys, episodes, steps, count, 0, _BLOCKS, draws)


@compiled_entry
def begin_rows(
    chosen: Array, rows: Records, games: Records, shares: Array, means: Array, spreads: Array, observations: Array,
    masks: Array, rewards: Array, terms: Array, terminated: Array,
) -> None:  # fmt: skip
    """Begin the next episode in each of ``chosen``."""
    game = games[0]
    counters, draws, traits = scratch()
    for start in range(0, len(chosen), _TILE):
        count = min(_TILE, len(chosen) - start)
        begin_tile(start, count, chosen, rows, game, shares, means, spreads, counters, traits, draws)
        for i in range(start, start + count):
            if chosen[i]:
                show_row(rows[i], game, observations, masks, i)
                clear_row(rewards, terms, terminated, i)


@compiled
def clear_row(rewards: Array, terms: Array, terminated: Array, i: int) -> None:
    """Clear what the last step of a row gave."""
    rewards[i] = 0.0
    for column in range(terms.shape[1]):
        terms[i, column] = 0.0
    terminated[i] = False


@compiled_entry
def show_rows(todo: Array, rows: Records, games: Records, observations: Array, masks: Array) -> None:
    """Write masks and observations anew, after a state was set by hand."""
    for i in range(len(todo)):
        if todo[i]:
            show_row(rows[i], games[0], observations, masks, i)


@compiled_entry
def step_rows(
    first: int, last: int, plays: Array, begins: Array, actions: Array, rows: Records, games: Records, shares: Array,
    means: Array, spreads: Array, observations: Array, masks: Array, rewards: Array, terms: Array, terminated: Array,
) -> None:  # fmt: skip
    """From ``first`` to ``last`` (exclusive), play one move in the rows of ``plays`` and begin those of ``begins``."""
    game = games[0]
    c = game.constants
    w = game.weights
    counters, draws, traits = scratch()
    for start in range(first, last, _TILE):
        count = min(_TILE, last - start)
        begin_tile(start, count, begins, rows, game, shares, means, spreads, counters, traits, draws)
        draw_tile(rows, start, count, counters, draws)
        for k in range(count):
            i = start + k
            row = rows[i]
            s = row.state
            p = row.supplier
            if plays[i]:
                move = actions[i]
                if 0 <= move < MOVES and game.allowed[move] == 0:
                    move = -1
                move = advance(s, p, c, game.effects, move, draws, k)
                e = game.effects[move]
                rewards[i] = score(s, p, c, e, w, terms, i)
                if s.outcome == _DEAL and s.deals_left > 0.0:
                    u_again, u_delivery, _, _ = uniforms(row.key, row.episode, int(s.step), _RENEWAL)
                    renew(s, p, c, u_again, u_delivery)
                terminated[i] = s.outcome != 0.0
                write_mask(s, game, masks, i)
                observe(s, row.state_numbers, e.family, game.visible, observations, i)
            elif begins[i]:
                show_row(row, game, observations, masks, i)
                clear_row(rewards, terms, terminated, i)


@compiled_parallel_entry
def step_rows_in_parallel(
    chunks: int, plays: Array, begins: Array, actions: Array, rows: Records, games: Records, shares: Array,
    means: Array, spreads: Array, observations: Array, masks: Array, rewards: Array, terms: Array, terminated: Array,
) -> None:  # fmt: skip
    """Do what `step_rows` does, in ``chunks`` of rows side by side."""
    size = (len(plays) + chunks - 1) // chunks
    for chunk in prange(chunks):
        first = chunk * size
        last = min(len(plays), first + size)
        step_rows(
            first, last, plays, begins, actions, rows, games, shares, means, spreads, observations, masks, rewards,
            terms, terminated,
        )  # fmt: skip


@compiled_entry
def report_rows(chosen: Array, rows: Records, games: Records, values: Array, counts: Array) -> None:
    """Write what became of each of the ``chosen`` rows: float64 ``(5, chosen)``, NaN without a deal; int64 likewise."""
    c = games[0].constants
    for k in range(len(chosen)):
        s = rows[chosen[k]].state
        p = rows[chosen[k]].supplier
        if s.outcome == _DEAL:
            margin = supplier_margin(s, p)
            values[0, k] = s.price
            values[1, k] = buyer_share(s.price, s, p, c)
            values[2, k] = margin
            values[3, k] = goodwill_after(s, p, c)
            values[4, k] = under_delivery_probability(s, p, c)
        else:
            for column in range(len(values)):
                values[column, k] = np.nan
        counts[0, k] = int(s.outcome)
        counts[1, k] = int(s.step)
        counts[2, k] = int(s.illegal_moves)
        counts[3, k] = int(s.bluffs)
        counts[4, k] = int(s.deals)


def report(chosen: Array, rows: Records, games: Records) -> dict[str, Array]:
    """Return how the ``chosen`` rows ended, and what a deal did to both sides, NaN without a deal."""
    values = np.empty((5, len(chosen)))
    counts = np.empty((5, len(chosen)), np.int64)
    report_rows(chosen, rows, games, values, counts)
    outcome, rounds, illegal_moves, bluffs, deals = counts
    return {
        "outcome": OUTCOME_NAMES[outcome],
        "price": values[0],
        "surplus_share": values[1],
        "supplier_margin": values[2],
        "goodwill": values[3],
        "under_delivery_probability": values[4],
        "rounds": rounds,
        "illegal_moves": illegal_moves,
        "bluffs": bluffs,
        "deals": deals,
    }
