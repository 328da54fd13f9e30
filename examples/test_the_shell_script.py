"""The example for AWS CLI, which is a shell script: aws-cli.sh."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

SCRIPT: Final = Path(__file__).with_name("aws-cli.sh")
PRINTED: Final = """\
== A request is made, and a minute passes
SUCCESS
== Another one is cancelled half done, and nothing is rolled back
CANCEL_COMPLETE
audit\torders
== After seven days nobody knows of them
0
"""


@pytest.mark.slow
def test_the_script() -> None:
    """It prints what its headings say."""
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])

    done = subprocess.run(["sh", SCRIPT], env=os.environ | {"PATH": path}, check=False, capture_output=True, text=True)

    assert (done.returncode, done.stderr, done.stdout) == (0, "", PRINTED)
