"""Rounds of self-play: suppliers against the latest buyer, buyers against the population and all suppliers so far.

Each side answers what the other has learned, buyers with what earlier rounds have found; where nothing more is gained,
neither can be exploited much (Lanctot et al. 2017, *A unified game-theoretic approach to multiagent reinforcement
learning*, recalled, unverified; here with equal shares of the suppliers so far in the place of an equilibrium of them).
"""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from negoenv.benchmark.evaluation import Interval
from negoenv.config import read_json
from negoenv.errors import NegoenvError

from ..policy import Policy
from ..registry import load_policy
from ..reporting.files import write_json
from ..reporting.lock import alone_in
from ..reporting.robustness import Robustness
from .config import TrainConfig
from .resumption import EVALUATION
from .selfplay import against_suppliers, require_for_suppliers, train_supplier
from .train import train_or_resume

SETTINGS = "rounds.json"
"""What the rounds are, in their directory; beside it ``supplier_1``, ``buyer_1``, ``supplier_2`` and so on."""


@dataclass(frozen=True)
class Exploited:
    """A buyer, and what the supplier that was trained against it leaves it.

    Attributes:
        buyer: its name.
        before: its return against the game's own test suppliers.
        against: what it keeps against the new supplier.
        supplier: the run directory of that.
    """

    buyer: str
    before: Interval
    against: Robustness
    supplier: Path


def best_responses(
    first: Policy,
    suppliers: TrainConfig,
    buyers: TrainConfig,
    rounds: int,
    directory: Path,
    objective: str = "profit",
    share: float = 0.5,
    progress: bool = False,
) -> Iterator[Exploited]:
    """Yield what is left to the first buyer and to each of the ``rounds`` that are trained, worst case by worst case.

    A supplier is trained against the latest buyer, then a buyer against the population and all suppliers so far, in
    turn. What has ended in the directory is not done again, so that rounds that were broken off are gone on with, and
    more of them added: a buyer from its newest checkpoint, a supplier from the start.

    Args:
        first: the buyer of the first round; it stays as it is.
        suppliers: the training of a supplier.
        buyers: the training of a buyer.
        rounds: how many buyers are trained.
        directory: of the runs.
        objective: what suppliers are after, of `negoenv.interop.sb3_supplier.OBJECTIVES_OF_SUPPLIERS`.
        share: the part of a buyer's rows that the suppliers so far play in, each in as many.
        progress: whether to tell on stderr how it goes.

    Raises:
        NegoenvError: if the directory holds rounds of other settings; and as `train_supplier` and `train`.
    """
    require_for_suppliers(suppliers)
    with alone_in(directory):
        settings = {
            "first": first.name, "objective": objective, "share": share,
            "suppliers": suppliers.model_dump(mode="json"), "buyers": buyers.model_dump(mode="json"),
        }  # fmt: skip
        _require_same(directory / SETTINGS, settings)
        buyer, found = first, list[Path]()
        for number in range(1, rounds + 2):
            place = directory / f"supplier_{number}"
            yield _exploited(place, buyer, suppliers, objective, progress)
            if number > rounds:
                return
            found.append(place)
            mixed = against_suppliers(buyers, found, share)
            train_or_resume(mixed, directory / f"buyer_{number}", progress)
            buyer = load_policy(directory / f"buyer_{number}")


def _require_same(path: Path, settings: dict[str, Any]) -> None:
    """Write what the rounds are, or refuse to go on with others.

    Raises:
        NegoenvError: if the directory holds rounds of other settings, or something else.
    """
    if path.is_file():
        kept = read_json(path)
        changed = [name for name in settings if kept.get(name) != settings[name]]
        if changed:
            raise NegoenvError(
                f"{path.parent} holds rounds of other settings ({', '.join(changed)}); name another directory."
            )
        return
    if any(entry.name != ".lock" for entry in path.parent.iterdir()):
        raise NegoenvError(f"{path.parent} exists already and holds no {path.name}; name a new directory.")
    write_json(path, settings)


def _exploited(place: Path, buyer: Policy, config: TrainConfig, objective: str, progress: bool) -> Exploited:
    """Train a supplier against a buyer, unless that was done."""
    if not (place / EVALUATION).is_file():
        if place.exists():  # broken off
            shutil.rmtree(place)
        run = train_supplier(config, buyer, objective, place, progress=progress)
        return Exploited(buyer.name, run.before, run.against, place)
    found = read_json(place / EVALUATION)
    against, survives = found["against"], found["against"]["survives"]
    kept = Robustness(
        against["opponent"], Interval(**against["returned"]), Interval(**against["lost"]),
        None if survives is None else Interval(**survives),
    )  # fmt: skip
    return Exploited(found["buyer"], Interval(**found["return"]), kept, place)
