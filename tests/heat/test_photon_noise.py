"""Noise of photonic heat: closed forms, fluctuation and dissipation, and that no way of drawing a circuit changes it."""

import itertools
from functools import partial

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from subkelvin import preset
from subkelvin.circuit.bucket import in_bucket
from subkelvin.circuit.netlist import lower_circuit
from subkelvin.circuit.transmission import transmission
from subkelvin.constants import BOLTZMANN, HEAT_QUANTUM, REDUCED_PLANCK
from subkelvin.devicefile import loads
from subkelvin.heat.integral import integrated_heat_current
from subkelvin.heat.matrix import island_heat
from subkelvin.heat.photon_noise import photon_heat_noise, photon_noise

ONES = jnp.ones_like
TEMPERATURES = np.array([0.5, 0.02, 0.15])
ISLANDS = "".join(
    f'islands.{name} = {{temperature = "{temperature} K"}}\n'
    for name, temperature in zip(("hot", "cold", "third"), TEMPERATURES, strict=True)
)
compiled_heat = jax.jit(lambda circuit, temperatures: island_heat(circuit, temperatures)[0])
compiled_noise = jax.jit(lambda circuit, temperatures: photon_noise(circuit, temperatures)[0])


def test_a_perfect_channel_carries_the_noise_of_both_reservoirs_alone() -> None:
    # With 𝒯 = 1: 2∫dω/2π (ħω)² [n_1(1+n_1) + n_2(1+n_2)] = (πk_B³/3ħ)(T_1³ + T_2³); 4k_BT²G at equal temperatures.
    noise, error = photon_heat_noise(ONES, jnp.array([0.2, 0.3, 1.0]), jnp.array([0.2, 0.1, 1e-3]))
    expected = (
        np.pi
        * BOLTZMANN**3
        / (3.0 * REDUCED_PLANCK)
        * (np.array([0.2, 0.3, 1.0]) ** 3 + np.array([0.2, 0.1, 1e-3]) ** 3)
    )
    np.testing.assert_allclose(noise, expected, rtol=1e-11)
    np.testing.assert_allclose(expected[0], 4.0 * BOLTZMANN * 0.2**2 * 2.0 * HEAT_QUANTUM * 0.2, rtol=1e-14)
    assert np.all(error <= 1e-10 * noise)


def test_partition_lowers_the_noise_of_unlike_reservoirs() -> None:
    # S/𝒯 = S_1 − (1 − 𝒯) × (a positive integral), linear in 𝒯: three transmissions lie on one line.
    noise = [
        float(photon_heat_noise(partial(jnp.full_like, fill_value=t), jnp.asarray(0.4), jnp.asarray(0.05))[0]) / t
        for t in (0.1, 0.4, 1.0)
    ]
    assert noise[0] < noise[1] < noise[2]
    np.testing.assert_allclose((noise[1] - noise[0]) / 0.3, (noise[2] - noise[0]) / 0.9, rtol=1e-9)


def test_a_filtered_channel_obeys_fluctuation_and_dissipation() -> None:
    def transmission(frequency: jax.Array) -> jax.Array:
        return 0.7 / (1.0 + (frequency / 1e10) ** 2)

    conductance = jax.grad(lambda t: integrated_heat_current(transmission, t, jnp.asarray(0.2))[0])(0.2)
    noise, _ = photon_heat_noise(transmission, jnp.asarray(0.2), jnp.asarray(0.2))
    np.testing.assert_allclose(noise, 4.0 * BOLTZMANN * 0.2**2 * conductance, rtol=1e-10)


def element(name: str, kind: str, nodes: str, island: str, number: str) -> str:
    """One line of a device file."""
    first, second = tuple(nodes)
    ends = ", ".join(f'"{"ground" if node == "0" else node}"' for node in (first, second))
    where = f'island = "{island}", ' if island else ""
    return f'elements.{name} = {{kind = "{kind}", nodes = [{ends}], {where}{number}}}\n'


def resistor(name: str, nodes: str, island: str, ohm: float) -> str:
    return element(name, "resistor", nodes, island, f'resistance = "{ohm!r} ohm"')


