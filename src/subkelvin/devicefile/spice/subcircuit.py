"""Subcircuits: .subckt to .ends, with nodes and default values of parameters."""

from collections.abc import Mapping
from dataclasses import dataclass

from subkelvin.devicefile.spice.line import Statement
from subkelvin.model import GROUND
from subkelvin.model.quantities import quoted


@dataclass(frozen=True)
class Subcircuit:
    """Its first line, its nodes and the defaults of its parameters by name in small letters, and its statements."""

    head: Statement
    nodes: tuple[str, ...]
    defaults: Mapping[str, str]
    body: tuple[Statement, ...]


def split_subcircuits(statements: tuple[Statement, ...]) -> tuple[dict[str, Subcircuit], list[Statement]]:
    """The subcircuits by name in small letters, and the statements outside them.

    Raises:
        DeviceError: for one within another, without end, without elements, or with a name used twice.
    """
    found: dict[str, Subcircuit] = {}
    outside: list[Statement] = []
    head: Statement | None = None
    body: list[Statement] = []
    for statement in statements:
        directive = statement.words[0].lower()
        if directive == ".subckt":
            if head is not None:
                raise statement.refusal("defines a subcircuit within another", "move it out")
            head, body = statement, []
        elif directive == ".ends":
            if head is None:
                raise statement.refusal("ends a subcircuit that has not begun", "remove it")
            subcircuit = _subcircuit(head, body)
            key = head.words[1].lower()
            if len(statement.words) > 1 and statement.words[1].lower() != key:
                raise statement.refusal(f"ends another subcircuit than {quoted(head.words[1])}", "correct the name")
            if key in found:
                raise head.refusal(f"has the name of the subcircuit in line {found[key].head.line}", "rename one")
            found[key] = subcircuit
            head = None
        elif head is None:
            outside.append(statement)
        elif directive.startswith("."):
            raise statement.refusal(
                "stands in a subcircuit, where only elements are read",
                "move it out; parameters go into the .subckt line, as in .subckt filter a b c=1p",
            )
        else:
            body.append(statement)
    if head is not None:
        raise head.refusal("begins a subcircuit that does not end", "add .ends")
    return found, outside


def called_words(statement: Statement) -> list[str]:
    """The nodes and the name in a line .subckt or X, in their order."""
    return [word for word in statement.positional if word.lower() != "params:"]


def _subcircuit(head: Statement, body: list[Statement]) -> Subcircuit:
    """A subcircuit of its first line and its statements."""
    words = called_words(head)
    if len(words) < 2:
        raise head.refusal("needs a name and nodes", "write it as in .subckt filter a b")
    defaults = head.parameters
    nodes = tuple(word.lower() for word in words[1:])
    if len(set(nodes)) < len(nodes):
        raise head.refusal("names a node twice", "name each once")
    if {"0", "gnd", GROUND} & set(nodes):
        raise head.refusal("has the ground among its nodes, which is the same everywhere", "remove it from the list")
    if not body:
        raise head.refusal("holds no elements", "remove it")
    return Subcircuit(head, nodes, defaults, tuple(body))
