"""The ultimatum game: which offers people refuse, and which final offers the sellers do.

The data: Heffner & FeldmanHall 2022 (MIT licence), 715 people, two decisions each at every share offered.
"""

from dataclasses import dataclass
from importlib.resources import as_file, files
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from negoenv.engine.negotiation_batch import NegotiationBatch
from negoenv.errors import NegoenvError
from negoenv.game.state import Outcome
from negoenv.game.tactics import Move
from negoenv.human.bargains import Floats
from negoenv.human.csv_files import lines
from negoenv.human.moments import mean
from negoenv.scenarios.scenario import Scenario

REJECTION_COLUMNS = ("share", "rejections", "offers")

SHARES = (0.05, 0.10, 0.20, 0.30, 0.40, 0.50)
"""Shares of the surplus at which people and sellers are compared."""

DECISIONS = 2
"""Decisions of one person at each share; they count as one, for they are much alike."""

THRESHOLD = {"threshold_mean": (0.143, 0.005), "threshold_sd": (0.158, 0.005)}
"""Least share that people take, between people, with standard errors; published, not in the file."""

_COST, _LIMIT = 0.5, 0.9
_FINAL = {
    "supplier": {
        "reservation_price": _COST, "decisiveness": 0.0, "tolerance": 5.0, "exit_rate": 0.0, "receptive_ultimatum": 3.0,
    },
    "context": {"stalemate": 10.0, "limit": _LIMIT, "ask": 0.95, "expected_limit": 0.93},
}  # fmt: skip
"""A buyer believed without doubt, after a stalemate: the offer of the game is final by rule."""

_LATE = 0.85  # of the deadline, when the final offer is made

_SAME = 1e-9


@dataclass(frozen=True, eq=False)
class Rejections:
    """How many offers were rejected at each share; arrays of shape ``(shares,)``."""

    share: Floats  # of the surplus, that the offer leaves
    rejected: Floats  # offers that were rejected
    offers: Floats  # offers in all

    def rate(self) -> dict[str, float]:
        """Return the share rejected at each of `SHARES` by the name of its moment; NaN where there is none."""
        return {_name(share): mean(self.rejected[at] / self.offers[at]) for share, at in self._places()}

    def errors(self) -> dict[str, float]:
        """Return the binomial standard error of each, that of people rather than decisions."""
        rates = self.rate()
        people = {_name(share): self.offers[at].sum() / DECISIONS for share, at in self._places()}
        return {name: float(np.sqrt(p * (1.0 - p) / max(people[name], 1.0))) for name, p in rates.items()}

    def _places(self) -> list[tuple[float, NDArray[np.bool_]]]:
        return [(share, np.abs(self.share - share) < _SAME) for share in SHARES]


def _name(share: float) -> str:
    return f"rejected_at_{share:.2f}"


def load_rejections(path: str | Path) -> Rejections:
    """Read rejections from a CSV file with at least `REJECTION_COLUMNS`, one row for each share.

    Raises:
        NegoenvError: if the file or a column is missing, a cell cannot be read, or a share of `SHARES` is missing.
    """
    rows = []
    for line in lines(Path(path), REJECTION_COLUMNS):
        offers = line.within("offers", 1.0, 1e9)
        rows.append((line.within("share", 0.0, 1.0), line.within("rejections", 0.0, offers), offers))
    found = Rejections(*np.array(rows, np.float64).reshape(-1, 3).T)
    missing = [f"{share:g}" for share, at in found._places() if at.sum() != 1]
    if missing:
        needed = ", ".join(f"{share:g}" for share in SHARES)
        raise NegoenvError(f"{path}, column 'share': {missing[0]} is not there once; needed are {needed}.")
    return found


def load_shipped_rejections() -> Rejections:
    """Read the rejections that come with the package: 14,300 decisions."""
    with as_file(files("negoenv.human") / "data") as folder:
        return load_rejections(folder / "ultimatum_rejections.csv")


def rejection_moments_of(rejections: Rejections) -> dict[str, float]:
    """Return the measured moments by name: shares rejected, and the published thresholds."""
    return rejections.rate() | {name: value for name, (value, _) in THRESHOLD.items()}


def rejection_errors(rejections: Rejections) -> dict[str, float]:
    """Return the standard error of every such moment by name."""
    return rejections.errors() | {name: error for name, (_, error) in THRESHOLD.items()}


def simulated_rejections(scenario: Scenario, suppliers: int = 1000, seed: int = 0) -> dict[str, float]:
    """Return the same moments of the suppliers of a scenario, who are given a final offer of each share.

    The thresholds are those of the trait ``fairness`` before it is cut at 0: its centre and the standard deviation of
    its triangular distribution, over all archetypes.
    """
    batch, running = NegotiationBatch(suppliers, scenario), np.ones(suppliers, np.bool_)
    found: dict[str, float] = {}
    for share in SHARES:
        batch.seed(seed)
        final = {"offer": _COST + share * (_LIMIT - _COST), "round": _LATE * scenario.deadline // 1.0}
        context = _FINAL["context"] | final
        batch.reset(running, {"supplier": _FINAL["supplier"], "context": context})
        batch.step(np.full(suppliers, Move.ULTIMATUM, np.int64), running)
        found[_name(share)] = mean(batch.state["outcome"] != Outcome.DEAL)
    shares = np.diff(scenario.train.cumulative_shares, prepend=0.0)
    traits = [archetype["traits"]["fairness"] for archetype in scenario.train.numbers()]
    centre, width = (np.array([trait[part] for trait in traits]) for part in (0, 1))
    average = float(shares @ centre)
    variance = float(shares @ (width**2 / 6.0 + (centre - average) ** 2))
    return found | {"threshold_mean": average, "threshold_sd": variance**0.5}
