"""Which moves the game's screen lists: the simple ones, and of the combined ones those that matter now, or all."""

import numpy as np
import pytest

from agents.policy import Policy
from negoenv.game.tactics import Move
from tests.screens import USUAL_AND_ENDS, choose, drive, lines, listed, marked, screen, simple, until


@pytest.mark.parametrize("size", USUAL_AND_ENDS)
def test_a_key_lists_every_legal_move(size):
    """Otherwise of the combined ones only the marked one is there."""
    app = screen()
    both = Move["CITE_COMPETITORS+CONCEDE_SMALL"]

    async def act(pilot):
        talks = app.session.negotiation
        assert listed(app) == simple(talks)
        await pilot.press("plus")
        assert listed(app) == [move.name for move in talks.legal]
        await choose(pilot, both)
        assert talks.moves == [both]
        assert listed(app) == [move.name for move in talks.legal], "until the key is pressed again"
        await pilot.press("plus")
        assert marked(app) == [both.name]
        assert sorted(listed(app)) == sorted([*simple(talks), both.name])
        await pilot.press("down", "up", "enter")
        await until(pilot, lambda: talks.moves == [both, both])
        await pilot.press("home", "plus", "plus")
        assert listed(app) == simple(talks)

    drive(app, act, size)


class Both(Policy):
    """Opens low, and says and offers the same at once ever after."""

    name = "both"
    move = Move["REVEAL_BUDGET+OFFER_100"]

    def choose(self, observations, action_masks, episode_starts):
        return np.where(action_masks[:, self.move] == 1, self.move, Move.OPEN_LOW)


@pytest.mark.parametrize("role", ["advise", "watch"])
def test_a_combined_move_that_is_advised_or_comes_next_is_listed(role):
    app = screen(**{role: Both()})

    async def act(pilot):
        talks = app.session.negotiation
        assert listed(app) == simple(talks)
        await choose(pilot, Move.OPEN_LOW)
        assert sorted(listed(app)) == sorted([*simple(talks), Both.move.name])
        assert lines(app)[Both.move.name].startswith(f"▸ {Both.move.name} ")
        if role == "watch":
            assert marked(app) == [Both.move.name]
        await choose(pilot, Both.move)
        assert talks.moves == [Move.OPEN_LOW, Both.move]

    drive(app, act)
