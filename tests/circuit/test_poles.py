"""Photonic heat from poles: against the integral on random networks, and where poles coincide, are sharp, or carry nothing."""

from collections.abc import Callable

import jax
import jax.numpy as jnp
import mpmath
import numpy as np
import pytest
from tests.circuit.random_networks import TEMPERATURES, random_network

from subkelvin import Device
from subkelvin.circuit.bucket import in_bucket
from subkelvin.circuit.circuit import Circuit
from subkelvin.circuit.netlist import lower_circuit
from subkelvin.circuit.transmission import transmission
from subkelvin.constants import HEAT_QUANTUM, REDUCED_PLANCK, THERMAL_FREQUENCY
from subkelvin.devicefile import loads
from subkelvin.heat.contours import heat_by_contours
from subkelvin.heat.integral import heat_by_integral
from subkelvin.heat.matrix import heat_matrix_of
from subkelvin.heat.residues import heat_by_residues

ALL = np.array(list(TEMPERATURES.values()))
ISLANDS = 'islands.hot = {temperature = "0.3 K"}\nislands.cold = {temperature = "0.1 K"}\n'
HOT_AND_COLD = np.array([0.3, 0.1])
QUARTER = 100
"""Random networks of one part of the long test: the adaptive integral takes seconds for each of the larger ones."""
UNBLOCKED = 1e-12
"""Heat below this fraction of the quantum is not compared: a topology blocks it, and both routes give rounding."""


def ladder(resistance: float, elements: str) -> Device:
    """Two equal resistors at nodes a and b, and what joins them."""
    ends = "".join(
        f'elements.{island} = {{kind = "resistor", nodes = ["{node}", "ground"], island = "{island}", '
        f'resistance = "{resistance!r} ohm"}}\n'
        for island, node in (("hot", "a"), ("cold", "b"))
    )
    return loads(ISLANDS + ends + elements)


@pytest.mark.slow
@pytest.mark.parametrize("quarter", range(4))
def test_four_hundred_random_networks_agree_with_the_integral_to_1e_10(quarter: int, compilations: list[str]) -> None:
    generator = np.random.default_rng(20251123 + quarter)
    by_poles, worst = 0, 0.0
    shapes: set[tuple[tuple[int, ...], ...]] = set()
    for _ in range(QUARTER):
        device = random_network(generator)
        shapes.add(tuple(np.shape(leaf) for leaf in jax.tree.leaves(in_bucket(lower_circuit(device)))))
        found = heat_matrix_of(device, ALL)
        by_poles += found.route == "poles"
        twin = heat_matrix_of(device, ALL, "integral")
        flows = np.abs(twin.watts) > UNBLOCKED * HEAT_QUANTUM * 0.08
        assert np.all(twin.error[flows] <= 1e-11 * np.abs(twin.watts[flows]))
        difference = np.abs(found.watts - twin.watts)[flows] / np.abs(twin.watts)[flows]
        worst = max(worst, float(np.max(difference, initial=0.0)))
    assert worst <= 1e-10
    # The closed form serves five in six (65 of 76 counted); where it cannot promise 1e-10 another route takes over.
    assert by_poles >= 0.78 * QUARTER
    # Three routes for each size of bucket: networks by the hundred do not compile by the hundred.
    assert len(shapes) <= 16
    assert 1 <= compilations.count("jit(island_heat)") <= 3 * len(shapes)


def test_the_stated_error_covers_the_difference_from_the_integral() -> None:
    generator = np.random.default_rng(7)
    for _ in range(2):
        device = random_network(generator)
        twin = heat_matrix_of(device, ALL, "integral")
        flows = np.abs(twin.watts) > UNBLOCKED * HEAT_QUANTUM * 0.08
        for route in ("poles", "contours"):
            found = heat_matrix_of(device, ALL, route)
            difference = np.abs(found.watts - twin.watts)[flows]
            # Rounding of the integral's own thousands of terms comes on top.
            assert np.all(difference <= (4.0 * found.error + 2.0 * twin.error + 1e-13 * np.abs(twin.watts))[flows])


