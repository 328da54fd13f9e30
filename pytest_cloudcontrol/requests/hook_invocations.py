"""One hook's invocation as a step: it is invoked, and ends its delay later with what the hook has to say."""

from __future__ import annotations

import threading
from datetime import timedelta
from functools import partial
from types import GeneratorType
from typing import TYPE_CHECKING, Final

from pytest_cloudcontrol.arguments import duration
from pytest_cloudcontrol.decisions.plans import LONGEST
from pytest_cloudcontrol.handlers.problems import WrongResult, described
from pytest_cloudcontrol.requests.request import UnderWay
from pytest_cloudcontrol.vocabulary import HandlerErrorCode, HookStatus, OperationStatus

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from pytest_cloudcontrol.clock import MockClock, Unlocked
    from pytest_cloudcontrol.decisions.decisions import Decisions
    from pytest_cloudcontrol.handlers.hooks import Invocation
    from pytest_cloudcontrol.handlers.problems import Problems
    from pytest_cloudcontrol.requests.registry import Registry
    from pytest_cloudcontrol.requests.request import Request

_RUNNING: Final = UnderWay(failure=None, takes_time=False, has_worked=False)


class HookInvocations:
    """Invokes the hooks of one world's requests.

    Args:
        schedule: schedules a request's next step at an instant.
        problems: what is told at the test's end.
    """

    def __init__(
        self,
        clock: MockClock,
        registry: Registry,
        decisions: Decisions,
        schedule: Callable[[Request, datetime], None],
        problems: Problems,
    ) -> None:
        self._clock = clock
        self._registry = registry
        self._decisions = decisions
        self._schedule = schedule
        self._problems = problems

    def begin_next(self, request: Request) -> None:
        """Note that the next hook of a request has been invoked, if there is one."""
        invocation = request.next_hook
        if invocation is not None:
            invocation.status, invocation.event_time = HookStatus.IN_PROGRESS, self._clock.now()
            self._registry.note(request, _shown(invocation))

    def make(self, request: Request, invocation: Invocation) -> Unlocked:
        """End an invocation whose time has come; return what is to be done without the lock: the hook is the test's."""
        if not self._is_worked_on(request):
            return None
        why = self._decisions.at_hook(request, request.hooks.index(invocation) + 1)
        if why is not None:
            self._end(request, invocation, HookStatus.COMPLETE_FAILED, f"Hook failed with message: {why}")
            return None
        request.under_way = _RUNNING
        self._registry.stepping[request.order] = threading.get_ident()
        return partial(self._run, request, invocation)

    def _run(self, request: Request, invocation: Invocation) -> None:
        try:
            result = _asked(request, invocation)
        except Exception as error:  # whatever it is: it is the test's own code
            self._problems.raised(f"the hook {invocation.hook.hook_type_name}", error, may_raise=False)
            self._end(request, invocation, HookStatus.FAILED, f"Hook failed with an exception: {described(error)}")
        except BaseException as error:  # on to whoever made the step
            self._end(request, invocation, HookStatus.FAILED, f"Hook failed with an exception: {described(error)}")
            raise
        else:
            if isinstance(result, timedelta):
                self._wait(request, result)
            elif result is None:
                self._end(request, invocation, HookStatus.COMPLETE_SUCCEEDED, None)
            else:
                self._end(request, invocation, HookStatus.COMPLETE_FAILED, f"Hook failed with message: {result}")

    def _wait(self, request: Request, delay: timedelta) -> None:
        """Let a hook be asked again later."""
        with self._clock.lock:
            self._registry.stepping.pop(request.order, None)
            request.under_way = None
            self._clock.announce()
            if not self._is_worked_on(request):
                self._registry.let_go(request)
            elif request.status is OperationStatus.CANCEL_IN_PROGRESS:
                self._registry.cancel(request, "")
            else:
                self._schedule(request, self._clock.now() + delay)

    def _end(self, request: Request, invocation: Invocation, status: HookStatus, message: str | None) -> None:
        """Record what a hook has come to, and go on with the request if it may."""
        with self._clock.lock:
            self._registry.stepping.pop(request.order, None)
            request.under_way = None
            invocation.status, invocation.message = status, message
            self._clock.announce()
            if not self._is_worked_on(request):
                self._registry.let_go(request)
                return
            self._registry.note(request, _shown(invocation))
            if request.status is OperationStatus.CANCEL_IN_PROGRESS:
                self._registry.cancel(request, "")
            elif invocation.refuses:
                name = invocation.hook.hook_type_name
                words = f"The following hook(s) failed: [{name}]"  # H-4
                self._registry.fail(request, HandlerErrorCode.GENERAL_SERVICE_EXCEPTION, words, f"the hook {name}")
            else:
                self._go_on(request)

    def _go_on(self, request: Request) -> None:
        self.begin_next(request)
        following = request.next_hook
        delay = request.handler_input.first_delay if following is None else following.hook.delay
        self._schedule(request, self._clock.now() + delay)

    def _is_worked_on(self, request: Request) -> bool:
        return request.order in self._registry.running and not self._registry.ended


def _asked(request: Request, invocation: Invocation) -> str | timedelta | None:
    """Ask a hook, and return why it fails, None if it doesn't, or the time after which it is to be asked again."""
    invocation.calls += 1
    if invocation.calls > request.most_steps:
        raise WrongResult("calls", invocation.calls, f"an end: a hook is asked {request.most_steps} times at most")
    if invocation.work is None:
        returned = invocation.hook.run(request)
        if not isinstance(returned, GeneratorType):
            return _text(returned)
        invocation.work = returned
    try:
        return duration(next(invocation.work), "callbackDelaySeconds", at_most=LONGEST)
    except StopIteration as end:
        return _text(end.value)


def _text(message: object) -> str | None:
    if message is not None and not isinstance(message, str):
        raise WrongResult("message", message, "a text that says why the hook fails, or None if it doesn't")
    return message


def _shown(invocation: Invocation) -> str:
    words = "" if invocation.message is None else f", {invocation.message}"
    return f"hook {invocation.hook.hook_type_name}: {invocation.status}{words}"
