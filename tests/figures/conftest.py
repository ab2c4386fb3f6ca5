"""Every figure is computed and drawn, and everything written, once for all tests, also where several processes share them."""

import fcntl
import os
from collections.abc import Callable
from functools import cache
from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from tests.figures.cubic_branches import drawn_branches

from subkelvin.gallery import reproduce
from subkelvin.gallery.exhibit import with_admittance
from subkelvin.gallery.leivo1996 import cooler as leivo1996
from subkelvin.gallery.ndtc import admittance, fig1, fig2, fig3, fig4
from subkelvin.gallery.ndtc.claims import figure as claims_figure
from subkelvin.plots import journal_style

Make = Callable[[Path], object]
Once = Callable[[str, Make], Path]


@pytest.fixture(scope="session")
def once(tmp_path_factory: pytest.TempPathFactory) -> Once:
    """A folder by its name, filled by the process that asks first; the others wait for it. A lock ends with its process."""
    own = tmp_path_factory.getbasetemp()
    common = own.parent if "PYTEST_XDIST_WORKER" in os.environ else own

    def folder(name: str, make: Make) -> Path:
        place, complete = common / name, common / f"{name}.complete"
        with (common / f"{name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not complete.exists():
                place.mkdir(exist_ok=True)
                make(place)
                complete.touch()
        return place

    return folder


def dataset_once(once: Once, name: str, compute: Callable[[], xr.Dataset]) -> xr.Dataset:
    """A dataset that one process computes."""
    folder = once(name, lambda place: compute().to_netcdf(place / "data.nc", engine="h5netcdf"))
    return read(folder / "data.nc")


def read(file: Path) -> xr.Dataset:
    """A whole dataset from its file."""
    with xr.open_dataset(file, engine="h5netcdf") as dataset:
        return dataset.load()


@pytest.fixture(scope="session")
def written(once: Once) -> Path:
    """A folder with everything that `reproduce` writes."""
    return once("reproduction", lambda place: reproduce(["all"], place / "figures")) / "figures"


@pytest.fixture(scope="session")
def figure_1(written: Path) -> xr.Dataset:
    return read(written / "fig1.nc")


@pytest.fixture(scope="session")
def figure_2(written: Path) -> xr.Dataset:
    return read(written / "fig2.nc")


@pytest.fixture(scope="session")
def dynamic_figure_2(once: Once) -> xr.Dataset:
    """Figure 2 with the junctions' full admittance, where no minimum precedes the maximum; two of its area ratios."""
    device = with_admittance(fig2.DEVICE, "dynamic")
    return dataset_once(once, "dynamic", lambda: fig2.heat_dataset(device, fig2.SOURCE_TEMPERATURE, (1.0, 2.0)))


@pytest.fixture(scope="session")
def figure_3(written: Path) -> xr.DataTree:
    with xr.open_datatree(written / "fig3.nc", engine="h5netcdf") as tree:
        return tree.load()


@pytest.fixture(scope="session")
def figure_4(written: Path) -> xr.DataTree:
    with xr.open_datatree(written / "fig4.nc", engine="h5netcdf") as tree:
        return tree.load()


@pytest.fixture(scope="session")
def cooler(once: Once) -> xr.Dataset:
    """The cooler of Leivo, Pekola and Averin."""
    return dataset_once(once, "cooler", leivo1996.compute)


@pytest.fixture(scope="session")
def both_models(once: Once) -> xr.Dataset:
    """Static against dynamic admittance at the presets' ω_c and at one where the static model nearly holds."""
    return dataset_once(once, "both-models", lambda: admittance.compute(np.array([1e9, 2e12])))


@pytest.fixture(scope="session")
def claims_study(written: Path) -> xr.Dataset:
    """What the claims table and its figure show against ω_c."""
    return read(written / "claims.nc")


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
