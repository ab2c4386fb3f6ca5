"""The heat that leaves a floating island, over its own and another island's temperature.

With F(T_L, T_R) the outflow of the floating island, its steady states under a heater power P are the contour lines F(T_L, T_R) = P:
one table of F answers for every power at once. `response` and `temperature_drop` read it, and bring what they read to the last
bits with values of F itself.

The table refines itself. Between two rows F(T_L) is taken for the cubic with the same values and slopes; where the true F halfway
between them differs, or where F nearly turns, a row is added, down to the spacing with which `steady_state` searches. Its
maxima between rows are found as roots of ∂F/∂T_L, so that a state reached by heating is not missed where two folds are near.
Only F is compiled, a fraction of a whole solver. Docs: docs/physics.md, section 8.
"""

from collections.abc import Callable
from typing import NamedTuple

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np

from subkelvin.analysis.conductance import over_points
from subkelvin.balance.network.network import Network
from subkelvin.balance.steady.scan import COLDEST_FRACTION, HIGHEST_TEMPERATURE
from subkelvin.balance.steady.solve import flows_at, outflow_of_floating
from subkelvin.numerics.blocks import in_full_blocks
from subkelvin.numerics.cubics import peak, value_at
from subkelvin.numerics.differences import RELATIVE_STEP
from subkelvin.numerics.rising_roots import rising_roots
from subkelvin.progress import Progress

BLOCK, COSTLY_BLOCK = 2048, 64
"""Points evaluated at once, whatever the size of the table, so that one compilation serves: in closed form, and elsewhere."""
COARSEST = 0.1
"""Spacing in ln T of the rows to begin with; every interval is halved once to see whether a cubic describes it."""
FINEST, COSTLY_FINEST = 1.5e-3, 7e-3
"""Spacing in ln T at which refinement ends: that of `steady_state`'s search, in closed form and elsewhere."""
DESCRIBED = 1e-3
"""How well a cubic must tell F halfway between two points, relative to the rise of F that their slopes promise."""
NEARLY_TURNING = 0.2
"""Ratio of the smallest to the largest slope in an interval below which a fold may hide there."""
ROUNDING = 1e-9
"""What is below this part of F is no shape of F: slopes are known to about 1e-10 of F."""


class Swept(NamedTuple):
    """A network with one floating island, and the held one whose temperature varies."""

    network: Network
    place: np.ndarray
    """Of the swept island among the held ones."""


class Outflow(NamedTuple):
    """F and its slopes at some points."""

    watts: np.ndarray
    """F, the heat that leaves the floating island, less its parasitic load [W]."""
    by_floating: np.ndarray
    """∂F/∂T_L [W/K]."""
    by_swept: np.ndarray
    """∂F/∂T_R [W/K]."""


class Surface(NamedTuple):
    """F(T_L, T_R) and its slopes; arrays of shape (floating, swept)."""

    floating_temperature: np.ndarray
    """T_L [K], rising."""
    swept_temperature: np.ndarray
    """T_R [K]."""
    outflow: Outflow


def outflow_surface(
    swept: Swept, swept_temperatures: np.ndarray, refine_swept: bool = False, progress: Progress | None = None
) -> Surface:
    """F from a thousandth of the coldest temperature around to the critical temperature of the floating island, or to 100 K.

    Args:
        swept: the network and its swept island.
        swept_temperatures: T_R [K], shape (n,).
        refine_swept: whether columns are added where a cubic between two does not describe F; T_R must then rise.
        progress: told of every round; its fraction is the share of temperatures at which the table is fine enough.
    """
    progress = progress or Progress()
    network, columns = swept.network, swept_temperatures
    others = np.delete(np.asarray(network.held_temperatures, dtype=float), int(swept.place))
    coldest = float(min([*others, np.min(columns)]))
    top = max(min(float(network.ceiling[0]), HIGHEST_TEMPERATURE), coldest)
    cold = coldest * np.geomspace(COLDEST_FRACTION, 1.0, _spaces(1.0 / COLDEST_FRACTION) + 1)
    warm = np.geomspace(coldest, top, _spaces(top / coldest) + 1)
    # The coldest temperature and the top exactly: at equal temperatures and no power the answer is that to the last bit.
    rows = np.unique([*cold[:-1], coldest, *warm[1:-1], top])
    finest = FINEST if network.circuit.one_pole else COSTLY_FINEST

    def row(temperature: np.ndarray) -> Outflow:
        return outflow_at(swept, *np.meshgrid(temperature, columns, indexing="ij"))

    by_rows = progress.part(0.0, 0.5 if refine_swept else 1.0)
    rows, values = _refined(rows, row(rows), row, 1, finest, by_rows)
    if refine_swept:

        def column(temperature: np.ndarray) -> Outflow:
            return Outflow(*[part.T for part in outflow_at(swept, *np.meshgrid(rows, temperature, indexing="ij"))])

        columns, turned = _refined(
            columns, Outflow(*[part.T for part in values]), column, 2, COSTLY_FINEST, progress.part(0.5, 0.5)
        )
        values = Outflow(*[part.T for part in turned])
    return Surface(rows, columns, values)


