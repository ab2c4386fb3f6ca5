"""What is drawn of a sweep is what the sweep holds; what it does not hold is shown as missing."""

import json
from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from matplotlib.figure import Figure

from subkelvin import ArgumentError, DeviceError, cli
from subkelvin.plots import draw_sweep
from subkelvin.plots.sweep.map import zero_lines
from subkelvin.plots.units import scale_of

RIGHT, POWER, AREA = "islands.right.temperature", "islands.left.power", "elements.right.area"
MEANING = json.dumps({0: "converged", 2: "above-critical-temperature"})


def grid(powers: int = 3) -> xr.Dataset:
    """A dataset as `sweep` gives it, of numbers made up: κ has its zero at 0.25 K, and one point failed."""
    kelvin, watts, area = np.linspace(0.1, 0.5, 9), np.geomspace(1e-14, 4e-14, powers), np.geomspace(5e-13, 8e-12, 9)
    left = 0.3 + kelvin[:, None, None] * 0.1 + 1e12 * watts[:, None] + 0.0 * area
    status = np.zeros(left.shape, dtype=int)
    status[2, -1, :] = 2
    left[2, -1, :] = np.nan
    kappa = 1e-13 * (kelvin[:, None, None] - 0.25) + 0.0 * left
    axes = (RIGHT, POWER, AREA)
    return xr.Dataset(
        {
            "temperature": (("island", *axes), np.stack([left, 0.0 * left]), {"units": "K", "long_name": "temperature"}),
            "conductance(left,right)": (axes, kappa, {"units": "W/K", "long_name": "thermal conductance κ"}),
            "status": (axes, status, {"meaning": MEANING}),
        },
        coords={
            "island": ["left", "right"], RIGHT: (RIGHT, kelvin, {"units": "K"}), POWER: (POWER, watts, {"units": "W"}),
            AREA: (AREA, area, {"units": "m^2"}),
        },
        attrs={"admittance": "static", "swept": json.dumps([RIGHT, POWER, AREA])},
    )  # fmt: skip


def drawn(figure: Figure, gid: str) -> list[np.ndarray]:
    """Points of the lines with a name."""
    return [np.asarray(line.get_xydata()) for line in figure.axes[0].lines if line.get_gid() == gid]


def test_lines_are_the_numbers_of_the_sweep_in_the_unit_of_the_axis() -> None:
    figure = draw_sweep(grid(), "temperature", select={AREA: "2 um^2"})
    axes, expected = figure.axes[0], grid().temperature.sel(island="left").isel({AREA: 4})
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("temperature of right (mK)", "temperature of left (mK)")
    assert axes.get_title(loc="left") == "area of right = 2 µm², static admittance"
    lines = drawn(figure, "values")
    assert len(lines) == 3
    for line, one in zip(lines, expected.transpose(POWER, RIGHT), strict=True):
        # The conversion to mK rounds once.
        np.testing.assert_allclose(line[:, 0], 1e3 * expected[RIGHT], rtol=1e-15)
        np.testing.assert_allclose(line[:, 1], 1e3 * one, rtol=1e-15)
    (legend,) = figure.legends
    assert [text.get_text() for text in legend.get_texts()] == [
        "10 fW", "20 fW", "40 fW", "no value: above critical temperature", "κ(left, right) = 0",
    ]  # fmt: skip


def test_a_missing_point_is_marked_where_it_is_and_breaks_its_line() -> None:
    figure = draw_sweep(grid(), "temperature", select={AREA: 2e-12})
    (missing,) = drawn(figure, "missing")
    np.testing.assert_allclose(missing[:, 0], [200.0])
    assert np.isnan(drawn(figure, "values")[-1][2, 1])


def test_the_zero_of_the_conductance_is_marked_on_the_line() -> None:
    figure = draw_sweep(grid(), "conductance(left,right)", select={AREA: 2e-12})
    # κ of this dataset is a straight line, so that the interpolation is exact but for rounding.
    np.testing.assert_allclose(drawn(figure, "zero of conductance")[0], [[250.0, 0.0]], atol=1e-9)
    assert [patch for patch in figure.axes[0].patches if patch.get_gid() == "ndtc"]
    without = draw_sweep(grid()[["temperature", "status"]], "temperature", select={AREA: 2e-12})
    assert not drawn(without, "zero of conductance")
    assert not without.axes[0].patches