def noise_of(elements: str, temperatures: np.ndarray = TEMPERATURES) -> np.ndarray:
    """S_ij of the three islands; lumped circuits of up to eight elements of a kind share one compilation."""
    return np.asarray(compiled_noise(in_bucket(lower_circuit(loads(ISLANDS + elements))), temperatures))


def assert_same(found: np.ndarray, expected: np.ndarray, tolerance: float = 1e-10) -> None:
    """S_ij is the same, against the noise of islands i and j."""
    own = np.sqrt(np.diag(expected))
    np.testing.assert_allclose(found / own / own[:, None], expected / own / own[:, None], rtol=0.0, atol=tolerance)


@pytest.mark.parametrize("pieces", [2, 4])
def test_a_resistor_may_be_drawn_as_many_in_parallel(pieces: int) -> None:
    # Two matched resistors: 𝒯 = 1, S = (πk_B³/3ħ)(T_1³ + T_2³), however the cold one is drawn.
    hot = resistor("h", "a0", "hot", 100.0)
    parallel = "".join(resistor(f"c{k}", "a0", "cold", 100.0 * pieces) for k in range(pieces))
    expected = np.pi * BOLTZMANN**3 / (3.0 * REDUCED_PLANCK) * np.sum(TEMPERATURES[:2] ** 3)
    found = noise_of(hot + parallel)
    np.testing.assert_allclose(found[:2, :2], expected * np.array([[1.0, -1.0], [-1.0, 1.0]]), rtol=1e-11)
    assert np.all(found[2] == 0.0)


def random_circuit(generator: np.random.Generator) -> tuple[list[tuple[str, str, float]], str]:
    """Three resistors on three islands and one more, between four nodes that capacitors and an inductor join."""
    ohm = 10.0 ** generator.uniform(0.0, 4.0, 4)
    nodes = generator.permutation(["a0", "ab", "b0", "cb"])
    islands = ["hot", "cold", "third", str(generator.choice(["hot", "cold", "third"]))]
    farad, henry = 10.0 ** generator.uniform(-16.0, -13.0, 3), 10.0 ** generator.uniform(-10.0, -8.0)
    rest = "".join(
        element(f"q{k}", "capacitor", pair, "", f'capacitance = "{c!r} F"')
        for k, (pair, c) in enumerate(zip(("a0", "b0", "c0"), farad.tolist(), strict=True))
    ) + element("l", "inductor", "ac", "", f'inductance = "{float(henry)!r} H"')
    return list(zip(nodes.tolist(), islands, ohm.tolist(), strict=True)), rest


@pytest.mark.parametrize("seed", range(6))
def test_splitting_and_merging_resistors_of_a_random_circuit_changes_nothing(seed: int) -> None:
    generator = np.random.default_rng(seed)
    resistors, rest = random_circuit(generator)
    whole = rest + "".join(resistor(f"r{k}", *one) for k, one in enumerate(resistors))
    split = rest
    for k, (nodes, island, ohm) in enumerate(resistors):
        share = float(generator.uniform(0.1, 0.9))
        if generator.random() < 0.5:
            split += resistor(f"r{k}", nodes, island, ohm / share) + resistor(
                f"s{k}", nodes, island, ohm / (1.0 - share)
            )
        else:
            split += resistor(f"r{k}", nodes[0] + "wxyz"[k], island, ohm * share)
            split += resistor(f"s{k}", "wxyz"[k] + nodes[1], island, ohm * (1.0 - share))
    expected = noise_of(whole)
    # Rounding of resonances with a quality factor up to 1e3.
    assert_same(noise_of(split), expected)
    # The circuit keeps no energy, and no combination of heats has a negative spectrum.
    own = np.sqrt(np.diag(expected))
    assert np.max(np.abs(np.sum(expected, axis=1)) / own) <= 1e-10 * np.max(own)
    assert np.min(np.linalg.eigvalsh(expected / own / own[:, None])) >= -1e-10


