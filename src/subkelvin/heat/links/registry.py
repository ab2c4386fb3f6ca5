"""The kinds of links there are, and how to add one."""

from collections.abc import Mapping

from subkelvin.heat.links.kapitza import KAPITZA
from subkelvin.heat.links.kind import FROM, OUTSIDE, TO, HeatOfLink, LinkKind, Way
from subkelvin.heat.links.nis_tunnel import NIS_TUNNEL
from subkelvin.heat.links.normal_wire import NORMAL_WIRE
from subkelvin.heat.links.power_law import POWER_LAW
from subkelvin.heat.links.sis_tunnel import SIS_TUNNEL
from subkelvin.heat.links.superconducting_wire import SUPERCONDUCTING_WIRE
from subkelvin.model import ArgumentError
from subkelvin.model.arguments import require_callable, require_choice, require_kind, require_mapping, shown
from subkelvin.model.vocabulary import LINK, Field

BUILT_IN = (NIS_TUNNEL, SIS_TUNNEL, NORMAL_WIRE, SUPERCONDUCTING_WIRE, KAPITZA, POWER_LAW)

KINDS: dict[str, LinkKind] = {kind.name: kind for kind in BUILT_IN}
"""Every kind of link by its name."""

RESERVED = ("kind", "from", "to", "element")
"""Keys that every link has already."""
LONGEST_NAME = 64
"""Letters of the name of a kind."""


def register_link(
    kind: str,
    *,
    numbers: Mapping[str, Field],
    heat: HeatOfLink,
    meaning: str = "a link defined in Python",
    superconductors: Mapping[str, str] | None = None,
    ways: tuple[Way, ...] = (Way(),),
) -> LinkKind:
    """Add a kind of link, for devices made in Python and for device files read from now on.

    Args:
        kind: what device files call it: letters, digits, - and _. A kind registered before is replaced.
        numbers: the numbers of such a link by key, each a `Field` with unit, range and meaning.
        heat: a function of T_from and T_to [K] and of the values by key [SI], all arrays over the links of this kind, that
            returns the heat from the first island to the second [W], written with jax.numpy. With several ways, a tuple.
        meaning: one line.
        superconductors: keys that name superconductors, each with the end that is one ("from", "to", or "" for
            neither: only "from" and "to" limit how far that island is heated). Their values have the methods and fields of
            `Superconductors`.
        ways: of heat, if there are several.

    Returns:
        The new kind.

    Raises:
        ValueError: if the name is that of a built-in kind, or a key is one that every link has.

    Example:
        Heat that is proportional to the difference of the temperatures:

        >>> from subkelvin import steady_state
        >>> from subkelvin.devicefile import loads
        >>> from subkelvin.heat.links import register_link
        >>> from subkelvin.model.vocabulary import Field
        >>> conductance = Field("W/K", 1e-18, 1e-3, "heat per kelvin", "thermal conductance", '"1 pW/K"')
        >>> _ = register_link(
        ...     "linear",
        ...     numbers={"conductance": conductance},
        ...     heat=lambda first, second, values: values["conductance"] * (first - second),
        ... )
        >>> device = loads('''
        ... [islands.bath]
        ... temperature = "50 mK"
        ... [islands.sample]
        ... power = "20 fW"
        ... [links.strap]
        ... kind = "linear"
        ... from = "sample"
        ... to = "bath"
        ... conductance = "1 pW/K"
        ... ''')
        >>> print(f"{steady_state(device).temperatures['sample']:.4f} K")
        0.0700 K
    """
    require_kind("kind", kind, str, '"linear"')
    if not 0 < len(kind) <= LONGEST_NAME or not kind.isascii() or not kind.replace("-", "").replace("_", "").isalnum():
        raise ArgumentError("kind", f"must be letters, digits, - and _, but is {shown(kind)}", 'try "linear"')
    require_kind("meaning", meaning, str, '"heat per kelvin"')
    require_mapping("numbers", numbers, '{"conductance": Field(...)}')
    for key, field in numbers.items():
        require_kind(f'numbers["{key}"]', field, Field, "a `Field` of subkelvin.model.vocabulary")
    require_callable("heat", heat, optional=False)
    require_kind("ways", ways, tuple, "(Way(),)")
    for way in ways:
        require_kind("ways", way, Way, "(Way(),)")
    require_mapping("superconductors", superconductors, '{"superconductor": "to"}', optional=True)
    for end in (superconductors or {}).values():
        require_choice("superconductors", end, ("from", "to", ""))
    if any(kind == built_in.name for built_in in BUILT_IN):
        raise ValueError(
            f"Argument `kind` must be a new name, but {kind!r} is a built-in kind of link; try another name."
        )
    for key in (*numbers, *(superconductors or {})):
        if key in RESERVED or not key.isidentifier():
            raise ValueError(
                f"Argument `numbers` must hold names of your own made of letters, digits and _, but one is {key!r}; rename it."
            )
    ends = {end for way in ways for end in (way.source, way.target)} | set((superconductors or {}).values())
    if not ends <= {FROM, TO, OUTSIDE}:
        raise ArgumentError(
            "ways", f'must have the ends "from", "to" or "", but has {shown(list(ends))}', "try (Way(),)"
        )
    new = LinkKind(kind, meaning, dict(numbers), heat, ways, superconductors)
    KINDS[kind] = new
    LINK[kind] = new.numbers
    return new
