"""The ids that are registered, what their infos hold, and walks through them."""

import numpy as np
import pytest
from gymnasium.vector import AutoresetMode

from negoenv.game.terms_info import CONTRACT_INFO
from negoenv.registration import environment_id, environment_ids
from negoenv.scenarios.presets import PRESETS

IDS = environment_ids()
NEGOTIATIONS = tuple(environment_id(name) for name in PRESETS)
ONE = NEGOTIATIONS[0]
PATIENT = {"supplier": {"exit_rate": 0.0, "tolerance": 5.0, "decisiveness": 0.0}}  # stays, and accepts nothing

each_id = pytest.mark.parametrize("env_id", IDS)
each_negotiation = pytest.mark.parametrize("env_id", NEGOTIATIONS)
each_mode = pytest.mark.parametrize("mode", AutoresetMode)

AT_THE_END = {
    "negotiation": {
        "outcome", "price", "surplus_share", "supplier_margin", "goodwill", "under_delivery_probability", "rounds",
        "illegal_moves", "bluffs", "deals",
    },
    "ladder": {"outcome", "rung", "surplus_share", "rounds", "illegal_moves"},
}  # fmt: skip
OF_TERMS = {*CONTRACT_INFO.names}
WITH_A_DEAL = {"price", "surplus_share", "supplier_margin", "goodwill", "under_delivery_probability"} | OF_TERMS


def name_of(env_id):
    return env_id.removeprefix("negoenv/").removesuffix("-v0")


def population_of(env_id, split="train"):
    return PRESETS[name_of(env_id)].population(split)


def at_the_end(env_id):
    of_terms = OF_TERMS if env_id in NEGOTIATIONS and PRESETS[name_of(env_id)].issues else set()
    return AT_THE_END["negotiation" if env_id in NEGOTIATIONS else "ladder"] | of_terms


def walk(env, steps, seed=None, options=None):
    """Play moves that depend on ``steps`` alone, over several episodes; return everything that came back."""
    trail = []
    if seed is not None:
        trail.append(env.reset(seed=seed, options=options))
    rng = np.random.default_rng(1)
    for _ in range(steps):
        trail.append(env.step(int(rng.integers(env.action_space.n))))
        if trail[-1][2]:
            trail.append(env.reset())
    return trail
