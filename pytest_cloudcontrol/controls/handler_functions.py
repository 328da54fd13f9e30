"""The functions of a handler that a test has written, checked where they are handed over."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Final

from pytest_cloudcontrol.arguments import OptionError, nearest, runs_as
from pytest_cloudcontrol.vocabulary import HandlerOperation

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pytest_cloudcontrol.schemas.resource_type import ResourceType

_NAMES: Final = tuple(operation.lower() for operation in HandlerOperation)
_ANSWERING: Final = frozenset({HandlerOperation.READ})


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
    functions: dict[HandlerOperation, Callable[..., object]] = {}
    for name in _NAMES:
        function = given[name]
        if function is None and handler is not None:
            function = getattr(handler, name, None)
        if function is not None:
            operation = HandlerOperation(name.upper())
            _check(resource_type, operation, name, function)
            functions[operation] = function
    if isinstance(handler, type):
        raise OptionError("handler", handler, "an object with the methods, not its class")
    if not functions:
        raise OptionError("handler", handler, f"a function for at least one of {', '.join(_NAMES)}{_meant(handler)}")
    return functions


def _meant(handler: object) -> str:
    """Return what a misspelt method most likely stands for."""
    own = [name for name in dir(handler) if not name.startswith("_")] if handler is not None else []
    meant = [(name, word) for name in own if (word := nearest(name, _NAMES)) is not None]
    return f". Does {meant[0][0]!r} mean {meant[0][1]!r}?" if meant else ""


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
    if name not in resource_type.handlers:
        has = ", ".join(sorted(resource_type.handlers)) or "none"
        expected = f"no {name} for {resource_type.type_name}: its schema has no such handler, but {has} (see add_type)"
        raise OptionError(name, function, expected)
