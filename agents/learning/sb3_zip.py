"""A model of Stable-Baselines3 or sb3-contrib read from its zip, without the pickled parts of it.

``load`` of those libraries unpickles what the zip holds, which runs whatever code sits there. Here the weights are read
by PyTorch's ``weights_only``, which makes tensors and nothing else, and the rest from what the zip says in plain JSON.
"""

import io
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import torch
from torch import Tensor

from negoenv.errors import NegoenvError, shown
from negoenv.make import make_batch

from .bundle import opened_zip, read_entry
from .network_policy import NetworkPolicy
from .spec import Game, PolicySpec, Training

_DATA, _WEIGHTS = "data", "policy.pth"
_MOST = {_DATA: 64_000_000, _WEIGHTS: 256_000_000}  # bytes

_ON_POLICY = "ppo or a2c"
_ALGORITHM_OF = {
    "stable_baselines3.common.policies": _ON_POLICY,
    "stable_baselines3.dqn.policies": "dqn",
    "sb3_contrib.common.maskable.policies": "maskable_ppo",
    "sb3_contrib.common.recurrent.policies": "recurrent_ppo",
}
"""By the module of the policy's class."""

_ACTIVATIONS: dict[str, Literal["tanh", "relu"]] = {
    "<class 'torch.nn.modules.activation.Tanh'>": "tanh",
    "<class 'torch.nn.modules.activation.ReLU'>": "relu",
}
_BY_DEFAULT: dict[str, Literal["tanh", "relu"]] = {"dqn": "relu"}
_HARMLESS = {
    "net_arch", "activation_fn", "ortho_init", "optimizer_class", "optimizer_kwargs", "lstm_hidden_size",
    "n_lstm_layers", "enable_critic_lstm", "shared_lstm", "share_features_extractor",
}  # fmt: skip
"""Arguments of a policy's class that are seen in the weights, or do not matter once it is trained."""

_ACTOR = re.compile(r"(?:q_net\.q_net|mlp_extractor\.policy_net)\.\d+\.(?:weight|bias)|action_net\.(?:weight|bias)")
_LSTM = [f"lstm_actor.{kind}_l0" for kind in ("weight_ih", "weight_hh", "bias_ih", "bias_hh")]
_NOT_PLAYED = ("mlp_extractor.value_net.", "value_net.", "q_net_target.", "lstm_critic.", "critic.")


_INSTEAD = (
    "that cannot be read without running code of the zip. If you trust whoever made it, evaluate and compare play it "
    "with --trust."
)


@dataclass(frozen=True)
class _Model:
    """What the zip says in plain text."""

    algorithm: str  # as in `agents.learning.algorithms.ALGORITHMS`
    activation: Literal["tanh", "relu"]
    seed: int
    steps: int


def read_sb3_zip(path: Path, scenario: Mapping[str, Any] | str | Path, name: str) -> NetworkPolicy:
    """Return the policy of a zip that a model's ``save`` has written.

    Args:
        path: the zip, which somebody else may have made.
        scenario: the game that it was trained on, as in `negoenv.make.make_batch`; the zip does not say. Observations
            must have entered the network as the game gives them, not through ``VecNormalize``.
        name: what the policy is called.

    Raises:
        NegoenvError: if it is no such zip, is damaged, or its network is none that can be read so.
    """
    with opened_zip(path) as archive:
        for needed in _MOST:
            if needed not in archive.namelist():
                raise NegoenvError(f"{path} holds no {needed}, so it is no model of Stable-Baselines3.")
        data, weights = (read_entry(archive, archive.getinfo(entry), most) for entry, most in _MOST.items())
    model = _described(path, data)
    tensors = _tensors(path, weights)
    lstm = [tensors[key] for key in _LSTM if key in tensors]
    flat = [tensors[key] for key in tensors if _ACTOR.fullmatch(key)]
    layers = list(zip(flat[::2], flat[1::2], strict=False))
    spec = _spec(model, scenario, layers, lstm, name)
    if [tuple(part.shape) for part in (*lstm, *flat)] != [*spec.shapes.values()]:
        raise NegoenvError(
            f"{path}: the network does not fit {spec.game.scenario}, which has {spec.game.inputs} observed numbers and "
            f"{len(spec.game.moves)} moves."
        )
    return NetworkPolicy(name, spec, layers, lstm, model.steps)


