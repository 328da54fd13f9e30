"""Checks that combine others: allOf, anyOf, oneOf, not, and values that are the only ones: enum, const."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pytest_cloudcontrol.documents import same
from pytest_cloudcontrol.schemas.validation.failures import Failure, hidden

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from pytest_cloudcontrol.documents import JSONValue
    from pytest_cloudcontrol.schemas.validation.failures import Check, Failures


def _all(matched: int, total: int) -> str | None:
    return None if matched == total else f"#: only {matched} subschema matches out of {total}"


def _any(matched: int, total: int) -> str | None:
    return None if matched else f"#: no subschema matched out of the total {total} subschemas"


def _one(matched: int, _total: int) -> str | None:
    return None if matched == 1 else f"#: {matched} subschemas matched instead of one"


CRITERIA: Final[Mapping[str, Callable[[int, int], str | None]]] = {"allOf": _all, "anyOf": _any, "oneOf": _one}
"""Each combinator, and what is wrong when so many of so many schemas have matched; None if that is right."""


class Combination:
    """The check that wants all, any or just one of several checks to pass.

    Its failure has a line of its own, and after that the lines of all checks that failed (V-7).

    Args:
        keyword: the combinator, one of CRITERIA.
        checks: the checks that it combines, in the order of their lines.
    """

    def __init__(self, keyword: str, checks: Sequence[Check]) -> None:
        self._criterion = CRITERIA[keyword]
        self._checks = checks

    def __call__(self, value: JSONValue) -> Failures:
        """Check a value."""
        matched = total = len(self._checks)
        failures = []
        for check in self._checks:
            found = check(value)
            if found is not None:
                matched -= 1
                failures += found
        message = self._criterion(matched, total)
        return None if message is None else [Failure("", message), *failures]


def negation(check: Check) -> Check:
    """Return the check that passes what another one doesn't."""
    failed = [hidden("not")]
    return lambda value: failed if check(value) is None else None


def enumeration(keyword: str, values: Sequence[JSONValue]) -> Check:
    """Return the check that only some values pass; ``keyword`` is ``enum`` or ``const``."""
    failed = [hidden(keyword)]
    texts = frozenset(value for value in values if isinstance(value, str))
    whole = frozenset(value for value in values if value.__class__ is int)
    others = [value for value in values if not isinstance(value, str)]

    def check(value: JSONValue) -> Failures:
        if isinstance(value, str):
            return None if value in texts else failed
        if value.__class__ is int and value in whole:
            return None  # found at once; a list of days is long
        return None if any(same(value, other) for other in others) else failed

    return check
