"""Everything that is computed from the human data, once more: the populations that come with negoenv, their page, its
figures.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import matplotlib as mpl
import numpy as np
from matplotlib.figure import Figure

from negoenv.colours import BLUE, GREEN, VERMILION
from negoenv.facts.figures import STYLE
from negoenv.human.check import FAR, MomentComparison, compare_signs
from negoenv.human.turns import load_shipped_turns
from negoenv.scenarios.presets import resolve

from ...reporting.files import require_folder, require_writable
from ...terminal import printed_after
from ..pages import fill, require_page, save_figure
from . import fits as c
from .modes import CHAT_NOTE, DRAWS_NOTE, EBAY_NOTE, Mode
from .sources import measured_bargains, shipped_evidence
from .tables import check_part, cross_sentence, draws_part, ebay_part, sentences, signs_part

MOMENTS_FIGURE = "human_moments.png"
ERRORS_FIGURE = "human_errors.png"
_FITTED, _OTHER, _UNSEEN = BLUE, VERMILION, GREEN
_BARS = 1.96  # 95% intervals


def moments_figure(moments: Sequence[MomentComparison]) -> Figure:
    """Draw simulated against measured moments with 95% intervals of what was measured.

    Slopes and counts above 1, and differences below 0, are left to the table.
    """
    with mpl.rc_context(STYLE):
        figure = Figure(figsize=(5.2, 5.0), layout="constrained")
        axes = figure.add_subplot()
        axes.axline((0.0, 0.0), slope=1.0, color="0.6", linewidth=0.8, zorder=0)
        for fitted, colour, marker in ((True, _FITTED, "o"), (False, _OTHER, "s")):
            part = [m for m in moments if m.fitted is fitted and 0.0 <= m.measured <= 1.0]
            measured, simulated, error = (
                np.array([getattr(m, field) for m in part]) for field in ("measured", "simulated", "error")
            )
            axes.errorbar(
                measured, simulated, xerr=_BARS * error, fmt=marker, color=colour, markersize=4, elinewidth=0.8,
                label="fitted" if fitted else "not fitted",
            )  # fmt: skip
        axes.set(xlabel="measured, with 95% interval", ylabel="simulated", xlim=(0.0, 1.0), ylim=(0.0, 1.0))
        axes.set_aspect("equal")
        axes.legend(frameon=False, loc="upper left")
    return figure


def errors_figure(moments: Sequence[MomentComparison], checks: Sequence[Sequence[MomentComparison]]) -> Figure:
    """Draw the distance of each moment in standard errors: on the data of the fit, and on unseen halves."""
    rows = np.arange(len(moments))
    with mpl.rc_context(STYLE):
        figure = Figure(figsize=(6.4, 13.0), layout="constrained")
        axes = figure.add_subplot()
        axes.axvspan(-FAR, FAR, color="0.94", zorder=0)
        axes.axvline(0.0, color="0.6", linewidth=0.8, zorder=0)
        for number, check in enumerate(checks):
            label = "fit of one half, checked on the other" if number == 0 else None
            known = {m.name: m.z for m in check}
            axes.plot([known.get(m.name, np.nan) for m in moments], rows, "|", color=_UNSEEN, alpha=0.7, label=label)
        for fitted, colour, marker in ((True, _FITTED, "o"), (False, _OTHER, "s")):
            chosen = np.array([m.fitted is fitted for m in moments])
            z = np.array([m.z for m in moments])[chosen]
            label = f"fit of all, {'fitted' if fitted else 'not fitted'}"
            axes.plot(z, rows[chosen], marker, color=colour, markersize=4, label=label)
        axes.set_yticks(rows, [m.name for m in moments], fontsize=7)
        axes.invert_yaxis()
        axes.set(xlabel="simulated less measured, in standard errors of the difference")
        figure.legend(frameon=False, loc="outside upper center", ncols=3, fontsize=8)
    return figure


def save_calibration_figures(
    moments: Sequence[MomentComparison], checks: Sequence[Sequence[MomentComparison]], folder: Path
) -> None:
    """Write both figures into a folder."""
    save_figure(moments_figure(moments), folder / MOMENTS_FIGURE)
    save_figure(errors_figure(moments, checks), folder / ERRORS_FIGURE)


SCENARIO = "Marketplace"


@dataclass(frozen=True)
class RefitEffort:
    """How much is computed."""

    draws: int = 12  # resamples that are refitted
    splits: int = 4  # splits of the cross-validation
    generations: int | None = None  # of the optimiser in every fit; what each kind of fit needs unless given
    keeps: bool = False  # whether the sellers of Marketplace stay, and only what rests on them is computed

    def of(self, mode: Mode) -> int:
        """Return the generations for one kind of fit."""
        return self.generations or mode.generations


def refit(
    populations: Path,
    text: Path,
    figures: Path,
    effort: RefitEffort,
    seed: int = 0,
    force: bool = False,
    progress: bool = True,
) -> None:
    """Fit the populations that come with negoenv, check them, and write files, figures and the tables of the page.

    Args:
        populations: folder of the population files.
        text: the page, with marks for the tables.
        figures: folder of the figures.
        effort: how much is computed.
        seed: keys simulation, resampling and optimiser.
        force: overwrite the population files.
        progress: show progress bars.

    Raises:
        NegoenvError: if a file is in the way and ``force`` is not given, or the page lacks a mark.
    """
    chats, draws_file, ebay_file = (
        populations / f"{name}.yaml" for name in ("marketplace", "marketplace_draws", "ebay")
    )
    for file in (chats, draws_file, ebay_file):
        require_writable(file, force)
    require_page(text, "moments", "signs", "draws", "ebay", "cross")
    require_folder(figures, "the figures")
    game, data, turns = resolve(SCENARIO), measured_bargains(None, None), load_shipped_turns()
    source = c.source_of(None, data, turns)

    fitted = game.train
    if not effort.keeps:
        fitted = c.fit_chats(game, data, turns, chats.stem, source, effort.of(Mode.FIT), seed, progress)
        c.write_population(chats, fitted, CHAT_NOTE, force)
        game = resolve(game, population=fitted)
    people = shipped_evidence(data)
    moments, signs = c.check_sellers(game, people, None, progress), compare_signs(game, people)

    draws = c.draw_sellers(game, data, turns, effort.draws, effort.of(Mode.DRAWS), seed, progress)
    c.write_population(draws_file, draws.population(draws_file.stem, source), DRAWS_NOTE, force)

    population, simulated, habits = c.fit_ebay(game, effort.of(Mode.EBAY), seed, progress)
    c.write_population(ebay_file, population, EBAY_NOTE, force)

    checks = c.cross_check(game, data, turns, effort.splits, effort.of(Mode.CROSS), seed, progress)
    parts = {
        "moments": check_part(moments),
        "signs": signs_part(signs),
        "draws": draws_part(draws, fitted),
        "ebay": ebay_part(simulated, habits),
        "cross": cross_sentence(checks),
    }
    with printed_after(sentences(moments), cross_sentence(checks)):
        fill(text, parts)
        save_calibration_figures(moments, checks, figures)