@pytest.mark.parametrize("seed", range(3))
def test_islands_in_equilibrium_obey_fluctuation_and_dissipation(seed: int) -> None:
    resistors, rest = random_circuit(np.random.default_rng(100 + seed))
    circuit = lower_circuit(loads(ISLANDS + rest + "".join(resistor(f"r{k}", *one) for k, one in enumerate(resistors))))
    circuit = in_bucket(circuit)
    temperatures = np.full(3, 0.2)
    step = 1e-4 * np.eye(3) * 0.2
    slopes = [
        (
            np.sum(compiled_heat(circuit, temperatures + d), axis=1)
            - np.sum(compiled_heat(circuit, temperatures - d), axis=1)
        )
        / (2.0 * np.sum(d))
        for d in step
    ]
    # S_ij = 4k_BT² ∂P_i/∂T_j; the central difference leaves (δT)²/6 of the third derivative, some 1e-8.
    expected = 4.0 * BOLTZMANN * 0.2**2 * np.array(slopes).T
    assert_same(np.asarray(compiled_noise(circuit, temperatures)), expected, 1e-7)


def scattered_noise(elements: list[tuple[tuple[int, int], int, float]], farad: np.ndarray) -> np.ndarray:
    """2∫dω/2π (ħω)² Σ_ab A^i_ab A^j_ba [½(n_a + n_b) + n_a n_b] as it stands: resistors, and capacitances to ground."""
    edges = np.concatenate([[0.0], np.geomspace(1e-6, 1.0, 15), np.linspace(1.0, 60.0, 119)[1:]])
    nodes, weights = np.polynomial.legendre.leggauss(24)
    half = 0.5 * np.diff(edges)[:, None]
    unit = BOLTZMANN * np.max(TEMPERATURES) / REDUCED_PLANCK
    omega = unit * (edges[:-1, None] + half * (1.0 + nodes)).reshape(-1)
    weight = unit * (half * weights).reshape(-1)
    incidence = np.zeros((len(elements), farad.size + 1))
    for k, ((first, second), _, _) in enumerate(elements):
        incidence[k, first], incidence[k, second] = 1.0, -1.0
    incidence = incidence[:, 1:]
    owner, conductance = np.array([one[1] for one in elements]), np.array([1.0 / one[2] for one in elements])
    rows = np.sqrt(conductance)[:, None] * incidence
    nodal = rows.T @ rows + 1j * omega[:, None, None] * np.diag(farad)
    matrix = 2.0 * rows @ np.linalg.solve(nodal, np.broadcast_to(rows.T + 0j, (omega.size, *rows.T.shape))) - np.eye(
        len(elements)
    )
    x = REDUCED_PLANCK * omega[:, None] / (BOLTZMANN * TEMPERATURES[owner])
    n = np.exp(-x) / -np.expm1(-x)
    crossing = 0.5 * (n[:, :, None] + n[:, None, :]) + n[:, :, None] * n[:, None, :]
    powers = [
        np.diag(owner == i) - np.einsum("wca,c,wcb->wab", np.conj(matrix), owner == i, matrix)
        for i in range(TEMPERATURES.size)
    ]
    density = [
        [2.0 * np.sum(crossing * np.real(a * np.swapaxes(b, 1, 2)), axis=(1, 2)) for b in powers] for a in powers
    ]
    return np.array(density) @ (weight * (REDUCED_PLANCK * omega) ** 2 / (2.0 * np.pi))


@pytest.mark.parametrize("islands", list(itertools.product((0, 2), (1, 2), (0, 1))))
def test_many_terminals_have_the_noise_of_the_scattering_formula_as_it_stands(islands: tuple[int, int, int]) -> None:
    ends, ohm, farad = (
        [(1, 0), (2, 0), (1, 2), (2, 0), (1, 0)],
        [30.0, 200.0, 80.0, 500.0, 150.0],
        np.array([2e-15, 8e-15]),
    )
    elements = list(zip(ends, (0, 1, *islands), ohm, strict=True))
    names = ("hot", "cold", "third")
    text = "".join(
        resistor(f"r{k}", "0ab"[first] + "0ab"[second], names[island], value)
        for k, ((first, second), island, value) in enumerate(elements)
    )
    for node, capacitance in zip("ab", farad.tolist(), strict=True):
        text += element(f"q{node}", "capacitor", f"{node}0", "", f'capacitance = "{capacitance!r} F"')
    expected = scattered_noise(elements, farad)
    if not {2} & set(islands):
        expected, found = expected[:2, :2], noise_of(text)[:2, :2]
    else:
        found = noise_of(text)
    # The formula as it stands loses digits where n is large; both integrals are good to 1e-11.
    assert_same(found, expected)


