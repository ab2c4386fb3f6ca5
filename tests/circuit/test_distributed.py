"""Lines, superconducting wires and measured elements: textbook formulas, sums over all absorbers, and what is refused."""

import itertools

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from scipy.integrate import quad

from subkelvin import Device, DeviceError, Status, steady_state
from subkelvin.circuit.netlist import lower_circuit
from subkelvin.circuit.transmission import transmission_matrix
from subkelvin.constants import BOLTZMANN, HEAT_QUANTUM, REDUCED_PLANCK
from subkelvin.devicefile import loads
from subkelvin.heat.integral import heat_by_integral
from subkelvin.heat.matrix import compiled_island_transmission, heat_matrix_of
from subkelvin.physics.mattis_bardeen import wire_impedance
from subkelvin.physics.superconductor import gap

TEMPERATURES = np.array([0.3, 0.1, 0.2])
ISLANDS = "".join(
    f'islands.{name} = {{temperature = "{temperature} K"}}\n'
    for name, temperature in zip(("hot", "cold", "between"), TEMPERATURES, strict=True)
)
ALUMINIUM = (
    'superconductors.Al = {critical_temperature = "1.2 K", dynes = 1e-4, electron_phonon = "0.3e9 W m^-3 K^-5"}\n'
)
OMEGA = np.geomspace(1e8, 1e13, 301)
IMPEDANCE, DELAY = 80.0, 5e-11
HALF_METRE = 4e-9


def resistor(island: str, node: str, ohm: float) -> str:
    return (
        f'elements.{island} = {{kind = "resistor", nodes = ["{node}", "ground"], island = "{island}", '
        f'resistance = "{ohm!r} ohm"}}\n'
    )


def line(attenuation: float = 0.0, delay: float = DELAY, impedance: float = IMPEDANCE, island: str = "between") -> str:
    lossy = f', island = "{island}", attenuation = {attenuation!r}' if attenuation else ""
    return (
        f'elements.line = {{kind = "line", nodes = ["a", "b"], characteristic_impedance = "{impedance!r} ohm", '
        f'delay = "{delay!r} s"{lossy}}}\n'
    )


def between(hot: float, cold: float, elements: str) -> Device:
    """A hot resistor at node a, a cold one at node b, and what joins them."""
    return loads(ISLANDS + ALUMINIUM + resistor("hot", "a", hot) + resistor("cold", "b", cold) + elements)


def transmitted(device: Device, omega: np.ndarray = OMEGA, temperatures: np.ndarray = TEMPERATURES) -> np.ndarray:
    """𝒯 between islands, shape (islands, islands, frequencies)."""
    return np.asarray(
        compiled_island_transmission(lower_circuit(device), jnp.asarray(temperatures), jnp.asarray(omega))
    )


def textbook_line(hot: float, cold: float, omega: np.ndarray, delay: float) -> np.ndarray:
    """𝒯 = 4R_1R_2/[(R_1 + R_2)² cos²ωτ + (Z + R_1R_2/Z)² sin²ωτ] of a lossless line."""
    phase = omega * delay
    return (
        4.0
        * hot
        * cold
        / (((hot + cold) * np.cos(phase)) ** 2 + ((IMPEDANCE + hot * cold / IMPEDANCE) * np.sin(phase)) ** 2)
    )


def photons(omega: np.ndarray, hot: float = 0.3, cold: float = 0.1) -> np.ndarray:
    """ħω (n_hot − n_cold)/2π."""
    energy = REDUCED_PLANCK * omega
    return (
        energy
        * (1.0 / np.expm1(energy / (BOLTZMANN * hot)) - 1.0 / np.expm1(energy / (BOLTZMANN * cold)))
        / (2.0 * np.pi)
    )


def test_a_matched_line_carries_the_quantum_of_heat() -> None:
    device = between(IMPEDANCE, IMPEDANCE, line(delay=HALF_METRE))
    np.testing.assert_allclose(transmitted(device)[0, 1], 1.0, rtol=1e-13)
    found = heat_matrix_of(device, TEMPERATURES)
    np.testing.assert_allclose(found.watts[0, 1], HEAT_QUANTUM * (0.3**2 - 0.1**2), rtol=1e-12)


