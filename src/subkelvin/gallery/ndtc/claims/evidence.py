"""What the claims are judged by: effects against ω_c, validity checks at the set-ups' operating points, windows of areas.

The checks run in the first set-up, at the coldest right reservoir and at the minimum of T_L. Docs: docs/physics.md, section 9.
"""

import os
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import numpy as np
import xarray as xr

from subkelvin.analysis.validity.area_window import AreaWindow, area_window
from subkelvin.analysis.validity.check import Check
from subkelvin.analysis.validity.report import report
from subkelvin.gallery.exhibit import with_admittance
from subkelvin.gallery.ndtc.claims import cutoff
from subkelvin.gallery.ndtc.fig1 import ratio_at
from subkelvin.gallery.ndtc.setups import coldest
from subkelvin.model import Device
from subkelvin.progress import Progress

CHECKED = ("silver-setup-1", "inas-setup-1")
PLACES = ("T_R = T_b", "T_R of the minimum of T_L")
OTHER_CRITICAL_TEMPERATURES = (0.39, 5.4, 9.2)
"""Titanium, vanadium, niobium [K]: r must not depend on it."""
REDUCED_TEMPERATURES = np.linspace(0.05, 0.99, 48)


class Found(NamedTuple):
    """A check at an operating point."""

    check: Check
    place: str
    """Device and T_R."""


class Evidence(NamedTuple):
    """Everything at one ω_c."""

    study: xr.Dataset
    """What `cutoff.compute` gives, at this ω_c."""
    junction: dict[str, float]
    """Numbers about r, independent of ω_c."""
    checks: dict[str, list[Found]]
    """Validity checks by kind."""
    windows: dict[tuple[str, str], AreaWindow]
    """Windows of areas by device and T_R; at the reference ω_c only."""


def gather(progress: Progress | None = None, admittance: str = "static") -> tuple[xr.Dataset, dict[float, Evidence]]:
    """The study over all ω_c, and the evidence at those where claims are judged."""
    progress = progress or Progress()
    tell = progress.step
    devices = {name: with_admittance(name, admittance) for name in CHECKED}
    with ThreadPoolExecutor(max_workers=os.cpu_count() or 1) as pool:
        # Compiling the checks takes longest: it begins first, beside the study.
        first = pool.submit(report, devices[CHECKED[0]])
        study = cutoff.compute(progress.part(0.0, 0.7), admittance)
        first.result()
        tell(0.7, "claims: validity checks")
        junction = _junction_numbers(devices[CHECKED[0]])
        judged = [float(value) for value in study.cutoff.values[study.judged.values]]
        cases = [(value, name) for value in judged for name in CHECKED]
        checked = dict(zip(cases, pool.map(lambda case: _checks(study, devices[case[1]], *case), cases), strict=True))
        tell(0.8, "claims: windows of areas")
        reference = float(study.attrs["reference_cutoff"])
        places = [(name, place) for name in CHECKED for place in PLACES]
        points = [_points(study, devices[name], reference, name)[place] for name, place in places]
        windows = dict(zip(places, pool.map(area_window, points), strict=True))
    evidence = {}
    for value in judged:
        kinds: dict[str, list[Found]] = {}
        for found in (f for name in CHECKED for f in checked[value, name]):
            kinds.setdefault(found.check.kind, []).append(found)
        own_windows = windows if value == reference else {}
        evidence[value] = Evidence(study.sel(cutoff=value), junction, kinds, own_windows)
    return study, evidence


def _checks(study: xr.Dataset, device: Device, value: float, name: str) -> list[Found]:
    """All checks of a device at an ω_c, at both operating points."""
    points = _points(study, device, value, name)
    return [Found(check, f"{name}, {place}") for place, point in points.items() for check in report(point).checks]


def _points(study: xr.Dataset, device: Device, value: float, name: str) -> dict[str, Device]:
    """The device at an ω_c, with T_R at its coldest and at the minimum of T_L."""
    one = cutoff.at_cutoff(device, value)
    minimum = float(study.minimum_at.sel(cutoff=value, device=name, dynes_factor=1.0))
    return dict(zip(PLACES, (coldest(one), one.replace({"islands.right.temperature": minimum})), strict=True))


def _junction_numbers(device: Device) -> dict[str, float]:
    """How universal r is, and where it depends on γ."""
    superconductor = device.structure.superconductors[0]
    critical = float(device.values[f"superconductors.{superconductor.name}.critical_temperature"])
    dynes = float(device.values[f"superconductors.{superconductor.name}.dynes"])
    own, broad = (
        ratio_at(REDUCED_TEMPERATURES, np.asarray(factor * dynes), critical, superconductor.gap_equation)
        for factor in (1.0, 10.0)
    )
    others = [
        ratio_at(REDUCED_TEMPERATURES, np.asarray(dynes), other, superconductor.gap_equation)
        for other in OTHER_CRITICAL_TEMPERATURES
    ]
    warm = int(np.searchsorted(REDUCED_TEMPERATURES, 0.5))
    return {
        "universality": float(max(np.max(np.abs(other / own - 1.0)) for other in others)),
        "cold": float(own[0] / broad[0]),
        "warm": float(np.max(np.abs(own[warm:] / broad[warm:] - 1.0))),
    }
