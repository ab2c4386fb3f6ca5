"""Photonic heat between frequency-dependent junctions: anchors, the adaptive integral, steady states, the choice of model."""

import jax
import numpy as np
import pytest
from scipy.special import ellipe, ellipk

from subkelvin import Device, Status, preset, steady_state
from subkelvin.analysis.photons import heat_matrix
from subkelvin.circuit.netlist import lower_circuit
from subkelvin.constants import BOLTZMANN
from subkelvin.constants import REDUCED_PLANCK as HBAR
from subkelvin.devicefile import loads
from subkelvin.heat.photonic import photonic_heat
from subkelvin.physics.superconductor import gap as superconductor_gap
from subkelvin.physics.superconductor import interpolated_gap
from subkelvin.physics.tunnel_admittance import admittance_ratio

compiled = jax.jit(photonic_heat)
ALUMINIUM_PAIR = {4e11: (50e-12, 1.0), 2e12: (10e-12, 2.0)}
"""ρ [Ω m²] and α of the anchors, by ω_c [rad/s]."""


def pair(cutoff: float, admittance: str) -> Device:
    """The paper's two reservoirs, all islands held."""
    resistance, ratio = ALUMINIUM_PAIR[cutoff]
    device = preset("silver-setup-1", overrides=[("admittance", admittance)]).hold({"left": 0.5})
    return device.replace(
        {
            "elements.left.specific_resistance": resistance,
            "elements.right.specific_resistance": resistance,
            "elements.right.area": ratio * device.values["elements.left.area"],
        }
    )


def heat(device: Device, left: float, right: float, route: str | None = None) -> tuple[float, float]:
    """J from left to right and its estimated error [fW]."""
    by_name = {"left": left, "right": right, "bath": 0.05}
    temperatures = np.array([by_name[island.name] for island in device.structure.ordered_islands])
    found, error = compiled(lower_circuit(device, route), temperatures)
    return 1e15 * float(found[0]), 1e15 * float(error[0])


@pytest.mark.parametrize(
    ("cutoff", "right", "static", "dynamic"),
    [
        (4e11, 0.05, "0.10251", "0.7048"),
        (4e11, 0.2, "0.23327", "1.0447"),
        (4e11, 0.3, "2.9144", "2.9976"),
        (4e11, 0.4, "5.8739", "4.6292"),
        (2e12, 0.05, "0.490758", "1.58578"),
        (2e12, 0.25, "5.342266", "4.05585"),
        (2e12, 0.35, "21.911336", "9.09145"),
    ],
)
def test_both_admittances_give_their_reference_values(cutoff: float, right: float, static: str, dynamic: str) -> None:
    # The references are rounded: half of their last digit is allowed.
    np.testing.assert_allclose(
        heat(pair(cutoff, "static"), 0.5, right)[0], float(static), rtol=0.0, atol=rounding(static)
    )
    np.testing.assert_allclose(
        heat(pair(cutoff, "dynamic"), 0.5, right)[0], float(dynamic), rtol=0.0, atol=rounding(dynamic)
    )


def rounding(digits: str) -> float:
    """Half a unit of the last digit."""
    return 0.5 * 10.0 ** -len(digits.partition(".")[2])


@pytest.mark.parametrize("left", [0.02, 0.1, 0.5, 1.19])
@pytest.mark.parametrize("right", [0.01, 0.05, 0.3, 0.499, 1.1])
def test_the_mesh_agrees_with_the_adaptive_integral_and_says_how_well(left: float, right: float) -> None:
    device = pair(2e12, "dynamic")
    assert lower_circuit(device).route == "mesh"
    mesh, error = heat(device, left, right)
    integral, own = heat(device, left, right, "integral")
    assert abs(mesh - integral) <= 1e-10 * abs(integral)
    assert abs(mesh - integral) <= abs(error) + abs(own) + 1e-13 * abs(integral)


