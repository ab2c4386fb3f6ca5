"""Which outputs a text asks for: ``NAME`` or ``NAME(argument,…)``, the words of the Python methods.

temperature                                   heat                      number_of_states
temperature(left)                             heat(left,right,photon)   wire-resistance.left
derivative(conductance(left,right),elements.left.area)
"""

from collections.abc import Sequence

from subkelvin.analysis.validity.check import LIMITS, MEANINGS
from subkelvin.model import ArgumentError, Device
from subkelvin.model.arguments import shown
from subkelvin.model.errors import did_you_mean
from subkelvin.sweeps.outputs.output import Output, OutputKind
from subkelvin.sweeps.outputs.responses import RESPONSE_KINDS, derivative_of
from subkelvin.sweeps.outputs.state import STATE_KINDS
from subkelvin.sweeps.outputs.validity import names_of_checks

DEFAULT_OUTPUTS = ("temperature", "heat", "residual")
DERIVATIVE = OutputKind("derivative", ("output", "key"), 2, derivative_of, "exact derivative of an output by a value")
KINDS = {kind.name: kind for kind in (*STATE_KINDS, *RESPONSE_KINDS, DERIVATIVE)}
"""Every kind of output but the validity checks, which have the names that a report gives them."""
LONGEST_OUTPUT = 400
"""Letters; longer text is no output."""


def outputs_of(device: Device, texts: object) -> tuple[Output, ...]:
    """The outputs that texts ask for.

    Raises:
        DeviceError: if an island or a key is unknown.
        ValueError: if an output is unknown, asked for twice, or its arguments are wrong.
    """
    if isinstance(texts, str) or not isinstance(texts, Sequence) or not all(isinstance(one, str) for one in texts):
        raise ArgumentError("outputs", f"must be a list of texts, but is {shown(texts)}", 'try ["temperature"]')
    if not texts:
        raise ArgumentError("outputs", "must name at least one output, but is empty", 'try ["temperature"]')
    found = tuple(read_output(device, one) for one in texts)
    names = [one.name for one in found]
    for name in names:
        if names.count(name) > 1:
            raise ArgumentError("outputs", f"name {name!r} twice", "name it once")
    return found


def read_output(device: Device, text: str) -> Output:
    """One output, as a user writes it."""
    name, arguments = _divided(text)
    if name.split(".", 1)[0] in LIMITS and not arguments:
        return _check(device, name)
    if name not in KINDS:
        known = [*KINDS, *LIMITS]
        raise ArgumentError(
            "outputs", f"hold the unknown {name!r}", did_you_mean(name, known, f"there are {', '.join(KINDS)}")
        )
    kind = KINDS[name]
    if (
        not kind.required <= len(arguments) <= len(kind.arguments)
        or (arguments and not all(arguments))
        or (name == "heat" and len(arguments) == 1)
    ):
        raise ArgumentError("outputs", f"hold {text!r}, which has other arguments", f"try {kind.written}")
    if kind is DERIVATIVE:
        return derivative_of(device, read_output(device, arguments[0]), arguments[1])
    return kind.of(device, *arguments)


def _check(device: Device, name: str) -> Output:
    """A validity check, by the name that a report gives it."""
    known = names_of_checks(device)
    if name not in known:
        raise ArgumentError("outputs", f"hold {name!r}, which is no check of this device", did_you_mean(name, known))
    return Output(
        name, "W" if name.startswith("heater-power") else "", MEANINGS[name.split(".", 1)[0]], None, smooth=False
    )


def _divided(text: str) -> tuple[str, list[str]]:
    """Name and arguments; commas inside inner brackets divide nothing."""
    text = text.strip()
    wrong = ArgumentError("outputs", f"hold {shown(text)}, whose brackets do not match", "try temperature(left)")
    if len(text) > LONGEST_OUTPUT:
        raise ArgumentError("outputs", f"hold a text of {len(text)} letters", 'try "temperature"')
    name, bracket, inside = text.partition("(")
    if not bracket:
        if ")" in text:
            raise wrong
        return name, []
    if not inside.endswith(")"):
        raise wrong
    parts = divided(inside[:-1])
    if parts is None:
        raise wrong
    return name.strip(), parts


def divided(text: str) -> list[str] | None:
    """The parts of a text between commas outside all brackets; None if brackets do not match."""
    parts, depth = [""], 0
    for letter in text:
        depth += (letter == "(") - (letter == ")")
        if depth < 0:
            return None
        if letter == "," and depth == 0:
            parts.append("")
        else:
            parts[-1] += letter
    return None if depth else [part.strip() for part in parts]