def legend_of(figure: Figure) -> list[str]:
    """Words of the legend below a picture."""
    return [text.get_text() for legend in figure.legends for text in legend.get_texts()]


@pytest.mark.parametrize("y", [None, AREA])
def test_the_legend_names_the_pair_of_the_conductance_that_is_shaded(y: str | None) -> None:
    two = grid().isel({POWER: 0, **({AREA: 0} if y is None else {})})
    two["conductance(right,left)"] = -two["conductance(left,right)"]
    two["responsivity(left,right)"] = 1e12 * two["conductance(left,right)"]
    for output, pair in (
        ("conductance(left,right)", "κ(left, right)"),
        ("conductance(right,left)", "κ(right, left)"),
        ("responsivity(left,right)", "𝓡(left, right)"),
    ):
        assert legend_of(draw_sweep(two, output, y=y)) == [f"{pair} < 0", f"{pair} = 0"]
    assert not legend_of(draw_sweep(two, "temperature", y=y))
    only = draw_sweep(two.drop_vars("conductance(left,right)"), "temperature", y=y)
    assert legend_of(only)[-1] == "κ(right, left) = 0"


def test_a_zero_on_a_logarithmic_axis_lies_on_the_line_that_is_drawn() -> None:
    kappa = xr.DataArray([-1e-13, 3e-13, 5e-13], dims=AREA)
    one = grid().isel({POWER: 0, RIGHT: 0, AREA: [0, 4, 8]}).assign({"conductance(left,right)": kappa})
    figure = draw_sweep(one, "conductance(left,right)")
    axes, (line,), (zero,) = figure.axes[0], drawn(figure, "values"), drawn(figure, "zero of conductance")
    assert axes.get_xscale() == "log"
    # A straight line on paper: a quarter of the way from the first point to the second; rounding of a logarithm and back.
    np.testing.assert_allclose(zero[0, 0], line[0, 0] ** 0.75 * line[1, 0] ** 0.25, rtol=1e-13)
    start, dot, stop = axes.transData.transform([line[0], zero[0], line[1]])
    # Pixels, of which there are hundreds: 1e-9 is rounding.
    np.testing.assert_allclose(dot, 0.75 * start + 0.25 * stop, atol=1e-9)


@pytest.mark.parametrize("factor", [np.nan, 0.0])
def test_nothing_is_shaded_where_no_negative_conductance_is_known(factor: float) -> None:
    none = grid().isel({POWER: 0, AREA: 0})
    none["conductance(left,right)"] = factor * abs(none["conductance(left,right)"])
    figure = draw_sweep(none, "conductance(left,right)")
    assert not figure.axes[0].patches
    assert not any("<" in words for words in legend_of(figure))


def test_a_map_is_the_numbers_of_the_sweep_and_its_missing_points_are_hatched() -> None:
    figure = draw_sweep(grid(), "temperature", y=AREA, select={POWER: "40 fW"})
    axes = figure.axes[0]
    (values,) = [one for one in axes.collections if one.get_gid() == "values"]
    shown = np.ma.masked_array(values.get_array())
    expected = 1e3 * grid().temperature.sel(island="left").isel({POWER: -1}).transpose(AREA, RIGHT).values
    mask = np.isnan(expected)
    assert np.array_equal(np.ma.getmaskarray(shown).reshape(9, 9), mask)
    np.testing.assert_allclose(shown.reshape(9, 9)[~mask], expected[~mask], rtol=1e-15)
    assert (axes.get_xscale(), axes.get_yscale()) == ("linear", "log")
    assert axes.get_ylabel() == "area of right (µm²)"
    assert figure.axes[1].get_ylabel() == "temperature of left (mK)"
    assert [one for one in axes.collections if one.get_gid() == "missing"]
    (edge,) = drawn(figure, "zero of conductance")
    np.testing.assert_allclose(edge[:, 0], 250.0, rtol=1e-12)


def test_the_zero_on_a_logarithmic_axis_lies_where_the_axis_is_halfway() -> None:
    x, y = np.array([1.0, 10.0, 100.0]), np.array([1.0, 2.0])
    (line,) = zero_lines(x, y, np.array([[-1.0, 1.0, 2.0]] * 2))
    np.testing.assert_allclose(line[:, 0], np.sqrt(10.0), rtol=1e-12)


