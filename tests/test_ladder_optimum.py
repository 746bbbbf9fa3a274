"""The exact optimum of the Ladder, with the type of the supplier seen or hidden, and the belief about it."""

from dataclasses import replace
from functools import cache
from itertools import product

import numpy as np
import pytest

from negoenv.errors import NegoenvError
from negoenv.ladder import (
    DEFAULT_RULES,
    LadderBelief,
    LadderMove,
    LadderState,
    hidden_type_optimum,
    known_type_optimum,
    ladder_table,
    policy_value,
    random_value,
)
from negoenv.ladder.optimum import envelope_sum, upper_envelope
from tests.test_ladder import (
    CLOSE,
    FORCE,
    HIDDEN_VALUE,
    HOLD,
    KNOWN_VALUES,
    PRESS,
    PROUD,
    RANDOM_VALUE,
    SHORT,
    STATES,
    TABLE,
    WALK_AWAY,
)

# The optimum


def test_values_on_record():
    """Golden values: a change of the game's rules or constants is a new version of the environment."""
    known, hidden = known_type_optimum(), hidden_type_optimum()
    np.testing.assert_allclose(known.values[TABLE.starts], KNOWN_VALUES, atol=1e-7)
    assert known.value == pytest.approx(np.mean(KNOWN_VALUES), abs=1e-7)
    assert hidden.value == pytest.approx(HIDDEN_VALUE, abs=1e-7)
    assert random_value() == pytest.approx(RANDOM_VALUE, abs=1e-7)


def test_known_type_optimum_agrees_with_a_recursion_over_the_transitions():
    transitions = TABLE.P

    @cache
    def best(state):
        return max(
            sum(p * (reward + (0.0 if ended else best(after))) for p, after, reward, ended in branches)
            for branches in transitions[state].values()
        )

    solution = known_type_optimum()
    np.testing.assert_allclose([best(start) for start in TABLE.starts], solution.values[TABLE.starts], atol=1e-12)
    assert policy_value(solution.policy) == pytest.approx(solution.value, abs=1e-12)
    assert TABLE.legal[np.arange(STATES.count), solution.policy].all()


def test_the_best_policy_depends_on_the_type():
    policy = known_type_optimum().policy
    yielding, proud = (policy[start : start + STATES.running] for start in TABLE.starts)
    assert (yielding != proud).mean() > 0.2
    assert yielding[0] == FORCE
    assert proud[0] == PRESS


def test_forcing_the_proud_supplier_is_never_best_and_costs_dearly():
    solution = known_type_optimum()
    proud = slice(TABLE.starts[PROUD], TABLE.starts[PROUD] + STATES.running)
    assert (solution.policy[proud] != FORCE).all()
    start = solution.action_values[TABLE.starts[PROUD]]
    assert start[FORCE] < start[WALK_AWAY] == 0.0 < 0.3 < start[PRESS]


def test_not_seeing_the_type_costs_something_but_not_what_ignoring_it_costs():
    known, hidden = known_type_optimum(), hidden_type_optimum()
    single_type = [policy_value(known.policy[start : start + STATES.seen]) for start in TABLE.starts]
    always = [policy_value(np.full(STATES.seen, move)) for move in LadderMove]
    assert max(single_type) + 0.05 < hidden.value < known.value - 0.02
    assert max(*always, random_value()) < 0.25 * hidden.value


