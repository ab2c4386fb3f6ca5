"""Drops of temperature and best powers are those of the whole solver, to the digits that are promised."""

import numpy as np
import pytest
from tests.analysis.states_by_solver import Solver
from tests.analysis.test_response import DEVICES, named_device, scattered
from tests.hostile.calls import SMALL

from subkelvin import preset
from subkelvin.analysis.outflow_surface import outflow_surface
from subkelvin.analysis.response import swept_network
from subkelvin.analysis.temperature_drop import read_drops
from subkelvin.devicefile import loads
from subkelvin.model.status import Status
from subkelvin.ndtc import best_power, response, temperature_drop

SWEEP = np.array([0.05, 0.6])
PRESETS = ("silver-setup-1", "silver-setup-2", "inas-setup-1", "inas-setup-2")


@pytest.mark.parametrize("name", PRESETS)
def test_the_drop_is_that_between_two_states_of_the_solver(name: str) -> None:
    device, swept = preset(name), DEVICES[name]
    powers = np.array([1.5e-14, 3e-14]) if name.startswith("inas") else np.array([1.4e-13, 5e-13])
    found = temperature_drop(device, swept, SWEEP, powers=powers)
    solver = Solver(device, swept)
    for k, power in enumerate(powers):
        at = found.swept_temperature[k]
        place, lowest = solver.lowest(0.98 * at, 1.02 * at, power)
        # T_L to the last bits, of which δT is a difference.
        np.testing.assert_allclose(found.minimum[k], lowest, rtol=1e-14)
        np.testing.assert_allclose(found.start[k], solver.state(SWEEP[0], power).temperature, rtol=1e-14)
        assert found.drop[k] == found.start[k] - found.minimum[k]
        # 𝓡 is known to 1e-13; it passes zero with a slope of some 10/K.
        np.testing.assert_allclose(at, place, rtol=1e-9)


@pytest.mark.parametrize("name", [*PRESETS, "bistable"])
def test_no_state_of_the_sweep_is_colder_than_the_minimum(name: str) -> None:
    random = np.random.default_rng(sorted(DEVICES).index(name))
    for _ in range(2):
        device, powers = scattered(named_device(name), random), 10.0 ** random.uniform(-17.0, -12.0, 8)
        ends = np.array([random.uniform(0.03, 0.1), random.uniform(0.3, 0.7)])
        found = temperature_drop(device, DEVICES[name], ends, powers=powers)
        curve = response(device, DEVICES[name], np.linspace(ends[0], ends[1], 301), powers=powers)
        complete = np.isfinite(curve.temperature).any(axis=1) & np.isfinite(curve.temperature[:, 0])
        assert np.all((found.status == Status.CONVERGED) == complete)
        lowest = np.nanmin(curve.temperature[complete], axis=1)
        # Rounding above; below, what lies between points 2 mK apart: half the square of that times a curvature below 50/K.
        assert np.all(found.minimum[complete] <= lowest * (1.0 + 1e-14))
        assert np.all(found.minimum[complete] >= lowest - 50.0 * 0.5 * (0.5 * 0.67 / 300.0) ** 2)
        assert np.all(found.drop[complete] >= 0.0)


def test_few_swept_temperatures_are_as_good_as_many() -> None:
    device, powers = preset("inas-setup-1"), np.geomspace(1e-16, 1e-13, 5)
    few, many = (temperature_drop(device, "right", np.linspace(SWEEP[0], SWEEP[1], n), powers=powers) for n in (2, 200))
    # The last bits of T_L.
    np.testing.assert_allclose(few.drop, many.drop, rtol=0.0, atol=1e-15)


def test_a_sweep_on_which_the_island_only_warms_has_no_drop() -> None:
    found = temperature_drop(loads(SMALL), "right", SWEEP, powers=np.array([1e-13]))
    assert found.drop[0] == 0.0
    assert found.minimum[0] == found.start[0]
    assert found.swept_temperature[0] == SWEEP[0]


def test_a_sweep_that_ends_on_the_way_down_has_its_lowest_state_at_its_end() -> None:
    device, ends, power = preset("silver-setup-1"), np.array([0.2, 0.3]), np.array([1e-13])
    found = temperature_drop(device, "right", ends, powers=power)
    last = response(device, "right", ends[1:], powers=power)
    assert last.responsivity[0, 0] < 0.0
    assert found.swept_temperature[0] == 0.3
    # The last bits of T_L.
    np.testing.assert_allclose(found.minimum, last.temperature[:, 0], rtol=1e-15)


def test_a_start_without_a_state_has_no_drop() -> None:
    found = temperature_drop(preset("silver-setup-1"), "right", SWEEP, powers=np.array([1e-10]))
    assert found.status[0] == Status.ABOVE_CRITICAL_TEMPERATURE
    assert np.isnan([found.drop[0], found.minimum[0], found.start[0], found.swept_temperature[0]]).all()


def test_the_table_alone_gives_the_drop_of_a_figure() -> None:
    powers = np.geomspace(1e-15, 1e-12, 21)
    device = preset("silver-setup-1")
    network, temperatures, _ = swept_network(device, "right", SWEEP, powers, rising=True)
    read = read_drops(outflow_surface(network, temperatures, refine_swept=True), powers)
    exact = temperature_drop(device, "right", SWEEP, powers=powers)
    # Cubics that tell F to 1e-3 of its rise halfway between rows a tenth apart in ln T.
    np.testing.assert_allclose(read.drop, exact.drop, rtol=0.0, atol=1e-5)


@pytest.mark.parametrize("name", ["silver-setup-1", "inas-setup-2"])
def test_the_best_power_is_where_the_solvers_states_move_alike(name: str) -> None:
    device, swept = preset(name), DEVICES[name]
    best = best_power(device, swept, SWEEP, lowest=1e-15, highest="2 pW")
    solver = Solver(device, swept)
    lowest = temperature_drop(device, swept, SWEEP, powers=np.array([best.power])).swept_temperature[0]

    def slope(power: float) -> float:
        # dδT/dP; that of the minimum at fixed T_R, where dT_L/dT_R = 0.
        return solver.state(SWEEP[0], power).by_power - solver.state(lowest, power).by_power

    # It changes sign within the digits that are promised; the shift of T_R over 1e-10 of P counts in second order.
    assert slope(best.power * (1.0 - 1e-10)) > 0.0 > slope(best.power * (1.0 + 1e-10))
    around = temperature_drop(device, swept, SWEEP, powers=best.power * np.array([0.999, 1.0, 1.001])).drop
    assert best.drop == around[1] > max(around[0], around[2])


def test_a_range_without_a_maximum_is_refused() -> None:
    with pytest.raises(ValueError, match="δT has no maximum"):
        best_power(preset("silver-setup-1"), "right", SWEEP, lowest=1e-15, highest=1e-14)


def test_a_drop_along_falling_temperatures_is_refused() -> None:
    with pytest.raises(ValueError, match="`temperatures` must hold at least 2 ascending numbers"):
        temperature_drop(loads(SMALL), "right", SWEEP[::-1], powers=np.array([1e-13]))
