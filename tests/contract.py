"""The ids that are registered, what their infos hold, and walks through them."""

import numpy as np
import pytest
from gymnasium.vector import AutoresetMode

from negoenv.game.supplier import SUPPLIER
from negoenv.game.tactics import Move
from negoenv.game.terms_info import CONTRACT_INFO
from negoenv.game.terms_observation import WEIGHTS
from negoenv.ladder.rules import LadderMove
from negoenv.registration import environment_id, environment_ids
from negoenv.scenarios.presets import PRESETS
from negoenv.sourcing import SOURCING_PRESETS, SourcingAction

IDS = environment_ids()
NEGOTIATIONS = tuple(environment_id(name) for name in PRESETS)
SOURCING = tuple(environment_id(name) for name in SOURCING_PRESETS)
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
    "sourcing": {
        "outcome", "price", "surplus_share", "supplier_margin", "goodwill", "under_delivery_probability", "best_share",
        "rounds", "illegal_moves", "bluffs", "deals", "sources", "splits", "lost", "talked_to",
    },
}  # fmt: skip
OF_TERMS = {*CONTRACT_INFO.names}
WITH_A_DEAL = {
    "price", "surplus_share", "supplier_margin", "goodwill", "under_delivery_probability", "best_share"
} | OF_TERMS  # fmt: skip


def name_of(env_id):
    return env_id.removeprefix("negoenv/").removesuffix("-v0")


def population_of(env_id, split="train"):
    return PRESETS[name_of(env_id)].population(split)


def game_of(env_id):
    return "negotiation" if env_id in NEGOTIATIONS else "sourcing" if env_id in SOURCING else "ladder"


def at_the_end(env_id):
    of_terms = OF_TERMS if env_id in NEGOTIATIONS and PRESETS[name_of(env_id)].issues else set()
    return AT_THE_END[game_of(env_id)] | of_terms


def leaving(env_id):
    """Return the move that ends an episode at once."""
    moves = {"negotiation": Move, "sourcing": SourcingAction, "ladder": LadderMove}[game_of(env_id)]
    return int(moves["WALK_AWAY"])


def staying(env_id):
    """Return a move that ends nothing at the start."""
    return int(Move.HOLD) if env_id in NEGOTIATIONS else 0


def a_kind(env_id):
    """Return the name of a kind of supplier that may be met."""
    named = {"negotiation": name_of(env_id), "sourcing": "Procurement"}.get(game_of(env_id))
    return PRESETS[named].train.archetype_names[-1] if named else "proud"


def truth_of(env_id):
    """Return the names of what is hidden."""
    names = {"negotiation": set(SUPPLIER.names), "ladder": {"supplier"}}
    names["sourcing"] = {"cheapest", *(f"{name}_{k}" for name in SUPPLIER.names for k in (1, 2, 3))}
    return names[game_of(env_id)] | (set(WEIGHTS) if env_id == "negoenv/Contract-v0" else set())


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
