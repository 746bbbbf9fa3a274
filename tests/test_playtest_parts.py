"""What a playtest is built of: fixed moves and their search, intervals, criteria."""

import json
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from agents.reporting.statistics import SeedNoise
from agents.scripted import make
from agents.studies.playtest.played import (  # fmt: skip
    LEFT_OUT,
    PlayerPool,
    as_data,
    from_data,
    paired_gain,
    seed_noise,
    seen_as_all,
    share_of_span,
)
from agents.studies.playtest.sequences import (
    FixedMoves,
    PlanEvaluator,
    best_repeated,
    best_sequence,
    plan_in_words,
    repeated_plans,
)
from agents.studies.playtest.settings import Settings, with_changes
from agents.studies.playtest.verdict import verdict
from negoenv.benchmark.evaluation import Interval, evaluate
from negoenv.engine.negotiation_batch import NegotiationBatch
from negoenv.facts.fact import Effect
from negoenv.game.effects import Family
from negoenv.game.tactics import FAMILY_OF, Move
from negoenv.scenarios.presets import PRESETS, resolve
from tests.test_playtest import EPISODES, TINY, played

# Fixed moves and the search for them


def test_a_tryout_gives_what_an_evaluation_gives():
    evaluator = PlanEvaluator({"base": "Procurement"})
    plans = repeated_plans(evaluator.scenario, evaluator.rounds)[::17]
    found = evaluator.mean_returns(plans, EPISODES, seed=5)
    for plan, mean in zip(plans, found, strict=True):
        batch = NegotiationBatch(EPISODES, evaluator.scenario, "train")
        assert evaluate(FixedMoves(plan), batch, 5).returns.mean() == pytest.approx(mean, abs=1e-12)


def test_fixed_moves_begin_anew_with_each_episode():
    policy = FixedMoves([Move.OPEN_FAIR, Move.PROBE])
    masks = np.ones((2, len(Move)), np.int8)
    seen = np.zeros((2, 1), np.float32)
    episode_starts = [(True, True), (False, False), (False, True), (False, False)]
    moves = np.array([policy.act(seen, masks, np.array(flags)) for flags in episode_starts])
    assert [Move(move).name for move in moves[:, 0]] == ["OPEN_FAIR", "PROBE", "HOLD", "HOLD"]
    assert [Move(move).name for move in moves[:, 1]] == ["OPEN_FAIR", "PROBE", "OPEN_FAIR", "PROBE"]


class Secret(PlanEvaluator):
    """A game that pays for each move that is the secret one, and counts what it is asked."""

    secret = np.array([Move.OPEN_LOW, Move.PROBE, Move.PROBE, Move.FURY, Move.ACCEPT])

    def __init__(self):
        super().__init__({"base": "Procurement", "deadline": len(self.secret)})

    def mean_returns(self, plans, suppliers, seed):
        return (plans == self.secret).mean(axis=1)


def test_the_search_finds_a_known_optimum_and_the_best_repeated_move():
    settings = with_changes(Settings(), candidates=200, iterations=10, restarts=1)
    ticks = []
    assert best_sequence(Secret(), settings, lambda: ticks.append(1)) == list(Secret.secret)
    assert len(ticks) == settings.iterations
    assert best_repeated(Secret(), settings) == [Move.OPEN_LOW, *[Move.PROBE] * 4]


def test_a_search_is_deterministic_and_never_worse_than_a_repeated_move():
    short = {"base": "Procurement", "deadline": 6}
    evaluator, settings = PlanEvaluator(short), replace(TINY, suppliers=16)
    sequence, repeated = best_sequence(evaluator, settings), best_repeated(evaluator, settings)
    assert sequence == best_sequence(PlanEvaluator(short), settings)
    opening = [FAMILY_OF[Move(move)] == Family.OPENING for move in sequence]
    assert not any(opening[1:])
    both = evaluator.mean_returns(np.array([sequence, repeated]), 512, seed=0)
    assert both[0] > both[1] - 0.1  # chosen by other suppliers, so only nearly so


