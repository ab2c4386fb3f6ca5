"""NIN junctions: normal metal, insulator, normal metal; Y = G_N + iωC."""

from subkelvin.circuit.elements import junction
from subkelvin.model.element_kind import Branch, ElementKind

NIN = ElementKind(
    "nin",
    "Normal metal - insulator - normal metal junctions in series.",
    junction.NUMBERS,
    Branch(junction.conductance, junction.capacitance),
    symbol=junction.symbol("NN"),
    check=junction.check,
    label=junction.label,
)
