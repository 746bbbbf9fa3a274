"""The compiled loops over rows of Sourcing: begin episodes, step them. No rule of the game is here."""

from typing import Any

import numpy as np
from numba import prange
from numpy.typing import NDArray

from negoenv.engine.kernels import clear_row
from negoenv.engine.reset import reset_tile
from negoenv.game.beliefs import elapsed, urgency_at
from negoenv.game.persuasion import Record
from negoenv.game.reward import supplier_margin
from negoenv.game.state import Outcome
from negoenv.numerics.compiled import compiled, compiled_entry, compiled_parallel_entry
from negoenv.numerics.layout import Records
from negoenv.numerics.randomness import TILE, Tile, draw_tile
from negoenv.sourcing.award import expected_loss, goodwill_of, score_round
from negoenv.sourcing.engine.records import SLOT_EPISODES
from negoenv.sourcing.moves import MOVES_A_SUPPLIER
from negoenv.sourcing.observation import observe_order
from negoenv.sourcing.quotes import admit_action, lowest_prices, write_legal
from negoenv.sourcing.rounds import next_requirement, play_round, reset_order

Array = NDArray[Any]

_STEP_BLOCKS = 5  # blocks of random numbers that a step of a negotiation takes
_DEAL = float(Outcome.DEAL)


@compiled
def show_row(
    orders: Records, records: Records, contacts: Records, game: Record, count: int, row: int, blocks: Array,
    masks: Array,
) -> None:  # fmt: skip
    """Write mask and observation of a row."""
    lowest = lowest_prices(records, contacts, game.market, row, count)
    write_legal(records, contacts, game, count, row, lowest, masks)
    observe_order(orders[row], records, contacts, game, count, row, lowest, blocks)


@compiled
def mark_resets(
    first: int, last: int, begins: Array, keys: Array, episodes: Array, records: Records, count: int, marks: Array
) -> None:  # fmt: skip
    """Count the next episode of rows that ``begins`` names, and mark their suppliers, each with numbers of its own."""
    for row in range(first, last):
        if begins[row]:
            episodes[row] += 1
        for k in range(count):
            marks[row * count + k] = begins[row]
            if begins[row]:
                record = records[row * count + k]
                record.key = keys[row]
                record.episode = episodes[row] + k * SLOT_EPISODES - 1


@compiled
def draw_suppliers(
    first: int, last: int, marks: Array, records: Records, game: Record, shares: Array, means: Array, spreads: Array,
    draws: Tile,
) -> None:  # fmt: skip
    """Draw the suppliers that are marked, of the records from ``first`` to ``last``."""
    for start in range(first, last, TILE):
        reset_tile(start, min(TILE, last - start), marks, records, game.base, shares, means, spreads, draws)


@compiled_entry
def mark_rows(begins: Array, keys: Array, episodes: Array, records: Records, count: int, marks: Array) -> None:
    """Count the next episode of each row of ``begins``, and mark its suppliers."""
    mark_resets(0, len(begins), begins, keys, episodes, records, count, marks)


@compiled_entry
def draw_marked(
    marks: Array, records: Records, games: Records, tiles: Records, shares: Array, means: Array, spreads: Array
) -> None:  # fmt: skip
    """Draw the suppliers that are marked."""
    draw_suppliers(0, len(marks), marks, records, games[0], shares, means, spreads, tiles[0])


@compiled_entry
def reset_orders(
    begins: Array, orders: Records, records: Records, contacts: Records, games: Records, count: int, clears: bool,
    blocks: Array, masks: Array, rewards: Array, terms: Array, terminated: Array,
) -> None:  # fmt: skip
    """Begin the orders of rows whose suppliers have been drawn; clear what their last step gave, if ``clears``."""
    game = games[0]
    for row in range(len(begins)):
        if begins[row]:
            reset_order(orders[row], records, contacts, game, count, row)
            show_row(orders, records, contacts, game, count, row, blocks, masks)
            terminated[row] = False
            if clears:
                clear_row(rewards, terms, row)


@compiled_entry
def show_rows(
    todo: Array, orders: Records, records: Records, contacts: Records, games: Records, count: int, blocks: Array,
    masks: Array,
) -> None:  # fmt: skip
    """Write masks and observations anew."""
    for row in range(len(todo)):
        if todo[row]:
            show_row(orders, records, contacts, games[0], count, row, blocks, masks)


