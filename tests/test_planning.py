"""Planners: copies of episodes, rollouts, the particle belief, and the planner held against exact optima."""

from functools import cache

import numpy as np
import pytest

from agents.planning.hypotheses import Purpose, stream_keys, unit_number
from agents.planning.particles import Particles
from agents.planning.planner import Effort, best_arms, make_reference
from agents.planning.rollouts import Portfolio, Rollouts
from agents.registry import load_policy, require_fit
from agents.scripted import make
from negoenv import NegoenvError
from negoenv.benchmark.evaluation import evaluate, paired_difference
from negoenv.game.observation import COLUMNS
from negoenv.game.state import STATE, Outcome
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

GAMES = ("Procurement", "Marketplace", "Ladder")
KINDS = ("informed", "uninformed")
QUICK = Effort(rollouts=256)
ROWS = 6


def begun(name="Procurement", rows=ROWS, seed=3):
    batch = make_batch(rows, name, "test")
    batch.seed(seed)
    batch.reset(np.ones(rows, bool))
    return batch


def random_moves(batch, generator):
    return (generator.random(batch.action_masks.shape) * batch.action_masks).argmax(axis=1)


def outputs(batch):
    return [
        getattr(batch, name).copy()
        for name in ("observations", "action_masks", "rewards", "reward_terms", "terminated")
    ]


# Copies of rows


@pytest.mark.parametrize("name", GAMES)
def test_a_copy_goes_on_bit_for_bit_as_its_original(name):
    batch, generator = begun(name, 50), np.random.default_rng(0)
    for _ in range(3):
        batch.step(random_moves(batch, generator), ~batch.terminated)
    rows = generator.integers(50, size=120)
    copies = batch.resized(130)
    into = generator.permutation(130)[:120]
    copies.copy_rows(batch, rows, into)
    played = 0
    while not batch.terminated.all():
        moves = random_moves(batch, generator)
        there = np.zeros(130, np.int64)
        there[into] = moves[rows]
        running = np.zeros(130, bool)
        running[into] = ~batch.terminated[rows]
        copies.step(there, running)
        batch.step(moves, ~batch.terminated)
        for ours, theirs in zip(outputs(batch), outputs(copies), strict=True):
            np.testing.assert_array_equal(ours[rows], theirs[into], strict=True)
        played += 1
    assert played >= 3
    for key, values in batch.outcomes().items():
        np.testing.assert_array_equal(values[rows], copies.outcomes()[key][into])


@pytest.mark.parametrize("name", GAMES)
def test_playing_a_copy_leaves_the_original_as_it_is(name):
    batch = begun(name)
    before = [getattr(batch, array).copy() for array in batch.row_arrays]
    copies = batch.resized(ROWS)
    copies.copy_rows(batch, np.arange(ROWS), np.arange(ROWS))
    copies.step(random_moves(copies, np.random.default_rng(0)), np.ones(ROWS, bool))
    for old, array in zip(before, batch.row_arrays, strict=True):
        np.testing.assert_array_equal(old, getattr(batch, array))


@pytest.mark.parametrize("name", GAMES)
def test_the_first_rows_are_the_same_memory(name):
    batch, whole = begun(name), begun(name)
    first = batch.first_rows(2)
    moves = random_moves(batch, np.random.default_rng(0))
    first.step(moves[:2], np.ones(2, bool))
    whole.step(moves, np.ones(ROWS, bool))
    for ours, theirs in zip(outputs(batch), outputs(whole), strict=True):
        np.testing.assert_array_equal(ours[:2], theirs[:2])
    np.testing.assert_array_equal(batch.observations[2:], begun(name).observations[2:])


@pytest.mark.parametrize("wrong", [lambda b: b.resized(0), lambda b: b.first_rows(0), lambda b: b.first_rows(ROWS + 1)])
def test_wrong_numbers_of_rows_are_refused(wrong):
    with pytest.raises(NegoenvError, match="rows is"):
        wrong(begun())


def test_a_varied_game_has_its_own_constants():
    batch = begun()
    varied = batch.varied(2, {"cue_noise": 0.0})
    assert varied.constants["cue_noise"] == 0.0 < batch.constants["cue_noise"]
    with pytest.raises(NegoenvError, match="cue_nois"):
        batch.varied(2, {"cue_nois": 0.0})


# Random numbers


def test_streams_are_told_apart_by_every_argument():
    seeds, decisions, draws = (grid.ravel() for grid in np.meshgrid(np.arange(4), np.arange(5), np.arange(6)))
    keys = [stream_keys(seeds.astype(np.uint64), decisions, draws, purpose) for purpose in Purpose]
    assert len(np.unique(np.concatenate(keys))) == 4 * 5 * 6 * len(Purpose)
    numbers = unit_number(np.concatenate(keys))
    assert 0.0 <= numbers.min() < 0.02 < 0.98 < numbers.max() < 1.0


