"""Self-play: a supplier learns against a buyer, is kept as a policy, and says how much of a return survives."""

import json
from io import StringIO

import numpy as np
import pytest
from numpy.testing import assert_array_equal
from rich.console import Console

from agents.commands import COMMANDS
from agents.learning.config import load_config
from agents.learning.opponents import load_opponent, plain_negotiation, with_opponents
from agents.learning.selfplay import WORST_CASE, train_supplier
from agents.registry import load_policy
from agents.reporting.compare import Suite, compare
from agents.reporting.directory import write_suite
from agents.reporting.loading import load_comparison
from agents.reporting.robustness import Robustness, part_left
from agents.reporting.tables import comparison_tables, report_table
from negoenv import NegoenvError, Outcome
from negoenv.benchmark.evaluation import Interval, evaluate
from negoenv.engine.negotiation_batch import NegotiationBatch
from negoenv.interop.opponents import OpponentBatch
from negoenv.interop.sb3_supplier import SupplierVecEnv
from negoenv.interop.supplier_agent import LEAVE_TALKS, SUPPLIER_COLUMNS, TAKE_OFFER
from negoenv.scenarios.presets import resolve

SCENARIO = resolve("Procurement")
SMALL = ("num_envs=128", "hyperparameters.batch_size=512", "test_episodes=256")


class Always:
    """An opponent that gives the same answer always, where it may, and notes what it saw."""

    name = "always"

    def __init__(self, move):
        self.move, self.seen = move, []

    def reset(self, num_rows, seed=0):
        self.rows = num_rows

    def act(self, observations, masks, starts):
        self.seen.append((observations, masks, starts))
        return np.where(masks[:, self.move] == 1, self.move, 0)


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """Return a run directory, of a short training against a buyer that gives in."""
    config = load_config(WORST_CASE, ["total_steps=150_000", *SMALL])
    return train_supplier(config, load_policy("conceder"), directory=tmp_path_factory.mktemp("runs") / "worst")


def test_opponents_sit_in_their_rows_and_the_game_in_the_others():
    one, two = Always(TAKE_OFFER), Always(LEAVE_TALKS)
    batch = OpponentBatch(40, SCENARIO, "test", [one, two], share=0.5)
    assert (one.rows, two.rows) == (10, 10)
    buyer = load_policy("gradual")
    ours, theirs = evaluate(buyer, batch, 5), evaluate(buyer, NegotiationBatch(40, SCENARIO, "test"), 5)
    assert_array_equal(ours.returns[20:], theirs.returns[20:])
    assert (batch.state["outcome"][:10] == Outcome.DEAL).all()
    assert (batch.state["outcome"][10:20] == Outcome.BREAKDOWN).all()
    plain = NegotiationBatch(40, SCENARIO, "test")
    plain.seed(5)
    plain.reset(np.ones(40, np.bool_))
    assert_array_equal(batch.supplier["reservation_price"], plain.supplier["reservation_price"])
    assert one.seen[0][2].all()
    with pytest.raises(NegoenvError, match="There are 0 opponents"):
        OpponentBatch(4, SCENARIO)


@pytest.mark.parametrize("objective", ["profit", "harm"])
def test_the_suppliers_seat_is_an_environment(objective):
    envs = [SupplierVecEnv(32, SCENARIO, load_policy("gradual"), objective) for _ in range(2)]
    rng, totals, ends = np.random.default_rng(0), np.zeros(32), 0
    for env in envs:
        env.seed(3)
    seen = [env.reset() for env in envs]
    assert (envs[0].action_masks().sum(axis=1) == 1).all(), "the buyer has the first word"
    for _ in range(40):
        masks = envs[0].action_masks()
        assert objective == "profit" or not masks[:, LEAVE_TALKS].any()
        moves = np.array([rng.choice(np.flatnonzero(mask)) for mask in masks])
        stepped = [env.step(moves) for env in envs]
        for one, other in zip(stepped[0][:3], stepped[1][:3], strict=True):
            assert_array_equal(one, other, "the same seed, the same episodes")
        seen, rewards, ended, infos = stepped[0]
        assert seen.shape == (32, len(SUPPLIER_COLUMNS))
        totals += rewards
        for row in np.flatnonzero(ended):
            assert infos[row]["episode"]["r"] == pytest.approx(totals[row], abs=1e-5)
            if objective == "profit":
                assert (infos[row]["outcome"] == Outcome.DEAL) == (totals[row] != 0.0)
        ends += ended.sum()
        totals[ended] = 0.0
    assert ends > 30
    with pytest.raises(NegoenvError, match="objective"):
        SupplierVecEnv(1, SCENARIO, load_policy("gradual"), "revenge")


