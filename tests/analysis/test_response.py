"""Contours of the outflow are the states of the whole solver: their temperatures, slopes, holding powers and statuses."""

import numpy as np
import pytest
from tests.analysis.states_by_solver import Solver
from tests.balance.test_steady_state import HELD, SILVER, two_islands
from tests.hostile.calls import SMALL

from subkelvin import Device, Status, preset
from subkelvin.analysis.outflow_surface import outflow_surface
from subkelvin.analysis.response import swept_network
from subkelvin.devicefile import loads
from subkelvin.ndtc import response

DEVICES = {
    "silver-setup-1": "right", "silver-setup-2": "bath", "inas-setup-1": "right", "inas-setup-2": "bath", "leivo-1996": "bath",
    "normal": "right", "bistable": "right",
}  # fmt: skip
"""Presets and devices of the tests, with the held island that is swept: coolers, folds, and an island without superconductor."""
SCATTERED = (".area", ".volume", ".specific_resistance", ".specific_capacitance", ".electron_phonon", ".dynes")
"""Numbers that are drawn at random, up to a factor of five from their own."""
FOLD, FOLD_TEMPERATURE = 0.18629e-15, 0.1991
"""Power [W] and temperature [K] at the upper fold of the bistable device."""


def named_device(name: str) -> Device:
    texts = {"normal": SMALL, "bistable": two_islands('power = "0 W"\nphonons = "bath"\n' + SILVER, HELD)}
    return loads(texts[name]) if name in texts else preset(name)


def scattered(device: Device, random: np.random.Generator) -> Device:
    """The device with other numbers: its structure, and so all that is compiled, stays."""
    return device.replace(
        {
            path: float(value) * 10.0 ** random.uniform(-0.7, 0.7)
            for path, value in device.values.items()
            if path.endswith(SCATTERED)
        }
    )


def is_the_solvers(
    device: Device, swept: str, temperatures: np.ndarray, powers: np.ndarray, digits: float = 1e-9
) -> list[int]:
    """Compare every point of a response with the solver's, 𝓡 to some digits; the statuses of all of them."""
    curve = response(device, swept, temperatures, powers=powers)
    solver = Solver(device, swept)
    for (i, j), status in np.ndenumerate(curve.status):
        state = solver.state(float(temperatures[j]), float(powers[i]))
        assert status == state.status, (temperatures[j], powers[i])
        if status != Status.CONVERGED:
            assert np.isnan([curve.temperature[i, j], curve.responsivity[i, j], curve.holding_power[i, j]]).all()
            continue
        # Both end at the last bits of T_L.
        np.testing.assert_allclose(curve.temperature[i, j], state.temperature, rtol=1e-12)
        # Slopes are known to rounding of flows that nearly cancel where F is flat.
        np.testing.assert_allclose(curve.responsivity[i, j], state.responsivity, rtol=digits, atol=1e-9)
        scale = max(abs(state.holding_power), abs(float(powers[i])))
        np.testing.assert_allclose(curve.holding_power[i, j], state.holding_power, rtol=0.0, atol=1e-10 * scale)
    return [int(status) for status in curve.status.ravel()]


@pytest.mark.parametrize("name", DEVICES)
def test_every_point_is_the_state_of_the_solver(name: str) -> None:
    random = np.random.default_rng(sorted(DEVICES).index(name))
    hottest = 1.0 if name == "leivo-1996" else 0.7
    statuses: list[int] = []
    for number in range(4):
        device = named_device(name) if number == 0 else scattered(named_device(name), random)
        # Colder than the bath, equal to it, and hotter; unheated, heated up to far beyond T_c or 10 K, and cooled.
        temperatures = np.concatenate([[0.05], random.uniform(0.02, hottest, 3)])
        strongest = -7.0 if name == "normal" else -11.0
        powers = np.concatenate(
            [[0.0, -(10.0 ** random.uniform(-19.0, -13.0))], 10.0 ** random.uniform(-18.0, strongest, 4)]
        )
        statuses += is_the_solvers(device, DEVICES[name], temperatures, powers)
    assert statuses.count(Status.CONVERGED) > 60
    if name == "normal":
        # No superconductor ends the search, which goes on to 100 K; only too much cooling leaves no state.
        assert Status.ABOVE_CRITICAL_TEMPERATURE not in statuses


def test_states_beside_a_fold_are_those_of_the_solver() -> None:
    device = named_device("bistable")
    # The fold moves with T_R: at 0.5 K it is crossed within 1e-5 of the power.
    temperatures = np.array([0.49, 0.5, 0.51])
    powers = FOLD * np.concatenate([1.0 + np.linspace(-4e-5, 4e-5, 9), [0.9, 1.1]])
    # 1e-5 of the power below a fold ∂F/∂T_L has fallen to some 3e-3, and with it the digits of 𝓡, through those of T_L.
    assert set(is_the_solvers(device, "right", temperatures, powers, 1e-7)) == {Status.CONVERGED}
    jump = response(device, "right", temperatures[1:2], powers=powers[:9]).temperature[:, 0]
    assert jump[0] < 0.2
    assert jump[-1] > 0.318


def test_an_unheated_island_among_equal_temperatures_has_that_temperature_to_the_last_bit() -> None:
    for name in ("silver-setup-1", "bistable"):
        device = named_device(name)
        curve = response(
            device, "right", np.array([float(device.values["islands.bath.temperature"])]), powers=np.zeros(1)
        )
        assert curve.temperature[0, 0] == curve.swept_temperature[0]


def test_order_and_number_of_swept_temperatures_do_not_matter() -> None:
    device, powers = named_device("silver-setup-1"), np.array([1e-14, 1e-12])
    temperatures = np.array([0.3, 0.1, 0.45, 0.1])
    many = response(device, "right", temperatures, powers=powers)
    for k, temperature in enumerate(temperatures):
        one = response(device, "right", np.array([temperature]), powers=powers)
        # Both end at the last bits of T_L, from different tables.
        np.testing.assert_allclose(one.temperature[:, 0], many.temperature[:, k], rtol=4e-15)


def test_the_table_is_finest_where_the_outflow_turns() -> None:
    network, temperatures, _ = swept_network(named_device("bistable"), "right", np.array([0.5]), np.zeros(1))
    rows = outflow_surface(network, temperatures).floating_temperature
    spacing = np.diff(np.log(rows))
    fold, flat = np.searchsorted(rows, FOLD_TEMPERATURE), rows[1:] < 0.03
    assert spacing[fold - 2 : fold + 1].max() < 1.5e-3
    assert spacing[flat].min() > 0.02


def test_frequency_dependent_junctions_answer_as_the_solver_does() -> None:
    device = preset("silver-setup-1", overrides=[("admittance", "dynamic")])
    temperatures, powers = np.array([0.3]), np.array([3e-14, 3e-13])
    curve = response(device, "right", temperatures, powers=powers)
    solver = Solver(device, "right")
    for i, power in enumerate(powers):
        state = solver.state(0.3, power)
        assert curve.status[i, 0] == state.status == Status.CONVERGED
        # The heat is an integral, which both balance to its accuracy.
        np.testing.assert_allclose(curve.temperature[i, 0], state.temperature, rtol=1e-9)
        # Central differences against derivatives of the integrand.
        np.testing.assert_allclose(curve.responsivity[i, 0], state.responsivity, rtol=1e-7, atol=1e-8)
