"""Adaptive Gauss–Kronrod quadrature that can be differentiated, batched and compiled.

Each panel of a mesh is measured by the 21 points of Kronrod and the 10 of Gauss among them; their difference estimates
the error. The panel with the largest estimate is halved, once every interval has been halved, until the sum of all
estimates is small enough. The mesh found in this way is frozen, and the integral is one plain sum over it: its
derivatives are the sums of the integrand's derivatives over the same points. The mesh is kept as fractions of the
intervals between the given break points, so that derivatives with respect to those (moving limits) are right as well.

Reference: R. Piessens, E. de Doncker-Kapenga, C. W. Überhuber and D. K. Kahaner, QUADPACK (Springer, 1983),
doi:10.1007/978-3-642-61786-7 (rule and error estimate).
"""

from collections.abc import Callable, Sequence

import jax
import jax.numpy as jnp
import numpy as np
from jax.typing import ArrayLike

_HALF_NODES = (
    0.995657163025808080735527280689003,
    0.973906528517171720077964012084452,
    0.930157491355708226001207180059508,
    0.865063366688984510732096688423493,
    0.780817726586416897063717578345042,
    0.679409568299024406234327365114874,
    0.562757134668604683339000099272694,
    0.433395394129247190799265943165784,
    0.294392862701460198131126603103866,
    0.148874338981631210884826001129720,
)
_HALF_KRONROD = (
    0.011694638867371874278064396062192,
    0.032558162307964727478818972459390,
    0.054755896574351996031381300244580,
    0.075039674810919952767043140916190,
    0.093125454583697605535065465083366,
    0.109387158802297641899210590325805,
    0.123491976262065851077958109585166,
    0.134709217311473325928054001771707,
    0.142775938577060080797094273138717,
    0.147739104901338491374841515972068,
)
_HALF_GAUSS = (
    0.066671344308688137593568809893332,
    0.149451349150580593145776339657697,
    0.219086362515982043995534934228163,
    0.269266719309996355091226921569469,
    0.295524224714752870173892994651338,
)

KRONROD_NODES = np.array([*(-x for x in _HALF_NODES), 0.0, *reversed(_HALF_NODES)])
KRONROD_WEIGHTS = np.array([*_HALF_KRONROD, 0.149445554002916905664936468389821, *reversed(_HALF_KRONROD)])
GAUSS_WEIGHTS = np.zeros(21)
GAUSS_WEIGHTS[1::2] = [*_HALF_GAUSS, *reversed(_HALF_GAUSS)]

Integrand = Callable[[jax.Array], jax.Array]


def adaptive_quadrature(
    integrand: Integrand,
    break_points: ArrayLike | Sequence[ArrayLike],
    *,
    relative_tolerance: float = 1e-12,
    absolute_tolerance: float = 0.0,
    max_panels: int = 128,
    magnitude: Callable[[jax.Array], jax.Array] = jnp.abs,
) -> tuple[jax.Array, jax.Array]:
    """∫ integrand(x) dx from the first break point to the last.

    Args:
        integrand: takes points of shape (k,), returns values of shape (..., k); it may close over anything
            differentiable.
        break_points: limits of integration, with points between them where the integrand changes character; ascending,
            shape (m,).
        relative_tolerance, absolute_tolerance: refinement ends when the estimated error of every component is
            below the larger of absolute_tolerance and relative_tolerance · magnitude(integral).
        max_panels: refinement also ends with this many panels; the error estimate then tells what is missing.
        magnitude: what the error of every component is to be small against, shape (...) → (...); by default the component itself.
            A component that may vanish by cancellation needs another one.

    Returns:
        The integral and its estimated error, each of shape (...): the estimate is an upper bound for smooth integrands.

    Validity:
        NaN if the integrand is NaN anywhere it is asked.

    Raises:
        ValueError: fewer than two break points, or more than one interval between them for every two panels.
    """
    points = jnp.asarray(break_points, float)
    intervals = points.size - 1
    if points.ndim != 1 or not 1 <= intervals <= max_panels // 2:
        raise ValueError(
            f"Argument `break_points` must hold 2 to {max_panels // 2 + 1} points, but has shape {points.shape}; "
            "try a larger `max_panels`."
        )

    def tolerance(integral: jax.Array) -> jax.Array:
        return jnp.maximum(absolute_tolerance, relative_tolerance * magnitude(integral))

    owner, start, width, error = _mesh(integrand, points, tolerance, max_panels)
    # Unused panels repeat the first one with weight 0: the integrand is asked only where it is defined.
    values = _evaluate(integrand, points, owner, start, jnp.where(width > 0.0, width, width[0]))
    lengths = jnp.where(width > 0.0, width, 0.0) * (points[owner + 1] - points[owner])
    return jnp.einsum("...pk,p,k->...", values, 0.5 * lengths, KRONROD_WEIGHTS), error


