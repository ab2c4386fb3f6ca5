"""Values of a device that change in time: step, sine, pulse, table.

    step    v(t) = before for t < t_0, after from then on
    sine    v(t) = mean + amplitude sin(2πft + phase)
    pulse   v(t) = base + height for t_0 ≤ t < t_0 + width, base otherwise
    table   v(t) linear between rows, constant beyond them

Every number may be differentiated, and may be an array with one axis: a batch of trajectories. A drive knows where it jumps or
bends, because an integrator that steps over a short pulse would never see it. Times are in seconds, values in the SI unit of the
value that is driven; texts with units ("10 ns", "50 fW") are as good, a value's unit being that of what it drives.
Docs: docs/physics.md, section 14.
"""

import abc
import dataclasses
import functools
from collections.abc import Callable
from typing import Any, ClassVar

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np

from subkelvin.model import ArgumentError
from subkelvin.model.arguments import as_floats, axes_of, is_traced, number_from_text, require_number, require_numbers

STEPS_PER_PERIOD = 6.0
"""A sine is never crossed in fewer steps: an error estimate that samples it at equal phases sees nothing."""


def _read(name: str, unit: str, value: object) -> object:
    """A number, or an array of several, with texts in SI units; what is no number as it is."""
    if isinstance(value, str):
        return number_from_text(name, value, unit)
    if isinstance(value, (list, tuple)):
        value = [number_from_text(name, one, unit) if isinstance(one, str) else one for one in value]
        array = as_floats(value)
        return value if array is None else array
    return value


def _holds_text(value: object) -> bool:
    """Whether this is a text with a unit, or a list with one in it."""
    return isinstance(value, str) or (isinstance(value, (list, tuple)) and any(isinstance(one, str) for one in value))


def _is_list_or_text(value: object) -> bool:
    return isinstance(value, (str, list, tuple))


def _times(name: str) -> Callable[[object], object]:
    """What reads a time, or several, in seconds."""
    return functools.partial(_read, name, "s")


class Drive(eqx.Module):
    """One value of a device as a function of time."""

    driven: ClassVar[tuple[str, ...]] = ()
    """The fields in the unit of what is driven."""

    def in_si(self, name: str, unit: str) -> "Drive":
        """The same drive with numbers where texts are.

        Args:
            name: of the drive, for the sentence.
            unit: of what it drives.

        Raises:
            ArgumentError: if a text has no number with such a unit.
        """
        given = {field: getattr(self, field) for field in self.driven}
        read = {field: _read(f"{name}.{field}", unit, value) for field, value in given.items()}
        return dataclasses.replace(self, **read) if any(map(_is_list_or_text, given.values())) else self

    def __call__(self, time: jax.Array) -> jax.Array:
        """The value at a time [s] ≥ 0.

        Raises:
            ArgumentError: if a number is a text, whose unit is not known before something is driven.
        """
        for field in self.driven:
            if _holds_text(getattr(self, field)):
                raise ArgumentError(field, "is a text, whose unit only `evolve` knows", "give an SI float")
        return self._at(time)

    @abc.abstractmethod
    def _at(self, time: jax.Array) -> jax.Array:
        """The value at a time [s]."""

    @property
    @abc.abstractmethod
    def before(self) -> Any:
        """The value before time 0, at which the device has settled."""

    @property
    @abc.abstractmethod
    def breaks(self) -> Any:
        """Times at which the value jumps or bends [s], shape (breaks,)."""

    @property
    def longest_step(self) -> Any:
        """The longest step of time that is safe [s]."""
        return jnp.inf

    @property
    @abc.abstractmethod
    def extremes(self) -> tuple[Any, ...]:
        """The lowest and highest values ever taken, in any order."""

    @property
    def rank(self) -> int:
        """Axes of each number without those of a batch."""
        return 0


class Step(Drive):
    """A value that changes at once at ``time``; at time 0 unless said otherwise."""

    driven: ClassVar = ("before_step", "after")
    before_step: Any
    after: Any
    time: Any = eqx.field(converter=_times("time"), default=0.0)

    def __check_init__(self) -> None:
        """Refuse what is no number, and a step before the beginning."""
        _require("before_step", self.before_step)
        _require("after", self.after)
        _require("time", self.time, "s", least=0.0)

    def _at(self, time: jax.Array) -> jax.Array:
        """The value at a time [s]."""
        return jnp.where(time < self.time, self.before_step, self.after)

    @property
    def before(self) -> Any:
        """The value before the step."""
        return self.before_step

    @property
    def breaks(self) -> Any:
        """The time of the step [s]."""
        return jnp.stack([self.time])

    @property
    def extremes(self) -> tuple[Any, ...]:
        """The two values."""
        return self.before_step, self.after


