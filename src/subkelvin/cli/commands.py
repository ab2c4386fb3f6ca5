"""The commands. What each needs is imported when it runs, so that the light ones start fast."""

import json
from pathlib import Path
from typing import Annotated

import typer

from subkelvin.cli.exit_codes import GOOD, NO_ANSWER
from subkelvin.cli.places import read_device, require_picture, require_writable
from subkelvin.cli.tables import add_row, console, finite_or_null, new_table, print_report, verdict_of
from subkelvin.model.errors import DeviceError
from subkelvin.model.printable import printable

app = typer.Typer(
    add_completion=False,
    no_args_is_help=False,
    pretty_exceptions_enable=False,
    help="Nanoscale circuits in which heat travels as photons below one kelvin.",
)

DeviceArgument = Annotated[str, typer.Argument(metavar="FILE|PRESET", help="A device file, or the name of a preset.")]
SetOption = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="PATH=VALUE", help='Set a value as in the file: "islands.left.power=20 fW".'),
]
ElsewhereOption = Annotated[
    bool,
    typer.Option("--files-elsewhere", help="Read measured data also where they do not lie beside the device file."),
]


@app.callback(invoke_without_command=True)
def root(
    context: typer.Context,
    version: Annotated[bool, typer.Option("--version", help="Print the version and exit.")] = False,
) -> None:
    """Nanoscale circuits in which heat travels as photons below one kelvin."""
    if version:
        from subkelvin.version import VERSION

        typer.echo(f"subkelvin {VERSION}")
        raise typer.Exit(GOOD)
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())


@app.command()
def run(
    device: DeviceArgument,
    changes: SetOption = None,
    files_elsewhere: ElsewhereOption = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON, and nothing else, on stdout.")] = False,
) -> int:
    """Find the steady state: temperatures, every heat flow, holding powers, validity checks."""
    from subkelvin.analysis.validity.report import report

    loaded = read_device(device, changes or [], files_elsewhere)
    answer = report(loaded).to_dict()
    if as_json:
        typer.echo(json.dumps(finite_or_null(answer), indent=2, allow_nan=False))
    else:
        print_report(answer, loaded)
    if answer["status"] != "converged":
        typer.echo(answer["advice"], err=True)
        return NO_ANSWER
    return GOOD


@app.command()
def validate(device: DeviceArgument, changes: SetOption = None, files_elsewhere: ElsewhereOption = False) -> int:
    """Check a device file without computing it."""
    from subkelvin.devicefile import validate as check

    loaded = read_device(device, changes or [], files_elsewhere)
    check(loaded)
    count = len(loaded.structure.islands), len(loaded.structure.elements), len(loaded.provenance.assumed)
    name = printable(loaded.structure.name)
    typer.echo(f"{name}: {count[0]} islands, {count[1]} elements, {count[2]} assumed values: good")
    return GOOD


@app.command()
def new(
    file: Annotated[Path, typer.Argument(help="The file to write; it must not exist yet.")] = Path("device.toml"),
    preset: Annotated[str, typer.Option("--preset", help="The preset to start from.")] = "silver-setup-1",
) -> int:
    """Write a commented device file to start from, with the full admittance of its junctions."""
    from subkelvin.devicefile import starting_text
    from subkelvin.files import write_new

    write_new(file, starting_text(preset))
    typer.echo(printable(f"wrote {file}; try: subkelvin run {file}"))
    return GOOD


@app.command(name="import")
def import_netlist(
    netlist: Annotated[Path, typer.Argument(metavar="NETLIST.cir", help="A SPICE netlist of R, C, L, K, T and X.")],
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE.toml", help="The file to write; it must not exist yet.")
    ] = None,
) -> int:
    """Turn a SPICE netlist into a commented device file, on stdout or in a file."""
    from subkelvin.devicefile.load import read_text
    from subkelvin.devicefile.spice import spice_to_device_file
    from subkelvin.files import write_new

    text = spice_to_device_file(read_text(netlist))
    if out is None:
        typer.echo(text, nl=False)
    else:
        write_new(out, text)
        typer.echo(printable(f"wrote {out}, whose comments show what was assumed; try: subkelvin validate {out}"))
    return GOOD


@app.command()
def keys() -> int:
    """List every number that a device file can hold, with unit, range and meaning."""
    from subkelvin.devicefile.reference import table_of_keys

    typer.echo(table_of_keys())
    return GOOD


@app.command()
def presets() -> int:
    """List the devices that come with subkelvin."""
    from subkelvin.devicefile import preset, preset_names

    width = max(len(name) for name in preset_names())
    for name in preset_names():
        typer.echo(f"{name:<{width}}  {preset(name).structure.name}")
    return GOOD


@app.command()
def cite(device: DeviceArgument, files_elsewhere: ElsewhereOption = False) -> int:
    """Print the references behind a device's values and the methods that compute it."""
    from subkelvin.analysis.citations import cite as citations

    told = str(citations(read_device(device, [], files_elsewhere)))
    for line in told.replace("`report` lists them", f"subkelvin run {device} lists them").splitlines():
        typer.echo(printable(line))
    return GOOD


