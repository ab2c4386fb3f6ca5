"""Resistors: Y = 1/R."""

from collections.abc import Mapping
from typing import Any

from subkelvin.model.element_kind import Branch, ElementKind
from subkelvin.model.symbol import Symbol
from subkelvin.model.vocabulary import Field


def conductance(values: Mapping[str, Any]) -> Any:
    """1/R [S]."""
    return 1.0 / values["resistance"]


RESISTOR = ElementKind(
    "resistor",
    "A resistor at the temperature of its island.",
    {"resistance": Field("ohm", 1e-6, 1e15, "resistance", "resistance", '"50 ohm"')},
    Branch(conductance),
    symbol=Symbol(standard="resistor"),
)
