"""How accurate this installation is: shipped values of 30 digits against what is computed here.

Each ``data/reference_<topic>.json`` holds rows of arguments and values from mpmath. What counts is the worst

    |computed − reference| / |reference|

over all rows of a quantity. Docs: docs/physics.md.
"""

import importlib
import json
import math
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from importlib import resources
from typing import Any

import jax
import numpy as np

from subkelvin.numerics.precision import require_double_precision

CERTIFIED: Mapping[str, tuple[str, float]] = {
    "one_pole_heat_current": ("heat.one_pole.one_pole_heat_current", 1e-12),
    "zero-bias conductance ratio R_N/R": ("physics.junction.conductance_ratio", 1e-9),
    "charge_current": ("physics.tunnel_current.charge_current", 1e-9),
    "heat_current_from_normal": ("physics.tunnel_current.heat_current_from_normal", 1e-9),
    "superconducting_electron_phonon_power": (
        "physics.electron_phonon.superconducting_electron_phonon_power",
        1e-7,
    ),
}
"""By the quantity that reference files name: the certified function, and the largest relative error it may have."""


@dataclass(frozen=True)
class Verdict:
    """The accuracy of one quantity on this installation."""

    quantity: str
    rows: int
    worst_error: float
    tolerance: float
    worst_arguments: Mapping[str, float]

    @property
    def good(self) -> bool:
        """Whether the worst error is within the tolerance; without rows, or with a NaN, it is not."""
        return self.rows > 0 and self.worst_error <= self.tolerance

    def to_dict(self) -> dict[str, Any]:
        """The verdict as JSON can hold it."""
        return {**asdict(self), "ok": self.good}


def certify() -> list[Verdict]:
    """Compare every shipped reference value with this installation, quantity by quantity.

    Raises:
        RuntimeError: if JAX's 64-bit mode is off.
    """
    require_double_precision()
    return [verdict_on(quantity, rows) for quantity, rows in reference_rows().items()]


def verdict_on(quantity: str, rows: list[dict[str, Any]]) -> Verdict:
    """The worst relative error of one quantity over its reference rows.

    Args:
        quantity: a key of `CERTIFIED`.
        rows: arguments by parameter name, SI units, and the value as decimal text.
    """
    path, tolerance = CERTIFIED[quantity]
    module, _, name = path.rpartition(".")
    function: Callable[..., Any] = getattr(importlib.import_module(f"subkelvin.{module}"), name)
    arguments = {key: np.array([row["arguments"][key] for row in rows]) for key in rows[0]["arguments"]}
    # One call for all rows: it is compiled once.
    computed = np.asarray(jax.jit(lambda given: function(**given))(arguments))
    errors = [relative_error(float(value), row["value"]) for value, row in zip(computed, rows, strict=True)]
    worst = int(np.argmax(errors))
    return Verdict(quantity, len(rows), errors[worst], tolerance, rows[worst]["arguments"])


def relative_error(computed: float, reference: str) -> float:
    """|computed − reference| / |reference|; infinite if the computed value is no number."""
    exact = float(reference)
    if computed == exact:
        return 0.0
    error = abs(computed - exact) / abs(exact) if exact else math.inf
    return error if math.isfinite(error) else math.inf


def reference_rows() -> dict[str, list[dict[str, Any]]]:
    """All shipped rows, by quantity."""
    collected: dict[str, list[dict[str, Any]]] = {}
    for file in sorted((resources.files("subkelvin") / "data").iterdir(), key=lambda file: file.name):
        if file.name.startswith("reference_") and file.name.endswith(".json"):
            content = json.loads(file.read_text(encoding="utf-8"))
            for row in content["rows"]:
                collected.setdefault(row.get("quantity", content["quantity"]), []).append(row)
    return collected
