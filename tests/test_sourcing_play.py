"""Sourcing end to end: any moves at all, scripted policies, threads, copies, transcripts, training, reports."""

import copy
import re

import gymnasium as gym
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_array_equal

from agents.learning.config import load_config
from agents.learning.spec import Game
from agents.registry import default_policies, load_policy
from agents.reporting.report import move_groups, move_names, report_on
from agents.reporting.transcripts import write_transcripts
from agents.scripted import SOURCING_SCRIPTED, make
from negoenv import NegoenvError
from negoenv.benchmark.evaluation import evaluate
from negoenv.benchmark.fingerprint import fingerprint
from negoenv.game.state import STATE, Outcome
from negoenv.game.supplier import SUPPLIER
from negoenv.make import make_batch
from negoenv.sourcing import SOURCING_PRESETS, SourcingAction, SourcingBatch, SourcingMove, resolve_sourcing
from negoenv.sourcing.env import SourcingEnv
from negoenv.sourcing.moves import ACTIONS
from negoenv.sourcing.observation import CONTACT_COLUMNS
from negoenv.sourcing.state import CONTACT, ORDER
from negoenv.sourcing.transcript import replay_sourcing
from tests.conftest import ROOT

GAMES = tuple(SOURCING_PRESETS)
ROUNDING = 1e-9
TRAITS = {field.name: field for field in SUPPLIER.fields if field.name != "archetype"}


def check(batch: SourcingBatch, before) -> None:
    """Check one step of a batch, given copies of its orders and states ``before``."""
    orders, running = before
    o, s, p = batch.orders, batch.state, batch.supplier
    numbers = batch.records["state_numbers"]
    assert np.isfinite(numbers).all()
    assert np.isfinite(batch.rewards).all()
    assert ((numbers >= STATE.lows - ROUNDING) & (numbers <= STATE.highs + ROUNDING)).all()
    for layout, records in ((ORDER, o), (CONTACT, batch.contacts)):
        for name in layout.names:
            field = layout.by_name[name]
            assert ((records[name] >= field.low) & (records[name] <= field.high)).all(), name
    space = batch.observation_space
    assert ((batch.observations >= space.low) & (batch.observations <= space.high)).all()
    assert np.allclose(batch.rewards, batch.reward_terms.sum(axis=1), rtol=0.0, atol=1e-12)
    assert np.array_equal(batch.terminated, o["outcome"] != Outcome.OPEN)
    assert (s["ask"] >= p["reservation_price"] - ROUNDING).all(), "nobody asks less than its cost"
    assert (s["ask"] <= np.maximum(1.0, p["reservation_price"]) + ROUNDING).all()
    deal = s["outcome"] == Outcome.DEAL
    assert (s["price"][deal] >= p["reservation_price"][deal] - ROUNDING).all()
    bought = o["bought"] > orders["bought"]
    assert (o["price"][bought] <= orders["ceiling"][bought] + ROUNDING).all()
    assert (o["paid"] <= np.maximum(o["paid"], 0.0) + ROUNDING).all()
    assert (o["funds"] >= 0.0).all()
    assert np.array_equal(o["step"] - orders["step"], running.astype(float))
    assert (o["lost"] == (s["outcome"] == Outcome.BREAKDOWN).sum(axis=1)).all()
    assert (o["illegal_moves"] >= orders["illegal_moves"]).all()
    assert (batch.action_masks[:, [SourcingAction["HOLD"], SourcingAction["WALK_AWAY"]]] == 1).all()


