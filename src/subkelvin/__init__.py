"""subkelvin: nanoscale circuits in which heat travels as photons below one kelvin.

Importing the package switches JAX to 64-bit floating point, because femtowatt differences of picowatt
flows do not survive in 32 bits. Set the environment variable ``SUBKELVIN_KEEP_JAX_CONFIG=1`` before the import to
leave JAX as it is; computing calls then refuse to run while 64-bit mode is off.

Compiled code is kept in the user's cache folder, so that what one process has compiled the next one need not
(`subkelvin.compiled_code`; ``SUBKELVIN_KEEP_COMPILED=0`` prevents it).
"""

import importlib
import os
from typing import TYPE_CHECKING, Any

import jax

from subkelvin.compiled_code import keep_compiled_code
from subkelvin.version import VERSION as __version__

if TYPE_CHECKING:
    from subkelvin.analysis.conductance import conductance_curve as conductance_curve
    from subkelvin.analysis.conductance import negative_conductance_intervals as negative_conductance_intervals
    from subkelvin.analysis.hysteresis import Hysteresis as Hysteresis
    from subkelvin.analysis.hysteresis import hysteresis as hysteresis
    from subkelvin.analysis.hysteresis import number_of_states as number_of_states
    from subkelvin.analysis.optimum import Objective as Objective
    from subkelvin.analysis.optimum import best_area_ratio as best_area_ratio
    from subkelvin.analysis.performance import best_power as best_power
    from subkelvin.analysis.performance import response as response
    from subkelvin.analysis.performance import temperature_drop as temperature_drop
    from subkelvin.analysis.report import Report as Report
    from subkelvin.analysis.report import report as report
    from subkelvin.balance.continuation import Branch as Branch
    from subkelvin.balance.continuation import continue_states as continue_states
    from subkelvin.balance.drives import Pulse as Pulse
    from subkelvin.balance.drives import Sine as Sine
    from subkelvin.balance.drives import Step as Step
    from subkelvin.balance.drives import Table as Table
    from subkelvin.balance.dynamics import Trajectory as Trajectory
    from subkelvin.balance.dynamics import evolve as evolve
    from subkelvin.balance.every_state import EveryState as EveryState
    from subkelvin.balance.every_state import every_state as every_state
    from subkelvin.balance.evolution import Evolution as Evolution
    from subkelvin.balance.fluctuations import Fluctuations as Fluctuations
    from subkelvin.balance.fluctuations import fluctuations as fluctuations
    from subkelvin.balance.small_signal import SmallSignal as SmallSignal
    from subkelvin.balance.small_signal import small_signal as small_signal
    from subkelvin.balance.stability import Stability as Stability
    from subkelvin.balance.stability import stability as stability
    from subkelvin.balance.status import Status as Status
    from subkelvin.balance.steady import SteadyState as SteadyState
    from subkelvin.balance.steady import all_steady_states as all_steady_states
    from subkelvin.balance.steady import steady_state as steady_state
    from subkelvin.devicefile import load_device as load_device
    from subkelvin.devicefile import preset as preset
    from subkelvin.devicefile import preset_names as preset_names
    from subkelvin.heat.links.define import link_kind as link_kind
    from subkelvin.model import Device as Device
    from subkelvin.model import DeviceError as DeviceError
    from subkelvin.sweeps.dataset import sweep as sweep
    from subkelvin.sweeps.photons import heat_matrix as heat_matrix
    from subkelvin.sweeps.photons import transmission_spectrum as transmission_spectrum

if os.environ.get("SUBKELVIN_KEEP_JAX_CONFIG", "0") in ("", "0"):
    jax.config.update("jax_enable_x64", True)
    keep_compiled_code()

# Names are imported when first used: a command that only prints presets loads no solver, a solver loads no xarray.
_HOME = {
    "Branch": "balance.continuation",
    "Device": "model",
    "DeviceError": "model",
    "EveryState": "balance.every_state",
    "Evolution": "balance.evolution",
    "Fluctuations": "balance.fluctuations",
    "Hysteresis": "analysis.hysteresis",
    "Objective": "analysis.optimum",
    "Pulse": "balance.drives",
    "Report": "analysis.report",
    "Sine": "balance.drives",
    "SmallSignal": "balance.small_signal",
    "Stability": "balance.stability",
    "Status": "balance.status",
    "SteadyState": "balance.steady",
    "Step": "balance.drives",
    "Table": "balance.drives",
    "Trajectory": "balance.dynamics",
    "all_steady_states": "balance.steady",
    "best_area_ratio": "analysis.optimum",
    "best_power": "analysis.performance",
    "conductance_curve": "analysis.conductance",
    "continue_states": "balance.continuation",
    "every_state": "balance.every_state",
    "evolve": "balance.dynamics",
    "fluctuations": "balance.fluctuations",
    "heat_matrix": "sweeps.photons",
    "hysteresis": "analysis.hysteresis",
    "link_kind": "heat.links",
    "load_device": "devicefile",
    "negative_conductance_intervals": "analysis.conductance",
    "number_of_states": "analysis.hysteresis",
    "preset": "devicefile",
    "preset_names": "devicefile",
    "report": "analysis.report",
    "response": "analysis.performance",
    "small_signal": "balance.small_signal",
    "stability": "balance.stability",
    "steady_state": "balance.steady",
    "sweep": "sweeps.dataset",
    "temperature_drop": "analysis.performance",
    "transmission_spectrum": "sweeps.photons",
}

__all__ = ["__version__", *_HOME]


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'subkelvin' has no attribute {name!r}")
    return getattr(importlib.import_module(f"subkelvin.{_HOME[name]}"), name)


def __dir__() -> list[str]:
    return sorted(__all__)
