"""Contours of an outflow agree with steady states, and say what their table does not hold."""

import numpy as np
import pytest
from tests.hostile.calls import POWER, RIGHT, SMALL

from subkelvin import Device, Status, steady_state, temperature_drop
from subkelvin.analysis.outflow_surface import contour_response, outflow_surface
from subkelvin.devicefile import loads

SWEPT = np.array([0.1, 0.2, 0.3])


@pytest.fixture(scope="module")
def device() -> Device:
    return loads(SMALL)


def test_states_off_the_table_have_a_status_that_says_so(device: Device) -> None:
    surface = outflow_surface(device, "right", SWEPT)
    # A cooled island is colder than everything around; a microwatt heats one without superconductor beyond 10 K.
    found = contour_response(device, surface, "right", np.array([-1e-12, 1e-13, 1e-6]))
    assert np.all(found.status[0] == Status.OFF_TABLE)
    assert np.all(found.status[1] == Status.CONVERGED)
    assert np.all(found.status[2] == Status.OFF_TABLE)
    assert np.all(np.isnan(found.temperature[[0, 2]]))
    state = steady_state(device.replace({POWER: 1e-13, RIGHT: 0.3}))
    # Both balance to 1e-12 of the power.
    assert found.temperature[1, 2] == pytest.approx(float(state.temperatures["left"]), rel=1e-11)


def test_a_drop_along_falling_temperatures_is_refused(device: Device) -> None:
    with pytest.raises(ValueError, match="`swept_temperatures` must hold at least 2 ascending numbers"):
        temperature_drop(device, "right", SWEPT[::-1], np.array([1e-13]))