class Sine(Drive):
    """A value that oscillates at ``frequency`` [Hz]; ``phase`` in radians."""

    driven: ClassVar = ("mean", "amplitude")
    mean: Any
    amplitude: Any
    frequency: Any = eqx.field(converter=functools.partial(_read, "frequency", "Hz"))
    phase: Any = 0.0

    def __check_init__(self) -> None:
        """Refuse what is no number, and what does not oscillate."""
        _require("mean", self.mean)
        _require("amplitude", self.amplitude)
        _require("frequency", self.frequency, "Hz", above=0.0)
        _require("phase", self.phase, "rad")

    def _at(self, time: jax.Array) -> jax.Array:
        """The value at a time [s]."""
        return self.mean + self.amplitude * jnp.sin(2.0 * np.pi * self.frequency * time + self.phase)

    @property
    def before(self) -> Any:
        """The mean."""
        return self.mean

    @property
    def breaks(self) -> Any:
        """None."""
        return jnp.zeros(0)

    @property
    def longest_step(self) -> Any:
        """A sixth of the period [s]."""
        return 1.0 / (STEPS_PER_PERIOD * self.frequency)

    @property
    def extremes(self) -> tuple[Any, ...]:
        """mean ± amplitude."""
        return self.mean - self.amplitude, self.mean + self.amplitude


class Pulse(Drive):
    """A value that is higher by ``height`` for the time ``width`` [s] from ``start`` [s] on."""

    driven: ClassVar = ("base", "height")
    base: Any
    height: Any
    start: Any = eqx.field(converter=_times("start"))
    width: Any = eqx.field(converter=_times("width"))

    def __check_init__(self) -> None:
        """Refuse what is no number, a pulse that begins before the beginning, and one that ends before it begins."""
        _require("base", self.base)
        _require("height", self.height)
        _require("start", self.start, "s", least=0.0)
        _require("width", self.width, "s", above=0.0)

    def _at(self, time: jax.Array) -> jax.Array:
        """The value at a time [s]."""
        inside = (time >= self.start) & (time < self.start + self.width)
        return self.base + jnp.where(inside, self.height, 0.0)

    @property
    def before(self) -> Any:
        """The value outside the pulse."""
        return self.base

    @property
    def breaks(self) -> Any:
        """Both edges [s]."""
        return jnp.stack([self.start, self.start + self.width])

    @property
    def extremes(self) -> tuple[Any, ...]:
        """The values outside and inside."""
        return self.base, self.base + self.height


class Table(Drive):
    """A value that runs straight between rows; ``times`` ascend [s], shape (rows,)."""

    driven: ClassVar = ("values",)
    times: Any = eqx.field(converter=_times("times"))
    values: Any

    def __check_init__(self) -> None:
        """Refuse rows that are not in order, and one text in place of many numbers."""
        if isinstance(self.values, str):
            _table_rows("values", self.values)
        if is_traced(self.times):
            return
        for row in np.atleast_2d(np.asarray(_table_rows("times", self.times))):
            require_numbers("times", row, "s", least=0.0, ascending=True, fewest=2, example="[0.0, 1e-6]")
        if not is_traced(self.values) and not _holds_text(self.values):
            for row in np.atleast_2d(np.asarray(_table_rows("values", self.values))):
                require_numbers("values", row, example="[0.0, 1e-15]")
        shape, rows = np.shape(self.values), np.shape(self.times)[-1]
        if shape[-1] != rows:
            raise ArgumentError(
                "values", f"must have one value for each of {rows} times, but has shape {shape}", "give as many"
            )

    def _at(self, time: jax.Array) -> jax.Array:
        """The value at a time [s]."""
        return jnp.interp(time, self.times, self.values)

    @property
    def before(self) -> Any:
        """The first value."""
        return jnp.asarray(self.values)[..., 0]

    @property
    def breaks(self) -> Any:
        """All rows [s]."""
        return jnp.asarray(self.times)

    @property
    def extremes(self) -> tuple[Any, ...]:
        """All values."""
        return (self.values,)

    @property
    def rank(self) -> int:
        """One axis, over rows."""
        return 1


def _require(name: str, value: Any, unit: str = "", **limits: Any) -> None:
    """Raise unless this is a number, or an array of them over a batch; a text is read when its unit is known."""
    if _holds_text(value):
        return
    if axes_of(value) == 1:
        require_numbers(name, value, unit, traced=True, **limits)
    else:
        require_number(name, value, unit, traced=True, example="1e-6", **limits)


def _table_rows(name: str, rows: Any) -> Any:
    """Rows of a table, or of a batch of them; refused if they have another number of axes."""
    if axes_of(rows) not in (1, 2):
        raise ArgumentError(name, "must hold numbers along one axis, or two for a batch of tables", "try [0.0, 1e-6]")
    return rows
