"""Where compiled code is kept between processes."""

import os
from pathlib import Path

import jax

MOST_KEPT = 2**31
"""Bytes. With a limit JAX also takes a lock, so that no process reads what another has only half written."""


def keep_compiled_code() -> None:
    """Let JAX keep compiled code in the user's cache folder, so that the next process compiles nothing anew.

    ``JAX_COMPILATION_CACHE_DIR`` names another folder, ``SUBKELVIN_KEEP_COMPILED=0`` prevents it; nothing happens where the
    folder cannot be written. What is kept belongs to a version of JAX and a processor, and can be deleted at any time.
    """
    if "JAX_COMPILATION_CACHE_DIR" in os.environ or os.environ.get("SUBKELVIN_KEEP_COMPILED", "1") == "0":
        return
    import platformdirs

    folder = Path(platformdirs.user_cache_dir("subkelvin")) / "compiled"
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return
    if not os.access(folder, os.W_OK):
        return
    jax.config.update("jax_compilation_cache_dir", str(folder))
    jax.config.update("jax_compilation_cache_max_size", MOST_KEPT)
    jax.config.update("jax_persistent_cache_min_compile_time_secs", 0.0)
    jax.config.update("jax_persistent_cache_min_entry_size_bytes", -1)
