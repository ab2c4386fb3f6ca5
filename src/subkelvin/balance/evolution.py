"""How a trajectory ended, as a number inside compiled code and as a sentence outside."""

from enum import IntEnum


class Evolution(IntEnum):
    """How a trajectory ended."""

    COMPLETED = 0
    REACHED = 1
    ABOVE_CRITICAL_TEMPERATURE = 2
    STEP_TOO_SHORT = 3
    TOO_MANY_STEPS = 4
    NOT_COMPUTABLE = 5
    INTERRUPTED = 6

    @property
    def label(self) -> str:
        """The word used in reports and JSON."""
        return self.name.lower().replace("_", "-")

    @property
    def advice(self) -> str:
        """What happened and what to try, as a sentence."""
        return _ADVICE[self]


_ADVICE = {
    Evolution.COMPLETED: "The trajectory was followed to its end.",
    Evolution.REACHED: "An island reached its target temperature; the trajectory ends there.",
    Evolution.ABOVE_CRITICAL_TEMPERATURE: (
        "An island passed the critical temperature of its superconductor; the last state is the one there. Try less power, a "
        "shorter pulse, or more volume."
    ),
    Evolution.STEP_TOO_SHORT: (
        "The stated accuracy was not reached even with the shortest step; the last state is the one before. Try a larger "
        "tolerance, or look for a value that leaves its range."
    ),
    Evolution.TOO_MANY_STEPS: "The steps ran out before the end; try a shorter duration or a larger tolerance.",
    Evolution.NOT_COMPUTABLE: (
        "The heat flows or heat capacities at the start cannot be computed, or there is no steady state to start from. Check the "
        "values of the device, or give `start`."
    ),
    Evolution.INTERRUPTED: "The run was interrupted before this trajectory was computed; run it again.",
}
