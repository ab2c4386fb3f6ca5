"""What the static admittance changes: against an integral of its own, against the table in the docs, and in every answer."""

import dataclasses
import functools

import jax
import numpy as np
import pytest

from subkelvin import Device, preset, report, steady_state
from subkelvin.analysis.validity import static_admittance
from subkelvin.analysis.validity.check import LIMITS, Bound
from subkelvin.analysis.validity.static_admittance import (
    AdmittanceComparison,
    compare_admittances,
    with_full_admittance,
)
from subkelvin.balance.steady.steady_state import SteadyState
from subkelvin.devicefile import loads
from subkelvin.gallery.ndtc.cutoffs import at_cutoff

BOLTZMANN, REDUCED_PLANCK = 1.380649e-23, 1.054571817646156e-34
CRITICAL, DYNES, AREA_RATIO = 1.2, 1e-4, 2.0
LEFT = 0.5
MINIMUM, PEAK = 0.1, 0.39
"""T_R at the shallow minimum of J and at its maximum, near enough: J is flat at both [K]."""
FARTHEST = 300.0
"""Beyond, in units of k_BT, nothing is thermal and steps may grow: 45 k_BT of 0.5 K are 225 k_BT of 0.1 K."""
NODES, WEIGHTS = np.polynomial.legendre.leggauss(8)


