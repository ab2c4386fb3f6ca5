"""Steady states of a network of six floating islands: the package against SciPy's `root`, in one run on one machine.

Both solve the same equations, to the same tolerance, over heater powers and bath temperatures: electrons and phonons, and photons
among five resistors and a capacitor on one node. The rival is vectorised over paths and starts from the electron-phonon estimate of
each temperature; it is timed on a sample. Prints points per second of both, their ratio, and how far the answers differ.
Usage: python benchmarks/networks.py [points]
"""

import sys
import time

import numpy as np
from scipy.optimize import root
from scipy.special import digamma

from subkelvin.balance.steady.solve import solve
from subkelvin.devicefile import loads
from subkelvin.model import Device
from subkelvin.model.status import Status
from subkelvin.sweeps.run import evaluate_over

BOLTZMANN, REDUCED_PLANCK = 1.380649e-23, 6.62607015e-34 / (2.0 * np.pi)
PHONONS = ("bath", "i0", "bath", "i0", "bath", "i2")
VOLUMES = (1e-18, 1e-20, 3e-19, 6e-21, 2e-21, 1e-20)
RESISTANCES = {1: 200.0, 2: 500.0, 3: 50.0, 4: 2000.0, 5: 100.0}
BATH_RESISTANCE, CAPACITANCE = 100.0, 1e-14
COUPLING = 0.5e9
POWERS = (1e-15, 1e-14, 3e-16, 1e-15, 1e-16, 1e-15)
SAMPLE = 400
TOLERANCE = 1e-12
AGREEMENT = 1e-9


def six_islands() -> Device:
    """The network as a device."""
    lines = ['[metals.Ag]\nelectron_phonon = "0.5e9 W m^-3 K^-5"', '[islands.bath]\ntemperature = "50 mK"']
    for k, (phonons, volume, power) in enumerate(zip(PHONONS, VOLUMES, POWERS, strict=True)):
        lines.append(
            f'[islands.i{k}]\npower = "{power} W"\nphonons = "{phonons}"\n'
            f'parts = [{{ material = "Ag", volume = "{volume} m^3" }}]'
        )
    for island, resistance in [*((f"i{k}", r) for k, r in RESISTANCES.items()), ("bath", BATH_RESISTANCE)]:
        lines.append(
            f'[elements.{island}]\nkind = "resistor"\nnodes = ["n", "ground"]\nisland = "{island}"\n'
            f'resistance = "{resistance} ohm"'
        )
    lines.append(f'[elements.stray]\nkind = "capacitor"\nnodes = ["n", "ground"]\ncapacitance = "{CAPACITANCE} F"')
    return loads("\n".join(lines))


class Rival:
    """The same network in NumPy and SciPy."""

    def __init__(self) -> None:
        self.phonons = np.array([6 if name == "bath" else int(name[1:]) for name in PHONONS])
        self.coupling = COUPLING * np.array(VOLUMES)
        self.islands = np.array([*RESISTANCES, 6])
        self.conductance = 1.0 / np.array([*RESISTANCES.values(), BATH_RESISTANCE])
        self.rate = self.conductance.sum() / CAPACITANCE

    def spectrum(self, temperature: np.ndarray) -> np.ndarray:
        """∫_0^∞ dω ω n/(ω² + s²) = ½ [ln y − 1/2y − ψ(y)], y = ħs/2πk_BT; its asymptotic series for large y."""
        y = REDUCED_PLANCK * self.rate / (2.0 * np.pi * BOLTZMANN * temperature)
        inverse = 1.0 / y**2
        series = inverse * (1 / 12 - inverse * (1 / 120 - inverse * (1 / 252 - inverse * (1 / 240 - inverse / 132))))
        return 0.5 * np.where(y > 20.0, series, np.log(y) - 0.5 / y - digamma(y))

    def outflow(self, temperatures: np.ndarray) -> np.ndarray:
        """Heat leaving each of the six islands [W]; the bath's temperature comes last."""
        total = np.zeros(7)
        matter = self.coupling * (temperatures[:6] ** 5 - temperatures[self.phonons] ** 5)
        total[:6] += matter
        np.add.at(total, self.phonons, -matter)
        spectrum = self.spectrum(temperatures[self.islands])
        strength = (4.0 * REDUCED_PLANCK / (2.0 * np.pi * CAPACITANCE**2)) * self.conductance
        photons = strength[:, None] * self.conductance * (spectrum[:, None] - spectrum)
        np.add.at(total, self.islands, photons.sum(axis=1))
        return total[:6]

    def steady_temperatures(self, powers: np.ndarray, bath: float) -> np.ndarray:
        """By `root` in ln T, the imbalance in units of each power, from the electron-phonon estimate; NaN if it fails."""
        start = np.log((powers / self.coupling + bath**5) ** 0.2)

        def imbalance(logarithm: np.ndarray) -> np.ndarray:
            return self.outflow(np.append(np.exp(logarithm), bath)) / powers - 1.0

        found = root(imbalance, start, tol=TOLERANCE)
        good = found.success or np.max(np.abs(found.fun)) < 1e-9
        return np.exp(found.x) if good else np.full(6, np.nan)


def main(points: int) -> None:
    """Time both and print the ratio."""
    device, rival = six_islands(), Rival()
    side = round(points**0.5)
    axes = {
        "islands.i1.power": np.geomspace(1e-17, 1e-12, side),
        "islands.bath.temperature": np.geomspace(0.02, 0.3, side),
    }
    rng = np.random.default_rng(1)
    sample = [(int(i), int(j)) for i, j in rng.integers(0, side, (SAMPLE, 2))]

    start = time.perf_counter()
    expected = []
    for i, j in sample:
        powers = np.array(POWERS)
        powers[1] = axes["islands.i1.power"][i]
        expected.append(rival.steady_temperatures(powers, float(axes["islands.bath.temperature"][j])))
    script_rate = SAMPLE / (time.perf_counter() - start)
    theirs = np.array(expected)
    failed = np.isnan(theirs[:, 0])
    print(f"SciPy's root: {script_rate:12.0f} points/s ({SAMPLE} points, {failed.sum()} failed)")

    start = time.perf_counter()
    evaluate_over(solve, device, axes)
    first = time.perf_counter() - start
    start = time.perf_counter()
    result = evaluate_over(solve, device, axes).values
    rate = side**2 / (time.perf_counter() - start)
    print(
        f"subkelvin:    {rate:12.0f} points/s ({side**2} points; first call {first:.1f} s): {rate / script_rate:.0f} times"
    )
    ours = np.array([result.temperatures[i, j, :6] for i, j in sample])
    difference = np.max(np.abs(ours / theirs - 1.0), axis=1)
    print(f"not converged: {np.sum(result.status != Status.CONVERGED)}")
    agreeing = difference < AGREEMENT
    print(
        f"relative difference in temperature: below {np.max(difference[agreeing]):.1e} in {agreeing.sum()} of "
        f"{np.sum(~failed)} points that SciPy solves"
    )
    for where in np.flatnonzero(~agreeing & ~failed):
        i, j = sample[where]
        powers = np.array(POWERS)
        powers[1] = axes["islands.i1.power"][i]
        sizes = [
            np.max(np.abs(rival.outflow(np.append(one[where], axes["islands.bath.temperature"][j])) / powers - 1.0))
            for one in (ours, theirs)
        ]
        print(f"point {i}, {j}: imbalance over power {sizes[0]:.1e} here, {sizes[1]:.1e} with SciPy's temperatures")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
