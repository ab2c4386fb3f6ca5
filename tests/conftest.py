"""Set-up shared by all tests: reproducible property tests, and a compile cache inside the checkout."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

# JAX reads these when it is first imported, which no test does before this file. Compiling dominates the run time of
# the tests; a cache of their own makes the second run quick and leaves the user's cache alone.
os.environ.setdefault("JAX_COMPILATION_CACHE_DIR", str(Path(__file__).parents[1] / ".cache" / "compiled"))
os.environ.setdefault("JAX_COMPILATION_CACHE_MAX_SIZE", str(2**32))
os.environ.setdefault("JAX_PERSISTENT_CACHE_MIN_COMPILE_TIME_SECS", "0")
os.environ.setdefault("JAX_PERSISTENT_CACHE_MIN_ENTRY_SIZE_BYTES", "-1")

# Workers share the cores: threads of small linear algebra that wait for each other only get in the way.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

# No deadline: the first example of a property compiles. Derandomized: the same examples on every machine.
settings.register_profile("subkelvin", deadline=None, derandomize=True, print_blob=True)
settings.load_profile("subkelvin")

MOST_MAPPED_REGIONS = 20_000
"""Of memory. Every compiled function takes several; Linux allows a process 65,530, beyond which loading one more aborts it."""


@pytest.fixture(autouse=True, scope="module")
def compiled_functions_do_not_pile_up() -> Iterator[None]:
    """Forget compiled functions after a module once a worker holds too many; what is needed again comes from the cache."""
    yield
    regions = Path("/proc/self/maps")
    if regions.exists() and len(regions.read_text("utf-8", "replace").splitlines()) > MOST_MAPPED_REGIONS:
        import jax

        jax.clear_caches()


COMPILATION = "/jax/core/compile/backend_compile_duration"


@pytest.fixture
def compilations() -> Iterator[list[str]]:
    """Names of compiled programs, such as ``jit(solve)``, in the order in which they are compiled or loaded from the cache."""
    import jax

    programs: list[str] = []

    def listen(event: str, duration_secs: float, **metadata: str | int) -> None:
        if event == COMPILATION:
            programs.append(str(metadata["fun_name"]))

    jax.monitoring.register_event_duration_secs_listener(listen)
    yield programs
    jax.monitoring.unregister_event_duration_listener(listen)
