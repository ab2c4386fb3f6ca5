"""Whose sign a picture shows: the κ, or the responsivity 𝓡, whose zeros are marked and whose negative part is shaded."""

import re
from typing import NamedTuple

import numpy as np
import xarray as xr

PAIR = re.compile(r"(conductance|responsivity)\((.+)\)")
SYMBOLS = {"conductance": "κ", "responsivity": "𝓡"}
"""Outputs that are negative where heat, or a temperature, falls although another temperature rises."""


class Sign(NamedTuple):
    """A differential conductance κ or a responsivity 𝓡."""

    output: str
    """Its name in the sweep."""
    words: str
    """With the pair that it belongs to: κ(left, right)."""


def sign_in(dataset: xr.Dataset, output: str) -> Sign | None:
    """That of the output itself, if it is one, or of the only κ of the sweep; of several κ none is better than another."""
    if (own := _sign(output)) is not None:
        return own
    found = [one for name in dataset.data_vars if (one := _sign(str(name))) and one.words.startswith("κ")]
    return found[0] if len(found) == 1 else None


def _sign(output: str) -> Sign | None:
    match = PAIR.fullmatch(output)
    return match and Sign(output, f"{SYMBOLS[match[1]]}({', '.join(match[2].split(','))})")


def zeros(signed: np.ndarray, x: np.ndarray, y: np.ndarray, logarithmic: bool) -> tuple[np.ndarray, np.ndarray]:
    """Where a quantity passes through zero between two known points of a drawn line, on that line.

    Args:
        signed: the quantity at the points.
        x, y: what is drawn there.
        logarithmic: whether the axis of x is, so that the drawn line is straight in ln x.
    """
    along = np.log(x) if logarithmic else x
    before, after = signed[:-1], signed[1:]
    share = before / np.where(before == after, np.nan, before - after)
    passes = np.isfinite(y[:-1] + y[1:]) & ((before < 0.0) != (after < 0.0)) & np.isfinite(share)
    at_x, at_y = (v[:-1][passes] + share[passes] * np.diff(v)[passes] for v in (along, y))
    return np.exp(at_x) if logarithmic else at_x, at_y
