"""Make src/subkelvin/data/electron_phonon.npz, the tables behind the superconducting electron–phonon power.

Run as ``python tables/electron_phonon.py`` (under two minutes on one core). With energies in units of k_B T_e,
x = Δ/k_BT_e and τ = T_ph/T_e (docs/physics.md, electrons and phonons), the power over ΣV T_e⁵ is

    P = (1/24ζ(5)) ∫_0^∞ dε ε³ [n(ε) − n(ε/τ)] [K_s(ε; x) + K_r(ε; x)]

with K_s the rate at which quasiparticles scatter and K_r that at which pairs recombine or break. Three smooth
functions describe it without any cancellation or threshold. With U(τ) = (1/24ζ(5)) e^{2x/τ} ∫_{2x}^∞ dε ε³ n(ε/τ) K_r,

    S = e^{x} P_s/(1 − τ),        V = U(1),        D = [U(1) − U(τ)]/(1 − τ),
    P_r = V (e^{−2x} − e^{−2x/τ}) + (1 − τ) D e^{−2x/τ},

all three positive, so that every term of P has the sign of 1 − τ. Below x = 1/2 the sum is tabulated instead as
G = [P/(1 − τ) − (1 + τ + τ² + τ³ + τ⁴)]/x², because the parts contain x² ln x and their sum does not.

The quadrature is Gauss–Legendre on graded panels. Each table is a weighted least-squares fit, the weight being the
share of the tabulated part in P: where a part does not matter its table is left free.
"""

import math
from pathlib import Path

import numpy as np
from numpy.polynomial.chebyshev import chebvander

ZETA_5 = 1.0369277551433699263
SMALL_GAP = 0.5
"""x below which the sum of both processes is tabulated."""
GAP_SCALE = 4.0
"""x − SMALL_GAP that falls into the middle of the tables for large gaps."""
GAP_TERMS = 32
SMALL_GAP_TERMS = 16
SCATTERING_TERMS = 24
PAIR_TERMS = 32
SAMPLES = 60

DESTINATION = Path(__file__).parents[1] / "src" / "subkelvin" / "data" / "electron_phonon.npz"


