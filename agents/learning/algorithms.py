"""The algorithms: where each class is, which hyperparameters it takes and what they mean, how its actor is read out."""

import importlib
import inspect
import math
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, get_args

from negoenv.errors import NegoenvError, unknown_name


@dataclass(frozen=True)
class Hyperparameter:
    """One argument of an algorithm's class."""

    meaning: str  # what it is
    low: float = -math.inf  # the least number that is accepted
    high: float = math.inf  # the greatest one; infinity itself is never accepted, and neither is NaN
    above: bool = False  # whether ``low`` itself is refused
    also: tuple[int, ...] = ()  # numbers out of this range that are accepted as well, since they stand for something

    def accepts(self, number: float) -> bool:
        """Return whether a number is accepted."""
        if not abs(number) <= sys.float_info.max:
            return False
        over = number > self.low if self.above else number >= self.low
        return (over and number <= self.high) or number in self.also

    @property
    def range(self) -> str:
        """The accepted numbers in words; nothing if all are."""
        words = []
        if math.isfinite(self.low):
            words.append(f"{'above' if self.above else 'at least'} {self.low:,.10g}")
        if math.isfinite(self.high):
            words.append(f"at most {self.high:,.10g}")
        return " or ".join([" and ".join(words), *map(str, self.also)])

    @property
    def described(self) -> str:
        """Its meaning, and the accepted numbers in brackets."""
        return f"{self.meaning} ({self.range})" if self.range else self.meaning


_LARGEST = 1e6  # of numbers that have no natural bound: single precision holds what comes of them


def _fraction(meaning: str) -> Hyperparameter:
    return Hyperparameter(meaning, 0.0, 1.0)


def _positive(meaning: str, high: float = _LARGEST) -> Hyperparameter:
    return Hyperparameter(meaning, 0.0, high, above=True)


def _weight(meaning: str) -> Hyperparameter:
    return Hyperparameter(meaning, 0.0, _LARGEST)


def _least(low: int, meaning: str, *also: int) -> Hyperparameter:
    return Hyperparameter(meaning, low, also=also)


HYPERPARAMETERS: dict[str, Hyperparameter] = {
    "learning_rate": _positive("step size of the optimiser"),
    "gamma": _fraction("discount of the reward of each later step"),
    "gae_lambda": _fraction("weight of longer estimates of the advantage; 1 for those up to the episode's end"),
    "n_steps": _least(1, "steps of each row between two updates; with DQN, rewards that are summed up in a target"),
    "batch_size": _least(1, "transitions in a minibatch"),
    "n_epochs": _least(1, "times that an update goes through what was collected"),
    "ent_coef": _weight("weight of the entropy bonus, which keeps the policy exploring"),
    "ent_coef_final": _weight("weight that it falls to, linearly, until the end; null for a constant one"),
    "vf_coef": _weight("weight of the critic's loss"),
    "clip_range": _positive("how far an update may take the ratio of new to old probability from 1"),
    "clip_range_vf": _positive("the same for the critic's estimate; null for no limit"),
    "target_kl": _positive("divergence from the old policy at which an update stops; null for no limit"),
    "max_grad_norm": _positive("norm that gradients are clipped to"),
    "normalize_advantage": Hyperparameter("whether advantages are standardised"),
    "cg_max_steps": _least(1, "steps of the conjugate gradient that finds the direction of an update"),
    "cg_damping": _weight("what stabilises it: the weight of the direction itself"),
    "line_search_shrinking_factor": _fraction("what a step that is too long is multiplied by"),
    "line_search_max_iter": _least(1, "lengths of step that are tried"),
    "n_critic_updates": _least(1, "passes of the critic through what was collected"),
    "sub_sampling_factor": _least(1, "of so many collected transitions one is used for the direction"),
    "rms_prop_eps": _positive("what RMSprop adds to its denominator"),
    "use_rms_prop": Hyperparameter("whether the optimiser is RMSprop; else Adam"),
    "stats_window_size": _least(1, "number of episodes that rollout/ep_rew_mean is the mean of"),
    "buffer_size": _least(1, "transitions that are kept"),
    "learning_starts": _least(0, "steps before the first update"),
    "train_freq": _least(1, "steps between two updates, each of all rows at once"),
    "gradient_steps": _least(1, "minibatches an update; -1 for as many as there were steps", -1),
    "target_update_interval": _least(1, "steps between two updates of the target network"),
    "tau": _positive("share of the network's weights that the target network takes over in an update", 1.0),
    "exploration_fraction": _fraction("part of the training in which the share of random moves falls"),
    "exploration_initial_eps": _fraction("share of random moves at the start"),
    "exploration_final_eps": _fraction("share of random moves at the end"),
    "optimize_memory_usage": Hyperparameter("whether each observation is kept once, not twice"),
}
"""By name. An argument that is not among them, of a later version of a library, takes any finite number."""

