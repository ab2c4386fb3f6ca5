"""The largest drop δT from one table of J(T_L, T_R), whatever the admittance and the electron-phonon coupling.

Only J needs an integral where the admittance depends on frequency: one table serves every device with the same junctions, and its
electron-phonon heat is added in closed form. Docs: docs/physics.md, section 8.
"""

from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from scipy.interpolate import RectBivariateSpline

from subkelvin.analysis.conductance import between, heat_between, over_points
from subkelvin.analysis.outflow_surface import Outflow, Surface
from subkelvin.analysis.temperature_drop import read_drops
from subkelvin.balance.network.network import Network, electron_phonon_flows
from subkelvin.circuit.circuit import Circuit
from subkelvin.gallery.ndtc.fig2 import SOURCE_TEMPERATURE
from subkelvin.gallery.ndtc.setups import HIGHEST_SWEPT, SWEPT_ISLAND
from subkelvin.model import Device

FLOATING_POINTS, SWEPT_POINTS = 72, 49
"""Points of the table of J: with the splines through it δT is right to 1e-3 of itself."""
POWERS = np.geomspace(1e-17, 1e-11, 361)
"""Searched for the largest δT [W]."""


class PhotonTable(NamedTuple):
    """J from the left to the right reservoir over both temperatures; shape (floating, swept)."""

    floating_temperature: np.ndarray
    swept_temperature: np.ndarray
    heat: np.ndarray


def photon_table(device: Device, lowest: float) -> PhotonTable:
    """J(T_L, T_R) for T_L up to the critical temperature, T_R up to the end of the sweeps of figures 3 and 4."""
    network, ends = between(device, "left", "right", SOURCE_TEMPERATURE)
    critical = float(np.max(network.circuit.branches.critical_temperature))
    floating, swept = np.geomspace(lowest, critical, FLOATING_POINTS), np.linspace(lowest, HIGHEST_SWEPT, SWEPT_POINTS)
    grid = np.meshgrid(floating, swept, indexing="ij")
    heat = _heats(network.circuit, network.held_temperatures, ends, grid[0].ravel(), grid[1].ravel())
    return PhotonTable(floating, swept, np.asarray(heat).reshape(grid[0].shape))


@jax.jit
def _heats(circuit: Circuit, held: jax.Array, ends: jax.Array, left: jax.Array, right: jax.Array) -> jax.Array:
    def one(point: tuple[jax.Array, jax.Array]) -> jax.Array:
        temperatures = jnp.asarray(held).at[ends[0]].set(point[0]).at[ends[1]].set(point[1])
        return heat_between(circuit, temperatures, ends)

    return over_points(circuit, one, (left, right))


def largest_drop(device: Device, table: PhotonTable) -> tuple[float, float, float]:
    """Largest δT [K], the power where it is [W], and δT at the device's own power [K]; J from the table."""
    swept = _swept_island(device)
    network, ends = between(device, "left", swept, SOURCE_TEMPERATURE)
    floating, temperature = np.meshgrid(table.floating_temperature, table.swept_temperature, indexing="ij")
    flows = _matter(network, ends, floating.ravel(), temperature.ravel())
    own = np.asarray(network.incidence)[ends[0], network.circuit.pairs.shape[0] :][: flows.shape[1]]
    outflow = table.heat + (np.asarray(flows) @ own).reshape(table.heat.shape)
    spline = RectBivariateSpline(np.log(table.floating_temperature), table.swept_temperature, outflow)
    by_logarithm, by_swept = (
        spline(np.log(table.floating_temperature), table.swept_temperature, dx=dx, dy=1 - dx) for dx in (1, 0)
    )
    by_floating = by_logarithm / table.floating_temperature[:, None]
    surface = Surface(table.floating_temperature, table.swept_temperature, Outflow(outflow, by_floating, by_swept))
    power = float(device.values["islands.left.power"])
    drops = read_drops(surface, np.append(POWERS, power)).drop
    scan = np.where(np.isnan(drops[:-1]), 0.0, drops[:-1])
    best = int(np.argmax(scan))
    return float(scan[best]), float(POWERS[best]), float(drops[-1])


def _swept_island(device: Device) -> str:
    """The right reservoir; the bath where cooling fins tie both together."""
    return SWEPT_ISLAND[1] if "islands.right.temperature" in device.values else SWEPT_ISLAND[2]


@jax.jit
def _matter(network: Network, ends: jax.Array, left: jax.Array, right: jax.Array) -> jax.Array:
    """Electron-phonon flows at many temperatures, shape (points, paths)."""

    def one(left: jax.Array, right: jax.Array) -> jax.Array:
        temperatures = jnp.asarray(network.held_temperatures).at[ends[0]].set(left).at[ends[1]].set(right)
        return jnp.concatenate(
            [electron_phonon_flows(parts, temperatures) for parts in (network.floating_parts, network.held_parts)]
        )

    return jax.vmap(one)(left, right)
