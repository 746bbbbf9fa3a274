"""How well the kind of a supplier can be told from what the buyer sees, and what the history of the talks adds."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from rich.table import Table

from negoenv.engine.negotiation_batch import NegotiationBatch
from negoenv.errors import NegoenvError, whole_number
from negoenv.scenarios.presets import resolve

from ..scripted.gradual import Gradual
from ..terminal import number_table

STEPS = (1, 2, 4, 8)
_EPOCHS, _BATCH, _HIDDEN, _RATE = 12, 512, 64, 2e-3

Array = NDArray[Any]


@dataclass(frozen=True)
class Identified:
    """How often a classifier names the kind of suppliers that it was not fitted on.

    Attributes:
        step: moves made.
        now: fraction that it names right from the last observation.
        history: the same from all observations so far.
    """

    step: int
    now: float
    history: float


@dataclass(frozen=True)
class OpenNegotiations:
    """Talks that were still open after the last of `STEPS`, as one policy led them.

    Attributes:
        seen: observations, float32 of shape ``(rows, steps + 1, columns)``.
        kinds: index of each supplier's archetype, int64 of shape ``(rows,)``.
    """

    seen: Array
    kinds: Array


def _played(scenario: str, num_rows: int, seed: int) -> OpenNegotiations:
    """Let `Gradual` talk with suppliers of the training split."""
    batch = NegotiationBatch(num_rows, resolve(scenario))
    batch.seed(seed)
    starts = np.ones(num_rows, np.bool_)
    batch.reset(starts)
    policy = Gradual()
    policy.reset(num_rows)
    over = np.zeros(num_rows, np.bool_)
    seen = [batch.observations.copy()]
    for _ in range(max(STEPS)):
        moves = policy.choose(batch.observations, batch.action_masks, starts).astype(np.int64)
        starts = np.zeros(num_rows, np.bool_)
        batch.step(moves, ~over)
        over |= batch.terminated
        seen.append(batch.observations.copy())
    return OpenNegotiations(np.stack(seen, axis=1)[~over], batch.supplier["archetype"][~over].astype(np.int64))


def _accuracy(fitted_on: tuple[Array, Array], tried_on: tuple[Array, Array], num_kinds: int) -> float:
    """Fit a small network to name the kinds; return the fraction of others that it names right."""
    mean, scale = fitted_on[0].mean(axis=0), fitted_on[0].std(axis=0) + 1e-3
    x, other = (torch.from_numpy((part[0] - mean) / scale) for part in (fitted_on, tried_on))
    y = torch.from_numpy(fitted_on[1])
    with torch.random.fork_rng():
        torch.manual_seed(0)
        network = torch.nn.Sequential(
            torch.nn.Linear(x.shape[1], _HIDDEN), torch.nn.ReLU(), torch.nn.Linear(_HIDDEN, num_kinds)
        )
        optimiser = torch.optim.AdamW(network.parameters(), _RATE)
        for _ in range(_EPOCHS):
            for chosen in torch.split(torch.randperm(len(x)), _BATCH):
                loss = torch.nn.functional.cross_entropy(network(x[chosen]), y[chosen])
                optimiser.zero_grad()
                loss.backward()  # type: ignore[no-untyped-call]
                optimiser.step()
    with torch.no_grad():
        return float((network(other).argmax(dim=1).numpy() == tried_on[1]).mean())


def identify(scenario: str, num_suppliers: int, after_step: Callable[[], object] = lambda: None) -> list[Identified]:
    """Fit classifiers on so many suppliers and try them on a quarter as many others; one result for each of `STEPS`.

    The classifier is a network with one hidden layer, so what it names right is a lower bound.

    Args:
        scenario: name of a scenario, or a YAML file with one.
        num_suppliers: suppliers to fit on; those whose talks end before the last step are left out.
        after_step: called after each of `STEPS`.

    Raises:
        NegoenvError: if there is no such scenario, or if there are too few suppliers.
    """
    whole_number("episodes", num_suppliers)
    talks = _played(scenario, num_suppliers, 1), _played(scenario, max(64, num_suppliers // 4), 1 + num_suppliers)
    if not all(len(part.kinds) for part in talks):
        raise NegoenvError(f"episodes is {num_suppliers}; no talks were open after {max(STEPS)} moves: give more.")
    num_kinds = len(resolve(scenario).train.archetypes)
    results = []
    for step in STEPS:
        fractions = []
        for first in (step, 0):
            known, new = ((part.seen[:, first : step + 1].reshape(len(part.seen), -1), part.kinds) for part in talks)
            fractions.append(_accuracy(known, new, num_kinds))
        results.append(Identified(step, *fractions))
        after_step()
    return results


def identification_table(scenario: str, results: Sequence[Identified]) -> Table:
    """Return the results as a table."""
    return number_table(
        f"Kind of the supplier named right, {scenario}",
        ("step", "from the last observation", "from all so far"),
        [(str(result.step), f"{result.now:.3f}", f"{result.history:.3f}") for result in results],
        caption="A network with one hidden layer, on suppliers it was not fitted on; gradual leads the talks.",
    )
