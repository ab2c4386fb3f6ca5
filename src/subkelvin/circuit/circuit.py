"""A circuit as arrays without names, the form that compiled code sees.

Unknowns are the voltages along a tree of the circuit's graph, so that incidence vectors b_k say how the voltage across a branch
follows from them, and, for every transmission line, the currents into its two ends. Radiators come apart from the lossless
elements, because only they exchange heat. Docs: docs/physics.md, section 4.
"""

import equinox as eqx
import jax
import jax.numpy as jnp

from subkelvin.circuit.measured import interpolated_admittance
from subkelvin.circuit.partial_fractions import PartialFractions
from subkelvin.model.stacking import Leaf
from subkelvin.numerics.linear_algebra import inverse_cholesky_factor
from subkelvin.physics.junction import conductance_ratio
from subkelvin.physics.mattis_bardeen import conductivity_ratio
from subkelvin.physics.superconductor import gap, zero_temperature_gap
from subkelvin.physics.tunnel_admittance import admittance_ratio, continued_admittance_ratio


class Branches(eqx.Module):
    """Radiating branches between two nodes; the last axis of every number runs over branches.

    They come in the order: junctions and resistors with their conductance at zero frequency, junctions with their
    frequency-dependent admittance, superconducting wires, measured one-ports. Each has a conductance in its normal state and a
    capacitance in parallel. ``critical_temperature`` is 0 for a branch without a superconductor.
    """

    normal_conductance: Leaf
    capacitance: Leaf
    critical_temperature: Leaf
    dynes: Leaf
    gap_equation: Leaf
    islands: Leaf
    incidence: Leaf
    table_frequency: Leaf
    table_admittance: Leaf
    dynamic: int = eqx.field(static=True)
    wires: int = eqx.field(static=True)
    resistors_only: bool = eqx.field(static=True, default=False)
    """Whether no conductance at zero frequency depends on temperature: then none is computed, nor its derivative."""

    @property
    def starts(self) -> tuple[int, int, int]:
        """Positions of the first dynamic junction, the first wire and the first measured branch."""
        measured = self.islands.shape[0] - self.table_frequency.shape[0]
        return measured - self.wires - self.dynamic, measured - self.wires, measured

    def conductance(self, temperature: jax.Array) -> jax.Array:
        """Conductance at zero frequency, G_N R_N/R(T) [S]; of a wire in its normal state, of a measured branch its first row.

        Args:
            temperature: of every branch [K].
        """
        if self.resistors_only:
            return jnp.asarray(self.normal_conductance)
        _, wire, measured = self.starts
        ratio = conductance_ratio(
            temperature[:wire],
            gap(temperature[:wire], self.critical_temperature[:wire], self.gap_equation[:wire]),
            self.dynes[:wire] * zero_temperature_gap(self.critical_temperature[:wire], self.gap_equation[:wire]),
        )
        return jnp.concatenate(
            [
                self.normal_conductance[:wire] * ratio,
                jnp.asarray(self.normal_conductance[wire:measured]),
                jnp.real(jnp.asarray(self.table_admittance)[:, 0, 0, 0]),
            ]
        )

    def admittance(self, temperature: jax.Array, frequency: jax.Array) -> jax.Array:
        """Y(ω, T) of every branch [S], shape (*frequency.shape, branches); e^{+iωt}.

        Args:
            temperature: of every branch [K].
            frequency: angular, positive [rad/s].
        """
        frequency = frequency[..., None]
        start, wire, measured = self.starts
        parts = [jnp.broadcast_to(self.conductance(temperature)[:start], (*frequency.shape[:-1], start))]
        branch_gap = gap(temperature, self.critical_temperature, self.gap_equation)
        if self.dynamic:
            junction = slice(start, wire)
            broadening = self.dynes * zero_temperature_gap(self.critical_temperature, self.gap_equation)
            ratio = admittance_ratio(temperature[junction], frequency, branch_gap[junction], broadening[junction])
            parts.append(self.normal_conductance[junction] * ratio)
        if self.wires:
            along = slice(wire, measured)
            ratio = conductivity_ratio(temperature[along], frequency, branch_gap[along])
            parts.append(self.normal_conductance[along] * ratio)
        if self.table_frequency.shape[0]:
            table = interpolated_admittance(self.table_frequency, self.table_admittance, frequency[..., 0])
            parts.append(table[..., 0, 0])
        return jnp.concatenate([part.astype(complex) for part in parts], axis=-1) + 1j * frequency * self.capacitance

    def continued_admittance(self, temperature: jax.Array, frequency: jax.Array) -> tuple[jax.Array, jax.Array]:
        """Re Y and Im Y, each continued to complex frequencies as a function of its own, shape (branches, frequencies) [S].

        Args:
            temperature: of every branch [K].
            frequency: ω, complex, shape (frequencies,) [rad/s].

        Validity:
            Without superconducting wires and measured branches; see `continued_admittance_ratio` for how far.
        """
        start = self.starts[0]
        static = self.conductance(temperature)[:start, None]
        real = [jnp.broadcast_to(static + 0j, (start, frequency.shape[0]))]
        imaginary = frequency * jnp.asarray(self.capacitance)[:, None]
        if self.dynamic:
            own = slice(start, None)
            edge = gap(temperature[own], self.critical_temperature[own], self.gap_equation[own])
            broadening = self.dynes[own] * zero_temperature_gap(self.critical_temperature[own], self.gap_equation[own])
            ratio = continued_admittance_ratio(temperature[own, None], frequency, edge[:, None], broadening[:, None])
            normal = jnp.asarray(self.normal_conductance)[own, None]
            real.append(normal * ratio[0])
            imaginary = imaginary.at[own].add(normal * ratio[1])
        return jnp.concatenate(real), imaginary


