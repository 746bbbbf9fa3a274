"""The playtest as plain data, as tables for a terminal, and on disk."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from rich.table import Table

from negoenv.facts.card import in_words
from negoenv.facts.fact import Effect

from ...reporting.files import write_json, write_text
from ..pages import seen_from
from .page import markdown, numbers
from .result import Result
from .run import Playtest
from .verdict import Line


def standings_table(result: Result) -> Table:
    """Return who wins a scenario as a table for a terminal."""
    standings = result.standings
    table = Table(title=f"{result.scenario}, held-out suppliers", caption=f"Normalised: 0 random, 1 {standings.best}.")
    for header in ("player", "return", "normalised"):
        table.add_column(header, justify="left" if header == "player" else "right")
    for row in standings.rows:
        table.add_row(row.name, in_words(row.returned), in_words(row.score))
    return table


def verdict_table(lines: Sequence[Line]) -> Table:
    """Return the verdict as a table for a terminal."""
    table = Table(title="A game worth learning", show_lines=True)
    for header, ratio in (("must hold", 3), ("mean and 95% interval", 4), ("verdict", None)):
        table.add_column(header, ratio=ratio)
    for line in lines:
        table.add_row(line.criterion, "\n".join(numbers(line)), line.verdict)
    return table


def write(
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
    write_json(json_file, as_dict(played), force)
    if figures is not None:
        from .figures import save  # matplotlib takes a second to import

        save(played.results, figures)
    if page is not None:
        write_text(page, markdown(played, lambda scenario, kind: _beside(figures, page, scenario, kind)))


def _beside(figures: Path | None, page: Path, scenario: str, kind: str) -> str | None:
    """Return the path of a figure as seen from the page."""
    if figures is None:
        return None
    from .figures import file_name

    return seen_from(page, figures / file_name(scenario, kind))


def as_dict(played: Playtest) -> dict[str, Any]:
    """Return everything as plain data."""
    return {
        "settings": played.settings.as_dict(),
        "verdict": [
            {
                "criterion": line.criterion,
                "verdict": line.verdict,
                "note": line.note,
                "effects": [_effect(effect) for effect in line.effects],
            }
            for line in played.lines
        ],
        "scenarios": {result.scenario: _plain(asdict(result)) for result in played.results},
    }


def _effect(effect: Effect) -> dict[str, Any]:
    return {
        "name": effect.name, **asdict(effect.interval), "criterion": effect.criterion, "holds": effect.holds,
    }  # fmt: skip


def _plain(value: Any) -> Any:
    """Return a value with paths as text."""
    if isinstance(value, Mapping):
        return {name: _plain(inner) for name, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(inner) for inner in value]
    return str(value) if isinstance(value, Path) else value
