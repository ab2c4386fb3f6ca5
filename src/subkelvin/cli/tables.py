"""Answers as tables for people, and as data that JSON can hold."""

import functools
import math
import os
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Literal

from subkelvin.model.printable import printable
from subkelvin.numerics.si_prefixes import engineering as engineering

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from subkelvin.model import Device


def finite_or_null(value: Any) -> Any:
    """The same data with null for every number that JSON cannot hold."""
    if isinstance(value, Mapping):
        return {str(key): finite_or_null(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [finite_or_null(item) for item in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def print_report(answer: Mapping[str, Any], device: "Device") -> None:
    """A report as tables for people; what the static admittance changes comes first."""
    screen = console()
    compared = answer.get("static_admittance")
    if compared and compared["sentence"]:
        screen.print(printable(compared["sentence"]), style="bold", markup=False, highlight=False, soft_wrap=True)
    screen.print(printable(f"{answer['device']}: {answer['status']}"), style="bold", markup=False, highlight=False)
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
            # A heat that is known to less than three digits is shown with its error.
            uncertain = (entry["error_W"] or 0.0) > 1e-3 * abs(entry["watts"] or 0.0)
            error = f" ± {engineering(entry['error_W'], 'W')}" if uncertain else ""
            add_row(heat, entry["kind"], *ends, engineering(entry["watts"], "W") + error, through)
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
        screen.print(printable(f"assumed ({reason}):"), style="bold", markup=False, highlight=False)
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
        # Names stay whole, so that they can be searched for and copied.
        justify: Literal["left", "right"] = "right" if index in right else "left"
        table.add_column(column, justify=justify, overflow="fold", no_wrap=index == 0)
    return table


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

    table.add_row(*[Text(printable(cell)) if isinstance(cell, str) else cell for cell in cells])
