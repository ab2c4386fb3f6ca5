"""Branches of steady states that are known without any device, and their picture."""

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from subkelvin import Branches, NumberOfStates, Status, preset
from subkelvin.balance.steady.branches import Branch, Fold
from subkelvin.model.result import About
from subkelvin.plots.branches import bistability_figure
from subkelvin.plots.style import journal_style

POINTS = 81
TURN = 1.0 / np.sqrt(3.0)


def cubic() -> Branch:
    """P = x − x³ in femtowatts with T = 0.3 + 0.1 x: stable outside ±1/√3."""
    x = np.sort(np.append(np.linspace(-1.4, 1.4, POINTS), [-TURN, TURN]))[::-1]
    values, temperature = -1e-15 * (x - x**3), 0.3 + 0.1 * x
    folds = [int(np.argmin(np.abs(x - turn))) for turn in (TURN, -TURN)]
    stable = tuple(None if k in folds else bool(abs(x[k]) > TURN) for k in range(x.size))
    named = [Fold(float(values[k]), {"left": float(temperature[k])}, k) for k in folds]
    return Branch("1", "islands.left.power", values, {"left": temperature}, stable, named, "", "")


def known_branches() -> Branches:
    """The cubic as the answer of `branches`."""
    about = About.of(preset("silver-setup-1"))
    return Branches(about, "islands.left.power", "W", (cubic(),), Status.CONVERGED)


def drawn_branches() -> Figure:
    powers, temperatures = np.linspace(-1.4e-15, 1.4e-15, 61), np.linspace(0.1, 0.9, 41)
    inside = np.abs(powers)[None, :] < 1e-15 * (temperatures[:, None] - 0.3)
    about, count = About.of(preset("silver-setup-1")), np.where(inside, 3.0, 1.0)
    counted = NumberOfStates(
        about,
        "islands.right.temperature",
        "K",
        temperatures,
        powers,
        count,
        np.full(count.shape, int(Status.CONVERGED)),
        np.zeros(temperatures.size, dtype=int),
        ("one-pole",),
    )
    figure = bistability_figure(known_branches(), "left", counted, 0.6)
    FigureCanvasAgg(figure)
    with journal_style():
        figure.canvas.draw()
    return figure
