"""The data behind the figures: trends and anchors of docs/physics.md."""

import functools

import numpy as np
import pytest
import xarray as xr
from scipy.optimize import minimize_scalar
from tests.by_quadrature import CRITICAL_TEMPERATURE, EXTREMUM_DIGITS, conductance_ratio, photon_heat

from subkelvin import preset
from subkelvin.gallery.ndtc.claims.cutoff import at_cutoff
from subkelvin.gallery.ndtc.cutoffs import specific_resistances
from subkelvin.gallery.ndtc.fig2 import heat_dataset
from subkelvin.gallery.ndtc.setups import SWEPT_ISLAND, swept_temperatures
from subkelvin.ndtc import Objective, best_area_ratio, temperature_drop

REFERENCE_CUTOFF = 2e12
"""ω_c of the presets [rad/s]."""
QUADRATURE_DIGITS = 1e-8
"""Both sides are asked for 1e-10 or better; that R(T) enters with its own error leaves two digits less."""


def test_the_resistance_ratio_starts_on_its_floor_and_ends_at_one(figure_1: xr.Dataset) -> None:
    for reduced in (0.05, 0.3, 1.0):
        computed = figure_1.resistance_ratio.sel(reduced_temperature=reduced, method="nearest")
        temperature = CRITICAL_TEMPERATURE * float(computed.reduced_temperature)
        expected = [1.0 / conductance_ratio(temperature, float(dynes)) for dynes in figure_1.dynes]
        np.testing.assert_allclose(computed.values, expected, rtol=QUADRATURE_DIGITS)
    np.testing.assert_allclose(figure_1.resistance_ratio.isel(reduced_temperature=-1), 1.0, rtol=QUADRATURE_DIGITS)


def test_the_resistance_ratio_falls_with_temperature(figure_1: xr.Dataset) -> None:
    assert (np.diff(figure_1.resistance_ratio.values, axis=1) < 0.0).all()


def test_heat_agrees_with_adaptive_quadrature() -> None:
    data = heat_dataset(at_cutoff(preset("silver-setup-1"), 4e11), 0.5, (0.5, 1.0, 2.0, 5.0))
    for row, ratio in enumerate(data.area_ratio.values):
        temperatures, heats = data.target_temperature.values[row, :-1:60], data.heat.values[row, :-1:60]
        assert temperatures.size >= 4
        expected = [photon_heat(0.5, temperature, ratio, 4e11) for temperature in temperatures]
        np.testing.assert_allclose(heats, expected, rtol=QUADRATURE_DIGITS)


def extremum(ratio: float, low: float, high: float, sign: float) -> tuple[float, float]:
    """T_R [K] and J [W] of the minimum (sign 1) or maximum (−1) of the heat between two temperatures, by quadrature."""
    heat = functools.partial(photon_heat, 0.5, area_ratio=ratio, cutoff=REFERENCE_CUTOFF)
    found = minimize_scalar(
        lambda t: 1e15 * sign * heat(t), bounds=(low, high), method="bounded", options={"xatol": 1e-9}
    )
    return float(found.x), heat(found.x)


def test_heat_peaks_where_it_is_known_to(figure_2: xr.Dataset) -> None:
    for ratio in (0.2, 1.0, 2.0, 5.0):
        one = figure_2.sel(area_ratio=ratio)
        temperature, heat = extremum(ratio, 0.3, 0.45, -1.0)
        assert float(one.peak_temperature) == pytest.approx(temperature, rel=EXTREMUM_DIGITS)
        assert float(one.peak_heat) == pytest.approx(heat, rel=QUADRATURE_DIGITS)


def test_heat_has_one_interior_maximum_and_vanishes_at_equal_temperatures(figure_2: xr.Dataset) -> None:
    assert (figure_2.closes.sum("interval") == 1).all()
    assert (figure_2.heat.isel(point=-1) == 0.0).all()
    assert (figure_2.conductance.isel(point=-1) > 0.0).all()


def test_a_shallow_minimum_precedes_the_maximum(figure_2: xr.Dataset) -> None:
    assert figure_2.opens.isel(interval=0).all()
    one = figure_2.sel(area_ratio=1.0)
    below = one.heat.values[one.target_temperature.values < float(one.peak_temperature)]
    temperature, heat = extremum(1.0, 0.06, 0.25, 1.0)
    assert below[0] == pytest.approx(photon_heat(0.5, 0.05, 1.0, REFERENCE_CUTOFF), rel=QUADRATURE_DIGITS)
    # The coldest of points 1.5 mK apart: half the curvature times the square of half of that, 1e-4 of the heat at most.
    assert heat * (1.0 - QUADRATURE_DIGITS) <= below.min() < heat * (1.0 + 1e-4)
    assert float(one.lower_edge[0]) == pytest.approx(temperature, rel=EXTREMUM_DIGITS)


