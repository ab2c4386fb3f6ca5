"""Stiff trajectories of three floating islands after a heat pulse: the package against SciPy's LSODA, in one run on one machine.

Both follow the same equations in ln T at the same tolerance, one trajectory for each height of the pulse: electrons and phonons,
and photons among three resistors and the bath on one node with a capacitor. The relaxation times lie a factor of a thousand
apart. The rival's right-hand side is vectorised over paths, and it starts anew at each edge of the pulse, as the package does; it
is timed on a sample. The package follows the energies along every path as well, and checks the first law. It is timed at the
rival's tolerance and at the largest tolerance with which it is as accurate as the rival; both are compared with a reference of
tolerance 1e-12. Prints trajectories per second, ratios, and errors.
Usage: python benchmarks/trajectories.py [count]
"""

import itertools
import sys
import time

import numpy as np
from scipy.integrate import solve_ivp
from scipy.special import digamma

from subkelvin.balance.time.drives import Pulse
from subkelvin.balance.time.evolve import Trajectory, evolve
from subkelvin.devicefile import loads
from subkelvin.model import Device
from subkelvin.model.status import TrajectoryStatus

BOLTZMANN, REDUCED_PLANCK = 1.380649e-23, 6.62607015e-34 / (2.0 * np.pi)
VOLUMES = (1e-18, 1e-20, 2e-21)
RESISTANCES = (50.0, 200.0, 500.0)
BATH_RESISTANCE, CAPACITANCE = 100.0, 1e-14
COUPLING, SOMMERFELD = 0.5e9, 63.0
BATH, START = 0.05, (0.08, 0.1, 0.12)
POWERS = (1e-15, 1e-14, 3e-16)
PULSE_START, PULSE_WIDTH, DURATION = 1e-5, 2e-6, 1e-4
SAVED = 101
SAMPLE = 40
TOLERANCE = 1e-9
REFERENCE_TOLERANCE = 1e-12


def three_islands() -> Device:
    """The network as a device."""
    lines = [
        '[metals.Ag]\nelectron_phonon = "0.5e9 W m^-3 K^-5"\nsommerfeld = "63 J m^-3 K^-2"',
        '[islands.bath]\ntemperature = "50 mK"',
    ]
    for k, (volume, power) in enumerate(zip(VOLUMES, POWERS, strict=True)):
        lines.append(
            f'[islands.i{k}]\npower = "{power} W"\nphonons = "bath"\n'
            f'parts = [{{ material = "Ag", volume = "{volume} m^3" }}]'
        )
    for island, resistance in [*((f"i{k}", r) for k, r in enumerate(RESISTANCES)), ("bath", BATH_RESISTANCE)]:
        lines.append(
            f'[elements.{island}]\nkind = "resistor"\nnodes = ["n", "ground"]\nisland = "{island}"\n'
            f'resistance = "{resistance} ohm"'
        )
    lines.append(f'[elements.stray]\nkind = "capacitor"\nnodes = ["n", "ground"]\ncapacitance = "{CAPACITANCE} F"')
    return loads("\n".join(lines))


