"""Files that more than one test reads."""

from __future__ import annotations

import gzip
import json
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from pytest_cloudcontrol.documents import parse

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pytest_cloudcontrol.documents import JSONObject

ROOT: Final = Path(__file__).parents[2]
"""The checkout's folder, which has the pages and the tools that tests are about."""


def json_object(path: Path) -> JSONObject:
    """Read a JSON object from a file."""
    document = parse(path.read_bytes())
    assert isinstance(document, dict)
    return document


@cache
def judged_by_java() -> Sequence[dict[str, Any]]:
    """Return the documents that the Java library has judged; tests/validation/test_judged_by_java.py describes them."""
    with gzip.open(ROOT / "tests" / "validation" / "everit_cases.jsonl.gz", "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]
