"""The set-up as a drawing: two NISIN reservoirs, the lines between them, the substrate below, and where heat goes.

Not to scale. Coordinates are millimetres on the page, so that type and drawing keep their proportion.
"""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import FancyArrowPatch, Polygon, Rectangle

from subkelvin.plots.style import BLUE, GREY, INK, VERMILION

WIDTH, LOWEST, HIGHEST = 54.0, 9.0, 103.0
"""Of the page."""
WARM, COOL, SUPERCONDUCTOR, BARRIER, SUBSTRATE = "#f6c9a8", "#b9d8ee", "#8f979e", "#1a1a1a", "#ececec"
LEFT_EDGE, RIGHT_EDGE, STACK_WIDTH = 8.0, 32.6, 7.5
"""Left edges of the two reservoirs, and their width."""
BOTTOM, NORMAL_HEIGHT, BARRIER_HEIGHT, SUPERCONDUCTOR_HEIGHT = 46.0, 15.0, 1.2, 17.0
SUBSTRATE_TOP = 24.0


def draw_setup(axes: Axes, fins: bool) -> None:
    """The reservoirs with their heaters and heat arrows.

    Args:
        axes: to draw on; its frame and ticks are removed.
        fins: whether cooling fins keep the right reservoir at the bath temperature (the second set-up), instead of a heater on it.
    """
    axes.set_xlim(0.0, WIDTH)
    axes.set_ylim(LOWEST, HIGHEST)
    axes.set_aspect("equal", anchor="N")
    axes.axis("off")

    axes.add_patch(
        Rectangle((1.0, 10.0), WIDTH - 2.0, SUBSTRATE_TOP - 10.0, facecolor=SUBSTRATE, edgecolor=GREY, linewidth=0.6)
    )
    axes.text(WIDTH / 2.0, 14.5, r"substrate phonons, $T_\mathrm{b}$", ha="center", va="center")

    top = _reservoir(axes, LEFT_EDGE, WARM)
    _reservoir(axes, RIGHT_EDGE, COOL)
    centre_left, centre_right = LEFT_EDGE + STACK_WIDTH / 2.0, RIGHT_EDGE + STACK_WIDTH / 2.0
    for height in (top - NORMAL_HEIGHT / 2.0, BOTTOM + NORMAL_HEIGHT / 2.0):
        axes.plot(
            [LEFT_EDGE + STACK_WIDTH, RIGHT_EDGE], [height, height], color=SUPERCONDUCTOR, linewidth=2.2, zorder=1
        )
    axes.text(
        (LEFT_EDGE + STACK_WIDTH + RIGHT_EDGE) / 2.0, top - NORMAL_HEIGHT / 2.0 + 1.6, "S lines", ha="center", va="bottom",
        fontsize=6.5, color=GREY,
    )  # fmt: skip
    axes.text(centre_left, top + 1.5, r"$T_\mathrm{L}$", ha="center", va="bottom", fontsize=8.0)
    axes.text(
        centre_right,
        top + 1.5,
        r"$T_\mathrm{R} = T_\mathrm{b}$" if fins else r"$T_\mathrm{R}$",
        ha="center",
        va="bottom",
        fontsize=8.0,
    )

    middle = BOTTOM + NORMAL_HEIGHT + BARRIER_HEIGHT + SUPERCONDUCTOR_HEIGHT / 2.0
    _photons(axes, LEFT_EDGE + STACK_WIDTH + 2.0, RIGHT_EDGE - 2.0, middle)
    axes.text(
        (LEFT_EDGE + STACK_WIDTH + RIGHT_EDGE) / 2.0,
        middle + 2.2,
        r"photons $J$",
        ha="center",
        va="bottom",
        color=VERMILION,
        fontsize=6.5,
    )

    _heater(axes, LEFT_EDGE, middle, 1.0)
    axes.text(0.4, middle + 3.4, r"$P_\mathrm{in}$", ha="left", va="bottom", color=INK)
    _arrow(axes, (centre_left, BOTTOM - 0.8), (centre_left, SUBSTRATE_TOP - 2.0), VERMILION)
    axes.text(
        centre_left + 2.2,
        (BOTTOM + SUBSTRATE_TOP) / 2.0,
        r"$P_\mathrm{e\!-\!ph,L}$",
        ha="left",
        va="center",
        color=VERMILION,
    )
    if fins:
        _fins(axes)
    else:
        _heater(axes, RIGHT_EDGE + STACK_WIDTH, middle, -1.0)
        axes.text(WIDTH - 0.2, middle + 3.4, r"$P_\mathrm{heater,R}$", ha="right", va="bottom", color=INK, fontsize=6.5)
        _arrow(axes, (centre_right, BOTTOM - 0.8), (centre_right, SUBSTRATE_TOP - 2.0), BLUE)
        axes.text(
            centre_right + 2.2,
            (BOTTOM + SUBSTRATE_TOP) / 2.0,
            r"$P_\mathrm{e\!-\!ph,R}$",
            ha="left",
            va="center",
            color=BLUE,
        )


