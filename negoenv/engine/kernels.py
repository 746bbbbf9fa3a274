"""The compiled loops over rows: begin episodes, step them. No rule of the game is here."""

from typing import Any

import numpy as np
from numba import prange
from numpy.typing import NDArray

from negoenv.engine.reset import BLOCKS, reset_tile
from negoenv.game.after_deal import start_next_deal
from negoenv.game.beliefs import elapsed, first_ask, first_beliefs, urgency_at
from negoenv.game.episode_info import clear_episode_info, write_episode_info
from negoenv.game.legal_moves import admit, write_mask
from negoenv.game.observation import observe
from negoenv.game.persuasion import Record
from negoenv.game.reward import score
from negoenv.game.state import Outcome
from negoenv.game.transition import advance
from negoenv.numerics.compiled import compiled, compiled_entry, compiled_parallel_entry
from negoenv.numerics.layout import Records
from negoenv.numerics.randomness import TILE, Tile, draw_tile, tile_dtype, uniforms

Array = NDArray[Any]

_STEP_BLOCKS = 5  # blocks of random numbers that a step takes
_RENEWAL = 5  # block of numbers for what happens between two deals
_DEAL = float(Outcome.DEAL)


def new_tiles(parts: int) -> Records:
    """Return scratch memory for the numbers that rows draw, one record for each part that is stepped side by side.

    No two batches may share it: a launch in several threads lets go of Python's lock, and another may step meanwhile.
    """
    return np.zeros(parts, tile_dtype(BLOCKS, "elapsed", "boulware", "urgency"))


@compiled
def observe_row(row: Record, game: Record, observations: Array, masks: Array, i: int) -> None:
    """Write mask and observation of a row."""
    write_mask(row.state, game, 0.0, masks, i)
    observe(row.state, row.state_numbers, game.sight, observations, i)


@compiled
def draw_step(records: Records, first: int, count: int, draws: Tile) -> None:
    """Draw the random numbers of one step for ``count`` rows from ``first``."""
    for k in range(count):
        row = records[first + k]
        draws.key[k] = row.key
        draws.episode[k] = row.episode
        draws.step[k] = row.state.step
    draw_tile(draws, count, 0, _STEP_BLOCKS, 0)


@compiled
def prepare_step(records: Records, first: int, count: int, draws: Tile) -> None:
    """Draw what a step of ``count`` rows from ``first`` takes, and evaluate urgency, all in vector instructions."""
    draw_step(records, first, count, draws)
    for k in range(count):
        row = records[first + k]
        draws.elapsed[k] = elapsed(row.state, row.supplier)
        draws.boulware[k] = row.supplier.boulware
    for k in range(count):
        draws.urgency[k] = urgency_at(draws.elapsed[k], draws.boulware[k])


@compiled
def next_deal(row: Record, c: Record) -> None:
    """Let a row go on to its next deal if it has just made one that is not the last."""
    s = row.state
    if s.outcome == _DEAL and s.deals_left > 0.0:
        u_again, u_delivery, _, _ = uniforms(row.key, row.episode, int(s.step), _RENEWAL)
        start_next_deal(s, row.supplier, c, u_again, u_delivery)


@compiled
def finish_step(
    row: Record, game: Record, observations: Array, masks: Array, rewards: Array, terms: Array, terminated: Array,
    reports: Records, i: int,
) -> None:  # fmt: skip
    """Score the step that a row has made, begin the next deal if there is one, report and observe."""
    s, p, c = row.state, row.supplier, game.constants
    rewards[i] = score(s, p, c, game.effects[int(s.last_move)], game.weights, terms, i)
    next_deal(row, c)
    terminated[i] = s.outcome != 0.0
    if terminated[i]:
        write_episode_info(s, p, c, reports[i])
    else:
        clear_episode_info(reports[i])
    observe_row(row, game, observations, masks, i)


@compiled_entry
def reset_rows(
    chosen: Array, clears: bool, records: Records, games: Records, tiles: Records, shares: Array, means: Array,
    spreads: Array, observations: Array, masks: Array, rewards: Array, terms: Array, terminated: Array,
) -> None:  # fmt: skip
    """Begin the next episode in each of ``chosen``; clear what their last step gave, if ``clears``."""
    game = games[0]
    draws = tiles[0]
    for start in range(0, len(chosen), TILE):
        count = min(TILE, len(chosen) - start)
        reset_tile(start, count, chosen, records, game, shares, means, spreads, draws)
        for i in range(start, start + count):
            if chosen[i]:
                observe_row(records[i], game, observations, masks, i)
                terminated[i] = False
                if clears:
                    clear_row(rewards, terms, i)


@compiled
def clear_row(rewards: Array, terms: Array, i: int) -> None:
    """Clear what the last step of a row gave."""
    rewards[i] = 0.0
    for column in range(terms.shape[1]):
        terms[i, column] = 0.0


@compiled_entry
def reset_prices(chosen: Array, asks: bool, records: Records, games: Records) -> None:
    """Set first beliefs, and first ask if ``asks``, anew in each of ``chosen``, after the supplier was set by hand."""
    for i in range(len(chosen)):
        if chosen[i]:
            s, p = records[i].state, records[i].supplier
            s.ask = first_ask(p) if asks else s.ask
            first_beliefs(s, p, games[0].constants)


@compiled_entry
def observe_rows(todo: Array, records: Records, games: Records, observations: Array, masks: Array) -> None:
    """Write masks and observations anew, after a state was set by hand."""
    for i in range(len(todo)):
        if todo[i]:
            observe_row(records[i], games[0], observations, masks, i)


@compiled_entry
def step_rows(
    chunk: int, chunks: int, plays: Array, begins: Array, actions: Array, records: Records, games: Records,
    tiles: Records, shares: Array, means: Array, spreads: Array, observations: Array, masks: Array, rewards: Array,
    terms: Array, terminated: Array, reports: Records,
) -> None:  # fmt: skip
    """In one of ``chunks`` parts of the rows, begin those of ``begins`` and play a move in the others of ``plays``."""
    game = games[0]
    draws = tiles[chunk]
    size = (len(plays) + chunks - 1) // chunks
    last = min(len(plays), (chunk + 1) * size)
    for start in range(chunk * size, last, TILE):
        count = min(TILE, last - start)
        reset_tile(start, count, begins, records, game, shares, means, spreads, draws)
        prepare_step(records, start, count, draws)
        for k in range(count):
            i = start + k
            row = records[i]
            if begins[i]:
                observe_row(row, game, observations, masks, i)
                clear_row(rewards, terms, i)
                clear_episode_info(reports[i])
                terminated[i] = False
            elif plays[i]:
                s, p = row.state, row.supplier
                move = admit(s, game, actions[i], 0.0)
                e = game.effects[move]
                advance(s, p, game.constants, e, game.tactics, move, draws.urgency[k], draws, k)
                finish_step(row, game, observations, masks, rewards, terms, terminated, reports, i)


@compiled_parallel_entry
def step_rows_in_parallel(
    chunks: int, plays: Array, begins: Array, actions: Array, records: Records, games: Records, tiles: Records,
    shares: Array, means: Array, spreads: Array, observations: Array, masks: Array, rewards: Array, terms: Array,
    terminated: Array, reports: Records,
) -> None:  # fmt: skip
    """Do what `step_rows` does, in ``chunks`` of rows side by side."""
    for chunk in prange(chunks):
        step_rows(
            chunk, chunks, plays, begins, actions, records, games, tiles, shares, means, spreads, observations, masks,
            rewards, terms, terminated, reports,
        )  # fmt: skip
