"""Axes as people type them.

--vary "islands.left.power=1 fW:100 fW:50:log"       a range, linear without :log
--vary "islands.right.temperature=50 mK,100 mK"      values
--vary "elements.left.area,elements.right.area=…"    keys that have one value
--zip  "KEY=1 fW,2 fW,3 fW; KEY=50 mK:150 mK:3"      keys that vary together, each with its own values
--random 1024 --vary "KEY=1 fW:100 fW:log" …         a random design between the ends of ranges without a count
"""

from collections.abc import Sequence
from typing import TypeAlias

from subkelvin.model import DeviceError
from subkelvin.model.quantities import quoted
from subkelvin.sweeps.axes import Linear, Logarithmic, Random, Zipped

Written: TypeAlias = Linear | Logarithmic | list[str]
SAMPLE = "sample"
"""Dimension of a random design."""
EXAMPLE = 'try --vary "islands.left.power=1 fW:100 fW:50:log"'


def axes_from(
    varied: Sequence[str], zipped: Sequence[str], random: int | None, design: str, seed: int
) -> dict[str | tuple[str, ...], Written | Zipped | Random]:
    """The axes of a sweep, from the texts of its options.

    Raises:
        DeviceError: if a text is no axis.
    """
    axes: dict[str | tuple[str, ...], Written | Zipped | Random] = {}
    ranges: dict[str, Linear | Logarithmic] = {}
    for text in varied:
        keys, told = _axis("--vary", text)
        name = keys if len(keys) > 1 else keys[0]
        if name in axes or any(key in ranges for key in keys):
            raise DeviceError("--vary", f"names {', '.join(keys)!r} twice", "take one axis for it")
        if isinstance(told, list) or told.points is not None:
            axes[name] = told
        elif random is None:
            raise DeviceError("--vary", f"has no number of points in {quoted(text)}", EXAMPLE)
        elif len(keys) > 1:
            raise DeviceError(
                "--vary", f"ties keys in {quoted(text)}, which --random draws one by one", "list their values"
            )
        else:
            ranges[keys[0]] = told
    for text in zipped:
        together = dict(_axis("--zip", part) for part in text.split(";"))
        if any(len(keys) > 1 for keys in together):
            raise DeviceError("--zip", f"ties keys in {quoted(text)}", 'try --zip "KEY=1,2; KEY=3,4"')
        first = next(iter(together))[0]
        if first in axes or len(together) != text.count(";") + 1:
            raise DeviceError("--zip", f"names a key twice in {quoted(text)}", "take one axis for it")
        axes[first] = Zipped({keys[0]: told for keys, told in together.items()})
    if random is not None:
        if not ranges:
            raise DeviceError("--random", "has no range to draw from", 'try --random 64 --vary "KEY=1 fW:100 fW:log"')
        axes[SAMPLE] = Random(random, ranges, design, seed)  # type: ignore[arg-type]
    if not axes:
        raise DeviceError("--vary", "is missing, so that nothing varies", EXAMPLE)
    return axes


def _axis(option: str, text: str) -> tuple[tuple[str, ...], Written]:
    """Keys and what they are along the axis."""
    left, equals, right = text.partition("=")
    keys = tuple(key.strip() for key in left.split(","))
    if not equals or not all(keys) or not right.strip():
        raise DeviceError(
            option, f"must be KEY=START:STOP:N, KEY=START:STOP:N:log or KEY=VALUE,…, but is {quoted(text)}", EXAMPLE
        )
    parts = [part.strip() for part in right.split(":")]
    if len(parts) == 1:
        return keys, [value.strip() for value in right.split(",")]
    logarithmic = parts[-1] == "log"
    ends = parts[:-1] if logarithmic else parts
    if len(ends) not in (2, 3):
        raise DeviceError(option, f"must be KEY=START:STOP:N or KEY=START:STOP:N:log, but is {quoted(text)}", EXAMPLE)
    points = None
    if len(ends) == 3:
        if not (ends[2].isascii() and ends[2].isdecimal() and len(ends[2]) < 12):
            problem = f"must count its points by a whole number, but says {quoted(ends[2])} in {quoted(text)}"
            raise DeviceError(option, problem, EXAMPLE)
        points = int(ends[2])
    return keys, (Logarithmic if logarithmic else Linear)(ends[0], ends[1], points)
