"""Checks of arrays: minItems, maxItems, uniqueItems, items, additionalItems, contains."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from pytest_cloudcontrol.schemas.validation.failures import Failure, below, hidden, wrong_type
from pytest_cloudcontrol.schemas.validation.reading import number

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

    from pytest_cloudcontrol.documents import JSONObject, JSONValue
    from pytest_cloudcontrol.schemas.validation.failures import Check, Failures

KEYWORDS: Final = frozenset({"minItems", "maxItems", "uniqueItems", "items", "additionalItems", "contains"})


def array_check(schema: JSONObject, check_of: Callable[[JSONValue], Check], *, required: bool) -> Check:
    """Return the check of a schema's array keywords.

    Args:
        schema: the schema.
        check_of: makes the check of a schema inside this one.
        required: whether values that are no arrays fail the check, or pass it.
    """
    least, most = number(schema, "minItems", 0), number(schema, "maxItems", math.inf)
    unique = schema.get("uniqueItems") is True
    items, contains = schema.get("items"), schema.get("contains")
    first = [check_of(item) for item in items] if isinstance(items, list) else []
    others = schema.get("additionalItems") if isinstance(items, list) else items
    # The library counts what may not follow the first items; it doesn't look at it.
    most_first = len(first) if isinstance(items, list) and others is False else math.inf
    check_other = None if others is None or most_first < math.inf else check_of(others)
    check_contained = None if contains is None else check_of(contains)

    def check(value: JSONValue) -> Failures:
        if not isinstance(value, list):
            return wrong_type("JSONArray", value) if required else None
        failures = []
        if len(value) < least:
            failures.append(Failure("", f"expected minimum item count: {least}, found: {len(value)}"))
        if len(value) > most:  # V-5
            failures.append(Failure("", f"expected maximum item count: {most}, found: {len(value)}"))
        if unique and len(value) > 1 and not _are_unique(value):
            failures.append(Failure("", "array items are not unique"))
        if len(value) > most_first:
            failures.append(hidden("items"))
        for index, item in enumerate(value):
            check_item = first[index] if index < len(first) else check_other
            if check_item is not None and (found := check_item(item)) is not None:
                failures += below(str(index), found)
        if check_contained is not None and all(check_contained(item) is not None for item in value):
            failures.append(Failure("", "expected at least one array item to match 'contains' schema"))
        return failures or None

    return check


def _are_unique(items: list[JSONValue]) -> bool:
    return len({*map(_key, items)}) == len(items)


def _key(value: JSONValue) -> Hashable:
    """Return what is equal for the same values only: 1 and 1.0 are the same, 1 and true aren't."""
    if isinstance(value, dict):
        return dict, frozenset((name, _key(item)) for name, item in value.items())
    if isinstance(value, list):
        return list, tuple(map(_key, value))
    return (bool, value) if isinstance(value, bool) else value
