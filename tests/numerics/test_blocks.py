"""Blocks of points: every point once and in order, one shape, and nothing lost by an interrupt."""

import threading
from collections.abc import Generator

import jax
import numpy as np
import pytest

from subkelvin import Progress, preset
from subkelvin.balance.steady.solve import solve
from subkelvin.balance.time.drives import Step
from subkelvin.balance.time.evolve import evolve
from subkelvin.model.status import Limit, Status, TrajectoryStatus
from subkelvin.numerics.blocks import block_by_block, in_order, not_computed
from subkelvin.sweeps.run import evaluate_over


@pytest.mark.parametrize("count", [1, 3, 4, 5, 12, 13])
def test_every_point_comes_once_and_in_order_and_blocks_have_one_shape(count: int) -> None:
    shapes = set()

    def square(block: dict[str, np.ndarray]) -> np.ndarray:
        shapes.add(block["x"].shape)
        return block["x"] ** 2

    found = np.full(count, np.nan)
    for rows, part in block_by_block(square, {"x": np.arange(count, dtype=float)}, 4):
        assert np.all(np.isnan(found[rows]))
        found[rows] = part
    np.testing.assert_array_equal(found, np.arange(count) ** 2.0)
    assert shapes == {(min(count, 4),)}


def test_a_caller_that_stops_asking_stops_the_work() -> None:
    begun, gate = [], threading.Event()

    def work(number: int) -> int:
        begun.append(number)
        if number > 0:
            gate.wait(0.05)
        return number

    results = in_order(work, 1000)
    assert next(results) == 0
    assert isinstance(results, Generator)
    results.close()
    assert len(begun) < 100


def test_what_nobody_computed_is_nan_or_minus_one() -> None:
    assert np.all(np.isnan(not_computed(np.zeros((2, 3)), 4)))
    assert np.all(not_computed(np.zeros((2, 3), dtype=np.int32), 4) == -1)
    assert {int(one.NOT_COMPUTED) for one in (Status, TrajectoryStatus, Limit)} == {-1}


def stopped() -> Progress:
    """Of a user who stops the run after the first block."""
    return Progress(Progress.cancel)


def test_an_interrupted_sweep_keeps_what_was_computed() -> None:
    device = preset("silver-setup-1")
    axes = {"islands.right.temperature": np.linspace(0.1, 0.5, 130)}
    found = evaluate_over(solve, device, axes, stopped()).values
    whole = evaluate_over(solve, device, axes).values
    done = found.status != Status.NOT_COMPUTED
    assert 0 < done.sum() < 130
    np.testing.assert_array_equal(found.temperatures[done], whole.temperatures[done])
    assert np.all(np.isnan(found.temperatures[~done]))


def test_an_interrupted_batch_of_trajectories_keeps_what_was_computed() -> None:
    device = preset("silver-setup-1")
    powers = np.linspace(1e-14, 1e-13, 70)
    drives = {"islands.left.power": Step(1e-14, powers)}
    found = evolve(device, 1e-6, drives=drives, save=2, tolerance=1e-5, progress=stopped())
    done = np.asarray(found.status) == TrajectoryStatus.COMPLETED
    assert np.all(done == (np.arange(70) < 64))
    assert np.all(np.asarray(found.status)[~done] == TrajectoryStatus.NOT_COMPUTED)
    assert np.all(np.isfinite(found.temperatures["left"][done]))
    assert np.all(np.isnan(found.temperatures["left"][~done]))


def test_a_batch_of_unequal_lengths_is_refused() -> None:
    device = preset("silver-setup-1")
    with pytest.raises(ValueError, match="one length"):
        evolve(
            device,
            1e-6,
            start={"left": np.array([0.1, 0.2, 0.3])},
            drives={"islands.left.power": Step(1e-14, np.ones(2) * 1e-14)},
        )


def test_a_derivative_passes_through_a_batch() -> None:
    device = preset("silver-setup-1")

    def end(power: float | jax.Array) -> jax.Array:
        powers = power * np.array([1.0, 2.0])
        drives = {"islands.left.power": Step(1e-14, powers)}
        return evolve(device, 1e-6, start={"left": 0.1}, drives=drives, save=2).temperatures["left"][1, -1]

    step = 1e-18
    difference = (float(end(1e-14 + step)) - float(end(1e-14 - step))) / (2.0 * step)
    # Second order in a step of 1e-4; the steps in time change smoothly with the power.
    np.testing.assert_allclose(float(jax.grad(end)(1e-14)), difference, rtol=1e-7)
