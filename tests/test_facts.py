"""The model card: every row runs and is honest about its source, and a verdict follows from its intervals alone."""

import json
import math
import re
from pathlib import Path

import numpy as np
import pytest

from agents.studies.model_card import draw_card as save_figures
from negoenv.benchmark.evaluation import Interval
from negoenv.facts import FACTS, Confidence, Curve, Effect, Fact, Finding, Plot, Verdict, run_card
from negoenv.facts.card import QUICK, card_dict, card_page, in_words, summary, sweep_lines
from negoenv.facts.experiment import FIRM, KEPT, Give, Negotiations, Offer, Open, meet
from negoenv.facts.figures import draw_fact, fact_figure_name
from negoenv.facts.measures import by_group, correlation_interval, difference, ratio, share, slope_interval
from negoenv.game.constants import CONSTANTS
from negoenv.game.tactics import Move

ROOT = Path(__file__).parent.parent
ROWS = tuple(range(1, 42))
ASSUMPTIONS = (*range(21, 28), 29, *range(31, 40), 41)
PUBLISHED_AND_BINDING = tuple(range(8, 17))  # rows of which none may fall short
LEAST_HOLDING = 36
NOTHING = Plot("x", "y", (Curve("c", (0.0,), (Interval(0.0, 0.0, 0.0),)),))


@pytest.fixture(scope="module")
def card():
    return run_card(FACTS, QUICK)


def made_up(confidence, *effects):
    def experiment(episodes):
        return Finding(effects, NOTHING)

    return Fact(0, "name", "known", "claim", "source", confidence, "conditions", experiment)


# The table


def test_no_row_is_dropped():
    assert tuple(fact.row for fact in FACTS) == ROWS
    assert len({fact.name for fact in FACTS}) == len(ROWS)


@pytest.mark.parametrize("fact", FACTS, ids=lambda fact: str(fact.row))
def test_a_row_names_its_source_and_the_confidence_in_it(fact):
    for text in (fact.name, fact.known, fact.claim, fact.source, fact.conditions):
        assert text.strip()
    assert fact.known.endswith(".")
    assert fact.claim.endswith(".")
    assert fact.conditions.endswith(".")
    if fact.is_assumption:
        assert fact.source.startswith("Assumption")
    else:
        letters = re.findall(r"\(([ASR])\)", fact.source)
        assert letters
        assert max(letters) == fact.confidence.value  # A, R, S: the least of them
        assert re.search(r"\d{4}", fact.source)


def test_what_has_no_source_is_labelled_an_assumption():
    assert tuple(fact.row for fact in FACTS if fact.is_assumption) == ASSUMPTIONS


# The experiments


def test_every_row_measures_and_draws(card):
    for result in card:
        effects = result.finding.effects
        assert any(effect.criterion != "reported" for effect in effects), result.fact.row
        for effect in effects:
            assert effect.interval.low <= effect.interval.mean <= effect.interval.high, effect.name
            assert effect.low < effect.high
        plot = result.finding.plot
        assert plot.x
        assert plot.y
        for curve in plot.curves:
            assert len(curve.x) == len(curve.y) >= 3
            assert np.isfinite([[i.low, i.mean, i.high] for i in curve.y]).all(), (result.fact.row, curve.label)


def test_enough_rows_hold(card):
    verdicts = {result.fact.row: result.holds for result in card}
    assert sum(verdicts.values()) >= LEAST_HOLDING, verdicts
    assert all(verdicts[row] for row in PUBLISHED_AND_BINDING), verdicts


def test_a_row_that_falls_short_says_why(card):
    assert all(result.fact.reason for result in card if not result.holds)


@pytest.mark.parametrize("row", ASSUMPTIONS)
def test_without_its_magnitude_an_assumption_does_nothing(card, row):
    for curve in card[row - 1].finding.plot.curves:
        assert curve.x[0] == 0.0
        assert abs(curve.y[0].mean) < 0.005, curve.label
        first, last = curve.y[0], curve.y[-1]
        assert abs(last.mean) > 2 * abs(first.mean), curve.label
        assert last.low > first.high or last.high < first.low, curve.label


def test_the_card_repeats_itself():
    chosen = [fact for fact in FACTS if fact.row in (1, 4, 18, 21)]
    first, again = (run_card(chosen, 200) for _ in range(2))
    assert json.dumps(card_dict(first, 200)) == json.dumps(card_dict(again, 200))


# The verdict


