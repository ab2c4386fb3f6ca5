"""What public functions ask of their arguments, each refusal one sentence that names the argument and says what to try.

    Argument `duration` must be a number [s] above 0, but is '1 ms'; try 1e-3.

Numbers that JAX traces have no value yet: they pass, and what is impossible about them becomes NaN with a status.
"""

import reprlib
from collections.abc import Iterable, Mapping
from typing import Any

import jax
import numpy as np

from subkelvin.model.errors import ArgumentError, DeviceError, did_you_mean
from subkelvin.model.vocabulary import indefinite
from subkelvin.progress import Progress

LARGEST_ARRAY = 1_000_000
"""Numbers in one argument; more would fill the memory long before they are computed."""

_SHORT = reprlib.Repr()
_SHORT.maxstring = _SHORT.maxother = 60
_SHORT.maxset = _SHORT.maxarray = _SHORT.maxlist = _SHORT.maxtuple = _SHORT.maxdict = 3


def shown(value: Any) -> str:
    """A value as a message shows it: short, whatever it is."""
    if isinstance(value, (np.ndarray, jax.Array)) and value.ndim > 0:
        return f"an array of shape {value.shape}"
    if isinstance(value, type) or callable(value) or isinstance(getattr(value, "values", None), Mapping):
        return indefinite(type(value).__name__)
    try:
        text = _SHORT.repr(value.item() if isinstance(value, (np.ndarray, np.generic, jax.Array)) else value)
        return " ".join(text.split())
    except Exception:
        # Whatever an object's own `__repr__` raises must not hide what is wrong with the argument.
        return f"a {type(value).__name__}"


def is_traced(value: Any) -> bool:
    """Whether JAX is tracing a number, so that it has no value yet."""
    return isinstance(value, jax.core.Tracer)


def as_floats(values: Any) -> np.ndarray | None:
    """An array of floats; None for text, truth values, complex numbers and what is no array."""
    if values is None or isinstance(values, (str, bytes, bool, Mapping)) or is_traced(values):
        return None
    try:
        # A number that JAX made has no axis, and no length.
        if hasattr(values, "__len__") and getattr(values, "shape", None) != () and len(values) > LARGEST_ARRAY:
            return None
        array = np.asarray(values)
        if array.dtype.kind not in "iuf":
            return None
        return array.astype(float)
    except (TypeError, ValueError, OverflowError, RecursionError, MemoryError):
        return None


def axes_of(value: Any) -> int:
    """How many axes a value has as an array; 0 for what is no array."""
    if isinstance(value, (list, tuple)):
        array = as_floats(value)
        return 0 if array is None else array.ndim
    return int(getattr(value, "ndim", 0))


def require_number(
    argument: str,
    value: Any,
    unit: str = "",
    *,
    above: float | None = None,
    least: float | None = None,
    most: float | None = None,
    traced: bool = False,
    text: bool = False,
    example: str = "1.0",
) -> Any:
    """One finite number in a range, as a float; a traced one as it is.

    Args:
        argument: its name.
        value: the argument.
        unit: that the number is in, for the sentence.
        above: what it must be larger than.
        least, most: the ends of its range, which it may be equal to.
        traced: whether it may be traced.
        text: whether it may be a text with a unit; the number is then what is returned.
        example: a good value.
    """
    if traced and is_traced(value) and np.ndim(value) == 0:
        return value
    if text and isinstance(value, str):
        value = number_from_text(argument, value, unit)
    number = _as_float(value)
    if number is None or not _in_range(np.asarray(number), above, least, most):
        raise ArgumentError(
            argument,
            f"must be {_described('a number', unit, above, least, most)}, but is {shown(value)}",
            f"try {example}",
        )
    return number


