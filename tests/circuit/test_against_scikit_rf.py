"""Transmission against scikit-rf, which computes scattering parameters by cascading: between two resistors 𝒯 = |S21|².

Reference impedances are the resistors themselves. What is missing from S, 1 − |S11|² − |S21|², goes to the two-port's own island.
"""

import jax.numpy as jnp
import numpy as np
import pytest
import skrf
from skrf.media import DefinedGammaZ0

from subkelvin.circuit.netlist import lower_circuit
from subkelvin.devicefile import loads
from subkelvin.heat.matrix import compiled_island_transmission

HOT_RESISTANCE, COLD_RESISTANCE = 35.0, 180.0
TEMPERATURES = np.array([0.3, 0.1, 0.05])
ISLANDS = "".join(
    f'islands.{name} = {{temperature = "{temperature} K"}}\n'
    for name, temperature in zip(("hot", "cold", "bath"), TEMPERATURES, strict=True)
)
HERTZ = np.geomspace(2e8, 1.93217e11, 401)
"""None is a whole multiple of 1/2τ of a line: there scikit-rf nudges a singular matrix, and loses eight digits."""
CELLS = 19
INDUCTANCE = np.linspace(0.15e-9, 0.6e-9, CELLS).tolist()
CAPACITANCE = np.linspace(90e-15, 20e-15, CELLS).tolist()
LOSSY_CELLS = {4: 3.0, 12: 20.0}
"""Series resistances of the RC cells, which stand in for inductors [Ω]."""
RESONATOR_CELL, RESONATOR_INDUCTANCE, RESONATOR_CAPACITANCE = 9, 2e-9, 40e-15
HALF_METRE = 4e-9


def ends(last: str) -> str:
    """A hot resistor at node n0, a cold one at the last node."""
    return "".join(
        f'elements.{name} = {{kind = "resistor", nodes = ["{node}", "ground"], island = "{name}", resistance = "{ohm} ohm"}}\n'
        for name, node, ohm in (("hot", "n0", HOT_RESISTANCE), ("cold", last, COLD_RESISTANCE))
    )


def ladder_elements(lossy: bool) -> str:
    """Twenty nodes besides the resonator's: series inductors or resistors, capacitors to ground, an LC resonator in the middle."""
    text = ""
    for k in range(CELLS):
        if lossy and k in LOSSY_CELLS:
            text += (
                f'elements.r{k} = {{kind = "resistor", nodes = ["n{k}", "n{k + 1}"], island = "bath", '
                f'resistance = "{LOSSY_CELLS[k]} ohm"}}\n'
            )
        else:
            text += f'elements.l{k} = {{kind = "inductor", nodes = ["n{k}", "n{k + 1}"], inductance = "{INDUCTANCE[k]!r} H"}}\n'
        text += f'elements.c{k} = {{kind = "capacitor", nodes = ["n{k + 1}", "ground"], capacitance = "{CAPACITANCE[k]!r} F"}}\n'
    return (
        text
        + f'elements.lr = {{kind = "inductor", nodes = ["n{RESONATOR_CELL}", "x"], inductance = "{RESONATOR_INDUCTANCE!r} H"}}\n'
        f'elements.cr = {{kind = "capacitor", nodes = ["x", "ground"], capacitance = "{RESONATOR_CAPACITANCE!r} F"}}\n'
    )


def medium(characteristic_impedance: float = 50.0, gamma: np.ndarray | complex = 1j) -> DefinedGammaZ0:
    return DefinedGammaZ0(
        skrf.Frequency.from_f(HERTZ, unit="hz"), z0=characteristic_impedance, z0_port=50.0, gamma=gamma
    )


def ladder_of_scikit_rf(lossy: bool) -> skrf.Network:
    """The same ladder as a cascade, against 50 Ω."""
    here = medium()
    network = here.thru()
    for k in range(CELLS):
        if k == RESONATOR_CELL:
            resonator = here.inductor(RESONATOR_INDUCTANCE) ** here.capacitor(RESONATOR_CAPACITANCE) ** here.short()
            network = network ** here.shunt(resonator)
        series = here.resistor(LOSSY_CELLS[k]) if lossy and k in LOSSY_CELLS else here.inductor(INDUCTANCE[k])
        network = network**series ** here.shunt_capacitor(CAPACITANCE[k])
    return network


