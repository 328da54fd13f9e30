"""What ends a play that can't go on, with the lines where its actors stand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pytest_cloudcontrol.exceptions import Portable
from pytest_cloudcontrol.exploration.actors.actor import Performer
from pytest_cloudcontrol.exploration.actors.stacks import named, where
from pytest_cloudcontrol.exploration.actors.workers import is_idle

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pytest_cloudcontrol.exploration.actors.actor import Actor

_REMEDY_OF_STUCK: Final = (
    "What to do: let it wait by locks, events, queues or threads that were made in the code under test, "
    "and neither by those made before nor by a loop or a sleep."
)
_REMEDY_OF_LEFT_RUNNING: Final = "What to do: join threads, and shut executors down, before it returns."


class Deadlock(Exception, Portable):
    """All actors are blocked on each other."""

    def __init__(self, blocked: Sequence[Actor]) -> None:
        super().__init__(_told("all actors are blocked, and none can free another:", blocked))


class Stuck(Exception, Portable):
    """An actor is lost in its own code, or in something that nobody sees."""

    def __init__(self, lost: Sequence[Actor], seconds: float) -> None:
        told = _told(f"for {seconds:g} s of real time this has come to nothing that an exploration can see:", lost)
        super().__init__(f"{told}\n{_REMEDY_OF_STUCK}")


class LeftRunning(Exception, Portable):
    """The function has returned, and something that it started hadn't ended."""

    def __init__(self, left: Sequence[Actor]) -> None:
        told = _told("the code under test has returned, and leaves running:", left)
        super().__init__(f"{told}\n{_REMEDY_OF_LEFT_RUNNING}")


def _told(sentence: str, actors: Sequence[Actor]) -> str:
    return "\n".join((sentence, *map(_shown, actors)))


def _shown(actor: Actor) -> str:
    is_idle_worker = isinstance(actor, Performer) and is_idle(actor)
    return f"{named(actor)} is a worker without work" if is_idle_worker else where(actor)
