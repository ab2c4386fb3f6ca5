"""NIS junctions: normal metal, insulator, superconductor.

    static     Y = G_N R_N/R(T) + iωC
    dynamic    Y = G_N y(ω, T) + iωC,        y of tunnelling quasiparticles at the frequency ω

Docs: docs/physics.md, section 3.
"""

from collections.abc import Mapping
from typing import Any

import jax

from subkelvin.circuit.elements import junction
from subkelvin.model.element_kind import Branch, ElementKind, Spectrum
from subkelvin.physics.tunnel_admittance import admittance_ratio, continued_admittance_ratio


def admittance(temperature: jax.Array, frequency: jax.Array, values: Mapping[str, Any]) -> jax.Array:
    """G_N y(ω, T) [S]."""
    superconductor = values["superconductor"]
    ratio = admittance_ratio(temperature, frequency, superconductor.gap(temperature), superconductor.broadening)
    return values["conductance"] * ratio


def continued(temperature: jax.Array, frequency: jax.Array, values: Mapping[str, Any]) -> tuple[jax.Array, jax.Array]:
    """Re and Im of G_N y, each at complex frequencies [S]."""
    superconductor = values["superconductor"]
    real, imaginary = continued_admittance_ratio(
        temperature, frequency, superconductor.gap(temperature), superconductor.broadening
    )
    return values["conductance"] * real, values["conductance"] * imaginary


NIS = ElementKind(
    "nis",
    "Normal metal - insulator - superconductor junctions in series.",
    junction.NUMBERS,
    Branch(
        junction.conductance,
        junction.capacitance,
        spectrum=Spectrum(admittance, continued=continued, edge=1.0, optional=True),
    ),
    superconductor=True,
    symbol=junction.symbol("NS"),
    check=junction.check,
    label=junction.label,
)
