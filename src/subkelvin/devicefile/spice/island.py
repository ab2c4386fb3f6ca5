"""Which island a resistor of a netlist belongs to, and what holds or heats it.

SPICE knows one temperature, in degrees Celsius, and cannot say this. A resistor belongs to the island that ``island=hot`` on its
line names, or ``;@ island=hot`` in a comment, so that SPICE reads the same file; else to an island of its own, with its own name. A
line ``*@island hot temperature=0.3`` (kelvin) or ``*@island hot power=1f`` (watt) says what holds or heats an island. One of which
nothing is said floats unheated, which the device file lists among what is assumed.

A subcircuit gives its resistors the islands of its calls by a parameter: ``.subckt wire p ;@ island=cold`` gives the default,
``R1 p 0 50 ;@ island={island}`` uses it, ``X1 a wire ;@ island=hot`` changes it.
"""

from typing import Any

from subkelvin.devicefile.sentences import nearest
from subkelvin.devicefile.spice.line import Statement
from subkelvin.devicefile.spice.parameter import (
    Scope,
    checked_name,
    known_parameters,
    number,
    positional,
    quantity_text,
    substitute,
)
from subkelvin.model.quantities import quoted
from subkelvin.model.vocabulary import ISLAND

KEYS = ("temperature", "power", "parasitic_power")
"""What a netlist may say of an island."""
UNKNOWN = "the netlist gives these islands neither a temperature nor a power: they float and are not heated"


class Islands:
    """The islands of a netlist: tables as in a device file, and remarks, both by name."""

    def __init__(self) -> None:
        self.tables: dict[str, dict[str, str]] = {}
        self.remarks: dict[str, list[str]] = {}
        self._spelled: dict[str, str] = {}

    def of_resistor(self, statement: Statement, scope: Scope) -> str:
        """The island of a resistor: the one that it names, or one of its own.

        Raises:
            DeviceError: for a name that a device file cannot hold.
        """
        given = statement.parameters.get("island", "")
        name = substitute(statement, given, scope) if given else scope.prefix + statement.words[0]
        checked_name(statement, name, "island")
        spelled = self._spelled.setdefault(name.lower(), name)
        self.tables.setdefault(spelled, {})
        remarks = self.remarks.setdefault(spelled, [])
        if not given:
            remarks.append(f"line {statement.line} names no island, so the resistor has one of its own")
        return spelled

    def enter(self, statement: Statement) -> None:
        """Enter what a line ``*@island`` says.

        Raises:
            DeviceError: for an island to which no resistor belongs, of which another line speaks, or that this line leaves open.
        """
        if statement.words[0].lower() != "*@island":
            raise statement.refusal(
                "is not a line that is read", "write *@island NAME temperature=0.1, or * for a comment"
            )
        parameters = known_parameters(statement, KEYS)
        (given,) = positional(statement, 1, "the name of one island, as in *@island hot temperature=0.3")
        name = self._spelled.get(given.lower(), "")
        if not name:
            known = f"the islands: {', '.join(self.tables) or 'there is none'}"
            raise statement.refusal(
                f"names {quoted(given)}, to which no resistor belongs", nearest(given, self.tables, known)
            )
        if self.tables[name]:
            raise statement.refusal(f"says again what island {quoted(name)} is", "write one line for each island")
        if ("temperature" in parameters) == ("power" in parameters):
            raise statement.refusal(
                "must give either a temperature or a power", "write temperature=0.3 (held) or power=1f (floating)"
            )
        self.remarks[name].append(f"line {statement.line}: {statement.text}")
        for key, text in parameters.items():
            value, notes = number(statement, text, ISLAND[key], Scope())
            self.tables[name][key] = quantity_text(value, ISLAND[key])
            self.remarks[name] += notes

    def assume(self) -> list[dict[str, Any]]:
        """Let the islands of which nothing is said float unheated; the table ``assumed`` of a device file."""
        silent = [name for name, table in self.tables.items() if not table]
        for name in silent:
            self.tables[name]["power"] = quantity_text(0.0, ISLAND["power"])
            self.remarks[name].append("no line *@island says what holds or heats it, so it floats unheated")
        return [{"because": UNKNOWN, "values": [f"islands.{name}.power" for name in silent]}] if silent else []
