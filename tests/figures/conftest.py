"""Every figure is computed and drawn, and everything written, once for all tests."""

from collections.abc import Callable
from functools import cache
from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from tests.figures.cubic_branches import drawn_branches

from subkelvin.plots import journal_style
from subkelvin.reproduction import admittance, fig1, fig2, fig3, fig4, leivo1996, reproduce
from subkelvin.reproduction.claims import figure as claims_figure
from subkelvin.reproduction.setups import with_admittance


@pytest.fixture(scope="session")
def figure_1() -> xr.Dataset:
    return fig1.compute()


@pytest.fixture(scope="session")
def figure_2() -> xr.Dataset:
    return fig2.compute()


@pytest.fixture(scope="session")
def dynamic_figure_2() -> xr.Dataset:
    """Figure 2 with the junctions' full admittance, where no minimum precedes the maximum; two of its area ratios."""
    return fig2.heat_dataset(with_admittance(fig2.DEVICE, "dynamic"), fig2.SOURCE_TEMPERATURE, (1.0, 2.0))


@pytest.fixture(scope="session")
def figure_3() -> xr.DataTree:
    return fig3.compute()


@pytest.fixture(scope="session")
def figure_4() -> xr.DataTree:
    return fig4.compute()


@pytest.fixture(scope="session")
def cooler() -> xr.Dataset:
    """The cooler of Leivo, Pekola and Averin."""
    return leivo1996.compute()


@pytest.fixture(scope="session")
def both_models() -> xr.Dataset:
    """Static against dynamic admittance at the presets' ω_c and at one where the static model nearly holds."""
    return admittance.compute(np.array([1e9, 2e12]))


@pytest.fixture(scope="session")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with everything that `reproduce` writes."""
    folder = tmp_path_factory.mktemp("reproduction") / "figures"
    reproduce(["all"], folder)
    return folder


@pytest.fixture(scope="session")
def claims_study(written: Path) -> xr.Dataset:
    """What the claims table and its figure show against ω_c."""
    with xr.open_dataset(written / "claims.nc", engine="h5netcdf") as study:
        return study.load()


@pytest.fixture(scope="session")
def drawn(request: pytest.FixtureRequest) -> Callable[[str], Figure]:
    """Any figure by its name, laid out; only what a test asks for is computed."""
    modules = {
        "fig1": (fig1, "figure_1"),
        "fig2": (fig2, "figure_2"),
        "fig2-dynamic": (fig2, "dynamic_figure_2"),
        "fig3": (fig3, "figure_3"),
        "fig4": (fig4, "figure_4"),
        "claims": (claims_figure, "claims_study"),
        "admittance": (admittance, "both_models"),
        "leivo1996": (leivo1996, "cooler"),
    }

    @cache
    def draw(name: str) -> Figure:
        if name == "branches":
            return drawn_branches()
        module, data = modules[name]
        figure: Figure = module.draw(request.getfixturevalue(data))
        assert isinstance(figure.canvas, FigureCanvasAgg)
        with journal_style():
            figure.canvas.draw()
        return figure

    return draw
