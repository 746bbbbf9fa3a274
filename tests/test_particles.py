"""The particle belief of a planner: it finds what is hidden, and reads nothing else of the game."""

import numpy as np

from agents.planning.particles import Particles
from agents.scripted import make
from negoenv.game.observation import COLUMNS
from negoenv.game.state import STATE, Outcome
from tests.test_planning import begun

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
    """Slowly: kinds overlap, cues are noisy, and a supplier's own tactics hide what it wants."""
    before, after = (probability_of_the_kind(*updated_particles(rounds=rounds)).mean() for rounds in (0, 6))
    assert before < 0.3
    assert after > 2.0 * before


def test_the_belief_gets_nearer_to_what_is_hidden():
    def errors(rounds, of):
        batch, particles, rows = updated_particles(rows=192, rounds=rounds)
        mean = (particles.weights * of(particles.cloud).reshape(particles.weights.shape)).sum(axis=1)
        return np.abs(mean - of(batch)), rows

    def cost(batch):
        return batch.supplier["reservation_price"]

    late, talking = errors(8, cost)
    assert late[talking].mean() < 0.85 * errors(0, cost)[0][talking].mean(), "of the same suppliers"
    tension, talking = errors(6, lambda batch: batch.state["tension"])
    assert tension[talking].mean() < 0.15


def test_particles_hold_what_is_public():
    batch, particles, rows = updated_particles()
    places = np.flatnonzero(rows)
    counts = particles.weights[places] > 0.0  # particles whose negotiation has ended stay behind
    shown = [column.name for column in COLUMNS if column.name in STATE.by_name] + ["round", "deadline"]
    for name in shown:
        values = particles.cloud.state[name].reshape(particles.weights.shape)[places]
        off = np.abs(values - batch.state[name][places, None])[counts]
        assert off.max() < 1e-6, name
    assert particles.cloud.state["expected_limit"].reshape(particles.weights.shape)[places].std(axis=1).min() > 0.0
    np.testing.assert_allclose(particles.weights.sum(axis=1), 1.0)


def test_hidden_columns_stay_hidden_from_the_particles():
    _, particles, rows = updated_particles({"hidden": ["reaction", "goodwill"], "goodwill": {"low": 0.2, "high": 0.8}})
    goodwill = particles.cloud.state["goodwill"].reshape(particles.weights.shape)[rows]
    assert np.median(goodwill.std(axis=1)) > 0.05, "a few rows may be left with one particle's descendants"
    assert 0.2 <= goodwill.min() < 0.3 < 0.7 < goodwill.max() <= 0.8


def test_particles_survive_what_none_of_them_foresaw():
    batch, particles, _ = updated_particles(rows=4, count=8, rounds=3)
    particles.cloud.terminated[:] = True
    particles.cloud.state["outcome"] = float(Outcome.BREAKDOWN)
    particles.update(batch.observations.copy(), np.zeros(4, np.int64), np.zeros(4, bool), np.ones(4, bool))
    assert np.isfinite(particles.weights).all()
    assert not particles.cloud.terminated.any()
