"""The example of AWS's own library is there where that is installed: ``pip install '.[providers]'``."""

from __future__ import annotations

from importlib.util import find_spec
from typing import Final

collect_ignore: Final = [] if find_spec("cloudformation_cli_python_lib") else ["test_resource_provider.py"]
