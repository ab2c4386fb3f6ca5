"""A SPICE netlist of linear elements as a device file.

Read are resistors, capacitors, inductors, mutual inductances, lossless lines and subcircuits, with .param and {name}. What SPICE
calls 0 or gnd is the ground. Requests for an analysis (.ac, .print) are no part of the circuit and are passed over; every other
line is refused, because a circuit without it would be another circuit.

Reference: T. Quarles et al., SPICE3 Version 3f User's Manual, University of California, Berkeley (1993).
"""

from typing import Any, NamedTuple

from subkelvin.devicefile.spice.element import WAVELENGTHS, Elements
from subkelvin.devicefile.spice.line import Statement, read_lines
from subkelvin.devicefile.spice.parameter import IN_CELSIUS, Scope, enter_parameters
from subkelvin.devicefile.spice.subcircuit import split_subcircuits
from subkelvin.model import DeviceError
from subkelvin.model.quantities import format_quantity

ANALYSES = (
    ".ac", ".backanno", ".dc", ".disto", ".four", ".meas", ".measure", ".noise", ".op", ".plot", ".print", ".probe", ".pz",
    ".save", ".sens", ".sp", ".tf", ".tran", ".width",
)  # fmt: skip
"""Requests that are no part of the circuit."""

TAKES_FILE = ("takes in another file", "copy what it holds into this one")
CHANGES_READING = ("can change temperatures and how numbers are read", IN_CELSIUS[1])
REFUSED = {
    ".temp": IN_CELSIUS,
    ".options": CHANGES_READING,
    ".option": CHANGES_READING,
    ".opt": CHANGES_READING,
    ".include": TAKES_FILE,
    ".inc": TAKES_FILE,
    ".lib": TAKES_FILE,
    ".model": ("describes elements that are not read", "write R, C, L, K and T with their values"),
}
"""Lines with a dot that are not read: why, and what to do."""


class Netlist(NamedTuple):
    """A netlist as the tables of a device file, with remarks on the whole and by path of a table."""

    tables: dict[str, Any]
    remarks: list[str]
    remarks_on: dict[str, list[str]]


def read_spice(text: str) -> dict[str, Any]:
    """The tables of a device file, as parsed TOML, that a netlist describes.

    Args:
        text: of the netlist.

    Raises:
        DeviceError: naming line, text, problem and advice, for everything that cannot be read.
    """
    return read_netlist(text).tables


def spice_to_device_file(text: str) -> str:
    """The text of a device file that a netlist describes, with the netlist's lines and what was assumed as comments.

    Args:
        text: of the netlist.

    Raises:
        DeviceError: as `read_spice`.
    """
    netlist = read_netlist(text)
    lines = ["Made from a SPICE netlist, whose lines stand above what they became.", *netlist.remarks]
    lines = [f"# {_printable(line)}" for line in lines]
    lines += ["", f"name = {_toml(netlist.tables['name'])}"]
    for section in ("islands", "elements"):
        for name, table in netlist.tables[section].items():
            path = f"{section}.{name}"
            lines += ["", *[f"# {_printable(remark)}" for remark in netlist.remarks_on[path]], f"[{path}]"]
            lines += [f"{key} = {_toml(value)}" for key, value in table.items()]
    for assumed in netlist.tables.get("assumed", []):
        lines += ["", "[[assumed]]", *[f"{key} = {_toml(value)}" for key, value in assumed.items()]]
    return "\n".join(lines) + "\n"


def read_netlist(text: str) -> Netlist:
    """A netlist's tables with the remarks that explain them.

    Raises:
        DeviceError: as `read_spice`.
    """
    title, statements, directives = read_lines(text)
    subcircuits, outside = split_subcircuits(statements)
    parameters: dict[str, str] = {}
    remarks: list[str] = []
    elements: list[Statement] = []
    for statement in outside:
        first = statement.words[0].lower()
        if first == ".param":
            enter_parameters(statement, parameters)
        elif first == ".title":
            title = " ".join(statement.words[1:])
        elif first in ANALYSES:
            remarks.append(f"Line {statement.line} asks for an analysis and was passed over: {statement.text}")
        elif first.startswith("."):
            raise statement.refusal(*REFUSED.get(first, ("is not read, and may change the circuit", "remove it")))
        else:
            elements.append(statement)
    entered = Elements(subcircuits, parameters)
    for statement in elements:
        entered.enter(statement, Scope(parameters=parameters))
    entered.couple()
    if not entered.tables:
        raise DeviceError("", "the netlist holds no elements", "write lines such as R1 a 0 50 below its title")
    for directive in directives:
        entered.islands.enter(directive)
    assumed = entered.islands.assume()
    unused = [subcircuit.head for key, subcircuit in subcircuits.items() if key not in entered.used]
    remarks += [f"Line {head.line} defines a subcircuit that nothing calls: {head.text}" for head in unused]
    tables = {
        "name": " ".join(_printable(title).split()) or "netlist",
        "islands": entered.islands.tables,
        "elements": entered.tables,
        **({"assumed": assumed} if assumed else {}),
    }
    of_islands = {f"islands.{name}": remark for name, remark in entered.islands.remarks.items()}
    of_elements = {f"elements.{name}": remark for name, remark in entered.remarks.items()}
    return Netlist(tables, remarks, {**of_islands, **of_elements})


def _printable(text: str) -> str:
    """A text as a comment or a name can hold it."""
    return "".join(c if c.isprintable() else " " for c in text)


def _toml(value: Any) -> str:
    """A text, a pure number or a list of texts in TOML."""
    if isinstance(value, list):
        return f"[{', '.join(_toml(one) for one in value)}]"
    if isinstance(value, float):
        return format_quantity(value, WAVELENGTHS)
    return '"' + str(value).replace("\\", "\\\\").replace('"', '\\"') + '"'
