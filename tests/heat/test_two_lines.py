"""Two lines of one delay are a comb to every question, traced or swept, as they are to a steady state."""

import numpy as np
import pytest
from tests.heat.test_echoes import FLOATING, line, resistor

from subkelvin import Device, Status, evolve, prepare, steady_state, sweep
from subkelvin.balance.network.network import lower
from subkelvin.devicefile import loads


@pytest.fixture(scope="module")
def device() -> Device:
    return loads(
        FLOATING.replace("{power", '{lattice_heat_capacity = "1e-15 J K^-4", power')
        + resistor("hot", "a", 100.0)
        + resistor("cold", "c", 30.0)
        + line(1e-12)
        + line(1e-12, 0.0, '["b", "c"]', "second")
    )


def test_every_question_goes_by_echoes(device: Device) -> None:
    settled = float(steady_state(device).temperatures["hot"])
    assert prepare(device).structure.photon_route == "echoes"
    found = evolve(device, 1e-9, start={"hot": settled}, save=2, tolerance=1e-6)
    # A state stays where it is, to the tolerance of the steps.
    np.testing.assert_allclose(found.temperatures["hot"], settled, rtol=1e-5)


def test_a_delay_of_its_own_takes_another_route(device: Device) -> None:
    settled = prepare(device)
    assert lower(settled.replace({"elements.second.delay": 2e-12})).circuit.route == "integral"
    found = sweep(device, {"elements.second.delay": [1e-12, 2e-12]})
    assert np.all(found.status == Status.CONVERGED)
