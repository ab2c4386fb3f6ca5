"""The command line: what people and other programs ask of a device file."""

from subkelvin.cli.entry import answer_to as answer_to
from subkelvin.cli.entry import main as main
