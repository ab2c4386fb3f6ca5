"""Two NISIN reservoirs by SciPy's quadrature and minimiser: what known values are computed with again.

It shares nothing with the package but the equations: no table, no closed form, no root finder.
"""

import itertools

import numpy as np
from scipy.integrate import quad
from scipy.optimize import minimize_scalar

BOLTZMANN, REDUCED_PLANCK = 1.380649e-23, 6.62607015e-34 / (2.0 * np.pi)
CRITICAL_TEMPERATURE, DYNES = 1.2, 1e-4
"""Of aluminium in the presets [K], and its broadening over the gap at T = 0."""
DIGITS = 1e-10
"""Relative error that the quadrature is asked for."""
EXTREMUM_DIGITS = 1e-4
"""Relative error of the place of an extremum, as a value changes with its square: ten times the root of DIGITS."""


def gap(temperature: float) -> float:
    """Δ(T) = 1.764 k_BT_c tanh(1.74 √(T_c/T − 1)) [J]."""
    if temperature >= CRITICAL_TEMPERATURE:
        return 0.0
    return (
        1.764
        * BOLTZMANN
        * CRITICAL_TEMPERATURE
        * float(np.tanh(1.74 * np.sqrt(CRITICAL_TEMPERATURE / temperature - 1)))
    )


def conductance_ratio(temperature: float, dynes: float = DYNES) -> float:
    """R_N/R(T) = ∫ dE n(E) (−f′(E)) over all E, in units of k_BT."""
    x = gap(temperature) / (BOLTZMANN * temperature)
    width = dynes * 1.764 * CRITICAL_TEMPERATURE / temperature

    def integrand(energy: float) -> float:
        z = energy + 1j * width
        return float(abs((z / np.sqrt(z * z - x * x)).real) / (2.0 * np.cosh(0.5 * energy) ** 2))

    edges = sorted({0.0, max(0.0, x - 30 * width), x, x + 30 * width, x + 5.0, x + 20.0, x + 60.0})
    parts = [quad(integrand, a, b, limit=400, epsabs=0.0, epsrel=DIGITS) for a, b in itertools.pairwise(edges)]
    return float(sum(value for value, _ in parts))


def photon_heat(left: float, right: float, area_ratio: float, cutoff: float) -> float:
    """J(T_L, T_R) = ∫dω/2π ħω 4R_LR_R/[(R_L + R_R)² + (ωR_LR_R(C_L + C_R))²] [n(T_L) − n(T_R)] [W], ω_c = 1/(ρc).

    Over u = ħω/k_BT of the hotter side, so that both populations end within the interval.
    """
    r_left, r_right = 1.0 / conductance_ratio(left), 1.0 / conductance_ratio(right)
    hotter = max(left, right)
    static = (area_ratio * r_left + r_right) ** 2
    slope = ((1.0 + area_ratio) * r_left * r_right * BOLTZMANN * hotter / (REDUCED_PLANCK * cutoff)) ** 2

    def integrand(u: float) -> float:
        populations = [1.0 / np.expm1(x) if x < 700.0 else 0.0 for x in (u * hotter / left, u * hotter / right)]
        return float(u * (populations[0] - populations[1]) / (static + slope * u * u))

    knee = min(30.0, float(np.sqrt(static / slope)))
    parts = [
        quad(integrand, a, b, epsabs=0.0, epsrel=DIGITS, limit=400)[0]
        for a, b in itertools.pairwise((0.0, 0.1 * knee, knee, min(50.0, 10.0 * knee), 50.0))
        if a < b
    ]
    power = (BOLTZMANN * hotter) ** 2 / (2.0 * np.pi * REDUCED_PLANCK)
    return float(4.0 * area_ratio * r_left * r_right * power * sum(parts))


def outflow(temperature: float, other: float, coupling: float, bath: float) -> float:
    """Heat that leaves the left island [W]: phonons by ΣV (T⁵ − T_b⁵), and photons to an equal reservoir, ω_c 2e12 rad/s."""
    return coupling * (temperature**5 - bath**5) + photon_heat(temperature, other, 1.0, 2e12)


def folds(other: float = 0.5, coupling: float = 0.5e9 * 0.006e-18, bath: float = 0.05) -> list[tuple[float, float]]:
    """Where that outflow turns: (T [K], G(T) [W]) of its maximum and of its minimum."""
    found = []
    for sign, low, high in ((-1.0, 0.12, 0.27), (1.0, 0.25, 0.4)):
        best = minimize_scalar(
            lambda t, sign=sign: 1e15 * sign * outflow(t, other, coupling, bath),
            bounds=(low, high),
            method="bounded",
            options={"xatol": 1e-9},
        )
        found.append((float(best.x), outflow(float(best.x), other, coupling, bath)))
    return found


def voltage_noise(temperatures: tuple[float, ...], resistances: tuple[float, ...], capacitance: float) -> float:
    """⟨V²⟩ = Σ_j (2ħ/πR_j) ∫dω ω n(ω, T_j) / [(ΣG)² + (ωC)²] of resistors and a capacitance in parallel [V²]."""
    conductance = sum(1.0 / resistance for resistance in resistances)
    total = 0.0
    for temperature, resistance in zip(temperatures, resistances, strict=True):
        rate = BOLTZMANN * temperature / REDUCED_PLANCK

        def integrand(u: float, rate: float = rate) -> float:
            return (
                float(u / np.expm1(u) / (conductance**2 + (u * rate * capacitance) ** 2)) if u else 1 / conductance**2
            )

        knee = min(1.0, conductance / (rate * capacitance))
        edges = (0.0, 0.1 * knee, knee, 10.0 * knee, 100.0 * knee, 700.0)
        parts = [quad(integrand, a, b, epsabs=0.0, epsrel=DIGITS, limit=400)[0] for a, b in itertools.pairwise(edges)]
        total += 2.0 * REDUCED_PLANCK / (np.pi * resistance) * rate**2 * sum(parts)
    return total
