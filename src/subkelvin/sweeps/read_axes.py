"""The axes of a sweep as a user gives them, looked at: each refusal is one sentence."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Literal

from subkelvin.model import ArgumentError, Device, DeviceError
from subkelvin.model.arguments import require_count, shown
from subkelvin.sweeps.axes import MOST_ON_AN_AXIS, Along, Axis, Linear, Logarithmic, Random, Zipped


def axes_of_sweep(device: Device, axes: object) -> tuple[Axis, ...]:
    """The axes of a sweep, looked at: every key is one of the device, every value in its range, nothing said twice.

    Args:
        device: the device.
        axes: by key, by a tuple of keys that have one value, or by a name of the user's own.

    Raises:
        DeviceError: if a key is unknown or a value is out of range.
        ValueError: if the axes are not what they must be.
    """
    example = '{"islands.left.power": ["0 W", "10 fW"]}'
    if not isinstance(axes, Mapping) or not all(isinstance(key, str) for axis in axes for key in _names(axis)):
        raise ArgumentError("axes", f"must be a mapping by key, but is {shown(axes)}", f"try {example}")
    if not axes:
        raise ArgumentError("axes", "must name at least one value, but is empty", f"try {example}")
    found = tuple(_axis(device, name, told) for name, told in axes.items())
    keys = [key for axis in found for key in axis.keys]
    names = [axis.name for axis in found]
    for said in (keys, names):
        for one in said:
            if said.count(one) > 1:
                raise ArgumentError("axes", f"name {one!r} twice", "take one axis for it")
    for axis in found:
        if axis.name in keys and axis.name not in axis.keys:
            raise ArgumentError("axes", f"give the name {axis.name!r} to another key's axis", "take another name")
    return found


def _axis(device: Device, name: "str | tuple[str, ...]", told: object) -> Axis:
    """One axis, as the user wrote it."""
    if isinstance(told, Random):
        return _random(device, _one_name(name), told)
    if isinstance(told, Zipped):
        return _zipped(device, _one_name(name), told)
    keys = name if isinstance(name, tuple) else (name,)
    first, *others = keys
    require_variable(device, first)
    for key in others:
        require_variable(device, key)
        if device.field(key).unit != device.field(first).unit:
            raise ArgumentError("axes", f"tie {first!r} to {key!r}, which has another unit", "take an axis for each")
    numbers = _along(device, first, told)
    values = numbers.values
    for key in others:
        device.numbers(key, values)
    return Axis(first, keys, values.size, (numbers,))


def _zipped(device: Device, name: str, told: Zipped) -> Axis:
    if not isinstance(told.values, Mapping) or not told.values:
        raise ArgumentError(
            "axes", f"zip {shown(told.values)} along {name!r}", 'try Zipped({"islands.left.power": [1e-15, 2e-15]})'
        )
    for key in told.values:
        require_variable(device, key)
    numbers = {key: _along(device, key, values) for key, values in told.values.items()}
    sizes = {key: one.values.size for key, one in numbers.items()}
    (first, size), *rest = sizes.items()
    for key, other in rest:
        if other != size:
            raise ArgumentError(
                "axes",
                f"zip {size} values of {first!r} with {other} of {key!r} along {name!r}",
                "give as many of each",
            )
    return Axis(name, tuple(numbers), size, tuple(numbers.values()))


def _random(device: Device, name: str, told: Random) -> Axis:
    if not isinstance(told.ranges, Mapping) or not told.ranges:
        raise ArgumentError(
            "axes", f"have no range along {name!r}", 'try Random(64, {"islands.left.power": ("1 fW", "9 fW")})'
        )
    if told.design not in ("sobol", "latin-hypercube"):
        raise ArgumentError("axes", f"ask for the design {shown(told.design)}", "try sobol or latin-hypercube")
    points = require_count("points", told.points, 1, MOST_ON_AN_AXIS, "64")
    seed = require_count("seed", told.seed, 0, 2**63 - 1, "0")
    ends = []
    for key, one in told.ranges.items():
        require_variable(device, key)
        if not isinstance(one, (Linear, Logarithmic)):
            if not isinstance(one, tuple) or len(one) != 2:
                raise ArgumentError("axes", f"have {shown(one)} as the range of {key!r}", 'try ("1 fW", "9 fW")')
            one = Linear(*one)
        if one.points is not None:
            raise ArgumentError("axes", f"count the points of {key!r}, which is drawn at random", "leave the count out")
        if device.field(key).whole:
            raise ArgumentError("axes", f"draw {key!r} at random, a whole number", "list its values along another axis")
        ends.append(_range(device, key, one))
    return Axis(name, tuple(told.ranges), points, tuple(ends), told.design, seed)


def require_variable(device: Device, key: object) -> None:
    """Raise unless a device has a value at this key, and say so where an island is held instead of heated, or the reverse."""
    words = key.split(".") if isinstance(key, str) else []
    islands = {island.name: island for island in device.structure.islands}
    if len(words) == 3 and words[0] == "islands" and words[1] in islands and key not in device.values:
        if words[2] == "power" and islands[words[1]].held:
            raise DeviceError(
                str(key),
                "cannot be varied, because the island is held at a temperature",
                f"vary `islands.{words[1]}.temperature`, or give the island `power` instead of `temperature`",
            )
        if words[2] == "temperature" and not islands[words[1]].held:
            raise DeviceError(
                str(key),
                "cannot be varied, because the island floats: its temperature follows from its power",
                f"vary `islands.{words[1]}.power`, or hold the island with `Device.hold`",
            )
    device.require(key)  # type: ignore[arg-type]


def _along(device: Device, key: str, told: object) -> Along:
    """The numbers of one key, as the user wrote them."""
    if not isinstance(told, (Linear, Logarithmic)):
        return Along("list", tuple(device.numbers(key, told).tolist()))
    points = require_count(f'axes["{key}"].points', told.points, 2, MOST_ON_AN_AXIS, "50")
    found = replace(_range(device, key, told), points=points)
    if device.field(key).whole:
        device.numbers(key, found.values)
    return found


def _range(device: Device, key: str, told: Linear | Logarithmic) -> Along:
    """Scale and ends [SI]."""
    start, stop = device.number(key, told.start), device.number(key, told.stop)
    scale: Literal["linear", "logarithmic"] = "linear" if isinstance(told, Linear) else "logarithmic"
    if not start < stop:
        raise DeviceError(
            key,
            f"must rise along a {scale} axis, but goes from {start:g} to {stop:g}",
            "exchange the ends, or list values",
        )
    if scale == "logarithmic" and start <= 0.0:
        raise DeviceError(
            key, f"must be above 0 along a logarithmic axis, but starts at {start:g}", "start above 0, or go linearly"
        )
    return Along(scale, start=start, stop=stop)


def _names(axis: object) -> Iterator[object]:
    """What an axis names; an empty tuple names nothing, which is no key."""
    return iter(axis or (None,)) if isinstance(axis, tuple) else iter((axis,))


def _one_name(name: "str | tuple[str, ...]") -> str:
    if isinstance(name, tuple):
        raise ArgumentError("axes", f"name one dimension {shown(name)}", "give it one name")
    return name
