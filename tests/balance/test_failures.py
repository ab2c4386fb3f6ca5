"""What is said of a search that failed: why, where it ended, and which island ran into what."""

import numpy as np
import pytest

from subkelvin import Device, DeviceError, Status, TrajectoryStatus, evolve, preset, steady_state
from subkelvin.balance.network.network import lower
from subkelvin.balance.steady.solve import solve
from subkelvin.devicefile import loads
from subkelvin.drives import Pulse, Step
from subkelvin.model.status import Limit, failure
from subkelvin.sweeps.run import evaluate_over

CRITICAL_TEMPERATURE = 1.2


def pair(first: str = "1 fW", second: str = "1 fW", material: str = "Al") -> Device:
    """Two islands on one bath that do not know of each other; the second one is of silver."""
    return loads(f"""
[metals.Ag]
electron_phonon = "0.5e9 W m^-3 K^-5"
sommerfeld = "63 J m^-3 K^-2"

[superconductors.Al]
critical_temperature = "{CRITICAL_TEMPERATURE} K"
dynes = 1e-4
electron_phonon = "0.3e9 W m^-3 K^-5"
sommerfeld = "135 J m^-3 K^-2"

[islands.bath]
temperature = "50 mK"

[islands.first]
power = "{first}"
phonons = "bath"
parts = [{{ material = "{material}", volume = "0.01 um^3" }}]

[islands.second]
power = "{second}"
phonons = "bath"
parts = [{{ material = "Ag", volume = "0.01 um^3" }}]
""")


def test_the_island_that_passes_its_critical_temperature_is_named() -> None:
    state = steady_state(pair(first="1 uW"))
    assert int(state.status) == Status.ABOVE_CRITICAL_TEMPERATURE
    assert np.isnan(state.temperatures["second"])
    assert float(state.last_temperatures["first"]) == CRITICAL_TEMPERATURE
    assert {name: int(limit) for name, limit in state.limits.items()} == {
        "first": Limit.CRITICAL_TEMPERATURE,
        "second": Limit.NONE,
    }
    # The other island has settled all the same: ΣV(T⁵ − T_b⁵) = P.
    settled = (1e-15 / (0.5e9 * 1e-20) + 0.05**5) ** 0.2
    assert float(state.last_temperatures["second"]) == pytest.approx(settled, rel=1e-6)
    sentence = state.advice()
    assert sentence.startswith(Status.ABOVE_CRITICAL_TEMPERATURE.advice)
    assert "`first` 1.2 K (the critical temperature of its superconductor)" in sentence
    assert f"`second` {settled:.4g} K." in sentence


def test_an_island_that_is_cooled_below_everything_is_named() -> None:
    state = steady_state(pair(second="-1 nW"))
    assert int(state.status) == Status.NO_STEADY_STATE
    assert int(state.limits["second"]) == Limit.LOWEST
    assert "(the coldest that is searched)" in state.advice()
    assert "(" not in state.advice().split("`first`")[1].split("`second`")[0]


def test_a_state_that_was_found_has_no_limits_and_ends_at_itself() -> None:
    state = steady_state(pair())
    assert state.advice() == Status.CONVERGED.advice
    for name in ("first", "second"):
        assert float(state.last_temperatures[name]) == float(state.temperatures[name])
        assert int(state.limits[name]) == Limit.NONE


@pytest.mark.parametrize(
    ("material", "power", "limit", "at"),
    [
        ("Al", "1 uW", Limit.CRITICAL_TEMPERATURE, CRITICAL_TEMPERATURE),
        # The coldest temperature is a thousandth of the coldest held one.
        ("Ag", "-1 nW", Limit.LOWEST, 0.05e-3),
    ],
)
def test_one_island_says_it_as_well(material: str, power: str, limit: Limit, at: float) -> None:
    device = pair(first=power, material=material).hold({"second": 0.05})
    state = steady_state(device)
    assert int(state.status) != Status.CONVERGED
    assert list(state.limits) == ["first"]
    assert int(state.limits["first"]) == limit
    assert float(state.last_temperatures["first"]) == pytest.approx(at, rel=1e-12)
    assert f"`first` {float(state.last_temperatures['first']):.4g} K (" in state.advice()


def test_a_sweep_keeps_the_reason_of_every_point() -> None:
    found = evaluate_over(solve, pair(), {"islands.first.power": np.array([1e-15, 1e-6])}).values
    assert list(found.status) == [Status.CONVERGED, Status.ABOVE_CRITICAL_TEMPERATURE]
    assert found.limits.tolist() == [[Limit.NONE, Limit.NONE], [Limit.CRITICAL_TEMPERATURE, Limit.NONE]]
    assert np.all(np.isfinite(found.last_temperatures))


def test_without_known_temperatures_nothing_is_invented() -> None:
    assert failure("It failed.", {"left": float("nan")}, {"left": 0}) == "It failed."
    one = steady_state(pair())
    several = type(one)(**{**vars(one), "status": np.zeros(2, dtype=int)})
    assert several.advice() == "Of 2: 2 converged."
    with pytest.raises(ValueError, match="a batch of results"):
        several.badly_known()


def test_a_trajectory_that_is_cut_short_tells_its_last_state() -> None:
    device = pair().hold({"second": 0.05})
    hot = evolve(device, 1e-3, drives={"islands.first.power": Step(1e-15, 20e-12)})
    assert int(hot.status) == TrajectoryStatus.ABOVE_CRITICAL_TEMPERATURE
    sentence = hot.advice()
    assert sentence.startswith(TrajectoryStatus.ABOVE_CRITICAL_TEMPERATURE.advice)
    assert f"`first` {float(hot.last_temperatures['first']):.4g} K." in sentence
    assert 0.0 < float(hot.last_time) < 1e-3
    calm = evolve(device, 1e-9, drives={"islands.first.power": Step(1e-15, 2e-15)})
    assert calm.advice() == TrajectoryStatus.COMPLETED.advice


def test_the_network_of_a_failure_has_the_islands_that_the_sentence_names() -> None:
    network = lower(pair(first="1 uW"))
    assert network.power.shape == (2,)
    assert network.ceiling[0] == CRITICAL_TEMPERATURE
    assert np.isinf(network.ceiling[1])


@pytest.mark.parametrize("tolerance", [-1.0, 0.0, 1e-18, 10.0, float("nan")])
def test_a_tolerance_that_cannot_be_is_refused(tolerance: float) -> None:
    with pytest.raises(ValueError, match="tolerance"):
        evolve(preset("silver-setup-1"), 1e-6, tolerance=tolerance)


def test_what_stores_energy_cannot_be_driven() -> None:
    path = "islands.left.parts.0.volume"
    with pytest.raises(DeviceError, match="cannot be driven"):
        evolve(preset("silver-setup-1"), 1e-6, drives={path: Step(6e-21, 12e-21)})


def test_a_drive_begins_with_the_trajectory() -> None:
    for drive in (lambda: Step(1e-15, 2e-15, -1.0), lambda: Pulse(0.0, 1e-15, -1e-6, 1e-6)):
        with pytest.raises(ValueError, match="at least 0"):
            drive()


def test_islands_that_only_see_each_other_are_refused() -> None:
    device = """
islands.bath.temperature = "50 mK"
[islands.a]
power = "0 fW"
[islands.b]
power = "0 fW"
[links.strap]
kind = "power-law"
from = "a"
to = "b"
coefficient = "1e-12 W K^-2"
"""
    with pytest.raises(DeviceError, match="to any held island"):
        steady_state(loads(device))
