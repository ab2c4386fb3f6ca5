"""Temperature noise: what statistical mechanics demands in equilibrium, and the textbook bolometer."""

import equinox as eqx
import jax.numpy as jnp
import numpy as np
import pytest

from subkelvin import all_states, preset, steady_state
from subkelvin.balance.linear.fluctuations import fluctuations
from subkelvin.constants import BOLTZMANN
from subkelvin.devicefile import loads
from subkelvin.heat.links import link_kind
from subkelvin.model.link_kind import OUTSIDE, Way
from subkelvin.model.vocabulary import Field

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


def test_the_dataset_has_the_noise_of_photons_between_all_islands_by_name() -> None:
    result = fluctuations(loads(COUPLED))
    noise = result.to_xarray().photon_noise
    assert noise.units == "W²/Hz"
    assert list(noise.any_island.values) == ["absorber", "second", "bath"]
    np.testing.assert_array_equal(noise, result.photon_noise)
    # What one of two coupled islands emits, the other one takes.
    both = noise.sel(any_island="absorber")
    np.testing.assert_allclose(
        both.sel(other_of_any_island="second"), -both.sel(other_of_any_island="absorber"), rtol=1e-12
    )
    assert float(both.sel(other_of_any_island="bath")) == 0.0


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
    with pytest.raises(ValueError, match=r"`readout_noise` must be a number .* above 0"):
        result.energy_resolution("absorber", 0.0)


def test_the_spectrum_integrates_to_the_variance() -> None:
    result = fluctuations(loads(COUPLED).replace({"islands.absorber.power": 1e-15}))
    frequency = np.geomspace(1e-4, 1e12, 40001)
    density = np.real(np.asarray(result.spectrum(frequency))) * frequency[:, None, None]
    # The trapezoid rule in ln f; the ends leave out 1e-7 of a Lorentzian that spans sixteen decades.
    total = np.trapezoid(density, np.log(frequency), axis=0)
    np.testing.assert_allclose(total, result.covariance, rtol=1e-5, atol=1e-5 * float(result.covariance[1, 1]))


STRAP = '[links.strap]\nkind = "power-law"\nfrom = "absorber"\nto = "bath"\ncoefficient = "1e-12 W K^-4"\n'
KAPITZA = """
[islands.phonons]
lattice_heat_capacity = "1e-15 J K^-4"
[links.boundary]
kind = "kapitza"
from = "phonons"
to = "bath"
coefficient = "500 W m^-2 K^-4"
area = "1 um^2"
"""


def test_links_in_equilibrium_fluctuate_as_statistical_mechanics_demands() -> None:
    text = BOLOMETER.replace('phonons = "bath"', 'phonons = "phonons"') + KAPITZA + STRAP
    result = fluctuations(loads(text))
    capacity = np.asarray(result.linear.heat_capacity)
    assert capacity[1] == pytest.approx(1e-15 * TEMPERATURE**3, rel=1e-14)
    expected = np.diag(BOLTZMANN * TEMPERATURE**2 / capacity)
    np.testing.assert_allclose(result.covariance, expected, rtol=1e-9, atol=1e-9 * np.min(np.diag(expected)))
    assert result.missing == ()
    assert {path.through for path in result.estimated} == {("links.strap",), ("links.boundary",)}


def test_a_junction_between_two_islands_in_equilibrium_does_as_well() -> None:
    text = COUPLED.replace('"100 mK"', '"300 mK"') + (
        '[superconductors.Al]\ncritical_temperature = "1.2 K"\ndynes = 1e-4\nelectron_phonon = "0.3e9 W m^-3 K^-5"\n'
        '[links.junction]\nkind = "nis-tunnel"\nfrom = "absorber"\nto = "second"\nsuperconductor = "Al"\n'
        'resistance = "200 ohm"\njunctions = 2\nreturned = 0.3\n'
    )
    result = fluctuations(loads(text))
    expected = np.diag(BOLTZMANN * 0.3**2 / np.asarray(result.linear.heat_capacity))
    # The junction carries much of the heat: without its noise the variances would be far too small.
    without = fluctuations(loads(text.replace('"200 ohm"\njunctions', '"1 Mohm"\njunctions')))
    assert float(result.linear.conductance[0, 0]) > 1.2 * float(without.linear.conductance[0, 0])
    np.testing.assert_allclose(result.covariance, expected, rtol=1e-8, atol=1e-8 * np.min(np.diag(expected)))
    assert result.missing == ()


def test_a_power_law_of_independent_emission_has_the_noise_of_both_sides() -> None:
    # P = K (T_1⁴ − T_2⁴): each side emits with 2k_BT² dP/dT = 8k_BKT⁵.
    device = loads((BOLOMETER + STRAP).replace('power = "0 fW"', 'power = "2 fW"'))
    result = fluctuations(device)
    hot = float(result.linear.temperatures[0])
    (noise,) = [s for s, path in zip(result.path_noise, result.paths, strict=True) if path.through == ("links.strap",)]
    np.testing.assert_allclose(float(noise), 8.0 * BOLTZMANN * 1e-12 * (hot**5 + TEMPERATURE**5), rtol=1e-12)


def test_noise_that_is_not_known_is_named() -> None:
    power = Field("W", 1e-24, 1e-6, "power from outside", "power", '"1 fW"')
    pump = link_kind(
        "pump",
        numbers={"power": power},
        heat=lambda first, second, values: (values["power"] * first / first,),
        ways=(Way("pump", OUTSIDE, "from"),),
    )
    device = loads(
        BOLOMETER + '[links.pump]\nkind = "pump"\nfrom = "absorber"\nto = "bath"\npower = "1 fW"\n', kinds=[pump]
    )
    (path,) = fluctuations(device).missing
    assert path.through == ("links.pump",)


def test_an_unstable_state_has_no_fluctuations() -> None:
    folding = preset("silver-setup-1").replace(
        {"islands.right.temperature": 0.5, "islands.left.power": 1e-16, "elements.right.area": 1e-12}
    )
    unstable = [one.temperatures["left"] for one in all_states(folding).states if not one.stable]
    assert unstable
    state = steady_state(folding)
    moved = eqx.tree_at(lambda s: s.temperatures["left"], state, jnp.asarray(unstable[0]))
    with pytest.raises(ValueError, match="unstable"):
        fluctuations(folding, state=moved)


def test_a_junction_without_broadening_has_no_known_noise() -> None:
    with pytest.raises(ValueError, match="dynes"):
        fluctuations(preset("leivo-1996").replace({"superconductors.Al.dynes": 0.0}))