def panels(points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Gauss's rule on every interval between ascending points: nodes and weights."""
    half = 0.5 * np.diff(points)[:, None]
    return (points[:-1, None] + half * (1.0 + NODES)).ravel(), (half * WEIGHTS).ravel()


def graded(edges: tuple[float, ...], smallest: float, largest: float, step: float) -> np.ndarray:
    """Points from 0 that crowd at every edge, in steps of at most a third of the distance to it and at most ``step``."""
    offsets = np.geomspace(smallest, largest, 120)
    near = [np.concatenate([edge - offsets, edge + offsets]) for edge in (0.0, *edges)]
    points = np.unique(np.concatenate([[0.0, *edges], *near, np.arange(0.0, min(largest, FARTHEST), step)]))
    return points[(points >= 0.0) & (points <= largest)]


def zero_gap() -> float:
    return 1.764 * BOLTZMANN * CRITICAL


def gap(temperature: float) -> float:
    """The interpolated gap [J]."""
    return zero_gap() * float(np.tanh(1.74 * np.sqrt(CRITICAL / temperature - 1.0)))


class IndependentJunction:
    """R_N Y(ω, T) from two integrals: Re y over the density of states, Im y from Re y by causality."""

    def __init__(self, temperature: float) -> None:
        self.temperature = temperature
        self.edge, width = (energy / (BOLTZMANN * temperature) for energy in (gap(temperature), DYNES * zero_gap()))
        self.energy, weight = panels(graded((self.edge,), 1e-7 * self.edge, 5e3, 0.5))
        z = self.energy + 1j * width
        self.states = weight * np.abs(np.real(z / (np.sqrt(z - self.edge) * np.sqrt(z + self.edge))))
        self.other, self.other_weight = panels(graded((self.edge,), 1e-7 * self.edge, 5e3, 2.0))
        self.other_real = self.real(self.other)

    def real(self, u: np.ndarray) -> np.ndarray:
        """Re y = ∫_0^∞ dε N(ε) sinh u/[u (cosh ε + cosh u)]; beyond the integral N = 1 and nothing is thermal."""
        blocks = [
            (np.tanh(0.5 * (one[:, None] + self.energy)) + np.tanh(0.5 * (one[:, None] - self.energy))) @ self.states
            for one in np.array_split(u, max(1, u.size // 256))
        ]
        return np.concatenate(blocks) / (2.0 * u)

    def admittance(self, frequency: np.ndarray) -> np.ndarray:
        """Y R_N, with Im y = (2u/π) ∫_0^∞ dv [Re y(v) − Re y(u)]/(v² − u²); beyond the last v, Re y = 1."""
        u = REDUCED_PLANCK * frequency / (BOLTZMANN * self.temperature)
        real = self.real(u)
        difference = (self.other_real - real[:, None]) / (self.other**2 - u[:, None] ** 2)
        integral = difference @ self.other_weight + (1.0 - real) / 5e3
        return real + 1j * (2.0 * u / np.pi) * integral

    def static(self, frequency: np.ndarray) -> np.ndarray:
        """R_N/R(T) at every frequency."""
        return np.broadcast_to(self.real(np.array([1e-6])), frequency.shape).astype(complex)


@functools.cache
def junction(temperature: float) -> IndependentJunction:
    return IndependentJunction(temperature)


def independent_heat(left: float, right: float, cutoff: float, model: str) -> float:
    """J of the paper's two reservoirs, 2 junctions of 10 Ω in series on the left and α = 2 [W]."""
    unit = BOLTZMANN * left / REDUCED_PLANCK
    edges = tuple(gap(temperature) / (BOLTZMANN * left) for temperature in (left, right))
    points, weight = panels(graded(edges, 1e-6, 45.0, 0.5))
    frequency = points * unit
    y = [getattr(junction(temperature), model)(frequency) for temperature in (left, right)]
    own = [area * (one + 1j * frequency / cutoff) for area, one in zip((1.0, AREA_RATIO), y, strict=True)]
    transmission = 4.0 * own[0].real * own[1].real / np.abs(own[0] + own[1]) ** 2
    photons = [1.0 / np.expm1(REDUCED_PLANCK * frequency / (BOLTZMANN * t)) for t in (left, right)]
    integrand = REDUCED_PLANCK * frequency * transmission * (photons[0] - photons[1])
    return float(unit * np.sum(weight * integrand) / (2.0 * np.pi))


def held(right: float, cutoff: float) -> Device:
    """The silver preset with both reservoirs held."""
    device = preset("silver-setup-1").hold({"left": LEFT}).replace({"islands.right.temperature": right})
    return at_cutoff(device, cutoff)


def state_of(device: Device) -> SteadyState:
    return jax.device_get(steady_state(device))


def compared(device: Device) -> AdmittanceComparison:
    found = compare_admittances(device, state_of(device))
    assert found is not None
    return found


@pytest.mark.parametrize(("right", "cutoff"), [(0.3, 2e12), (MINIMUM, 2e12), (MINIMUM, 1e11), (PEAK, 1e11)])
def test_both_heats_are_those_of_an_integral_that_shares_no_code(right: float, cutoff: float) -> None:
    (path,) = compared(held(right, cutoff)).paths
    assert (path.source, path.target) == ("left", "right")
    # Gauss's rule on panels of half a k_BT that crowd at the gaps: halving all of them moves neither heat by 1e-5.
    assert path.static == pytest.approx(independent_heat(LEFT, right, cutoff, "static"), rel=1e-4)
    assert path.full == pytest.approx(independent_heat(LEFT, right, cutoff, "admittance"), rel=1e-4)


@pytest.mark.parametrize(
    ("right", "cutoff", "ok"),
    [
        (0.3, 2e12, False), (MINIMUM, 2e12, False), (PEAK, 2e12, False),
        # The static model is right at the maximum of J and wrong by a factor at its minimum, in one and the same device.
        (MINIMUM, 1e11, False), (PEAK, 1e11, True),
        (MINIMUM, 1e9, True), (PEAK, 1e9, True),
    ],
)  # fmt: skip
def test_the_check_fails_where_the_two_heats_differ_by_a_tenth(right: float, cutoff: float, ok: bool) -> None:
    found = compared(held(right, cutoff))
    (path,) = found.paths
    assert found.check.name == "static-admittance"
    assert found.check.limit == 0.1
    assert found.check.value == pytest.approx(abs(path.full / path.static - 1.0), rel=1e-15)
    assert found.check.ok is ok
    assert ("beyond the limit" if not ok else "within the limit") in found.sentence


@pytest.mark.parametrize(("cutoff", "static", "full"), [(1e10, 52.0, 37.0), (1e11, 52.0, 14.0), (2e12, 51.0, 5.9)])
def test_the_contrasts_are_those_of_the_page_on_the_admittance(cutoff: float, static: float, full: float) -> None:
    grid = [
        compared(held(right, cutoff)).paths[0] for right in (*np.linspace(0.05, 0.2, 13), *np.linspace(0.3, 0.45, 25))
    ]
    for model, expected in (("static", static), ("full", full)):
        heats = [getattr(path, model) for path in grid]
        lowest = min(heats[:13])
        # Two digits are 1 % of 52 and of 5.9; points 12 and 6 mK apart miss the extrema by another 1 % at most.
        assert max(heats) / lowest == pytest.approx(expected, rel=0.02)


def test_the_verdict_leads_every_form_of_a_report() -> None:
    answer = report(preset("silver-setup-1"))
    sentence = (
        "static admittance: 13.4 fW from left to right; with the junctions' full admittance 6.17 fW at the same temperatures, "
        "beyond the limit of 10 %"
    )
    assert answer.verdict == sentence
    assert str(answer).startswith(f"{sentence}\nTwo NISIN reservoirs, silver, right one heated: converged.")
    assert "checks that fail: static-admittance" in str(answer)
    first, compared_paths = next(iter(answer.to_dict().items()))
    assert first == "static_admittance"
    assert compared_paths["sentence"] == sentence
    assert compared_paths["elements"] == ["left", "right"]
    (path,) = compared_paths["paths"]
    # The static heat is that of the state, by another route of the same formula.
    assert path["static_W"] == pytest.approx(float(answer.state.heat("left", "right", "photon")), rel=1e-12)
    (check,) = [check for check in answer.checks if check.kind == "static-admittance"]
    assert check.value == pytest.approx(abs(path["full_W"] / path["static_W"] - 1.0), rel=1e-15)
    assert check.ok is False


def test_a_dynamic_device_has_no_verdict_and_no_check() -> None:
    device = with_full_admittance(held(0.3, 2e12))
    assert compare_admittances(device, state_of(device)) is None
    answer = report(device)
    assert answer.verdict == ""
    assert answer.to_dict()["static_admittance"] is None
    assert "static-admittance" not in {check.kind for check in answer.checks}
    assert "static" not in str(answer).splitlines()[0]


def test_where_only_some_junctions_are_static_they_are_named_and_the_others_stay() -> None:
    device = held(0.3, 2e12)
    elements = tuple(dataclasses.replace(one, dynamic=one.name == "right") for one in device.structure.elements)
    mixed = Device(device.values, dataclasses.replace(device.structure, elements=elements))
    found = compared(mixed)
    assert found.elements == ("left",)
    assert found.sentence.startswith("static admittance (left): ")
    both = compared(device).paths[0]
    # All junctions are dynamic on one side of both comparisons; the mixed device is neither.
    assert found.paths[0].full == pytest.approx(both.full, rel=1e-12)
    assert abs(found.paths[0].static / both.static - 1.0) > 0.01
    assert abs(found.paths[0].static / both.full - 1.0) > 0.01


def test_a_device_without_junctions_has_no_verdict() -> None:
    device = loads("""
    [islands.hot]
    temperature = "0.4 K"
    [islands.cold]
    temperature = "0.1 K"
    [elements]
    hot = { kind = "resistor", nodes = ["a", "ground"], island = "hot", resistance = "100 ohm" }
    cold = { kind = "resistor", nodes = ["a", "ground"], island = "cold", resistance = "300 ohm" }
    """)
    assert compare_admittances(device, state_of(device)) is None


def test_above_the_transition_the_admittances_are_the_same() -> None:
    # Every junction is normal: R_N and C, whatever the frequency.
    device = held(1.4, 2e12).hold({"left": 1.5})
    found = compared(device)
    # Rounding of a closed form against a mesh of 1e-12.
    assert found.check.value == pytest.approx(0.0, abs=1e-10)
    assert found.check.ok is True


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"islands.left.power": 1e-6}, "there is no steady state"),
        (
            {"islands.right.temperature": 0.05, "islands.left.power": 0.0},
            "no photonic heat flows at these temperatures",
        ),
    ],
)
def test_where_nothing_can_be_compared_the_check_says_why(changes: dict[str, float], reason: str) -> None:
    found = compared(preset("silver-setup-1").replace(changes))
    assert found.check.ok is None
    assert found.check.value is None
    assert f"Not assessed: {reason}." in found.check.meaning
    assert found.sentence == f"static admittance: not compared with the full one, because {reason}"


