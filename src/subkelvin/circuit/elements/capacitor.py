"""Capacitors: Y = iωC."""

from collections.abc import Mapping
from typing import Any

from subkelvin.model.element_kind import Branch, ElementKind
from subkelvin.model.symbol import Symbol
from subkelvin.model.vocabulary import Field


def capacitance(values: Mapping[str, Any]) -> Any:
    """C [F]."""
    return values["capacitance"]


CAPACITOR = ElementKind(
    "capacitor",
    "A lossless capacitor.",
    {"capacitance": Field("F", 1e-21, 1.0, "capacitance", "capacitance", '"20 fF"')},
    Branch(capacitance=capacitance),
    symbol=Symbol(standard="capacitor"),
)
