"""Where actors stand, as text."""

from __future__ import annotations

import linecache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pytest_cloudcontrol.exploration.actors.actor import Item, Performer
from pytest_cloudcontrol.frames import frame_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from types import FrameType

    from pytest_cloudcontrol.exploration.actors.actor import Actor, Task

_OWN: Final = __name__.partition(".")[0]

_HIDDEN: Final = frozenset({"asyncio", "concurrent", "queue", "selectors", "threading", _OWN})
"""The packages by which code waits: nobody looks for a mistake there."""

_SHOWN: Final = 5
"""So many lines are shown of a stack, the innermost."""


def named(actor: Actor) -> str:
    """Return an actor's number and name; a worker without work has no number."""
    acting = actor.acting if isinstance(actor, Performer) else actor
    return f"actor {acting.number} ({acting.name})" if acting.number else acting.name


def frames_of(performer: Performer) -> list[FrameType]:
    """Return the frames of an actor's thread, the outermost first; of actor 1 those of the function that is played."""
    frame = frame_of(performer.ident)
    frames = []
    while frame is not None and not _is_the_stage(frame):
        frames.append(frame)
        frame = frame.f_back
    return frames[::-1]


def _is_the_stage(frame: FrameType) -> bool:
    return frame.f_code.co_name in ("_outcome", "perform") and frame.f_globals["__name__"].startswith(__package__)


def coroutine_frames_of(task: Task) -> Iterator[FrameType]:
    """Yield the frames of a suspended task, the outermost first."""
    awaited: object = task.get_coro()
    while awaited is not None:
        kind = {"cr_frame": "cr_await", "gi_frame": "gi_yieldfrom", "ag_frame": "ag_await"}
        name = next((name for name in kind if hasattr(awaited, name)), None)
        frame = None if name is None else getattr(awaited, name)
        if frame is not None:
            yield frame
        awaited = None if name is None else getattr(awaited, kind[name])


def where(actor: Actor) -> str:
    """Return an actor with the lines at which its thread or task stands."""
    performer = actor.performer if isinstance(actor, Item) else actor if isinstance(actor, Performer) else None
    is_task = performer is None and not isinstance(actor, Item)
    if not is_task and (performer is None or not performer.has_begun):
        return f"{named(actor)} has not begun"
    frames = [] if performer is None else frames_of(performer)
    task = actor.task if performer is None else performer.task
    if task is not None and not task.done():
        frames += [frame for frame in coroutine_frames_of(task) if frame not in frames]
    lines = [*_lines(frames)]
    return "\n".join((f"{named(actor)} is at", *lines[-_SHOWN:]))


def _lines(frames: Sequence[FrameType]) -> Iterator[str]:
    told = [frame for frame in frames if _package_of(frame) not in _HIDDEN]
    innermost = [frame for frame in frames if _package_of(frame) != _OWN][-1:]
    for frame in told or innermost:
        path, line = frame.f_code.co_filename, frame.f_lineno
        source = linecache.getline(path, line, frame.f_globals).strip()
        yield f"  {_shortened(path)}:{line}, in {frame.f_code.co_name}: {source}"


def _package_of(frame: FrameType) -> str:
    name: str = frame.f_globals.get("__name__", "")
    return name.partition(".")[0]


def _shortened(path: str) -> str:
    here = Path.cwd()
    return str(Path(path).relative_to(here)) if Path(path).is_relative_to(here) else path
