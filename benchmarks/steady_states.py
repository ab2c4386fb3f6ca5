"""Steady states of the paper's set-up: the package against `quad` inside `brentq`, in one run on one machine.

Prints points per second of both and their ratio, after checking that they agree. Usage: python benchmarks/steady_states.py [points]
"""

import sys
import time

import jax
import numpy as np
from baseline import PaperSetup

from subkelvin import preset
from subkelvin.balance.network.network import lower
from subkelvin.balance.steady.sensitivity import sensitivity
from subkelvin.balance.steady.solve import solve
from subkelvin.model import Device
from subkelvin.physics.electron_phonon import superconducting_electron_phonon_power
from subkelvin.physics.superconductor import interpolated_gap
from subkelvin.sweeps.run import evaluate_over


def rival(device: Device) -> PaperSetup:
    """The same device for the script; its electron-phonon spline is made from our function, outside the clock."""
    v = device.values
    part = "islands.left.parts"
    critical = v["superconductors.Al.critical_temperature"]
    coupling = v["superconductors.Al.electron_phonon"] * v[f"{part}.1.volume"]
    bath = v["islands.bath.temperature"]

    def superconducting_power(temperature: float) -> float:
        gap = interpolated_gap(temperature, critical)
        return float(superconducting_electron_phonon_power(temperature, bath, coupling, gap))

    return PaperSetup(
        {
            "critical_temperature": critical,
            "dynes": v["superconductors.Al.dynes"],
            "area_ratio": v["elements.right.area"] / v["elements.left.area"],
            "specific_resistance": v["elements.left.specific_resistance"],
            "specific_capacitance": v["elements.left.specific_capacitance"],
            "normal_coupling": v["metals.Ag.electron_phonon"] * v[f"{part}.0.volume"],
            "exponent": v["metals.Ag.electron_phonon_exponent"],
            "bath": bath,
        },
        superconducting_power,
    )


def main(points: int) -> None:
    """Time both and print the ratios."""
    device = preset("silver-setup-1")
    side = round(points**0.5)
    powers, temperatures = np.geomspace(1e-15, 3e-12, side), np.linspace(0.06, 0.6, side)
    axes = {"islands.left.power": powers, "islands.right.temperature": temperatures}

    script = rival(device)
    rng = np.random.default_rng(1)
    sample = [(int(i), int(j)) for i, j in rng.integers(0, side, (60, 2))]
    start = time.perf_counter()
    expected = [script.steady_temperature(temperatures[j], powers[i]) for i, j in sample]
    script_rate = len(sample) / (time.perf_counter() - start)
    print(f"quad inside brentq:        {script_rate:12.0f} points/s ({len(sample)} points)")

    for name, compute in (("steady states", solve), ("with gradient", sensitivity)):
        start = time.perf_counter()
        evaluate_over(compute, device, axes)
        first = time.perf_counter() - start
        start = time.perf_counter()
        result = evaluate_over(compute, device, axes).values
        rate = side**2 / (time.perf_counter() - start)
        print(
            f"subkelvin, {name}: {rate:12.0f} points/s ({side**2} points; first call {first:.1f} s): {rate / script_rate:.0f} times"
        )
        if compute is solve:
            ours = np.array([result.temperatures[i, j, 0] for i, j in sample])
            print(f"largest relative difference in T_L: {np.max(np.abs(ours / np.array(expected) - 1.0)):.1e}")
            print(f"not converged: {np.sum(result.status != 0)}")
    print(
        f"leaves of the network: {len(jax.tree.leaves(lower(device)))}; JAX {jax.__version__}, {jax.default_backend()}"
    )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
