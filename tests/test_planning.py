"""Planners: copies of episodes, rollouts, the particle belief, and the planner held against exact optima."""

from functools import cache

import numpy as np
import pytest

from agents.planning.planner import Effort, make_reference
from agents.registry import load_policy, require_fit
from agents.scripted import make
from agents.studies.planning_curve import measure_curve
from agents.studies.references import PlannerStudy
from negoenv import NegoenvError
from negoenv.benchmark.evaluation import evaluate, paired_difference
from negoenv.game.tactics import Move
from negoenv.ladder import (
    LadderBatch,
    LadderBelief,
    hidden_type_optimum,
    known_type_optimum,
    ladder_table,
    policy_value,
)
from negoenv.make import make_batch
from tests.test_playing import learned

KINDS = ("informed", "uninformed")
QUICK = Effort(rollouts=256)
ROWS = 6


def begun(name="Procurement", rows=ROWS, seed=3):
    batch = make_batch(rows, name, "test")
    batch.seed(seed)
    batch.reset(np.ones(rows, bool))
    return batch


def planner(kind, effort=QUICK):
    return make_reference(kind, effort=effort)


class Recorded:
    """Plays an actor and keeps what it was shown and what it did."""

    def __init__(self, actor):
        self.actor, self.calls = actor, []

    def attach(self, batch):
        self.batch = batch
        self.actor.attach(batch)

    def reset(self, rows, seed=0):
        self.actor.reset(rows, seed)

    def act(self, *shown):
        over = self.batch.terminated.copy()
        moves = self.actor.act(*shown)
        self.calls.append(([array.copy() for array in shown], over, moves.copy()))
        return moves


def game(name, rows=ROWS):
    return LadderBatch(rows, known_type=False) if name == "Ladder" else make_batch(rows, name, "test")


@cache
def planned(kind, name):
    """Return what a planner was shown and did, and the episodes that came of it."""
    recorded = Recorded(planner(kind))
    return recorded.calls, evaluate(recorded, game(name), 5)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["Procurement", "Ladder"])
@pytest.mark.parametrize("kind", KINDS)
def test_the_same_seed_gives_the_same_moves(kind, name):
    one, other = planned(kind, name)[1], evaluate(planner(kind), game(name), 5)
    np.testing.assert_array_equal(one.uses, other.uses)
    np.testing.assert_array_equal(one.returns, other.returns)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["Procurement", "Ladder"])
@pytest.mark.parametrize("kind", KINDS)
def test_a_row_is_planned_alike_alone_and_beside_others(kind, name):
    _, together = planned(kind, name)
    alone = evaluate(planner(kind, Effort(rollouts=QUICK.rollouts, capacity=300)), game(name, 1), 7)
    np.testing.assert_array_equal(together.returns[2], alone.returns[0])
    np.testing.assert_array_equal(together.uses[2], alone.uses[0])


@pytest.mark.parametrize("kind", KINDS)
def test_a_planner_does_not_foresee_the_random_numbers_of_the_real_episode(kind):
    """What it plays stays the same when the real negotiation is going to have other random numbers."""
    moves = []
    for key in (None, 12345):
        batch = begun(rows=30)
        actor = planner(kind)
        actor.attach(batch)
        actor.reset(30, 0)
        if key is not None:
            batch.keys[:] += np.uint64(key)
        moves.append(actor.act(batch.observations, batch.action_masks, np.ones(30, bool)))
    np.testing.assert_array_equal(*moves)


def scrambled(name, rows, generator):
    """Return a game whose hidden state is nonsense: other suppliers, other feelings, other random numbers."""
    batch = game(name, rows)
    batch.seed(999)
    batch.reset(np.ones(rows, bool))
    if name == "Ladder":
        batch.place(generator.integers(batch.table.states.running, size=rows))
        return batch
    batch.supplier_matrix[:] = batch.supplier_matrix[generator.permutation(rows)]
    batch.state_matrix[:] = generator.random(batch.state_matrix.shape)
    batch.keys[:] = generator.integers(2**60, size=rows)
    return batch


@pytest.mark.slow
@pytest.mark.parametrize("name", ["Procurement", "Ladder"])
def test_the_uninformed_planner_reads_nothing_that_a_buyer_does_not_see(name):
    """It plays the same from recorded observations while the real rows hold nonsense; the informed one does not."""
    differs = {}
    for kind in KINDS:
        calls, _ = planned(kind, name)
        blind, nonsense = planner(kind), scrambled(name, ROWS, np.random.default_rng(1))
        blind.attach(nonsense)
        blind.reset(ROWS, 5)
        differs[kind] = False
        for shown, over, moves in calls:
            nonsense.terminated[:] = over
            differs[kind] |= bool((blind.act(*shown) != moves)[~over].any())
    assert differs == {"informed": True, "uninformed": False}


def test_episodes_that_begin_anew_are_planned_as_new_ones():
    """In an environment that begins the next episode by itself the belief starts from the prior again."""
    batch = begun(rows=4)
    actor = planner("uninformed")
    actor.attach(batch)
    actor.reset(4, 0)
    episode_starts = np.ones(4, bool)
    for _ in range(3):
        batch.step(actor.act(batch.observations, batch.action_masks, episode_starts), np.ones(4, bool))
        episode_starts = np.zeros(4, bool)
    again = np.array([True, False, False, False])
    batch.reset(again)
    actor.act(batch.observations, batch.action_masks, again)
    kinds = actor._hypotheses.cloud.supplier["archetype"].reshape(4, -1)[0]
    assert len(np.unique(kinds)) == 5
    assert (actor._hypotheses.cloud.state["round"].reshape(4, -1)[0] == 0.0).all()


