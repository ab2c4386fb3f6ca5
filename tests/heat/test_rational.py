"""Heat by rational fits: the closed form of a line, the integral, laws, and when there is no fit."""

import dataclasses

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
import pytest

from subkelvin import Device
from subkelvin.circuit.circuit import Circuit
from subkelvin.circuit.netlist import lower_circuit
from subkelvin.circuit.rational_fit import MOST_RIPPLES, with_rational_fit
from subkelvin.circuit.transmission import transmission
from subkelvin.constants import HEAT_QUANTUM, REDUCED_PLANCK, THERMAL_FREQUENCY
from subkelvin.devicefile import loads
from subkelvin.heat.integral import heat_by_integral
from subkelvin.heat.matrix import heat_matrix_of
from subkelvin.heat.rational import heat_by_rational_fit
from subkelvin.sweeps.photons import heat_matrix

HOT, COLD, BETWEEN = 0.3, 0.1, 0.2
TEMPERATURES = np.array([HOT, COLD, BETWEEN])
ISLANDS = "".join(
    f'islands.{name} = {{temperature = "{temperature} K"}}\n'
    for name, temperature in zip(("hot", "cold", "between"), TEMPERATURES, strict=True)
)
IMPEDANCE = 80.0
SHORT = 5e-12
HALF_METRE = 4e-9

by_fit = jax.jit(heat_by_rational_fit)
by_integral = jax.jit(heat_by_integral)


def resistor(island: str, node: str, ohm: float) -> str:
    return (
        f'elements.{island} = {{kind = "resistor", nodes = ["{node}", "ground"], island = "{island}", '
        f'resistance = "{ohm!r} ohm"}}\n'
    )


def line(name: str, nodes: str, delay: float, impedance: float = IMPEDANCE, attenuation: float = 0.0) -> str:
    lossy = f', island = "between", attenuation = {attenuation!r}' if attenuation else ""
    return (
        f'elements.{name} = {{kind = "line", nodes = {nodes}, characteristic_impedance = "{impedance!r} ohm", '
        f'delay = "{delay!r} s"{lossy}}}\n'
    )


def joined(hot: float, cold: float, *elements: str) -> Device:
    """A hot resistor at node a, a cold one at node b, and what joins them."""
    return loads(ISLANDS + resistor("hot", "a", hot) + resistor("cold", "b", cold) + "".join(elements))


def joined_by_line(hot: float, cold: float, delay: float, attenuation: float = 0.0) -> Device:
    return joined(hot, cold, line("line", '["a", "b"]', delay, attenuation=attenuation))


def fitted(device: Device, hottest: float = HOT) -> Circuit:
    circuit, note = with_rational_fit(lower_circuit(device), hottest)
    assert not note
    return circuit


def heat_of_a_lossless_line(
    hot: complex, cold: complex, delay: float, temperature: complex = HOT, other: complex = COLD
) -> complex:
    """Its echoes one by one; complex arguments for derivatives by a complex step.

    𝒯 = 4R_1R_2/(A cos²ωτ + B sin²ωτ) = 𝒯_0 [1 + 2 Σ_k q^k cos 2kωτ], √A = R_1 + R_2, √B = Z + R_1R_2/Z, q = (√B − √A)/(√A + √B),
    𝒯_0 = 4R_1R_2/√(AB), and ∫ω n cos ωt dω = 1/2t² − (πa)²/2 sinh²(πat) with a = k_BT/ħ.
    """
    first, second = hot + cold, IMPEDANCE + hot * cold / IMPEDANCE
    echo = (second - first) / (first + second)
    k = np.arange(1, int(-45.0 / np.log(abs(echo))) + 2)

    def photons(at: complex) -> np.ndarray:
        rate = np.pi * THERMAL_FREQUENCY * at
        decayed = np.exp(-4.0 * rate * k * delay)
        return -2.0 * rate**2 * decayed / (1.0 - decayed) ** 2

    direct = np.pi**2 / 6.0 * THERMAL_FREQUENCY**2 * (temperature**2 - other**2)
    echoes = 2.0 * np.sum(echo**k * (photons(temperature) - photons(other)))
    return complex(REDUCED_PLANCK / (2.0 * np.pi) * 4.0 * hot * cold / (first * second) * (direct + echoes))


