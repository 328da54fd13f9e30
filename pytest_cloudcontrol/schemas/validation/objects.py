"""Checks of objects: required, properties, patternProperties, additionalProperties, sizes, dependencies."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from pytest_cloudcontrol.schemas.validation.failures import Failure, below, wrong_type
from pytest_cloudcontrol.schemas.validation.java import hash_map_order
from pytest_cloudcontrol.schemas.validation.reading import members, names, number
from pytest_cloudcontrol.schemas.validation.strings import compiled

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from pytest_cloudcontrol.documents import JSONObject, JSONValue
    from pytest_cloudcontrol.schemas.validation.failures import Check, Failures

KEYWORDS: Final = frozenset(
    {
        "required",
        "properties",
        "patternProperties",
        "additionalProperties",
        "minProperties",
        "maxProperties",
        "dependencies",
        "propertyNames",
    }
)

_CONTAINERS: Final = (dict, list)
_RARE: Final = KEYWORDS - {"required", "properties", "additionalProperties"}


class ObjectCheck:
    """The check of a schema's object keywords.

    The schema of a property is made ready when the first document has the property: a document has few of the many
    that a type knows.

    Args:
        schema: the schema.
        check_of: makes the check of a schema inside this one.
        required: whether values that are no objects fail the check, or pass it.
    """

    def __init__(self, schema: JSONObject, check_of: Callable[[JSONValue], Check], *, required: bool) -> None:
        self._check_of = check_of
        self._is_required = required
        self._needed = names(schema, "required")
        self._schemas = members(schema, "properties")
        self._checks: dict[str, Check] = {}
        self._by_pattern = [
            (compiled(pattern).search, check_of(described))
            for pattern, described in members(schema, "patternProperties").items()
        ]
        additional = schema.get("additionalProperties", True)
        self._allows_others = additional is not False
        self._check_other = check_of(additional) if isinstance(additional, dict) else None
        described_name = schema.get("propertyNames")
        self._check_name = None if described_name is None else check_of(described_name)
        self._least, self._most = (
            number(schema, "minProperties", 0),
            number(schema, "maxProperties", math.inf),
        )
        # Whether nothing but the properties themselves, and which are required, says what is valid.
        self._is_simple = schema.keys().isdisjoint(_RARE)
        self._needed_with: dict[str, list[JSONValue]] = {}
        self._checked_with: dict[str, Check] = {}
        for name, dependency in members(schema, "dependencies").items():
            if isinstance(dependency, list):
                self._needed_with[name] = dependency
            else:
                self._checked_with[name] = check_of(dependency)

    def __call__(self, value: JSONValue) -> Failures:
        """Check a value; the failures stand in the order in which the Java library looks for them (V-9)."""
        if not isinstance(value, dict):
            return wrong_type("JSONObject", value) if self._is_required else None
        if self._is_simple and self._is_plainly_valid(value):
            return None
        failures = self._of_shape(value)
        others = [name for name in value if name not in self._schemas]
        if others:
            failures += self._of_others(value, others)
        return self._with_properties(failures, value) or None

    def _is_plainly_valid(self, value: JSONObject) -> bool:
        """Tell whether all is well, of a flat document whose properties were all seen before.

        One with others in it is not looked at here: what is wrong far inside would be looked for twice at every level.
        """
        checks = self._checks
        for name, item in value.items():
            check = checks.get(name)
            if check is None or item.__class__ in _CONTAINERS or check(item) is not None:
                return False
        return all(name in value for name in self._needed) if self._needed else True

    def _of_shape(self, value: JSONObject) -> list[Failure]:
        failures = [Failure("", f"required key [{name}] not found") for name in self._needed if name not in value]
        if self._check_name is not None:
            for name in hash_map_order(value):
                failures += below(name, self._check_name(name) or ())
        if len(value) < self._least:
            failures.append(Failure("", f"minimum size: [{self._least}], found: [{len(value)}]"))
        if len(value) > self._most:  # V-5
            failures.append(Failure("", f"maximum size: [{self._most}], found: [{len(value)}]"))
        for name, needed in self._needed_with.items():
            if name in value:
                missing = (other for other in needed if other not in value)
                failures += (Failure("", f"property [{other}] is required") for other in missing)
        return failures

    def _of_others(self, value: JSONObject, others: list[str]) -> list[Failure]:
        """Check the properties that ``properties`` doesn't describe."""
        failures: list[Failure] = []
        for name in hash_map_order(value) if len(others) > 1 else others:
            if name in self._schemas or any(matches(name) for matches, _ in self._by_pattern):
                continue
            if not self._allows_others:
                failures.append(Failure("", f"extraneous key [{name}] is not permitted"))  # V-3
            elif self._check_other is not None:
                failures += below(name, self._check_other(value[name]) or ())
        return failures

    def _with_properties(self, failures: list[Failure], value: JSONObject) -> list[Failure]:
        """Add the failures of the properties' own values: those found by pattern first."""
        for matches, check in self._by_pattern:
            by_name = {name: check(item) for name, item in value.items() if matches(name)}
            failures += _in_order(by_name, value)
        for name, check in self._checked_with.items():
            if name in value and (found := check(value)) is not None:
                failures += found
        schemas = self._schemas
        by_name = {name: self._check(name)(item) for name, item in value.items() if name in schemas}
        return failures + _in_order(by_name, schemas)

    def _check(self, name: str) -> Check:
        check = self._checks.get(name)
        if check is None:
            check = self._checks[name] = self._check_of(self._schemas[name])
        return check


def _in_order(by_name: Mapping[str, Failures], names: Iterable[str]) -> list[Failure]:
    """Return the failures of several properties, in the order of a hash map of all the names (V-9)."""
    failed = {name: failures for name, failures in by_name.items() if failures is not None}
    order = hash_map_order(names) if len(failed) > 1 else failed
    return [line for name in order if name in failed for line in below(name, failed[name])]
