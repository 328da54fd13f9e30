"""Hooks: what is asked before a resource is provisioned, and may refuse it.

The hooks that apply to a request run before its first handler call, one after the other in the order in which they were
added. One that fails in the mode FAIL ends the request; in the mode WARN its failure is only shown (H-3).
"""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from pytest_cloudcontrol.vocabulary import HookStatus

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Sequence
    from datetime import datetime, timedelta

    from pytest_cloudcontrol.decisions.match import RequestSubject
    from pytest_cloudcontrol.vocabulary import HookFailureMode, Operation


@dataclass(slots=True, eq=False)
class Hook:
    """A hook that a test has added.

    Attributes:
        hook_type_name: its type's name.
        run: given the request, returns the message of its failure, or None; or a generator that does so in the end,
            and yields how many seconds later it is to go on. It may be the test's own code.
        failure_mode: what its failure means to the request.
        targets: the names of the resource types it is for, with ``*`` for any letters; None is all.
        operations: the operations it is for.
        delay: how long an invocation takes.
        fired: for how many requests it was to run.
    """

    hook_type_name: str
    run: Callable[..., str | Generator[float | timedelta, None, str | None] | None]
    failure_mode: HookFailureMode
    targets: tuple[str, ...] | None
    operations: frozenset[Operation]
    delay: timedelta
    fired: int = 0

    def applies_to(self, subject: RequestSubject) -> bool:
        """Whether it runs before a request's first handler call."""
        type_name = subject.type_name or ""
        is_target = self.targets is None or any(fnmatchcase(type_name, target) for target in self.targets)
        return is_target and subject.operation in self.operations


@dataclass(slots=True, eq=False)
class Invocation:
    """One hook's part in one request.

    Attributes:
        hook: the hook.
        status: how far it has come.
        event_time: when it was invoked; until then, when it was planned.
        message: what it has to say.
        work: what goes on when it is asked again.
        calls: how often it was asked.
    """

    hook: Hook
    status: HookStatus
    event_time: datetime
    message: str | None = None
    work: Generator[float | timedelta, None, str | None] | None = None
    calls: int = 0

    @property
    def refuses(self) -> bool:
        """Whether it has failed, and fails the request with it."""
        return self.status.is_failure and self.hook.failure_mode == "FAIL"


class Hooks:
    """The hooks of one world, in the order added. Callers hold the clock's lock."""

    def __init__(self) -> None:
        self._hooks: list[Hook] = []

    def add(self, hook: Hook) -> None:
        """Let a hook run before requests that are accepted from now on."""
        self._hooks.append(hook)

    def remove(self, hook: Hook) -> None:
        """Take a hook back; nothing happens if that has been done already."""
        if hook in self._hooks:
            self._hooks.remove(hook)

    def planned(self, subject: RequestSubject, now: datetime) -> Sequence[Invocation]:
        """Return the invocations of a new request, counted."""
        if not self._hooks:  # as in most tests, at every request
            return ()
        hooks = [hook for hook in self._hooks if hook.applies_to(subject)]
        for hook in hooks:
            hook.fired += 1
        return tuple(Invocation(hook, HookStatus.PENDING, now) for hook in hooks)
