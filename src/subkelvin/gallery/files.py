"""The files of a figure: picture, data, caption."""

import json
from pathlib import Path

import xarray as xr
from matplotlib.figure import Figure

from subkelvin.plots import journal_style

RESOLUTION = 300
"""Of the PNG [dots per inch]."""


def write_figure(folder: Path, name: str, figure: Figure, data: xr.Dataset | xr.DataTree, caption: str) -> None:
    """Picture as PDF and PNG, data as netCDF and CSV, caption as text.

    Args:
        folder: to write to.
        name: stem of the files.
        figure: the picture.
        data: behind it.
        caption: beside it.
    """
    with journal_style():
        # Fonts are embedded by a setting that is read here. Without dates the same numbers give the same files.
        figure.savefig(folder / f"{name}.pdf", metadata={"CreationDate": None})
        figure.savefig(folder / f"{name}.png", dpi=RESOLUTION, metadata={"Software": None})
    (folder / f"{name}.txt").write_text(caption, encoding="utf-8")
    data.to_netcdf(folder / f"{name}.nc", engine="h5netcdf")
    if isinstance(data, xr.DataTree):
        for child, branch in data.children.items():
            write_csv(folder, f"{name}-{child}", branch.to_dataset())
    else:
        write_csv(folder, name, data)


def write_csv(folder: Path, name: str, dataset: xr.Dataset) -> None:
    """One table for each set of axes, a column for each quantity, its unit in the heading."""
    groups: dict[tuple[str, ...], list[str]] = {}
    for variable, array in dataset.data_vars.items():
        groups.setdefault(tuple(str(dimension) for dimension in array.dims), []).append(str(variable))
    tables = {axes: variables for axes, variables in groups.items() if axes}
    for axes, variables in tables.items():
        part = dataset[variables]
        frame = part.drop_vars([c for c in part.coords if not set(part[c].dims) <= set(axes) or not part[c].dims])
        table = frame.to_dataframe().reset_index()
        table.columns = [_heading(dataset, str(column)) for column in table.columns]
        stem = name if len(tables) == 1 else f"{name}-by-{'-and-'.join(axes)}"
        table.to_csv(folder / f"{stem}.csv", index=False, float_format="%.12g")


def write_json(file: Path, data: object) -> None:
    """JSON without NaN, for machines and people."""
    file.write_text(json.dumps(data, indent=2, ensure_ascii=False, allow_nan=False) + "\n", encoding="utf-8")


def _heading(dataset: xr.Dataset, column: str) -> str:
    units = dataset[column].attrs.get("units", "") if column in dataset.variables else ""
    return f"{column} [{units}]" if units else column
