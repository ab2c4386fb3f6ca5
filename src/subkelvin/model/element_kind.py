"""What a kind of circuit element is: its numbers, what Kirchhoff's laws see of it, and how it is drawn.

Every kind in `subkelvin.circuit.elements` is one `ElementKind`, and so is a user's own. Schema, checks, lowering, drawing and the
table of keys are made from it. There is no entry for noise: an element that absorbs is in equilibrium at the temperature of its
island, and its current noise S_I(ω, T) = 4ħω n(ω, T) Re Y(ω, T) follows from its admittance.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import jax

from subkelvin.model.kind import Kind
from subkelvin.model.symbol import UNKNOWN, Symbol

Number = Callable[[Mapping[str, Any]], Any]
"""One number of the circuit from the values of an element by key: floats, arrays over a sweep, or tracers."""


@dataclass(frozen=True)
class Spectrum:
    """The admittance of a branch as a function of frequency, besides its capacitance.

    Args:
        admittance: (T, ω, values) → Y [S], e^{+iωt}, Re Y ≥ 0. T [K] and values are arrays over branches, ω [rad/s] has the shape
            (..., 1), what is returned (..., branches). Values by key: "conductance" in the normal state [S], "superconductor"
            (a `Superconductors`, its critical temperature 0 without one), and ``keys``.
        keys: numbers of the kind that the admittance needs besides its conductance.
        continued: (T, ω, values) → Re Y and Im Y, each continued to complex ω as a function of its own, analytic for
            |Im ω| < πk_BT/ħ; arrays of shape (branches, frequencies), values and T of shape (branches, 1). Without it, lines
            beside such a branch are integrated at real frequencies.
        edge: photons above edge · Δ/ħ make quasiparticles; 0 without such an edge.
        inductive: whether it resonates with a capacitance.
        optional: whether it is used only where the device file says ``admittance = "dynamic"``; the branch has the conductance of
            a junction at zero frequency otherwise.
    """

    admittance: Callable[[jax.Array, jax.Array, Mapping[str, Any]], jax.Array]
    keys: tuple[str, ...] = ()
    continued: Callable[[jax.Array, jax.Array, Mapping[str, Any]], tuple[jax.Array, jax.Array]] | None = None
    edge: float = 0.0
    inductive: bool = False
    optional: bool = False


@dataclass(frozen=True)
class Branch:
    """One admittance between two nodes, of parts in parallel; None stands for a part that the kind does not have.

        Y(ω, T) = G_N · R_N/R(T) + iωC + 1/(iωL),        or with a spectrum        Y(ω, T) = spectrum + iωC + 1/(iωL)

    What has a conductance, or is measured, radiates.
    """

    conductance: Number | None = None
    """G_N, in the normal state [S]."""
    capacitance: Number | None = None
    """C [F]"""
    inverse_inductance: Number | None = None
    """1/L [1/H]"""
    spectrum: Spectrum | None = None
    measured: bool = False
    """Whether the admittance is a table."""


@dataclass(frozen=True)
class Line:
    """A transmission line between two nodes, each end against ground; one that loses something has an island and radiates."""

    impedance: Number
    """Characteristic impedance [Ω]."""
    delay: Number
    """Time that a wave takes from end to end [s]."""
    attenuation: Number
    """ln of the amplitude lost from end to end."""


@dataclass(frozen=True)
class TwoPort:
    """A measured reciprocal two-port: a table, each node against ground. It radiates."""


@dataclass(frozen=True)
class SharedFlux:
    """Flux shared by two inductors; it has no nodes."""

    coefficient: Number
    """M/√(L_1 L_2)."""
    of: str = "inductor"
    """The kind of the two elements."""


class Written(NamedTuple):
    """A number beside a symbol: what stands before it, the value, its unit as it is printed."""

    before: str
    value: float
    unit: str
    prefixed: bool = True
    """Whether the unit takes SI prefixes."""


@dataclass(frozen=True)
class ElementKind(Kind):
    """One kind of circuit element.

    Args:
        name, meaning, numbers: as of every `Kind`.
        law: what Kirchhoff's laws see: `Branch`, `Line`, `TwoPort` or `SharedFlux`. It says which terminals there are, whether the
            element needs an island, and whether it has a measured table.
        superconductor: whether it is made with one: its conductance at zero frequency is then that of a tunnel junction, unless
            the law has a spectrum.
        symbol: how it is drawn.
        check: raises a DeviceError if the numbers that a file gives do not go together, from the path of the element
            (``elements.NAME``), those numbers and the name of its island.
        label: what is written beside the symbol; by default its first two numbers.

    Example:
        A resistor whose electrons follow a field only after their scattering time, Y = G/(1 + iωτ), simulated from a device file:

        >>> from subkelvin import steady_state
        >>> from subkelvin.devicefile import loads
        >>> from subkelvin.model.element_kind import Branch, ElementKind, Spectrum
        >>> from subkelvin.model.vocabulary import Field
        >>> def conductance(values):
        ...     return 1.0 / values["resistance"]
        >>> def drude(temperature, frequency, values):
        ...     return values["conductance"] / (1.0 + 1j * frequency * values["time"])
        >>> kind = ElementKind(
        ...     "drude-resistor",
        ...     "a resistor with a scattering time",
        ...     {
        ...         "resistance": Field("ohm", 1e-6, 1e15, "resistance", "resistance", '"50 ohm"'),
        ...         "time": Field("s", 1e-18, 1e-6, "scattering time", "time", '"1 ps"'),
        ...     },
        ...     Branch(conductance, spectrum=Spectrum(drude, ("time",), inductive=True)),
        ... )
        >>> device = loads('''
        ... islands.cold.temperature = "50 mK"
        ... islands.hot.power = "10 fW"
        ... [elements]
        ... R = {kind = "resistor", nodes = ["a", "ground"], island = "cold", resistance = "50 ohm"}
        ... D = {kind = "drude-resistor", nodes = ["a", "ground"], island = "hot", resistance = "50 ohm", time = "1 ps"}
        ... ''', kinds=[kind])
        >>> print(f"{steady_state(device).temperatures['hot']:.4f} K")
        0.1538 K
    """

    law: Branch | Line | TwoPort | SharedFlux
    superconductor: bool = False
    symbol: Symbol = UNKNOWN
    check: Callable[[str, Mapping[str, Any], str | None], None] | None = None
    label: Callable[[Mapping[str, float]], tuple[Written, ...]] | None = None

    __hash__ = Kind.__hash__

    @property
    def ports(self) -> int:
        """Ports of the measured table that such an element has; 0 without one."""
        if isinstance(self.law, Branch):
            return int(self.law.measured)
        return 2 if isinstance(self.law, TwoPort) else 0

    @property
    def radiates(self) -> bool:
        """Whether every such element radiates, and needs an island. A line does if it has one."""
        return bool(self.ports) or (isinstance(self.law, Branch) and self.law.conductance is not None)

    @property
    def may_radiate(self) -> bool:
        """Whether such an element may have an island."""
        return self.radiates or isinstance(self.law, Line)

    @property
    def grounded(self) -> bool:
        """Whether it connects each of its nodes with the ground."""
        return isinstance(self.law, Line | TwoPort)

    @property
    def spectrum(self) -> Spectrum | None:
        """Its admittance as a function of frequency, if it has one."""
        return self.law.spectrum if isinstance(self.law, Branch) else None

    @property
    def two_models(self) -> bool:
        """Whether it is computed with its admittance at zero frequency or, if the device says so, at every frequency."""
        return self.spectrum is not None and self.spectrum.optional

    @property
    def junctions(self) -> bool:
        """Whether it is made of tunnel junctions in series."""
        return "junctions" in self.numbers
