"""Noise of photonic heat: full transmission in closed form, and fluctuation and dissipation."""

import jax
import jax.numpy as jnp
import numpy as np

from subkelvin import preset
from subkelvin.balance.network import lower
from subkelvin.constants import BOLTZMANN, HEAT_QUANTUM, REDUCED_PLANCK
from subkelvin.heat.integral import integrated_heat_current
from subkelvin.heat.photon_noise import photon_heat_noise, photon_noise_of_pairs
from subkelvin.heat.photonic import photonic_heat

ONES = jnp.ones_like


def test_a_perfect_channel_carries_the_noise_of_both_reservoirs_alone() -> None:
    # With 𝒯 = 1: 2∫dω/2π (ħω)² [n_1(1+n_1) + n_2(1+n_2)] = (πk_B³/3ħ)(T_1³ + T_2³); 4k_BT²G at equal temperatures.
    noise, error = photon_heat_noise(ONES, jnp.array([0.2, 0.3, 1.0]), jnp.array([0.2, 0.1, 1e-3]))
    expected = (
        np.pi
        * BOLTZMANN**3
        / (3.0 * REDUCED_PLANCK)
        * (np.array([0.2, 0.3, 1.0]) ** 3 + np.array([0.2, 0.1, 1e-3]) ** 3)
    )
    np.testing.assert_allclose(noise, expected, rtol=1e-11)
    np.testing.assert_allclose(expected[0], 4.0 * BOLTZMANN * 0.2**2 * 2.0 * HEAT_QUANTUM * 0.2, rtol=1e-14)
    assert np.all(error <= 1e-10 * noise)


def test_partition_lowers_the_noise_of_unlike_reservoirs() -> None:
    # S/𝒯 = S_1 − (1 − 𝒯) × (a positive integral), linear in 𝒯: three transmissions lie on one line.
    noise = [
        float(photon_heat_noise(lambda w, t=t: t * ONES(w), jnp.asarray(0.4), jnp.asarray(0.05))[0]) / t
        for t in (0.1, 0.4, 1.0)
    ]
    assert noise[0] < noise[1] < noise[2]
    np.testing.assert_allclose((noise[1] - noise[0]) / 0.3, (noise[2] - noise[0]) / 0.9, rtol=1e-9)


def test_a_filtered_channel_obeys_fluctuation_and_dissipation() -> None:
    def transmission(frequency: jax.Array) -> jax.Array:
        return 0.7 / (1.0 + (frequency / 1e10) ** 2)

    conductance = jax.grad(lambda t: integrated_heat_current(transmission, t, jnp.asarray(0.2))[0])(0.2)
    noise, _ = photon_heat_noise(transmission, jnp.asarray(0.2), jnp.asarray(0.2))
    np.testing.assert_allclose(noise, 4.0 * BOLTZMANN * 0.2**2 * conductance, rtol=1e-10)


def test_the_pairs_of_a_circuit_obey_fluctuation_and_dissipation() -> None:
    network = lower(preset("silver-setup-1"))
    temperatures = jnp.full(3, 0.3)
    # Only the explicit temperatures are varied: at equal temperatures P is zero, and what 𝒯 does with them does not count.
    slope = jax.jacfwd(lambda t: photonic_heat(network.circuit, t)[0])(temperatures)[0, 0]
    noise, _ = photon_noise_of_pairs(network.circuit, temperatures)
    np.testing.assert_allclose(noise[0], 4.0 * BOLTZMANN * 0.3**2 * slope, rtol=1e-9)
