"""Axes are pure data: ranges, zips and random designs, each refused in a sentence where it makes no sense."""

import numpy as np
import pytest
from scipy.stats import qmc

from subkelvin import Device, DeviceError, preset, sweep
from subkelvin.sweeps import Linear, Logarithmic, Random, Zipped
from subkelvin.sweeps.ask import planned
from subkelvin.sweeps.outputs.read import DEFAULT_OUTPUTS
from subkelvin.sweeps.plan import Plan
from subkelvin.sweeps.read_axes import axes_of_sweep

RIGHT, POWER = "islands.right.temperature", "islands.left.power"
AREAS = ("elements.left.area", "elements.right.area")


@pytest.fixture(scope="module")
def device() -> Device:
    return preset("silver-setup-1")


def test_ranges_are_those_of_numpy_with_units(device: Device) -> None:
    linear, logarithmic = axes_of_sweep(
        device, {RIGHT: Linear("50 mK", 0.45, 5), POWER: Logarithmic("1 fW", "100 fW", 3)}
    )
    np.testing.assert_array_equal(linear.values()[RIGHT], np.linspace(0.05, 0.45, 5))
    np.testing.assert_array_equal(logarithmic.values()[POWER], np.geomspace(1e-15, 1e-13, 3))


def test_zipped_keys_have_values_of_their_own_along_one_dimension(device: Device) -> None:
    (axis,) = axes_of_sweep(device, {"pair": Zipped({RIGHT: Linear(0.1, 0.3, 3), POWER: ["1 fW", "2 fW", "4 fW"]})})
    assert (axis.name, axis.keys, axis.size) == ("pair", (RIGHT, POWER), 3)
    np.testing.assert_array_equal(axis.values()[POWER], [1e-15, 2e-15, 4e-15])


@pytest.mark.parametrize("design", ["sobol", "latin-hypercube"])
def test_random_designs_fill_their_ranges_evenly_and_repeat_with_their_seed(device: Device, design: str) -> None:
    ranges = {RIGHT: Linear("0.1 K", "0.3 K"), AREAS[0]: Logarithmic("1 um^2", "4 um^2"), POWER: ("1 fW", "9 fW")}

    def drawn(seed: int) -> dict[str, np.ndarray]:
        (axis,) = axes_of_sweep(device, {"sample": Random(64, ranges, design, seed)})  # type: ignore[arg-type]
        return axis.values()

    found = drawn(7)
    cube = np.stack(
        [(found[RIGHT] - 0.1) / 0.2, np.log(found[AREAS[0]] / 1e-12) / np.log(4.0), (found[POWER] - 1e-15) / 8e-15],
        axis=1,
    )
    # Each of 64 strata of every key holds one point.
    for column in cube.T:
        assert sorted(np.floor(column * 64).astype(int)) == list(range(64))
    # Far more even than independent numbers, of which the discrepancy is some 1/64.
    assert qmc.discrepancy(cube) < 0.01
    np.testing.assert_array_equal(drawn(7)[POWER], found[POWER])
    assert not np.array_equal(drawn(8)[POWER], found[POWER])


def test_any_number_of_sobol_points_may_be_drawn(device: Device) -> None:
    for points in (1, 5):
        (axis,) = axes_of_sweep(device, {"sample": Random(points, {RIGHT: (0.1, 0.3)})})
        assert axis.values()[RIGHT].shape == (points,)


