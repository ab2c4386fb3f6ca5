"""Single electrons through N identical NIS junctions in series, at any bias, from a normal island to a superconducting one.

    from → to        N Q̇          heat that leaves the normal metal (negative when it is heated)
    outside → to     N I V/N      work of the bias, "bias"
    to → from        β N (Q̇ + IV/N)  part of the heat in the superconductor that comes back, "returned"

Q̇ and I are those of one junction at the bias V/N, with the gap at the temperature of the superconductor. β stands for hot
quasiparticles that stay near the junctions and tunnel or radiate back; it depends on geometry and is not computed. Docs:
docs/physics.md, sections 3 and 13.
"""

from collections.abc import Mapping
from typing import Any

import jax

from subkelvin.heat.links.kind import FROM, OUTSIDE, TO, JunctionsOfElement, LinkKind, Way
from subkelvin.model.vocabulary import LINK
from subkelvin.physics.tunnel_current import charge_current, heat_current_from_normal


def heat(normal: jax.Array, superconducting: jax.Array, values: Mapping[str, Any]) -> tuple[jax.Array, ...]:
    """Heat leaving the normal metal, work of the bias, and heat that comes back [W]."""
    superconductor, junctions = values["superconductor"], values["junctions"]
    voltage = values["voltage"] / junctions
    junction = (
        normal,
        superconducting,
        voltage,
        superconductor.gap(superconducting),
        superconductor.broadening,
        values["resistance"],
    )
    extracted = junctions * heat_current_from_normal(*junction)
    work = junctions * charge_current(*junction) * voltage
    return extracted, work, values["returned"] * (extracted + work)


def of_element(values: Mapping[str, Any]) -> dict[str, Any]:
    """Resistance of each junction and their number, from the values of a circuit element."""
    if "resistance" in values:
        resistance = values["resistance"]
    else:
        resistance = values["specific_resistance"] / values["area"]
    return {"resistance": resistance, "junctions": values["junctions"]}


NIS_TUNNEL = LinkKind(
    "nis-tunnel",
    "single electrons through NIS junctions, from the normal to the superconducting island",
    LINK["nis-tunnel"],
    heat,
    ways=(Way(), Way("bias", OUTSIDE, TO), Way("returned", TO, FROM)),
    superconductors={"superconductor": TO},
    junctions=JunctionsOfElement("nis", ("resistance", "junctions"), of_element),
)
