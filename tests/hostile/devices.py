"""Random devices of thirty-six structures, thrown at every question; their answers have to obey laws and agree with other routes.

Few structures and many values: a structure compiles once, in a process of its own, and is then asked in milliseconds. A number that
is not marked as unknown (NaN, a status, a sentence, a stated error) has to hold.
"""

import math
import random
import time
from collections.abc import Callable
from functools import cache
from typing import Any

import jax
import numpy as np
from tests.hostile import laws
from tests.hostile.bounded import Bounds, Tally, run_cases
from tests.hostile.laws import require
from tests.hostile.structures import STRUCTURES, is_drawn, structure, with_random_values

from subkelvin import (
    Status,
    all_states,
    fluctuations,
    heat_matrix,
    report,
    small_signal,
    stability,
    steady_state,
)
from subkelvin.balance.steady.steady_state import SteadyState
from subkelvin.circuit.netlist import lower_circuit
from subkelvin.model import Device, Structure
from subkelvin.ndtc import conductance

BOUNDS = Bounds(seconds=600.0, gigabytes=8.0)
"""Of a case whose structure and question have yet to be compiled, on a machine so busy that a tenth of it is left."""
MOST_SECONDS = 60.0
"""Of the processor, for a case whose question has been asked of its structure before: a search through all states."""
OFTENER = 40.0
"""How much oftener devices are drawn whose heats come in closed form, or of which nothing floats: they answer in milliseconds."""
QUESTIONS_OF_A_STRUCTURE = 2
"""Besides those that all devices are asked; each costs a compilation."""
ASKED: set[tuple[int, str]] = set()
"""Structures and questions that this process has compiled."""
STEP = 1e-3
"""Of a logarithm, in a difference that a derivative is compared with."""
SAME = 1e-6
"""Two states that agree to this in ln T are one, as `all_states` says of its own."""
SEVERAL = 0.02
"""Share of the devices of several islands whose states are all listed: some 40,000 flows each."""


def run(count: int, seed: int, processes: int = 2) -> Tally:
    """Judge so many devices, those of one structure in one process."""
    shares: list[list[int]] = [[] for _ in range(STRUCTURES)]
    for number in range(count):
        shares[structure_of(random.Random(f"{seed}/{number}"))].append(number)
    return run_cases(__name__, count, seed, BOUNDS, processes, [share for share in shares if share])


def structure_of(chance: random.Random) -> int:
    """The number of a case's structure: what it draws first."""
    return chance.choices(range(STRUCTURES), weights())[0]


@cache
def weights() -> tuple[float, ...]:
    """How often each structure is drawn, those that answer fast oftener."""
    return tuple(OFTENER if answers_fast(structure(number)) else 1.0 for number in range(STRUCTURES))


def answers_fast(device: Device) -> bool:
    """Whether nothing floats, or photonic heats are sums over poles."""
    return not device.structure.floating_islands or lower_circuit(device).route in ("one-pole", "poles")


def prepare() -> None:
    """Nothing: a structure compiles when it comes."""


def judge(chance: random.Random) -> str:
    """Make a device, ask for its steady state and one thing more, and check both answers."""
    number = structure_of(chance)
    device = with_random_values(structure(number), chance)
    began = time.process_time()
    state = steady_state(device)
    good = Status(int(state.status)) is Status.CONVERGED
    check_words(device, state)
    if good:
        laws.check_balance(device, state)
        laws.check_second_law(device, state)
    name = chance.choice(questions_of(number))
    QUESTIONS[name](device, state, chance)
    if (number, name) in ASKED and time.process_time() - began > MOST_SECONDS:
        return "timeout"
    ASKED.add((number, name))
    # A status is a sentence, see `check_words`.
    return "good" if good else "refused"


@cache
def questions_of(number: int) -> tuple[str, ...]:
    """What the devices of a structure are asked: routes and flows, and some of the others."""
    floating = len(structure(number).structure.floating_islands)
    others = [name for name in QUESTIONS if name not in ("routes", "flows") and (floating or name in OF_HELD_ISLANDS)]
    random.Random(f"questions {number}").shuffle(others)
    return ("routes", *(("flows",) if floating else ()), *others[:QUESTIONS_OF_A_STRUCTURE])


def check_words(device: Device, state: SteadyState) -> None:
    """Converged are finite temperatures only; what fails has none, and says why."""
    kelvins = [float(state.temperatures[island.name]) for island in device.structure.floating_islands]
    if Status(int(state.status)) is Status.CONVERGED:
        require(all(k > 0.0 and math.isfinite(k) for k in kelvins), f"converged at {kelvins}", device)
    else:
        require(all(map(math.isnan, kelvins)), f"{Status(int(state.status)).label} at {kelvins}", device)
    require(state.advice().endswith("."), f"advice {state.advice()!r}", device)


