"""The compiled loops over rows of contracts with several issues: what `negoenv.engine.kernels` does, and the terms."""

from typing import Any

from numba import prange
from numpy.typing import NDArray

from negoenv.engine.kernels import clear_row, next_deal, prepare_step
from negoenv.engine.reset import reset_tile
from negoenv.game.episode_info import clear_episode_info, write_episode_info
from negoenv.game.legal_moves import OWN_PRICE, admit, write_mask
from negoenv.game.observation import observe
from negoenv.game.persuasion import Record
from negoenv.game.reward import score
from negoenv.game.state import Outcome
from negoenv.game.tactics import MOVES
from negoenv.game.term_moves import TERM_MOVES
from negoenv.game.terms import (
    attainable,
    begin_terms,
    buyer_gain,
    play_terms,
    score_terms,
    terms_legal,
    write_terms_mask,
)
from negoenv.game.terms_info import fill_contract_info, write_contract_info
from negoenv.game.terms_observation import observe_terms
from negoenv.game.transition import advance
from negoenv.numerics.compiled import compiled, compiled_entry, compiled_parallel_entry
from negoenv.numerics.layout import Records
from negoenv.numerics.randomness import TILE, Tile

Array = NDArray[Any]

_DEAL = float(Outcome.DEAL)


@compiled
def observe_contract_row(
    row: Record, t: Record, game: Record, g: Record, observations: Array, masks: Array, i: int
) -> None:
    """Write mask and observation of a row."""
    s = row.state
    write_mask(s, game, t.cost, masks, i)
    write_terms_mask(s, t, game, g, masks, i)
    observe(s, row.state_numbers, game.sight, observations, i)
    observe_terms(s, t, g, game.sight, observations, i)


@compiled_entry
def reset_terms(chosen: Array, records: Records, terms: Records, issues: Records) -> None:
    """Begin the terms in each of ``chosen``, whose episodes have begun or whose suppliers were set by hand."""
    for i in range(len(chosen)):
        if chosen[i]:
            row = records[i]
            begin_terms(row.state, row.supplier, terms[i], issues[0], row.key, row.episode)


@compiled_entry
def observe_contract_rows(
    todo: Array, records: Records, terms: Records, games: Records, issues: Records, observations: Array, masks: Array
) -> None:
    """Write masks and observations anew, after a state was set by hand."""
    for i in range(len(todo)):
        if todo[i]:
            observe_contract_row(records[i], terms[i], games[0], issues[0], observations, masks, i)


@compiled
def term_move_of(action: int) -> int:
    """Return which of the moves on terms an action asks for; -1 for none."""
    move = action % OWN_PRICE - MOVES
    return move if action >= 0 and 0 <= move < TERM_MOVES else -1


@compiled
def score_contract(row: Record, t: Record, game: Record, e: Record, reward_terms: Array, i: int) -> float:
    """Score the step that a row has made by a move with the effects ``e``; return its reward."""
    s, p, c, w = row.state, row.supplier, game.constants, game.weights
    score(s, p, c, e, w, reward_terms, i)
    if t.opening == 0.0:
        t.opening = s.offer
    return score_terms(s, p, c, t, w, reward_terms, i)


@compiled
def play_contract(
    row: Record, t: Record, game: Record, g: Record, action: int, urgency: float, draws: Tile, k: int,
    reward_terms: Array, i: int,
) -> float:  # fmt: skip
    """Play one action in a row, legal or not, and return its reward."""
    s, p, c = row.state, row.supplier, game.constants
    t.refused = 0.0
    move = term_move_of(action)
    if move >= 0 and terms_legal(s, t, game, g, move):
        play_terms(s, p, c, t, game, g, move, urgency, row.key, row.episode, draws, k)
        return score_contract(row, t, game, g.effects[move], reward_terms, i)
    legal = admit(s, game, -1 if move >= 0 else action, t.cost)
    advance(s, p, c, game.effects[legal], game.tactics, legal, urgency, draws, k)
    return score_contract(row, t, game, game.effects[legal], reward_terms, i)


@compiled
def report_contract(row: Record, t: Record, game: Record, g: Record, report: Record, extra: Record) -> None:
    """Write what became of a row; price and share are those of the terms that were agreed."""
    s, p, c = row.state, row.supplier, game.constants
    write_episode_info(s, p, c, report)
    write_contract_info(s, p, c, t, g, extra)
    if report.is_deal:
        report.price = s.price + t.cost
        report.surplus_share = buyer_gain(s.price, s, t) / attainable(s, p, c, t)


@compiled_entry
def report_contract_rows(
    chosen: Array, records: Records, terms: Records, games: Records, issues: Records, reports: Records, extras: Records
) -> None:
    """Write what became of each of the ``chosen`` rows into as many reports."""
    for k in range(len(chosen)):
        i = chosen[k]
        report_contract(records[i], terms[i], games[0], issues[0], reports[k], extras[k])


@compiled
def finish_contract_step(
    row: Record, t: Record, game: Record, g: Record, observations: Array, masks: Array, terminated: Array,
    reports: Records, extras: Records, i: int,
) -> None:  # fmt: skip
    """Begin the next deal of a row that has been scored, if there is one, report and observe."""
    s = row.state
    deal = s.outcome == _DEAL
    next_deal(row, game.constants)
    if deal and s.outcome != _DEAL:
        begin_terms(s, row.supplier, t, g, row.key, row.episode)
        s.budget = s.limit + game.slack
    terminated[i] = s.outcome != 0.0
    if terminated[i]:
        report_contract(row, t, game, g, reports[i], extras[i])
    else:
        clear_episode_info(reports[i])
        fill_contract_info(extras[i], 0.0)
    observe_contract_row(row, t, game, g, observations, masks, i)


@compiled_entry
def step_contract_rows(
    chunk: int, chunks: int, plays: Array, begins: Array, actions: Array, records: Records, terms: Records,
    games: Records, issues: Records, tiles: Records, shares: Array, means: Array, spreads: Array, observations: Array,
    masks: Array, rewards: Array, reward_terms: Array, terminated: Array, reports: Records, extras: Records,
) -> None:  # fmt: skip
    """In one of ``chunks`` parts of the rows, begin those of ``begins`` and play a move in the others of ``plays``."""
    game, g = games[0], issues[0]
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
            t = terms[i]
            if begins[i]:
                begin_terms(row.state, row.supplier, t, g, row.key, row.episode)
                observe_contract_row(row, t, game, g, observations, masks, i)
                clear_row(rewards, reward_terms, i)
                clear_episode_info(reports[i])
                fill_contract_info(extras[i], 0.0)
                terminated[i] = False
            elif plays[i]:
                rewards[i] = play_contract(row, t, game, g, actions[i], draws.urgency[k], draws, k, reward_terms, i)
                finish_contract_step(row, t, game, g, observations, masks, terminated, reports, extras, i)


@compiled_parallel_entry
def step_contract_rows_in_parallel(
    chunks: int, plays: Array, begins: Array, actions: Array, records: Records, terms: Records, games: Records,
    issues: Records, tiles: Records, shares: Array, means: Array, spreads: Array, observations: Array, masks: Array,
    rewards: Array, reward_terms: Array, terminated: Array, reports: Records, extras: Records,
) -> None:  # fmt: skip
    """Do what `step_contract_rows` does, in ``chunks`` of rows side by side."""
    for chunk in prange(chunks):
        step_contract_rows(
            chunk, chunks, plays, begins, actions, records, terms, games, issues, tiles, shares, means, spreads,
            observations, masks, rewards, reward_terms, terminated, reports, extras,
        )  # fmt: skip
