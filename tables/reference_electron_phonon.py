"""Make src/subkelvin/data/reference_electron_phonon.json: superconducting electron–phonon powers to 20 digits.

Run as ``python tables/reference_electron_phonon.py`` (a few minutes). The double integral of docs/physics.md (electrons
and phonons) is summed by the trapezoid rule in the logarithm of the distance to each threshold, in 32-digit arithmetic.
The Fermi and Bose poles lie at an imaginary part of π/2, so a step h leaves e^{−π²/h} times the growth of the integrand
towards them: 1e-21 with 0.19 for the kernel and with 0.14 for the outer integral and its fourth power of the energy.
"""

import json
from pathlib import Path
from typing import TypedDict

from mpmath import mp, mpf

BOLTZMANN = "1.380649e-23"
INNER_STEP = "0.19"
OUTER_STEP = "0.14"
DESTINATION = Path(__file__).parents[1] / "src" / "subkelvin" / "data" / "reference_electron_phonon.json"


class Arguments(TypedDict):
    """Of one reference value."""

    electron_temperature: float
    phonon_temperature: float
    coupling: float
    gap: float


def log_nodes(first: float, last: float, step: str) -> list[mpf]:
    """e^t for t = first, first + step, … up to last."""
    return [mp.exp(mpf(first) + mpf(step) * k) for k in range(int((last - first) / float(step)) + 1)]


def superconducting_electron_phonon_power(
    electron_temperature: float,
    phonon_temperature: float,
    coupling: float,
    gap: float,
    inner_step: str = INNER_STEP,
    outer_step: str = OUTER_STEP,
) -> mpf:
    """P of a BCS superconductor [W] with 20 right digits; the arguments are taken as exact binary numbers."""
    with mp.workdps(32):
        electron, phonon = mpf(electron_temperature), mpf(phonon_temperature)
        x = mpf(gap) / (mpf(BOLTZMANN) * electron)
        widest = float(mp.log(max(mpf(1), phonon / electron))) + 4.7

        def occupations(energy: mpf) -> mpf:
            cold = mpf(0) if phonon == 0 else 1 / mp.expm1(energy * electron / phonon)
            return 1 / mp.expm1(energy) - cold

        total = mpf(0)
        # Scattering, E = x + lower, E' = E + ε.
        lowers = log_nodes(-105.0, 4.7, inner_step)
        prepared = [(lower, mp.exp(-x - lower), lower / mp.sqrt(lower * (2 * x + lower))) for lower in lowers]
        for energy in log_nodes(-16.0, widest, outer_step):
            decay = mp.exp(-energy)
            inner = mpf(0)
            for lower, boltzmann, root in prepared:
                upper = lower + energy
                coherence = (lower * upper + x * (lower + upper)) / mp.sqrt(upper * (2 * x + upper))
                inner += root * coherence * boltzmann / ((1 + boltzmann) * (1 + boltzmann * decay))
            total += energy**4 * occupations(energy) * 2 * (1 - decay) * inner
        # Pairs, E_1 + E_2 = ε = 2x + above, E_1 − x = above/(1 + e^{−t}).
        decays = [1 / node for node in log_nodes(0.0, 105.0, inner_step)]
        shares = [(1 / (1 + decay), decay / (1 + decay), mp.sqrt(decay) / (1 + decay)) for decay in decays]
        for above in log_nodes(-55.0, widest, outer_step):
            energy = 2 * x + above
            decay = mp.exp(-energy)
            inner = mpf(0)
            for index, (larger, smaller, jacobian) in enumerate(shares):
                first, second = above * larger, above * smaller
                coherence = ((x + first) * (x + second) + x * x) / mp.sqrt((2 * x + first) * (2 * x + second))
                boltzmann = mp.exp(-x - second)
                window = 1 + boltzmann + decay / boltzmann + decay  # (1 + e^{−E_1})(1 + e^{−E_2})
                inner += (1 if index == 0 else 2) * jacobian * coherence / window
            total += above * energy**3 * occupations(energy) * (1 - decay) * inner
        return mpf(coupling) * electron**5 * mpf(inner_step) * mpf(outer_step) * total / (24 * mp.zeta(5))


def arguments() -> list[Arguments]:
    """Gaps from 0 to 660 k_BT_e, phonons from 0 K to 500 T_e, nearly equal temperatures among them."""
    pairs = [(x, tau) for x in (0.0, 0.3, 2.0, 9.0) for tau in (0.0, 0.999, 1.5, 30.0)]
    pairs += [(0.45, 1.00001), (5.0, 0.3), (5.0, 500.0), (40.0, 0.5), (200.0, 0.1), (200.0, 3.0), (660.0, 100.0)]
    return [
        {
            "electron_temperature": 0.125,
            "phonon_temperature": 0.125 * tau,
            "coupling": 1e-9,
            "gap": x * float(BOLTZMANN) * 0.125,
        }
        for x, tau in pairs
    ]


if __name__ == "__main__":
    rows = []
    for row in arguments():
        rows.append({"arguments": row, "value": mp.nstr(superconducting_electron_phonon_power(**row), 20)})
        print(rows[-1], flush=True)
    document = {"quantity": "superconducting_electron_phonon_power", "source": "mpmath, 20 digits", "rows": rows}
    DESTINATION.write_text(json.dumps(document, indent=1) + "\n")
