"""Heat through a mismatched line of 4 ns: the package against SciPy's `quad` over every cell of the comb, in one run.

The rival knows the textbook transmission of the line, and where its cells are. Prints times and their ratio; no ratio without
agreement to 1e-9. Usage: python benchmarks/lines.py
"""

import itertools
import time

import jax
import numpy as np
from scipy.integrate import quad

from subkelvin.circuit.netlist import lower_circuit
from subkelvin.devicefile import loads
from subkelvin.heat.matrix import compiled_island_heat

BOLTZMANN, REDUCED_PLANCK = 1.380649e-23, 6.62607015e-34 / (2.0 * np.pi)
HOT, COLD, FIRST, SECOND, IMPEDANCE, DELAY = 0.1, 0.05, 100.0, 30.0, 50.0, 4e-9
WANTED = 1e-9
REPETITIONS = 31
DEVICE = f"""
islands.hot = {{temperature = "{HOT} K"}}
islands.cold = {{temperature = "{COLD} K"}}
elements.hot = {{kind = "resistor", nodes = ["a", "ground"], island = "hot", resistance = "{FIRST} ohm"}}
elements.cold = {{kind = "resistor", nodes = ["b", "ground"], island = "cold", resistance = "{SECOND} ohm"}}
elements.line = {{kind = "line", nodes = ["a", "b"], characteristic_impedance = "{IMPEDANCE} ohm", delay = "{DELAY} s"}}
"""


def density(omega: float) -> float:
    """Watts per rad/s, in units of 1e-24."""
    cosine, sine = np.cos(omega * DELAY), np.sin(omega * DELAY)
    across = ((FIRST + SECOND) * cosine) ** 2 + ((IMPEDANCE + FIRST * SECOND / IMPEDANCE) * sine) ** 2
    energy = REDUCED_PLANCK * omega
    quanta = 1.0 / np.expm1(energy / (BOLTZMANN * HOT)) - 1.0 / np.expm1(energy / (BOLTZMANN * COLD))
    return float(1e24 * 4.0 * FIRST * SECOND / across * energy * quanta / (2.0 * np.pi))


def main() -> None:
    """Time both, check that they agree, print the ratio."""
    circuit, temperatures = lower_circuit(loads(DEVICE)), np.array([HOT, COLD])
    ours = float(jax.block_until_ready(compiled_island_heat(circuit, temperatures))[0][0, 1])
    times = []
    for _ in range(REPETITIONS):
        start = time.perf_counter()
        jax.block_until_ready(compiled_island_heat(circuit, temperatures))
        times.append(time.perf_counter() - start)
    one = float(np.median(times))
    cell = np.pi / DELAY
    edges = cell * np.arange(0, int(40.0 * BOLTZMANN * HOT / REDUCED_PLANCK / cell) + 2)
    edges[0] = 1.0
    start = time.perf_counter()
    theirs = 1e-24 * sum(quad(density, a, b, epsabs=0.0, epsrel=0.1 * WANTED)[0] for a, b in itertools.pairwise(edges))
    seconds = time.perf_counter() - start
    difference = abs(theirs / ours - 1.0)
    print(f"subkelvin: {1e3 * one:.2f} ms; SciPy, {edges.size - 1} cells: {1e3 * seconds:.1f} ms")
    if difference > WANTED:
        print(f"they differ by {difference:.1e}; no ratio")
    else:
        print(f"SciPy takes {seconds / one:.3g} times ours; relative difference {difference:.1e}")


if __name__ == "__main__":
    main()
