"""Poles of rational functions of ω² from their values: known ones, close to the axis, over many decades, several functions."""

import numpy as np
import pytest

from subkelvin.numerics.rational_approximation import adapted_support, poles_of

FREQUENCY = np.unique(np.concatenate([np.geomspace(1e-6, 40.0, 900), np.linspace(0.0, 40.0, 900)]))


def values(poles: np.ndarray, residues: np.ndarray) -> np.ndarray:
    """0.3 + Σ Re[r/(ω² − s²)]."""
    terms = residues / ((FREQUENCY[:, None] - poles) * (FREQUENCY[:, None] + poles))
    return 0.3 + np.sum(np.real(terms), axis=1)


def found_poles(data: np.ndarray, tolerance: float = 1e-13) -> np.ndarray:
    support = adapted_support(FREQUENCY, np.atleast_2d(data), np.ones(FREQUENCY.size), tolerance, 60)
    return poles_of(support)


def nearest(found: np.ndarray, expected: np.ndarray) -> np.ndarray:
    """Distance of every expected pole from the nearest found one, in units of the pole."""
    return np.min(np.abs(found[:, None] - expected), axis=0) / np.abs(expected)


@pytest.mark.parametrize(
    ("poles", "accuracy"),
    [
        ([0.7 + 0.2j, 3.0 + 1.0j, 12.0 + 0.5j], 1e-9),
        ([2.0 + 1e-4j, 5.0 + 1.0j], 1e-9),  # a quality factor of 1e4
        ([1e-3j, 1.0 + 0.3j, 8.0j], 1e-7),  # four decades, two of them on the imaginary axis
    ],
)
def test_known_poles_are_found(poles: list[complex], accuracy: float) -> None:
    expected = np.array(poles)
    found = found_poles(values(expected, np.abs(expected * np.where(expected.imag, expected.imag, 1.0))))
    assert np.all(nearest(found, expected) <= accuracy)


def test_several_functions_share_their_poles() -> None:
    first, second = np.array([0.7 + 0.2j, 3.0 + 1.0j]), np.array([3.0 + 1.0j, 12.0 + 0.5j])
    found = found_poles(np.stack([values(first, np.ones(2)), values(second, np.ones(2))]))
    assert np.all(nearest(found, np.union1d(first, second)) <= 1e-9)


def test_a_constant_has_no_poles() -> None:
    assert found_poles(np.ones(FREQUENCY.size)).size == 0


def test_noise_does_not_make_the_support_grow_without_end() -> None:
    noise = 1e-10 * np.random.default_rng(0).standard_normal(FREQUENCY.size)
    data = values(np.array([0.7 + 0.2j, 3.0 + 1.0j]), np.ones(2)) + noise
    support = adapted_support(FREQUENCY, data[None], np.ones(FREQUENCY.size), 1e-13, 200)
    assert support.frequency.size < 20
    # It goes through values with noise, which grows between them; without an end to the support it would not fall below either.
    assert support.deviation < 1e-8
