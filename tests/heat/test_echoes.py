"""Heat through transmission lines along a ray in the plane of ω: against sums over the comb, other routes, limits, differences."""

import os
import signal
import subprocess
import sys
import time

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from subkelvin import Device, DeviceError, Status, steady_state
from subkelvin.circuit.netlist import lower_circuit
from subkelvin.constants import BOLTZMANN, HEAT_QUANTUM, REDUCED_PLANCK
from subkelvin.devicefile import loads
from subkelvin.heat.echoes import heat_by_echoes
from subkelvin.heat.integral import heat_by_integral
from subkelvin.heat.matrix import heat_matrix_of
from subkelvin.heat.voltage_noise import voltage_noise, voltage_noise_by_integral
from subkelvin.physics.tunnel_admittance import admittance_ratio, continued_admittance_ratio

HOT, COLD, LINE = 0.3, 0.1, 0.2
TEMPERATURES = np.array([HOT, COLD, LINE])
IMPEDANCE = 80.0
MATERIAL = (
    'superconductors.Al = {critical_temperature = "1.2 K", dynes = 1e-4, electron_phonon = "0.3e9 W m^-3 K^-5"}\n'
)
ISLANDS = "".join(
    f'islands.{name} = {{temperature = "{temperature} K"}}\n'
    for name, temperature in (("hot", HOT), ("cold", COLD), ("line", LINE))
)
by_echoes, by_integral = jax.jit(heat_by_echoes), jax.jit(heat_by_integral)


def resistor(island: str, node: str, ohm: float) -> str:
    nodes = f'nodes = ["{node}", "ground"], island = "{island}"'
    return f'elements.{island} = {{kind = "resistor", {nodes}, resistance = "{ohm!r} ohm"}}\n'


def junction(island: str, node: str, ohm: float, admittance: str) -> str:
    nodes = f'nodes = ["{node}", "ground"], island = "{island}", superconductor = "Al"'
    values = f'resistance = "{ohm!r} ohm", capacitance = "5 fF", admittance = "{admittance}"'
    return f'elements.{island} = {{kind = "nis", {nodes}, {values}}}\n'


def line(delay: float, attenuation: float = 0.0, nodes: str = '["a", "b"]', name: str = "line") -> str:
    lossy = f', island = "line", attenuation = {attenuation!r}' if attenuation else ""
    values = f'characteristic_impedance = "{IMPEDANCE!r} ohm", delay = "{delay!r} s"{lossy}'
    return f'elements.{name} = {{kind = "line", nodes = {nodes}, {values}}}\n'


def device(*elements: str) -> Device:
    return loads(ISLANDS + MATERIAL + "".join(elements))


def between(hot: float, cold: float, delay: float, attenuation: float = 0.0) -> Device:
    return device(resistor("hot", "a", hot), resistor("cold", "b", cold), line(delay, attenuation))


def cell_by_cell(hot: float, cold: float, delay: float) -> float:
    """The heat through a lossless line: Gauss's rule on panels of π/40 in phase, with the textbook transmission."""
    highest = 60.0 * BOLTZMANN * HOT / REDUCED_PLANCK
    edges = np.linspace(0.0, highest, 1 + max(200, int(np.ceil(highest * delay / (np.pi / 40.0)))))
    nodes, weights = np.polynomial.legendre.leggauss(28)
    half = np.diff(edges)[:, None] / 2.0
    omega = edges[:-1, None] + half * (1.0 + nodes)
    cosine, sine = np.cos(omega * delay), np.sin(omega * delay)
    across = ((hot + cold) * cosine) ** 2 + ((IMPEDANCE + hot * cold / IMPEDANCE) * sine) ** 2
    energy = REDUCED_PLANCK * omega
    quanta = 1.0 / np.expm1(energy / (BOLTZMANN * HOT)) - 1.0 / np.expm1(energy / (BOLTZMANN * COLD))
    return float(np.sum(half * weights * 4.0 * hot * cold / across * energy * quanta / (2.0 * np.pi)))


