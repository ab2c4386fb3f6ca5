"""Where the values of a device come from, and which of them are assumed rather than measured or published."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Origin:
    """The origin of one value.

    ``source`` names a bibliography key, ``assumed`` marks a number that nobody measured for this device and no
    accessible text states, and ``note`` says why it was chosen.
    """

    source: str = ""
    assumed: bool = False
    note: str = ""


@dataclass(frozen=True)
class Provenance:
    """Origins by value path, as a hashable tuple of pairs."""

    origins: tuple[tuple[str, Origin], ...] = ()

    def of(self, path: str) -> Origin:
        """The origin of the value at ``path``; an empty one if nothing is recorded."""
        return dict(self.origins).get(path, Origin())

    def without(self, paths: set[str]) -> "Provenance":
        """The same record with ``paths`` forgotten, because their values were replaced."""
        return Provenance(tuple((path, origin) for path, origin in self.origins if path not in paths))

    @property
    def assumed(self) -> tuple[str, ...]:
        """The paths of all assumed values, sorted."""
        return tuple(sorted(path for path, origin in self.origins if origin.assumed))

    @property
    def sources(self) -> tuple[str, ...]:
        """The bibliography keys of all values, sorted, each once."""
        return tuple(sorted({origin.source for _, origin in self.origins if origin.source}))