def _evaluate(
    integrand: Integrand, points: jax.Array, owner: jax.Array, start: jax.Array, width: jax.Array
) -> jax.Array:
    """The integrand on panels: from the fraction ``start`` of interval ``owner``, over the fraction ``width`` of it.

    Returns:
        Array of shape (..., panels, 21).
    """
    fractions = start[:, None] + width[:, None] * (0.5 * (1.0 + KRONROD_NODES))
    nodes = points[owner][:, None] + (points[owner + 1] - points[owner])[:, None] * fractions
    values = integrand(nodes.reshape(-1))
    return values.reshape(*values.shape[:-1], *nodes.shape)


def _measure(
    integrand: Integrand, points: jax.Array, owner: jax.Array, start: jax.Array, width: jax.Array
) -> tuple[jax.Array, jax.Array]:
    """Integral over each panel and its estimated error, shape (..., panels), without derivatives."""
    values = jax.lax.stop_gradient(_evaluate(integrand, points, owner, start, width))
    half = 0.5 * width * (points[owner + 1] - points[owner])
    integral = half * (values @ KRONROD_WEIGHTS)
    difference = jnp.abs(integral - half * (values @ GAUSS_WEIGHTS))
    mean = integral / (2.0 * jnp.where(half == 0.0, 1.0, half))
    # Variation of the integrand about its mean; Kronrod's error is far below the difference once that is small against
    # it.
    variation = jnp.abs(half) * (jnp.abs(values - mean[..., None]) @ KRONROD_WEIGHTS)
    safe = jnp.where(variation == 0.0, 1.0, variation)
    error = jnp.where(variation == 0.0, difference, variation * jnp.minimum(1.0, (200.0 * difference / safe) ** 1.5))
    return integral, error


def _mesh(
    integrand: Integrand, points: jax.Array, tolerance: Callable[[jax.Array], jax.Array], max_panels: int
) -> tuple[jax.Array, jax.Array, jax.Array, jax.Array]:
    """Owner, start and width (0 where unused) of every panel, each of shape (max_panels,), and the estimated error."""
    points = jax.lax.stop_gradient(points)
    intervals = points.shape[0] - 1
    value = jax.eval_shape(integrand, jax.ShapeDtypeStruct(KRONROD_NODES.shape, points.dtype))
    shape = (*value.shape[:-1], max_panels)
    panels = jnp.arange(max_panels)

    def unfinished(state: tuple) -> jax.Array:
        count, _, _, _, integral, error = state
        return (count < max_panels) & jnp.any(jnp.sum(error, axis=-1) > tolerance(jnp.sum(integral, axis=-1)))

    def halve_worst(state: tuple) -> tuple:
        count, owner, start, width, integral, error = state
        allowed = tolerance(jnp.sum(integral, axis=-1))[..., None]
        excess = jnp.where(allowed > 0.0, error / jnp.where(allowed > 0.0, allowed, 1.0), error)
        worst = jnp.argmax(jnp.max(excess.reshape(-1, max_panels), axis=0))
        places = jnp.stack([worst, count])
        half = 0.5 * width[worst]
        owner = owner.at[count].set(owner[worst])
        start = start.at[count].set(start[worst] + half)
        width = width.at[places].set(half)
        halves, errors = _measure(integrand, points, owner[places], start[places], width[places])
        return count + 1, owner, start, width, integral.at[..., places].set(halves), error.at[..., places].set(errors)

    state = (
        jnp.asarray(intervals),
        jnp.where(panels < intervals, panels, 0),
        jnp.zeros(max_panels),
        jnp.where(panels < intervals, 1.0, 0.0),
        jnp.zeros(shape, value.dtype),
        # Infinite estimates make the loop halve, and so measure, every interval before anything else.
        jnp.broadcast_to(jnp.where(panels < intervals, jnp.inf, 0.0), shape),
    )
    _, owner, start, width, _, error = jax.lax.while_loop(unfinished, halve_worst, state)
    return owner, start, width, jnp.sum(error, axis=-1)
