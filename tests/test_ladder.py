"""The Ladder game: its table, its sampling, and its optimum against independent computations."""

from dataclasses import replace

import numpy as np
import pytest

from negoenv.errors import NegoenvError
from negoenv.ladder import (
    DEFAULT_RULES,
    TERM_NAMES,
    LadderBatch,
    LadderBelief,
    LadderEnd,
    LadderMove,
    LadderRules,
    LadderState,
    hidden_type_optimum,
    known_type_optimum,
    ladder_table,
)

YIELDING, PROUD = 0, 1
HOLD, PRESS, FORCE, CONCEDE, CLOSE, WALK_AWAY = LadderMove
TABLE = ladder_table()
STATES = TABLE.states
SHORT = replace(DEFAULT_RULES, deadline=3)
KNOWN_VALUES = (0.82328032, 0.41721010)  # with the yielding and with the proud supplier
HIDDEN_VALUE = 0.57052715
RANDOM_VALUE = -0.00386045


def all_rows(batch):
    return np.ones(batch.num_rows, bool)


def play(batch, act, seed=0, options=None):
    """Play one episode in each row and return the returns; ``act(observations)`` gives the moves."""
    batch.seed(seed)
    batch.reset(all_rows(batch), options)
    returns = np.zeros(batch.num_rows)
    while not batch.terminated.all():
        rows = ~batch.terminated
        batch.step(act(batch.observations.copy()), rows)
        returns[rows] += batch.rewards[rows]
    return returns


# The table


def test_every_state_and_move_has_a_distribution_over_successors():
    assert set(TABLE.P) == set(range(STATES.count))
    for state, moves in TABLE.P.items():
        assert set(moves) == set(LadderMove)
        for branches in moves.values():
            assert sum(probability for probability, *_ in branches) == pytest.approx(1.0, abs=1e-12)
            for probability, successor, _, terminated in branches:
                assert 0.0 < probability <= 1.0
                assert successor // STATES.seen == state // STATES.seen, "a supplier changed its type"
                assert terminated == isinstance(STATES.decode(successor), LadderEnd)


