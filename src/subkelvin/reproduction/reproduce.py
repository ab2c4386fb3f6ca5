"""Everything from one call: figures, their data and captions, and the claims table."""

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import ModuleType

from subkelvin.devicefile import preset
from subkelvin.model import DeviceError
from subkelvin.numerics.precision import require_double_precision
from subkelvin.reproduction import claims, fig1, fig2, fig3, fig4
from subkelvin.reproduction.caption import caption
from subkelvin.reproduction.files import all_or_nothing, write_figure

FIGURES: dict[str, tuple[ModuleType, tuple[str, ...]]] = {
    "fig1": (fig1, (fig1.DEVICE,)),
    "fig2": (fig2, (fig2.DEVICE,)),
    "fig3": (fig3, ("silver-setup-1", "inas-setup-1")),
    "fig4": (fig4, ("silver-setup-2", "inas-setup-2")),
}
"""The module of each figure, and the presets behind it."""
TARGETS = (*FIGURES, "claims", "all")


def reproduce(
    targets: Sequence[str], out: str | Path, progress: Callable[[float, str], None] | None = None
) -> list[Path]:
    """Draw figures and check claims.

    For every figure: PDF, PNG, data as netCDF and CSV, and a caption that lists parameters and assumed values. The claims come as
    Markdown, JSON and a figure of their own.

    Args:
        targets: any of `TARGETS`; "all" is everything, and so are the four figures together.
        out: folder to write to; made if need be. Nothing half-written is left there.
        progress: called with the fraction done, from 0 to 1, and what is being done.

    Returns:
        The files written.

    Raises:
        DeviceError: for an unknown target or a folder that cannot be written.
    """
    require_double_precision()
    for target in targets:
        if target not in TARGETS:
            raise DeviceError("", f"there is no figure {target!r}", f"try one of {', '.join(TARGETS)}")
    everything = "all" in targets or set(FIGURES) <= set(targets)
    wanted = [name for name in (*FIGURES, "claims") if everything or name in targets]
    tell = progress or (lambda fraction, label: None)
    folder = Path(out)
    # Read here, one after the other: the table of units is made by whoever comes first.
    devices = {name: {p: preset(p) for p in FIGURES[name][1]} for name in FIGURES}
    tell(0.0, "computing")
    with all_or_nothing(folder) as workshop, ThreadPoolExecutor(max_workers=os.cpu_count() or 1) as pool:
        # Most of the time goes into compiling, which leaves the interpreter free: figures are computed side by side.
        data = {name: pool.submit(FIGURES[name][0].compute) for name in wanted if name in FIGURES}
        share = 1.0 / (2.0 * len(data) + (4.0 if "claims" in wanted else 0.0))
        done = 0.0
        for name, future in data.items():
            module = FIGURES[name][0]
            tell(done, f"computing {name}")
            result = future.result()
            tell(done + share, f"drawing {name}")
            text = caption(module.describe(result), devices[name])
            write_figure(workshop, name, module.draw(result), result, text)
            done += 2.0 * share
        if "claims" in wanted:
            start = done
            claims.write(workshop, lambda fraction, label: tell(start + fraction * (1.0 - start), label))
        written = [folder / file.name for file in sorted(workshop.iterdir())]
    tell(1.0, "done")
    return written