@pytest.mark.parametrize(
    ("interval", "low", "high", "verdict"),
    [
        (Interval(0.5, 0.4, 0.6), 0.0, math.inf, True),
        (Interval(0.5, 0.4, 0.6), 0.39, 0.61, True),
        (Interval(0.5, 0.4, 0.6), 0.45, 0.75, False),  # the mean alone is not enough
        (Interval(0.5, 0.4, 0.6), 0.0, 0.55, False),
        (Interval(0.0, 0.0, 0.0), 0.0, math.inf, False),  # no effect is not a small one
        (Interval(0.5, 0.4, 0.6), 1.0, math.inf, False),
        (Interval(math.nan, math.nan, math.nan), -math.inf, 1.0, False),
    ],
)
def test_an_effect_holds_if_its_whole_interval_does(interval, low, high, verdict):
    effect = Effect("effect", interval, low, high)
    assert effect.holds is verdict
    expected = {True: (Verdict.HOLDS, Verdict.ASSUMED), False: (Verdict.FALLS_SHORT, Verdict.ASSUMED_FALLS_SHORT)}
    for confidence, found in zip((Confidence.A, Confidence.ASSUMPTION), expected[verdict], strict=True):
        assert run_card([made_up(confidence, effect)])[0].verdict is found


def test_one_effect_that_fails_fails_the_row_and_reported_ones_do_not_count():
    good, bad = (Effect("effect", Interval(0.5, 0.4, 0.6), low) for low in (0.0, 1.0))
    reported = Effect("effect", Interval(math.nan, math.nan, math.nan))
    assert reported.criterion == "reported"
    assert run_card([made_up(Confidence.S, good, reported)])[0].holds
    assert not run_card([made_up(Confidence.S, good, bad)])[0].holds


def test_a_true_claim_with_an_impossible_criterion_falls_short():
    fact = FACTS[9]
    effects = tuple(Effect(e.name, e.interval, 0.9, 1.0) for e in fact.experiment(200).effects)
    assert fact.verdict(Finding(effects, NOTHING)) is Verdict.FALLS_SHORT


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [(0.0, math.inf, "> 0"), (-math.inf, 0.05, "< 0.05"), (0.5, 0.75, "0.5 to 0.75")],
)
def test_a_criterion_in_words(low, high, words):
    assert Effect("effect", Interval(0.0, 0.0, 0.0), low, high).criterion == words


# The laboratory and the measures


def test_both_arms_meet_the_same_suppliers():
    one, other = meet(50, (Move.OPEN_LOW, Move.FURY)), meet(50, (Move.OPEN_FAIR, Move.HOLD))
    assert all(np.array_equal(one.suppliers[name], values) for name, values in other.suppliers.items())
    again = meet(50, (Move.OPEN_LOW, Move.FURY))
    assert np.array_equal(one.batch.state_matrix, again.batch.state_matrix)
    assert np.array_equal(one.returns, again.returns)


def test_any_dose_of_a_move_can_be_played():
    talks = meet(50, (Open(0.9),), supplier=KEPT | FIRM, context={"budget": 2.0})
    assert np.allclose(talks["offer"], 0.9 * talks["benchmark"])
    offer, ask = talks["offer"], talks["ask"]
    assert np.allclose(talks.play((Give(0.3),))["offer"], offer + 0.3 * (ask - offer))
    assert np.allclose(talks.play((Offer(0.9),))["offer"], 0.9, atol=0.002)
    table = Negotiations(1).batch.effects
    assert np.array_equal(talks.batch.effects, table), "the table of moves is left as it was"


def test_measures_by_hand():
    rng = np.random.default_rng(0)
    x = rng.normal(size=400)
    y = 2.0 * x + rng.normal(size=400)
    assert slope_interval(x, y).mean == pytest.approx(np.polyfit(x, y, 1)[0])
    assert slope_interval(x, y).low < 2.0 < slope_interval(x, y).high
    assert correlation_interval(x, y).mean == pytest.approx(np.corrcoef(x, y)[0, 1])
    assert difference(y, x).mean == pytest.approx(y.mean() - x.mean())
    assert ratio(3.0 * np.abs(x), np.abs(x)).mean == pytest.approx(3.0)
    assert ratio(3.0 * np.abs(x), np.abs(x)).high == pytest.approx(3.0), "the ratio of each row is the same"
    assert math.isnan(ratio(x, np.zeros(400)).mean)
    nobody = share(np.zeros(400))
    assert (nobody.mean, nobody.low) == (0.0, pytest.approx(0.0))
    assert 0.005 < nobody.high < 0.015, "none of 400 does not mean none"
    grouped = by_group("g", np.array([0.1, 0.2, 0.8, 0.9]), np.array([1.0, 3.0, 5.0, 7.0]), (0.0, 0.5, 1.0, 1.5))
    assert (*grouped.x,) == (0.25, 0.75)
    assert [interval.mean for interval in grouped.y] == [2.0, 6.0]