def _described(path: Path, data: bytes) -> _Model:
    """Read what the zip says in JSON; what is pickled in it stays the text that it is."""
    try:
        said = json.loads(data)
        module = said["policy_class"]["__module__"]
        algorithm = algorithm_of(said)
        arguments = {key: value for key, value in said["policy_kwargs"].items() if not key.startswith(":")}
        seed, steps = (max(0, int(said.get(key) or 0)) for key in ("seed", "num_timesteps"))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, OverflowError):
        raise NegoenvError(f"{path}: {_DATA} is not what Stable-Baselines3 writes.") from None
    if not algorithm:
        raise NegoenvError(f"{path}: its policy is of {shown(module)}; {_INSTEAD}")
    if unknown := sorted(arguments.keys() - _HARMLESS):
        raise NegoenvError(f"{path}: its policy was made with {shown(unknown[0])}; {_INSTEAD}")
    default = _BY_DEFAULT.get(algorithm, "tanh")
    activation = _ACTIVATIONS.get(str(arguments["activation_fn"])) if "activation_fn" in arguments else default
    if activation is None:
        raise NegoenvError(f"{path}: its activation is {shown(arguments['activation_fn'])}; {_INSTEAD}")
    return _Model(algorithm, activation, seed, steps)


def algorithm_of(data: Mapping[str, Any]) -> str:
    """Return the name of the algorithm that made a model, by what its zip says in JSON; empty if it is no known one."""
    found = _ALGORITHM_OF.get(data["policy_class"]["__module__"], "")
    return ("ppo" if "n_epochs" in data else "a2c") if found == _ON_POLICY else found


def _tensors(path: Path, weights: bytes) -> dict[str, Tensor]:
    """Read the weights, of which nothing may be there that is not understood."""
    try:
        tensors = torch.load(io.BytesIO(weights), map_location="cpu", weights_only=True)
    except Exception as error:  # whatever a damaged file, or one with more than tensors, makes of it
        first = str(error).strip().split("\n")[0]
        raise NegoenvError(f"{path}: {_WEIGHTS} holds more than weights, or is damaged: {shown(first)}.") from None
    if not isinstance(tensors, dict) or not all(
        isinstance(key, str) and isinstance(tensor, Tensor) for key, tensor in tensors.items()
    ):
        raise NegoenvError(f"{path}: {_WEIGHTS} does not hold tensors by name.")
    for key, tensor in tensors.items():
        if not (_ACTOR.fullmatch(key) or key in _LSTM or key.startswith(_NOT_PLAYED)):
            raise NegoenvError(f"{path}: its network has the part {shown(key)}; {_INSTEAD}")
        if tensor.dtype != torch.float32 or not bool(torch.isfinite(tensor).all()):
            raise NegoenvError(f"{path}: the tensor {shown(key)} does not hold finite float32 numbers.")
    return tensors


def _spec(
    model: _Model,
    scenario: Mapping[str, Any] | str | Path,
    layers: list[tuple[Tensor, Tensor]],
    lstm: list[Tensor],
    name: str,
) -> PolicySpec:
    """Return what the policy says of itself, if it was trained on a game."""
    game = Game.of(make_batch(1, scenario, "train"))
    first = lstm[0] if lstm else layers[0][0] if layers else torch.zeros(0, 0)
    inputs = first.shape[-1] if first.dim() == 2 else 0
    return PolicySpec(
        algorithm=model.algorithm,
        game=game,
        training=Training(label=name, seed=model.seed, total_steps=model.steps),
        network=tuple(len(bias) for _, bias in layers[:-1] if bias.dim() == 1),
        activation=model.activation,
        masked=model.algorithm == "maskable_ppo",
        stack=max(1, inputs // game.inputs) if not game.states else 1,
        lstm=lstm[1].shape[-1] if len(lstm) == len(_LSTM) else 0,
    )
