"""subkelvin: nanoscale circuits in which heat travels as photons below one kelvin.

Importing the package switches JAX to 64-bit floating point, because femtowatt differences of picowatt
flows do not survive in 32 bits. Set the environment variable ``SUBKELVIN_KEEP_JAX_CONFIG=1`` before the import to
leave JAX as it is; computing calls then refuse to run while 64-bit mode is off.

Compiled code is kept in the user's cache folder, so that what one process has compiled the next one need not
(`subkelvin.compiled_code`; ``SUBKELVIN_KEEP_COMPILED=0`` prevents it). Compiling that takes more than two seconds is told in one
line on stderr (`subkelvin.compiling`; ``SUBKELVIN_TELL_COMPILING=0`` prevents it).
"""

import importlib
import os
from typing import TYPE_CHECKING, Any

import jax

from subkelvin.compiled_code import keep_compiled_code
from subkelvin.compiling import tell_of_compiling
from subkelvin.version import VERSION as __version__

if TYPE_CHECKING:
    from subkelvin import drives as drives
    from subkelvin import ndtc as ndtc
    from subkelvin.analysis.citations import Citations as Citations
    from subkelvin.analysis.citations import cite as cite
    from subkelvin.analysis.hysteresis import Hysteresis as Hysteresis
    from subkelvin.analysis.hysteresis import hysteresis as hysteresis
    from subkelvin.analysis.number_of_states import NumberOfStates as NumberOfStates
    from subkelvin.analysis.number_of_states import number_of_states as number_of_states
    from subkelvin.analysis.photons import HeatMatrix as HeatMatrix
    from subkelvin.analysis.photons import Transmission as Transmission
    from subkelvin.analysis.photons import heat_matrix as heat_matrix
    from subkelvin.analysis.photons import transmission as transmission
    from subkelvin.analysis.validity.report import Report as Report
    from subkelvin.analysis.validity.report import report as report
    from subkelvin.balance.linear.fluctuations import Fluctuations as Fluctuations
    from subkelvin.balance.linear.fluctuations import fluctuations as fluctuations
    from subkelvin.balance.linear.small_signal import SmallSignal as SmallSignal
    from subkelvin.balance.linear.small_signal import small_signal as small_signal
    from subkelvin.balance.network.route import prepare as prepare
    from subkelvin.balance.steady.all_states import AllStates as AllStates
    from subkelvin.balance.steady.all_states import all_states as all_states
    from subkelvin.balance.steady.branches import Branches as Branches
    from subkelvin.balance.steady.branches import branches as branches
    from subkelvin.balance.steady.stability import Stability as Stability
    from subkelvin.balance.steady.stability import stability as stability
    from subkelvin.balance.steady.steady_state import SteadyState as SteadyState
    from subkelvin.balance.steady.steady_state import steady_state as steady_state
    from subkelvin.balance.time.evolve import Trajectory as Trajectory
    from subkelvin.balance.time.evolve import evolve as evolve
    from subkelvin.devicefile import describe as describe
    from subkelvin.devicefile import load as load
    from subkelvin.devicefile import loads as loads
    from subkelvin.devicefile import make_device as make_device
    from subkelvin.devicefile import preset as preset
    from subkelvin.devicefile import preset_names as preset_names
    from subkelvin.devicefile import save as save
    from subkelvin.heat.links.define import link_kind as link_kind
    from subkelvin.model import ArgumentError as ArgumentError
    from subkelvin.model import Device as Device
    from subkelvin.model import DeviceError as DeviceError
    from subkelvin.model.element_kind import ElementKind as ElementKind
    from subkelvin.model.link_kind import Way as Way
    from subkelvin.model.result import Result as Result
    from subkelvin.model.status import Status as Status
    from subkelvin.model.status import TrajectoryStatus as TrajectoryStatus
    from subkelvin.model.vocabulary import Field as Field
    from subkelvin.plots.circuit.schematic import draw_circuit as draw_circuit
    from subkelvin.progress import Cancelled as Cancelled
    from subkelvin.progress import Progress as Progress
    from subkelvin.sweeps.ask import sweep as sweep

if os.environ.get("SUBKELVIN_KEEP_JAX_CONFIG", "0") in ("", "0"):
    jax.config.update("jax_enable_x64", True)
    keep_compiled_code()
    tell_of_compiling()

# Names are imported when first used: a command that only prints presets loads no solver, a solver loads no xarray.
_HOME = {
    "AllStates": "balance.steady.all_states",
    "ArgumentError": "model",
    "Branches": "balance.steady.branches",
    "Cancelled": "progress",
    "Citations": "analysis.citations",
    "Device": "model",
    "DeviceError": "model",
    "ElementKind": "model.element_kind",
    "Field": "model.vocabulary",
    "Fluctuations": "balance.linear.fluctuations",
    "HeatMatrix": "analysis.photons",
    "Hysteresis": "analysis.hysteresis",
    "NumberOfStates": "analysis.number_of_states",
    "Progress": "progress",
    "Report": "analysis.validity.report",
    "Result": "model.result",
    "SmallSignal": "balance.linear.small_signal",
    "Stability": "balance.steady.stability",
    "Status": "model.status",
    "SteadyState": "balance.steady.steady_state",
    "Trajectory": "balance.time.evolve",
    "TrajectoryStatus": "model.status",
    "Transmission": "analysis.photons",
    "Way": "model.link_kind",
    "all_states": "balance.steady.all_states",
    "branches": "balance.steady.branches",
    "cite": "analysis.citations",
    "describe": "devicefile",
    "draw_circuit": "plots.circuit.schematic",
    "evolve": "balance.time.evolve",
    "fluctuations": "balance.linear.fluctuations",
    "heat_matrix": "analysis.photons",
    "hysteresis": "analysis.hysteresis",
    "link_kind": "heat.links.define",
    "load": "devicefile",
    "loads": "devicefile",
    "make_device": "devicefile",
    "number_of_states": "analysis.number_of_states",
    "prepare": "balance.network.route",
    "preset": "devicefile",
    "preset_names": "devicefile",
    "report": "analysis.validity.report",
    "save": "devicefile",
    "small_signal": "balance.linear.small_signal",
    "stability": "balance.steady.stability",
    "steady_state": "balance.steady.steady_state",
    "sweep": "sweeps.ask",
    "transmission": "analysis.photons",
}

MODULES = ("drives", "ndtc")
"""Modules of their own: what changes a value in time, and the paper's questions."""

__all__ = ["__version__", *MODULES, *_HOME]


def __getattr__(name: str) -> Any:
    if name in MODULES:
        return importlib.import_module(f"subkelvin.{name}")
    if name not in _HOME:
        raise AttributeError(f"module 'subkelvin' has no attribute {name!r}")
    return getattr(importlib.import_module(f"subkelvin.{_HOME[name]}"), name)


def __dir__() -> list[str]:
    return sorted(__all__)
