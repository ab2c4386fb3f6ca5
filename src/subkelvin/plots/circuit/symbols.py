"""The symbols of the elements, drawn with schemdraw: its own where everybody uses one, else the shapes that the kind describes.

A symbol lies along x from 0 to 1 and is scaled to the page; its leads are wires of the page.
"""

import schemdraw.elements as elm
from schemdraw.segments import Segment, SegmentArc, SegmentCircle, SegmentPoly, SegmentText, SegmentType

from subkelvin.model.symbol import INK as SOLID
from subkelvin.model.symbol import SUPERCONDUCTING, Arc, Area, Letters, Shape, Strokes, Symbol
from subkelvin.plots.style import INK

LETTER = 5.5
"""Size of the letters inside a symbol [pt]."""
GAP = (float("nan"), float("nan"))
"""A break in a path. The first segment of a symbol is the one that leads extend, from its first to its last point."""
FILLS = {"": None, SUPERCONDUCTING: "#b4bac0", SOLID: INK}
BEHIND, IN_FRONT = 2, 3
STANDARD = {"resistor": elm.ResistorIEEE, "capacitor": elm.Capacitor, "inductor": elm.Inductor2}


class Drawn(elm.Element2Term):
    """A symbol of shapes."""

    def __init__(self, symbol: Symbol, size: float, **parameters: object) -> None:
        super().__init__(**parameters)
        left, right = symbol.leads
        before = [(0.0, 0.0), (left, 0.0)] if left > 0.0 else [(0.0, 0.0)]
        after = [(right, 0.0), (1.0, 0.0)] if right < 1.0 else [(1.0, 0.0)]
        self.segments.append(Segment([*before, GAP, *after]))
        for shape in symbol.shapes:
            self.segments.extend(_segments(shape, size))


def symbol(of: Symbol, letter_size: float = LETTER) -> elm.Element2Term:
    """The symbol of a kind of element, with letters of this size [pt]."""
    return STANDARD[of.standard]() if of.standard else Drawn(of, letter_size)


def _segments(shape: Shape, size: float) -> list[SegmentType]:
    """A shape for schemdraw."""
    if isinstance(shape, Strokes):
        return [Segment(_path(shape))]
    if isinstance(shape, Area):
        colour = INK if shape.fill == SOLID else None
        order = IN_FRONT if shape.in_front else BEHIND
        return [SegmentPoly(list(shape.corners), fill=FILLS[shape.fill], color=colour, zorder=order)]
    if isinstance(shape, Arc):
        if shape.width == shape.height and shape.last - shape.first == 360.0:
            return [SegmentCircle(shape.centre, shape.width / 2.0)]
        return [SegmentArc(shape.centre, shape.width, shape.height, shape.first, shape.last)]
    assert isinstance(shape, Letters)
    colour = INK if shape.on_fill else None
    return [SegmentText(shape.centre, shape.text, align=("center", "center"), fontsize=size, color=colour)]


def _path(strokes: Strokes) -> list[tuple[float, float]]:
    """All lines in one path, with breaks between them."""
    path: list[tuple[float, float]] = []
    for line in strokes.lines:
        path += [GAP, *line] if path else line
    return path
