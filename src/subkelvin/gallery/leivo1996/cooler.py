"""The SINIS cooler of Leivo, Pekola and Averin: temperature of its copper and ideal cooling power, against bias.

    N Q̇(V/N; T_N, T_b) − β N (Q̇ + IV/N) + ΣV_Cu(T_N⁵ − T_b⁵) = 0        temperature T_N of the copper
    Q̇_1 + Q̇_2,   I_1(V_1) = I_2(V − V_1)                                ideal power at T_N = T_S = 300 mK

The second line takes the two junctions as they are, 1.0 and 1.1 kΩ with one current through both; the device file has two equal
ones of the same conductance in all. The accessible text of the paper gives numbers, not curves: they are marked.

References: M. M. Leivo, J. P. Pekola and D. V. Averin, Appl. Phys. Lett. 68, 1996 (1996), doi:10.1063/1.115651.
"""

from functools import partial

import jax
import jax.numpy as jnp
import numpy as np
import xarray as xr
from matplotlib.figure import Figure

from subkelvin import plots
from subkelvin.balance.network.network import Network
from subkelvin.balance.steady.solve import Solution, solve_without_scan
from subkelvin.devicefile import preset
from subkelvin.gallery.leivo1996.plot import draw_cooled_temperature, draw_cooling_power
from subkelvin.model import Device
from subkelvin.model.result import About
from subkelvin.numerics.roots import bracketed_root
from subkelvin.physics.superconductor import gap, zero_temperature_gap
from subkelvin.physics.tunnel_current import charge_current, heat_current_from_normal
from subkelvin.sweeps.run import evaluate_over

DEVICE = "leivo-1996"
BATH_TEMPERATURES = np.array([0.3, 0.4, 0.5])
"""[K]; the paper's number is the first."""
VOLTAGES = 1e-6 * np.linspace(0.0, 450.0, 181)
"""Across both junctions [V]."""
RESISTANCES = np.array([1.0e3, 1.1e3])
"""Of the two junctions [Ω], from the paper."""
MEASURED_POWER, REPORTED_TEMPERATURE = 1.5e-12, 0.1
"""Cooling power at 300 mK [W], and where the copper got to from there [K], from the paper."""


def compute() -> xr.Dataset:
    """T_N over ``bath_temperature`` and ``voltage``; Q̇ over ``junction_resistance`` and ``voltage``, and of both junctions."""
    device = preset(DEVICE)
    solutions = [
        evaluate_over(settled, at_bath(device, bath), {"links.junctions.voltage": VOLTAGES}).values
        for bath in BATH_TEMPERATURES
    ]
    order = [island.name for island in device.structure.ordered_islands]
    temperature = np.stack([solution.temperatures[..., order.index("copper")] for solution in solutions])
    power, shares = ideal_cooling_power(device, float(BATH_TEMPERATURES[0]), VOLTAGES)
    each, over_voltage = ("junction_resistance", "voltage"), ("voltage",)
    return xr.Dataset(
        {
            "temperature": (("bath_temperature", "voltage"), temperature, _units("K", "temperature of the copper")),
            "status": (
                ("bath_temperature", "voltage"),
                np.stack([solution.status for solution in solutions]),
                _units("", "0: converged"),
            ),
            "cooling_power": (each, power, _units("W", "heat that a junction takes out of the copper")),
            "share_of_bias": (each, shares, _units("V", "voltage across a junction")),
            "total_cooling_power": (
                over_voltage,
                power.sum(axis=0),
                _units("W", "heat that both take out of the copper"),
            ),
            "measured_power": ((), MEASURED_POWER, _units("W", "measured cooling power at 300 mK")),
            "reported_temperature": ((), REPORTED_TEMPERATURE, _units("K", "reported temperature from 300 mK")),
        },
        coords={
            "bath_temperature": ("bath_temperature", BATH_TEMPERATURES, _units("K", "of phonons and superconductors")),
            "voltage": ("voltage", VOLTAGES, _units("V", "voltage across both junctions")),
            "junction_resistance": ("junction_resistance", RESISTANCES, _units("ohm", "resistance of a junction")),
        },
        attrs=About.of(device).attributes(),
    )


def settled(network: Network) -> Solution:
    """The steady state from the bath's temperature; heating and cooling have one balance here, so that no scan is needed."""
    return solve_without_scan(network, jnp.max(jnp.asarray(network.held_temperatures))[None])


