"""Every question to a device settles first how its photonic heat is computed; what is not known is never a number."""

import json
import math
from collections.abc import Callable

import jax
import numpy as np
import pytest
from numpy.typing import ArrayLike

from subkelvin import (
    Device,
    DeviceError,
    Status,
    all_states,
    branches,
    evolve,
    fluctuations,
    heat_matrix,
    preset,
    small_signal,
    steady_state,
    sweep,
)
from subkelvin.analysis.conductance import conductance
from subkelvin.balance.network.network import heat_flows, lower
from subkelvin.balance.network.route import prepare, with_route
from subkelvin.circuit.netlist import lower_circuit
from subkelvin.devicefile import loads

ROOM = """
[metals.Ag]
electron_phonon = "0.5e9 W m^-3 K^-5"
sommerfeld = "63 J m^-3 K^-2"
[superconductors.Al]
critical_temperature = "1.2 K"
dynes = 1e-4
electron_phonon = "0.3e9 W m^-3 K^-5"
[islands.hot]
power = "2 fW"
phonons = "cold"
parts = [{ material = "Ag", volume = "0.005 um^3" }]
[islands.cold]
temperature = "50 mK"
"""
CRITICAL = math.sqrt(2e-9 / 20e-15)
CRITICALLY_DAMPED = f"""
elements.hot = {{kind = "resistor", nodes = ["a", "ground"], island = "hot", resistance = "{CRITICAL!r} ohm"}}
elements.cold = {{kind = "resistor", nodes = ["b", "ground"], island = "cold", resistance = "{CRITICAL!r} ohm"}}
elements.l = {{kind = "inductor", nodes = ["a", "c"], inductance = "2 nH"}}
elements.c = {{kind = "capacitor", nodes = ["c", "b"], capacitance = "20 fF"}}
"""
"""(2R)² = 4L/C: both poles coincide, and residues of simple poles do not exist."""
WIRE_RESONATOR = """
elements.hot = {kind = "resistor", nodes = ["a", "ground"], island = "hot", resistance = "50 ohm"}
elements.cold = {kind = "resistor", nodes = ["b", "ground"], island = "cold", resistance = "50 ohm"}
elements.c1 = {kind = "capacitor", nodes = ["a", "m"], capacitance = "5 fF"}
elements.c2 = {kind = "capacitor", nodes = ["m", "b"], capacitance = "5 fF"}
elements.c3 = {kind = "capacitor", nodes = ["m", "ground"], capacitance = "100 fF"}
elements.w = {kind = "superconductor", nodes = ["m", "ground"], island = "cold", superconductor = "Al", resistance = "1 kohm"}
"""
"""The kinetic inductance of the wire, 1.1 nH, rings with 110 fF."""
QUESTIONS: dict[str, Callable[[Device], ArrayLike]] = {
    "all states": lambda device: all_states(device).states[0].temperatures["hot"],
    "conductance": lambda device: (
        conductance(device, "cold", np.array([0.1]), source="hot", source_temperature=0.3).conductance
    ),
    "response": lambda device: small_signal(device, "islands.hot.power", np.array([0.0])).relaxation_times,
    "noise": lambda device: fluctuations(device).covariance,
    "time": lambda device: evolve(device, 1e-7, start={"hot": 0.05}, save=2, tolerance=1e-6).temperatures["hot"],
}


@pytest.mark.parametrize("question", list(QUESTIONS))
def test_every_question_is_answered_as_by_the_integral(question: str) -> None:
    device = loads(CRITICALLY_DAMPED + ROOM)
    found = np.asarray(QUESTIONS[question](device))
    expected = np.asarray(QUESTIONS[question](with_route(device, "integral")))
    # A trajectory is followed to 1e-6; derivatives of an integral are as good as its mesh.
    np.testing.assert_allclose(found, expected, rtol=1e-5 if question == "time" else 1e-7)


def test_every_point_of_a_sweep_is_computed_by_a_route_that_knows_it() -> None:
    # The middle inductance makes both poles one: the route of its neighbours does not know its heat.
    device = loads(CRITICALLY_DAMPED + ROOM).replace({"elements.l.inductance": 3e-9})
    found = sweep(device, {"elements.l.inductance": [1e-9, 2e-9, 3e-9]})
    meaning = json.loads(found.photon_route.attrs["meaning"])
    assert [meaning[str(int(code))] for code in found.photon_route] == ["poles", "contours", "poles"]
    assert np.all(found.status == Status.CONVERGED)
    expected = steady_state(with_route(device.replace({"elements.l.inductance": 2e-9}), "integral")).temperatures["hot"]
    # The integral is good to 1e-9 of its heat; the balance of electrons at the fifth power to a fifth of that.
    np.testing.assert_allclose(found.temperature.sel(island="hot")[1], expected, rtol=1e-9)


