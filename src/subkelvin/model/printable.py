"""Text that a terminal shows as it is: names from files can hold anything."""


def printable(text: str) -> str:
    r"""The same text with an escape for every character that a terminal would obey rather than show.

    Line breaks stay. Control characters, marks that turn the direction of writing, and halves of characters become what Python
    writes for them, so that ``"\x1b[2J"`` in a file clears no screen.

    Example:
        >>> printable("hot\x07")
        'hot\\x07'
    """
    if text.isprintable():
        return text
    return "".join(one if one.isprintable() or one == "\n" else ascii(one)[1:-1] for one in text)
