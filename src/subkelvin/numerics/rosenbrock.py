"""One step of Rosenbrock's method of order 5: stiff equations without iterations.

With f = dy/dt, J = ∂f/∂y, and a step h from (t, y), the stages u_i follow one after another from linear equations,

    (1 − γhJ) u_i = γh [f(t + c_i h, y + Σ_j a_ij u_j) + Σ_j C_ij u_j/h + d_i h ∂f/∂t],

and y(t + h) = y + Σ_i b_i u_i; the last stage is the estimate of the error. The coefficients are those of Rodas5P: L-stable, of
order 5 with an estimate of order 4, and an interpolant of order 4,

    y(t + θh) = (1 − θ) y + θ {y(t + h) + (1 − θ)[k_2 + θ(k_3 + θ k_4)]},      k_m = Σ_i H_mi u_i.

Here y = (ln T, energies), and nothing depends on the energies: J has columns for the temperatures alone, and only their block is
inverted. The other rows follow by multiplication.

Reference: G. Steinebach, BIT Numerical Mathematics 63, 27 (2023), doi:10.1007/s10543-023-00967-x (coefficients).
Docs: docs/physics.md, section 14.
"""

from collections.abc import Callable
from typing import Any, ClassVar

import diffrax
import jax
import jax.numpy as jnp
import numpy as np
from jax.flatten_util import ravel_pytree

from subkelvin.numerics.linear_algebra import inverse as inverse_of

GAMMA = 0.21193756319429014
_LAST = [-7.502846399306121, 2.561846144803919, -11.627539656261098, -0.18268767659942256, 0.030198172008377946]
STAGES = [
    [],
    [3.0],
    [2.849394379747939, 0.45842242204463923],
    [-6.954028509809101, 2.489845061869568, -10.358996098473584],
    [2.8029986275628964, 0.5072464736228206, -0.3988312541770524, -0.04721187230404641],
    _LAST,
    [*_LAST, 1.0],
    [*_LAST, 1.0, 1.0],
]
"""a_ij; b is the last row and 1."""
COUPLINGS = [
    [],
    [-14.155112264123755],
    [-17.97296035885952, -2.859693295451294],
    [147.12150275711716, -1.41221402718213, 71.68940251302358],
    [165.43517024871676, -0.4592823456491126, 42.90938336958603, -5.961986721573306],
    [24.854864614690072, -3.0009227002832186, 47.4931110020768, 5.5814197821558125, -0.6610691825249471],
    [
        30.91273214028599,
        -3.1208243349937974,
        77.79954646070892,
        34.28646028294783,
        -19.097331116725623,
        -28.087943162872662,
    ],
    [
        37.80277123390563,
        -3.2571969029072276,
        112.26918849496327,
        66.9347231244047,
        -40.06618937091002,
        -54.66780262877968,
        -9.48861652309627,
    ],
]
"""C_ij."""
TIMES = np.array([0.0, 0.6358126895828704, 0.4095798393397535, 0.9769306725060716, 0.4288403609558664, 1.0, 1.0, 1.0])
"""c_i."""
DRIFTS = np.array([GAMMA, -0.42387512638858027, -0.3384627126235924, 1.8046452872882734, 2.325825639765069, 0, 0, 0])
"""d_i."""
INTERPOLANT = np.array(
    [
        [
            25.948786856663858,
            -2.5579724845846235,
            10.433815404888879,
            -2.3679251022685204,
            0.524948541321073,
            1.1241088310450404,
            0.4272876194431874,
            -0.17202221070155493,
        ],
        [
            -9.91568850695171,
            -0.9689944594115154,
            3.0438037242978453,
            -24.495224566215796,
            20.176138334709044,
            15.98066361424651,
            -6.789040303419874,
            -6.710236069923372,
        ],
        [
            11.419903575922262,
            2.8879645146136994,
            72.92137995996029,
            80.12511834622643,
            -52.072871366152654,
            -59.78993625266729,
            -0.15582684282751913,
            4.883087185713722,
        ],
    ]
)
"""H_mi."""


