"""JSON documents: their types, their compact text, and the property paths of a resource type's schema.

The lowest room of the house: every other one may import it, and it imports none.
"""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Final, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

JSONValue: TypeAlias = "dict[str, JSONValue] | list[JSONValue] | str | int | float | bool | None"
JSONObject: TypeAlias = dict[str, JSONValue]

PropertyPath: TypeAlias = tuple[str, ...]
"""A path such as ``/properties/Rules/*/Id`` as its parts: ``("Rules", "*", "Id")``; ``*`` is every item of an array."""

MOST_LEVELS: Final = 100  # C-16
"""How deep a document may be nested: no resource comes near, and every function here can follow it."""

MOST_DIGITS: Final = 4300
"""How many digits a whole number may have: as many as Python reads unless it is told otherwise."""

_TOO_DEEP: Final = f"it is nested more than {MOST_LEVELS} levels deep"
_PROPERTIES: Final = "/properties/"

# One encoder, made once: json.dumps() with separators makes a new one on every call.
_encode = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode


quoted: Final[Callable[[str], str]] = json.encoder.encode_basestring
"""Returns the JSON text of a string, as ``compact`` does, without a look at what kind of a document it is."""


def compact(document: JSONValue) -> str:
    """Return the JSON text of a document without any white space, as AWS writes Properties and ResourceModel (W-5)."""
    return _encode(document)


def parse(text: str | bytes) -> JSONValue:
    """Parse a JSON text.

    Raises:
        ValueError: the text is no JSON. ``NaN`` and ``Infinity``, which Python would take, are no JSON either. Refused
            too are numbers too large for a float, or of more than 4,300 digits, lone halves of surrogate pairs, and
            more than 100 levels.
    """
    if isinstance(text, bytes):
        text = text.decode()
    document: JSONValue
    decoder = _OF_SHORT if len(text) <= MOST_DIGITS else _DECODER
    try:
        try:  # without looking for white space around it, which few texts have
            document, end = decoder.raw_decode(text)
        except ValueError:
            end = -1
        if end != len(text):
            document = _DECODER.decode(text)
    except RecursionError:
        raise ValueError(_TOO_DEEP) from None
    if text.count("{") + text.count("[") > MOST_LEVELS and levels_of(document) > MOST_LEVELS:
        raise ValueError(_TOO_DEEP)
    if "\\u" in text:  # C-16
        _refuse_half_characters(document)
    return document


def parsed_object(text: str | bytes) -> JSONObject:
    """Return the object that a JSON text holds; an empty one if it holds none."""
    try:
        document = parse(text)
    except ValueError:
        return {}
    return document if isinstance(document, dict) else {}


def levels_of(document: JSONValue) -> int:
    """Return how many levels of objects and arrays a document has, without recursion."""
    levels, values = 0, [document]
    while containers := [value for value in values if isinstance(value, dict | list)]:
        values = [item for value in containers for item in (value.values() if isinstance(value, dict) else value)]
        levels += 1
    return levels


def _refuse_half_characters(document: JSONValue) -> None:
    try:
        _encode(document).encode()
    except UnicodeEncodeError:
        raise ValueError("a string has half of a surrogate pair, which is no character") from None


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not a JSON value")


def _finite(text: str) -> float:
    number = float(text)
    if math.isinf(number):
        raise ValueError(f"{text} is too large a number")
    return number


def _whole(text: str) -> int:
    digits = len(text) - text.startswith("-")
    if digits > MOST_DIGITS:
        raise ValueError(f"a number of {digits} digits is too long")
    return int(text)


_DECODER: Final = json.JSONDecoder(parse_constant=_refuse_constant, parse_float=_finite, parse_int=_whole)  # C-5, C-31

_OF_SHORT: Final = json.JSONDecoder(parse_constant=_refuse_constant, parse_float=_finite)
"""Decodes texts that are too short for a whole number with too many digits."""


def copied(document: JSONValue) -> JSONValue:
    """Return a deep copy of a document; far cheaper than copy.deepcopy, since JSON has neither cycles nor aliases."""
    if isinstance(document, dict):
        return {name: copied(value) for name, value in document.items()}
    if isinstance(document, list):
        return [copied(value) for value in document]
    return document


def copied_object(document: JSONObject) -> JSONObject:
    """Return a deep copy of a JSON object."""
    return {name: copied(value) for name, value in document.items()}


def same(left: JSONValue, right: JSONValue) -> bool:
    """Tell whether two values are the same JSON: ``1`` and ``1.0`` are, ``1`` and ``true`` aren't."""
    if isinstance(left, dict) and isinstance(right, dict):
        return left.keys() == right.keys() and all(same(value, right[name]) for name, value in left.items())
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(same, left, right))
    return isinstance(left, bool) == isinstance(right, bool) and left == right


def property_path(pointer: str) -> PropertyPath:
    """Return the parts of a schema's property pointer, such as ``/properties/Endpoint/Port``.

    Raises:
        ValueError: the pointer doesn't begin with ``/properties/``.
    """
    if not pointer.startswith(_PROPERTIES) or pointer == _PROPERTIES:
        raise ValueError(f"{pointer!r} is not a property pointer: expected /properties/<name>")
    return tuple(pointer[len(_PROPERTIES) :].split("/"))


def pointer_of(path: PropertyPath) -> str:
    """Return the property pointer of a path: the inverse of ``property_path``."""
    return _PROPERTIES + "/".join(path)


def value_at(document: JSONValue, path: PropertyPath) -> JSONValue:
    """Return the value that a property path without ``*`` reaches in a document; None if it reaches none."""
    for name in path:
        if not isinstance(document, dict):
            return None
        document = document.get(name)
    return document


def values_at(document: JSONValue, path: PropertyPath) -> Iterator[JSONValue]:
    """Yield the values that a property path reaches in a document, in the document's order; none if it reaches none."""
    if not path:
        yield document
        return
    name, rest = path[0], path[1:]
    if name == "*":
        if isinstance(document, list):
            for item in document:
                yield from values_at(item, rest)
        elif isinstance(document, dict):
            for item in document.values():
                yield from values_at(item, rest)
    elif isinstance(document, dict) and name in document:
        yield from values_at(document[name], rest)


def remove_at(document: JSONValue, path: PropertyPath) -> None:
    """Remove from a document, in place, whatever a property path reaches in it."""
    name, rest = path[0], path[1:]
    if name == "*":
        items = (
            document if isinstance(document, list) else list(document.values()) if isinstance(document, dict) else ()
        )
        for item in items:
            if rest:
                remove_at(item, rest)
    elif isinstance(document, dict) and name in document:
        if rest:
            remove_at(document[name], rest)
        else:
            del document[name]
