"""The action spaces of a negotiation: numbers of moves, pairs of an argument and an offer, prices of one's own."""

import gymnasium as gym
import numpy as np
import pytest
from gymnasium.utils.env_checker import check_env

from negoenv import NegoenvError, Outcome
from negoenv.engine.action_spaces import ACTION_SPACES
from negoenv.game.tactics import ARGUMENTS, OFFERS, Move, combined
from negoenv.registration import environment_ids
from tests.laboratory import same

ID = "negoenv/Procurement-v0"
PRICED = [env_id for env_id in environment_ids() if "Ladder" not in env_id]
SPOKEN = (*ARGUMENTS, Move.WALK_AWAY)
ROWS = 64
CALM = {"exit_rate": 0.0, "decisiveness": 0.0, "tolerance": 5.0}
FREE = {"supplier": CALM, "context": {"limit": 0.9, "budget": 0.95}}
each_space = pytest.mark.parametrize("name", ACTION_SPACES)


def single(name, seed=0, options=None):
    env = gym.make(ID, action_space=name).unwrapped
    env.reset(seed=seed, options=options)
    return env


def rows(name, count=ROWS, options=None, **arguments):
    envs = gym.make_vec(ID, num_envs=count, action_space=name, **arguments)
    envs.reset(seed=0, options=options)
    return envs


def said(argument, price):
    """Return an action of the space "price"."""
    return {"argument": SPOKEN.index(argument), "price": np.array([price], np.float32)}


def state(env, name) -> float:
    return float(env.batch.state[name][0])


@pytest.mark.parametrize(
    ("name", "env_id"),
    [(name, env_id) for name in ACTION_SPACES for env_id in PRICED if name != "price" or "Sourcing" not in env_id],
)
@pytest.mark.filterwarnings("ignore:.*symmetric and normalized")
def test_gymnasium_accepts_it(name, env_id):
    check_env(gym.make(env_id, action_space=name).unwrapped, skip_render_check=True)


@each_space
def test_a_row_replays_the_single_environment(name):
    envs = rows(name, 3, autoreset_mode="Disabled")
    envs.action_space.seed(0)
    alone = [single(name, seed) for seed in range(3)]
    for _ in range(6):
        actions = envs.action_space.sample()
        observations, rewards, terminated, _, infos = envs.step(actions)
        for row, env in enumerate(alone):
            own = {part: values[row] for part, values in actions.items()} if name == "price" else actions[row]
            observation, reward, over, _, info = env.step(own)
            assert same(observation, observations[row])
            assert (reward, over) == (rewards[row], terminated[row])
            assert same(info["action_mask"], infos["action_mask"][row])
            assert same(env.action_masks(), info["action_mask"])
        if terminated.any():
            break


# An argument and an offer


def test_a_pair_is_the_move_of_both():
    pairs = np.array([(a, o) for a in range(len(ARGUMENTS)) for o in range(len(OFFERS))])
    moves = np.array([combined(ARGUMENTS[a], OFFERS[o]) for a, o in pairs])
    factored, discrete = (rows(name, len(pairs), FREE) for name in ("factored", "discrete"))
    opening = np.tile([0, OFFERS.index(Move.OPEN_LOW)], (len(pairs), 1))
    factored.step(opening)
    discrete.step(np.full(len(pairs), Move.OPEN_LOW))
    for one, other in zip(factored.step(pairs)[:4], discrete.step(moves)[:4], strict=True):
        assert same(one, other)
    assert same(factored.batch.state_matrix, discrete.batch.state_matrix)


def test_the_mask_of_pairs_is_that_of_the_parts_and_never_leads_to_an_illegal_move():
    envs, flat = rows("factored"), rows("discrete")
    rng = np.random.default_rng(0)
    for _ in range(6):
        masks, moves = envs.action_masks(), flat.action_masks()
        assert masks.shape == (ROWS, len(ARGUMENTS) + len(OFFERS))
        assert same(masks, np.concatenate([moves[:, [*ARGUMENTS]], moves[:, [*OFFERS]]], axis=1))
        drawn = rng.random(masks.shape) * masks
        drawn[:, [len(ARGUMENTS) + OFFERS.index(move) for move in (Move.ACCEPT, Move.WALK_AWAY)]] *= 0.01
        pairs = np.stack([drawn[:, : len(ARGUMENTS)].argmax(1), drawn[:, len(ARGUMENTS) :].argmax(1)], axis=1)
        envs.step(pairs)
        flat.step([combined(ARGUMENTS[a], OFFERS[o]) for a, o in pairs])
        assert (envs.batch.state["illegal_moves"] == 0).all()


# An argument and a price


def test_a_price_is_an_opening_then_raises_then_accepts():
    env = single("price", options=FREE)
    env.step(said(Move.HOLD, 0.5003))
    assert state(env, "offer") == pytest.approx(0.5)
    assert state(env, "last_move") == Move.OPEN_LOW
    env.step(said(Move.CITE_COMPETITORS, 0.6118))
    assert state(env, "offer") == pytest.approx(0.611), "rounded down"
    assert Move(int(state(env, "last_move"))).name.startswith("CITE_COMPETITORS+")
    env.step(said(Move.HOLD, 0.65))
    assert state(env, "offer") == pytest.approx(0.65)
    for kept in (0.0, 0.3, state(env, "offer")):
        env.step(said(Move.PROBE, kept))
        assert (state(env, "offer"), state(env, "last_move")) == (pytest.approx(0.65), Move.PROBE)
    env.batch.state["ask"][0] = 0.9
    _, _, terminated, _, info = env.step(said(Move.HOLD, 0.9001))
    assert terminated
    assert info["illegal_moves"] == 0
    assert (info["outcome"], info["price"]) == (Outcome.DEAL, pytest.approx(0.9))


