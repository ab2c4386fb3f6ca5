"""Circuit elements with two nodes: what each kind is, seen by a photon.

A lumped element is one branch, a conductance, a capacitance and an inductance in parallel:

    Y(ω, T) = G_N · R_N/R(T) + iωC + 1/(iωL)        (e^{+iωt})

A dissipative element is in equilibrium at the temperature of its island and emits the current noise
S_I(ω, T) = 4ħω n(ω, T) Re Y of the fluctuation-dissipation theorem. Docs: docs/physics.md, sections 3 and 4.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

from subkelvin.constants import FLUX_QUANTUM
from subkelvin.model import Device, DeviceError, Element


class Branch(NamedTuple):
    """The numbers of one element: floats, arrays over a sweep, or tracers."""

    normal_conductance: Any
    """G_N [S] in the normal state; 0 for a lossless element."""
    capacitance: Any
    """C [F]"""
    inverse_inductance: Any
    """1/L [1/H]"""


def junction_branch(values: Mapping[str, Any], path: str) -> Branch:
    """N identical tunnel junctions in series: R_N = Nρ/A, C = cA/N (or N times, and one Nth of, given values).

    Raises:
        DeviceError: if neither the area with its specific values nor the junction's own values are all there.
    """
    junctions = values["junctions"]
    if {"area", "specific_resistance", "specific_capacitance"} <= set(values):
        resistance = values["specific_resistance"] / values["area"]
        capacitance = values["specific_capacitance"] * values["area"]
    elif {"resistance", "capacitance"} <= set(values):
        resistance, capacitance = values["resistance"], values["capacitance"]
    else:
        raise DeviceError(
            path,
            "needs `area`, `specific_resistance` and `specific_capacitance`, or `resistance` and `capacitance`",
        )
    return Branch(1.0 / (junctions * resistance), capacitance / junctions, 0.0)


def resistor_branch(values: Mapping[str, Any], path: str) -> Branch:
    """A resistor: G = 1/R."""
    return Branch(1.0 / values["resistance"], 0.0, 0.0)


def capacitor_branch(values: Mapping[str, Any], path: str) -> Branch:
    """A lossless capacitor."""
    return Branch(0.0, values["capacitance"], 0.0)


def inductor_branch(values: Mapping[str, Any], path: str) -> Branch:
    """A lossless inductor."""
    return Branch(0.0, 0.0, 1.0 / values["inductance"])


def squid_branch(values: Mapping[str, Any], path: str) -> Branch:
    """A lossless symmetric SQUID: 1/L_J = 2π I_c |cos(πΦ/Φ0)| / Φ0, with the flux in units of Φ0."""
    phase = np.pi * values["flux"]
    cosine = jnp.cos(phase) if isinstance(phase, jax.Array) else np.cos(phase)
    return Branch(0.0, 0.0, 2.0 * np.pi * values["critical_current"] * abs(cosine) / FLUX_QUANTUM)


def superconductor_branch(values: Mapping[str, Any], path: str) -> Branch:
    """A superconducting wire: Y = (1/R_N) σ(ω, T)/σ_N."""
    return Branch(1.0 / values["resistance"], 0.0, 0.0)


def table_branch(values: Mapping[str, Any], path: str) -> Branch:
    """A measured one-port has nothing but its table."""
    return Branch(0.0, 0.0, 0.0)


def values_of(device: Device, element: Element) -> dict[str, Any]:
    """The numbers of one element by key."""
    prefix = f"elements.{element.name}."
    return {path.removeprefix(prefix): value for path, value in device.values.items() if path.startswith(prefix)}


BRANCHES = {
    "nis": junction_branch,
    "nin": junction_branch,
    "resistor": resistor_branch,
    "capacitor": capacitor_branch,
    "inductor": inductor_branch,
    "squid": squid_branch,
    "superconductor": superconductor_branch,
    "table": table_branch,
}
"""How each kind of element becomes a branch."""
