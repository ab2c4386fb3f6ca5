"""Kinds of circuit elements: records that say everything about them, a user's own included."""

import doctest
import pickle
from collections.abc import Mapping
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from scipy.integrate import quad

from subkelvin import Device, DeviceError, steady_state, transmission
from subkelvin.circuit.elements import ELEMENT_KINDS
from subkelvin.circuit.netlist import lower_circuit
from subkelvin.constants import BOLTZMANN, REDUCED_PLANCK
from subkelvin.devicefile import dump, loads
from subkelvin.devicefile.reference import table_of_keys
from subkelvin.model import ArgumentError, element_kind
from subkelvin.model.element_kind import Branch, ElementKind, Spectrum, Written
from subkelvin.model.symbol import Letters, Symbol, rectangle
from subkelvin.model.vocabulary import Field
from subkelvin.plots.circuit.drawing import main_value
from subkelvin.plots.circuit.schematic import draw_circuit

RESISTANCE, TIME = 50.0, 2e-11


def conductance(values: Mapping[str, Any]) -> Any:
    """1/R."""
    return 1.0 / values["resistance"]


def drude(temperature: jax.Array, frequency: jax.Array, values: Mapping[str, Any]) -> jax.Array:
    """Y = (1/R)/(1 + iωτ)."""
    return values["conductance"] / (1.0 + 1j * frequency * values["time"])


def capacitance(values: Mapping[str, Any]) -> Any:
    """C."""
    return values["capacitance"]


def inverse_inductance(values: Mapping[str, Any]) -> Any:
    """1/L."""
    return 1.0 / values["inductance"]


def time_of(values: Mapping[str, float]) -> tuple[Written, ...]:
    """τ."""
    return (Written("τ = ", values["time"], "s"),)


OHM = Field("ohm", 1e-6, 1e15, "resistance", "resistance", '"50 ohm"')
DRUDE = ElementKind(
    "drude-resistor",
    "A resistor whose electrons follow a field after their scattering time.",
    {"resistance": OHM, "time": Field("s", 1e-18, 1e-6, "scattering time", "time", '"1 ps"')},
    Branch(conductance, spectrum=Spectrum(drude, ("time",), inductive=True)),
    symbol=Symbol((rectangle(0.0, 1.0, 0.2), Letters("D"))),
    label=time_of,
)
TANK = ElementKind(
    "tank",
    "A resistor, a capacitor and an inductor in parallel.",
    {"resistance": OHM, **ELEMENT_KINDS["capacitor"].numbers, **ELEMENT_KINDS["inductor"].numbers},
    Branch(conductance, capacitance, inverse_inductance),
)
DEVICE = """
islands.cold.temperature = "100 mK"
islands.hot.temperature = "300 mK"
[elements]
R = {kind = "resistor", nodes = ["a", "ground"], island = "cold", resistance = "50 ohm"}
D = {kind = "drude-resistor", nodes = ["a", "ground"], island = "hot", resistance = "50 ohm", time = "20 ps"}
"""
TANKS = """
islands.cold.temperature = "100 mK"
islands.hot.temperature = "300 mK"
[elements]
R = {kind = "resistor", nodes = ["a", "ground"], island = "cold", resistance = "50 ohm"}
"""


@pytest.fixture(scope="module")
def device() -> Device:
    return loads(DEVICE, kinds=[DRUDE])


def compiled_for(lowered: Any) -> Any:
    """What has to be equal for two to share compiled code, besides the shapes of arrays."""
    return jax.tree.structure(lowered)


def test_every_file_of_the_folder_is_a_kind_and_every_kind_can_be_pickled() -> None:
    assert set(ELEMENT_KINDS) == {
        "nis", "nin", "resistor", "capacitor", "inductor", "squid", "mutual", "line", "superconductor", "table", "two-port",
    }  # fmt: skip
    for kind in ELEMENT_KINDS.values():
        copy = pickle.loads(pickle.dumps(kind))
        assert copy == kind
        assert hash(copy) == hash(kind)
    with pytest.raises(TypeError):
        ELEMENT_KINDS["new"] = DRUDE  # type: ignore[index]


def test_the_documented_example_of_a_kind_of_ones_own_runs() -> None:
    result = doctest.testmod(element_kind)
    assert result.attempted >= 5
    assert result.failed == 0


def test_the_heat_of_a_kind_of_ones_own_is_that_of_its_admittance(device: Device) -> None:
    def integrand(x: float) -> float:
        frequency = x * BOLTZMANN * 0.3 / REDUCED_PLANCK
        first, second = 1.0 / RESISTANCE, (1.0 / RESISTANCE) / (1.0 + 1j * frequency * TIME)
        through = 4.0 * first * second.real / abs(first + second) ** 2
        hot, cold = 1.0 / np.expm1(x), 1.0 / np.expm1(3.0 * x)
        return float(through * x * (hot - cold))

    unit = (BOLTZMANN * 0.3) ** 2 / (2.0 * np.pi * REDUCED_PLANCK)
    expected = unit * quad(integrand, 0.0, 60.0, epsabs=0.0, epsrel=1e-12, limit=500)[0]
    # The mesh over frequency resolves a smooth transmission to 1e-10.
    assert float(steady_state(device).heat("hot", "cold", kind="photon")) == pytest.approx(expected, rel=1e-9)
    # Without its inductance the resistor would be matched, and the channel perfect.
    matched = steady_state(device.replace({"elements.D.time": 1e-18})).heat("hot", "cold")
    assert float(matched) > 1.1 * expected


