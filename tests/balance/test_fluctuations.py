"""Temperature noise: what statistical mechanics demands in equilibrium, and the textbook bolometer."""

import numpy as np
import pytest

from subkelvin import preset
from subkelvin.balance.fluctuations import fluctuations
from subkelvin.constants import BOLTZMANN
from subkelvin.devicefile import loads

TEMPERATURE, VOLUME, COUPLING, SOMMERFELD = 0.1, 6e-21, 0.5e9, 63.0
BOLOMETER = """
[metals.Ag]
electron_phonon = "0.5e9 W m^-3 K^-5"
sommerfeld = "63 J m^-3 K^-2"
[islands.bath]
temperature = "100 mK"
[islands.absorber]
power = "0 fW"
phonons = "bath"
parts = [{ material = "Ag", volume = "0.006 um^3" }]
"""
COUPLED = (
    BOLOMETER
    + """
[islands.second]
power = "0 fW"
phonons = "bath"
parts = [{ material = "Ag", volume = "0.02 um^3" }]
[elements.one]
kind = "resistor"
nodes = ["line", "ground"]
island = "absorber"
resistance = "100 ohm"
[elements.two]
kind = "resistor"
nodes = ["line", "ground"]
island = "second"
resistance = "300 ohm"
"""
)


def test_any_network_in_equilibrium_fluctuates_as_its_heat_capacities_demand() -> None:
    result = fluctuations(loads(COUPLED))
    capacity = np.asarray(result.linear.heat_capacity)
    expected = np.diag(BOLTZMANN * TEMPERATURE**2 / capacity)
    # Off the diagonal the two islands do not know of each other, though heat flows between them all the time.
    np.testing.assert_allclose(result.covariance, expected, rtol=1e-9, atol=1e-9 * np.min(np.diag(expected)))
    assert abs(float(result.linear.conductance[0, 1])) > 0.01 * float(result.linear.conductance[0, 0])
    assert result.missing == ()


def test_junctions_and_superconductors_in_equilibrium_do_as_well() -> None:
    device = preset("silver-setup-1").replace(
        {"islands.left.power": 0.0, "islands.right.temperature": 0.3, "islands.bath.temperature": 0.3}
    )
    result = fluctuations(device)
    expected = BOLTZMANN * 0.3**2 / float(result.linear.heat_capacity[0])
    # The shipped table of the electron-phonon power is good to 1e-7, and its derivative to ten times that.
    np.testing.assert_allclose(result.covariance[0, 0], expected, rtol=1e-6)


def test_one_island_is_the_textbook_bolometer() -> None:
    result = fluctuations(loads(BOLOMETER))
    conductance = 5.0 * COUPLING * VOLUME * TEMPERATURE**4
    capacity = SOMMERFELD * VOLUME * TEMPERATURE
    frequencies = np.geomspace(1.0, 1e8, 9)
    noise = 4.0 * BOLTZMANN * TEMPERATURE**2 * conductance
    np.testing.assert_allclose(result.noise_equivalent_power("absorber", frequencies), np.sqrt(noise), rtol=1e-12)
    np.testing.assert_allclose(
        result.energy_fluctuation("absorber"), np.sqrt(BOLTZMANN * TEMPERATURE**2 * capacity), rtol=1e-12
    )
    # With a thermometer that adds S_r: ∫ 4 df/[a + b(1 + ω²τ²)] = 1/(τ√(b(a + b))), a = 4k_BT²G, b = S_rG².
    readout = 0.01 * noise / conductance**2
    b = readout * conductance**2
    expected = np.sqrt(capacity / conductance * np.sqrt(b * (noise + b)))
    assert result.energy_resolution("absorber", readout) == pytest.approx(expected, rel=1e-6)
    with pytest.raises(ValueError, match="filtered out"):
        result.energy_resolution("absorber", 0.0)


def test_the_spectrum_integrates_to_the_variance() -> None:
    result = fluctuations(loads(COUPLED).replace({"islands.absorber.power": 1e-15}))
    frequency = np.geomspace(1e-4, 1e12, 40001)
    density = np.real(np.asarray(result.spectrum(frequency))) * frequency[:, None, None]
    # The trapezoid rule in ln f; the ends leave out 1e-7 of a Lorentzian that spans sixteen decades.
    total = np.trapezoid(density, np.log(frequency), axis=0)
    np.testing.assert_allclose(total, result.covariance, rtol=1e-5, atol=1e-5 * float(result.covariance[1, 1]))


def test_noise_that_is_not_known_is_named() -> None:
    device = loads(
        BOLOMETER + '[links.strap]\nkind = "power-law"\nfrom = "absorber"\nto = "bath"\ncoefficient = "1e-12 W K^-4"\n'
    )
    (path,) = fluctuations(device).missing
    assert path.through == ("links.strap",)
