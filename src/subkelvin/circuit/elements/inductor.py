"""Inductors: Y = 1/(iωL)."""

from collections.abc import Mapping
from typing import Any

from subkelvin.model.element_kind import Branch, ElementKind
from subkelvin.model.symbol import Symbol
from subkelvin.model.vocabulary import Field


def inverse_inductance(values: Mapping[str, Any]) -> Any:
    """1/L [1/H]."""
    return 1.0 / values["inductance"]


INDUCTOR = ElementKind(
    "inductor",
    "A lossless inductor.",
    {"inductance": Field("H", 1e-18, 1e3, "inductance", "inductance", '"2 nH"')},
    Branch(inverse_inductance=inverse_inductance),
    symbol=Symbol(standard="inductor"),
)
