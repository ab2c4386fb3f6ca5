"""Negative differential thermal conductance: the questions of arXiv 2503.16295 to a device of two islands.

A source at T_L gives photonic heat J to a target at T_R. NDTC is the range of T_R in which κ = −∂J/∂T_R < 0: a warmer target
draws more heat from the source. If the source floats under a heater, it then cools when the target warms.
"""

from subkelvin.analysis.area_ratio import BestAreaRatio, Objective, best_area_ratio
from subkelvin.analysis.conductance import ConductanceCurve, NegativeConductance, conductance, negative_conductance
from subkelvin.analysis.response import Response, response
from subkelvin.analysis.temperature_drop import BestPower, TemperatureDrop, best_power, temperature_drop

__all__ = [
    "BestAreaRatio",
    "BestPower",
    "ConductanceCurve",
    "NegativeConductance",
    "Objective",
    "Response",
    "TemperatureDrop",
    "best_area_ratio",
    "best_power",
    "conductance",
    "negative_conductance",
    "response",
    "temperature_drop",
]
