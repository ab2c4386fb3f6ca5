"""Circuits of like size in arrays of one size, so that a thousand different networks compile once.

A lumped circuit is filled up with branches, capacitors, inductors and voltages that touch nothing, and with pairs of a radiator
with itself, which exchange exactly nothing.
"""

import math

import equinox as eqx
import numpy as np

from subkelvin.circuit.circuit import Circuit

SIZES = (4, 8, 12, 24, 48, 96, 192)
LARGEST_COMMON_SIZE = 48
"""Beyond, branches have a size of their own."""


def bucket_size(size: int) -> int:
    """The number of places that this many entries get: 4, 8, 12, 24 and its doubles."""
    for places in SIZES:
        if size <= places:
            return places
    return SIZES[-1] * 2 ** math.ceil(math.log2(size / SIZES[-1]))


def in_bucket(circuit: Circuit) -> Circuit:
    """The same lumped circuit with voltages, branches, capacitors and inductors filled up to one common size, pairs to theirs.

    Other circuits, and those with a rational fit, are returned as they are.
    """
    if not circuit.lumped or circuit.fit is not None:
        return circuit
    branches, lossless = circuit.branches, circuit.lossless
    voltages = branches.incidence.shape[1]
    counts = {
        "branches": branches.islands.shape[0],
        "capacitors": lossless.capacitance.shape[0],
        "inductors": lossless.coupling.shape[0],
    }
    places = bucket_size(max(voltages, *counts.values()))
    wider = places - voltages
    more = {name: places - count for name, count in counts.items()}
    if places > LARGEST_COMMON_SIZE:
        # Transfer impedances are computed between all branches: a long ladder between two resistors must not have hundreds.
        more["branches"] = bucket_size(counts["branches"]) - counts["branches"]
    more["pairs"] = bucket_size(circuit.pairs.shape[0]) - circuit.pairs.shape[0]

    def longer(array: np.ndarray, count: int) -> np.ndarray:
        return np.concatenate([array, np.zeros(count, dtype=np.asarray(array).dtype)])

    def framed(array: np.ndarray, rows: int, columns: int) -> np.ndarray:
        return np.pad(array, [(0, rows), (0, columns)])

    coils = more["inductors"]
    coupling = framed(lossless.coupling, coils, coils)
    fast = framed(circuit.fast_voltages, wider, wider)
    coupling[np.arange(len(coupling) - coils, len(coupling)), np.arange(len(coupling) - coils, len(coupling))] = 1.0
    fast[np.arange(voltages, voltages + wider), np.arange(voltages, voltages + wider)] = 1.0
    filled = eqx.tree_at(
        lambda c: (
            c.branches.normal_conductance,
            c.branches.capacitance,
            c.branches.critical_temperature,
            c.branches.dynes,
            c.branches.gap_equation,
            c.branches.islands,
            c.branches.incidence,
        ),
        circuit,
        (
            *(
                longer(array, more["branches"])
                for array in (
                    branches.normal_conductance,
                    branches.capacitance,
                    branches.critical_temperature,
                    branches.dynes,
                    branches.gap_equation,
                    branches.islands,
                )
            ),
            framed(branches.incidence, more["branches"], wider),
        ),
    )
    return eqx.tree_at(
        lambda c: (
            c.lossless.capacitance,
            c.lossless.capacitor_incidence,
            c.lossless.inverse_root_inductance,
            c.lossless.coupling,
            c.lossless.inductor_incidence,
            c.lines.incidence,
            c.two_ports.incidence,
            c.fast_voltages,
            c.unused,
            c.pairs,
        ),
        filled,
        (
            longer(lossless.capacitance, more["capacitors"]),
            framed(lossless.capacitor_incidence, more["capacitors"], wider),
            longer(lossless.inverse_root_inductance, coils),
            coupling,
            framed(lossless.inductor_incidence, coils, wider),
            np.zeros((0, 2, voltages + wider)),
            np.zeros((0, 2, voltages + wider)),
            fast,
            np.concatenate([np.zeros(voltages), np.ones(wider)]),
            framed(circuit.pairs, more["pairs"], 0),
        ),
    )
