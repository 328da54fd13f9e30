"""Checks of strings: minLength, maxLength, pattern, format. Lengths count code points."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Final

from pytest_cloudcontrol.schemas.validation.failures import Failure, hidden, wrong_type
from pytest_cloudcontrol.schemas.validation.formats import FORMATS
from pytest_cloudcontrol.schemas.validation.reading import number, text

if TYPE_CHECKING:
    from pytest_cloudcontrol.documents import JSONObject, JSONValue
    from pytest_cloudcontrol.schemas.validation.failures import Check, Failures

KEYWORDS: Final = frozenset({"minLength", "maxLength", "pattern", "format"})

LONGEST_TRIED: Final = 4096  # C-25
"""The greatest length, in code points, of a text that a pattern is tried on; longer ones are taken to match. [choice]

Where AWS's schemas limit a text that has a pattern (``maxLength``), 98 % of the limits are not above it. On texts of
that length no pattern of AWS's takes more than 0.1 s, even if the text is made to keep it busy
(tools/time_patterns.py). One that is not AWS's, and can take exponential time, is tried on much shorter texts only
(``LONGEST_AMBIGUOUS`` in schemas/patterns).
"""


def string_check(schema: JSONObject, *, required: bool) -> Check:
    """Return the check of a schema's string keywords; ``required`` says whether other values fail it or pass."""
    shortest, longest = number(schema, "minLength", 0), number(schema, "maxLength", math.inf)
    pattern = text(schema, "pattern")
    matches = None if pattern is None else compiled(pattern).search
    has_format = FORMATS.get(text(schema, "format") or "")

    def check(value: JSONValue) -> Failures:
        if not isinstance(value, str):
            return wrong_type("String", value) if required else None
        length = len(value)
        failures = []
        if length < shortest:
            failures.append(Failure("", f"expected minLength: {shortest}, actual: {length}"))
        if length > longest:  # V-5
            failures.append(Failure("", f"expected maxLength: {longest}, actual: {length}"))
        if matches is not None and length <= LONGEST_TRIED and not matches(value):
            failures.append(hidden("pattern"))
        if has_format is not None and not has_format(value):
            failures.append(hidden("format"))
        return failures or None

    return check


def compiled(pattern: str) -> re.Pattern[str]:
    r"""Compile a pattern as translated from Java's, whose classes such as ``\w`` are of ASCII only."""
    return re.compile(pattern, re.ASCII)
