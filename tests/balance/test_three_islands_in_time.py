"""Three islands that exchange photons, phonons and tunnelling electrons: in time, with derivatives, and all their states."""

import jax
import numpy as np
import pytest
from scipy.optimize import root

from subkelvin import Device, steady_state
from subkelvin.balance.drives import Step, Table
from subkelvin.balance.dynamics import Evolution, evolve
from subkelvin.balance.every_state import every_state
from subkelvin.balance.network import lower
from subkelvin.balance.solve import imbalance
from subkelvin.devicefile import loads

pytestmark = pytest.mark.slow

TEXT = """
[metals.Ag]
electron_phonon = "0.5e9 W m^-3 K^-5"
sommerfeld = "63 J m^-3 K^-2"
[superconductors.Al]
critical_temperature = "1.2 K"
dynes = 1e-4
electron_phonon = "0.3e9 W m^-3 K^-5"
sommerfeld = "135 J m^-3 K^-2"
[islands.bath]
temperature = "50 mK"
[islands.hot]
power = "20 fW"
phonons = "bath"
parts = [{ material = "Ag", volume = "0.006 um^3" }]
[islands.middle]
power = "0.5 fW"
phonons = "bath"
parts = [{ material = "Al", volume = "0.01 um^3" }]
[islands.cold]
phonons = "bath"
parts = [{ material = "Ag", volume = "0.02 um^3" }]
[elements.hot]
kind = "resistor"
nodes = ["n", "ground"]
island = "hot"
resistance = "100 ohm"
[elements.cold]
kind = "resistor"
nodes = ["n", "ground"]
island = "cold"
resistance = "300 ohm"
[elements.stray]
kind = "capacitor"
nodes = ["n", "ground"]
capacitance = "10 fF"
[links.junction]
kind = "nis-tunnel"
from = "hot"
to = "middle"
superconductor = "Al"
resistance = "20 kohm"
[links.strap]
kind = "power-law"
from = "middle"
to = "cold"
coefficient = "1e-13 W K^-2"
"""
NAMES = ("hot", "middle", "cold")
START = {"hot": 0.15, "middle": 0.2, "cold": 0.1}
DURATION = 2e-5


@pytest.fixture(scope="module")
def device() -> Device:
    return loads(TEXT)


def temperatures(result: object) -> np.ndarray:
    """Of the three islands, shape (saved, 3)."""
    return np.stack([np.asarray(result.temperatures[name]) for name in NAMES], axis=-1)  # type: ignore[attr-defined]


def test_energy_is_conserved_and_the_end_is_the_steady_state(device: Device) -> None:
    result = evolve(device, 1e-3, START, save=21)
    assert int(result.status) == Evolution.COMPLETED
    assert float(result.conservation) <= 1e-8
    settled = steady_state(device)
    # A thousand relaxation times: what is left is the solver's tolerance.
    np.testing.assert_allclose(
        temperatures(result)[-1], [float(settled.temperatures[name]) for name in NAMES], rtol=1e-8
    )


def test_the_error_follows_the_tolerance(device: Device) -> None:
    drive = {"islands.hot.power": Step(20e-15, 60e-15, DURATION / 5.0)}
    reference = temperatures(evolve(device, DURATION, START, drive, save=13, tolerance=1e-13))
    errors = [
        np.max(
            np.abs(temperatures(evolve(device, DURATION, START, drive, save=13, tolerance=tolerance)) / reference - 1.0)
        )
        for tolerance in (1e-5, 1e-7, 1e-9)
    ]
    # Each step errs by the tolerance at most, and relaxation forgets old errors; the saved times lie between steps.
    assert all(error <= 3.0 * tolerance for error, tolerance in zip(errors, (1e-5, 1e-7, 1e-9), strict=True))
    assert errors[0] > 10.0 * errors[1] > 100.0 * errors[2]


def test_a_steep_table_is_nearly_a_step(device: Device) -> None:
    path, at, rise = "islands.hot.power", DURATION / 4.0, 1e-13
    step = evolve(device, DURATION, START, {path: Step(20e-15, 60e-15, at)}, save=9)
    table = Table(np.array([0.0, at, at + rise, DURATION]), np.array([20e-15, 20e-15, 60e-15, 60e-15]))
    ramp = evolve(device, DURATION, START, {path: table}, save=9)
    # Half of the rise times the fastest relaxation rate, 1e7 1/s.
    np.testing.assert_allclose(temperatures(ramp), temperatures(step), rtol=0.5 * rise * 1e7)


def test_the_end_answers_to_a_value_as_a_difference_does(device: Device) -> None:
    def end(volume: float | jax.Array) -> jax.Array:
        changed = device.replace({"islands.middle.parts.0.volume": volume})
        return evolve(changed, DURATION / 20.0, START, save=2, tolerance=1e-10).temperatures["middle"][-1]

    volume = 1e-20
    step = 1e-4 * volume
    difference = (float(end(volume + step)) - float(end(volume - step))) / (2.0 * step)
    # Second order in the step, and both ends are good to 1e-10.
    np.testing.assert_allclose(float(jax.grad(end)(volume)), difference, rtol=1e-5)


def test_brute_force_finds_no_state_that_the_search_does_not(device: Device) -> None:
    network = lower(device)
    residual = jax.jit(lambda logarithm: imbalance(network, jax.numpy.exp(logarithm)) / 1e-15)
    slope = jax.jit(jax.jacfwd(residual))
    found = every_state(device)
    states = np.array([[state.temperatures[name] for name in NAMES] for state in found.states])
    assert len(states) >= 1
    for state in states:
        assert np.max(np.abs(residual(np.log(state)))) < 1e-6
    ends = []
    generator = np.random.default_rng(4)
    for start in generator.uniform(np.log(0.02), np.log(1.0), (60, 3)):
        with np.errstate(all="ignore"):
            answer = root(residual, start, jac=slope, tol=1e-12)
        if answer.success and np.max(np.abs(answer.fun)) < 1e-9 and np.all(np.exp(answer.x) < 1.2):
            ends.append(np.exp(answer.x))
    assert len(ends) >= 10
    for end in ends:
        assert np.min(np.max(np.abs(states / end - 1.0), axis=1)) < 1e-7
