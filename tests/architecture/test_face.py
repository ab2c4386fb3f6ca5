"""The rule of the face: verb(device, what varies, *, options) → result, and one family of results."""

import ast
import copy
import dataclasses
import inspect
import itertools
import pickle
import typing
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import xarray as xr
from matplotlib.axes import Axes
from tests.hostile.calls import Call, right_calls, small_device

import subkelvin
from subkelvin import Citations, Device, Progress, Result
from subkelvin.model.status import Outcome

VARIED = {
    "key", "start", "stop", "axes", "temperatures", "frequencies", "duration", "file", "target", "lowest", "highest", "island",
    "objective",
}  # fmt: skip
"""What may stand after the device: what varies."""
ANSWERS = (Result, xr.Dataset, Device, dict, Axes, Citations, type(None))
"""What a verb may return: a result, a grid of them, a device or its tables, a picture, references; `save` nothing."""


def verbs() -> dict[str, Callable[..., Any]]:
    """Every public function whose first argument is a device."""
    faces = {"": subkelvin, "ndtc.": subkelvin.ndtc}
    functions = {
        prefix + name: getattr(face, name)
        for prefix, face in faces.items()
        for name in face.__all__
        if inspect.isfunction(getattr(face, name))
    }
    return {
        name: one for name, one in functions.items() if next(iter(inspect.signature(one).parameters), "") == "device"
    }


def kinds_of_results() -> list[type[Result]]:
    """Every public kind of result."""
    faces = (subkelvin, subkelvin.ndtc)
    found = {getattr(face, name) for face in faces for name in face.__all__}
    kinds = [one for one in found if inspect.isclass(one) and issubclass(one, Result) and one is not Result]
    return sorted(kinds, key=lambda kind: kind.__name__)


@pytest.fixture(scope="module")
def answers() -> dict[str, Any]:
    """What every verb answers to a right call."""
    calls = right_calls(small_device())
    return {name: answer(calls[name]) for name in verbs() if name not in ("save", "draw_circuit", "ndtc.best_power")}


def answer(call: Call) -> Any:
    """Of one call."""
    return call.function(**call.arguments)


@pytest.mark.parametrize("name", sorted(verbs()))
def test_a_verb_takes_a_device_then_what_varies_then_options_by_name(name: str) -> None:
    parameters = list(inspect.signature(verbs()[name]).parameters.values())
    by_place = [one for one in parameters[1:] if one.kind is inspect.Parameter.POSITIONAL_OR_KEYWORD]
    options = [one for one in parameters[1:] if one.kind is inspect.Parameter.KEYWORD_ONLY]
    assert len(by_place) + len(options) == len(parameters) - 1
    assert {one.name for one in by_place} <= VARIED
    for one in options:
        if one.name == "progress":
            assert one.annotation == Progress | None
            assert one.default is None


@pytest.mark.parametrize("reader", [subkelvin.load, subkelvin.loads, subkelvin.preset, subkelvin.make_device])
def test_what_makes_a_device_takes_its_options_by_name_in_one_order(reader: Callable[..., Device]) -> None:
    source, *options = inspect.signature(reader).parameters.values()
    assert source.kind is inspect.Parameter.POSITIONAL_OR_KEYWORD
    assert all(one.kind is inspect.Parameter.KEYWORD_ONLY for one in options)
    order = ["overrides", "kinds", "files_elsewhere", "folder", "default_name"]
    assert [one.name for one in options] == [name for name in order if name in {one.name for one in options}]


@pytest.mark.parametrize("name", sorted(verbs()))
def test_a_verb_returns_a_result(name: str) -> None:
    returned = typing.get_type_hints(verbs()[name])["return"]
    assert issubclass(typing.get_origin(returned) or returned, ANSWERS)


@pytest.mark.parametrize("name", sorted(verbs()))
def test_a_verb_explains_itself_with_an_example(name: str) -> None:
    told = inspect.getdoc(verbs()[name]) or ""
    assert "Example" in told
    assert ">>>" in told
    assert "Raises:" in told


def test_results_are_frozen_explain_and_label_themselves(answers: dict[str, Any]) -> None:
    for name, found in answers.items():
        if not isinstance(found, Result):
            continue
        with pytest.raises(dataclasses.FrozenInstanceError):
            found.about = found.about
        text = repr(found)
        assert found.about.device in text, name
        assert len(text.splitlines()) <= 12, name
        assert found._repr_html_().startswith("<table>"), name
        if not np.ndim(found.status):  # type: ignore[attr-defined]
            assert isinstance(found.status, Outcome), name  # type: ignore[attr-defined]
            assert found.advice(), name
        dataset = found.to_xarray()
        assert "status" in dataset, name
        assert dataset.attrs["device"] == found.about.device
        assert all(
            "units" in dataset[one].attrs
            for one in dataset
            if dataset[one].attrs.get("long_name") in ("heat", "temperature")
        )


def test_results_pickle_and_copy(answers: dict[str, Any]) -> None:
    for name, found in answers.items():
        if isinstance(found, Result):
            for other in (pickle.loads(pickle.dumps(found)), copy.deepcopy(found)):
                assert repr(other) == repr(found), name
                assert other.to_xarray().identical(found.to_xarray()), name


def class_body(kind: type) -> list[ast.stmt]:
    """The statements of a class."""
    tree = ast.parse(Path(inspect.getfile(kind)).read_text(encoding="utf-8"))
    (body,) = [node.body for node in ast.walk(tree) if isinstance(node, ast.ClassDef) and node.name == kind.__name__]
    return body


@pytest.mark.parametrize("kind", kinds_of_results(), ids=lambda kind: kind.__name__)
def test_every_field_of_a_result_is_explained(kind: type[Result]) -> None:
    told = {
        before.target.id
        for one in kind.__mro__
        if issubclass(one, Result) and one is not Result
        for before, after in itertools.pairwise(class_body(one))
        if isinstance(before, ast.AnnAssign) and isinstance(before.target, ast.Name) and isinstance(after, ast.Expr)
    }
    own = {field.name for field in dataclasses.fields(kind)} - {"about"}
    assert own - told <= {"linear"} if kind.__name__ == "Fluctuations" else own <= told


def test_the_table_of_public_names_agrees_with_what_a_type_checker_reads() -> None:
    tree = ast.parse(Path(subkelvin.__file__).read_text(encoding="utf-8"))
    (block,) = [node for node in tree.body if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)]
    read = {
        alias.asname: node.module.removeprefix("subkelvin").removeprefix(".")
        for node in block.body
        if isinstance(node, ast.ImportFrom) and node.module
        for alias in node.names
    }
    assert {name: home for name, home in read.items() if home} == subkelvin._HOME
    assert {name for name, home in read.items() if not home} == set(subkelvin.MODULES)
