"""Continuous integration runs all that tox runs.

No environment of tox has a YAML library, so the workflow is read line by line: what these tests look for stands on one
line each.
"""

from __future__ import annotations

import re
from collections import Counter
from configparser import ConfigParser
from typing import Final

from files import ROOT

WORKFLOW: Final = ROOT / ".github" / "workflows" / "ci.yml"


def environments_of_tox() -> list[str]:
    """Return what ``tox run`` runs."""
    settings = ConfigParser(interpolation=None)
    settings.read_string((ROOT / "tox.ini").read_text(encoding="utf-8"))
    return re.split(r"[,\s]+", settings["tox"]["env_list"].strip())


def lines_of_workflow() -> list[str]:
    """Return the lines of the workflow, without indents."""
    return [line.strip() for line in WORKFLOW.read_text(encoding="utf-8").splitlines()]


def test_every_environment_of_tox_has_a_job() -> None:
    """The matrix names each environment once and no other, and leaves none of them out again."""
    lines = lines_of_workflow()
    (matrix,) = [found[1] for line in lines if (found := re.fullmatch(r"tox-env: \[(.+)\]", line))]

    assert Counter(matrix.split(", ")) == Counter(environments_of_tox())
    assert "exclude:" not in lines


def test_each_job_runs_its_environment() -> None:
    """One step runs tox, for the environment of the job."""
    runs = [line for line in lines_of_workflow() if "tox run" in line]

    assert runs == ["- run: python -m tox run -e ${{ matrix.tox-env }}"]


def test_a_missing_interpreter_fails() -> None:
    """tox.ini skips an environment whose Python isn't there; the workflow doesn't."""
    assert 'TOX_SKIP_MISSING_INTERPRETERS: "false"' in lines_of_workflow()