def require_numbers(
    argument: str,
    values: Any,
    unit: str = "",
    *,
    above: float | None = None,
    least: float | None = None,
    most: float | None = None,
    ascending: bool = False,
    fewest: int = 1,
    traced: bool = False,
    text: bool = False,
    example: str = "np.linspace(0.05, 0.5, 10)",
) -> Any:
    """Finite numbers in a range along one axis, as a NumPy array of floats; a traced array as it is.

    Args:
        argument: its name.
        values: the argument: an array of one axis, or anything that NumPy makes one of.
        unit, above, least, most, traced, text, example: as for `require_number`.
        ascending: whether each must be larger than the one before.
        fewest: how many there must be.
    """
    if traced and is_traced(values) and np.ndim(values) == 1:
        return values
    if text and isinstance(values, (list, tuple)) and any(isinstance(one, str) for one in values):
        values = [number_from_text(argument, one, unit) if isinstance(one, str) else one for one in values]
    array = as_floats(values)
    good = (
        array is not None
        and array.ndim == 1
        and fewest <= array.size <= LARGEST_ARRAY
        and _in_range(array, above, least, most)
        and (not ascending or bool(np.all(np.diff(array) > 0.0)))
    )
    if array is None or not good:
        noun = "ascending numbers" if ascending else "numbers"
        least_count = f" at least {fewest}" if fewest > 1 else ""
        bad = "" if array is None or array.ndim != 1 else _first_bad(array, above, least, most)
        raise ArgumentError(
            argument,
            f"must hold{least_count} {_described(noun, unit, above, least, most)} along one axis, but is {shown(values)}{bad}",
            f"try {example}",
        )
    return array


def number_from_text(argument: str, value: str, unit: str) -> float:
    """A text with a unit as a number in SI units, refused by the argument's name."""
    # Only who gives a text pays for the reader of quantities.
    from subkelvin.model.quantities import parse_quantity
    from subkelvin.model.vocabulary import Field

    try:
        return parse_quantity(value, Field(unit, -np.inf, np.inf, "", "quantity", f'"1 {unit}"'), argument)
    except DeviceError as refusal:
        raise ArgumentError(argument, refusal.problem, refusal.advice) from None


def require_count(argument: str, value: Any, least: int, most: int = LARGEST_ARRAY, example: str = "3") -> int:
    """A whole number in a range."""
    whole = isinstance(value, (int, np.integer)) and not isinstance(value, bool)
    if not whole or not least <= value <= most:
        raise ArgumentError(
            argument, f"must be a whole number from {least} to {most}, but is {shown(value)}", f"try {example}"
        )
    return int(value)


def require_range(
    low: Any, high: Any, names: tuple[str, str] = ("lowest", "highest"), **limits: Any
) -> tuple[float, float]:
    """Two numbers, the first below the second.

    Args:
        low, high: the arguments.
        names: theirs.
        limits: of either, as for `require_number`.
    """
    first, second = (require_number(name, value, **limits) for name, value in zip(names, (low, high), strict=True))
    if not first < second:
        raise ArgumentError(
            names[0], f"must be below `{names[1]}`, but they are {first:g} and {second:g}", "exchange them"
        )
    return first, second


def require_choice(argument: str, value: Any, choices: Iterable[str]) -> None:
    """Raise unless this is one of some words."""
    known = list(choices)
    if not isinstance(value, str) or value not in known:
        otherwise = f"try {known[0]!r}"
        advice = did_you_mean(value, known, otherwise) if isinstance(value, str) else otherwise
        raise ArgumentError(argument, f"must be one of {', '.join(known)}, but is {shown(value)}", advice)


def require_flag(argument: str, value: Any) -> None:
    """Raise unless this is True or False."""
    if not isinstance(value, (bool, np.bool_)):
        raise ArgumentError(argument, f"must be True or False, but is {shown(value)}", "try False")


def require_callable(argument: str, value: Any, *, optional: bool = True) -> None:
    """Raise unless this can be called; or is None, where that is allowed."""
    # A class is no function: `float` would be called with what a function is told.
    if (not callable(value) or isinstance(value, type)) and not (optional and value is None):
        wanted = "a function or None" if optional else "a function"
        raise ArgumentError(argument, f"must be {wanted}, but is {shown(value)}", "try `print`" if optional else "")


def require_progress(value: Any) -> Progress:
    """A `Progress`: the given one, or a silent one for None."""
    if value is None:
        return Progress()
    require_kind("progress", value, Progress, "Progress(print)")
    return value


def require_kind(argument: str, value: Any, kind: type | tuple[type, ...], example: str) -> None:
    """Raise unless this is an object of one kind, or of one of several."""
    if not isinstance(value, kind):
        first = kind[0] if isinstance(kind, tuple) else kind
        name = "text" if first is str else f"{indefinite(first.__name__)}"
        raise ArgumentError(argument, f"must be {name}, but is {shown(value)}", f"try {example}")