# Sequential halving


def arms_with_noise(sizes, seed):
    means = np.random.default_rng(seed).random(sizes)
    noise = np.random.default_rng(seed + 1).normal(size=(sizes[0], 10_000))
    calls = []

    def sample(rows, arms, draws):
        calls.append((rows, arms, draws))
        return means[rows, arms] + noise[rows, draws] + 0.1 * np.sin(1e3 * draws * (arms + 1))

    return means, sample, calls


def test_halving_finds_the_best_arm_within_its_budget():
    means, sample, calls = arms_with_noise((40, 22), 0)
    offered = np.random.default_rng(5).random(means.shape) < 0.7
    offered[:, 3] = True
    best = best_arms(offered, 600, 3, sample)
    shortfall = np.where(offered, means, -1.0).max(axis=1) - means[np.arange(40), best]
    assert offered[np.arange(40), best].all()
    assert shortfall.mean() < 0.02
    used = np.bincount(np.concatenate([rows for rows, _, _ in calls]), minlength=40)
    assert (used <= 600).all()
    assert (used > 500).all()


def test_arms_of_a_row_share_their_draws_and_no_draw_is_taken_twice():
    _, sample, calls = arms_with_noise((3, 8), 1)
    best_arms(np.ones((3, 8), bool), 200, 3, sample)
    for row in range(3):
        seen = {}
        for rows, arms, draws in calls:
            sets = [tuple(draws[(rows == row) & (arms == arm)]) for arm in np.unique(arms[rows == row])]
            assert len(set(sets)) == 1
            for arm in np.unique(arms[rows == row]):
                assert not seen.setdefault(arm, set()) & set(sets[0])
                seen[arm] |= set(sets[0])


def test_a_budget_below_the_number_of_arms_still_tries_each():
    _, sample, calls = arms_with_noise((2, 8), 2)
    best_arms(np.ones((2, 8), bool), 1, 2, sample)
    assert len(calls[0][0]) == 16


# Rollouts


@pytest.mark.parametrize("names", [("gradual",), ("gradual", "micro", "random")])
def test_rollouts_that_leave_ended_rows_behind_earn_what_whole_ones_earn(names):
    real = begun(rows=40)
    bases = Portfolio(tuple(make(name) for name in names))
    bases.reset(40)
    episode_starts = np.ones(40, bool)
    real.step(bases.choose(real.observations, real.action_masks, episode_starts), episode_starts)
    bases.choose(real.observations, real.action_masks, ~episode_starts)
    rows = np.arange(400) % 40
    members = np.arange(400) // 7 % len(names)
    keys = stream_keys(rows.astype(np.uint64), rows * 0, np.arange(400), Purpose.ROLLOUT)
    moves = np.where(np.arange(400) % 3 == 0, int(Move.HOLD), int(Move.SILENCE))

    def filled(batch):
        batch.copy_rows(real, rows, np.arange(400))
        batch.keys[:] = keys
        return batch

    rollouts = Rollouts(real, 500)
    found = rollouts.returns(filled(rollouts.model(400)), moves, bases.players(rows, members, keys))
    whole, players, running = filled(real.resized(400)), bases.players(rows, members, keys), np.ones(400, bool)
    expected = np.zeros(400)
    while running.any():
        whole.step(moves, running)
        expected[running] += whole.rewards[running]
        running &= ~whole.terminated
        moves = players.choose(whole.observations, whole.action_masks, np.zeros(400, bool))
    np.testing.assert_allclose(found, expected, atol=1e-12)


# The planner: what it may and may not depend on


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


@pytest.mark.parametrize("name", ["Procurement", "Ladder"])
@pytest.mark.parametrize("kind", KINDS)
def test_the_same_seed_gives_the_same_moves(kind, name):
    one, other = (evaluate(planner(kind), game(name), 5) for _ in range(2))
    np.testing.assert_array_equal(one.uses, other.uses)
    np.testing.assert_array_equal(one.returns, other.returns)


@pytest.mark.parametrize("name", ["Procurement", "Ladder"])
@pytest.mark.parametrize("kind", KINDS)
def test_a_row_is_planned_alike_alone_and_beside_others(kind, name):
    together = evaluate(planner(kind), game(name), 5)
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


