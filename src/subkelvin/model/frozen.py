"""A mapping that does not change, so that a record that holds one can be compared, hashed, copied and pickled."""

from collections.abc import Iterator, Mapping
from typing import TypeVar

V = TypeVar("V")


class Frozen(Mapping[str, V]):
    """Entries by name, read only; equal to a dict with the same items."""

    __slots__ = ("_entries",)

    def __init__(self, entries: Mapping[str, V]):
        self._entries = dict(entries)

    def __getitem__(self, key: str) -> V:
        return self._entries[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)

    def __repr__(self) -> str:
        return repr(self._entries)

    def __hash__(self) -> int:
        return hash(frozenset(self._entries))
