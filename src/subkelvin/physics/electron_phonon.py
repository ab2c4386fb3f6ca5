"""Heat that conduction electrons give to the phonons of their island, normal or superconducting.

    normal:           P = ΣV (T_eⁿ − T_phⁿ)
    superconducting:  P = ΣV/(24 ζ(5) k_B⁵) ∫_0^∞ dε ε³ [n(ε, T_e) − n(ε, T_ph)]
                          ∫ dE [N(E)N(E+ε) − F(E)F(E+ε)] [f(E) − f(E+ε)],   f at T_e

with the BCS densities N = |E|/√(E²−Δ²), F = ΔN/E of the electrons (docs/physics.md, section 5). The
double integral is a function of x = Δ/k_BT_e and τ = T_ph/T_e alone. It is the sum of the scattering of
quasiparticles and of the recombination and breaking of pairs:

    P/(ΣV T_e⁵) = (1−τ) e^{−x} S(x,τ) + V(x) [e^{−2x} − e^{−2x/τ}] + (1−τ) e^{−2x/τ} D(x,τ)

where S, V, D are positive and smooth and come from a table: each term has the sign of T_e − T_ph and an exact zero at
T_e = T_ph. For x < 1/2 the table holds instead the correction to the normal metal, which is of order x².
The integrals themselves are in ``superconducting_electron_phonon``.

References: F. C. Wellstood, C. Urbina, J. Clarke, doi:10.1103/PhysRevB.49.5942 (normal);
A. V. Timofeev et al., doi:10.1103/PhysRevLett.102.017003 (superconducting).
"""

import functools
from importlib.resources import files

import jax
import jax.numpy as jnp
import numpy as np
from jax.typing import ArrayLike
from numpy.polynomial.chebyshev import chebder

from subkelvin.constants import BOLTZMANN
from subkelvin.physics.superconducting_electron_phonon import (
    dynes_electron_phonon_power as dynes_electron_phonon_power,
)
from subkelvin.physics.superconducting_electron_phonon import (
    superconducting_electron_phonon_power_integral as superconducting_electron_phonon_power_integral,
)

# The variables of the table, as in tables/electron_phonon.py.
_SMALL_GAP = 0.5
_GAP_SCALE = 4.0
_BLOCK = 8
_VALUE = ((0, 0),)


def normal_electron_phonon_power(
    electron_temperature: ArrayLike, phonon_temperature: ArrayLike, coupling: ArrayLike, exponent: ArrayLike
) -> jax.Array:
    """P = ΣV (T_eⁿ − T_phⁿ), heat that normal electrons give to the phonons.

    Args:
        electron_temperature: T_e, at least 0, any shape [K].
        phonon_temperature: T_ph, at least 0, broadcast against T_e [K].
        coupling: ΣV, material constant times volume [W/K^n].
        exponent: n, greater than 0; 5 in clean metals.

    Returns:
        Power, positive from electrons to phonons [W]. Exactly 0 at equal temperatures, and right to rounding between
        neighbouring floats. NaN for a negative temperature.

    Validity: metals thicker than the thermal phonon wavelength; n = 4 or 6 describe disordered metals.

    References: doi:10.1103/PhysRevB.49.5942, doi:10.1103/RevModPhys.78.217.
    """
    electron, phonon, coupling, exponent = map(
        jnp.asarray, (electron_temperature, phonon_temperature, coupling, exponent)
    )
    electron_is_hot = electron >= phonon
    hot = jnp.where(electron_is_hot, electron, phonon)
    cold = jnp.where(electron_is_hot, phonon, electron)
    # T_hotⁿ − T_coldⁿ = −T_hotⁿ expm1(n ln(T_cold/T_hot)), the logarithm from the exact difference of temperatures.
    # A cold side at 0 K makes the logarithm infinite: there the difference is T_hotⁿ, with no derivative by T_cold.
    zero_hot, zero_cold = hot == 0.0, cold == 0.0
    hot = jnp.where(zero_hot, 1.0, hot)
    logarithm = jnp.log1p(jnp.where(zero_cold, -0.5, (cold - hot) / hot))
    fraction = jnp.where(zero_cold, 1.0, -jnp.expm1(exponent * logarithm))
    difference = jnp.where(zero_hot, 0.0, jnp.exp(exponent * jnp.log(hot)) * fraction)
    valid = (electron >= 0.0) & (phonon >= 0.0)
    return jnp.where(valid, coupling * jnp.where(electron_is_hot, difference, -difference), jnp.nan)