@pytest.mark.parametrize(("resistance", "most"), [(3e5, 1e-10), (3e6, 1e-9), (3e8, 1e-7)])
def test_rounding_near_a_sharp_resonance_is_part_of_the_stated_error(resistance: float, most: float) -> None:
    """Resonators of quality 1e4 to 1e7: rounding of Kirchhoff's matrices moves impedances near a pole by so many last bits."""
    device = loads(
        ISLANDS
        + "".join(
            f'elements.{name} = {{kind = "resistor", nodes = ["{node}", "ground"], island = "{island}", '
            f'resistance = "{size * resistance!r} ohm"}}\n'
            for name, node, island, size in (
                ("r1", "a", "hot", 1.0),
                ("r2", "b", "hot", 15.0),
                ("r3", "b", "cold", 150.0),
            )
        )
        + 'elements.l = {kind = "inductor", nodes = ["a", "b"], inductance = "1.1 nH"}\n'
        'elements.c = {kind = "capacitor", nodes = ["a", "ground"], capacitance = "235 fF"}\n'
        'elements.d = {kind = "capacitor", nodes = ["b", "ground"], capacitance = "18.5 fF"}\n'
    )
    temperatures = np.array([0.1634, 0.0105])
    found, twin = (heat_matrix_of(device, temperatures, route) for route in ("contours", "integral"))
    assert abs(found.watts - twin.watts)[0, 1] <= (found.error + twin.error)[0, 1]
    # Some hundred times what is off, not more.
    assert found.error[0, 1] <= most * found.watts[0, 1]


@pytest.mark.parametrize("resistance", [1e6, 1e7, 1e8])
def test_rounding_of_slow_modes_is_part_of_the_stated_error(resistance: float) -> None:
    """Capacitors that resistors empty in 1e4 to 1e6 thermal times: eigenvalues near 1 leave so few digits of their rates."""
    device = ladder(
        resistance,
        'elements.c = {kind = "capacitor", nodes = ["a", "b"], capacitance = "20 fF"}\n'
        'elements.d = {kind = "capacitor", nodes = ["b", "ground"], capacitance = "50 fF"}\n'
        'elements.e = {kind = "capacitor", nodes = ["a", "ground"], capacitance = "31 fF"}\n',
    )
    found, twin = (heat_matrix_of(device, HOT_AND_COLD, route) for route in ("poles", "integral"))
    assert abs(found.watts - twin.watts)[0, 1] <= (found.error + twin.error)[0, 1]
    # Some ten times what is off, in proportion to the time.
    assert found.error[0, 1] <= 2e-17 * resistance * found.watts[0, 1]


def critically_damped(detuning: float) -> Device:
    """A loop of R, R, L and C whose two poles coincide at zero detuning: (2R)² = 4L/C."""
    inductance, capacitance = 2e-9, 20e-15
    resistance = np.sqrt(inductance / capacitance) * (1.0 + detuning)
    return ladder(
        float(resistance),
        'elements.l = {kind = "inductor", nodes = ["a", "c"], inductance = "2 nH"}\n'
        'elements.c = {kind = "capacitor", nodes = ["c", "b"], capacitance = "20 fF"}\n',
    )


@pytest.mark.parametrize("detuning", [0.0, 1e-15, 1e-12, 1e-9, 1e-7, 1e-5, 1e-3, -1e-8])
def test_degenerate_and_nearly_degenerate_poles_lose_nothing(detuning: float) -> None:
    device = critically_damped(detuning)
    found = heat_matrix_of(device, HOT_AND_COLD)
    twin = heat_matrix_of(device, HOT_AND_COLD, "integral")
    assert found.route in ("poles", "contours")
    np.testing.assert_allclose(found.watts[0, 1], twin.watts[0, 1], rtol=1e-10)


