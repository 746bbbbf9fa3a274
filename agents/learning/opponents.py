"""Opponents from disk: suppliers that `negoenv selfplay` has trained, and the games in which they play."""

from collections.abc import Sequence
from pathlib import Path

from negoenv.engine.batch import Batch
from negoenv.engine.negotiation_batch import NegotiationBatch
from negoenv.errors import NegoenvError
from negoenv.interop.opponents import OpponentBatch
from negoenv.interop.supplier_agent import SUPPLIER_COLUMNS, SUPPLIER_MOVE_NAMES
from negoenv.make import make_batch
from negoenv.scenarios.presets import Named

from .network_policy import NetworkPolicy
from .spec import Game
from .storage import read_policy


def supplier_game(batch: Batch) -> Game:
    """Return a game as it is from the supplier's side: its columns and its moves."""
    return Game.of(batch).model_copy(update={"columns": SUPPLIER_COLUMNS, "moves": SUPPLIER_MOVE_NAMES})


def load_opponent(name: str | Path, batch: Batch, any_scenario: bool = False) -> NetworkPolicy:
    """Return the supplier that a self-play run has left.

    Args:
        name: the run directory.
        batch: the game that it is to play.
        any_scenario: accept one that was trained on another scenario.

    Raises:
        NegoenvError: if the directory holds none, or one that does not fit.
    """
    path = Path(name)
    if not path.is_dir():
        raise NegoenvError(
            f"{name} is no directory; an opponent is a run directory of negoenv selfplay, or negmas:NAME."
        )
    policy = read_policy(path)
    if policy.spec.game.columns != SUPPLIER_COLUMNS or policy.spec.game.moves != SUPPLIER_MOVE_NAMES:
        raise NegoenvError(f"{name} holds a policy that plays no supplier; negoenv selfplay trains one.")
    policy.spec.game.require(supplier_game(batch), policy.name, any_scenario)
    return policy


def with_opponents(
    num_rows: int,
    scenario: Named,
    split: str,
    names: Sequence[str | Path],
    share: float = 1.0,
    any_scenario: bool = False,
) -> OpponentBatch:
    """Return negotiations with opponents from disk for suppliers; see `OpponentBatch` for rows and share.

    Raises:
        NegoenvError: if the game is none about a price alone, or an opponent does not fit.
    """
    game = plain_negotiation(scenario, split)
    opponents = [load_opponent(name, game, any_scenario) for name in names]
    return OpponentBatch(num_rows, game.scenario, split, opponents, share)


def plain_negotiation(scenario: Named, split: str) -> NegotiationBatch:
    """Return one row of a game whose supplier can be played.

    Raises:
        NegoenvError: if it is none about a price alone.
    """
    game = make_batch(1, scenario, split)
    if not isinstance(game, NegotiationBatch) or game.scenario.issues is not None:
        raise NegoenvError("The supplier can be played in negotiations about a price alone, with one supplier.")
    return game
