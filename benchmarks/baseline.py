"""What a careful physicist writes for the paper's set-up: `quad` inside `brentq`, R(T) by spline.

The rival of the benchmark, and an independent implementation: it shares nothing with the package but the equations.
The integrand is scaled (quad's default absolute tolerance is 1.5e-8, which would stop a femtowatt integral at its first
rule); R_N/R(T) and the superconductor's electron-phonon power come from splines made once, outside the clock.
"""

import itertools
from collections.abc import Callable

import numpy as np
from scipy.integrate import quad
from scipy.interpolate import CubicSpline
from scipy.optimize import brentq

BOLTZMANN, REDUCED_PLANCK = 1.380649e-23, 6.62607015e-34 / (2 * np.pi)


def interpolated_gap(temperature: float, critical_temperature: float) -> float:
    """Δ(T) = 1.764 k_B T_c tanh(1.74 √(T_c/T − 1)) [J]."""
    if temperature >= critical_temperature:
        return 0.0
    return 1.764 * BOLTZMANN * critical_temperature * np.tanh(1.74 * np.sqrt(critical_temperature / temperature - 1.0))


def conductance_ratio(temperature: float, critical_temperature: float, dynes: float) -> float:
    """R_N/R(T) by quadrature in units of k_B T, with the gap edge as a break point."""
    x = interpolated_gap(temperature, critical_temperature) / (BOLTZMANN * temperature)
    w = dynes * 1.764 * critical_temperature / temperature

    def integrand(energy: float) -> float:
        z = energy + 1j * w
        return abs((z / np.sqrt(z * z - x * x)).real) / (2.0 * np.cosh(0.5 * energy) ** 2)

    edges = sorted({0.0, max(0.0, x - 30 * w), x, x + 30 * w, x + 5.0, x + 20.0, x + 60.0})
    return sum(quad(integrand, a, b, limit=400, epsabs=0.0, epsrel=1e-11)[0] for a, b in itertools.pairwise(edges))


class PaperSetup:
    """Two NISIN reservoirs; the left one floats under a constant power, the right one and the bath are held."""

    def __init__(self, parameters: dict[str, float], superconducting_power: Callable[[float], float]) -> None:
        self.p = parameters
        self.superconducting_power = superconducting_power
        grid = np.geomspace(0.02, parameters["critical_temperature"] * (1 - 1e-9), 1200)
        ratio = [conductance_ratio(t, parameters["critical_temperature"], parameters["dynes"]) for t in grid]
        self.log_ratio = CubicSpline(np.log(grid), np.log(ratio))
        # The power vanishes at the bath; divided by T⁵ − T_b⁵ it is smooth and positive.
        hot = grid[grid > 1.0001 * parameters["bath"]]
        quotient = [superconducting_power(t) / (t**5 - parameters["bath"] ** 5) for t in hot]
        self.log_superconducting = CubicSpline(np.log(hot), np.log(quotient))

    def photon_heat(self, left: float, right: float) -> float:
        """J(T_L, T_R) [W] by quad over u = ħω/k_B T_L, scaled by (k_B T_L)²/ħ."""
        p = self.p
        r_left, r_right = np.exp(-self.log_ratio(np.log(left))), np.exp(-self.log_ratio(np.log(right)))
        a, cutoff = p["area_ratio"], 1.0 / (p["specific_resistance"] * p["specific_capacitance"])
        static = (a * r_left + r_right) ** 2
        slope = ((1.0 + a) * r_left * r_right * BOLTZMANN * left / (REDUCED_PLANCK * cutoff)) ** 2
        ratio = left / right

        def integrand(u: float) -> float:
            if u == 0.0:
                return 0.0
            bose = 1.0 / np.expm1(u) - (1.0 / np.expm1(u * ratio) if u * ratio < 700.0 else 0.0)
            return u * bose / (static + slope * u * u)

        knee = min(30.0, np.sqrt(static / slope))
        total = quad(integrand, 0.0, knee, epsabs=0.0, epsrel=1e-10, limit=200)[0]
        total += quad(integrand, knee, 50.0, epsabs=0.0, epsrel=1e-10, limit=200)[0]
        return 4.0 * a * r_left * r_right * total * (BOLTZMANN * left) ** 2 / (2.0 * np.pi * REDUCED_PLANCK)

    def steady_temperature(self, right: float, power: float) -> float:
        """T_L [K] at which photons and phonons carry away the power."""
        p = self.p
        exponent, bath = p["exponent"], p["bath"]

        def imbalance(left: float) -> float:
            normal = p["normal_coupling"] * (left**exponent - bath**exponent)
            superconducting = np.exp(self.log_superconducting(np.log(left))) * (left**5 - bath**5)
            return (normal + superconducting + self.photon_heat(left, right) - power) / power

        return brentq(imbalance, bath, 0.98 * p["critical_temperature"], xtol=1e-13, rtol=1e-12)
