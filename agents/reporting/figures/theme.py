"""How figures look: two themes, colours that any eye tells apart, and what is drawn the same way everywhere."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import LinearSegmentedColormap, to_rgb
from matplotlib.figure import Figure
from numpy.typing import NDArray
from PIL import Image

_FONTS = ["DejaVu Sans", "Verdana", "sans-serif"]  # the first comes with matplotlib, the second is as wide
DPI = 144  # pixels an inch of PNG files
_MOST_LETTERS = 36  # of a name in a figure


@dataclass(frozen=True)
class Theme:
    """Colours, by what they stand for. Those of data are Okabe & Ito's (2008), lightened where the paper is dark.

    Attributes:
        name: "light" or "dark".
        paper: background.
        ink: text.
        pale: axes and lesser text.
        grid: lines to read values off.
        buyer: the buyer's side, and sequential heat maps.
        supplier: the supplier's side.
        outcomes: a colour for each way in which an episode ends.
        palette: colours of curves, seven.
        groups: colours of areas that stand for a group of moves, nine.
    """

    name: str
    paper: str
    ink: str
    pale: str
    grid: str
    buyer: str
    supplier: str
    outcomes: dict[str, str]
    palette: tuple[str, ...]
    groups: tuple[str, ...]

    @property
    def heat(self) -> LinearSegmentedColormap:
        """A colour map from the paper to the buyer's colour: more is further from the background in both themes."""
        return LinearSegmentedColormap.from_list("heat", [self.paper, self.buyer])

    @property
    def alarm(self) -> LinearSegmentedColormap:
        """A colour map from the paper to the colour of breakdowns."""
        return LinearSegmentedColormap.from_list("alarm", [self.paper, self.outcomes["breakdown"]])

    def text_on(self, colour: Any) -> str:
        """Return black or white, whichever reads better on a colour (relative luminance, WCAG 2)."""
        red, green, blue = (
            part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in to_rgb(colour)
        )
        luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue
        return "#000000" if luminance > 0.179 else "#ffffff"


LIGHT = Theme(
    name="light", paper="#ffffff", ink="#1f2328", pale="#59636e", grid="#d8dee4", buyer="#0072b2", supplier="#d55e00",
    outcomes={"deal": "#009e73", "breakdown": "#d55e00", "walked_away": "#e69f00", "deadline": "#999999"},
    palette=("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000000"),
    groups=(
        "#a6761d", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#b0b0b0", "#f0e442", "#0072b2",
    ),
)  # fmt: skip
DARK = Theme(
    name="dark", paper="#0d1117", ink="#e6edf3", pale="#9198a1", grid="#2b323b", buyer="#56b4e9", supplier="#f5843c",
    outcomes={"deal": "#2bbf93", "breakdown": "#f5843c", "walked_away": "#f0c04a", "deadline": "#8b949e"},
    palette=("#56b4e9", "#f5843c", "#2bbf93", "#e39cc4", "#f0c04a", "#3d8fd1", "#ffffff"),
    groups=(
        "#c79a4b", "#f5843c", "#2bbf93", "#e39cc4", "#f0c04a", "#7cc8f2", "#9aa3ad", "#f0e442", "#3d8fd1",
    ),
)  # fmt: skip
THEMES = (LIGHT, DARK)


@contextmanager
def drawing(theme: Theme) -> Iterator[None]:
    """Draw in a theme; every figure is made and saved inside of it."""
    settings: dict[Any, Any] = {
        "figure.facecolor": theme.paper, "savefig.facecolor": theme.paper, "axes.facecolor": theme.paper,
        "text.color": theme.ink, "axes.labelcolor": theme.ink, "axes.titlecolor": theme.ink,
        "axes.edgecolor": theme.pale, "xtick.color": theme.pale, "ytick.color": theme.pale,
        "xtick.labelcolor": theme.ink,
        "ytick.labelcolor": theme.ink, "grid.color": theme.grid, "legend.frameon": False,
        "font.size": 9, "axes.titlesize": 9.5, "axes.titleweight": "bold", "axes.titlelocation": "left",
        "axes.spines.top": False, "axes.spines.right": False, "axes.axisbelow": True,
        "font.sans-serif": _FONTS,
        "text.parse_math": False,  # names may hold dollars
        "svg.fonttype": "none",  # text stays text: half the size, and it can be searched
        "svg.hashsalt": "negoenv",  # the same picture has the same ids
    }  # fmt: skip
    with mpl.rc_context(settings):
        yield


def sheet(width: float, height: float) -> Figure:
    """Return an empty figure, sizes in inches."""
    return Figure(figsize=(width, height), layout="constrained")


def rows_of(axes: Axes, names: list[str]) -> None:
    """Name the rows of a chart, the first on top."""
    axes.set_yticks(range(len(names)), [in_short(name) for name in names])
    axes.set_ylim(len(names) - 0.5, -0.5)
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)


def in_short(name: str) -> str:
    """Return a name as a figure has room for it: of a long one the middle is left out."""
    half = _MOST_LETTERS // 2
    return name if len(name) <= _MOST_LETTERS else f"{name[:half]}…{name[-half:]}"


def pixels(figure: Figure, dpi: int = DPI) -> NDArray[np.uint8]:
    """Return a figure as an image, uint8 of shape ``(height, width, 3)``, with ``dpi`` pixels an inch."""
    figure.set_dpi(dpi)
    canvas: Any = FigureCanvasAgg(figure)
    canvas.draw()
    return np.array(canvas.buffer_rgba())[..., :3]


def png(figure: Figure) -> bytes:
    """Return a figure as PNG."""
    buffer = io.BytesIO()
    Image.fromarray(pixels(figure)).save(buffer, "PNG")
    return buffer.getvalue()


def svg(figure: Figure) -> bytes:
    """Return a figure as SVG."""
    buffer = io.BytesIO()
    figure.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None})
    return buffer.getvalue()


def mixed(colour: str, share: float, paper: str) -> tuple[float, float, float]:
    """Return a colour laid over the paper with an opacity of ``share``."""
    red, green, blue = (
        share * over + (1.0 - share) * under for over, under in zip(to_rgb(colour), to_rgb(paper), strict=True)
    )
    return red, green, blue
