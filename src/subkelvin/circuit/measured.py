"""The admittance of a measured element between and beyond the rows of its table.

Between two rows it is linear in frequency, real and imaginary part alike. A weighted mean of two passive admittances is passive,
so that interpolation never makes an element active; a smoother curve could.
"""

import jax
import jax.numpy as jnp


def interpolated_admittance(table_frequency: jax.Array, table_admittance: jax.Array, frequency: jax.Array) -> jax.Array:
    """Y(ω) of measured elements.

    Args:
        table_frequency: angular, rising in every table, filled up with its last value [rad/s], shape (tables, rows).
        table_admittance: shape (tables, rows, ports, ports) [S].
        frequency: angular [rad/s], any shape.

    Returns:
        Shape (*frequency.shape, tables, ports, ports) [S]. The first and the last row hold beyond the table.
    """

    def of_table(rows: jax.Array, values: jax.Array) -> jax.Array:
        above = jnp.searchsorted(rows, frequency, side="right")
        upper = jnp.maximum(1, jnp.minimum(above, rows.shape[0] - 1))
        width = rows[upper] - rows[upper - 1]
        filled = width <= 0.0
        weight = jnp.where(filled, 0.0, (frequency - rows[upper - 1]) / jnp.where(filled, 1.0, width))
        # Beyond the table its ends hold.
        weight = jnp.where(frequency <= rows[0], 0.0, jnp.where(frequency >= rows[-1], 1.0, weight))[..., None, None]
        return (1.0 - weight) * values[upper - 1] + weight * values[upper]

    stacked = jax.vmap(of_table)(jnp.asarray(table_frequency), jnp.asarray(table_admittance))
    return jnp.moveaxis(stacked, 0, -3)
