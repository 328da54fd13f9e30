"""Checks of what a test gives: each returns the value, or raises an OptionError that shows it and what was expected."""

from __future__ import annotations

from pytest_cloudcontrol.errors import OptionError


def whole_number(value: int, name: str) -> int:
    """Return a positive whole number; OptionError if it is none."""
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise OptionError(name, value, "a whole number, at least 1")
    return value


def true_or_false(value: bool, name: str) -> bool:
    """Return True or False; OptionError if it is neither."""
    if not isinstance(value, bool):
        raise OptionError(name, value, "True or False")
    return value


def text(value: str, name: str) -> str:
    """Return a text; OptionError if it is none."""
    if not isinstance(value, str):
        raise OptionError(name, value, "a text")
    return value
