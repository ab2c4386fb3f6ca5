"""Makes the 30-digit reference values of the zero-bias conductance ratio (docs/physics.md, section 2).

R_N/R = ∫ dε N(ε)/(4 cosh²(ε/2)) with the contour moved to Im ε = π/2, where the integrand is smooth on the scale 1 and
the trapezoid rule converges exponentially. What cancels there at low temperature is paid for with working digits.
"""

import json
from pathlib import Path

import mpmath as mp

BOLTZMANN = "1.380649e-23"
REFERENCE = Path(__file__).parents[1] / "src" / "subkelvin" / "data" / "reference_junction.json"
CRITICAL_TEMPERATURE = 1.2
DYNES = (0.0, 1e-12, 1e-6, 1e-4, 1e-3, 1e-2, 1e-1)
REDUCED_TEMPERATURES = (0.01, 0.05, 0.15, 0.3, 0.6, 0.9, 0.999, 1.0)


def conductance_ratio(temperature: float, gap: float, broadening: float) -> mp.mpf:
    """R_N/R to 30 digits, for exactly these floats [K, J, J]."""
    with mp.workdps(40):
        thermal = mp.mpf(BOLTZMANN) * mp.mpf(temperature)
        smallest = max(mp.exp(-mp.mpf(gap) / thermal), mp.mpf(broadening) / (mp.mpf(gap) + thermal))
        digits = 40 + int(-mp.log10(smallest))
    with mp.workdps(digits):
        thermal = mp.mpf(BOLTZMANN) * mp.mpf(temperature)
        x, w = mp.mpf(gap) / thermal, mp.mpf(broadening) / thermal
        # Poles of the thermal window lie π/2 above the contour, the gap edges at least π/2 below it.
        step = mp.pi**2 / (digits * mp.log(10))
        total, count = mp.mpf(0), int(digits * mp.log(10) / step) + 1
        for n in range(count + 1):
            epsilon = n * step
            z = mp.mpc(epsilon, w + mp.pi / 2)
            ratio = z / (mp.sqrt(z - x) * mp.sqrt(z + x))
            total += mp.re(ratio / mp.mpc(1, mp.sinh(epsilon))) * (mp.mpf(1) / 2 if n == 0 else 1)
        return +(total * step)


def arguments() -> list[dict[str, float]]:
    """Temperatures [K], gaps [J] and broadenings [J] over the whole range of the Dynes parameter and of T/T_c."""
    zero_temperature_gap = 1.764 * float(BOLTZMANN) * CRITICAL_TEMPERATURE
    rows = []
    for reduced in REDUCED_TEMPERATURES:
        gap = zero_temperature_gap * float(mp.tanh(1.74 * mp.sqrt(1 / mp.mpf(reduced) - 1)))
        for dynes in DYNES:
            rows.append(
                {
                    "temperature": reduced * CRITICAL_TEMPERATURE,
                    "gap": gap,
                    "broadening": dynes * zero_temperature_gap,
                }
            )
    return rows


if __name__ == "__main__":
    rows = [{"arguments": row, "value": mp.nstr(conductance_ratio(**row), 30)} for row in arguments()]
    content = {"quantity": "zero-bias conductance ratio R_N/R", "source": "mpmath, 30 digits", "rows": rows}
    REFERENCE.write_text(json.dumps(content, indent=1) + "\n")