@pytest.mark.parametrize("output", ["status", "photon_route"])
def test_what_has_words_is_not_drawn_as_numbers(output: str) -> None:
    dataset = grid().assign(photon_route=grid().status)
    with pytest.raises(ArgumentError, match="has words and no numbers"):
        draw_sweep(dataset, output, y=AREA, select={POWER: "40 fW"})


def test_colours_of_a_quantity_that_changes_sign_are_centred_at_zero() -> None:
    figure = draw_sweep(grid(), "conductance(left,right)", y=AREA, select={POWER: "10 fW"})
    (values,) = [one for one in figure.axes[0].collections if one.get_gid() == "values"]
    assert np.sum(values.get_clim()) == 0.0


def test_a_random_design_is_points() -> None:
    one = grid().isel({POWER: 0})
    places = xr.DataArray([0, 3, 8], dims="sample")
    figure = draw_sweep(one.isel({RIGHT: places, AREA: places}), "temperature")
    (points,) = [one for one in figure.axes[0].collections if one.get_gid() == "values"]
    np.testing.assert_allclose(np.asarray(points.get_offsets())[:, 0], 1e3 * one[RIGHT].values[[0, 3, 8]])


def test_a_sweep_where_all_failed_and_one_along_one_point_are_drawn() -> None:
    failed = grid().isel({AREA: 0})
    failed["temperature"] = failed.temperature * np.nan
    draw_sweep(failed, "temperature").draw_without_rendering()
    draw_sweep(failed, "temperature", y=POWER).draw_without_rendering()
    single = grid().isel({AREA: 0, POWER: [0], RIGHT: [3]})
    with pytest.raises(ArgumentError, match="single point"):
        draw_sweep(single.isel({RIGHT: 0, POWER: 0}), "temperature")
    draw_sweep(single, "temperature", x=RIGHT).draw_without_rendering()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"output": "temprature"}, "did you mean `temperature`"),
        ({"output": "temperature", "x": "islands.right.temprature"}, f"did you mean `{RIGHT}`"),
        ({"output": "temperature", "select": {"iland": "left"}}, "did you mean `island`"),
        ({"output": "temperature", "select": {"island": "lft"}}, "did you mean `left`"),
        ({"output": "temperature", "select": {RIGHT: 2.0}}, "0.1 to 0.5"),
        ({"output": "temperature"}, "must hold"),
        ({"output": "temperature", "contours": -1}, "contours"),
        ({"output": "temperature", "select": {AREA: 2e-12}, "contours": 4}, "are lines of a map"),
        ({"output": "temperature", "select": {AREA: 2e-12, POWER: 1e-14}, "as_map": True}, "a map needs two"),
        ({"output": "temperature", "select": {AREA: 2e-12}, "hue": POWER, "as_map": True}, "tells lines apart"),
        ({"output": "temperature", "select": {AREA: 2e-12}, "width": 0}, "30 to 500 mm"),
        ({"output": "temperature", "select": {AREA: 2e-12}, "width": 1}, "30 to 500 mm"),
        ({"output": "temperature", "select": {AREA: 2e-12}, "width": float("nan")}, "30 to 500 mm"),
        ({"output": "temperature", "select": {AREA: 2e-12}, "y": POWER, "hue": POWER}, "shows already"),
        ({"output": "temperature", "select": {RIGHT: 0.1, AREA: 2e-12, POWER: 1e-14}}, "single point"),
    ],
)
def test_what_cannot_be_drawn_is_refused_in_a_sentence(arguments: dict[str, object], words: str) -> None:
    with pytest.raises(ArgumentError, match=words):
        draw_sweep(grid(), **arguments)  # type: ignore[arg-type]


def test_one_prefix_serves_all_numbers_of_an_axis() -> None:
    assert scale_of(np.array([1e-15, 3e-13]), "W") == (1e15, "fW")
    assert scale_of(np.array([5e-13]), "m^2") == (1e12, "µm²")
    assert scale_of(np.array([6e-21]), "m^3") == (1e18, "µm³")
    assert scale_of(np.array([np.nan]), "K") == (1.0, "K")


