"""Thirty-digit tunnel currents: writes src/subkelvin/data/reference_tunnel_current.json.

    I = (1/eR) ∫dE N(E) [f(E−eV, T_N) − f(E, T_S)],    Q̇ = (1/e²R) ∫dE (E−eV) N(E) [f(E−eV, T_N) − f(E, T_S)]

over the whole axis, as they are defined, with digits to spare for all that cancels: a Gauss rule of 80 points on panels
that grow by factors of 4 away from every step, pole and branch point. Docs: docs/physics.md, tunnel currents.
"""

import functools
import itertools
import json
from collections.abc import Callable
from pathlib import Path

import mpmath as mp

DESTINATION = Path(__file__).parents[1] / "src" / "subkelvin" / "data" / "reference_tunnel_current.json"
BOLTZMANN = mp.mpf("1.380649e-23")
CHARGE = mp.mpf("1.602176634e-19")
GAP = 2.9226e-23
"""Near 1.764 k_B · 1.2 K [J]; its voltage is 0.1824 mV."""
DIGITS = 60


@functools.cache
def gauss_rule() -> list[tuple[mp.mpf, mp.mpf]]:
    """Nodes and weights of the 80-point Gauss–Legendre rule on [0, 1]."""
    count, rule = 80, []
    with mp.workdps(130):
        for k in range(1, count + 1):
            x = mp.cos(mp.pi * (k - mp.mpf("0.25")) / (count + mp.mpf("0.5")))
            for _ in range(8):
                previous, value = mp.mpf(1), x
                for n in range(2, count + 1):
                    previous, value = value, ((2 * n - 1) * x * value - (n - 1) * previous) / n
                slope = count * (x * value - previous) / (x**2 - 1)
                x -= value / slope
            rule.append(((1 + x) / 2, 1 / ((1 - x**2) * slope**2)))
    return rule


def integral(integrand: Callable[[mp.mpf], mp.mpf], points: list[mp.mpf]) -> mp.mpf:
    """∫ integrand between the first and the last of ascending points, panel by panel."""
    return mp.fsum(
        (end - start) * weight * integrand(start + (end - start) * node)
        for start, end in itertools.pairwise(points)
        for node, weight in gauss_rule()
    )


def panels(centres: list[tuple[mp.mpf, mp.mpf]], start: mp.mpf, end: mp.mpf) -> list[mp.mpf]:
    """Limits of panels that grow from the given width by factors of 4 on either side of each centre."""
    points = {start, end}
    for centre, first in centres:
        points.add(centre)
        width = first
        while width < end - start:
            points |= {centre - width, centre + width}
            width *= 4
    return sorted(point for point in points if start <= point <= end)


def fermi(temperature: mp.mpf, energy: mp.mpf) -> mp.mpf:
    """f(E, T)."""
    return 1 / (mp.exp(energy / (BOLTZMANN * temperature)) + 1)


def moment(
    power: int,
    normal_temperature: float,
    superconductor_temperature: float,
    voltage: float,
    gap: float,
    broadening: float,
    resistance: float,
) -> mp.mpf:
    """(1/e^{1+power}R) ∫dE (E−eV)^power N(E) [f(E−eV, T_N) − f(E, T_S)]: current for power 0, heat for 1."""
    normal, superconductor, edge, width = map(mp.mpf, (normal_temperature, superconductor_temperature, gap, broadening))
    bias = CHARGE * mp.mpf(voltage)
    hot, cold = BOLTZMANN * max(normal, superconductor), BOLTZMANN * min(normal, superconductor)

    def transfer(energy: mp.mpf) -> mp.mpf:
        return (energy - bias) ** power * (fermi(normal, energy - bias) - fermi(superconductor, energy))

    def broadened(energy: mp.mpf) -> mp.mpf:
        z = mp.mpc(energy, width)
        return abs(mp.re(z / (mp.sqrt(z - edge) * mp.sqrt(z + edge)))) * transfer(energy)

    def clean(xi: mp.mpf) -> mp.mpf:
        # N dE = dξ with E = ±√(Δ² + ξ²).
        energy = mp.sqrt(edge**2 + xi**2)
        return transfer(energy) + transfer(-energy)

    # e^{−100} of the largest contribution is left out.
    reach = 100 * hot + edge + abs(bias)
    # Without broadening a current may be as small as e^{−Δ/k_BT}, left over from occupations of order one.
    with mp.workdps(DIGITS + (0 if width else int(edge / cold / 2))):
        if width:
            steps = [(bias, BOLTZMANN * normal), (mp.mpf(0), BOLTZMANN * superconductor)]
            total = integral(broadened, panels([*steps, (edge, width), (-edge, width)], -reach, reach))
        else:
            step = mp.sqrt(max(bias**2 - edge**2, mp.mpf(0)))
            scale = min(cold, edge) if edge else cold
            total = integral(clean, panels([(step, scale), (mp.mpf(0), scale)], mp.mpf(0), reach))
        return total / (CHARGE ** (1 + power) * mp.mpf(resistance))