def test_an_exact_double_pole_has_the_trigamma_form() -> None:
    # 𝒯 = 4R²ω²C²/(1 + ω²τ²)², τ = RC: with a = 1/τ, ω²/(ω² + a²)² = 1/(ω² + a²) − a²/(ω² + a²)², and the
    # derivative of ∫ωn/(ω² + s²) by s² gives the second term.
    device = critically_damped(0.0)
    resistance, capacitance = mpmath.sqrt(mpmath.mpf("2e-9") / mpmath.mpf("20e-15")), mpmath.mpf("20e-15")
    rate = 1 / (resistance * capacitance)

    def one(temperature: float) -> mpmath.mpf:
        unit = mpmath.mpf(THERMAL_FREQUENCY) * temperature * 2 * mpmath.pi

        def simple(square: mpmath.mpf) -> mpmath.mpf:
            y = mpmath.sqrt(square) / unit
            return (mpmath.log(y) - 1 / (2 * y) - mpmath.digamma(y)) / 2

        return simple(rate**2) + rate**2 * mpmath.diff(simple, rate**2)

    with mpmath.workdps(30):
        scale = 4 * resistance**2 * capacitance**2 * rate**4 * mpmath.mpf(REDUCED_PLANCK) / (2 * mpmath.pi)
        expected = float(scale * (one(0.3) - one(0.1)))
    np.testing.assert_allclose(heat_matrix_of(device, HOT_AND_COLD).watts[0, 1], expected, rtol=1e-11)


@pytest.mark.parametrize("quality", [3.8, 151.0, 1e4, 1e7])
def test_the_quality_factor_does_not_matter(quality: float) -> None:
    # 6 GHz, L 2 nH, 350 and 100 mK: heat through a series LC mode over its weak-damping value.
    temperatures = np.array([0.35, 0.1])
    centre, inductance = 2.0 * np.pi * 6e9, 2e-9
    resistance = centre * inductance / quality / 2.0
    device = ladder(
        resistance,
        f'elements.l = {{kind = "inductor", nodes = ["a", "c"], inductance = "2 nH"}}\n'
        f'elements.c = {{kind = "capacitor", nodes = ["c", "b"], capacitance = "{1e15 / (centre**2 * inductance)!r} fF"}}\n',
    )
    bose = [1.0 / np.expm1(centre / (THERMAL_FREQUENCY * t)) for t in temperatures]
    rate = resistance / inductance
    weak = REDUCED_PLANCK * centre * rate / 2.0 * (bose[0] - bose[1])
    found = heat_matrix_of(device, temperatures, "poles").watts[0, 1]
    expected = {3.8: 0.905, 151.0: 0.997}.get(quality, 1.0)
    # The reference ratios have three digits; at high Q the rest falls as 1/Q.
    np.testing.assert_allclose(
        found / weak, expected, atol=max(6e-4 if quality < 1e3 else 0.0, 1.0 / quality * (quality > 1e3))
    )


def test_undamped_loops_and_floating_nodes_carry_nothing_and_disturb_nothing() -> None:
    bare = ladder(50.0, 'elements.l = {kind = "inductor", nodes = ["a", "b"], inductance = "2 nH"}\n')
    extra = (
        # A loop of L and C that hangs on one node, a node between two capacitors, a loop of inductors.
        'elements.l1 = {kind = "inductor", nodes = ["a", "x"], inductance = "3 nH"}\n'
        'elements.c1 = {kind = "capacitor", nodes = ["a", "x"], capacitance = "5 fF"}\n'
        'elements.c2 = {kind = "capacitor", nodes = ["b", "y"], capacitance = "5 fF"}\n'
        'elements.c3 = {kind = "capacitor", nodes = ["b", "y"], capacitance = "7 fF"}\n'
        'elements.l2 = {kind = "inductor", nodes = ["b", "z"], inductance = "1 nH"}\n'
        'elements.l3 = {kind = "inductor", nodes = ["b", "z"], inductance = "4 nH"}\n'
    )
    text = 'elements.l = {kind = "inductor", nodes = ["a", "b"], inductance = "2 nH"}\n'
    expected = heat_matrix_of(bare, HOT_AND_COLD, "poles").watts
    found = heat_matrix_of(ladder(50.0, text + extra), HOT_AND_COLD, "poles").watts
    np.testing.assert_allclose(found, expected, rtol=1e-12)


def test_a_circuit_that_floats_against_ground_is_computed() -> None:
    floating = loads(
        ISLANDS + 'elements.h = {kind = "resistor", nodes = ["a", "c"], island = "hot", resistance = "50 ohm"}\n'
        'elements.k = {kind = "resistor", nodes = ["b", "c"], island = "cold", resistance = "50 ohm"}\n'
        'elements.l = {kind = "inductor", nodes = ["a", "b"], inductance = "2 nH"}\n'
    )
    grounded = ladder(50.0, 'elements.l = {kind = "inductor", nodes = ["a", "b"], inductance = "2 nH"}\n')
    found, expected = (heat_matrix_of(device, HOT_AND_COLD).watts for device in (floating, grounded))
    np.testing.assert_allclose(found, expected, rtol=1e-13)