class Rival:
    """The same network in NumPy and SciPy."""

    def __init__(self) -> None:
        self.coupling = COUPLING * np.array(VOLUMES)
        self.capacity = SOMMERFELD * np.array(VOLUMES)
        conductance = 1.0 / np.array([*RESISTANCES, BATH_RESISTANCE])
        self.rate = conductance.sum() / CAPACITANCE
        strength = 4.0 * REDUCED_PLANCK / (2.0 * np.pi * CAPACITANCE**2) * np.outer(conductance, conductance)
        # Σ_j s_ij (x_i − x_j) = [(diag Σ_j s_ij) − s] x of the three islands.
        self.photons = (np.diag(strength.sum(axis=1)) - strength)[:3]

    def spectrum(self, temperature: np.ndarray) -> np.ndarray:
        """∫_0^∞ dω ω n/(ω² + s²) = ½ [ln y − 1/2y − ψ(y)], y = ħs/2πk_BT; its asymptotic series for large y."""
        y = REDUCED_PLANCK * self.rate / (2.0 * np.pi * BOLTZMANN * temperature)
        inverse = 1.0 / y**2
        series = inverse * (1 / 12 - inverse * (1 / 120 - inverse * (1 / 252 - inverse * (1 / 240 - inverse / 132))))
        return 0.5 * np.where(y > 20.0, series, np.log(y) - 0.5 / y - digamma(y))

    def slope(self, _: float, logarithm: np.ndarray, load: np.ndarray) -> np.ndarray:
        """d ln T/dt of the three islands [1/s]."""
        temperature = np.exp(logarithm)
        outflow = self.coupling * (temperature**5 - BATH**5) + self.photons @ self.spectrum(
            np.append(temperature, BATH)
        )
        return (load - outflow) / (self.capacity * temperature**2)

    def trajectory(self, height: float, times: np.ndarray) -> np.ndarray:
        """Temperatures at the given times [K], shape (times, 3), by LSODA between the edges of the pulse."""
        edges = (0.0, PULSE_START, PULSE_START + PULSE_WIDTH, times[-1])
        state, pieces = np.log(START), [np.log(START)[None]]
        for piece, (begin, end) in enumerate(itertools.pairwise(edges)):
            load = np.array(POWERS) + np.array([0.0, height if piece == 1 else 0.0, 0.0])
            wanted = times[(times > begin) & (times <= end)]
            found = solve_ivp(
                self.slope,
                (begin, end),
                state,
                method="LSODA",
                t_eval=np.append(wanted[wanted < end], end),
                rtol=TOLERANCE,
                atol=TOLERANCE,
                args=(load,),
            )
            state = found.y[:, -1]
            pieces.append(found.y.T[: wanted.size])
        return np.exp(np.concatenate(pieces))


def main(count: int) -> None:
    """Time both and print the ratio."""
    device, rival = three_islands(), Rival()
    times, heights = np.linspace(0.0, DURATION, SAVED), np.geomspace(1e-16, 1e-11, count)
    chosen = np.unique(np.linspace(0, count - 1, SAMPLE).astype(int))
    start = time.perf_counter()
    theirs = np.array([rival.trajectory(heights[k], times) for k in chosen])
    script_rate = chosen.size / (time.perf_counter() - start)
    print(f"SciPy's LSODA: {script_rate:10.1f} trajectories/s ({chosen.size} trajectories)")

    path, begin = "islands.i1.power", {f"i{k}": temperature for k, temperature in enumerate(START)}

    def followed(tolerance: float, heights: np.ndarray) -> tuple[Trajectory, np.ndarray]:
        pulse = {path: Pulse(POWERS[1], heights, PULSE_START, PULSE_WIDTH)}
        result = evolve(device, DURATION, start=begin, drives=pulse, save=SAVED, tolerance=tolerance)
        return result, np.stack([np.asarray(result.temperatures[name]) for name in begin], axis=-1)

    _, reference = followed(REFERENCE_TOLERANCE, heights[chosen])
    theirs_error = np.max(np.abs(theirs / reference - 1.0))
    print(f"SciPy's LSODA: largest relative error in temperature {theirs_error:.1e}")
    for tolerance in (TOLERANCE, 10.0 * TOLERANCE):
        seconds = []
        for _ in range(3):
            start = time.perf_counter()
            result, ours = followed(tolerance, heights)
            seconds.append(time.perf_counter() - start)
        rate, error = count / min(seconds[1:]), np.max(np.abs(ours[chosen] / reference - 1.0))
        print(
            f"subkelvin at {tolerance:.0e}: {rate:10.1f} trajectories/s ({count} trajectories; first call {seconds[0]:.1f} s): "
            f"{rate / script_rate:.0f} times; largest relative error {error:.1e}; not completed "
            f"{np.sum(np.asarray(result.status) != TrajectoryStatus.COMPLETED)}; first law to "
            f"{np.max(np.asarray(result.conservation)):.1e}; {np.median(np.asarray(result.steps)):.0f} steps"
        )
        if not error < max(theirs_error, tolerance):
            raise SystemExit("It is not as accurate as the rival.")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000)