@settings(max_examples=40)
@given(
    seed=st.integers(0, 2**40),
    game=st.sampled_from(GAMES),
    suppliers=st.integers(1, 5),
    actions=st.lists(st.integers(-2, ACTIONS + 2), min_size=1, max_size=70),
    traits=st.fixed_dictionaries({}, optional={n: st.floats(f.low, f.high) for n, f in TRAITS.items()}),
)
def test_whatever_is_played_the_numbers_stay_sound(seed, game, suppliers, actions, traits):
    batch = SourcingBatch(4, resolve_sourcing({"base": game, "suppliers": suppliers}))
    batch.seed(seed)
    batch.reset(np.ones(4, np.bool_), {"supplier": traits})
    rng = np.random.default_rng(seed)
    for action in actions:
        legal = (rng.random(batch.action_masks.shape) * batch.action_masks).argmax(axis=1)
        chosen = np.where([True, False, False, False], action, legal).astype(np.int64)
        running = ~batch.terminated
        before = (batch.orders.copy(), running)
        batch.step(chosen, running)
        check(batch, before)


@pytest.mark.parametrize("name", SOURCING_SCRIPTED)
@pytest.mark.parametrize("changes", [{}, {"suppliers": 1}, {"suppliers": 5}, {"base": "TimedSourcing"}], ids=str)
def test_scripted_policies_play_legally_alone_as_in_a_batch(name, changes):
    scenario = resolve_sourcing(changes)
    together = evaluate(make(name), SourcingBatch(64, scenario), 7)
    assert together.outcomes["illegal_moves"].sum() == 0
    alone = [evaluate(make(name), SourcingBatch(1, scenario), 7 + row).returns[0] for row in range(4)]
    assert_array_equal(together.returns[:4], alone)


def test_scripted_policies_refuse_other_games():
    with pytest.raises(NegoenvError, match="'random' plays any game"):
        evaluate(make("squeeze"), make_batch(2, "Procurement"))
    with pytest.raises(NegoenvError, match="'random' plays any game"):
        evaluate(make("gradual"), make_batch(2, "Sourcing"))
    assert default_policies(make_batch(1, "Sourcing")) == (*SOURCING_SCRIPTED, "random")


@pytest.mark.parametrize("game", GAMES)
def test_copies_go_on_bit_for_bit(game):
    batch = make_batch(32, game)
    batch.seed(3)
    running = np.ones(32, np.bool_)
    batch.reset(running)
    rng = np.random.default_rng(0)
    for _ in range(6):
        batch.step((rng.random(batch.action_masks.shape) * batch.action_masks).argmax(axis=1), ~batch.terminated)
    other, third = batch.resized(32), copy.deepcopy(batch)
    other.copy_rows(batch, np.arange(32), np.arange(32))
    for _ in range(6):
        moves = (rng.random(batch.action_masks.shape) * batch.action_masks).argmax(axis=1)
        for each in (batch, other, third):
            each.step(moves, ~each.terminated)
        for each in (other, third):
            assert_array_equal(each.observations, batch.observations)
            assert_array_equal(each.rewards, batch.rewards)


def test_copies_with_other_keys_meet_another_future():
    """A planner that is told the truth must not foresee what is drawn."""
    batch = make_batch(64, "Sourcing")
    batch.seed(3)
    batch.reset(np.ones(64, np.bool_))
    other = batch.resized(64)
    other.copy_rows(batch, np.arange(64), np.arange(64))
    other.keys[:] += np.uint64(1000)
    for each in (batch, other):
        for move in (2, 4, 10):
            each.step(np.full(64, move, np.int64), ~each.terminated)
    assert not np.array_equal(batch.observations, other.observations)


def test_fingerprints_know_the_rules_of_the_market():
    known = fingerprint(make_batch(1, "Sourcing"))
    assert known == fingerprint(make_batch(7, "Sourcing"))
    for changes in ({"suppliers": 2}, {"market": {"reserve": 0.7}}, {"invited": 3}, {"weights": {"split": 0.03}}):
        assert known != fingerprint(make_batch(1, {"base": "Sourcing", **changes}))


@pytest.mark.parametrize("game", GAMES)
def test_reports_and_transcripts_tell_it_in_words(game, tmp_path):
    report = report_on(make("squeeze"), game, "test", 64, trace=True)
    assert move_names(report.episodes)[-1] == "walk away"
    names, groups = move_groups(report.episodes)
    assert len(names) == groups.max() + 1
    written = write_transcripts(report, game, tmp_path)
    for transcript in written:
        assert transcript.lines[0].endswith("rounds.") or "requirements" in transcript.lines[0]
        assert "Return " in transcript.lines[-1]
        assert (tmp_path / f"{transcript.name}.txt").read_text().startswith("squeeze on ")
    best = report.episodes.returns.max()
    assert f"Return {best:+.2f}" in " ".join(written[0].body.split())


