"""Reads the values of a schema's keywords. One of another JSON type than its keyword's counts as absent."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pytest_cloudcontrol.documents import JSONObject, JSONValue


def number(schema: JSONObject, keyword: str, default: float) -> float:
    """Return a keyword's number."""
    value = schema.get(keyword)
    return value if isinstance(value, int | float) else default


def text(schema: JSONObject, keyword: str) -> str | None:
    """Return a keyword's string."""
    value = schema.get(keyword)
    return value if isinstance(value, str) else None


def names(schema: JSONObject, keyword: str) -> list[str]:
    """Return a keyword's list of strings."""
    return [name for name in items(schema, keyword) if isinstance(name, str)]


def items(schema: JSONObject, keyword: str) -> list[JSONValue]:
    """Return a keyword's list."""
    value = schema.get(keyword)
    return value if isinstance(value, list) else []


def members(schema: JSONObject, keyword: str) -> JSONObject:
    """Return a keyword's object."""
    value = schema.get(keyword)
    return value if isinstance(value, dict) else {}