@pytest.mark.parametrize("name", ["Procurement", "Ladder"])
def test_the_uninformed_planner_reads_nothing_that_a_buyer_does_not_see(name):
    """It plays the same from recorded observations while the real rows hold nonsense; the informed one does not."""
    differs = {}
    for kind in KINDS:
        recorded = Recorded(planner(kind))
        evaluate(recorded, game(name), 5)
        blind, nonsense = planner(kind), scrambled(name, ROWS, np.random.default_rng(1))
        blind.attach(nonsense)
        blind.reset(ROWS, 5)
        differs[kind] = False
        for shown, over, moves in recorded.calls:
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


# The particle belief


def updated_particles(scenario="Procurement", rows=48, count=512, rounds=6):
    batch, policy = begun(scenario, rows), make("gradual")
    particles = Particles(batch, count)
    particles.reset(rows, 0)
    policy.reset(rows)
    running, moves, episode_starts = np.ones(rows, bool), np.zeros(rows, np.int64), np.ones(rows, bool)
    for _ in range(rounds):
        particles.update(batch.observations.copy(), moves, episode_starts, running.copy())
        moves = policy.act(batch.observations, batch.action_masks, episode_starts)
        batch.step(moves, running)
        running &= ~batch.terminated
        episode_starts = np.zeros(rows, bool)
    particles.update(batch.observations.copy(), moves, episode_starts, running.copy())
    return batch, particles, running


def probability_of_the_kind(batch, particles, rows):
    kinds = particles.cloud.supplier["archetype"].reshape(particles.weights.shape)
    return (particles.weights * (kinds == batch.supplier["archetype"][:, None])).sum(axis=1)[rows]


def test_the_belief_finds_the_kind_of_the_supplier():
    assert probability_of_the_kind(*updated_particles(rounds=0)).mean() < 0.3
    assert probability_of_the_kind(*updated_particles(rounds=6)).mean() > 0.6


def test_the_belief_gets_nearer_to_what_is_hidden():
    def error(rounds, of):
        batch, particles, rows = updated_particles(rounds=rounds)
        mean = (particles.weights * of(particles.cloud).reshape(particles.weights.shape)).sum(axis=1)
        return np.abs(mean - of(batch))[rows].mean()

    assert error(8, lambda batch: batch.supplier["reservation_price"]) < 0.8 * error(
        0, lambda batch: batch.supplier["reservation_price"]
    )
    assert error(6, lambda batch: batch.state["tension"]) < 0.15


def test_particles_hold_what_is_public():
    batch, particles, rows = updated_particles()
    places = np.flatnonzero(rows)
    counts = particles.weights[places] > 0.0  # particles whose negotiation has ended stay behind
    shown = [column.name for column in COLUMNS if column.name in STATE.by_name] + ["round", "deadline"]
    for name in shown:
        values = particles.cloud.state[name].reshape(particles.weights.shape)[places]
        off = np.abs(values - batch.state[name][places, None])[counts]
        assert off.max() < 1e-6, name
    assert particles.cloud.state["target"].reshape(particles.weights.shape)[places].std(axis=1).min() > 0.0
    np.testing.assert_allclose(particles.weights.sum(axis=1), 1.0)


def test_hidden_columns_stay_hidden_from_the_particles():
    _, particles, rows = updated_particles({"hidden": ["reaction", "goodwill"], "goodwill": {"low": 0.2, "high": 0.8}})
    goodwill = particles.cloud.state["goodwill"].reshape(particles.weights.shape)[rows]
    assert goodwill.std(axis=1).min() > 0.0
    assert 0.2 <= goodwill.min() < 0.3 < 0.7 < goodwill.max() <= 0.8


def test_particles_survive_what_none_of_them_foresaw():
    batch, particles, _ = updated_particles(rows=4, count=8, rounds=3)
    particles.cloud.terminated[:] = True
    particles.cloud.state["outcome"] = float(Outcome.BREAKDOWN)
    particles.update(batch.observations.copy(), np.zeros(4, np.int64), np.zeros(4, bool), np.ones(4, bool))
    assert np.isfinite(particles.weights).all()
    assert not particles.cloud.terminated.any()


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
    actor._hypotheses.watch = lambda *_: None
    actor._hypotheses._codes, actor._hypotheses._belief = seen, known
    return actor.act(batch.observations, batch.action_masks, episode_starts)


@pytest.mark.slow
def test_a_planner_is_better_than_the_policy_it_goes_on_with():
    actors = planner("informed", Effort(rollouts=1024)), make("gradual")
    informed, gradual = (evaluate(actor, make_batch(200, "Procurement", "test"), 40) for actor in actors)
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
    with pytest.raises(NegoenvError, match="'gradual' plays 22 moves"):
        evaluate(load_policy("informed:gradual"), make_batch(4, "Ladder"))
