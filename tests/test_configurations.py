"""Trainings that differ by their seed alone: how they are grouped, what their intervals count, and what is said."""

import json
from dataclasses import replace
from io import StringIO

import numpy as np
import pytest
from rich.console import Console

from agents.learning.spec import Training
from agents.reporting.compare import Comparison, Suite, compare
from agents.reporting.episode_store import load_report, save_report
from agents.reporting.report import Report
from agents.reporting.tables import comparison_summary, comparison_table, overall_table, report_table
from negoenv import NegoenvError
from negoenv.benchmark.evaluation import Episodes, Interval
from negoenv.game.tactics import Move

SUPPLIERS = 400
SETTINGS = {"algorithm": "ppo", "network": [64, 64]}


def report_of(policy, mean, training=None, steps=0):
    """Return a report of a policy whose returns scatter around a mean, by supplier the same for all policies."""
    returns = mean + 0.1 * np.random.default_rng(0).standard_normal(SUPPLIERS)
    episodes = Episodes(
        returns, {"outcome": np.full(SUPPLIERS, "deal")}, np.zeros((SUPPLIERS, len(Move)), np.int64), {}, 7,
        np.full(SUPPLIERS, "staller"),
    )  # fmt: skip
    return Report(policy, "Procurement", "test", episodes, policy, training=training, steps=steps)


def learned(policy, mean, seed=0, steps=100, **changes):
    training = Training(label="ppo", seed=seed, total_steps=100, settings=SETTINGS).model_copy(update=changes)
    return report_of(policy, mean, training, steps)


def comparison_of(*reports):
    return Comparison(tuple(sorted(reports, key=lambda report: -report.episodes.returns.mean())))


def text(table):
    console = Console(file=StringIO(), width=220)
    console.print(table)
    return " ".join(console.file.getvalue().split())


THREE_SEEDS = (learned("ppo-1", 0.5, 1), learned("ppo-0", 0.3, 0), learned("ppo-2", 0.7, 2))
SCRIPTED = report_of("gradual", 0.35)


def test_trainings_are_grouped_by_everything_but_their_seed():
    others = (
        learned("wide", 0.4, settings=SETTINGS | {"network": [128]}),
        learned("unfinished", 0.2, steps=50),
        learned("on the way", 0.1, kept="checkpoint", steps=60, seed=5),
        learned("by hand", 0.0, settings={}),
        learned("by hand, too", 0.0, settings={}, seed=1),
    )
    found = comparison_of(*THREE_SEEDS, SCRIPTED, *others).configurations
    assert [(c.name, [report.policy for report in c.reports]) for c in found][:2] == [
        ("ppo (3 seeds)", ["ppo-0", "ppo-1", "ppo-2"]),
        ("wide", ["wide"]),
    ]
    assert {c.name: c.seeds for c in found} == {
        "ppo (3 seeds)": 3, "wide": 1, "gradual": 0, "unfinished": 1, "on the way": 1, "by hand": 1, "by hand, too": 1,
    }  # fmt: skip


def test_the_best_on_validation_are_grouped_whenever_they_were_found():
    best = [learned(f"run-{seed}/best", 0.5, seed, steps=10 * seed, kept="best") for seed in range(2)]
    names = {c.name for c in comparison_of(*THREE_SEEDS, *best).configurations}
    assert names == {"ppo (3 seeds)", "ppo, best on validation (2 seeds)"}


def test_a_repeated_training_is_no_further_seed():
    comparison = comparison_of(*THREE_SEEDS, learned("ppo-0 once more", 0.3, 0))
    assert comparison.configurations[0].seeds == 3
    assert len(comparison.reports) == 4


def test_the_interval_of_a_configuration_counts_suppliers_and_seeds():
    comparison = comparison_of(*THREE_SEEDS, SCRIPTED)
    group, scripted = comparison.configurations
    mean = comparison.mean_of(group)
    assert mean.mean == pytest.approx(np.mean([report.episodes.returns.mean() for report in THREE_SEEDS]))
    suppliers = 0.1 / np.sqrt(SUPPLIERS)  # standard errors: of the suppliers, and of three seeds .3, .5 and .7
    seeds = 0.2 / np.sqrt(3)
    students_t = 4.303  # of two degrees of freedom
    assert mean.high - mean.mean == pytest.approx(students_t * np.hypot(suppliers, seeds), rel=0.01)
    difference = comparison.less(scripted, group)
    assert difference.high - difference.mean == pytest.approx(students_t * seeds, rel=0.01)  # the same suppliers
    assert comparison.mean_of(scripted) == Interval.of(SCRIPTED.episodes.returns)


def test_a_lead_within_the_scatter_of_seeds_may_be_chance():
    lead = comparison_summary(comparison_of(*THREE_SEEDS, SCRIPTED))
    assert "ppo (3 seeds) is best" in lead
    assert "gradual comes next, 0.150 ± 0.497 lower by supplier, which may be chance (±" in lead
    assert lead.endswith("Intervals count suppliers and training seeds.")
    sure = comparison_summary(comparison_of(*THREE_SEEDS, report_of("gradual", -0.5)))
    assert "more than chance" in sure


