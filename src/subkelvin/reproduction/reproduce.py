"""Everything from one call: figures, their data and captions, and the claims table."""

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import ModuleType
from typing import NamedTuple

from subkelvin.files import all_or_nothing
from subkelvin.model import DeviceError
from subkelvin.numerics.precision import require_double_precision
from subkelvin.progress import Progress
from subkelvin.reproduction import admittance as comparison
from subkelvin.reproduction import claims, fig1, fig2, fig3, fig4, leivo1996
from subkelvin.reproduction.admittance import ADMITTANCES
from subkelvin.reproduction.caption import caption
from subkelvin.reproduction.files import write_figure
from subkelvin.reproduction.setups import with_admittance

FIGURES: dict[str, tuple[ModuleType, tuple[str, ...]]] = {
    "fig1": (fig1, (fig1.DEVICE,)),
    "fig2": (fig2, (fig2.DEVICE,)),
    "fig3": (fig3, ("silver-setup-1", "inas-setup-1")),
    "fig4": (fig4, ("silver-setup-2", "inas-setup-2")),
}
"""The module of each figure, and the presets behind it."""
BOTH_MODELS = ("fig2", "fig3", "fig4")
"""Figures that depend on the admittance of the junctions."""
OTHERS: dict[str, tuple[ModuleType, tuple[str, ...]]] = {"leivo1996": (leivo1996, (leivo1996.DEVICE,))}
"""The same of published results of others; "all" is the paper alone, and these are drawn when they are named."""
TARGETS = (*FIGURES, "claims", "all", *OTHERS)


def reproduce(
    targets: Sequence[str],
    out: str | Path,
    progress: Progress | None = None,
    admittance: str = "static",
) -> list[Path]:
    """Draw figures and check claims.

    For every figure: PDF, PNG, data as netCDF and CSV, and a caption that lists parameters and assumed values. The claims come as
    Markdown, JSON and a figure of their own.

    Args:
        targets: any of `TARGETS`; "all" is the paper's figures and claims, and so are the four figures together.
        out: folder to write to; made if need be. Nothing half-written is left there.
        progress: told of every figure and study.
        admittance: of the junctions: "static", as in the paper; "dynamic"; or "both", which also draws one against the other.
            Files of the dynamic model end in ``-dynamic``.

    Returns:
        The files written.

    Raises:
        DeviceError: for an unknown target or a folder that cannot be written.
    """
    require_double_precision()
    for target in targets:
        if target not in TARGETS:
            raise DeviceError("", f"there is no figure {target!r}", f"try one of {', '.join(TARGETS)}")
    if admittance not in (*ADMITTANCES, "both"):
        raise DeviceError("--admittance", f"must be static, dynamic or both, but is {admittance!r}", "try both")
    models = ADMITTANCES if admittance == "both" else (admittance,)
    everything = "all" in targets or set(FIGURES) <= set(targets)
    modules = FIGURES | OTHERS
    paper = (*FIGURES, "claims")
    wanted = [name for name in (*paper, *OTHERS) if name in targets or (everything and name in paper)]
    progress = progress or Progress()
    tell = progress.step
    folder = Path(out)
    tasks = [
        _Task(name, modules[name][0], model)
        for name in wanted
        if name in modules
        for model in (models if name in BOTH_MODELS else ADMITTANCES[:1])
    ]
    if admittance == "both" and everything:
        tasks.append(_Task("admittance", comparison, ""))
    # Read here, one after the other: the table of units is made by the first caller.
    devices = {task: {p: with_admittance(p, task.model or "dynamic") for p in _presets(task.name)} for task in tasks}
    tell(0.0, "computing")
    with all_or_nothing(folder) as workshop, ThreadPoolExecutor(max_workers=os.cpu_count() or 1) as pool:
        # Most of the time goes into compiling, which leaves the interpreter free: figures are computed side by side.
        data = {task: pool.submit(task.module.compute, *task.arguments) for task in tasks}
        judged = models if "claims" in wanted else ()
        share = 1.0 / (2.0 * len(data) + 4.0 * len(judged))
        done = 0.0
        for task, future in data.items():
            tell(done, f"computing {task.stem}")
            result = future.result()
            tell(done + share, f"drawing {task.stem}")
            text = caption(task.module.describe(result), devices[task])
            write_figure(workshop, task.stem, task.module.draw(result), result, text)
            done += 2.0 * share
        for model in judged:
            start, width = done, 4.0 * share
            claims.write(
                workshop,
                progress.part(start, width),
                model,
            )
            done += width
        written = [folder / file.name for file in sorted(workshop.iterdir())]
    tell(1.0, "done")
    return written


class _Task(NamedTuple):
    """One figure with one admittance; "" for the figure that compares both."""

    name: str
    module: ModuleType
    model: str

    @property
    def stem(self) -> str:
        """Of the files."""
        return f"{self.name}-dynamic" if self.model == "dynamic" else self.name

    @property
    def arguments(self) -> tuple[str, ...]:
        """Of the module's `compute`."""
        return (self.model,) if self.name in BOTH_MODELS else ()


def _presets(name: str) -> tuple[str, ...]:
    return comparison.PRESETS if name == "admittance" else (FIGURES | OTHERS)[name][1]
