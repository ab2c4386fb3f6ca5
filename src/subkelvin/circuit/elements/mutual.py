"""Mutual inductances: M = k √(L_1 L_2)."""

from collections.abc import Mapping
from typing import Any

from subkelvin.model.element_kind import ElementKind, SharedFlux, Written
from subkelvin.model.vocabulary import Field


def coefficient(values: Mapping[str, Any]) -> Any:
    """k."""
    return values["coupling"]


def label(values: Mapping[str, float]) -> tuple[Written, ...]:
    """k, where it is known."""
    return (Written("k = ", values["coupling"], "", prefixed=False),) if "coupling" in values else ()


MUTUAL = ElementKind(
    "mutual",
    "Magnetic coupling of two inductors.",
    {"coupling": Field("", -0.999999, 0.999999, "mutual inductance over √(L1·L2)", "pure number", "0.5")},
    SharedFlux(coefficient),
    label=label,
)