def test_codes_are_a_bijection_and_the_type_is_their_slowest_part():
    decoded = [STATES.decode(code) for code in range(STATES.count)]
    for code, state in enumerate(decoded):
        if isinstance(state, LadderState):
            assert STATES.encode(state) == code
            assert STATES.decode(code % STATES.seen) == state._replace(supplier=YIELDING)
        else:
            assert STATES.encode_end(code // STATES.seen, state) == code
    running = [state for state in decoded if isinstance(state, LadderState)]
    assert len(set(running)) == 2 * 8 * 5 * 4
    np.testing.assert_array_equal(
        STATES.rung(np.array([STATES.encode(state) for state in running])), [state.rung for state in running]
    )


def test_a_hand_computed_transition():
    """The proud supplier on rung 2 at tension 1, pressed: offended with 0.7, then leaves with 0.2 at tension 2."""
    before = STATES.encode(LadderState(PROUD, 3, 2, 1))
    found = {successor: (probability, reward) for probability, successor, reward, _ in TABLE.P[before][PRESS]}
    assert found == {
        STATES.encode(LadderState(PROUD, 4, 3, 1)): pytest.approx((0.3, -0.01)),
        STATES.encode(LadderState(PROUD, 4, 3, 2)): pytest.approx((0.7 * 0.8, -0.01)),
        STATES.encode_end(PROUD, LadderEnd.BREAKDOWN): pytest.approx((0.7 * 0.2, -0.51)),
    }


def test_a_hand_computed_offer_to_settle_in_the_last_round():
    """The yielding supplier accepts rung 3 at tension 2 with 1 - 3 * 0.08 - 2 * 0.08; after that time is up."""
    before = STATES.encode(LadderState(YIELDING, 7, 3, 2))
    found = {STATES.decode(after): (probability, reward) for probability, after, reward, _ in TABLE.P[before][CLOSE]}
    assert found == {
        LadderEnd.DEAL: pytest.approx((0.6, 0.69)),
        LadderEnd.BREAKDOWN: pytest.approx((0.4 * 0.2 * 0.2, -0.51)),
        LadderEnd.DEADLINE: pytest.approx((0.4 * (1.0 - 0.2 * 0.2), -0.01)),
    }


def test_the_terms_are_named_and_sum_to_the_reward():
    assert TABLE.terms.shape == (*TABLE.rewards.shape, len(TERM_NAMES))
    np.testing.assert_array_equal(TABLE.terms.sum(axis=-1), TABLE.rewards)
    deal, breakdown, cost = np.moveaxis(TABLE.terms, -1, 0)
    assert (deal >= 0).all()
    assert set(np.unique(breakdown)) == {-0.5, 0.0}
    assert set(np.unique(cost)) == {-0.01, 0.0}


def test_walking_away_is_worth_nothing_and_ends_the_game():
    for code in range(STATES.running):
        ((probability, after, reward, terminated),) = TABLE.P[code][WALK_AWAY]
        assert (probability, STATES.decode(after), reward, terminated) == (1.0, LadderEnd.WALKED_AWAY, 0.0, True)


def test_the_last_round_always_ends_the_game():
    last = [code for code in range(STATES.running) if STATES.decode(code).round == 7]
    assert all(terminated for code in last for move in LadderMove for *_, terminated in TABLE.P[code][move])


def test_a_move_that_is_not_legal_is_played_as_hold():
    illegal = np.argwhere(TABLE.legal == 0)
    assert {LadderMove(move) for _, move in illegal} == {PRESS, FORCE, CONCEDE}
    for code, move in illegal:
        assert TABLE.P[code][move] == TABLE.P[code][HOLD]
    assert TABLE.legal[:, [HOLD, CLOSE, WALK_AWAY]].all()


def test_tension_is_convex_in_the_jump():
    """One jump of two rungs costs more than twice the tension of a step of one, for either supplier."""

    def mean_tension(supplier, move):
        calm = STATES.encode(LadderState(supplier, 0, 0, 0))
        rules = replace(DEFAULT_RULES, breakdown_steepness=0.0)
        branches = ladder_table(rules).P[calm][move]
        return sum(probability * STATES.decode(after).tension for probability, after, *_ in branches)

    for supplier in (YIELDING, PROUD):
        assert mean_tension(supplier, FORCE) > 2.5 * mean_tension(supplier, PRESS) > 0.0


def test_a_higher_rung_or_tension_is_never_more_acceptable_nor_calmer():
    for supplier in DEFAULT_RULES.suppliers:
        accepted = np.array([[supplier.acceptance_probability(r, t) for t in range(4)] for r in range(5)])
        assert (np.diff(accepted, axis=0) <= 0).all()
        assert (np.diff(accepted, axis=1) <= 0).all()
        leaves = [DEFAULT_RULES.breakdown_probability(supplier, tension) for tension in range(4)]
        assert leaves == sorted(leaves)
        assert leaves[supplier.tolerance] == 0.0 < leaves[supplier.tolerance + 1]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"second_probability": 1.5}, "between 0 and 1"),
        ({"deadline": 0}, "at least one round"),
        ({"suppliers": (DEFAULT_RULES.suppliers[0],) * 2}, "Both suppliers"),
    ],
)
def test_rules_that_make_no_game_are_refused(change, message):
    with pytest.raises(NegoenvError, match=message):
        replace(DEFAULT_RULES, **change)


def test_codes_that_do_not_exist_are_refused():
    with pytest.raises(NegoenvError, match="does not exist"):
        STATES.decode(STATES.count)
    with pytest.raises(NegoenvError, match="does not exist"):
        STATES.encode(LadderState(YIELDING, 8, 0, 0))


# The batch


def test_samples_follow_the_table():
    batch = LadderBatch(40_000)
    batch.seed(11)
    batch.reset(all_rows(batch), {"supplier": "proud"})
    batch.step(np.full(batch.num_rows, FORCE), all_rows(batch))
    for probability, successor, reward, terminated in TABLE.P[TABLE.starts[PROUD]][FORCE]:
        hit = batch.observations == successor
        assert hit.mean() == pytest.approx(probability, abs=4.0 * np.sqrt(probability / batch.num_rows))
        assert (batch.rewards[hit] == reward).all()
        assert (batch.terminated[hit] == terminated).all()


@pytest.mark.parametrize("policy", ["known", "hidden"])
def test_simulated_returns_agree_with_the_optimum(policy):
    rows = 20_000
    if policy == "known":
        solution = known_type_optimum()
        returns = play(LadderBatch(rows), lambda seen: solution.policy[seen], seed=5)
    else:
        solution = hidden_type_optimum()
        belief = LadderBelief(rows)
        last = {"seen": np.zeros(rows, np.int64), "moves": np.zeros(rows, np.int64)}

        def act(seen):
            belief.update(last["seen"], last["moves"], seen)
            last.update(seen=seen, moves=solution.moves(seen, belief.probability))
            return last["moves"]

        returns = play(LadderBatch(rows, known_type=False), act, seed=5)
    assert returns.mean() == pytest.approx(solution.value, abs=4.0 * returns.std() / np.sqrt(rows))


