"""The best area ratio is where the exact gradient vanishes, to the digits that are promised, for both admittances."""

from collections.abc import Callable
from functools import cache

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from subkelvin import Device, heat_matrix, preset
from subkelvin.circuit.netlist import lower_circuit
from subkelvin.gallery.ndtc.cutoffs import at_cutoff, specific_resistances
from subkelvin.heat.matrix import island_heat
from subkelvin.ndtc import Objective, best_area_ratio

SOURCE_TEMPERATURE = 0.5
AREA = "elements.right.area"
STEP = 1e-3
"""In ln α and ln T_R, between whose gradients the Hessian is a difference; to a per cent is enough."""
Gradient = Callable[[float, float], np.ndarray]


def held() -> Device:
    return preset("silver-setup-1").hold({"left": SOURCE_TEMPERATURE})


@cache
def exact_gradient(objective: Objective) -> Callable[..., jax.Array]:
    """∂/∂(ln α, ln T_R) of J or of ∂J/∂T_R, by automatic differentiation of the device with another area."""
    device = held()
    order = [island.name for island in device.structure.ordered_islands]
    left, right = order.index("left"), order.index("right")

    def heat(area: jax.Array, temperature: jax.Array, resistance: jax.Array) -> jax.Array:
        changes = {AREA: area} | {f"elements.{name}.specific_resistance": resistance for name in ("left", "right")}
        temperatures = jnp.full(len(order), 0.05).at[left].set(SOURCE_TEMPERATURE).at[right].set(temperature)
        return island_heat(lower_circuit(device.replace(changes)), temperatures)[0][left, right]

    chosen = heat if objective is Objective.HEAT else jax.grad(heat, 1)

    def by_logarithms(logarithms: jax.Array, resistance: jax.Array) -> jax.Array:
        area, temperature = jnp.exp(logarithms)
        return chosen(area, temperature, resistance)

    return jax.jit(jax.grad(by_logarithms))


def newton_step(gradient: Gradient, area: float, temperature: float) -> np.ndarray:
    """How far (ln α, ln T_R) is from where the gradient vanishes."""
    point, first = np.log([area, temperature]), gradient(np.log(area), np.log(temperature))
    hessian = np.stack(
        [(gradient(*(point + step)) - gradient(*(point - step))) / (2.0 * STEP) for step in STEP * np.eye(2)]
    )
    return np.abs(np.linalg.solve(hessian, first))


@pytest.mark.parametrize("objective", Objective)
@pytest.mark.parametrize("cutoff", [4e11, 2e12, 1e13])
def test_the_best_ratio_is_right_to_seven_digits(objective: Objective, cutoff: float) -> None:
    device = held()
    resistances = specific_resistances(device, np.array([cutoff]))
    best = best_area_ratio(
        device,
        "right",
        objective,
        source="left",
        source_temperatures=[SOURCE_TEMPERATURE],
        specific_resistances=resistances,
    )
    resistance = float(at_cutoff(device, cutoff).values["elements.right.specific_resistance"])
    own = float(device.values["elements.left.area"])

    def gradient(area: float, temperature: float) -> np.ndarray:
        return np.asarray(exact_gradient(objective)(jnp.array([area, temperature]), resistance))

    error = newton_step(gradient, float(best.area_ratio[0, 0]) * own, float(best.target_temperature[0, 0]))
    # What the docstring promises.
    assert np.all(error < 1e-7), error


def test_the_best_ratio_of_frequency_dependent_junctions_is_right_to_four_digits() -> None:
    device = preset("silver-setup-1", overrides=[("admittance", "dynamic")]).hold({"left": SOURCE_TEMPERATURE})
    best = best_area_ratio(device, "right", Objective.HEAT, source="left", source_temperatures=[SOURCE_TEMPERATURE])
    h = 1e-2

    def heat(area: float, temperature: float) -> float:
        changed = device.replace({AREA: float(np.exp(area)), "islands.right.temperature": float(np.exp(temperature))})
        return heat_matrix(changed, route="integral").between("left", "right")

    point = np.log(
        [
            float(best.area_ratio[0, 0]) * float(device.values["elements.left.area"]),
            float(best.target_temperature[0, 0]),
        ]
    )
    # The adaptive integral instead of the mesh, and points five times as far apart. At the maximum J is largest along each axis by
    # itself.
    for axis in np.eye(2):
        low, middle, high = (heat(*(point + step * axis)) for step in (-h, 0.0, h))
        error = 0.5 * h * (low - high) / (low - 2.0 * middle + high)
        # A third derivative as large as the second shifts the middle of a parabola by h²/6.
        assert abs(error) < 1e-4
