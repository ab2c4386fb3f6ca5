"""Set-up shared by all tests: reproducible property tests, and a compile cache inside the checkout."""

import os
from pathlib import Path

from hypothesis import settings

# JAX reads these when it is first imported, which no test does before this file. Compiling dominates the run time of
# the tests; a cache of their own makes the second run quick and leaves the user's cache alone.
os.environ.setdefault("JAX_COMPILATION_CACHE_DIR", str(Path(__file__).parents[1] / ".cache" / "jax"))
os.environ.setdefault("JAX_PERSISTENT_CACHE_MIN_COMPILE_TIME_SECS", "0")
os.environ.setdefault("JAX_PERSISTENT_CACHE_MIN_ENTRY_SIZE_BYTES", "-1")

# Workers share the cores: threads of small linear algebra that wait for each other only get in the way.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

# No deadline: the first example of a property compiles. Derandomized: the same examples on every machine.
settings.register_profile("subkelvin", deadline=None, derandomize=True, print_blob=True)
settings.load_profile("subkelvin")
