"""The numbers of a device by path, which do not change.

A mapping that cannot be assigned to, and a pytree like a dict: derivatives and batches go through it.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NoReturn

import jax
import numpy as np


class Values(Mapping[str, Any]):
    """SI numbers by path, read only; equal to a dict with the same items."""

    __slots__ = ("_numbers",)
    _numbers: dict[str, Any]

    def __init__(self, numbers: Mapping[str, Any]):
        object.__setattr__(self, "_numbers", {path: _read_only(number) for path, number in numbers.items()})

    def __getitem__(self, path: str) -> Any:
        return self._numbers[path]

    def __iter__(self) -> Iterator[str]:
        return iter(self._numbers)

    def __len__(self) -> int:
        return len(self._numbers)

    def __repr__(self) -> str:
        return repr(self._numbers)

    def __hash__(self) -> int:
        return hash(frozenset(self._numbers.items()))

    def __reduce__(self) -> tuple[Any, ...]:
        return Values, (dict(self._numbers),)

    def __setitem__(self, path: str, number: Any) -> NoReturn:
        raise TypeError(
            f"The values of a device do not change; try `device.replace({{{path!r}: ...}})`, which gives another one."
        )

    def __delitem__(self, path: str) -> NoReturn:
        raise TypeError(f"The values of a device do not change, so that {path!r} stays; load a device without it.")

    def __setattr__(self, name: str, value: Any) -> NoReturn:
        raise TypeError("The values of a device do not change; try `device.replace`, which gives another one.")


def _read_only(number: Any) -> Any:
    """A NumPy array that others cannot change either; anything else as it is."""
    if not isinstance(number, np.ndarray) or not number.flags.writeable:
        return number
    copy = number.copy()
    copy.flags.writeable = False
    return copy


def _flatten(values: Values) -> tuple[tuple[Any, ...], tuple[str, ...]]:
    paths = tuple(sorted(values))
    return tuple(values[path] for path in paths), paths


def _flatten_with_keys(values: Values) -> tuple[tuple[tuple[Any, Any], ...], tuple[str, ...]]:
    leaves, paths = _flatten(values)
    return tuple((jax.tree_util.DictKey(path), leaf) for path, leaf in zip(paths, leaves, strict=True)), paths


def _unflatten(paths: tuple[str, ...], leaves: Iterable[Any]) -> Values:
    # Leaves may be anything here: JAX also builds trees of flags and of placeholders.
    values = object.__new__(Values)
    object.__setattr__(values, "_numbers", dict(zip(paths, leaves, strict=True)))
    return values


jax.tree_util.register_pytree_with_keys(Values, _flatten_with_keys, _unflatten, _flatten)
