"""The ways to compute photonic heat: which circuits each can compute, and what takes over where its errors are too large.

This is the one list of them. A circuit gets the first route that can compute it; `subkelvin.heat.photonic` has their functions.
"""

from dataclasses import dataclass
from enum import Enum
from types import MappingProxyType

from subkelvin.model import DeviceError


class Form(Enum):
    """What a circuit is, as far as a route asks."""

    ONE_POLE = "one node besides the reference, no inductance"
    LUMPED = "resistances, capacitances and inductances"
    SMOOTH = "frequency-dependent junctions or wires, and nothing that resonates"
    COMB = "lines of one delay, everything else known at complex frequencies"
    OTHER = "anything else"


@dataclass(frozen=True)
class Route:
    """One way to compute photonic heat.

    Args:
        name: as in ``route=``.
        meaning: one line.
        forms: of circuit that it can compute.
        needs: what a circuit must be, as the rest of a sentence.
        fallbacks: what takes over in a balance where its errors are too large, in this order.
        last_resorts: what takes over after these for single heat currents.
    """

    name: str
    meaning: str
    forms: tuple[Form, ...]
    needs: str = ""
    fallbacks: tuple[str, ...] = ()
    last_resorts: tuple[str, ...] = ()

    def require(self, form: Form) -> None:
        """Raise a DeviceError unless the route can compute a circuit of this form."""
        if form not in self.forms:
            raise DeviceError("elements", f'must {self.needs}, for the route "{self.name}"', "leave the route out")


_LUMPED = (Form.ONE_POLE, Form.LUMPED)
_LUMPED_ONLY = "hold nothing but resistors, capacitors, inductors and junctions with their admittance at zero frequency"

ROUTES = MappingProxyType(
    {
        route.name: route
        for route in (
            Route(
                "one-pole",
                "closed form of a single real pole, a microsecond",
                (Form.ONE_POLE,),
                "have one node besides the ground and no inductance",
            ),
            Route(
                "poles",
                "sum over the poles and residues of a lumped circuit",
                _LUMPED,
                _LUMPED_ONLY,
                fallbacks=("contours", "integral"),
            ),
            Route(
                "contours",
                "circles around the poles: degenerate poles, and every derivative of the route above",
                _LUMPED,
                _LUMPED_ONLY,
                fallbacks=("integral",),
            ),
            Route(
                "mesh",
                "fixed mesh over frequency: frequency-dependent junctions, and wires without capacitance",
                (Form.ONE_POLE, Form.SMOOTH),
                "hold no lines, no measured elements and nothing that resonates",
                fallbacks=("integral",),
            ),
            Route(
                "echoes",
                "a ray below the resonances of lines of one delay, of any length",
                (Form.COMB,),
                "hold lines of one delay, and neither superconducting wires nor measured elements",
                fallbacks=("integral",),
                last_resorts=("rational",),
            ),
            Route(
                "integral",
                "adaptive integral over frequency: everything, and the check of all others",
                tuple(Form),
                last_resorts=("rational",),
            ),
            Route(
                "rational",
                "poles and residues of a rational fit, made on the host when asked for; carries its own hottest temperature",
                tuple(Form),
                last_resorts=("echoes", "integral"),
            ),
        )
    }
)
"""Every route by its name, the fastest first."""


def first_route(form: Form) -> Route:
    """The first route that can compute a circuit of this form."""
    return next(route for route in ROUTES.values() if form in route.forms)
