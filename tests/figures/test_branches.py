"""The picture of branches and of the regions with several states, from branches that are known without any device."""

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from tests.figures.cubic_branches import TURN, drawn_branches, known_branches

from subkelvin import DeviceError, plots
from subkelvin.plots.style import MILLIMETRE, SINGLE_COLUMN, VERMILION
from subkelvin.plots.units import scale_of


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


def test_axes_have_the_prefix_that_suits_their_values() -> None:
    upper, lower = drawn_branches().axes
    assert (upper.get_ylabel(), lower.get_xlabel()) == ("left (mK)", "heater power (fW)")
    assert lower.get_ylabel() == "islands.right.temperature (mK)"
    assert scale_of(np.array([2.0, 1e-3]), "K") == (1.0, "K")
    assert scale_of(np.array([np.nan, -3e-5]), "m") == (1e6, "µm")
    assert scale_of(np.array([1e-23]), "W") == (1e24, "yW")
    assert scale_of(np.zeros(2), "W") == (1.0, "W")
    assert scale_of(np.array([1e-4]), "") == (1.0, "")


def test_what_cannot_be_drawn_is_refused_in_a_sentence() -> None:
    with pytest.raises(DeviceError, match="right"):
        plots.draw_branches(Figure().add_subplot(), known_branches(), "right")
