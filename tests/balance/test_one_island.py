"""The search for steady states, on functions whose states are known."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from subkelvin.balance.steady.scan import GRID_POINTS, all_states, lowest_state, scan


def cubic(temperature: jax.Array) -> jax.Array:
    """Rises, falls between 0.2 and 0.4, rises again: 3-state for loads between the two turning values."""
    t = temperature
    return t**3 / 3.0 - 0.3 * t**2 + 0.08 * t


@pytest.mark.parametrize("place", [0.0, 0.2, 0.4, 0.6, 0.8])
def test_a_dip_as_wide_as_three_grid_spacings_is_found_wherever_it_lies(place: float) -> None:
    spacing = np.log(1.0 / 0.01) / (GRID_POINTS - 1)
    middle, half_width = 0.1 * np.exp(place * spacing), 1.5 * spacing

    def dipping(temperature: jax.Array) -> jax.Array:
        """T², lowered by a parabola within the dip, by a tenth at its middle."""
        off = jnp.log(temperature / middle) / half_width
        return temperature**2 * (1.0 - 0.1 * jnp.maximum(1.0 - off**2, 0.0))

    load = jnp.asarray(0.95 * middle**2)
    table = scan(dipping, jnp.asarray(0.01), jnp.asarray(1.0))
    temperature, stable, count = all_states(dipping, table, load)
    # T² passes the load before the dip, and the parabola passes it on either side of its middle.
    assert int(count) == 3
    assert float(temperature[1]) < middle < float(temperature[2])
    assert list(np.asarray(stable[:3])) == [True, False, True]


@pytest.mark.parametrize("load", [0.0055, 0.006, 0.00651])
def test_three_states_are_found_with_their_stability(load: float) -> None:
    table = scan(cubic, jnp.asarray(0.01), jnp.asarray(1.0))
    temperature, stable, count = all_states(cubic, table, jnp.asarray(load))
    expected = np.sort(np.roots([1.0 / 3.0, -0.3, 0.08, -load]).real)
    assert int(count) == 3
    # Newton ends within the last bits of the argument; the rounding of the cubic near its folds allows a few more.
    np.testing.assert_allclose(temperature[:3], expected, rtol=1e-9)
    assert list(np.asarray(stable[:3])) == [True, False, True]


def test_states_between_grid_points_are_found_at_the_extremum() -> None:
    # The turning value of the cubic at 0.2 is exactly 0.02/3; a load one part in 1e9 below it leaves two states that are
    # 1e-6 apart, far closer than the grid.
    load = 0.02 / 3.0 * (1.0 - 1e-9)
    table = scan(cubic, jnp.asarray(0.01), jnp.asarray(1.0))
    assert int(all_states(cubic, table, jnp.asarray(load))[2]) == 3
    assert float(lowest_state(cubic, table, jnp.asarray(load))) < 0.2
    above = 0.02 / 3.0 * (1.0 + 1e-9)
    assert int(all_states(cubic, table, jnp.asarray(above))[2]) == 1
    assert float(lowest_state(cubic, table, jnp.asarray(above))) > 0.4


def test_the_answer_is_the_lowest_stable_state() -> None:
    table = scan(cubic, jnp.asarray(0.01), jnp.asarray(1.0))
    for load in (0.0055, 0.006, 0.0065, 0.1):
        temperature, stable, _ = all_states(cubic, table, jnp.asarray(load))
        lowest = np.min(np.asarray(temperature)[np.asarray(stable)])
        np.testing.assert_allclose(lowest_state(cubic, table, jnp.asarray(load)), lowest, rtol=1e-14)


def test_no_state_is_invented_where_there_is_none() -> None:
    table = scan(cubic, jnp.asarray(0.01), jnp.asarray(1.0))
    assert np.isnan(lowest_state(cubic, table, jnp.asarray(10.0)))
    assert np.isnan(lowest_state(cubic, table, jnp.asarray(-10.0)))
    broken = scan(lambda t: jnp.where(t > 0.5, jnp.nan, t), jnp.asarray(0.01), jnp.asarray(1.0))
    assert np.isnan(lowest_state(lambda t: jnp.where(t > 0.5, jnp.nan, t), broken, jnp.asarray(0.7)))
