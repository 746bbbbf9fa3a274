"""The numbers of ``docs/human_data.md``: tables between marks, so that the words around them are written by hand."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from negoenv.errors import NegoenvError
from negoenv.human import MOMENTS, ebay
from negoenv.human.check import Comparison
from negoenv.human.resampling import Draws
from negoenv.population import Population

from . import tables
from .run import spreads_of

_BEGIN, _END = "<!-- begin {} -->", "<!-- end {} -->"


def _between(name: str) -> re.Pattern[str]:
    return re.compile(f"{re.escape(_BEGIN.format(name))}.*?{re.escape(_END.format(name))}", re.DOTALL)


def require_marks(page: Path, names: Sequence[str]) -> None:
    """Refuse a page that cannot be filled, before long work on what it should hold.

    Raises:
        NegoenvError: if the page is missing, or lacks the marks of a part.
    """
    if not page.is_file():
        raise NegoenvError(f"There is no page {str(page)!r}.")
    text = page.read_text(encoding="utf-8")
    for name in names:
        if not _between(name).search(text):
            raise NegoenvError(f"{page}: the marks {_BEGIN.format(name)} and {_END.format(name)} are missing.")


def fill(page: Path, name: str, content: str) -> None:
    """Replace what stands between ``<!-- begin NAME -->`` and ``<!-- end NAME -->`` in a page."""
    require_marks(page, (name,))
    part = f"{_BEGIN.format(name)}\n{content}\n{_END.format(name)}"
    text = page.read_text(encoding="utf-8")
    page.write_text(_between(name).sub(lambda _: part, text), encoding="utf-8")


def table(headers: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a table in Markdown; the first column is words, the others numbers."""
    lines = [headers, ["---", *["---:"] * (len(headers) - 1)], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def check_part(moments: Sequence[Comparison]) -> str:
    """Return the check on the data of the fit."""
    rows = [
        (
            f"`{m.name}`",
            f"{m.measured:.3f}",
            f"{m.simulated:.3f}",
            f"{m.error_of_difference:.3f}",
            f"{m.z:+.1f}",
            "yes" if MOMENTS[m.name].fitted else "",
        )
        for m in moments
    ]
    headers = ("moment", "measured", "simulated", "error of difference", "z", "fitted")
    return f"{tables.sentences(moments)}\n\n{table(headers, rows)}"


def draws_part(draws: Draws, population: Population) -> str:
    """Return the fitted numbers and how uncertain they are."""
    fitted = draws.problem.values_of(population)
    spreads = spreads_of(draws)
    rows = [
        (f"`{number}`", f"{value:.3f}", f"{mean:.3f}", f"{error:.3f}")
        for value, (number, (mean, error)) in zip(fitted, spreads.items(), strict=True)
    ]
    headers = ("number", "fit of all", f"mean of {len(draws.values)} resamples", "standard error")
    return table(headers, rows)


def ebay_part(simulated: Mapping[str, float], habits: Mapping[str, float]) -> str:
    """Return eBay's numbers beside the simulated ones, and what its buyers had to be."""
    rows = [
        (name.replace("_", " "), f"{target:.3f}", f"{simulated[name]:.3f}", f"{simulated[name] - target:+.3f}")
        for name, target in ebay.TARGETS.items()
    ]
    words = ", ".join(f"`{name}` {value:.2f}" for name, value in habits.items())
    return f"{table(('number', 'published', 'simulated', 'difference'), rows)}\n\nHabits that the fit found: {words}."
