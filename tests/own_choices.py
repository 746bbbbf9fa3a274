"""What the game's own suppliers chose in a step, read off what came of it, to be played as somebody's choice."""

import numpy as np

from negoenv.engine.two_sided import blank_answers
from negoenv.game.chosen_answer import ACCEPTS, AGREES, COUNTERS, LEAVES
from negoenv.game.state import Outcome
from negoenv.game.supplier_tactics import SupplierTactic
from negoenv.game.tactics import MOVES

ROUNDS = np.array([tactic.effects.rounds for tactic in SupplierTactic])


def chosen(batch, before):
    """Return the answers of the suppliers of a batch in the last step, which began with the states ``before``.

    Who leaves since what it said came due does not choose to: that is nature's.
    """
    s, answers = batch.state, blank_answers(batch.num_rows)
    came_due = (s["tactic_result"] == 1.0) & (s["pending"] == 0.0)
    last = s["last_move"].astype(np.int64)
    asked = (last < MOVES) & (batch.effects["asked"][np.minimum(last, MOVES - 1)] > 0.0)  # terms ask for no exchange
    going_on = np.isin(s["outcome"], (Outcome.OPEN, Outcome.DEADLINE))
    answers["kind"] = np.select(
        [s["deals"] > before["deals"], (s["outcome"] == Outcome.BREAKDOWN) & ~came_due,
         asked & going_on & (s["offer"] > before["offer"])],
        [ACCEPTS, LEAVES, AGREES],
        COUNTERS,
    )  # fmt: skip
    answers["tactic"] = s["supplier_tactic"]
    answers["meant"] = s["pending_meant"] > 0.0
    answers["ask"] = np.where(ROUNDS[answers["tactic"]] > 0.0, s["ask_before"], s["ask"])
    return answers
