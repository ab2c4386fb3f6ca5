"""Drives against closed forms: with C = γVT and losses K(T² − T_b²), u = T² obeys du/dt = (2/γV)P(t) − λ(u − u_b), λ = 2K/γV."""

from collections.abc import Callable

import jax.numpy as jnp
import numpy as np
import pytest

from subkelvin import Device, evolve
from subkelvin.balance.time.drives import Drive
from subkelvin.devicefile import loads
from subkelvin.drives import Pulse, Sine, Step, Table
from subkelvin.model.status import TrajectoryStatus

LINKED = """
[metals.Ag]
electron_phonon = "0.5e9 W m^-3 K^-5"
sommerfeld = "63 J m^-3 K^-2"
[islands.bath]
temperature = "50 mK"
[islands.sample]
phonons = "none"
parts = [{ material = "Ag", volume = "0.006 um^3" }]
[links.strap]
kind = "power-law"
from = "sample"
to = "bath"
coefficient = "1e-12 W K^-2"
"""
POWER = "islands.sample.power"
STORE, COUPLING, BATH = 63.0 * 6e-21, 1e-12, 0.05**2
"""γV [J/K²], K [W/K²], T_b² [K²]."""
RATE = 2.0 * COUPLING / STORE
"""λ [1/s]."""
TOLERANCE = 1e-9
ACCURACY = 1e-7
"""Of T: a hundred steps, each to the tolerance; saved times lie on interpolants of order 4."""
BEGIN, WIDTH, HEIGHT = 0.4 / RATE, 0.7 / RATE, 2e-14
FREQUENCY = 1.3 * RATE


def after_pulse(time: np.ndarray) -> np.ndarray:
    """u − u_b: two relaxations, one begun at each edge."""
    steps = [np.where(time > edge, 1.0 - np.exp(-RATE * (time - edge)), 0.0) for edge in (BEGIN, BEGIN + WIDTH)]
    return HEIGHT / COUPLING * (steps[0] - steps[1])


def in_sine(time: np.ndarray) -> np.ndarray:
    """u − u_b: the mean, and the answer of a low-pass to a sine begun at time 0."""
    omega = 2.0 * np.pi * FREQUENCY
    swing = (RATE * np.sin(omega * time) - omega * np.cos(omega * time) + omega * np.exp(-RATE * time)) * RATE
    return HEIGHT / COUPLING * (1.0 + 0.5 * swing / (RATE**2 + omega**2))


def on_ramp(time: np.ndarray) -> np.ndarray:
    """u − u_b: that of P = HEIGHT (t − BEGIN)/WIDTH between two rows, constant beyond them."""

    def ramp(since: np.ndarray) -> np.ndarray:
        late = np.maximum(since, 0.0)
        return late - (1.0 - np.exp(-RATE * late)) / RATE

    return HEIGHT / COUPLING / WIDTH * (ramp(time - BEGIN) - ramp(time - BEGIN - WIDTH))


@pytest.fixture(scope="module")
def device() -> Device:
    return loads(LINKED)


@pytest.mark.parametrize(
    ("drive", "exact"),
    [
        (Pulse(0.0, HEIGHT, BEGIN, WIDTH), after_pulse),
        (Sine(HEIGHT, 0.5 * HEIGHT, FREQUENCY), in_sine),
        (Table(np.array([BEGIN, BEGIN + WIDTH]), np.array([0.0, HEIGHT])), on_ramp),
    ],
    ids=["pulse", "sine", "table"],
)
def test_a_driven_island_follows_the_closed_form(
    device: Device, drive: Drive, exact: Callable[[np.ndarray], np.ndarray]
) -> None:
    path = evolve(device, 3.0 / RATE, drives={POWER: drive}, save=31, tolerance=TOLERANCE)
    assert path.status == TrajectoryStatus.COMPLETED
    expected = np.sqrt(BATH + exact(path.times))
    np.testing.assert_allclose(path.temperatures["sample"], expected, rtol=ACCURACY)


def test_a_temperature_is_reached_when_the_closed_form_says(device: Device) -> None:
    goal = 0.1
    path = evolve(device, 10.0 / RATE, drives={POWER: Step(0.0, HEIGHT)}, until={"sample": goal}, tolerance=TOLERANCE)
    assert path.status == TrajectoryStatus.REACHED
    when = -np.log(1.0 - (goal**2 - BATH) * COUPLING / HEIGHT) / RATE
    assert float(path.last_time) == pytest.approx(when, rel=ACCURACY)


def test_impossible_drives_are_refused() -> None:
    with pytest.raises(ValueError, match=r"`width` must be a number \[s\] above 0, but is -1e-06"):
        Pulse(0.0, HEIGHT, 0.0, -1e-6)
    with pytest.raises(ValueError, match=r"`frequency` must be a number \[Hz\] above 0, but is nan"):
        Sine(0.0, HEIGHT, float("nan"))
    with pytest.raises(ValueError, match=r"`after` must be a finite number, but is None"):
        Step(0.0, None)


def test_texts_with_units_are_as_good_as_numbers() -> None:
    device = loads(LINKED)
    pairs: list[tuple[Drive, Drive]] = [
        (Step("1 fW", "20 fW", "0.1 us"), Step(1e-15, 2e-14, 1e-7)),
        (Sine("20 fW", "5 fW", "1.5 MHz"), Sine(2e-14, 5e-15, 1.5e6)),
        (Pulse("0 W", "20 fW", "100 ns", "0.2 us"), Pulse(0.0, 2e-14, 1e-7, 2e-7)),
        (Table(["0 s", "100 ns", 1e-6], ["0 W", 1e-15, "10 fW"]), Table([0.0, 1e-7, 1e-6], [0.0, 1e-15, 1e-14])),
    ]
    for text, number in pairs:
        read = evolve(
            device, "1 us", start={"sample": "60 mK"}, drives={POWER: text}, until={"sample": "0.3 K"}, save=3
        )
        plain = evolve(device, 1e-6, start={"sample": 0.06}, drives={POWER: number}, until={"sample": 0.3}, save=3)
        np.testing.assert_array_equal(read.temperatures["sample"], plain.temperatures["sample"])
    batch = evolve(device, "1 us", start={"sample": ["60 mK", 0.07]}, save=2).temperatures["sample"]
    np.testing.assert_allclose(batch[:, 0], [0.06, 0.07], rtol=1e-15)


def test_texts_with_wrong_units_are_refused_by_name() -> None:
    device = loads(LINKED)
    with pytest.raises(ValueError, match=r"time.*must be.*\[s\]|time.*50 mK"):
        Step(0.0, 1e-15, "50 mK")
    with pytest.raises(ValueError, match=r"after.*1 K"):
        evolve(device, 1e-6, drives={POWER: Step("1 fW", "1 K")})
    with pytest.raises(ValueError, match=r"start.*sample.*60 fW"):
        evolve(device, 1e-6, start={"sample": "60 fW"})
    with pytest.raises(ValueError, match=r"until.*sample.*60 s"):
        evolve(device, 1e-6, until={"sample": "60 s"})
    with pytest.raises(ValueError, match="only `evolve` knows"):
        Step("1 fW", "2 fW")(jnp.zeros(()))
