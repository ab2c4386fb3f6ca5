"""Everything from one call: figures, their data and captions, and the claims table."""

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

from subkelvin.files import all_or_nothing
from subkelvin.gallery import exhibit as gallery
from subkelvin.gallery.caption import caption
from subkelvin.gallery.exhibit import ADMITTANCES, Exhibit, Picture, exhibits, with_admittance
from subkelvin.gallery.files import write_figure
from subkelvin.model import DeviceError
from subkelvin.model.arguments import require_progress
from subkelvin.numerics.precision import require_double_precision
from subkelvin.progress import Progress


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
        targets: any of `subkelvin.gallery.targets()`; "all" is the paper's figures and claims, and so are its
            four figures together.
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
    known = gallery.targets()
    if not targets:
        raise DeviceError("", "no figure is named", f"try one of {', '.join(known)}")
    for target in targets:
        if target not in known:
            raise DeviceError("", f"there is no figure {target!r}", f"try one of {', '.join(known)}")
    if admittance not in (*ADMITTANCES, "both"):
        raise DeviceError("--admittance", f"must be static, dynamic or both, but is {admittance!r}", "try both")
    models = ADMITTANCES if admittance == "both" else (admittance,)
    progress = require_progress(progress)
    tell = progress.step
    folder = Path(out)
    wanted = [(one, _wanted(one, targets)) for one in exhibits()]
    tasks = [
        _Task(one, picture, model)
        for one, names in wanted
        for picture in one.pictures
        if picture.key in names
        for model in (models if picture.both_models else ("",) if picture.compares else ADMITTANCES[:1])
        if not picture.compares or admittance == "both"
    ]
    judged = [(one, model) for one, names in wanted if "claims" in names for model in models]
    # Read here, one after the other: the table of units is made by the first caller.
    devices = {
        task: {name: with_admittance(name, task.model or "dynamic") for name in task.picture.devices} for task in tasks
    }
    tell(0.0, "computing")
    with all_or_nothing(folder) as workshop, ThreadPoolExecutor(max_workers=os.cpu_count() or 1) as pool:
        # Most of the time goes into compiling, which leaves the interpreter free: figures are computed side by side.
        modules = {task: task.exhibit.module(task.picture.module) for task in tasks}
        data = {task: pool.submit(modules[task].compute, *task.arguments) for task in tasks}
        share = 1.0 / (2.0 * len(data) + 4.0 * len(judged))
        done = 0.0
        for task, future in data.items():
            tell(done, f"computing {task.stem}")
            result = future.result()
            tell(done + share, f"drawing {task.stem}")
            text = caption(modules[task].describe(result), devices[task])
            write_figure(workshop, task.stem, modules[task].draw(result), result, text)
            done += 2.0 * share
        for one, model in judged:
            one.module("claims").write(workshop, progress.part(done, 4.0 * share), model)
            done += 4.0 * share
        written = [folder / file.name for file in sorted(workshop.iterdir())]
    tell(1.0, "done")
    return written


def _wanted(exhibit: Exhibit, targets: Sequence[str]) -> set[str]:
    """Which of an exhibit's pictures, and whether its claims, are asked for."""
    named = [picture.key for picture in exhibit.pictures if not picture.compares]
    whole = ("all" in targets and exhibit.shown_by_default) or (len(named) > 1 and set(named) <= set(targets))
    every = {*named, *(picture.key for picture in exhibit.pictures), *(("claims",) if exhibit.claims else ())}
    return every if whole else set(targets) & set(exhibit.targets)


class _Task(NamedTuple):
    """One picture with one admittance; "" for one that compares both."""

    exhibit: Exhibit
    picture: Picture
    model: str

    @property
    def stem(self) -> str:
        """Of the files."""
        return f"{self.picture.key}-dynamic" if self.model == "dynamic" else self.picture.key

    @property
    def arguments(self) -> tuple[str, ...]:
        """Of the module's `compute`."""
        return (self.model,) if self.picture.both_models else ()
