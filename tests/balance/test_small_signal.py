"""Linear response: its limits at zero frequency and for one pole, and a small sine in time."""

import jax
import numpy as np
import pytest

from subkelvin import Device, preset, steady_state
from subkelvin.balance.linear.small_signal import linearise, small_signal
from subkelvin.balance.time.drives import Sine
from subkelvin.balance.time.evolve import evolve
from subkelvin.devicefile import loads

FREQUENCIES = np.concatenate([[0.0], np.geomspace(1e2, 1e8, 13)])

LINKED = """
[metals.Ag]
electron_phonon = "0.5e9 W m^-3 K^-5"
sommerfeld = "63 J m^-3 K^-2"
[islands.bath]
temperature = "50 mK"
[islands.sample]
power = "100 fW"
phonons = "none"
parts = [{ material = "Ag", volume = "0.006 um^3" }]
[links.strap]
kind = "power-law"
from = "sample"
to = "bath"
coefficient = "1e-12 W K^-2"
"""
CORNER = 2.0 * 1e-12 / (63.0 * 6e-21) / (2.0 * np.pi)
"""2K/γV of this device, over 2π [Hz]."""


@pytest.fixture(scope="module")
def device() -> Device:
    return preset("silver-setup-1")


def test_slow_changes_follow_the_steady_state(device: Device) -> None:
    paths = ("islands.left.power", "islands.right.temperature")
    slopes = jax.grad(lambda x: steady_state(device.replace(x)).temperatures["left"])(
        {p: device.values[p] for p in paths}
    )
    for path in paths:
        result = small_signal(device, path, FREQUENCIES)
        np.testing.assert_allclose(result.static["left"], slopes[path], rtol=1e-9)
        np.testing.assert_allclose(result.response["left"][0], result.static["left"], rtol=1e-12)


def test_one_island_has_one_pole(device: Device) -> None:
    linear = linearise(device)
    capacity, conductance = float(linear.heat_capacity[0]), float(linear.conductance[0, 0])
    result = small_signal(device, "islands.left.power", FREQUENCIES)
    np.testing.assert_allclose(
        result.response["left"], 1.0 / (conductance + 2j * np.pi * FREQUENCIES * capacity), rtol=1e-12
    )
    np.testing.assert_allclose(result.relaxation_times, [capacity / conductance], rtol=1e-12)
    corner = conductance / (2.0 * np.pi * capacity)
    at_corner = small_signal(device, "islands.left.power", np.array([corner]))
    np.testing.assert_allclose(at_corner.phase("left"), -np.pi / 4.0, rtol=1e-12)
    np.testing.assert_allclose(at_corner.gain("left"), float(result.static["left"]) / np.sqrt(2.0), rtol=1e-12)


def test_a_small_sine_in_time_has_the_same_gain_and_phase() -> None:
    device, amplitude, samples = loads(LINKED), 1e-17, 64
    # After twelve periods at the corner frequency the transient is e^{−75}; one further period is projected on the sine.
    times = np.concatenate([[0.0], (12.0 + np.arange(1, samples + 1) / samples) / CORNER])
    drive = Sine(1e-13, amplitude, CORNER)
    result = evolve(device, times[-1], drives={"islands.sample.power": drive}, save=times, tolerance=1e-10)
    temperature = np.asarray(result.temperatures["sample"])[1:]
    response = 2j * np.mean((temperature - temperature.mean()) * np.exp(-2j * np.pi * CORNER * times[1:])) / amplitude
    expected = small_signal(device, "islands.sample.power", np.array([CORNER])).response["sample"][0]
    # The sine is 1e-4 of the power; steps that are good to 1e-10 leave 1e-6 of it.
    np.testing.assert_allclose(response, expected, rtol=1e-5)


def test_a_device_without_that_value_is_refused(device: Device) -> None:
    with pytest.raises(ValueError, match="is not a value of this device"):
        small_signal(device, "islands.left.nothing", FREQUENCIES)
