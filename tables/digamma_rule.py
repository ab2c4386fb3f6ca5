"""Nodes and weights of the rational form of the digamma remainder, printed for src/subkelvin/numerics/digamma.py.

Binet's second formula makes the remainder a Stieltjes function of z²,

    f(z) = ln z − 1/(2z) − ψ(z) = ∫_0^∞ dμ(t) / (z² + t²),    dμ = 2t dt/(e^{2πt} − 1).

A Gauss rule for the measure dμ / Π_j (z_j² + t²) turns this into Σ_k W_k/(z² + x_k), which interpolates f at every
z_j > 0 and, with what freedom is left, at z = ∞. Nodes and weights are positive. Spreading the z_j over the low end of
z ≥ 1/2 makes it converge geometrically, about a digit per node.

Reference: W. Gautschi, Orthogonal Polynomials: Computation and Approximation (Oxford, 2004): rational rules.
"""

import mpmath as mp

LOWEST_ARGUMENT = 0.5
NODES = 14
INTERPOLATION_POINTS = 23
SPAN = 5
DIGITS = 80


def binet_measure() -> tuple[list, list]:
    """A discrete stand-in for dμ on x = t²: the trapezoid rule in u, t = exp(u − e^{−u}), exact to about 60 digits."""
    step = mp.mpf(1) / 24
    squares, weights = [], []
    for index in range(-24 * 6, 24 * 5):
        u = index * step
        t = mp.exp(u - mp.exp(-u))
        weight = step * t * (1 + mp.exp(-u)) * 2 * t / mp.expm1(2 * mp.pi * t)
        if weight > mp.mpf(10) ** -DIGITS:
            squares.append(t * t)
            weights.append(weight)
    return squares, weights


def rational_rule() -> tuple[list, list]:
    """Nodes x_k and weights W_k as mpmath numbers."""
    with mp.workdps(DIGITS):
        squares, weights = binet_measure()
        spread = [
            (1 - mp.cos(mp.pi * (j + mp.mpf(1) / 2) / INTERPOLATION_POINTS)) / 2 for j in range(INTERPOLATION_POINTS)
        ]
        poles = [(LOWEST_ARGUMENT * mp.mpf(SPAN) ** fraction) ** 2 for fraction in spread]
        modified = [w / mp.fprod(x + pole for pole in poles) for x, w in zip(squares, weights, strict=True)]
        # Stieltjes' procedure: the three-term recurrence of the orthogonal polynomials, as a Jacobi matrix.
        total = mp.fsum(modified)
        jacobi = mp.zeros(NODES)
        previous, current = [mp.mpf(0)] * len(squares), [mp.mpf(1)] * len(squares)
        norm_before, ratio = None, mp.mpf(0)
        for k in range(NODES):
            norm = mp.fsum(w * p * p for w, p in zip(modified, current, strict=True))
            if norm_before is not None:
                ratio = norm / norm_before
                jacobi[k, k - 1] = jacobi[k - 1, k] = mp.sqrt(ratio)
            jacobi[k, k] = mp.fsum(w * x * p * p for w, x, p in zip(modified, squares, current, strict=True)) / norm
            previous, current = (
                current,
                [(x - jacobi[k, k]) * p - ratio * q for x, p, q in zip(squares, current, previous, strict=True)],
            )
            norm_before = norm
        nodes, vectors = mp.eigsy(jacobi)
        rule = [
            (nodes[k], total * vectors[0, k] ** 2 * mp.fprod(nodes[k] + pole for pole in poles)) for k in range(NODES)
        ]
        return [x for x, _ in rule], [w for _, w in rule]


if __name__ == "__main__":
    for values in rational_rule():
        print("[" + ", ".join(repr(float(value)) for value in values) + "]")
