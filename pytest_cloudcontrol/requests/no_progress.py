"""Steps that never end: of a request, and those that another thread makes while this one waits."""

from __future__ import annotations

import threading
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pytest_cloudcontrol.exceptions import NoProgressError
from pytest_cloudcontrol.frames import frame_of
from pytest_cloudcontrol.requests.timeline import overview

if TYPE_CHECKING:
    from pytest_cloudcontrol.requests.request import Request

BACKSTOP: Final = 10
"""Seconds of real time without any change or act after which no thread waits any longer for another's step. It is the
one thing here that looks at the wall clock."""

_REMEDY_OF_A_STEP: Final = (
    "What to do: let no code that runs in a step (a callback, a handler) wait for a thread that waits for that step."
)
_PACKAGE: Final = str(Path(__file__).parents[1])
_STANDARD_LIBRARY: Final = str(Path(threading.__file__).parent)


def never_ends(request: Request) -> NoProgressError:
    """Return the error of a request that has had as many handler calls as it may."""
    most = request.most_steps
    place = request.handler.place(request.handler_input)
    stalled = (
        f"request {request.request_token} has not ended after {most} handler calls{f'; {place}' if place else ''}."
    )
    remedy = (
        "What to do: end it (a plan of fewer steps, request.cancel(), request.fail()). "
        f"If so many are meant, give a larger option max_steps than {most}, or request.run(max_steps=...)."
    )
    return NoProgressError(stalled, remedy, overview([request]))


def stuck(request: Request, maker: int) -> NoProgressError:
    """Return the error of this thread, which waits for a step that another one makes and doesn't end."""
    waits, makes = place_of(threading.get_ident()), place_of(maker)
    stalled = (
        f"a thread waits for a step of request {request.request_token} that another thread makes, and nothing has "
        f"changed for {BACKSTOP} s. The one stands at {waits}, the other at {makes}."
    )
    return NoProgressError(stalled, _REMEDY_OF_A_STEP, overview([request]))


def place_of(thread: int) -> str:
    """Return where a thread stands, as ``file:line in function``: the innermost line that isn't a library's."""
    lines = [line for line in traceback.extract_stack(frame_of(thread)) if not _is_of_library(line.filename)]
    return f"{lines[-1].filename}:{lines[-1].lineno} in {lines[-1].name}" if lines else "a library's code"


def _is_of_library(filename: str) -> bool:
    return filename.startswith((_PACKAGE, _STANDARD_LIBRARY)) or "site-packages" in filename
