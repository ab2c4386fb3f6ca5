"""Heat along wires, normal and superconducting: definitions, laws, limits."""

import itertools
import math

import jax
import jax.numpy as jnp
import mpmath as mp
import numpy as np
import pytest
from scipy.integrate import quad

from subkelvin.constants import BOLTZMANN, LORENZ_NUMBER
from subkelvin.physics.superconductor import gap
from subkelvin.physics.wires import normal_wire_heat, superconducting_wire_heat, thermal_conductivity_ratio

RESISTANCE = 1e3
CRITICAL_TEMPERATURE = 1.2

heat = jax.jit(superconducting_wire_heat)
conductivity = jax.jit(
    lambda t, solved: t * thermal_conductivity_ratio(gap(t, CRITICAL_TEMPERATURE, solved) / (BOLTZMANN * t))
)


@pytest.mark.parametrize("y", [0.0, 1e-9, 0.1, 1.0, 5.0, 20.0, 60.0, 300.0])
def test_the_ratio_of_conductivities_is_its_definition(y: float) -> None:
    with mp.workdps(25):
        points = [y, y + 1, y + 4, y + 15, y + 50, y + 120]
        integral = mp.quad(lambda x: x**2 / mp.cosh(x / 2) ** 2, points)
        expected = 3 / (2 * mp.pi**2) * integral
    assert float(thermal_conductivity_ratio(y)) == pytest.approx(float(expected), rel=1e-14)


def test_the_ratio_falls_from_one_without_a_gap() -> None:
    ratio = np.asarray(thermal_conductivity_ratio(np.linspace(0.0, 50.0, 501)))
    assert ratio[0] == pytest.approx(1.0, rel=1e-15)
    assert (np.diff(ratio) < 0.0).all()
    assert np.isnan(thermal_conductivity_ratio(-0.1))


@pytest.mark.parametrize("solved", [True, False])
@pytest.mark.parametrize(
    ("first", "second"), [(0.5, 0.1), (1.2, 0.05), (2.0, 0.3), (0.1, 0.9), (0.1, 0.02), (0.31, 0.3), (1.1999, 0.4)]
)
def test_heat_is_the_integral_over_temperature(first: float, second: float, solved: bool) -> None:
    """By adaptive quadrature over √(T_c − T), piece by piece."""
    low, high = min(first, second), max(first, second)
    normal = 0.5 * max(high**2 - max(low, CRITICAL_TEMPERATURE) ** 2, 0.0) if high > CRITICAL_TEMPERATURE else 0.0
    ends = np.sqrt(CRITICAL_TEMPERATURE - np.minimum([high, low], CRITICAL_TEMPERATURE))
    pieces = np.linspace(ends[0], ends[1], 7)

    def integrand(s: float) -> float:
        return 2.0 * s * float(conductivity(CRITICAL_TEMPERATURE - s * s, solved))

    parts = [quad(integrand, *piece, epsabs=0.0, epsrel=1e-13)[0] for piece in itertools.pairwise(pieces)]
    expected = math.copysign(LORENZ_NUMBER / RESISTANCE * (normal + sum(parts)), first - second)
    assert float(heat(first, second, CRITICAL_TEMPERATURE, solved, RESISTANCE)) == pytest.approx(expected, rel=1e-11)


def test_without_superconductivity_it_is_wiedemann_franz() -> None:
    for first, second in ((0.5, 0.1), (0.2, 0.9)):
        normal = float(normal_wire_heat(first, second, RESISTANCE))
        assert normal == pytest.approx(0.5 * LORENZ_NUMBER * (first**2 - second**2) / RESISTANCE, rel=1e-14)
        assert float(heat(first, second, 0.0, True, RESISTANCE)) == pytest.approx(normal, rel=1e-14)
        assert float(heat(first + 1.2, second + 1.2, 1.2, True, RESISTANCE)) == pytest.approx(
            float(normal_wire_heat(first + 1.2, second + 1.2, RESISTANCE)), rel=1e-14
        )


def test_heat_adds_up_along_temperatures() -> None:
    whole = float(heat(1.5, 0.05, 1.2, True, RESISTANCE))
    parts = sum(float(heat(a, b, 1.2, True, RESISTANCE)) for a, b in ((1.5, 1.2), (1.2, 0.7), (0.7, 0.05)))
    assert whole == pytest.approx(parts, rel=1e-13)


def test_no_heat_flows_between_equal_temperatures_and_a_cold_wire_insulates() -> None:
    temperatures = np.array([1e-3, 0.1, 1.2, 5.0])
    assert (np.asarray(heat(temperatures, temperatures, 1.2, True, RESISTANCE)) == 0.0).all()
    cold = float(heat(0.12, 0.1, 1.2, True, RESISTANCE)) / float(normal_wire_heat(0.12, 0.1, RESISTANCE))
    assert 0.0 < cold < 1e-4


@pytest.mark.parametrize("end", [0, 1])
@pytest.mark.parametrize("temperature", [0.1, 0.5, 1.199999, 1.2, 1.3])
def test_the_derivative_is_the_conductance_at_that_end(end: int, temperature: float) -> None:
    """dQ̇/dT at either end is ± L0 T g/R there, at T_c as well: the gap's own slope must not appear."""

    def at_end(t: jax.Array) -> jax.Array:
        first, second = (t, 0.3) if end == 0 else (0.3, t)
        return superconducting_wire_heat(first, second, 1.2, True, RESISTANCE)

    expected = LORENZ_NUMBER / RESISTANCE * float(conductivity(temperature, True)) * (1.0 if end == 0 else -1.0)
    assert float(jax.grad(at_end)(temperature)) == pytest.approx(expected, rel=1e-9)


def test_the_derivative_by_the_critical_temperature_is_right() -> None:
    slope = float(jax.grad(superconducting_wire_heat, argnums=2)(0.6, 0.2, 1.2, False, RESISTANCE))
    step = 1e-5
    difference = (heat(0.6, 0.2, 1.2 + step, False, RESISTANCE) - heat(0.6, 0.2, 1.2 - step, False, RESISTANCE)) / (
        2.0 * step
    )
    assert slope == pytest.approx(float(difference), rel=1e-7)
    assert slope < 0.0


@pytest.mark.parametrize(
    "arguments", [(0.0, 0.1, 1.2, 1e3), (0.1, -0.1, 1.2, 1e3), (0.2, 0.1, -1.0, 1e3), (0.2, 0.1, 1.2, 0.0)]
)
def test_an_invalid_argument_gives_nan(arguments: tuple[float, float, float, float]) -> None:
    first, second, critical, resistance = arguments
    assert jnp.isnan(heat(first, second, critical, True, resistance))


def test_an_invalid_argument_gives_nan_for_a_normal_wire() -> None:
    assert jnp.isnan(normal_wire_heat(0.1, 0.2, 0.0))
    assert jnp.isnan(normal_wire_heat(-0.1, 0.2, 1.0))
