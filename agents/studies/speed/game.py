"""What a step costs in larger games: more moves, more deals, more rounds."""

from typing import Any

import numpy as np

from negoenv.game.tactics import Move
from negoenv.scenarios.presets import resolve

from .contest import Contest, made
from .measure import OURS

_GAMES: dict[str, dict[str, dict[str, Any]]] = {
    "moves": {
        str(int(resolve({"without": without}).allowed_moves().sum())): {"without": without}
        for without in (
            (),
            ("EMOTION",),
            ("EMOTION", "STRONG", "ULTIMATUM"),
            ("EMOTION", "STRONG", "ULTIMATUM", "THIRD_PARTY", "OPENING"),
            ("EMOTION", "STRONG", "ULTIMATUM", "THIRD_PARTY", "OPENING", "CONCESSION"),
        )
    },
    "deals": {str(deals): {"deals": deals} for deals in (1, 2, 4, 8, 12)},
    "rounds": {str(deadline): {"deadline": deadline} for deadline in (5, 10, 20, 50, 100, 200)},
}
"""What grows, its values, and the changes to the scenario that bring them about."""


def by_game(repetitions: int, seconds: float, num_rows: int = 1024) -> dict[str, dict[str, float]]:
    """Return nanoseconds a step, on one thread, for each value of what grows.

    Moves are drawn uniformly among those that the game has, but for WALK_AWAY, which would end it at once.
    """
    return {
        what: {
            value: 1e9 / rate
            for value, rate in Contest({value: _stepper(changes, num_rows) for value, changes in games.items()})
            .run(repetitions, seconds)
            .medians()
            .items()
        }
        for what, games in _GAMES.items()
    }


def _stepper(changes: dict[str, Any], num_rows: int) -> Any:
    allowed = np.flatnonzero(resolve(changes).allowed_moves())
    return made(OURS, num_rows, allowed[allowed != Move.WALK_AWAY], scenario=changes)
