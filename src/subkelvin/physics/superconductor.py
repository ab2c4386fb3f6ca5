"""The superconductor: its energy gap against temperature, and its density of states.

Two models of the gap, each with its own gap at zero temperature:

- interpolation: Δ(T) = Δ0 tanh(1.74 √(T_c/T − 1)), Δ0 = 1.764 k_B T_c;
- weak-coupling BCS: ln(Δ/Δ0) = −2 ∫_0^∞ dv f(Δ cosh v), Δ0 = π e^{−γ_E} k_B T_c, f the Fermi function at T.

The interpolation lies up to 2 % below the solution of the gap equation. Both vanish at and above T_c, and a critical
temperature of zero means a metal that never superconducts. Which one is used is data (a boolean), so that changing it
compiles nothing. See docs/physics.md, section 2.

References:
    J. Bardeen, L. N. Cooper, J. R. Schrieffer, doi:10.1103/PhysRev.108.1175 (gap equation).
    R. C. Dynes, V. Narayanamurti, J. P. Garno, doi:10.1103/PhysRevLett.41.1509 (broadening).
"""

import functools
import importlib.resources
import math

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
from jax.typing import ArrayLike

from subkelvin.constants import BOLTZMANN
from subkelvin.model.stacking import Leaf
from subkelvin.numerics.chebyshev import piecewise_chebyshev_series

INTERPOLATED_GAP_RATIO = 1.764
"""Δ0/k_BT_c of the interpolation."""

BCS_GAP_RATIO = math.pi * math.exp(-float(np.euler_gamma))
"""Δ0/k_BT_c of the gap equation, πe^{−γ_E} = 1.763877: with any other number its gap would not close at T_c."""

SATURATED = 1e-3
"""Below this T/T_c the interpolated gap differs from Δ0 by less than 1e-47 of it: by nothing in double precision."""


def interpolated_zero_temperature_gap(critical_temperature: ArrayLike) -> jax.Array:
    """Gap at zero temperature of the interpolation, Δ0 = 1.764 k_B T_c.

    Args:
        critical_temperature: T_c, any shape [K].

    Returns:
        Δ0 [J]; NaN for a negative T_c.
    """
    return _zero_temperature_gap(critical_temperature, INTERPOLATED_GAP_RATIO)


def bcs_zero_temperature_gap(critical_temperature: ArrayLike) -> jax.Array:
    """Gap at zero temperature of weak-coupling BCS theory, Δ0 = π e^{−γ_E} k_B T_c.

    Args:
        critical_temperature: T_c, any shape [K].

    Returns:
        Δ0 [J]; NaN for a negative T_c.

    References:
        doi:10.1103/PhysRev.108.1175
    """
    return _zero_temperature_gap(critical_temperature, BCS_GAP_RATIO)


def zero_temperature_gap(critical_temperature: ArrayLike, gap_equation: ArrayLike) -> jax.Array:
    """Gap at zero temperature Δ0 of the chosen model.

    Args:
        critical_temperature: T_c, any shape [K].
        gap_equation: boolean array; True for the BCS gap equation, False for the interpolation.

    Returns:
        Δ0 [J]; NaN for a negative T_c.
    """
    return _zero_temperature_gap(critical_temperature, jnp.where(gap_equation, BCS_GAP_RATIO, INTERPOLATED_GAP_RATIO))


def interpolated_gap(temperature: ArrayLike, critical_temperature: ArrayLike) -> jax.Array:
    """Gap of the interpolation, Δ(T) = 1.764 k_B T_c tanh(1.74 √(T_c/T − 1)).

    Args:
        temperature: T, any shape [K].
        critical_temperature: T_c, broadcast against T [K].

    Returns:
        Δ(T) [J]; 0 at and above T_c; NaN for a negative T or T_c.

    Validity:
        Up to 2 % below the gap equation's solution (at 0.6 T_c). The derivative grows without bound as T → T_c from
        below; at T_c itself it is the one from above, 0.
    """
    superconducting, normal, kelvin, critical = _below_transition(temperature, critical_temperature)
    saturated = kelvin < SATURATED * critical
    warm = jnp.where(saturated, 0.5 * critical, kelvin)
    # T_c − T is exact near T_c, where T_c/T − 1 would lose its digits.
    shape = jnp.where(saturated, 1.0, jnp.tanh(1.74 * jnp.sqrt((critical - warm) / warm)))
    return jnp.where(superconducting, INTERPOLATED_GAP_RATIO * BOLTZMANN * critical * shape, normal)


def bcs_gap(temperature: ArrayLike, critical_temperature: ArrayLike) -> jax.Array:
    """Gap of weak-coupling BCS theory: the Δ that solves ln(Δ/Δ0) = −2 ∫_0^∞ dv f(Δ cosh v).

    The solution is universal, Δ = Δ0 √((1 − t) φ(t)) with t = T/T_c and φ smooth from φ(0) = 1 to
    φ(1) = 8e^{2γ_E}/7ζ(3); φ is tabulated.

    Args:
        temperature: T, any shape [K].
        critical_temperature: T_c, broadcast against T [K].

    Returns:
        Δ(T) [J], to 1e-13 relative; 0 at and above T_c; NaN for a negative T or T_c.

    Validity:
        Weak coupling. The derivative grows without bound as T → T_c from below; at T_c itself it is the one from
        above, 0.

    References:
        doi:10.1103/PhysRev.108.1175
    """
    superconducting, normal, kelvin, critical = _below_transition(temperature, critical_temperature)
    smooth = piecewise_chebyshev_series(_reduced_gap_table(), kelvin / critical)
    shape = jnp.sqrt((critical - kelvin) / critical * smooth)
    return jnp.where(superconducting, BCS_GAP_RATIO * BOLTZMANN * critical * shape, normal)