ENDS = resistor("h", "a0", "hot", 30.0) + resistor("c", "b0", "cold", 200.0)


def test_a_lossy_line_without_delay_is_an_attenuator_of_resistors() -> None:
    # A T of two Z tanh(α/2) and one Z/sinh α: two channels of one island on one side, three on the other.
    impedance, attenuation = 80.0, 0.7
    line = element(
        "line",
        "line",
        "ab",
        "third",
        f'characteristic_impedance = "{impedance} ohm", attenuation = {attenuation}, delay = "1e-18 s"',
    )
    arm = float(impedance * np.tanh(attenuation / 2.0))
    pad = (
        resistor("p", "am", "third", arm)
        + resistor("q", "bm", "third", arm)
        + resistor("s", "m0", "third", float(impedance / np.sinh(attenuation)))
    )
    expected = noise_of(ENDS + pad)
    # The delay turns phases by 1e-6 within 60 k_BT/ħ, which has no part of first order in the moduli.
    assert_same(noise_of(ENDS + line), expected)
    assert expected[0, 1] != 0.0


def test_a_measured_two_port_is_the_resistors_it_was_measured_on() -> None:
    series, first, second = 120.0, 70.0, 500.0
    y = [1 / first + 1 / series, -1 / series, 1 / second + 1 / series]
    rows = ", ".join(
        f'{key} = [["{v!r} S", "0 S"], ["{v!r} S", "0 S"]]' for key, v in zip(("y11", "y12", "y22"), y, strict=True)
    )
    probe = element("probe", "two-port", "ab", "third", f'frequency = ["1 GHz", "5 GHz"], {rows}, outside = "hold"')
    lumped = (
        resistor("s", "ab", "third", series)
        + resistor("p", "a0", "third", first)
        + resistor("q", "b0", "third", second)
    )
    assert_same(noise_of(ENDS + probe), noise_of(ENDS + lumped))


def test_a_dynamic_junction_may_be_drawn_as_two() -> None:
    al = 'superconductors.Al = {critical_temperature = "1.2 K", dynes = 1e-3, electron_phonon = "0.3e9 W m^-3 K^-5"}\n'

    def junction(name: str, ohm: float, femtofarad: float) -> str:
        return element(
            name,
            "nis",
            "a0",
            "cold",
            f'superconductor = "Al", admittance = "dynamic", resistance = "{ohm} ohm", capacitance = "{femtofarad} fF"',
        )

    hot, third = resistor("h", "a0", "hot", 100.0), resistor("t", "a0", "third", 300.0)
    whole = noise_of(al + hot + third + junction("j", 120.0, 4.0))
    assert_same(noise_of(al + hot + third + junction("j", 480.0, 1.0) + junction("k", 160.0, 3.0)), whole)


@pytest.mark.parametrize("admittance", ["static", "dynamic"])
def test_two_junctions_are_two_terminals_of_one_channel(admittance: str) -> None:
    device = preset("silver-setup-1", overrides=[("admittance", admittance)]).hold({"left": 0.5})
    circuit = lower_circuit(device)
    by_name = {"left": 0.5, "right": 0.1, "bath": 0.05}
    temperatures = jnp.array([by_name[island.name] for island in device.structure.ordered_islands])
    (first, second) = (int(k) for k in np.asarray(circuit.islands))
    found, error = photon_noise(circuit, temperatures)
    expected, own = photon_heat_noise(
        lambda w: transmission(circuit, temperatures, w)[0], temperatures[first], temperatures[second]
    )
    np.testing.assert_allclose(found[first, first], expected, rtol=1e-9)
    np.testing.assert_allclose(found[first, second], -expected, rtol=1e-9)
    assert abs(found[first, first] - expected) <= error[first, first] + own + 1e-13 * expected


def test_temperatures_that_are_not_positive_have_no_noise() -> None:
    assert np.all(np.isnan(noise_of(ENDS.replace('"b"', '"a"'), np.array([0.5, 0.0, 0.1]))[:2, :2]))