def require_mapping(argument: str, value: Any, example: str, *, optional: bool = False) -> None:
    """Raise unless this is a mapping from names; or None, where that is allowed."""
    if optional and value is None:
        return
    if not isinstance(value, Mapping) or not all(isinstance(name, str) for name in value):
        raise ArgumentError(argument, f"must be a mapping by name, but is {shown(value)}", f"try {example}")


def require_island(argument: str, name: Any, known: Iterable[str], which: str = "an island") -> None:
    """Raise unless a name is that of an island.

    Args:
        argument: its name, for what is no name at all.
        name: the argument.
        known: the islands that may be meant.
        which: what they are: "an island", "a floating island", "a held island".
    """
    names = list(known)
    if not isinstance(name, str):
        raise ArgumentError(argument, f"must be the name of {which}, but is {shown(name)}", _those(names))
    if name not in names:
        raise DeviceError(f"islands.{name}", f"is not {which} of this device", did_you_mean(name, names, _those(names)))


def require_temperatures(
    argument: str,
    given: Any,
    known: Iterable[str],
    which: str = "a floating island",
    *,
    batch: bool = False,
    every: bool = False,
) -> dict[str, Any] | None:
    """Temperatures [K] above 0 by the names of islands; None for None.

    Args:
        argument: its name.
        given: the argument, SI floats or texts with units; None if there is none.
        known: the islands that may be named.
        which: what they are.
        batch: whether a temperature may be an array over a batch.
        every: whether each of the islands must be named.
    """
    names = list(known)
    require_mapping(argument, given, f'{{"{names[0] if names else "left"}": 0.1}}', optional=True)
    if given is None:
        return None
    kelvins: dict[str, Any] = {}
    for name, value in given.items():
        require_island(argument, name, names, which)
        asked = f'{argument}["{name}"]'
        if batch and (axes_of(value) == 1 or (isinstance(value, (list, tuple)) and value)):
            kelvins[name] = require_numbers(asked, value, "K", above=0.0, traced=True, text=True)
        else:
            kelvins[name] = require_number(asked, value, "K", above=0.0, traced=True, text=True, example="0.1")
    for name in names if every else ():
        if name not in given:
            raise DeviceError(
                f"islands.{name}", f"has no temperature in `{argument}`", f'add "{name}" with its kelvins'
            )
    return kelvins


def _as_float(value: Any) -> float | None:
    """The float that a value is; None if it is none, or more than one."""
    array = None if isinstance(value, (list, tuple)) else as_floats(value)
    return None if array is None or array.ndim else float(array)


def _good(numbers: np.ndarray, above: float | None, least: float | None, most: float | None) -> np.ndarray:
    good = np.isfinite(numbers)
    with np.errstate(invalid="ignore"):
        good &= True if above is None else numbers > above
        good &= True if least is None else numbers >= least
        good &= True if most is None else numbers <= most
    return good


def _in_range(numbers: np.ndarray, above: float | None, least: float | None, most: float | None) -> bool:
    return bool(np.all(_good(numbers, above, least, most)))


def _first_bad(numbers: np.ndarray, above: float | None, least: float | None, most: float | None) -> str:
    bad = numbers[~_good(numbers, above, least, most)]
    return f" with {bad[0]:g} in it" if bad.size else ""


def _described(noun: str, unit: str, above: float | None, least: float | None, most: float | None) -> str:
    """A noun with its unit and range: "a number [s] above 0"."""
    text = (
        noun
        if noun.endswith("s")
        else noun.replace("a number", "a finite number" if above is least is most is None else "a number")
    )
    text += f" [{unit}]" if unit else ""
    if above is not None:
        text += f" above {above:g}"
    if least is not None and most is not None:
        return f"{text} from {least:g} to {most:g}"
    if least is not None:
        text += f", at least {least:g}"
    if most is not None:
        text += f"{' and' if above is not None else ','} at most {most:g}"
    return text


def _those(names: list[str]) -> str:
    """Advice that lists some names."""
    if not names:
        return "there is none"
    return f"those are {', '.join(f'`{name}`' for name in names[:8])}" + (", …" if len(names) > 8 else "")