class Lossless(eqx.Module):
    """Capacitors, and inductors that mutual inductances may couple.

    With D = diag(1/√L) and κ the matrix of coupling coefficients (1 on its diagonal), the inverse inductance matrix is
    D κ⁻¹ D: a SQUID at half a flux quantum, 1/L = 0, is an open circuit.
    """

    capacitance: Leaf
    capacitor_incidence: Leaf
    inverse_root_inductance: Leaf
    coupling: Leaf
    inductor_incidence: Leaf

    def inverse_inductance_root(self) -> jax.Array:
        """F with F Fᵀ the inverse inductance matrix [H^-1/2], shape (inductors, inductors)."""
        # κ = K Kᵀ gives κ⁻¹ = K⁻ᵀ K⁻¹; NaN if no positive energy belongs to κ.
        return jnp.asarray(self.inverse_root_inductance)[:, None] * inverse_cholesky_factor(self.coupling).T


class Lines(eqx.Module):
    """Transmission lines, each end against ground, lossy ones first; the last axis of every number runs over lines.

    A wave loses the fraction 1 − e^{−attenuation} of its amplitude from end to end, at any frequency (a distortionless line),
    and gains the phase −ω·delay.
    """

    impedance: Leaf
    delay: Leaf
    attenuation: Leaf
    incidence: Leaf
    """Shape (lines, 2, unknowns): how the voltages of both ends follow from the unknown voltages."""
    islands: Leaf
    """Of the lossy lines only."""


class TwoPorts(eqx.Module):
    """Measured reciprocal two-ports, each node against ground."""

    table_frequency: Leaf
    table_admittance: Leaf
    incidence: Leaf
    """Shape (two-ports, 2, unknowns)."""
    islands: Leaf


class Circuit(eqx.Module):
    """All elements of a device, and which radiators exchange heat.

    Radiators are the branches, the lossy lines and the measured two-ports, in this order; ``pairs`` are those on different
    islands.
    """

    branches: Branches
    lossless: Lossless
    lines: Lines
    two_ports: TwoPorts
    fast_voltages: Leaf
    """Unknown voltages in terms of others that keep their digits at high frequency and, with lines, in terms of those of their
    ends, shape (voltages, voltages)."""
    unused: Leaf
    """1 for unknown voltages that only fill up a bucket of circuits of like size, else 0, shape (voltages,)."""
    pairs: Leaf
    route: str = eqx.field(static=True)
    """How photonic heat is computed: "one-pole", "poles", "contours", "mesh", "echoes", "integral" or "rational"."""
    panels: int = eqx.field(static=True)
    """Most panels of an integral over frequency, besides those at known resonances."""
    fit: PartialFractions | None = None
    """The transmissions as sums over poles, for the route "rational"."""

    @property
    def islands(self) -> jax.Array:
        """Position of the island of every radiator."""
        return jnp.concatenate([self.branches.islands, self.lines.islands, self.two_ports.islands])

    @property
    def one_pole(self) -> bool:
        """Whether all transmissions share a single real pole."""
        return self.route == "one-pole"

    @property
    def lumped(self) -> bool:
        """Whether all elements are resistances, capacitances and inductances."""
        branches = self.branches
        distributed = self.lines.impedance.shape[0] + self.two_ports.islands.shape[0]
        return not (distributed + branches.dynamic + branches.wires + branches.table_frequency.shape[0])

    def conductance(self, temperatures: jax.Array) -> jax.Array:
        """Conductance of every branch at zero frequency [S], shape (branches,).

        Args:
            temperatures: of every island [K], shape (islands,).
        """
        return self.branches.conductance(temperatures[self.branches.islands])