def test_the_page_shows_what_is_played():
    report = report_on(make("dual_squeeze"), "Sourcing", "test", 2, 1_000_200, trace=True)
    moves = report.episodes.trace.moves_of(0).tolist()
    told = replay_sourcing(make_batch(1, "Sourcing", "test"), 1_000_200, moves).text()
    page = (ROOT / "docs" / "sourcing.md").read_text(encoding="utf-8")
    quoted = " ".join(line.removeprefix(">").strip() for line in page.splitlines() if line.startswith(">"))
    assert " ".join(told.split()) == " ".join(quoted.split())


def test_the_environment_tells_its_story():
    env = gym.make("negoenv/Sourcing-v0", render_mode="ansi")
    env.reset(seed=0)
    for action in (2, 21, 53, 34, 96):
        _, _, over, _, _ = env.step(action)
    assert over
    text = env.render()
    assert "S2: You invite it" not in text
    assert "S3: You invite it to quote." in text
    assert "not legal now" in text
    assert "You bought elsewhere." in text


def test_a_game_describes_itself_for_stored_policies():
    game = Game.of(make_batch(1, {"base": "Sourcing", "suppliers": 2}))
    assert (game.scenario, game.preset) == ("Sourcing+suppliers=2", "Sourcing")
    assert game.inputs == make_batch(1, "Sourcing").observation_space.shape[0]
    assert game.differences(Game.of(make_batch(1, "Sourcing"))) == ("suppliers 2, here 3",)


@pytest.mark.parametrize("name", ["sourcing_ppo", "sourcing_maskable_ppo"])
@pytest.mark.slow
def test_what_is_trained_can_be_loaded_and_played(name, command, tmp_path, undrawn):
    small = ("total_steps=512", "num_envs=16", "test_episodes=16", "eval_episodes=8", "eval_every=0",
             "hyperparameters.n_steps=16", "hyperparameters.batch_size=64")  # fmt: skip
    assert load_config(f"configs/{name}.yaml").scenario == "Sourcing"
    status, _, error = command("train", name, *small, "--directory", tmp_path / "run")
    assert status == 0, error
    policy = load_policy(tmp_path / "run")
    episodes = evaluate(policy, make_batch(16, "Sourcing", "test"))
    assert np.isfinite(episodes.returns).all()
    assert command("evaluate", tmp_path / "run", "--scenario", "Sourcing", "--episodes", 8)[0] == 0


def _section(title):
    return SourcingEnv.__doc__.split(f"## {title}")[1].split("\n    ## ")[0]


def test_the_manual_of_sourcing_lists_moves_columns_terms_and_what_is_reported():
    listed = {int(code): name for code, name in re.findall(r"\b(\d+) ([A-Z]{3,}\w*)\b", _section("Action Space"))}
    shared = {int(SourcingAction[name]): name for name in ("HOLD", "WALK_AWAY")}
    assert listed == {int(move): move.name for move in SourcingMove} | shared
    assert f"``Discrete({ACTIONS})``" in _section("Action Space")
    rows = [line.strip() for line in _section("Observation Space").splitlines() if "| " in line]
    assert rows[1:] == [f"| {c.name} | {c.unit} | [{c.low:g}, {c.high:g}] | {c.meaning} |" for c in CONTACT_COLUMNS]
    terms = re.findall(r"^ *\| ([a-z_]+) \|", _section("Rewards"), re.MULTILINE)
    assert tuple(terms[1:]) == SourcingBatch.reward_names
    reported = set(make_batch(1, "Sourcing").outcomes())
    assert reported <= set(re.findall(r"``([a-z_]+)``", _section("Episode End")))
