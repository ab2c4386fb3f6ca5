"""Refusing to compute in 32 bits: femtowatt differences of picowatt flows do not survive there."""

import jax


class PrecisionError(RuntimeError):
    """JAX computes in 32 bits."""


def require_double_precision() -> None:
    """Raise a PrecisionError, which is a RuntimeError, while JAX's 64-bit mode is off."""
    if not jax.config.read("jax_enable_x64"):
        raise PrecisionError(
            "subkelvin computes in float64, but JAX's 64-bit mode is off; try jax.config.update('jax_enable_x64', True), or "
            "import subkelvin without SUBKELVIN_KEEP_JAX_CONFIG."
        )
