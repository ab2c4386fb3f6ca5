"""A kind of link of one's own."""

from collections.abc import Mapping

from subkelvin.model import ArgumentError
from subkelvin.model.arguments import require_callable, require_kind, require_mapping, shown
from subkelvin.model.link_kind import FROM, OUTSIDE, TO, LinkKind, Noise, Watts, Way
from subkelvin.model.vocabulary import Field

RESERVED = ("kind", "element")
"""Keys that every link has already."""
LONGEST_NAME = 64
"""Letters of the name of a kind."""
SEVERAL = 2
"""Ends of a link at least."""


def link_kind(
    name: str,
    *,
    numbers: Mapping[str, Field],
    heat: Watts,
    meaning: str = "a link defined in Python",
    ends: tuple[str, ...] = (FROM, TO),
    ways: tuple[Way, ...] | None = None,
    superconductors: Mapping[str, str] | None = None,
    noise: Noise | None = None,
) -> LinkKind:
    """A kind of link of your own, for `load(…, kinds=[…])`. It becomes part of the device.

    A device goes to other processes if the functions of its kinds do: if they are defined in a module, not in a cell or a lambda.

    Args:
        name: what device files call it: letters, digits, - and _.
        numbers: the numbers of such a link by key, each a `Field` with unit, range and meaning.
        heat: a function of the temperatures of the ends, in their order [K], and of the values by key [SI], all arrays over the
            links of this kind, that returns the heat from the first end to the second [W], written with jax.numpy. With several
            ways, a tuple.
        meaning: one line.
        ends: the keys by which device files name the islands that it joins; three for a machine between three islands.
        ways: of heat; by default one, from the first end to the second.
        superconductors: keys that name superconductors, each with the end that is one ("" for none of them; an end limits how far
            that island is heated). Their values have the methods and fields of `Superconductors`.
        noise: a function of the same arguments that returns the one-sided noise S of the heats that arrive at the ends, shape
            (ends, ends, links) [W²/Hz].

    Returns:
        The kind. Equal kinds, with the same functions, share compiled code.

    Raises:
        ValueError: if a name or a key is impossible or taken, or a way leads to no end.

    Example:
        Heat that is proportional to the difference of the temperatures:

        >>> from subkelvin import link_kind, steady_state
        >>> from subkelvin.devicefile import loads
        >>> from subkelvin.model.vocabulary import Field
        >>> conductance = Field("W/K", 1e-18, 1e-3, "heat per kelvin", "thermal conductance", '"1 pW/K"')
        >>> linear = link_kind(
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
        ... ''', kinds=[linear])
        >>> print(f"{steady_state(device).temperatures['sample']:.4f} K")
        0.0700 K
    """
    require_kind("name", name, str, '"linear"')
    if not 0 < len(name) <= LONGEST_NAME or not name.isascii() or not name.replace("-", "").replace("_", "").isalnum():
        raise ArgumentError("name", f"must be letters, digits, - and _, but is {shown(name)}", 'try "linear"')
    require_kind("meaning", meaning, str, '"heat per kelvin"')
    require_mapping("numbers", numbers, '{"conductance": Field(...)}')
    for key, field in numbers.items():
        require_kind(f'numbers["{key}"]', field, Field, "a `Field` of subkelvin.model.vocabulary")
    require_callable("heat", heat, optional=False)
    require_callable("noise", noise, optional=True)
    require_mapping("superconductors", superconductors, '{"superconductor": "to"}', optional=True)
    _require_ends(ends)
    for end in (superconductors or {}).values():
        if not isinstance(end, str) or end not in (*ends, OUTSIDE):
            those = ", ".join(f'"{one}"' for one in (*ends, OUTSIDE))
            raise ArgumentError("superconductors", f"must be at one of the ends {those}, but is at {shown(end)}")
    if ways is None:
        ways = (Way("", *ends[:2]),)
    _require_ways(ways, ends)
    keys = (*numbers, *(superconductors or {}), *ends)
    for key in keys:
        if key in RESERVED or keys.count(key) > 1 or not key.isidentifier():
            raise ValueError(
                f"Arguments `numbers`, `superconductors` and `ends` must hold names of your own made of letters, digits and _, "
                f"each once, but one is {key!r}; rename it."
            )
    return LinkKind(name, meaning, numbers, heat, ends, ways, superconductors or {}, noise=noise)


def _require_ends(ends: tuple[str, ...]) -> None:
    """Raise an ArgumentError unless a link can have these ends."""
    require_kind("ends", ends, tuple, '("hot", "room", "cold")')
    for end in ends:
        require_kind("ends", end, str, '("hot", "room", "cold")')
    if len(ends) < SEVERAL:
        raise ArgumentError("ends", f"must be at least two, but are {shown(ends)}", 'try ("from", "to")')


def _require_ways(ways: tuple[Way, ...], ends: tuple[str, ...]) -> None:
    """Raise an ArgumentError unless every way leads from one end, or outside, to another."""
    require_kind("ways", ways, tuple, "(Way(),)")
    for way in ways:
        require_kind("ways", way, Way, "(Way(),)")
        if way.source == way.target or not {way.source, way.target} <= {*ends, OUTSIDE}:
            known = ", ".join(f'"{end}"' for end in (*ends, OUTSIDE))
            raise ArgumentError(
                "ways",
                f"must lead from one of the ends {known} to another, but one leads from {shown(way.source)} to {shown(way.target)}",
                f'try (Way("", "{ends[0]}", "{ends[1]}"),)',
            )
