"""Damage to a text: what slips of the hand, other programs and bad will do to a file."""

import random
import re
from collections.abc import Callable, Sequence

SPLIT = re.compile(r"(\s+|[=,.\[\]{}()\"'])")
CHARACTERS = "\x00\x07\x1b\r\n\t \"'#=.,[]{}+-0e9éµΩ中\u200b\u202e\ufeff\ud800\U0001f600"

Mutation = Callable[[random.Random, str, Sequence[str]], str]


def mutated(chance: random.Random, text: str, words: Sequence[str], times: int) -> str:
    """A text damaged so many times.

    Args:
        chance: decides.
        text: to damage.
        words: that may come in, from the language of the text and from elsewhere.
        times: how often.
    """
    for _ in range(times):
        text = chance.choice(MUTATIONS)(chance, text, words)
    return text


def replace_word(chance: random.Random, text: str, words: Sequence[str]) -> str:
    """One word for another."""
    parts = SPLIT.split(text)
    parts[chance.randrange(len(parts))] = chance.choice(words)
    return "".join(parts)


def exchange_words(chance: random.Random, text: str, _: Sequence[str]) -> str:
    """Two words in each other's place."""
    parts = SPLIT.split(text)
    first, second = chance.randrange(len(parts)), chance.randrange(len(parts))
    parts[first], parts[second] = parts[second], parts[first]
    return "".join(parts)


def cut(chance: random.Random, text: str, _: Sequence[str]) -> str:
    """Some characters lost, or all behind them."""
    start = chance.randrange(len(text) + 1)
    return text[:start] + ("" if chance.random() < 0.1 else text[start + chance.randrange(40) :])


def insert(chance: random.Random, text: str, words: Sequence[str]) -> str:
    """A word or a character put in."""
    start = chance.randrange(len(text) + 1)
    added = chance.choice(words) if chance.random() < 0.5 else chance.choice(CHARACTERS)
    return text[:start] + added + text[start:]


def repeat(chance: random.Random, text: str, _: Sequence[str]) -> str:
    """A piece many times."""
    start = chance.randrange(len(text) + 1)
    piece = text[start : start + 1 + chance.randrange(30)]
    return text[:start] + piece * chance.choice([2, 2, 2, 5, 50, 500]) + text[start:]


def move_line(chance: random.Random, text: str, _: Sequence[str]) -> str:
    """A line removed, doubled, or moved."""
    lines = text.split("\n")
    line = lines.pop(chance.randrange(len(lines)))
    for _copy in range(chance.choice([0, 1, 1, 2])):
        lines.insert(chance.randrange(len(lines) + 1), line)
    return "\n".join(lines)


def change_number(chance: random.Random, text: str, _: Sequence[str]) -> str:
    """A number that is another one."""
    numbers = list(re.finditer(r"[0-9]+(?:\.[0-9]+)?", text))
    if not numbers:
        return text
    match = chance.choice(numbers)
    new = chance.choice(
        ["0", "-0", "-1", "1e999", "1e-999", "nan", "inf", "9" * 40, "0x10", "1_0", "٣", f"-{match[0]}", "1e5"]
    )
    return text[: match.start()] + new + text[match.end() :]


MUTATIONS: tuple[Mutation, ...] = (
    replace_word, replace_word, exchange_words, cut, insert, insert, repeat, move_line, change_number, change_number,
)  # fmt: skip
