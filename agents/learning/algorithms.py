"""The algorithms: where each class is, which hyperparameters it takes, and how its actor is read out."""

import importlib
import inspect
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from negoenv.errors import unknown_name

from .hyperparameters import checked

if TYPE_CHECKING:
    from stable_baselines3.common.base_class import BaseAlgorithm
    from torch import Tensor

_OURS = (
    "self", "policy", "env", "policy_kwargs", "seed", "device", "verbose", "tensorboard_log", "_init_setup_model",
    "rollout_buffer_class", "rollout_buffer_kwargs", "replay_buffer_class", "replay_buffer_kwargs", "use_sde",
    "sde_sample_freq",
)  # fmt: skip
"""Arguments of the constructors that the trainer sets itself, that cannot be written in YAML, or that are for
continuous actions."""


@dataclass(frozen=True)
class Algorithm:
    """One algorithm of Stable-Baselines3 or sb3-contrib.

    Attributes:
        module: where its class is; imported when it is needed, since torch takes seconds.
        class_name: name of the class.
        masked: whether it is trained on legal moves only.
        recurrent: whether an LSTM stands between observation and network.
    """

    module: str
    class_name: str
    masked: bool = False
    recurrent: bool = False

    def load(self) -> "type[BaseAlgorithm]":
        """Return the class."""
        found: type[BaseAlgorithm] = getattr(importlib.import_module(self.module), self.class_name)
        return found

    def parameters(self) -> dict[str, inspect.Parameter]:
        """Return the hyperparameters that may be set, by name, with the library's defaults and annotations."""
        parameters = inspect.signature(self.load().__init__).parameters
        return {name: parameter for name, parameter in parameters.items() if name not in _OURS}

    def check(self, hyperparameters: Mapping[str, Any]) -> dict[str, Any]:
        """Return the hyperparameters if all names and kinds of value are right.

        Raises:
            NegoenvError: for an unknown name, or a value of the wrong kind or out of range.
        """
        if not hyperparameters:
            return {}
        known = self.parameters()
        for name in hyperparameters:
            if name not in known:
                raise unknown_name(f"hyperparameter of {self.class_name}", name, known)
        return {name: checked(name, value, known[name].annotation) for name, value in hyperparameters.items()}


ALGORITHMS: dict[str, Algorithm] = {
    "ppo": Algorithm("stable_baselines3", "PPO"),
    "maskable_ppo": Algorithm("sb3_contrib", "MaskablePPO", masked=True),
    "recurrent_ppo": Algorithm("sb3_contrib", "RecurrentPPO", recurrent=True),
    "a2c": Algorithm("stable_baselines3", "A2C"),
    "dqn": Algorithm("stable_baselines3", "DQN"),
}


def actor_layers(model: "BaseAlgorithm") -> "list[tuple[Tensor, Tensor]]":
    """Return weight and bias of each layer from observation to logits or action values, as copies."""
    from torch import nn

    policy: Any = model.policy
    parts: list[nn.Module] = (
        [policy.q_net.q_net]
        if hasattr(policy, "q_net")
        else [
            policy.mlp_extractor.policy_net,
            policy.action_net,
        ]
    )
    linear = [module for part in parts for module in part.modules() if isinstance(module, nn.Linear)]
    return [(layer.weight.detach().clone(), layer.bias.detach().clone()) for layer in linear]


def actor_lstm(model: "BaseAlgorithm") -> "list[Tensor]":
    """Return the weights of the actor's LSTM, as copies and in the order of `torch.nn.LSTM`; empty if it has none."""
    lstm: Any = getattr(model.policy, "lstm_actor", None)
    return [] if lstm is None else [weight.detach().clone() for weight in lstm.parameters()]
