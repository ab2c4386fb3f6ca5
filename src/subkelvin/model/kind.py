"""What element kinds and link kinds have in common: a name, a meaning and numbers.

A kind is a record that travels with the device. Two kinds are equal if all that they say is equal, functions being the same
objects: compiled code is shared by equal kinds, in other processes too, and never by different ones.
"""

import importlib
import pkgutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TypeVar

from subkelvin.model.frozen import Frozen
from subkelvin.model.vocabulary import Field


@dataclass(frozen=True)
class Kind:
    """A kind of element or link.

    Args:
        name: the ``kind`` of the device file.
        meaning: one line.
        numbers: what its table in a device file holds, by key.
    """

    name: str
    meaning: str
    numbers: Mapping[str, Field]

    def __post_init__(self) -> None:
        object.__setattr__(self, "numbers", Frozen(self.numbers))

    def __hash__(self) -> int:
        return hash(self.name)

    def __str__(self) -> str:
        return self.name


K = TypeVar("K", bound=Kind)


def kinds_in(package: str, path: Iterable[str], of: type[K]) -> Mapping[str, K]:
    """The kinds that the files of a folder define, by name: a new file is a new kind.

    Args:
        package, path: ``__name__`` and ``__path__`` of the folder.
        of: the type of the records.
    """
    modules = [importlib.import_module(f"{package}.{one.name}") for one in pkgutil.iter_modules(path)]
    found = {kind.name: kind for module in modules for kind in vars(module).values() if isinstance(kind, of)}
    return MappingProxyType(found)
