"""Steady states of the paper's set-up with frequency-dependent junctions, per minute.

Heater power and the right reservoir's temperature on a grid; the same grid with the static model beside it. Usage:
python benchmarks/dynamic_states.py [points]
"""

import sys
import time

import numpy as np

from subkelvin import Status, preset
from subkelvin.balance.steady.solve import solve
from subkelvin.sweeps.run import evaluate_over


def main(points: int) -> None:
    """Time both models and print states per minute and their ratio."""
    side = round(points**0.5)
    axes = {
        "islands.right.temperature": np.linspace(0.06, 0.6, side),
        "islands.left.power": np.geomspace(1e-15, 1e-12, side),
    }
    rates = {}
    for model in ("static", "dynamic"):
        device = preset("silver-setup-1", overrides=[("admittance", model)])
        evaluate_over(solve, device, axes)
        start = time.perf_counter()
        found = evaluate_over(solve, device, axes).values
        rates[model] = 60.0 * side**2 / (time.perf_counter() - start)
        settled = float(np.mean(found.status == Status.CONVERGED))
        print(f"{model:8s} {rates[model]:12,.0f} steady states per minute, {100.0 * settled:.1f} % converged")
    print(f"dynamic over static: {rates['dynamic'] / rates['static']:.2g}; wanted: 10,000 dynamic states per minute")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)
