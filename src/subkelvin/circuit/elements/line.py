"""Transmission lines, each end against ground; a lossy one has an island.

    V_1 − Z I_1 = e^{−α−iωτ} (V_2 + Z I_2),        and the same from the other end

Docs: docs/physics.md, section 4.
"""

from collections.abc import Mapping
from typing import Any

from subkelvin.model.element_kind import ElementKind, Line
from subkelvin.model.errors import DeviceError
from subkelvin.model.symbol import Arc, Strokes, Symbol, ground_return
from subkelvin.model.vocabulary import Field

LEFT, RIGHT, RADIUS = 0.14, 0.86, 0.2
"""Ends and radius of the outer conductor, in its symbol."""


def impedance(values: Mapping[str, Any]) -> Any:
    """Z [Ω]."""
    return values["characteristic_impedance"]


def delay(values: Mapping[str, Any]) -> Any:
    """τ [s]."""
    return values["delay"]


def attenuation(values: Mapping[str, Any]) -> Any:
    """α."""
    return values["attenuation"]


def check(path: str, numbers: Mapping[str, Any], island: str | None) -> None:
    """Raise a DeviceError unless a line has an island exactly if it loses something."""
    lossy = numbers.get("attenuation", 0.0) > 0.0
    if lossy and island is None:
        raise DeviceError(
            f"{path}.island",
            "is missing: a line with `attenuation` radiates at some temperature",
            'try island = "bath"',
        )
    if island is not None and not lossy:
        raise DeviceError(
            f"{path}.island",
            "cannot be: a line without `attenuation` has no temperature",
            "remove it, or add attenuation",
        )


LINE = ElementKind(
    "line",
    "A transmission line from its first to its second node, each against ground; a lossy one has an island.",
    {
        "characteristic_impedance": Field("ohm", 1e-3, 1e6, "characteristic impedance", "resistance", '"50 ohm"'),
        "delay": Field("s", 1e-18, 1e-3, "time that a wave takes from end to end", "time", '"4 ns"'),
        "attenuation": Field(
            "", 1e-12, 50.0, "ln of the amplitude lost from end to end; a lossy line needs an island", "pure number",
            "0.01", 0.0, zero=True,
        ),
    },
    Line(impedance, delay, attenuation),
    # A coaxial line: the outer conductor around the inner one, and its return to ground.
    symbol=Symbol(
        (
            Strokes((((LEFT, -RADIUS), (RIGHT, -RADIUS)),)),
            Strokes((((LEFT, RADIUS), (RIGHT, RADIUS)),)),
            Arc((LEFT, 0.0), 0.14, 2.0 * RADIUS, 90.0, 270.0),
            Arc((RIGHT, 0.0), 0.14, 2.0 * RADIUS),
            ground_return(RADIUS),
        ),
        leads=(LEFT - 0.07, RIGHT),
    ),
    check=check,
)  # fmt: skip
