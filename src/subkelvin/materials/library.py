"""The materials of sub-kelvin circuits, as thin evaporated films unless the note says otherwise.

Electron-phonon constants scatter by factors between samples: the ranges are wide because the literature is. Sommerfeld
coefficients are molar values over molar volumes. Docs: docs/physics.md, section 10.
"""

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from types import MappingProxyType

from subkelvin.materials.records import Material, NormalMetal, Quantity, Superconductor, TunnelBarrier, quantities
from subkelvin.materials.sources import bibliography


def _coupling(value: float, low: float, high: float, note: str = "") -> Quantity:
    """Σ of a metal with n = 5, from the table of the review."""
    return Quantity(value, low, high, "W m^-3 K^-5", "giazotto2006", note)


def _exponent(low: float = 5.0, high: float = 5.0, note: str = "") -> Quantity:
    """n = 5, that of a clean three-dimensional metal."""
    return Quantity(5.0, low, high, "", "giazotto2006", note)


def _critical_temperature(value: float, low: float, high: float, note: str, source: str = "roberts1976") -> Quantity:
    """T_c; the source gives that of the bulk, the range is that of films."""
    return Quantity(value, low, high, "K", source, note)


def _sommerfeld(value: float) -> Quantity:
    """γ_S; bulk values agree to a few per cent."""
    return Quantity(value, 0.9 * value, 1.1 * value, "J m^-3 K^-2", "kittel2005", "bulk, molar value over molar volume")


_MATERIALS: tuple[Material, ...] = (
    NormalMetal(
        "silver",
        electron_phonon=_coupling(0.5e9, 0.3e9, 0.7e9),
        electron_phonon_exponent=_exponent(),
        sommerfeld=_sommerfeld(63.0),
    ),
    NormalMetal(
        "copper",
        electron_phonon=_coupling(2e9, 1e9, 4e9),
        electron_phonon_exponent=_exponent(high=6.0, note="thin films have also shown 6 (arXiv:cond-mat/0410281)"),
        sommerfeld=_sommerfeld(98.0),
    ),
    NormalMetal(
        "gold",
        electron_phonon=_coupling(2.4e9, 1.8e9, 3e9),
        electron_phonon_exponent=_exponent(high=6.0, note="thin films have also shown 6 (arXiv:cond-mat/0410281)"),
        sommerfeld=_sommerfeld(71.0),
    ),
    NormalMetal(
        "inas-on-insulator",
        electron_phonon=Quantity(
            3e7,
            1e7,
            1e9,
            "W m^-3 K^-6",
            "battisti2024",
            "assumed: the source says up to two orders of magnitude below metals; its number is not accessible to us",
            assumed=True,
        ),
        electron_phonon_exponent=Quantity(
            6.0,
            4.0,
            6.0,
            "",
            "battisti2024",
            "assumed: as seen in other disordered or doped films",
            assumed=True,
        ),
    ),
    Superconductor(
        "aluminium",
        critical_temperature=_critical_temperature(1.2, 1.17, 1.5, "thin film; bulk 1.175 K, higher in thinner films"),
        electron_phonon=_coupling(0.3e9, 0.2e9, 1.8e9, "0.2 to 0.3 in the review; up to 1.8 reported on films"),
        electron_phonon_exponent=_exponent(),
        sommerfeld=_sommerfeld(135.0),
    ),
    Superconductor(
        "titanium",
        critical_temperature=_critical_temperature(
            0.39, 0.3, 0.5, "bulk; films vary with purity and stress", "kittel2005"
        ),
        electron_phonon=_coupling(1.3e9, 0.6e9, 2.6e9),
        electron_phonon_exponent=_exponent(low=4.0, note="films have also shown 4"),
        sommerfeld=_sommerfeld(315.0),
    ),
    Superconductor(
        "niobium",
        critical_temperature=_critical_temperature(9.2, 8.0, 9.3, "bulk 9.25 K; lower in thin films"),
        sommerfeld=_sommerfeld(720.0),
    ),
    Superconductor(
        "vanadium",
        critical_temperature=_critical_temperature(5.4, 3.5, 5.45, "bulk; lower in thin films"),
        sommerfeld=_sommerfeld(1110.0),
    ),
    Superconductor(
        "tantalum",
        critical_temperature=_critical_temperature(
            4.48, 4.2, 4.5, "bulk, alpha phase; the beta phase is far lower", "kittel2005"
        ),
        sommerfeld=_sommerfeld(544.0),
    ),
    TunnelBarrier(
        "alox",
        specific_resistance=Quantity(
            420e-12,
            10e-12,
            1000e-12,
            "ohm m^2",
            "leivo1996",
            "about 1.05 kohm on 0.4 um^2 in that cooler; the oxidation sets it over orders of magnitude",
        ),
        specific_capacitance=Quantity(
            68e-3, 45e-3, 75e-3, "F m^-2", "holmqvist2008", "aluminium oxide, measured at low temperature"
        ),
    ),
)

LIBRARY: Mapping[str, Material] = MappingProxyType({entry.name: entry for entry in _MATERIALS})
"""All materials by name."""


def material(name: str) -> Material:
    """The library's entry for a material.

    Args:
        name: lowercase, as in ``aluminium``.

    Raises:
        ValueError: if the library has no such material; the message names those it has, and the nearest.
    """
    if name not in LIBRARY:
        near = get_close_matches(name.lower(), LIBRARY, n=1)
        hint = f"; did you mean {near[0]!r}?" if near else ""
        raise ValueError(f"the library has no material {name!r}, only {', '.join(sorted(LIBRARY))}{hint}")
    return LIBRARY[name]


def cite(names: Iterable[str]) -> list[str]:
    """Formatted references behind the numbers of some materials, in order, each once.

    Raises:
        ValueError: if the library has no such material.
    """
    return bibliography(quantity.source for name in names for _, quantity in quantities(material(name)))
