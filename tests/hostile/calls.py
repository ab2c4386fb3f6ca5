"""Hostile calls of the public functions: each ends in a sentence or in a result, in bounded time.

Every public function has one right call on a small device. A hostile call replaces one or two of its arguments by what no
physicist means. What may come of it: a result, or an error of the library's own, one sentence that says what is wrong.
"""

import io
import random
import re
import signal
import tempfile
import time
import traceback
import warnings
from collections.abc import Callable, Iterator
from contextlib import chdir, contextmanager, redirect_stdout
from pathlib import Path
from typing import Any, NamedTuple

import jax.numpy as jnp
import numpy as np

import subkelvin as sk
from subkelvin import drives, ndtc
from subkelvin.devicefile import loads
from subkelvin.model import ArgumentError, DeviceError
from subkelvin.model.vocabulary import Field

SOURCE = str(Path(sk.__file__).parent)

SMALL = """
name = "small"
[metals.Ag]
electron_phonon = "0.5e9 W m^-3 K^-5"
sommerfeld = "63 J m^-3 K^-2"
[islands.bath]
temperature = "50 mK"
[islands.right]
temperature = "300 mK"
[islands.left]
power = "100 fW"
phonons = "bath"
parts = [{ material = "Ag", volume = "0.006 um^3" }]
[elements.left]
kind = "nin"
nodes = ["a", "ground"]
island = "left"
area = "1 um^2"
specific_resistance = "10 ohm um^2"
specific_capacitance = "50 fF/um^2"
[elements.right]
kind = "nin"
nodes = ["a", "ground"]
island = "right"
area = "2 um^2"
specific_resistance = "10 ohm um^2"
specific_capacitance = "50 fF/um^2"
"""
"""One floating island with normal junctions: every question can be asked of it, and compiles in a few seconds."""

POWER, RIGHT = "islands.left.power", "islands.right.temperature"
TEMPERATURES, POWERS = np.array([0.05, 0.1, 0.2, 0.3]), np.array([1e-14, 1e-13])
ELSEWHERE = tempfile.mkdtemp()
"""Where hostile calls run."""
TIME_BOUND = 300.0
"""Of one call [s]: what is accepted may have to be compiled, on a loaded machine."""


class Call(NamedTuple):
    """A function and the arguments of a right call."""

    function: Callable[..., Any]
    arguments: dict[str, Any]


