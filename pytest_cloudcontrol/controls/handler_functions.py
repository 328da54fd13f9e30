"""The functions of a handler that a test has written, checked where they are handed over."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Final

from pytest_cloudcontrol.arguments import OptionError, runs_as
from pytest_cloudcontrol.vocabulary import HandlerOperation

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from pytest_cloudcontrol.schemas.resource_type import ResourceType

_NAMES: Final = tuple(operation.lower() for operation in HandlerOperation)
_ANSWERING: Final = frozenset({HandlerOperation.READ})
_NEAR: Final = 0.75
"""From how near a name is taken for a misspelt one: `creat`, `updates` and `lst` are, `reset` and `repeat` aren't."""


def handler_functions(
    resource_type: ResourceType, handler: object, given: Mapping[str, Callable[..., object] | None]
) -> dict[HandlerOperation, Callable[..., object]]:
    """Return what a handler does, by operation.

    Args:
        resource_type: its type.
        handler: an object with methods, or None.
        given: single functions, by the operation's name; these win.

    Raises:
        OptionError: there is no function, or one isn't right.
    """
    if isinstance(handler, type):
        raise OptionError("handler", handler, "an object with the methods, not its class")
    functions: dict[HandlerOperation, Callable[..., object]] = {}
    for name in _NAMES:
        function = given[name]
        if function is None and handler is not None:
            function = getattr(handler, name, None)
        if function is not None:
            operation = HandlerOperation(name.upper())
            _check(resource_type, operation, name, function)
            functions[operation] = function
    misspelt = _misspelt(handler, [name for name in _NAMES if name.upper() not in functions])
    if misspelt or not functions:
        raise OptionError("handler", handler, f"a function for at least one of {', '.join(_NAMES)}{misspelt}")
    return functions


def _misspelt(handler: object, missing: Sequence[str]) -> str:
    """Return the question about a method that most likely stands for a missing one; empty if there is none."""
    from difflib import get_close_matches

    for name in dir(handler) if handler is not None else ():
        meant = get_close_matches(name.lower(), missing, n=1, cutoff=_NEAR)
        if meant and not name.startswith("_") and callable(getattr(handler, name, None)):
            return f". Does {name!r} mean {meant[0]!r}?"
    return ""


def _check(
    resource_type: ResourceType, operation: HandlerOperation, name: str, function: Callable[..., object]
) -> None:
    if not callable(function):
        raise OptionError(name, function, "a function that takes the HandlerRequest")
    kinds: list[Callable[[object], bool]] = [inspect.iscoroutinefunction, inspect.isasyncgenfunction]
    if operation in _ANSWERING:
        kinds.append(inspect.isgeneratorfunction)
    if runs_as(function, *kinds):
        wanted = "a function that answers when it is called" if operation in _ANSWERING else "a generator function"
        raise OptionError(name, function, f"{wanted}, not one that makes something else")
    try:
        inspect.signature(function).bind(None)
    except TypeError:
        raise OptionError(name, function, "a function that takes one argument, the HandlerRequest") from None
    except ValueError:  # a callable of C without a signature
        pass
    if operation not in resource_type.handlers:
        has = ", ".join(sorted(other.lower() for other in resource_type.handlers)) or "none"
        expected = f"no {name} for {resource_type.type_name}: its schema has no such handler, but {has} (see add_type)"
        raise OptionError(name, function, expected)
