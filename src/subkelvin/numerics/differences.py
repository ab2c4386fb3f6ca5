"""Slopes by central differences, where a function is so costly that its exact derivative would cost ten times as much.

    f′(x) = [f(x + h) − f(x − h)]/2h + O(h²),        h = 1e-5 x,

right to about 1e-10 of f/x for smooth functions that are right to rounding.
"""

from collections.abc import Callable
from typing import TypeVar

import jax

T = TypeVar("T")
RELATIVE_STEP = 1e-5


def value_and_slope(function: Callable[[jax.Array], T], x: jax.Array) -> tuple[T, T]:
    """f(x) and f′(x), for x > 0.

    Args:
        function: of one number; gives one, or several.
        x: the number.
    """
    step = RELATIVE_STEP * x
    slope: T = jax.tree.map(lambda up, down: (up - down) / (2.0 * step), function(x + step), function(x - step))
    return function(x), slope
