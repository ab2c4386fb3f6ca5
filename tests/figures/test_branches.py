"""The picture of branches and of the regions with several states, from branches that are known without any device."""

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from tests.figures.cubic_branches import TURN, drawn_branches

from subkelvin.plots.style import MILLIMETRE, SINGLE_COLUMN, VERMILION


def test_the_unstable_piece_is_dashed_and_lies_between_the_folds() -> None:
    upper, _ = drawn_branches().axes
    (unstable,) = [line for line in upper.lines if line.get_color() == VERMILION]
    assert unstable.is_dashed()
    temperature = np.asarray(unstable.get_ydata(), dtype=float)
    # It begins and ends on the folds themselves, not on the points next to them.
    assert temperature.min() == pytest.approx(300.0 - 100.0 * TURN, rel=1e-13)
    assert temperature.max() == pytest.approx(300.0 + 100.0 * TURN, rel=1e-13)
    circles = [line for line in upper.lines if line.get_marker() == "o"]
    assert len(circles) == 2


def test_every_region_has_its_name_and_nothing_leaves_the_column() -> None:
    figure = drawn_branches()
    assert abs(figure.get_figwidth() - SINGLE_COLUMN * MILLIMETRE) < 1e-12
    _, lower = figure.axes
    assert {text.get_text() for text in lower.texts} == {"1 state", "3 states"}
    canvas = figure.canvas
    assert isinstance(canvas, FigureCanvasAgg)
    for text in lower.texts:
        box, room = text.get_window_extent(canvas.get_renderer()), lower.get_window_extent()
        assert room.x0 <= box.x0
        assert box.x1 <= room.x1
        assert float(text.get_fontsize()) >= 6.5
