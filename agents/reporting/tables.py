"""Results as sentences, and as tables for a terminal."""

from collections import Counter
from collections.abc import Iterator, Sequence

from rich.table import Table

from negoenv.benchmark.evaluation import Interval
from negoenv.benchmark.scores import Reference

from ..terminal import number_table
from .compare import Comparison, Configuration, Suite
from .report import Report
from .robustness import worst_of


def comparison_summary(comparison: Comparison) -> str:
    """Return who is best in one scenario, how far ahead of the next, and what the intervals count."""
    best, *others = comparison.configurations
    first = best.reports[0]
    sentence = (
        f"{first.scenario}, {len(first.episodes.returns):,} {first.split} suppliers: {best.name} is best with "
        f"{with_margin(comparison.mean_of(best))}"
    )
    if others:
        lead = comparison.less(best, others[0])
        learned = bool(best.seeds or others[0].seeds)
        chance = "chance" if comparison.noise.freedom or not learned else "chance among suppliers"
        sentence += f"; {others[0].name} comes next, {with_margin(lead)} lower by supplier, {_sure(lead, chance)}"
    told = f"{sentence} (± is half of the 95% interval)."
    return " ".join([told, *_counted(comparison, (best, *others[:1])), *notes(comparison.reports)])


def notes(reports: Sequence[Report]) -> list[str]:
    """Return what must be known of some policies: that they were trained on another game, or not to the end."""
    found = []
    for report in reports:
        if report.another_game:
            found.append(f"{report.policy} was trained on another game: {'; '.join(report.another_game)}.")
        training = report.training
        if training is not None and training.kept == "last" and report.steps < training.total_steps:
            steps = f"{report.steps:,} of {training.total_steps:,} steps"
            found.append(f"The training of {report.policy} was broken off after {steps}.")
    return found


def single_seeds(reports: Sequence[Report]) -> list[str]:
    """Return what the intervals of single policies count, if any of them is learned."""
    if all(report.training is None for report in reports):
        return []
    which = "Each learned policy" if len(reports) > 1 else "The policy"
    return [f"{which} is of one training seed: intervals count suppliers, not seeds."]


def with_margin(interval: Interval) -> str:
    """Return a mean and half of its interval, for example "0.586 ± 0.022"."""
    return f"{interval.mean:.3f} ± {(interval.high - interval.low) / 2:.3f}"


def _sure(lead: Interval, chance: str) -> str:
    """Return whether the lead of the best may be ``chance``."""
    if lead.low == lead.high == 0.0:
        return "the same against every supplier"
    return f"more than {chance}" if lead.low > 0.0 else f"which may be {chance}"


def _counted(comparison: Comparison, configurations: Sequence[Configuration]) -> list[str]:
    """Return what the intervals of some configurations count; nothing if none of them is learned."""
    learned = [configuration for configuration in configurations if configuration.seeds]
    if not comparison.noise.freedom:
        return single_seeds([configuration.reports[0] for configuration in configurations])
    alone = [configuration.name for configuration in learned if configuration.seeds == 1]
    scatter = f"; of {' and '.join(alone)} there is one, and the others' scatter is taken" if alone else ""
    return [f"Intervals count suppliers and training seeds{scatter}."] if learned else []


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


_TOGETHER = (
    "Below the line: means over the training seeds of a configuration and their difference to the best one, with "
    "intervals that count suppliers and seeds; above it they count suppliers only."
)


def comparison_table(comparison: Comparison) -> Table:
    """Return a comparison, the best policy first; below them what several training seeds say together."""
    best = comparison.best
    together = [configuration for configuration in comparison.configurations if configuration.seeds > 1]
    counted = [_TOGETHER] if together else single_seeds(comparison.reports)
    scored = ["score"] if best.reference is not None else []
    new = ["unseen\nkinds"] if any(report.unseen for report in comparison.reports) else []
    table = number_table(
        f"{best.scenario}, {best.split} split: {len(best.episodes.returns)} suppliers, the same for all",
        ("policy", "return", *scored, "difference\nto the best", *new, *_COLUMNS.values()), (),
        _sentences(
            "Return and its paired difference to the best policy with 95% intervals; the others are means.",
            "Unseen kinds: the return against as many suppliers of kinds that training never shows." if new else "",
            _scale(best), *counted, *notes(comparison.reports),
        ),
        no_wrap=True,
    )  # fmt: skip
    differences = comparison.differences()
    for report in comparison.reports:
        returned = report.episodes.metrics()["return"]
        difference = "best" if report is best else with_margin(differences[report.policy])
        table.add_row(
            report.policy,
            *_with_score(returned, best.reference),
            difference,
            *_unseen([report], new),
            *_means([report]),
        )
    table.add_section()
    for configuration in together:
        first = comparison.configurations[0]
        difference = "best" if configuration is first else with_margin(comparison.less(configuration, first))
        cells = _with_score(comparison.mean_of(configuration), best.reference)
        others = _unseen(configuration.reports, new)
        table.add_row(configuration.name, *cells, difference, *others, *_means(configuration.reports))
    return table


def _unseen(reports: Sequence[Report], columns: Sequence[str]) -> list[str]:
    """Return the mean return on unseen kinds of supplier, a cell for each of those columns."""
    found = [report.unseen.mean for report in reports if report.unseen is not None]
    return [_number(sum(found) / len(found)) if found else "-" for _ in columns]


def _with_score(returned: Interval, reference: Reference | None) -> list[str]:
    """Return a mean return, and where there is one its score, as cells."""
    return [with_margin(returned), *([with_margin(reference.score(returned))] if reference else [])]