@pytest.mark.parametrize(
    ("hot", "cold", "delay"),
    [(10.0, 300.0, SHORT), (10.0, 300.0, 1e-10), (60.0, 100.0, 5e-11), (1e4, 5e3, 1e-11), (0.1, 1e4, 2e-11)],
)
def test_heat_through_a_lossless_line_is_the_closed_form_of_its_echoes(hot: float, cold: float, delay: float) -> None:
    heat, error = by_fit(fitted(joined_by_line(hot, cold, delay)), TEMPERATURES)
    expected = heat_of_a_lossless_line(hot, cold, delay).real
    # Where echoes cancel the direct heat, the sum of both keeps 1e-16 of either: no more than 100 times smaller here.
    assert abs(heat[0] - expected) <= error[0] + 2e-14 * expected
    assert error[0] <= 1e-10 * expected


def test_a_matched_line_needs_no_pole() -> None:
    circuit = fitted(joined_by_line(IMPEDANCE, IMPEDANCE, 1e-10))
    assert circuit.fit is not None
    assert not np.any(circuit.fit.strength)
    heat, _ = by_fit(circuit, TEMPERATURES)
    # Kirchhoff's laws leave a few units in the last place of 𝒯 = 1.
    np.testing.assert_allclose(heat, HEAT_QUANTUM * (HOT**2 - COLD**2), rtol=1e-14)


def random_device(generator: np.random.Generator, lines: int) -> Device:
    """One or two short lines in a row, the last lossy if there are two, with resistors, capacitors and an inductor."""

    def even(low: float, high: float) -> float:
        return float(low * (high / low) ** generator.random())

    nodes = ["a", "b"] if lines == 1 else ["a", "c", "b"]
    text = ""
    for index in range(lines):
        loss = even(1e-2, 1.0) if index else 0.0
        ends = f'["{nodes[index]}", "{nodes[index + 1]}"]'
        text += line(f"l{index}", ends, even(1e-12, 2e-11), even(20.0, 200.0), loss)
    middle = nodes[-2]
    text += (
        f'elements.between = {{kind = "resistor", nodes = ["{middle}", "b"], island = "between", '
        f'resistance = "{even(10.0, 1e4)!r} ohm"}}\n'
        f'elements.c = {{kind = "capacitor", nodes = ["{middle}", "ground"], capacitance = "{even(1e-15, 1e-13)!r} F"}}\n'
        f'elements.i = {{kind = "inductor", nodes = ["b", "ground"], inductance = "{even(1e-11, 1e-8)!r} H"}}\n'
    )
    return joined(even(1.0, 1e4), even(1.0, 1e4), text)


@pytest.mark.parametrize("lines", [1, 2])
def test_the_stated_error_covers_the_difference_from_the_integral(lines: int) -> None:
    generator = np.random.default_rng(lines)
    taken = 0
    for _ in range(25):
        circuit, note = with_rational_fit(lower_circuit(random_device(generator, lines)), HOT)
        if note:
            continue
        taken += 1
        plain = without_fit(circuit)
        for temperatures in (TEMPERATURES, 0.1 * TEMPERATURES, np.array([HOT, HOT * (1.0 - 1e-6), 0.299])):
            heat, error = by_fit(circuit, temperatures)
            expected, uncertain = by_integral(plain, temperatures)
            # Rounding of the integral's sums is not in its own estimate.
            assert np.all(np.abs(heat - expected) <= error + uncertain + 1e-13 * np.abs(expected))
        assert np.all(by_fit(circuit, TEMPERATURES)[1] <= 1e-8 * np.abs(by_fit(circuit, TEMPERATURES)[0]))
    # A fit that always gives up proves nothing.
    assert taken >= 22


