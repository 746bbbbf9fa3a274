"""Print the files that a step of Procurement goes through from action to reward: ``python -m tests.way_of_a_step``.

With ``NUMBA_DISABLE_JIT=1``, so that the dynamics run as Python.
"""

import sys
from pathlib import Path
from types import FrameType
from typing import Any

import gymnasium as gym
import numpy as np

from negoenv.game.reward import score

ROOT = Path(__file__).parent.parent
STEPS = 100


def files_to_reward(env: gym.Env, action: int) -> tuple[list[str], bool]:
    """Play a step; return the files of negoenv in which something was called before the reward, and the end."""
    called: list[str] = []
    way: list[str] = []

    def note(frame: FrameType, event: str, _: Any) -> None:
        path = Path(frame.f_code.co_filename)
        if event == "call" and path.is_relative_to(ROOT / "negoenv"):
            called.append(str(path.relative_to(ROOT)))
        elif event == "return" and frame.f_code is score.__code__:
            way.extend(called)

    sys.setprofile(note)
    try:
        terminated = env.step(action)[2]
    finally:
        sys.setprofile(None)
    return way, terminated


def main() -> None:
    """Play random legal moves, and print each file once."""
    env = gym.make("negoenv:negoenv/Procurement-v0").unwrapped
    env.reset(seed=1)
    rng = np.random.default_rng(0)
    seen: list[str] = []
    for _ in range(STEPS):
        way, ended = files_to_reward(env, int(rng.choice(np.flatnonzero(env.action_masks()))))
        seen += way
        if ended:
            env.reset()
    print(*dict.fromkeys(seen), sep="\n")


if __name__ == "__main__":
    main()
