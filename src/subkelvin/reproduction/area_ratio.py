"""The best area ratio from a scan of α, for junctions of any admittance, and devices with another ω_c = 1/(ρc).

J and ∂J/∂T_R at T_L = 0.5 K over α and T_R; between the scanned points by parabolas. `subkelvin.analysis.optimum` finds the
same to more digits, but needs a closed form. Docs: docs/physics.md, section 8.
"""

from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

from subkelvin.analysis.conductance import between, heat_and_slope, heat_between, over_points
from subkelvin.circuit.circuit import Circuit
from subkelvin.model import Device
from subkelvin.reproduction.fig2 import SOURCE_TEMPERATURE

RATIOS = np.geomspace(0.5, 20.0, 25)
"""Area ratios among which the best one is sought, between them by a parabola in ln α."""
TARGETS = 64
"""T_R of every α."""


class Best(NamedTuple):
    """The best area ratio for one objective."""

    ratio: float
    value: float


def own_cutoff(device: Device) -> float:
    """ω_c of a device's left junctions [rad/s]."""
    values = device.values
    return 1.0 / float(values["elements.left.specific_resistance"] * values["elements.left.specific_capacitance"])


def at_cutoff(device: Device, cutoff: float) -> Device:
    """The device with another ω_c, through ρ of both junction elements."""
    if cutoff == own_cutoff(device):
        return device
    return device.replace(
        {
            f"elements.{name}.specific_resistance": 1.0
            / (cutoff * float(device.values[f"elements.{name}.specific_capacitance"]))
            for name in ("left", "right")
        }
    )


def heat_curves(device: Device, factors: np.ndarray, target: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """J and ∂J/∂T_R at T_L = 0.5 K, for the right junctions' area times each factor; shape (factors, targets)."""
    network, ends = between(device, "left", "right", SOURCE_TEMPERATURE)
    place = list(network.circuit.branches.islands).index(int(ends[1]))
    found = _curves(network.circuit, network.held_temperatures, ends, place, np.asarray(factors), np.asarray(target))
    return tuple(np.asarray(part) for part in jax.device_get(found))  # type: ignore[return-value]


@jax.jit
def _curves(
    circuit: Circuit, held: jax.Array, ends: jax.Array, place: jax.Array, factors: jax.Array, target: jax.Array
) -> tuple[jax.Array, jax.Array]:
    branches = circuit.branches

    def one(point: tuple[jax.Array, jax.Array]) -> tuple[jax.Array, jax.Array]:
        factor, temperature = point
        scale = jnp.ones(branches.islands.shape[0]).at[place].set(factor)
        numbers = vars(branches) | {
            "normal_conductance": branches.normal_conductance * scale,
            "capacitance": branches.capacitance * scale,
        }
        scaled = Circuit(**(vars(circuit) | {"branches": type(branches)(**numbers)}))
        return heat_and_slope(
            scaled, lambda t: heat_between(scaled, jnp.asarray(held).at[ends[1]].set(t), ends), temperature
        )

    grid = jnp.meshgrid(factors, target, indexing="ij")
    heat, slope = over_points(circuit, one, (grid[0].ravel(), grid[1].ravel()))
    return heat.reshape(grid[0].shape), slope.reshape(grid[0].shape)


def best_ratios(device: Device, lowest: float) -> tuple[Best, Best]:
    """α with the largest J and with the most negative κ, at T_L = 0.5 K."""
    own = float(device.values["elements.right.area"] / device.values["elements.left.area"])
    # The peaks crowd at the hot end.
    target = SOURCE_TEMPERATURE - (SOURCE_TEMPERATURE - lowest) * np.linspace(1.0, 0.02, TARGETS) ** 2
    heat, slope = heat_curves(device, RATIOS / own, target)
    return _best(_row_maxima(heat)), _best(_row_maxima(slope))


def _row_maxima(values: np.ndarray) -> np.ndarray:
    """The largest value of every row, between its points by a parabola; NaN if it stands at an end."""
    return np.array([_vertex(row)[1] for row in values])


def _best(values: np.ndarray) -> Best:
    """The maximum over ln α, by the parabola through the largest value and its neighbours; NaN at an end."""
    place, value = _vertex(values)
    return Best(float(RATIOS[0] * (RATIOS[1] / RATIOS[0]) ** place), value)


def _vertex(values: np.ndarray) -> tuple[float, float]:
    """Place, in steps, and value of the maximum of samples at equal steps."""
    place = int(np.argmax(values))
    if place in (0, values.size - 1):
        return float("nan"), float("nan")
    left, middle, right = values[place - 1 : place + 2]
    shift = 0.5 * (left - right) / (left - 2.0 * middle + right)
    return place + float(shift), float(middle - 0.25 * (left - right) * shift)
