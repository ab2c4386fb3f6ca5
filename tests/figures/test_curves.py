"""What a reader must be able to see in the curves: minima, edges, peaks without corners, where they begin, what colours mean."""

import re
from collections import Counter
from collections.abc import Callable

import numpy as np
import pytest
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.contour import QuadContourSet
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.text import Text

from subkelvin import Objective, best_area_ratio, preset
from subkelvin.analysis.outflow_surface import contour_response, outflow_surface
from subkelvin.analysis.performance import drop_of
from subkelvin.plots.style import DOT, MILLIMETRE
from subkelvin.reproduction.area_ratio import at_cutoff
from subkelvin.reproduction.claims import figure as claims_figure
from subkelvin.reproduction.setups import SWEPT_ISLAND

VISIBLE = 3.0
"""Depth of a minimum that a reader sees [mm], some seven widths of a line."""
CORNER = 5.0
"""Turn between two pieces of a line that is not seen [degrees]: pieces half a millimetre long leave the curve by 5 µm. Forty powers
turned by 17 to 26 degrees, and were seen."""


def panel(figure: Figure, letter: str) -> Axes:
    """The panel of a letter."""
    (axes,) = [axes for axes in figure.axes if axes.get_title(loc="left") == f"({letter})"]
    return axes


def on_paper(axes: Axes, line: Line2D) -> np.ndarray:
    """The points of a line on the page [mm], shape (points, 2); without those that do not exist."""
    points = axes.transData.transform(np.column_stack(line.get_data()))
    figure = axes.get_figure()
    assert figure is not None
    return points[np.isfinite(points).all(axis=1)] / (figure.dpi * MILLIMETRE)


def turns(points: np.ndarray) -> np.ndarray:
    """Angles between pieces of a line [degrees]; pieces shorter than a tenth of a millimetre are none."""
    kept = [points[0]]
    for point in points[1:]:
        if np.linalg.norm(point - kept[-1]) > 0.1:
            kept.append(point)
    steps = np.diff(np.array(kept), axis=0)
    angle = np.unwrap(np.arctan2(steps[:, 1], steps[:, 0]))
    return np.degrees(np.abs(np.diff(angle)))


def test_the_shallow_minimum_of_the_heat_is_seen_for_every_area_ratio(drawn: Callable[[str], Figure]) -> None:
    axes = panel(drawn("fig2"), "c")
    curves = [on_paper(axes, line) for line in axes.lines if np.size(line.get_xdata()) > 2]
    assert len(curves) == 5
    for curve in curves:
        lowest = int(np.argmin(curve[:, 1]))
        assert 0 < lowest < len(curve) - 1
        assert curve[0, 1] - curve[lowest, 1] > VISIBLE


@pytest.mark.parametrize("name", ["fig2", "fig2-dynamic", "fig3", "fig4"])
def test_dots_stand_apart(name: str, drawn: Callable[[str], Figure]) -> None:
    for axes in drawn(name).axes:
        dots = [on_paper(axes, line) for line in axes.lines if line.get_marker() == "o"]
        centres = np.concatenate(dots) if dots else np.empty((0, 2))
        apart = np.linalg.norm(centres[:, None] - centres, axis=-1)[np.triu_indices(len(centres), 1)]
        # Two dots are told apart where their centres are a radius apart; a point is 1/72 inch.
        assert np.all(apart > 0.5 * DOT / 72.0 / MILLIMETRE), axes.get_title(loc="left")


def test_every_edge_of_negative_conductance_stands_in_the_picture(
    figure_2: xr.Dataset, drawn: Callable[[str], Figure]
) -> None:
    words = [text.get_text() for text in panel(drawn("fig2"), "d").texts]
    for low, high in zip(figure_2.lower_edge.values[:, 0], figure_2.upper_edge.values[:, 0], strict=True):
        assert f"{1e3 * low:.1f} to {1e3 * high:.1f} mK" in words


def test_a_range_that_goes_on_below_the_coldest_temperature_has_no_lower_dot(drawn: Callable[[str], Figure]) -> None:
    axes = panel(drawn("fig2-dynamic"), "d")
    assert all(text.get_text().startswith("< 50.0 to ") for text in axes.texts)
    dots = [np.asarray(line.get_xdata())[0] for line in axes.lines if line.get_marker() == "o"]
    assert len(dots) == len(axes.texts) == 2
    assert min(dots) > 300.0