@app.command()
def certify(
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON, and nothing else, on stdout.")] = False,
) -> int:
    """Compare this installation with shipped values of 30 digits."""
    from subkelvin.analysis.certificate import certify as compare

    verdicts = compare()
    if as_json:
        rows = [verdict.to_dict() for verdict in verdicts]
        typer.echo(json.dumps(finite_or_null(rows), indent=2, allow_nan=False))
    else:
        table = new_table("quantity", "values", "worst relative error", "tolerance", "verdict", title="Accuracy")
        for verdict in verdicts:
            error = f"{verdict.worst_error:.1e}"
            add_row(
                table, verdict.quantity, str(verdict.rows), error, f"{verdict.tolerance:.0e}", verdict_of(verdict.good)
            )
        console().print(table)
    return GOOD if verdicts and all(verdict.good for verdict in verdicts) else NO_ANSWER


@app.command()
def draw(
    device: DeviceArgument,
    out: Annotated[
        Path, typer.Option("--out", metavar="FILE", help="The picture to write: a .pdf, .png or .svg file.")
    ] = Path("circuit.pdf"),
    changes: SetOption = None,
    files_elsewhere: ElsewhereOption = False,
) -> int:
    """Draw the circuit, its islands with their temperatures, and the heat between them."""
    require_picture(out, "circuit")
    loaded = read_device(device, changes or [], files_elsewhere)
    require_writable(out.parent)
    from subkelvin.balance.steady.steady_state import steady_state
    from subkelvin.model.status import Status
    from subkelvin.plots.circuit.schematic import draw_circuit, save_drawing

    state = steady_state(loaded)
    save_drawing(draw_circuit(loaded, state=state), out)
    typer.echo(printable(str(out)))
    status = Status(int(state.status))
    if status is not Status.CONVERGED:
        typer.echo(status.advice, err=True)
        return NO_ANSWER
    return GOOD


@app.command()
def plot(
    sweep: Annotated[str, typer.Argument(metavar="STORE|FILE.nc", help="What a sweep has written.")],
    out: Annotated[
        Path, typer.Option("--out", metavar="FILE", help="The picture to write: a .pdf, .png or .svg file.")
    ] = Path("sweep.pdf"),
    x: Annotated[str | None, typer.Option("--x", metavar="KEY", help="The horizontal axis.")] = None,
    y: Annotated[
        str | None, typer.Option("--y", metavar="OUTPUT|KEY", help="What lines show; with --map, its vertical axis.")
    ] = None,
    hue: Annotated[str | None, typer.Option("--hue", metavar="KEY", help="What has a line for each value.")] = None,
    shown: Annotated[str | None, typer.Option("--map", metavar="OUTPUT", help="What a map shows in colours.")] = None,
    contours: Annotated[int | None, typer.Option("--contours", metavar="N", help="Contour lines of a map.")] = None,
    select: Annotated[
        list[str] | None,
        typer.Option("--select", metavar="NAME=VALUE", help='Hold an axis or a name: "island=left", "KEY=50 mK".'),
    ] = None,
) -> int:
    """Draw an output of a sweep over its axes: lines, or a map."""
    from subkelvin.cli.pictures import draw_stored

    draw_stored(sweep, out, x=x, y=y, hue=hue, shown=shown, contours=contours, select=select or [])
    typer.echo(printable(str(out)))
    return GOOD


@app.command()
def reproduce(
    targets: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[all|PICTURE]...",
            help="Which pictures; by default all of the paper: fig1 to fig4, and claims. Others are drawn when named, such as "
            "leivo1996, a SINIS cooler; a wrong name lists them all.",
        ),
    ] = None,
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="Where to write.")] = Path("figures"),
    admittance: Annotated[
        str,
        typer.Option(
            metavar="MODEL", help="Of the junctions: static, as in the paper; dynamic; or both (some minutes)."
        ),
    ] = "static",
) -> int:
    """Draw the paper's figures with their data and check its claims, or redraw a published result of others."""
    targets = list(targets or ["all"])
    from subkelvin.gallery import targets as known

    for target in targets:
        if target not in known():
            raise DeviceError("", f"there is no figure {target!r}", f"try one of {', '.join(known())}")
    require_writable(out)
    from rich import progress as bars

    from subkelvin.gallery import reproduce as draw
    from subkelvin.progress import Progress

    with bars.Progress(console=console(stderr=True), transient=True) as bar:
        task = bar.add_task("reproducing", total=1.0)

        def show(progress: Progress) -> None:
            bar.update(task, completed=progress.fraction, description=progress.doing)

        written = draw(targets, out, progress=Progress(show), admittance=admittance)
    for path in written:
        typer.echo(printable(str(path)))
    return GOOD
