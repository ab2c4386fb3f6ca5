"""Labelled axes in, labelled results with units and provenance out."""

from subkelvin.sweeps.axes import Linear, Logarithmic, Random, Zipped
from subkelvin.sweeps.open import open_sweep

__all__ = ["Linear", "Logarithmic", "Random", "Zipped", "open_sweep"]
