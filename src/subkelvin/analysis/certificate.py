"""How accurate this installation is: shipped values of 30 digits against what is computed here.

Each ``data/reference_<topic>.json`` holds rows of arguments and values from mpmath; the quantity it names is a function of
this package, called with those arguments as a batch. What counts is the worst |computed − reference| / |reference|.
"""

import importlib
import inspect
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from importlib import resources
from typing import Any

import numpy as np


@dataclass(frozen=True)
class Verdict:
    """The accuracy of one quantity."""

    quantity: str
    rows: int
    worst_error: float
    tolerance: float
    worst_arguments: dict[str, Any]

    @property
    def good(self) -> bool:
        """Whether the worst error is within the tolerance; no rows or a NaN is not good."""
        return self.rows > 0 and self.worst_error <= self.tolerance

    def to_dict(self) -> dict[str, Any]:
        """The verdict as JSON can hold it."""
        return {**asdict(self), "ok": self.good}


TOLERANCES = {
    "subkelvin.heat.one_pole.one_pole_heat_current": 1e-12,
}
"""Largest relative error of each certified function."""


def certify() -> list[Verdict]:
    """Compare every shipped reference with this installation."""
    verdicts = []
    for name, topic in references().items():
        del name
        verdicts.append(topic)
    return verdicts