@pytest.mark.parametrize(("hot", "cold"), [(IMPEDANCE, IMPEDANCE), (10.0, 300.0), (5.0, 5000.0)])
@pytest.mark.parametrize("delay", [1e-13, 1e-12, 1e-11, 5e-11, 4e-9])
def test_heat_is_the_sum_over_the_comb_cell_by_cell(hot: float, cold: float, delay: float) -> None:
    found = heat_matrix_of(between(hot, cold, delay), TEMPERATURES)
    assert found.route == "echoes"
    assert found.error[0, 1] <= 1e-11 * found.watts[0, 1]
    # Rounding of up to a million terms in the reference.
    expected = cell_by_cell(hot, cold, delay)
    assert abs(found.watts[0, 1] - expected) <= found.error[0, 1] + 1e-13 * expected


@pytest.mark.parametrize(("hot", "cold"), [(10.0, 300.0), (0.01, 1e7), (1e7, 1e7), (1e-4, 1e-4), (1e9, 1e-3)])
def test_a_long_line_has_the_heat_of_waves_without_interference(hot: float, cold: float) -> None:
    # Intensities add up: 1/𝒯 = 1/t_1 + 1/t_2 − 1, t the transmission from a resistor into the line. Corrections are e^{−2πk_BTτ/ħ}.
    into = [4.0 * one * IMPEDANCE / (one + IMPEDANCE) ** 2 for one in (hot, cold)]
    mean = into[0] * into[1] / (into[0] + into[1] - into[0] * into[1])
    expected = mean * HEAT_QUANTUM * (HOT - COLD) * (HOT + COLD)
    for delay in (4e-9, 1e-6, 1e-3):
        heat, error = jax.device_get(by_echoes(lower_circuit(between(hot, cold, delay)), TEMPERATURES))
        # Up to 1e5 passages amplify rounding; the error says so.
        assert error[0] <= 1e-9 * heat[0]
        assert abs(heat[0] - expected) <= error[0]


def coil(nodes: str, henry: float, name: str = "coil") -> str:
    return f'elements.{name} = {{kind = "inductor", nodes = {nodes}, inductance = "{henry!r} H"}}\n'


def capacitor(nodes: str, farad: float) -> str:
    return f'elements.capacitor = {{kind = "capacitor", nodes = {nodes}, capacitance = "{farad!r} F"}}\n'


CIRCUITS = {
    "lossy": [resistor("hot", "a", 10.0), resistor("cold", "b", 300.0), line(2e-11, 0.01)],
    "very lossy": [resistor("hot", "a", 10.0), resistor("cold", "b", 300.0), line(2e-11, 3.0)],
    "static junction": [junction("hot", "a", 300.0, "static"), resistor("cold", "b", 30.0), line(2e-11, 0.1)],
    "dynamic junction": [junction("hot", "a", 300.0, "dynamic"), resistor("cold", "b", 30.0), line(2e-11, 0.1)],
    "two lines of one delay": [
        resistor("hot", "a", 20.0),
        resistor("cold", "c", 300.0),
        capacitor('["b", "ground"]', 5e-14),
        line(1e-11, 0.1),
        line(1e-11, 0.0, '["b", "c"]', "second"),
    ],
    "a line beside a resistor": [
        resistor("hot", "a", 20.0),
        resistor("cold", "b", 300.0),
        line(1e-11),
        'elements.beside = {kind = "resistor", nodes = ["a", "b"], island = "line", resistance = "90 ohm"}\n',
    ],
    "coil in series": [
        resistor("hot", "a", 20.0), resistor("cold", "c", 30.0), line(2e-11, 0.1), coil('["b", "c"]', 3e-10)
    ],
    "resonator": [
        resistor("hot", "a", 20.0), resistor("cold", "b", 300.0), line(2e-11, 0.1), coil('["b", "ground"]', 3e-10),
        capacitor('["b", "ground"]', 2e-13),
    ],
}  # fmt: skip


@pytest.mark.parametrize("name", CIRCUITS)
def test_echoes_and_the_integral_over_real_frequencies_agree(name: str) -> None:
    made = device(*CIRCUITS[name])
    circuit = lower_circuit(made)
    assert circuit.route == "echoes"
    heat, error = jax.device_get(by_echoes(circuit, TEMPERATURES))
    twin, own = jax.device_get(by_integral(lower_circuit(made, "integral"), TEMPERATURES))
    assert np.all(error <= 1e-9 * np.max(np.abs(heat)))
    # The integral's estimate is below 1e-11 of the largest heat; its sums round by 1e-14.
    np.testing.assert_array_less(np.abs(heat - twin), error + own + 1e-14 * np.max(np.abs(heat)))


