"""Derivatives of steady states by every value of a device, against central differences."""

import jax
import numpy as np
import pytest

from subkelvin import Device, preset, steady_state

NAMES = ("silver-setup-1", "inas-setup-2")


def temperature_and_heat(values: dict, device: Device) -> jax.Array:
    """A temperature and a flow, of different magnitudes."""
    state = steady_state(Device(values, device.structure))
    target = "right" if "islands.right.temperature" in values else "bath"
    return jax.numpy.stack([state.temperatures["left"], 1e12 * state.heat("left", target, "photon")])


@pytest.mark.parametrize("name", NAMES)
def test_every_derivative_equals_its_central_difference(name: str) -> None:
    device = preset(name)
    values = {path: float(value) for path, value in device.values.items()}
    jacobian = jax.jacrev(lambda v: temperature_and_heat(v, device))(values)
    checked = 0
    for path, value in values.items():
        if value == 0.0:
            continue
        step = 1e-4 * value
        sides = [np.asarray(temperature_and_heat({**values, path: value + k * step}, device)) for k in (-2, -1, 1, 2)]
        # Fourth order: (f₋₂ − 8f₋₁ + 8f₊₁ − f₊₂)/12h; its error here is about 1e-14·10⁴ of the value by rounding.
        expected = (sides[0] - 8.0 * sides[1] + 8.0 * sides[2] - sides[3]) / (12.0 * step)
        scale = np.abs(np.asarray(temperature_and_heat(values, device))) / abs(value)
        np.testing.assert_allclose(jacobian[path], expected, rtol=2e-7, atol=2e-10 * np.max(scale), err_msg=path)
        checked += bool(np.any(expected))
    assert checked >= 10


@pytest.mark.parametrize("name", NAMES[:1])
def test_forward_and_reverse_derivatives_agree_and_second_ones_exist(name: str) -> None:
    device = preset(name)
    path = "islands.left.power"

    def temperature(power: jax.Array) -> jax.Array:
        return steady_state(device.replace({path: power})).temperatures["left"]

    power = device.values[path]
    forward = jax.jit(lambda value: jax.jvp(temperature, (value,), (1.0,))[1])(power)
    slope = jax.jit(jax.grad(temperature))
    np.testing.assert_allclose(slope(power), forward, rtol=1e-13)
    step = 1e-3 * power
    difference = (slope(power + step) - slope(power - step)) / (2.0 * step)
    # Second order in the step: 1e-6 times a third derivative of order one in relative terms.
    np.testing.assert_allclose(jax.jit(jax.grad(slope))(power), difference, rtol=1e-5)


def test_one_leaf_for_a_shared_material() -> None:
    # Both junctions and all four parts share one superconductor: its derivative counts them all.
    device = preset("silver-setup-1")
    path = "superconductors.Al.critical_temperature"
    shared = jax.grad(lambda t: steady_state(device.replace({path: t})).temperatures["left"])(1.2)
    step = 1e-5
    ends = [float(steady_state(device.replace({path: 1.2 + s})).temperatures["left"]) for s in (-step, step)]
    np.testing.assert_allclose(shared, (ends[1] - ends[0]) / (2.0 * step), rtol=1e-6)