def _spaces(ratio: float) -> int:
    return max(1, int(np.ceil(np.log(ratio) / COARSEST)))


def _refined(
    points: np.ndarray,
    values: Outflow,
    line: Callable[[np.ndarray], Outflow],
    along: int,
    finest: float,
    progress: Progress,
) -> tuple[np.ndarray, Outflow]:
    """Points [K] with more of them where needed, and the values there; axis 0 runs over points.

    Args:
        points: to begin with, rising.
        values: there.
        line: F at other points, for everything on axis 1.
        along: which of the slopes is that by the points.
        finest: spacing in ln T at which it ends.
        progress: told of every round.
    """
    whole = np.log(points[-1] / points[0])
    first = np.arange(points.size - 1)
    while first.size:
        middle = np.sqrt(points[first] * points[first + 1])
        found = line(middle)
        width = np.log(points[first + 1] / points[first])
        doubtful = _is_doubtful(points, values, middle, found, first, along) & (width > 2.0 * finest)
        order = np.argsort(np.concatenate([points, middle]), kind="stable")
        new = np.isin(order, points.size + np.flatnonzero(doubtful))
        points = np.concatenate([points, middle])[order]
        values = Outflow(*[np.concatenate(pair)[order] for pair in zip(values, found, strict=True)])
        # Both halves of an interval in doubt are looked at again.
        (place,) = np.nonzero(new)
        first = np.sort(np.concatenate([place - 1, place]))
        unsettled = float(np.sum(np.log(points[first + 1] / points[first])) / whole)
        progress.step(1.0 - unsettled, f"{points.size} temperatures in the table of heat")
    return points, values


def _is_doubtful(
    points: np.ndarray, values: Outflow, middle: np.ndarray, found: Outflow, first: np.ndarray, along: int
) -> np.ndarray:
    """Whether the cubic between two points misses F halfway, or F may turn between them; shape of ``first``."""
    width = np.log(points[first + 1] / points[first])[:, None]
    # Slopes by the fraction of the interval.
    left, right = (values[along][k] * points[k][:, None] * width for k in (first, first + 1))
    half = found[along] * middle[:, None] * width
    start, end = values.watts[first], values.watts[first + 1]
    missed = np.abs(value_at(np.full(width.shape, 0.5), start, end, left, right) - found.watts)
    steepest = np.maximum(np.maximum(np.abs(left), np.abs(right)), np.abs(half))
    negligible = ROUNDING * (np.abs(start) + np.abs(end))
    doubtful = missed > DESCRIBED * steepest + negligible
    if along == 1:
        slopes = np.stack([left, half, right])
        one_way = np.minimum(np.max(slopes, axis=0), -np.min(slopes, axis=0)) < 0.0
        flattest = np.min(np.abs(slopes), axis=0)
        doubtful |= (~one_way | (flattest < NEARLY_TURNING * steepest)) & (steepest > negligible)
    return np.any(doubtful, axis=1)


