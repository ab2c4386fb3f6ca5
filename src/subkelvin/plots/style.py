"""The look of every picture: a journal's column widths, 7–8 pt type, colours that survive colour blindness and grey.

Lines of an ordered family differ in lightness, unordered ones in line style as well, and every line is labelled where it
runs or in a legend, so that a grey copy stays readable.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

MILLIMETRE = 1.0 / 25.4
"""In inches, the unit of matplotlib's figure sizes."""
SINGLE_COLUMN = 86.0
DOUBLE_COLUMN = 178.0
"""Widths of a journal's columns [mm]."""

BLUE, VERMILION, GREEN, PURPLE, SKY, ORANGE = "#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#E69F00"
"""Okabe and Ito's colours, distinct for all common kinds of colour vision."""
INK, GREY, PALE = "#1a1a1a", "#6e6e6e", "#d9d9d9"

DOT = 2.8
"""Diameter of the dots on minima, maxima and edges [points]."""
OUTSIDE = "goes on outside the frame"
"""Name (`gid`) of a line that an axis cuts on purpose; a triangle where it leaves and a number say so in the picture."""

LINE_STYLES = ("-", (0, (5, 1.6)), (0, (1.2, 1.4)), (0, (6, 1.6, 1.2, 1.6)), (0, (3, 1.2, 1, 1.2, 1, 1.2)))
"""Solid, dashed, dotted, dash-dotted, dash-dot-dotted."""

_SETTINGS: dict[Any, Any] = {
    "font.family": "sans-serif",
    "font.sans-serif": ["DejaVu Sans"],
    "mathtext.fontset": "dejavusans",
    "font.size": 7.0,
    "axes.labelsize": 7.5,
    "axes.titlesize": 7.5,
    "xtick.labelsize": 7.0,
    "ytick.labelsize": 7.0,
    "legend.fontsize": 7.0,
    "legend.frameon": False,
    "legend.handlelength": 2.4,
    "legend.handletextpad": 0.5,
    "legend.borderaxespad": 0.4,
    "legend.labelspacing": 0.25,
    "axes.linewidth": 0.6,
    "axes.labelpad": 2.0,
    "lines.linewidth": 1.2,
    "lines.solid_capstyle": "round",
    "patch.linewidth": 0.6,
    "xtick.direction": "in",
    "ytick.direction": "in",
    "xtick.top": True,
    "ytick.right": True,
    # Room between the labels of both axes where they meet.
    "xtick.major.pad": 4.5,
    "ytick.major.pad": 3.5,
    "xtick.major.size": 2.6,
    "ytick.major.size": 2.6,
    "xtick.minor.size": 1.5,
    "ytick.minor.size": 1.5,
    "xtick.major.width": 0.6,
    "ytick.major.width": 0.6,
    "xtick.minor.width": 0.45,
    "ytick.minor.width": 0.45,
    "axes.unicode_minus": True,
    "figure.dpi": 100.0,
    "savefig.dpi": 300.0,
    # TrueType outlines inside the file: text stays text, and prints everywhere.
    "pdf.fonttype": 42,
    "ps.fonttype": 42,
}


@contextmanager
def journal_style() -> Iterator[None]:
    """Draw in the journal's style inside this context, and leave matplotlib's settings as they were."""
    with mpl.rc_context(_SETTINGS):
        yield


def new_figure(width: float, height: float) -> Figure:
    """An empty figure that lays itself out, independent of any window system.

    Args:
        width, height: [mm].
    """
    figure = Figure(figsize=(width * MILLIMETRE, height * MILLIMETRE), layout="constrained")
    FigureCanvasAgg(figure)
    engine = figure.get_layout_engine()
    if engine is not None:
        engine.set(w_pad=1.0 * MILLIMETRE, h_pad=1.0 * MILLIMETRE, wspace=0.02, hspace=0.02)  # type: ignore[call-arg]
    return figure


def family_colours(count: int) -> list[tuple[float, float, float, float]]:
    """Colours of an ordered family of lines, from dark to light, equally far apart in grey."""
    return [tuple(colour) for colour in mpl.colormaps["viridis"](np.linspace(0.0, 0.80, count))]


def name_admittance(figure: Figure, words: str) -> None:
    """Write above the panels which model of the junctions' admittance the figure uses; the layout keeps room for it.

    Args:
        figure: to write on.
        words: "static admittance", say.
    """
    figure.suptitle(words, fontsize=7.0, color=GREY)


def label_panels(axes: Iterable[Axes], letters: str) -> None:
    """A bold letter above the left end of each panel."""
    for axis, letter in zip(axes, letters, strict=True):
        axis.set_title(f"({letter})", loc="left", fontweight="bold", fontsize=8.0, pad=3.0)