def without_fit(circuit: Circuit) -> Circuit:
    """The same circuit for the integral, with as many panels as the longest lines here need: one compilation."""
    return dataclasses.replace(circuit, fit=None, route="integral", panels=512)


def measured(hertz: np.ndarray, admittance: np.ndarray) -> str:
    frequency = ", ".join(f'"{one!r} Hz"' for one in hertz.tolist())
    rows = ", ".join(f'["{one.real!r} S", "{one.imag!r} S"]' for one in admittance.tolist())
    return (
        'elements.probe = {kind = "table", nodes = ["a", "b"], island = "between", '
        f'frequency = [{frequency}], y11 = [{rows}], outside = "hold"}}\n'
    )


def test_a_measured_element_has_the_heat_of_the_integral() -> None:
    hertz = np.linspace(0.0, 1e12, 5)
    device = joined(10.0, 300.0, measured(hertz, 1.0 / (150.0 + 2j * np.pi * hertz * 2e-11)))
    found, expected = (heat_matrix_of(device, TEMPERATURES, route) for route in ("rational", "integral"))
    assert found.route == "rational"
    assert np.all(np.abs(found.watts - expected.watts) <= found.error + expected.error + 1e-13 * np.abs(expected.watts))
    assert np.all(found.error <= 1e-9 * np.abs(found.watts))


def test_a_lumped_circuit_has_the_heat_of_its_own_poles() -> None:
    device = joined(
        10.0,
        300.0,
        'elements.i = {kind = "inductor", nodes = ["a", "b"], inductance = "1 nH"}\n'
        'elements.c = {kind = "capacitor", nodes = ["a", "ground"], capacitance = "10 fF"}\n',
    )
    found, exact = (heat_matrix_of(device, TEMPERATURES, route) for route in ("rational", "poles"))
    assert found.route == "rational"
    assert np.all(np.abs(found.watts - exact.watts) <= found.error + exact.error)


def test_heat_flows_from_hot_to_cold_back_and_forth_alike_and_not_at_equal_temperatures() -> None:
    device = joined_by_line(10.0, 300.0, SHORT, 0.3)
    circuit = fitted(device)
    watts = heat_matrix_of(device, TEMPERATURES, "rational").watts
    assert np.array_equal(watts, -watts.T)
    assert watts[0, 1] > 0.0
    assert watts[0, 2] > 0.0
    assert watts[2, 1] > 0.0
    equal, error = by_fit(circuit, np.full(3, 0.17))
    assert np.all(equal == 0.0)
    assert np.all(error == 0.0)
    there, back = (by_fit(circuit, np.array(t))[0][0] for t in ((0.2, 0.1, 0.15), (0.1, 0.2, 0.15)))
    np.testing.assert_allclose(there, -back, rtol=1e-14)


def test_the_fit_is_the_transmission_and_its_poles_are_off_the_real_axis() -> None:
    circuit = fitted(joined_by_line(10.0, 300.0, 2e-11, 0.3))
    assert circuit.fit is not None
    assert np.all(np.real(circuit.fit.decay) > 0.0)
    omega = THERMAL_FREQUENCY * HOT * jnp.geomspace(1e-3, 20.0, 777)
    off = np.abs(circuit.fit.transmission(omega) - transmission(circuit, jnp.ones(3), omega))
    x = omega / (THERMAL_FREQUENCY * HOT)
    assert np.max(off * x**2 * np.exp(-x)) <= 1e-11


def test_above_its_hottest_temperature_a_fit_has_no_answer() -> None:
    circuit = lower_circuit(joined_by_line(10.0, 300.0, SHORT), "rational")
    assert circuit.route == "rational"
    # Twice the hottest held island.
    scales = np.array([1.0, 2.0, np.nextafter(2.0, 3.0), 0.0])
    heat, error = jax.vmap(lambda scale: heat_by_rational_fit(circuit, scale * TEMPERATURES))(scales)
    assert np.all(np.isfinite(heat) == np.array([True, True, False, False])[:, None])
    assert np.all(np.isfinite(error) == np.isfinite(heat))