def test_plans_leave_out_what_the_scenario_does():
    scenario = resolve({"base": "Procurement", "without": ["EMOTION", "OPEN_LOW"]})
    moves = {Move(move) for move in repeated_plans(scenario, 3).ravel()}
    assert Move.OPEN_LOW not in moves
    assert not any(FAMILY_OF[move] == Family.EMOTION for move in moves)
    assert plan_in_words([Move.OPEN_FAIR, Move.HOLD, Move.HOLD, Move.ACCEPT]) == "OPEN_FAIR, HOLD x 2, ACCEPT"
    assert plan_in_words([Move.HOLD, Move.WALK_AWAY, Move.WALK_AWAY, Move.FURY]) == "HOLD, WALK_AWAY"


# Intervals


def test_the_variance_between_seeds_is_pooled_over_the_groups():
    groups = [played("a", [1.0, 1.0], [3.0, 3.0]), played("b", [0.0, 0.0], [0.0, 0.0]), played("c", [9.0, 9.0])]
    noise = seed_noise([*groups, played("scripted", [5.0, 5.0], kind="scripted")])
    assert noise.variance == pytest.approx(1.0)  # (2 + 0) / 2
    assert noise.freedom == 2
    assert seed_noise(groups[2:]) == SeedNoise()


def test_seeds_widen_what_was_learnt_and_nothing_else():
    a, b = played("a", [1.0, 2.0, 3.0], [2.0, 1.0, 3.0]), played("b", [0.0, 1.0, 1.0], kind="scripted")
    alone = paired_gain(a, b, SeedNoise())
    widened = paired_gain(a, b, SeedNoise(0.5, 4))
    assert widened.mean == alone.mean == pytest.approx(4.0 / 3.0)
    assert widened.high - widened.low > alone.high - alone.low
    both_learnt = paired_gain(a, replace(b, kind="learned"), SeedNoise(0.5, 4))
    assert both_learnt.high - both_learnt.low > widened.high - widened.low
    assert paired_gain(b, b, SeedNoise(0.5, 4)) == Interval(0.0, 0.0, 0.0)


def test_with_enough_suppliers_the_interval_of_a_learnt_group_is_students():
    noise = SeedNoise(4.0, 3)  # a standard error of 1 over four seeds; Student's t for 3 degrees of freedom is 3.182
    four = played("a", *[np.full(1000, 1.0)] * 4)
    interval = paired_gain(four, played("zero", np.zeros(1000), kind="scripted"), noise)
    assert interval.high - interval.mean == pytest.approx(3.182, abs=1e-3)


def test_normalised_scores_are_0_and_1_at_the_ends():
    zero, best = played("random", [0.0, 1.0], kind="random"), played("best", [2.0, 3.0], kind="one run")
    half = played("half", [1.0, 2.0], kind="scripted")
    scores = [share_of_span(player, None, zero, best, SeedNoise()).mean for player in (zero, half, best)]
    assert scores == pytest.approx([0.0, 0.5, 1.0])
    assert share_of_span(best, half, zero, best, SeedNoise()).mean == pytest.approx(0.5)
    assert np.isnan(share_of_span(half, None, best, zero, SeedNoise()).mean)  # nothing is better than random


def test_the_best_known_is_one_run_and_one_that_met_few_suppliers_is_judged_by_a_related_one():
    random = played("random", [0.0, 0.0, 0.0, 0.0], kind="random")
    learned = played("PPO", [1.0, 1.0, 5.0, 5.0], [0.0, 0.0, 0.0, 0.0])
    related = np.array([1.0, 1.0, 5.0, 5.0])
    planner = replace(played("informed", [2.0, 2.0], kind="reference"), related=related)  # one more than the related
    pool = PlayerPool({p.name: p for p in (random, learned, planner)}, SeedNoise())
    assert pool.best.name == "informed"
    assert pool.gain(planner, random).mean == pytest.approx(4.0)
    assert PlayerPool({"random": random, "PPO": learned}, SeedNoise()).best.name == "PPO, seed 0"


def test_what_few_suppliers_say_with_a_related_policy_is_unbiased_and_as_sure_as_it_claims():
    generator = np.random.default_rng(0)
    truths, errors, claims = [], [], []
    for _ in range(2000):
        luck = generator.normal(size=400)
        related = luck + 0.3 * generator.normal(size=400)
        planner = luck[:40] + 0.5 + 0.2 * generator.normal(size=40)
        found = Interval.of(seen_as_all(planner, related))
        truths.append(found.low < 0.5 < found.high)
        errors.append(found.mean - 0.5)
        claims.append((found.high - found.mean) / 1.96)
    assert np.mean(errors) == pytest.approx(0.0, abs=0.01)
    assert np.std(errors) == pytest.approx(np.mean(claims), rel=0.1)
    assert np.mean(truths) == pytest.approx(0.95, abs=0.02)
    assert np.mean(claims) < 0.5 / np.sqrt(40)  # by the few alone it would be about 1 / sqrt(40)
    np.testing.assert_allclose(seen_as_all(related, related), related)


