"""What the service checks of every call's members: presence, type, length, pattern, enum and range.

The constraints are botocore's own model of the API, compiled once for each operation: nothing is copied by hand.
botocore itself checks presence, types and least lengths before it sends (W-14); the rest reaches the service (W-13).
AWS's sentences were not recorded for this API; these are the ones that its framework (Coral) uses for every API.
[choice] (C-13)
"""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias, cast

from pytest_cloudcontrol.service.errors import ServiceError, validation
from pytest_cloudcontrol.service.unmodelled import SERIALIZATION

if TYPE_CHECKING:
    from collections.abc import Callable

    from botocore.model import ListShape, Shape, StructureShape

    from pytest_cloudcontrol.documents import JSONObject, JSONValue

    Violations: TypeAlias = list[str]
    Check: TypeAlias = Callable[[JSONValue, str, Violations], None]


_ANYTHING: Final = r"[\s\S]*"
"""A pattern that every text fits; to look through a desired state of 256 KiB for that takes a millisecond."""

_FINDS_ANYTHING: Final = re.compile("").match


def compile_constraints(shape: StructureShape) -> Callable[[JSONObject], None]:
    """Return a check of an operation's input.

    The check raises ServiceError: a SerializationException when a member has a wrong type (C-14), otherwise a
    ValidationException with a sentence for every violation.
    """
    check_members = _structure(shape)

    def check(members: JSONObject) -> None:
        violations: list[str] = []
        check_members(members, "", violations)
        if violations:
            count = len(violations)
            raise validation(f"{count} validation error{'s' * (count > 1)} detected: {'; '.join(violations)}")

    return check


class _Text(NamedTuple):
    """How long a string may be, and what finds something in one that fits; no string fits a member of another type."""

    least: int
    most: float
    fits: Callable[[str], object]

    @classmethod
    def of(cls, shape: Shape) -> _Text:
        if shape.type_name != "string":
            return cls(least=1, most=0, fits=_FINDS_ANYTHING)
        return cls(shape.metadata.get("min", 0), shape.metadata.get("max", math.inf), _fits(shape))


def _fits(shape: Shape) -> Callable[[str], object]:
    """Return what tells whether a text is one of a string's words, or else of its pattern."""
    pattern, words_allowed = shape.metadata.get("pattern"), shape.metadata.get("enum")
    if words_allowed:
        return frozenset(words_allowed).__contains__
    return re.compile(pattern).fullmatch if pattern and pattern != _ANYTHING else _FINDS_ANYTHING


def _compile(shape: Shape) -> Check:
    if shape.type_name == "structure":
        return _structure(cast("StructureShape", shape))
    if shape.type_name == "list":
        return _list(cast("ListShape", shape))
    if shape.type_name == "integer":
        return _integer(shape)
    return _string(shape)


def _structure(shape: StructureShape) -> Check:
    checks = {name: (_Text.of(member), _compile(member), _in_java(name)) for name, member in shape.members.items()}
    required = tuple(shape.metadata.get("required", ()))

    def check(value: JSONValue, path: str, violations: Violations) -> None:
        if not isinstance(value, dict):
            raise _unexpected(value)
        path = f"{path}." if path else ""
        for name in required:
            if value.get(name) is None:
                violations.append(_violation("null", f"{path}{_in_java(name)}", "Member must not be null"))
        for name, member in value.items():
            if member is not None and name in checks:  # null is absent, and unknown members are ignored (C-15)
                (least, most, fits), check_member, name_in_java = checks[name]
                if isinstance(member, str) and member.isascii() and least <= len(member) <= most and fits(member):
                    continue  # as nearly always
                check_member(member, f"{path}{name_in_java}", violations)

    return check


def _list(shape: ListShape) -> Check:
    check_item = _compile(shape.member)

    def check(value: JSONValue, path: str, violations: Violations) -> None:
        if not isinstance(value, list):
            raise _unexpected(value)
        for number, item in enumerate(value, 1):
            check_item(item, f"{path}.{number}.member", violations)

    return check


def _integer(shape: Shape) -> Check:
    least, most = shape.metadata.get("min"), shape.metadata.get("max")

    def check(value: JSONValue, path: str, violations: Violations) -> None:
        if isinstance(value, bool) or not isinstance(value, int):
            raise ServiceError(SERIALIZATION, f"{_kind_of_value(value)} cannot be converted to Integer")
        if least is not None and value < least:
            words = f"Member must have value greater than or equal to {least}"
            violations.append(_violation(f"'{value}'", path, words))
        if most is not None and value > most:
            violations.append(_violation(f"'{value}'", path, f"Member must have value less than or equal to {most}"))

    return check


def _string(shape: Shape) -> Check:
    least, most, fits = _Text.of(shape)
    pattern, words_allowed = shape.metadata.get("pattern"), shape.metadata.get("enum")
    sensitive = bool(shape.metadata.get("sensitive"))

    def check(value: JSONValue, path: str, violations: Violations) -> None:
        if not isinstance(value, str):
            raise ServiceError(SERIALIZATION, f"{_kind_of_value(value)} cannot be converted to String")
        length = (
            len(value) if value.isascii() else len(value.encode("utf-16-le", "surrogatepass")) // 2
        )  # as Java counts (C-13)
        shown = None if sensitive else f"'{value}'"
        if words_allowed and not fits(value):
            words = f"Member must satisfy enum value set: [{', '.join(words_allowed)}]"
            violations.append(_violation(shown, path, words))
        if length > most:
            violations.append(_violation(shown, path, f"Member must have length less than or equal to {most}"))
        if length < least:
            violations.append(_violation(shown, path, f"Member must have length greater than or equal to {least}"))
        if not words_allowed and not fits(value):
            violations.append(_violation(shown, path, f"Member must satisfy regular expression pattern: {pattern}"))

    return check


def _violation(shown: str | None, path: str, words: str) -> str:
    """Return one violation's sentence; a sensitive member's value is left out (C-13)."""
    value = "Value" if shown is None else f"Value {shown}"
    return f"{value} at '{path}' failed to satisfy constraint: {words}"


def _in_java(name: str) -> str:
    return name[0].lower() + name[1:]


def _kind_of_value(value: JSONValue) -> str:
    kinds: tuple[tuple[type, str], ...] = (
        (bool, "TRUE_VALUE" if value else "FALSE_VALUE"),
        (int, "NUMBER_VALUE"),
        (float, "DECIMAL_VALUE"),
        (str, "STRING_VALUE"),
    )
    for kind, words in kinds:
        if isinstance(value, kind):
            return words
    return "Start of structure or list"


def _unexpected(value: JSONValue) -> ServiceError:
    return ServiceError(
        SERIALIZATION, f"Unexpected field type: {_kind_of_value(value)} found where a structure or list is expected"
    )
