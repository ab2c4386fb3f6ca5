"""Branches of steady states through folds, and the hysteresis they make: the paper's circuit with equal areas."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from scipy.optimize import brentq, minimize_scalar

from subkelvin import DeviceError, all_steady_states, preset, steady_state
from subkelvin.analysis.hysteresis import Hysteresis, hysteresis, number_of_states
from subkelvin.balance.continuation import Branch, continue_states
from subkelvin.balance.every_state import every_state
from subkelvin.balance.network import heat_flows, lower
from subkelvin.model import Device

pytestmark = pytest.mark.slow

POWER = "islands.left.power"
LOWEST, HIGHEST = -4e-15, 1e-15
"""Of the heater power: both folds lie between [W]."""
FOLD_DIGITS = 1e-11
"""Both routes end where a derivative vanishes to rounding, 1e-15 of flows that are some 1e3 times their curvature."""


def equal_areas() -> Device:
    """The preset's circuit with area ratio 1, ω_c 2e12 rad/s, T_R 0.5 K, and silver alone on the left island."""
    device = preset("silver-setup-1")
    return device.replace(
        {
            "elements.right.area": device.values["elements.left.area"],
            "islands.right.temperature": 0.5,
            # Least volume of aluminium that a device may have: its electron-phonon power is below 1e-6 of silver's.
            "islands.left.parts.1.volume": 1e-27,
        }
    )


@pytest.fixture(scope="module")
def loop() -> Hysteresis:
    """A slow sweep of the heater power up and down."""
    return hysteresis(equal_areas(), POWER, 0.0, HIGHEST)


@pytest.fixture(scope="module")
def branches() -> list[Branch]:
    """Both folds."""
    return continue_states(equal_areas(), POWER, LOWEST, HIGHEST)


def test_folds_are_where_the_outflow_turns(branches: list[Branch]) -> None:
    network = lower(equal_areas())

    def outflow(temperature: jax.Array) -> jax.Array:
        watts, _ = heat_flows(network, network.all_temperatures(temperature[None]))
        return network.incidence[0] @ watts

    value = jax.jit(outflow)
    slope = jax.jit(jax.grad(outflow))
    (branch,) = branches
    for fold, low, high in zip(branch.folds, (0.25, 0.15), (0.35, 0.25), strict=True):
        # Independent: bisection of dG/dT.
        at = brentq(lambda t: 1e12 * float(slope(jnp.asarray(t))), low, high, xtol=1e-15, rtol=1e-14)
        assert fold.temperatures["left"] == pytest.approx(at, rel=1e-8)
        assert fold.value == pytest.approx(float(value(jnp.asarray(at))), rel=FOLD_DIGITS)
    # Anchors with three digits, known from before.
    assert [fold.value for fold in branch.folds] == pytest.approx([-2.97e-15, 0.186e-15], rel=3e-3)
    assert [fold.temperatures["left"] for fold in branch.folds] == pytest.approx([0.318, 0.199], abs=5e-4)


def test_every_point_is_a_state_and_the_middle_branch_is_unstable(branches: list[Branch]) -> None:
    (branch,) = branches
    first, second = (fold.point for fold in branch.folds)
    for k in (3, first - 3, first + 3, second - 3, second + 3):
        states = all_steady_states(equal_areas().replace({POWER: branch.values[k]}))
        nearest = min(states, key=lambda state: abs(state[0] - branch.temperatures["left"][k]))
        assert branch.temperatures["left"][k] == pytest.approx(nearest[0], rel=1e-9)
        assert branch.stable[k] is nearest[1]
    assert branch.stable[first] is None
    assert set(branch.stable[first + 1 : second]) == {False}
    assert set(branch.stable[:first]) | set(branch.stable[second + 1 :]) == {True}
    assert f"{POWER} = 1e-15" in (branch.beginning, branch.end)


def test_the_loop_jumps_up_at_the_fold_and_does_not_come_back(loop: Hysteresis) -> None:
    (jump,) = loop.up.jumps
    assert jump.value == pytest.approx(0.186e-15, rel=3e-3)
    assert jump.before["left"] == pytest.approx(0.199, abs=5e-4)
    # Where it lands, the only state is left.
    ((temperature, stable),) = all_steady_states(equal_areas().replace({POWER: jump.value * (1.0 + 1e-5)}))
    assert stable
    assert jump.after["left"] == pytest.approx(temperature, rel=1e-5)
    # The fold on the way down is at a negative power: heating alone never brings the island back.
    assert not loop.down.jumps
    assert loop.intervals == [(0.0, jump.value)]
    assert loop.width == jump.value


