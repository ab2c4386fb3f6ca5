"""What photons see: nodal analysis against the formulas for two one-ports, and the circuits that are refused."""

import itertools
from collections.abc import Callable

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from scipy.integrate import quad

from subkelvin import Device, DeviceError, Status, preset, steady_state
from subkelvin.balance.network import lower
from subkelvin.circuit.netlist import lower_circuit
from subkelvin.circuit.transmission import one_pole, transmission
from subkelvin.constants import BOLTZMANN, HEAT_QUANTUM, REDUCED_PLANCK
from subkelvin.devicefile import loads
from subkelvin.heat.integral import heat_by_integral
from subkelvin.heat.photonic import photonic_heat

ISLANDS = """
[superconductors.Al]
critical_temperature = "1.2 K"
dynes = 1e-4
electron_phonon = "0.3e9 W m^-3 K^-5"
[islands.hot]
temperature = "500 mK"
[islands.cold]
temperature = "200 mK"
"""
LEFT = '[elements.left]\nkind = "resistor"\nnodes = ["a", "ground"]\nisland = "hot"\nresistance = "300 ohm"\n'
RIGHT = '[elements.right]\nkind = "resistor"\nnodes = ["{}", "ground"]\nisland = "cold"\nresistance = "700 ohm"\n'
OMEGA = np.geomspace(1e8, 1e13, 60)


def series(coupler: str) -> Device:
    """Two resistors, 300 and 700 Ω, with a coupler between nodes a and b."""
    return loads(ISLANDS + LEFT + RIGHT.format("b") + f'[elements.coupler]\nnodes = ["a", "b"]\n{coupler}\n')


def test_the_paper_circuit_has_the_paper_transmission() -> None:
    device = preset("silver-setup-1")
    circuit = lower_circuit(device)
    temperatures = jnp.asarray([0.5, 0.05, 0.3])
    ratio = 1.0 / (np.asarray(circuit.conductance(temperatures)) / np.asarray(circuit.branches.normal_conductance))
    r_left, r_right, alpha, cutoff = ratio[0], ratio[1], 2.0, 2e12
    expected = (4.0 * alpha * r_left * r_right) / (
        (alpha * r_left + r_right) ** 2 + ((1.0 + alpha) * r_left * r_right * OMEGA / cutoff) ** 2
    )
    found = transmission(circuit, temperatures, jnp.asarray(OMEGA))[0]
    # A dozen roundings in either formula.
    np.testing.assert_allclose(found, expected, rtol=1e-13)
    static, time_constant = one_pole(circuit, circuit.conductance(temperatures))
    np.testing.assert_allclose(static[0] / (1.0 + (OMEGA * time_constant) ** 2), expected, rtol=1e-13)


@pytest.mark.parametrize(
    ("coupler", "impedance"),
    [
        ('kind = "inductor"\ninductance = "2 nH"', lambda w: 1j * w * 2e-9),
        ('kind = "capacitor"\ncapacitance = "20 fF"', lambda w: 1.0 / (1j * w * 20e-15)),
        # 1/L = 2π I_c |cos π/4| / Φ0 with Φ0 = 2.067833848e-15 Wb.
        (
            'kind = "squid"\ncritical_current = "1 uA"\nflux = 0.25',
            lambda w: 1j * w * 2.067833848e-15 / (2.0 * np.pi * 1e-6 * np.cos(np.pi / 4.0)),
        ),
    ],
)
def test_a_series_coupler_adds_its_impedance(coupler: str, impedance: Callable[[np.ndarray], np.ndarray]) -> None:
    circuit = lower_circuit(series(coupler))
    expected = 4.0 * 300.0 * 700.0 / np.abs(1000.0 + impedance(OMEGA)) ** 2
    found = transmission(circuit, jnp.asarray([0.5, 0.2]), jnp.asarray(OMEGA))[0]
    # Φ0 above has ten digits; a series capacitor at 1e8 rad/s cancels four orders in the nodal determinant.
    np.testing.assert_allclose(found, expected, rtol=1e-9)
    assert np.all((found >= 0.0) & (found <= 1.0))


