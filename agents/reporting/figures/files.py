"""Figures as files: PNG and SVG, light and dark."""

import os
from collections.abc import Sequence
from pathlib import Path

from ...parallel import in_parallel
from ..files import write_bytes
from ..progress import bar
from .catalogue import Picture
from .theme import THEMES, drawing, png, svg

_WORTH_A_PROCESS = 15  # figures; drawing them takes far longer than starting a process does

Named = tuple[str, Picture]
"""The name of a file, without theme and ending, and what is in it."""


def save_pictures(
    pictures: Sequence[Named], folder: Path, vector: bool = True, progress: bool = False, processes: int | None = None
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


def _save(named: Named, folder: Path, vector: bool) -> None:
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