def test_a_row_replays_alone_what_it_played_beside_others():
    def act(seen):
        return (seen * 7 + 3) % 5

    together = play(LadderBatch(16), act, seed=100)
    for row in range(16):
        assert play(LadderBatch(1), act, seed=100 + row)[0] == together[row]
    assert len(set(together)) > 3


def test_the_hidden_batch_plays_the_same_game_and_leaves_out_the_type():
    known, hidden = LadderBatch(200), LadderBatch(200, known_type=False)

    def act(codes):
        return codes % STATES.seen % 5

    np.testing.assert_array_equal(play(known, act, seed=9), play(hidden, act, seed=9))
    np.testing.assert_array_equal(known.observations % STATES.seen, hidden.observations)
    assert set(hidden.revealed()["supplier"]) == {"yielding", "proud"}
    assert (
        (int(known.observation_space.n), int(hidden.observation_space.n)) == (STATES.count, STATES.seen) == (328, 164)
    )
    assert known.observations.dtype == np.int64


def test_only_the_chosen_rows_move():
    batch = LadderBatch(4)
    batch.seed(0)
    batch.reset(all_rows(batch))
    before = batch.observations.copy()
    batch.step(np.full(4, PRESS), np.array([True, False, False, True]))
    assert (batch.observations != before).tolist() == [True, False, False, True]
    batch.reset(np.array([True, False, False, False]))
    assert batch.episodes.tolist() == [1, 0, 0, 0]
    assert batch.outcomes()["rounds"].tolist() == [0, 0, 0, 1]


def test_outcomes_terms_and_illegal_moves_are_reported():
    batch = LadderBatch(500)
    play(batch, lambda seen: np.where(STATES.rung(seen) == 0, np.arange(500) % 6, CLOSE), seed=2)
    outcomes = batch.outcomes()
    assert set(outcomes["outcome"]) == {"deal", "breakdown", "walked_away", "deadline"}
    deal = outcomes["outcome"] == "deal"
    np.testing.assert_array_equal(outcomes["surplus_share"][deal], batch.reward_terms[deal, 0])
    np.testing.assert_array_equal(
        outcomes["surplus_share"][deal], np.array(DEFAULT_RULES.shares)[outcomes["rung"][deal]]
    )
    assert np.isnan(outcomes["surplus_share"][~deal]).all()
    np.testing.assert_allclose(batch.reward_terms.sum(axis=1), batch.rewards)
    conceding = np.arange(500) % 6 == CONCEDE
    assert (outcomes["illegal_moves"] == np.where(conceding, 8, 0)).all()
    assert (outcomes["rounds"][conceding] == 8).all()
    assert (outcomes["outcome"][conceding] == "deadline").all()


def test_masks_are_those_of_the_table_and_a_number_that_is_no_move_is_hold():
    batch = LadderBatch(3)
    batch.seed(0)
    batch.reset(all_rows(batch), {"supplier": "yielding"})
    assert batch.action_masks.tolist() == [[1, 1, 1, 0, 1, 1]] * 3
    batch.step(np.array([-1, 99, HOLD]), all_rows(batch))
    assert len(set(batch.observations)) == 1
    assert batch.outcomes()["illegal_moves"].tolist() == [1, 1, 0]


@pytest.mark.parametrize("options", [{"supplier": "prod"}, {"suplier": "proud"}])
def test_unknown_options_are_refused_with_the_nearest_known_one(options):
    batch = LadderBatch(1)
    with pytest.raises(NegoenvError, match=r"Did you mean '(proud|supplier)'"):
        batch.reset(all_rows(batch), options)
    assert batch.episodes.tolist() == [-1]


def test_a_prior_of_other_rules_is_drawn_from():
    batch = LadderBatch(4000, rules=LadderRules(second_probability=0.2))
    batch.seed(1)
    batch.reset(all_rows(batch))
    assert (batch.revealed()["supplier"] == "proud").mean() == pytest.approx(0.2, abs=0.03)


def test_every_move_says_what_it_means():
    assert len({move.meaning for move in LadderMove}) == len(LadderMove)
