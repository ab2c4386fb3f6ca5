"""A device as arrays without names: what compiled code sees, and what flows in it.

Islands are ordered floating first, then held. The heat that leaves an island is

    outflow_i(T) = Σ_paths ± P_path(T),

photons between islands and the electron-phonon power of every part; a floating island settles where its outflow equals its
heater power and parasitic load. Docs: docs/physics.md, section 7.
"""

from typing import Any

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np

from subkelvin.circuit.circuit import Circuit
from subkelvin.circuit.netlist import lower_circuit
from subkelvin.heat.paths import HeatPath, electron_phonon_paths, internal_paths
from subkelvin.heat.photonic import photonic_heat
from subkelvin.model import Device, DeviceError
from subkelvin.model.stacking import Leaf, stack
from subkelvin.physics.electron_phonon import normal_electron_phonon_power, superconducting_electron_phonon_power
from subkelvin.physics.superconductor import gap


class NormalParts(eqx.Module):
    """Electron-phonon coupling of the normal metals; the last axis runs over parts."""

    coupling: Leaf
    exponent: Leaf
    islands: Leaf
    phonons: Leaf


class SuperconductingParts(eqx.Module):
    """Electron-phonon coupling of the superconductors; the last axis runs over parts."""

    coupling: Leaf
    critical_temperature: Leaf
    gap_equation: Leaf
    islands: Leaf
    phonons: Leaf


class Network(eqx.Module):
    """Everything that determines where the temperatures of a device settle."""

    held_temperatures: Leaf
    power: Leaf
    parasitic_power: Leaf
    ceiling: Leaf
    circuit: Circuit
    normal: NormalParts
    superconducting: SuperconductingParts
    incidence: Leaf

    @property
    def load(self) -> jax.Array:
        """Power that each floating island must get rid of, heater and parasitic [W], shape (floating,)."""
        return self.power + self.parasitic_power[: self.power.shape[0]]

    def all_temperatures(self, floating: jax.Array) -> jax.Array:
        """Temperatures of all islands [K] from those of the floating ones."""
        return jnp.concatenate([floating, self.held_temperatures])


@jax.jit  # traced once, however often a solver writes it into its own compiled code
def heat_flows(network: Network, temperatures: jax.Array) -> tuple[jax.Array, jax.Array]:
    """Watts along every internal path, in the order of `internal_paths`, and their estimated errors.

    Args:
        network: the network.
        temperatures: of all islands [K], floating first, shape (islands,).

    Returns:
        Two arrays of shape (paths,) [W].
    """
    photons, error = photonic_heat(network.circuit, temperatures)
    normal, superconducting = network.normal, network.superconducting
    electron_temperature = temperatures[superconducting.islands]
    watts = [
        photons,
        normal_electron_phonon_power(
            temperatures[normal.islands], temperatures[normal.phonons], normal.coupling, normal.exponent
        ),
        superconducting_electron_phonon_power(
            electron_temperature,
            temperatures[superconducting.phonons],
            superconducting.coupling,
            gap(electron_temperature, superconducting.critical_temperature, superconducting.gap_equation),
        ),
    ]
    matter = network.normal.coupling.shape[-1] + network.superconducting.coupling.shape[-1]
    return jnp.concatenate(watts), jnp.concatenate([error, jnp.zeros(matter)])


def lower(device: Device) -> Network:
    """Gather a device into a Network. Values that are arrays over a sweep keep their axes in front.

    Raises:
        DeviceError: if the circuit cannot be computed, or an island has no path for its heat.
    """
    structure, values = device.structure, device.values
    order = [island.name for island in structure.ordered_islands]
    paths = internal_paths(structure)
    check_heat_paths(device, paths)
    superconducting = {s.name: s for s in structure.superconductors}

    def parts(superconducting_parts: bool) -> list[tuple[str, HeatPath]]:
        chosen = electron_phonon_paths(structure, superconducting_parts)
        return [
            (structure.island(p.source or "").parts[int(p.through[0].rsplit(".", 1)[1])].material, p) for p in chosen
        ]

    normal_parts, superconducting_parts = parts(False), parts(True)
    return Network(
        held_temperatures=stack([values[f"islands.{island.name}.temperature"] for island in structure.held_islands]),
        power=stack([values[f"islands.{island.name}.power"] for island in structure.floating_islands]),
        parasitic_power=stack([values[f"islands.{name}.parasitic_power"] for name in order]),
        ceiling=stack([_ceiling(device, island.name) for island in structure.floating_islands]),
        circuit=lower_circuit(device),
        normal=NormalParts(
            coupling=stack(
                [values[f"metals.{m}.electron_phonon"] * values[f"{p.through[0]}.volume"] for m, p in normal_parts]
            ),
            exponent=stack([values[f"metals.{m}.electron_phonon_exponent"] for m, _ in normal_parts]),
            islands=_positions(order, [p.source for _, p in normal_parts]),
            phonons=_positions(order, [p.target for _, p in normal_parts]),
        ),
        superconducting=SuperconductingParts(
            coupling=stack(
                [
                    values[f"superconductors.{m}.electron_phonon"] * values[f"{p.through[0]}.volume"]
                    for m, p in superconducting_parts
                ]
            ),
            critical_temperature=stack(
                [values[f"superconductors.{m}.critical_temperature"] for m, _ in superconducting_parts]
            ),
            gap_equation=np.array([superconducting[m].gap_equation for m, _ in superconducting_parts], dtype=bool),
            islands=_positions(order, [p.source for _, p in superconducting_parts]),
            phonons=_positions(order, [p.target for _, p in superconducting_parts]),
        ),
        incidence=np.array(
            [[float(p.source == name) - float(p.target == name) for p in paths] for name in order], dtype=float
        ).reshape(len(order), len(paths)),
    )


def check_heat_paths(device: Device, paths: list[HeatPath]) -> None:
    """Raise a DeviceError if some floating island has no path for its heat."""
    for island in device.structure.floating_islands:
        if not any(island.name in (path.source, path.target) for path in paths):
            raise DeviceError(
                f"islands.{island.name}",
                "floats, but has no path for its heat",
                'give it `phonons` and `parts`, or an element, or hold it with `temperature = "100 mK"`',
            )


def _ceiling(device: Device, island: str) -> Any:
    """The lowest critical temperature among an island's superconductors; infinite if it has none."""
    structure = device.structure
    names = {part.material for part in structure.island(island).parts if part.superconducting}
    names |= {e.superconductor for e in structure.elements if e.island == island and e.superconductor}
    ceiling: Any = np.inf
    for name in sorted(names):
        critical = device.values[f"superconductors.{name}.critical_temperature"]
        minimum: Any = jnp.minimum if isinstance(critical, jax.Array) or isinstance(ceiling, jax.Array) else np.minimum
        ceiling = minimum(ceiling, critical)
    return ceiling


def _positions(order: list[str], names: list[str | None]) -> np.ndarray:
    return np.array([order.index(name or "") for name in names], dtype=np.int64)