def superconducting_electron_phonon_power(
    electron_temperature: ArrayLike, phonon_temperature: ArrayLike, coupling: ArrayLike, gap: ArrayLike
) -> jax.Array:
    """P = ΣV T_e⁵ 𝒫(Δ/k_BT_e, T_ph/T_e), heat that the electrons of a BCS superconductor give to the phonons.

    Args:
        electron_temperature: T_e, greater than 0, any shape [K].
        phonon_temperature: T_ph, at least 0, broadcast against T_e [K].
        coupling: ΣV of the normal state, with n = 5 [W/K⁵].
        gap: Δ(T_e), at least 0; 0 gives the normal metal [J].

    Returns:
        Power, positive from electrons to phonons [W]; NaN for an invalid argument.

    Validity: clean limit (n = 5), gap without subgap states, electrons in equilibrium at T_e. Relative error below
    1e-7 for any gap and T_ph up to 1000 T_e, below 1e-5 beyond. Measured aluminium relaxes faster.

    References: doi:10.1103/PhysRevLett.102.017003.
    """
    electron, phonon, coupling, gap = jnp.broadcast_arrays(
        *map(jnp.asarray, (electron_temperature, phonon_temperature, coupling, gap))
    )
    valid = (electron > 0.0) & (phonon >= 0.0) & (gap >= 0.0)
    electron = jnp.where(valid, electron, 1.0)
    x = gap / (BOLTZMANN * electron)
    tau = phonon / electron
    excess = (electron - phonon) / electron  # 1 − τ, without cancellation
    is_large = x >= _SMALL_GAP
    small = excess * _small_gap_slope(jnp.where(is_large, 0.0, x), tau)
    large = _large_gap_power(jnp.where(is_large, x, 1.0), tau, excess)
    reduced = jnp.where(is_large, large, small)
    return jnp.where(valid, coupling * electron**5 * reduced, jnp.nan)


def _small_gap_slope(x: jax.Array, tau: jax.Array) -> jax.Array:
    """P/(ΣV T_e⁵ (1−τ)) = 1 + τ + τ² + τ³ + τ⁴ + x² G(x, τ)."""
    normal = 1.0 + tau * (1.0 + tau * (1.0 + tau * (1.0 + tau)))
    correction = _series("small_gap", _VALUE, 2.0 * x / _SMALL_GAP - 1.0, (1.0 + x - tau) / (1.0 + x + tau))[..., 0]
    return normal + (x * (1.0 + x + tau) ** 2) ** 2 * correction


def _large_gap_power(x: jax.Array, tau: jax.Array, excess: jax.Array) -> jax.Array:
    """P/(ΣV T_e⁵) from S, D and V."""
    position = (x - _SMALL_GAP - _GAP_SCALE) / (x - _SMALL_GAP + _GAP_SCALE)
    scattering = _series("scattering", _VALUE, position, (1.0 - tau) / (1.0 + tau))[..., 0] * (1.0 + tau) ** 3
    pairs = _series("pairs", _VALUE, position, (1.0 + x - tau) / (1.0 + x + tau))[..., 0] * (1.0 + x + tau) ** 4
    threshold = _series("threshold", _VALUE, position, jnp.zeros_like(position))[..., 0] * (2.0 + x) ** 4

    # Below τ = 1/1000 every e^{−2x/τ} is 0 in floating point: freezing τ there keeps derivatives finite down to τ = 0.
    is_warm = tau > 1e-3
    inverse_tau = 1.0 / jnp.where(is_warm, tau, 1e-3)
    electrons = jnp.exp(-x)
    phonons = jnp.exp(-2.0 * x * inverse_tau)
    # e^{−2x} − e^{−2x/τ} with the larger exponential taken out, so that the rest is an expm1 of one sign.
    electron_is_hot = excess >= 0.0
    distance = 2.0 * x * inverse_tau * jnp.where(is_warm, jnp.where(electron_is_hot, excess, -excess), 1.0 - 1e-3)
    breaking = jnp.where(electron_is_hot, electrons**2, -phonons) * -jnp.expm1(-distance)
    return excess * (electrons * scattering + phonons * pairs) + threshold * breaking


