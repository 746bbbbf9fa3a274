"""Results as tables for a terminal."""

from collections import Counter
from collections.abc import Sequence

from rich.table import Table

from negoenv.evaluation import Interval

from ..terminal import console as console  # where tables are printed
from .compare import Comparison
from .report import Report
from .suite import Suite

_COLUMNS = {
    "deal_rate": "deal",
    "breakdown_rate": "break-\ndown",
    "walked_away_rate": "walked\naway",
    "deadline_rate": "dead-\nline",
    "price": "price",
    "surplus_share": "surplus\nshare",
    "goodwill": "good-\nwill",
    "rounds": "rounds",
}
"""Metrics that a comparison shows, and how their columns are headed."""


def comparison_table(comparison: Comparison) -> Table:
    """Return a comparison, the best policy first."""
    best = comparison.best
    table = Table(
        title=f"{best.scenario}, {best.split} split: {len(best.episodes.returns)} suppliers, the same for all",
        caption="Return and its paired difference to the best policy with 95% intervals; the others are means."
        + _scale(best),
    )
    table.add_column("policy", overflow="fold")
    scored = best.reference is not None
    for header in ("return", *(["score"] if scored else []), "less the best", *_COLUMNS.values()):
        table.add_column(header, justify="right", no_wrap=True)
    differences = comparison.differences()
    for report in comparison.reports:
        metrics = report.episodes.metrics()
        difference = "best" if report is best else _with_margin(differences[report.policy])
        means = [_number(metrics[name].mean) if name in metrics else "-" for name in _COLUMNS]
        score = [_with_margin(report.score)] if report.score else []
        table.add_row(report.policy, _with_margin(metrics["return"]), *score, difference, *means)
    return table


def report_table(report: Report) -> Table:
    """Return everything that is measured of one policy."""
    table = Table(
        title=f"{report.policy} on {report.scenario}, {report.split} split: {len(report.episodes.returns)} suppliers",
        caption=_scale(report).strip() or None,
    )
    for header in ("metric", "mean", "95% interval"):
        table.add_column(header, justify="left" if header == "metric" else "right")
    metrics = report.episodes.metrics()
    if report.score:
        metrics = {"normalised score": report.score} | metrics
    for name, interval in metrics.items():
        table.add_row(name, _number(interval.mean), f"[{_number(interval.low)}, {_number(interval.high)}]")
    for family, use in report.episodes.family_use().items():
        table.add_row(f"moves of family {family}", _number(use), "")
    return table


def _scale(report: Report) -> str:
    """Return what the normalised score means; nothing where there is none."""
    ends = report.reference
    if ends is None:
        return ""
    return f" Score: 0 is random ({ends.random:.3f}), 1 is {ends.policy} ({ends.best:.3f})."


def overall_table(suite: Suite) -> Table:
    """Return what several scenarios say together, the best policy first."""
    table = Table(
        title=f"All {len(suite.comparisons)} scenarios together",
        caption="Interquartile mean of all returns with its 95% interval (bootstrap within each scenario).",
    )
    table.add_column("policy", overflow="fold")
    for header in ("interquartile mean", "best in"):
        table.add_column(header, justify="right")
    wins = Counter(comparison.best.policy for comparison in suite.comparisons)
    for policy, interval in suite.overall.items():
        table.add_row(policy, _with_margin(interval), f"{wins[policy]} of {len(suite.comparisons)}")
    return table


def supplier_table(comparison: Comparison) -> Table:
    """Return the mean return against each kind of supplier, and the share of breakdowns."""
    table = Table(
        title=f"{comparison.best.scenario}: by kind of supplier",
        caption="Mean return, and in brackets the share of breakdowns.",
    )
    table.add_column("policy", overflow="fold")
    for kind in comparison.best.episodes.by_supplier():
        table.add_column(kind.replace("_", " "), justify="right")
    for report in comparison.reports:
        returns, breakdowns = (report.episodes.by_supplier(metric).values() for metric in ("return", "breakdown_rate"))
        table.add_row(
            report.policy, *(f"{_number(a.mean)} ({b.mean:.0%})" for a, b in zip(returns, breakdowns, strict=True))
        )
    return table


def cells_of(table: Table, leave_out: Sequence[str] = ()) -> tuple[list[str], list[list[str]]]:
    """Return headers and rows of a table as plain text, for other places than a terminal.

    Args:
        table: the table.
        leave_out: headers of columns that are left out.
    """
    columns = {str(c.header).replace("-\n", "").replace("\n", " "): map(str, c.cells) for c in table.columns}
    kept = {header: cells for header, cells in columns.items() if header not in leave_out}
    return list(kept), [list(row) for row in zip(*kept.values(), strict=True)]


def _number(value: float) -> str:
    return "-" if value != value else f"{value:.3f}"


def _with_margin(interval: Interval) -> str:
    return f"{interval.mean:.3f} ± {interval.high - interval.mean:.3f}"
