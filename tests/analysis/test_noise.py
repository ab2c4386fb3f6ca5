"""Voltage noise: closed form, integral, classical limits, and the size at the reference parameters."""

import itertools

import jax
import mpmath
import numpy as np
import pytest
from scipy.integrate import quad

from subkelvin import preset
from subkelvin.analysis.noise import voltage_noise, voltage_noise_by_integral
from subkelvin.balance.network import lower
from subkelvin.circuit.circuit import Circuit
from subkelvin.constants import BOLTZMANN, REDUCED_PLANCK, THERMAL_VOLTAGE
from subkelvin.devicefile import loads

TEMPERATURES = [0.01, 0.05, 0.2, 0.5, 1.1, 3.0]

closed_form = jax.jit(lambda circuit, temperatures: voltage_noise(circuit, temperatures)[0])
by_integral = jax.jit(voltage_noise_by_integral)
conductances = jax.jit(lambda circuit, temperatures: circuit.conductance(temperatures))


def junctions(specific_capacitance: float = 0.05) -> Circuit:
    """Two NISIN on one node; islands: left, bath, right."""
    paths = [f"elements.{name}.specific_capacitance" for name in ("left", "right")]
    return lower(preset("silver-setup-1").replace(dict.fromkeys(paths, specific_capacitance))).circuit


def two_nodes(coupler: str) -> Circuit:
    """Two resistors of 100 and 300 ohm, each with 20 and 30 fF in parallel, and a coupler between their nodes."""
    return lower(
        loads(f"""
        [islands.hot]
        temperature = "0.4 K"
        [islands.cold]
        temperature = "0.1 K"
        [elements]
        hot = {{ kind = "resistor", nodes = ["a", "ground"], island = "hot", resistance = "100 ohm" }}
        cold = {{ kind = "resistor", nodes = ["b", "ground"], island = "cold", resistance = "300 ohm" }}
        one = {{ kind = "capacitor", nodes = ["a", "ground"], capacitance = "20 fF" }}
        two = {{ kind = "capacitor", nodes = ["b", "ground"], capacitance = "30 fF" }}
        between = {{ kind = {coupler}, nodes = ["a", "b"] }}
        """)
    ).circuit


CAPACITOR = '"capacitor", capacitance = "10 fF"'
INDUCTOR = '"inductor", inductance = "2 nH"'


@pytest.mark.parametrize("specific_capacitance", [1e-6, 0.05, 10.0])
def test_the_closed_form_is_the_sum_of_digamma_remainders(specific_capacitance: float) -> None:
    circuit = junctions(specific_capacitance)
    capacitance = float(np.sum(circuit.branches.capacitance))
    with mpmath.workdps(30):
        for left, right in itertools.product(TEMPERATURES, TEMPERATURES):
            temperatures = np.array([left, 0.05, right])
            conductance = [mpmath.mpf(float(g)) for g in conductances(circuit, temperatures)]
            expected = mpmath.mpf(0)
            for own, kelvin in zip(conductance, (left, right), strict=True):
                thermal = 2 * mpmath.pi * mpmath.mpf(BOLTZMANN) * kelvin / mpmath.mpf(REDUCED_PLANCK)
                y = sum(conductance) / capacitance / thermal
                remainder = mpmath.log(y) - 1 / (2 * y) - mpmath.digamma(y)
                expected += mpmath.mpf(REDUCED_PLANCK) * own * remainder / (mpmath.pi * capacitance**2)
            # A dozen rounded operations; both branches lie between the same two nodes.
            np.testing.assert_allclose(closed_form(circuit, temperatures), float(expected), rtol=1e-14)


@pytest.mark.parametrize("specific_capacitance", [1e-4, 0.05, 10.0])
def test_the_integral_agrees_with_the_closed_form(specific_capacitance: float) -> None:
    circuit = junctions(specific_capacitance)
    for left, right in itertools.product([0.01, 0.2, 1.1], [0.02, 0.5, 3.0]):
        temperatures = np.array([left, 0.05, right])
        square, error = by_integral(circuit, temperatures)
        exact = np.asarray(closed_form(circuit, temperatures))
        # The quadrature is asked for 1e-12.
        np.testing.assert_allclose(square, exact, rtol=1e-11)
        assert np.all(np.asarray(error) < 1e-11 * exact)


def test_slow_circuits_have_the_classical_noise_and_others_less() -> None:
    for specific_capacitance in (1e-3, 0.05, 10.0):
        circuit = junctions(specific_capacitance)
        for left, right in itertools.product(TEMPERATURES, TEMPERATURES):
            temperatures = np.array([left, 0.05, right])
            conductance = np.asarray(conductances(circuit, temperatures))
            total, capacitance = np.sum(conductance), float(np.sum(circuit.branches.capacitance))
            classical = BOLTZMANN * np.dot([left, right], conductance) / (total * capacitance)
            noise = float(closed_form(circuit, temperatures)[0])
            assert noise < classical
            # f(y) = 1/2y + ln y + O(1) as y → 0: the relative deficit is 2y (|ln y| + 0.58) to first order.
            y = REDUCED_PLANCK * total / (2.0 * np.pi * BOLTZMANN * min(left, right) * capacitance)
            if y < 1e-3:
                assert noise > classical * (1.0 - 2.0 * y * (abs(np.log(y)) + 1.0))


