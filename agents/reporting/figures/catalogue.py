"""Which figures there are: of one policy, of a comparison, and of several scenarios together."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from matplotlib.figure import Figure

from ..compare import Comparison
from ..report import Report
from ..suite import Suite
from . import charts
from .prices import has_prices
from .tactics import has_choice
from .theme import Theme

BETTER, NEGOTIATES, FAILS = "1_which_is_better", "2_how_it_negotiates", "3_where_it_fails"
QUESTIONS = {
    BETTER: "Which policy is better, and how sure is that?",
    NEGOTIATES: "How does it negotiate?",
    FAILS: "Where does it fail?",
}
"""What figures and transcripts answer, by key, in the order in which one asks."""

_FAN = (
    "Median, quartiles (dark) and deciles (pale) of the standing offer and ask among the negotiations that are still "
    "open; rounds that fewer than 3% reach are left out."
)
_MOVES = "Share of the moves that are made in a round, by the negotiations that are still open."
_CHOICE = (
    "What is played most after the first round, by the pressure that has been built up and the mood as it seems to "
    "the buyer (at 1 the supplier is about to leave). Pale cells are divided among several choices; cells with next to "
    "no moves are empty."
)


@dataclass(frozen=True)
class Picture:
    """One figure.

    Attributes:
        question: which of `QUESTIONS` it answers, by key.
        name: of its file.
        title: what it shows.
        caption: how to read it.
        draw: draws it; to be called within `agents.reporting.figures.theme.drawing`.
    """

    question: str
    name: str
    title: str
    caption: str
    draw: Callable[[Theme], Figure]


def of_report(report: Report) -> list[Picture]:
    """Return the figures of one policy, as far as its episodes were traced."""
    episodes = report.episodes
    found = []
    if has_prices(episodes):
        found.append(("offers_and_asks", "Offer and ask by round", _FAN, partial(charts.prices, report)))
    if episodes.trace is not None:
        found.append(("moves_by_round", "Moves by round", _MOVES, partial(charts.moves, report)))
    if has_choice(episodes):
        found.append(("choice", "Choice over pressure and mood", _CHOICE, partial(charts.choices, [report])))
    return [Picture(NEGOTIATES, *parts) for parts in found]


def of_comparison(comparison: Comparison) -> list[Picture]:
    """Return the figures of several policies in one scenario."""
    reports = comparison.reports
    traced = [report for report in reports if report.episodes.trace is not None]
    priced = [report for report in traced if has_prices(report.episodes)]
    mapped = [report for report in traced if has_choice(report.episodes)]
    found = [
        Picture(
            BETTER,
            "returns",
            "Mean return",
            "Mean return on the same held-out suppliers, with its 95% interval.",
            partial(charts.returns, comparison),
        ),
        Picture(
            BETTER,
            "returns_less_the_best",
            "What each policy lacks to the best",
            "Mean difference in return to the best policy, supplier by supplier, with its 95% interval: where that "
            "does not reach 0, the best is better.",
            partial(charts.differences, comparison),
        ),
    ]
    if priced:
        draw = partial(charts.all_prices, priced)
        found.append(Picture(NEGOTIATES, "prices", "Offer and ask by round", _FAN, draw))
    if traced:
        draw = partial(charts.all_moves, traced)
        found.append(Picture(NEGOTIATES, "tactics", "Use of tactics by round", _MOVES, draw))
    if mapped:
        draw = partial(charts.choices, mapped)
        found.append(Picture(NEGOTIATES, "choices", "Choice over pressure and mood", _CHOICE, draw))
    caption = "Share of the negotiations that end in each way, the best policy on top."
    found.append(Picture(FAILS, "outcomes", "How negotiations end", caption, partial(charts.outcomes, reports)))
    if len(reports[0].episodes.suppliers):
        caption = "Mean return, and share of breakdowns, against each hidden kind of supplier."
        draw = partial(charts.kinds, reports)
        found.append(Picture(FAILS, "suppliers", "What each kind of supplier yields", caption, draw))
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
        ),
    ]
    if len(suite.comparisons) > 1:
        names = [comparison.best.scenario for comparison in suite.comparisons]
        draw = partial(charts.scenarios, returns, names)
        caption = "Mean return of each policy in each scenario."
        found.append(Picture(BETTER, "scenarios", "Mean return by scenario", caption, draw))
    return found
