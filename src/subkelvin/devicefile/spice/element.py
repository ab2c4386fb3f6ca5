"""Elements of a netlist as elements of a device file, subcircuits flattened.

    R, C, L   two nodes and a value
    K         two inductors of the same circuit and a coupling -1 < k < 1; a positive one couples the ends named first
    T         a lossless line, both ports against the ground: Z0 with TD, or with F and NL (delay NL/F)
    X         the elements of a subcircuit; its names go before theirs, X1-R1

Everything else is refused, because a circuit without it would be another circuit.
"""

from collections.abc import Mapping
from typing import Any

from subkelvin.circuit.elements.capacitor import CAPACITOR
from subkelvin.circuit.elements.inductor import INDUCTOR
from subkelvin.circuit.elements.line import LINE
from subkelvin.circuit.elements.mutual import MUTUAL
from subkelvin.circuit.elements.resistor import RESISTOR
from subkelvin.devicefile.sentences import nearest
from subkelvin.devicefile.spice.island import Islands
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
from subkelvin.devicefile.spice.subcircuit import Subcircuit, called_words
from subkelvin.model import GROUND
from subkelvin.model.element_kind import ElementKind
from subkelvin.model.quantities import quoted
from subkelvin.model.vocabulary import Field

MOST_STATEMENTS = 5000
"""After flattening: a few lines of nested subcircuits can mean millions."""
DEEPEST = 50
"""Subcircuits within subcircuits."""

FREQUENCY = Field("Hz", 1e-3, 1e18, "frequency at which NL holds", "frequency", '"1 GHz"')
WAVELENGTHS = Field("", 1e-9, 1e9, "length of a line in wavelengths", "pure number", "0.25")

CAN_AMPLIFY = ("is a controlled source, which can amplify", "remove it: only passive elements are read")
NOT_LINEAR = ("is a transistor, which is not linear", "remove it")
IS_SWITCH = ("is a switch", "remove it if it is open, and merge its nodes if it is closed")
REFUSED = {
    "a": ("is a code model", "write it with R, C, L, K and T, if it is linear and passive"),
    "b": ("is an arbitrary source", "remove it"),
    "d": ("is a diode, which is not linear", 'remove it; a tunnel junction is kind = "nis" in the device file'),
    "e": CAN_AMPLIFY,
    "f": CAN_AMPLIFY,
    "g": CAN_AMPLIFY,
    "h": CAN_AMPLIFY,
    "i": ("is a current source: for the noise it is an open circuit", "remove the line"),
    "j": NOT_LINEAR,
    "m": NOT_LINEAR,
    "o": (
        "is a lossy line, whose numbers stand in a .model",
        'write T for a lossless one, or kind = "line" with `attenuation` in the device file',
    ),
    "q": NOT_LINEAR,
    "s": IS_SWITCH,
    "u": ("is a distributed RC line, whose numbers stand in a .model", "write it as resistors and capacitors"),
    "v": (
        "is a voltage source: for the noise it is a short circuit",
        "remove the line and give its two nodes one name, also where it only measures a current",
    ),
    "w": IS_SWITCH,
    "z": NOT_LINEAR,
}
"""Elements of SPICE that are not read: why, and what to do."""

MERGE = "remove the line and give its two nodes one name"
LUMPED = {
    "r": (RESISTOR, "resistance", ("a resistor of 0 ohm is a wire", MERGE)),
    "c": (CAPACITOR, "capacitance", ("a capacitor of 0 F is an open circuit", "remove the line")),
    "l": (INDUCTOR, "inductance", ("an inductor of 0 H is a wire", MERGE)),
}
"""By first letter: kind, number, and what a value of zero would be."""


