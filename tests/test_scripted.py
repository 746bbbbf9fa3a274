"""The scripted policies: legal, and the same in a batch and alone."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from agents.policy import Policy
from agents.scripted import EVERY_SCRIPTED, SCRIPTED, make
from agents.scripted.base import concession_towards, nearest_legal
from negoenv.errors import NegoenvError
from negoenv.game.observation import NAMES
from negoenv.game.tactics import MOVES, Move
from negoenv.scenarios.presets import resolve
from tests.scripted_play import (
    CONCESSIONS,
    OVER,
    every_deterministic_policy,
    every_policy,
    moves_alone,
    play,
    score,
)


def _named_kinds_of(policy: type[Policy]) -> Iterator[type[Policy]]:
    """Yield the policies below a class that have a name, as far as they are the package's."""
    for kind in policy.__subclasses__():
        if kind.__module__.startswith("agents.scripted") and hasattr(kind, "name"):
            yield kind
        yield from _named_kinds_of(kind)


def test_registry() -> None:
    assert {"random", "gradual", "forcing"} <= set(SCRIPTED)
    assert set(EVERY_SCRIPTED.values()) == set(_named_kinds_of(Policy))
    for name, policy in EVERY_SCRIPTED.items():
        assert make(name).name == name
        assert policy.__doc__
    with pytest.raises(NegoenvError, match=r"Unknown policy 'boulwar'\. Did you mean 'boulware'\?"):
        make("boulwar")


@every_policy
def test_no_illegal_move(name: str) -> None:
    episodes = score(name)
    assert episodes.outcomes["illegal_moves"].sum() == 0
    assert np.isfinite(episodes.returns).all()


@every_policy
@pytest.mark.parametrize(
    "changes",
    [
        {"without": ["HOLD", "STRONG", "CONCEDE_SMALL"]},
        {"without": ["OPENING", "CONCESSION", "ULTIMATUM", "ACCEPT"]},
        {"hidden": list(NAMES)},
        {"deadline": 1},
        {"limit": {"low": 0.3, "high": 0.4}},
    ],
)
def test_no_illegal_move_in_odd_games(name: str, changes: dict[str, Any]) -> None:
    assert score(name, resolve(changes), num_rows=64).outcomes["illegal_moves"].sum() == 0


@every_policy
def test_alone_as_in_a_batch(name: str) -> None:
    together = play(make(name), 16).moves
    policy = make(name)
    for row in range(16):
        column = together[:, row]
        assert moves_alone(policy, 7 + row) == column[column != OVER].tolist()


@every_policy
def test_rows_do_not_depend_on_their_neighbours(name: str) -> None:
    few, many = play(make(name), 8), play(make(name), 64)
    rounds = len(few.moves)
    assert np.array_equal(few.moves, many.moves[:rounds, :8])
    assert (many.moves[rounds:, :8] == OVER).all()


@every_deterministic_policy
def test_memory_starts_anew_with_each_episode(name: str) -> None:
    policy = make(name)
    first = play(policy, 32, seed=1)
    again = play(policy, 32, seed=1, reset=False)
    assert np.array_equal(first.moves, again.moves)


@every_deterministic_policy
def test_another_game_is_refused(name: str) -> None:
    with pytest.raises(
        NegoenvError, match=rf"The policy '{name}' plays {MOVES} moves .* 6 moves .* 'random' plays any game"
    ):
        make(name).act(np.zeros(4, np.int64), np.ones((4, 6), np.int8))
    with pytest.raises(NegoenvError, match="columns"):
        make(name).act(np.zeros((4, 3), np.float32), np.ones((4, MOVES), np.int8))


def test_random_plays_any_game_uniformly() -> None:
    policy = make("random")
    policy.reset(2000, seed=3)
    mask = np.tile(np.array([0, 1, 1, 0, 1, 1], np.int8), (2000, 1))
    counts = sum(np.bincount(policy.act(np.zeros(2000, np.int64), mask), minlength=6) for _ in range(10))
    assert counts[[0, 3]].tolist() == [0, 0]
    assert np.abs(counts[[1, 2, 4, 5]] / 20000 - 0.25).max() < 0.015  # five standard errors


def test_random_is_a_function_of_seed_row_and_call() -> None:
    mask = np.ones((50, 20), np.int8)

    def draws(num_rows: int, seed: int) -> np.ndarray:
        policy = make("random")
        policy.reset(num_rows, seed)
        return np.array([policy.act(np.zeros(num_rows, np.int64), mask[:num_rows]) for _ in range(20)])

    assert np.array_equal(draws(50, 5)[:, :8], draws(8, 5))
    assert np.array_equal(draws(50, 5)[:, 3], draws(1, 8)[:, 0])  # row i is seeded with seed + i
    assert (draws(50, 5) != draws(50, 1005)).mean() > 0.9
    assert len(np.unique(draws(50, 5)[:, 0])) > 5


@pytest.mark.parametrize(
    ("wish", "illegal", "played"),
    [
        (Move.CONCEDE_LARGE, (), Move.CONCEDE_LARGE),
        (Move.CONCEDE_LARGE, (Move.CONCEDE_LARGE,), Move.CONCEDE_MODERATE),
        (Move.CONCEDE_MODERATE, (Move.CONCEDE_MODERATE,), Move.CONCEDE_SMALL),
        (Move.CONCEDE_SMALL, tuple(np.flatnonzero(CONCESSIONS)), Move.HOLD),
        (Move.LEADER_ULTIMATUM, (Move.LEADER_ULTIMATUM,), Move.ULTIMATUM),
        (Move.ACCEPT, (Move.ACCEPT,), Move.HOLD),
        (Move.ACCEPT, (Move.ACCEPT, Move.HOLD), Move.PROBE),
        (Move.FURY, (Move.FURY,), Move.RAISE_VOICE),
        (Move.OPEN_LOW, (Move.OPEN_LOW,), Move.OPEN_MODERATE),
    ],
)
def test_nearest_legal(wish: Move, illegal: tuple[Move, ...], played: Move) -> None:
    mask = np.ones((1, MOVES), np.int8)
    mask[0, list(illegal)] = 0
    assert nearest_legal(np.array([wish]), mask).tolist() == [played]


def test_concession_towards_a_price() -> None:
    table = {"offer": np.full(5, 0.6), "gap": np.full(5, 0.2)}
    wished = np.array([0.5, 0.602, 0.62, 0.66, 0.9])
    expected = [Move.HOLD, Move.HOLD, Move.CONCEDE_SMALL, Move.CONCEDE_MODERATE, Move.CONCEDE_LARGE]
    assert concession_towards(table, wished).tolist() == expected


def test_table_reads_the_clock() -> None:
    played = play(make("hold_out"), 8)
    for step in range(len(played.moves)):
        running = played.moves[step] != OVER
        table = played.table(step)
        assert (table["deadline"] == played.table(0)["deadline"])[running].all()
        assert (table["round"][running] == step).all()
