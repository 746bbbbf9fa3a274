"""Which figures there are: of one policy, of a comparison, of several scenarios; and how they become files."""

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from matplotlib.figure import Figure

from ...parallel import in_parallel
from ..compare import Comparison, Suite
from ..files import write_bytes
from ..progress import bar
from ..report import Report
from ..tags import BETTER, FAILS, LEARNS, NEGOTIATES, START
from . import charts
from .drawing import LearningCurve, draw_guide, has_prices
from .heatmaps import has_choice
from .theme import THEMES, Theme, drawing, png, svg

_CARD_ROWS = 11  # rows of a table that can be read on a card
_FAN = (
    "Median, quartiles (dark) and deciles (pale) of the standing offer and ask among the negotiations that are still "
    "open; rounds that fewer than 3% reach are left out."
)
_ENDED = " Below it the share that has ended, and how."
_MOVES = "Share of the moves that are made in a round, by the negotiations that are still open."
_PLAYED = " Moves that were never played are left out."
_CHOICE = (
    "What is played most after the first round, by the pressure that has been built up and the strain that the buyer "
    "sees (at 1 the supplier is about to leave). Pale cells are divided among several choices; cells with next to no "
    "moves are empty."
)


@dataclass(frozen=True)
class Picture:
    """One figure."""

    question: str  # the group of `tags` that it stands in; those of `tags.QUESTIONS` are on the page, too
    name: str  # of its file
    title: str  # what it shows
    caption: str  # how to read it
    draw: Callable[[Theme], Figure]  # draws it; to be called within `agents.reporting.figures.theme.drawing`
    small: bool = True  # whether it can be read at the size of a card of TensorBoard


def of_report(report: Report) -> list[Picture]:
    """Return the figures of one policy, as far as its episodes were traced."""
    episodes = report.episodes
    found = []
    if has_prices(episodes):
        draw = partial(charts.prices, report)
        found.append(Picture(NEGOTIATES, "offers_and_asks", "Offer and ask by round", _FAN + _ENDED, draw))
    if episodes.trace is not None:
        draw = partial(charts.tactics, report)
        found.append(Picture(NEGOTIATES, "tactics_by_round", "Tactics by round", _MOVES, draw))
        draw = partial(charts.moves, report)
        found.append(Picture(NEGOTIATES, "moves_by_round", "Moves by round", _MOVES + _PLAYED, draw, small=False))
    if has_choice(episodes):
        draw = partial(charts.choices, [report])
        found.append(Picture(NEGOTIATES, "choice", "Choice by pressure and strain", _CHOICE, draw))
    return found


def of_comparison(comparison: Comparison) -> list[Picture]:
    """Return the figures of several policies in one scenario."""
    reports = comparison.reports
    return [*_better(comparison), *_negotiate(reports), *_fail(reports)]


def _better(comparison: Comparison) -> list[Picture]:
    return [
        Picture(
            BETTER,
            "returns",
            "Mean return",
            "Mean return on the same held-out suppliers, with its 95% interval. Policies in bold are not scripted. "
            "Trainings that differ by their seed alone are one row, whose interval counts suppliers and seeds.",
            partial(charts.returns, comparison),
        ),
        Picture(
            BETTER,
            "differences",
            "Difference to the best policy",
            "Mean difference in return to the best policy, supplier by supplier, with its 95% interval: where that "
            "does not reach 0, the best is better.",
            partial(charts.differences_to_best, comparison),
        ),
    ]


def _negotiate(reports: Sequence[Report]) -> list[Picture]:
    traced = [report for report in reports if report.episodes.trace is not None]
    priced = [report for report in traced if has_prices(report.episodes)]
    mapped = [report for report in traced if has_choice(report.episodes)]
    found = []
    if priced:
        draw = partial(charts.all_prices, priced)
        found.append(Picture(NEGOTIATES, "prices", "Offer and ask by round", _FAN, draw, small=False))
    if traced:
        draw = partial(charts.all_moves, traced)
        found.append(Picture(NEGOTIATES, "tactics", "Use of tactics by round", _MOVES, draw, small=False))
    if mapped:
        draw = partial(charts.choices, mapped)
        found.append(Picture(NEGOTIATES, "choices", "Choice by pressure and strain", _CHOICE, draw, small=False))
    return found


