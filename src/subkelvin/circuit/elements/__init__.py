"""The kinds of circuit elements: one file for each, holding one `ElementKind`."""

from subkelvin.model.element_kind import ElementKind
from subkelvin.model.kind import kinds_in

ELEMENT_KINDS = kinds_in(__name__, __path__, ElementKind)
"""Every kind that comes with the package, by name. A device may bring kinds of its own, see `subkelvin.devicefile.loads`."""