@pytest.mark.parametrize(
    ("axes", "told"),
    [
        ({RIGHT: []}, "is empty"),
        ({RIGHT: Linear("0.3 K", "0.1 K", 5)}, "must rise"),
        ({RIGHT: Linear("0.1 K", "0.1 K", 5)}, "must rise"),
        ({RIGHT: Linear("0.1 K", "0.3 K")}, "points"),
        ({RIGHT: Linear("0.1 K", "0.3 K", 1)}, "points"),
        ({RIGHT: Linear("0.1 K", "0.3 m", 5)}, RIGHT),
        ({RIGHT: Linear("0.1 K", float("nan"), 5)}, "nan"),
        ({RIGHT: [0.1, float("nan")]}, "nan"),
        ({POWER: Logarithmic(-1e-15, 1e-15, 5)}, "above 0"),
        ({"islands.left.temperature": [0.1]}, "floats: its temperature follows"),
        ({POWER: [1e-15], "islands.left.temperature": [0.1]}, "floats: its temperature follows"),
        ({"islands.right.power": [1e-15]}, "held at a temperature"),
        ({"islands.left.powr": [1e-15]}, "did you mean"),
        ({"pair": Zipped({RIGHT: [0.1, 0.2], POWER: [1e-15]})}, "zip 2 values"),
        ({"pair": Zipped({})}, "zip"),
        ({"pair": Zipped({RIGHT: [0.1]}), RIGHT: [0.2]}, "twice"),
        ({POWER: Zipped({RIGHT: [0.1]}), "x": Zipped({POWER: [1e-15]})}, "another key's axis"),
        ({"sample": Random(4, {})}, "no range"),
        ({"sample": Random(0, {RIGHT: (0.1, 0.3)})}, "points"),
        ({"sample": Random(4, {RIGHT: (0.3, 0.1)})}, "must rise"),
        ({"sample": Random(4, {RIGHT: Linear(0.1, 0.3, 5)})}, "at random"),
        ({"sample": Random(4, {RIGHT: (0.1, 0.3)}, "dice")}, "sobol or latin-hypercube"),  # type: ignore[arg-type]
        ({"sample": Random(4, {"elements.left.junctions": (1, 3)})}, "whole number"),
        ({"elements.left.junctions": Linear(1, 2, 4)}, "whole number"),
        ({(): [0.1]}, "by key"),
    ],
)
def test_axes_that_make_no_sense_get_a_sentence(device: Device, axes: object, told: str) -> None:
    with pytest.raises((DeviceError, ValueError), match=told):
        sweep(device, axes)  # type: ignore[arg-type]


def plan(device: Device, block: int | None = None, points: int = 100) -> Plan:
    return planned(device, {RIGHT: Linear(0.1, 0.3, points), POWER: Linear(1e-15, 9e-15, 7)}, DEFAULT_OUTPUTS, block)


def test_a_plan_is_known_by_everything_that_decides_its_numbers(device: Device) -> None:
    assert plan(device).identity == plan(preset("silver-setup-1")).identity
    others = [plan(device, 64), plan(device, points=101), plan(device.replace({"islands.bath.temperature": 0.06}))]
    assert len({one.identity for one in (plan(device), *others)}) == 4


@pytest.mark.parametrize("block", [1, 5, 7, 50, 64, 699, 700, 10_000])
def test_the_blocks_of_a_plan_cover_every_point_once(device: Device, block: int) -> None:
    found = plan(device, block)
    count = np.zeros(found.shape, dtype=int)
    for number in range(found.number_of_blocks):
        count[found.part(number)] += 1
    assert np.all(count == 1)
    assert np.prod(found.block) <= block
    # Powers share a table of the outflow: they are divided last.
    assert found.block[1] == 7 or found.block[0] == 1


@pytest.mark.parametrize("name", ["island", "path", "status", "temperature", "kind", "", "a/b"])
def test_a_dimension_does_not_take_the_name_of_something_else(name: str) -> None:
    pair = Zipped({"islands.right.temperature": [0.1, 0.2, 0.3], "islands.left.power": [1e-14, 2e-14, 3e-14]})
    with pytest.raises(ValueError, match=r"call a dimension .* rename it"):
        sweep(preset("silver-setup-1"), {name: pair})


def test_the_number_that_varies_is_no_part_of_the_plan() -> None:
    axes = {"islands.left.power": ["20 fW", "30 fW"], "islands.left.parts.1.volume": [1e-20]}
    one, other = (
        planned(preset("silver-setup-1").replace({"islands.left.power": power}), axes, DEFAULT_OUTPUTS, None)
        for power in (1e-15, 1e-13)
    )
    assert one.identity == other.identity
    elsewhere = preset("silver-setup-1").replace({"islands.bath.temperature": 0.06})
    assert planned(elsewhere, axes, DEFAULT_OUTPUTS, None).identity != one.identity
