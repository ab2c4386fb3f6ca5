"""A device as arrays without names: what compiled code sees, and what flows in it.

Islands are ordered floating first, then held. The heat that leaves an island is

    outflow_i(T) = Σ_paths ± P_path(T),

photons between islands, the electron-phonon power of every part, and the links; a floating island settles where its outflow
equals its heater power and parasitic load. Docs: docs/physics.md, section 7.
"""

from typing import Any

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np

from subkelvin.circuit.circuit import Circuit
from subkelvin.circuit.netlist import lower_circuit
from subkelvin.heat.links.batch import Links, lower_links
from subkelvin.heat.paths import HeatPath, electron_phonon_paths, internal_paths
from subkelvin.heat.photonic import known_photonic_heat
from subkelvin.model import Device, DeviceError, Link
from subkelvin.model.stacking import Leaf, stack
from subkelvin.physics.electron_phonon import normal_electron_phonon_power, superconducting_electron_phonon_power
from subkelvin.physics.superconductor import gap


class Parts(eqx.Module):
    """Electron-phonon coupling of normal and superconducting parts; the last axis runs over parts."""

    normal_coupling: Leaf
    normal_exponent: Leaf
    normal_islands: Leaf
    normal_phonons: Leaf
    superconducting_coupling: Leaf
    superconducting_critical_temperature: Leaf
    superconducting_gap_equation: Leaf
    superconducting_islands: Leaf
    superconducting_phonons: Leaf

    @property
    def count(self) -> int:
        """How many electron-phonon paths these are."""
        return self.normal_islands.shape[-1] + self.superconducting_islands.shape[-1]


class Network(eqx.Module):
    """Everything that determines where the temperatures of a device settle."""

    held_temperatures: Leaf
    power: Leaf
    parasitic_power: Leaf
    ceiling: Leaf
    circuit: Circuit
    floating_parts: Parts
    """Parts with a floating island at one end."""
    held_parts: Parts
    """Parts between held islands: their flows do not depend on what is solved for."""
    floating_links: tuple[Links, ...]
    """Links with a floating island at one end, kind by kind."""
    held_links: tuple[Links, ...]
    """Links between held islands."""
    incidence: Leaf

    @property
    def load(self) -> jax.Array:
        """Power that each floating island must get rid of, heater and parasitic [W], shape (floating,)."""
        return self.power + self.parasitic_power[: self.power.shape[0]]

    @property
    def electron_phonon_paths(self) -> np.ndarray:
        """Which of the `internal_paths` are electron-phonon ones, shape (paths,)."""
        counts = [
            (self.circuit.pairs.shape[-2], False),
            (self.floating_parts.count, True),
            (sum(links.count for links in self.floating_links), False),
            (self.held_parts.count, True),
            (sum(links.count for links in self.held_links), False),
        ]
        return np.repeat([coupling for _, coupling in counts], [count for count, _ in counts])

    def all_temperatures(self, floating: jax.Array) -> jax.Array:
        """Temperatures of all islands [K] from those of the floating ones."""
        return jnp.concatenate([floating, self.held_temperatures])


@jax.jit  # traced once, however often a solver writes it into its own compiled code
def floating_flows(network: Network, floating: jax.Array) -> tuple[jax.Array, jax.Array]:
    """Watts along the paths that a floating island can have a part in, and their estimated errors.

    Args:
        network: the network.
        floating: temperatures of the floating islands [K], shape (floating,).

    Returns:
        Two arrays over the first paths of `internal_paths` [W]: all photonic ones, the floating parts and links.
    """
    temperatures = network.all_temperatures(floating)
    photons, error = known_photonic_heat(network.circuit, temperatures)
    matter = matter_flows(network.floating_parts, network.floating_links, temperatures)
    return jnp.concatenate([photons, matter]), jnp.concatenate([error, jnp.zeros_like(matter)])


def held_flows(network: Network) -> jax.Array:
    """Watts along the remaining paths, those between held islands, shape (paths,) [W]."""
    nowhere = jnp.full(network.power.shape[-1], jnp.nan)
    return matter_flows(network.held_parts, network.held_links, network.all_temperatures(nowhere))


def matter_flows(parts: Parts, links: tuple[Links, ...], temperatures: jax.Array) -> jax.Array:
    """Watts along the electron-phonon paths of parts, then along the paths of links, at the temperatures of all islands [K]."""
    coupling = electron_phonon_flows(parts, temperatures)
    return (
        jnp.concatenate([coupling, *[of_one_kind.flows(temperatures) for of_one_kind in links]]) if links else coupling
    )


def electron_phonon_flows(parts: Parts, temperatures: jax.Array) -> jax.Array:
    """Watts from the electrons of every part to its phonons, normal parts first, at the temperatures of all islands [K]."""
    electron_temperature = temperatures[parts.superconducting_islands]
    return jnp.concatenate(
        [
            normal_electron_phonon_power(
                temperatures[parts.normal_islands],
                temperatures[parts.normal_phonons],
                parts.normal_coupling,
                parts.normal_exponent,
            ),
            superconducting_electron_phonon_power(
                electron_temperature,
                temperatures[parts.superconducting_phonons],
                parts.superconducting_coupling,
                gap(
                    electron_temperature,
                    parts.superconducting_critical_temperature,
                    parts.superconducting_gap_equation,
                ),
            ),
        ]
    )


