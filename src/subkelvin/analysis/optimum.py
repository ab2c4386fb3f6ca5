"""The best ratio of the junction areas, α = A_R/A_L, and how it depends on ω_c = 1/(ρc) and on the hot temperature.

Two objectives: the largest heat current J over all T_R, and the strongest NDTC, the most negative κ over all T_R. Both are
maxima over (ln α, ln T_R), started from a grid and ended by Newton's method on the exact gradient. In the classical limit the
α that maximises J at fixed temperatures is √(r_R/r_L). Docs: docs/physics.md, section 8.
"""

from collections.abc import Callable
from enum import Enum
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

from subkelvin.analysis.conductance import between, heat_between
from subkelvin.circuit.circuit import Circuit
from subkelvin.model import Device, DeviceError
from subkelvin.model.vocabulary import DISSIPATIVE

SMALLEST_RATIO, LARGEST_RATIO, RATIO_POINTS = 1e-2, 1e3, 81
TEMPERATURE_POINTS = 96
NEWTON_STEPS = 30
FLATNESS = 1e-7
"""Largest gradient (of the logarithm of the objective by ln α and ln T_R) that counts as a maximum."""


class Objective(Enum):
    """What the best area ratio is best for."""

    HEAT = "largest heat current"
    NEGATIVE_CONDUCTANCE = "most negative differential conductance"


class Optimum(NamedTuple):
    """The best area ratio; arrays over (cut-off, source temperature)."""

    area_ratio: np.ndarray
    """α; NaN where no maximum was found inside the range searched."""
    target_temperature: np.ndarray
    """T_R of the optimum [K]."""
    value: np.ndarray
    """J [W] or −κ [W/K] there."""


def best_area_ratio(
    device: Device,
    source: str,
    target: str,
    objective: Objective,
    source_temperatures: np.ndarray,
    cutoffs: np.ndarray | None = None,
) -> Optimum:
    """The area ratio that maximises an objective, for every cut-off and source temperature.

    Args:
        device: two reservoirs of one junction element each.
        source, target: names of their islands.
        objective: what to maximise.
        source_temperatures: T_L [K], shape (t,).
        cutoffs: ω_c [rad/s] of both elements, shape (c,), reached by changing ρ at constant c; None for the device's own ρ.

    Returns:
        Optimum with arrays of shape (c, t), or (t,) if ``cutoffs`` is None.

    Raises:
        DeviceError: if a reservoir does not consist of one junction element with an area.
    """
    elements = [_junction(device, source), _junction(device, target)]
    dissipative = [e.name for e in device.structure.elements if e.kind in DISSIPATIVE]
    branch = np.array(dissipative.index(elements[1]))
    own_ratio, own_cutoff = [
        float(device.values[f"elements.{elements[1]}.area"] / device.values[f"elements.{elements[0]}.area"]),
        [
            1.0
            / float(
                device.values[f"elements.{name}.specific_resistance"]
                * device.values[f"elements.{name}.specific_capacitance"]
            )
            for name in elements
        ],
    ]
    if cutoffs is not None and not np.isclose(own_cutoff[0], own_cutoff[1], rtol=1e-9, atol=0.0):
        raise DeviceError(
            "elements",
            "must have one cut-off 1/(ρc) for a map over cut-offs, but the two junctions differ",
            "equalise ρc",
        )
    network, ends = between(device, source, target, float(np.max(source_temperatures)))
    wanted = np.array([own_cutoff[0]]) if cutoffs is None else np.asarray(cutoffs, dtype=float)
    speed = np.repeat(wanted / own_cutoff[0], np.size(source_temperatures))
    hot = np.tile(np.asarray(source_temperatures, dtype=float), wanted.size)
    coldest = np.min(network.held_temperatures)
    ratio, temperature, value = jax.device_get(
        _optimise[objective](network.circuit, np.asarray(network.held_temperatures), ends, branch, speed, hot, coldest)
    )
    shape = (np.size(source_temperatures),) if cutoffs is None else (wanted.size, np.size(source_temperatures))
    return Optimum((ratio * own_ratio).reshape(shape), temperature.reshape(shape), value.reshape(shape))


