"""The command line: what people and other programs ask of a device file.

Exit code 0: an answer. 1: no good answer (no steady state, a failed certificate). 2: a mistake in a
file or an option, told in one sentence on stderr.
"""

import functools
import io
import json
import math
import os
import sys
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer
from typer.exceptions import Abort, TyperException

from subkelvin.model.errors import DeviceError

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from subkelvin.model import Device

GOOD, NO_ANSWER, USER_MISTAKE, INTERRUPTED = 0, 1, 2, 130
FIGURES = ("fig1", "fig2", "fig3", "fig4")

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
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON, and nothing else, on stdout.")] = False,
) -> int:
    """Find the steady state: temperatures, every heat flow, holding powers, validity checks."""
    from subkelvin.analysis.report import report

    loaded = read_device(device, changes or [])
    answer = report(loaded).to_dict()
    if as_json:
        typer.echo(json.dumps(finite_or_null(answer), indent=2, allow_nan=False))
    else:
        print_report(answer, loaded)
    return GOOD if answer["status"] == "converged" else NO_ANSWER


@app.command()
def validate(device: DeviceArgument, changes: SetOption = None) -> int:
    """Check a device file without computing it."""
    from subkelvin.devicefile import validate as check

    loaded = read_device(device, changes or [])
    check(loaded)
    count = len(loaded.structure.islands), len(loaded.structure.elements), len(loaded.provenance.assumed)
    typer.echo(f"{loaded.structure.name}: {count[0]} islands, {count[1]} elements, {count[2]} assumed values: good")
    return GOOD


@app.command()
def new(
    file: Annotated[Path, typer.Argument(help="The file to write; it must not exist yet.")] = Path("device.toml"),
    preset: Annotated[str, typer.Option("--preset", help="The preset to start from.")] = "silver-setup-1",
) -> int:
    """Write a commented device file to start from."""
    from subkelvin.devicefile import preset_text

    write_new(file, preset_text(preset))
    typer.echo(f"wrote {file}; try: subkelvin run {file}")
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
def cite(device: DeviceArgument) -> int:
    """Print the references behind a device's values and the methods that compute it."""
    from subkelvin.materials import METHODS, bibliography

    loaded = read_device(device, [])
    for title, keys in (("Values", loaded.provenance.sources), ("Methods", METHODS)):
        typer.echo(f"{title}:")
        for reference in bibliography(keys) or ["(no sources are recorded)"]:
            typer.echo(f"  {reference}")
    assumed = len(loaded.provenance.assumed)
    typer.echo(f"{assumed} values are assumed: no source states them (subkelvin run {device} lists them).")
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
def reproduce(
    figures: Annotated[
        list[str] | None, typer.Argument(metavar="[fig1|fig2|fig3|fig4|all]...", help="Which figures; all by default.")
    ] = None,
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="Where to write.")] = Path("figures"),
) -> int:
    """Draw the paper's figures with their data, and check its claims."""
    targets = list(figures or ["all"])
    for target in targets:
        if target not in (*FIGURES, "all"):
            raise DeviceError("", f"there is no figure {target!r}", f"try one of {', '.join(FIGURES)}, all")
    if "all" in targets:
        targets = list(FIGURES)
    require_writable(out)
    from rich.progress import Progress

    from subkelvin.reproduction import reproduce as draw

    with Progress(console=console(stderr=True), transient=True) as bar:
        task = bar.add_task("reproducing", total=1.0)
        written = draw(targets, out, progress=lambda done, label: bar.update(task, completed=done, description=label))
    for path in written:
        typer.echo(str(path))
    return GOOD


def read_device(name: str, changes: Sequence[str]) -> "Device":
    """The device in a file or preset, with values set; a file wins over a preset of the same name.

    Raises:
        DeviceError: if there is neither, or what is there cannot be meant.
    """
    from subkelvin.devicefile import load_device, preset, preset_names
    from subkelvin.devicefile.overrides import parse_override
    from subkelvin.devicefile.schema import nearest

    overrides = [parse_override(change) for change in changes]
    if name in preset_names() and not os.path.exists(name):
        return preset(name, overrides)
    is_a_path = os.path.exists(name) or name.endswith(".toml") or os.sep in name
    if is_a_path or "\0" in name:
        return load_device(name, overrides)
    everything = f"the presets are {', '.join(preset_names())}"
    raise DeviceError("", f"{name!r} is neither a file nor a preset", nearest(name, preset_names(), everything))