def test_the_command_draws_a_file_and_refuses_in_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file, picture = tmp_path / "sweep.nc", tmp_path / "new" / "map.svg"
    grid().to_netcdf(file, engine="h5netcdf")
    right = ["plot", str(file), "--map", "temperature", "--y", AREA, "--select", f"{POWER}=20 fW", "--contours", "4"]
    assert cli.answer_to([*right, "--out", str(picture)]) == 0
    assert picture.read_bytes().startswith(b"<?xml")
    capsys.readouterr()
    (tmp_path / "junk.nc").write_text("junk")
    for wrong, words in (
        ([*right, "--out", "map.jpg"], "must end in .pdf"),
        (["plot", str(tmp_path / "none.nc")], "there is no file"),
        (["plot", str(tmp_path / "junk.nc")], "cannot be read"),
        (["plot", str(file), "--y", "temprature"], "did you mean `temperature`"),
        (["plot", str(file), "--select", "island"], "must be NAME=VALUE"),
        (["plot", str(file), "--select", f"{POWER}=20 mK"], "but is '20 mK'"),
        (["plot", str(file), "--select", f"{AREA}=2 um^2", "--contours", "4"], "are lines of a map"),
        (["plot", str(file), "--select", "island=left", "--select", "island=right"], "once"),
        (["plot", str(file), "--y", ""], "is empty"),
        ([*right, "--out", str(tmp_path / "m.zarr" / "x.png")], "outside the store"),
    ):
        assert cli.answer_to(wrong) == 2
        out, err = capsys.readouterr()
        assert out == ""
        assert words in err
        assert err.count("\n") == 1


def test_a_map_is_drawn_where_it_is_asked_for_however_short_the_second_axis() -> None:
    figure = draw_sweep(grid(), "temperature", select={AREA: 2e-12}, as_map=True, contours=3)
    assert figure.axes[0].get_ylabel() == "power of left (fW)"
    assert len(figure.axes) == 2


def test_a_damaged_chunk_is_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from subkelvin import preset, sweep

    store = tmp_path / "map.zarr"
    sweep(preset("silver-setup-1"), {RIGHT: ["100 mK", "200 mK", "300 mK"]}, store=store)
    for chunk in (store / "temperature" / "c").rglob("*"):
        if chunk.is_file():
            chunk.write_bytes(b"junk")
    assert cli.answer_to(["plot", str(store), "--out", str(tmp_path / "x.png")]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.count("\n") == 1
    assert "cannot be read" in err


def designed() -> xr.Dataset:
    """A random design of three points, each over the temperature of the right island."""
    places = xr.DataArray([0, 1, 2], dims="sample")
    return grid().isel({POWER: places, AREA: places})


@pytest.mark.parametrize("place", [1, "1"])
def test_a_point_of_a_random_design_is_selected_by_its_place(place: object) -> None:
    figure = draw_sweep(designed(), "temperature", select={"sample": place})
    expected = designed().temperature.isel(island=0, sample=1)
    np.testing.assert_allclose(drawn(figure, "values")[0][:, 1], 1e3 * expected, rtol=1e-15)
    assert figure.axes[0].get_title(loc="left").startswith("sample = 1")
    for wrong in (3, -1, "one", 0.5, True):
        with pytest.raises(ArgumentError, match="whole number of 0 to 2"):
            draw_sweep(designed(), "temperature", select={"sample": wrong})


@pytest.mark.parametrize("dataset", [grid(), designed()])
def test_the_selection_that_a_refusal_suggests_is_accepted(dataset: xr.Dataset) -> None:
    with pytest.raises(ArgumentError, match="must hold") as refusal:
        draw_sweep(dataset, "temperature")
    name, _, value = refusal.value.advice.removeprefix('try "').removesuffix('"').partition("=")
    draw_sweep(
        dataset.isel({AREA: 0}) if AREA in dataset.dims and name != AREA else dataset,
        "temperature",
        select={name: value},
    )


def test_a_selected_text_needs_its_unit_as_everywhere() -> None:
    with pytest.raises(DeviceError, match=r"with a unit, but is the bare number '0\.1'; try \"0\.1 K\""):
        draw_sweep(grid(), "temperature", select={RIGHT: "0.1", AREA: 2e-12}, x=POWER)
    draw_sweep(grid(), "temperature", select={RIGHT: 0.1, AREA: 2e-12}, x=POWER)
