"""Some examples are there only where what they show is, such as AWS's library: ``pip install '.[providers]'``."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from shutil import which
from typing import Final

_SDK: Final = Path(__file__).parents[1] / "node_modules" / "@aws-sdk" / "client-cloudcontrol"

collect_ignore: Final = [
    name
    for name, is_there in (
        ("test_resource_provider.py", find_spec("cloudformation_cli_python_lib")),
        ("test_the_javascript_one.py", find_spec("waitress") and which("node") and _SDK.exists()),
        ("test_the_shell_script.py", find_spec("waitress") and find_spec("awscli") and which("curl")),
    )
    if not is_there
]