@pytest.mark.slow
def test_a_supplier_that_learns_leaves_a_buyer_less_than_the_population(run):
    assert run.against.lost.low > 0.0
    found = json.loads((run.directory / "evaluation.json").read_text())
    assert found["buyer"] == "conceder"
    assert found["against"]["returned"]["mean"] == run.against.returned.mean
    assert {path.suffix for path in run.directory.iterdir() if path.is_file()} == {".yaml", ".json", ".safetensors"}
    supplier = load_opponent(run.directory, plain_negotiation("Procurement", "test"))
    assert supplier.spec.training.settings["buyer"] == "conceder"
    batch = OpponentBatch(256, SCENARIO, "test", [supplier])
    again = evaluate(load_policy("conceder"), batch, 1_000_000).returns.mean()
    assert again == pytest.approx(run.against.returned.mean)


@pytest.mark.slow
def test_what_survives_is_in_tables_json_and_what_is_kept(run, tmp_path):
    comparison = compare(["gradual", "random"], "Procurement", episodes=32, trace=True, opponents=[str(run.directory)])
    data = comparison.as_dict()["policies"][0]["against_opponents"]
    assert data[0]["opponent"] == "worst"
    assert data[0]["lost"]["mean"] == pytest.approx(
        comparison.best.episodes.returns.mean() - data[0]["returned"]["mean"]
    )
    console = Console(width=140, record=True, file=StringIO())
    for table in (*comparison_tables(comparison), report_table(comparison.best)):
        console.print(table)
    told = console.export_text()
    assert "against opponents in the place of the same suppliers" in told
    assert "return against worst" in told
    write_suite(Suite((comparison,)), ["Procurement"], tmp_path / "kept")
    (loaded,) = load_comparison(tmp_path / "kept").suite.comparisons
    assert [report.against for report in loaded.reports] == [report.against for report in comparison.reports]


@pytest.mark.slow
def test_a_buyer_is_trained_against_the_population_and_the_worst_case(run, tmp_path):
    from agents.learning.train import train

    changes = ["total_steps=2048", *SMALL, "eval_every=0", "eval_episodes=16", f"opponents=[{run.directory}]"]
    config = load_config("procurement_fast_ppo", changes)
    result = train(config, tmp_path / "mixed")
    kept = load_policy(result.directory)
    assert kept.spec.training.settings["opponents"] == [str(run.directory)]
    batch = with_opponents(64, "Procurement", "train", config.opponents, config.opponent_share)
    assert (batch.opponent_of == 0).sum() == 32


def test_the_part_that_is_left_has_an_interval():
    rng = np.random.default_rng(0)
    before = 0.5 + 0.2 * rng.standard_normal(4000)
    left = part_left(before, 0.5 * before)
    assert (left.mean, left.low, left.high) == pytest.approx((0.5, 0.5, 0.5))
    left = part_left(before, 0.25 + 0.1 * rng.standard_normal(4000))
    assert left.low < 0.5 < left.high
    assert left.high - left.low < 0.05
    assert part_left(-before, before) is None
    assert Robustness.of("x", before, before).lost == Interval(0.0, 0.0, 0.0)


def test_what_does_not_fit_is_told(tmp_path, run):
    game = plain_negotiation("Procurement", "test")
    with pytest.raises(NegoenvError, match="nowhere is no directory; an opponent is a run directory of negoenv self"):
        load_opponent("nowhere", game)
    with pytest.raises(NegoenvError, match=r"worst' was trained on Procurement, not on Deadline"):
        load_opponent(run.directory, plain_negotiation("Deadline", "test"))
    with pytest.raises(NegoenvError, match="observes other columns"):
        compare([str(run.directory)], "Procurement", episodes=8)
    with pytest.raises(NegoenvError, match="about a price alone"):
        plain_negotiation("Contract", "test")
    with pytest.raises(NegoenvError, match="algorithm is dqn; a supplier learns with maskable_ppo or fast_ppo"):
        train_supplier(load_config(WORST_CASE, ["algorithm=dqn", "hyperparameters={}"]), load_policy("random"))
    for change in ("stack=2", "trace=0.5"):
        with pytest.raises(NegoenvError, match="stack, trace, tracker and opponents are keys of a buyer's training"):
            train_supplier(load_config(WORST_CASE, [change]), load_policy("random"))
    assert "selfplay" in COMMANDS
