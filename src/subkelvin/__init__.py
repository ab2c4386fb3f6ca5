"""subkelvin: nanoscale circuits in which heat travels as photons below one kelvin.

Importing the package switches JAX to 64-bit floating point, because femtowatt differences of picowatt
flows do not survive in 32 bits. Set the environment variable ``SUBKELVIN_KEEP_JAX_CONFIG=1`` before the import to
leave JAX as it is; computing calls then refuse to run while 64-bit mode is off.
"""

import os

import jax

if os.environ.get("SUBKELVIN_KEEP_JAX_CONFIG", "0") in ("", "0"):
    jax.config.update("jax_enable_x64", True)
