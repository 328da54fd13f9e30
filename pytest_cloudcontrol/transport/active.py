"""The backend that is active in this process: there is one at a time, and it answers every client of botocore."""

from __future__ import annotations

import threading
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Final

from pytest_cloudcontrol.exceptions import Portable
from pytest_cloudcontrol.transport.botocore import answering, signing, sleeping
from pytest_cloudcontrol.transport.environment import clean_environment
from pytest_cloudcontrol.transport.patches import Patches

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_cloudcontrol.backend import Backend


class AlreadyActive(RuntimeError, Portable):
    """A mock was to be activated while one is active already: there is one Cloud Control at a time."""

    def __init__(self) -> None:
        super().__init__(
            "a mocked Cloud Control is active already, and two can't be at once: use the one there is "
            "(the fixture `cloudcontrol`, or what `with mock_cloudcontrol() as cloudcontrol` gave), "
            "cloudcontrol.scope() for another account or region, or cloudcontrol.reset() to begin anew"
        )


class _Slot:
    """The one piece of global state: which backend is active, since the classes of client libraries are global too."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.active: Backend | None = None


_SLOT: Final = _Slot()


@contextmanager
def answered_by(backend: Backend) -> Iterator[None]:
    """Let a backend answer all calls to Cloud Control until the block ends.

    Raises:
        AlreadyActive: another one does so now.
    """
    with _SLOT.lock:
        if _SLOT.active is not None:
            raise AlreadyActive
        _SLOT.active = backend
    patches = Patches()
    with ExitStack() as stack:
        stack.callback(_leave)
        stack.enter_context(clean_environment(backend.default_scope.region))
        stack.callback(backend.close)
        stack.callback(patches.undo)
        for part in (answering, signing, sleeping):
            part.put_in(patches, backend)
        yield


def _leave() -> None:
    with _SLOT.lock:
        _SLOT.active = None
