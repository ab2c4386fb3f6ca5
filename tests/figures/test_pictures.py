"""The pictures themselves: journal widths, nothing overlapping, nothing cut off, readable type."""

import itertools
from pathlib import Path

import pytest
import xarray as xr
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.transforms import Bbox

from subkelvin.plots import DOUBLE_COLUMN, SINGLE_COLUMN, journal_style
from subkelvin.reproduction import fig1, fig2, fig3, fig4
from subkelvin.reproduction.claims import figure as claims_figure

MILLIMETRES = 25.4
SMALLEST_TYPE = 6.5
"""Points; only names inside a drawing or at a line are that small."""


@pytest.fixture(params=["fig1", "fig2", "fig3", "fig4", "claims"])
def picture(
    request: pytest.FixtureRequest,
    figure_1: xr.Dataset,
    figure_2: xr.Dataset,
    figure_3: xr.DataTree,
    figure_4: xr.DataTree,
    written: Path,
) -> tuple[Figure, float]:
    """A figure, drawn, and the width that it should have [mm]."""
    if request.param == "claims":
        with xr.open_dataset(written / "claims.nc", engine="h5netcdf") as study:
            drawn, width = claims_figure.draw(study.load()), DOUBLE_COLUMN
    else:
        drawn, width = {
            "fig1": lambda: (fig1.draw(figure_1), SINGLE_COLUMN),
            "fig2": lambda: (fig2.draw(figure_2), SINGLE_COLUMN),
            "fig3": lambda: (fig3.draw(figure_3), DOUBLE_COLUMN),
            "fig4": lambda: (fig4.draw(figure_4), DOUBLE_COLUMN),
        }[request.param]()
    with journal_style():
        drawn.canvas.draw()
    return drawn, width


def texts(figure: Figure) -> list[tuple[Text, Bbox]]:
    """Every visible text of a figure with its box in pixels; tick labels outside the axes' range are not drawn."""
    canvas = figure.canvas
    assert isinstance(canvas, FigureCanvasAgg)
    renderer = canvas.get_renderer()
    hidden = set()
    for axes in figure.axes:
        if not axes.axison:
            hidden |= set(axes.get_xticklabels()) | set(axes.get_yticklabels()) | {axes.xaxis.label, axes.yaxis.label}
        for axis, (low, high) in ((axes.xaxis, sorted(axes.get_xlim())), (axes.yaxis, sorted(axes.get_ylim()))):
            for tick in [*axis.get_major_ticks(), *axis.get_minor_ticks()]:
                if not low * (1.0 - 1e-9) - 1e-12 <= tick.get_loc() <= high * (1.0 + 1e-9) + 1e-12:
                    hidden |= {tick.label1, tick.label2}
            for tick in axis.get_minor_ticks():
                hidden |= {tick.label1, tick.label2} if not tick.label1.get_text() else set()
            hidden.add(axis.get_offset_text())
    found = figure.findobj(
        lambda artist: isinstance(artist, Text) and artist.get_visible() and artist.get_text().strip()
    )
    return [(text, text.get_window_extent(renderer)) for text in found if text not in hidden]


def test_the_width_is_that_of_the_journal(picture: tuple[Figure, float]) -> None:
    figure, width = picture
    assert abs(figure.get_figwidth() * MILLIMETRES - width) < 1e-9


def test_no_text_overlaps_another(picture: tuple[Figure, float]) -> None:
    figure, _ = picture
    boxes = texts(figure)
    assert len(boxes) > 10
    for (first, box), (second, other) in itertools.combinations(boxes, 2):
        overlap = Bbox.intersection(box, other)
        # Boxes may touch: a pixel of their margins is no ink.
        touching = overlap is None or min(overlap.width, overlap.height) <= 1.0
        assert touching, f"{first.get_text()!r} overlaps {second.get_text()!r}"


def test_nothing_is_cut_off(picture: tuple[Figure, float]) -> None:
    figure, _ = picture
    for text, box in texts(figure):
        inside = box.x0 >= 0.0 and box.y0 >= 0.0 and box.x1 <= figure.bbox.x1 and box.y1 <= figure.bbox.y1
        assert inside, f"{text.get_text()!r} leaves the page"


def test_type_is_large_enough_to_read(picture: tuple[Figure, float]) -> None:
    figure, _ = picture
    for text, _ in texts(figure):
        assert text.get_fontsize() >= SMALLEST_TYPE


def test_every_axis_says_what_it_shows(picture: tuple[Figure, float]) -> None:
    figure, _ = picture
    for axes in figure.axes:
        if axes.axison:
            assert axes.get_ylabel()
            assert (
                axes.get_xlabel()
                or axes.get_shared_x_axes().get_siblings(axes) != [axes]
                or axes.get_label() == "<colorbar>"
            )


def test_a_conductance_without_edges_leaves_the_panels_their_room(figure_2: xr.Dataset) -> None:
    without = figure_2.assign(opens=figure_2.opens & False, closes=figure_2.closes & False)

    def places(dataset: xr.Dataset) -> list[tuple[float, ...]]:
        drawn = fig2.draw(dataset)
        with journal_style():
            drawn.canvas.draw()
        return [axes.get_position().bounds for axes in drawn.axes]

    assert places(without) == places(figure_2)