def test_the_map_counts_what_the_scan_finds() -> None:
    device = equal_areas()
    powers, temperatures = np.array([-1e-15, 1e-17, 1e-16, 5e-16]), np.array([0.2, 0.5])
    counted = number_of_states(device, powers, "islands.right.temperature", temperatures)
    for i, temperature in enumerate(temperatures):
        for j, power in enumerate(powers):
            states = all_steady_states(device.replace({POWER: power, "islands.right.temperature": temperature}))
            assert counted[i, j] == len(states)
    assert counted[1, 1] == 3


def test_an_interrupted_map_keeps_its_rows() -> None:
    def stop(done: int, total: int) -> None:
        raise KeyboardInterrupt

    powers, temperatures = np.array([1e-17, 1e-16]), np.linspace(0.1, 0.5, 20)
    counted = number_of_states(equal_areas(), powers, "islands.right.temperature", temperatures, stop)
    assert set(counted[:16].ravel()) == {1, 3}
    assert np.all(counted[16:] == -2)


def test_an_interrupted_continuation_keeps_its_points() -> None:
    def stop(points: int, value: float) -> None:
        if points == 5:
            raise KeyboardInterrupt

    (branch,) = continue_states(equal_areas(), POWER, LOWEST, HIGHEST, progress=stop)
    assert len(branch.values) == 5
    assert branch.end == "it was interrupted"


def test_ranges_that_cannot_be_meant_are_refused() -> None:
    with pytest.raises(DeviceError, match=r"islands\.left\.power"):
        continue_states(equal_areas(), "islands.left.powr", 0.0, 1e-15)
    with pytest.raises(ValueError, match="two ends of one sign"):
        continue_states(equal_areas(), POWER, -1e-15, 1e-15, logarithmic=True)


def test_a_biased_cooler_has_states_below_its_bath() -> None:
    device = preset("leivo-1996")
    settled = steady_state(device)
    (state,) = every_state(device).states
    (name,) = state.temperatures
    assert state.temperatures[name] < 0.5 * float(device.values["islands.bath.temperature"])
    np.testing.assert_allclose(state.temperatures[name], float(settled.temperatures[name]), rtol=1e-9)
    (branch,) = continue_states(device, "links.junctions.voltage", 3e-4, 3.6e-4, seeds=2)
    assert branch.values[0] == 3e-4
    assert branch.values[-1] == 3.6e-4


def test_an_interrupted_hysteresis_keeps_its_branches() -> None:
    def stop(points: int, _: float) -> None:
        if points > 5:
            raise KeyboardInterrupt

    found = hysteresis(preset("silver-setup-1"), "islands.left.power", 1e-15, 1e-13, progress=stop)
    assert len(found.branches[0].values) > 5
    assert "interrupted" in found.up.ending


def test_the_width_of_the_loop_is_the_largest_heat_that_a_colder_island_gives_off(loop: Hysteresis) -> None:
    # Independent of branches and folds: hold the island, and look for the maximum of what holds it, below the next branch.
    device = equal_areas()

    def given_off(temperature: float) -> float:
        return 1e15 * float(steady_state(device.hold({"left": temperature})).holding_power("left"))

    found = minimize_scalar(lambda t: -given_off(t), bounds=(0.15, 0.25), method="bounded", options={"xatol": 1e-6})
    # The maximum is flat: 1e-6 K beside it costs (1e-6/0.2)² of it.
    assert loop.width == pytest.approx(-1e-15 * found.fun, rel=1e-9)
    assert loop.bistable == [(0.0, loop.width)]


def test_two_states_that_no_sweep_comes_to_are_told() -> None:
    # At −2 fW only the hot state exists, and it is stable all the way; the cold one lives on a branch between.
    found = hysteresis(equal_areas(), POWER, -2e-15, HIGHEST)
    assert found.intervals == []
    assert found.width == 0.0
    ((low, high),) = found.bistable
    counted = number_of_states(
        equal_areas(),
        np.array([low - 1e-17, low + 1e-17, high - 1e-17, high + 1e-17]),
        "islands.right.temperature",
        np.array([0.5]),
    )
    # Below, the cold state is colder than a thousandth of the bath and no longer looked for, the unstable one is still there.
    assert counted.tolist() == [[2, 3, 3, 1]]
    assert f"Two stable states exist from {low:.6g} to {high:.6g}" in found.advice()


def test_a_range_that_begins_where_no_state_exists_is_told_where_some_do() -> None:
    with pytest.raises(DeviceError, match=r"= -1e-12 has no stable state .* stable states were found from -2.9"):
        hysteresis(equal_areas(), POWER, -1e-12, HIGHEST)