@pytest.mark.parametrize("coupling", [-0.9, 0.3, 0.999])
def test_a_transformer_has_the_transmission_of_its_impedance_matrix(coupling: float) -> None:
    mutual = coupling * np.sqrt(2.0 * 3.0)
    coils = (
        'elements.p = {kind = "inductor", nodes = ["a", "ground"], inductance = "2 nH"}\n'
        'elements.s = {kind = "inductor", nodes = ["b", "ground"], inductance = "3 nH"}\n'
        f'elements.k = {{kind = "mutual", couples = ["p", "s"], coupling = {coupling}}}\n'
    )
    circuit = lower_circuit(ladder(50.0, coils))
    frequency = np.geomspace(1e8, 1e13, 40)
    found = np.asarray(transmission(circuit, jnp.asarray(HOT_AND_COLD), jnp.asarray(frequency)))[0]
    omega = frequency * 1e-9
    # The admittance of the coils is the inverse of their impedance matrix, with the resistors in parallel.
    coil = 1j * np.moveaxis(np.array([[2.0 * omega, mutual * omega], [mutual * omega, 3.0 * omega]]), -1, 0)
    transfer = np.linalg.inv(np.linalg.inv(coil) + np.eye(2) / 50.0)[:, 0, 1]
    np.testing.assert_allclose(found, 4.0 / 50.0**2 * np.abs(transfer) ** 2, rtol=1e-10)
    assert heat_matrix_of(ladder(50.0, coils), HOT_AND_COLD).route == "poles"


def test_derivatives_by_every_value_agree_with_differences() -> None:
    device = ladder(
        50.0,
        'elements.l = {kind = "inductor", nodes = ["a", "c"], inductance = "2 nH"}\n'
        'elements.c = {kind = "capacitor", nodes = ["c", "b"], capacitance = "20 fF"}\n'
        'elements.g = {kind = "capacitor", nodes = ["c", "ground"], capacitance = "3 fF"}\n',
    )
    paths = [path for path in device.values if path.startswith("elements.")]

    def heat(numbers: jax.Array, temperatures: jax.Array) -> jax.Array:
        changed = device.replace(dict(zip(paths, numbers, strict=True)))
        return heat_by_residues(lower_circuit(changed), temperatures)[0][0] * 1e15

    numbers = np.array([float(device.values[path]) for path in paths])
    by_value, by_temperature = jax.jit(jax.grad(heat, argnums=(0, 1)))(numbers, HOT_AND_COLD)
    compiled = jax.jit(heat)
    for index in range(numbers.size):
        step = np.zeros(numbers.size)
        step[index] = 1e-5 * numbers[index]
        slope = (compiled(numbers + step, HOT_AND_COLD) - compiled(numbers - step, HOT_AND_COLD)) / (2.0 * step[index])
        # Heat good to 1e-13 over a step of 1e-5, whose square is of second order.
        np.testing.assert_allclose(by_value[index], slope, rtol=1e-8)
    for index in range(2):
        step = 1e-5 * HOT_AND_COLD * np.eye(2)[index]
        slope = (compiled(numbers, HOT_AND_COLD + step) - compiled(numbers, HOT_AND_COLD - step)) / (2.0 * step[index])
        # The same.
        np.testing.assert_allclose(by_temperature[index], slope, rtol=1e-8)


def test_derivatives_at_a_double_pole_agree_with_the_integral() -> None:
    device = critically_damped(0.0)

    def slope(route: Callable[[Circuit, jax.Array], tuple[jax.Array, jax.Array]]) -> float:
        def heat(inductance: jax.Array) -> jax.Array:
            changed = lower_circuit(device.replace({"elements.l.inductance": inductance}))
            return route(changed, jnp.asarray(HOT_AND_COLD))[0][0]

        return float(jax.jit(jax.grad(heat))(2e-9))

    by_contours, by_residues, by_integral = (
        slope(route) for route in (heat_by_contours, heat_by_residues, heat_by_integral)
    )
    np.testing.assert_allclose(by_contours, by_integral, rtol=1e-9)
    np.testing.assert_allclose(by_residues, by_integral, rtol=1e-9)


