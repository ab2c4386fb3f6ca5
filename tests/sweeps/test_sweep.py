"""A sweep is the same as its points, labelled."""

import json
from pathlib import Path

import jax
import numpy as np
import pytest
import xarray as xr

from subkelvin import DeviceError, Progress, preset, steady_state, sweep
from subkelvin.balance.steady.sensitivity import sensitivity
from subkelvin.sweeps.run import evaluate_over


def test_a_sweep_equals_its_points_in_any_order_of_axes() -> None:
    device = preset("silver-setup-1")
    powers, temperatures, areas = np.array([1e-15, 2e-13]), np.array([0.06, 0.3, 0.45]), np.array([1e-12, 4e-12])
    axes = {
        "islands.left.power": powers,
        "islands.right.temperature": temperatures,
        "elements.left.area": areas,
    }
    result = sweep(device, axes)
    other = sweep(device, dict(reversed(axes.items())))
    np.testing.assert_array_equal(result.temperature, other.temperature.transpose(*result.temperature.dims))
    for index in np.ndindex(2, 3, 2):
        point = {path: float(values[i]) for (path, values), i in zip(axes.items(), index, strict=True)}
        state = steady_state(device.replace(point))
        chosen = result.sel(point)
        assert int(chosen.status) == 0
        # The same algorithm in another compilation: fused arithmetic may differ in the last bits.
        np.testing.assert_allclose(chosen.temperature.sel(island="left"), state.temperatures["left"], rtol=1e-13)
        scale = max(abs(float(w)) for w in state.watts)
        np.testing.assert_allclose(chosen.heat, np.array(state.watts), rtol=1e-9, atol=1e-12 * scale)


def test_tied_keys_have_one_axis() -> None:
    device = preset("silver-setup-1")
    both = ("elements.left.area", "elements.right.area")
    found = sweep(device, {both: ["1 um^2", "2 um^2"], "islands.left.power": ["10 fW", "50 fW"]})
    assert found.temperature.dims == ("island", "elements.left.area", "islands.left.power")
    assert found["elements.left.area"].attrs["tied"] == "elements.right.area"
    point = {**dict.fromkeys(both, 2e-12), "islands.left.power": 5e-14}
    expected = steady_state(device.replace(point)).temperatures["left"]
    np.testing.assert_allclose(found.temperature.sel(island="left")[1, 1], float(expected), rtol=1e-13)
    with pytest.raises(ValueError, match="another unit"):
        sweep(device, {("elements.left.area", "islands.left.power"): [1e-12]})
    with pytest.raises(ValueError, match="twice"):
        sweep(device, {both: [1e-12], "elements.left.area": [1e-12]})


def test_a_sweep_carries_units_parameters_version_and_assumptions() -> None:
    result = sweep(preset("silver-setup-1"), {"islands.right.temperature": np.array([0.1, 0.2])})
    assert result.temperature.attrs["units"] == "K"
    assert result["islands.right.temperature"].attrs["units"] == "K"
    assert json.loads(result.attrs["parameters_SI"])["islands.bath.temperature"] == 0.05
    assert json.loads(result.attrs["assumed"])
    assert result.attrs["version"]
    assert result.attrs["admittance"] == "static"


def test_a_sweep_can_be_written_and_read_again(tmp_path: Path) -> None:
    result = sweep(preset("silver-setup-1"), {"islands.right.temperature": np.array([0.1, 0.2])})
    result.to_netcdf(tmp_path / "sweep.nc", engine="h5netcdf")
    with xr.open_dataset(tmp_path / "sweep.nc", engine="h5netcdf") as file:
        xr.testing.assert_identical(file.load(), result)


def test_sensitivities_are_the_derivatives_of_steady_states() -> None:
    device = preset("silver-setup-1")
    result = evaluate_over(sensitivity, device, {"islands.right.temperature": np.array([0.2, 0.3])}).values

    def left(power: float, right: float, bath: float) -> jax.Array:
        changes = {"islands.left.power": power, "islands.right.temperature": right, "islands.bath.temperature": bath}
        return steady_state(device.replace(changes)).temperatures["left"]

    expected = jax.grad(left, argnums=(0, 1, 2))(device.values["islands.left.power"], 0.3, 0.05)
    held = [island.name for island in device.structure.held_islands]
    # The same derivative by another order of operations.
    np.testing.assert_allclose(result.by_power[1], [expected[0]], rtol=1e-10)
    np.testing.assert_allclose(result.by_held_temperature[1, held.index("right")], expected[1], rtol=1e-9)
    np.testing.assert_allclose(result.by_held_temperature[1, held.index("bath")], expected[2], rtol=1e-9)


def test_impossible_axes_are_refused() -> None:
    device = preset("silver-setup-1")
    with pytest.raises(DeviceError, match=r"islands\.right\.temperature"):
        sweep(device, {"islands.right.temperature": np.array([0.1, -0.2])})
    with pytest.raises(DeviceError, match="did you mean"):
        sweep(device, {"islands.right.temperatur": np.array([0.1])})
    with pytest.raises(ValueError, match="along one axis"):
        sweep(device, {"islands.right.temperature": np.zeros((2, 2))})


def test_progress_ends_with_all_points() -> None:
    seen: list[float] = []
    axis = np.linspace(0.06, 0.5, 100)
    progress = Progress(lambda progress: seen.append(progress.fraction))
    sweep(preset("silver-setup-1"), {"islands.right.temperature": axis}, progress=progress)
    assert seen[-1] == 1.0
    assert progress.doing == "100 of 100 points"
    assert len(seen) > 1
