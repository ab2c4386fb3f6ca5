"""Heat capacities of the floating islands of a device.

    C_i(T_i) = Σ_parts γ V T_i                    normal parts
             + Σ_parts C_BCS(T_i; T_c, γ, V)      superconducting parts
             + a_i T_i³                           phonons, where the island has a `lattice_heat_capacity`

The temperatures at which a device settles do not depend on them; how fast it settles, and with several islands whether a state
is stable at all, does. An island with a part whose material has no `sommerfeld`, or with neither parts nor phonons, has an unknown
heat capacity: NaN. Docs: docs/physics.md, section 6.
"""

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np

from subkelvin.model import Device
from subkelvin.model.stacking import Leaf, stack
from subkelvin.physics.heat_capacity import normal_heat_capacity, superconducting_heat_capacity


class HeatCapacities(eqx.Module):
    """What stores heat in the floating islands, as arrays without names; the last axis runs over parts."""

    normal_sommerfeld: Leaf
    normal_volume: Leaf
    normal_islands: Leaf
    """Position of the island of each normal part among the floating ones."""
    superconducting_sommerfeld: Leaf
    superconducting_volume: Leaf
    superconducting_critical_temperature: Leaf
    superconducting_islands: Leaf
    lattice: Leaf
    """a of every floating island [J/K⁴]: 0 if only its electrons count, NaN if it has neither parts nor phonons."""

    def at(self, temperatures: jax.Array) -> jax.Array:
        """Heat capacity of every floating island [J/K] at their temperatures [K], both of shape (floating,).

        NaN where a part's material has no `sommerfeld`, or where an island has no parts.
        """
        normal = normal_heat_capacity(temperatures[self.normal_islands], self.normal_sommerfeld, self.normal_volume)
        superconducting = superconducting_heat_capacity(
            temperatures[self.superconducting_islands],
            self.superconducting_critical_temperature,
            self.superconducting_sommerfeld,
            self.superconducting_volume,
        )
        # Sums over the parts of each island alone: what is unknown of one island says nothing about another.
        total = jnp.asarray(self.lattice, dtype=float) * temperatures**3
        return total.at[self.normal_islands].add(normal).at[self.superconducting_islands].add(superconducting)


def lower_heat_capacities(device: Device) -> HeatCapacities:
    """Gather what stores heat in the floating islands of a device; floating islands in file order.

    Values that are arrays over a sweep keep their axes in front. Nothing is compiled and nothing is refused: what is not known
    becomes NaN, and `missing_heat_capacities` names it.
    """
    values = device.values
    floating = device.structure.floating_islands

    def parts(superconducting: bool) -> list[tuple[int, str, str]]:
        section = "superconductors" if superconducting else "metals"
        return [
            (position, f"{section}.{part.material}", f"islands.{island.name}.parts.{index}.volume")
            for position, island in enumerate(floating)
            for index, part in enumerate(island.parts)
            if part.superconducting == superconducting
        ]

    normal, superconducting = parts(False), parts(True)
    return HeatCapacities(
        normal_sommerfeld=stack([values.get(f"{material}.sommerfeld", np.nan) for _, material, _ in normal]),
        normal_volume=stack([values[volume] for *_, volume in normal]),
        normal_islands=np.array([position for position, *_ in normal], dtype=np.int64),
        superconducting_sommerfeld=stack(
            [values.get(f"{material}.sommerfeld", np.nan) for _, material, _ in superconducting]
        ),
        superconducting_volume=stack([values[volume] for *_, volume in superconducting]),
        superconducting_critical_temperature=stack(
            [values[f"{material}.critical_temperature"] for _, material, _ in superconducting]
        ),
        superconducting_islands=np.array([position for position, *_ in superconducting], dtype=np.int64),
        lattice=stack(
            [
                values.get(f"islands.{island.name}.lattice_heat_capacity", 0.0 if island.parts else np.nan)
                for island in floating
            ]
        ),
    )


def missing_heat_capacities(device: Device) -> tuple[str, ...]:
    """The value paths that a device lacks for the heat capacity of every floating island to be known; empty if none.

    `metals.Ag.sommerfeld` for a part of that material, `islands.left.parts` for an island with neither parts nor phonons.
    """
    missing: list[str] = []
    for island in device.structure.floating_islands:
        if not island.parts and f"islands.{island.name}.lattice_heat_capacity" not in device.values:
            missing.append(f"islands.{island.name}.parts")
        for part in island.parts:
            section = "superconductors" if part.superconducting else "metals"
            path = f"{section}.{part.material}.sommerfeld"
            if path not in device.values:
                missing.append(path)
    return tuple(dict.fromkeys(missing))
