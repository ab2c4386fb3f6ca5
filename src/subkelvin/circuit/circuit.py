"""A circuit as arrays without names, the form that compiled code sees.

Unknowns are the voltages along a tree of the circuit's graph, so that incidence vectors b_k say how the voltage across a branch
follows from them, and, for every transmission line, the currents into its two ends. Radiators come apart from the lossless
elements, because only they exchange heat. Docs: docs/physics.md, section 4.
"""

from collections.abc import Iterator
from typing import Any

import equinox as eqx
import jax
import jax.numpy as jnp

from subkelvin.circuit.measured import interpolated_admittance
from subkelvin.circuit.partial_fractions import PartialFractions
from subkelvin.model.element_kind import Spectrum
from subkelvin.model.stacking import Leaf
from subkelvin.numerics.linear_algebra import inverse_cholesky_factor
from subkelvin.physics.junction import conductance_ratio
from subkelvin.physics.superconductor import Superconductors


class Branches(eqx.Module):
    """Radiating branches between two nodes; the last axis of every number runs over branches.

    They come in the order: branches with their conductance at zero frequency, those with an admittance at every frequency (first
    junctions, then kind by kind), measured one-ports. Each has a conductance in its normal state and a capacitance in parallel.
    ``critical_temperature`` is 0 for a branch without a superconductor.
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
    numbers: tuple[dict[str, Leaf], ...] = ()
    """What each of the ``spectra`` needs besides the conductance, arrays over its branches by key."""
    spectra: tuple[tuple[Spectrum, int], ...] = eqx.field(static=True, default=())
    """Admittances at every frequency, each with the number of its branches."""
    constant: bool = eqx.field(static=True, default=False)
    """Whether no conductance at zero frequency depends on temperature: then none is computed, nor its derivative."""

    @property
    def first_measured(self) -> int:
        """Position of the first measured branch."""
        return int(self.islands.shape[0] - self.table_frequency.shape[0])

    @property
    def first_with_spectrum(self) -> int:
        """Position of the first branch with an admittance at every frequency."""
        return self.first_measured - sum(count for _, count in self.spectra)

    @property
    def inductive(self) -> bool:
        """Whether some branch with an admittance at every frequency resonates with a capacitance."""
        return any(spectrum.inductive for spectrum, _ in self.spectra)

    def by_spectrum(self) -> Iterator[tuple[Spectrum, slice, dict[str, Any]]]:
        """Every spectrum, the place of its branches, and their values by key."""
        start = self.first_with_spectrum
        for (spectrum, count), numbers in zip(self.spectra, self.numbers, strict=True):
            place = slice(start, start + count)
            start += count
            yield spectrum, place, {**numbers, **self._material(place)}

    def _material(self, place: slice) -> dict[str, Any]:
        superconductor = Superconductors(self.critical_temperature[place], self.dynes[place], self.gap_equation[place])
        return {"conductance": jnp.asarray(self.normal_conductance)[place], "superconductor": superconductor}

    def conductance(self, temperature: jax.Array) -> jax.Array:
        """Conductance at zero frequency, G_N R_N/R(T) [S].

        For a branch that always has a spectrum it is that of the normal state, for a measured one its first row.

        Args:
            temperature: of every branch [K].
        """
        if self.constant:
            return jnp.asarray(self.normal_conductance)
        measured = self.first_measured
        tunnelling = measured - sum(count for spectrum, count in self.spectra if not spectrum.optional)
        superconductor = self._material(slice(tunnelling))["superconductor"]
        ratio = conductance_ratio(
            temperature[:tunnelling], superconductor.gap(temperature[:tunnelling]), superconductor.broadening
        )
        return jnp.concatenate(
            [
                self.normal_conductance[:tunnelling] * ratio,
                jnp.asarray(self.normal_conductance[tunnelling:measured]),
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
        start = self.first_with_spectrum
        parts = [jnp.broadcast_to(self.conductance(temperature)[:start], (*frequency.shape[:-1], start))]
        parts += [
            spectrum.admittance(temperature[place], frequency, values) for spectrum, place, values in self.by_spectrum()
        ]
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
            Without measured branches, and where every spectrum has a continuation.
        """
        start = self.first_with_spectrum
        static = self.conductance(temperature)[:start, None]
        real = [jnp.broadcast_to(static + 0j, (start, frequency.shape[0]))]
        imaginary = frequency * jnp.asarray(self.capacitance)[:, None]
        for spectrum, place, values in self.by_spectrum():
            assert spectrum.continued is not None
            columns = jax.tree.map(lambda array: jnp.asarray(array)[:, None], values)
            own = spectrum.continued(temperature[place, None], frequency, columns)
            real.append(own[0])
            imaginary = imaginary.at[place].add(own[1])
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
    """How photonic heat is computed: a name of `subkelvin.circuit.routes.ROUTES`."""
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
        distributed = self.lines.impedance.shape[0] + self.two_ports.islands.shape[0]
        return not (distributed + len(self.branches.spectra) + self.branches.table_frequency.shape[0])

    def conductance(self, temperatures: jax.Array) -> jax.Array:
        """Conductance of every branch at zero frequency [S], shape (branches,).

        Args:
            temperatures: of every island [K], shape (islands,).
        """
        return self.branches.conductance(temperatures[self.branches.islands])
