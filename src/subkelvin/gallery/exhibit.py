"""What an exhibit is: a published result or a device worth showing, with everything that draws and judges it.

An exhibit is one folder of the gallery, found by itself. Its `EXHIBIT` says what it is from and which pictures it has; each picture
is a module with three functions:

    compute(...) → dataset,     draw(dataset) → figure,     describe(dataset) → paragraphs

and, if the exhibit judges claims, there is a package ``claims`` with `write`.
"""

import importlib
import pkgutil
from dataclasses import dataclass
from functools import cache
from types import ModuleType

from subkelvin.devicefile import preset
from subkelvin.model import Device

ADMITTANCES = ("static", "dynamic")
"""Models of the admittance of tunnel junctions."""


@dataclass(frozen=True)
class Picture:
    """One picture of an exhibit.

    Args:
        key: what it is called on the command line, and the stem of its files.
        module: in the folder of its exhibit.
        devices: presets behind it.
        both_models: whether it depends on the admittance of the junctions: `compute` then takes the model.
        compares: whether it compares both models itself: it is drawn when both are asked for.
    """

    key: str
    module: str
    devices: tuple[str, ...]
    both_models: bool = False
    compares: bool = False


@dataclass(frozen=True)
class Exhibit:
    """One folder of the gallery.

    Args:
        key: the folder, and what draws all of its pictures.
        title: one line.
        source: of the published result, a key of the bibliography.
        pictures: in the order in which they are drawn.
        claims: whether it judges claims.
        shown_by_default: whether "all" means it.
    """

    key: str
    title: str
    source: str
    pictures: tuple[Picture, ...]
    claims: bool = False
    shown_by_default: bool = False

    @property
    def targets(self) -> tuple[str, ...]:
        """What can be drawn by name."""
        named = tuple(picture.key for picture in self.pictures if not picture.compares)
        return (*named, *(("claims",) if self.claims else ()))

    def module(self, name: str) -> ModuleType:
        """A module of its folder, imported when it is needed."""
        return importlib.import_module(f"{__package__}.{self.key}.{name}")


@cache
def exhibits() -> tuple[Exhibit, ...]:
    """Every exhibit of the gallery: the folders that have an `EXHIBIT`, by name."""
    import subkelvin.gallery as gallery

    folders = sorted(found.name for found in pkgutil.iter_modules(gallery.__path__) if found.ispkg)
    return tuple(importlib.import_module(f"{__package__}.{name}").EXHIBIT for name in folders)


def targets() -> tuple[str, ...]:
    """Everything that can be drawn: pictures, "claims", and "all" for what is shown by default."""
    shown = [name for one in exhibits() if one.shown_by_default for name in one.targets]
    others = [name for one in exhibits() if not one.shown_by_default for name in one.targets]
    return (*shown, "all", *others)


def with_admittance(name: str, admittance: str) -> Device:
    """A preset with the admittance of its junctions chosen, "static" or "dynamic"."""
    return preset(name, overrides=[("admittance", admittance)])
