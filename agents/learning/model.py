"""The model of a run: the library's algorithm with the run's settings, and the policy that it plays."""

from typing import Any

import torch
from stable_baselines3.common.base_class import BaseAlgorithm
from stable_baselines3.common.utils import LinearSchedule
from stable_baselines3.common.vec_env import VecEnv, VecFrameStack

from negoenv.engine.batch import Batch
from negoenv.errors import NegoenvError
from negoenv.interop.sb3 import SB3VecEnv

from .algorithms import ALGORITHMS, actor_layers, actor_lstm
from .config import TrainConfig
from .network_policy import NetworkPolicy
from .spec import Game, PolicySpec, Training
from .traces import TracedObservations

_ACTIVATIONS = {"tanh": torch.nn.Tanh, "relu": torch.nn.ReLU}


def build_model(config: TrainConfig, env: VecEnv) -> BaseAlgorithm:
    """Return the untrained model of a run.

    Raises:
        NegoenvError: if the algorithm refuses its hyperparameters, or the game gives it nothing to remember.
    """
    algorithm = ALGORITHMS[config.algorithm]
    arguments = dict(config.hyperparameters)
    if config.anneal:
        arguments["learning_rate"] = LinearSchedule(hyperparameters(config)["learning_rate"], 0.0, 1.0)
    network: dict[str, Any] = {"net_arch": list(config.network), "activation_fn": _ACTIVATIONS[config.activation]}
    if algorithm.recurrent:
        network["lstm_hidden_size"] = config.lstm
    make: Any = algorithm.load()
    try:
        model: BaseAlgorithm = make(
            "MlpLstmPolicy" if algorithm.recurrent else "MlpPolicy",
            with_memory(env, config.stack, config.trace),
            seed=config.seed,
            device="cpu",
            policy_kwargs=network,
            **arguments,
        )
    except MemoryError as error:
        raise NegoenvError(f"The memory does not hold what {algorithm.class_name} is to keep: {error}.") from error
    except (AssertionError, RuntimeError, ValueError, TypeError) as error:
        raise NegoenvError(f"{algorithm.class_name} refuses its hyperparameters: {str(error).rstrip('.')}.") from error
    return model


def spec_of(config: TrainConfig, batch: Batch) -> PolicySpec:
    """Return what the policies of a run say of themselves."""
    game = Game.of(batch)
    return PolicySpec(
        algorithm=config.algorithm,
        game=game,
        training=Training(
            label=config.label,
            seed=config.seed,
            total_steps=config.total_steps,
            settings=config.settings | {"game": game.fingerprint},
        ),
        network=config.network,
        activation=config.activation,
        masked=ALGORITHMS[config.algorithm].masked,
        stack=config.stack,
        trace=config.trace,
        lstm=config.lstm if ALGORITHMS[config.algorithm].recurrent else 0,
    )


def current_policy(model: BaseAlgorithm, spec: PolicySpec, name: str) -> NetworkPolicy:
    """Return the policy that a model plays at present, greedy, called ``name``."""
    return NetworkPolicy(name, spec, actor_layers(model), actor_lstm(model), model.num_timesteps)


def with_memory(env: VecEnv, stack: int, trace: float) -> VecEnv:
    """Return the environments with the last ``stack`` observations of a row side by side, or with a trace of them.

    Raises:
        NegoenvError: if memory is asked for, but the game's observations are states.
    """
    if stack == 1 and not trace:
        return env
    assert isinstance(env, SB3VecEnv)
    game = Game.of(env.env.batch)
    if game.states:
        asked = f"trace is {trace:g}" if trace else f"stack is {stack}"
        raise NegoenvError(f"{asked}; observations of {game.scenario} are states, and only columns can be remembered.")
    return TracedObservations(env, trace) if trace else VecFrameStack(env, stack)


def hyperparameters(config: TrainConfig) -> dict[str, Any]:
    """Return everything that was set, by hand or by the library's default."""
    parameters = ALGORITHMS[config.algorithm].parameters()
    defaults = {name: parameter.default for name, parameter in parameters.items()}
    settings = config.model_dump() | {
        "network": "-".join(map(str, config.network)), "opponents": " ".join(config.opponents)
    }  # fmt: skip
    return defaults | config.hyperparameters | settings