def test_a_mismatched_line_has_the_periodic_transmission_also_at_its_resonances() -> None:
    device = between(10.0, 300.0, line())
    np.testing.assert_allclose(transmitted(device)[0, 1], textbook_line(10.0, 300.0, OMEGA, DELAY), rtol=1e-10)
    resonant = np.pi / DELAY * np.arange(1, 9) / 2.0
    np.testing.assert_allclose(
        transmitted(device, resonant)[0, 1], textbook_line(10.0, 300.0, resonant, DELAY), rtol=1e-12
    )


@pytest.mark.parametrize("delay", [1e-12, DELAY, HALF_METRE])
def test_heat_through_a_mismatched_line_has_its_stated_error(delay: float) -> None:
    found = heat_matrix_of(between(10.0, 300.0, line(delay=delay)), TEMPERATURES)
    # Gauss rules of 28 points on pieces of π/4 in phase, up to e^{−60}. 𝒯 has its poles at a phase of 0.4i: 2.4^{−56} is left.
    highest = 60.0 * BOLTZMANN * 0.3 / REDUCED_PLANCK
    edges = np.linspace(0.0, highest, 1 + max(200, int(np.ceil(highest * delay / (np.pi / 4.0)))))
    nodes, weights = np.polynomial.legendre.leggauss(28)
    half = np.diff(edges)[:, None] / 2.0
    omega = edges[:-1, None] + half * (1.0 + nodes)
    expected = np.sum(half * weights * textbook_line(10.0, 300.0, omega, delay) * photons(omega))
    assert found.route == "echoes"
    assert found.error[0, 1] <= 1e-9 * found.watts[0, 1]
    # Rounding of thousands of terms in the sum.
    assert abs(found.watts[0, 1] - expected) <= found.error[0, 1] + 1e-12 * expected


@pytest.mark.parametrize("attenuation", [1e-6, 0.1, 3.0])
def test_what_a_lossy_line_does_not_pass_or_reflect_it_absorbs(attenuation: float) -> None:
    hot, cold = 10.0, 300.0
    found = transmitted(between(hot, cold, line(attenuation)))
    gamma = attenuation + 1j * OMEGA * DELAY
    seen = IMPEDANCE * (cold + IMPEDANCE * np.tanh(gamma)) / (IMPEDANCE + cold * np.tanh(gamma))
    reflection = np.abs((seen - hot) / (seen + hot)) ** 2
    a, b, c, d = np.cosh(gamma), IMPEDANCE * np.sinh(gamma), np.sinh(gamma) / IMPEDANCE, np.cosh(gamma)
    passed = 4.0 * hot * cold / np.abs(a * cold + b + c * hot * cold + d * hot) ** 2
    np.testing.assert_allclose(found[0, 1], passed, rtol=1e-9)
    np.testing.assert_allclose(found[0].sum(axis=0), 1.0 - reflection, rtol=1e-10, atol=1e-14)
    np.testing.assert_allclose(found, np.swapaxes(found, 0, 1), rtol=1e-10, atol=1e-14)
    assert np.all(found >= 0.0)
    assert np.all(found[:2].sum(axis=1) <= 1.0 + 1e-14)


def test_a_lossy_line_between_two_temperatures_takes_from_the_hot_and_gives_to_the_cold() -> None:
    attenuation = 0.4
    found = heat_matrix_of(between(IMPEDANCE, IMPEDANCE, line(attenuation)), TEMPERATURES).watts
    # Matched, nothing is reflected: e^{−2α} of every photon passes, the rest is the line's.
    through, lost = np.exp(-2.0 * attenuation), -np.expm1(-2.0 * attenuation)
    np.testing.assert_allclose(found[0, 1], through * HEAT_QUANTUM * (0.3**2 - 0.1**2), rtol=1e-11)
    np.testing.assert_allclose(found[0, 2], lost * HEAT_QUANTUM * (0.3**2 - 0.2**2), rtol=1e-11)
    np.testing.assert_allclose(found[2, 1], lost * HEAT_QUANTUM * (0.2**2 - 0.1**2), rtol=1e-11)


def superconducting(ohm: float) -> str:
    return (
        'elements.wire = {kind = "superconductor", nodes = ["a", "b"], island = "between", superconductor = "Al", '
        f'resistance = "{ohm!r} ohm"}}\n'
    )