@pytest.mark.parametrize("dynamic", [(), ("left",), ("right",), ("left", "right")])
def test_each_junction_may_have_its_own_admittance(dynamic: tuple[str, ...]) -> None:
    overrides = [(f"elements.{name}.admittance", "dynamic") for name in dynamic]
    device = preset("silver-setup-1", overrides=overrides).hold({"left": 0.5})
    temperatures = {"left": 0.5, "right": 0.05}
    conductance, capacitance = {}, 0.0
    for name in temperatures:
        area = device.values[f"elements.{name}.area"]
        conductance[name] = area / device.values[f"elements.{name}.specific_resistance"]
        capacitance += area * device.values[f"elements.{name}.specific_capacitance"]

    def admittance(name: str, frequency: np.ndarray) -> np.ndarray:
        temperature, broadening = temperatures[name], 1e-4 * 1.764 * BOLTZMANN * 1.2
        ratio = admittance_ratio(temperature, frequency, interpolated_gap(temperature, 1.2), broadening)
        at_zero = np.asarray(admittance_ratio(temperature, 0.0, interpolated_gap(temperature, 1.2), broadening)).real
        return conductance[name] * np.asarray(ratio if name in dynamic else at_zero)

    def integrand(frequency: np.ndarray) -> np.ndarray:
        left, right = admittance("left", frequency), admittance("right", frequency)
        through = 4.0 * left.real * right.real / np.abs(left + right + 1j * frequency * capacitance) ** 2
        exponents = [HBAR * frequency / (BOLTZMANN * temperatures[name]) for name in ("left", "right")]
        photons = [np.exp(-x) / -np.expm1(-x) for x in exponents]
        return HBAR * frequency * through * (photons[0] - photons[1]) / (2.0 * np.pi)

    # To 90 k_BT/ħ of the hot side, in panels of a tenth of its k_BT/ħ and finer below.
    edges = np.concatenate([[0.0], np.geomspace(1e6, 6e9, 20), np.linspace(6e9, 6e12, 1000)[1:]])
    nodes, weights = np.polynomial.legendre.leggauss(20)
    half, middle = 0.5 * np.diff(edges), 0.5 * (edges[1:] + edges[:-1])
    expected = np.sum(half[:, None] * weights * integrand(middle[:, None] + half[:, None] * nodes))
    found = heat_matrix(device, {**temperatures, "bath": 0.05}).between("left", "right")
    np.testing.assert_allclose(float(found), expected, rtol=1e-9)


def test_a_dynamic_steady_state_balances_and_is_differentiated() -> None:
    device = preset("silver-setup-1", overrides=[("admittance", "dynamic")])
    state = steady_state(device)
    assert int(state.status) == Status.CONVERGED
    assert state.photon_route == "mesh"
    assert float(state.residual) <= 1e-9 * 100e-15

    def left(right: float | jax.Array) -> jax.Array:
        return steady_state(device.replace({"islands.right.temperature": right})).temperatures["left"]

    step = 1e-4
    slope = (float(left(0.3 + step)) - float(left(0.3 - step))) / (2.0 * step)
    # The difference's own error is h² f‴/6, and the balance is solved to 1e-9.
    np.testing.assert_allclose(float(jax.grad(left)(0.3)), slope, rtol=1e-4)


def cold_superconductor(energy: np.ndarray, gap: float) -> np.ndarray:
    """(σ_1 − iσ_2)/σ_N at T = 0 above the edge 2Δ, by complete elliptic integrals (Mattis and Bardeen)."""
    ratio = 2.0 * gap / energy
    modulus = (1.0 - ratio) / (1.0 + ratio)
    first = (1.0 + ratio) * ellipe(modulus**2) - 2.0 * ratio * ellipk(modulus**2)
    second = 0.5 * ((ratio + 1.0) * ellipe(1.0 - modulus**2) + (ratio - 1.0) * ellipk(1.0 - modulus**2))
    return np.asarray(first - 1j * second)


@pytest.mark.parametrize("hot", [0.08, 0.05, 0.3])
def test_heat_above_the_edge_of_a_cold_superconductor_is_not_lost(hot: float) -> None:
    device = loads(
        '[superconductors.Al]\ncritical_temperature = "1.2 K"\ndynes = 1e-6\nelectron_phonon = "0.3e9 W m^-3 K^-5"\n'
        f'[islands]\nhot = {{temperature = "{hot} K"}}\ncold = {{temperature = "20 mK"}}\n[elements]\n'
        'n = {kind = "resistor", nodes = ["a", "ground"], island = "hot", resistance = "100 ohm"}\n'
        's = {kind = "superconductor", nodes = ["a", "ground"], island = "cold", superconductor = "Al", resistance = "100 ohm"}\n'
    )
    gap = float(superconductor_gap(0.02, 1.2, True))
    # At 20 mK pairs alone absorb, from 2Δ on; 60 k_BT_hot further e^−60 of the photons are left.
    nodes, weights = np.polynomial.legendre.leggauss(400)
    offset = 0.5 * 60.0 * BOLTZMANN * hot * (nodes + 1.0)
    energy = 2.0 * gap + offset
    admittance = cold_superconductor(energy, gap)
    transmission = 4.0 * admittance.real / np.abs(1.0 + admittance) ** 2
    occupation = 1.0 / np.expm1(energy / (BOLTZMANN * hot))
    expected = (
        np.sum(weights * energy * transmission * occupation) * 0.5 * 60.0 * BOLTZMANN * hot / (2.0 * np.pi * HBAR)
    )
    for route in ("mesh", "integral"):
        value = heat_matrix(device, route=route).between("hot", "cold")
        # 400 points integrate to rounding; 8.8e-63 W of heat are lost as soon as a mesh ends below 2Δ.
        assert value == pytest.approx(expected, rel=1e-9, abs=0.0)