def _means(reports: Sequence[Report]) -> list[str]:
    """Return the mean over some reports of each metric in `_COLUMNS` as cells."""
    each = [report.episodes.metrics() for report in reports]
    found = ([metrics[name].mean for metrics in each if name in metrics] for name in _COLUMNS)
    return [_number(sum(means) / len(means)) if means else "-" for means in found]


def report_table(report: Report) -> Table:
    """Return everything that is measured of one policy."""
    metrics = ({"normalised score": report.score} if report.score else {}) | report.episodes.metrics()
    metrics |= {"return on unseen kinds": report.unseen} if report.unseen else {}
    rows = [(name, _number(i.mean), f"[{_number(i.low)}, {_number(i.high)}]") for name, i in metrics.items()]
    for one in report.against:
        found = {"return against": one.returned, "lost to": one.lost, "survives": one.survives}
        rows += [
            (f"{name} {one.opponent}", _number(i.mean), f"[{_number(i.low)}, {_number(i.high)}]")
            for name, i in found.items()
            if i is not None
        ]
    rows += [(f"moves of family {family}", _number(use), "") for family, use in report.episodes.family_use().items()]
    return number_table(
        f"{report.policy} on {report.scenario}, {report.split} split: {len(report.episodes.returns)} suppliers",
        ("metric", "mean", "95% interval"),
        rows,
        _sentences(_scale(report), *single_seeds([report]), *notes([report])) or None,
    )


def _scale(report: Report) -> str:
    """Return what the normalised score means, or why there is none."""
    ends = report.reference
    if ends is None:
        return report.no_score
    return f"Score: 0 is random ({ends.random:.3f}), 1 is {ends.policy} ({ends.best:.3f})."


def _sentences(*sentences: str) -> str:
    """Return sentences one after the other, without those that are empty."""
    return " ".join(filter(None, sentences))


def overall_table(suite: Suite) -> Table:
    """Return what several scenarios say together, the best policy first."""
    count = len(suite.comparisons)
    wins = Counter(comparison.best.policy for comparison in suite.comparisons)
    return number_table(
        f"All {count} scenarios together",
        ("policy", "interquartile mean", "best in"),
        ((policy, with_margin(mean), f"{wins[policy]} of {count}") for policy, mean in suite.overall.items()),
        _sentences(
            "Interquartile mean of all returns with its 95% interval (bootstrap within each scenario).",
            *single_seeds([report for comparison in suite.comparisons for report in comparison.reports]),
        ),
    )


def supplier_table(comparison: Comparison) -> Table:
    """Return the mean return against each kind of supplier, and the share of breakdowns."""

    def cells(report: Report) -> Iterator[str]:
        returns, breakdowns = (report.episodes.by_supplier(metric).values() for metric in ("return", "breakdown_rate"))
        for returned, broken in zip(returns, breakdowns, strict=True):
            yield f"{_number(returned.mean)} ({broken.mean:.0%})"

    return number_table(
        f"{comparison.best.scenario}: by kind of supplier",
        ("policy", *(kind.replace("_", " ") for kind in comparison.best.episodes.by_supplier())),
        ((report.policy, *cells(report)) for report in comparison.reports),
        "Mean return, and in brackets the share of breakdowns.",
    )


def robustness_table(comparison: Comparison) -> Table | None:
    """Return what of each policy's return survives against opponents; None where none has played.

    A row for each policy and opponent, the worst of them first; policies by what they keep against their worst.
    """
    met = [(report, worst) for report in comparison.reports if (worst := worst_of(report.against)) is not None]
    if not met:
        return None
    noted = list(dict.fromkeys(name for report, _ in met for one in report.against for name in one.noted))
    return number_table(
        f"{comparison.best.scenario}: against opponents in the place of the same suppliers",
        ("policy", "return", "opponent", "against it", "lost", "survives", *noted),
        (
            (
                report.policy, with_margin(Interval.of(report.episodes.returns)), one.opponent,
                with_margin(one.returned), with_margin(one.lost), with_margin(one.survives) if one.survives else "-",
                *(_count(one.noted.get(name)) for name in noted),
            )
            for report, _ in sorted(met, key=lambda pair: -pair[1].returned.mean)
            for one in sorted(report.against, key=lambda one: one.returned.mean)
        ),
        "Returns with 95% intervals. Lost: paired by supplier. Survives: the part of a return above 0 that is left.",
    )  # fmt: skip


def comparison_tables(comparison: Comparison) -> list[Table]:
    """Return a comparison, and where opponents have played what survives against them."""
    against = robustness_table(comparison)
    return [comparison_table(comparison), *([against] if against else [])]


def cells_of(table: Table, leave_out: Sequence[str] = ()) -> tuple[list[str], list[list[str]]]:
    """Return headers and rows of a table as plain text, for other places than a terminal.

    Args:
        table: the table.
        leave_out: headers of columns that are left out.
    """
    columns = {str(c.header).replace("-\n", "").replace("\n", " "): map(str, c.cells) for c in table.columns}
    kept = {header: cells for header, cells in columns.items() if header not in leave_out}
    return list(kept), [list(row) for row in zip(*kept.values(), strict=True)]


def _count(value: float | None) -> str:
    """Return a count, or a mean that is none."""
    return "-" if value is None else str(value) if isinstance(value, int) else _number(value)


def _number(value: float) -> str:
    return "-" if value != value else f"{value:.3f}"
