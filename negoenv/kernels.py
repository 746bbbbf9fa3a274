"""The compiled loops over rows: begin episodes, step them. No rule of the game is here."""

from typing import Any

import numpy as np
from numba import prange
from numpy.typing import NDArray

from negoenv.compiled import compiled, compiled_entry, compiled_parallel_entry
from negoenv.dynamics.persuasion import Record, clip
from negoenv.dynamics.transition import advance, is_legal
from negoenv.layout import Records
from negoenv.observation import observe
from negoenv.randomness import Key, triangular, uniforms
from negoenv.reward import goodwill_after, score, supplier_margin, under_delivery_probability
from negoenv.state import STATE, Outcome
from negoenv.supplier import SUPPLIER

Array = NDArray[Any]

_SETUP = 0xFFFFFFFF  # the step number under which an episode is set up
_TRAITS = 16  # first block of draws for the supplier's traits
_ARCHETYPE = SUPPLIER.names.index("archetype")
_WEAKNESS = SUPPLIER.names.index("weakness")
_LOWS = SUPPLIER.lows
_HIGHS = SUPPLIER.highs
_DEAL = float(Outcome.DEAL)
_HIGHEST_BUDGET = STATE.by_name["budget"].high


@compiled
def draw_supplier(key: Key, episode: int, shares: Array, means: Array, spreads: Array, row: Array) -> None:
    """Draw a hidden type from a population into ``row``, float64 of shape ``(supplier fields,)``."""
    u_kind, u_weak, _, _ = uniforms(key, episode, _SETUP, 0)
    kind = 0
    while u_kind > shares[kind]:
        kind += 1
    for pair in range((len(row) + 1) // 2):
        u0, u1, u2, u3 = uniforms(key, episode, _SETUP, _TRAITS + pair)
        k = 2 * pair
        row[k] = clip(means[kind, k] + spreads[kind, k] * triangular(u0, u1), _LOWS[k], _HIGHS[k])
        k += 1
        if k < len(row):
            row[k] = clip(means[kind, k] + spreads[kind, k] * triangular(u2, u3), _LOWS[k], _HIGHS[k])
    row[_ARCHETYPE] = kind
    row[_WEAKNESS] = 1.0 if u_weak < row[_WEAKNESS] else 0.0


@compiled
def set_table(s: Record, p: Record, ranges: Array, deadline: float, slack: float, key: Key, episode: int) -> None:
    """Set the state to the start of a negotiation.

    Args:
        s: the state.
        p: the supplier.
        ranges: low and high of limit, benchmark and goodwill, float64 of shape ``(3, 2)``.
        deadline: rounds until the end.
        slack: how far the budget exceeds the limit.
        key: seed of the row.
        episode: episode counter of the row.
    """
    u_limit, u_benchmark, u_goodwill, _ = uniforms(key, episode, _SETUP, 1)
    s.deadline = deadline
    s.limit = ranges[0, 0] + (ranges[0, 1] - ranges[0, 0]) * u_limit
    s.benchmark = ranges[1, 0] + (ranges[1, 1] - ranges[1, 0]) * u_benchmark
    s.goodwill = ranges[2, 0] + (ranges[2, 1] - ranges[2, 0]) * u_goodwill
    s.budget = min(s.limit + slack, _HIGHEST_BUDGET)
    s.ask = max(1.0, p.reservation_price)
    s.target = p.reservation_price + p.aspiration * (s.ask - p.reservation_price)
    s.credibility = 1.0
    s.last_move = -1.0


@compiled
def write_mask(s: Record, effects: Records, allowed: Array, out: Array) -> None:
    """Write 1 into ``out`` for each legal move, else 0; int8 of shape ``(22,)``."""
    for move in range(len(out)):
        out[move] = 1 if allowed[move] == 1 and is_legal(s, effects, move) else 0


@compiled_entry
def begin_rows(
    rows: Array, keys: Array, episodes: Array, shares: Array, means: Array, spreads: Array, ranges: Array,
    deadline: float, slack: float, effects: Records, allowed: Array, visible: Array, state: Records,
    state_matrix: Array, supplier: Records, supplier_matrix: Array, observations: Array, masks: Array,
) -> None:  # fmt: skip
    """Begin the next episode in each of ``rows``."""
    for i in range(len(rows)):
        if rows[i]:
            episodes[i] += 1
            draw_supplier(keys[i], episodes[i], shares, means, spreads, supplier_matrix[i])
            state_matrix[i] = 0.0
            set_table(state[i], supplier[i], ranges, deadline, slack, keys[i], episodes[i])
            write_mask(state[i], effects, allowed, masks[i])
            observe(state[i], state_matrix[i], -1.0, visible, observations[i])


@compiled_entry
def show_rows(
    rows: Array, effects: Records, allowed: Array, visible: Array, state: Records, state_matrix: Array,
    observations: Array, masks: Array,
) -> None:  # fmt: skip
    """Write masks and observations anew in ``rows``, after a state was set by hand."""
    for i in range(len(rows)):
        if rows[i]:
            last = int(state[i].last_move)
            family = effects[last].family if last >= 0 else -1.0
            write_mask(state[i], effects, allowed, masks[i])
            observe(state[i], state_matrix[i], family, visible, observations[i])


@compiled_entry
def step_rows(
    first: int, last: int, rows: Array, actions: Array, keys: Array, episodes: Array, constants: Records,
    weights: Records, effects: Records, allowed: Array, visible: Array, state: Records, state_matrix: Array,
    supplier: Records, observations: Array, masks: Array, rewards: Array, terms: Array, terminated: Array,
) -> None:  # fmt: skip
    """Play one move in each of ``rows`` from ``first`` to ``last`` (exclusive)."""
    c = constants[0]
    w = weights[0]
    for i in range(first, last):
        if rows[i]:
            s = state[i]
            p = supplier[i]
            move = actions[i]
            if 0 <= move < len(allowed) and allowed[move] == 0:
                move = -1
            move = advance(s, p, c, effects, move, keys[i], episodes[i])
            e = effects[move]
            rewards[i] = score(s, p, c, e, w, terms[i])
            terminated[i] = s.outcome != 0.0
            write_mask(s, effects, allowed, masks[i])
            observe(s, state_matrix[i], e.family, visible, observations[i])


@compiled_parallel_entry
def step_rows_in_parallel(
    chunks: int, rows: Array, actions: Array, keys: Array, episodes: Array, constants: Records, weights: Records,
    effects: Records, allowed: Array, visible: Array, state: Records, state_matrix: Array, supplier: Records,
    observations: Array, masks: Array, rewards: Array, terms: Array, terminated: Array,
) -> None:  # fmt: skip
    """Do what `step_rows` does, in ``chunks`` of rows side by side."""
    size = (len(rows) + chunks - 1) // chunks
    for chunk in prange(chunks):
        first = chunk * size
        last = min(len(rows), first + size)
        step_rows(
            first, last, rows, actions, keys, episodes, constants, weights, effects, allowed, visible, state,
            state_matrix, supplier, observations, masks, rewards, terms, terminated,
        )  # fmt: skip


@compiled_entry
def appraise_rows(state: Records, supplier: Records, constants: Records, out: Array) -> None:
    """Write the supplier's margin, goodwill and under-delivery probability of each deal, float64 ``(rows, 3)``."""
    c = constants[0]
    for i in range(len(state)):
        if state[i].outcome == _DEAL:
            out[i, 0] = supplier_margin(state[i], supplier[i])
            out[i, 1] = goodwill_after(state[i], supplier[i], c)
            out[i, 2] = under_delivery_probability(state[i], supplier[i], c)
        else:
            out[i] = np.nan


def appraise(state: Records, supplier: Records, constants: Records) -> dict[str, Array]:
    """Return what a deal did to both sides, arrays of shape ``(rows,)``, NaN without a deal."""
    out = np.empty((len(state), 3))
    appraise_rows(state, supplier, constants, out)
    return {
        "surplus_share": 1.0 - out[:, 0],
        "supplier_margin": out[:, 0],
        "goodwill": out[:, 1],
        "under_delivery_probability": out[:, 2],
    }
