"""Heat and transmission between islands as labelled arrays: sums, reciprocity, passivity."""

import numpy as np
import pytest

from subkelvin import DeviceError, preset
from subkelvin.analysis.photons import heat_matrix, transmission
from subkelvin.constants import BOLTZMANN, HEAT_QUANTUM, REDUCED_PLANCK
from subkelvin.devicefile import loads

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

RC = """
[islands.hot]
temperature = "200 mK"
[islands.cold]
temperature = "50 mK"
[elements.hot]
kind = "resistor"
nodes = ["a", "ground"]
island = "hot"
resistance = "50 ohm"
[elements.cold]
kind = "resistor"
nodes = ["a", "ground"]
island = "cold"
resistance = "200 ohm"
[elements.stray]
kind = "capacitor"
nodes = ["a", "ground"]
capacitance = "1 pF"
"""


def test_the_heat_matrix_is_antisymmetric_and_a_probe_balances() -> None:
    found = heat_matrix(loads(THREE)).to_xarray()
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
    found = transmission(loads(THREE), frequency).to_xarray().transmission
    values = found.values
    np.testing.assert_allclose(values, np.swapaxes(values, 0, 1), rtol=1e-12, atol=1e-300)
    assert np.all(values >= 0.0)
    # One resistor makes one channel: what leaves hot for all others is at most 1.
    assert float(found.sel(source="hot").sum("target").max()) <= 1.0
    assert found.sizes == {"source": 3, "target": 3, "frequency": 50}


def test_frequencies_are_in_hertz() -> None:
    # Two resistors with one capacitance: 𝒯 = 4g₁g₂/[(g₁ + g₂)² + (2πfC)²], half of its largest value at f = (g₁ + g₂)/2πC.
    device = loads(RC)
    first, second, capacitance = 1.0 / 50.0, 1.0 / 200.0, 1e-12
    frequency = (first + second) / (2.0 * np.pi * capacitance) * np.array([1e-3, 1.0, 10.0])
    found = transmission(device, frequency).to_xarray().transmission
    expected = 4.0 * first * second / ((first + second) ** 2 + (2.0 * np.pi * frequency * capacitance) ** 2)
    # Rounding of a determinant of one node.
    np.testing.assert_allclose(found.sel(source="hot", target="cold"), expected, rtol=1e-12)
    assert found.frequency.attrs["units"] == "Hz"
    assert np.array_equal(found.frequency.values, frequency)


def test_heat_is_the_integral_of_the_transmission() -> None:
    matched = loads(
        'islands.hot = {temperature = "0.3 K"}\nislands.cold = {temperature = "0.1 K"}\n[elements]\n'
        'h = {kind = "resistor", nodes = ["a", "ground"], island = "hot", resistance = "50 ohm"}\n'
        'k = {kind = "resistor", nodes = ["a", "ground"], island = "cold", resistance = "50 ohm"}\n'
    )
    found = heat_matrix(matched)
    np.testing.assert_allclose(found.between("hot", "cold"), HEAT_QUANTUM * 0.08, rtol=1e-13)
    assert heat_matrix(matched, {"hot": 0.1}).between("hot", "cold") == 0.0


def test_bad_arguments_get_a_sentence() -> None:
    device = loads(THREE)
    with pytest.raises(DeviceError, match="not an island"):
        heat_matrix(device, {"hott": 0.2})
    with pytest.raises(ValueError, match=r"`frequencies` must hold numbers \[Hz\] above 0"):
        transmission(device, np.array([0.0, 1e9]))
    with pytest.raises(ValueError, match="must be one of"):
        heat_matrix(device, route="magic")


@pytest.mark.parametrize("temperature", [0.0, -0.1, float("nan"), float("inf")])
def test_an_impossible_temperature_is_refused_by_name(temperature: float) -> None:
    with pytest.raises(ValueError, match=r'`temperatures\["left"\]` must be a number \[K\] above 0'):
        heat_matrix(preset("silver-setup-1"), {"left": temperature})


def test_a_measured_resonance_is_followed_from_row_to_row() -> None:
    # A series resonance of Q = 100, in 41 rows that straight lines join: each row is a kink.
    centre, quality, resistance = 5e9, 100.0, 50.0
    rows = np.unique(np.concatenate([np.geomspace(1e8, 1e12, 20), centre * (1.0 + np.linspace(-0.1, 0.1, 21))]))
    reactance = resistance * quality * (rows / centre - centre / rows)

    def column(numbers: np.ndarray, unit: str) -> str:
        return ", ".join(f'"{float(number)!r} {unit}"' for number in numbers)

    device = loads(
        'islands.hot.temperature = "0.3 K"\nislands.cold.temperature = "0.1 K"\n'
        'elements.r = {kind = "resistor", nodes = ["a", "ground"], island = "hot", resistance = "50 ohm"}\n'
        '[elements.probe]\nkind = "table"\nnodes = ["a", "ground"]\nisland = "cold"\noutside = "hold"\n'
        f"frequency = [{column(rows, 'Hz')}]\nresistance = [{column(np.full(rows.size, resistance), 'ohm')}]\n"
        f"reactance = [{column(reactance, 'ohm')}]\n"
    )
    nodes, weights = np.polynomial.legendre.leggauss(30)
    edges = (
        2.0
        * np.pi
        * np.unique(np.concatenate([[0.0], np.geomspace(1e2, 1e8, 40), rows, np.geomspace(1e10, 4e11, 200)]))
    )
    half, middle = 0.5 * np.diff(edges)[:, None], 0.5 * (edges[1:] + edges[:-1])[:, None]
    frequency = middle + half * nodes
    measured = np.interp(frequency, 2.0 * np.pi * rows, 1.0 / (resistance + 1j * reactance))
    through = 4.0 / resistance * measured.real / np.abs(1.0 / resistance + measured) ** 2
    exponents = [REDUCED_PLANCK * frequency / (BOLTZMANN * temperature) for temperature in (0.3, 0.1)]
    photons = [np.exp(-x) / -np.expm1(-x) for x in exponents]
    integrand = REDUCED_PLANCK * frequency * through * (photons[0] - photons[1]) / (2.0 * np.pi)
    found = heat_matrix(device).to_xarray().sel(source="hot", target="cold")
    assert float(found.error) <= 1e-10 * float(found.heat)
    np.testing.assert_allclose(float(found.heat), np.sum(half * weights * integrand), rtol=1e-9)
