"""Laws that no device may break, whatever its numbers."""

import jax
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from subkelvin import Device, Status, preset, preset_names, steady_state

SETUPS = tuple(name for name in preset_names() if "setup" in name)
"""The paper's set-ups, which have islands and elements of the same names."""
temperatures = st.floats(0.02, 1.1)


def held(name: str, left: float, right: float, bath: float) -> Device:
    """A preset with all its islands held."""
    device = preset(name).replace({"islands.bath.temperature": bath})
    others = {"left": left, **({"right": right} if name.endswith("1") else {})}
    return device.hold(others)


@given(left=temperatures, right=temperatures, bath=temperatures)
def test_heat_flows_from_hot_to_cold_along_every_path(left: float, right: float, bath: float) -> None:
    state = steady_state(held("silver-setup-1", left, right, bath))
    for path, watts in zip(state.paths, state.watts, strict=True):
        if path.source is None or path.target is None:
            continue
        difference = float(state.temperatures[path.source]) - float(state.temperatures[path.target])
        assert np.sign(float(watts)) in (np.sign(difference), 0.0)
        if difference == 0.0:
            assert float(watts) == 0.0


@given(left=temperatures, right=temperatures, bath=temperatures)
def test_entropy_never_falls(left: float, right: float, bath: float) -> None:
    state = steady_state(held("silver-setup-1", left, right, bath))
    production = sum(
        float(w) * (1.0 / float(state.temperatures[p.target]) - 1.0 / float(state.temperatures[p.source]))
        for p, w in zip(state.paths, state.watts, strict=True)
        if p.source and p.target
    )
    assert production >= 0.0


@pytest.mark.parametrize("name", preset_names())
def test_the_flows_of_every_island_sum_to_zero(name: str) -> None:
    state = steady_state(preset(name))
    scale = max(abs(float(w)) for w in state.watts)
    for island in state.temperatures:
        total = sum(
            float(w) * ((p.target == island) - (p.source == island))
            for p, w in zip(state.paths, state.watts, strict=True)
        )
        # The stated residual is 1e-12 of the largest flow; the sum itself rounds at 1e-16 per term.
        assert abs(total) <= 1e-12 * scale


def test_without_power_everything_takes_the_one_temperature_exactly() -> None:
    for temperature in (0.011, 0.05, 0.3, 1.1):
        device = preset("silver-setup-1").replace(
            {
                "islands.left.power": 0.0,
                "islands.right.temperature": temperature,
                "islands.bath.temperature": temperature,
            }
        )
        state = steady_state(device)
        assert float(state.temperatures["left"]) == temperature
        assert all(float(watts) == 0.0 for watts in state.watts)


def test_more_power_makes_the_island_hotter() -> None:
    device = preset("silver-setup-1")
    powers = np.geomspace(1e-18, 1e-12, 25)
    hot = [float(steady_state(device.replace({"islands.left.power": p})).temperatures["left"]) for p in powers]
    assert np.all(np.diff(hot) > 0.0)


def test_left_and_right_can_be_exchanged() -> None:
    # The same two reservoirs with the names of the held ones exchanged: the photonic heat changes its sign, nothing else.
    one = steady_state(held("silver-setup-1", 0.5, 0.3, 0.05).replace({"elements.right.area": 1e-12}))
    two = steady_state(held("silver-setup-1", 0.3, 0.5, 0.05).replace({"elements.right.area": 1e-12}))
    np.testing.assert_allclose(one.heat("left", "right"), two.heat("right", "left"), rtol=1e-14)


def test_a_held_temperature_above_the_critical_one_has_the_normal_resistance() -> None:
    hot = steady_state(held("silver-setup-1", 1.5, 1.3, 0.05))
    assert int(hot.status) == Status.CONVERGED
    # With r = 1 on both sides the transmission is 4α/(1+α)² at low frequency; ω_c/(k_BT/ħ) = 10 leaves a few per cent.
    full = 4.0 * 2.0 / 9.0 * 4.73216e-13 * (1.5**2 - 1.3**2)
    assert 0.9 * full < float(hot.heat("left", "right", "photon")) < full


def test_derivatives_exist_for_every_value_of_every_setup() -> None:
    for name in SETUPS:
        device = preset(name)

        def left(values: dict, device: Device = device) -> jax.Array:
            return steady_state(Device(values, device.structure)).temperatures["left"]

        gradient = jax.grad(left)(dict(device.values))
        assert all(np.isfinite(float(g)) for g in gradient.values()), name
        assert float(gradient["islands.left.power"]) > 0.0
