"""The compiled loops over rows whose supplier is played: hear the buyer's moves, take the supplier's answers."""

from typing import Any

from numpy.typing import NDArray

from negoenv.engine.kernels import clear_row, finish_step, observe_row, prepare_step
from negoenv.game.chosen_answer import can_agree, can_use, counter_gap, hear, profit, take_answer
from negoenv.game.legal_moves import admit
from negoenv.game.persuasion import Record
from negoenv.game.transition import end_round
from negoenv.numerics.compiled import compiled, compiled_entry
from negoenv.numerics.layout import Records
from negoenv.numerics.randomness import TILE

Array = NDArray[Any]

COUNTER_COLUMN, ACCEPT_COLUMN, AGREE_COLUMN, FIRST_TACTIC = range(4)
"""Columns of what is possible: a lower ask, yes to an offer, yes to an exchange, and from the last on each tactic."""

_NO_GAP = 1e-6  # fraction of the first ask


@compiled
def end_row(
    row: Record, game: Record, observations: Array, masks: Array, rewards: Array, profits: Array, terms: Array,
    terminated: Array, reports: Records, i: int,
) -> None:  # fmt: skip
    """Let the round of a row pass and score it for both."""
    end_round(row.state)
    profits[i] = profit(row.state, row.supplier, game.constants)
    finish_step(row, game, observations, masks, rewards, terms, terminated, reports, i)


@compiled
def clear_half_round(rewards: Array, profits: Array, terms: Array, terminated: Array, i: int) -> None:
    """Write that nothing is won yet in a row that waits for the supplier's answer."""
    clear_row(rewards, terms, i)
    profits[i] = 0.0
    terminated[i] = False


@compiled
def write_possible(row: Record, game: Record, e: Record, heard: Record, urgency: float, out: Array, i: int) -> None:
    """Write 1 for each sort of answer to a move with the effects ``e`` that is possible now, else 0.

    Args:
        row: the records of the row.
        game: what all rows share.
        e: the effects of the buyer's move.
        heard: what the supplier is to answer.
        urgency: how close its own deadline is, 0 to 1.
        out: where it is written; int8 of shape ``(rows, columns)``.
        i: into which row.
    """
    s, p, c, tactics = row.state, row.supplier, game.constants, game.tactics
    out[i, COUNTER_COLUMN] = counter_gap(s, p) > _NO_GAP
    out[i, ACCEPT_COLUMN] = s.offer > 0.0
    out[i, AGREE_COLUMN] = can_agree(s, p, c, e, urgency)
    free = s.pending == 0.0 or s.tactic_due <= 1.0  # what comes due with this answer is over
    for tactic in range(1, len(tactics)):
        out[i, FIRST_TACTIC + tactic - 1] = free and can_use(s, p, e, tactics, tactic, heard.given)


@compiled_entry
def buyer_step_rows(
    plays: Array, actions: Array, records: Records, games: Records, tiles: Records, heard: Records, possible: Array,
    observations: Array, masks: Array, rewards: Array, profits: Array, terms: Array, terminated: Array,
    reports: Records,
) -> None:  # fmt: skip
    """Play the buyer's move in each row of ``plays``, up to the supplier's answer or to the end."""
    game, draws = games[0], tiles[0]
    for start in range(0, len(plays), TILE):
        count = min(TILE, len(plays) - start)
        prepare_step(records, start, count, draws)
        for k in range(count):
            i = start + k
            if not plays[i]:
                continue
            row = records[i]
            s, p = row.state, row.supplier
            move = admit(s, game, actions[i], 0.0)
            e = game.effects[move]
            hear(s, p, game.constants, e, game.tactics, move, draws.urgency[k], draws, k, heard[i])
            if heard[i].waits:
                write_possible(row, game, e, heard[i], draws.urgency[k], possible, i)
                clear_half_round(rewards, profits, terms, terminated, i)
                observe_row(row, game, observations, masks, i)
            else:
                end_row(row, game, observations, masks, rewards, profits, terms, terminated, reports, i)


@compiled_entry
def supplier_step_rows(
    plays: Array, answers: Records, records: Records, games: Records, tiles: Records, heard: Records,
    observations: Array, masks: Array, rewards: Array, profits: Array, terms: Array, terminated: Array,
    reports: Records,
) -> None:  # fmt: skip
    """Let the supplier's answer take its effect in each row of ``plays`` where a move waits for one."""
    game, draws = games[0], tiles[0]
    for start in range(0, len(plays), TILE):
        count = min(TILE, len(plays) - start)
        prepare_step(records, start, count, draws)
        for k in range(count):
            i = start + k
            if not plays[i] or not heard[i].waits:
                continue
            row = records[i]
            s, p = row.state, row.supplier
            e = game.effects[int(s.last_move)]
            take_answer(
                s, p, game.constants, e, game.tactics, heard[i], answers[i], draws.urgency[k], draws, k
            )  # fmt: skip
            end_row(row, game, observations, masks, rewards, profits, terms, terminated, reports, i)
