"""What the exit code of a command says."""

GOOD = 0
"""An answer, whatever its validity checks say."""
NO_ANSWER = 1
"""No good answer: no steady state, or a failed certificate."""
USER_MISTAKE = 2
"""A mistake in a file or an option, told in one sentence on stderr."""
INTERRUPTED = 130
