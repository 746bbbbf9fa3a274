"""A policy as an ONNX graph, for runtimes that know neither PyTorch nor this package.

Inputs, a row for each episode:
    ``observation``: float32 of shape ``(rows, columns)``; with ``stack`` rounds, the last observations side by side,
    the newest last and zeros before the episode; with a ``trace``, the observation and, in as many columns
    again, its trace (see `agents.learning.network_policy.MemoryTrace`); int64 of shape ``(rows,)`` where an observation
    is one integer.
    ``action_mask``: int8 of shape ``(rows, moves)``, 1 for each legal move.
    ``hidden`` and ``cell``: float32 of shape ``(rows, lstm)``, only of a policy with an LSTM; zeros where an episode
    begins.

Outputs: ``action``, int64 of shape ``(rows,)``, a legal move; and ``next_hidden`` and ``next_cell``.
"""

import importlib.util
import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

from negoenv.errors import NegoenvError
from negoenv.installation import install_command

from .network_policy import ACTIVATIONS, NetworkPolicy
from .spec import SUBSTITUTE

ONNX_FILE = "policy.onnx"

_NEEDED = ("onnx", "onnxscript")
_STATE = ("hidden", "cell")


def require_onnx() -> None:
    """Refuse to go on where the packages are missing that write ONNX.

    Raises:
        NegoenvError: if one is.
    """
    if missing := [name for name in _NEEDED if importlib.util.find_spec(name) is None]:
        raise NegoenvError(f"ONNX needs {' and '.join(missing)}, not installed: run {install_command('onnx')}.")


def onnx_bytes(policy: NetworkPolicy) -> bytes:
    """Return the content of an ONNX file that plays as a policy does.

    Raises:
        NegoenvError: if the packages are missing that write it.
    """
    require_onnx()
    spec = policy.spec
    rows = 2
    first: Tensor = torch.zeros(rows, spec.inputs)
    if spec.game.states:
        first = torch.zeros(rows, dtype=torch.int64)
    example = [first, torch.ones(rows, len(spec.game.moves), dtype=torch.int8)]
    example += [torch.zeros(rows, spec.lstm) for _ in _STATE if spec.lstm]
    names = ["observation", "action_mask", *(_STATE if spec.lstm else ())]
    any_rows = torch.export.Dim("rows")
    with _silent():
        program: Any = torch.onnx.export(
            _Greedy(policy).eval(),
            tuple(example),
            dynamo=True,
            verbose=False,
            input_names=names,
            output_names=["action", *(f"next_{name}" for name in _STATE if spec.lstm)],
            dynamic_shapes=tuple({0: any_rows} for _ in names),
        )
    proto = program.model_proto
    for part in (
        proto,
        proto.graph,
        *proto.graph.node,
        *proto.graph.value_info,
        *proto.graph.input,
        *proto.graph.output,
    ):
        del part.metadata_props[:]  # paths of this machine, for debugging
    content: bytes = proto.SerializeToString()
    return content


@contextmanager
def _silent() -> Iterator[None]:
    """Let the exporter say nothing of its own parts."""
    before = logging.root.manager.disable
    logging.disable(logging.WARNING)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.disable(before)


class _Greedy(nn.Module):
    """What `NetworkPolicy` computes, with its memory as inputs and outputs."""

    def __init__(self, policy: NetworkPolicy) -> None:
        super().__init__()
        self._spec = policy.spec
        self._layers = policy.layers
        self._lstm = policy.lstm
        self._activation = ACTIVATIONS[policy.spec.activation]
        self._substitute = policy.spec.game.moves.index(SUBSTITUTE)

    def forward(
        self, observation: Tensor, action_mask: Tensor, hidden: Tensor | None = None, cell: Tensor | None = None
    ) -> Any:
        """Return the move of each row, and what an LSTM remembers."""
        states = self._spec.game.states
        x = functional.one_hot(observation, states).float() if states else observation
        if hidden is not None and cell is not None:
            hidden, cell = self._remember(x, hidden, cell)
            x = hidden
        *inner, last = self._layers
        for weight, bias in inner:
            x = self._activation(functional.linear(x, weight, bias))
        action = self._best(functional.linear(x, *last), action_mask == 1)
        return action if hidden is None else (action, hidden, cell)

    def _remember(self, x: Tensor, hidden: Tensor, cell: Tensor) -> tuple[Tensor, Tensor]:
        """Return the state of the LSTM after one more observation."""
        input_weight, recurrent_weight, input_bias, recurrent_bias = self._lstm
        gates = functional.linear(x, input_weight, input_bias)
        gates = gates + functional.linear(hidden, recurrent_weight, recurrent_bias)
        taken, kept, new, shown = gates.chunk(4, dim=1)
        cell = torch.sigmoid(kept) * cell + torch.sigmoid(taken) * torch.tanh(new)
        return torch.sigmoid(shown) * torch.tanh(cell), cell

    def _best(self, scores: Tensor, legal: Tensor) -> Tensor:
        if self._spec.masked:
            return torch.where(legal, scores, float("-inf")).argmax(dim=1)
        best = scores.argmax(dim=1)
        is_legal = legal.gather(1, best[:, None])[:, 0]
        return torch.where(is_legal, best, self._substitute)
