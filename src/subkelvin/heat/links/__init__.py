"""Heat paths between islands other than photons and the electron-phonon coupling of parts: one file for each kind."""

from subkelvin.heat.links.define import link_kind as link_kind
from subkelvin.model.kind import kinds_in
from subkelvin.model.link_kind import LinkKind
from subkelvin.model.link_kind import Way as Way

LINK_KINDS = kinds_in(__name__, __path__, LinkKind)
"""Every kind that comes with the package, by name. A device may bring kinds of its own, see `link_kind`."""
