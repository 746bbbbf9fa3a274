"""A comparison as one page that needs nothing else: tables that sort, figures, transcripts."""

import base64
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from rich.table import Table

from negoenv.errors import unknown_name

from .directory import load_suite, transcript_key
from .figures.catalogue import of_comparison, of_report, of_suite
from .figures.files import Named, save_pictures
from .figures.theme import DARK, LIGHT
from .files import new_directory
from .suite import Suite
from .summary import summary
from .tables import cells_of, comparison_table, overall_table, supplier_table
from .tags import BETTER, FAILS, NEGOTIATES, QUESTIONS

PAGE = "index.html"
FIGURES = "figures"
_TEMPLATE = "page.html.j2"
_TOLD = {NEGOTIATES: ("best", "typical"), FAILS: ("worst", "breakdown")}


@dataclass
class Part:
    """What a section of the page says of one scenario, or of all together."""

    heading: str
    tables: list[dict[str, object]] = field(default_factory=list)
    pictures: list[dict[str, object]] = field(default_factory=list)
    transcripts: list[dict[str, str]] = field(default_factory=list)


def named_pictures(suite: Suite) -> list[Named]:
    """Return every figure of a comparison with the name of its files: the scenario's, or "all", then its own."""
    pictures = [(f"all_{picture.name}", picture) for picture in of_suite(suite)]
    for comparison in suite.comparisons:
        best = [
            replace(p, name=f"best_{p.name}", title=f"{p.title}: {comparison.best.policy}, the best")
            for p in of_report(comparison.best)
        ]
        found = [*of_comparison(comparison), *best]
        pictures += [(f"{comparison.best.scenario.lower()}_{picture.name}", picture) for picture in found]
    return pictures


def write_page(directory: Path, out: Path, force: bool = False, progress: bool = False) -> Path:
    """Write the page of a comparison, and its figures as files.

    Args:
        directory: what `agents.reporting.directory.write_suite` wrote.
        out: a new folder; ``index.html`` and ``figures/`` are written into it.
        force: whether the folder may hold something, which is written over.
        progress: whether to show a progress bar, if stderr is a terminal.

    Returns:
        The path of the page.

    Raises:
        NegoenvError: if there is no comparison, or ``out`` holds something and ``force`` is not given.
    """
    suite, folders = load_suite(directory)
    if not force:
        new_directory(out)
    pictures = named_pictures(suite)
    save_pictures(pictures, out / FIGURES, progress=progress)
    sections = [
        {"key": key, "question": question, "parts": _parts(key, suite, pictures, out / FIGURES, folders)}
        for key, question in QUESTIONS.items()
    ]
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    names = [comparison.best.scenario for comparison in suite.comparisons]
    count = len({report.policy for comparison in suite.comparisons for report in comparison.reports})
    page = environment.get_template(_TEMPLATE).render(
        title=f"{count} policies on {', '.join(names)}", summary=list(map(summary, suite.comparisons)),
        sections=sections, light=LIGHT, dark=DARK,
    )  # fmt: skip
    (out / PAGE).write_text(page, encoding="utf-8")
    return out / PAGE


def write_pictures(directory: Path, folder: Path, wanted: Sequence[str], progress: bool = False) -> None:
    """Write some figures of a comparison as PNG, light and dark, into a folder; files in it are written over.

    Args:
        directory: what `agents.reporting.directory.write_suite` wrote.
        folder: where the files go.
        wanted: names of figures: "returns" for that of every scenario, or "procurement_returns" for one.
        progress: whether to show a progress bar, if stderr is a terminal.

    Raises:
        NegoenvError: if there is no comparison, or no figure of a name.
    """
    suite, _ = load_suite(directory)
    known = named_pictures(suite)
    names = dict.fromkeys(name for full, picture in known for name in (picture.name, full))
    for name in wanted:
        if name not in names:
            raise unknown_name("figure", name, names)
    chosen = [(full, picture) for full, picture in known if {full, picture.name} & set(wanted)]
    save_pictures(chosen, folder, vector=False, progress=progress)


def _parts(key: str, suite: Suite, pictures: Sequence[Named], folder: Path, folders: dict[str, Path]) -> list[Part]:
    """Return what there is to answer one question with."""
    several = len(suite.comparisons) > 1
    together = Part("All scenarios together" if several else "")
    together.pictures = _embedded(key, "all_", pictures, folder)
    if key == BETTER and several:
        together.tables.append(_plain(overall_table(suite)))
    parts = [together]
    for comparison in suite.comparisons:
        part = Part(comparison.best.scenario if several else "")
        if key == BETTER:
            part.tables.append(_plain(comparison_table(comparison)))
        if key == FAILS and comparison.best.episodes.by_supplier():
            part.tables.append(_plain(supplier_table(comparison)))
        part.pictures = _embedded(key, f"{comparison.best.scenario.lower()}_", pictures, folder)
        for report in comparison.reports:
            part.transcripts += _transcripts(folders[transcript_key(report)], _TOLD.get(key, ()))
        parts.append(part)
    return parts if several else list(reversed(parts))


def _plain(table: Table) -> dict[str, object]:
    headers, rows = cells_of(table)
    return {"title": table.title, "caption": table.caption or "", "headers": headers, "rows": rows}


def _embedded(key: str, prefix: str, pictures: Sequence[Named], folder: Path) -> list[dict[str, object]]:
    """Return the figures that answer a question, whose names begin with ``prefix``, with their images inside."""
    return [
        {
            "title": picture.title, "caption": picture.caption, "small": picture.small,
            **{theme.name: _data_uri(folder / f"{name}_{theme.name}.svg") for theme in (LIGHT, DARK)},
        }
        for name, picture in pictures
        if picture.question == key and name.startswith(prefix)
    ]  # fmt: skip


def _data_uri(path: Path) -> str:
    return f"data:image/svg+xml;base64,{base64.b64encode(path.read_bytes()).decode('ascii')}"


def _transcripts(folder: Path, names: Sequence[str]) -> list[dict[str, str]]:
    """Return the transcripts of a run that are there; the first line of each is its title."""
    found = []
    for name in names:
        path = folder / f"{name}.txt"
        if path.is_file():
            title, _, text = path.read_text(encoding="utf-8").partition("\n")
            found.append({"title": title, "text": text.strip()})
    return found