def test_equal_temperatures_exchange_nothing_and_nearly_equal_ones_the_linear_heat() -> None:
    circuit = lower_circuit(critically_damped(0.3))
    heat = jax.jit(lambda temperatures: heat_by_residues(circuit, temperatures)[0][0])
    assert float(heat(np.array([0.2, 0.2]))) == 0.0
    conductance = float(heat(np.array([0.2 + 1e-5, 0.2 - 1e-5]))) / 2e-5
    for difference in (1e-8, 1e-11, 1e-14):
        warm = 0.2 + difference
        # G is that of the mean temperature, 5e-9 K above 0.2 K for the largest difference: δT G′/2G, below 1e-7.
        np.testing.assert_allclose(float(heat(np.array([warm, 0.2]))) / (warm - 0.2), conductance, rtol=1e-7)


def test_filling_up_a_bucket_changes_nothing() -> None:
    generator, compiled = np.random.default_rng(3), jax.jit(heat_by_residues)
    for _ in range(3):
        circuit = lower_circuit(random_network(generator))
        bare, _ = compiled(circuit, ALL)
        filled, _ = compiled(in_bucket(circuit), ALL)
        np.testing.assert_allclose(filled[: bare.shape[0]], bare, rtol=1e-9, atol=1e-12 * float(jnp.max(jnp.abs(bare))))
        assert np.all(np.asarray(filled[bare.shape[0] :]) == 0.0)


def test_two_hundred_nodes_are_computed() -> None:
    # A line of 200 cells, 0.001 nH and 0.4 fF each, matched at both ends: perfect transmission far below its cut-off.
    cells = 200
    text = "".join(
        f'elements.l{k} = {{kind = "inductor", nodes = ["n{k}", "n{k + 1}"], inductance = "0.001 nH"}}\n'
        f'elements.c{k} = {{kind = "capacitor", nodes = ["n{k + 1}", "ground"], capacitance = "0.4 fF"}}\n'
        for k in range(cells)
    )
    ends = (
        'elements.h = {kind = "resistor", nodes = ["n0", "ground"], island = "hot", resistance = "50 ohm"}\n'
        f'elements.k = {{kind = "resistor", nodes = ["n{cells}", "ground"], island = "cold", resistance = "50 ohm"}}\n'
    )
    found = heat_matrix_of(loads(ISLANDS + ends + text), HOT_AND_COLD, "poles")
    # The line begins with an inductor and ends with a capacitor: half a cell reflects (ω√LC/4)², 4e-8 at k_BT/ħ, ten times that
    # where the hottest photons are.
    np.testing.assert_allclose(found.watts[0, 1], HEAT_QUANTUM * (0.3**2 - 0.1**2), rtol=1e-6)
    assert found.error[0, 1] <= 1e-9 * found.watts[0, 1]


def test_a_large_circuit_is_differentiated_block_by_block() -> None:
    cells = 60
    text = "".join(
        f'elements.l{k} = {{kind = "inductor", nodes = ["n{k}", "n{k + 1}"], inductance = "0.01 nH"}}\n'
        f'elements.c{k} = {{kind = "capacitor", nodes = ["n{k + 1}", "ground"], capacitance = "1 fF"}}\n'
        for k in range(cells)
    )
    ends = (
        'elements.h = {kind = "resistor", nodes = ["n0", "ground"], island = "hot", resistance = "60 ohm"}\n'
        f'elements.k = {{kind = "resistor", nodes = ["n{cells}", "ground"], island = "cold", resistance = "100 ohm"}}\n'
    )
    device = loads(ISLANDS + ends + text)

    def heat(resistance: float | jax.Array) -> jax.Array:
        changed = lower_circuit(device.replace({"elements.h.resistance": resistance}))
        return heat_by_residues(changed, jnp.asarray(HOT_AND_COLD))[0][0]

    difference = (float(heat(60.0 + 0.01)) - float(heat(60.0 - 0.01))) / 0.02
    # The difference has the digits of two heats, 1e-12, over the step, 2e-4, and is second order in it.
    np.testing.assert_allclose(float(jax.grad(heat)(60.0)), difference, rtol=1e-6)
