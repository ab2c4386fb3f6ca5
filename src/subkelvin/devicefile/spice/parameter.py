"""Parameters of a netlist, and the numbers and names that words stand for.

A word is a number, or {name} for the number that .param or the call of a subcircuit gives. Expressions are not computed.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from subkelvin.devicefile.sentences import nearest
from subkelvin.devicefile.spice.line import Statement
from subkelvin.devicefile.spice.number import parse_number
from subkelvin.model import DeviceError
from subkelvin.model.quantities import format_quantity, quoted
from subkelvin.model.vocabulary import Field, indefinite

NAME = re.compile(r"[A-Za-z0-9_-]{1,64}")
"""What a device file can call an element, a node or an island."""

IN_CELSIUS = (
    "is about a temperature in degrees Celsius, where 0.1 K is -273.05",
    "remove it and say *@island NAME temperature=0.1, in kelvin",
)
OF_TEMPERATURE = (
    "makes the resistance depend on SPICE's temperature",
    "remove it and write the resistance that holds where it is used",
)
REFUSED_PARAMETERS = {
    "temp": IN_CELSIUS,
    "dtemp": IN_CELSIUS,
    "tc": OF_TEMPERATURE,
    "tc1": OF_TEMPERATURE,
    "tc2": OF_TEMPERATURE,
    "m": ("multiplies the element", "write each element, or the value of all of them together"),
    "ic": ("is an initial condition, which a steady state does not have", "remove it"),
    "noisy": ("switches the noise on or off, but every resistor radiates", "remove it"),
}
"""Parameters of SPICE that are not read: why, and what to do."""


@dataclass(frozen=True)
class Scope:
    """Where a statement stands.

    Args:
        prefix: of the names of its elements and nodes.
        nodes: names outside of the nodes of its subcircuit, by their name inside.
        parameters: text by name in small letters.
        within: names of the subcircuits around it.
    """

    prefix: str = ""
    nodes: Mapping[str, str] = field(default_factory=dict)
    parameters: Mapping[str, str] = field(default_factory=dict)
    within: tuple[str, ...] = ()


def enter_parameters(statement: Statement, parameters: dict[str, str]) -> None:
    """Enter the numbers of a .param line.

    Raises:
        DeviceError: for a name given twice, or a value that is no number.
    """
    if statement.positional or not statement.parameters:
        raise statement.refusal("must hold name=number", "write it as in .param c=10p")
    for key, value in statement.parameters.items():
        if key in parameters:
            raise statement.refusal(f"gives the parameter {quoted(key)} again", "remove one")
        if not re.match(r"[+-]?\.?[0-9]", value):
            raise statement.refusal(
                f"gives {quoted(key)} the value {quoted(value)}, which is not a number", "write the number"
            )
        parameters[key] = value


def known_parameters(statement: Statement, known: tuple[str, ...]) -> dict[str, str]:
    """The parameters of a statement.

    Raises:
        DeviceError: if one is not known.
    """
    parameters = statement.parameters
    for key in parameters:
        if key in known:
            continue
        if key in REFUSED_PARAMETERS:
            why, advice = REFUSED_PARAMETERS[key]
            raise statement.refusal(f"has the parameter {quoted(key)}, which {why}", advice)
        everything = f"known here: {', '.join(known)}" if known else "remove it"
        raise statement.refusal(
            f"has the parameter {quoted(key)}, which is not known here", nearest(key, known, everything)
        )
    return parameters


def positional(statement: Statement, count: int, expected: str) -> tuple[str, ...]:
    """The words without ``=``.

    Raises:
        DeviceError: unless they are as many as they have to be.
    """
    words = statement.positional
    if len(words) != count:
        raise statement.refusal(f"has {len(words)} words behind its name, but must have {expected}", "correct the line")
    return words


def substitute(statement: Statement, text: str, scope: Scope) -> str:
    """A word, or the text of the parameter that it names in braces.

    Raises:
        DeviceError: if there is no such parameter.
    """
    if not text.startswith("{"):
        return text
    key = text[1:-1].lower()
    if key not in scope.parameters:
        known = f"the parameters: {', '.join(scope.parameters) or 'there is none'}"
        raise statement.refusal(f"uses {text}, which no .param gives", nearest(key, scope.parameters, known))
    return scope.parameters[key]


def number(
    statement: Statement, text: str, quantity: Field, scope: Scope, zero: tuple[str, str] | None = None
) -> tuple[float, list[str]]:
    """The number that a word stands for, in the range of its quantity.

    Args:
        statement: in which it stands.
        text: the word.
        quantity: what the number is.
        scope: of the statement.
        zero: what an element of value zero would be, and what to do then.

    Returns:
        the value [unit of the quantity], and notes on how it was read.

    Raises:
        DeviceError: if it is no number, or not in the range.
    """
    written = substitute(statement, text, scope)
    try:
        value, note = parse_number(written, quantity.unit)
    except DeviceError as error:
        raise statement.refusal(error.problem, error.advice) from None
    if value == 0.0 and zero is not None:
        raise statement.refusal(f"holds {quoted(written)}: {zero[0]}", zero[1])
    if not quantity.holds(value):
        unit = f" {quantity.unit}" if quantity.unit else ""
        raise statement.refusal(
            f"holds {quoted(written)}, that is {value:g}{unit}, but must have {indefinite(quantity.quantity)} of "
            f"{quantity.low:g} to {quantity.high:g}{unit}",
            note or "correct the number or its suffix",
        )
    notes = [f"{text} is {written}"] if written != text else []
    return value, notes + ([note] if note else [])


def quantity_text(value: float, quantity: Field) -> str:
    """A value as parsed TOML holds it; it reads back exactly."""
    return format_quantity(value, quantity).strip('"')


def checked_name(statement: Statement, name: str, what: str) -> str:
    """A name that a device file can hold.

    Raises:
        DeviceError: if it cannot.
    """
    if NAME.fullmatch(name) is None:
        raise statement.refusal(
            f"gives {quoted(name)} as the name of {indefinite(what)}",
            "rename it: names have at most 64 letters A-Z and a-z, digits, _ and -",
        )
    return name
