"""Seeded random networks of resistors, capacitors and inductors."""

import numpy as np

from subkelvin import Device
from subkelvin.circuit.elements import ELEMENT_KINDS
from subkelvin.model import GROUND, Element, Island, Structure
from subkelvin.model.provenance import Provenance

TEMPERATURES = {"hot": 0.3, "cold": 0.1, "between": 0.2}


def random_network(generator: np.random.Generator) -> Device:
    """A connected network of 3 to 20 nodes besides the ground.

    R 1 Ω–100 kΩ, C 0.1–100 fF, L 0.1–100 nH, each even in its logarithm; one resistor is hot, one cold, the others between.
    """
    nodes = int(generator.integers(3, 21))
    ends = [(node, int(generator.integers(0, node))) for node in range(1, nodes + 1)]
    for _ in range(int(generator.integers(nodes // 2, nodes + 1))):
        first, second = generator.choice(nodes + 1, 2, replace=False)
        ends.append((int(first), int(second)))
    # A node that only one element touches carries no current, and is refused.
    touched = np.bincount(np.ravel(ends), minlength=nodes + 1)
    for node in np.flatnonzero(touched == 1):
        ends.append((int(node), int(generator.choice([other for other in range(nodes + 1) if other != node]))))
    kinds = generator.choice(["resistor", "capacitor", "inductor"], size=len(ends))
    kinds[generator.choice(len(ends), 2, replace=False)] = "resistor"
    resistors = np.flatnonzero(kinds == "resistor")
    hot, cold = generator.choice(resistors, 2, replace=False)
    position = generator.random(len(ends))
    numbers = {
        "resistor": ("resistance", 1.0, 1e5),
        "capacitor": ("capacitance", 1e-16, 1e-13),
        "inductor": ("inductance", 1e-10, 1e-7),
    }
    values: dict[str, float] = {}
    elements = []
    for index, (pair, kind) in enumerate(zip(ends, kinds, strict=True)):
        key, low, high = numbers[str(kind)]
        values[f"elements.e{index}.{key}"] = float(low * (high / low) ** position[index])
        island = {hot: "hot", cold: "cold"}.get(index, "between") if kind == "resistor" else None
        names = tuple(GROUND if node == 0 else f"n{node}" for node in pair)
        elements.append(Element(f"e{index}", ELEMENT_KINDS[str(kind)], names, island))
    for name, temperature in TEMPERATURES.items():
        values[f"islands.{name}.temperature"] = temperature
        values[f"islands.{name}.parasitic_power"] = 0.0
    islands = tuple(Island(name, held=True) for name in TEMPERATURES)
    return Device(values, Structure("random", "static", islands, tuple(elements), (), ()), Provenance())