class Elements:
    """The elements of a netlist: tables as in a device file, and remarks, both by name."""

    def __init__(self, subcircuits: Mapping[str, Subcircuit], parameters: Mapping[str, str]):
        self.tables: dict[str, dict[str, Any]] = {}
        self.remarks: dict[str, list[str]] = {}
        self.islands = Islands()
        self.used: set[str] = set()
        self._subcircuits = subcircuits
        self._parameters = parameters
        self._entered = 0
        self._names: dict[str, tuple[str, int]] = {}
        self._nodes: dict[str, tuple[str, str]] = {}
        self._couplings: list[tuple[Statement, Scope]] = []

    def enter(self, statement: Statement, scope: Scope) -> None:
        """Enter a statement that begins with the name of an element.

        Raises:
            DeviceError: if it cannot be read.
        """
        self._entered += 1
        if self._entered > MOST_STATEMENTS:
            raise statement.refusal(
                f"makes the circuit larger than {MOST_STATEMENTS:,} elements, subcircuits flattened", "split it"
            )
        letter = statement.words[0][0].lower()
        if letter in LUMPED:
            self._lumped(statement, scope, *LUMPED[letter])
        elif letter == "t":
            self._line(statement, scope)
        elif letter == "x":
            self._instance(statement, scope)
        elif letter == "k":
            self._couplings.append((statement, scope))
        else:
            why, advice = REFUSED.get(letter, ("begins with no letter of an element", "write R, C, L, K, T or X"))
            raise statement.refusal(why, advice)

    def couple(self) -> None:
        """Enter the mutual inductances, which may stand before the inductors that they couple.

        Raises:
            DeviceError: if one cannot be read, or couples what it cannot.
        """
        pairs: set[frozenset[str]] = set()
        for statement, scope in self._couplings:
            known_parameters(statement, ())
            expected = "the names of two inductors and a coupling, as in K1 L1 L2 0.5"
            first, second, text = positional(statement, 3, expected)
            couples = [self._inductor(statement, scope, word) for word in (first, second)]
            if couples[0] == couples[1] or frozenset(couples) in pairs:
                raise statement.refusal("couples an inductor with itself, or two that are coupled already", "remove it")
            pairs.add(frozenset(couples))
            zero = ("a coupling of 0 is none", "remove the line")
            value, notes = number(statement, text, MUTUAL.numbers["coupling"], scope, zero)
            self._add(statement, scope, {"kind": MUTUAL.name, "couples": couples, "coupling": value}, notes)

    def _lumped(self, statement: Statement, scope: Scope, kind: ElementKind, key: str, zero: tuple[str, str]) -> None:
        """Enter a resistor, a capacitor or an inductor."""
        known_parameters(statement, ("island",) if kind.radiates else ())
        first, second, text = positional(statement, 3, "two nodes and a value, as in R1 a 0 50")
        nodes = [self._node(statement, scope, word) for word in (first, second)]
        if nodes[0] == nodes[1]:
            raise statement.refusal(f"has both ends at node {quoted(nodes[0])}, so that no current flows", "remove it")
        value, notes = number(statement, text, kind.numbers[key], scope, zero)
        table: dict[str, Any] = {"kind": kind.name, "nodes": nodes}
        if kind.radiates:
            table["island"] = self.islands.of_resistor(statement, scope)
        self._add(statement, scope, {**table, key: quantity_text(value, kind.numbers[key])}, notes)

    def _line(self, statement: Statement, scope: Scope) -> None:
        """Enter a lossless line."""
        known_parameters(statement, ("z0", "zo", "td", "f", "nl"))
        words = positional(statement, 4, "four nodes, as in T1 a 0 b 0 Z0=50 TD=1n")
        first, first_return, second, second_return = [self._node(statement, scope, word) for word in words]
        if first_return != GROUND or second_return != GROUND:
            raise statement.refusal(
                "has a port that is not against the ground",
                "its second and fourth node must be 0, as in T1 a 0 b 0 Z0=50 TD=1n",
            )
        if GROUND in (first, second):
            raise statement.refusal(
                "has a port that is a short, which a line of a device file cannot have", "remove it"
            )
        if first == second:
            raise statement.refusal(f"has both ports at node {quoted(first)}", "name two different nodes")
        impedance, notes = self._characteristic_impedance(statement, scope)
        delay, more = self._delay(statement, scope)
        table = {
            "kind": LINE.name,
            "nodes": [first, second],
            "characteristic_impedance": quantity_text(impedance, LINE.numbers["characteristic_impedance"]),
            "delay": quantity_text(delay, LINE.numbers["delay"]),
        }
        self._add(statement, scope, table, notes + more)

    @staticmethod
    def _characteristic_impedance(statement: Statement, scope: Scope) -> tuple[float, list[str]]:
        """Z0 [ohm] of a line, which some programs spell with the letter O."""
        parameters = statement.parameters
        if ("z0" in parameters) == ("zo" in parameters):
            raise statement.refusal("needs one characteristic impedance", "write it as in Z0=50")
        text = parameters.get("z0", parameters.get("zo", ""))
        return number(statement, text, LINE.numbers["characteristic_impedance"], scope)

    @staticmethod
    def _delay(statement: Statement, scope: Scope) -> tuple[float, list[str]]:
        """Delay [s] of a line, TD or NL/F."""
        parameters, quantity = statement.parameters, LINE.numbers["delay"]
        if ("td" in parameters) == ("f" in parameters) or ("nl" in parameters and "f" not in parameters):
            raise statement.refusal("needs one delay", "write TD=1n, or F=1G NL=0.25")
        if "td" in parameters:
            return number(statement, parameters["td"], quantity, scope)
        frequency, notes = number(statement, parameters["f"], FREQUENCY, scope)
        wavelengths, more = number(statement, parameters.get("nl", "0.25"), WAVELENGTHS, scope)
        delay = wavelengths / frequency
        if not quantity.holds(delay):
            raise statement.refusal(
                f"has a delay NL/F of {delay:g} s, but it must be {quantity.low:g} to {quantity.high:g} s",
                "; ".join(notes + more) or "correct F or NL",
            )
        assumed = [] if "nl" in parameters else ["NL is not given: it is 0.25, as in SPICE"]
        return delay, notes + more + assumed

    def _instance(self, statement: Statement, scope: Scope) -> None:
        """Enter the elements of a subcircuit."""
        given = statement.parameters
        *outer, called = called_words(statement) or [""]
        subcircuit = self._subcircuits.get(called.lower())
        if subcircuit is None:
            known = f"the subcircuits: {', '.join(self._subcircuits) or 'there is none'}"
            raise statement.refusal(
                f"calls the subcircuit {quoted(called)}, which is not defined",
                nearest(called.lower(), self._subcircuits, known),
            )
        if called.lower() in scope.within:
            raise statement.refusal(f"puts the subcircuit {quoted(called)} into itself", "remove it")
        if len(scope.within) >= DEEPEST:
            raise statement.refusal(f"stands in more than {DEEPEST} subcircuits within each other", "flatten some")
        if len(outer) != len(subcircuit.nodes):
            raise statement.refusal(
                f"names {len(outer)} nodes, but {quoted(called)} has {len(subcircuit.nodes)}", "connect each of them"
            )
        for key in subcircuit.defaults:
            if key in self._parameters:
                raise subcircuit.head.refusal(
                    f"has a parameter {quoted(key)} that .param gives too, of which SPICE programs read either",
                    "rename one",
                )
        known_parameters(statement, tuple(subcircuit.defaults))
        at_top = Scope(parameters=self._parameters)
        defaults = {key: substitute(subcircuit.head, text, at_top) for key, text in subcircuit.defaults.items()}
        chosen = {key: substitute(statement, text, scope) for key, text in given.items()}
        self.used.add(called.lower())
        inner = Scope(
            prefix=f"{scope.prefix}{statement.words[0]}-",
            nodes=dict(zip(subcircuit.nodes, [self._node(statement, scope, word) for word in outer], strict=True)),
            parameters={**self._parameters, **defaults, **chosen},
            within=(*scope.within, called.lower()),
        )
        for one in subcircuit.body:
            self.enter(one, inner)

    def _add(self, statement: Statement, scope: Scope, table: dict[str, Any], notes: list[str]) -> None:
        """Enter a table under the statement's name."""
        name = checked_name(statement, scope.prefix + statement.words[0], "element")
        if name.lower() in self._names:
            _, line = self._names[name.lower()]
            raise statement.refusal(
                f"makes an element {name}, a name that line {line} has taken",
                "rename one; capital letters do not count",
            )
        self._names[name.lower()] = (name, statement.line)
        self.tables[name] = table
        self.remarks[name] = [f"line {statement.line}: {statement.text}", *notes]

    def _node(self, statement: Statement, scope: Scope, word: str) -> str:
        """The device's name of a node: the ground, a node outside the subcircuit, or one of its own."""
        node = word.lower()
        if node in ("0", "gnd"):
            return GROUND
        if node in scope.nodes:
            return scope.nodes[node]
        if node == GROUND or not node.strip("0"):
            raise statement.refusal(
                f"names a node {quoted(word)}, which SPICE does not take for the ground", "write 0, or rename it"
            )
        name = checked_name(statement, scope.prefix + word, "node")
        prefix, spelled = self._nodes.setdefault(name.lower(), (scope.prefix.lower(), name))
        if prefix != scope.prefix.lower():
            raise statement.refusal(
                f"makes a node {name}, a name that a node of another circuit has taken", "rename one"
            )
        return spelled

    def _inductor(self, statement: Statement, scope: Scope, word: str) -> str:
        """The device's name of an inductor in the same circuit."""
        name, _ = self._names.get(f"{scope.prefix}{word}".lower(), ("", 0))
        if not name or self.tables[name]["kind"] != INDUCTOR.name:
            raise statement.refusal(
                f"couples {quoted(word)}, which is no inductor of the same circuit", "write it as in K1 L1 L2 0.5"
            )
        return name
