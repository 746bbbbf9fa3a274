"""A comparison as one page that needs nothing else: tables that sort, figures, transcripts."""

import base64
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import count
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from rich.table import Table

from negoenv.errors import NegoenvError, unknown_name

from .compare import Suite
from .figures.pictures import Picture, of_comparison, of_report, of_suite, save_pictures
from .figures.theme import DARK, LIGHT
from .files import require_folder, write_text
from .loading import Loaded, load_comparison
from .lock import alone_in, new_work
from .tables import cells_of, comparison_summary, comparison_tables, overall_table, supplier_table
from .tags import BETTER, FAILS, NEGOTIATES, QUESTIONS

PAGE = "index.html"
FIGURES = "figures"
_ALL = "all"  # what figures of all scenarios together are called by
_TEMPLATE = "page.html.j2"
_TOLD = {NEGOTIATES: ("best", "typical"), FAILS: ("worst", "breakdown")}


@dataclass
class Part:
    """What a section of the page says of one scenario, or of all together."""

    heading: str
    tables: list[dict[str, object]] = field(default_factory=list)
    pictures: list[dict[str, object]] = field(default_factory=list)
    transcripts: list[dict[str, str]] = field(default_factory=list)


@dataclass(frozen=True)
class Drawing:
    """A figure of a comparison."""

    file: str  # name of its files, without theme and ending
    scenario: str  # of what it shows; empty for all scenarios together
    picture: Picture  # what is drawn


def drawings(suite: Suite) -> list[Drawing]:
    """Return every figure of a comparison; its files are called by the scenario, or "all", and its own name."""
    found = [Drawing(f"{_ALL}_{picture.name}", "", picture) for picture in of_suite(suite)]
    taken = {_ALL}
    for comparison in suite.comparisons:
        best = [
            replace(p, name=f"best_{p.name}", title=f"{p.title}: {comparison.best.policy}, the best")
            for p in of_report(comparison.best)
        ]
        scenario = comparison.best.scenario
        stem = next(name for name in _stems(scenario.lower()) if name not in taken)
        taken.add(stem)
        found += [Drawing(f"{stem}_{p.name}", scenario, p) for p in (*of_comparison(comparison), *best)]
    return found


def _stems(name: str) -> Iterator[str]:
    """Yield a name, and others for where it is taken: scenarios may differ by capitals alone."""
    yield name
    yield from (f"{name}-{number}" for number in count(2))


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
        NegoenvError: if there is no whole comparison, or ``out`` holds something and ``force`` is not given.
    """
    loaded = load_comparison(directory)
    _require_no_links(out, out / FIGURES)
    with alone_in(out) if force else new_work(out):
        drawn = drawings(loaded.suite)
        save_pictures([(one.file, one.picture) for one in drawn], out / FIGURES, progress=progress)
        sections = [
            {"key": key, "question": question, "parts": _parts(key, loaded, drawn, out / FIGURES)}
            for key, question in QUESTIONS.items()
        ]
        write_text(out / PAGE, _rendered(loaded.suite, sections))
    return out / PAGE


def _require_no_links(*folders: Path) -> None:
    """Refuse links, which in somebody else's directory may lead anywhere."""
    for folder in folders:
        if folder.is_symlink():
            raise NegoenvError(f"{folder} is a link; name a folder with --out.")


def _rendered(suite: Suite, sections: Sequence[Mapping[str, object]]) -> str:
    """Return the page as HTML; jinja escapes every name in it."""
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    names = [comparison.best.scenario for comparison in suite.comparisons]
    count = len({report.policy for comparison in suite.comparisons for report in comparison.reports})
    return environment.get_template(_TEMPLATE).render(
        title=f"{count} policies on {', '.join(names)}", summary=list(map(comparison_summary, suite.comparisons)),
        sections=sections, light=LIGHT, dark=DARK,
    )  # fmt: skip


def write_pictures(directory: Path, folder: Path, wanted: Sequence[str], progress: bool = False) -> None:
    """Write some figures of a comparison as PNG, light and dark, into a folder; files in it are written over.

    Args:
        directory: what `agents.reporting.directory.write_suite` wrote.
        folder: where the files go.
        wanted: names of figures: "returns" for that of every scenario, or "procurement_returns" for one.
        progress: whether to show a progress bar, if stderr is a terminal.

    Raises:
        NegoenvError: if there is no whole comparison, no figure of a name, or the folder cannot be written.
    """
    known = drawings(load_comparison(directory).suite)
    names = dict.fromkeys(name for one in known for name in (one.picture.name, one.file))
    for name in wanted:
        if name not in names:
            raise unknown_name("figure", name, names)
    _require_no_links(folder)
    require_folder(folder, "the figures")
    chosen = [(one.file, one.picture) for one in known if {one.file, one.picture.name} & set(wanted)]
    save_pictures(chosen, folder, vector=False, progress=progress)


def _parts(key: str, loaded: Loaded, drawn: Sequence[Drawing], folder: Path) -> list[Part]:
    """Return what there is to answer one question with."""
    comparisons = loaded.suite.comparisons
    several = len(comparisons) > 1

    def pictures(scenario: str) -> list[dict[str, object]]:
        chosen = (one for one in drawn if (one.scenario, one.picture.question) == (scenario, key))
        return [_embedded(one, folder) for one in chosen]

    together = Part("All scenarios together" if several else "", pictures=pictures(""))
    if key == BETTER and several:
        together.tables.append(_plain(overall_table(loaded.suite)))
    parts = [together]
    for comparison in comparisons:
        scenario = comparison.best.scenario
        part = Part(scenario if several else "", pictures=pictures(scenario))
        if key == BETTER:
            part.tables += [_plain(table) for table in comparison_tables(comparison)]
        if key == FAILS and comparison.best.episodes.by_supplier():
            part.tables.append(_plain(supplier_table(comparison)))
        for report in comparison.reports:
            told = loaded.transcripts[scenario, report.policy]
            chosen = [told[name] for name in _TOLD.get(key, ()) if name in told]
            part.transcripts += [{"title": title, "text": text} for title, text in chosen]
        parts.append(part)
    return parts if several else list(reversed(parts))


def _plain(table: Table) -> dict[str, object]:
    headers, rows = cells_of(table)
    return {"title": table.title, "caption": table.caption or "", "headers": headers, "rows": rows}


def _embedded(drawing: Drawing, folder: Path) -> dict[str, object]:
    """Return a figure with its images inside."""
    return {
        "title": drawing.picture.title, "caption": drawing.picture.caption, "small": drawing.picture.small,
        **{theme.name: _data_uri(folder / f"{drawing.file}_{theme.name}.svg") for theme in (LIGHT, DARK)},
    }  # fmt: skip


def _data_uri(path: Path) -> str:
    return f"data:image/svg+xml;base64,{base64.b64encode(path.read_bytes()).decode('ascii')}"