@functools.partial(jax.custom_jvp, nondiff_argnums=(0, 1))
def _series(name: str, orders: tuple[tuple[int, int], ...], x: jax.Array, y: jax.Array) -> jax.Array:
    """∂_x^i ∂_y^j Σ_mn c_mn T_m(x) T_n(y) for every (i, j) of ``orders``, along a new last axis.

    A derivative is another such series with coefficients known beforehand: value and derivatives share the polynomials
    and one matrix product, which compiles and runs faster than a derivative through the polynomials.
    """
    coefficients = np.stack([_coefficients(name, *order) for order in orders], axis=1)
    rows_count, _, columns_count = coefficients.shape
    rows = _product_basis(x, rows_count // _BLOCK) @ coefficients.reshape(rows_count, -1)
    rows = rows.reshape(*x.shape, len(orders), columns_count)
    if columns_count == 1:  # a function of x alone
        return rows[..., 0]
    return jnp.sum(rows * _product_basis(y, columns_count // _BLOCK)[..., None, :], axis=-1)


@_series.defjvp
def _series_jvp(
    name: str,
    orders: tuple[tuple[int, int], ...],
    primals: tuple[jax.Array, jax.Array],
    tangents: tuple[jax.Array, jax.Array],
) -> tuple[jax.Array, jax.Array]:
    """d series = ∂_x series dx + ∂_y series dy."""
    (x, y), (x_tangent, y_tangent) = primals, tangents
    count = len(orders)
    by_x, by_y = tuple((i + 1, j) for i, j in orders), tuple((i, j + 1) for i, j in orders)
    values = _series(name, orders + by_x + by_y, x, y)
    tangent = values[..., count : 2 * count] * x_tangent[..., None]
    return values[..., :count], tangent + values[..., 2 * count :] * y_tangent[..., None]


def _product_basis(x: jax.Array, blocks: int) -> jax.Array:
    """T_j(x) T_8k(x), j < 8, k < blocks, along a new last axis: one outer product instead of a recurrence."""
    low = [jnp.ones_like(x), x]
    for degree in range(2, _BLOCK + 1):
        upper, lower = (degree + 1) // 2, degree // 2
        low.append(2.0 * low[upper] * low[lower] - low[upper - lower])
    high = [low[0], low[_BLOCK]]
    for _ in range(2, blocks):
        high.append(2.0 * high[1] * high[-1] - high[-2])
    product = jnp.stack(high[:blocks], axis=-1)[..., :, None] * jnp.stack(low[:_BLOCK], axis=-1)[..., None, :]
    return product.reshape(*x.shape, blocks * _BLOCK)


@functools.cache
def _coefficients(name: str, x_order: int, y_order: int) -> np.ndarray:
    """Coefficients of a derivative of a shipped series, in the product basis."""
    with files("subkelvin").joinpath("data/electron_phonon.npz").open("rb") as stream:
        coefficients = np.load(stream)[name]
    for axis, order in enumerate((x_order, y_order)):
        count = coefficients.shape[axis]
        derivative = np.zeros_like(coefficients)
        kept = chebder(coefficients, order, axis=axis)
        derivative[: kept.shape[0], : kept.shape[1]] = kept if order < count else 0.0
        coefficients = derivative
        if count > 1:
            products = np.linalg.solve(_products_of_polynomials(count), np.moveaxis(coefficients, axis, 0))
            coefficients = np.moveaxis(products, 0, axis)
    return coefficients


def _products_of_polynomials(count: int) -> np.ndarray:
    """Column k·8 + j holds the Chebyshev coefficients of T_j T_8k = ½ (T_{8k+j} + T_{8k−j})."""
    matrix = np.zeros((count, count))
    for column in range(count):
        j, centre = column % _BLOCK, column - column % _BLOCK
        matrix[column, column] += 0.5
        matrix[abs(centre - j), column] += 0.5
    return matrix
