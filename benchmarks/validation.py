"""(f) What the schemas cost: validating desired states, the first use of a type, and what is installed."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import fmean
from typing import TYPE_CHECKING, Final, cast
from zipfile import ZipFile

from jsonschema import Draft7Validator

from benchmarks.harness import Figure, seconds_each, seconds_of
from pytest_cloudcontrol.schemas.catalog import Catalog

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_cloudcontrol.documents import JSONObject
    from pytest_cloudcontrol.schemas.resource_type import ResourceType

_ROOT: Final = Path(__file__).parents[1]
_STATES: Final = cast("dict[str, JSONObject]", json.loads(Path(__file__).with_name("states.json").read_text()))
_FIRST_USE: Final = """
import json, sys, time
from pytest_cloudcontrol.schemas.catalog import Catalog
catalog = Catalog()
catalog.find("AWS::Nothing::Here")  # the index is read once, with the first of all types
states = json.load(open(sys.argv[1]))
for type_name, state in states.items():
    start = time.perf_counter()
    catalog.find(type_name).validator.violations(state)
    print(time.perf_counter() - start)
"""


def run() -> list[Figure]:
    """Measure the figures."""
    ours, theirs = _seconds_a_document()
    first = [float(line) for line in _first_uses()]
    wheel, installed = _sizes()
    return [
        Figure(
            f"(f) validating one of {len(_STATES)} common types' desired states, in the mean", ours * 1e6, 250, "µs"
        ),
        Figure("(f) the same / jsonschema's Draft7Validator, made beforehand", ours / theirs, 1),
        Figure(
            "(f) first use of a type, read, made ready and one state validated, in the mean",
            fmean(first) * 1e3,
            2,
            "ms",
        ),
        Figure("(f) the slowest of them", max(first) * 1e3, 2, "ms"),
        Figure("(f) the wheel", wheel / 1e6, 1.6, "MB"),
        Figure("(f) what it installs", installed / 1e6, 10, "MB"),
    ]


def _seconds_a_document() -> tuple[float, float]:
    catalog = Catalog()
    subjects: dict[str, Callable[[], float]] = {}
    for type_name, state in _STATES.items():
        resource_type = cast("ResourceType", catalog.find(type_name))
        assert not resource_type.validator.violations(state), type_name
        subjects[f"ours {type_name}"] = _validating(resource_type.validator.violations, state)
        subjects[f"theirs {type_name}"] = _validating(_listing(Draft7Validator(resource_type.schema)), state)
    seconds = seconds_each(subjects, rounds=15)
    ours, theirs = (fmean(seconds[f"{whose} {type_name}"] for type_name in _STATES) for whose in ("ours", "theirs"))
    return ours, theirs


def _listing(validator: Draft7Validator) -> Callable[[JSONObject], object]:
    return lambda document: list(validator.iter_errors(document))


def _validating(validate: Callable[[JSONObject], object], state: JSONObject) -> Callable[[], float]:
    return lambda: seconds_of(lambda: validate(state), 20)


def _first_uses() -> list[str]:
    arguments = [sys.executable, "-c", _FIRST_USE, str(Path(__file__).with_name("states.json"))]
    return subprocess.run(arguments, check=True, capture_output=True, text=True, cwd=_ROOT).stdout.split()


def _sizes() -> tuple[int, int]:
    """Return the bytes of the wheel, and of the files in it."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", folder, str(_ROOT)]
        subprocess.run(command, check=True)
        wheel = next(Path(folder).glob("*.whl"))
        with ZipFile(wheel) as archive:
            return wheel.stat().st_size, sum(member.file_size for member in archive.infolist())
