"""How figures look: two themes, colours safe for the colour-blind, and what is drawn the same way everywhere."""

import io
import zlib
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import LinearSegmentedColormap, to_rgb
from matplotlib.figure import Figure
from matplotlib.legend import Legend
from numpy.typing import NDArray
from PIL import Image

from ...scripted import EVERY_SCRIPTED, SCRIPTED, SOURCING_SCRIPTED

_FONTS = ["DejaVu Sans", "Verdana", "sans-serif"]  # the first comes with matplotlib, the second is as wide
DPI = 144  # pixels an inch of PNG files
CARD = (3.8, 2.1)  # inches of a figure that can be read on a card of TensorBoard: some 400 x 210 pixels
_LONGEST = 22  # characters of a policy's name that there is room for
_DASHES = ("--", ":")  # of scripted policies
_LINES = ("-", "-.", (0, (8, 1, 1, 1, 1, 1)))  # of the others


@dataclass(frozen=True)
class Theme:
    """Colours, by what they stand for. Those of data are Okabe & Ito's (2008), lightened where the paper is dark."""

    name: str  # "light" or "dark"
    paper: str  # background
    ink: str  # text
    pale: str  # axes and lesser text
    grid: str  # lines to read values off
    buyer: str  # the buyer's side, and sequential heat maps
    supplier: str  # the supplier's side
    outcomes: dict[str, str]  # a colour for each way in which an episode ends
    palette: tuple[str, ...]  # colours of curves, seven
    groups: tuple[str, ...]  # colours of areas that stand for a group of moves, ten

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
        "#332288",
    ),
)  # fmt: skip
DARK = Theme(
    name="dark", paper="#0d1117", ink="#e6edf3", pale="#9198a1", grid="#2b323b", buyer="#56b4e9", supplier="#f5843c",
    outcomes={"deal": "#2bbf93", "breakdown": "#f5843c", "walked_away": "#f0c04a", "deadline": "#8b949e"},
    palette=("#56b4e9", "#f5843c", "#2bbf93", "#e39cc4", "#f0c04a", "#3d8fd1", "#ffffff"),
    groups=(
        "#c79a4b", "#f5843c", "#2bbf93", "#e39cc4", "#f0c04a", "#7cc8f2", "#9aa3ad", "#f0e442", "#3d8fd1",
        "#9d8cf0",
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
        "axes.titlepad": 3, "legend.fontsize": 8.5, "legend.handlelength": 1.0, "legend.columnspacing": 1.0,
        "text.parse_math": False,  # names are shown as they are, dollars and all
        "axes.spines.top": False, "axes.spines.right": False, "axes.axisbelow": True,
        "font.sans-serif": _FONTS,
        "svg.fonttype": "none",  # text stays text: half the size, and it can be searched
        "svg.hashsalt": "negoenv",  # the same picture has the same ids
    }  # fmt: skip
    with mpl.rc_context(settings):
        yield


def sheet(width: float, height: float) -> Figure:
    """Return an empty figure, sizes in inches."""
    return Figure(figsize=(width, height), layout="constrained")


def rows_of(axes: Axes, names: Sequence[str]) -> None:
    """Name the rows of a chart, the first on top."""
    axes.set_yticks(range(len(names)), names)
    axes.set_ylim(len(names) - 0.5, -0.5)
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)


def policy_rows(axes: Axes, policies: Sequence[str]) -> None:
    """Name a row for each policy; those that are not scripted are in bold."""
    rows_of(axes, [short(policy) for policy in policies])
    for text, policy in zip(axes.get_yticklabels(), policies, strict=True):
        text.set_fontweight("normal" if policy in EVERY_SCRIPTED else "bold")


def short(name: str) -> str:
    """Return a name without its middle where it is too long for a figure."""
    kept = (_LONGEST - 1) // 2
    return name if len(name) <= _LONGEST else f"{name[:kept]}…{name[-kept:]}"


def policy_styles(policies: Sequence[str], theme: Theme) -> dict[str, tuple[str, Any]]:
    """Return colour and line style of each policy, the same in every figure of every comparison.

    Scripted policies have fixed ones, in dashes. The others have the colour that their name comes out at, and a solid
    line; where two come out alike, the second by name has its line broken.
    """
    count = len(theme.palette)
    numbers = {name: number for number, name in enumerate([*sorted(SCRIPTED), *sorted(SOURCING_SCRIPTED)])}
    styles: dict[str, tuple[str, Any]] = {
        name: (theme.palette[n % count], _DASHES[n // count % len(_DASHES)]) for name, n in numbers.items()
    }
    uses: Counter[str] = Counter()
    for name in sorted(set(policies) - set(EVERY_SCRIPTED)):
        colour = theme.palette[zlib.crc32(name.encode()) % count]
        styles[name] = (colour, _LINES[uses[colour] % len(_LINES)])
        uses[colour] += 1
    return {policy: styles[policy] for policy in policies}


def name_legend(legend: Legend, names: Sequence[str]) -> None:
    """Put names into a legend as they are: Matplotlib would leave out those that begin with an underscore."""
    for text, name in zip(legend.get_texts(), names, strict=True):
        text.set_text(name)


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
