"""The pictures themselves: journal widths, nothing overlapping, nothing cut off, readable type."""

import itertools
from collections.abc import Callable

import numpy as np
import pytest
import xarray as xr
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.transforms import Bbox

from subkelvin.plots import DOUBLE_COLUMN, SINGLE_COLUMN, journal_style
from subkelvin.plots.style import OUTSIDE
from subkelvin.reproduction import fig2

MILLIMETRES = 25.4
SMALLEST_TYPE = 6.5
"""Points; only names inside a drawing or at a line are that small."""
WIDTHS = {
    "fig1": SINGLE_COLUMN,
    "fig2": DOUBLE_COLUMN,
    "fig2-dynamic": DOUBLE_COLUMN,
    "fig3": DOUBLE_COLUMN,
    "fig4": DOUBLE_COLUMN,
    "claims": DOUBLE_COLUMN,
    "admittance": DOUBLE_COLUMN,
    "leivo1996": SINGLE_COLUMN,
    "branches": SINGLE_COLUMN,
}


@pytest.fixture(params=list(WIDTHS))
def picture(request: pytest.FixtureRequest, drawn: Callable[[str], Figure]) -> tuple[Figure, float]:
    """A figure, drawn, and the width that it should have [mm]."""
    return drawn(request.param), WIDTHS[request.param]


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
    found = [artist for artist in figure.findobj(Text) if isinstance(artist, Text) and artist.get_visible()]
    shown = [text for text in found if text.get_text().strip() and text not in hidden]
    return [(text, text.get_window_extent(renderer)) for text in shown]


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
        assert float(text.get_fontsize()) >= SMALLEST_TYPE


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


def test_no_data_are_clipped_unless_a_mark_says_so(picture: tuple[Figure, float]) -> None:
    figure, _ = picture
    for axes in figure.axes:
        (left, right), (bottom, top) = sorted(axes.get_xlim()), sorted(axes.get_ylim())
        marked = False
        for line in axes.lines:
            if line.get_transform() != axes.transData:
                # Guides over the whole width or height.
                continue
            x, y = (np.asarray(values, dtype=float) for values in line.get_data())
            inside = np.isnan(x) | np.isnan(y) | ((left <= x) & (x <= right) & (bottom <= y) & (y <= top))
            marked |= line.get_gid() == OUTSIDE and not inside.all()
            assert inside.all() or line.get_gid() == OUTSIDE, f"{line.get_label()} leaves {axes.get_ylabel()}"
        triangles = [line for line in axes.lines if line.get_marker() == "^"]
        numbers = [text for text in axes.texts if "blacktriangle" in text.get_text()]
        assert bool(triangles) == bool(numbers) == marked


def test_no_line_runs_through_words(picture: tuple[Figure, float]) -> None:
    figure, _ = picture
    for axes in figure.axes:
        legend = axes.get_legend()
        words = [*axes.texts, *(legend.get_texts() if legend is not None else [])]
        boxes = [(text.get_text(), text.get_window_extent()) for text in words]
        for line in axes.lines:
            path = line.get_transform().transform_path(line.get_path()).interpolated(20)
            for text, box in boxes:
                # A pixel of the margin of a text is no ink.
                through = box.padded(-1.0).contains
                assert not any(through(*point) for point in np.asarray(path.vertices) if np.isfinite(point).all()), text


def test_millikelvin_is_the_only_unit_of_temperature(picture: tuple[Figure, float]) -> None:
    figure, _ = picture
    labels = [label for axes in figure.axes for label in (axes.get_xlabel(), axes.get_ylabel())]
    assert not [label for label in labels if label.endswith("(K)")]


def test_every_figure_of_the_paper_names_its_model_of_admittance(drawn: Callable[[str], Figure]) -> None:
    for name, model in (
        ("fig2", "static admittance"),
        ("fig2-dynamic", "dynamic admittance"),
        ("fig3", "static admittance"),
        ("fig4", "static admittance"),
        ("claims", "static admittance"),
    ):
        assert drawn(name).get_suptitle() == model
    for name in ("fig1", "admittance"):
        assert "static" in drawn(name).get_suptitle()
        assert "dynamic" in drawn(name).get_suptitle()


def test_a_conductance_without_edges_leaves_the_panels_their_room(figure_2: xr.Dataset) -> None:
    without = figure_2.assign(opens=figure_2.opens & False, closes=figure_2.closes & False)

    def places(dataset: xr.Dataset) -> list[tuple[float, ...]]:
        drawn = fig2.draw(dataset)
        with journal_style():
            drawn.canvas.draw()
        return [axes.get_position().bounds for axes in drawn.axes]

    assert places(without) == places(figure_2)