_KINDS = {bool: "true or false", int: "a whole number", float: "a number", type(None): "null"}


def checked(name: str, value: Any, annotation: Any) -> Any:
    """Return a hyperparameter's value as the kind of number, or the switch, that its ``annotation`` allows.

    Raises:
        NegoenvError: if it is of another kind, or out of range.
    """
    kinds = get_args(annotation) or (annotation,)
    known = HYPERPARAMETERS.get(name, Hyperparameter(""))
    number = float if float in kinds else int
    if number in kinds and _is_number(value, number) and known.accepts(value):
        return number(value)
    if type(value) in kinds and (value is None or isinstance(value, bool)):
        return value
    words = {**_KINDS, number: f"{_KINDS[number]} ({known.range})" if known.range else _KINDS[number]}
    expected = [word for kind, word in words.items() if kind in kinds]
    raise NegoenvError(f"hyperparameter {name!r} is {value!r}; {' or '.join(expected)} is expected")


def _is_number(value: Any, kind: type) -> bool:
    """Return whether a value is a number, and a whole one if ``kind`` is int."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return False
    return kind is float or isinstance(value, int) or value.is_integer()


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
    """One algorithm: of Stable-Baselines3, of sb3-contrib, or of ours."""

    module: str  # where its class is; imported when it is needed, since torch takes seconds
    class_name: str  # name of the class
    masked: bool = False  # whether it is trained on legal moves only
    recurrent: bool = False  # whether an LSTM stands between observation and network

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
    "trpo": Algorithm("sb3_contrib", "TRPO"),
    "a2c": Algorithm("stable_baselines3", "A2C"),
    "dqn": Algorithm("stable_baselines3", "DQN"),
    "qr_dqn": Algorithm("sb3_contrib", "QRDQN"),
    "fast_ppo": Algorithm(f"{__package__}.fast_ppo", "FastPPO", masked=True),
}


def actor_layers(model: "BaseAlgorithm") -> "list[tuple[Tensor, Tensor]]":
    """Return weight and bias of each layer from observation to logits or action values, as copies."""
    from torch import nn

    policy: Any = model.policy
    parts: list[nn.Module]
    if hasattr(policy, "q_net"):
        parts = [policy.q_net.q_net]
    elif hasattr(policy, "quantile_net"):
        parts = [policy.quantile_net.quantile_net]
    else:
        parts = [policy.mlp_extractor.policy_net, policy.action_net]
    linear = [module for part in parts for module in part.modules() if isinstance(module, nn.Linear)]
    layers = [(layer.weight.detach().clone(), layer.bias.detach().clone()) for layer in linear]
    if hasattr(policy, "quantile_net"):
        layers[-1] = _means(*layers[-1], policy.n_quantiles)
    return layers


def _means(weight: "Tensor", bias: "Tensor", quantiles: int) -> "tuple[Tensor, Tensor]":
    """Return the layer whose values are the means of ``quantiles`` values each: quantile by quantile of each action."""
    return weight.view(quantiles, -1, weight.shape[1]).mean(0), bias.view(quantiles, -1).mean(0)


def actor_lstm(model: "BaseAlgorithm") -> "list[Tensor]":
    """Return the weights of the actor's LSTM, as copies and in the order of `torch.nn.LSTM`; empty if it has none."""
    lstm: Any = getattr(model.policy, "lstm_actor", None)
    return [] if lstm is None else [weight.detach().clone() for weight in lstm.parameters()]
