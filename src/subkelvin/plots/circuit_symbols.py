"""The symbols of the elements, for schemdraw: its own where it has one, drawn here where the field has its own sign.

A symbol lies along x from 0 to 1 and is scaled to the page; its leads are wires of the page.
"""

import schemdraw.elements as elm
from schemdraw.segments import Segment, SegmentArc, SegmentCircle, SegmentPoly, SegmentText

from subkelvin.plots.style import INK

LETTER = 5.5
"""Size of the letters inside a symbol [pt]."""
GAP = (float("nan"), float("nan"))
"""A break in a path. The first segment of a symbol is the one that leads extend, from its first to its last point."""
THROUGH = [(0.0, 0.0), GAP, (1.0, 0.0)]
SUPERCONDUCTING = "#b4bac0"


class TunnelJunction(elm.Element2Term):
    """Two electrodes and the barrier between them, as boxes with letters: N|I|S or N|I|N."""

    def __init__(self, letters: str, size: float = LETTER, **parameters: object) -> None:
        super().__init__(**parameters)
        self.segments.append(Segment(THROUGH))
        for letter, left, right in ((letters[0], 0.0, 0.46), (letters[1], 0.54, 1.0)):
            fill = SUPERCONDUCTING if letter == "S" else None
            colour = INK if letter == "S" else None
            corners = [(left, -0.26), (right, -0.26), (right, 0.26), (left, 0.26)]
            self.segments.append(SegmentPoly(corners, fill=fill, zorder=2))
            self.segments.append(
                SegmentText(
                    ((left + right) / 2.0, 0.0), letter, align=("center", "center"), fontsize=size, color=colour
                )
            )
        self.segments.append(
            SegmentPoly([(0.46, -0.34), (0.54, -0.34), (0.54, 0.34), (0.46, 0.34)], fill=INK, color=INK, zorder=3)
        )


class Squid(elm.Element2Term):
    """A superconducting loop with a Josephson junction, a cross, in each arm."""

    def __init__(self, **parameters: object) -> None:
        super().__init__(**parameters)
        radius, arm = 0.25, 0.085
        self.segments.append(Segment([(0.0, 0.0), (0.5 - radius, 0.0), GAP, (0.5 + radius, 0.0), (1.0, 0.0)]))
        self.segments.append(SegmentCircle((0.5, 0.0), radius))
        for y in (-radius, radius):
            for rise in (-arm, arm):
                self.segments.append(Segment([(0.5 - arm, y - rise), (0.5 + arm, y + rise)]))


class Line(elm.Element2Term):
    """A coaxial line: the outer conductor around the inner one, and its return to ground."""

    def __init__(self, **parameters: object) -> None:
        super().__init__(**parameters)
        left, right, radius = 0.14, 0.86, 0.2
        self.segments.append(Segment([(0.0, 0.0), (left - 0.07, 0.0), GAP, (right, 0.0), (1.0, 0.0)]))
        for y in (-radius, radius):
            self.segments.append(Segment([(left, y), (right, y)]))
        self.segments.append(SegmentArc((left, 0.0), 0.14, 2.0 * radius, 90, 270))
        self.segments.append(SegmentArc((right, 0.0), 0.14, 2.0 * radius, 0, 360))
        self.segments.append(_ground_return(radius))


class Wire(elm.Element2Term):
    """A superconducting wire: a grey bar with an S."""

    def __init__(self, size: float = LETTER, **parameters: object) -> None:
        super().__init__(**parameters)
        self.segments.append(Segment(THROUGH))
        corners = [(0.0, -0.17), (1.0, -0.17), (1.0, 0.17), (0.0, 0.17)]
        self.segments.append(SegmentPoly(corners, fill=SUPERCONDUCTING, zorder=2))
        self.segments.append(SegmentText((0.5, 0.0), "S", align=("center", "center"), fontsize=size, color=INK))


class Box(elm.Element2Term):
    """A box with what is known of it; with its return to ground if it is a two-port."""

    def __init__(self, text: str, grounded: bool = False, size: float = LETTER, **parameters: object) -> None:
        super().__init__(**parameters)
        self.segments.append(Segment(THROUGH))
        corners = [(0.0, -0.24), (1.0, -0.24), (1.0, 0.24), (0.0, 0.24)]
        self.segments.append(SegmentPoly(corners, zorder=2))
        self.segments.append(SegmentText((0.5, 0.0), text, align=("center", "center"), fontsize=size))
        if grounded:
            self.segments.append(_ground_return(0.24))


def symbol(kind: str, letter_size: float = LETTER) -> elm.Element2Term:
    """The symbol of an element; a kind that has none is a box with a question mark."""
    if kind in ("nis", "nin"):
        return TunnelJunction("NS" if kind == "nis" else "NN", letter_size)
    if kind in ("table", "two-port"):
        return Box("Y", kind == "two-port", letter_size)
    if kind == "superconductor":
        return Wire(letter_size)
    plain = {
        "resistor": elm.ResistorIEEE,
        "capacitor": elm.Capacitor,
        "inductor": elm.Inductor2,
        "squid": Squid,
        "line": Line,
    }
    return plain[kind]() if kind in plain else Box("?", False, letter_size)


def _ground_return(top: float) -> Segment:
    """A short lead down from the middle of a symbol, with the strokes of ground."""
    return Segment(
        [(0.5, -top), (0.5, -top - 0.06), GAP, (0.42, -top - 0.06), (0.58, -top - 0.06), GAP,
         (0.46, -top - 0.11), (0.54, -top - 0.11)]
    )  # fmt: skip