def at_bath(device: Device, temperature: float) -> Device:
    """The cooler with phonons and superconductors at another temperature [K]."""
    return device.replace({"islands.bath.temperature": temperature, "islands.aluminium.temperature": temperature})


def ideal_cooling_power(device: Device, temperature: float, voltages: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Heat that each junction takes out of the normal metal [W], and the voltage across it [V], each of shape (2, voltages).

    Args:
        device: whose superconductor the junctions have.
        temperature: of normal metal and superconductor [K].
        voltages: across both in series [V].
    """
    superconductor = device.structure.superconductors[0]
    critical = float(device.values[f"superconductors.{superconductor.name}.critical_temperature"])
    broadening = float(device.values[f"superconductors.{superconductor.name}.dynes"]) * zero_temperature_gap(
        critical, superconductor.gap_equation
    )
    at_temperature = float(gap(temperature, critical, superconductor.gap_equation))
    first = _first_share(jnp.asarray(voltages), temperature, at_temperature, float(broadening))
    shares = jnp.stack([first, jnp.asarray(voltages) - first])
    power = heat_current_from_normal(
        temperature, temperature, shares, at_temperature, float(broadening), RESISTANCES[:, None]
    )
    return np.asarray(power), np.asarray(shares)


@jax.jit
def _first_share(voltages: jax.Array, temperature: jax.Array, gap: jax.Array, broadening: jax.Array) -> jax.Array:
    """The voltage V_1 across the first junction at which I_1(V_1) = I_2(V − V_1) [V]."""
    current = partial(charge_current, temperature, temperature, gap=gap, broadening=broadening)

    def share(voltage: jax.Array) -> jax.Array:
        def excess(first: jax.Array) -> jax.Array:
            return current(first, resistance=RESISTANCES[0]) - current(voltage - first, resistance=RESISTANCES[1])

        zero = jnp.zeros_like(voltage)
        return bracketed_root(excess, zero, voltage, excess(zero), excess(voltage))

    return jax.vmap(share)(voltages)


def draw(dataset: xr.Dataset) -> Figure:
    """The figure, one journal column wide: temperature above, power below."""
    with plots.journal_style():
        figure = plots.new_figure(plots.SINGLE_COLUMN, 104.0)
        upper, lower = figure.subplots(2, 1, sharex=True)
        draw_cooled_temperature(upper, dataset)
        draw_cooling_power(lower, dataset)
        lower.set_xlim(0.0, 1e6 * float(VOLTAGES[-1]))
        plots.label_panels([upper, lower], "ab")
    return figure


def describe(dataset: xr.Dataset) -> list[str]:
    """What the figure shows, for its caption."""
    coldest = dataset.temperature.values.min(axis=1)
    at = dataset.voltage.values[dataset.temperature.values.argmin(axis=1)]
    lowest = "; ".join(
        f"{1e3 * t:.0f} mK at {1e6 * v:.0f} µV from {1e3 * b:.0f} mK"
        for t, v, b in zip(coldest, at, dataset.bath_temperature.values, strict=True)
    )
    total = dataset.total_cooling_power.values
    best = int(total.argmax())
    one, other = 1e12 * dataset.cooling_power.values[:, best]
    return [
        (
            "The cooler of M. M. Leivo, J. P. Pekola and D. V. Averin (Appl. Phys. Lett. 68, 1996 (1996), "
            "doi:10.1063/1.115651). (a) Temperature of the copper between two NIS junctions against the voltage across both, "
            "for three temperatures of the bath, which phonons and superconductors share; dots: lowest computed points, "
            f"{lowest}. Dotted line: the paper reports cooling from 300 to about 100 mK. (b) Ideal cooling power with copper and "
            "superconductors at 300 mK: of the junction of 1.0 kΩ, of that of 1.1 kΩ, and of both with one current through them. "
            f"Largest: {1e12 * total[best]:.2f} pW ({one:.2f} and {other:.2f} pW) at {1e6 * dataset.voltage.values[best]:.0f} µV. "
            "Dotted line: the 1.5 pW that the paper reports, which has to be less than the ideal."
        ),
        (
            "Not a test of (a): volume, returned heat, T_c and γ are assumed, the first two so that the copper reaches 100 mK from "
            "300 mK; what (a) adds is the shape, the best voltage, and the other bath temperatures. In (b) T_c and γ "
            "alone are assumed. The measured curves are not in the accessible text."
        ),
    ]


def _units(units: str, long_name: str) -> dict[str, str]:
    return {"units": units, "long_name": long_name}
