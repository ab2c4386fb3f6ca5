"""The published figures redrawn, and the claims of the paper computed."""

from subkelvin.reproduction.reproduce import TARGETS as TARGETS
from subkelvin.reproduction.reproduce import reproduce as reproduce