def test_episodes_survive_the_way_through_json():
    batch = NegotiationBatch(EPISODES, resolve("Procurement"), "test")
    before = evaluate(make("gradual"), batch, 3)
    after = from_data(json.loads(json.dumps(as_data(before)).replace("NaN", "null")))
    for name, column in before.values().items():
        np.testing.assert_array_equal(after.values()[name], column)
    np.testing.assert_array_equal(after.uses, before.uses)


# Criteria


def result_of(scenario="Procurement", **parts):
    low, middle = Interval(0.45, 0.4, 0.49), Interval(0.6, 0.55, 0.64)
    level = {"repeated": low, "sequence": middle, "rules": middle} | parts
    gain = SimpleNamespace(winner="a", loser="b", returned=Interval(0.2, 0.1, 0.3), score=Interval(0.2, 0.11, 0.3))
    standings = SimpleNamespace(
        repeated=level["repeated"],
        sequence=level["sequence"],
        rules=level["rules"],
        learning=gain,
        room=gain,
        memory=(gain,),
    )
    burst = SimpleNamespace(times=Interval(4.0, 3.1, 5.0), gain=Interval(0.2, 0.1, 0.3))
    families = level.get("families", dict.fromkeys(LEFT_OUT, gain))
    return SimpleNamespace(
        scenario=scenario,
        standings=standings,
        families=families,
        burst={"claims": burst, "policies": burst},
        capabilities=level.get("capabilities", []),
    )


def verdicts(results, card=()):
    return {line.criterion: line.verdict for line in verdict(results, card)}


def test_a_good_game_holds_and_says_what_was_not_played():
    names = ["Procurement", *(f"Other{number}" for number in range(7))]
    found = verdicts([result_of(name) for name in names])
    unplayed = {criterion for criterion, words in found.items() if words == "not played"}
    assert set(found.values()) == {"holds", "not played"}
    assert len(unplayed) == 5  # four scenarios that isolate a capability, and the model card
    capable = [Effect("share", Interval(0.9, 0.85, 0.95), 0.8)]
    found = verdicts([*map(result_of, names[:-1]), result_of("HiddenWeakness", capabilities=capable)])
    assert found["PPO's emotion comes after the weakness is known (HiddenWeakness)"] == "holds"


@pytest.mark.parametrize(
    ("words", "parts"),
    [
        ("Best repeated move", {"repeated": Interval(0.59, 0.57, 0.61)}),
        ("Best fixed sequence", {"sequence": Interval(0.75, 0.74, 0.76)}),
        ("Best list of six rules", {"rules": Interval(0.7, 0.69, 0.71)}),
    ],
)
def test_an_interval_that_crosses_the_threshold_in_procurement_falls_short(words, parts):
    found = verdicts([result_of(**parts)])
    assert next(verdict for criterion, verdict in found.items() if criterion.startswith(words)) == "falls short"


def test_what_other_scenarios_may_still_show_is_not_decided_before_they_are_played():
    weak = SimpleNamespace(winner="a", loser="b", returned=Interval(0.2, -0.1, 0.3), score=Interval(0.05, 0.01, 0.09))
    families = dict.fromkeys(LEFT_OUT, weak)
    criterion = "Without HOLD: at least .10 of the span is lost in some scenario"
    assert verdicts([result_of(families=families)])[criterion] == "not played"
    assert verdicts([result_of(name, families=families) for name in PRESETS])[criterion] == "falls short"
    lost = "Without HOLD: return is lost in Procurement, by an interval that excludes 0"
    assert verdicts([result_of(families=families)])[lost] == "falls short"


def test_what_was_not_measured_does_not_hold():
    nothing = [Effect("share", Interval(np.nan, np.nan, np.nan), 0.8)]
    found = verdicts([result_of("HiddenWeakness", capabilities=nothing)])
    assert found["PPO's emotion comes after the weakness is known (HiddenWeakness)"] == "falls short"
