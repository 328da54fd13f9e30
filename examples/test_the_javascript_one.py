"""The example in JavaScript, which is run by Node's own test runner: javascript/retention.test.mjs."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

FOLDER: Final = Path(__file__).with_name("javascript")


@pytest.mark.slow
def test_the_tests_in_javascript() -> None:
    """All of them pass."""
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    command = ["node", "--no-warnings", "--test", "--test-reporter", "tap"]

    done = subprocess.run(
        command, cwd=FOLDER, env=os.environ | {"PATH": path}, check=False, capture_output=True, text=True
    )

    counts = dict(re.findall(r"^# (tests|pass|fail) (\d+)$", done.stdout, re.MULTILINE))
    assert (counts, done.returncode) == ({"tests": "5", "pass": "5", "fail": "0"}, 0), done.stdout
