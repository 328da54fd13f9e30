"""An actor: a thread or a task that takes turns with others, and what it waits for while it has none."""

from __future__ import annotations

from _thread import allocate_lock  # not threading.Lock, which is another one during a play
from contextlib import contextmanager
from enum import Enum, auto
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    import asyncio
    import threading
    from collections.abc import Callable, Iterator
    from datetime import datetime

    Task: TypeAlias = asyncio.Task[object]


class State(Enum):
    """What an actor's thread waits for."""

    READY = auto()
    """Nothing but its turn; or it has it."""
    BLOCKED = auto()
    """Another actor, for something that ``is_free`` tells."""
    WAITING = auto()
    """All others: it only waits."""
    AWAY = auto()
    """Something that nobody sees, in the middle of its turn, which was taken from it."""
    ENDED = auto()
    """Nothing any more."""


class Actor:
    """One who takes turns.

    Attributes:
        number: its place among all in order of their start; 1 is the function that is played. A worker has 0.
        task: the task that it is; of an actor that is a thread, the main one of the event loop that it runs.
    """

    def __init__(self, number: int, task: Task | None = None) -> None:
        self.number = number
        self.task = task

    @property
    def name(self) -> str:
        """What it is called: a thread by its name, a task by its own or else by its coroutine's."""
        name = "" if self.task is None else self.task.get_name()
        if self.task is not None and name.startswith("Task-"):  # asyncio counts them in the whole process
            return getattr(self.task.get_coro(), "__name__", name)
        return name

    @property
    def has_ended(self) -> bool:
        """Whether it has done all that it had to."""
        return self.task is None or self.task.done()

    def __repr__(self) -> str:
        return f"<actor {self.number} ({self.name})>"


class Item(Actor):
    """A work item of an executor, which one of its workers does.

    Attributes:
        performer: that worker; None until it begins.
        is_done: whether it has been done.
    """

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.performer: Performer | None = None
        self.is_done = False

    @property
    def name(self) -> str:
        """The name of the thread that does it."""
        return "a work item" if self.performer is None else self.performer.name

    @property
    def has_ended(self) -> bool:
        """Whether it has been done."""
        return self.is_done


class Performer(Actor):
    """A thread, which can hold the baton: an actor, or an executor's worker, whose work items are actors.

    Attributes:
        item: the work item that it does; None if it does none.
        thread: the thread.
        ident: what Python knows it by while it runs; None before and after.
        turn: locked but for the moment at which the actor gets its turn.
        state: what it waits for.
        is_free: whether what it is blocked on has come; or what may come while it waits.
        deadline: the instant, on the stage's own time, at which it gives up being blocked; None if it never does.
        sees_outside: whether what it is blocked on may come from outside of the play.
        until: the instant until which it only waits; None if that may be over at once.
        last_turn: when it went on from waiting last, as the number of that turn.
        has_timed_out: whether it went on because its deadline came.
        has_begun: whether it has had a turn.
        is_native: whether it waits for a thread to begin or end, which takes but an instant, as outside of a play.
        visits: how often it has come by the stage.
        position: where it stood when its turn was taken from it.
    """

    def __init__(self, number: int, thread: threading.Thread) -> None:
        super().__init__(number)
        self.thread = thread
        self.item: Item | None = None
        self.ident: int | None = None
        self.turn = allocate_lock()
        self.turn.acquire()
        self.state = State.READY
        self.is_free: Callable[[], bool] = bool
        self.deadline: float | None = None
        self.sees_outside = False
        self.until: datetime | None = None
        self.last_turn = 0
        self.has_timed_out = False
        self.has_begun = self.is_native = False
        self.visits = 0
        self.position: object = None

    @property
    def name(self) -> str:
        """The name of its thread."""
        return self.thread.name

    @property
    def acting(self) -> Actor:
        """The actor that it is now."""
        return self.item or self

    @contextmanager
    def natively(self) -> Iterator[None]:
        """Wait in the block as outside of a play."""
        self.is_native = True
        try:
            yield
        finally:
            self.is_native = False

    @property
    def is_ready(self) -> bool:
        """Whether it could go on now."""
        return self.state is State.READY or (self.state in (State.BLOCKED, State.WAITING) and self.is_free())

    @property
    def has_ended(self) -> bool:
        """Whether its thread has done all that it had to."""
        return self.state is State.ENDED
