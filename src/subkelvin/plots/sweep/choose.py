"""Which part of a sweep is drawn, and over what: chosen by its axes alone, before any number of it is read."""

from collections.abc import Hashable, Mapping
from typing import NamedTuple

import numpy as np
import xarray as xr

from subkelvin.model import ArgumentError
from subkelvin.model.arguments import shown
from subkelvin.model.errors import did_you_mean
from subkelvin.model.quantities import format_quantity, is_plain_number, parse_quantity
from subkelvin.model.vocabulary import Field
from subkelvin.plots.sweep.sign import Sign, sign_in
from subkelvin.plots.sweep.words import value_in_words, words_of
from subkelvin.plots.units import scale_of

MOST_LINES = 7
"""Lines in one picture; of a longer axis some values are taken, and the legend says so."""
NAMES = ("island", "held", "path")
"""Dimensions along which names stand, not numbers."""

CLASSES = ("status", "photon_route")
"""Variables whose numbers stand for words."""


class Choice(NamedTuple):
    """The part of a sweep that a picture shows."""

    part: xr.Dataset
    """The output, the status, and what has the sign, over what is drawn."""
    output: str
    words: str
    """Of the output."""
    x: str
    y: str | None
    """Second axis of a map."""
    hue: str | None
    """What differs from line to line."""
    title: tuple[str, ...]
    """What the other axes are held at."""
    sign: Sign | None
    """Whose sign is shown."""


def choose(
    dataset: xr.Dataset,
    output: str,
    x: str | None,
    y: str | None,
    hue: str | None,
    select: Mapping[str, object],
    as_map: bool = False,
) -> Choice:
    """Axes and selection of a picture.

    Raises:
        ArgumentError: if a name is unknown, or the output has more axes than a picture.
    """
    outputs = [str(name) for name in dataset.data_vars]
    if output not in outputs:
        raise ArgumentError(
            "output", f"must be an output of the sweep, but is {shown(output)}",
            did_you_mean(str(output), outputs, f"try one of {', '.join(outputs)}"),
        )  # fmt: skip
    if output in CLASSES:
        raise ArgumentError("output", f"is {output}, which has words and no numbers", "`subkelvin failures` lists them")
    sign = sign_in(dataset, output)
    names = dict.fromkeys((output, "status", *([sign.output] if sign else [])))
    part = dataset[[name for name in names if name in dataset]]
    title: list[str] = []
    for name, value in select.items():
        part, told = _selected(part, name, value)
        title += told
    part, words = _one_name_each(part, output)
    for axis in {"x": x, "y": y, "hue": hue}.items():
        _require_axis(part, *axis)
    if part[output].ndim == 0:
        raise ArgumentError("select", "leaves a single point, which is no line", "select fewer axes")
    named = {str(part[one].dims[0]) for one in (x, y, hue) if one is not None}
    for dim in [
        dim for dim in part[output].dims if part.sizes[dim] == 1 and dim not in named and part[output].ndim > 1
    ]:
        if dim in part.coords:
            title.append(value_in_words(part, dim, part[dim].item()))
        part = part.isel({dim: 0})
    x, y, hue = _axes(part, output, x, y, hue, as_map)
    used = {part[one].dims[0] for one in (x, y, hue) if one is not None}
    others = [str(dim) for dim in part[output].dims if dim not in used]
    if others:
        raise ArgumentError(
            "select",
            f"must hold {', '.join(map(repr, others))}, over which the output also varies",
            f'try "{_first(part, others[0])}"',
        )
    if sign is not None and set(part[sign.output].dims) != set(part[output].dims):
        sign = None
    extra = [dim for name in part.data_vars for dim in part[name].dims if dim not in part[output].dims]
    return Choice(part.isel(dict.fromkeys(extra, 0)), output, words, x, y, hue, tuple(title), sign)


def _selected(part: xr.Dataset, name: object, value: object) -> tuple[xr.Dataset, list[str]]:
    """One coordinate held at the point nearest to a value, and what the title says of it."""
    known = [str(one) for one in (*part.coords, *_numberless(part)) if one not in part.coords or part[one].ndim == 1]
    if name not in known:
        raise ArgumentError(
            "select", f"must name axes of the sweep, but names {shown(name)}",
            did_you_mean(str(name), known, f"the axes are {', '.join(known)}"),
        )  # fmt: skip
    if name in _numberless(part):
        place = _place(str(name), value, part.sizes[name])
        return part.isel({name: place}), [f"{name} = {place}"]
    coordinate = part[name]
    (dim,) = coordinate.dims
    if coordinate.dtype.kind in "OUST":
        places = np.nonzero(coordinate.values.astype(str) == str(value))[0]
        if places.size == 0:
            words = list(dict.fromkeys(coordinate.values.astype(str)))
            otherwise = f"try one of {', '.join(words)}"
            raise ArgumentError(
                "select",
                f"must have {name} from the sweep, but has {shown(value)}",
                did_you_mean(str(value), words, otherwise),
            )
        return part.isel({dim: places[0] if dim == name else places}), []
    number = _number(str(name), value, str(coordinate.attrs.get("units", "")))
    values = coordinate.values.astype(float)
    if not values.min() <= number <= values.max():
        raise ArgumentError(
            "select",
            f"must have {name} of {values.min():g} to {values.max():g}, but has {shown(value)}",
            "take a value in between",
        )
    nearest = int(np.argmin(np.abs(values - number)))
    return part.isel({dim: nearest}), [value_in_words(part, str(name), values[nearest])]