def test_a_long_line_is_given_up_at_once_and_the_echoes_say_why() -> None:
    found = heat_matrix(joined_by_line(10.0, 300.0, HALF_METRE / 4.0), route="rational")
    assert found.attrs["route"] == "echoes"
    assert f"more than {MOST_RIPPLES}" in found.attrs["note"]


def test_where_resonances_are_too_narrow_for_the_integral_echoes_are_not_and_the_fit_agrees() -> None:
    device = joined_by_line(1e-2, 1e5, 1e-10)
    alone = heat_matrix_of(device, TEMPERATURES, "integral")
    assert alone.error[0, 1] > 1e-10 * alone.watts[0, 1]
    expected = heat_of_a_lossless_line(1e-2, 1e5, 1e-10).real
    for route, taken in ((None, "echoes"), ("rational", "rational")):
        found = heat_matrix_of(device, TEMPERATURES, route)
        assert found.route == taken
        assert found.note == ""
        assert abs(found.watts[0, 1] - expected) <= found.error[0, 1]


def test_what_depends_on_temperature_has_no_fit() -> None:
    wire = (
        'superconductors.Al = {critical_temperature = "1.2 K", dynes = 1e-4, electron_phonon = "0.3e9 W m^-3 K^-5"}\n'
        'elements.wire = {kind = "superconductor", nodes = ["a", "b"], island = "between", superconductor = "Al", '
        'resistance = "100 ohm"}\n'
    )
    circuit, note = with_rational_fit(lower_circuit(joined(10.0, 300.0, wire)), HOT)
    assert circuit.fit is None
    assert "depends on temperature" in note
    assert lower_circuit(joined(10.0, 300.0, wire), "rational").route == lower_circuit(joined(10.0, 300.0, wire)).route


def test_derivatives_by_temperature_are_those_of_the_closed_form() -> None:
    circuit = fitted(joined_by_line(10.0, 300.0, SHORT))
    found = jax.jit(jax.jacrev(lambda temperatures: heat_by_rational_fit(circuit, temperatures)[0][0]))(TEMPERATURES)
    tiny = 1e-30
    by_hot = heat_of_a_lossless_line(10.0, 300.0, SHORT, HOT + 1j * tiny).imag / tiny
    by_cold = heat_of_a_lossless_line(10.0, 300.0, SHORT, HOT, COLD + 1j * tiny).imag / tiny
    # As accurate as the heat, of which 1e-12 is stated.
    np.testing.assert_allclose(found[:2], [by_hot, by_cold], rtol=1e-10)
    assert found[2] == 0.0


def test_derivatives_by_values_of_the_circuit_are_never_silently_zero() -> None:
    circuit = fitted(joined_by_line(10.0, 300.0, SHORT))

    @jax.jit
    @jax.grad
    def by_conductance(conductance: jax.Array) -> jax.Array:
        changed = eqx.tree_at(lambda one: one.branches.normal_conductance, circuit, conductance)
        return heat_by_rational_fit(changed, jnp.asarray(TEMPERATURES))[0][0]

    tiny = 1e-30
    by_resistance = heat_of_a_lossless_line(10.0 + 1j * tiny, 300.0, SHORT).imag / tiny
    # dR = −R² dG; the integral, which gives this derivative, is good to 1e-12.
    found = by_conductance(jnp.asarray(circuit.branches.normal_conductance))
    np.testing.assert_allclose(found[0], -(10.0**2) * by_resistance, rtol=1e-9)


def test_with_traced_values_there_is_no_fit() -> None:
    device = joined_by_line(10.0, 300.0, SHORT)
    routes = []

    def lowered(ohm: jax.Array) -> jax.Array:
        circuit = lower_circuit(device.replace({"elements.hot.resistance": ohm}), "rational")
        routes.append(circuit.route)
        return circuit.branches.normal_conductance

    jax.make_jaxpr(lowered)(10.0)
    assert routes == ["echoes"]