def _junction(device: Device, island: str) -> str:
    """The one junction element of an island, which must have an area."""
    names = [e.name for e in device.structure.elements if e.island == island and e.kind in DISSIPATIVE]
    if len(names) != 1 or f"elements.{names[0]}.area" not in device.values:
        raise DeviceError(f"islands.{island}", "must have exactly one junction element, given by its area")
    return names[0]


def _maximise(objective: Objective) -> Callable[..., tuple[jax.Array, jax.Array, jax.Array]]:
    """A compiled search for the maximum of an objective over (ln α, ln T_R)."""

    @jax.jit
    def search(
        circuit: Circuit,
        held: jax.Array,
        ends: jax.Array,
        branch: jax.Array,
        speed: jax.Array,
        hot: jax.Array,
        coldest: jax.Array,
    ) -> tuple[jax.Array, jax.Array, jax.Array]:
        def one(speed: jax.Array, hot: jax.Array) -> tuple[jax.Array, jax.Array, jax.Array]:
            def heat(logarithm_of_ratio: jax.Array, temperature: jax.Array) -> jax.Array:
                ratio = jnp.exp(logarithm_of_ratio)
                scaled = Circuit(
                    **{
                        **vars(circuit),
                        "normal_conductance": speed
                        * jnp.asarray(circuit.normal_conductance).at[branch].multiply(ratio),
                        "capacitance": jnp.asarray(circuit.capacitance).at[branch].multiply(ratio),
                    }
                )
                temperatures = jnp.asarray(held).at[ends[0]].set(hot).at[ends[1]].set(temperature)
                return heat_between(scaled, temperatures, ends)

            def goal(point: jax.Array) -> jax.Array:
                temperature = jnp.exp(point[1])
                if objective is Objective.HEAT:
                    return heat(point[0], temperature)
                return jax.grad(heat, argnums=1)(point[0], temperature)

            ratios = jnp.linspace(np.log(SMALLEST_RATIO), np.log(LARGEST_RATIO), RATIO_POINTS)
            # The objective peaks close to the hot end: points crowd there, but leave out T_R = T_L itself.
            temperatures = jnp.log(hot) + jnp.log(coldest / hot) * jnp.linspace(1.0, 0.02, TEMPERATURE_POINTS) ** 2
            grid = jax.vmap(lambda a: jax.vmap(lambda t: goal(jnp.stack([a, t])))(temperatures))(ratios)
            i, j = jnp.unravel_index(jnp.argmax(grid), grid.shape)
            start = jnp.stack([ratios[i], temperatures[j]])
            gradient, hessian = jax.grad(goal), jax.hessian(goal)

            def step(_: int, point: jax.Array) -> jax.Array:
                g, h = gradient(point), hessian(point)
                change = -_solve_2x2(h, g)
                longest = jnp.max(jnp.abs(change))
                return point + jnp.where(longest > 0.1, change * (0.1 / longest), change)

            point = jax.lax.fori_loop(0, NEWTON_STEPS, step, start)
            value = goal(point)
            curvature = hessian(point)
            determinant = curvature[0, 0] * curvature[1, 1] - curvature[0, 1] ** 2
            inside = (i > 0) & (i < RATIO_POINTS - 1) & (j > 0) & (j < TEMPERATURE_POINTS - 1)
            good = (
                inside
                & (jnp.max(jnp.abs(gradient(point))) <= FLATNESS * jnp.abs(value))
                & (curvature[0, 0] < 0.0)
                & (determinant > 0.0)
                & (value >= grid[i, j])
            )
            ratio, temperature = jnp.exp(point[0]), jnp.exp(point[1])
            return (
                jnp.where(good, ratio, jnp.nan),
                jnp.where(good, temperature, jnp.nan),
                jnp.where(good, value, jnp.nan),
            )

        return jax.lax.map(lambda pair: one(*pair), (speed, hot), batch_size=4)

    return search


def _solve_2x2(matrix: jax.Array, right: jax.Array) -> jax.Array:
    determinant = matrix[0, 0] * matrix[1, 1] - matrix[0, 1] * matrix[1, 0]
    return (
        jnp.stack(
            [matrix[1, 1] * right[0] - matrix[0, 1] * right[1], matrix[0, 0] * right[1] - matrix[1, 0] * right[0]]
        )
        / determinant
    )


_optimise = {objective: _maximise(objective) for objective in Objective}
