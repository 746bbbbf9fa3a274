"""Several suppliers played by hand: the talks, the advice, the record, the references, the screen."""

import numpy as np
import pytest

from agents.playing.command import PlayOptions, prepare
from agents.playing.market import Market, new_negotiation
from agents.playing.negotiation import Setting
from agents.playing.panels import DARK_PALETTE, LIGHT_PALETTE
from agents.playing.results import PlayResult, ranking
from agents.playing.saving import GameRecord, save_game
from agents.playing.session import Adviser, Session
from agents.scripted import make
from negoenv import NegoenvError
from negoenv.benchmark.evaluation import evaluate
from negoenv.make import make_batch
from negoenv.sourcing import SOURCING_PRESETS, SourcingAction
from negoenv.viewer.transcript import Money
from tests.screens import SIZES, choose, drive, listed, screen, shown

GAMES = tuple(SOURCING_PRESETS)
MONEY = Money()


def setting(game="Sourcing", seed=1_000_200, **changes) -> Setting:
    return Setting.named({"base": game, **changes}, "test", seed)


def watched(policy="squeeze", where=None) -> Session:
    talks = new_negotiation(where or setting())
    session = Session(talks, policy, Adviser.named(policy, talks), watched=True)
    while session.advance():
        pass
    return session


@pytest.mark.parametrize("game", GAMES)
def test_a_game_is_the_row_of_an_evaluation(game):
    episodes = evaluate(make("squeeze"), make_batch(3, game, "test"), seed=8)
    for row in range(3):
        session = watched(where=Setting.named(game, "test", 8 + row))
        assert isinstance(session.negotiation, Market)
        assert sum(session.negotiation.rewards) == episodes.returns[row]
        own = PlayResult.of(session.negotiation, "squeeze")
        assert own == PlayResult.by(make("squeeze"), session.negotiation.setting)
        assert "squeeze" in str(ranking(own, [], MONEY, DARK_PALETTE, 100).columns[1]._cells)


def test_what_is_shown_of_a_move_is_what_happens():
    """A concession is listed with the offer that it leads to, and a quote with the price that is shown."""
    talks = new_negotiation(setting())
    checked = 0
    rng = np.random.default_rng(0)
    while not talks.over:
        moves = [move for move in talks.legal if move.name != "WALK_AWAY"]
        move = moves[rng.integers(len(moves))]
        k = int(move) // 19
        meaning, price = talks.meaning(move, MONEY)
        assert price in meaning
        talks.play(move)
        if "CONCEDE_" in move.name and "QUOTE" not in move.name and not talks.over:
            assert price == MONEY(float(talks.batch.state["offer"][0, k]))
            checked += 1
    assert checked


def test_moves_are_listed_by_supplier_with_a_word_each():
    talks = new_negotiation(setting())
    assert talks.legal[-2:] == talks.closing == (SourcingAction["HOLD"], SourcingAction["WALK_AWAY"])
    assert talks.confirmation(SourcingAction["WALK_AWAY"])
    assert "above your limit" in talks.confirmation(SourcingAction["S1_AWARD"])
    assert not talks.confirmation(SourcingAction["S1_PROBE"])
    assert not talks.simple(SourcingAction["S2_SHOW_QUOTE_AND_CONCEDE"])
    assert {talks.group(move) for move in talks.legal} >= {"opening", "question", "wait", "leave"}


@pytest.mark.parametrize("game", GAMES)
def test_a_record_is_replayed_the_same(game, tmp_path):
    session = watched(where=setting(game, 7, suppliers=4))
    save_game(session, tmp_path / "game.json")
    record = GameRecord.read(tmp_path / "game.json")
    record.check("game.json")
    assert record.setting == session.negotiation.setting
    replayed, _ = prepare(PlayOptions(replay=tmp_path / "game.json"))
    while replayed.advance():
        pass
    assert [*replayed.negotiation.transcript_steps(MONEY)] == [*session.negotiation.transcript_steps(MONEY)]
    save_game(session, tmp_path / "game.txt")
    words = " ".join((tmp_path / "game.txt").read_text().split())
    assert f"{session.negotiation.setting.scenario.awake} suppliers ask" in words
    assert words.count("would never have sold below EUR") == 4
    changed = record.model_copy(update={"rewards": (*record.rewards[:-1], 9.0)})
    with pytest.raises(NegoenvError, match="does not go the same way now"):
        changed.check("game.json")


def test_moves_of_another_game_are_refused(tmp_path):
    record = GameRecord.of(watched().negotiation, "squeeze")
    data = record.model_dump(mode="json") | {"moves": ["OPEN_LOW"] * len(record.moves)}
    with pytest.raises(ValueError, match="OPEN_LOW"):
        GameRecord.model_validate(data)


def test_there_is_no_picture_and_it_is_said_before_the_game(tmp_path):
    with pytest.raises(NegoenvError, match=r"no picture of Sourcing; save it as \.json or \.txt"):
        prepare(PlayOptions(scenario="Sourcing", watch="squeeze", save=tmp_path / "game.png"))


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("game", GAMES)
def test_the_screen_shows_every_supplier_at_any_size(size, game):
    app = screen(setting=setting(game), advise="squeeze")

    async def act(pilot):
        assert "round 0 of" in shown(app, "#title")
        names = listed(app)
        assert {"S1_OPEN_MODERATE", "S2_OPEN_MODERATE", "HOLD", "WALK_AWAY"} <= {*names}
        for panel in ("#prices", "#supplier"):
            assert all(f"S{k}" in shown(app, panel) for k in (1, 2, 3))
        await choose(pilot, SourcingAction["S1_OPEN_MODERATE"])
        assert len(app.session.negotiation.moves) == 1

    drive(app, act, size)


def test_a_person_ends_the_game_and_sees_who_they_were():
    app = screen(setting=setting())

    async def act(pilot):
        await choose(pilot, SourcingAction["WALK_AWAY"])
        assert app.session.negotiation.over
        await app.workers.wait_for_complete()
        assert {result.player for result in app.results} == {"squeeze", "random"}

    drive(app, act, (100, 36))


def test_panels_say_whether_a_price_stands():
    talks = new_negotiation(setting(market={"ask_life": 2, "drop_rate": 1.0}))
    seen = {talks.supplier_panel(LIGHT_PALETTE).plain}
    assert "not in the talks" in next(iter(seen))
    for _ in range(3):
        talks.play(SourcingAction["S1_HOLD"])
        seen.add(talks.supplier_panel(LIGHT_PALETTE).plain)
    assert any("about to expire" in text for text in seen)
    assert talks.supplier_panel(LIGHT_PALETTE).plain.count("not in the talks") == 2