def _fail(reports: Sequence[Report]) -> list[Picture]:
    caption = "Share of the negotiations that end in each way, the best policy on top."
    found = [Picture(FAILS, "outcomes", "How negotiations end", caption, partial(charts.outcomes, reports))]
    if len(reports[0].episodes.suppliers):
        for name, metric, title in (
            ("returns_by_kind", "return", "Return by kind of supplier"),
            ("breakdowns_by_kind", "breakdown_rate", "Breakdowns by kind of supplier"),
        ):
            caption = f"{title}, which is hidden from the policies; the best policy on top."
            draw = partial(charts.kinds, reports, metric)
            found.append(Picture(FAILS, name, title, caption, draw, small=len(reports) <= _CARD_ROWS))
    return found


def of_suite(suite: Suite) -> list[Picture]:
    """Return the figures of all scenarios together."""
    everywhere = suite.returns()
    returns = {policy: everywhere[policy] for policy in suite.overall}
    found = [
        Picture(
            BETTER,
            "middle",
            "Interquartile means",
            "Mean return of the middle half of all negotiations, which neither disasters nor triumphs move, with the "
            "95% interval of a bootstrap within each scenario.",
            partial(charts.middle, suite.overall),
        ),
        Picture(
            BETTER,
            "profile",
            "Performance profile",
            "Share of the negotiations that return at least so much, each scenario with equal weight, with 95% "
            "intervals. A curve that lies above another everywhere is the better policy.",
            partial(charts.profile, returns),
            small=False,
        ),
    ]
    if len(suite.comparisons) > 1:
        names = [comparison.best.scenario for comparison in suite.comparisons]
        draw = partial(charts.scenarios, returns, names)
        caption = "Mean return of each policy in each scenario."
        found.append(Picture(BETTER, "scenarios", "Mean return by scenario", caption, draw))
    return found


def of_training(policy: str, curves: Mapping[str, LearningCurve]) -> Picture:
    """Return the learning curve of a run, from its returns by split."""
    caption = "Mean return by environment step, with its 95% interval, on suppliers of training, validation and test."
    return Picture(LEARNS, "learning_curve", "Learning curve", caption, partial(charts.learning, policy, curves))


def guide(title: str, facts: Sequence[str], places: Mapping[str, str]) -> Picture:
    """Return what a board shows and where to look as a figure."""
    caption = "What this board shows, and where each question is answered."
    return Picture(START, "guide", "Guide", caption, partial(draw_guide, title, facts, places))


_WORTH_A_PROCESS = 15  # figures; drawing them takes far longer than starting a process does

NamedPicture = tuple[str, Picture]
"""The name of a file, without theme and ending, and what is in it."""


def save_pictures(
    pictures: Sequence[NamedPicture],
    folder: Path,
    vector: bool = True,
    progress: bool = False,
    processes: int | None = None,
) -> None:
    """Write each figure as ``<name>_light.png`` and ``<name>_dark.png``, and as SVG, too.

    Args:
        pictures: the figures, each with the name of its files.
        folder: where they are written; made if need be, files in it are overwritten.
        vector: whether SVG is written beside PNG.
        progress: whether to show a progress bar, if stderr is a terminal.
        processes: how many draw side by side; unless given, as many as there are cores and enough figures for.
    """
    processes = processes or max(1, min(os.cpu_count() or 1, len(pictures) // _WORTH_A_PROCESS))
    calls = [(named, folder, vector) for named in pictures]
    with bar(len(calls), "Drawing", progress, "figures") as shown:
        for _ in in_parallel(_save, calls, processes):
            shown.update()


def _save(named: NamedPicture, folder: Path, vector: bool) -> None:
    """Write one figure in both themes."""
    name, picture = named
    for theme in THEMES:
        path = folder / f"{name}_{theme.name}"
        with drawing(theme):
            figure = picture.draw(theme)
            write_bytes(path.with_name(f"{path.name}.png"), png(figure))
            figure.set_layout_engine("none")  # as it was laid out; doing it again takes as long as drawing
            if vector:
                write_bytes(path.with_name(f"{path.name}.svg"), svg(figure))
