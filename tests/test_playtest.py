"""The playtest: its search, its intervals, its criteria, and the whole of it in its quick form."""

import json
from dataclasses import replace

import numpy as np
import pytest
import yaml

from agents.reporting.lock import alone_in
from agents.reporting.statistics import SeedNoise
from agents.scripted import SCRIPTED, make
from agents.studies.playtest import players, run, training
from agents.studies.playtest.capabilities import play_observed
from agents.studies.playtest.played import (  # fmt: skip
    LEFT_OUT,
    REPEATED,
    RULE_LIST,
    SEQUENCE,
    Played,
    PlayerPool,
)
from agents.studies.playtest.run import playtest
from agents.studies.playtest.sequences import (
    FixedMoves,
)
from agents.studies.playtest.settings import QUICK
from agents.studies.playtest.standings import standings
from agents.studies.playtest.training import Store, train_all
from agents.studies.playtest.under_test import ScenarioUnderTest
from negoenv import NegoenvError
from negoenv.benchmark.evaluation import Episodes
from negoenv.game.effects import Family
from negoenv.game.tactics import FAMILY_OF, Move
from negoenv.scenarios.presets import resolve

pytestmark = pytest.mark.usefixtures("undrawn")

TINY = replace(QUICK, seeds=1, processes=1, episodes=32)
EPISODES = 8


def episodes_of(returns, seed=0):
    rows = len(returns)
    outcomes = {"outcome": np.array(["deal"] * rows), "price": np.full(rows, np.nan), "rounds": np.arange(rows)}
    return Episodes(np.array(returns, np.float64), outcomes, np.ones((rows, len(Move)), np.int64), {}, seed)


def played(name, *runs, kind="learned"):
    return Played(name, tuple(map(episodes_of, runs)), kind)


# What is kept


def test_what_is_kept_belongs_to_one_game(tmp_path):
    kept = Store(tmp_path, resolve("Procurement")).directory
    assert kept == Store(tmp_path, resolve({"summary": "In other words.", "name": "Procurement"})).directory
    assert kept != Store(tmp_path, resolve({"weights": {"round": 0.001}, "name": "Procurement"})).directory


def test_what_was_computed_is_computed_once(tmp_path):
    store = Store(tmp_path, resolve("Procurement"))
    calls = []

    def compute():
        calls.append(1)
        return {"value": [1.0, float("nan")]}

    for _ in range(2):
        assert store.remember("a thing", {"size": 1}, compute) == {"value": [1.0, None]}
    assert len(calls) == 1
    store.remember("a thing", {"size": 2}, compute)
    assert len(calls) == 2
    store.place("a thing", {"size": 2}).with_suffix(".json").write_text('{"value": [1')  # damaged: once more
    assert store.remember("a thing", {"size": 2}, compute) == {"value": [1.0, None]}
    assert len(calls) == 3


def test_a_stopped_training_is_begun_anew_and_a_finished_one_is_kept(tmp_path, monkeypatch):
    tested = ScenarioUnderTest("Procurement", TINY, tmp_path)
    (wanted,) = tested.trainings()
    leftover = wanted.directory.with_name(f"{wanted.directory.name}.unfinished")
    leftover.mkdir(parents=True)
    (leftover / "config.yaml").write_text("half of")
    train_all([wanted, wanted], processes=1)
    assert (wanted.directory / "policy.json").is_file()
    assert not leftover.exists()
    monkeypatch.setattr(training, "_train", pytest.fail)
    train_all([wanted], processes=1)


@pytest.mark.slow
def test_trainings_side_by_side_give_what_one_after_the_other_gives(tmp_path):
    weights = []
    for processes in (1, 2):
        wanted = ScenarioUnderTest("Procurement", replace(TINY, seeds=2), tmp_path / str(processes)).trainings()
        train_all(wanted, processes)
        weights.append([(one.directory / "policy.safetensors").read_bytes() for one in wanted])
    assert weights[0] == weights[1]
    assert weights[0][0] != weights[0][1]


