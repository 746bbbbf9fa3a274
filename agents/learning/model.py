"""The model of a run: the library's algorithm with the run's settings, and the policy that it plays."""

from typing import Any

import torch
from stable_baselines3.common.base_class import BaseAlgorithm
from stable_baselines3.common.utils import LinearSchedule

from agents.learning.algorithms import ALGORITHMS, actor_layers
from agents.learning.config import TrainConfig
from agents.learning.learnt import LearntPolicy
from agents.learning.spec import Game, PolicySpec
from negoenv.errors import NegoenvError
from negoenv.interop.sb3 import SB3VecEnv

_ACTIVATIONS = {"tanh": torch.nn.Tanh, "relu": torch.nn.ReLU}


def build_model(config: TrainConfig, env: SB3VecEnv) -> BaseAlgorithm:
    """Return the untrained model of a run.

    Raises:
        NegoenvError: if the algorithm refuses its hyperparameters.
    """
    algorithm = ALGORITHMS[config.algorithm]
    arguments = dict(config.hyperparameters)
    if config.anneal:
        arguments["learning_rate"] = LinearSchedule(hyperparameters(config)["learning_rate"], 0.0, 1.0)
    network = {"net_arch": list(config.network), "activation_fn": _ACTIVATIONS[config.activation]}
    make: Any = algorithm.load()
    try:
        model: BaseAlgorithm = make(
            "MlpPolicy", env, seed=config.seed, device="cpu", policy_kwargs=network, **arguments
        )
    except (AssertionError, ValueError, TypeError) as error:
        raise NegoenvError(f"{algorithm.class_name} refuses its hyperparameters: {str(error).rstrip('.')}.") from error
    return model


def current_policy(model: BaseAlgorithm, config: TrainConfig, env: SB3VecEnv, name: str) -> LearntPolicy:
    """Return the policy that a model plays at present, greedy, called ``name``."""
    spec = PolicySpec(
        algorithm=config.algorithm,
        game=Game.of(env.env.batch),
        network=config.network,
        activation=config.activation,
        masked=ALGORITHMS[config.algorithm].masked,
    )
    return LearntPolicy(name, spec, actor_layers(model))


def hyperparameters(config: TrainConfig) -> dict[str, Any]:
    """Return everything that was set, by hand or by the library's default."""
    parameters = ALGORITHMS[config.algorithm].parameters()
    defaults = {name: parameter.default for name, parameter in parameters.items()}
    settings = config.model_dump() | {"network": "-".join(map(str, config.network))}
    return defaults | config.hyperparameters | settings
