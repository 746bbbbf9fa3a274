"""What the playtest of one scenario found."""

from dataclasses import dataclass
from pathlib import Path

from negoenv.facts.fact import Effect

from .burst import Burst
from .exploits import Suspect
from .standings import Gain, Standings
from .sweep import Sweep


@dataclass(frozen=True)
class Result:
    """What the playtest of one scenario found; a part that was not asked for is None.

    Attributes:
        scenario: its name.
        directory: where trainings and transcripts are.
        standings: part 1.
        families: part 2, what is lost without each family.
        burst: part 3.
        exploits: part 4.
        weights: part 5.
        capabilities: part 6; empty for a scenario that isolates none of them.
    """

    scenario: str
    directory: Path
    standings: Standings
    families: dict[str, Gain] | None = None
    burst: dict[str, Burst] | None = None
    exploits: list[Suspect] | None = None
    weights: list[Sweep] | None = None
    capabilities: list[Effect] | None = None
