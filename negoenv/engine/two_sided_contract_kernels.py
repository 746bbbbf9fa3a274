"""The loops of `negoenv.engine.two_sided_kernels` for contracts with several issues.

What a move on terms does is `negoenv.game.terms`; but whether the supplier talks about terms, and what it asks for
others, is its own choice here: it never refuses, and until it answers it asks for what leaves its profit the same.
"""

from typing import Any

from numpy.typing import NDArray

from negoenv.engine.contract_kernels import finish_contract_step, observe_contract_row, score_contract, term_move_of
from negoenv.engine.kernels import prepare_step
from negoenv.engine.two_sided_kernels import clear_half_round, write_possible
from negoenv.game.chosen_answer import hear, profit, take_answer
from negoenv.game.legal_moves import admit
from negoenv.game.persuasion import Record
from negoenv.game.tactics import MOVES
from negoenv.game.term_moves import ASK_PRIORITIES
from negoenv.game.terms import RAISE, TERM_BLOCKS, ask_for_terms, tell_priorities, terms_legal
from negoenv.game.transition import end_round
from negoenv.numerics.compiled import compiled, compiled_entry
from negoenv.numerics.layout import Records
from negoenv.numerics.randomness import TILE, Tile, uniforms

Array = NDArray[Any]

_ASK = int(ASK_PRIORITIES) - MOVES
_NEVER = 2.0  # in the place of a number drawn from 0 to 1


@compiled
def say_terms(row: Record, t: Record, game: Record, g: Record, move: int) -> bool:
    """Put what a legal move on terms leads to on the table; return whether it is a concession to the supplier."""
    s, p = row.state, row.supplier
    s.named_price = 0.0
    if move == _ASK:
        u_lie, _, _, _ = uniforms(row.key, row.episode, int(s.step), TERM_BLOCKS[0])
        tell_priorities(p, t, u_lie)
        return False
    ask = s.ask
    raises = ask_for_terms(s, p, t, game, g, move, _NEVER, 0.0)
    s.ask = ask
    s.expected_limit = min(s.expected_limit, ask)
    return raises


@compiled
def hear_effects(
    row: Record, game: Record, e: Record, number: int, urgency: float, draws: Tile, k: int, heard: Record,
    possible: Array, i: int,
) -> None:  # fmt: skip
    """Play a move with these effects up to the answer, and write what may be answered."""
    hear(row.state, row.supplier, game.constants, e, game.tactics, number, urgency, draws, k, heard)
    if heard.waits:
        write_possible(row, game, e, heard, urgency, possible, i)


@compiled
def end_contract_row(
    row: Record, t: Record, game: Record, g: Record, observations: Array, masks: Array, rewards: Array,
    profits: Array, reward_terms: Array, terminated: Array, reports: Records, extras: Records, i: int,
) -> None:  # fmt: skip
    """Let the round of a row pass and score it for both."""
    s = row.state
    end_round(s)
    profits[i] = profit(s, row.supplier, game.constants)
    move = int(s.last_move)
    if move >= MOVES:
        rewards[i] = score_contract(row, t, game, g.effects[move - MOVES], reward_terms, i)
    else:
        rewards[i] = score_contract(row, t, game, game.effects[move], reward_terms, i)
    finish_contract_step(row, t, game, g, observations, masks, terminated, reports, extras, i)


@compiled_entry
def buyer_step_contract_rows(
    plays: Array, actions: Array, records: Records, terms: Records, games: Records, issues: Records, tiles: Records,
    heard: Records, raised: Array, possible: Array, observations: Array, masks: Array, rewards: Array, profits: Array,
    reward_terms: Array, terminated: Array, reports: Records, extras: Records,
) -> None:  # fmt: skip
    """Play the buyer's move in each row of ``plays``, up to the supplier's answer or to the end."""
    game, g, draws = games[0], issues[0], tiles[0]
    for start in range(0, len(plays), TILE):
        count = min(TILE, len(plays) - start)
        prepare_step(records, start, count, draws)
        for k in range(count):
            i = start + k
            if not plays[i]:
                continue
            row, t, urgency = records[i], terms[i], draws.urgency[k]
            s = row.state
            t.refused = 0.0
            raised[i] = False
            move = term_move_of(actions[i])
            if move >= 0 and terms_legal(s, t, game, g, move):
                raised[i] = say_terms(row, t, game, g, move)
                number = MOVES + move
                if raised[i]:
                    hear_effects(
                        row, game, game.effects[RAISE], number, urgency, draws, k, heard[i], possible, i
                    )  # fmt: skip
                else:
                    hear_effects(row, game, g.effects[move], number, urgency, draws, k, heard[i], possible, i)
            else:
                legal = admit(s, game, -1 if move >= 0 else actions[i], t.cost)
                hear_effects(row, game, game.effects[legal], legal, urgency, draws, k, heard[i], possible, i)
            if heard[i].waits:
                clear_half_round(rewards, profits, reward_terms, terminated, i)
                observe_contract_row(row, t, game, g, observations, masks, i)
            else:
                end_contract_row(
                    row, t, game, g, observations, masks, rewards, profits, reward_terms, terminated, reports,
                    extras, i,
                )  # fmt: skip


@compiled_entry
def supplier_step_contract_rows(
    plays: Array, answers: Records, records: Records, terms: Records, games: Records, issues: Records,
    tiles: Records, heard: Records, raised: Array, observations: Array, masks: Array, rewards: Array, profits: Array,
    reward_terms: Array, terminated: Array, reports: Records, extras: Records,
) -> None:  # fmt: skip
    """Let the supplier's answer take its effect in each row of ``plays`` where a move waits for one."""
    game, g, draws = games[0], issues[0], tiles[0]
    for start in range(0, len(plays), TILE):
        count = min(TILE, len(plays) - start)
        prepare_step(records, start, count, draws)
        for k in range(count):
            i = start + k
            if not plays[i] or not heard[i].waits:
                continue
            row, t, urgency = records[i], terms[i], draws.urgency[k]
            s, p, c, tactics = row.state, row.supplier, game.constants, game.tactics
            move = int(s.last_move)
            if move >= MOVES and not raised[i]:
                take_answer(s, p, c, g.effects[move - MOVES], tactics, heard[i], answers[i], urgency, draws, k)
            else:
                effects = RAISE if raised[i] else move
                take_answer(s, p, c, game.effects[effects], tactics, heard[i], answers[i], urgency, draws, k)
            end_contract_row(
                row, t, game, g, observations, masks, rewards, profits, reward_terms, terminated, reports, extras, i
            )  # fmt: skip
