"""Measured one-ports: an impedance, or an admittance, as a table against frequency."""

from subkelvin.model.element_kind import Branch, ElementKind
from subkelvin.model.symbol import box

TABLE = ElementKind("table", "A measured impedance between two nodes.", {}, Branch(measured=True), symbol=box("Y"))