def write_new(file: Path, text: str) -> None:
    """Write a file that must not exist: all of it or nothing.

    Raises:
        DeviceError: if it exists or cannot be written.
    """
    try:
        with open(file, "x", encoding="utf-8") as opened:
            try:
                opened.write(text)
                opened.flush()
            except OSError:
                file.unlink()
                raise
    except FileExistsError:
        raise DeviceError("", f"the file {str(file)!r} exists already", "name another file") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise DeviceError("", f"the file {str(file)!r} cannot be written: {reason}", "name another place") from None


def require_writable(folder: Path) -> None:
    """Make a folder if need be, and raise a DeviceError unless files can be written there."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=folder):
            pass
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise DeviceError(
            "--out", f"must be a folder that can be written, but {str(folder)!r} is not: {reason}", "try --out figures"
        ) from None


def finite_or_null(value: Any) -> Any:
    """The same data with null for every number that JSON cannot hold."""
    if isinstance(value, Mapping):
        return {str(key): finite_or_null(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [finite_or_null(item) for item in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def print_report(answer: Mapping[str, Any], device: "Device") -> None:
    """A report as tables for people."""
    screen = console()
    screen.print(f"{answer['device']}: {answer['status']}", style="bold", markup=False, highlight=False)
    if answer["status"] != "converged":
        screen.print(answer.get("advice", ""), markup=False, highlight=False)
    structure = device.structure
    temperatures = new_table("island", "temperature", "", title="Temperatures", right=(1,))
    for island in structure.islands:
        kelvin = answer["temperatures_K"].get(island.name)
        add_row(temperatures, island.name, engineering(kelvin, "K"), "held" if island.held else "solved for")
    heat = new_table("path", "from", "to", "heat", "through", title="Heat", right=(3,))
    for entry in answer["heat"]:
        if entry["watts"] != 0.0:
            ends = [end or "(outside)" for end in (entry["from"], entry["to"])]
            through = ", ".join(entry.get("through", []))
            add_row(heat, entry["kind"], *ends, engineering(entry["watts"], "W"), through)
    screen.print(temperatures, heat)
    screen.print(f"largest imbalance of a floating island: {engineering(answer['residual_W'], 'W')}", highlight=False)
    print_states(screen, answer)
    checks = new_table("check", "value", "limit", "verdict", "meaning", title="Validity", right=(1, 2))
    for check in answer["checks"]:
        add_row(
            checks,
            check["name"],
            short(check["value"]),
            short(check["limit"]),
            verdict_of(check["ok"]),
            check["meaning"],
        )
    screen.print(checks)
    print_assumed(screen, answer["assumed"], device)


def print_states(screen: "Console", answer: Mapping[str, Any]) -> None:
    """All steady states, if there are several or if it is not known."""
    states = answer["steady_states"]
    if answer.get("uniqueness") == "unknown":
        screen.print("whether other steady states exist is not known (several floating islands)", highlight=False)
    if len(states) < 2:
        return
    names = list(states[0]["temperatures_K"])
    table = new_table(*names, "stable", title="Steady states", right=range(len(names)))
    for state in states:
        kelvins = [engineering(state["temperatures_K"][name], "K") for name in names]
        add_row(table, *kelvins, {True: "yes", False: "no", None: "not known"}[state["stable"]])
    screen.print(table)


def print_assumed(screen: "Console", paths: Iterable[str], device: "Device") -> None:
    """The assumed values, grouped by the reason for choosing them."""
    from subkelvin.devicefile.dump import written_value

    groups: dict[str, list[str]] = {}
    for path in paths:
        groups.setdefault(device.provenance.of(path).note, []).append(f"{path} = {written_value(device, path)}")
    if not groups:
        screen.print("assumed: nothing", highlight=False)
    for reason, values in groups.items():
        screen.print(f"assumed ({reason}):", style="bold", markup=False, highlight=False)
        for value in values:
            screen.print(f"  {value}", highlight=False, markup=False)


@functools.cache
def console(stderr: bool = False) -> "Console":
    """Where text goes; without a terminal as wide as it needs to be, so that no program has to undo line breaks."""
    from rich.console import Console

    target = Console(stderr=stderr)
    if not target.is_terminal and "COLUMNS" not in os.environ:
        target.width = 200
    return target


def new_table(*columns: str, title: str, right: Iterable[int] = ()) -> "Table":
    """An empty table with a title."""
    from rich import box
    from rich.table import Table

    table = Table(title=title, title_justify="left", title_style="bold", box=box.SIMPLE_HEAD, pad_edge=False)
    for index, column in enumerate(columns):
        table.add_column(column, justify="right" if index in right else "left", overflow="fold")
    return table


PREFIXES = {-21: "z", -18: "a", -15: "f", -12: "p", -9: "n", -6: "u", -3: "m", 0: ""}


def engineering(value: float | None, unit: str) -> str:
    """A number with an SI prefix: 1.234e-14 W is 12.34 fW."""
    if value is None or not math.isfinite(value):
        return "–"
    if value == 0.0:
        return f"0 {unit}"
    exponent = 3 * math.floor(math.log10(abs(value)) / 3.0)
    if exponent < min(PREFIXES):
        return f"{value:.5g} {unit}"
    exponent = min(exponent, max(PREFIXES))
    return f"{value / 10.0**exponent:.5g} {PREFIXES[exponent]}{unit}"


def short(value: float | None) -> str:
    """A dimensionless number of a check."""
    return "–" if value is None else f"{value:.3g}"


def verdict_of(good: bool | None) -> "Text":
    """A verdict, in colour where there is colour."""
    from rich.text import Text

    word, style = {True: ("ok", "green"), False: ("exceeded", "red"), None: ("not assessed", "")}[good]
    return Text(word, style=style)


def add_row(table: "Table", *cells: "str | Text") -> None:
    """Add cells as they are: brackets in them are no markup."""
    from rich.text import Text

    table.add_row(*[Text(cell) if isinstance(cell, str) else cell for cell in cells])


def keep_compiled_code() -> None:
    """Let JAX keep compiled code between runs in the user's cache folder, unless told where, or it is read-only."""
    if "JAX_COMPILATION_CACHE_DIR" in os.environ:
        return
    import jax
    import platformdirs

    folder = Path(platformdirs.user_cache_dir("subkelvin")) / "jax"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=folder):
            pass
    except OSError:
        return
    jax.config.update("jax_compilation_cache_dir", str(folder))
    jax.config.update("jax_persistent_cache_min_compile_time_secs", 0.0)
    jax.config.update("jax_persistent_cache_min_entry_size_bytes", -1)


def answer_to(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return its exit code; a user's mistake is one sentence on stderr."""
    try:
        keep_compiled_code()
        command: Callable[..., Any] = typer.main.get_command(app).main
        code = command(
            args=None if arguments is None else list(arguments), prog_name="subkelvin", standalone_mode=False
        )
        sys.stdout.flush()
        return code if isinstance(code, int) else GOOD
    except DeviceError as error:
        return mistake(str(error))
    except TyperException as error:
        return mistake(f"{error.format_message().rstrip('.')}; try subkelvin --help.")
    except (KeyboardInterrupt, Abort):
        return INTERRUPTED
    except BrokenPipeError:
        # Whoever read the output has had enough. Python would complain again when it flushes stdout at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return NO_ANSWER


def mistake(sentence: str) -> int:
    """Tell a user's mistake in one line."""
    print(" ".join(sentence.split()), file=sys.stderr)
    return USER_MISTAKE


def main() -> NoReturn:
    """The `subkelvin` command."""
    for stream in (sys.stdout, sys.stderr):
        # A terminal that cannot show Γ shows a question mark rather than a traceback.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    sys.exit(answer_to())
