"""Heat through one LC mode: at weak coupling the rate equation of quantum optics, and what a strong one takes from it.

A mode ω that two reservoirs damp with the energy rates κ_1 and κ_2 has d⟨n⟩/dt = Σ κ_i (n_i − ⟨n⟩), so that

    P = ħω κ_1κ_2/(κ_1 + κ_2) (n_1 − n_2),        κ_i = R_i/L in series, Q = ω/(κ_1 + κ_2).

The same follows from the Lindblad equation, solved here in the basis of photon numbers.
"""

import numpy as np
import pytest

from subkelvin.constants import REDUCED_PLANCK, THERMAL_FREQUENCY
from subkelvin.devicefile import loads
from subkelvin.heat.matrix import heat_matrix_of

TEMPERATURES = np.array([0.35, 0.1])
CENTRE = 2.0 * np.pi * 6e9
INDUCTANCE = 2e-9
CAPACITANCE = 1.0 / (CENTRE**2 * INDUCTANCE)
LEVELS = 90
"""Photon numbers kept: at 350 mK level 90 is occupied by e^{−74}."""
QUTIP_PHOTON_CURRENT = {1.0: 0.18094174030843047, 4.0: 0.11580271379739504}
"""Photons out of the hot reservoir per 1/(κ_1 + κ_2), for κ_1/κ_2: Tr[a†a D_hot ρ] of QuTiP 5.3.1's steadystate, 60 levels."""


def series_mode(quality: float, ratio: float = 1.0) -> float:
    """Heat from a hot to a cold resistor through a series LC mode [W]; ratio = R_hot/R_cold."""
    total = CENTRE * INDUCTANCE / quality
    hot, cold = total * ratio / (1.0 + ratio), total / (1.0 + ratio)
    device = loads(
        f"""
        islands.hot = {{temperature = "{TEMPERATURES[0]} K"}}
        islands.cold = {{temperature = "{TEMPERATURES[1]} K"}}
        elements.hot = {{kind = "resistor", nodes = ["a", "ground"], island = "hot", resistance = "{hot!r} ohm"}}
        elements.l = {{kind = "inductor", nodes = ["a", "b"], inductance = "{INDUCTANCE!r} H"}}
        elements.c = {{kind = "capacitor", nodes = ["b", "c"], capacitance = "{CAPACITANCE!r} F"}}
        elements.cold = {{kind = "resistor", nodes = ["c", "ground"], island = "cold", resistance = "{cold!r} ohm"}}
        """
    )
    return float(heat_matrix_of(device, TEMPERATURES).watts[0, 1])


def rate_equation(quality: float, ratio: float = 1.0) -> float:
    """ħω κ_1κ_2/(κ_1 + κ_2) (n_1 − n_2) [W]."""
    occupation = 1.0 / np.expm1(CENTRE / (THERMAL_FREQUENCY * TEMPERATURES))
    share = ratio / (1.0 + ratio) ** 2
    return float(REDUCED_PLANCK * CENTRE * (CENTRE / quality) * share * (occupation[0] - occupation[1]))


def lindblad_current(hot_share: float) -> float:
    """Photons out of the hot reservoir per 1/(κ_1 + κ_2), from the stationary state of the Lindblad equation.

    With a the ladder operator, ρ' = Σ κ_i {(n_i + 1) D[a] + n_i D[a†]} ρ; photon numbers decouple from coherences.
    """
    occupation = 1.0 / np.expm1(CENTRE / (THERMAL_FREQUENCY * TEMPERATURES))
    lower = np.diag(np.sqrt(np.arange(1.0, LEVELS)), 1)
    shares = (hot_share, 1.0 - hot_share)

    def generator(share: float, mean: float) -> np.ndarray:
        rates = np.zeros((LEVELS, LEVELS))
        for jump, strength in ((lower, share * (mean + 1.0)), (lower.T, share * mean)):
            rates += strength * (np.abs(jump) ** 2 - np.diag(np.diag(jump.T @ jump)))
        return rates

    both = [generator(share, mean) for share, mean in zip(shares, occupation, strict=True)]
    system = np.vstack([both[0] + both[1], np.ones(LEVELS)])
    stationary = np.linalg.lstsq(system, np.append(np.zeros(LEVELS), 1.0), rcond=None)[0]
    return float(np.arange(LEVELS) @ both[0] @ stationary)


@pytest.mark.parametrize("ratio", [0.1, 1.0, 4.0])
def test_weakly_damped_heat_is_that_of_the_rate_equation(ratio: float) -> None:
    # The correction falls as 1/Q: ten times the quality, a tenth of it.
    first, second = (1.0 - series_mode(quality, ratio) / rate_equation(quality, ratio) for quality in (1e4, 1e5))
    assert abs(first) < 1e-4
    np.testing.assert_allclose(second / first, 0.1, rtol=1e-2)


@pytest.mark.parametrize(("quality", "expected"), [(3.8, 0.905), (151.0, 0.997)])
def test_strong_damping_takes_the_known_part_of_it(quality: float, expected: float) -> None:
    # The reference has three digits.
    np.testing.assert_allclose(series_mode(quality) / rate_equation(quality), expected, atol=6e-4)


@pytest.mark.parametrize("ratio", [1.0, 4.0])
def test_the_lindblad_equation_gives_the_same_current(ratio: float) -> None:
    current = lindblad_current(ratio / (1.0 + ratio))
    from_lindblad = REDUCED_PLANCK * CENTRE * (CENTRE / 1e6) * current
    # 1/Q is left.
    np.testing.assert_allclose(series_mode(1e6, ratio), from_lindblad, rtol=2e-6)
    np.testing.assert_allclose(current, QUTIP_PHOTON_CURRENT[ratio], rtol=1e-11)
