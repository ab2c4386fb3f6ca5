"""Stiff initial value problems: linearly implicit steps of order 5, and an end where a margin is crossed.

Rosenbrock's method is L-stable and estimates its own error; steps end where the slope jumps. Saved times lie on its interpolants,
which are as good as the steps. What ends a trajectory is a function of the state that crosses zero, found on the last of them.

Reference: P. Kidger, On neural differential equations (PhD thesis, Oxford, 2021), arXiv:2202.02435 (Diffrax).
Docs: docs/physics.md, section 14.
"""

from typing import Any, NamedTuple

import jax
import jax.numpy as jnp

from subkelvin.model.status import TrajectoryStatus

MOST_STEPS = 16384
SHORTEST_STEP = 1e-13
"""In units of the duration."""
NEARLY_CRITICAL = 1e-6
"""|ln T/T_c| below which a trajectory that gets stuck is stuck at the critical temperature."""


class End(NamedTuple):
    """Saved states, the last one, and how the run ended."""

    saved: tuple | None
    last_time: jax.Array
    last: tuple
    status: jax.Array
    steps: jax.Array


class InitialValueProblem(NamedTuple):
    """An initial value problem in seconds."""

    slope: Any
    initial: tuple
    margins: list
    """Functions of a state whose zero ends it: the critical temperature, then the target temperature."""
    jumps: jax.Array | None
    first: jax.Array
    longest: Any
    duration: jax.Array
    tolerance: jax.Array

    def to(self, end: jax.Array, times: jax.Array | None) -> End:
        """Integrate to a time, saving at others on the way."""
        # Imported on first use: it takes a second.
        import diffrax
        import optimistix

        from subkelvin.numerics.rosenbrock import Rosenbrock

        inner = diffrax.PIDController(
            rtol=self.tolerance,
            atol=self.tolerance,
            dtmin=SHORTEST_STEP * self.duration,
            force_dtmin=False,
            dtmax=self.longest,
            norm=optimistix.max_norm,
        )
        controller = diffrax.ClipStepSizeController(inner, jump_ts=self.jumps)
        watched = self.margins if times is not None else self.margins[:1]
        sides = [jnp.where(margin(self.initial) < 0.0, -1.0, 1.0) for margin in watched]

        def closest(state: tuple) -> jax.Array:
            """The margins, positive until one is crossed."""
            return jnp.stack([side * margin(state) for side, margin in zip(sides, watched, strict=True)])

        bisection: Any = optimistix.Bisection(rtol=1e-12, atol=1e-14, flip="detect")  # type: ignore[call-arg]
        event = diffrax.Event(lambda t, y, args, **_: jnp.min(closest(y)), bisection)
        last = diffrax.SubSaveAt(t1=True)
        saves = [last] if times is None else [last, diffrax.SubSaveAt(ts=times)]
        solution = diffrax.diffeqsolve(
            diffrax.ODETerm(self.slope),
            Rosenbrock(),
            jnp.zeros(()),
            end,
            self.first,
            self.initial,
            saveat=diffrax.SaveAt(subs=saves),
            stepsize_controller=controller,
            event=event,
            max_steps=MOST_STEPS,
            throw=False,
        )
        result, codes = solution.result, diffrax.RESULTS
        final = jax.tree.map(lambda leaf: leaf[0], solution.ys[0])
        hot = jnp.argmin(closest(final)) == 0
        # The heat capacity jumps at the critical temperature: steps get shorter and shorter there, and may not get across.
        stuck = jnp.abs(self.margins[0](final)) < NEARLY_CRITICAL
        status = jnp.where(
            result == codes.successful,
            TrajectoryStatus.COMPLETED,
            jnp.where(
                result == codes.event_occurred,
                jnp.where(hot, TrajectoryStatus.ABOVE_CRITICAL_TEMPERATURE, TrajectoryStatus.REACHED),
                jnp.where(
                    stuck,
                    TrajectoryStatus.ABOVE_CRITICAL_TEMPERATURE,
                    jnp.where(
                        result == codes.max_steps_reached,
                        TrajectoryStatus.TOO_MANY_STEPS,
                        TrajectoryStatus.STEP_TOO_SHORT,
                    ),
                ),
            ),
        )
        saved = None if times is None else jax.tree.map(_finite_or_nan, solution.ys[1])
        return End(saved, solution.ts[0][0], final, status, solution.stats["num_steps"])


def _finite_or_nan(leaf: jax.Array) -> jax.Array:
    """NaN where a state was not reached, in its derivatives as well."""
    return leaf * jnp.where(jnp.isfinite(leaf), 1.0, jnp.nan)
