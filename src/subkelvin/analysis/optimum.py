"""The best ratio of the junction areas, α = A_R/A_L, and how it depends on ω_c = 1/(ρc) and on the hot temperature.

Two objectives: the largest heat current J over all T_R, and the strongest NDTC, the most negative κ over all T_R. Both are
maxima over (ln α, ln T_R), started from a grid and ended by Newton's method; α is then good to 1e-7. In the classical limit the
α that maximises J at fixed temperatures is √(r_R/r_L). Docs: docs/physics.md, section 8.
"""

from collections.abc import Callable
from enum import Enum
from typing import NamedTuple

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np

from subkelvin.analysis.conductance import between, heat_and_slope, heat_between, over_points
from subkelvin.circuit.circuit import Circuit
from subkelvin.circuit.netlist import radiators
from subkelvin.model import ArgumentError, Device, DeviceError
from subkelvin.model.arguments import require_island, require_kind, require_numbers
from subkelvin.model.device import check_range
from subkelvin.model.device_arguments import require_device
from subkelvin.numerics.blocks import block_by_block

SMALLEST_RATIO, LARGEST_RATIO, RATIO_POINTS = 1e-2, 1e3, 46
TEMPERATURE_POINTS = 48
NEWTON_STEPS = 12
SPACING = 2e-3
"""Of the points, in ln α and ln T_R, whose differences are the derivatives; their error is its fourth power."""
LONGEST_STEP, SETTLED = 0.1, 1e-8
BLOCK = 4096
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
        DeviceError: if a reservoir does not consist of one junction element with an area, or there is no such island.
        ValueError: if an argument is not what it must be.
    """
    require_device(device)
    islands = [island.name for island in device.structure.islands]
    require_island("source", source, islands)
    require_island("target", target, islands)
    if source == target:
        raise ArgumentError("target", f"must be another island than the source {source!r}", "name two islands")
    require_kind("objective", objective, Objective, "Objective.HEAT")
    source_temperatures = require_numbers("source_temperatures", source_temperatures, "K", above=0.0)
    check_range(f"islands.{source}.temperature", source_temperatures)
    if cutoffs is not None:
        cutoffs = require_numbers("cutoffs", cutoffs, "rad/s", above=0.0, example="[2e12]")
    elements = [_junction(device, source), _junction(device, target)]
    dissipative = [element.name for element in radiators(device.structure)]
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
    held = np.asarray(network.held_temperatures)

    def evaluate(logarithm_of_ratio: np.ndarray, logarithm_of_temperature: np.ndarray) -> np.ndarray:
        shape = np.shape(logarithm_of_ratio)
        flat = [np.ravel(np.broadcast_to(array, shape)) for array in (speed[:, None], hot[:, None])]
        found = _in_blocks(
            lambda *points: _heat_and_slope(network.circuit, held, ends, branch, *points),
            *flat,
            np.ravel(logarithm_of_ratio),
            np.ravel(logarithm_of_temperature),
        )
        chosen = found.heat if objective is Objective.HEAT else found.negative_conductance
        return chosen.reshape(shape)

    ratio, temperature, value = _search(evaluate, hot, float(coldest))
    shape = (np.size(source_temperatures),) if cutoffs is None else (wanted.size, np.size(source_temperatures))
    return Optimum((ratio * own_ratio).reshape(shape), temperature.reshape(shape), value.reshape(shape))


def _junction(device: Device, island: str) -> str:
    """The one junction element of an island, which must have an area."""
    names = [e.name for e in device.structure.elements if e.island == island and e.kind.radiates]
    if len(names) != 1 or f"elements.{names[0]}.area" not in device.values:
        raise DeviceError(f"islands.{island}", "must have exactly one junction element, given by its area")
    return names[0]


class _Objectives(NamedTuple):
    """Both objectives at many points."""

    heat: np.ndarray
    negative_conductance: np.ndarray


def _search(evaluate: Callable[..., np.ndarray], hot: np.ndarray, coldest: float) -> tuple[np.ndarray, ...]:
    """The maximum of an objective over (ln α, ln T_R), for every case at once.

    Args:
        evaluate: the objective at ln α and ln T_R, both of shape (cases, points).
        hot: T_L of every case [K].
        coldest: the lowest T_R considered [K].

    Returns:
        α, T_R and the objective, NaN where no maximum was found inside the range.
    """
    ratios = np.linspace(np.log(SMALLEST_RATIO), np.log(LARGEST_RATIO), RATIO_POINTS)
    # The objective peaks close to the hot end: points crowd there, but leave out T_R = T_L itself.
    share = np.linspace(1.0, 0.02, TEMPERATURE_POINTS) ** 2
    temperatures = np.log(hot)[:, None] + np.log(coldest / hot)[:, None] * share
    shape = (hot.size, RATIO_POINTS, TEMPERATURE_POINTS)
    grid = evaluate(
        np.broadcast_to(ratios[:, None], shape).reshape(hot.size, -1),
        np.broadcast_to(temperatures[:, None, :], shape).reshape(hot.size, -1),
    )
    highest = np.argmax(grid, axis=1)
    i, j = np.divmod(highest, TEMPERATURE_POINTS)
    case = np.arange(hot.size)
    on_grid = grid[case, highest]
    point = np.stack([ratios[i], temperatures[case, j]], axis=1)
    for _ in range(NEWTON_STEPS):
        gradient, hessian, value = _quadratic(evaluate, point)
        change = -_solve_2x2(hessian, gradient)
        longest = np.max(np.abs(change), axis=1, keepdims=True)
        point = point + np.where(
            longest > LONGEST_STEP, change * (LONGEST_STEP / np.maximum(longest, LONGEST_STEP)), change
        )
        if not np.any(longest > SETTLED):
            break
    gradient, hessian, value = _quadratic(evaluate, point)
    determinant = hessian[:, 0, 0] * hessian[:, 1, 1] - hessian[:, 0, 1] ** 2
    good = (
        (i > 0)
        & (i < RATIO_POINTS - 1)
        & (j > 0)
        & (j < TEMPERATURE_POINTS - 1)
        & (np.max(np.abs(gradient), axis=1) <= FLATNESS * np.abs(value))
        & (hessian[:, 0, 0] < 0.0)
        & (determinant > 0.0)
        & (value >= on_grid)
    )
    return tuple(np.where(good, x, np.nan) for x in (np.exp(point[:, 0]), np.exp(point[:, 1]), value))


def _quadratic(evaluate: Callable[..., np.ndarray], point: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Gradient, Hessian and value of the objective, by central differences of fourth order (cross term: of second)."""
    h = SPACING
    offsets = np.array(
        [[0, 0], [-2, 0], [-1, 0], [1, 0], [2, 0], [0, -2], [0, -1], [0, 1], [0, 2], [1, 1], [1, -1], [-1, 1], [-1, -1]]
    )
    f = evaluate(point[:, :1] + h * offsets[:, 0], point[:, 1:] + h * offsets[:, 1])
    first = np.array([1.0, -8.0, 8.0, -1.0]) / (12.0 * h)
    second = np.array([-1.0, 16.0, -30.0, 16.0, -1.0]) / (12.0 * h * h)
    gradient = np.stack([f[:, 1:5] @ first, f[:, 5:9] @ first], axis=1)
    hessian = np.empty((point.shape[0], 2, 2))
    hessian[:, 0, 0] = f[:, [1, 2, 0, 3, 4]] @ second
    hessian[:, 1, 1] = f[:, [5, 6, 0, 7, 8]] @ second
    hessian[:, 0, 1] = hessian[:, 1, 0] = (f[:, 9] - f[:, 10] - f[:, 11] + f[:, 12]) / (4.0 * h * h)
    return gradient, hessian, f[:, 0]


