"""Superconducting wires with their kinetic inductance and their Mattis-Bardeen losses.

    Y(ω, T) = (1/R_N) σ(ω, T)/σ_N

Docs: docs/physics.md, section 6.
"""

from collections.abc import Mapping
from typing import Any

import jax

from subkelvin.circuit.elements.resistor import conductance
from subkelvin.model.element_kind import Branch, ElementKind, Spectrum
from subkelvin.model.symbol import SUPERCONDUCTING, Letters, Symbol, rectangle
from subkelvin.model.vocabulary import Field
from subkelvin.physics.mattis_bardeen import conductivity_ratio


def admittance(temperature: jax.Array, frequency: jax.Array, values: Mapping[str, Any]) -> jax.Array:
    """(1/R_N) σ/σ_N [S]."""
    return values["conductance"] * conductivity_ratio(temperature, frequency, values["superconductor"].gap(temperature))


SUPERCONDUCTOR = ElementKind(
    "superconductor",
    "A superconducting wire with its kinetic inductance and its Mattis-Bardeen losses.",
    {"resistance": Field("ohm", 1e-6, 1e15, "resistance of the wire in its normal state", "resistance", '"100 ohm"')},
    Branch(conductance, spectrum=Spectrum(admittance, edge=2.0, inductive=True)),
    superconductor=True,
    symbol=Symbol((rectangle(0.0, 1.0, 0.17, SUPERCONDUCTING), Letters("S", on_fill=True))),
)