def _square(rows: list[list[float]]) -> np.ndarray:
    """Rows filled up with zeros."""
    return np.array([row + [0.0] * (len(rows) - len(row)) for row in rows])


class Interpolant(diffrax.AbstractLocalInterpolation):
    """The polynomial of order 4 over a step."""

    t0: Any  # type: ignore[misc]
    t1: Any  # type: ignore[misc]
    y0: Any
    y1: Any
    bends: tuple[Any, Any, Any]

    def evaluate(self, t0: Any, t1: Any = None, left: bool = True) -> Any:
        """y at a time, or its change between two."""
        if t1 is not None:
            return jax.tree.map(jnp.subtract, self.evaluate(t1), self.evaluate(t0))
        width = self.t1 - self.t0
        share = jnp.where(width > 0.0, (t0 - self.t0) / jnp.where(width > 0.0, width, 1.0), 0.0)

        def between(begin: Any, end: Any, second: Any, third: Any, fourth: Any) -> Any:
            bend = (1.0 - share) * (second + share * (third + share * fourth))
            return (1.0 - share) * begin + share * (end + bend)

        return jax.tree.map(between, self.y0, self.y1, *self.bends)


class Rosenbrock(diffrax.AbstractAdaptiveSolver[None]):
    """A solver for states (ln T, energies, …) whose slope depends on the first entry and the time alone."""

    term_structure: ClassVar = diffrax.AbstractTerm
    interpolation_cls: ClassVar[Callable[..., Interpolant]] = Interpolant

    def order(self, terms: Any) -> int:
        """5."""
        return 5

    def init(self, terms: Any, t0: Any, t1: Any, y0: Any, args: Any) -> None:
        """Nothing is carried from step to step."""

    def step(
        self, terms: Any, t0: Any, t1: Any, y0: Any, args: Any, solver_state: None, made_jump: Any
    ) -> tuple[Any, Any, Any, None, Any]:
        """y(t1), the estimate of its error, and what the interpolant needs."""
        state, unravel = ravel_pytree(y0)
        count, width = y0[0].size, t1 - t0

        def slope(time: jax.Array, logarithms: jax.Array) -> jax.Array:
            return ravel_pytree(terms.vf(time, (logarithms, *y0[1:]), args))[0]

        drift, jacobian = jax.jacfwd(slope, argnums=(0, 1))(t0, y0[0])
        near = GAMMA * width
        inverse = inverse_of(jnp.eye(count) - near * jacobian[:count])

        def stage(stages: jax.Array, numbers: tuple) -> tuple[jax.Array, None]:
            index, before, coupling, share, slant = numbers
            # The end of a step may be a jump: rounding must not carry a step beyond it.
            time = jnp.where(share == 1.0, t1, t0 + share * width)
            push = slope(time, y0[0] + before @ stages[:, :count]) + slant * width * drift
            right = near * push + GAMMA * (coupling @ stages)
            first = inverse @ right[:count]
            rest = right[count:] + near * (jacobian[count:] @ first)
            return stages.at[index].set(jnp.concatenate([first, rest])), None

        table = (np.arange(8), _square(STAGES), _square(COUPLINGS), TIMES, DRIFTS)
        stages, _ = jax.lax.scan(stage, jnp.zeros((8, state.size)), jax.tree.map(jnp.asarray, table))
        # A step too long may overflow. An infinite error at a finite state makes the next one shorter; NaN would stop everything.
        finite = jnp.all(jnp.isfinite(stages))
        error = jnp.where(finite, stages[-1], jnp.inf)
        stages = jnp.where(finite, stages, 0.0)
        end = unravel(state + jnp.asarray([*STAGES[-1], 1.0]) @ stages)
        second, third, fourth = (unravel(row) for row in INTERPOLANT @ stages)
        dense = {"y0": y0, "y1": end, "bends": (second, third, fourth)}
        return end, unravel(error), dense, None, diffrax.RESULTS.successful

    def func(self, terms: Any, t0: Any, y0: Any, args: Any) -> Any:
        """dy/dt."""
        return terms.vf(t0, y0, args)
