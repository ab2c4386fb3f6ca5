"""How an element looks in a circuit diagram, as plain shapes: no drawing library is needed to say it.

A symbol lies along x from 0 to 1, its middle at y = 0. The page adds wires to both ends.
"""

from dataclasses import dataclass

Point = tuple[float, float]

SUPERCONDUCTING = "superconducting"
"""Fill of a superconductor: grey."""
INK = "ink"
"""Fill of what is solid, such as a tunnel barrier."""
HALF_HEIGHT = 0.24
"""Of a box."""


@dataclass(frozen=True)
class Strokes:
    """Open lines, each through its points."""

    lines: tuple[tuple[Point, ...], ...]


@dataclass(frozen=True)
class Area:
    """A closed polygon; ``fill`` is "", `SUPERCONDUCTING` or `INK`; what is in front hides what is behind."""

    corners: tuple[Point, ...]
    fill: str = ""
    in_front: bool = False


@dataclass(frozen=True)
class Arc:
    """A part of an ellipse, by angles in degrees; 0 to 360 is all of it."""

    centre: Point
    width: float
    height: float
    first: float = 0.0
    last: float = 360.0


@dataclass(frozen=True)
class Letters:
    """A few letters, centred."""

    text: str
    centre: Point = (0.5, 0.0)
    on_fill: bool = False
    """Whether they stand on a filled area, and are written in ink whatever is behind it."""


Shape = Strokes | Area | Arc | Letters


@dataclass(frozen=True)
class Symbol:
    """The sign of an element.

    Args:
        shapes: what is drawn between the leads.
        leads: how far the leads come in from both ends: from x = 0 to the first number, from the second to x = 1.
        standard: "resistor", "capacitor" or "inductor": the sign that everybody uses for one, instead of shapes.
    """

    shapes: tuple[Shape, ...] = ()
    leads: tuple[float, float] = (0.0, 1.0)
    standard: str = ""


def rectangle(left: float, right: float, half_height: float, fill: str = "", in_front: bool = False) -> Area:
    """A box around the middle line."""
    corners = ((left, -half_height), (right, -half_height), (right, half_height), (left, half_height))
    return Area(corners, fill, in_front)


def ground_return(top: float) -> Strokes:
    """A short lead down from the middle of a symbol that reaches ``top`` below its middle line, with the strokes of ground."""
    return Strokes(
        (
            ((0.5, -top), (0.5, -top - 0.06)),
            ((0.42, -top - 0.06), (0.58, -top - 0.06)),
            ((0.46, -top - 0.11), (0.54, -top - 0.11)),
        )
    )


def box(text: str, *more: Shape) -> Symbol:
    """A box with what is known of the element in letters."""
    return Symbol((rectangle(0.0, 1.0, HALF_HEIGHT), Letters(text), *more))


UNKNOWN = box("?")
"""Of a kind that says nothing about its symbol."""