def _reservoir(axes: Axes, left: float, normal_colour: str) -> float:
    """Normal, barrier, superconductor, barrier, normal from the bottom up; returns the height of the top."""
    height = BOTTOM
    for thickness, colour, letter in (
        (NORMAL_HEIGHT, normal_colour, "N"),
        (BARRIER_HEIGHT, BARRIER, ""),
        (SUPERCONDUCTOR_HEIGHT, SUPERCONDUCTOR, "S"),
        (BARRIER_HEIGHT, BARRIER, ""),
        (NORMAL_HEIGHT, normal_colour, "N"),
    ):
        axes.add_patch(
            Rectangle((left, height), STACK_WIDTH, thickness, facecolor=colour, edgecolor=INK, linewidth=0.5, zorder=2)
        )
        axes.text(left + STACK_WIDTH / 2.0, height + thickness / 2.0, letter, ha="center", va="center", zorder=3)
        height += thickness
    return height


def _arrow(axes: Axes, start: tuple[float, float], end: tuple[float, float], colour: str) -> None:
    axes.add_patch(
        FancyArrowPatch(
            start,
            end,
            arrowstyle="-|>",
            mutation_scale=7.0,
            color=colour,
            linewidth=1.3,
            shrinkA=0,
            shrinkB=0,
            zorder=4,
        )
    )


def _heater(axes: Axes, edge: float, height: float, direction: float) -> None:
    """A zigzag that ends in an arrow on the reservoir's superconductor; direction is +1 from the left, −1 from the right."""
    along = np.array([0.0, 0.5, 0.9, 1.5, 2.1, 2.7, 3.1, 3.4]) - 6.6
    across = np.array([0.0, 0.0, 1.5, -1.5, 1.5, -1.5, 0.0, 0.0])
    axes.plot(edge + direction * along, height + across, color=INK, linewidth=0.9, solid_joinstyle="miter")
    _arrow(axes, (edge - 3.2 * direction, height), (edge - 0.2 * direction, height), INK)


def _photons(axes: Axes, start: float, end: float, height: float) -> None:
    """A wave that ends in an arrow head."""
    x = np.linspace(start, end - 2.2, 200)
    axes.plot(
        x,
        height + 1.2 * np.sin(2.0 * np.pi * (x - start) / ((end - 2.2 - start) / 4.0)),
        color=VERMILION,
        linewidth=1.1,
    )
    axes.add_patch(
        Polygon(
            [(end, height), (end - 2.3, height + 1.1), (end - 2.3, height - 1.1)],
            closed=True,
            color=VERMILION,
            linewidth=0,
        )
    )


def _fins(axes: Axes) -> None:
    """Wide fins from the right reservoir down into the substrate."""
    left, width = RIGHT_EDGE, STACK_WIDTH
    axes.add_patch(
        Rectangle((left, SUBSTRATE_TOP), width, BOTTOM - SUBSTRATE_TOP, facecolor=COOL, edgecolor=INK, linewidth=0.5)
    )
    for step in range(5):
        base = SUBSTRATE_TOP + 1.6 + 4.2 * step
        axes.add_patch(
            Rectangle((left - 5.0, base), width + 10.0, 1.7, facecolor=COOL, edgecolor=INK, linewidth=0.5, zorder=2)
        )
    axes.text(left + width / 2.0, SUBSTRATE_TOP - 3.0, "cooling fins", ha="center", va="center", fontsize=6.5)
