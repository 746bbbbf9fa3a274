"""Figures as files: PNG and SVG, light and dark."""

from collections.abc import Sequence
from pathlib import Path

from tqdm import tqdm

from agents.reporting.figures.catalogue import Picture
from agents.reporting.figures.theme import THEMES, drawing, png, svg

Named = tuple[str, Picture]
"""The name of a file, without theme and ending, and what is in it."""


def save_pictures(pictures: Sequence[Named], folder: Path, vector: bool = True, progress: bool = False) -> None:
    """Write each figure as ``<name>_light.png`` and ``<name>_dark.png``, and as SVG, too.

    Args:
        pictures: the figures, each with the name of its files.
        folder: where they are written; made if need be, files in it are overwritten.
        vector: whether SVG is written beside PNG.
        progress: whether to show a progress bar, if stderr is a terminal.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for name, picture in tqdm(pictures, "Drawing", unit=" figures", disable=None if progress else True):
        for theme in THEMES:
            path = folder / f"{name}_{theme.name}"
            with drawing(theme):
                figure = picture.draw(theme)
                path.with_suffix(".png").write_bytes(png(figure))
                figure.set_layout_engine("none")  # as it was laid out; doing it again takes as long as drawing
                if vector:
                    path.with_suffix(".svg").write_bytes(svg(figure))