def ask_routes(device: Device, state: SteadyState, chance: random.Random) -> None:
    """The route that the program takes and the adaptive integral, at temperatures near and far from each other."""
    coldest = 0.03 * 10.0 ** chance.uniform(-0.5, 0.5)
    kelvins = {
        island.name: coldest * (1.0 + chance.choice([1e-6, 0.03, 1.0, 5.0]) * k)
        for k, island in enumerate(device.structure.islands)
    }
    laws.check_same_heats(device, heat_matrix(device, kelvins), heat_matrix(device, kelvins, route="integral"))


def ask_flows(device: Device, state: SteadyState, chance: random.Random) -> None:
    """The flows of the state are those of the device that is held there."""
    if int(state.status) == Status.CONVERGED:
        laws.check_flows(device, state)


def ask_all_states(device: Device, state: SteadyState, chance: random.Random) -> None:
    """Every listed state balances, and the one that is reached by heating is among them."""
    names = [island.name for island in device.structure.floating_islands]
    if len(names) > 1 and chance.random() >= SEVERAL:
        return
    found = all_states(device)
    states = [one.temperatures for one in found.states]
    complete = True if len(names) == 1 else found.complete
    for one in states:
        held = steady_state(device.hold(one))
        allowed = laws.allowed_imbalance(device, one, held)
        for name in names:
            surplus = float(held.holding_power(name)) - float(device.values[f"islands.{name}.power"])
            require(
                abs(surplus) <= allowed[name], f"listed state {one} gives off {surplus} W too much in {name}", device
            )
    settled = int(state.status) == Status.CONVERGED
    if settled and complete:
        apart = [max(abs(math.log(one[n] / float(state.temperatures[n]))) for n in names) for one in states]
        require(
            min(apart, default=math.inf) <= SAME, f"the steady state {state.temperatures} is not among {states}", device
        )
    if (
        len(names) == 1
        and not settled
        and int(state.status) in (Status.NO_STEADY_STATE, Status.ABOVE_CRITICAL_TEMPERATURE)
    ):
        require(not states, f"{Status(int(state.status)).label}, but states at {states} are listed", device)


def ask_report(device: Device, state: SteadyState, chance: random.Random) -> None:
    """A report tells the same state as the question for it alone."""
    told = report(device).to_dict()
    label = Status(int(state.status)).label
    require(told["status"] == label, f"the report says {told['status']}, the state {label}", device)
    for name, kelvin in state.temperatures.items():
        other = told["temperatures_K"][name]
        same = other is None if math.isnan(kelvin) else other is not None and abs(math.log(other / kelvin)) <= SAME
        require(same, f"{name} is at {other} K in the report, at {kelvin} K in the state", device)


def ask_stability(device: Device, state: SteadyState, chance: random.Random) -> None:
    """A state that heating reaches may oscillate, but no deviation grows away from it along a real direction."""
    if int(state.status) != Status.CONVERGED:
        return
    answer = stability(device, {name: float(kelvin) for name, kelvin in state.temperatures.items()})
    runs_away = answer.stable is False and not np.iscomplexobj(answer.rates)
    require(not runs_away, f"the steady state is unstable: {answer}", device)


def ask_small_signal(device: Device, state: SteadyState, chance: random.Random) -> None:
    """At low frequency the response is the derivative of the steady state, and that is a difference of two."""
    if int(state.status) != Status.CONVERGED:
        return
    names = [island.name for island in device.structure.floating_islands]
    source, target = chance.choice(names), chance.choice(names)
    path = f"islands.{source}.power"
    answer = small_signal(device, path, np.array([1e-3]), state=state)
    static = float(answer.static[target])
    slowest = float(np.max(np.abs(answer.relaxation_times)))
    lag = 2.0 * math.pi * 1e-3 * slowest
    scale = max(abs(float(answer.static[name])) for name in names)
    # One pole changes a response by ωτ, several by the sum.
    off = abs(complex(answer.response[target][0]) - static)
    require(
        off <= 10.0 * lag * scale + 1e-12 * scale,
        f"at 1 mHz {target} answers {answer.response[target]}, at rest {static}",
        device,
    )
    # The step moves the temperature by a thousandth.
    step = STEP * float(state.temperatures[target]) / abs(static) if static else 0.0
    check_difference(device, {path: 1.0}, step, target, static, state)