@pytest.mark.parametrize("temperature", [0.05, 0.5, 1.1, 1.5])
def test_a_superconducting_wire_is_its_mattis_bardeen_impedance(temperature: float) -> None:
    hot, cold, normal = 30.0, 200.0, 400.0
    temperatures = np.array([0.3, 0.1, temperature])
    device = between(hot, cold, superconducting(normal))
    found = transmitted(device, temperatures=temperatures)
    edge = gap(temperature, 1.2, device.structure.superconductor("Al").gap_equation)
    impedance = (
        np.asarray(wire_impedance(temperature, OMEGA, edge, normal)) if temperature < 1.2 else normal + 0j * OMEGA
    )
    whole = np.abs(hot + cold + impedance) ** 2
    # Its admittance at 50 mK and 1e8 rad/s is 1e4 times theirs: the nodal matrix loses what the series formula keeps.
    np.testing.assert_allclose(found[0, 1], 4.0 * hot * cold / whole, rtol=1e-10)
    np.testing.assert_allclose(found[0, 2], 4.0 * hot * impedance.real / whole, rtol=1e-9, atol=1e-13)
    np.testing.assert_allclose(found[1, 2], 4.0 * cold * impedance.real / whole, rtol=1e-9, atol=1e-13)


def test_a_wire_above_its_critical_temperature_is_a_resistor() -> None:
    temperatures = np.array([0.3, 0.1, 1.3])
    wire = heat_matrix_of(between(30.0, 200.0, superconducting(400.0)), temperatures).watts
    lumped = between(
        30.0,
        200.0,
        'elements.wire = {kind = "resistor", nodes = ["a", "b"], island = "between", resistance = "400 ohm"}\n',
    )
    np.testing.assert_allclose(wire, heat_matrix_of(lumped, temperatures).watts, rtol=1e-9)


def measured(kind: str, nodes: str, hertz: np.ndarray, **columns: np.ndarray) -> str:
    rows = "frequency = [" + ", ".join(f'"{f!r} Hz"' for f in hertz.tolist()) + "]"
    for key, column in columns.items():
        rows += (
            f", {key} = ["
            + ", ".join(f'["{y.real!r} S", "{y.imag!r} S"]' for y in column.astype(complex).tolist())
            + "]"
        )
    return f'elements.probe = {{kind = "{kind}", nodes = {nodes}, island = "between", {rows}, outside = "hold"}}\n'


def test_a_measured_resistor_and_capacitor_is_the_lumped_one() -> None:
    # Y = 1/R + iωC is linear in frequency, as the table between its rows: two rows say all, here to 800 k_BT/ħ.
    ohm, farad = 150.0, 20e-15
    hertz = np.array([0.0, 5e12])
    table = measured("table", '["a", "b"]', hertz, y11=1.0 / ohm + 2j * np.pi * hertz * farad)
    lumped = (
        f'elements.r = {{kind = "resistor", nodes = ["a", "b"], island = "between", resistance = "{ohm} ohm"}}\n'
        f'elements.c = {{kind = "capacitor", nodes = ["a", "b"], capacitance = "{farad} F"}}\n'
    )
    found, expected = (heat_matrix_of(between(40.0, 90.0, text), TEMPERATURES).watts for text in (table, lumped))
    np.testing.assert_allclose(found, expected, rtol=1e-10)


def test_a_measured_pi_of_resistors_is_the_lumped_one() -> None:
    series, first, second = 120.0, 70.0, 500.0
    hertz, one = np.array([1e9, 2e9, 7e9]), np.ones(3)
    table = measured(
        "two-port",
        '["a", "b"]',
        hertz,
        y11=(1 / first + 1 / series) * one,
        y12=-one / series,
        y22=(1 / second + 1 / series) * one,
    )
    lumped = "".join(
        f'elements.{name} = {{kind = "resistor", nodes = {nodes}, island = "between", resistance = "{ohm} ohm"}}\n'
        for name, nodes, ohm in (
            ("s", '["a", "b"]', series),
            ("p", '["a", "ground"]', first),
            ("q", '["b", "ground"]', second),
        )
    )
    found, expected = (heat_matrix_of(between(40.0, 90.0, text), TEMPERATURES).watts for text in (table, lumped))
    np.testing.assert_allclose(found, expected, rtol=1e-11)