def test_voltage_noise_by_echoes_is_that_of_the_integral() -> None:
    made = device(*CIRCUITS["lossy"])
    square, error = jax.device_get(jax.jit(voltage_noise)(lower_circuit(made), TEMPERATURES))
    twin, _ = jax.device_get(jax.jit(voltage_noise_by_integral)(lower_circuit(made, "integral"), TEMPERATURES))
    assert np.all(error <= 1e-11 * square)
    # The tolerance of the adaptive integral.
    np.testing.assert_allclose(square, twin, rtol=1e-12)


@pytest.mark.parametrize(
    "path", ["line.delay", "line.attenuation", "line.characteristic_impedance", "hot.resistance", "cold.resistance"]
)
@pytest.mark.parametrize("delay", [2e-12, 4e-11])
def test_derivatives_by_values_agree_with_differences(path: str, delay: float) -> None:
    made = between(10.0, 300.0, delay, 0.1)
    key = f"elements.{path}"
    value = float(made.values[key])

    def heat(number: jax.Array) -> jax.Array:
        return heat_by_echoes(lower_circuit(made.replace({key: number})), jnp.asarray(TEMPERATURES))[0] * 1e15

    compiled = jax.jit(heat)
    forward, backward = jax.jit(jax.jacfwd(heat))(value), jax.jit(jax.jacrev(heat))(value)
    step = 1e-4 * value
    difference = (compiled(value + step) - compiled(value - step)) / (2.0 * step)
    # Central differences: 1e-8 of the third derivative, and rounding of 1e-14/1e-4 of the heat.
    scale = float(np.max(np.abs(compiled(value)))) / value
    np.testing.assert_allclose(forward, difference, rtol=1e-6, atol=1e-8 * scale)
    np.testing.assert_allclose(backward, forward, rtol=1e-9, atol=1e-12 * scale)


def test_derivatives_by_temperature_agree_with_differences() -> None:
    circuit = lower_circuit(between(10.0, 300.0, 4e-11, 0.1))
    slope = jax.jit(jax.jacfwd(lambda t: heat_by_echoes(circuit, t)[0] * 1e15))(jnp.asarray(TEMPERATURES))
    for k, step in enumerate(1e-4 * TEMPERATURES):
        change = step * np.eye(3)[k]
        both = [1e15 * by_echoes(circuit, TEMPERATURES + sign * change)[0] for sign in (1.0, -1.0)]
        # As above.
        np.testing.assert_allclose(slope[:, k], (both[0] - both[1]) / (2.0 * step), rtol=1e-6, atol=1e-6)


def test_equal_temperatures_exchange_nothing() -> None:
    heat, _ = by_echoes(lower_circuit(between(10.0, 300.0, 4e-9, 0.1)), np.full(3, 0.2))
    np.testing.assert_array_equal(heat, 0.0)


def test_the_continued_admittance_is_the_admittance_at_real_frequencies_and_analytic_below() -> None:
    temperature, gap = 0.1, 1.764 * BOLTZMANN * 1.2
    unit = BOLTZMANN * temperature / REDUCED_PLANCK
    omega = np.geomspace(1e-6, 100.0, 200) * unit
    real, imaginary = continued_admittance_ratio(temperature, omega + 0j, gap, 1e-4 * gap)
    expected = admittance_ratio(temperature, omega, gap, 1e-4 * gap)
    np.testing.assert_allclose(real, jnp.real(expected), rtol=1e-12)
    np.testing.assert_allclose(imaginary, jnp.imag(expected), rtol=1e-12)
    # The mean over a circle is the value at its centre; below, at and above the gap's 21 units.
    circle = np.exp(2j * np.pi * (np.arange(48) + 0.5) / 48.0)
    for centre in (2.0 - 0.5j, 21.0 - 0.8j, 40.0 - 1.0j):
        around = continued_admittance_ratio(temperature, (centre + 0.7 * circle) * unit, gap, 1e-4 * gap)
        middle = continued_admittance_ratio(temperature, np.array([centre]) * unit, gap, 1e-4 * gap)
        for many, one in zip(around, middle, strict=True):
            # The singularity nearest to the circle leaks (0.7/2.1)^48 into the mean.
            np.testing.assert_allclose(np.mean(many), complex(one[0]), rtol=1e-10)


