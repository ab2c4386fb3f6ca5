"""A page measured in millimetres: text, lines and arrows that keep their proportion on axes of any size."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise

from matplotlib.axes import Axes
from matplotlib.font_manager import FontProperties
from matplotlib.patches import FancyBboxPatch, Polygon
from matplotlib.textpath import TextPath

from subkelvin.plots.style import INK

FONT = "DejaVu Sans"
POINT = 25.4 / 72.0
"""[mm]."""
LINE_HEIGHT = 1.2
"""Of type, in units of its size."""
PERIOD, AMPLITUDE, WAVE_MARGIN = 2.4, 0.55, 1.2
"""Of the wave that stands for photons, and the straight line at its ends [mm]."""
NAME_SIZE, VALUE_SIZE, SMALLEST = 7.0, 6.5, 5.0
"""Type of names, of everything else, and the smallest on a page that is made smaller to fit [pt]."""


@dataclass(frozen=True)
class Page:
    """Axes whose data coordinates are millimetres; ``scale`` is how much larger or smaller they appear.

    A part of the page has coordinates of its own, which are ``zoom`` millimetres long and start at ``origin``. Its type is
    ``type_zoom`` times its usual size, where it would become illegible otherwise.
    """

    axes: Axes
    scale: float
    origin: tuple[float, float] = (0.0, 0.0)
    zoom: float = 1.0
    type_zoom: float = 1.0

    def part(self, x: float, y: float, zoom: float, type_zoom: float) -> "Page":
        """A part of this page whose origin lies at (x, y)."""
        return replace(self, origin=(x, y), zoom=zoom, type_zoom=type_zoom)

    def at(self, point: tuple[float, float]) -> tuple[float, float]:
        """A point of this part in the coordinates of the axes."""
        return self.origin[0] + self.zoom * point[0], self.origin[1] + self.zoom * point[1]

    def text(self, x: float, y: float, words: str, size: float = VALUE_SIZE, **style: object) -> None:
        """Write words as they are: a dollar sign is no mathematics."""
        settings: dict[str, object] = {"ha": "left", "va": "center", "color": INK, "zorder": 5, **style}
        self.axes.text(
            *self.at((x, y)), words, fontsize=size * self.scale * self.zoom * self.type_zoom, fontfamily=FONT,
            parse_math=False, linespacing=LINE_HEIGHT, **settings,  # type: ignore[arg-type]
        )  # fmt: skip

    def line(self, points: Sequence[tuple[float, float]], width: float = 0.8, **style: object) -> None:
        """A line through points, of a width in points."""
        x, y = zip(*map(self.at, points), strict=True)
        settings: dict[str, object] = {"color": INK, "zorder": 1, "solid_joinstyle": "round", **style}
        self.axes.plot(x, y, linewidth=width * self.scale * self.zoom, **settings)  # type: ignore[arg-type]

    def box(
        self, corner: tuple[float, float], width: float, height: float, rounding: float, gid: str, **style: object
    ) -> None:
        """A box with round corners, from its lower left corner."""
        settings: dict[str, object] = {"edgecolor": "none", "gid": gid, **style}
        patch = FancyBboxPatch(
            self.at(corner), self.zoom * width, self.zoom * height,
            boxstyle=f"round,pad=0,rounding_size={self.zoom * rounding:g}", **settings,  # type: ignore[arg-type]
        )  # fmt: skip
        self.axes.add_patch(patch)

    def arrow(
        self, points: Sequence[tuple[float, float]], width: float, colour: str, gid: str, wave: bool = False
    ) -> None:
        """A line that ends in an arrow head at its last point; the head grows with the line. Level parts can be a wave."""
        (x0, y0), (x1, y1) = points[-2:]
        length, half = 1.3 + 0.4 * width, 0.55 + 0.27 * width
        distance = math.hypot(x1 - x0, y1 - y0)
        along = ((x1 - x0) / distance, (y1 - y0) / distance)
        neck = (x1 - length * along[0], y1 - length * along[1])
        across = (-half * along[1], half * along[0])
        # The line ends inside the head, so that no gap shows between them.
        foot = (x1 - 0.9 * length * along[0], y1 - 0.9 * length * along[1])
        line = [*points[:-1], foot]
        self.line(_waved(line) if wave else line, width, color=colour, zorder=2, solid_capstyle="butt")
        corners = [(x1, y1), (neck[0] + across[0], neck[1] + across[1]), (neck[0] - across[0], neck[1] - across[1])]
        head = [self.at(corner) for corner in corners]
        self.axes.add_patch(Polygon(head, closed=True, facecolor=colour, edgecolor="none", zorder=3, gid=gid))


def _waved(points: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """The same line with a wave in the middle of each level part: photons."""
    line = [points[0]]
    for (x0, y0), (x1, y1) in pairwise(points):
        room = abs(x1 - x0) - 2.0 * WAVE_MARGIN
        periods = math.floor(room / PERIOD)
        if y0 == y1 and periods > 0:
            start = (x0 + x1) / 2.0 - math.copysign(periods * PERIOD / 2.0, x1 - x0)
            for step in range(24 * periods + 1):
                x = start + math.copysign(PERIOD * step / 24.0, x1 - x0)
                line.append((x, y0 + AMPLITUDE * math.sin(2.0 * math.pi * step / 24.0)))
        line.append((x1, y1))
    return line


@cache
def text_width(words: str, size: float) -> float:
    """Width of the longest line [mm]."""
    font = FontProperties(family=FONT)
    lines = [line.replace("$", r"\$") for line in words.split("\n") if line.strip()]
    return (
        max((float(TextPath((0, 0), line, size=size, prop=font).get_extents().x1) for line in lines), default=0.0)
        * POINT
    )


def text_height(lines: int, size: float) -> float:
    """Height of lines of type [mm]."""
    return lines * size * LINE_HEIGHT * POINT


PREFIXES = {
    -24: "y",
    -21: "z",
    -18: "a",
    -15: "f",
    -12: "p",
    -9: "n",
    -6: "µ",
    -3: "m",
    0: "",
    3: "k",
    6: "M",
    9: "G",
    12: "T",
}


def readable(value: float, unit: str, digits: int = 3) -> str:
    """A number with an SI prefix: 1.234e-14 W is 12.3 fW. A number without a unit has no prefix."""
    if not math.isfinite(value):
        return "–"
    if value == 0.0 or not unit:
        return f"{value:.{digits}g} {unit}".strip().replace("-", "−")
    # Round first: 999.9 with three digits is 1 k, not 1000.
    rounded = float(f"{abs(value):.{digits - 1}e}")
    exponent = 3 * math.floor(math.log10(rounded) / 3.0 + 1e-9)
    exponent = min(max(exponent, min(PREFIXES)), max(PREFIXES))
    number = f"{rounded / 10.0**exponent:.{digits}g}"
    sign = "−" if value < 0.0 else ""
    return f"{sign}{number} {PREFIXES[exponent]}{unit}"