def test_derivatives_go_through_a_kind_of_ones_own(device: Device) -> None:
    def heat(time: Any) -> Any:
        return steady_state(device.replace({"elements.D.time": time})).heat("hot", "cold")

    step = 1e-3 * TIME
    finite = (float(heat(TIME + step)) - float(heat(TIME - step))) / (2.0 * step)
    # The central difference is wrong by (step/τ)² times a number of order one.
    assert float(jax.grad(heat)(TIME)) == pytest.approx(finite, rel=1e-5)


def test_parts_in_parallel_are_those_of_single_elements() -> None:
    line = '{kind = "tank", nodes = ["a", "ground"], island = "hot", resistance = "1 kohm"'
    whole = loads(TANKS + f'T = {line}, capacitance = "20 fF", inductance = "1 nH"}}\n', kinds=[TANK])
    apart = loads(
        TANKS
        + 'T = {kind = "resistor", nodes = ["a", "ground"], island = "hot", resistance = "1 kohm"}\n'
        + 'C = {kind = "capacitor", nodes = ["a", "ground"], capacitance = "20 fF"}\n'
        + 'L = {kind = "inductor", nodes = ["a", "ground"], inductance = "1 nH"}\n'
    )
    assert lower_circuit(whole).route == lower_circuit(apart).route == "poles"
    one, other = (float(steady_state(one).heat("hot", "cold")) for one in (whole, apart))
    # The same circuit: rounding.
    assert one == pytest.approx(other, rel=1e-12)


def test_a_device_keeps_its_kinds_when_it_is_pickled_written_and_read(device: Device) -> None:
    copy = pickle.loads(pickle.dumps(device))
    assert copy.structure == device.structure
    assert hash(copy.structure) == hash(device.structure)
    same = loads(dump(device), kinds=[DRUDE])
    assert same.structure == device.structure
    assert dict(same.values) == dict(device.values)


def test_the_same_kind_shares_compiled_code_and_another_one_does_not(device: Device) -> None:
    circuit = lower_circuit(device)
    copy = lower_circuit(pickle.loads(pickle.dumps(device)))
    assert compiled_for(circuit) == compiled_for(copy)
    other = ElementKind(
        DRUDE.name, DRUDE.meaning, DRUDE.numbers, Branch(conductance, spectrum=Spectrum(drude, ("time",)))
    )
    assert other != DRUDE
    assert compiled_for(lower_circuit(loads(DEVICE, kinds=[other]))) != compiled_for(circuit)


def test_a_kind_of_ones_own_has_the_sentences_of_every_kind(device: Device) -> None:
    for text, sentence in (
        ('time = "20 ps"', r"`elements\.D\.time` is missing: a time is required \(scattering time\)"),
        ('island = "hot", ', r"`elements\.D\.island` is missing: it says at whose temperature"),
    ):
        with pytest.raises(DeviceError, match=sentence):
            loads(DEVICE.replace(text, "").replace(", }", "}"), kinds=[DRUDE])
    with pytest.raises(
        DeviceError, match=r"`elements\.D\.tim` is not a key of a drude-resistor; did you mean `time`\?"
    ):
        loads(DEVICE.replace("time =", "tim ="), kinds=[DRUDE])
    with pytest.raises(DeviceError, match=r"`elements\.D\.time` must be a time of 1e-18 to 1e-06 s"):
        device.replace({"elements.D.time": 1.0})
    with pytest.raises(DeviceError, match=r"`elements\.D\.kind` must be one of capacitor"):
        loads(DEVICE)


def test_a_name_that_is_taken_is_refused() -> None:
    resistor = ElementKind("resistor", "another one", {}, Branch(conductance))
    with pytest.raises(ArgumentError, match="'resistor', which is the name of another kind"):
        loads(DEVICE, kinds=[resistor])
    with pytest.raises(ArgumentError, match="must hold kinds of elements"):
        loads(DEVICE, kinds=["drude-resistor"])  # type: ignore[list-item]


def test_a_kind_of_ones_own_is_drawn_by_its_own_symbol(device: Device) -> None:
    axes = draw_circuit(device)
    axes.figure.canvas.draw()
    words = [text.get_text() for text in axes.texts]
    assert "τ = 20 ps" in words
    assert main_value(device, "R") == "50 Ω"
    # The letter inside the symbol.
    assert words.count("D") == 2


def test_the_spectrum_of_a_device_shows_the_admittance_of_its_kind(device: Device) -> None:
    hertz = np.array([1e9, 1e11])
    found = transmission(device, hertz).to_xarray().transmission.sel(source="hot", target="cold")
    admittance = (1.0 / RESISTANCE) / (1.0 + 2j * np.pi * hertz * TIME)
    expected = 4.0 / RESISTANCE * admittance.real / np.abs(1.0 / RESISTANCE + admittance) ** 2
    # Rounding.
    np.testing.assert_allclose(np.asarray(found), expected, rtol=1e-12)


def test_the_table_of_keys_names_every_number_of_every_kind() -> None:
    table = table_of_keys()
    for kind in ELEMENT_KINDS.values():
        for key in kind.numbers:
            assert f'| `[elements.NAME], kind = "{kind.name}"` | `{key}` |' in table


def test_a_branch_that_resonates_is_not_integrated_on_a_mesh(device: Device) -> None:
    assert lower_circuit(device).route == "mesh"
    with_capacitor = DEVICE + 'C = {kind = "capacitor", nodes = ["a", "ground"], capacitance = "20 fF"}\n'
    assert lower_circuit(loads(with_capacitor, kinds=[DRUDE])).route == "integral"
    assert jnp.ndim(lower_circuit(device).branches.numbers[0]["time"]) == 1