def right_calls(device: sk.Device) -> dict[str, Call]:
    """One right call of every public function, of every drive, and of the methods of results, by name."""
    state = sk.steady_state(device)
    signal = sk.small_signal(device, POWER, np.array([0.0, 1e6]))
    noise = sk.fluctuations(device)
    frequencies = np.array([0.0, 1e6])
    held = {"device": device, "target": "right", "source": "left", "source_temperature": 0.5}
    swept = {"device": device, "island": "right", "temperatures": TEMPERATURES}
    branch = {
        "device": device, "key": POWER, "start": 1e-14, "stop": 1e-13,
        "logarithmic": False, "seeds": 2, "longest_step": 0.5, "progress": None,
    }  # fmt: skip
    return {
        "preset": Call(sk.preset, {"name": "silver-setup-1", "overrides": [(POWER, "50 fW")]}),
        "preset_names": Call(sk.preset_names, {}),
        "load": Call(
            sk.load,
            {
                "path": str(preset_file("silver-setup-1")), "overrides": (), "files_elsewhere": False, "kinds": (),
            },
        ),
        "steady_state": Call(sk.steady_state, {"device": device, "start": {"left": 0.1}}),
        "all_states": Call(sk.all_states, {"device": device, "lowest": 0.05, "highest": 1.0, "progress": None}),
        "cite": Call(sk.cite, {"device": device}),
        "prepare": Call(sk.prepare, {"device": device}),
        "draw_circuit": Call(sk.draw_circuit, {"device": device, "state": state, "axes": None}),
        "loads": Call(
            sk.loads,
            {
                "text": preset_file("silver-setup-1").read_text(), "default_name": "mine", "overrides": (),
                "folder": str(preset_file("silver-setup-1").parent), "files_elsewhere": False, "kinds": (),
            },
        ),
        "make_device": Call(
            sk.make_device, {"tables": sk.describe(device), "kinds": (), "folder": "."}
        ),
        "describe": Call(sk.describe, {"device": device}),
        "save": Call(sk.save, {"device": device, "file": str(Path(tempfile.mkdtemp()) / "mine.toml")}),
        "stability": Call(sk.stability, {"device": device, "temperatures": {"left": 0.3}}),
        "evolve": Call(
            sk.evolve,
            {
                "device": device, "duration": 1e-7, "start": {"left": 0.4}, "drives": {POWER: drives.Step(0.0, 1e-13)},
                "save": 3, "until": {"left": 0.2}, "tolerance": 1e-6, "progress": None,
            },
        ),
        "small_signal": Call(
            sk.small_signal, {"device": device, "key": POWER, "frequencies": frequencies, "state": state}
        ),
        "fluctuations": Call(sk.fluctuations, {"device": device, "state": state}),
        "report": Call(sk.report, {"device": device, "progress": None}),
        "sweep": Call(
            sk.sweep,
            {
                "device": device, "axes": {POWER: POWERS}, "outputs": ["temperature", "heat(left,right)"], "store": None,
                "resume": False, "workers": None, "scheduler": None, "block": None, "progress": None,
            },
        ),
        "heat_matrix": Call(sk.heat_matrix, {"device": device, "temperatures": {"left": 0.2}, "route": "one-pole"}),
        "transmission": Call(
            sk.transmission, {"device": device, "frequencies": np.array([1e9, 1e10]), "temperatures": {"left": 0.2}}
        ),
        "ndtc.conductance": Call(ndtc.conductance, held | {"temperatures": TEMPERATURES}),
        "ndtc.negative_conductance": Call(ndtc.negative_conductance, held | {"lowest": 0.05, "highest": 0.6}),
        "ndtc.best_area_ratio": Call(
            ndtc.best_area_ratio,
            {
                "device": device, "target": "right", "objective": ndtc.Objective.HEAT, "source": "left",
                "source_temperatures": np.array([0.5]), "specific_resistances": ["10 ohm um^2"],
                "progress": None,
            },
        ),
        "ndtc.response": Call(ndtc.response, swept | {"powers": POWERS, "progress": None}),
        "ndtc.temperature_drop": Call(ndtc.temperature_drop, swept | {"powers": POWERS, "progress": None}),
        "ndtc.best_power": Call(ndtc.best_power, swept | {"lowest": 1e-15, "highest": 1e-12, "progress": None}),
        "branches": Call(sk.branches, branch),
        "hysteresis": Call(sk.hysteresis, branch),
        "number_of_states": Call(
            sk.number_of_states,
            {"device": device, "axes": {POWER: POWERS, RIGHT: TEMPERATURES}, "progress": None},
        ),
        "link_kind": Call(
            sk.link_kind,
            {
                "name": "hostile", "numbers": {"conductance": CONDUCTANCE}, "heat": proportional,
                "meaning": "heat per kelvin", "superconductors": None, "ends": ("from", "to"), "noise": None,
            },
        ),
        "drives.Step": Call(drives.Step, {"before_step": 0.0, "after": 1e-14, "time": 1e-6}),
        "drives.Sine": Call(drives.Sine, {"mean": 1e-14, "amplitude": 1e-15, "frequency": 1e6, "phase": 0.0}),
        "drives.Pulse": Call(drives.Pulse, {"base": 0.0, "height": 1e-14, "start": 0.0, "width": 1e-6}),
        "drives.Table": Call(drives.Table, {"times": np.array([0.0, 1e-6]), "values": np.array([0.0, 1e-14])}),
        "Device.replace": Call(device.replace, {"changes": {POWER: 1e-14}}),
        "Device.hold": Call(device.hold, {"temperatures": {"left": 0.1}}),
        "Device.require": Call(device.require, {"key": POWER}),
        "Device.number": Call(device.number, {"key": POWER, "value": "10 fW"}),
        "Device.numbers": Call(device.numbers, {"key": POWER, "values": ["10 fW", 2e-14]}),
        "Device.field": Call(device.field, {"key": POWER}),
        "SteadyState.heat": Call(state.heat, {"source": "left", "target": "right", "kind": "photon"}),
        "SteadyState.holding_power": Call(state.holding_power, {"island": "right"}),
        "SmallSignal.gain": Call(signal.gain, {"island": "left"}),
        "SmallSignal.phase": Call(signal.phase, {"island": "left"}),
        "Fluctuations.spectrum": Call(noise.spectrum, {"frequencies": frequencies}),
        "Fluctuations.noise_equivalent_power": Call(
            noise.noise_equivalent_power,
            {"source": "left", "frequencies": frequencies, "readout": "left", "readout_noise": 1e-15},
        ),
        "Fluctuations.energy_resolution": Call(
            noise.energy_resolution, {"source": "left", "readout_noise": 1e-15, "readout": "left"}
        ),
        "Fluctuations.energy_fluctuation": Call(noise.energy_fluctuation, {"island": "left"}),
    }  # fmt: skip


