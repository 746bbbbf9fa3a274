"""OpenEnv's face of the game: the same talks as ever, in words, over a real server on this machine."""

import threading
import time
from contextlib import contextmanager

import gymnasium as gym
import numpy as np
import pytest

from negoenv import Move, NegoenvError, Outcome
from tests.contract import ONE
from tests.listening import LOOPBACK, TABLES, addresses

pytest.importorskip("openenv", reason="needs the extra openenv: make neighbours-openenv")
pytestmark = pytest.mark.filterwarnings("ignore")  # of the library


def says(text):
    from negoenv.interop.openenv import SpokenMove

    return SpokenMove(text=text)


def answer(prompt):
    """A function of text, as a language model is one."""
    return "MOVE: OPEN_FAIR" if "no offer yet" in prompt else "I give a little.\nMOVE: CONCEDE_MODERATE"


def expected(seed, split="train"):
    """Return the rewards of what `answer` plays, and the outcome, in the single environment."""
    env = gym.make(ONE, split=split)
    env.reset(seed=seed)
    rewards, terminated, info, move = [], False, {}, Move.OPEN_FAIR
    while not terminated:
        legal = env.unwrapped.action_masks()[move]
        _, reward, terminated, _, info = env.step(int(move) if legal else int(Move.HOLD))
        rewards.append(reward)
        move = Move.CONCEDE_MODERATE
    return rewards, Outcome(info["outcome"]).name.lower()


@pytest.mark.parametrize("seed", [0, 5])
def test_talks_are_those_of_the_environment(seed):
    from negoenv.interop.openenv import SpokenNegotiation

    env = SpokenNegotiation(attempts=1)  # what is not legal counts as HOLD
    seen, rewards = env.reset(seed=seed, episode_id="a"), []
    assert seen.reward is None
    assert not seen.done
    while not seen.done:
        seen = env.step(says(answer(seen.text)))
        rewards.append(seen.reward)
    assert (rewards, seen.outcome) == expected(seed)
    assert (env.state.episode_id, env.state.step_count) == ("a", len(rewards))
    assert (seen.text, seen.moves) == ("", "")
    with pytest.raises(NegoenvError, match="call reset first"):
        env.step(says("MOVE: HOLD"))


def test_an_answer_that_names_no_move_is_told_and_the_talks_stand_still():
    from negoenv.interop.openenv import SpokenNegotiation

    env = SpokenNegotiation(attempts=2)
    begun = env.reset(seed=1)
    told = env.step(says("I do not know"))
    assert (told.text, told.reward, told.done) == (begun.text, 0.0, False)
    assert "names no move" in told.problem
    assert env.state.step_count == 0
    held = env.step(says("nor now"))
    assert (held.problem, env.state.step_count) == ("", 1)
    assert held.text.startswith(f"{int(begun.text.split()[0]) - 1} round")


def test_what_cannot_be_told_or_done_is_refused():
    from negoenv.interop.openenv import SpokenNegotiation, make_app

    with pytest.raises(NegoenvError, match="a negotiation about a price"):
        make_app("Contract")
    with pytest.raises(NegoenvError, match="attempts"):
        SpokenNegotiation(attempts=0)
    with pytest.raises(NegoenvError, match="call reset first"):
        SpokenNegotiation().step(says("MOVE: HOLD"))
    with pytest.raises(NegoenvError, match="not difficulty"):
        SpokenNegotiation().reset(difficulty=3)


def test_episodes_without_a_seed_differ():
    from negoenv.interop.openenv import SpokenNegotiation

    assert len({SpokenNegotiation().reset().text for _ in range(4)}) > 1


@contextmanager
def served(**arguments):
    """Run the application on this machine; hand over its port."""
    import uvicorn

    from negoenv.interop.openenv import make_app

    config = uvicorn.Config(make_app(**arguments), host="127.0.0.1", port=0, log_level="error")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started and thread.is_alive():
        time.sleep(0.02)
    try:
        yield server.servers[0].sockets[0].getsockname()[1]
    finally:
        server.should_exit = True
        thread.join(20)


def test_its_client_plays_two_sessions_at_a_time_on_this_machine_only():
    from openenv.core import GenericEnvClient

    with served(scenario="Procurement", split="test", attempts=1) as port:
        if TABLES[0].is_file():
            assert addresses(port)
            assert addresses(port) <= LOOPBACK
        clients = [GenericEnvClient(base_url=f"http://127.0.0.1:{port}").sync() for _ in range(2)]
        with clients[0], clients[1]:
            found = [client.reset(seed=seed) for seed, client in enumerate(clients)]
            rewards = [[], []]
            while not all(one.done for one in found):
                for number, client in enumerate(clients):
                    if not found[number].done:
                        found[number] = client.step({"text": answer(found[number].observation["text"])})
                        rewards[number].append(found[number].reward)
    for seed in range(2):
        told, outcome = expected(seed, "test")
        np.testing.assert_allclose(rewards[seed], told)
        assert found[seed].observation["outcome"] == outcome
