"""Make src/subkelvin/data/reference_electron_phonon.json: superconducting electron–phonon powers to 20 digits.

Run as ``python tables/reference_electron_phonon.py`` (a few minutes). The double integral of docs/physics.md (electrons
and phonons) is summed by the trapezoid rule in the logarithm of the distance to each threshold, in 30-digit arithmetic.
The step of 0.19 makes the rule right to e^{−π²/0.19} ≈ 1e-22.
"""

import json
from pathlib import Path

from mpmath import mp, mpf

BOLTZMANN = "1.380649e-23"
STEP = "0.19"
DESTINATION = Path(__file__).parents[1] / "src" / "subkelvin" / "data" / "reference_electron_phonon.json"


def log_nodes(first: float, last: float) -> list[mpf]:
    """e^t for t = first, first + step, … up to last."""
    step = mpf(STEP)
    return [mp.exp(mpf(first) + step * k) for k in range(int((last - first) / float(STEP)) + 1)]


def superconducting_electron_phonon_power(
    electron_temperature: float, phonon_temperature: float, coupling: float, gap: float
) -> mpf:
    """P of a BCS superconductor [W] with 20 right digits; the arguments are taken as exact binary numbers."""
    with mp.workdps(32):
        electron, phonon = mpf(electron_temperature), mpf(phonon_temperature)
        x = mpf(gap) / (mpf(BOLTZMANN) * electron)
        step = mpf(STEP)
        widest = float(mp.log(max(mpf(1), phonon / electron))) + 4.7

        def occupations(energy: mpf) -> mpf:
            cold = mpf(0) if phonon == 0 else 1 / mp.expm1(energy * electron / phonon)
            return 1 / mp.expm1(energy) - cold

        total = mpf(0)
        # Scattering, E = x + lower, E' = E + ε.
        lowers = log_nodes(-105.0, 4.7)
        prepared = [(lower, mp.exp(-x - lower), lower / mp.sqrt(lower * (2 * x + lower))) for lower in lowers]
        for energy in log_nodes(-16.0, widest):
            decay = mp.exp(-energy)
            inner = mpf(0)
            for lower, boltzmann, root in prepared:
                upper = lower + energy
                coherence = (lower * upper + x * (lower + upper)) / mp.sqrt(upper * (2 * x + upper))
                inner += root * coherence * boltzmann / ((1 + boltzmann) * (1 + boltzmann * decay))
            total += energy**4 * occupations(energy) * 2 * (1 - decay) * inner
        # Pairs, E_1 + E_2 = ε = 2x + above, E_1 − x = above/(1 + e^{−t}).
        decays = [mp.exp(-step * k) for k in range(int(105 / float(STEP)))]
        shares = [(1 / (1 + decay), decay / (1 + decay), mp.sqrt(decay) / (1 + decay)) for decay in decays]
        for above in log_nodes(-55.0, widest):
            energy = 2 * x + above
            inner = mpf(0)
            for index, (larger, smaller, jacobian) in enumerate(shares):
                first, second = above * larger, above * smaller
                coherence = ((x + first) * (x + second) + x * x) / mp.sqrt((2 * x + first) * (2 * x + second))
                window = (1 + mp.exp(-x - first)) * (1 + mp.exp(-x - second))
                inner += (1 if index == 0 else 2) * jacobian * coherence / window
            total += above * energy**3 * occupations(energy) * -mp.expm1(-energy) * inner
        return mpf(coupling) * electron**5 * step**2 * total / (24 * mp.zeta(5))


def arguments() -> list[dict[str, float]]:
    """Gaps from 0 to 680 k_BT_e, phonons from 0 K to 500 T_e, nearly equal temperatures among them."""
    pairs = [(x, tau) for x in (0.0, 0.01, 0.3, 0.7, 2.0, 9.0, 40.0) for tau in (0.0, 0.3, 0.999, 1.5, 30.0)]
    pairs += [(0.45, 1.00001), (5.0, 0.05), (5.0, 500.0), (200.0, 0.5), (200.0, 3.0), (680.0, 100.0)]
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