# The planner against exact optima


@cache
def informed_moves(rollouts):
    """Return what the informed planner plays in every state of the ladder."""
    every = LadderBatch(ladder_table().states.count)
    every.place(np.arange(every.num_rows))
    actor = planner("informed", Effort(rollouts=rollouts))
    actor.attach(every)
    actor.reset(every.num_rows, 0)
    return actor.act(every.observations, every.action_masks, np.ones(every.num_rows, bool))


def test_the_informed_planner_reaches_the_optimum_of_the_ladder():
    assert 0.99 <= policy_value(informed_moves(4096)) / known_type_optimum().value <= 1.0 + 1e-12


def test_more_budget_plays_better():
    """Exact, in every state: what its moves are worth less than the best ones."""
    best = known_type_optimum()
    regrets = []
    for rollouts in (256, 1024, 4096):
        moves = informed_moves(rollouts)
        regrets.append((best.values - best.action_values[np.arange(len(moves)), moves]).mean())
    assert regrets[0] > 1.5 * regrets[1] > 1.5 * 1.5 * regrets[2] > 0.0


def test_the_uninformed_planner_reaches_the_optimum_of_the_ladder():
    """Exact: it is asked in every situation that it can come into, and these are weighed by how probable they are."""
    table, total = ladder_table(), 0.0
    situations = {(0, 0.5): 1.0}  # what is seen, and what should be believed: how probable it is to get there
    while situations:
        seen = np.array([key[0] for key in situations])
        belief = np.array([key[1] for key in situations])
        moves = asked(seen, belief)
        following = {}
        for (code, second, reach), move in zip(
            [(*key, reach) for key, reach in situations.items()], moves.tolist(), strict=True
        ):
            joint = {}
            for supplier, weight in enumerate((1.0 - second, second)):
                for probability, after, reward, _ in table.P[code + supplier * table.states.seen][move]:
                    total += reach * weight * probability * reward
                    entry = joint.setdefault(after - supplier * table.states.seen, [0.0, 0.0])
                    entry[supplier] += weight * probability
            for after, (first_weight, second_weight) in joint.items():
                chance = first_weight + second_weight
                if after < table.states.running and chance > 0.0:
                    key = (after, round(second_weight / chance, 9))
                    following[key] = following.get(key, 0.0) + reach * chance
        situations = following
    assert 0.99 <= total / hidden_type_optimum().value <= 1.0 + 1e-9


def asked(seen, belief):
    """Return what the uninformed planner plays on seeing these codes, with these beliefs."""
    batch = LadderBatch(len(seen), known_type=False)
    batch.place(seen)
    actor = planner("uninformed", Effort(rollouts=8192))
    actor.attach(batch)
    actor.reset(batch.num_rows, 0)
    episode_starts = np.zeros(batch.num_rows, bool)
    known = LadderBelief(batch.num_rows)
    known.probability = belief
    actor._hypotheses.update = lambda *_: None
    actor._hypotheses._codes, actor._hypotheses._belief = seen, known
    return actor.act(batch.observations, batch.action_masks, episode_starts)


@pytest.mark.slow
def test_a_planner_is_better_than_the_policy_it_goes_on_with():
    actors = planner("informed", Effort(rollouts=256)), make("gradual")
    informed, gradual = (evaluate(actor, make_batch(100, "Procurement", "test"), 40) for actor in actors)
    assert paired_difference(informed, gradual).low > 0.0


# Wrong use


def test_a_planner_must_be_shown_the_game():
    batch = begun()
    with pytest.raises(NegoenvError, match="call attach"):
        planner("informed").act(batch.observations, batch.action_masks, np.ones(ROWS, bool))
    actor = planner("informed")
    actor.attach(batch)
    with pytest.raises(NegoenvError, match="game of 6 rows"):
        actor.reset(7)


@pytest.mark.parametrize("wrong", [{"rollouts": 0}, {"phases": 0}, {"capacity": -1}])
def test_effort_out_of_range_is_refused(wrong):
    with pytest.raises(NegoenvError, match="at least 1"):
        Effort(**wrong)


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("informd", "Did you mean 'informed'"),
        ("informed:uninformed", "cannot be the base policy"),
        ("informed:gradul", "Did you mean 'gradual'"),
    ],
)
def test_planners_that_cannot_be_are_refused(name, sentence):
    with pytest.raises(NegoenvError, match=sentence):
        load_policy(name)


def test_planners_have_names_that_tell_them_apart():
    assert load_policy("informed").name == "informed"
    assert load_policy("uninformed:gradual,micro").name == "uninformed:gradual+micro"


def test_a_base_policy_must_fit_the_game():
    require_fit(load_policy("informed:gradual"), begun())
    with pytest.raises(NegoenvError, match=f"'gradual' plays {len(Move)} moves"):
        evaluate(load_policy("informed:gradual"), make_batch(4, "Ladder"))


def test_a_base_policy_of_another_game_is_refused(monkeypatch):
    monkeypatch.setattr("agents.studies.planning_curve.load_policy", lambda _: learned())
    with pytest.raises(NegoenvError, match="observes other columns than Ladder has; it was trained on Procurement"):
        measure_curve(PlannerStudy("Ladder", ("mine",), episodes=4), budgets=(32,))