def test_noise_is_eight_tenths_of_the_thermal_voltage_at_the_reference_parameters() -> None:
    square = closed_form(junctions(), np.array([0.5, 0.05, 0.05]))
    across_one = np.sqrt(float(square[1])) / 2.0
    # Two digits are known of this number: it is "about 0.8" for 1 µm² and a right reservoir at 50 mK.
    assert across_one / (THERMAL_VOLTAGE * 0.05) == pytest.approx(0.8, abs=0.05)


def test_resistors_without_capacitance_have_the_thermal_noise_of_all_frequencies() -> None:
    device = loads("""
    [islands.hot]
    temperature = "0.4 K"
    [islands.cold]
    temperature = "0.1 K"
    [elements]
    hot = { kind = "resistor", nodes = ["a", "ground"], island = "hot", resistance = "100 ohm" }
    cold = { kind = "resistor", nodes = ["a", "ground"], island = "cold", resistance = "300 ohm" }
    """)
    total = 1.0 / 100.0 + 1.0 / 300.0
    expected = np.pi * BOLTZMANN**2 * (0.4**2 / 100.0 + 0.1**2 / 300.0) / (3.0 * REDUCED_PLANCK * total**2)
    np.testing.assert_allclose(closed_form(lower(device).circuit, np.array([0.4, 0.1])), expected, rtol=1e-14)


@pytest.mark.parametrize("coupler", [CAPACITOR, INDUCTOR])
def test_two_nodes_have_the_noise_of_an_integral_written_out_by_hand(coupler: str) -> None:
    def transfer(frequency: float) -> np.ndarray:
        link = 1j * frequency * 10e-15 if coupler == CAPACITOR else 1.0 / (1j * frequency * 2e-9)
        own = np.array([1.0 / 100.0 + 1j * frequency * 20e-15, 1.0 / 300.0 + 1j * frequency * 30e-15])
        return np.linalg.inv(np.diag(own) + link * np.array([[1.0, -1.0], [-1.0, 1.0]]))

    def density(logarithm: float, node: int) -> float:
        frequency = np.exp(logarithm)
        emitted = [
            4.0 * REDUCED_PLANCK * frequency / resistance / np.expm1(REDUCED_PLANCK * frequency / (BOLTZMANN * kelvin))
            for kelvin, resistance in ((0.4, 100.0), (0.1, 300.0))
        ]
        # 1e12 makes the integrand of order one.
        return 1e12 * frequency / (2.0 * np.pi) * float(np.dot(emitted, np.abs(transfer(frequency)[node]) ** 2))

    square, _ = by_integral(two_nodes(coupler), np.array([0.4, 0.1]))
    for node in range(2):
        expected = quad(density, np.log(1e3), np.log(5e12), args=(node,), limit=500, epsabs=0.0, epsrel=1e-11)[0] / 1e12
        # Below 1e3 rad/s the integrand is constant in ω: about 1e-8 of the integral lies there.
        assert float(square[node]) == pytest.approx(expected, rel=1e-7)


@pytest.mark.parametrize("coupler", [CAPACITOR, INDUCTOR])
def test_equipartition_holds_on_every_node_of_a_hot_circuit(coupler: str) -> None:
    square, _ = by_integral(two_nodes(coupler), np.array([1e5, 1e5]))
    capacitances = np.diag([20e-15, 30e-15])
    if coupler == CAPACITOR:
        capacitances += 10e-15 * np.array([[1.0, -1.0], [-1.0, 1.0]])
    # ⟨V_i²⟩ = k_BT (C⁻¹)_ii whatever resistors and inductors there are; at 1e5 K y = ħG/(2πk_BTC) is 6e-6
    # at most, and the first correction 2y |ln y| 1.5e-4.
    expected = BOLTZMANN * 1e5 * np.diag(np.linalg.inv(capacitances))
    np.testing.assert_allclose(square, expected, rtol=2e-4)
    assert np.all(np.asarray(square) < expected)


def test_the_derivative_is_that_of_the_noise() -> None:
    circuit = junctions()

    def noise(left: float | jax.Array) -> jax.Array:
        return voltage_noise(circuit, jax.numpy.stack([left, 0.05, 0.2]))[0][1]

    slope = float(jax.jit(jax.grad(noise))(0.5))
    rise = (noise(0.5 * (1 + 1e-5)) - noise(0.5 * (1 - 1e-5))) / 1e-5
    # A central difference of relative step 1e-5: rounding 1e-11, third derivative 1e-9.
    assert slope == pytest.approx(float(rise), rel=1e-7)


def test_impossible_temperatures_give_nan() -> None:
    for kelvin in (-0.1, np.nan):
        assert np.all(np.isnan(np.asarray(closed_form(junctions(), np.array([kelvin, 0.05, 0.3])))))


def test_only_the_circuits_of_one_node_take_the_closed_form() -> None:
    assert junctions().one_pole
    assert not two_nodes(CAPACITOR).one_pole