def everything() -> Device:
    """Three terminals, joined by every kind of element."""
    rows = np.array([1e9, 2e10, 3e11])
    probe = measured(
        "two-port",
        '["c", "d"]',
        rows,
        y11=np.array([0.02, 0.01 + 0.01j, 0.01]),
        y12=-0.004 + 0j * rows,
        y22=np.array([0.01, 0.02, 0.02]),
    )
    kinds = (
        line(0.2)
        + probe
        + 'elements.ideal = {kind = "line", nodes = ["b", "c"], characteristic_impedance = "30 ohm", delay = "20 ps"}\n'
        + superconducting(50.0).replace('["a", "b"]', '["c", "e"]')
        + 'elements.nis = {kind = "nis", nodes = ["d", "ground"], island = "cold", superconductor = "Al", '
        'resistance = "100 ohm", capacitance = "5 fF", admittance = "dynamic"}\n'
        + 'elements.nin = {kind = "nin", nodes = ["e", "ground"], island = "hot", resistance = "60 ohm", capacitance = "5 fF"}\n'
        + 'elements.one = {kind = "table", nodes = ["e", "d"], island = "between", frequency = ["1 GHz", "90 GHz"], '
        'resistance = ["30 ohm", "50 ohm"], reactance = ["-20 ohm", "10 ohm"], outside = "hold"}\n'
        + 'elements.l1 = {kind = "inductor", nodes = ["a", "c"], inductance = "0.2 nH"}\n'
        + 'elements.l2 = {kind = "inductor", nodes = ["d", "ground"], inductance = "0.3 nH"}\n'
        + 'elements.m = {kind = "mutual", couples = ["l1", "l2"], coupling = -0.4}\n'
        + 'elements.squid = {kind = "squid", nodes = ["d", "e"], critical_current = "1 uA", flux = 0.3}\n'
        + 'elements.c1 = {kind = "capacitor", nodes = ["a", "e"], capacitance = "30 fF"}\n'
    )
    return between(40.0, 90.0, kinds)


def test_a_circuit_of_all_kinds_is_reciprocal_and_passive_and_balances() -> None:
    device = everything()
    circuit = lower_circuit(device)
    power = np.asarray(jax.jit(transmission_matrix)(circuit, jnp.asarray(TEMPERATURES), jnp.asarray(OMEGA[::5])))
    # Rounding of the nodal matrix; a transmission of 1e-13 has no digits beside one of 1.
    np.testing.assert_allclose(power, np.swapaxes(power, 0, 1), rtol=1e-12, atol=1e-13)
    assert np.all(power >= 0.0)
    # A branch is one channel: all others together take at most every photon of it; a line or two-port has two.
    channels = np.where(np.arange(power.shape[0]) < circuit.branches.islands.shape[0], 1.0, 2.0)
    own = np.einsum("iik->ik", power)
    assert np.all(power.sum(axis=1) - own <= channels[:, None] + 1e-12)
    found = heat_matrix_of(device, TEMPERATURES)
    np.testing.assert_array_equal(found.watts, -found.watts.T)
    assert np.all(found.error <= 1e-9 * np.max(np.abs(found.watts)))
    equal = heat_matrix_of(device, np.full(3, 0.2)).watts
    np.testing.assert_array_equal(equal, 0.0)


@pytest.mark.parametrize("path", ["elements.line.delay", "elements.line.attenuation", "elements.wire.resistance"])
def test_derivatives_by_distributed_values_agree_with_differences(path: str) -> None:
    wire = superconducting(50.0).replace('["a", "b"]', '["b", "c"]')
    device = loads(ISLANDS + ALUMINIUM + resistor("hot", "a", 40.0) + resistor("cold", "c", 90.0) + line(0.2) + wire)
    value = float(device.values[path])

    def heat(number: jax.Array) -> jax.Array:
        return heat_by_integral(lower_circuit(device.replace({path: number})), jnp.asarray(TEMPERATURES))[0] * 1e15

    slope = jax.jit(jax.jacfwd(heat))(value)
    step = 1e-4 * value
    compiled = jax.jit(heat)
    difference = (compiled(value + step) - compiled(value - step)) / (2.0 * step)
    # A central difference with 1e-4: its error is about 1e-8 of the third derivative, rounding 1e-12/1e-4.
    np.testing.assert_allclose(slope, difference, rtol=1e-6, atol=1e-6 * float(np.max(np.abs(difference))))


