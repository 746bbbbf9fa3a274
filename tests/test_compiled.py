"""The dynamics are written once: what Numba compiles and what Python runs give the same numbers."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from tests.uncompiled import results

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def in_python(tmp_path_factory):
    """Everything that the uncompiled functions give, played in a process of their own."""
    path = tmp_path_factory.mktemp("uncompiled") / "results.npz"
    environment = {**os.environ, "NUMBA_DISABLE_JIT": "1"}
    subprocess.run(
        [sys.executable, "-W", "error", "-m", "tests.uncompiled", str(path)], check=True, cwd=ROOT, env=environment
    )
    with np.load(path) as stored:
        return dict(stored)


@pytest.fixture(scope="module")
def in_numba():
    """The same by the compiled functions, played here."""
    return results()


@pytest.mark.parametrize("game", ["procurement", "marketplace", "partnership", "contract", "ladder"])
def test_compiled_and_uncompiled_agree(in_python, in_numba, game):
    found = {name: values for name, values in in_numba.items() if name.startswith(game)}
    assert set(found) == {name for name in in_python if name.startswith(game)}
    for name, values in found.items():
        if values.dtype.kind == "f":  # equal to the last bit where both use one library for exp and pow
            tolerance = 1e-12 if values.dtype == np.float64 else 1e-6
            np.testing.assert_allclose(values, in_python[name], rtol=tolerance, atol=1e-12, err_msg=name, strict=True)
        else:
            np.testing.assert_array_equal(values, in_python[name], err_msg=name, strict=True)
    ended = sum(values.sum() for name, values in found.items() if name.endswith("terminated"))
    assert ended > 60


UNCOMPILED = """
import gymnasium as gym, numpy as np
from negoenv import Move
env = gym.make("negoenv:negoenv/Procurement-v0", render_mode="ansi")
env.reset(seed=0, options={"supplier": {"power": 0.5}, "context": {"limit": 0.8}})
print(*env.step(2)[1:3], *env.step(Move.WALK_AWAY)[1:3], len(env.render()) > 100)
for env_id in ("negoenv/Procurement-v0", "negoenv/Partnership-v0", "negoenv/Ladder-v0"):
    for mode in ("NextStep", "SameStep", "Disabled"):
        envs = gym.make_vec(env_id, num_envs=3, autoreset_mode=mode)
        print(envs.reset(seed=1)[0].sum(), *envs.step([1, 1, 5])[1], *envs.action_masks().sum(axis=1))
envs = gym.make_vec("negoenv/Procurement-v0", num_envs=512, num_threads=2)
print(envs.reset(seed=1)[0].sum(), envs.step(np.full(512, 1))[1].sum())
"""


def test_the_environments_run_uncompiled():
    """So that a debugger sees every line."""
    printed = [
        subprocess.run(
            [sys.executable, "-W", "error", "-c", UNCOMPILED], check=True, cwd=ROOT, env={**os.environ, **environment},
            capture_output=True, text=True,
        ).stdout
        for environment in ({}, {"NUMBA_DISABLE_JIT": "1"})
    ]  # fmt: skip
    assert len(printed[0].splitlines()) == 11
    assert printed[0] == printed[1]
