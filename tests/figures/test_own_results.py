"""What a user's own questions answer is drawn by the functions that draw the paper's figures."""

from collections.abc import Callable

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from subkelvin import plots, preset
from subkelvin.model.result import Result
from subkelvin.ndtc import conductance, response, temperature_drop

KELVINS = np.linspace(0.05, 0.6, 23)


def curves() -> Result:
    return response(preset("silver-setup-1"), "right", KELVINS, powers=["50 fW", "200 fW"])


def drops() -> Result:
    return temperature_drop(preset("silver-setup-1"), "right", KELVINS, powers=np.geomspace(1e-14, 1e-12, 9))


def heats() -> Result:
    return conductance(preset("silver-setup-1"), "right", KELVINS[:-5], source="left", source_temperature="500 mK")


@pytest.mark.parametrize(
    ("asked", "draw", "quantity", "scale", "lines"),
    [
        (curves, plots.draw_temperature, "temperature", 1e3, 2),
        (curves, plots.draw_responsivity, "responsivity", 1.0, 2),
        (drops, plots.draw_drop, "drop", 1e3, 1),
        (heats, plots.draw_heat, "heat", 1e15, 1),
        (heats, plots.draw_conductance, "conductance", 1e15, 1),
    ],
    ids=lambda value: getattr(value, "__name__", str(value)),
)
def test_a_result_is_drawn_as_it_is(
    asked: Callable[[], Result], draw: Callable[..., None], quantity: str, scale: float, lines: int
) -> None:
    dataset = asked().to_xarray()
    with plots.journal_style():
        axes: Axes = Figure().add_subplot()
        draw(axes, dataset)
        axes.figure.canvas.draw()
    wanted = scale * np.atleast_2d(dataset[quantity].values)
    drawn = [np.asarray(line.get_ydata(), dtype=float) for line in axes.lines]
    for row in wanted:
        # Thick where heating is enough, thin elsewhere: both pieces together are the curve.
        pieces = [y for y in drawn if y.shape == row.shape and np.any(np.isclose(y, row, rtol=1e-12))]
        covered = np.any([np.isclose(y, row, rtol=1e-12) for y in pieces], axis=0)
        assert np.all(covered | np.isnan(row))
    assert mpl.get_backend().lower() == "agg"
    assert len(wanted) == lines
