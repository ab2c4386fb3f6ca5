"""The best ratio of the junction areas, α = A_R/A_L, and how it depends on ω_c = 1/(ρc) and on the hot temperature.

Two objectives: the largest heat current J over all T_R, and the strongest NDTC, the most negative κ over all T_R. Both are
maxima over (ln α, ln T_R), started from a grid and ended by Newton's method, for junctions of any admittance. A scan of α with
parabolas between its points, three digits for the same work, is no second way. α is right to 1e-7 where J has a closed form, and to
1e-4 where it is an integral. In the classical limit the α that maximises J at fixed temperatures is √(r_R/r_L). Docs:
docs/physics.md, section 8.
"""

import itertools
from collections.abc import Callable, Mapping
from enum import Enum
from typing import Annotated, Any, NamedTuple

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np

from subkelvin.analysis.conductance import heat_and_slope, heat_between, held_between, over_points
from subkelvin.balance.network.network import Network, lower
from subkelvin.balance.network.route import meaning_of_routes, other_networks, routes_from
from subkelvin.circuit.circuit import Circuit
from subkelvin.circuit.netlist import radiators
from subkelvin.model import ArgumentError, Device, DeviceError
from subkelvin.model.arguments import require_island, require_kind, require_progress
from subkelvin.model.device import numbers_at
from subkelvin.model.device_arguments import require_device
from subkelvin.model.result import About, Quantity, Result
from subkelvin.model.status import Status
from subkelvin.numerics.blocks import in_full_blocks
from subkelvin.progress import INTERRUPTIONS, Progress

SMALLEST_RATIO, LARGEST_RATIO = 1e-2, 1e3
"""Area ratios that are searched, in units of the device's own."""
NEWTON_STEPS = 12
SPACING = 2e-3
"""Of the points, in ln α and ln T_R, whose differences are the derivatives; their error is its fourth power."""
LONGEST_STEP, SETTLED = 0.1, 1e-8


class Effort(NamedTuple):
    """How finely a maximum is sought."""

    ratios: int
    """Points of the grid in ln α."""
    temperatures: int
    """Points of the grid in T_R."""
    block: int
    """Points evaluated at once."""
    flatness: float
    """Largest gradient (of the logarithm of the objective by ln α and ln T_R) that counts as a maximum."""


CLOSED_FORM = Effort(46, 48, 2048, 1e-7)
INTEGRAL = Effort(24, 32, 64, 1e-5)
"""Where every point costs a thousand times as much, and slopes are differences."""


GRID = 0.8
"""Share of the work that the grid is, from which Newton's method starts."""
OVER = ("specific_resistance", "source_temperature")


class Objective(Enum):
    """What the best area ratio is best for."""

    HEAT = "largest heat current"
    NEGATIVE_CONDUCTANCE = "most negative differential conductance"


class BestAreaRatio(Result):
    """The best ratio of areas, for some specific resistances of the junctions and temperatures of the source."""

    source: str = eqx.field(static=True)
    """The island that gives heat."""
    target: str = eqx.field(static=True)
    """The island that takes it."""
    objective: Objective = eqx.field(static=True)
    """What the ratio is best for."""
    specific_resistance: Annotated[
        np.ndarray, Quantity("ohm m^2", "specific resistance of the source's junctions", ("specific_resistance",))
    ]
    """ρ of the source's junctions [Ω m²], shape (r,); that of the target's scales alike."""
    source_temperature: Annotated[np.ndarray, Quantity("K", "temperature of the source", ("source_temperature",))]
    """T_L [K], shape (t,)."""
    area_ratio: Annotated[np.ndarray, Quantity("", "area of the target's junctions over that of the source's", OVER)]
    """α = A_R/A_L, shape (r, t); NaN where no maximum was found inside the range searched."""
    target_temperature: Annotated[np.ndarray, Quantity("K", "temperature of the target there", OVER)]
    """T_R of the optimum [K], shape (r, t)."""
    value: Annotated[np.ndarray, Quantity("W or W/K", "J or −κ there", OVER)]
    """J [W] or −κ [W/K] there, shape (r, t)."""

    photon_route: Annotated[np.ndarray, Quantity("", "how photonic heat was computed", OVER)]
    """Which of ``routes`` computed it, as integers of shape (r, t)."""
    routes: tuple[str, ...] = eqx.field(static=True)
    """The device's own route, and those that take over where it does not know a heat."""

    @property
    def status(self) -> np.ndarray:
        """`Status.NOT_CONVERGED` where no maximum was found inside the range searched, as integers of shape (r, t)."""
        return np.where(np.isfinite(self.area_ratio), Status.CONVERGED, Status.NOT_CONVERGED)

    def _codes(self) -> Mapping[str, str]:
        return {"photon_route": meaning_of_routes(self.routes)}

    def _status_axes(self) -> tuple[str, ...]:
        return OVER

    def _units(self) -> Mapping[str, str]:
        return {"value": "W" if self.objective is Objective.HEAT else "W/K"}

    def _attributes(self) -> dict[str, Any]:
        return {"source": self.source, "target": self.target, "objective": self.objective.value}