def small_device() -> sk.Device:
    """The device of the right calls."""
    return loads(SMALL)


def preset_file(name: str) -> Path:
    """The file of a preset."""
    return Path(SOURCE) / "devicefile" / "presets" / f"{name}.toml"


CONDUCTANCE = Field("W/K", 1e-18, 1e-3, "heat per kelvin", "thermal conductance", '"1 pW/K"')


def proportional(first: Any, second: Any, values: Any) -> Any:
    """The heat of the kind of link that is defined."""
    return values["conductance"] * (first - second)


class Hostile:
    """An object of no known kind, whose text cannot be had either."""

    def __repr__(self) -> str:
        raise RuntimeError("no text")


def hostile_values(device: sk.Device) -> dict[str, Any]:
    """What is thrown at every argument, by a name for messages."""
    batch = device.replace({POWER: np.array([1e-14, 2e-14])})
    values: dict[str, Any] = {
        "None": None, "True": True, "False": False, "0": 0, "-1": -1, "3": 3, "1e-3": 1e-3, "1e300": 1e300,
        "nan": float("nan"), "inf": float("inf"), "-inf": float("-inf"), "huge integer": 10**400, "complex": 1.0 + 2.0j,
        "text": "nonsense", "empty text": "", "quantity": "1 ms", "power": "50 fW", "bytes": b"left", "island": "lefft",
        "path": "islands.lefft.power", "long text": "x" * 100_000, "control characters": "a\x00\x1b[31m\n",
        "empty list": [], "list": [1.0, 2.0], "ragged": [[1.0], [1.0, 2.0]], "nested": [[[[]]]], "tuple": (0.1, "a"),
        "set": {0.1, 0.2}, "array": np.array([0.1, 0.2]), "empty array": np.array([]), "matrix": np.zeros((2, 2)),
        "array of nan": np.array([0.1, np.nan]), "falling": np.array([0.3, 0.2, 0.1]), "negative": np.array([-0.1, 0.1]),
        "array of inf": np.array([0.1, np.inf]), "array of text": np.array(["a", "b"]), "objects": np.array([None, {}]),
        "JAX array": jnp.array([0.1, 0.2]), "dates": np.array(["2000-01-01"], dtype="datetime64[D]"),
        "huge range": range(10**12), "empty mapping": {}, "mapping of nan": {"left": float("nan")},
        "mapping of text": {"left": "hot"}, "mapping of unknown": {"nope": 0.1}, "mapping by numbers": {3: 0.1},
        "mapping of held": {"right": 0.1}, "mapping of zero": {"left": 0.0}, "mapping of arrays": {"left": np.array([0.1, 0.2])},
        "mapping of path": {POWER: 1e-14}, "mapping of path to text": {POWER: "50 fW"}, "mapping of path to nan": {POWER: np.nan},
        "mapping of path to nothing": {POWER: np.array([])}, "mapping of unknown path": {"islands.left.powr": np.array([1e-14])},
        "function": print, "raising function": raising, "type": float, "object": object(), "textless": Hostile(),
        "device": device, "batch": batch, "generator": (k for k in range(3)),
    }  # fmt: skip
    return values


def raising(*arguments: Any) -> None:
    """A function that fails with an error of its own, which is to come out as it is."""
    raise OwnError(arguments)


class OwnError(Exception):
    """The error of a function that the caller gave."""


class Outcome(NamedTuple):
    """What came of a call."""

    kind: str
    """ "result", "sentence", "own error" (of a function that the caller gave), "leak" or "late"."""
    text: str
    seconds: float