def test_a_branch_goes_on_where_its_route_ends() -> None:
    device = loads(CRITICALLY_DAMPED + ROOM)
    (branch,) = branches(device, "elements.l.inductance", 1e-9, 3e-9, seeds=2).branches
    assert {branch.values[0], branch.values[-1]} == {1e-9, 3e-9}
    at = np.argmin(np.abs(branch.values - 2e-9))
    expected = steady_state(device.replace({"elements.l.inductance": branch.values[at]})).temperatures["hot"]
    np.testing.assert_allclose(branch.temperatures["hot"][at], float(expected), rtol=1e-9)


def test_a_prepared_device_is_differentiated_where_poles_coincide() -> None:
    device = prepare(loads(CRITICALLY_DAMPED + ROOM))

    def hot(power: float | jax.Array) -> jax.Array:
        return steady_state(device.replace({"islands.hot.power": power})).temperatures["hot"]

    step = 1e-18
    difference = (float(hot(2e-15 + step)) - float(hot(2e-15 - step))) / (2.0 * step)
    # A central difference with 5e-4 of the power: second order, a few 1e-7; balances to 1e-9 of it over the step, 2e-6.
    np.testing.assert_allclose(float(jax.grad(hot)(2e-15)), difference, rtol=1e-5)


def test_a_degenerate_circuit_takes_another_route_and_a_simple_one_its_own() -> None:
    degenerate = loads(CRITICALLY_DAMPED + ROOM)
    assert prepare(degenerate).structure.photon_route == "contours"
    settled = prepare(degenerate.replace({"elements.l.inductance": 3e-9}))
    assert settled.structure.photon_route == "poles"
    assert prepare(settled) is settled
    closed_form = preset("silver-setup-1")
    assert prepare(closed_form) is closed_form


def test_a_wire_with_capacitance_is_a_resonator() -> None:
    assert lower_circuit(loads(WIRE_RESONATOR + ROOM)).route == "integral"


def test_heat_that_is_not_known_is_no_number() -> None:
    device = loads(CRITICALLY_DAMPED + ROOM)
    temperatures = np.array([0.3, 0.1])
    watts, error = jax.jit(heat_flows)(lower(device, "poles"), temperatures)
    assert np.isnan(watts[0])
    assert error[0] > 1e-16
    watts, _ = jax.jit(heat_flows)(lower(device, "contours"), temperatures)
    expected = heat_matrix(device, {"hot": 0.3, "cold": 0.1}, route="integral").between("hot", "cold")
    np.testing.assert_allclose(watts[0], float(expected), rtol=1e-10)


def test_a_mode_whose_damping_is_hidden_by_rounding_counts_as_error() -> None:
    # Q = 1e14: poles drop the mode and leave its heat, 1.5e-28 W, out.
    device = loads(
        'islands.hot.temperature = "0.3 K"\nislands.cold.temperature = "0.1 K"\n'
        'elements.h = {kind = "resistor", nodes = ["a", "ground"], island = "hot", resistance = "50 ohm"}\n'
        'elements.k = {kind = "resistor", nodes = ["b", "ground"], island = "cold", resistance = "50 ohm"}\n'
        'elements.c1 = {kind = "capacitor", nodes = ["a", "m"], capacitance = "5e-5 fF"}\n'
        'elements.c2 = {kind = "capacitor", nodes = ["m", "b"], capacitance = "5e-5 fF"}\n'
        'elements.cm = {kind = "capacitor", nodes = ["m", "ground"], capacitance = "1 pF"}\n'
        'elements.lm = {kind = "inductor", nodes = ["m", "ground"], inductance = "1 nH"}\n'
    )
    expected = heat_matrix(device, route="integral").between("hot", "cold")
    for route in ("poles", "contours"):
        found = heat_matrix(device, route=route).to_xarray().sel(source="hot", target="cold")
        assert abs(float(found.heat - expected)) <= float(found.error)
    assert heat_matrix(device).between("hot", "cold") > 0.0


def test_a_lossy_line_without_an_island_is_refused_however_it_became_lossy() -> None:
    device = loads(
        'elements.h = {kind = "resistor", nodes = ["a", "ground"], island = "hot", resistance = "50 ohm"}\n'
        'elements.k = {kind = "resistor", nodes = ["b", "ground"], island = "cold", resistance = "50 ohm"}\n'
        'elements.t = {kind = "line", nodes = ["a", "b"], characteristic_impedance = "50 ohm", delay = "0.1 ns"}\n'
        + ROOM
    )
    with pytest.raises(DeviceError, match="absorbs radiates"):
        steady_state(device.replace({"elements.t.attenuation": 0.1}))
    with pytest.raises(DeviceError, match="absorbs radiates"):
        sweep(device, {"elements.t.attenuation": np.array([0.0, 0.1])})