def test_a_series_inductor_carries_its_classical_heat_when_hot() -> None:
    # ħR/L ≪ k_BT: P = k_B (T_1 − T_2) R_1R_2/[(R_1 + R_2) L]; the first quantum correction is (ħR/Lk_BT)²/12 or so.
    state = steady_state(series('kind = "inductor"\ninductance = "10 uH"'))
    expected = BOLTZMANN * 0.3 * 300.0 * 700.0 / (1000.0 * 10e-6)
    np.testing.assert_allclose(state.heat("hot", "cold"), expected, rtol=1e-2)
    assert int(state.status) == 0


def test_two_resistors_on_one_node_exchange_a_constant_fraction_of_the_quantum() -> None:
    state = steady_state(loads(ISLANDS + LEFT + RIGHT.format("a")))
    expected = 4.0 * 300.0 * 700.0 / 1000.0**2 * HEAT_QUANTUM * (0.5**2 - 0.2**2)
    np.testing.assert_allclose(state.heat("hot", "cold"), expected, rtol=1e-14)


def test_the_closed_form_and_the_integral_agree_for_every_kind_of_reservoir() -> None:
    nis = 'kind = "nis"\nsuperconductor = "Al"\nresistance = "1 kohm"\ncapacitance = "50 fF"\n'
    nin = 'kind = "nin"\nresistance = "1 kohm"\ncapacitance = "50 fF"\n'
    two = nis + "junctions = 2\n"
    resistor = 'kind = "resistor"\nresistance = "200 ohm"\n'
    for one, other in itertools.combinations_with_replacement((nis, nin, two, resistor), 2):
        device = loads(
            ISLANDS
            + f'[elements.left]\nnodes = ["a", "ground"]\nisland = "hot"\n{one}'
            + f'[elements.right]\nnodes = ["a", "ground"]\nisland = "cold"\n{other}'
        )
        network = lower(device)
        closed, _ = photonic_heat(network.circuit, jnp.asarray([0.5, 0.2]))
        integral, error = heat_by_integral(network.circuit, jnp.asarray([0.5, 0.2]))
        np.testing.assert_allclose(closed, integral, rtol=1e-11)
        assert np.all(error <= 1e-9 * np.abs(integral))


def test_three_reservoirs_on_one_node_are_reciprocal_and_passive() -> None:
    third = '[islands.third]\ntemperature = "300 mK"\n'
    element = '[elements.third]\nkind = "resistor"\nnodes = ["a", "ground"]\nisland = "third"\nresistance = "100 ohm"\n'
    state = steady_state(loads(ISLANDS + third + LEFT + RIGHT.format("a") + element))
    total = sum(float(state.heat(None, name, "holding")) for name in ("hot", "cold", "third"))
    assert abs(total) <= 1e-14 * abs(float(state.heat(None, "hot", "holding")))
    circuit = lower_circuit(loads(ISLANDS + third + LEFT + RIGHT.format("a") + element))
    found = transmission(circuit, jnp.asarray([0.5, 0.2, 0.3]), jnp.asarray(OMEGA))
    assert found.shape == (3, OMEGA.size)
    assert np.all(np.asarray(found[:2]).sum(axis=0) <= 1.0)