def best_area_ratio(
    device: Device,
    target: str,
    objective: Objective,
    *,
    source: str,
    source_temperatures: Any,
    specific_resistances: Any = None,
    progress: Progress | None = None,
) -> BestAreaRatio:
    """The area ratio that maximises an objective, for every specific resistance and source temperature.

        α = A_target/A_source at which J, or −κ, is largest over all T_target

    Args:
        device: two reservoirs of one junction element each.
        target: the island that takes heat.
        objective: what to maximise.
        source: the island that gives it.
        source_temperatures: T_L of it, shape (t,), SI floats or texts with units.
        specific_resistances: ρ of the source's junctions at constant c, shape (r,), SI floats or texts with units: they
            set ω_c = 1/(ρc), and ρ of the target's junctions scales alike. None for the device's own.
        progress: told of every block of points; cancelled, it raises `Cancelled` if nothing is known yet.

    Returns:
        BestAreaRatio with arrays of shape (r, t).

    Validity:
        α is right to 1e-7 where J has a closed form, and to 1e-4 where it is an integral.

    Raises:
        DeviceError: if a reservoir does not consist of one junction element with an area, or there is no such island.
        ValueError: if an argument is not what it must be.

    Example:
        >>> from subkelvin import preset
        >>> from subkelvin.ndtc import Objective, best_area_ratio
        >>> best = best_area_ratio(
        ...     preset("silver-setup-1"), "right", Objective.HEAT, source="left", source_temperatures=["500 mK"]
        ... )
        >>> print(f"{best.area_ratio[0, 0]:.2f}")
        2.69
    """
    require_device(device)
    islands = [island.name for island in device.structure.islands]
    require_island("source", source, islands)
    require_island("target", target, islands)
    if source == target:
        raise ArgumentError("target", f"must be another island than the source {source!r}", "name two islands")
    require_kind("objective", objective, Objective, "Objective.HEAT")
    temperatures = numbers_at(f"islands.{source}.temperature", source_temperatures)
    elements = [_junction(device, source), _junction(device, target)]
    dissipative = [element.name for element in radiators(device.structure)]
    own = np.array([dissipative.index(element) for element in elements])
    areas, resistances, capacitances = (
        [float(device.values[f"elements.{name}.{key}"]) for name in elements]
        for key in ("area", "specific_resistance", "specific_capacitance")
    )
    own_ratio, (first, second) = areas[1] / areas[0], np.multiply(resistances, capacitances)
    if specific_resistances is not None and not np.isclose(first, second, rtol=1e-9, atol=0.0):
        raise DeviceError(
            "elements",
            "must have one cut-off 1/(ρc) for a map over specific resistances, but the two junctions differ",
            "equalise ρc",
        )
    key = f"elements.{elements[0]}.specific_resistance"
    wanted = np.array(resistances[:1]) if specific_resistances is None else device.numbers(key, specific_resistances)
    held, ends = held_between(device, source, target, float(np.max(temperatures)))
    speed = np.repeat(resistances[0] / wanted, temperatures.size)
    hot = np.tile(temperatures, wanted.size)
    found, taken, routes = _by_routes(held, ends, own, objective, speed, hot, require_progress(progress))
    ratio, temperature, value = found.reshape(3, wanted.size, temperatures.size)
    about, places = _about(device, source, target, elements), taken.reshape(ratio.shape)
    return BestAreaRatio(
        about, source, target, objective, wanted, temperatures, ratio * own_ratio, temperature, value, places, routes
    )


def _by_routes(
    held: Device,
    ends: np.ndarray,
    own: np.ndarray,
    objective: Objective,
    speed: np.ndarray,
    hot: np.ndarray,
    progress: Progress,
) -> tuple[np.ndarray, np.ndarray, tuple[str, ...]]:
    """What `_best` finds of every case, the place of the first route that knows enough, and all routes."""
    network = lower(held)
    found = np.full((3, hot.size), np.nan)
    taken, lost = np.zeros(hot.size, dtype=int), np.arange(hot.size)
    for number, chosen in itertools.chain([(0, network)], other_networks(held, network.circuit.route)):
        try:
            *best, unknown = _best(chosen, ends, own, objective, speed[lost], hot[lost], progress)
        except INTERRUPTIONS:
            # Who stops this by another route keeps what the first one has found.
            if not number:
                raise
            break
        found[:, lost], taken[lost] = best, number
        lost = lost[unknown]
        if not lost.size:
            break
    return found, taken, routes_from(network.circuit.route)


