"""The SINIS cooler of Leivo, Pekola and Averin: what the figure shows, and what is written."""

from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from matplotlib.backends.backend_agg import FigureCanvasAgg

from subkelvin import preset, steady_state
from subkelvin.constants import BOLTZMANN, ELEMENTARY_CHARGE
from subkelvin.gallery import reproduce
from subkelvin.gallery.leivo1996 import cooler as leivo1996
from subkelvin.model.status import Status
from subkelvin.physics.superconductor import gap, zero_temperature_gap
from subkelvin.physics.tunnel_current import charge_current
from subkelvin.plots import SINGLE_COLUMN, journal_style
from subkelvin.plots.style import MILLIMETRE

CRITICAL_TEMPERATURE, DYNES = 1.2, 1e-4


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What `reproduce` writes."""
    out = tmp_path_factory.mktemp("leivo") / "figures"
    reproduce(["leivo1996"], out)
    return out


def test_every_point_converges_and_a_scan_finds_the_same_temperature(cooler: xr.Dataset) -> None:
    assert np.all(cooler.status == Status.CONVERGED)
    device = preset("leivo-1996")
    for bath, index in ((0.3, 140), (0.5, 60)):
        voltage = float(cooler.voltage[index])
        alone = steady_state(leivo1996.at_bath(device, bath).replace({"links.junctions.voltage": voltage}))
        # Both end at an imbalance of 1e-12 of the largest flow.
        assert float(cooler.temperature.sel(bath_temperature=bath)[index]) == pytest.approx(
            float(alone.temperatures["copper"]), rel=1e-11
        )


def test_without_bias_the_copper_has_the_temperature_of_the_bath(cooler: xr.Dataset) -> None:
    assert cooler.temperature.values[:, 0] == pytest.approx(cooler.bath_temperature.values, rel=1e-14)


def test_the_copper_cools_from_300_to_about_100_millikelvin_and_less_from_warmer_baths(cooler: xr.Dataset) -> None:
    coldest = cooler.temperature.min("voltage")
    # Published as about 100 mK: its last digit is half of 10 mK.
    assert float(coldest[0]) == pytest.approx(0.1, abs=5e-3)
    share = (coldest / cooler.bath_temperature).values
    assert np.all(np.diff(share) > 0.0)
    # The best bias falls with temperature, and lies below the gap of both junctions.
    best = cooler.voltage.values[cooler.temperature.values.argmin(axis=1)]
    assert np.all(np.diff(best) < 0.0)
    assert best[0] < 2.0 * 1.764 * BOLTZMANN * CRITICAL_TEMPERATURE / ELEMENTARY_CHARGE


def test_the_ideal_power_is_2_2_picowatts_and_above_the_measured_one(cooler: xr.Dataset) -> None:
    total = cooler.total_cooling_power
    # Two published digits.
    assert float(total.max()) == pytest.approx(2.2e-12, abs=0.05e-12)
    assert float(total.max()) > float(cooler.measured_power) == 1.5e-12
    # The published optimum of one junction, Q̇e²R/Δ0² ≈ 0.05 near T/T_c = 0.25, for both conductances.
    scale = (1.764 * BOLTZMANN * CRITICAL_TEMPERATURE / ELEMENTARY_CHARGE) ** 2
    assert 0.03 < float(total.max()) / (scale * (1 / 1e3 + 1 / 1.1e3)) < 0.043356


def test_one_current_flows_through_both_junctions(cooler: xr.Dataset) -> None:
    delta = gap(0.3, CRITICAL_TEMPERATURE, True)
    width = DYNES * zero_temperature_gap(CRITICAL_TEMPERATURE, True)
    currents = charge_current(0.3, 0.3, cooler.share_of_bias.values, delta, width, leivo1996.RESISTANCES[:, None])
    assert cooler.share_of_bias.sum("junction_resistance").values == pytest.approx(cooler.voltage.values, rel=1e-14)
    # A last bit of a voltage moves the current by eV/k_BT = 9 last bits, and as much again by how sharply the root ends.
    assert np.asarray(currents[0]) == pytest.approx(np.asarray(currents[1]), rel=1e-12)


def test_two_equal_junctions_stand_for_the_pair(cooler: xr.Dataset) -> None:
    device = preset("leivo-1996").hold({"copper": 0.3})
    index = int(cooler.total_cooling_power.values.argmax())
    changed = device.replace({"links.junctions.voltage": float(cooler.voltage[index])})
    taken = float(steady_state(changed).heat("copper", "aluminium", "nis-tunnel"))
    # Resistances ±5 % apart: the difference is of second order.
    assert taken == pytest.approx(float(cooler.total_cooling_power[index]), rel=0.01)
    assert taken != float(cooler.total_cooling_power[index])


def test_everything_is_written_and_assumed_values_are_named(folder: Path) -> None:
    assert (folder / "leivo1996.pdf").read_bytes().startswith(b"%PDF")
    assert (folder / "leivo1996.png").read_bytes().startswith(b"\x89PNG")
    assert list(folder.glob("leivo1996*.csv"))
    assert not list(folder.glob("fig*"))
    text = (folder / "leivo1996.txt").read_text(encoding="utf-8")
    assumed = preset("leivo-1996").provenance.assumed
    assert assumed
    assert all(f"* {path} = " in text for path in assumed)
    with xr.open_dataset(folder / "leivo1996.nc", engine="h5netcdf") as dataset:
        assert dataset.temperature.attrs["units"] == "K"


def test_the_picture_fits_a_column_and_names_both_powers(cooler: xr.Dataset) -> None:
    figure = leivo1996.draw(cooler)
    assert isinstance(figure.canvas, FigureCanvasAgg)
    with journal_style():
        figure.canvas.draw()
    assert abs(figure.get_figwidth() - SINGLE_COLUMN * MILLIMETRE) < 1e-12
    upper, lower = figure.axes
    assert {"ideal 2.2 pW", "measured 1.5 pW"} <= {text.get_text() for text in lower.texts}
    legend = upper.get_legend()
    assert legend is not None
    assert [text.get_text() for text in legend.get_texts()] == ["300 mK", "400 mK", "500 mK"]
    for axes in (upper, lower):
        for text in axes.texts:
            box, room = text.get_window_extent(), axes.get_window_extent()
            assert room.x0 <= box.x0
            assert box.x1 <= room.x1
