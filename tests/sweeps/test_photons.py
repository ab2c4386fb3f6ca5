"""Heat and transmission between islands as labelled arrays: sums, reciprocity, passivity."""

import numpy as np
import pytest

from subkelvin import DeviceError
from subkelvin.constants import HEAT_QUANTUM
from subkelvin.devicefile import loads
from subkelvin.sweeps.photons import heat_matrix, transmission_spectrum

THREE = """
islands.hot = {temperature = "0.3 K"}
islands.cold = {temperature = "0.1 K"}
[islands.probe]
power = "0 fW"
[elements]
h = {kind = "resistor", nodes = ["a", "ground"], island = "hot", resistance = "50 ohm"}
k = {kind = "resistor", nodes = ["b", "ground"], island = "cold", resistance = "80 ohm"}
p = {kind = "resistor", nodes = ["c", "ground"], island = "probe", resistance = "30 ohm"}
q = {kind = "resistor", nodes = ["a", "c"], island = "probe", resistance = "400 ohm"}
l = {kind = "inductor", nodes = ["a", "b"], inductance = "1 nH"}
c = {kind = "capacitor", nodes = ["b", "c"], capacitance = "30 fF"}
"""


def test_the_heat_matrix_is_antisymmetric_and_a_probe_balances() -> None:
    found = heat_matrix(loads(THREE))
    assert list(found.source.values) == ["probe", "hot", "cold"]
    heat = found.heat.values
    assert np.array_equal(heat, -heat.T)
    # The probe floats without power: what it takes in it gives off. The balance is solved to 1e-9 of its largest flow.
    assert abs(float(found.heat.sel(source="probe").sum())) <= 1e-9 * abs(heat).max()
    assert float(found.heat.sel(source="hot", target="cold")) > 0.0
    assert found.attrs["route"] == "poles"
    assert np.all(found.error.values <= 1e-10 * np.abs(heat))


def test_the_transmission_is_reciprocal_and_passive() -> None:
    frequency = np.geomspace(1e8, 1e13, 50)
    found = transmission_spectrum(loads(THREE), frequency)
    values = found.values
    np.testing.assert_allclose(values, np.swapaxes(values, 0, 1), rtol=1e-12, atol=1e-300)
    assert np.all(values >= 0.0)
    # One resistor makes one channel: what leaves hot for all others is at most 1.
    assert float(found.sel(source="hot").sum("target").max()) <= 1.0
    assert found.sizes == {"source": 3, "target": 3, "frequency": 50}


def test_heat_is_the_integral_of_the_transmission() -> None:
    matched = loads(
        'islands.hot = {temperature = "0.3 K"}\nislands.cold = {temperature = "0.1 K"}\n[elements]\n'
        'h = {kind = "resistor", nodes = ["a", "ground"], island = "hot", resistance = "50 ohm"}\n'
        'k = {kind = "resistor", nodes = ["a", "ground"], island = "cold", resistance = "50 ohm"}\n'
    )
    found = heat_matrix(matched)
    np.testing.assert_allclose(found.heat.sel(source="hot", target="cold"), HEAT_QUANTUM * 0.08, rtol=1e-13)
    assert float(heat_matrix(matched, {"hot": 0.1}).heat.sel(source="hot", target="cold")) == 0.0


def test_bad_arguments_get_a_sentence() -> None:
    device = loads(THREE)
    with pytest.raises(DeviceError, match="not an island"):
        heat_matrix(device, {"hott": 0.2})
    with pytest.raises(ValueError, match="positive angular"):
        transmission_spectrum(device, np.array([0.0, 1e9]))
    with pytest.raises(ValueError, match="must be one of"):
        heat_matrix(device, route="magic")