def agrees(network: skrf.Network, elements: str, last: str) -> np.ndarray:
    """Compare both; return 𝒯 from the hot to the cold island."""
    circuit = lower_circuit(loads(ISLANDS + ends(last) + elements))
    found = np.asarray(
        compiled_island_transmission(circuit, jnp.asarray(TEMPERATURES), jnp.asarray(2.0 * np.pi * HERTZ))
    )
    between = network.copy()
    between.renormalize([HOT_RESISTANCE, COLD_RESISTANCE])
    power = np.abs(between.s) ** 2
    # Both lose digits where little is transmitted: of |S21| ≤ 1 some 1e-14, in the cascade more.
    np.testing.assert_allclose(found[0, 1], power[:, 1, 0], rtol=1e-9, atol=1e-13)
    np.testing.assert_allclose(found[0, 2], 1.0 - power[:, 0, 0] - power[:, 1, 0], rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(found[1, 2], 1.0 - power[:, 1, 1] - power[:, 0, 1], rtol=1e-9, atol=1e-12)
    return found[0, 1]


def table(network: skrf.Network) -> str:
    """Rows of a measured two-port or one-port at the frequencies of the comparison."""
    text = "frequency = [" + ", ".join(f'"{one!r} Hz"' for one in HERTZ.tolist()) + "]"
    for key, i, j in (("y11", 0, 0), ("y12", 0, 1), ("y22", 1, 1)):
        if j < network.nports:
            column = ", ".join(f'["{y.real!r} S", "{y.imag!r} S"]' for y in network.y[:, i, j].tolist())
            text += f", {key} = [{column}]"
    return text + ', outside = "hold"'


@pytest.mark.parametrize("lossy", [False, True])
def test_a_ladder_of_twenty_nodes_transmits_what_scikit_rf_says(lossy: bool) -> None:
    found = agrees(ladder_of_scikit_rf(lossy), ladder_elements(lossy), f"n{CELLS}")
    # The comparison means something: the ladder passes, and the resonator takes a notch out.
    assert found.max() > 0.3
    assert found.min() < 1e-3


@pytest.mark.parametrize("delay", [3e-12, 40e-12, HALF_METRE])
@pytest.mark.parametrize("attenuation", [0.0, 0.02, 1.7])
def test_a_line_transmits_what_scikit_rf_says(delay: float, attenuation: float) -> None:
    # A length of one metre, so that gamma is the whole phase and loss.
    here = medium(70.0, attenuation + 2j * np.pi * HERTZ * delay)
    island = f', island = "bath", attenuation = {attenuation!r}' if attenuation else ""
    line = (
        'elements.line = {kind = "line", nodes = ["n0", "n1"], characteristic_impedance = "70 ohm", '
        f'delay = "{delay!r} s"{island}}}\n'
    )
    agrees(here.line(1.0, "m"), line, "n1")


def test_two_lines_and_an_open_stub_transmit_what_scikit_rf_says() -> None:
    first, second, stub = (
        medium(z, a + 2j * np.pi * HERTZ * t)
        for z, a, t in ((70.0, 0.1, 2e-11), (25.0, 0.0, 7e-11), (50.0, 0.3, 5e-11))
    )
    network = first.line(1.0, "m") ** stub.shunt(stub.line(1.0, "m") ** stub.open()) ** second.line(1.0, "m")
    elements = "".join(
        f'elements.{name} = {{kind = "line", nodes = ["{a}", "{b}"], '
        f'characteristic_impedance = "{z} ohm", delay = "{t} s"{more}}}\n'
        for name, a, b, z, t, more in (
            ("one", "n0", "n1", 70.0, 2e-11, ', island = "bath", attenuation = 0.1'),
            ("two", "n1", "n2", 25.0, 7e-11, ""),
            ("stub", "n1", "x", 50.0, 5e-11, ', island = "bath", attenuation = 0.3'),
        )
    )
    agrees(network, elements, "n2")


@pytest.mark.parametrize("lossy", [False, True])
def test_a_two_port_measured_at_these_frequencies_transmits_as_the_ladder(lossy: bool) -> None:
    network = ladder_of_scikit_rf(lossy)
    element = f'elements.probe = {{kind = "two-port", nodes = ["n0", "n1"], island = "bath", {table(network)}}}\n'
    agrees(network, element, "n1")


def test_a_one_port_measured_at_these_frequencies_shunts_as_its_circuit() -> None:
    here = medium()
    one_port = here.resistor(12.0) ** here.inductor(1e-9) ** here.capacitor(60e-15) ** here.short()
    element = f'elements.probe = {{kind = "table", nodes = ["n0", "ground"], island = "bath", {table(one_port)}}}\n'
    series = f'elements.l = {{kind = "inductor", nodes = ["n0", "n1"], inductance = "{INDUCTANCE[0]!r} H"}}\n'
    agrees(here.shunt(one_port) ** here.inductor(INDUCTANCE[0]), element + series, "n1")
