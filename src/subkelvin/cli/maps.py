"""Commands for maps: a sweep into a store or a file, and the points of it that have no state."""

import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from subkelvin.cli.commands import DeviceArgument, ElsewhereOption, SetOption, app
from subkelvin.cli.exit_codes import GOOD, INTERRUPTED, NO_ANSWER
from subkelvin.cli.places import read_device
from subkelvin.cli.tables import add_row, console, new_table
from subkelvin.model.errors import DeviceError
from subkelvin.model.printable import printable

if TYPE_CHECKING:
    import xarray as xr
    from rich import progress as bars

    from subkelvin.progress import Progress
    from subkelvin.sweeps.plan import Plan


VaryOption = Annotated[
    list[str] | None,
    typer.Option("--vary", metavar="KEY=START:STOP:N[:log]", help="An axis: a range or KEY=VALUE,…; P,Q=… ties keys."),
]
ZipOption = Annotated[
    list[str] | None,
    typer.Option("--zip", metavar='"KEY=…; KEY=…"', help="One axis along which several keys have values of their own."),
]
RandomOption = Annotated[
    int | None,
    typer.Option("--random", metavar="N", help="So many random points, between the ends of ranges without a count."),
]
DesignOption = Annotated[str, typer.Option("--design", help="Of random points: sobol or latin-hypercube.")]
SeedOption = Annotated[int, typer.Option("--seed", help="Of random points.")]
OutputsOption = Annotated[
    list[str] | None,
    typer.Option("--outputs", metavar="NAME,…", help='What is answered: "temperature,conductance(left,right)".'),
]
OutOption = Annotated[
    Path | None, typer.Option("--out", metavar="STORE.zarr|FILE.nc|FILE.csv", help="Where results are written.")
]
BlockOption = Annotated[
    int | None, typer.Option("--block", metavar="N", help="Points that are computed and stored together.")
]
PlanOption = Annotated[bool, typer.Option("--plan", help="Tell points, bytes and time, and compute nothing else.")]
ResumeOption = Annotated[bool, typer.Option("--resume", help="Go on with a store of the same plan.")]
WorkersOption = Annotated[
    int | None, typer.Option("--workers", metavar="N", help="Let so many processes compute; by default this one alone.")
]
SchedulerOption = Annotated[
    str | None,
    typer.Option("--scheduler", metavar="ADDRESS", help="Let the workers of a Dask scheduler compute. It is trusted."),
]
VerifyOption = Annotated[
    bool, typer.Option("--verify", help="Read all checksums of a store; with --resume compute again what is damaged.")
]


@app.command()
def sweep(
    device: DeviceArgument,
    *,
    vary: VaryOption = None,
    together: ZipOption = None,
    random: RandomOption = None,
    design: DesignOption = "sobol",
    seed: SeedOption = 0,
    outputs: OutputsOption = None,
    out: OutOption = None,
    block: BlockOption = None,
    plan: PlanOption = False,
    resume: ResumeOption = False,
    verify: VerifyOption = False,
    workers: WorkersOption = None,
    scheduler: SchedulerOption = None,
    changes: SetOption = None,
    files_elsewhere: ElsewhereOption = False,
) -> int:
    """Map steady states over any number of values, into a store that can be resumed, or a file."""
    from subkelvin.cli.axes import axes_from
    from subkelvin.sweeps.ask import into, on_workers, planned, require_file
    from subkelvin.sweeps.outputs.read import DEFAULT_OUTPUTS

    loaded = read_device(device, changes or [], files_elsewhere)
    file = None if out is None else require_file(str(out))
    axes = axes_from(vary or [], together or [], random, design, seed)
    chosen = planned(loaded, axes, _texts(outputs) if outputs else DEFAULT_OUTPUTS, block)
    run = on_workers(workers, scheduler)
    if plan and (verify or resume):
        raise DeviceError(
            "--plan", "computes nothing, but --verify or --resume is there as well", "leave out one of them"
        )
    if plan:
        return tell_plan(chosen, file)
    if file is None:
        raise DeviceError("--out", "is missing, so that results would be lost", "try --out map.zarr, or --plan")
    if verify and (damaged := _damaged(chosen, file, resume)) and not resume:
        return damaged
    if verify and not resume:
        return GOOD
    start = time.monotonic()
    with Told(chosen) as progress:
        found = into(chosen, file, progress, resume=resume, run=run)
    return tell_results(found, file, time.monotonic() - start)


@app.command()
def failures(
    store: Annotated[Path, typer.Argument(metavar="STORE.zarr|FILE.nc", help="What `subkelvin sweep` has written.")],
    most: Annotated[int, typer.Option("--most", metavar="N", min=0, help="List so many of them.")] = 20,
) -> int:
    """Count the points of a map that have no state, and list them with their reasons."""
    import itertools

    from subkelvin.cli.tables import engineering
    from subkelvin.sweeps.failures import counts, failed_points
    from subkelvin.sweeps.open import open_sweep
    from subkelvin.sweeps.store import told

    # Arrays are read when they are needed.
    with told(store), open_sweep(store) as dataset:
        ended = sorted(counts(dataset).items())
        rows = list(itertools.islice(failed_points(dataset), most))
        units = {key: dataset[key].attrs["units"] for key in (rows[0][1] if rows else ())}
    screen = console()
    for status, number in ended:
        screen.print(f"{status.label}: {number}", highlight=False)
        if status > 0:
            screen.print(f"  {status.advice}", highlight=False, markup=False)
    if rows:
        keys = list(rows[0][1])
        table = new_table("ended", *keys, title="Points without a state", right=range(1, len(keys) + 1))
        for status, values in rows:
            add_row(table, status.label, *[engineering(values[key], units[key]) for key in keys])
        screen.print(table)
    return GOOD