def heat_flows(network: Network, temperatures: jax.Array) -> tuple[jax.Array, jax.Array]:
    """Watts along every internal path, in the order of `internal_paths`, and their estimated errors.

    Args:
        network: the network.
        temperatures: of all islands [K], floating first, shape (islands,).

    Returns:
        Two arrays of shape (paths,) [W].
    """
    photons, error = known_photonic_heat(network.circuit, temperatures)
    matter = [
        matter_flows(network.floating_parts, network.floating_links, temperatures),
        matter_flows(network.held_parts, network.held_links, temperatures),
    ]
    return jnp.concatenate([photons, *matter]), jnp.concatenate([error, *map(jnp.zeros_like, matter)])


def lower(device: Device, route: str | None = None) -> Network:
    """Gather a device into a Network. Values that are arrays over a sweep keep their axes in front.

    Args:
        device: the device.
        route: how photonic heat is to be computed, see `lower_circuit`.

    Raises:
        DeviceError: if the circuit cannot be computed, or an island has no path for its heat.
    """
    structure, values = device.structure, device.values
    order = [island.name for island in structure.ordered_islands]
    paths = internal_paths(structure)
    check_heat_paths(device, paths)
    return Network(
        held_temperatures=stack([values[f"islands.{island.name}.temperature"] for island in structure.held_islands]),
        power=stack([values[f"islands.{island.name}.power"] for island in structure.floating_islands]),
        parasitic_power=stack([values[f"islands.{name}.parasitic_power"] for name in order]),
        ceiling=stack([_ceiling(device, island.name) for island in structure.floating_islands]),
        circuit=lower_circuit(device, route),
        floating_parts=_lower_parts(device, floating=True),
        held_parts=_lower_parts(device, floating=False),
        floating_links=lower_links(device, floating=True),
        held_links=lower_links(device, floating=False),
        incidence=np.array(
            [[float(p.source == name) - float(p.target == name) for p in paths] for name in order], dtype=float
        ).reshape(len(order), len(paths)),
    )


def _lower_parts(device: Device, floating: bool) -> Parts:
    """Gather the parts with a floating island at one end, or those between held islands."""
    structure, values = device.structure, device.values
    order = [island.name for island in structure.ordered_islands]
    normal, superconducting = (electron_phonon_paths(structure, floating, kind) for kind in (False, True))

    def materials(paths: list[HeatPath]) -> list[str]:
        return [structure.island(p.source or "").parts[int(p.through[0].rsplit(".", 1)[1])].material for p in paths]

    def couplings(section: str, paths: list[HeatPath]) -> Leaf:
        return stack(
            [
                values[f"{section}.{material}.electron_phonon"] * values[f"{path.through[0]}.volume"]
                for material, path in zip(materials(paths), paths, strict=True)
            ]
        )

    return Parts(
        normal_coupling=couplings("metals", normal),
        normal_exponent=stack([values[f"metals.{m}.electron_phonon_exponent"] for m in materials(normal)]),
        normal_islands=_positions(order, [path.source for path in normal]),
        normal_phonons=_positions(order, [path.target for path in normal]),
        superconducting_coupling=couplings("superconductors", superconducting),
        superconducting_critical_temperature=stack(
            [values[f"superconductors.{m}.critical_temperature"] for m in materials(superconducting)]
        ),
        superconducting_gap_equation=np.array(
            [structure.superconductor(m).gap_equation for m in materials(superconducting)], dtype=bool
        ),
        superconducting_islands=_positions(order, [path.source for path in superconducting]),
        superconducting_phonons=_positions(order, [path.target for path in superconducting]),
    )


def check_heat_paths(device: Device, paths: list[HeatPath]) -> None:
    """Raise a DeviceError if some floating island has no path for its heat, or none that leads to a held island."""
    reached = {island.name for island in device.structure.held_islands}
    for _ in device.structure.floating_islands:
        reached |= {
            end for path in paths if {path.source, path.target} & reached for end in (path.source, path.target) if end
        }
    for island in device.structure.floating_islands:
        if island.name not in reached:
            connected = any(island.name in (path.source, path.target) for path in paths)
            raise DeviceError(
                f"islands.{island.name}",
                "floats, but has no path for its heat"
                + (" to any held island: every common temperature would do" if connected else ""),
                'give it `phonons` and `parts`, an element or a link, or hold it with `temperature = "100 mK"`',
            )


def _ceiling(device: Device, island: str) -> Any:
    """The lowest critical temperature among an island's superconductors; infinite if it has none."""
    structure = device.structure
    names = {part.material for part in structure.island(island).parts if part.superconducting}
    names |= {e.superconductor for e in structure.elements if e.island == island and e.superconductor}
    names |= {name for link in structure.links for name in _superconductors_at(link, island)}
    ceiling: Any = np.inf
    for name in sorted(names):
        critical = device.values[f"superconductors.{name}.critical_temperature"]
        minimum: Any = jnp.minimum if isinstance(critical, jax.Array) or isinstance(ceiling, jax.Array) else np.minimum
        ceiling = minimum(ceiling, critical)
    return ceiling


def _superconductors_at(link: Link, island: str) -> list[str]:
    """The superconductors of a link that are this island's own electrons."""
    return [name for key, name in link.superconductors if link.ends.get(link.kind.superconductors[key]) == island]


def _positions(order: list[str], names: list[str | None]) -> np.ndarray:
    return np.array([order.index(name or "") for name in names], dtype=np.int64)
