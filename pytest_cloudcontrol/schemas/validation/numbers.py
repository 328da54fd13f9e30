"""Checks of numbers: minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf."""

from __future__ import annotations

import operator
from typing import TYPE_CHECKING, Final, TypeAlias

from pytest_cloudcontrol.schemas.validation.failures import hidden, wrong_type

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from fractions import Fraction

    from pytest_cloudcontrol.documents import JSONObject, JSONValue
    from pytest_cloudcontrol.schemas.validation.failures import Check, Failures

_Number: TypeAlias = int | float


def _is_multiple(value: _Number, of: _Number) -> bool:
    return (_exact(value) / _exact(of)).denominator == 1


def _exact(number: _Number) -> Fraction:
    """Return a number as it is written: 0.1 is a tenth, which no float is."""
    from fractions import Fraction  # here, since few schemas have the keyword

    return Fraction(number if isinstance(number, int) else repr(number))


_HOLDS: Final[Mapping[str, Callable[[_Number, _Number], bool]]] = {
    "minimum": operator.ge,
    "exclusiveMinimum": operator.gt,
    "maximum": operator.le,
    "exclusiveMaximum": operator.lt,
    "multipleOf": _is_multiple,
}

KEYWORDS: Final = frozenset(_HOLDS)


def number_check(schema: JSONObject, *, required: bool, whole: bool = False) -> Check:
    """Return the check of a schema's number keywords.

    Args:
        schema: the schema.
        required: whether values that are no numbers fail the check, or pass it.
        whole: whether numbers with a fraction or an exponent, ``1.0`` included, count as no numbers (V-4).
    """
    limits = [
        (keyword, holds, limit)
        for keyword, holds in _HOLDS.items()
        if isinstance(limit := schema.get(keyword), int | float)
    ]
    expected = "Integer" if whole else "Number"

    def check(value: JSONValue) -> Failures:
        if not isinstance(value, int | float) or isinstance(value, bool) or (whole and isinstance(value, float)):
            return wrong_type(expected, value) if required else None
        failures = [hidden(keyword) for keyword, holds, limit in limits if not holds(value, limit)]
        return failures or None

    return check