def _number(name: str, value: object, unit: str) -> float:
    """A value as an SI float; texts have units."""
    if is_plain_number(value):
        return float(value)  # type: ignore[arg-type]
    return parse_quantity(value, _field(unit, unit), name)


def _field(unit: str, usual: str) -> Field:
    """Any number with a unit, which people write in the usual one."""
    what = f"value in {unit}" if unit else "number"
    return Field(unit, -np.inf, np.inf, "value", what, f'"1 {usual}"' if unit else "1")


def _numberless(part: xr.Dataset) -> list[Hashable]:
    """Dimensions without numbers or names of their own, such as the points of a random design: they have places 0, 1, …."""
    return [dim for dim in part.dims if dim not in part.coords]


def _place(name: str, value: object, size: int) -> int:
    """A place along a dimension."""
    text = str(value)
    if isinstance(value, bool) or not text.isdecimal() or not int(text) < size:
        raise ArgumentError(
            "select",
            f"must have {name} as a whole number of 0 to {size - 1}, but has {shown(value)}",
            f'try "{name}=0"',
        )
    return int(text)


def _first(part: xr.Dataset, dim: str) -> str:
    """A selection that holds a dimension, as it is written on the command line: "KEY=10 fW"."""
    if dim not in part.coords:
        return f"{dim}=0"
    number, unit = float(part[dim][0]), str(part[dim].attrs.get("units", ""))
    usual = scale_of(np.array([number]), unit).unit
    return f"{dim}={format_quantity(number, _field(unit, usual)).strip(chr(34))}"


def _one_name_each(part: xr.Dataset, output: str) -> tuple[xr.Dataset, str]:
    """One island or path of those that are left, and what the output is called then: the first that floats, or photons."""
    words = str(part[output].attrs.get("long_name", output))
    for dim in NAMES:
        if dim in part[output].dims:
            photons = (
                np.flatnonzero(part["kind"].values == "photon")
                if dim == "path" and "kind" in part.coords
                else np.array([])
            )
            part = part.isel({dim: int(photons[0]) if photons.size else 0})
        if dim in part.coords and part[dim].ndim == 0 and dim != "path" and dim in part[output].coords:
            words = f"{words} of {part[dim].item()}"
    if "source" in part[output].coords and part["source"].ndim == 0:
        words = f"{part['kind'].item()} heat from {part['source'].item()} to {part['target'].item()}"
    return part, words


def _require_axis(part: xr.Dataset, argument: str, name: str | None) -> None:
    """Raise an ArgumentError unless an axis of the sweep has that name and is left."""
    known = [str(one) for one in part.coords if part[one].ndim == 1 and part[one].dtype.kind in "fiu"]
    if name is not None and name not in known:
        raise ArgumentError(
            argument, f"must be an axis of the sweep that is not selected, but is {shown(name)}",
            did_you_mean(str(name), known, f"try one of {', '.join(known)}"),
        )  # fmt: skip


def _axes(
    part: xr.Dataset, output: str, x: str | None, y: str | None, hue: str | None, as_map: bool
) -> tuple[str, str | None, str | None]:
    """Axes that nobody named: a temperature, or the longest, is x; a short one makes lines, a long one a map."""
    dims = [str(dim) for dim in part[output].dims]
    along = {
        dim: [str(one) for one in part.coords if part[one].dims == (dim,) and part[one].dtype.kind in "fiu"]
        for dim in dims
    }
    free = [dim for dim in dims if all(one is None or part[one].dims[0] != dim for one in (x, y, hue))]
    if x is None:
        if not free or not along[max(free, key=lambda dim: part.sizes[dim])]:
            raise ArgumentError("x", "is missing: no axis with numbers is left", "select fewer axes")
        kelvin = [
            dim for dim in free if dim in part.coords and part[dim].attrs.get("units") == "K" and part.sizes[dim] > 2
        ]
        dim = max(kelvin or free, key=lambda dim: part.sizes[dim])
        free.remove(dim)
        x = along[dim][0]
        if len(along[dim]) > 1 and y is None:
            y = along[dim][1]
    if as_map and y is None:
        y = _second(part, x, hue, along, free)
    if y is None and hue is None and len(free) == 1 and free[0] in part.coords:
        if part.sizes[free[0]] <= MOST_LINES:
            hue = free[0]
        else:
            y = free[0]
    if len({one for one in (x, y, hue) if one is not None}) < sum(one is not None for one in (x, y, hue)):
        raise ArgumentError(
            "x", f"is {words_of(part, x)}, which another axis of the picture shows already", "name another"
        )
    if y is not None and hue is not None:
        raise ArgumentError("hue", "tells lines apart, but y makes a map", "leave out one of them")
    return x, y, hue


def _second(part: xr.Dataset, x: str, hue: str | None, along: Mapping[str, list[str]], free: list[str]) -> str:
    """The vertical axis of a map that was asked for: the longest that is left, or another number of a random design."""
    if hue is not None:
        raise ArgumentError("hue", "tells lines apart, but a map has none", "leave it out, or draw lines")
    own = [dim for dim in free if dim in part.coords and along[dim]]
    beside = [one for one in along[str(part[x].dims[0])] if one != x]
    if not (own or beside):
        raise ArgumentError(
            "y",
            "is missing: only one axis with numbers is left, and a map needs two",
            "select fewer axes, or draw lines",
        )
    return max(own, key=lambda dim: part.sizes[dim]) if own else beside[0]