@pytest.mark.parametrize("name", ["fig3", "fig4"])
@pytest.mark.parametrize("letter", ["d", "e"])
def test_the_drop_has_no_corners_near_its_peak(name: str, letter: str, drawn: Callable[[str], Figure]) -> None:
    axes = panel(drawn(name), letter)
    curve = on_paper(axes, max(axes.lines, key=lambda line: np.size(line.get_xdata())))
    height = curve[:, 1] - curve[:, 1].min()
    assert turns(curve[height > 0.5 * height.max()]).max() < CORNER


@pytest.mark.parametrize("name", ["fig3", "fig4"])
def test_each_power_is_named_once_beside_its_colour(
    name: str, drawn: Callable[[str], Figure], request: pytest.FixtureRequest
) -> None:
    figure = drawn(name)
    words = Counter(text.get_text() for text in figure.findobj(Text) if re.fullmatch(r"[\d.]+ [fp]W", text.get_text()))
    tree = request.getfixturevalue(f"figure_{name[-1]}")
    powers = [float(power) for material in ("silver", "inas") for power in tree[material].power.values]
    assert len(words) == len(powers) == 8
    assert set(words.values()) == {1}


def test_the_largest_drop_is_drawn_over_every_cutoff_and_zero_has_a_place(drawn: Callable[[str], Figure]) -> None:
    axes = panel(drawn("claims"), "b")
    curves = [line for line in axes.lines if np.size(line.get_xdata()) > 2]
    assert len(curves) == 4
    for line in curves:
        cutoff, drop = (np.asarray(values, dtype=float) for values in line.get_data())
        assert (cutoff[0], cutoff[-1]) == (1e10, 1e13)
        assert np.isfinite(drop).all()
    assert sum(np.asarray(line.get_ydata())[0] == 0.0 for line in curves) == 2
    assert "0" in [label.get_text() for label in axes.get_yticklabels()]


@pytest.mark.parametrize(("name", "powers"), [("silver-setup-2", (1e-13, 9.5e-12)), ("inas-setup-2", (1e-14, 3.9e-12))])
def test_the_drop_begins_where_the_caption_says(
    name: str, powers: tuple[float, float], claims_study: xr.Dataset
) -> None:
    onset = float(claims_study.drop_onset.sel(device=name))
    caption = " ".join(claims_figure.describe(claims_study))
    assert f"{onset:.2g} rad/s" in caption
    assert "no drop (δT = 0) below" in caption
    assert np.isnan(claims_study.drop_onset.sel(device=name.replace("2", "1")))
    # Solved states, not the table that found the onset; powers up to the critical temperature.
    for factor, drops in ((0.95, False), (1.05, True)):
        device = at_cutoff(preset(name), factor * onset)
        # Up to the temperatures of the minima; hotter, the strongest power would pass the critical temperature.
        swept = np.linspace(0.05, 0.45, 81)
        surface = outflow_surface(device, SWEPT_ISLAND[2], swept)
        solved = drop_of(contour_response(device, surface, SWEPT_ISLAND[2], np.geomspace(*powers, 41))).drop
        assert np.isfinite(solved).all()
        # T_L is known to the last bits: 1e-15 K is a drop of nothing.
        assert bool(solved.max() > 1e-15) is drops


def test_contour_lines_of_the_best_area_ratio_have_no_corners(drawn: Callable[[str], Figure]) -> None:
    axes = panel(drawn("claims"), "d")
    (contours,) = [artist for artist in axes.collections if isinstance(artist, QuadContourSet)]
    pieces = [np.asarray(piece) for path in contours.get_paths() for piece in path.to_polygons(closed_only=False)]
    assert len(pieces) >= 4
    for piece in pieces:
        line = Line2D(*piece.T)
        if len(piece) > 2:
            assert turns(on_paper(axes, line)).max() < CORNER


def test_the_map_between_computed_points_is_that_of_the_optimiser(claims_study: xr.Dataset) -> None:
    cutoffs, temperatures = np.array([7e11, 6e12]), np.array([0.377, 0.72])
    exact = best_area_ratio(preset("silver-setup-1"), "left", "right", Objective.HEAT, temperatures, cutoffs).area_ratio
    fine = claims_figure.refined(claims_study).best_ratio_for_heat
    near = fine.interp(cutoff=cutoffs, source_temperature=temperatures)
    # Straight lines between the fine points of the map; the colours of the map tell 1 % apart.
    np.testing.assert_allclose(near.values, exact, rtol=2e-3)
