"""Labelled axes in, labelled results with units and provenance out."""

from subkelvin.sweeps.axes import Linear, Logarithmic, Random, Zipped

__all__ = ["Linear", "Logarithmic", "Random", "Zipped"]
