"""What is about other programs' clients runs where those are installed: tox has an environment for them."""

from __future__ import annotations

from importlib.util import find_spec
from shutil import which
from typing import Final

from files import ROOT

HAS_JAVASCRIPT: Final = which("node") and (ROOT / "node_modules" / "@aws-sdk" / "client-cloudcontrol").exists()

collect_ignore: Final = [
    name
    for name, is_there in (
        ("test_aws_cli.py", find_spec("awscli")),
        ("test_aws_cli_in_process.py", find_spec("awscli")),
        ("test_cloud_custodian.py", find_spec("c7n_awscc")),
        ("test_javascript.py", HAS_JAVASCRIPT),
    )
    if not is_there
]
