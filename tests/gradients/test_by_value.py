"""Derivatives of heats by an area, a delay and a voltage, against integrals that share nothing with the library but constants."""

import itertools
from collections.abc import Callable

import jax
import numpy as np
import pytest
from scipy import constants
from scipy.integrate import quad
from tests.hostile.calls import SMALL

from subkelvin import steady_state
from subkelvin.devicefile import loads

HOT, COLD = 0.3, 0.05
BOLTZMANN, ELEMENTARY_CHARGE, HBAR = constants.k, constants.e, constants.hbar


def photon_heat(transmission: Callable[[float], float]) -> float:
    """∫ dω/2π ħω 𝒯 (n_hot − n_cold) [W], in x = ħω/k_BT_hot; beyond 45 the Bose function is below rounding."""
    unit = BOLTZMANN * HOT / HBAR

    def integrand(x: float) -> float:
        return x * transmission(x * unit) * (1.0 / np.expm1(x) - 1.0 / np.expm1(x * HOT / COLD))

    edges = np.linspace(0.0, 45.0, 91)
    parts = [quad(integrand, a, b, epsabs=0.0, epsrel=1e-12, limit=400)[0] for a, b in itertools.pairwise(edges)]
    return (BOLTZMANN * HOT) ** 2 / (2.0 * np.pi * HBAR) * sum(parts)


def slope(function: Callable[[float], float], at: float) -> float:
    """The derivative by a central difference of fourth order, 1e-3 of the value apart: good to 1e-10 of smooth functions."""
    h = 1e-3 * at
    return (8.0 * (function(at + h) - function(at - h)) - function(at + 2 * h) + function(at - 2 * h)) / (12.0 * h)


def test_by_an_area() -> None:
    device = loads(SMALL).hold({"left": HOT}).replace({"islands.right.temperature": COLD})
    rho, c, left = 1e-11, 0.05, 1e-12

    def heat(area: float) -> float:
        first, second = left / rho, area / rho
        return photon_heat(lambda w: 4.0 * first * second / ((first + second) ** 2 + (w * c * (left + area)) ** 2))

    def by_library(area: float | jax.Array) -> jax.Array:
        return steady_state(device.replace({"elements.right.area": area})).heat("left", "right", "photon")

    assert float(by_library(2e-12)) == pytest.approx(heat(2e-12), rel=1e-10)
    # The difference above.
    assert float(jax.grad(by_library)(2e-12)) == pytest.approx(slope(heat, 2e-12), rel=1e-7)


def test_by_a_delay() -> None:
    device = loads(
        f"""
[islands.hot]
temperature = "{HOT} K"
[islands.cold]
temperature = "{COLD} K"
[elements]
hot = {{ kind = "resistor", nodes = ["a", "ground"], island = "hot", resistance = "50 ohm" }}
cold = {{ kind = "resistor", nodes = ["b", "ground"], island = "cold", resistance = "60 ohm" }}
line = {{ kind = "line", nodes = ["a", "b"], characteristic_impedance = "120 ohm", delay = "1 ps" }}
"""
    )
    first, second, line = 50.0, 60.0, 120.0

    def heat(delay: float) -> float:
        # Of a lossless line between two resistors: 𝒯 = 4R₁R₂Z²/[Z²(R₁ + R₂)² cos²ωτ + (R₁R₂ + Z²)² sin²ωτ].
        def transmission(w: float) -> float:
            along, across = line * (first + second) * np.cos(w * delay), (first * second + line**2) * np.sin(w * delay)
            return 4.0 * first * second * line**2 / (along**2 + across**2)

        return photon_heat(transmission)

    def by_library(delay: float | jax.Array) -> jax.Array:
        return steady_state(device.replace({"elements.line.delay": delay})).heat("hot", "cold", "photon")

    # The integral over frequency knows a heat to 1e-9, its derivative no better than to the root of that.
    assert float(by_library(1e-12)) == pytest.approx(heat(1e-12), rel=1e-8)
    assert float(jax.grad(by_library)(1e-12)) == pytest.approx(slope(heat, 1e-12), rel=1e-5)


def test_by_a_voltage() -> None:
    device = loads(
        f"""
[superconductors.Al]
critical_temperature = "1.2 K"
gap_model = "interpolated"
dynes = 1e-3
electron_phonon = "0.3e9 W m^-3 K^-5"
[islands.normal]
temperature = "{HOT} K"
[islands.super]
temperature = "{COLD} K"
[links.junction]
kind = "nis-tunnel"
from = "normal"
to = "super"
superconductor = "Al"
resistance = "1 kohm"
voltage = "150 uV"
"""
    )
    gap = 1.764 * BOLTZMANN * 1.2
    broadening = 1e-3 * gap

    def cooling(voltage: float) -> float:
        """(1/e²R) ∫ (E − eV) N(E) [f_N(E − eV) − f_S(E)] dE: what leaves the normal metal [W]."""
        bias = ELEMENTARY_CHARGE * voltage

        def integrand(x: np.ndarray) -> np.ndarray:
            energy = x * gap
            z = energy + 1j * broadening
            density = np.abs((z / np.sqrt(z * z - gap * gap + 0j)).real)
            normal = 0.5 * (1.0 - np.tanh((energy - bias) / (2.0 * BOLTZMANN * HOT)))
            superconductor = 0.5 * (1.0 - np.tanh(energy / (2.0 * BOLTZMANN * COLD)))
            return (x - bias / gap) * density * (normal - superconductor)

        edges = [-12.0, -3.0, -1.02, -1.0, -0.98, -0.5, 0.0, 0.5, 0.98, 1.0, 1.02, 3.0, 12.0]
        # Gauss–Legendre rules in pieces that begin at the edges of the gap: 200 nodes resolve its broadening.
        nodes, weights = np.polynomial.legendre.leggauss(200)
        halves = 0.5 * np.diff(edges)
        points = np.array(edges[:-1])[:, None] + halves[:, None] * (1.0 + nodes)
        total = float(np.sum(halves[:, None] * weights * integrand(points)))
        return gap**2 / (ELEMENTARY_CHARGE**2 * 1e3) * total

    def by_library(voltage: float | jax.Array) -> jax.Array:
        return steady_state(device.replace({"links.junction.voltage": voltage})).holding_power("normal")

    # The library's tables of tunnel currents are good to 1e-8 of their largest values.
    assert float(by_library(150e-6)) == pytest.approx(cooling(150e-6), rel=1e-6)
    assert float(jax.grad(by_library)(150e-6)) == pytest.approx(slope(cooling, 150e-6), rel=1e-5)
