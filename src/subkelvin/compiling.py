"""One line on stderr for those who wait for a compiler: what is compiled, if that takes long.

JAX tells its public listeners (`jax.monitoring`) when it begins and ends to trace, to lower and to compile a function. What the
three take is added up; once it passes `PATIENCE`, a timer prints, while the compiler is still at work.
"""

import os
import sys
import threading
import time
from types import FrameType

import jax

PATIENCE = 2.0
"""Seconds of compiling after which it is told."""
COMPILE = "/jax/core/compile/backend_compile_duration"
STEPS = ("/jax/core/compile/jaxpr_trace_duration", "/jax/core/compile/jaxpr_to_mlir_module_duration", COMPILE)
"""From a function in Python to code for the processor, by JAX's names; the last step is `COMPILE`."""
SILENCE = 60.0
"""Seconds in which the same question is not told again."""
GAP = 0.1
"""Seconds between two steps of one function at most; a function that is traced and never compiled adds nothing to the next."""
PACKAGE = __name__.partition(".")[0]


class _Work(threading.local):
    """What one thread is compiling."""

    depth = 0
    """Steps under way, one within the other."""
    spent = 0.0
    """Seconds that earlier steps of the same function took."""
    began = 0.0
    ended = 0.0
    told = False
    """Whether an earlier step of the same function was told."""
    timer: threading.Timer | None = None


_work = _Work()
_last_told: dict[str, float] = {}
"""When each question was last told, by its name."""


def tell_of_compiling() -> None:
    """Print a line on stderr whenever this package compiles for more than two seconds, once for each question.

    ``SUBKELVIN_TELL_COMPILING=0`` prevents it. Functions of others, compiled by JAX in the same process, are not told.
    """
    if os.environ.get("SUBKELVIN_TELL_COMPILING", "1") == "0":
        return
    jax.monitoring.register_scalar_listener(_begin)
    jax.monitoring.register_event_duration_secs_listener(_end)


def _begin(event: str, value: float | int, **details: str | int) -> None:
    """A step begins in this thread."""
    if event not in STEPS:
        return
    if _work.depth == 0 and time.monotonic() - _work.ended > GAP:
        _work.told, _work.spent = False, 0.0
    if _work.depth == 0 and not _work.told and (name := _asked_for(str(details.get("fun_name", "")))):
        _work.began = time.monotonic()
        _work.timer = threading.Timer(max(0.0, PATIENCE - _work.spent), _tell, (name,))
        _work.timer.daemon = True
        _work.timer.start()
    _work.depth += 1


def _end(event: str, duration_secs: float, **details: str | int) -> None:
    """A step ends in this thread."""
    if event not in STEPS or _work.depth == 0:
        return
    _work.depth -= 1
    if _work.depth:
        return
    _work.ended = time.monotonic()
    if _work.timer is not None:
        _work.told = not _work.timer.is_alive()
        _work.timer.cancel()
        _work.timer = None
        _work.spent += time.monotonic() - _work.began
    if event == COMPILE:
        _work.told, _work.spent = False, 0.0


def _tell(name: str) -> None:
    """Print the line, unless the same question has just been told: it compiles several functions in a row."""
    now = time.monotonic()
    recent = now - _last_told.get(name, -float("inf")) < SILENCE
    _last_told[name] = now
    if not recent:
        folder = jax.config.jax_compilation_cache_dir  # type: ignore[attr-defined]
        kept = "once; kept for later" if folder else "once in this process"
        print(f"subkelvin: compiling `{name}` for this structure of device ({kept}) …", file=sys.stderr, flush=True)


def _asked_for(compiled: str) -> str:
    """The public function of this package that was called, else the compiled one; empty if none of the package is at work."""
    own = _frames_of_package(sys._getframe())
    if not own:
        return ""
    # On a thread that computes a block, the question is that of the main thread.
    asking = [*_frames_of_package(sys._current_frames().get(threading.main_thread().ident or 0)), *own]
    faces = (sys.modules[PACKAGE], sys.modules.get(f"{PACKAGE}.ndtc"))
    public = {name for face in faces for name in getattr(face, "__all__", ())}
    return next((name for frame in asking if (name := frame.f_code.co_name) in public), compiled)


def _frames_of_package(frame: FrameType | None) -> list[FrameType]:
    """The frames of this package on a stack, outermost first, without those of this file."""
    own: list[FrameType] = []
    while frame is not None:
        home = str(frame.f_globals.get("__name__", ""))
        if home.partition(".")[0] == PACKAGE and frame.f_code.co_filename != __file__:
            own.append(frame)
        frame = frame.f_back
    return own[::-1]
