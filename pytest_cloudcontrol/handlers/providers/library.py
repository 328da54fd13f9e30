"""The objects of AWS's library, recognised by where their classes come from, so that it needn't be imported."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from typing import TypeGuard

    from cloudformation_cli_python_lib.hook import Hook
    from cloudformation_cli_python_lib.interface import ProgressEvent
    from cloudformation_cli_python_lib.resource import Resource

_LIBRARY: Final = "cloudformation_cli_python_lib"


def is_resource(given: object) -> TypeGuard[Resource]:
    """Whether something is a Resource, to which a type's handlers have been registered."""
    return _is_of_library(given, "Resource")


def is_hook(given: object) -> TypeGuard[Hook]:
    """Whether something is a Hook, to which handlers of invocation points have been registered."""
    return _is_of_library(given, "Hook")


def is_progress_event(given: object) -> TypeGuard[ProgressEvent]:
    """Whether something is a ProgressEvent, which every handler returns."""
    return _is_of_library(given, "ProgressEvent")


def is_handler_error(given: object) -> bool:
    """Whether something is one of the exceptions of which the library makes a FAILED event."""
    return _is_of_library(given, "_HandlerError")


def _is_of_library(given: object, name: str) -> bool:
    return any(kind.__name__ == name and kind.__module__.split(".")[0] == _LIBRARY for kind in type(given).__mro__)
