"""Every figure is computed, and everything written, once for all tests."""

from pathlib import Path

import pytest
import xarray as xr

from subkelvin.reproduction import fig1, fig2, fig3, fig4, reproduce


@pytest.fixture(scope="session")
def figure_1() -> xr.Dataset:
    return fig1.compute()


@pytest.fixture(scope="session")
def figure_2() -> xr.Dataset:
    return fig2.compute()


@pytest.fixture(scope="session")
def figure_3() -> xr.DataTree:
    return fig3.compute()


@pytest.fixture(scope="session")
def figure_4() -> xr.DataTree:
    return fig4.compute()


@pytest.fixture(scope="session")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with everything that `reproduce` writes."""
    folder = tmp_path_factory.mktemp("reproduction") / "figures"
    reproduce(["all"], folder)
    return folder