def test_watching_the_supplier_is_worth_more_than_any_fixed_sequence_of_moves():
    rules = replace(DEFAULT_RULES, deadline=4)
    rounds = np.minimum(np.arange(ladder_table(rules).states.seen) // (5 * 4), 3)
    best = max(policy_value(np.array(moves)[rounds], rules) for moves in product((PRESS, HOLD, FORCE, CLOSE), repeat=4))
    assert 0.0 < best < hidden_type_optimum(rules).value - 0.02


def belief_tree(rules, first, second, seen=0):
    """Return the best expected return over all histories, without beliefs, vectors or pruning.

    Args:
        rules: the game.
        first: joint probability of the history and the first type.
        second: joint probability of the history and the second type.
        seen: what is seen now.
    """
    table = ladder_table(rules)
    if seen >= table.states.running:
        return 0.0
    values = []
    for move in LadderMove:
        joint = {}
        for supplier, weight in enumerate((first, second)):
            for probability, after, reward, _ in table.P[seen + supplier * table.states.seen][move]:
                entry = joint.setdefault(after - supplier * table.states.seen, [0.0, 0.0, 0.0])
                entry[supplier] += weight * probability
                entry[2] += weight * probability * reward
        values.append(sum(reward + belief_tree(rules, a, b, after) for after, (a, b, reward) in joint.items()))
    return max(values)


@pytest.mark.parametrize("prior", [0.0, 0.15, 0.5, 0.85, 1.0])
def test_hidden_type_optimum_agrees_with_the_whole_tree_of_histories(prior):
    rules = replace(SHORT, second_probability=prior)
    assert hidden_type_optimum(rules).value == pytest.approx(belief_tree(rules, 1.0 - prior, prior), abs=1e-12)


def test_hidden_type_optimum_is_the_known_one_where_the_belief_is_certain():
    known, hidden = known_type_optimum(), hidden_type_optimum()
    codes = np.arange(STATES.seen)
    np.testing.assert_allclose(hidden.values(codes, 0.0), known.values[: STATES.seen], atol=1e-10)
    np.testing.assert_allclose(hidden.values(codes, 1.0), known.values[STATES.seen :], atol=1e-10)


def test_hidden_values_are_convex_in_the_belief():
    beliefs = np.linspace(0.0, 1.0, 51)
    values = hidden_type_optimum().values(np.arange(STATES.running)[:, None], beliefs)
    assert values.shape == (STATES.running, 51)
    assert (np.diff(values, n=2, axis=1) > -1e-10).all()


def test_the_hidden_policy_earns_its_value_over_all_histories():
    """Exact, and through `LadderBelief`: the probability-weighted sum over every history the policy can meet."""
    solution = hidden_type_optimum()

    def earn(seen, first, second):
        belief = LadderBelief()
        belief.probability[:] = second / (first + second)
        prior = belief.probability.copy()
        move = int(solution.moves(seen, prior)[0])
        total = 0.0
        branches = {}
        for supplier, weight in enumerate((first, second)):
            for probability, after, reward, _ in TABLE.P[seen + supplier * STATES.seen][move]:
                total += weight * probability * reward
                branches.setdefault(after - supplier * STATES.seen, [0.0, 0.0])[supplier] += weight * probability
        for after, (a, b) in branches.items():
            belief.probability[:] = prior
            belief.update(seen, move, after)
            assert belief.probability[0] == pytest.approx(b / (a + b), abs=1e-12)
            if after < STATES.running:
                total += earn(after, a, b)
        return total

    assert earn(0, *TABLE.prior) == pytest.approx(solution.value, abs=1e-9)


def test_policy_value_takes_probabilities_and_refuses_other_shapes():
    moves = known_type_optimum().policy
    assert policy_value(np.eye(len(LadderMove))[moves]) == policy_value(moves)
    with pytest.raises(NegoenvError, match="shape"):
        policy_value(np.zeros(5, np.int64))


def test_the_envelope_keeps_what_is_highest_somewhere_and_its_sum_is_the_sum():
    generator = np.random.default_rng(3)
    beliefs = np.linspace(0.0, 1.0, 1001)
    weights = np.stack([1.0 - beliefs, beliefs])
    for _ in range(50):
        first, second = generator.normal(size=(2, 12, 2))
        first, second = first[upper_envelope(first)], second[upper_envelope(second)]
        total = envelope_sum(first, second)
        height = (first @ weights).max(axis=0) + (second @ weights).max(axis=0)
        np.testing.assert_allclose((total @ weights).max(axis=0), height, atol=1e-12)
        assert (np.diff(total[:, 1] - total[:, 0]) > 0).all(), "lines of an envelope get steeper"
    lines = np.array([[1.0, 0.0], [0.4, 0.4], [0.0, 1.0], [0.6, 0.6]])
    assert upper_envelope(lines).tolist() == [0, 3, 2]


# The belief


def test_belief_follows_any_autoreset():
    belief = LadderBelief(num_rows=2)
    offended = STATES.encode(LadderState(0, 1, 1, 1))
    belief.update([0, 0], [PRESS, PRESS], [offended, offended])
    np.testing.assert_allclose(belief.probability, 0.7 / 0.9)
    belief.update([offended, offended], [HOLD, CLOSE], [STATES.encode(LadderState(0, 2, 1, 0)), 0])
    np.testing.assert_allclose(belief.probability, [0.7 / 0.9, 0.5])


def test_belief_refuses_what_cannot_happen():
    with pytest.raises(NegoenvError, match="No Ladder supplier"):
        LadderBelief().update(0, HOLD, STATES.encode(LadderState(0, 1, 3, 0)))
