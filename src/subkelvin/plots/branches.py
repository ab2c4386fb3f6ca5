"""Steady states on their branches, and where there are several."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import BoundaryNorm, ListedColormap
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from subkelvin.analysis.number_of_states import NumberOfStates
from subkelvin.balance.steady.branches import Branches
from subkelvin.model import ArgumentError
from subkelvin.model.arguments import require_island
from subkelvin.plots.style import (
    BLUE,
    GREY,
    INK,
    PALE,
    SINGLE_COLUMN,
    VERMILION,
    journal_style,
    label_panels,
    new_figure,
)
from subkelvin.plots.units import scale_of

SHADES = ("#6e6e6e", "#f4f4f4", "#cfe3f1", "#7fb3d8")
"""Of no, one, two and three states: apart in grey as well."""
NARROW = 0.17
"""Share of a column's width that the name of a region takes."""


def draw_branches(axes: Axes, found: Branches, island: str) -> None:
    """Temperature of an island over the value that changes: stable states solid, unstable ones dashed, folds as circles.

    States whose stability is not known are dotted.

    Args:
        axes: to draw on.
        found: by `branches`.
        island: whose temperature is shown.

    Raises:
        ArgumentError: if there is no branch, or no such floating island.
    """
    if not found.branches:
        raise ArgumentError(
            "found", "holds no branch, so that there is nothing to draw", "ask `branches` of another range"
        )
    require_island("island", island, found.branches[0].temperatures, "a floating island")
    scale, unit = scale_of(np.concatenate([one.values for one in found.branches]), found.unit)
    degree, kelvin = scale_of(np.concatenate([one.temperatures[island] for one in found.branches]), "K")
    looks: dict[bool | None, dict[str, Any]] = {
        True: {"color": BLUE, "linestyle": "-"},
        False: {"color": VERMILION, "linestyle": (0, (4, 1.6))},
        None: {"color": GREY, "linestyle": (0, (1, 1.5))},
    }
    for branch in found.branches:
        values, temperature = scale * branch.values, degree * branch.temperatures[island]
        folds = {fold.point for fold in branch.folds}
        for first, last, stable in _stretches(branch.stable, folds):
            axes.plot(values[first : last + 1], temperature[first : last + 1], **looks[stable])
        for fold in branch.folds:
            axes.plot(
                scale * fold.value, degree * fold.temperatures[island], "o", color=INK, markersize=3.2, zorder=4,
                markerfacecolor="white", markeredgewidth=0.8,
            )  # fmt: skip
    axes.set_xlabel(f"{found.key} ({unit})" if unit else found.key)
    axes.set_ylabel(f"{island} ({kelvin})")


def draw_number_of_states(axes: Axes, counted: NumberOfStates) -> None:
    """How many steady states there are over heater power and another value, each region with its number.

    Args:
        axes: to draw on.
        counted: by `number_of_states`; left white where the count is not known.
    """
    shades = ListedColormap(list(SHADES))
    count = counted.count
    (across, watt), (up, unit) = scale_of(counted.power, "W"), scale_of(counted.value, counted.unit)
    x, y = across * counted.power, up * counted.value
    axes.pcolormesh(
        x, y, np.ma.masked_invalid(np.minimum(count, 3)), cmap=shades, norm=BoundaryNorm(np.arange(-0.5, 4.0), 4),
        shading="nearest", rasterized=True,
    )  # fmt: skip
    for number in (0, 1, 2, 3):
        place = _inside(count == number)
        if place is not None:
            word = "none" if number == 0 else "1 state" if number == 1 else f"{number} states"
            colour = "white" if number == 0 else INK
            # Upright in a region that is narrower than the words are long.
            row = count[place[0]] == number
            narrow = np.sum(row) < NARROW * row.size
            axes.text(
                x[place[1]], y[place[0]], word, color=colour, ha="center", va="center", fontsize=7.0,
                rotation=90.0 if narrow else 0.0,
            )  # fmt: skip
    axes.set_xlim(x[0], x[-1])
    axes.set_ylim(y[0], y[-1])
    axes.set_xlabel(f"heater power ({watt})")
    axes.set_ylabel(f"{counted.key} ({unit})" if unit else counted.key)


def bistability_figure(found: Branches, island: str, counted: NumberOfStates, held_temperature: float) -> Figure:
    """Branches over heater power above, and below the number of states over power and the held temperature; one column wide.

    Args:
        found: branches over the heater power of ``island``.
        island: name of the floating island.
        counted: as in `draw_number_of_states`.
        held_temperature: at which the branches are [K]; a line in the lower panel.
    """
    with journal_style():
        figure = new_figure(SINGLE_COLUMN, 108.0)
        upper, lower = figure.subplots(2, 1, sharex=True)
        draw_branches(upper, found, island)
        upper.set_xlabel("")
        upper.legend(
            handles=[
                Line2D([], [], color=BLUE, label="stable"),
                Line2D([], [], color=VERMILION, linestyle=(0, (4, 1.6)), label="unstable"),
                Line2D(
                    [],
                    [],
                    color=INK,
                    linestyle="none",
                    marker="o",
                    markersize=3.2,
                    markerfacecolor="white",
                    label="fold",
                ),
            ],
            loc="lower left",
        )
        upper.set_ylim(bottom=0.0)
        upper.axvline(0.0, color=PALE, linewidth=0.6, zorder=1)
        draw_number_of_states(lower, counted)
        lower.axhline(
            scale_of(counted.value, counted.unit).factor * held_temperature,
            color=INK,
            linewidth=0.6,
            linestyle=(0, (1, 1.5)),
        )
        label_panels([upper, lower], "ab")
    return figure


def _stretches(stable: Sequence[bool | None], folds: set[int]) -> list[tuple[int, int, bool | None]]:
    """First and last point of every piece with one stability; a fold belongs to the pieces on both its sides."""
    pieces: list[tuple[int, int, bool | None]] = []
    for k, verdict in enumerate(stable):
        if k in folds:
            if pieces:
                pieces[-1] = (pieces[-1][0], k, pieces[-1][2])
        elif pieces and pieces[-1][2] == verdict and pieces[-1][1] == k - 1 and k - 1 not in folds:
            pieces[-1] = (pieces[-1][0], k, verdict)
        else:
            pieces.append((max(k - 1, 0), k, verdict))
    return pieces


def _inside(region: np.ndarray) -> tuple[int, int] | None:
    """The point of a region farthest from its edge, row and column; None if the region is too small for a label."""
    depth = np.zeros(region.shape, dtype=int)
    inner = np.pad(region, 1)
    while np.any(inner):
        depth += inner[1:-1, 1:-1]
        inner[1:-1, 1:-1] = inner[1:-1, 1:-1] & inner[:-2, 1:-1] & inner[2:, 1:-1] & inner[1:-1, :-2] & inner[1:-1, 2:]
    if depth.max() < 0.04 * min(region.shape):
        return None
    # A long region is equally deep along its spine: the middle of that.
    spine = np.argwhere(depth >= 0.9 * depth.max())
    row, column = spine[np.argmin(np.sum((spine - spine.mean(axis=0)) ** 2, axis=1))]
    return int(row), int(column)
