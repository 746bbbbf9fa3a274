"""What people think of a partner who shows anger, gives way, asks or chats: two people who divide goods.

The data: CaSiNo (Chawla et al. 2021, CC BY 4.0), campsite negotiations: satisfaction and liking of the partner (1 to
5), walking away, and counts of emoticons and, in some dialogues, of nine strategies annotated by hand. Numbers only.
They are associations: nobody drew at random who shows what.
"""

from dataclasses import dataclass, fields
from functools import cached_property, lru_cache
from importlib.resources import as_file, files
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from negoenv.errors import NegoenvError
from negoenv.human.bargains import Floats
from negoenv.human.csv_files import lines
from negoenv.human.moments import partial_effects
from negoenv.human.words import Mask

EMOTIONS = ("angry", "joy", "sad", "surprise")
STRATEGIES = (
    "small_talk", "self_need", "other_need", "no_need", "elicit_pref", "promote_coordination", "vouch_fair",
    "showing_empathy", "uv_part",
)  # fmt: skip
OPINIONS = ("satisfaction", "likeness")
"""What the participant says of the result and of the partner, 1 to 5."""

COVARIATES = {"points": (0.0, 36.0), "proself": (0.0, 1.0), "agreeable": (1.0, 7.0), "same_top": (0.0, 1.0)}
"""What is held equal, with its range: the result, own orientation and agreeableness, and whether both want the same."""

PARTICIPANT_COLUMNS = (
    "dialogue", "annotated", "walk", *OPINIONS, *COVARIATES, *(f"own_{name}" for name in EMOTIONS),
    *(f"partner_{name}" for name in (*EMOTIONS, *STRATEGIES)),
)  # fmt: skip

_MOST = 100  # of one strategy or emoticon in a dialogue


@dataclass(frozen=True, eq=False)
class Participants:
    """Participants, those of a dialogue side by side; arrays of shape ``(participants,)`` unless it says otherwise."""

    dialogue: NDArray[np.int64]  # whose talk it was
    annotated: Mask  # whether its strategies were annotated
    outcomes: Floats  # satisfaction, liking, and whether somebody walked away; shape ``(participants, 3)``
    covariates: Floats  # in the order of `COVARIATES`, shape ``(participants, 4)``
    own: Mask  # emotions that it showed, shape ``(participants, len(EMOTIONS))``
    emotions: Mask  # those that the partner showed, shape ``(participants, len(EMOTIONS))``
    strategies: Mask  # what the partner did, shape ``(participants, len(STRATEGIES))``

    def __len__(self) -> int:
        return len(self.dialogue)

    def chosen(self, rows: NDArray[np.int64] | Mask) -> "Participants":
        """Return the participants in ``rows``."""
        return Participants(*(getattr(self, field.name)[rows] for field in fields(self)))

    def resampled(self, rng: np.random.Generator) -> "Participants":
        """Return the participants of as many dialogues, drawn with replacement."""
        _, starts, counts = np.unique(self.dialogue, return_index=True, return_counts=True)
        drawn = rng.integers(len(starts), size=len(starts))
        rows = [np.arange(starts[k], starts[k] + counts[k]) for k in drawn]
        return self.chosen(np.concatenate(rows))

    @cached_property
    def effects(self) -> dict[tuple[str, str], float]:
        """What goes with each doing of the partner, all else equal, by doing and outcome; opinions in points of 1 to 5.

        Coefficients of linear regressions: of all participants on the partner's emotions, of annotated ones on its
        strategies, beside own emotions and `COVARIATES`.
        """
        found: dict[tuple[str, str], float] = {}
        annotated = self.chosen(self.annotated)
        for group, names, people in (("emotions", EMOTIONS, self), ("strategies", STRATEGIES, annotated)):
            if len(people) == 0:
                table = np.full((len(OUTCOMES), len(names)), np.nan)
            else:
                others = np.column_stack([people.own, people.covariates])
                table = partial_effects(getattr(people, group), others, people.outcomes)
            for row, outcome in zip(table, OUTCOMES, strict=True):
                found |= {(name, outcome): float(value) for name, value in zip(names, row, strict=True)}
        return found


OUTCOMES = (*OPINIONS, "walk")

CLAIMS = (
    ("angry", "likeness"),
    ("angry", "satisfaction"),
    ("angry", "walk"),
    ("no_need", "satisfaction"),
    ("elicit_pref", "likeness"),
    ("small_talk", "likeness"),
)
"""What the partner did, and what of the participant is compared with the model."""


def load_participants(path: str | Path) -> Participants:
    """Read participants from a CSV file with at least `PARTICIPANT_COLUMNS`, one row a participant.

    Raises:
        NegoenvError: if the file or a column is missing, or a cell cannot be read; it says where.
    """
    names: dict[str, int] = {}
    rows: list[list[float]] = []
    for line in lines(Path(path), PARTICIPANT_COLUMNS):
        row = [float(names.setdefault(line.name("dialogue"), len(names))), line.flag("annotated")]
        row += [*(line.within(opinion, 1.0, 5.0) for opinion in OPINIONS), line.flag("walk")]
        row += [line.within(name, *bounds) for name, bounds in COVARIATES.items()]
        counted = (*(f"own_{name}" for name in EMOTIONS), *(f"partner_{name}" for name in (*EMOTIONS, *STRATEGIES)))
        rows.append([*row, *(line.within(name, 0.0, _MOST) > 0.0 for name in counted)])
    if not rows:
        raise NegoenvError(f"{path} holds no participants.")
    table = np.array(rows, np.float64)
    table = table[np.argsort(table[:, 0], kind="stable")]
    outcomes, covariates, own, emotions = np.split(table[:, 2:], np.cumsum((3, len(COVARIATES), 4)), axis=1)
    flags = (own > 0.0, emotions[:, : len(EMOTIONS)] > 0.0, emotions[:, len(EMOTIONS) :] > 0.0)
    return Participants(table[:, 0].astype(np.int64), table[:, 1] == 1.0, outcomes, covariates, *flags)


@lru_cache(maxsize=1)
def load_shipped_participants() -> Participants:
    """Read the participants that come with the package: 1,372, of whom 530 are annotated."""
    with as_file(files("negoenv.human") / "data") as folder:
        return load_participants(folder / "casino_participants_dev.csv")


def participant_moments_of(people: Participants) -> dict[str, float]:
    """Return what is compared with the model, by name: opinions in standard deviations, walking away in shares."""
    units = dict(zip(OUTCOMES, (*people.outcomes[:, : len(OPINIONS)].std(axis=0, ddof=1), 1.0), strict=True))
    return {f"{outcome}_{doing}": float(people.effects[doing, outcome] / units[outcome]) for doing, outcome in CLAIMS}


def participant_errors(people: Participants, resamples: int = 300, seed: int = 0) -> dict[str, float]:
    """Return the bootstrap standard error of each of these; whole dialogues are resampled."""
    rng = np.random.default_rng(seed)
    draws = [participant_moments_of(people.resampled(rng)) for _ in range(resamples)]
    return {name: float(np.nanstd([draw[name] for draw in draws], ddof=1)) for name in draws[0]}
