"""Normalised scores: 0 is the random policy, 1 the best known reference.

What both are worth is measured (`scripts/references.py` of a clone), and recorded beside this file with where it comes
from. A record holds for the game that it was measured on, and for no other: it carries the game's fingerprint.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import model_validator

from negoenv.benchmark.evaluation import Interval
from negoenv.benchmark.fingerprint import fingerprint as fingerprint
from negoenv.config import FrozenModel, read_json, validated
from negoenv.engine.batch import Batch
from negoenv.engine.supplier_batch import SupplierBatch
from negoenv.errors import NegoenvError
from negoenv.names import Name, checked_name

RECORDS = Path(__file__).parent / "references"
"""One JSON file a scenario."""

SPLIT = "test"
"""The split that references are measured on."""

_MIN_SPAN = 1e-6  # below it nothing can be normalised


class LearnedReference(FrozenModel):
    """What buyers win who learned alike, but for what they see.

    Attributes:
        one_round: mean return of those who see one round.
        memory: of those who remember, by several rounds or by a trace; the command says which.
        told: of those who see one round and the traits of the supplier's type.
        episodes: number of suppliers, from the same first one as the reference's.
        settings: what decided how they learned, but for what they see; a test asks that the command still means it.
        command: what was run to measure it.
    """

    one_round: float
    memory: float
    told: float
    episodes: int
    settings: dict[str, Any]
    command: str


class Reference(FrozenModel):
    """What the two ends of a scenario's normalised score are, and where that comes from.

    Attributes:
        scenario: name of the scenario.
        split: population of suppliers.
        fingerprint: of the game that was played, see `negoenv.benchmark.fingerprint`.
        random: mean return of the random policy, the 0.
        best: mean return of the best known reference, the 1.
        policy: name of that reference.
        seed: of the first supplier.
        episodes: number of suppliers that the reference met, planner or learned; 0 where both means are exact.
        carried_to: number of suppliers that both means hold for: those of the random policy were played, that of the
            reference was carried over by a policy that met both sets (the difference estimator); 0 where nothing was.
        version: of negoenv.
        command: what was run to measure the best; the random policy plays the suppliers from ``seed`` on.
        learned: what was learned; None where nothing was trained for it.
    """

    scenario: Name
    split: str
    fingerprint: str
    random: float
    best: float
    policy: str
    seed: int
    episodes: int
    carried_to: int = 0
    version: str
    command: str
    learned: LearnedReference | None = None

    @model_validator(mode="after")
    def _has_span(self) -> "Reference":
        if self.best - self.random < _MIN_SPAN:
            raise NegoenvError(f"the best reference ({self.best:g}) is no better than random ({self.random:g})")
        return self

    def score(self, returns: Interval) -> Interval:
        """Return a mean return with its interval on the scale from 0 (random) to 1 (the reference).

        The ends are taken as exact: the interval is that of the policy alone.
        """
        span = self.best - self.random
        return Interval(*((value - self.random) / span for value in (returns.mean, returns.low, returns.high)))


def record_path(scenario: str, folder: Path | None = None) -> Path:
    """Return where the record of a scenario lies in ``folder`` or `RECORDS`, whether it exists or not."""
    return (folder or RECORDS) / f"{checked_name('name', scenario)}.json"


@dataclass(frozen=True)
class NoReference:
    """That a game has no normalised score, and why.

    Attributes:
        why: for example ``"this game has no record (changed from Procurement)"``.
    """

    why: str

    def __str__(self) -> str:
        return f"No normalised score: {self.why}."


def reference(scenario: str, split: str, game: Batch) -> Reference | NoReference:
    """Return what is recorded for a game, or why nothing is.

    Args:
        scenario: name of the scenario; where it has no record, that of the preset which it was changed from may hold
            for it, if nothing that is played was changed.
        split: population of suppliers. Records are of the test split: training and validation suppliers are others,
            against which neither end of the score was measured.
        game: the game; nothing is played in its rows.

    Raises:
        NegoenvError: if the record is damaged.
    """
    base = game.scenario.base if isinstance(game, SupplierBatch) else None
    changed = f" (changed from {base})" if base not in (None, scenario) else ""
    if split != SPLIT:
        return NoReference(f"it is measured on the {SPLIT} split, and this is {split}")
    recorded = [name for name in (scenario, base) if name and record_path(name).is_file()]
    found = read_record(recorded[0]) if recorded else None
    if found is not None and found.fingerprint == fingerprint(game):
        return found
    if scenario in recorded:
        return NoReference(f"the record is of another game of the name {scenario}{changed}")
    return NoReference(f"this game has no record{changed}")


def read_record(scenario: str, folder: Path | None = None) -> Reference:
    """Return the record of a scenario in ``folder`` or `RECORDS`.

    Raises:
        NegoenvError: if there is none, or it is damaged.
    """
    path = record_path(scenario, folder)
    found = validated(Reference, read_json(path), str(path))
    if (found.scenario, found.split) != (scenario, SPLIT):
        raise NegoenvError(f"{path} is a record of {found.scenario}, {found.split} split.")
    return found
