"""Trajectories: exact solutions, the first law, waiting for a temperature, and how things go wrong."""

import numpy as np
import pytest

from subkelvin import Device, DeviceError, preset, steady_state
from subkelvin.balance.time.drives import Pulse, Sine, Step, Table
from subkelvin.balance.time.evolve import TrajectoryStatus, evolve
from subkelvin.devicefile import loads

SOMMERFELD, VOLUME, WIRE, COUPLING = 63.0, 6e-21, 1e-12, 0.5e9
WARM = """
[metals.Ag]
electron_phonon = "0.5e9 W m^-3 K^-5"
sommerfeld = "63 J m^-3 K^-2"
[islands.bath]
temperature = "1 mK"
[islands.sample]
power = "0 fW"
phonons = "bath"
parts = [{ material = "Ag", volume = "0.006 um^3" }]
"""
LINKED = (
    WARM.replace('phonons = "bath"', 'phonons = "none"').replace('"1 mK"', '"50 mK"')
    + """
[links.strap]
kind = "power-law"
from = "sample"
to = "bath"
coefficient = "1e-12 W K^-2"
"""
)

RATE = 2.0 * WIRE / (SOMMERFELD * VOLUME)
"""Of T² where γVT dT/dt = −K(T² − T_b²) + P [1/s]."""


@pytest.fixture(scope="module")
def linked() -> Device:
    return loads(LINKED)


def squares(time: np.ndarray, start: float, power: float, bath: float = 0.05) -> np.ndarray:
    """T² of γVT dT/dt = P − K(T² − T_b²), exactly."""
    final = bath**2 + power / WIRE
    return final + (start**2 - final) * np.exp(-RATE * time)


def test_linear_heat_capacity_and_quadratic_losses_relax_exponentially_in_the_square(linked: Device) -> None:
    # A step of power at a quarter of the time. Some hundred steps, each good to 1e-9, may add up to 1e-7.
    duration = 8.0 / RATE
    drive = Step(2e-13, 5e-14, duration / 4.0)
    result = evolve(linked, duration, start={"sample": 0.1}, drives={"islands.sample.power": drive}, save=41)
    assert int(result.status) == TrajectoryStatus.COMPLETED
    at_step = squares(np.array([duration / 4.0]), 0.1, 2e-13)[0]
    early = result.times <= duration / 4.0
    exact = np.where(
        early, squares(result.times, 0.1, 2e-13), squares(result.times - duration / 4.0, np.sqrt(at_step), 5e-14)
    )
    np.testing.assert_allclose(np.asarray(result.temperatures["sample"]) ** 2, exact, rtol=1e-7)
    assert float(result.conservation) < 1e-8
    work = 2e-13 * np.minimum(result.times, duration / 4.0) + 5e-14 * np.maximum(result.times - duration / 4.0, 0.0)
    # The edge of the step is met to rounding; what a rounded time changes is bounded by the tolerance of a step, 1e-9.
    np.testing.assert_allclose(result.supplied["sample"], work, rtol=1e-8)
    # What came in has been stored, as γV(T² − T_0²)/2, or went to the bath.
    content = 0.5 * SOMMERFELD * VOLUME * (np.asarray(result.temperatures["sample"]) ** 2 - 0.1**2)
    np.testing.assert_allclose(result.stored["sample"], content, rtol=1e-7, atol=1e-9 * np.max(np.abs(content)))
    np.testing.assert_allclose(
        result.supplied["sample"] - result.transferred[0], content, rtol=1e-7, atol=1e-9 * np.max(np.abs(content))
    )


def test_a_batch_follows_each_of_its_devices(linked: Device) -> None:
    powers, starts = np.array([0.0, 1e-13, 4e-13]), np.array([0.1, 0.2, 0.3])
    duration = 4.0 / RATE
    result = evolve(linked.replace({"islands.sample.power": powers}), duration, start={"sample": starts}, save=5)
    exact = np.stack([squares(result.times, start, power) for start, power in zip(starts, powers, strict=True)])
    # Some hundred steps, each good to 1e-9.
    np.testing.assert_allclose(np.asarray(result.temperatures["sample"]) ** 2, exact, rtol=1e-7)
    assert np.all(np.asarray(result.conservation) < 1e-8)