def check_difference(
    device: Device, direction: dict[str, float], step: float, target: str, slope: float, state: SteadyState
) -> None:
    """A slope agrees with central differences up to what a step of double length tells of their error, and to rounding."""

    def moved(shift: float) -> float:
        changed = {path: float(device.values[path]) + shift * part for path, part in direction.items()}
        return float(steady_state(device.replace(changed), start=start_at(state, device)).temperatures[target])

    if not step:
        return
    fine, coarse = ((moved(k * step) - moved(-k * step)) / (2.0 * k * step) for k in (1, 2))
    if not (math.isfinite(fine) and math.isfinite(coarse)):
        return
    # A difference is off by a third of the distance to the one of double step; a balance leaves 1e-9 of a temperature open.
    uncertain = abs(fine - coarse) + 2e-9 * float(state.temperatures[target]) / step
    require(
        abs(slope - fine) <= uncertain + 1e-6 * abs(slope),
        f"slope {slope} of {target} by {direction}, but differences are {fine} and {coarse}",
        device,
    )


def start_at(state: SteadyState, device: Device) -> dict[str, float]:
    """The floating temperatures of a state."""
    return {island.name: float(state.temperatures[island.name]) for island in device.structure.floating_islands}


def ask_fluctuations(device: Device, state: SteadyState, chance: random.Random) -> None:
    """Power noise and covariance have no negative eigenvalue."""
    if int(state.status) != Status.CONVERGED:
        return
    answer = fluctuations(device, state=state)
    for matrix in (np.asarray(answer.power_noise), np.asarray(answer.covariance)):
        spread = np.sqrt(np.diag(matrix))
        require(np.all(spread > 0.0), f"no fluctuations of {answer.islands}: {matrix.tolist()}", device)
        reduced = matrix / np.outer(spread, spread)
        # The integrals of noise are good to 1e-9 of the autospectra.
        lowest = float(np.min(np.linalg.eigvalsh(0.5 * (reduced + reduced.T))))
        require(lowest >= -1e-8, f"correlations with the eigenvalue {lowest}: {matrix.tolist()}", device)


def ask_conductance(device: Device, state: SteadyState, chance: random.Random) -> None:
    """κ is the slope of the heat between two islands that are held."""
    one, other = chance.sample([island.name for island in device.structure.islands], 2)
    held = device.hold({i.name: 0.07 for i in device.structure.floating_islands})
    middle = 0.02 * 10.0 ** chance.uniform(0.0, 1.3)
    shifts = np.array([-2.0, -1.0, 0.0, 1.0, 2.0])
    temperatures = middle * (1.0 + STEP * shifts)
    curve = conductance(held, other, temperatures, source=one, source_temperature=0.1)
    heat, kappa = np.asarray(curve.heat), float(curve.conductance[2])
    if not np.all(np.isfinite([*heat, kappa])):
        return
    fine, coarse = (-(heat[2 + k] - heat[2 - k]) / (2.0 * k * STEP * middle) for k in (1, 2))
    # A heat that is given is known to three digits at least, and mostly to 1e-9.
    largest = max(np.max(np.abs(heat)), 0.0)
    uncertain = abs(fine - coarse) + 1e-9 * largest / (STEP * middle)
    require(
        abs(kappa - fine) <= uncertain,
        f"κ = {kappa} W/K from {one} to {other} at {middle} K, differences {fine}, {coarse}",
        device,
    )


def ask_derivative(device: Device, state: SteadyState, chance: random.Random) -> None:
    """A derivative of the steady state by any of its values, against differences."""
    if int(state.status) != Status.CONVERGED:
        return
    target = chance.choice([island.name for island in device.structure.floating_islands])
    slopes = gradient(target, device.structure)(dict(device.values))
    path = chance.choice([path for path, value in device.values.items() if value and is_drawn(path)])
    slope = float(slopes[path])
    if math.isfinite(slope):
        check_difference(device, {path: 1.0}, STEP * abs(float(device.values[path])), target, slope, state)


@cache
def gradient(target: str, structure_of_device: Structure) -> Callable[[dict[str, Any]], dict[str, Any]]:
    """∂T of an island by all values of a structure, compiled."""
    return jax.jit(jax.grad(lambda values: steady_state(Device(values, structure_of_device)).temperatures[target]))


QUESTIONS: dict[str, Callable[[Device, SteadyState, random.Random], None]] = {
    "routes": ask_routes,
    "flows": ask_flows,
    "all states": ask_all_states,
    "report": ask_report,
    "stability": ask_stability,
    "small signal": ask_small_signal,
    "fluctuations": ask_fluctuations,
    "conductance": ask_conductance,
    "derivative": ask_derivative,
}
OF_HELD_ISLANDS = ("report", "conductance")
"""Questions of a device in which nothing floats."""
