"""The backend that is active in this process: there is one at a time, and it answers every client of botocore."""

from __future__ import annotations

import functools
import os
import threading
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Final

from pytest_cloudcontrol.exceptions import Portable
from pytest_cloudcontrol.transport import asynchronous, own_sleeps
from pytest_cloudcontrol.transport.botocore import (
    answering,
    settings,
    shared_data,
    shared_handlers,
    shared_methods,
    signing,
    sleeping,
    user_agent,
)
from pytest_cloudcontrol.transport.copies import PatchesInCopies
from pytest_cloudcontrol.transport.environment import clean_environment
from pytest_cloudcontrol.transport.moto import joining

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_cloudcontrol.backend import Backend


_PARTS: Final = (
    joining,
    answering,
    settings,
    shared_data,
    shared_handlers,
    shared_methods,
    signing,
    sleeping,
    user_agent,
    asynchronous,
    own_sleeps,
)


class AlreadyActive(RuntimeError, Portable):
    """A mock was to be activated while one is active already: there is one Cloud Control at a time.

    Attributes:
        holder: what has activated that one, with its file and line.
    """

    def __init__(self, holder: str) -> None:
        self.holder = holder
        super().__init__(
            f"a mocked Cloud Control is active already, by {holder}, and two can't be at once: use the one there is "
            "(the fixture `cloudcontrol`, or what `with mock_cloudcontrol() as cloudcontrol` gave), "
            "cloudcontrol.scope() for another account or region, or cloudcontrol.reset() to begin anew"
        )


class _Slot:
    """The one piece of global state: which backend is active, since the classes of client libraries are global too."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.active: Backend | None = None
        self.holder = ""

    def stay_with_the_parent(self) -> None:
        """In a forked process, be free for a mock of its own; the parent's is not in it.

        No lock is taken: of the parent's threads only this one is here, and another may have held any of them.
        """
        self.lock = threading.Lock()
        if self.active is not None:
            self.active.is_elsewhere = True
            self.active = None


_SLOT: Final = _Slot()


@contextmanager
def answered_by(backend: Backend, holder: str) -> Iterator[None]:
    """Let a backend answer all calls to Cloud Control until the block ends.

    Args:
        backend: the backend.
        holder: what has it do so, with its file and line.

    Raises:
        AlreadyActive: another one does so now.
    """
    _follow_forks()
    with _SLOT.lock:
        if _SLOT.active is not None:
            raise AlreadyActive(_SLOT.holder)
        _SLOT.active, _SLOT.holder = backend, holder
    patches = PatchesInCopies()
    with ExitStack() as stack:
        stack.callback(_leave, backend)
        stack.enter_context(clean_environment(backend.default_scope.region))
        stack.callback(backend.services.leave)
        if backend.options.provision != "memory":
            backend.enter_services()
        stack.callback(backend.close)
        stack.callback(patches.undo)
        for part in _PARTS:
            part.put_in(patches, backend)
        patches.put_into_copies()
        stack.callback(backend.end_work)
        yield


def _leave(backend: Backend) -> None:
    with _SLOT.lock:
        if _SLOT.active is backend:  # in a forked process it isn't
            _SLOT.active = None


@functools.cache  # once is enough, and can't be undone
def _follow_forks() -> None:
    if hasattr(os, "register_at_fork"):  # or nothing can be forked here
        os.register_at_fork(after_in_child=_SLOT.stay_with_the_parent)
