"""Figures of the studies as PNG files."""

import io
from pathlib import Path

from matplotlib.figure import Figure

from ..reporting.files import write_bytes

_DPI = 110  # pixels an inch


def save_figure(figure: Figure, path: Path) -> None:
    """Write a figure as a PNG file, which is the same wherever and whenever it is drawn alike."""
    drawn = io.BytesIO()
    figure.savefig(drawn, format="png", dpi=_DPI, metadata={"Software": None})
    write_bytes(path, drawn.getvalue())


def label(text: str) -> str:
    """Return text as a label that shows it as it is, dollars included, which would set mathematics."""
    return text.replace("$", r"\$")
