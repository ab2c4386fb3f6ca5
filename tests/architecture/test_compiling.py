"""Whoever waits for a compiler is told what is compiled: after two seconds, on stderr, once."""

import os
import subprocess
import sys

SLOW = '''
import time, types
import jax, jax.numpy as jnp
import subkelvin
from subkelvin import compiling
compiling.PATIENCE = 0.2

# A function of any name in a module of any package, whose trace takes long: JAX's own events, a fake of the compiler's work.
TEXT = """
def {name}(x):
    def traced(y):
        time.sleep({seconds})
        return 2.0 * y
    return jax.jit(traced)(x)
"""

def run(seconds, home, name):
    module = types.ModuleType(home)
    module.jax, module.time = jax, time
    exec(TEXT.format(name=name, seconds=seconds), vars(module))
    return getattr(module, name)(jnp.ones(3))
'''


def said(call: str, **environment: str) -> str:
    """What a process says on stderr; nothing but its answer may be on stdout."""
    done = subprocess.run(
        [sys.executable, "-c", SLOW + f"\n{call}\nprint('answer')"],
        capture_output=True, text=True, check=True, timeout=120,
        env=os.environ | {"SUBKELVIN_TELL_COMPILING": "1", "JAX_PLATFORMS": "cpu"} | environment,
    )  # fmt: skip
    assert done.stdout == "answer\n"
    return done.stderr


def test_a_slow_compilation_is_told_once_by_the_name_of_the_question() -> None:
    told = said("run(0.6, 'subkelvin.fake', 'steady_state'); run(0.5, 'subkelvin.fake', 'steady_state')")
    assert told == "subkelvin: compiling `steady_state` for this structure of device (once; kept for later) …\n"


def test_the_line_says_whether_the_code_is_kept() -> None:
    told = said("run(0.6, 'subkelvin.fake', 'report')", SUBKELVIN_KEEP_COMPILED="0", JAX_COMPILATION_CACHE_DIR="")
    assert told == "subkelvin: compiling `report` for this structure of device (once in this process) …\n"


def test_what_a_thread_compiles_has_the_name_of_the_question() -> None:
    # As `in_order` does, from a function `response` of the package.
    threads = """
import threading
def on_a_thread():
    thread = threading.Thread(target=run, args=(0.6, "subkelvin.fake", "block"))
    thread.start()
    thread.join()
module = types.ModuleType("subkelvin.fake")
module.on_a_thread = on_a_thread
exec("def report():\\n    on_a_thread()", vars(module))
module.report()
"""
    assert said(threads).startswith("subkelvin: compiling `report` for")


def test_what_is_quick_or_not_ours_is_not_told() -> None:
    assert said("run(0.0, 'subkelvin.fake', 'report'); run(0.6, 'theirs', 'report')") == ""


def test_what_is_only_traced_does_not_count_towards_what_is_compiled_later() -> None:
    shapes = """
module = types.ModuleType("subkelvin.fake")
module.jax = jax
exec("def report(traced, x): return jax.eval_shape(jax.jit(traced), x)", vars(module))
for seconds in (0.12, 0.13, 0.14):
    module.report(lambda y: (time.sleep(seconds), y)[1], jnp.ones(3))
    time.sleep(0.15)
run(0.01, "subkelvin.fake", "report")
"""
    assert said(shapes) == ""


def test_the_line_can_be_switched_off() -> None:
    assert said("run(0.6, 'subkelvin.fake', 'report')", SUBKELVIN_TELL_COMPILING="0") == ""