def test_an_island_that_floats_behind_a_line_settles_where_its_power_leaves() -> None:
    device = loads(
        ISLANDS.replace('islands.hot = {temperature = "0.3 K"}', 'islands.hot = {power = "5 fW"}')
        + resistor("hot", "a", 20.0)
        + resistor("cold", "b", 150.0)
        + line(0.1)
    )
    state = steady_state(device)
    assert int(state.status) == Status.CONVERGED
    settled = np.array([float(state.temperatures[name]) for name in ("hot", "cold", "between")])
    watts = heat_matrix_of(between(20.0, 150.0, line(0.1)), settled).watts
    # The balance is solved to 1e-9 or better.
    np.testing.assert_allclose(watts[0, 1] + watts[0, 2], 5e-15, rtol=1e-9)
    # Nothing else touches it, so that heating leaves it above the colder of its neighbours.
    assert settled[0] > 0.1


def test_a_lossless_line_has_the_heat_of_the_independent_integral() -> None:
    found = heat_matrix_of(between(10.0, 300.0, line()), TEMPERATURES).watts[0, 1]
    period = np.pi / DELAY
    edges = period * np.arange(0, int(60.0 * BOLTZMANN * 0.3 / REDUCED_PLANCK / period) + 2)
    pieces = [
        quad(
            lambda w: float(textbook_line(10.0, 300.0, w, DELAY) * photons(w)) * 1e15,
            max(a, 1.0),
            b,
            epsrel=1e-11,
            epsabs=0.0,
        )[0]
        for a, b in itertools.pairwise(edges)
    ]
    np.testing.assert_allclose(found * 1e15, sum(pieces), rtol=1e-10)


COILS = "".join(
    f'elements.l{k} = {{kind = "inductor", nodes = ["a", "b"], inductance = "{k} nH"}}\n' for k in (1, 2, 3)
)
ACTIVE = measured(
    "two-port", '["a", "b"]', np.array([1e9, 2e9]), y11=np.full(2, 0.01), y12=np.full(2, -0.02), y22=np.full(2, 0.01)
)


@pytest.mark.parametrize(
    ("elements", "path", "words"),
    [
        (
            measured("table", '["a", "b"]', np.array([1e9, 2e9]), y11=np.ones(2)).replace('"hold"', '"refuse"'),
            "elements.probe.outside",
            ("1e+09 to 2e+09 Hz", 'outside = "hold"'),
        ),
        (line().replace('"b"', '"ground"'), "elements.line.nodes", ("ground", "return")),
        (line().replace("}", ', island = "between"}'), "elements.line.island", ("without `attenuation`",)),
        (line(0.1).replace(', island = "between"', ""), "elements.line.island", ("missing", "attenuation")),
        (
            'elements.m = {kind = "mutual", couples = ["hot", "cold"], coupling = 0.5}\n' + COILS,
            "elements.m.couples",
            ("'hot'", "not an inductor", "l1, l2, l3"),
        ),
        (
            # κ with 0.9, 0.9 and −0.9 off its diagonal has the eigenvalue 1 − 1.8.
            COILS
            + 'elements.m1 = {kind = "mutual", couples = ["l1", "l2"], coupling = 0.9}\n'
            + 'elements.m2 = {kind = "mutual", couples = ["l2", "l3"], coupling = 0.9}\n'
            + 'elements.m3 = {kind = "mutual", couples = ["l1", "l3"], coupling = -0.9}\n',
            "elements.m1.coupling",
            ("negative magnetic energy", "'m1', 'm2', 'm3'"),
        ),
        (ACTIVE, "elements.probe", ("active at 1e+09 Hz", "-0.01 S")),
        (
            line()
            + 'elements.x = {kind = "inductor", nodes = ["p", "q"], inductance = "1 nH"}\n'
            + 'elements.y = {kind = "capacitor", nodes = ["p", "q"], capacitance = "1 fF"}\n',
            "elements.x.nodes",
            ("no connection to", "ground"),
        ),
        (
            line() + 'elements.x = {kind = "inductor", nodes = ["a", "dangling"], inductance = "1 nH"}\n',
            "elements.x.nodes",
            ("'dangling'", "no other element"),
        ),
    ],
)
def test_what_cannot_be_meant_is_refused_with_element_and_reason(
    elements: str, path: str, words: tuple[str, ...]
) -> None:
    with pytest.raises(DeviceError) as refusal:
        heat_matrix_of(between(40.0, 90.0, elements), TEMPERATURES)
    assert f"`{path}`" in str(refusal.value)
    for word in words:
        assert word in str(refusal.value)
