"""What the answer to any device has to obey: balance, both laws of thermodynamics, and agreement of independent routes.

What a number may be off by is never guessed. It is what the program states (the error of each heat, the imbalance that rounding
explains), plus the last bits of the sums that are formed here.
"""

import math
from typing import Any

import numpy as np
from tests.hostile.bounded import WrongNumberError

from subkelvin import HeatMatrix
from subkelvin.balance.steady.stability import balance_at
from subkelvin.balance.steady.steady_state import SteadyState, steady_state
from subkelvin.model import Device

LAST_BITS = 64.0 * float(np.finfo(float).eps)
"""Of a sum of up to some fifty powers, and of what goes into each."""
BALANCED = 1e-9
"""Of the largest flow of an island: what the program calls a balance where heat is an integral (`INTEGRAL_TOLERANCE`)."""
DOWNHILL = ("photon", "electron-phonon", "normal-wire", "superconducting-wire", "sis-tunnel", "kapitza", "power-law")
"""Kinds of paths without work: each alone carries heat from hot to cold."""


def require(holds: Any, sentence: str, device: Device) -> None:
    """Raise with what makes the device again, unless it holds; NaN does not."""
    if not holds:
        raise WrongNumberError(f"{sentence}: {device.structure.name}, {dict(device.values)}")


def check_balance(device: Device, state: SteadyState) -> None:
    """What enters every floating island leaves it, up to the imbalance that the state states; and that is small."""
    for island in device.structure.floating_islands:
        powers = [
            float(w) * (float(p.target == island.name) - float(p.source == island.name))
            for p, w in zip(state.paths, state.watts, strict=True)
        ]
        surplus, size = math.fsum(powers), math.fsum(map(abs, powers))
        require(
            abs(surplus) <= float(state.tolerance) + LAST_BITS * size,
            f"{surplus} W more enter {island.name} than leave it",
            device,
        )
    require(
        float(state.residual) <= float(state.tolerance), f"residual {state.residual} above {state.tolerance} W", device
    )


def check_second_law(device: Device, state: SteadyState) -> None:
    """Every path without work carries heat from hot to cold, and every link produces entropy, up to the stated errors."""
    kelvins = {name: float(kelvin) for name, kelvin in state.temperatures.items()}
    produced: dict[str, float] = {}
    doubt: dict[str, float] = {}
    for path, watts, error in zip(state.paths, state.watts, state.watts_error, strict=True):
        watts, error = float(watts), float(error)
        warmer = kelvins[path.source] - kelvins[path.target] if path.source and path.target else 0.0
        if path.kind in DOWNHILL:
            # Of equal temperatures the last bits decide the sign.
            level = abs(warmer) <= LAST_BITS * max(kelvins.values())
            uphill = watts * warmer < 0.0 and abs(watts) > error and not level
            require(
                not uphill, f"{path.kind} heat {watts} ± {error} W flows uphill from {path.source}, {kelvins}", device
            )
        if path.through and path.through[0].startswith("links."):
            change = [
                watts / kelvins[path.target] if path.target else 0.0,
                -watts / kelvins[path.source] if path.source else 0.0,
            ]
            produced[path.through[0]] = produced.get(path.through[0], 0.0) + math.fsum(change)
            doubt[path.through[0]] = doubt.get(path.through[0], 0.0) + LAST_BITS * sum(map(abs, change))
    for link, entropy in produced.items():
        require(entropy >= -doubt[link], f"{link} destroys entropy, {entropy} W/K, {kelvins}", device)


def check_flows(device: Device, state: SteadyState) -> None:
    """The same device with every island held where it settled: each held temperature needs the power that heated it before."""
    names = [island.name for island in device.structure.floating_islands]
    kelvins = {name: float(state.temperatures[name]) for name in names}
    held = steady_state(device.hold(kelvins))
    outflow = {name: float(held.holding_power(name)) for name in names}
    allowed = allowed_imbalance(device, kelvins, held)
    for name in names:
        surplus = outflow[name] - float(device.values[f"islands.{name}.power"])
        require(
            abs(surplus) <= allowed[name],
            f"{name} at {kelvins} gives off {surplus} W too much, {allowed[name]} W allowed",
            device,
        )


def allowed_imbalance(device: Device, kelvins: dict[str, float], held: SteadyState) -> dict[str, float]:
    """By what a balance may be off at these temperatures [W]: its flows' accuracy, and one in 1e15 of a temperature."""
    names = [island.name for island in device.structure.floating_islands]
    floating = np.array([kelvins[name] for name in names])
    _, jacobian, _ = balance_at(device, floating[None])
    moved = LAST_BITS * np.sum(np.abs(jacobian[0]) * floating, axis=1)
    allowed = {}
    for k, name in enumerate(names):
        flows = [
            (abs(float(w)), float(e))
            for p, w, e in zip(held.paths, held.watts, held.watts_error, strict=True)
            if name in (p.source, p.target) and p.kind != "holding"
        ]
        load = abs(float(device.values[f"islands.{name}.power"]))
        largest = max([load, *(watts for watts, _ in flows)])
        allowed[name] = BALANCED * largest + sum(error for _, error in flows) + float(moved[k])
    return allowed


def check_same_heats(device: Device, one: HeatMatrix, other: HeatMatrix) -> None:
    """Two matrices of heats agree within the sum of both stated errors."""
    a, b = one.heat, other.heat
    errors = one.error + other.error
    known = np.isfinite(a) & np.isfinite(b) & np.isfinite(errors)
    # Heats of several pairs of radiators are summed: the last bits of the largest of them.
    rounding = LAST_BITS * np.max(np.abs(np.where(known, b, 0.0)), initial=0.0)
    off = known & (np.abs(a - b) > errors + rounding)
    require(not np.any(off), f"heats {a[off]} by {one.route}, {b[off]} by {other.route}, errors {errors[off]}", device)