def _solve_2x2(matrix: np.ndarray, right: np.ndarray) -> np.ndarray:
    a, b, c, d = matrix[:, 0, 0], matrix[:, 0, 1], matrix[:, 1, 0], matrix[:, 1, 1]
    determinant = a * d - b * c
    safe = np.where(determinant == 0.0, np.nan, determinant)
    solution = np.stack([d * right[:, 0] - b * right[:, 1], a * right[:, 1] - c * right[:, 0]], axis=1) / safe[:, None]
    return np.where(np.isfinite(solution), solution, 0.0)


@jax.jit
def _heat_and_slope(
    circuit: Circuit,
    held: jax.Array,
    ends: jax.Array,
    branch: jax.Array,
    speed: jax.Array,
    hot: jax.Array,
    logarithm_of_ratio: jax.Array,
    logarithm_of_temperature: jax.Array,
) -> tuple[jax.Array, jax.Array]:
    """J and ∂J/∂T_R at a block of points (speed, T_L, ln α, ln T_R)."""

    def one(speed: jax.Array, hot: jax.Array, ratio: jax.Array, target: jax.Array) -> tuple[jax.Array, jax.Array]:
        branches = circuit.branches
        conductance = speed * jnp.asarray(branches.normal_conductance).at[branch].multiply(jnp.exp(ratio))
        capacitance = jnp.asarray(branches.capacitance).at[branch].multiply(jnp.exp(ratio))
        scaled = eqx.tree_at(
            lambda c: (c.branches.normal_conductance, c.branches.capacitance), circuit, (conductance, capacitance)
        )

        def heat(temperature: jax.Array) -> jax.Array:
            return heat_between(scaled, jnp.asarray(held).at[ends[0]].set(hot).at[ends[1]].set(temperature), ends)

        return heat_and_slope(circuit, heat, jnp.exp(target))

    points = (speed, hot, logarithm_of_ratio, logarithm_of_temperature)
    return over_points(circuit, lambda point: one(*point), points)


def _in_blocks(function: Callable[..., tuple[jax.Array, jax.Array]], *arguments: np.ndarray) -> _Objectives:
    """A function of flat arrays evaluated in blocks of one size, so that it is compiled once."""
    blocks = block_by_block(lambda block: function(*block), arguments, BLOCK)
    return _Objectives(*np.concatenate([np.stack(part) for _, part in blocks], axis=1))