def panel_rule(edges: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Nodes and weights of 20-point Gauss–Legendre rules on consecutive panels."""
    nodes, weights = np.polynomial.legendre.leggauss(20)
    half, middle = np.diff(edges) / 2.0, (edges[1:] + edges[:-1]) / 2.0
    return (middle[:, None] + half[:, None] * nodes).ravel(), (half[:, None] * weights).ravel()


GRADED_NODES, GRADED_WEIGHTS = panel_rule(np.concatenate([[0.0], 2.0 ** np.arange(-28, 1)]))
LOG_ENERGY, LOG_WEIGHTS = panel_rule(np.arange(math.log(1e-15), math.log(1e16), 0.7))
ENERGY, ENERGY_WEIGHTS = np.exp(LOG_ENERGY), LOG_WEIGHTS * np.exp(LOG_ENERGY)


def scattering_kernel(energy: np.ndarray, x: float) -> np.ndarray:
    """e^{x} K_s, K_s = 2∫_x^∞ dE (EE' − x²)/(√(E²−x²) √(E'²−x²)) [f(E) − f(E')], E' = E + ε.

    E − x = ε sinh²(u/2) removes both roots at the edge.
    """
    energy = energy[:, None]
    last = 2.0 * np.arcsinh(np.sqrt(45.0 / energy))  # e^{−45} of the thermal tail is dropped
    u, weights = GRADED_NODES * last, GRADED_WEIGHTS * last
    lower, upper = energy * np.sinh(u / 2.0) ** 2, energy * np.cosh(u / 2.0) ** 2
    coherence = (lower * upper + x * (lower + upper)) / np.sqrt((2.0 * x + lower) * (2.0 * x + upper))
    window = np.exp(-lower) * -np.expm1(-energy) / ((1.0 + np.exp(-x - lower)) * (1.0 + np.exp(-x - upper)))
    return 2.0 * np.sum(weights * coherence * window, axis=-1)


def pair_kernel(excess: np.ndarray, x: float) -> np.ndarray:
    """K_r at ε = 2x + excess: ∫ dE_1 (E_1E_2 + x²)/(√(E_1²−x²) √(E_2²−x²)) [1 − f(E_1) − f(E_2)], E_1 + E_2 = ε.

    E_1 − x = excess·sin²(θ/2) removes both roots.
    """
    excess = excess[:, None]
    theta, weights = GRADED_NODES * math.pi / 2.0, GRADED_WEIGHTS * math.pi / 2.0
    first, second = x + excess * np.sin(theta / 2.0) ** 2, x + excess * np.cos(theta / 2.0) ** 2
    coherence = (first * second + x * x) / np.sqrt((first + x) * (second + x))
    window = -np.expm1(-first - second) / ((1.0 + np.exp(-first)) * (1.0 + np.exp(-second)))
    return 2.0 * np.sum(weights * coherence * window, axis=-1)


def occupation_slope(excess: np.ndarray, threshold: float, tau: float) -> np.ndarray:
    """[m(1) − m(τ)]/(1 − τ), m(τ) = e^{threshold/τ} n((threshold + excess)/τ), every term of one sign."""
    energy = threshold + excess
    if tau == 0.0:
        return np.exp(-excess) / -np.expm1(-energy)
    if tau == 1.0:
        slope = excess + energy * np.exp(-energy) / -np.expm1(-energy)
        return np.exp(-excess) / -np.expm1(-energy) * slope
    cold, hot = min(tau, 1.0), max(tau, 1.0)
    step = (hot - cold) / (hot * cold)
    numerator = -np.expm1(-excess * step) + np.exp(-energy / hot - excess * step) * -np.expm1(-threshold * step)
    return np.exp(-excess / hot) * numerator / (np.expm1(-energy / hot) * np.expm1(-energy / cold)) / (hot - cold)


def smooth_parts(x: float, taus: np.ndarray) -> tuple[np.ndarray, np.ndarray, float]:
    """S(x, τ), D(x, τ) and V(x) of the module's docstring."""
    energy = 2.0 * x + ENERGY
    scattering = ENERGY_WEIGHTS * ENERGY**3 * scattering_kernel(ENERGY, x) / (24.0 * ZETA_5)
    pairs = ENERGY_WEIGHTS * energy**3 * pair_kernel(ENERGY, x) / (24.0 * ZETA_5)
    s = np.array([scattering @ occupation_slope(ENERGY, 0.0, tau) for tau in taus])
    d = np.array([pairs @ occupation_slope(ENERGY, 2.0 * x, tau) for tau in taus])
    return s, d, float(pairs @ (np.exp(-ENERGY) / -np.expm1(-energy)))


def pair_share(x: np.ndarray, tau: np.ndarray, d: np.ndarray, v: np.ndarray) -> np.ndarray:
    """e^{x} P_r/(1 − τ), for x below 700."""
    with np.errstate(all="ignore"):
        step = 2.0 * x * (1.0 - tau) / tau
        difference = np.exp(-x) * -np.expm1(-np.maximum(step, -500.0)) / (1.0 - tau)
        difference = np.where(step < -500.0, -np.exp(x - 2.0 * x / tau) / (1.0 - tau), difference)
        return v * difference + d * np.exp(x - 2.0 * x / tau)


def power(x: float, tau: float) -> float:
    """P/(ΣV T_e⁵) by this file's quadrature, x below 700."""
    s, d, v = smooth_parts(x, np.array([tau]))
    if tau == 0.0:
        return float(math.exp(-x) * s[0] + math.exp(-2.0 * x) * v)
    return float((1.0 - tau) * math.exp(-x) * (s[0] + pair_share(np.array(x), np.array(tau), d, np.array(v))[0]))


def normal_slope(tau: np.ndarray) -> np.ndarray:
    """(1 − τ⁵)/(1 − τ)."""
    return 1.0 + tau * (1.0 + tau * (1.0 + tau * (1.0 + tau)))


def fit(
    p: np.ndarray, q: np.ndarray, target: np.ndarray, weight: np.ndarray,
    rows: int, columns: int,
) -> np.ndarray:  # fmt: skip
    """Coefficients of Σ c_mn T_m(p) T_n(q) by weighted least squares."""
    basis = np.einsum("am,bn->abmn", chebvander(p, rows - 1), chebvander(q, columns - 1))
    basis = basis.reshape(target.size, -1) * weight.reshape(-1, 1)
    solution = np.linalg.lstsq(basis, (target * weight).ravel(), rcond=1e-14)[0]
    return solution.reshape(rows, columns)


def build() -> dict[str, np.ndarray]:
    """All tables, as stored."""
    nodes = np.cos(np.pi * (np.arange(SAMPLES) + 0.5) / SAMPLES)
    ratio = (1.0 - nodes) / (1.0 + nodes)
    small = SMALL_GAP * (1.0 + nodes) / 2.0
    large = SMALL_GAP + GAP_SCALE * (1.0 + nodes) / (1.0 - nodes)

    def extremes(x: np.ndarray, tau: np.ndarray) -> np.ndarray:
        # Phonons a thousand times hotter than the electrons may cost a digit or two.
        return np.where(tau > 1e3, 0.1, 1.0) * np.where(tau > 1e5, 0.1, 1.0) * np.where(x > 5e3, 0.1, 1.0)

    def over(xs: np.ndarray, scaled: bool) -> tuple[np.ndarray, ...]:
        taus = np.array([ratio * (1.0 + x if scaled else 1.0) for x in xs])
        parts = [smooth_parts(x, tau) for x, tau in zip(xs, taus, strict=True)]
        return xs[:, None], taus, *(np.array([part[i] for part in parts]) for i in range(3))

    x, tau, s, d, v = over(small, True)
    total = np.exp(-x) * (s + pair_share(x, tau, d, v[:, None]))
    scale = (1.0 + x + tau) ** 4
    # Near x = 0 the table is multiplied by x²; it must still be right there, for second derivatives.
    weight = np.maximum(x, 0.1) ** 2 * scale / total * extremes(x, tau)
    target = (total - normal_slope(tau)) / x**2 / scale
    small_table = fit(nodes, nodes, target, weight, SMALL_GAP_TERMS, PAIR_TERMS)

    def total_over(x: np.ndarray, tau: np.ndarray, s: np.ndarray, d: np.ndarray, v: np.ndarray) -> np.ndarray:
        return s + pair_share(np.minimum(x, 700.0), tau, d, v[:, None])

    floor = 1e-10
    x, tau, s, d, v = over(large, False)
    scale = (1.0 + tau) ** 3
    # Beyond x = 700 scattering alone matters below τ = 2, pairs alone above.
    weight = np.where(x > 700.0, np.where(tau < 1.95, scale / s, 0.0), scale / total_over(x, tau, s, d, v))
    weight = np.maximum(weight, floor) * extremes(x, tau)
    scattering_table = fit(nodes, nodes, s / scale, weight, GAP_TERMS, SCATTERING_TERMS)
    everywhere = np.ones_like(large)[:, None]
    threshold_table = fit(nodes, np.zeros(1), (v / (2.0 + large) ** 4)[:, None], everywhere, GAP_TERMS, 1)

    x, tau, s, d, v = over(large, True)
    scale = (1.0 + x + tau) ** 4
    share = np.exp(np.minimum(x - 2.0 * x / tau, 600.0)) * scale / total_over(x, tau, s, d, v)
    weight = np.where(x > 700.0, np.where(tau < 1.9, 0.0, scale / d), share)
    weight = np.maximum(weight, floor) * extremes(x, tau)
    pair_table = fit(nodes, nodes, d / scale, weight, GAP_TERMS, PAIR_TERMS)

    return {
        "small_gap": small_table,
        "scattering": scattering_table,
        "pairs": pair_table,
        "threshold": threshold_table,
    }


if __name__ == "__main__":
    np.savez(DESTINATION, allow_pickle=False, **build())
    print(f"{DESTINATION}: {DESTINATION.stat().st_size} bytes")
