"""Results together: those of a sweep as Parquet and as means over seeds and scenarios, the best trials of a search."""

import io
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from rich.table import Table

from negoenv.benchmark.evaluation import Interval, interquartile_mean

from ..extras import needed
from ..reporting.files import write_bytes
from ..reporting.statistics import stratified_iqm
from ..reporting.tables import with_margin
from ..terminal import number_table

Row = dict[str, Any]
ALL = "all scenarios"

_SHOWN = 5  # trials of a search
_LEAST = 2  # seeds for an interval


@dataclass(frozen=True)
class SweepStanding:
    """What the trials of a group come to, in one scenario or in all.

    Attributes:
        group: configuration and changes.
        scenario: name of the game, or `ALL`.
        seeds: how many trials of each scenario, at least.
        returned: interquartile mean of their returns on test suppliers, with its 95% interval over the seeds; None
            over several scenarios, whose returns do not compare.
        score: the same of the normalised scores; None where there are none.
        validation: interquartile mean of the returns on validation suppliers, to choose by; None as of returns.
    """

    group: str
    scenario: str
    seeds: int
    returned: Interval | None
    score: Interval | None
    validation: Interval | None


def write_table(rows: Sequence[Row], path: Path) -> None:
    """Write the results as a Parquet file, a row each, in their order; columns that some lack are null there.

    Values of a changed key that are not all numbers, or all truth values, are written as JSON.
    """
    arrow, parquet = (needed(f"pyarrow{part}", "sweep", "A table in Parquet") for part in ("", ".parquet"))
    names = list(dict.fromkeys(name for row in rows for name in row))
    columns = {name: arrow.array(_alike([row.get(name) for row in rows])) for name in names}
    content = io.BytesIO()
    parquet.write_table(arrow.table(columns), content)
    write_bytes(path, content.getvalue())


def _alike(values: list[Any]) -> list[Any]:
    """Return values that are of one kind: as they are if they are, else as JSON."""
    kinds = {type(value) for value in values if value is not None}
    if kinds == {int, float}:
        return [value if value is None else float(value) for value in values]
    if len(kinds) < 2 and not kinds & {list, dict, tuple}:
        return values
    return [value if value is None else json.dumps(value) for value in values]


def sweep_standings(rows: Iterable[Row]) -> list[SweepStanding]:
    """Return what each group comes to by scenario, and over all scenarios where it has trials in several."""
    by_group: dict[str, dict[str, list[Row]]] = {}
    for row in rows:
        by_group.setdefault(row["group"], {}).setdefault(row["scenario"], []).append(row)
    found = []
    for group, by_scenario in by_group.items():
        for scenario, trials in by_scenario.items():
            numbers = [_together([trials], name) for name in ("return", "score", "validation_return")]
            found.append(SweepStanding(group, scenario, len(trials), *numbers))
        if len(by_scenario) > 1:
            least = min(map(len, by_scenario.values()))
            score = _together([*by_scenario.values()], "score")
            found.append(SweepStanding(group, ALL, least, None, score, None))
    return found


def _together(strata: Sequence[Sequence[Row]], name: str) -> Interval | None:
    """Return the interquartile mean of a column over trials, by scenario; without bounds if one has a single seed."""
    values = [[row.get(name) for row in trials] for trials in strata]
    if any(value is None for stratum in values for value in stratum):
        return None
    numbers = [np.array(stratum, np.float64) for stratum in values]
    mean = interquartile_mean(np.concatenate(numbers))
    if min(map(len, numbers)) < _LEAST:
        return Interval(mean, float("nan"), float("nan"))
    if all(np.ptp(stratum) == 0.0 for stratum in numbers):  # nothing to resample
        return Interval(mean, mean, mean)
    return stratified_iqm(numbers)


def sweep_table(name: str, found: Sequence[SweepStanding]) -> Table:
    """Return standings as a table, of each scenario the best by validation first."""
    order = {scenario: number for number, scenario in enumerate(dict.fromkeys(s.scenario for s in found))}
    ranked = sorted(found, key=lambda s: (order[s.scenario], -_or_least(s.validation or s.score)))
    return number_table(
        f"Sweep {name}: interquartile means over seeds",
        ("trained", "scenario", "seeds", "validation return", "test return", "test score"),
        (
            (s.group, s.scenario, str(s.seeds), *(_cell(value) for value in (s.validation, s.returned, s.score)))
            for s in ranked
        ),
        "± is half of the 95% interval (percentile bootstrap over seeds, within each scenario), which few seeds make "
        "too narrow. Choose by validation; the test split reports.",
    )


def trials_table(name: str, study: Any, keys: Iterable[str]) -> Table:
    """Return the best trials of a search as a table, with the values of its keys.

    Args:
        name: of the search.
        study: Optuna's, see `agents.sweeps.study`.
        keys: what was searched.
    """
    trials, keys = study.get_trials(deepcopy=False), tuple(keys)
    ended = [trial for trial in trials if trial.state.name == "COMPLETE"]
    pruned = sum(trial.state.name == "PRUNED" for trial in trials)
    return number_table(
        f"Search {name}: the best of {len(ended)} trials, and {pruned} that were pruned",
        ("trial", "validation return", *(key.rpartition(".")[2] for key in keys)),
        (
            (str(trial.number), f"{trial.value:.3f}", *(_setting(trial.params[key]) for key in keys))
            for trial in sorted(ended, key=lambda trial: -trial.value)[:_SHOWN]
        ),
    )


def _setting(value: Any) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def _cell(value: Interval | None) -> str:
    if value is None:
        return "-"
    return f"{value.mean:.3f}" if np.isnan(value.low) else with_margin(value)


def _or_least(value: Interval | None) -> float:
    return -np.inf if value is None else value.mean
