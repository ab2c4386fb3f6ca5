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
import jax.numpy as jnp

from subkelvin.model.link_kind import FROM, OUTSIDE, TO, JunctionsOfElement, LinkKind, Way
from subkelvin.model.vocabulary import JUNCTIONS, Field
from subkelvin.physics.heat_noise import tunnel_heat_noise
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


def noise(normal: jax.Array, superconducting: jax.Array, values: Mapping[str, Any]) -> jax.Array:
    """S of the heats that arrive at the normal metal and at the superconductor, shape (2, 2, links) [W²/Hz].

    The junctions in series fluctuate independently. What a quasiparticle brings to the superconductor comes back with the
    probability β, each on its own: events thinned at random keep their Poisson statistics, so that the noise of what stays is
    1 − β of the whole, that of what returns β, and the two are independent. With (1 − β)², as of a steady current that is divided,
    equilibrium would not fluctuate as it must.
    """
    superconductor, junctions = values["superconductor"], values["junctions"]
    nn, ss, ns = tunnel_heat_noise(
        normal,
        superconducting,
        values["voltage"] / junctions,
        superconductor.gap(superconducting),
        superconductor.broadening,
        values["resistance"],
    )
    back = jnp.asarray(values["returned"])
    kept = 1.0 - back
    cross = kept * ns
    return junctions * jnp.stack([jnp.stack([nn + back * (2.0 * ns + ss), cross]), jnp.stack([cross, kept * ss])])


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
    {
        "resistance": Field("ohm", 1e-3, 1e12, "normal-state resistance of each junction", "resistance", '"1 kohm"'),
        "junctions": JUNCTIONS,
        "voltage": Field("V", -1.0, 1.0, "bias across all junctions in series", "voltage", '"360 uV"', 0.0),
        "returned": Field(
            "", 0.0, 1.0, "fraction of the heat put into the superconductor that comes back", "pure number", "0.05", 0.0
        ),
    },
    heat,
    ways=(Way(), Way("bias", OUTSIDE, TO), Way("returned", TO, FROM)),
    superconductors={"superconductor": TO},
    junctions=JunctionsOfElement("nis", ("resistance", "junctions"), of_element),
    noise=noise,
)
