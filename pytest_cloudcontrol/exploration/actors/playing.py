"""The one slot for the stage that is playing: locks and threads are the whole process's, and so is what is put in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from _thread import LockType
    from collections.abc import Callable

    from pytest_cloudcontrol.exploration.actors.actor import Performer
    from pytest_cloudcontrol.exploration.actors.baton import Baton
    from pytest_cloudcontrol.exploration.actors.loops import Loops


class Watching(Protocol):
    """What looks after a play in real time; see Watch."""

    def begin(self) -> None:
        """Begin, if that hasn't happened yet."""
        ...


class Playing(Protocol):
    """A stage, as far as what stands for Python's own locks and threads needs it; see Stage."""

    baton: Baton
    loops: Loops

    @property
    def watch(self) -> Watching:
        """What has the play looked after."""
        ...

    def arrive(self) -> Performer | None:
        """Return the actor that comes by, when it has its turn; None for a thread that takes no turns."""
        ...

    def block(self, me: Performer, is_free: Callable[[], bool], timeout: float | None) -> bool:
        """Let others go on until an actor is free again; False if its timeout was over before."""
        ...

    def acquire(self, lock: LockType, timeout: float | None) -> bool:
        """Acquire a lock, letting others go on until it is free."""
        ...

    def perform(self, me: Performer, run: Callable[[], object]) -> None:
        """Run an actor's thread from its first turn to its end."""
        ...


stage: Playing | None = None
"""The stage that is playing; None for locks to be ordinary ones."""