def test_of_one_training_seed_it_is_said_that_seeds_are_not_counted():
    one = comparison_summary(comparison_of(learned("ppo-0", 0.5), SCRIPTED))
    assert "more than chance among suppliers (±" in one
    assert one.endswith("Each learned policy is of one training seed: intervals count suppliers, not seeds.")
    scripted = comparison_summary(comparison_of(SCRIPTED, report_of("hold_out", 0.0)))
    assert "more than chance (±" in scripted
    assert "seed" not in scripted
    mixed = comparison_summary(comparison_of(*THREE_SEEDS, learned("wide", 0.9, settings={"network": [128]})))
    assert mixed.endswith("of wide there is one, and the others' scatter is taken.")


def test_two_policies_that_do_the_same_are_said_to():
    assert "the same against every supplier" in comparison_summary(comparison_of(SCRIPTED, report_of("its twin", 0.35)))


def test_tables_say_what_their_intervals_count():
    single = comparison_of(learned("ppo-0", 0.5), SCRIPTED)
    said = "is of one training seed: intervals count suppliers, not seeds."
    assert said in text(comparison_table(single))
    assert said in text(overall_table(Suite((single,))))
    assert said in text(report_table(single.reports[0]))
    scripted = comparison_of(SCRIPTED, report_of("hold_out", 0.0))
    for table in (comparison_table(scripted), overall_table(Suite((scripted,))), report_table(SCRIPTED)):
        assert "seed" not in text(table)
    several = text(comparison_table(comparison_of(*THREE_SEEDS, SCRIPTED)))
    assert "ppo (3 seeds)" in several
    assert "intervals that count suppliers and seeds; above it they count suppliers only" in several


def test_tables_and_summary_say_what_was_trained_on_another_game_or_not_to_the_end():
    report = replace(learned("ppo-0", 0.5, steps=40), another_game=("deadline 12, here 20", "deals 2, here 1"))
    for told in (
        text(report_table(report)),
        text(comparison_table(comparison_of(report, SCRIPTED))),
        comparison_summary(comparison_of(report, SCRIPTED)),
    ):
        assert "ppo-0 was trained on another game: deadline 12, here 20; deals 2, here 1." in told
        assert "The training of ppo-0 was broken off after 40 of 100 steps." in told
    assert "broken off" not in text(report_table(learned("best", 0.5, steps=40, kept="best")))


def test_data_says_it_too():
    report = replace(learned("ppo-0", 0.5), another_game=("deadline 12, here 20",))
    data = comparison_of(report, *THREE_SEEDS[::2], SCRIPTED).as_dict()
    by_name = {entry["policy"]: entry for entry in data["policies"]}
    assert by_name["ppo-0"]["trained_on_another_game"] == ["deadline 12, here 20"]
    assert by_name["ppo-0"]["training"]["seed"] == 0
    assert "training" not in by_name["gradual"]
    together, alone = data["configurations"]
    assert (together["configuration"], together["training_seeds"]) == ("ppo (3 seeds)", 3)
    assert (together["interval_counts"], alone["interval_counts"]) == ("suppliers and seeds", "suppliers")
    assert json.loads(json.dumps(data)) == data
    suite = Suite((comparison_of(report, SCRIPTED),)).as_dict()
    assert [entry["configuration"] for entry in suite["configurations"]["Procurement"]] == ["ppo-0", "gradual"]


def test_what_is_known_of_a_training_comes_back_from_disk(tmp_path):
    for number, report in enumerate(
        (replace(learned("a", 0.5), another_game=("x 1, here 2",), no_score="No."), SCRIPTED)
    ):
        folder = tmp_path / str(number)
        folder.mkdir()
        save_report(report, folder)
        again = load_report(folder)
        for field in ("training", "steps", "another_game", "no_score"):
            assert getattr(again, field) == getattr(report, field)


def test_a_policy_under_two_names_is_refused(tmp_path):
    run, link = tmp_path / "run", tmp_path / "link"
    run.mkdir()
    link.symlink_to(run)
    for other in (f"{run}/", link, tmp_path / "link" / ".." / "run"):
        with pytest.raises(NegoenvError, match=r"A policy is named twice: .*run, "):
            compare([str(run), str(other)], "Procurement", episodes=2)
    for names in (["informed:gradual", "informed:gradual"], [f"informed:{run},gradual", f"informed:{link},gradual"]):
        with pytest.raises(NegoenvError, match="A policy is named twice: informed:"):
            compare(names, "Procurement", episodes=2)
    with pytest.raises(NegoenvError, match="A policy is named twice: gradual, gradual"):
        comparison_of(SCRIPTED, SCRIPTED)