# The whole


def test_what_is_watched_is_what_was_played(tmp_path):
    tested = ScenarioUnderTest("Procurement", replace(TINY, episodes=64), tmp_path)
    seen = play_observed(tested, make("gradual"))
    plain = tested.play(make("gradual"))
    np.testing.assert_array_equal(seen.episodes.returns, plain.returns)
    emotion = [move for move in Move if FAMILY_OF[move] == Family.EMOTION]
    np.testing.assert_array_equal(seen.emotion, plain.uses[:, emotion].sum(axis=1))
    np.testing.assert_array_equal(seen.emotion_known, seen.emotion)  # gradual never is angry without a reason
    assert seen.emotion.sum() > 0
    np.testing.assert_array_equal(seen.goodwill_after_first, plain.values()["goodwill"])  # one deal an episode
    assert seen.zone.all()


@pytest.fixture(scope="module")
def directory(tmp_path_factory):
    return tmp_path_factory.mktemp("playtest")


def test_planners_play_and_what_they_played_is_kept(tmp_path, monkeypatch):
    tested = ScenarioUnderTest("Procurement", replace(TINY, episodes=16, reference_episodes=8), tmp_path)
    asked = []

    def load(name):
        asked.append(name)
        return make("gradual" if name.startswith("informed:") else "random")

    monkeypatch.setattr(players, "load_policy", load)
    monkeypatch.setattr(ScenarioUnderTest, "play_learned", lambda self, training: self.play(make("soft_liner")))
    (base,) = tested.trainings()
    found = list(players.references(tested, base))
    assert [player.name for player in found] == ["informed", "uninformed"]
    again = players.references(tested, base)
    assert [player.returns.tolist() for player in again] == [player.returns.tolist() for player in found]
    assert asked[0] == f"informed:{base.directory},gradual"
    np.testing.assert_array_equal(found[0].runs[0].returns, tested.play(make("gradual")).returns[:8])
    np.testing.assert_array_equal(found[0].related, tested.play(make("soft_liner")).returns)
    zero = Played("random", (tested.play(make("random")),), "random")
    ppo = Played("PPO", (tested.play(make("forcing")),), "learned")
    fixed = [Played(name, (tested.play(FixedMoves([])),), "fixed") for name in (REPEATED, SEQUENCE, RULE_LIST)]
    table = standings(PlayerPool({p.name: p for p in (zero, ppo, *fixed, *found)}, SeedNoise()))
    assert table.best == "informed"
    assert table.hidden.returned.mean == pytest.approx((found[0].runs[0].returns - found[1].runs[0].returns).mean())


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("EmptyZone", {"limit": {"low": 0.5, "high": 0.9}}),
        ("HiddenWeakness", {}),
        ("SoleSource", {"weights": {"goodwill": 0.0}}),
        ("Partnership", {"deals": 3, "deadline": 6}),
    ],
)
def test_capabilities_are_read_off_by_the_name_of_the_scenario(name, changes, directory):
    path = directory / f"{name}.yaml"
    path.write_text(yaml.safe_dump({"name": name, **changes}))
    (result,) = playtest([str(path)], TINY, directory, ("capabilities",)).results
    assert result.families is None
    measured = {effect.name: effect for effect in result.capabilities}
    assert len(measured) == {"EmptyZone": 2, "HiddenWeakness": 2, "SoleSource": len(SCRIPTED), "Partnership": 1}[name]
    assert all(effect.criterion != "reported" for effect in measured.values())


