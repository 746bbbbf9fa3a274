"""How an episode begins: a supplier drawn from the population, and the first state."""

import math
from typing import Any

from numpy.typing import NDArray

from negoenv.game.beliefs import start_talks
from negoenv.game.persuasion import Record, clip
from negoenv.game.state import STATE
from negoenv.game.supplier import SUPPLIER
from negoenv.numerics.compiled import compiled
from negoenv.numerics.layout import Records
from negoenv.numerics.randomness import Tile, draw_tile, drawn, triangular

Array = NDArray[Any]

_SETUP = 0xFFFFFFFF  # the step number under which an episode is set up
_SETUP_BLOCKS = 2  # blocks of numbers for what is drawn besides the traits
_FIRST_TRAITS = 16  # first block of numbers for the supplier's traits
_TRAIT_BLOCKS = (len(SUPPLIER) + 1) // 2  # a block gives two traits
BLOCKS = _SETUP_BLOCKS + _TRAIT_BLOCKS
"""Blocks of random numbers that an episode takes to begin."""

_LOWS = SUPPLIER.lows
_HIGHS = SUPPLIER.highs
_HIGHEST_BUDGET = STATE.by_name["budget"].high


@compiled
def draw_supplier(
    row: Record, shares: Array, means: Array, spreads: Array, u_kind: float, u_weak: float, draws: Tile, k: int
) -> None:
    """Draw a hidden type from a population; the numbers for its fields follow those of the setup in ``draws``."""
    kind = 0
    while u_kind > shares[kind]:
        kind += 1
    traits, numbers = row.supplier_numbers, draws.numbers
    for field in range(len(traits)):
        place = 4 * _SETUP_BLOCKS + 2 * field
        noise = triangular(numbers[place, k], numbers[place + 1, k])
        traits[field] = clip(means[kind, field] + spreads[kind, field] * noise, _LOWS[field], _HIGHS[field])
    row.supplier.archetype = kind
    row.supplier.weakness = 1.0 if u_weak < row.supplier.weakness else 0.0


@compiled
def between(ranges: Array, k: int, u: float) -> float:
    """Return a number of the range ``k``, uniform where ``u`` is."""
    number: float = ranges[k, 0] + (ranges[k, 1] - ranges[k, 0]) * u
    return number


@compiled
def initial_state(
    row: Record, game: Record, u_limit: float, u_benchmark: float, u_goodwill: float, u_need: float, u_delay: float,
    u_patience: float,
) -> None:  # fmt: skip
    """Set the state to the start of a negotiation."""
    for k in range(len(row.state_numbers)):
        row.state_numbers[k] = 0.0
    s, p, ranges = row.state, row.supplier, game.ranges
    s.deadline = max(1.0, math.floor(game.deadline * between(ranges, 5, u_patience) + 0.5))
    s.need_date = math.floor(s.deadline * between(ranges, 3, u_need) + 0.5)
    s.delay_cost = between(ranges, 4, u_delay)
    s.deals_left = game.deals - 1.0
    s.limit = between(ranges, 0, u_limit)
    s.benchmark = between(ranges, 1, u_benchmark)
    s.goodwill = between(ranges, 2, u_goodwill)
    s.budget = min(s.limit + game.slack, _HIGHEST_BUDGET)
    start_talks(s, p, game.constants)
    s.credibility = 1.0
    s.last_move = -1.0


@compiled
def collect_resets(first: int, count: int, begins: Array, records: Records, draws: Tile) -> int:
    """Count the next episode of those of ``count`` rows from ``first`` that ``begins`` names; return how many."""
    begun = 0
    for i in range(first, first + count):
        if begins[i]:
            row = records[i]
            row.episode += 1
            draws.key[begun] = row.key
            draws.episode[begun] = row.episode
            draws.step[begun] = _SETUP
            draws.row[begun] = i
            begun += 1
    return begun


@compiled
def varies(spreads: Array, block: int) -> bool:
    """Return whether any archetype has a spread in one of the two traits of a block."""
    for kind in range(len(spreads)):
        for trait in range(2 * block, min(2 * block + 2, spreads.shape[1])):
            if spreads[kind, trait] > 0.0:
                return True
    return False


@compiled
def draw_setup(draws: Tile, num_rows: int, spreads: Array) -> None:
    """Draw the numbers with which ``num_rows`` rows begin; where nothing is spread, any that were left do."""
    draw_tile(draws, num_rows, 0, _SETUP_BLOCKS, 0)
    for block in range(_TRAIT_BLOCKS):
        if varies(spreads, block):
            draw_tile(draws, num_rows, _FIRST_TRAITS + block, 1, _SETUP_BLOCKS + block)


@compiled
def reset_tile(
    first: int, count: int, begins: Array, records: Records, game: Record, shares: Array, means: Array, spreads: Array,
    draws: Tile,
) -> None:  # fmt: skip
    """Begin the next episode in those of ``count`` rows from ``first`` that ``begins`` names."""
    begun = collect_resets(first, count, begins, records, draws)
    if begun == 0:
        return
    draw_setup(draws, begun, spreads)
    for k in range(begun):
        row = records[draws.row[k]]
        u_kind, u_weak, u_need, u_delay = drawn(draws, 0, k)
        u_limit, u_benchmark, u_goodwill, u_patience = drawn(draws, 1, k)
        draw_supplier(row, shares, means, spreads, u_kind, u_weak, draws, k)
        initial_state(row, game, u_limit, u_benchmark, u_goodwill, u_need, u_delay, u_patience)
