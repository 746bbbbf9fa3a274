"""Play random moves, legal and illegal, for a long time, and look at everything that comes back.

    python -m tests.check_soak                  2 billion steps, over all scenarios, sizes and autoreset modes
    python -m tests.check_soak --steps 1e7
    python -m tests.check_soak Sourcing         the games that have this in their id

After each step observations, rewards and masks must be finite and in bounds, after each episode its report; memory must
not grow. It is no part of the tests, which do it with fewer steps (tests/test_soak.py).
"""

import argparse
import itertools
import resource
import sys
from collections.abc import Iterator, Mapping
from typing import Any

import gymnasium as gym
import numpy as np
from gymnasium.vector import AutoresetMode

import negoenv  # noqa: F401 - registers the environments
from negoenv.make import LADDER
from negoenv.scenarios.presets import PRESETS
from negoenv.sourcing.presets import SOURCING_PRESETS

ROWS = (1, 7, 256, 2048)
EDGES: tuple[dict[str, Any], ...] = (
    {"deadline": 1},
    {"deadline": 200},
    {"deals": 3, "deadline": 2},
    {"budget_slack": 0.0},
    {"limit": {"low": 0.01, "high": 0.05}},
)
"""Changes that make edges of the game: one round, many, several short deals, no slack, no zone of agreement."""


def games() -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the id and the arguments of every game that is played."""
    for name in (*PRESETS, *SOURCING_PRESETS, LADDER):
        yield f"negoenv/{name}-v0", {}
    for change in EDGES:
        yield "negoenv/Procurement-v0", {"scenario": change}


def require(condition: Any, what: str) -> None:
    """Fail where something does not hold.

    Raises:
        AssertionError: if it does not.
    """
    if not condition:
        raise AssertionError(what)


def check_step(env: Any, observations: Any, rewards: Any, masks: Any) -> None:
    """Look at what a step has given."""
    space = env.single_observation_space
    if isinstance(space, gym.spaces.Box):
        require(np.isfinite(observations).all(), "an observation is not finite")
        require(
            (observations >= space.low).all() and (observations <= space.high).all(), "an observation is out of bounds"
        )
    else:
        require(((observations >= 0) & (observations < space.n)).all(), "an observation is out of bounds")
    require(np.isfinite(rewards).all() and (np.abs(rewards) < 100).all(), "a reward is not finite, or huge")
    require(((masks == 0) | (masks == 1)).all() and masks.any(axis=1).all(), "a mask is none, or leaves no move")


def check_report(infos: Mapping[str, Any]) -> None:
    """Look at what an episode's end reports."""
    for name, values in infos.items():
        if isinstance(values, np.ndarray) and values.dtype.kind == "f":
            applies = infos.get(f"_{name}", np.ones(len(values), np.bool_))
            require(np.isfinite(values[applies]).all(), f"{name} is not finite")
            if name.endswith(("probability", "share")) and name not in ("surplus_share", "frontier_share"):
                require(((values[applies] >= 0) & (values[applies] <= 1)).all(), f"{name} is no probability")
        if isinstance(values, np.ndarray) and values.dtype.kind == "i":
            require((values >= 0).all(), f"{name} is negative")


def play(env_id: str, change: dict[str, Any], rows: int, mode: AutoresetMode, steps: int, seed: int) -> int:
    """Play random moves of the action space and return how many were made."""
    env = gym.make_vec(env_id, num_envs=rows, autoreset_mode=mode, **change)
    draw = np.random.default_rng(seed)
    _, infos = env.reset(seed=seed)
    masks = infos["action_mask"]
    moves = int(env.single_action_space.n)
    made = 0
    for number in itertools.count():
        if made >= steps:
            break
        actions = draw.integers(moves, size=rows)
        if number % 2:  # legal ones, which live longer
            actions = (draw.random((rows, moves)) * masks).argmax(axis=1)
        observations, rewards, terminated, truncated, infos = env.step(actions)
        masks = infos["action_mask"]
        check_step(env, observations, rewards, np.where(terminated[:, None], 1, masks))
        ended = terminated | truncated
        if ended.any():
            check_report(infos.get("final_info", infos))
            if mode == AutoresetMode.DISABLED:
                _, infos = env.reset(options={"reset_mask": ended})
                masks = infos["action_mask"]
        made += rows
    env.close()
    return made


def soak(steps: int, seed: int = 0, part: str = "") -> Iterator[tuple[str, int]]:
    """Play all games with ``part`` in their id, all sizes and modes; yield what was played, and the steps made."""
    chosen = [game for game in games() if part in game[0]]
    cases = list(itertools.product(chosen, ROWS, AutoresetMode))
    for number, ((env_id, change), rows, mode) in enumerate(cases):
        share = max(rows, steps * rows // (sum(ROWS) * len(cases) // len(ROWS)))
        told = f"{env_id} {change or ''} {rows} rows, {mode.value}"
        yield told, play(env_id, change, rows, mode, share, seed + number)


def megabytes() -> float:
    """Return the most memory that this process has had."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    """Play twice half of the steps, compare the memory, and print what was played."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("part", nargs="?", default="", help="only games that have this in their id")
    parser.add_argument("--steps", type=lambda text: int(float(text)), default=2 * 10**9)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    if not any(options.part in env_id for env_id, _ in games()):
        sys.exit(f"There is no game with {options.part!r} in its id.")
    made, memory = 0, []
    for half in range(2):
        for told, steps in soak(options.steps // 2, options.seed + 1000 * half, options.part):
            made += steps
            print(f"{made:>15,} {told}", flush=True)
        memory.append(megabytes())
    grown = memory[1] - memory[0]
    print(f"{made:,} steps, all sound; {memory[1]:.0f} MB at most, {grown:.1f} MB more in the second half than before.")
    sys.exit(grown > 20)


if __name__ == "__main__":
    main()