class Late(BaseException):
    """A call that did not end in time; no Exception, so that nothing swallows it."""


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Interrupt what takes longer; only in the main thread, between two lines of Python."""

    def ring(*_: Any) -> None:
        raise Late

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0.0)
        signal.signal(signal.SIGALRM, before)


def outcome_of(function: Callable[..., Any], arguments: dict[str, Any]) -> Outcome:
    """Call a function, and tell what came of it."""
    begin = time.monotonic()
    try:
        # What a function says by the way is not wanted here: one of the hostile values is `print`.
        # Equinox warns of a generator in a field before the field is looked at; what counts is how the call ends.
        # A hostile name of a file may be writable: what is written goes into a folder of its own.
        with chdir(ELSEWHERE), within(TIME_BOUND), redirect_stdout(io.StringIO()), warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            result = function(**arguments)
        kind, text = "result", type(result).__name__
    except OwnError:
        kind, text = "own error", ""
    except Late:
        kind, text = "late", f"no answer in {TIME_BOUND:g} s"
    except Exception as error:
        kind, text = "sentence" if is_a_sentence(error) else "leak", f"{type(error).__name__}: {error}"
    return Outcome(kind, text, time.monotonic() - begin)


def is_a_sentence(error: Exception) -> bool:
    """Whether an error is one of the library's own: raised in its source, short, one sentence that names something in it."""
    raised_in = traceback.extract_tb(error.__traceback__)[-1].filename
    own = isinstance(error, (DeviceError, ArgumentError)) or (
        isinstance(error, (ValueError, TypeError)) and raised_in.startswith(SOURCE)
    )
    text = str(error)
    # What concerns a file as a whole names the file instead of an argument.
    names = "`" in text or (isinstance(error, DeviceError) and not error.path)
    begins = re.match(r"[A-Z`δ]", text) or (isinstance(error, DeviceError) and not error.path)
    return bool(own and begins and text.endswith((".", "?")) and names and len(text) < 1000 and text.isprintable())


class Counts(NamedTuple):
    """What came of many hostile calls."""

    calls: int
    results: int
    sentences: int
    leaks: list[str]
    """Errors that are no sentences of the library, each with the call."""
    late: list[str]
    """Calls that took longer than the bound."""


def counted(calls: Iterator[tuple[str, Outcome]]) -> Counts:
    """The counts of some outcomes by the name of the call."""
    number = results = sentences = 0
    leaks, late = [], []
    for name, outcome in calls:
        number += 1
        results += outcome.kind == "result"
        sentences += outcome.kind in ("sentence", "own error")
        if outcome.kind == "leak":
            leaks.append(f"{name}: {outcome.text[:300]}")
        if outcome.kind == "late":
            late.append(f"{name}: {outcome.seconds:.0f} s")
    return Counts(number, results, sentences, leaks, late)


def one_by_one(
    device: sk.Device, name: str, call: Call, labels: tuple[str, ...] | None = None
) -> Iterator[tuple[str, Outcome]]:
    """Every hostile value in place of every argument of a function, one at a time.

    Args:
        device: of the right call.
        name: of the function.
        call: the right call of it.
        labels: of the hostile values; by default all.
    """
    for argument in call.arguments:
        for label, value in hostile_values(device).items():
            if labels is None or label in labels:
                yield f"{name}({argument}={label})", outcome_of(call.function, call.arguments | {argument: value})


def run(count: int, seed: int) -> Counts:
    """Random hostile calls: one or two arguments of a random function, each replaced by a random hostile value.

    Args:
        count: how many.
        seed: of the random numbers.
    """
    device = small_device()
    calls = {name: call for name, call in right_calls(device).items() if call.arguments}
    chance = random.Random(seed)

    def some() -> Iterator[tuple[str, Outcome]]:
        for _ in range(count):
            name = chance.choice(sorted(calls))
            function, arguments = calls[name]
            values = hostile_values(device)
            chosen = chance.sample(sorted(arguments), min(len(arguments), chance.choice((1, 1, 2))))
            labels = {argument: chance.choice(sorted(values)) for argument in chosen}
            what = ", ".join(f"{argument}={label}" for argument, label in labels.items())
            changed = arguments | {argument: values[label] for argument, label in labels.items()}
            yield f"{name}({what})", outcome_of(function, changed)

    return counted(some())
