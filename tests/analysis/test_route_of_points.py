"""Points whose photonic heat the device's own route does not know are computed by the next route, and say so."""

import math
from typing import Any

import numpy as np
import pytest
from tests.balance.test_route import CRITICALLY_DAMPED, ROOM

from subkelvin import Device, Result, Status, number_of_states
from subkelvin.analysis import area_ratio
from subkelvin.balance.network.route import with_route
from subkelvin.circuit.circuit import Circuit
from subkelvin.devicefile import loads
from subkelvin.ndtc import Objective, best_area_ratio, conductance, response, temperature_drop
from subkelvin.physics.junction import conductance_ratio
from subkelvin.physics.superconductor import bcs_gap, bcs_zero_temperature_gap

CRITICAL_TEMPERATURE = 0.3
"""Of the swept island [K], at which both poles coincide."""
INDUCTANCE, CAPACITANCE = 1e-9, 50e-15
CONDUCTANCE = 2e-2 * float(
    conductance_ratio(CRITICAL_TEMPERATURE, bcs_gap(CRITICAL_TEMPERATURE, 1.2), 1e-4 * bcs_zero_temperature_gap(1.2))
)
RESISTANCE = (INDUCTANCE * CONDUCTANCE + 2.0 * math.sqrt(INDUCTANCE * CAPACITANCE)) / CAPACITANCE
"""(R + iωL)(G + iωC) + 1 = 0 has one double root where (RC − LG)² = 4LC."""
JUNCTION = """
[elements.cold]
kind = "nis"
nodes = ["b", "ground"]
island = "{}"
superconductor = "Al"
area = "1 um^2"
specific_resistance = "50 ohm um^2"
specific_capacitance = "50 fF/um^2"
"""
NIS_RESONATOR = f"""
elements.hot = {{kind = "resistor", nodes = ["a", "ground"], island = "hot", resistance = "{RESISTANCE!r} ohm"}}
elements.l = {{kind = "inductor", nodes = ["a", "b"], inductance = "{INDUCTANCE!r} H"}}
{ROOM}
[islands.swept]
temperature = "100 mK"
{JUNCTION.format("swept")}
"""
"""The junction's conductance of quasiparticles damps critically at one temperature of its island."""
TWO_JUNCTIONS = f"""
[superconductors.Al]
critical_temperature = "1.2 K"
dynes = 1e-4
electron_phonon = "0.3e9 W m^-3 K^-5"
[islands.hot]
temperature = "500 mK"
[islands.cold]
temperature = "50 mK"
[elements.hot]
kind = "nin"
nodes = ["a", "ground"]
island = "hot"
area = "1 um^2"
specific_resistance = "50 ohm um^2"
specific_capacitance = "50 fF/um^2"
[elements.l]
kind = "inductor"
nodes = ["a", "b"]
inductance = "20 pH"
{JUNCTION.format("cold")}
"""


def nis_resonator() -> Device:
    return loads(NIS_RESONATOR)


def routes(found: Result) -> list[str]:
    """The names of the routes that served, in the order of the points."""
    return [found.routes[int(code)] for code in np.ravel(found.photon_route)]  # type: ignore[attr-defined]


def test_a_response_where_poles_coincide_at_one_temperature_is_that_of_the_integral() -> None:
    device = nis_resonator()
    question: dict[str, Any] = {
        "island": "swept",
        "temperatures": [0.2, CRITICAL_TEMPERATURE, 0.4],
        "powers": [2e-15, 4e-15],
    }
    found = response(device, **question)
    assert routes(found) == ["poles", "contours", "poles"]
    assert np.all(found.status == Status.CONVERGED)
    expected = response(with_route(device, "integral"), **question)
    # The integral is good to 1e-9 of its heat, 𝓡 to its differences.
    np.testing.assert_allclose(found.temperature, expected.temperature, rtol=1e-9)
    np.testing.assert_allclose(found.responsivity, expected.responsivity, rtol=1e-6)
    assert '"1": "contours"' in found.to_xarray().photon_route.attrs["meaning"]


def test_a_drop_that_ends_where_poles_coincide_is_that_of_the_contours() -> None:
    device, powers = nis_resonator(), [2e-15]
    found = temperature_drop(device, "swept", [CRITICAL_TEMPERATURE, 0.4], powers=powers)
    assert routes(found) == ["contours"]
    start = response(device, "swept", [CRITICAL_TEMPERATURE], powers=powers).temperature[0]
    assert found.start == pytest.approx(start, rel=1e-12)


def test_a_conductance_where_poles_coincide_is_that_of_the_integral() -> None:
    device = nis_resonator()
    question: dict[str, Any] = {
        "target": "swept",
        "temperatures": [0.2, CRITICAL_TEMPERATURE],
        "source": "hot",
        "source_temperature": 0.5,
    }
    found = conductance(device, **question)
    assert routes(found) == ["poles", "contours"]
    expected = conductance(with_route(device, "integral"), **question)
    # Slopes are differences of heats that the integral knows to 1e-12 or so.
    np.testing.assert_allclose(found.conductance, expected.conductance, rtol=1e-6)


def test_states_are_counted_by_a_route_that_knows_their_heat() -> None:
    # As in the test of sweeps: the middle inductance makes both poles one.
    device = loads(CRITICALLY_DAMPED + ROOM).replace({"elements.l.inductance": 3e-9})
    axes = {"islands.hot.power": [2e-15, 4e-15], "elements.l.inductance": [1e-9, 2e-9, 3e-9]}
    found = number_of_states(device, axes)
    assert routes(found) == ["poles", "contours", "poles"]
    assert np.all(found.status == Status.CONVERGED)
    assert np.all(found.count == 1.0)


def test_the_best_area_ratio_is_found_where_heat_is_not_known_on_the_way(monkeypatch: pytest.MonkeyPatch) -> None:
    device = loads(TWO_JUNCTIONS)
    question: dict[str, Any] = {"target": "cold", "objective": Objective.HEAT, "source": "hot"}
    question["source_temperatures"] = [0.5, 0.4]
    expected = best_area_ratio(device, **question)
    assert np.all(expected.status == Status.CONVERGED)
    assert routes(expected) == ["poles", "poles"]
    whole = area_ratio._heat_and_slope

    def partly_unknown(circuit: Circuit, *rest: np.ndarray) -> tuple[np.ndarray, ...]:
        lost = (rest[-2] > 3.0) & (rest[-3] == 0.5) & (circuit.route == "poles")
        return tuple(np.where(lost, np.nan, part) for part in whole(circuit, *rest))

    monkeypatch.setattr(area_ratio, "_heat_and_slope", partly_unknown)
    found = best_area_ratio(device, **question)
    assert routes(found) == ["contours", "poles"]
    # Both routes know the heat to rounding; α is found to 1e-7 in the worst case.
    np.testing.assert_allclose(found.area_ratio, expected.area_ratio, rtol=1e-6)
