"""Thirty-digit photon heat currents: writes src/subkelvin/data/reference_heat_current.json.

    P = (πk_B²/ħ) 𝒯_0 [T_1² F(w_1) − T_2² F(w_2)],   F(w) = [ln z − 1/(2z) − ψ(z)] z²,   z = 1/w = ħ/(2πk_BTτ),

with so many digits that nothing of what cancels is missed. Docs: docs/physics.md, section 4.
"""

import json
import math
from pathlib import Path

import mpmath as mp

DESTINATION = Path(__file__).parents[1] / "src" / "subkelvin" / "data" / "reference_heat_current.json"


def digamma_remainder(z: mp.mpf | mp.mpc) -> mp.mpf | mp.mpc:
    """ln z − 1/(2z) − ψ(z), by subtraction with digits to spare: at large z it is 1/(12z²) of ln z."""
    spare = 2 * abs(int(mp.log10(abs(z)))) + 20
    with mp.workdps(mp.mp.dps + spare):
        return mp.log(z) - 1 / (2 * z) - mp.digamma(z)


def squared_temperature(temperature: mp.mpf, time_constant: mp.mpf) -> mp.mpf:
    """T²F(w) [K²]: what of T²/12 passes the cut-off 1/τ."""
    if temperature == 0 or time_constant == 0:
        return temperature**2 / 12
    # 2πk_B/ħ = 4π²k_B/h.
    cutoff_temperature = mp.mpf("6.62607015e-34") / (4 * mp.pi**2 * mp.mpf("1.380649e-23") * time_constant)
    return cutoff_temperature**2 * digamma_remainder(cutoff_temperature / temperature)


def heat_current(temperature_1: float, temperature_2: float, transmission: float, time_constant: float) -> mp.mpf:
    """P [W] to 30 digits at exactly these floats."""
    # Neighbouring floats cost 16 digits of the difference.
    with mp.workdps(60):
        first, second, static, tau = (mp.mpf(x) for x in (temperature_1, temperature_2, transmission, time_constant))
        # πk_B²/ħ = 2π²k_B²/h.
        quantum = 2 * mp.pi**2 * mp.mpf("1.380649e-23") ** 2 / mp.mpf("6.62607015e-34")
        return quantum * static * (squared_temperature(first, tau) - squared_temperature(second, tau))


def rows() -> list[dict[str, float]]:
    """Cut-offs from 1e6 to 1e18 rad/s and none, 1 mK to 100 K, far and neighbouring temperatures, either direction."""
    pairs = [
        (0.5, 0.05),
        (0.1, 0.1001),
        (1e-3, 100.0),
        (0.35, math.nextafter(0.35, 1.0)),
        (100.0, 0.0),
        (1e-3, math.nextafter(1e-3, 0.0)),
        (4.2, 0.3),
    ]
    cutoffs = (1e6, 1e9, 4e11, 2e12, 1e14, 1e18, math.inf)
    return [
        {"temperature_1": hot, "temperature_2": cold, "transmission": 0.75, "time_constant": 1.0 / cutoff}
        for hot, cold in pairs
        for cutoff in cutoffs
    ]


def reference() -> dict:
    """The content of the file."""
    return {
        "quantity": "one_pole_heat_current",
        "unit": "W",
        "source": "mpmath, 30 digits",
        "rows": [{"arguments": row, "value": mp.nstr(heat_current(**row), 30)} for row in rows()],
    }


if __name__ == "__main__":
    DESTINATION.write_text(json.dumps(reference(), indent=1) + "\n", encoding="utf-8")
