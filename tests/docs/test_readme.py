"""The README and the pages beside it say what is so: commands, sizes, numbers, and dependencies."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path
from typing import Any, Final

import pytest
from files import ROOT

import pytest_cloudcontrol

README: Final = (ROOT / "README.md").read_text(encoding="utf-8")
LINES_OF_A_SCREEN: Final = 50


def project() -> dict[str, Any]:
    """Return the project's own settings."""
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def requirements() -> set[str]:
    """Return every requirement of the project, without its version: to build, to run, extra, and to develop."""
    settings = project()
    groups = [
        settings["build-system"]["requires"],
        settings["project"]["dependencies"],
        *settings["project"]["optional-dependencies"].values(),
        *settings["dependency-groups"].values(),
    ]
    written = [requirement for group in groups for requirement in group if isinstance(requirement, str)]
    return {re.split(r"[<>=~!;]", requirement)[0].strip() for requirement in written}


def test_two_commands_take_a_fresh_machine_to_the_examples_and_the_tests() -> None:
    """Each command is one line, and makes the environment that it needs."""
    commands = re.findall(r"^```sh\n(.*?)^```$", README, re.DOTALL | re.MULTILINE)

    assert commands == [
        "python3 -m venv .venv && .venv/bin/python -m pip install . && .venv/bin/python -m pytest examples\n",
        "python3 -m venv .venv && .venv/bin/python -m pip install tox && .venv/bin/python -m tox run\n",
    ]


def test_the_quickstart_fits_a_screen() -> None:
    """It is the first Python block."""
    quickstart, *_ = re.findall(r"^```python\n(.*?)^```$", README, re.DOTALL | re.MULTILINE)

    assert len(quickstart.splitlines()) <= LINES_OF_A_SCREEN


@pytest.mark.parametrize("page", ["README.md", "CHANGELOG.md"])
def test_the_number_of_types_is_the_bundles(page: str) -> None:
    """Wherever a page says how many resource types there are, the bundle has that many."""
    data = Path(pytest_cloudcontrol.__file__).parent / "schemas" / "data"
    types = json.loads((data / "SOURCE.json").read_text(encoding="utf-8"))["types"]
    text = (ROOT / page).read_text(encoding="utf-8")

    assert re.findall(r"([\d,]+) (?:schemas|resource types)", text) == [f"{types:,}"]


@pytest.mark.parametrize("requirement", sorted(requirements()))
def test_every_dependency_is_explained(requirement: str) -> None:
    """Each has a row that says why it is here."""
    explained = (ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8")

    assert re.search(rf"^\| `{re.escape(requirement)}` \| .+\. \|$", explained, re.MULTILINE)


def test_the_changelog_has_the_version() -> None:
    """The version to come, or the last one, stands first."""
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    (first, *_) = re.findall(r"^## (\S+)", changelog, re.MULTILINE)

    assert first == project()["project"]["version"]
