"""Photonic heat between frequency-dependent junctions: anchors, the adaptive integral, steady states, the choice of model."""

import jax
import numpy as np
import pytest

from subkelvin import Device, Status, preset, steady_state
from subkelvin.circuit.netlist import lower_circuit
from subkelvin.heat.photonic import photonic_heat

compiled = jax.jit(photonic_heat)
ALUMINIUM_PAIR = {4e11: (50e-12, 1.0), 2e12: (10e-12, 2.0)}
"""ρ [Ω m²] and α of the anchors, by ω_c [rad/s]."""


def pair(cutoff: float, admittance: str) -> Device:
    """The paper's two reservoirs, all islands held."""
    resistance, ratio = ALUMINIUM_PAIR[cutoff]
    device = preset("silver-setup-1", [("admittance", admittance)]).hold({"left": 0.5})
    return device.replace(
        {
            "elements.left.specific_resistance": resistance,
            "elements.right.specific_resistance": resistance,
            "elements.right.area": ratio * device.values["elements.left.area"],
        }
    )


def heat(device: Device, left: float, right: float, route: str | None = None) -> tuple[float, float]:
    """J from left to right and its estimated error [fW]."""
    by_name = {"left": left, "right": right, "bath": 0.05}
    temperatures = np.array([by_name[island.name] for island in device.structure.ordered_islands])
    found, error = compiled(lower_circuit(device, route), temperatures)
    return 1e15 * float(found[0]), 1e15 * float(error[0])


@pytest.mark.parametrize(
    ("cutoff", "right", "static", "dynamic"),
    [
        (4e11, 0.05, 0.10251, 0.7048),
        (4e11, 0.2, 0.23327, 1.0447),
        (4e11, 0.3, 2.9144, 2.9976),
        (4e11, 0.4, 5.8739, 4.6292),
        (2e12, 0.05, 0.490758, 1.58578),
        (2e12, 0.25, 5.342266, 4.05585),
        (2e12, 0.35, 21.911336, 9.09145),
    ],
)
def test_both_admittances_give_their_reference_values(
    cutoff: float, right: float, static: float, dynamic: float
) -> None:
    # The references have five to eight digits: half of the last one is allowed.
    np.testing.assert_allclose(heat(pair(cutoff, "static"), 0.5, right)[0], static, rtol=2.5e-5)
    np.testing.assert_allclose(heat(pair(cutoff, "dynamic"), 0.5, right)[0], dynamic, rtol=1.5e-5)


@pytest.mark.parametrize("left", [0.02, 0.1, 0.5, 1.19])
@pytest.mark.parametrize("right", [0.01, 0.05, 0.3, 0.499, 1.1])
def test_the_mesh_agrees_with_the_adaptive_integral_and_says_how_well(left: float, right: float) -> None:
    device = pair(2e12, "dynamic")
    assert lower_circuit(device).route == "mesh"
    mesh, error = heat(device, left, right)
    integral, own = heat(device, left, right, "integral")
    assert abs(mesh - integral) <= 1e-10 * abs(integral)
    assert abs(mesh - integral) <= abs(error) + abs(own) + 1e-13 * abs(integral)


def test_one_element_may_have_its_own_admittance() -> None:
    mixed = preset("silver-setup-1", [("elements.right.admittance", "dynamic")])
    assert [element.dynamic for element in mixed.structure.elements] == [False, True]
    both = [heat(pair(2e12, model), 0.5, 0.05)[0] for model in ("static", "dynamic")]
    held = mixed.hold({"left": 0.5})
    # The cold junction decides: nearly all of the difference is its own.
    assert abs(heat(held, 0.5, 0.05)[0] - both[1]) < 0.1 * abs(both[0] - both[1])


def test_a_dynamic_steady_state_balances_and_is_differentiated() -> None:
    device = preset("silver-setup-1", [("admittance", "dynamic")])
    state = steady_state(device)
    assert int(state.status) == Status.CONVERGED
    assert state.photon_route == "mesh"
    assert float(state.residual) <= 1e-9 * 100e-15

    def left(right: jax.Array) -> jax.Array:
        return steady_state(device.replace({"islands.right.temperature": right})).temperatures["left"]

    step = 1e-4
    slope = (float(left(0.3 + step)) - float(left(0.3 - step))) / (2.0 * step)
    # The difference's own error is h² f‴/6, and the balance is solved to 1e-9.
    np.testing.assert_allclose(float(jax.grad(left)(0.3)), slope, rtol=1e-4)
