"""Physical constants: the exact defining values of the SI, and the quanta made from them.

Every number here is exact by definition (BIPM, The International System of Units, 9th edition, 2019)
or an arithmetic combination of such numbers. Nothing measured belongs in this file.
"""

import math

BOLTZMANN = 1.380649e-23
"""Boltzmann constant k_B [J/K]."""

PLANCK = 6.62607015e-34
"""Planck constant h [J s]."""

REDUCED_PLANCK = PLANCK / (2.0 * math.pi)
"""Reduced Planck constant ħ = h/2π [J s]."""

ELEMENTARY_CHARGE = 1.602176634e-19
"""Elementary charge e [C]."""

THERMAL_FREQUENCY = BOLTZMANN / REDUCED_PLANCK
"""Angular frequency of one kelvin, k_B/ħ [rad/(s K)]."""

THERMAL_VOLTAGE = BOLTZMANN / ELEMENTARY_CHARGE
"""Voltage of one kelvin, k_B/e [V/K]."""

HEAT_QUANTUM = math.pi * BOLTZMANN**2 / (12.0 * REDUCED_PLANCK)
"""Heat carried by one perfectly transmitting photon channel per T², πk_B²/12ħ [W/K²]:
P = HEAT_QUANTUM (T_1² − T_2²). Its derivative 2·HEAT_QUANTUM·T is the quantum of thermal conductance."""

FLUX_QUANTUM = PLANCK / (2.0 * ELEMENTARY_CHARGE)
"""Superconducting flux quantum h/2e [Wb]."""

LORENZ_NUMBER = (math.pi * BOLTZMANN / ELEMENTARY_CHARGE) ** 2 / 3.0
"""Sommerfeld's Lorenz number π²k_B²/3e² [W Ω/K²]."""
