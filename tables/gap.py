"""Makes the table of the weak-coupling BCS gap (docs/physics.md, section 2).

With X = Δ/k_BT the gap equation ln(Δ/Δ0) = −2 ∫_0^∞ dv f(X cosh v) becomes an explicit temperature,
t = T/T_c = (C/X) exp(−2 ∫_0^∞ dv/(1 + e^{X cosh v})), C = πe^{−γ_E}. It is inverted here at 30 digits, and
φ(t) = (Δ/Δ0)²/(1 − t) is written as Chebyshev coefficients on equal pieces of 0 ≤ t ≤ 1.
"""

from pathlib import Path

import mpmath as mp
import numpy as np

PIECES = 16
COUNT = 14
TABLE = Path(__file__).parents[1] / "src" / "subkelvin" / "data" / "gap.npz"


def gap_ratio() -> mp.mpf:
    """Δ0/k_BT_c = πe^{−γ_E}."""
    return mp.pi * mp.exp(-mp.euler)


def thermal_suppression(reduced_gap: mp.mpf) -> mp.mpf:
    """2 ∫_0^∞ dv/(1 + e^{X cosh v}) by the trapezoid rule, which converges exponentially (strip of half-width π/2)."""
    step = mp.mpf(1) / 8
    terms = [1 / (mp.exp(reduced_gap) + 1) / 2]
    v = step
    while terms[-1] > mp.eps * terms[0]:
        terms.append(1 / (mp.exp(reduced_gap * mp.cosh(v)) + 1))
        v += step
    return 2 * step * mp.fsum(terms)


def smooth_gap(t: mp.mpf) -> mp.mpf:
    """φ(t) = (Δ/Δ0)²/(1 − t) for 0 ≤ t < 1."""
    ratio = gap_ratio()
    if t < mp.mpf(1) / 50:
        return 1 / (1 - t)  # what is left out is e^{−88}

    def mismatch(x: mp.mpf) -> mp.mpf:
        return mp.log(t * x / ratio) + thermal_suppression(x)

    guess = ratio / t * mp.tanh(mp.mpf("1.74") * mp.sqrt(1 / t - 1))
    x = mp.findroot(mismatch, (guess, guess * mp.mpf("1.02")), tol=1e-50)
    return (x * t / ratio) ** 2 / (1 - t)


def make_table() -> np.ndarray:
    """Coefficients of shape (PIECES, COUNT), from values at Chebyshev nodes of each piece."""
    angles = np.pi * (np.arange(COUNT) + 0.5) / COUNT
    transform = np.cos(np.outer(np.arange(COUNT), angles)) * 2.0 / COUNT
    transform[0] /= 2.0
    rows = []
    for piece in range(PIECES):
        nodes = (piece + 0.5 * (1.0 + np.cos(angles))) / PIECES
        rows.append(transform @ np.array([float(smooth_gap(mp.mpf(float(t)))) for t in nodes]))
    return np.array(rows)


if __name__ == "__main__":
    mp.mp.dps = 30
    TABLE.parent.mkdir(parents=True, exist_ok=True)
    np.savez(TABLE, coefficients=make_table())