def test_electrons_that_cool_by_phonons_follow_the_inverse_cube() -> None:
    # γVT dT/dt = −ΣVT⁵ gives T⁻³ = T_0⁻³ + 3(Σ/γ)t; phonons at 1 mK change it by (1/100)⁵.
    duration = (0.1**-3 - 0.5**-3) * SOMMERFELD / (3.0 * COUPLING)
    result = evolve(loads(WARM), duration, start={"sample": 0.5}, save=11, until={"sample": 0.2})
    exact = (0.5**-3 + 3.0 * COUPLING / SOMMERFELD * result.times) ** (-1.0 / 3.0)
    before = exact > 0.2
    # Steps good to 1e-9, whose errors the fifth power forgets; the time of arrival is as good.
    np.testing.assert_allclose(np.asarray(result.temperatures["sample"])[before], exact[before], rtol=1e-8)
    assert int(result.status) == TrajectoryStatus.REACHED
    reached = (0.2**-3 - 0.5**-3) * SOMMERFELD / (3.0 * COUPLING)
    np.testing.assert_allclose(result.last_time, reached, rtol=1e-8)
    assert float(result.last_temperatures["sample"]) == pytest.approx(0.2, rel=1e-10)


def test_the_paper_device_settles_where_the_steady_state_is_and_runs_away_in_a_strong_pulse() -> None:
    device, path = preset("silver-setup-1"), "islands.left.power"
    settled = evolve(device, 1e-4, start={"left": 0.4}, drives={path: Pulse(1e-13, 1e-13, 2e-5, 1e-6)}, save=6)
    assert int(settled.status) == TrajectoryStatus.COMPLETED
    final = float(steady_state(device).temperatures["left"])
    # At rest errors of former steps are forgotten: both solve the same balance, to 1e-12.
    np.testing.assert_allclose(settled.temperatures["left"][-1], final, rtol=1e-12)
    assert float(settled.conservation) < 1e-8
    # The pulse is shorter than the interval between saved times, but its energy is all there.
    np.testing.assert_allclose(settled.supplied["left"][-1], 1e-13 * 1e-4 + 1e-13 * 1e-6, rtol=1e-8)
    hot = evolve(device, 1e-4, start={"left": 0.4}, drives={path: Pulse(1e-13, 3e-9, 2e-5, 1e-6)}, save=6)
    assert int(hot.status) == TrajectoryStatus.ABOVE_CRITICAL_TEMPERATURE
    assert 2e-5 < float(hot.last_time) < 2.1e-5
    np.testing.assert_allclose(hot.last_temperatures["left"], 1.2, rtol=1e-6)
    assert np.isnan(hot.temperatures["left"][-1])
    assert np.isfinite(hot.temperatures["left"][1])


def test_what_cannot_be_meant_is_refused(linked: Device) -> None:
    with pytest.raises(DeviceError, match="sommerfeld"):
        evolve(loads(WARM.replace('sommerfeld = "63 J m^-3 K^-2"\n', "")), 1e-6, start={"sample": 0.1})
    with pytest.raises(DeviceError, match="did you mean"):
        evolve(linked, 1e-6, drives={"islands.sample.powr": Step(0.0, 1e-15)})
    with pytest.raises(DeviceError, match="must be a power"):
        evolve(linked, 1e-6, drives={"islands.sample.power": Sine(0.0, 1e9, 1e3)})
    with pytest.raises(DeviceError, match="not a floating island"):
        evolve(linked, 1e-6, start={"nowhere": 0.1})
    with pytest.raises(ValueError, match="duration"):
        evolve(linked, -1.0)
    with pytest.raises(ValueError, match="ascending"):
        Table(np.array([0.0, 0.0]), np.array([1.0, 2.0]))