def charge_current(**arguments: float) -> mp.mpf:
    """I [A]."""
    return moment(0, **arguments)


def heat_current_from_normal(**arguments: float) -> mp.mpf:
    """Q̇ [W]."""
    return moment(1, **arguments)


QUANTITIES = {"charge_current": charge_current, "heat_current_from_normal": heat_current_from_normal}


def rows() -> list[dict[str, float]]:
    """Γ/Δ from 0 to 0.1, k_BT from Δ/130 to 10 Δ, any two temperatures, bias from µV to far above the gap."""
    cases = [
        # T_N, T_S, V, Δ, Γ/Δ
        (0.3, 0.3, 1.7e-4, GAP, 0.0),
        (0.05, 0.05, 1.9e-4, GAP, 0.0),
        (0.02, 0.02, 1e-4, GAP, 0.0),
        (0.1, 0.5, 1e-6, GAP, 0.0),
        (0.5, 0.1, -1.6e-4, GAP, 0.0),
        (0.3, 0.2, 1e-3, GAP, 0.0),
        (0.3, 0.3, 1.7e-4, GAP, 1e-12),
        (0.1, 0.1, 1.75e-4, GAP, 1e-6),
        (0.02, 0.03, 1e-4, GAP, 1e-6),
        (0.5, 0.02, 1e-5, GAP, 1e-6),
        (0.3, 0.3001, 1e-7, GAP, 1e-4),
        (0.1, 0.1, 1.82e-4, GAP, 1e-4),
        (0.05, 0.4, 3e-5, GAP, 1e-4),
        (0.4, 0.05, 5e-4, GAP, 1e-4),
        (0.02, 0.02, 1e-5, GAP, 1e-3),
        (1.1, 0.9, 2e-4, GAP, 1e-3),
        (0.2, 0.2, 1.8241e-4, GAP, 1e-2),
        (0.02, 1.0, 1e-4, GAP, 1e-2),
        (1.0, 0.02, -3e-4, GAP, 0.1),
        (0.1, 0.3, 1e-5, GAP, 0.1),
        (1.2, 1.0, 1e-4, 0.01 * GAP, 1.0),
        (0.3, 0.2, 1e-4, 0.0, 0.0),
    ]
    names = (
        "normal_temperature",
        "superconductor_temperature",
        "voltage",
        "gap",
        "broadening",
        "resistance",
    )
    return [
        dict(zip(names, (normal, superconductor, voltage, gap, dynes * gap, 1000.0), strict=True))
        for normal, superconductor, voltage, gap, dynes in cases
    ]


def reference() -> dict:
    """The content of the file."""
    return {
        "quantity": "charge_current",
        "unit": "A or W",
        "source": "mpmath, 30 digits",
        "rows": [
            {"quantity": quantity, "arguments": row, "value": mp.nstr(function(**row), 30)}
            for quantity, function in QUANTITIES.items()
            for row in rows()
        ],
    }


if __name__ == "__main__":
    DESTINATION.write_text(json.dumps(reference(), indent=1) + "\n", encoding="utf-8")
