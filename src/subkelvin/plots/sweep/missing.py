"""Points without a value, and why: they are shown, never bridged."""

import json

import numpy as np
import xarray as xr

UNKNOWN = "no number"
"""Where the status knows of no failure, and there is still no value."""
COMPUTED = 0
"""Status of a point that is known."""


def reasons(status: xr.DataArray | None, values: np.ndarray) -> dict[str, np.ndarray]:
    """Masks of the points that have no value, by reason.

    Args:
        status: over the same axes as the values, with its words as JSON in ``meaning``; None if the sweep has none.
        values: NaN where there is none.
    """
    absent = ~np.isfinite(values)
    if not np.any(absent):
        return {}
    if status is None:
        return {UNKNOWN: absent}
    words = {int(flag): word for flag, word in json.loads(status.attrs.get("meaning", "{}")).items()}
    words[COMPUTED] = UNKNOWN
    flags = np.broadcast_to(status.values, values.shape)
    found: dict[str, np.ndarray] = {}
    for flag in np.unique(flags[absent]):
        word = words.get(int(flag), f"status {int(flag)}").replace("-", " ")
        found[word] = found.get(word, np.zeros_like(absent)) | (absent & (flags == flag))
    return found