# Mechanisms that only a past, or a pattern, brings to light


def test_goodwill_moves_what_the_supplier_expects():
    """Fact 19: the better the last deal was taken, the less it expects of the buyer; a stranger is met as ever."""
    stranger = CONSTANTS.by_name["goodwill_stranger"].default
    levels = (0.0, stranger, 1.0)
    supplier = KEPT | {"aspiration": 0.8}
    grudge, neutral, friend = (
        meet(200, (Move.HOLD,), supplier=supplier, context={"goodwill": level})["expected_limit"] for level in levels
    )
    assert (grudge > neutral).all()
    assert (neutral > friend).all()
    kept = meet(200, (Move.HOLD,), supplier=supplier, context={"goodwill": stranger}, constants={"goodwill_yield": 0.0})
    assert np.array_equal(kept["expected_limit"], neutral)


def test_equal_concessions_signal_nothing():
    """Fact 18: what a concession after another says depends on which is larger."""

    def expected(last, **constants):
        supplier = KEPT | {"opportunism": 0.0}
        talks = meet(200, (Open(1.0), Give(0.2)), supplier=supplier, constants=constants)
        return talks.play((Offer(talks["offer"].mean() + last * talks["concession_step"].mean()),))["expected_limit"]

    for last, sign in ((0.3, -1), (2.0, 1)):
        change = expected(last).mean() - expected(last, limit_signal=0.0).mean()
        assert sign * change > 0.001, last


# The card as a page, a file and a command


def test_the_card_as_plain_data_and_as_a_page(card):
    data = json.loads(json.dumps(card_dict(card, QUICK), allow_nan=False))
    assert [row["row"] for row in data["rows"]] == list(ROWS)
    assert all(row["assumption"] == (row["row"] in ASSUMPTIONS) for row in data["rows"])
    page = card_page(card, QUICK, lambda fact: Path("figures") / fact_figure_name(fact.row))
    for result in card:
        assert f"## {result.fact.row}. {result.fact.name}: {result.verdict}" in page
        assert result.fact.source in page
        assert f"](figures/{fact_figure_name(result.fact.row)})" in page
        assert bool(sweep_lines(result)) == result.fact.is_assumption
    assert summary(card) in page


def test_the_published_card_says_what_the_data_cannot_show():
    page = (ROOT / "docs" / "model_card.md").read_text(encoding="utf-8")
    for words in ("not identified by prices", "Crowd-workers are not suppliers in a lasting relationship"):
        assert words in page
    for fact in FACTS:
        assert f"## {fact.row}. {fact.name}: " in page
        assert (ROOT / "docs" / "figures" / fact_figure_name(fact.row)).exists()


def test_figures(card, tmp_path):
    save_figures(card[:2], tmp_path / "new")
    assert sorted(path.name for path in (tmp_path / "new").iterdir()) == [fact_figure_name(1), fact_figure_name(2)]
    axes = draw_fact(card[20]).axes[0]
    assert (axes.get_xlabel(), axes.get_ylabel()) == (card[20].finding.plot.x, card[20].finding.plot.y)


@pytest.mark.parametrize(
    ("interval", "words"),
    [(Interval(0.5, 0.4, 0.6), "0.500 [0.400, 0.600]"), (Interval(-0.0, -0.0, 0.0), "0.0000 [0.0000, 0.0000]")],
)
def test_an_interval_in_words(interval, words):
    assert in_words(interval) == words


def test_the_command_prints_and_writes_the_card(command, card, monkeypatch, tmp_path):
    measured = {QUICK: card}  # once in this file: it takes most of the time
    monkeypatch.setattr("agents.commands.model_card.run_card", lambda facts, episodes: measured[episodes])
    files = ("--json", tmp_path / "card.json", "--markdown", tmp_path / "card.md")
    status, printed, _ = command("model-card", "--quick", "--no-progress", *files)
    assert status == 0
    assert all(fact.name.split()[0] in printed for fact in FACTS)
    assert len(json.loads((tmp_path / "card.json").read_text())["rows"]) == len(ROWS)
    assert (tmp_path / "card.md").read_text(encoding="utf-8").startswith("# Model card")


def test_wrong_use_is_one_sentence(command, tmp_path):
    taken = tmp_path / "taken"
    taken.write_text("mine")
    for arguments in (("--json", taken), ("--markdown", taken), ("--figures", taken), ("--quik",), ("--json",)):
        status, out, err = command("model-card", *arguments)
        assert (status, out) == (2, ""), arguments
        assert len(err.strip().splitlines()) == 1, err
    assert taken.read_text() == "mine"