def test_conductance_is_negative_between_the_edges_and_nowhere_else(figure_2: xr.Dataset) -> None:
    for ratio in figure_2.area_ratio.values:
        one = figure_2.sel(area_ratio=ratio)
        temperature, kappa = one.target_temperature.values, one.conductance.values
        low, high = float(one.lower_edge[0]), float(one.upper_edge[0])
        inside = (temperature > low * (1 + 1e-9)) & (temperature < high * (1 - 1e-9))
        outside = (temperature < low * (1 - 1e-9)) | (temperature > high * (1 + 1e-9))
        assert (kappa[inside] < 0.0).all()
        assert (kappa[outside] > 0.0).all()


def test_mismatch_shrinks_the_peak_and_moves_it_up(figure_2: xr.Dataset) -> None:
    assert (np.diff(figure_2.peak_temperature.values) < 0.0).all()
    heat = figure_2.peak_heat
    assert heat.sel(area_ratio=0.2) < heat.sel(area_ratio=0.5) < heat.sel(area_ratio=1.0) < heat.sel(area_ratio=2.0)


@pytest.mark.parametrize(
    ("objective", "ratios"),
    [(Objective.HEAT, (1.82, 2.00, 2.73, 5.9)), (Objective.NEGATIVE_CONDUCTANCE, (2.18, 2.49, 3.48, 8.9))],
)
def test_the_best_area_ratio_is_not_one(objective: Objective, ratios: tuple[float, ...]) -> None:
    cutoffs = np.array([1e10, 4e11, 2e12, 1e13])
    device = preset("silver-setup-1")
    resistances = specific_resistances(device, cutoffs)
    best = best_area_ratio(
        device, "right", objective, source="left", source_temperatures=[0.5], specific_resistances=resistances
    )
    # The maximum is flat: the known values, read off a grid of α, are up to 4.5 % away where J is below its maximum by 2e-4.
    np.testing.assert_allclose(best.area_ratio[:, 0], ratios, rtol=0.045)


@pytest.mark.parametrize(
    ("name", "power", "drop"),
    [
        ("silver-setup-1", 140e-15, 20.5),
        ("silver-setup-2", 140e-15, 7.65),
        ("silver-setup-1", 500e-15, 18.6),
        ("silver-setup-2", 500e-15, 8.0),
        ("inas-setup-1", 15e-15, 78.5),
        ("inas-setup-2", 15e-15, 74.4),
    ],
)
def test_the_temperature_drops_as_far_as_is_known(name: str, power: float, drop: float) -> None:
    device = preset(name)
    swept = SWEPT_ISLAND[int(name[-1])]
    found = temperature_drop(device, swept, swept_temperatures(device), powers=[power])
    # The known values have three digits; the last may be off by one.
    assert abs(1e3 * float(found.drop[0]) - drop) < (0.1 if drop > 10.0 else 0.01)


def test_the_responsivity_is_the_slope(figure_3: xr.DataTree) -> None:
    for material in ("silver", "inas"):
        data = figure_3[material].to_dataset()
        slope = np.gradient(data.temperature.values, data.swept_temperature.values, axis=1, edge_order=2)
        # Central differences over 5 mK: a sixth of the third derivative times the square of the spacing.
        np.testing.assert_allclose(slope, data.responsivity.values, atol=0.03)


def test_the_powers_make_both_materials_start_alike(figure_3: xr.DataTree, figure_4: xr.DataTree) -> None:
    for tree in (figure_3, figure_4):
        silver, inas = tree["silver"].to_dataset(), tree["inas"].to_dataset()
        np.testing.assert_allclose(inas.temperature[:, 0], silver.temperature[:, 0], rtol=1e-12)
        assert (inas.power < silver.power.values).all()


def test_the_drop_has_an_interior_maximum(figure_3: xr.DataTree, figure_4: xr.DataTree) -> None:
    for tree in (figure_3, figure_4):
        for material in ("silver", "inas"):
            drop = tree[material].to_dataset().temperature_drop.values
            best = int(np.argmax(drop))
            assert 0 < best < drop.size - 1
            assert drop[best] > 1.2 * max(drop[0], drop[-1])


def test_the_semiconductor_drops_further_and_hardly_notices_the_fins(
    figure_3: xr.DataTree, figure_4: xr.DataTree
) -> None:
    largest = {
        (material, number): float(tree[material].to_dataset().temperature_drop.max())
        for number, tree in ((1, figure_3), (2, figure_4))
        for material in ("silver", "inas")
    }
    assert largest["inas", 1] > 3.0 * largest["silver", 1]
    assert largest["silver", 2] < 0.5 * largest["silver", 1]
    assert 0.9 * largest["inas", 1] < largest["inas", 2] < largest["inas", 1]


def test_a_heater_cannot_hold_the_coldest_temperatures(figure_3: xr.DataTree) -> None:
    for material in ("silver", "inas"):
        data = figure_3[material].to_dataset()
        # At T_R = T_b phonons carry nothing away, but photons bring heat.
        assert (data.holding_power[:, 0] < 0.0).all()
        assert (data.minimum_at > data.lowest_reachable).all()
