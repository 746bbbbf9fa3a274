"""The playtest as plain data, as tables for a terminal, on disk, and as a record of what its scores are worth."""

import shlex
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rich.table import Table

import negoenv
from negoenv.benchmark.scores import SPLIT, Reference, fingerprint
from negoenv.facts.card import in_words
from negoenv.make import make_batch

from ...reporting.files import write_json, write_text
from ...reporting.report import EVALUATION_SEED
from ...terminal import number_table
from ..pages import seen_from
from .page import numbers, playtest_page
from .run import Playtest
from .settings import Settings
from .verdict import Criterion, ScenarioResult


def measured_reference(result: ScenarioResult, settings: Settings) -> Reference:
    """Return what 0 and 1 of a preset's normalised score are worth: the random policy and the best of all that played.

    Args:
        result: what was found for the preset.
        settings: how thoroughly.

    Raises:
        NegoenvError: if the result is not a preset's.
    """
    standings = result.standings
    random, best = standings.ends
    sizes = ("steps", "seeds", "episodes", "reference_episodes", "recurrent_steps")
    options = [word for name in sizes for word in (f"--{name.replace('_', '-')}", str(getattr(settings, name)))]
    part = "capabilities" if result.families is None else "families"
    command = ["negoenv", "playtest", "--scenario", result.scenario, "--part", part, *options, "--record"]
    return Reference(
        scenario=result.scenario,
        split=SPLIT,
        fingerprint=fingerprint(make_batch(1, result.scenario, SPLIT)),
        random=random,
        best=best,
        policy=standings.best,
        seed=EVALUATION_SEED,
        episodes=settings.episodes,
        version=negoenv.__version__,
        command=shlex.join(command),
    )


def standings_table(result: ScenarioResult) -> Table:
    """Return who wins a scenario as a table for a terminal."""
    rows = [(row.name, in_words(row.returned), in_words(row.score)) for row in result.standings.rows]
    caption = f"Normalised: 0 random, 1 {result.standings.best}."
    return number_table(f"{result.scenario}, held-out suppliers", ("player", "return", "normalised"), rows, caption)


def verdict_table(lines: Sequence[Criterion]) -> Table:
    """Return the verdict as a table for a terminal."""
    table = Table(title="A game worth learning", show_lines=True)
    for header, ratio in (("must hold", 3), ("mean and 95% interval", 4), ("verdict", None)):
        table.add_column(header, ratio=ratio)
    for line in lines:
        table.add_row(line.criterion, "\n".join(numbers(line)), line.verdict)
    return table


def write_playtest(
    played: Playtest, json_file: Path | None, page: Path | None, figures: Path | None, force: bool = False
) -> None:
    """Write what was asked for.

    Args:
        played: what was found.
        json_file: all numbers, as JSON.
        page: the report, as Markdown.
        figures: folder of the figures; the page shows them.
        force: whether files may be overwritten.

    Raises:
        NegoenvError: if a file exists and ``force`` is not given.
    """
    write_json(json_file, playtest_dict(played), force)
    if figures is not None:
        from .result_figures import save_playtest_figures  # matplotlib takes a second to import

        save_playtest_figures(played.results, figures)
    if page is not None:
        write_text(page, playtest_page(played, lambda scenario, kind: _beside(figures, page, scenario, kind)))


def _beside(figures: Path | None, page: Path, scenario: str, kind: str) -> str | None:
    """Return the path of a figure as seen from the page."""
    if figures is None:
        return None
    from .result_figures import playtest_figure_name

    return seen_from(page, figures / playtest_figure_name(scenario, kind))


def playtest_dict(played: Playtest) -> dict[str, Any]:
    """Return everything, for `agents.reporting.files.write_json`."""
    return {
        "settings": played.settings,
        "verdict": [
            {
                "criterion": line.criterion,
                "verdict": line.verdict,
                "note": line.note,
                "effects": [effect.as_dict() for effect in line.effects],
            }
            for line in played.lines
        ],
        "scenarios": {result.scenario: result for result in played.results},
    }
