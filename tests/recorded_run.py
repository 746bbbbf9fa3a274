"""A thousand steps of some games, and the state that they end in, to be compared across machines and versions.

`tests.regenerate_golden` writes it to tests/golden/after_1000_steps.json.
"""

import json
from pathlib import Path
from typing import Any

import numpy as np

from negoenv.make import make_batch

FILE = Path(__file__).parent / "golden" / "after_1000_steps.json"
STEPS = 1000
GAMES = ("Procurement", "Partnership", "Contract", "Sourcing", "Ladder")
TOLERANCE = 1e-9  # above what machines round differently, far below what changes a move

_ROWS = 2
_SEED = 7


def end(game: str) -> dict[str, Any]:
    """Play random moves in a few rows, which begin anew where an episode ends; return what they come to, as plain data.

    Returns:
        the sum of all rewards of each row, and each field of the state that the last step left; of several suppliers
        those of each, and of the orders.
    """
    batch, draw = make_batch(_ROWS, game, "train"), np.random.default_rng(_SEED)
    batch.seed(_SEED)
    batch.reset(np.ones(_ROWS, np.bool_))
    over, total = np.zeros(_ROWS, np.bool_), np.zeros(_ROWS)
    for step in range(STEPS):
        legal = batch.action_masks if step % 4 else 1  # one in four is any move, legal or not
        actions = (draw.random((_ROWS, batch.moves)) * legal).argmax(axis=1)
        batch.step_or_reset(actions, over)
        total += np.where(over, 0.0, batch.rewards)
        over = np.where(over, False, batch.terminated)
    ended = {"rewards": total.tolist(), "episodes": batch.episodes.tolist()}
    for name in ("state", "extras", "orders", "contacts"):
        values = getattr(batch, name, None)
        if isinstance(values, np.ndarray):
            ended |= {f"{name}.{field}": values[field].tolist() for field in values.dtype.names or ()}
    return ended


def text() -> str:
    """Return the file: a line for each field of each game."""
    games = (f"{json.dumps(game)}: {{\n{_lines(end(game))}\n}}" for game in GAMES)
    return "{\n" + ",\n".join(games) + "\n}\n"


def _lines(fields: dict[str, Any]) -> str:
    return ",\n".join(f"  {json.dumps(name)}: {json.dumps(values)}" for name, values in fields.items())