def test_junctions_that_exchange_no_photons_are_not_judged() -> None:
    device = held(0.3, 2e12)
    elements = tuple(dataclasses.replace(one, island="left") for one in device.structure.elements)
    alone = Device(device.values, dataclasses.replace(device.structure, elements=elements))
    found = compared(alone)
    assert found.check.ok is None
    assert "no two islands exchange photons" in found.check.meaning
    assert found.sentence == ""


def test_large_circuits_are_not_compared_and_say_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(static_admittance, "LARGEST", 1)
    found = compared(held(0.3, 2e12))
    assert found.check.ok is None
    assert "elements radiate" in found.check.meaning


THREE = """
superconductors.Al = { base = "aluminium", dynes = 1e-4 }
islands.hot = { temperature = "500 mK" }
islands.cold = { temperature = "100 mK" }
islands.other = { temperature = "300 mK" }
[elements]
hot = { kind = "resistor", nodes = ["a", "ground"], island = "hot", resistance = "10 ohm" }
cold = { kind = "resistor", nodes = ["a", "ground"], island = "cold", resistance = "10 ohm" }
[elements.other]
kind = "nis"
nodes = ["a", "ground"]
island = "other"
superconductor = "Al"
resistance = "100 kohm"
capacitance = "1 fF"
"""


