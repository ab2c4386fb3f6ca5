"""The shape of rows of measured tables: texts with units in a file, numbers and arrays from Python."""

from types import GenericAlias
from typing import Annotated

from pydantic import BeforeValidator

from subkelvin.model.quantities import is_plain_number
from subkelvin.model.vocabulary import Field

FROM_PYTHON = "from Python"
"""In the context of a validation: whether bare numbers are SI numbers."""


def in_row(field: Field) -> object:
    """A number in a row of a measured table: a text, which is read beside its row; a number from Python gets its SI unit."""
    return Annotated[
        str,
        BeforeValidator(
            lambda value, how: (
                f"{float(value)!r} {field.unit}"
                if (how.context or {}).get(FROM_PYTHON) and is_plain_number(value)
                else value
            )
        ),
    ]


def column(one: object) -> object:
    """A column of a measured table, which may be absent."""
    return GenericAlias(list, (one,)) | None


def _complex_as_pair(value: object) -> object:
    """A complex admittance, which only Python can give, as its real and imaginary part."""
    return [value.real, value.imag] if isinstance(value, complex) else value


def complex_in_row(field: Field) -> object:
    """A complex number in a row: a pair of real and imaginary part."""
    pair = GenericAlias(list, (in_row(field),))
    return Annotated[pair, BeforeValidator(_complex_as_pair)]
