"""What of a desired state a read doesn't show: the properties that were lost on the way."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pytest_cloudcontrol.documents import JSONObject, JSONValue, PropertyPath


def lost(desired: JSONObject, shown: JSONObject, write_only: Iterable[PropertyPath]) -> Iterator[str]:
    """Yield the properties of a desired state that a read doesn't show as they were wanted, as paths like ``A/B``.

    More may be shown than was wanted, and in another order. What is never shown isn't missed.
    """
    yield from _lost(desired, shown, frozenset(write_only), ())


def _lost(
    desired: JSONObject, shown: JSONObject, write_only: frozenset[PropertyPath], at: PropertyPath
) -> Iterator[str]:
    for name, value in desired.items():
        path = (*at, name)
        if path in write_only or is_shown(value, shown.get(name)):
            continue
        there = shown.get(name)
        if isinstance(value, dict) and isinstance(there, dict):
            yield from _lost(value, there, write_only, path)
        else:
            yield "/".join(path)


def is_shown(wanted: JSONValue, shown: JSONValue) -> bool:
    """Whether a value shows all that was wanted."""
    if isinstance(wanted, str) != isinstance(shown, str):  # a policy document, for one, may be an object or its text
        wanted, shown = _parsed(wanted), _parsed(shown)
    if isinstance(wanted, dict):
        return isinstance(shown, dict) and all(is_shown(value, shown.get(name)) for name, value in wanted.items())
    if isinstance(wanted, list):
        if not isinstance(shown, list):
            return not wanted and shown is None
        left = list(shown)
        for item in wanted:
            found = next((place for place, there in enumerate(left) if is_shown(item, there)), None)
            if found is None:
                return False
            del left[found]
        return not left
    return wanted == shown


def _parsed(value: JSONValue) -> JSONValue:
    try:
        parsed: JSONValue = json.loads(value) if isinstance(value, str) else value
    except ValueError:
        return value
    return parsed