@compiled
def draw_round(
    start: int, rows: int, actions: Array, keys: Array, records: Records, count: int, draws: Tile
) -> None:  # fmt: skip
    """Draw the random numbers of the supplier that each of some rows talks to, and evaluate its urgency.

    The keys of the rows are those of their suppliers, too, whoever has set them.
    """
    for j in range(rows):
        for k in range(count):
            records[(start + j) * count + k].key = keys[start + j]
        k = actions[start + j] // MOVES_A_SUPPLIER
        record = records[(start + j) * count + (k if 0 <= k < count else 0)]
        draws.key[j] = record.key
        draws.episode[j] = record.episode
        draws.step[j] = record.state.step
        draws.elapsed[j] = elapsed(record.state, record.supplier)
        draws.boulware[j] = record.supplier.boulware
    draw_tile(draws, rows, 0, _STEP_BLOCKS, 0)
    for j in range(rows):
        draws.urgency[j] = urgency_at(draws.elapsed[j], draws.boulware[j])


@compiled_entry
def play_rows(
    chunk: int, chunks: int, plays: Array, begins: Array, actions: Array, keys: Array, episodes: Array,
    orders: Records, records: Records, contacts: Records, games: Records, count: int, marks: Array, tiles: Records,
    shares: Array, means: Array, spreads: Array, blocks: Array, masks: Array, rewards: Array, terms: Array,
    terminated: Array,
) -> None:  # fmt: skip
    """In one of ``chunks`` parts of the rows, begin those of ``begins`` and play an action in others of ``plays``."""
    game, draws = games[0], tiles[chunk]
    size = (len(plays) + chunks - 1) // chunks
    first, last = min(len(plays), chunk * size), min(len(plays), (chunk + 1) * size)
    mark_resets(first, last, begins, keys, episodes, records, count, marks)
    draw_suppliers(first * count, last * count, marks, records, game, shares, means, spreads, draws)
    for start in range(first, last, TILE):
        rows = min(TILE, last - start)
        draw_round(start, rows, actions, keys, records, count, draws)
        for j in range(rows):
            i = start + j
            o = orders[i]
            if begins[i]:
                reset_order(o, records, contacts, game, count, i)
                clear_row(rewards, terms, i)
                terminated[i] = False
                show_row(orders, records, contacts, game, count, i, blocks, masks)
            elif plays[i]:
                action = admit_action(o, records, contacts, game, count, i, actions[i])
                urgency = draws.urgency[j]
                cost = play_round(o, records, contacts, game, count, i, action, urgency, draws, j)
                rewards[i] = score_round(o, records, game, count, i, cost, terms)
                if o.outcome == _DEAL:
                    next_requirement(o, records, contacts, game, count, i)
                terminated[i] = o.outcome != 0.0
                show_row(orders, records, contacts, game, count, i, blocks, masks)


@compiled_parallel_entry
def play_rows_in_parallel(
    chunks: int, plays: Array, begins: Array, actions: Array, keys: Array, episodes: Array, orders: Records,
    records: Records, contacts: Records, games: Records, count: int, marks: Array, tiles: Records, shares: Array,
    means: Array, spreads: Array, blocks: Array, masks: Array, rewards: Array, terms: Array, terminated: Array,
) -> None:  # fmt: skip
    """Do what `play_rows` does, in ``chunks`` of rows side by side."""
    for chunk in prange(chunks):
        play_rows(
            chunk, chunks, plays, begins, actions, keys, episodes, orders, records, contacts, games, count, marks,
            tiles, shares, means, spreads, blocks, masks, rewards, terms, terminated,
        )  # fmt: skip


@compiled_entry
def report_rows(chosen: Array, orders: Records, records: Records, games: Records, count: int, reports: Records) -> None:
    """Write what became of each of the ``chosen`` rows into as many reports; what needs a deal is NaN without one."""
    c, m = games[0].base.constants, games[0].market
    for place in range(len(chosen)):
        row, report = chosen[place], reports[place]
        o = orders[row]
        report.outcome = int(o.outcome)
        report.deal = o.outcome == _DEAL
        report.price, report.surplus_share, report.supplier_margin = np.nan, np.nan, np.nan
        report.goodwill, report.under_delivery_probability, report.best_share = np.nan, np.nan, np.nan
        bluffs, talked, least = 0.0, 0, o.limit
        for k in range(count):
            record = records[row * count + k]
            bluffs += record.state.bluffs
            talked += record.state.step > 0.0
            least = min(least, record.supplier.reservation_price)
        if report.deal:
            report.price = o.price
            report.surplus_share = (o.limit - o.price) / max(o.limit - least, c.least_surplus)
            main = records[row * count + int(o.supplier)]
            report.supplier_margin = supplier_margin(main.state, main.supplier)
            report.goodwill = goodwill_of(o, records, c, count, row)
            report.under_delivery_probability = expected_loss(o, records, c, m, count, row)
            report.best_share = o.share
        report.rounds, report.illegal_moves, report.bluffs = int(o.step), int(o.illegal_moves), int(bluffs)
        report.deals, report.splits, report.lost = int(o.bought), int(o.splits), int(o.lost)
        report.sources = (int(o.supplier) >= 0) + (int(o.second) >= 0)
        report.talked_to = talked