def test_a_coupled_device_can_float_and_be_differentiated() -> None:
    text = series('kind = "inductor"\ninductance = "2 nH"')
    device = loads(
        (ISLANDS + LEFT + RIGHT.format("b")).replace('temperature = "500 mK"', 'power = "10 fW"')
        + '[elements.coupler]\nnodes = ["a", "b"]\nkind = "inductor"\ninductance = "2 nH"\n'
    )
    state = steady_state(device)
    assert int(state.status) == 0
    held = steady_state(text.replace({"islands.hot.temperature": float(state.temperatures["hot"])}))
    np.testing.assert_allclose(held.heat("hot", "cold"), 10e-15, rtol=1e-9)

    def hot(inductance: float | jax.Array) -> jax.Array:
        return steady_state(device.replace({"elements.coupler.inductance": inductance})).temperatures["hot"]

    step = 1e-4 * 2e-9
    difference = (hot(2e-9 + step) - hot(2e-9 - step)) / (2.0 * step)
    np.testing.assert_allclose(jax.grad(hot)(2e-9), difference, rtol=1e-6)


@pytest.mark.parametrize("kiloohm", [1.0, 100.0, 10000.0])
def test_the_sharpness_of_a_resonance_does_not_matter(kiloohm: float) -> None:
    # Two equal reservoirs R ∥ C and a series inductor ring at ω² = 2/LC with Q = ωRC, here 9 to 9e4. The half of 𝒯 that sits there
    # weighs π/2 times its width: summed with the low-frequency part by quadrature with the resonance as a break point.
    junction = f'kind = "nin"\nresistance = "{kiloohm} kohm"\ncapacitance = "100 fF"\n'
    device = loads(
        ISLANDS
        + f'[elements.left]\nnodes = ["a", "ground"]\nisland = "hot"\n{junction}'
        + f'[elements.right]\nnodes = ["b", "ground"]\nisland = "cold"\n{junction}'
        + '[elements.coupler]\nnodes = ["a", "b"]\nkind = "inductor"\ninductance = "2.5 nH"\n'
    )
    resistance, capacitance, inductance = 1e3 * kiloohm, 100e-15, 2.5e-9
    centre = np.sqrt(2.0 / (inductance * capacitance))
    width = 1.0 / (resistance * capacitance)

    def integrand(w: float) -> float:
        admittance = 1.0 / resistance + 1j * w * capacitance
        one = 1.0 / admittance
        transmitted = 4.0 * one.real**2 / abs(2.0 * one + 1j * w * inductance) ** 2
        bose = [1.0 / np.expm1(REDUCED_PLANCK * w / (BOLTZMANN * t)) for t in (0.5, 0.2)]
        return transmitted * REDUCED_PLANCK * w * (bose[0] - bose[1]) / (2.0 * np.pi) * 1e15

    steps = width * np.array([-1e4, -1e3, -100, -10, -1, 0, 1, 10, 100, 1e3, 1e4])
    marks = {0.0, *(width * np.array([1, 10, 100, 1e3])), *(centre + steps), 3 * centre, 10 * centre, 1e13}
    edges = sorted(m for m in marks if 0.0 <= m <= 1e13)
    expected = sum(
        quad(integrand, max(a, 1e-3), b, limit=400, epsabs=0.0, epsrel=1e-10)[0] for a, b in itertools.pairwise(edges)
    )
    state = steady_state(device)
    assert int(state.status) == Status.CONVERGED
    # The upper limit of the reference leaves out e^(-150) of it; each piece is good to 1e-10.
    np.testing.assert_allclose(1e15 * float(state.heat("hot", "cold")), expected, rtol=1e-8)


@pytest.mark.parametrize(
    ("elements", "sentence"),
    [
        (LEFT + RIGHT.format("b"), "no other element touches"),
        (
            LEFT + RIGHT.format("a") + '[elements.x]\nkind = "inductor"\nnodes = ["c", "d"]\ninductance = "1 nH"\n'
            '[elements.y]\nkind = "inductor"\nnodes = ["c", "d"]\ninductance = "1 nH"\n',
            "no connection",
        ),
    ],
)
def test_other_circuits_are_refused_with_a_sentence(elements: str, sentence: str) -> None:
    with pytest.raises(DeviceError, match=sentence):
        steady_state(loads(ISLANDS + elements))
