"""How computations end: numbers inside compiled code, words and sentences outside."""

from collections.abc import Mapping
from enum import IntEnum


class Limit(IntEnum):
    """Which end of its range an island's temperature has reached in a search that failed."""

    NOT_COMPUTED = -1
    NONE = 0
    HIGHEST = 1
    CRITICAL_TEMPERATURE = 2
    LOWEST = 3


class Outcome(IntEnum):
    """How a computation ended. In every family −1 is what was not computed, because somebody stopped the run."""

    @property
    def label(self) -> str:
        """The word used in reports and JSON."""
        return self.name.lower().replace("_", "-")

    @property
    def advice(self) -> str:
        """What happened and what to try, as a sentence."""
        return _ADVICE[type(self)][self]


class Status(Outcome):
    """The outcome of a search for a steady state."""

    NOT_COMPUTED = -1
    CONVERGED = 0
    NO_STEADY_STATE = 1
    ABOVE_CRITICAL_TEMPERATURE = 2
    NOT_CONVERGED = 3
    UNDETERMINED = 4


class TrajectoryStatus(Outcome):
    """How a trajectory ended."""

    NOT_COMPUTED = -1
    COMPLETED = 0
    REACHED = 1
    ABOVE_CRITICAL_TEMPERATURE = 2
    STEP_TOO_SHORT = 3
    TOO_MANY_STEPS = 4
    NOT_COMPUTABLE = 5


def failure(advice: str, temperatures: Mapping[str, float], limits: Mapping[str, int]) -> str:
    """A sentence that also says where the search ended, and which island ran into what.

    Args:
        advice: of the status.
        temperatures: of the floating islands where it ended [K], by name; NaN if there are none.
        limits: a `Limit` for each.
    """
    known = [
        f"`{name}` {value:.4g} K{_LIMITS[Limit(limits[name])]}"
        for name, value in temperatures.items()
        if value == value
    ]
    return f"{advice} The search ended at {', '.join(known)}." if known else advice


_LIMITS = {
    Limit.LOWEST: " (the coldest that is searched)",
    Limit.NONE: "",
    Limit.NOT_COMPUTED: "",
    Limit.HIGHEST: " (the hottest that is searched)",
    Limit.CRITICAL_TEMPERATURE: " (the critical temperature of its superconductor)",
}

_ADVICE: dict[type[Outcome], dict[Outcome, str]] = {
    Status: {
        Status.CONVERGED: "The heat flows of every floating island balance.",
        Status.NO_STEADY_STATE: (
            "No temperature of the floating island balances its heat flows: more heat is drawn than can come in, or more "
            "comes in than can leave below 100 K. Try less power, or another path for the heat."
        ),
        Status.ABOVE_CRITICAL_TEMPERATURE: (
            "A floating island would pass the critical temperature of its superconductor. Try less power, more volume, or a "
            "superconductor with a higher critical temperature."
        ),
        Status.NOT_CONVERGED: (
            "The search did not end at the stated accuracy, or a value is outside what the model can compute. Check the values of "
            "the device, or try one nearby."
        ),
        Status.NOT_COMPUTED: "The run was stopped before this point was computed; run it again.",
        Status.UNDETERMINED: (
            "The heat of a floating island does not change with its temperature, so that any temperature balances. Give the island "
            "another path for its heat."
        ),
    },
    TrajectoryStatus: {
        TrajectoryStatus.COMPLETED: "The trajectory was followed to its end.",
        TrajectoryStatus.REACHED: "An island reached its target temperature; the trajectory ends there.",
        TrajectoryStatus.ABOVE_CRITICAL_TEMPERATURE: (
            "An island passed the critical temperature of its superconductor; the last state is the one there. Try less power, a "
            "shorter pulse, or more volume."
        ),
        TrajectoryStatus.STEP_TOO_SHORT: (
            "The stated accuracy was not reached even with the shortest step; the last state is the one before. Try a larger "
            "tolerance, or look for a value that leaves its range."
        ),
        TrajectoryStatus.TOO_MANY_STEPS: "The steps ran out before the end; try a shorter duration or a larger tolerance.",
        TrajectoryStatus.NOT_COMPUTABLE: (
            "The heat flows or heat capacities at the start cannot be computed, or there is no steady state to start from. Check "
            "the values of the device, or give `start`."
        ),
        TrajectoryStatus.NOT_COMPUTED: "The run was stopped before this trajectory was computed; run it again.",
    },
}
"""By family: members of two families with one number are equal."""