def test_after_a_missed_opening_a_price_starts_from_the_benchmark():
    env = single("price", options=FREE)
    env.step(said(Move.HOLD, 0.0))
    benchmark = state(env, "benchmark")
    env.step(said(Move.HOLD, benchmark - 0.1))
    assert (state(env, "offer"), state(env, "illegal_moves")) == (0.0, 1.0)
    env.step(said(Move.HOLD, benchmark + 0.05))
    assert state(env, "offer") == pytest.approx(benchmark + 0.05, abs=1e-3)
    assert state(env, "illegal_moves") == 1.0


def test_a_price_above_the_budget_counts_as_the_budget():
    env = single("price", options={**FREE, "context": {"budget": 0.74883}})
    env.step(said(Move.HOLD, 0.6))
    env.step(said(Move.HOLD, 1.5))
    assert (state(env, "offer"), state(env, "illegal_moves")) == (pytest.approx(0.748), 0.0)


def test_no_price_in_round_0_lets_the_opening_pass():
    env = single("price", options=FREE)
    env.step(said(Move.CITE_COMPETITORS, 0.0))
    assert (state(env, "offer"), state(env, "last_move")) == (0.0, Move.CITE_COMPETITORS)


@pytest.mark.parametrize("price", [0.0, 0.7, 2.0])
def test_who_leaves_names_no_price(price):
    env = single("price", options=FREE | {"context": {"budget": 2.0}})
    _, _, terminated, _, info = env.step(said(Move.WALK_AWAY, price))
    assert terminated
    assert info["outcome"] == Outcome.WALKED_AWAY


def test_the_mask_of_prices_is_that_of_the_arguments():
    envs, flat = rows("price"), rows("discrete")
    assert same(envs.action_masks(), flat.action_masks()[:, [*SPOKEN]])


# What is refused

REFUSED = {
    "factored": [
        [len(ARGUMENTS), 0], [0, len(OFFERS)], [-1, 0], 3, [0.5, 1], [0, 1, 2], np.array([1, 2], np.uint64), "ab",
    ],
    "price": [
        3,
        {"argument": 0},
        said(Move.HOLD, 0.5) | {"more": 1},
        said(Move.HOLD, 0.5) | {"argument": len(SPOKEN)},
        said(Move.HOLD, 0.5) | {"argument": 0.5},
        said(Move.HOLD, np.nan),
        said(Move.HOLD, -0.1),
        {"argument": 0, "price": 0.5},
        {"argument": 0, "price": ["x"]},
    ],
}  # fmt: skip


@pytest.mark.parametrize(("name", "action"), [(name, action) for name in REFUSED for action in REFUSED[name]])
def test_what_is_no_action_is_refused_in_a_sentence(name, action):
    env = single(name)
    before = env.batch.state_matrix.copy()
    with pytest.raises(NegoenvError, match=r"expected\.$|^An action is a dictionary with"):
        env.step(action)
    assert same(env.batch.state_matrix, before)


def test_actions_of_another_length_are_refused():
    for actions in ([[0, 0]] * 2, [0, 0, 0], [[0, 0], [len(ARGUMENTS), 0], [0, 0]]):
        below = rf"array of shape \(3, 2\) with whole numbers below \[{len(ARGUMENTS)}, {len(OFFERS)}\]"
        with pytest.raises(NegoenvError, match=below):
            rows("factored", 3).step(actions)
    for part in ({"argument": [0, 0]}, {"price": np.ones(3)}, {"price": np.ones((2, 1))}):
        with pytest.raises(NegoenvError, match=r"shape \(3,"):
            rows("price", 3).step({"argument": [0, 0, 0], "price": np.ones((3, 1))} | part)


def test_an_unknown_space_is_refused():
    for make in (gym.make, gym.make_vec):
        with pytest.raises(NegoenvError, match=r"action_space 'factor'.*discrete, factored, price\.$"):
            make(ID, action_space="factor")


# Learning


def sb3(count=8):
    from negoenv.interop.sb3 import SB3VecEnv

    return SB3VecEnv(gym.make_vec(ID, num_envs=count, action_space="factored", autoreset_mode="SameStep"))


@pytest.mark.slow
def test_maskable_ppo_learns_pairs_and_never_plays_an_illegal_one():
    maskable = pytest.importorskip("sb3_contrib")
    model = maskable.MaskablePPO("MlpPolicy", sb3(), n_steps=64, batch_size=128, n_epochs=1, seed=0)
    illegal = []

    def note(local, _):
        illegal.extend(info["illegal_moves"] for info in local["infos"] if "illegal_moves" in info)
        return True

    model.learn(512, callback=note)
    assert model.num_timesteps == 512
    assert len(illegal) > 10
    assert sum(illegal) == 0


@pytest.mark.slow
def test_ppo_learns_pairs_and_is_evaluated_as_sb3_does():
    sb3_itself = pytest.importorskip("stable_baselines3")
    model = sb3_itself.PPO("MlpPolicy", sb3(), n_steps=64, batch_size=128, n_epochs=1, seed=0)
    callback = sb3_itself.common.callbacks.EvalCallback(sb3(2), n_eval_episodes=4, eval_freq=32, verbose=0)
    model.learn(512, callback=callback)
    assert np.isfinite(callback.last_mean_reward)
    action, _ = model.predict(sb3().reset(), deterministic=True)
    assert action.shape == (8, 2)
