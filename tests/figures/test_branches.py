"""The picture of branches and of the regions with several states, from branches that are known without any device."""

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from subkelvin.balance.continuation import Branch, Fold
from subkelvin.plots.branches import bistability_figure
from subkelvin.plots.style import MILLIMETRE, SINGLE_COLUMN, VERMILION, journal_style

pytestmark = pytest.mark.slow

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


def drawn() -> Figure:
    powers, temperatures = np.linspace(-1.4e-15, 1.4e-15, 61), np.linspace(0.1, 0.9, 41)
    inside = np.abs(powers)[None, :] < 1e-15 * (temperatures[:, None] - 0.3)
    figure = bistability_figure([cubic()], "left", powers, temperatures, np.where(inside, 3, 1), 0.6)
    FigureCanvasAgg(figure)
    with journal_style():
        figure.canvas.draw()
    return figure


def test_the_unstable_piece_is_dashed_and_lies_between_the_folds() -> None:
    upper, _ = drawn().axes
    (unstable,) = [line for line in upper.lines if line.get_color() == VERMILION]
    assert unstable.is_dashed()
    temperature = np.asarray(unstable.get_ydata(), dtype=float)
    # It begins and ends on the folds themselves, not on the points next to them.
    assert temperature.min() == pytest.approx(300.0 - 100.0 * TURN, rel=1e-13)
    assert temperature.max() == pytest.approx(300.0 + 100.0 * TURN, rel=1e-13)
    circles = [line for line in upper.lines if line.get_marker() == "o"]
    assert len(circles) == 2


def test_every_region_has_its_name_and_nothing_leaves_the_column() -> None:
    figure = drawn()
    assert abs(figure.get_figwidth() - SINGLE_COLUMN * MILLIMETRE) < 1e-12
    _, lower = figure.axes
    assert {text.get_text() for text in lower.texts} == {"1 state", "3 states"}
    canvas = figure.canvas
    assert isinstance(canvas, FigureCanvasAgg)
    for text in lower.texts:
        box, room = text.get_window_extent(canvas.get_renderer()), lower.get_window_extent()
        assert room.x0 <= box.x0
        assert box.x1 <= room.x1
        assert text.get_fontsize() >= 6.5