def gap(temperature: ArrayLike, critical_temperature: ArrayLike, gap_equation: ArrayLike) -> jax.Array:
    """Gap Δ(T) of the chosen model.

    Args:
        temperature: T, any shape [K].
        critical_temperature: T_c, broadcast against T [K].
        gap_equation: boolean array; True for the BCS gap equation, False for the interpolation.

    Returns:
        Δ(T) [J]; 0 at and above T_c; NaN for a negative T or T_c.
    """
    solved = bcs_gap(temperature, critical_temperature)
    return jnp.where(gap_equation, solved, interpolated_gap(temperature, critical_temperature))


def density_of_states(energy: ArrayLike, gap: ArrayLike, broadening: ArrayLike) -> jax.Array:
    """Dynes density of states over its normal value, N(E) = |Re[(E + iΓ)/√((E + iΓ)² − Δ²)]|.

    Args:
        energy: E from the Fermi level, any shape [J].
        gap: Δ, broadcast against E [J].
        broadening: Γ = γ Δ0, broadcast against E [J].

    Returns:
        N(E) []; 1 where the gap is 0; infinite at |E| = Δ when Γ = 0; NaN for a negative gap or broadening.

    Validity:
        Any Γ ≥ 0; with Γ = 0 it is exactly 0 inside the gap.

    References:
        doi:10.1103/PhysRevLett.41.1509
    """
    energy, gap, broadening = jnp.broadcast_arrays(
        jnp.asarray(energy, float), jnp.asarray(gap, float), jnp.asarray(broadening, float)
    )
    valid = (gap >= 0.0) & (broadening >= 0.0) & ~jnp.isnan(energy)
    superconducting = valid & (gap > 0.0)
    unit = jnp.where(superconducting, gap, 1.0)
    # N is even in E, and evaluating it at |E| makes it so to the last bit.
    ratio = jnp.where(superconducting, jnp.abs(energy) / unit, 2.0)
    width = jnp.where(superconducting, broadening / unit, 0.0)
    # √(z − Δ)√(z + Δ), never √(z² − Δ²): the branch is right everywhere above the real axis, and no digits are lost
    # at the gap edge. The energy relative to the edge is formed before dividing, because there it is exact.
    below_edge = jax.lax.complex(jnp.where(superconducting, (jnp.abs(energy) - unit) / unit, 1.0), width)
    above_edge = jax.lax.complex(ratio + 1.0, width)
    states = jnp.real(jax.lax.complex(ratio, width) / (jnp.sqrt(below_edge) * jnp.sqrt(above_edge)))
    return jnp.where(superconducting, jnp.abs(states), jnp.where(valid, 1.0, jnp.nan))


def _zero_temperature_gap(critical_temperature: ArrayLike, ratio: ArrayLike) -> jax.Array:
    """Δ0 = ratio · k_B T_c, NaN for a negative T_c."""
    critical_temperature = jnp.asarray(critical_temperature, float)
    return jnp.where(critical_temperature >= 0.0, ratio * BOLTZMANN * critical_temperature, jnp.nan)


def _below_transition(
    temperature: ArrayLike, critical_temperature: ArrayLike
) -> tuple[jax.Array, jax.Array, jax.Array, jax.Array]:
    """Where there is a gap; the gap (0 or NaN) where there is none; and temperatures that are safe to compute with."""
    kelvin, critical = jnp.broadcast_arrays(jnp.asarray(temperature, float), jnp.asarray(critical_temperature, float))
    valid = (kelvin >= 0.0) & (critical >= 0.0)
    superconducting = valid & (kelvin < critical)
    normal = jnp.where(valid, 0.0, jnp.nan)
    return superconducting, normal, jnp.where(superconducting, kelvin, 0.5), jnp.where(superconducting, critical, 1.0)


@functools.cache
def _reduced_gap_table() -> np.ndarray:
    """Chebyshev coefficients of φ(t) on equal pieces of 0 ≤ t ≤ 1, shape (pieces, count)."""
    with importlib.resources.files("subkelvin.data").joinpath("gap.npz").open("rb") as file:
        return np.load(file)["coefficients"]


class Superconductors(eqx.Module):
    """The superconductors of several branches or links; arrays over them. A critical temperature of 0 stands for none."""

    critical_temperature: Leaf
    dynes: Leaf
    gap_equation: Leaf

    def gap(self, temperature: jax.Array) -> jax.Array:
        """Δ(T) of the superconductor's gap model [J]."""
        return gap(temperature, self.critical_temperature, self.gap_equation)

    @property
    def broadening(self) -> jax.Array:
        """Γ = γΔ0 [J]."""
        return self.dynes * zero_temperature_gap(self.critical_temperature, self.gap_equation)
