"""Measured reciprocal two-ports: admittances as a table against frequency, each node against ground."""

from subkelvin.model.element_kind import ElementKind, TwoPort
from subkelvin.model.symbol import HALF_HEIGHT, box, ground_return

TWO_PORT = ElementKind(
    "two-port",
    "A measured reciprocal two-port, each of its nodes against ground.",
    {},
    TwoPort(),
    symbol=box("Y", ground_return(HALF_HEIGHT)),
)
