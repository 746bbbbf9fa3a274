"""The files of human data that a user names, and the data that comes with negoenv in their place."""

from collections.abc import Callable
from dataclasses import astuple, dataclass
from pathlib import Path
from typing import TypeVar

from negoenv.errors import NegoenvError
from negoenv.human import Bargains, load_csv, load_shipped
from negoenv.human.dialogues import load_dialogues, load_shipped_dialogues
from negoenv.human.measured import HumanEvidence
from negoenv.human.participants import load_participants, load_shipped_participants
from negoenv.human.rejections import load_rejections, load_shipped_rejections
from negoenv.human.turns import Turns, load_shipped_turns, load_turns

Part = TypeVar("Part")


@dataclass(frozen=True)
class DataFiles:
    """CSV files of human data; ``None`` where none is named."""

    negotiations: Path | None = None
    offers: Path | None = None
    turns: Path | None = None
    dialogues: Path | None = None
    rejections: Path | None = None
    participants: Path | None = None

    @property
    def named(self) -> bool:
        """Whether any file is named."""
        return any(file is not None for file in astuple(self))

    @property
    def names_negotiations(self) -> bool:
        """Whether one of the two files of negotiations is named."""
        return self.negotiations is not None or self.offers is not None

    def measured(self) -> HumanEvidence:
        """Return what the named files hold, and nothing else; all that comes with negoenv where none is named.

        Raises:
            NegoenvError: if only one of two files that belong together is named, or a file cannot be used.
        """
        if not self.named:
            return shipped_evidence(load_shipped().bargains)
        return HumanEvidence(
            measured_bargains(self.negotiations, self.offers) if self.names_negotiations else None,
            _if_named(self.turns, load_turns),
            _if_named(self.dialogues, load_dialogues),
            _if_named(self.rejections, load_rejections),
            _if_named(self.participants, load_participants),
        )


def _if_named(path: Path | None, load: Callable[[Path], Part]) -> Part | None:
    return None if path is None else load(path)


def shipped_evidence(bargains: Bargains) -> HumanEvidence:
    """Return what comes with negoenv, beside some negotiations."""
    others = load_shipped_dialogues(), load_shipped_rejections(), load_shipped_participants()
    return HumanEvidence(bargains, load_shipped_turns(), *others)


def measured_bargains(negotiations: Path | None, offers: Path | None, options: str = "") -> Bargains:
    """Return the engaged negotiations of two files, or those that come with negoenv.

    Args:
        negotiations: file of the negotiations.
        offers: file of the offers.
        options: what the names of the two options begin with.

    Raises:
        NegoenvError: if only one file is named, or a file cannot be used.
    """
    if negotiations is None and offers is None:
        return load_shipped().bargains
    if negotiations is None or offers is None:
        raise NegoenvError(
            f"Name both --{options}negotiations and --{options}offers, or neither for the data that comes with negoenv."
        )
    return load_csv(negotiations, offers).bargains


def measured_turns(path: Path | None, own_data: bool) -> Turns | None:
    """Return the turns of a file; those that come with negoenv beside its own data; none beside other data."""
    if path is not None:
        return load_turns(path)
    return None if own_data else load_shipped_turns()
