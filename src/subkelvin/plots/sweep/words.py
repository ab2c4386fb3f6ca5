"""What axes of a sweep are called, and the unit with one prefix that all their numbers share."""

import textwrap
from collections.abc import Hashable

import numpy as np
import xarray as xr
from matplotlib.axis import Axis
from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter

from subkelvin.plots.circuit.page import readable
from subkelvin.plots.units import Scale, scale_of

LONGEST_LABEL = 36
"""Letters in a line of a label."""
DECADES, MOST_PLAIN = 30.0, 1000.0
"""Ratio of the largest to the smallest value from which uneven ones get a logarithmic axis, and up to which its ticks are plain."""
EVEN = 1e-6
"""How nearly equal the ratios of values are that are spaced geometrically."""


def scale_of_axis(values: np.ndarray, unit: str) -> Scale:
    """The same for an axis, which may be logarithmic: the middle of its decades counts, not the largest value."""
    if not logarithmic(values):
        return scale_of(values, unit)
    return scale_of(np.sqrt([float(values.max()) * float(values.min())]), unit)


def geometric(values: np.ndarray) -> bool:
    """Whether values are spaced geometrically, and not evenly as well."""
    if values.size < 3 or np.any(values <= 0.0):
        return False
    ratios = np.diff(np.log(values))
    return bool(np.ptp(ratios) <= EVEN * np.abs(ratios).max())


def logarithmic(values: np.ndarray) -> bool:
    """Whether an axis of these values is logarithmic: they are spaced geometrically, or at random over decades."""
    sorted_values = np.sort(values)
    if geometric(sorted_values):
        return True
    if values.size < 3:
        return False
    even = np.ptp(np.diff(sorted_values)) <= EVEN * np.ptp(sorted_values)
    return bool(
        values.size > 2 and not even and sorted_values[0] > 0.0 and sorted_values[-1] >= DECADES * sorted_values[0]
    )


def set_scale(axis: Axis, values: np.ndarray) -> None:
    """A logarithmic axis where the values ask for it, with plain numbers if it has few decades."""
    if not logarithmic(values):
        return
    (axis.axes.set_xscale if axis.axis_name == "x" else axis.axes.set_yscale)("log")  # type: ignore[attr-defined]
    if values.max() <= MOST_PLAIN * values.min():
        axis.set_major_locator(LogLocator(subs=(1.0, 2.0, 5.0)))
        axis.set_major_formatter(FuncFormatter(lambda number, _: f"{number:g}"))
        axis.set_minor_formatter(NullFormatter())


def wrapped(words: str) -> str:
    """A label in lines that are shorter than an axis."""
    return "\n".join(textwrap.wrap(words, LONGEST_LABEL))


def words_of(dataset: xr.Dataset, name: Hashable) -> str:
    """A coordinate in words: "temperature of right" for ``islands.right.temperature``."""
    parts = str(name).split(".")
    if len(parts) < 3:
        return str(name).replace("_", " ")
    owners = [parts[1]]
    for other in filter(None, str(dataset[name].attrs.get("tied", "")).split(", ")):
        owner = other.split(".")[1]
        owners += [] if owner in owners else [owner]
    part = f"part {parts[3]} of " if len(parts) == 5 else ""
    return f"{parts[-1].replace('_', ' ')} of {part}{', '.join(owners)}"


def value_in_words(dataset: xr.Dataset, name: Hashable, value: object) -> str:
    """ "power of left = 50 fW"."""
    if isinstance(value, str):
        return f"{name} = {value}"
    unit = str(dataset[name].attrs.get("units", ""))
    number = np.array([float(value)])  # type: ignore[arg-type]
    scale = scale_of(number, unit)
    # A unit with an exponent has a prefix that has it too.
    shown = f"{readable(float(number[0]) * scale.factor, '', 4)} {scale.unit}".strip()
    return f"{words_of(dataset, name)} = {shown}"
