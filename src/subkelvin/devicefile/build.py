"""From a device file of the right shape to a Device.

References are resolved, library values and defaults filled in, origins recorded.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from subkelvin.devicefile import schema
from subkelvin.devicefile.build_links import build_links
from subkelvin.devicefile.kinds import OF_THE_PACKAGE, Kinds
from subkelvin.devicefile.measured import BESIDE, DataFiles, measured_admittance
from subkelvin.devicefile.sentences import nearest
from subkelvin.model import (
    GROUND,
    Device,
    DeviceError,
    Element,
    Island,
    Origin,
    Part,
    Provenance,
    Structure,
    Superconductor,
)
from subkelvin.model.element_kind import ElementKind, SharedFlux
from subkelvin.model.quantities import Coupling, quoted
from subkelvin.model.structure import NO_PHONONS, WORLD
from subkelvin.model.vocabulary import ISLAND, METAL, PART, SUPERCONDUCTOR, Field, indefinite

OTHER_NAMES_OF_GROUND = ("gnd", "ground")
"""In small letters; noughts are another one."""


@dataclass
class Ledger:
    """Values and origins as they are collected."""

    values: dict[str, float] = field(default_factory=dict)
    origins: dict[str, Origin] = field(default_factory=dict)
    written: set[str] = field(default_factory=set)

    def record(
        self, path: str, given: Mapping[str, Any], fields: Mapping[str, Field], skip: Iterable[str] = ()
    ) -> None:
        """Enter the numbers of one table: given ones, then defaults; what is required has to be there.

        Raises:
            DeviceError: if a required number is missing, or one is not whole that must be.
        """
        given = dict(given)
        for key, value in list(given.items()):
            if isinstance(value, Coupling):
                given[key] = value.value
                if f"{key}_exponent" in fields:
                    given[f"{key}_exponent"] = value.exponent
        for key, quantity in fields.items():
            if key in given:
                if quantity.whole and given[key] % 1.0:
                    raise DeviceError(
                        f"{path}.{key}",
                        f"must be a whole number, but is {given[key]:g}",
                        f"try {key} = {quantity.example}",
                    )
                self.values[f"{path}.{key}"] = given[key]
                self.written.add(f"{path}.{key}")
            elif key in skip or quantity.optional or f"{path}.{key}" in self.values:
                continue
            elif quantity.default is not None:
                self.values[f"{path}.{key}"] = quantity.default
            else:
                raise DeviceError(
                    f"{path}.{key}",
                    f"is missing: {indefinite(quantity.quantity)} is required ({quantity.meaning})",
                    f"try {key} = {quantity.example}",
                )


def build(
    file: schema.DeviceFile,
    default_name: str = "device",
    overridden: Iterable[str] = (),
    data: DataFiles = BESIDE,
    kinds: Kinds = OF_THE_PACKAGE,
) -> Device:
    """Make a Device of a device file.

    Args:
        file: of the right shape.
        default_name: the device's name if the file gives none.
        overridden: paths set from outside the file, whose origins in the file no longer hold.
        data: where files of measured tables may stand.
        kinds: of elements and links, those by which its shape was checked; by default those of the package.

    Raises:
        DeviceError: for a reference to nothing, a missing number, or numbers that exclude each other.
    """
    check_names(file)
    ledger = Ledger()
    for name, metal in file.metals.items():
        ledger_library(ledger, f"metals.{name}", metal.base, METAL)
        ledger.record(f"metals.{name}", metal.numbers(), METAL)
    for name, superconductor in file.superconductors.items():
        ledger_library(ledger, f"superconductors.{name}", superconductor.base, SUPERCONDUCTOR)
        ledger.record(f"superconductors.{name}", superconductor.numbers(), SUPERCONDUCTOR)
    islands = tuple(build_island(ledger, name, island, file) for name, island in file.islands.items())
    elements = tuple(
        build_element(ledger, name, kinds.element[element.kind], element, file, data)
        for name, element in file.elements.items()
    )
    links = build_links(ledger.record, file, kinds)
    record_origins(ledger, file, tuple(overridden))
    structure = Structure(
        name=file.name or default_name,
        admittance=file.admittance,
        islands=islands,
        elements=elements,
        superconductors=tuple(
            Superconductor(name, superconductor.gap_model == "bcs")
            for name, superconductor in file.superconductors.items()
        ),
        metals=tuple(file.metals),
        links=links,
    )
    return Device(ledger.values, structure, Provenance(tuple(sorted(ledger.origins.items()))))


def check_names(file: schema.DeviceFile) -> None:
    """Raise a DeviceError for a name used twice, or a device without anything that holds a temperature."""
    for name in file.metals:
        if name in file.superconductors:
            raise DeviceError(
                f"metals.{name}", "has the name of a superconductor; parts could not tell them apart", "rename one"
            )
    if not file.islands:
        raise DeviceError(
            "islands", "is empty: a device needs islands", 'try [islands.bath] with temperature = "50 mK"'
        )
    if all("temperature" not in island.numbers() for island in file.islands.values()):
        raise DeviceError(
            "islands", "hold no temperature: heat has nowhere to end", 'hold one, as in temperature = "50 mK"'
        )


def ledger_library(ledger: Ledger, path: str, base: str | None, fields: Mapping[str, Field]) -> None:
    """Enter the values of a library material with their origins.

    Raises:
        DeviceError: if the library has no such material.
    """
    if base is None:
        return
    from subkelvin.materials import material

    try:
        entry = material(base)
    except ValueError as error:
        raise DeviceError(f"{path}.base", f"is {quoted(base)}, but {error}".rstrip(".")) from None
    for key in fields:
        quantity = getattr(entry, key, None)
        if quantity is not None:
            ledger.values[f"{path}.{key}"] = float(quantity.value)
            ledger.origins[f"{path}.{key}"] = Origin(quantity.source or "", bool(quantity.assumed), quantity.note or "")


def build_island(ledger: Ledger, name: str, island: schema.Island, file: schema.DeviceFile) -> Island:
    """One island and its parts."""
    path = f"islands.{name}"
    numbers = island.numbers()
    held = "temperature" in numbers
    if held and "power" in numbers:
        raise DeviceError(
            path,
            "has both `temperature` (held there) and `power` (floating)",
            "keep one: the power that holds a temperature is part of the answer",
        )
    if name == NO_PHONONS:
        raise DeviceError(
            path, f'has the name by which `phonons = "{NO_PHONONS}"` says that there are none', "rename it"
        )
    if name == WORLD:
        raise DeviceError(path, "has the name of the world outside, where heaters get their power from", "rename it")
    if island.phonons is None and island.parts:
        raise DeviceError(
            f"{path}.phonons",
            "is missing: the electrons of `parts` give heat to the phonons of some island",
            f'name that island, or write phonons = "{NO_PHONONS}" if they give none and only store heat',
        )
    phonons = None if island.phonons == NO_PHONONS else island.phonons
    if phonons is not None:
        if phonons == name:
            raise DeviceError(f"{path}.phonons", "is the island itself", "name the island whose phonons these are")
        require_island(f"{path}.phonons", phonons, file)
        if not island.parts:
            raise DeviceError(
                f"{path}.phonons", "couples parts to phonons, but the island has no `parts`", "add parts or remove it"
            )
    ledger.record(path, numbers, ISLAND, skip=("power",) if held else ())
    parts = []
    for index, part in enumerate(island.parts):
        known = [*file.metals, *file.superconductors]
        if part.material not in known:
            raise DeviceError(
                f"{path}.parts.{index}.material",
                f"is {part.material!r}, which is neither in `metals` nor in `superconductors`",
                nearest(part.material, known, f"add [metals.{part.material}]"),
            )
        ledger.record(f"{path}.parts.{index}", part.numbers(), PART)
        parts.append(Part(part.material, part.material in file.superconductors))
    return Island(name, held, phonons, tuple(parts))


def build_element(
    ledger: Ledger, name: str, kind: ElementKind, element: schema.Element, file: schema.DeviceFile, data: DataFiles
) -> Element:
    """One circuit element."""
    path = f"elements.{name}"
    nodes = tuple(getattr(element, "nodes", ()))
    check_nodes(f"{path}.nodes", kind, nodes)
    couples = check_couples(path, kind.law, element, file) if isinstance(kind.law, SharedFlux) else ()
    island = getattr(element, "island", None)
    if kind.radiates or island is not None:
        require_island(f"{path}.island", island, file)
    superconductor = getattr(element, "superconductor", None)
    if superconductor is not None and superconductor not in file.superconductors:
        otherwise = f"add [superconductors.{superconductor}]"
        if superconductor in file.metals:
            otherwise = f'{superconductor} is a normal metal; try kind = "nin"'
        raise DeviceError(
            f"{path}.superconductor",
            f"is {superconductor!r}, which is not in `superconductors`",
            nearest(superconductor, file.superconductors, otherwise),
        )
    numbers = element.numbers()
    if kind.check is not None:
        kind.check(path, numbers, island)
    ledger.record(path, numbers, kind.numbers)
    table = measured_admittance(path, dict(element), kind.ports, data) if kind.ports else None
    model = getattr(element, "admittance", None) or file.admittance
    return Element(name, kind, nodes, island, superconductor, couples, table, kind.two_models and model == "dynamic")


def check_nodes(path: str, kind: ElementKind, nodes: tuple[str, ...]) -> None:
    """Raise a DeviceError unless an element of this kind can be connected there."""
    check_ground(path, nodes)
    if nodes and nodes[0] == nodes[1]:
        raise DeviceError(path, f"are both {nodes[0]!r}, so that no current flows", "name two different nodes")
    if kind.grounded and GROUND in nodes:
        raise DeviceError(path, f"hold the ground, but a {kind.name} has it as its return already", "name its two ends")


def check_ground(path: str, nodes: tuple[str, ...]) -> None:
    """Raise a DeviceError for a node with a name that other programs give to the ground: here it would be a node like any other."""
    for node in nodes:
        if node != GROUND and (node.lower() in OTHER_NAMES_OF_GROUND or not node.strip("0")):
            raise DeviceError(path, f"hold {node!r}, but the reference node is called {GROUND}", f'try "{GROUND}"')


def check_couples(path: str, law: SharedFlux, mutual: schema.Element, file: schema.DeviceFile) -> tuple[str, ...]:
    """The two inductors that a mutual inductance couples.

    Raises:
        DeviceError: unless they are two inductors that no other mutual inductance couples.
    """
    couples = tuple(getattr(mutual, "couples", ()))
    inductors = [name for name, element in file.elements.items() if element.kind == law.of]
    for name in couples:
        if name not in inductors:
            raise DeviceError(
                f"{path}.couples",
                f"names {name!r}, which is not an inductor",
                nearest(name, inductors, f"the inductors are {', '.join(inductors) or 'none'}"),
            )
    pair = set(couples)
    if len(pair) == 1:
        raise DeviceError(f"{path}.couples", f"names {couples[0]!r} twice", "name two inductors")
    twins = [name for name, element in file.elements.items() if set(getattr(element, "couples", ())) == pair]
    if len(twins) > 1:
        raise DeviceError(f"{path}.couples", f"are coupled by {twins[0]!r} and {twins[1]!r}", "keep one of them")
    return couples


def require_island(path: str, name: str | None, file: schema.DeviceFile) -> None:
    """Raise a DeviceError unless there is an island of that name."""
    if name not in file.islands:
        islands = ", ".join(file.islands)
        raise DeviceError(
            path,
            f"is {name!r}, which is not an island",
            nearest(str(name), file.islands, f"the islands are {islands}"),
        )


def record_origins(ledger: Ledger, file: schema.DeviceFile, overridden: tuple[str, ...]) -> None:
    """Record what the file says about where its values come from.

    A value that the file writes, and says nothing about, is the user's own: it has no origin.

    Raises:
        DeviceError: for a path that is no value of the device, so that the record cannot rot.
    """
    for path in ledger.written:
        ledger.origins.pop(path, None)
    claims: list[tuple[str, schema.Assumed | schema.Sourced, Origin]] = [
        (f"assumed.{index}", one, Origin(one.source, assumed=True, note=one.because))
        for index, one in enumerate(file.assumed)
    ]
    claims += [
        (f"sourced.{index}", two, Origin(source=two.source, note=two.note)) for index, two in enumerate(file.sourced)
    ]
    for place, claim, origin in claims:
        for pattern in _still_meant(place, claim, ledger.values):
            matches = [path for path in ledger.values if matches_pattern(path, pattern)]
            if not matches and not any(shadows(path, pattern) for path in overridden):
                raise DeviceError(
                    f"{place}.values",
                    f"holds {quoted(pattern)}, which is no value of this device",
                    nearest(pattern, ledger.values, "write paths such as islands.left.power or elements.*.area"),
                )
            for path in matches:
                if not any(shadows(changed, path) for changed in overridden):
                    ledger.origins[path] = origin


def _still_meant(place: str, claim: schema.Assumed | schema.Sourced, values: Mapping[str, float]) -> list[str]:
    """The paths of a claim, without those whose value is no longer what it was, if the claim says what it was.

    Raises:
        DeviceError: unless it says so of each path or of none.
    """
    if claim.at is None:
        return claim.values
    if len(claim.at) != len(claim.values):
        raise DeviceError(
            f"{place}.at", f"has {len(claim.at)} numbers for {len(claim.values)} `values`", "give one number for each"
        )
    return [path for path, number in zip(claim.values, claim.at, strict=True) if values.get(path) == number]


def matches_pattern(path: str, pattern: str) -> bool:
    """Whether a value path is meant by a pattern in which ``*`` stands for one name or index."""
    names, patterns = path.split("."), pattern.split(".")
    return len(names) == len(patterns) and all(
        one == "*" or name == one for name, one in zip(names, patterns, strict=True)
    )


def shadows(changed: str, pattern: str) -> bool:
    """Whether setting one path changes what a pattern means: the value itself, or a table or list that holds it."""
    depth = changed.count(".") + 1
    return matches_pattern(changed, ".".join(pattern.split(".")[:depth]))