def tell_plan(plan: "Plan", file: Path | None = None) -> int:
    """What a plan amounts to: one block of it is computed twice, first to compile and then to time it.

    Args:
        plan: of a sweep.
        file: where its results are to go; a file is written whole, from memory.
    """
    from subkelvin.sweeps.ask import STORE
    from subkelvin.sweeps.compute import Computation

    computation = Computation.of(plan)
    computation.block(0)
    start = time.monotonic()
    computation.block(0)
    seconds = time.monotonic() - start
    for axis in plan.axes:
        typer.echo(printable(f"axis {axis.name}: {axis.size} values of {', '.join(axis.keys)}"))
    typer.echo(printable(f"outputs: {', '.join(one.name for one in plan.outputs)}"))
    typer.echo(f"points: {plan.points:,} in {plan.number_of_blocks:,} blocks of {' × '.join(map(str, plan.block))}")
    typer.echo(
        f"bytes: {plan.bytes_per_point} a point, {plan.points * plan.bytes_per_point / 1e9:.3g} GB before compression"
    )
    whole = file is not None and file.suffix != STORE
    held = plan.points * plan.bytes_per_point if whole else plan.bytes_in_memory
    ending = f"as a {file.suffix} file is written whole" if whole and file else "whatever the number of points"
    typer.echo(f"memory for results: {held / 1e6:.3g} MB, {ending}")
    typer.echo(f"time: {duration(seconds * plan.number_of_blocks)}, as one block took {seconds:.3g} s")
    typer.echo(f"plan: {plan.identity}")
    return GOOD


def tell_results(dataset: "xr.Dataset", file: Path, seconds: float) -> int:
    """How many points ended how; the exit code says whether there is an answer."""
    from subkelvin.model.status import Status
    from subkelvin.sweeps.failures import counts

    found = counts(dataset)
    dataset.close()
    told = ", ".join(f"{number} {status.label}" for status, number in sorted(found.items()))
    typer.echo(printable(f"{file}: {told}; {duration(seconds)}"))
    if Status.NOT_COMPUTED in found:
        typer.echo("stopped; --resume goes on", err=True)
        return INTERRUPTED
    if any(status > 0 for status in found):
        typer.echo(printable(f"subkelvin failures {file} lists the points without a state"), err=True)
    return GOOD if Status.CONVERGED in found else NO_ANSWER


class Told:
    """A line on stderr while a sweep runs: points per second, time left, failures so far."""

    def __init__(self, plan: "Plan"):
        self._points = plan.points
        self._bar: bars.Progress | None = None
        self._start: tuple[float, float] | None = None

    def __enter__(self) -> "Progress":
        from subkelvin.progress import Progress

        return Progress(self._show if console(stderr=True).is_terminal else None)

    def __exit__(self, *_: object) -> None:
        if self._bar is not None:
            self._bar.stop()

    def _show(self, progress: "Progress") -> None:
        from rich import progress as bars

        if self._bar is None:
            columns = bars.Progress.get_default_columns()[:3]
            self._bar = bars.Progress(*columns, console=console(stderr=True), transient=True)
            self._bar.add_task("", total=1.0)
            self._bar.start()
        now = time.monotonic()
        # The first block also compiles, and a resumed run does not begin at 0.
        if self._start is None:
            self._start = now, progress.fraction
        since, before = self._start
        rate = (progress.fraction - before) / (now - since) if now > since else 0.0
        speed = (
            f", {rate * self._points:,.0f} points/s, {duration((1.0 - progress.fraction) / rate)} left" if rate else ""
        )
        self._bar.update(self._bar.task_ids[0], completed=progress.fraction, description=f"{progress.doing}{speed}")


def duration(seconds: float) -> str:
    """A time as people say it."""
    for size, unit in ((86400.0, "days"), (3600.0, "hours"), (60.0, "minutes")):
        if seconds >= 2.0 * size:
            return f"{seconds / size:.1f} {unit}"
    return f"{seconds:.1f} s"


def _texts(outputs: list[str]) -> list[str]:
    """Names of outputs: several options, each with one or several between commas."""
    from subkelvin.sweeps.outputs.read import divided

    return [one for text in outputs for one in divided(text) or [text]]


def _damaged(plan: "Plan", file: Path, repair: bool) -> int:
    """The exit code that damaged blocks are worth, after they were told."""
    from subkelvin.sweeps.stored import repaired, verified

    found = (repaired if repair else verified)(plan, file)
    for number, why in found.items():
        typer.echo(printable(f"block {number} is damaged: {why}"), err=True)
    advice = "" if repair or not found else "; --verify --resume computes them again"
    typer.echo(f"{len(found)} of {plan.number_of_blocks} blocks are damaged{advice}")
    return NO_ANSWER if found else GOOD