def _best(
    network: Network,
    ends: np.ndarray,
    own: np.ndarray,
    objective: Objective,
    speed: np.ndarray,
    hot: np.ndarray,
    progress: Progress,
) -> tuple[np.ndarray, ...]:
    """α in units of the device's own, T_R and the objective of every case (speed, T_L) by one route; where it knows too little."""
    held = np.asarray(network.held_temperatures)
    effort = CLOSED_FORM if network.circuit.one_pole else INTEGRAL

    def evaluate(logarithm_of_ratio: np.ndarray, logarithm_of_temperature: np.ndarray) -> np.ndarray:
        shape = np.shape(logarithm_of_ratio)
        flat = [np.ravel(np.broadcast_to(array, shape)) for array in (speed[:, None], hot[:, None])]
        heat, slope = in_full_blocks(
            lambda *points: _heat_and_slope(network.circuit, held, ends, own, *points),
            (*flat, np.ravel(logarithm_of_ratio), np.ravel(logarithm_of_temperature)),
            effort.block,
            # The grid is most of the work; Newton's steps count as the rest.
            lambda share: progress.step(max(progress.fraction, GRID * share), "area ratios"),
        )
        # −κ = ∂J/∂T_R.
        return (heat if objective is Objective.HEAT else slope).reshape(shape)

    return _search(evaluate, hot, float(np.min(held)), effort)


def _about(device: Device, source: str, target: str, elements: list[str]) -> About:
    """The device without the numbers that the question replaces."""
    held = [f"islands.{island}.{key}" for island in (source, target) for key in ("temperature", "power")]
    return About.of(
        device, [*held, f"elements.{elements[1]}.area", *(f"elements.{e}.specific_resistance" for e in elements)]
    )


def _junction(device: Device, island: str) -> str:
    """The one junction element of an island, which must have an area."""
    names = [e.name for e in device.structure.elements if e.island == island and e.kind.radiates]
    if len(names) != 1 or f"elements.{names[0]}.area" not in device.values:
        raise DeviceError(f"islands.{island}", "must have exactly one junction element, given by its area")
    return names[0]


def _search(
    evaluate: Callable[..., np.ndarray], hot: np.ndarray, coldest: float, effort: Effort
) -> tuple[np.ndarray, ...]:
    """The maximum of an objective over (ln α, ln T_R), for every case at once.

    Args:
        evaluate: the objective at ln α and ln T_R, both of shape (cases, points).
        hot: T_L of every case [K].
        coldest: the lowest T_R considered [K].
        effort: how fine the grid is.

    Returns:
        α, T_R and the objective, NaN where no maximum was found inside the range; and the cases in which the objective is not known
        well enough to tell.
    """
    ratios = np.linspace(np.log(SMALLEST_RATIO), np.log(LARGEST_RATIO), effort.ratios)
    # The objective peaks close to the hot end: points crowd there, but leave out T_R = T_L itself.
    share = np.linspace(1.0, 0.02, effort.temperatures) ** 2
    temperatures = np.log(hot)[:, None] + np.log(coldest / hot)[:, None] * share
    shape = (hot.size, effort.ratios, effort.temperatures)
    grid = evaluate(
        np.broadcast_to(ratios[:, None], shape).reshape(hot.size, -1),
        np.broadcast_to(temperatures[:, None, :], shape).reshape(hot.size, -1),
    )
    highest = np.argmax(grid, axis=1)
    i, j = np.divmod(highest, effort.temperatures)
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
    # A value that is not known is taken for the highest.
    unknown = np.isnan(on_grid)
    inside = (i > 0) & (i < effort.ratios - 1) & (j > 0) & (j < effort.temperatures - 1)
    good = (
        inside
        & (np.max(np.abs(gradient), axis=1) <= effort.flatness * np.abs(value))
        & (hessian[:, 0, 0] < 0.0)
        & (determinant > 0.0)
        & (value >= on_grid)
    )
    found = (np.where(good, x, np.nan) for x in (np.exp(point[:, 0]), np.exp(point[:, 1]), value))
    return *found, unknown | (inside & ~good)


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
    own: jax.Array,
    speed: jax.Array,
    hot: jax.Array,
    logarithm_of_ratio: jax.Array,
    logarithm_of_temperature: jax.Array,
) -> tuple[jax.Array, jax.Array]:
    """J and ∂J/∂T_R at a block of points (speed, T_L, ln α, ln T_R); ``own`` are the branches of source and target."""

    def one(speed: jax.Array, hot: jax.Array, ratio: jax.Array, target: jax.Array) -> tuple[jax.Array, jax.Array]:
        branches = circuit.branches
        conductance = jnp.asarray(branches.normal_conductance).at[own].multiply(speed)
        conductance = conductance.at[own[1]].multiply(jnp.exp(ratio))
        capacitance = jnp.asarray(branches.capacitance).at[own[1]].multiply(jnp.exp(ratio))
        scaled = eqx.tree_at(
            lambda c: (c.branches.normal_conductance, c.branches.capacitance), circuit, (conductance, capacitance)
        )

        def heat(temperature: jax.Array) -> jax.Array:
            return heat_between(scaled, jnp.asarray(held).at[ends[0]].set(hot).at[ends[1]].set(temperature), ends)

        return heat_and_slope(circuit, heat, jnp.exp(target))

    points = (speed, hot, logarithm_of_ratio, logarithm_of_temperature)
    return over_points(circuit, lambda point: one(*point), points)
