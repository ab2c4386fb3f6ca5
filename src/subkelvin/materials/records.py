"""What the library knows about a material: numbers with unit, range and source.

A quantity that no trustworthy source gives is None, not a guess; one that had to be chosen all the same is marked
assumed.
Docs: docs/physics.md, section 10.
"""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import TypeAlias


@dataclass(frozen=True)
class Quantity:
    """One material constant, value ∈ [low, high], in SI units.

    Args:
        value: the one to use when nothing better is known of the sample [unit].
        low, high: what samples of this material have shown [unit].
        unit: SI unit as text, "" for a pure number.
        source: key of the bibliography.
        note: what the number depends on, or why it was chosen.
        assumed: whether no accessible source states it.
    """

    value: float
    low: float
    high: float
    unit: str
    source: str
    note: str = ""
    assumed: bool = False


@dataclass(frozen=True)
class NormalMetal:
    """A metal or doped semiconductor that does not superconduct: P = ΣV(T_eⁿ − T_phⁿ), C = γ_S VT."""

    name: str
    electron_phonon: Quantity | None = None
    """Σ [W m⁻³ K⁻ⁿ]."""
    electron_phonon_exponent: Quantity | None = None
    """n."""
    sommerfeld: Quantity | None = None
    """γ_S, electronic heat capacity over volume and temperature [J m⁻³ K⁻²]."""


@dataclass(frozen=True)
class Superconductor:
    """A superconductor; its electron-phonon coupling and heat capacity are those of the normal state."""

    name: str
    critical_temperature: Quantity
    """T_c [K]."""
    electron_phonon: Quantity | None = None
    """Σ of the normal state [W m⁻³ K⁻⁵]."""
    electron_phonon_exponent: Quantity | None = None
    """n of the normal state."""
    sommerfeld: Quantity | None = None
    """γ_S of the normal state [J m⁻³ K⁻²]."""


@dataclass(frozen=True)
class TunnelBarrier:
    """An insulating barrier; its cut-off ω_c = 1/(ρc) does not depend on the junction's area."""

    name: str
    specific_resistance: Quantity
    """ρ, resistance times area [Ω m²]."""
    specific_capacitance: Quantity
    """c, capacitance over area [F/m²]."""


Material: TypeAlias = NormalMetal | Superconductor | TunnelBarrier


def quantities(entry: Material) -> Iterator[tuple[str, Quantity]]:
    """The known constants of a material with their names."""
    for field in fields(entry):
        quantity = getattr(entry, field.name)
        if isinstance(quantity, Quantity):
            yield field.name, quantity