def crests(swept: Swept, surface: Surface) -> tuple[np.ndarray, np.ndarray]:
    """T_L [K] at which F is largest between two rows, and F there [W], each of shape (floating − 1, swept).

    A maximum inside is a root of ∂F/∂T_L; elsewhere it is the higher end.
    """
    rows, values = surface.floating_temperature, surface.outflow
    end = np.where(values.watts[1:] >= values.watts[:-1], rows[1:, None], rows[:-1, None])
    watts = np.maximum(values.watts[1:], values.watts[:-1])
    row, column = np.nonzero((values.by_floating[:-1] > 0.0) & (values.by_floating[1:] < 0.0))
    if row.size:
        at = surface.swept_temperature[column]

        def falling(chosen: np.ndarray, temperature: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
            # −∂F/∂T_L rises through zero at a maximum; without its slope the bracket is halved.
            return -outflow_at(swept, temperature, at[chosen]).by_floating, np.full(temperature.shape, np.nan)

        place = rising_roots(falling, rows[row], rows[row + 1], 0.5 * (rows[row] + rows[row + 1]))
        end[row, column], watts[row, column] = place, outflow_at(swept, place, at).watts
    return end, watts


def row_maximum(surface: Surface) -> tuple[Outflow, np.ndarray]:
    """max over T_R of F for every T_L, with its slopes, and the T_R where it is; between columns by cubics.

    Where F is largest inside, its slope by T_L is ∂F/∂T_L there, because ∂F/∂T_R = 0.
    """
    values, columns = surface.outflow, surface.swept_temperature
    width = np.diff(columns)
    left, right = values.watts[:, :-1], values.watts[:, 1:]
    rise, fall = values.by_swept[:, :-1] * width, values.by_swept[:, 1:] * width
    fraction = peak(left, right, rise, fall)
    highest = np.argmax(value_at(fraction, left, right, rise, fall), axis=1)[:, None]

    def there(array: np.ndarray) -> np.ndarray:
        return np.take_along_axis(np.broadcast_to(array, fraction.shape), highest, 1)[:, 0]

    share = there(fraction)
    parts = [there(part) for part in (left, right, rise, fall)]
    slope = (1.0 - share) * there(values.by_floating[:, :-1]) + share * there(values.by_floating[:, 1:])
    watts = value_at(share, *parts)
    # At an end exactly that column.
    place = np.where(share == 1.0, there(columns[1:]), there(columns[:-1]) + share * there(width))
    return Outflow(watts, slope, np.zeros(watts.shape)), place


def outflow_at(swept: Swept, floating: np.ndarray, temperature: np.ndarray) -> Outflow:
    """F and its slopes at any points (T_L, T_R) [K] of one shape: exact slopes in closed form, elsewhere by differences."""
    floating, temperature = np.asarray(floating, dtype=float), np.asarray(temperature, dtype=float)
    shape, (floating, temperature) = floating.shape, (floating.ravel(), temperature.ravel())
    if swept.network.circuit.one_pole:
        found = _in_blocks(_outflow_and_slopes, swept, floating, temperature)
    else:
        h, k = RELATIVE_STEP * floating, RELATIVE_STEP * temperature
        five = [floating, floating + h, floating - h, floating, floating]
        there = [temperature, temperature, temperature, temperature + k, temperature - k]
        watts = np.split(_in_blocks(_outflow, swept, np.concatenate(five), np.concatenate(there))[0], 5)
        found = [watts[0], (watts[1] - watts[2]) / (2.0 * h), (watts[3] - watts[4]) / (2.0 * k)]
    return Outflow(*[part.reshape(shape) for part in found])


def balance_at(
    swept: Swept, floating: np.ndarray, temperature: np.ndarray, power: np.ndarray, by_floating: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """What holds the swept island [W], and the `Status` of the balance by the rule of `steady_state`.

    Args:
        swept: the network and its swept island.
        floating, temperature: T_L and T_R [K], shape (n,).
        power: into the floating island [W].
        by_floating: ∂F/∂T_L there [W/K].
    """
    holding, status = _in_blocks(_balance, swept, floating, temperature, power, np.abs(by_floating * floating))
    return holding, status.astype(int)


def _in_blocks(function: Callable[..., tuple[jax.Array, ...]], swept: Swept, *points: np.ndarray) -> list[np.ndarray]:
    """A compiled function of the network at points of flat arrays."""
    size = BLOCK if swept.network.circuit.one_pole else COSTLY_BLOCK
    return in_full_blocks(lambda *block: function(*swept, *block), points, size)


def _at(network: Network, place: jax.Array, temperature: jax.Array) -> Network:
    """The network with another temperature of a held island."""
    held = jnp.asarray(network.held_temperatures).at[place].set(temperature)
    return eqx.tree_at(lambda n: n.held_temperatures, network, held)


def _watts(network: Network, place: jax.Array, floating: jax.Array, temperature: jax.Array) -> jax.Array:
    """F [W]."""
    return outflow_of_floating(_at(network, place, temperature), floating[None])[0] - network.parasitic_power[0]


@jax.jit
def _outflow_and_slopes(
    network: Network, place: jax.Array, floating: jax.Array, temperature: jax.Array
) -> tuple[jax.Array, ...]:
    def one(floating: jax.Array, temperature: jax.Array) -> tuple[jax.Array, ...]:
        watts, slopes = jax.value_and_grad(_watts, (2, 3))(network, place, floating, temperature)
        return watts, *slopes

    return jax.vmap(one)(floating, temperature)


@jax.jit
def _outflow(network: Network, place: jax.Array, floating: jax.Array, temperature: jax.Array) -> tuple[jax.Array, ...]:
    return over_points(network.circuit, lambda point: (_watts(network, place, *point),), (floating, temperature))


@jax.jit
def _balance(
    network: Network,
    place: jax.Array,
    floating: jax.Array,
    temperature: jax.Array,
    power: jax.Array,
    movement: jax.Array,
) -> tuple[jax.Array, ...]:
    def one(point: tuple[jax.Array, ...]) -> tuple[jax.Array, ...]:
        floating, temperature, power, movement = point
        loaded = eqx.tree_at(lambda n: n.power, _at(network, place, temperature), power[None])
        found = flows_at(loaded, floating[None], movement[None])
        return found.outflow[1 + place] - network.parasitic_power[1 + place], found.status

    return over_points(network.circuit, one, (floating, temperature, power, movement))
