"""A sheet to draw on. Importing this module imports Pillow, so it is imported only when a picture is asked for."""

from collections.abc import Iterable
from functools import cache

import numpy as np
from gymnasium.error import DependencyNotInstalled
from numpy.typing import NDArray

from negoenv.installation import install_command

try:
    from PIL import Image, ImageDraw, ImageFont
except ImportError as error:
    raise DependencyNotInstalled(
        f"A picture needs Pillow, which is not installed: run {install_command('render')}."
    ) from error

_SCALE = 2  # drawn so many times larger and averaged, for smooth edges

Point = tuple[float, float]


@cache
def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size * _SCALE)


@cache
def _upright(text: str, size: int) -> Image.Image:
    """Return a mask of ``text`` that reads from bottom to top."""
    left, _, right, bottom = (round(edge) for edge in _font(size).getbbox(text))
    mask = Image.new("L", (right - left, bottom))
    ImageDraw.Draw(mask).text((-left, 0), text, fill=255, font=_font(size))
    return mask.transpose(Image.Transpose.ROTATE_90)


class Canvas:
    """A white sheet. Coordinates are pixels from its upper left corner, colours are names or ``#rrggbb``."""

    def __init__(self, width: int, height: int) -> None:
        self._image = Image.new("RGB", (width * _SCALE, height * _SCALE), "white")
        self._draw = ImageDraw.Draw(self._image)

    def pixels(self) -> NDArray[np.uint8]:
        """Return the picture, uint8 of shape ``(height, width, 3)``."""
        return np.array(self._image.reduce(_SCALE), np.uint8)

    def line(self, points: Iterable[Point], colour: str, width: float = 1) -> None:
        """Draw a line through ``points``; nothing if there are none."""
        if scaled := _scaled(points):
            self._draw.line(scaled, colour, round(width * _SCALE), joint="curve")

    def dashes(self, start: Point, end: Point, colour: str, length: float = 5) -> None:
        """Draw a dashed line."""
        (x0, y0), (x1, y1) = start, end
        count = max(1, round(np.hypot(x1 - x0, y1 - y0) / length))
        dx, dy = (x1 - x0) / count, (y1 - y0) / count
        for dash in range(0, count, 2):
            self.line([(x0 + dash * dx, y0 + dash * dy), (x0 + (dash + 1) * dx, y0 + (dash + 1) * dy)], colour)

    def area(self, points: Iterable[Point], colour: str) -> None:
        """Fill the area inside ``points``."""
        self._draw.polygon(_scaled(points), colour)

    def box(self, x0: float, y0: float, x1: float, y1: float, colour: str) -> None:
        """Fill a rectangle, given by two opposite corners."""
        self._draw.rectangle(_scaled([(min(x0, x1), min(y0, y1)), (max(x0, x1), max(y0, y1))]), colour)

    def dot(self, at: Point, radius: float, colour: str) -> None:
        """Draw a dot with a white rim."""
        self._draw.circle(_scaled([at])[0], radius * _SCALE, colour, "white", _SCALE)

    def cross(self, at: Point, radius: float, colour: str) -> None:
        """Draw a cross."""
        x, y = at
        for sign in (-1, 1):
            self.line([(x - radius, y - sign * radius), (x + radius, y + sign * radius)], colour, 3)

    def text(self, at: Point, text: str, size: int, colour: str, anchor: str = "ls", rim: float = 0) -> None:
        """Write ``text`` with a white rim; ``anchor`` is Pillow's, by default the left end of its base line."""
        stroke = round(rim * _SCALE)
        self._draw.text(_scaled([at])[0], text, colour, _font(size), anchor, stroke_width=stroke, stroke_fill="white")

    def upright(self, at: Point, text: str, size: int, colour: str) -> None:
        """Write ``text`` that reads from bottom to top; its end is at ``at``, its middle below it."""
        mask = _upright(text, size)
        x, y = _scaled([at])[0]
        self._draw.bitmap((round(x - mask.width / 2), round(y)), mask, colour)


def _scaled(points: Iterable[Point]) -> list[Point]:
    return [(_SCALE * x, _SCALE * y) for x, y in points]
