"""The docstrings of what a test holds teach: each verb has an example, which runs, and says what it takes."""

from __future__ import annotations

import ast
import inspect
import json
import re
import textwrap
from datetime import timedelta
from typing import TYPE_CHECKING, Final, TypeAlias

import boto3
import pytest
from botocore.exceptions import WaiterError

from pytest_cloudcontrol import (
    Clock,
    CloudControl,
    HandlerError,
    ResourceRequest,
    Resources,
    ScopedCloudControl,
    mock_cloudcontrol,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Verb: TypeAlias = Callable[..., object]

_EXAMPLE: Final = re.compile(r"^Example:\n    ```python\n(.*?)^    ```$", re.DOTALL | re.MULTILINE)


def verbs_of(class_: type) -> dict[str, Verb]:
    """Return the public methods of a class by their names."""
    own = inspect.getmembers(class_, inspect.isfunction)
    return {f"{class_.__name__}.{name}": verb for name, verb in own if not name.startswith("_")}


VERBS: Final = {
    name: verb
    for class_ in (CloudControl, ScopedCloudControl, ResourceRequest, Clock, Resources)
    for name, verb in verbs_of(class_).items()
} | {"mock_cloudcontrol": mock_cloudcontrol}
WITHOUT_EXAMPLE: Final = {"Clock.now"}
EXAMPLES: Final = {
    name: found[1] for name, verb in VERBS.items() if (found := _EXAMPLE.search(str(inspect.getdoc(verb))))
}


def test_every_verb_has_an_example() -> None:
    """Each verb shows one use of it, by its name; what only tells the time needs none."""
    assert VERBS.keys() - EXAMPLES.keys() == WITHOUT_EXAMPLE
    assert [name for name, example in EXAMPLES.items() if f"{name.rpartition('.')[2]}(" not in example] == []


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_example_runs(name: str, tmp_path: Path) -> None:
    """An example runs as it stands, in a test that has a mock and a client of it."""
    code = compile(textwrap.dedent(EXAMPLES[name]), f"<example of {name}>", "exec")
    names = {
        "HandlerError": HandlerError,
        "boto3": boto3,
        "json": json,
        "pytest": pytest,
        "timedelta": timedelta,
        "tmp_path": tmp_path,
    }
    if name == "mock_cloudcontrol":
        exec(code, {**names, "mock_cloudcontrol": mock_cloudcontrol})
        return
    with mock_cloudcontrol() as cloudcontrol:
        names |= {"WaiterError": WaiterError, "HandlerError": HandlerError}
        exec(code, {**names, "cloudcontrol": cloudcontrol, "client": cloudcontrol.client()})


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_example_shows_what_comes_of_it(name: str) -> None:
    """An example asserts something, or shows what is raised; else it could run and still be wrong."""
    nodes = list(ast.walk(ast.parse(textwrap.dedent(EXAMPLES[name]))))
    raised = [node for node in nodes if isinstance(node, ast.Attribute) and node.attr == "raises"]

    assert raised or any(isinstance(node, ast.Assert) for node in nodes)


@pytest.mark.parametrize("name", sorted(VERBS.keys() - {"mock_cloudcontrol"}))
def test_every_verb_says_what_it_takes(name: str) -> None:
    """The docstring of a verb explains each of its arguments, on a line that begins with its name."""
    explained = re.findall(r"^    (\w+): ", str(inspect.getdoc(VERBS[name])), re.MULTILINE)
    arguments = list(inspect.signature(VERBS[name]).parameters)[1:]

    assert set(arguments) - set(explained) == set()