FLOATING = (
    'islands.hot = {power = "1 fW"}\nislands.cold = {temperature = "50 mK"}\nislands.line = {temperature = "50 mK"}\n'
)


def floating(delay: float, attenuation: float) -> Device:
    return loads(FLOATING + resistor("hot", "a", 100.0) + resistor("cold", "b", 30.0) + line(delay, attenuation))


@pytest.mark.parametrize("attenuation", [0.0, 0.1])
def test_an_island_behind_a_line_of_any_length_settles_where_its_power_leaves(attenuation: float) -> None:
    for delay in (1e-13, 4e-9, 1e-6):
        made = floating(delay, attenuation)
        state = jax.device_get(steady_state(made))
        assert int(state.status) == Status.CONVERGED
        order = [island.name for island in made.structure.ordered_islands]
        watts = heat_matrix_of(made, np.array([float(state.temperatures[name]) for name in order])).watts
        # The accuracy of a balance with photons that are integrated.
        np.testing.assert_allclose(watts[order.index("hot")].sum(), 1e-15, rtol=2e-9)


def test_what_no_route_can_answer_is_refused_beforehand() -> None:
    two = [resistor("hot", "a", 20.0), resistor("cold", "c", 300.0), line(4e-9)]
    with pytest.raises(DeviceError, match="different delays") as refusal:
        steady_state(device(*two, line(3e-9, 0.0, '["b", "c"]', "second")))
    assert "`elements.line.delay`" in str(refusal.value)
    with pytest.raises(DeviceError, match="4e-09 s"):
        heat_matrix_of(between(10.0, 300.0, 4e-9), TEMPERATURES, "integral")


SWEEP = """
import sys
import numpy as np
from subkelvin import Progress
from subkelvin.balance.steady.solve import solve
from subkelvin.devicefile import loads
from subkelvin.sweeps.run import evaluate_over
print("begun", flush=True)
found = evaluate_over(solve, loads(sys.stdin.read()), {"elements.line.delay": np.geomspace(1e-13, 1e-6, int(sys.argv[1]))},
                      Progress(lambda progress: print("progress", flush=True))).values
# Of this program alone: what getrusage says begins with the memory of the process that started it.
peak = open("/proc/self/status").read().split("VmHWM:")[1]
print(sorted(set(found.status.tolist())), int(peak.split()[0]), flush=True)
"""


def sweep(count: int) -> subprocess.Popen[str]:
    text = FLOATING + resistor("hot", "a", 100.0) + resistor("cold", "b", 30.0) + line(1e-9, 0.1)
    process = subprocess.Popen(
        [sys.executable, "-c", SWEEP, str(count)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=dict(os.environ),
    )  # fmt: skip
    assert process.stdin is not None
    process.stdin.write(text)
    process.stdin.close()
    return process


def test_a_sweep_over_the_delay_stays_below_two_gigabytes() -> None:
    with sweep(5) as process:
        assert process.stdout is not None
        lines = process.stdout.read().split("\n")
    assert process.returncode == 0
    status, kilobytes = lines[-2].rsplit(" ", 1)
    assert status == f"[{int(Status.CONVERGED)}]"
    assert int(kilobytes) < 2e6


def test_a_sweep_over_the_delay_hears_an_interrupt() -> None:
    with sweep(5000) as process:
        assert process.stdout is not None
        while "progress" not in process.stdout.readline():
            assert process.poll() is None
        process.send_signal(signal.SIGINT)
        asked = time.monotonic()
        status = process.stdout.read().split("\n")[-2]
    assert process.returncode == 0
    assert status.startswith(f"[{int(Status.NOT_COMPUTED)}, {int(Status.CONVERGED)}]")
    # What is under way is finished first: two points of a second or two each on a busy machine.
    assert time.monotonic() - asked < 30.0
