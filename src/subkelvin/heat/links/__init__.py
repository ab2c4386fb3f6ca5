"""Heat paths between islands other than photons and the electron-phonon coupling of parts: one file for each kind."""

from subkelvin.heat.links.kind import Way as Way
from subkelvin.heat.links.registry import KINDS as KINDS
from subkelvin.heat.links.registry import register_link as register_link
