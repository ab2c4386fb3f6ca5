"""Charge and heat through a NIS junction: laws, limits, published optima, and 30-digit values."""

import importlib.util
import itertools
import json
from collections.abc import Callable
from importlib import resources
from pathlib import Path
from types import ModuleType

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from jax.typing import ArrayLike
from scipy.special import k1

from subkelvin.constants import BOLTZMANN, ELEMENTARY_CHARGE, LORENZ_NUMBER
from subkelvin.physics.superconductor import interpolated_gap
from subkelvin.physics.tunnel_current import (
    charge_current,
    heat_current_from_normal,
    heat_current_into_superconductor,
    thermal_conductance,
)

CRITICAL_TEMPERATURE = 1.2
GAP = 1.764 * BOLTZMANN * CRITICAL_TEMPERATURE
GAP_VOLTAGE = GAP / ELEMENTARY_CHARGE
RESISTANCE = 1e3

BLOCK = 1024
"""Points per call, so that every function is compiled once for all tests."""


def in_blocks(function: Callable[..., jax.Array]) -> Callable[..., np.ndarray]:
    """The function, compiled once, of arguments that broadcast against each other."""
    compiled = jax.jit(function)

    def evaluate(*arguments: ArrayLike) -> np.ndarray:
        broadcast = np.broadcast_arrays(*(np.asarray(argument, float) for argument in arguments))
        rows = np.stack([argument.ravel() for argument in broadcast])
        padded = np.pad(rows, ((0, 0), (0, -rows.shape[1] % BLOCK)), mode="edge")
        blocks = [np.asarray(compiled(*block)) for block in np.split(padded, padded.shape[1] // BLOCK, axis=1)]
        values = np.concatenate(blocks, axis=-1)[..., : rows.shape[1]]
        return values.reshape((*values.shape[:-1], *broadcast[0].shape))

    return evaluate


def current_and_heat(*arguments: jax.Array) -> jax.Array:
    return jnp.stack([charge_current(*arguments), heat_current_from_normal(*arguments)])


def reverse_slopes(*arguments: jax.Array) -> jax.Array:
    """∂(I, Q̇)/∂(T_N, T_S, V, Δ, Γ, R), shape (2, 6, points)."""
    _, pull_back = jax.vjp(current_and_heat, *arguments)
    unit = jnp.broadcast_to(jnp.eye(2)[:, :, None], (2, 2, arguments[0].size))
    return jnp.stack([jnp.stack(pull_back(row)) for row in unit])


current = in_blocks(charge_current)
heat = in_blocks(heat_current_from_normal)
heat_into_superconductor = in_blocks(heat_current_into_superconductor)
conductance = in_blocks(thermal_conductance)
slopes = in_blocks(reverse_slopes)

# Every combination of cold and hot, from far below to far above the gap, clean to strongly broadened.
TEMPERATURES = [1e-3, 0.02, 0.1, 0.3, 1.0, 10.0]
VOLTAGES = [0.0, 1e-9, 1e-5, 0.99 * GAP_VOLTAGE, GAP_VOLTAGE, 1.01 * GAP_VOLTAGE, 1e-2]
GAPS = [0.0, 1e-3 * GAP, GAP]
BROADENINGS = [0.0, 1e-12 * GAP, 1e-6 * GAP, 1e-4 * GAP, 1e-2 * GAP, 0.1 * GAP]
COMBINATIONS = itertools.product(TEMPERATURES, TEMPERATURES, VOLTAGES, GAPS, BROADENINGS)
GRID = [np.array(column) for column in zip(*COMBINATIONS, strict=True)]


@pytest.fixture(scope="module")
def builder() -> ModuleType:
    """The script that made the reference values."""
    path = Path(__file__).parents[2] / "tables" / "reference_tunnel_current.py"
    specification = importlib.util.spec_from_file_location("reference_tunnel_current", path)
    assert specification is not None
    assert specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


def reference_rows(quantity: str) -> tuple[dict[str, np.ndarray], np.ndarray]:
    content = json.loads((resources.files("subkelvin") / "data" / "reference_tunnel_current.json").read_text("utf-8"))
    rows = [row for row in content["rows"] if row["quantity"] == quantity]
    assert len(rows) >= 20
    arguments = {name: np.array([row["arguments"][name] for row in rows]) for name in rows[0]["arguments"]}
    return arguments, np.array([float(row["value"]) for row in rows])


def test_currents_agree_with_thirty_digits() -> None:
    arguments, exact = reference_rows("charge_current")
    # quadrature, 8e-12 at the worst
    np.testing.assert_allclose(current(*arguments.values()), exact, rtol=1e-11, atol=0.0)


def test_heat_agrees_with_thirty_digits() -> None:
    arguments, exact = reference_rows("heat_current_from_normal")
    # The same, relative to what compensates: the Joule heat is up to 13 times the result in one row.
    np.testing.assert_allclose(heat(*arguments.values()), exact, rtol=3e-11, atol=0.0)


@pytest.mark.parametrize("index", [0, 2, 8, 16])
def test_shipped_values_are_those_of_the_definition(builder: ModuleType, index: int) -> None:
    row = builder.rows()[index]
    for quantity, function in builder.QUANTITIES.items():
        arguments, exact = reference_rows(quantity)
        assert {name: float(values[index]) for name, values in arguments.items()} == row
        # the shipped text has 30 digits, a float 16
        assert abs(float(function(**row)) / exact[index] - 1.0) < 3e-16


def test_without_a_gap_the_junction_is_ohmic() -> None:
    normal, superconductor, voltage, _, broadening = GRID
    through = current(normal, superconductor, voltage, 0.0, broadening, RESISTANCE)
    # quadrature: e^{−π²/0.26} = 3e-17 times (2π/0.26)² and the size of the integrand at its poles
    np.testing.assert_allclose(through, voltage / RESISTANCE, rtol=5e-12, atol=0.0)


def test_without_a_gap_heat_follows_wiedemann_franz_and_joule() -> None:
    normal, superconductor, voltage, _, broadening = GRID
    carried = 0.5 * LORENZ_NUMBER * (normal - superconductor) * (normal + superconductor) / RESISTANCE
    joule = 0.5 * voltage**2 / RESISTANCE
    size = np.abs(carried) + joule
    leaving = heat(normal, superconductor, voltage, 0.0, broadening, RESISTANCE)
    arriving = heat_into_superconductor(normal, superconductor, voltage, 0.0, broadening, RESISTANCE)
    # quadrature, relative to the sum of what compensates
    assert np.max(np.abs(leaving - (carried - joule))[size > 0] / size[size > 0]) < 1e-11
    assert np.max(np.abs(arriving - (carried + joule))[size > 0] / size[size > 0]) < 1e-11


def test_heat_flows_from_hot_to_cold_and_not_at_all_between_equals() -> None:
    normal, superconductor, _, gap, broadening = GRID
    flow = np.asarray(heat(normal, superconductor, 0.0, gap, broadening, RESISTANCE))
    assert np.all(flow[normal == superconductor] == 0.0)
    # Without broadening e^{−Δ/k_BT} of the hotter side underflows beyond x = 600.
    hottest = BOLTZMANN * np.maximum(normal, superconductor)
    alive = (normal != superconductor) & ((broadening > 0.0) | (gap / hottest < 600))
    assert np.all(np.sign(flow[alive]) == np.sign(normal - superconductor)[alive])


def test_the_direction_of_heat_is_right_between_neighbouring_floats() -> None:
    temperature = np.array(TEMPERATURES)[:, None]
    above = np.nextafter(temperature, np.inf)
    slope = conductance(temperature, GAP, np.array(BROADENINGS[2:]), RESISTANCE)
    for hot, cold, sign in ((above, temperature, 1.0), (temperature, above, -1.0)):
        flow = heat(hot, cold, 0.0, GAP, np.array(BROADENINGS[2:]), RESISTANCE)
        # to first order in a temperature step of 1e-16, plus quadrature
        np.testing.assert_allclose(flow, sign * slope * (above - temperature), rtol=1e-11)


def test_current_has_the_sign_of_the_voltage_and_is_odd() -> None:
    normal, superconductor, voltage, gap, broadening = GRID
    forward = np.asarray(current(normal, superconductor, voltage, gap, broadening, RESISTANCE))
    backward = np.asarray(current(normal, superconductor, -voltage, gap, broadening, RESISTANCE))
    np.testing.assert_array_equal(forward, -backward)
    assert np.all(forward[voltage == 0.0] == 0.0)
    alive = (voltage > 0.0) & ((broadening > 0.0) | (gap / (BOLTZMANN * normal) < 600))
    assert np.all(forward[alive] > 0.0)
    # never above the ohmic current
    assert np.all(forward <= voltage / RESISTANCE * (1 + 1e-12))


def test_heat_is_even_in_the_voltage() -> None:
    normal, superconductor, voltage, gap, broadening = GRID
    forward = heat(normal, superconductor, voltage, gap, broadening, RESISTANCE)
    backward = heat(normal, superconductor, -voltage, gap, broadening, RESISTANCE)
    np.testing.assert_array_equal(forward, backward)


def test_at_a_given_gap_the_temperature_of_the_superconductor_does_not_act_on_the_current() -> None:
    normal, superconductor, voltage, gap, broadening = GRID
    one = current(normal, superconductor, voltage, gap, broadening, RESISTANCE)
    other = current(normal, 0.2, voltage, gap, broadening, RESISTANCE)
    # the nodes move with the hotter side: quadrature error; below 1e-290 floats lose digits
    np.testing.assert_allclose(one, other, rtol=5e-12, atol=1e-290)


def test_the_source_supplies_the_difference_between_both_heats() -> None:
    normal, superconductor, voltage, gap, broadening = GRID
    arguments = (normal, superconductor, voltage, gap, broadening, RESISTANCE)
    leaving, arriving = heat(*arguments), heat_into_superconductor(*arguments)
    work = current(*arguments) * voltage
    size = np.abs(leaving) + np.abs(arriving) + np.abs(work)
    # sums of terms of this size, rounded
    assert np.all(np.abs(arriving - leaving - work) <= 1e-14 * size + 1e-290)


def test_entropy_never_decreases() -> None:
    normal, superconductor, voltage, gap, broadening = GRID
    arguments = (normal, superconductor, voltage, gap, broadening, RESISTANCE)
    gained = np.asarray(heat_into_superconductor(*arguments)) / superconductor
    lost = np.asarray(heat(*arguments)) / normal
    # quadrature error of either term where they are nearly equal
    assert np.all(gained - lost >= -1e-11 * (np.abs(gained) + np.abs(lost)) - 1e-290)
    assert np.mean(gained - lost > 0.0) > 0.8


@pytest.mark.parametrize(
    ("temperature", "cooling", "optimum"), [(0.1, 0.008374, 0.9639), (0.3, 0.043356, 0.8906), (0.44, 0.056494, 0.8198)]
)
def test_the_refrigerator_cools_best_where_it_is_known_to(temperature: float, cooling: float, optimum: float) -> None:
    kelvin = temperature * CRITICAL_TEMPERATURE
    gap = interpolated_gap(kelvin, CRITICAL_TEMPERATURE)
    bias = np.linspace(0.7, 1.0, 6001)
    power = np.asarray(heat(kelvin, kelvin, bias * GAP_VOLTAGE, gap, 1e-6 * GAP, RESISTANCE))
    reduced = power * ELEMENTARY_CHARGE**2 * RESISTANCE / GAP**2
    # the digits given: half a unit of the last one, and a grid of 5e-5 for the bias
    assert abs(reduced.max() - cooling) < 5.1e-7
    assert abs(bias[reduced.argmax()] - optimum) < 1e-4


def test_the_best_refrigerator_works_at_044_of_the_critical_temperature() -> None:
    kelvin = CRITICAL_TEMPERATURE * np.linspace(0.38, 0.50, 61)[:, None]
    gap = interpolated_gap(kelvin, CRITICAL_TEMPERATURE)
    power = heat(kelvin, kelvin, np.linspace(0.7, 0.95, 101) * GAP_VOLTAGE, gap, 1e-6 * GAP, RESISTANCE)
    best = kelvin[np.argmax(np.max(power, axis=1)), 0] / CRITICAL_TEMPERATURE
    # two digits are known
    assert abs(best - 0.44) < 0.005


def test_heat_is_rectified_by_269_percent_at_the_most() -> None:
    hot = CRITICAL_TEMPERATURE * np.linspace(0.7, 0.97, 271)
    cold = 0.02 * CRITICAL_TEMPERATURE
    super_hot = -heat(cold, hot, 0.0, interpolated_gap(hot, CRITICAL_TEMPERATURE), 0.0, RESISTANCE)
    normal_hot = heat(hot, cold, 0.0, interpolated_gap(cold, CRITICAL_TEMPERATURE), 0.0, RESISTANCE)
    rectification = np.asarray((super_hot - normal_hot) / normal_hot)
    # three digits are known of each
    assert abs(rectification.max() - 0.269) < 5e-4
    assert abs(hot[rectification.argmax()] / CRITICAL_TEMPERATURE - 0.845) < 2e-3


def test_zero_bias_conductance_of_a_clean_junction_is_a_sum_of_bessel_functions() -> None:
    x = np.array([0.5, 1.0, 5.0, 30.0, 100.0, 300.0])
    k = np.arange(1, 100)[:, None]
    exact = np.sum(2.0 * x * (-1.0) ** (k + 1) * k * k1(k * x), axis=0)
    # e^{−x} of a rounded x: 300 · 1e-16, and quadrature
    slope = slopes(GAP / (BOLTZMANN * x), 0.1, 0.0, GAP, 0.0, 1.0)[0, 2]
    np.testing.assert_allclose(slope, exact, rtol=1e-12)


@pytest.mark.parametrize(
    ("dynes", "ratios"),
    [
        (1e-4, (9959.94, 9810.79, 5750.57, 786.175, 52.4997, 5.73516, 2.18522, 1.24006)),
        (1e-3, (995.995, 983.118, 899.010, 444.229, 49.6544, 5.69871, 2.18148, 1.23962)),
    ],
)
def test_zero_bias_resistance_of_a_broadened_junction_is_the_known_one(dynes: float, ratios: tuple[float, ...]) -> None:
    temperature = CRITICAL_TEMPERATURE * np.array([0.05, 0.1, 0.15, 0.2, 0.3, 0.5, 0.7, 0.9])
    gap = interpolated_gap(temperature, CRITICAL_TEMPERATURE)
    # six digits are given
    np.testing.assert_allclose(1.0 / slopes(temperature, 0.1, 0.0, gap, dynes * GAP, 1.0)[0, 2], ratios, rtol=6e-6)


def test_a_cold_clean_junction_opens_at_the_gap_voltage() -> None:
    voltage = GAP_VOLTAGE * np.array([1.05, 1.5, 3.0, 50.0])
    # Thermal rounding is of order (k_BT)²/(eV−Δ)²: below 1e-4 at x = 2117, eV = 1.05 Δ.
    expected = np.sqrt(voltage**2 - GAP_VOLTAGE**2) / RESISTANCE
    np.testing.assert_allclose(current(1e-3, 1e-3, voltage, GAP, 0.0, RESISTANCE), expected, rtol=1e-4)


def test_thermal_conductance_is_the_slope_of_the_heat_by_either_temperature() -> None:
    temperature, gap, broadening = (
        np.array(x) for x in zip(*itertools.product(TEMPERATURES, GAPS, BROADENINGS), strict=True)
    )
    by_normal, by_superconductor = slopes(temperature, temperature, 0.0, gap, broadening, RESISTANCE)[1, :2]
    expected = conductance(temperature, gap, broadening, RESISTANCE)
    # quadrature errors of two different integrands
    np.testing.assert_allclose(by_normal, expected, rtol=1e-10, atol=1e-290)
    np.testing.assert_allclose(by_superconductor, -expected, rtol=1e-10, atol=1e-290)


def test_thermal_conductance_without_a_gap_is_wiedemann_franz() -> None:
    temperature = np.array(TEMPERATURES)
    # quadrature: e^{−π²/0.26} = 3e-17 times (2π/0.26)³ and the size of the integrand at its triple poles
    expected = LORENZ_NUMBER * temperature / RESISTANCE
    np.testing.assert_allclose(conductance(temperature, 0.0, 0.1 * GAP, RESISTANCE), expected, rtol=1.5e-11)


POINTS = [
    # T_N, T_S, V, Δ, Γ, R
    (0.3, 0.2, 0.8 * GAP_VOLTAGE, GAP, 1e-4 * GAP, 1e3),
    (0.1, 0.3, 0.97 * GAP_VOLTAGE, GAP, 1e-3 * GAP, 1e3),
    (0.05, 0.05, 1.01 * GAP_VOLTAGE, GAP, 1e-2 * GAP, 2e3),
    (0.4, 0.04, 1e-5, GAP, 0.1 * GAP, 5.0),
    (0.04, 0.4, -1.2e-4, GAP, 1e-6 * GAP, 1e3),
    (1.0, 1.1, 3e-4, 0.3 * GAP, 0.1 * GAP, 1e3),
    (0.2, 0.2, GAP_VOLTAGE, GAP, 1e-2 * GAP, 1e3),
]


def test_derivatives_are_those_of_finite_differences() -> None:
    point = np.array(POINTS).T
    size = np.stack([current(*point), heat(*point)])
    size = np.abs(size) + np.abs(np.stack([0.0 * point[2], current(*point) * point[2]]))
    exact = slopes(*point) * point
    for argument in range(6):
        step = np.zeros((6, 1))
        step[argument] = 1.0
        values = []
        for k in (-2, -1, 1, 2):
            shifted = point * (1.0 + k * 3e-4 * step)
            values.append(np.stack([current(*shifted), heat(*shifted)]))
        slope = (values[0] - 8.0 * values[1] + 8.0 * values[2] - values[3]) / (12.0 * 3e-4)
        # Five-point rule: (50 · 3e-4)⁴/30 = 2e-9 where the current grows like e^{50 ln T}, and 1e-13/3e-4 of rounding.
        assert np.all(np.abs(exact[:, argument] - slope) < 2e-8 * (np.abs(slope) + size))


def test_forward_and_reverse_derivatives_agree() -> None:
    point = np.pad(np.array(POINTS).T, ((0, 0), (0, BLOCK - len(POINTS))), mode="edge")
    direction = point * np.array([0.3, -0.2, 0.5, 0.1, -0.4, 0.7])[:, None]
    _, forward = jax.jit(lambda p, d: jax.jvp(current_and_heat, tuple(p), tuple(d)))(point, direction)
    terms = slopes(*point) * direction
    # sums of six rounded terms
    assert np.all(np.abs(np.sum(terms, axis=1) - forward) < 1e-10 * np.sum(np.abs(terms), axis=1))


def test_broadening_acts_at_first_order_also_on_a_clean_junction() -> None:
    normal, voltage = np.array([0.05, 0.1, 0.3, 0.3]), np.array([1e-4, 1.7e-4, 1e-5, 5e-4])
    # ∂𝒩/∂Γ = E/√(Δ²−E²) inside the gap; with E = Δ sin θ the integral is smooth and periodic but for its end,
    # where Gauss–Legendre converges at once.
    nodes, weights = np.polynomial.legendre.leggauss(400)
    theta = (nodes[:, None] + 1.0) * np.pi / 4.0
    unit = BOLTZMANN * normal
    energy, bias = GAP * np.sin(theta) / unit, ELEMENTARY_CHARGE * voltage / unit
    kernel = np.sinh(bias) * np.sinh(energy) / (np.cosh(energy) + np.cosh(bias)) ** 2
    exact = np.sum(weights[:, None] * np.pi / 4.0 * kernel * energy, axis=0) / (ELEMENTARY_CHARGE * RESISTANCE)
    # e^{−37/2} = 1e-8 of the inverse square root is left out
    np.testing.assert_allclose(slopes(normal, 0.1, voltage, GAP, 0.0, RESISTANCE)[0, 4], exact, rtol=1e-7)


def test_every_derivative_is_finite_everywhere() -> None:
    assert np.all(np.isfinite(slopes(*(x[::7] for x in GRID), RESISTANCE)))


@pytest.mark.parametrize(
    "wrong", [(0, -0.1), (0, 0.0), (0, np.nan), (1, -0.1), (1, np.nan), (2, np.nan), (3, -GAP), (4, -GAP), (5, -1.0)]
)
def test_what_cannot_be_gives_nan(wrong: tuple[int, float]) -> None:
    arguments = [0.1, 0.2, 1e-4, GAP, 1e-4 * GAP, RESISTANCE]
    arguments[wrong[0]] = wrong[1]
    for function in (current, heat, heat_into_superconductor):
        assert np.isnan(function(*arguments))