@pytest.mark.slow
def test_the_quick_playtest_goes_all_the_way_and_goes_on_where_it_was(command, directory, monkeypatch):
    page, numbers, figures = directory / "page.md", directory / "numbers.json", directory / "figures"
    arguments = [
        "playtest",
        "--quick",
        "--scenario",
        "Procurement",
        "--seeds",
        1,
        "--processes",
        1,
        "--directory",
        directory,
    ]
    status, out, _ = command(*arguments, "--json", numbers, "--markdown", page, "--figures", figures)
    assert status == 0
    assert "A game worth learning" in out
    found = json.loads(numbers.read_text())
    procurement = found["scenarios"]["Procurement"]
    assert set(procurement["families"]) == set(LEFT_OUT)
    names = [row["name"] for row in procurement["standings"]["rows"]]
    assert {"random", "gradual", "PPO", "PPO with a trace", "best repeated move", "best fixed sequence"} <= set(names)
    returns = [row["returned"]["mean"] for row in procurement["standings"]["rows"]]
    assert returns == sorted(returns, reverse=True)
    assert {line["verdict"] for line in found["verdict"]} <= {"holds", "falls short", "not played"}
    text = page.read_text()
    for picture in ("standings", "families", "weights"):
        assert f"figures/playtest_procurement_{picture}.png" in text
        assert (figures / f"playtest_procurement_{picture}.png").stat().st_size > 1000
    transcripts = sorted((next(directory.glob("Procurement-*")) / "transcripts").iterdir())
    assert len(transcripts) == len(procurement["exploits"])
    assert "--- Supplier 1: " in transcripts[0].read_text()
    monkeypatch.setattr(training, "_train", pytest.fail)
    assert command(*arguments, "--json", numbers, "--force")[:2] == (0, out)
    assert json.loads(numbers.read_text()) == found


def test_two_playtests_do_not_work_in_one_directory(tmp_path, monkeypatch):
    monkeypatch.setattr(run, "train_all", pytest.fail)
    directory = ScenarioUnderTest("Procurement", TINY, tmp_path).store.directory
    with alone_in(directory), pytest.raises(NegoenvError, match=f"Another process is at work in {directory}"):
        playtest(["Procurement"], TINY, tmp_path)


def test_a_part_may_be_asked_for_in_one_scenario():
    wanted = run.parts_by_scenario(["families@Deadline", "burst"], ["Deadline", "Stalemate"])
    assert wanted == {"Deadline": {"families", "burst"}, "Stalemate": {"burst"}}


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (["--scenario", "Procuremnt"], "Unknown scenario 'Procuremnt'. Did you mean 'Procurement'?"),
        (["--scenario", "Ladder"], "The ladder is not playtested: its optimum is exact"),
        (["--scenario", "Marketplace", "--scenario", "Marketplace"], "A scenario is named twice: Marketplace"),
        (["--part", "familys"], "Unknown part 'familys'. Did you mean 'families'?"),
        (["--part", "families@Deadline"], "The part 'families@Deadline' is of a scenario that is not played"),
        (["--steps", "0"], "steps is 0; it must be at least 1."),
        (["--configs", "docs"], "docs holds no configuration for fast_ppo; looked for: procurement_fast_ppo.yaml."),
        (["--json", "README.md"], "README.md exists already; give --force"),
        (["--figures", "README.md"], "README.md is a file; name a folder for the figures."),
        (["--record", "--quick"], "--record takes presets, and the usual sizes"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_wrong_use_is_told_before_anything_is_trained(command, call, sentence, monkeypatch, tmp_path):
    monkeypatch.setattr(run, "train_all", pytest.fail)
    arguments = call if "--scenario" in call else [*call, "--scenario", "Procurement"]
    status, out, err = command("playtest", *arguments, "--directory", tmp_path)
    assert (status, out) == (2, "")
    assert sentence in err
    assert err.count("\n") == 1


def test_help_reads_well(command):
    status, out, err = command("playtest", "--help")
    assert (status, err) == (0, "")
    assert "Usage:" in out
    assert "Find out whether scenarios are games worth learning" in out
    assert all(len(line) <= 100 for line in out.splitlines())