def test_of_several_paths_the_largest_change_is_the_check_and_the_most_heat_beyond_the_limit_is_shown() -> None:
    found = compared(loads(THREE))
    # The junction carries a millionth of the heat of the two resistors, but all photonic heat of its own island.
    assert {(path.source, path.target) for path in found.paths} == {
        ("hot", "cold"),
        ("hot", "other"),
        ("other", "cold"),
    }
    changes = [path.change for path in found.paths]
    assert changes == sorted(changes, reverse=True)
    assert found.check.value == changes[0]
    (between_resistors,) = [path for path in found.paths if (path.source, path.target) == ("hot", "cold")]
    assert between_resistors.change < 1e-3
    assert max(path.full for path in found.paths) == between_resistors.full
    beyond = [path for path in found.paths if path.change >= 0.1]
    shown = max(beyond, key=lambda path: max(path.full, path.static))
    assert f"from {shown.source} to {shown.target}" in found.sentence
    assert f"({len(beyond)} of 3 photonic paths)" in found.sentence


def test_a_static_heat_of_zero_fails_without_a_number() -> None:
    found = AdmittanceComparison(("a",), False, (static_admittance.ComparedPath("x", "y", 0.0, 1e-15),), "")
    assert found.check.value is None
    assert found.check.ok is False
    assert found.sentence.startswith("static admittance: 0 W from x to y; with the junctions' full admittance 1 fW")


@pytest.mark.parametrize(
    ("bound", "text", "good", "bad"),
    [
        (Bound("<", 0.1), "< 0.1", (0.0999, -1.0), (0.1, 0.2)),
        (Bound("≥", 0.0), "≥ 0", (0.0, 1.0), (-1e-300,)),
        (Bound("=", 1.0), "= 1", (1.0,), (0.0, 2.0)),
    ],
)
def test_a_limit_prints_what_it_tests(bound: Bound, text: str, good: tuple[float, ...], bad: tuple[float, ...]) -> None:
    assert str(bound) == text
    assert all(bound.holds(number) for number in good)
    assert not any(bound.holds(number) for number in bad)
    assert bound in LIMITS.values() or bound.relation == "<"
