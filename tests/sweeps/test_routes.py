"""Every point of every block is answered by a route that knows its photonic heat, derivatives included."""

import json

import numpy as np
from tests.balance.test_route import CRITICALLY_DAMPED, ROOM

from subkelvin import Device, Status, loads, steady_state, sweep
from subkelvin.balance.network.route import with_route

INDUCTANCE = "elements.l.inductance"


def hot(device: Device, value: float) -> float:
    """Temperature by the integral, whatever the device's own route."""
    other = with_route(device.replace({INDUCTANCE: value}), "integral")
    return float(steady_state(other).temperatures["hot"])


def test_a_point_that_one_route_does_not_know_is_answered_by_the_next_in_its_block() -> None:
    # With 2 nH both poles are one: the route of its neighbours does not know its heat.
    device = loads(CRITICALLY_DAMPED + ROOM).replace({INDUCTANCE: 3e-9})
    values = [1e-9, 2e-9, 3e-9, 1.5e-9, 2.5e-9, 2e-9]
    found = sweep(device, {INDUCTANCE: values}, block=3)
    meaning = json.loads(found.photon_route.attrs["meaning"])
    taken = [meaning[str(int(code))] for code in found.photon_route]
    assert taken == ["poles", "contours", "poles", "poles", "poles", "contours"]
    assert np.all(found.status == Status.CONVERGED)
    # The integral is good to 1e-9 of its heat; the balance of electrons at the fifth power to a fifth of that.
    expected = [hot(device, value) for value in values]
    np.testing.assert_allclose(found.temperature.sel(island="hot"), expected, rtol=1e-9)


def test_a_circuit_of_poles_has_exact_derivatives() -> None:
    device = loads(CRITICALLY_DAMPED + ROOM).replace({INDUCTANCE: 3e-9})
    derivative = f"derivative(temperature(hot),{INDUCTANCE})"
    found = sweep(device, {INDUCTANCE: [1e-9, 3e-9]}, outputs=[derivative])
    step = 1e-4
    for place, value in enumerate((1e-9, 3e-9)):
        slope = (hot(device, value * (1.0 + step)) - hot(device, value * (1.0 - step))) / (2.0 * step * value)
        # Differences of numbers right to 1e-11 or so over a step of 1e-4, of a change that is a tenth of them; h² is 1e-8.
        np.testing.assert_allclose(found[derivative][place], slope, rtol=1e-5)
