"""A tolerance that lets through more than rounding has a reason beside it."""

import ast
import io
import tokenize
from collections.abc import Iterator
from pathlib import Path

TESTS = Path(__file__).parents[1]
ROUNDING = 1e-9
"""Tolerances up to this one need no reason: some digits lost by rounding, or an integral by quadrature."""
KEYWORDS = {"rtol", "atol", "rel", "abs"}


def comment_lines(source: str) -> set[int]:
    """Lines with a comment for readers, none of those for tools."""
    tokens = tokenize.generate_tokens(io.StringIO(source).readline)
    comments = [token for token in tokens if token.type == tokenize.COMMENT]
    return {token.start[0] for token in comments if not token.string.startswith(("# noqa", "# type:", "# fmt:"))}


def wide_tolerances(function: ast.FunctionDef) -> Iterator[ast.keyword]:
    """Numbers that a function of tests gives as a tolerance, wider than rounding."""
    for call in ast.walk(function):
        for keyword in call.keywords if isinstance(call, ast.Call) else ():
            value = keyword.value.value if isinstance(keyword.value, ast.Constant) else None
            if keyword.arg in KEYWORDS and isinstance(value, float) and value > ROUNDING:
                yield keyword


def without_reason(source: str) -> list[int]:
    """Lines of wide tolerances in functions without a comment."""
    comments = comment_lines(source)
    return [
        tolerance.value.lineno
        for function in ast.parse(source).body
        if isinstance(function, ast.FunctionDef)
        if not comments & set(range(function.lineno, (function.end_lineno or function.lineno) + 1))
        for tolerance in wide_tolerances(function)
    ]


def test_a_function_with_a_wide_tolerance_says_why() -> None:
    found = {
        f"{path.relative_to(TESTS)}:{line}"
        for path in sorted(TESTS.rglob("*.py"))
        for line in without_reason(path.read_text("utf-8"))
    }
    assert not found


def test_a_wide_tolerance_without_a_comment_is_found() -> None:
    assert without_reason("def test() -> None:\n    assert x == approx(y, rel=1e-6)\n") == [2]
    assert not without_reason("def test() -> None:\n    # Why.\n    assert x == approx(y, rel=1e-6)\n")
    assert not without_reason("def test() -> None:\n    assert x == approx(y, rel=1e-12)\n")
