r"""Java's regular expressions, translated to Python's.

AWS's service tries the patterns of a schema with ``java.util.regex``, so the schemas are written for that. Of the
2,633 patterns in them, Python's ``re`` cannot compile 81 (``\p{L}``, ``[\w-.]``, a ``(?i)`` in the middle), and 1,848
more have another verdict on some text, even with ``re.ASCII``: in Java, ``$`` stands before a last ``\r\n`` as well,
and ``.`` is no ``\u2028``. Here a pattern is read as Java 17 reads it (``syntax``), freed of what makes it run away
(``replacements``, ``simplification``) and written anew (``writing``), so that its verdict stays that of Java's
``find``. One that can still take exponential time (``ambiguity``) is tried on short texts only.

Known differences, none of which a test should meet:

- ``\p{...}`` knows the characters of Python's Unicode (14 to 15.1), not those of Java 17's (13).
- ``\b`` takes number signs such as ``²`` for parts of a word, and combining marks not; in Java 17 it is the other
  way.
- Java can take a character beyond U+FFFF for two, in look-behinds, and where a match begins with ``.`` or ``\B``.
  Here it is one always.
"""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING, Final

from pytest_cloudcontrol.documents import compact, copied_object
from pytest_cloudcontrol.schemas.keywords import handlers_of, schemas_under
from pytest_cloudcontrol.schemas.patterns.ambiguity import is_ambiguous
from pytest_cloudcontrol.schemas.patterns.replacements import HARMLESS, REPLACEMENTS
from pytest_cloudcontrol.schemas.patterns.simplification import simplified
from pytest_cloudcontrol.schemas.patterns.syntax import parse
from pytest_cloudcontrol.schemas.patterns.writing import python_text

if TYPE_CHECKING:
    from pytest_cloudcontrol.documents import JSONObject

__all__ = ["LONGEST_AMBIGUOUS", "python_pattern", "with_python_patterns"]

LONGEST_AMBIGUOUS: Final = 16  # C-25
"""The greatest length, in code points, of a text that a pattern is tried on which can take exponential time; longer
ones are taken to match. [choice]

No pattern of AWS's bundled schemas is such; those that would be are in ``replacements``.
"""


@functools.lru_cache(maxsize=4096)
def python_pattern(java: str) -> str:
    r"""Translate a pattern.

    Returns:
        a pattern for ``re.compile(pattern, re.ASCII).search``, which finds a match in just those texts in which Java's
        ``Pattern.compile(java).matcher(text).find()`` does. It may be simpler than the one given: what it matches with,
        and what its groups capture, is not kept.

    Raises:
        ValueError: Java doesn't compile the pattern, or Python has nothing for it. The message says what and where.

    Example:
        >>> python_pattern(r"^[\w-.]+\.(?:png|jpg)")
        '^[\\w\\-.]+\\.(?:png|jpg)'
    """
    pattern = simplified(parse(REPLACEMENTS.get(java, java)))
    python = python_text(pattern)
    if java not in HARMLESS and is_ambiguous(pattern):
        python = rf"\A(?=[\s\S]{{{LONGEST_AMBIGUOUS + 1}}})|(?:{python})"
    try:
        re.compile(python, re.ASCII)  # which keeps what it compiles, so that this costs nothing
    except re.error as error:
        raise ValueError(f"what Python's re cannot try ({error})") from None
    return python


def with_python_patterns(schema: JSONObject) -> JSONObject:
    """Return a copy of the schema of a resource type in which all patterns are translated.

    They are the values of ``pattern`` and the names in ``patternProperties``, wherever there are schemas in it.

    Raises:
        ValueError: one cannot be translated; the message names its place.
    """
    copy = copied_object(schema)
    _translate(copy, "")
    for name, handler in handlers_of(copy):
        if isinstance(described := handler.get("handlerSchema"), dict):
            _translate(described, f"/handlers/{name}/handlerSchema")
    return copy


def _translate(schema: JSONObject, place: str) -> None:
    """Translate the patterns of a schema and of those inside it, in place."""
    for keyword, value in schema.items():
        for path, inner in schemas_under(keyword, value):
            if isinstance(inner, dict):
                _translate(inner, "/".join((place, keyword, *map(_escaped, path))))
    if isinstance(pattern := schema.get("pattern"), str):
        schema["pattern"] = _translated(pattern, f"{place}/pattern")
    if isinstance(members := schema.get("patternProperties"), dict):
        translated: JSONObject = {}
        for name, value in members.items():
            pattern = _translated(name, f"{place}/patternProperties/{_escaped(name)}")
            while pattern in translated:  # two patterns of Java's can be one of Python's
                pattern += "(?:)"
            translated[pattern] = value
        schema["patternProperties"] = translated


def _translated(java: str, place: str) -> str:
    try:
        return python_pattern(java)
    except ValueError as error:
        raise ValueError(
            f"{place} of the schema is {compact(java)}; expected a regular expression of Java ({error})"
        ) from None


def _escaped(part: str | int) -> str:
    return str(part).replace("~", "~0").replace("/", "~1")
