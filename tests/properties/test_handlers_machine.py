"""Handlers, downstream work, hooks and faults, in any order of steps, time and whatever ends their requests."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from datetime import timedelta
from itertools import count
from typing import TYPE_CHECKING, Any

import pytest
from clusters import CLUSTER, client_of, cluster_type, create, delete
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from mock_time import START
from threads import in_threads

from pytest_cloudcontrol import HandlerError, mock_cloudcontrol

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_cloudcontrol import CloudControl, HandlerRequest, ResourceRequest


@dataclass
class Code:
    """A generator of the test's own: how often its `finally` has run, and whose it is."""

    request_token: str
    is_handler: bool
    closed: int = 0


pieces = st.lists(st.sampled_from([0, 1, 5, 3600]), max_size=3)
endings = st.sampled_from(["succeed", "succeed", "fail", "break"])
inside = st.sampled_from([None, None, None, "cancel", "fail", "expire", "call", "move"])
times = st.sampled_from([0, 0.2, 1, 7, 4000, timedelta(days=7)])
step_times = st.sampled_from([0, 0, 3])
hooks = st.lists(st.tuples(st.sampled_from([None, "no"]), st.sampled_from(["FAIL", "WARN"])), max_size=2)
faults = st.sampled_from(["ReadTimeoutError", "ThrottlingException", "ConnectionClosedError", "InternalFailure"])


class Handlers(RuleBasedStateMachine):
    """Everything that may happen to requests with handlers of the test's own, and to their downstream work."""

    def __init__(self) -> None:
        super().__init__()
        self.mock = mock_cloudcontrol(start=START, auto_advance=False)
        self.cloudcontrol: CloudControl = self.mock.__enter__()
        self.client = client_of(self.cloudcontrol)
        self.codes: list[Code] = []
        self.names = (f"c{number}" for number in count())
        self.rounds = 0
        self.begin()

    def begin(self) -> None:
        """Add the type to the world that has begun."""
        cluster_type(self.cloudcontrol)
        self.codes_before = len(self.codes)
        self.hooks_of: dict[str, list[tuple[str | None, str]]] = {}

    def teardown(self) -> None:
        """End the mock: it lets what is suspended come to its end."""
        error = sys.exception()
        self.mock.__exit__(type(error) if error else None, error, error.__traceback__ if error else None)
        if error is None:
            assert [code.closed for code in self.codes] == [1] * len(self.codes)

    def code(self, request: HandlerRequest, waits: list[int], *, is_handler: bool) -> Iterator[int]:
        """Wait some times, and note how it ends."""
        code = Code(request.request_token or "", is_handler)
        self.codes.append(code)
        try:
            yield from waits
        finally:
            code.closed += 1

    def running(self) -> list[ResourceRequest]:
        """Return the requests to which something can happen."""
        return [request for request in self.cloudcontrol.requests if request.is_running]

    def chosen(self, which: int) -> ResourceRequest:
        """Return one of them."""
        running = self.running()
        return running[which % len(running)]

    def act(self, request: HandlerRequest, what: str | None) -> None:
        """Do something inside a handler's call."""
        own = self.cloudcontrol.request(request.request_token or "")
        if what == "call":
            self.client.list_resources(TypeName=CLUSTER)
        elif what == "move":
            self.cloudcontrol.clock.advance(1)
        elif what is not None and own.is_running and own.status != "CANCEL_IN_PROGRESS":
            own.fail("Throttling") if what == "fail" else getattr(own, what)()

    @rule(waits=pieces, ending=endings, what=inside, downstream=st.none() | pieces, step_time=step_times, hooks=hooks)
    def create(
        self,
        waits: list[int],
        ending: str,
        what: str | None,
        downstream: list[int] | None,
        step_time: int,
        hooks: list[tuple[str | None, str]],
    ) -> None:
        """Ask for a cluster whose handler does so much, if the hooks let it."""

        def handler(request: HandlerRequest) -> Iterator[int]:
            request.identifier = request.resources.put(CLUSTER, request.desired_state)
            if downstream is not None:
                request.start(self.code(request, downstream, is_handler=False))
            for wait in self.code(request, waits, is_handler=True):
                yield wait
                self.act(request, what)
            if ending == "fail":
                raise HandlerError("NotStabilized")
            if ending == "break":
                raise ZeroDivisionError

        self.cloudcontrol.plan(CLUSTER, step_time=step_time)
        added = [self.cloudcontrol.add_handler(CLUSTER, create=handler, may_raise=True)]
        added += [
            self.cloudcontrol.add_hook(f"Test::Hook::N{number}", fails=fails, failure_mode=mode, delay=number)
            for number, (fails, mode) in enumerate(hooks)
        ]
        request = create(self.cloudcontrol, next(self.names))
        self.hooks_of[request.request_token] = hooks
        for arrangement in added:
            arrangement.remove()

    @rule(code=faults, after=st.booleans())
    def create_in_a_storm(self, code: str, *, after: bool) -> None:
        """Ask for a cluster of the default handler's while the network, or AWS, lets the SDK try again."""
        before = len(self.cloudcontrol.requests)
        fault = self.cloudcontrol.add_error(code, api="CreateResource", after=after)
        create(self.cloudcontrol, next(self.names))
        assert (fault.fired, len(self.cloudcontrol.requests)) == (1, before + 1)

    @precondition(lambda self: len(self.cloudcontrol.resources) > 0)
    @rule()
    def delete(self) -> None:
        """Ask for a cluster to be deleted by the default handler, unless it is busy."""
        name = next(iter(self.cloudcontrol.resources)).identifier
        if all(request.identifier != name for request in self.running()):
            delete(self.cloudcontrol, name)

    @precondition(lambda self: self.running())
    @rule(which=st.integers(0, 9))
    def step(self, which: int) -> None:
        """Step a request."""
        request = self.chosen(which)
        before = request.steps
        if request.next_step_at is not None and request.next_step_at - request.accepted_at < timedelta(days=6):
            assert request.step().steps in {before, before + 1}  # it may end the call that is under way

    @precondition(lambda self: self.running())
    @rule(which=st.integers(0, 9), how=st.sampled_from(["cancel", "fail", "expire"]))
    def end(self, which: int, how: str) -> None:
        """End a request."""
        request = self.chosen(which)
        request.fail("ServiceTimeout") if how == "fail" else getattr(request, how)()

    @precondition(lambda self: self.running())
    @rule(which=st.integers(0, 9), how=st.sampled_from(["cancel", "during", "fail", "end"]))
    def arrange(self, which: int, how: str) -> None:
        """Arrange how a request ends instead of, or in, a later call."""
        request = self.chosen(which)
        if how == "fail":
            self.cloudcontrol.add_failure("Throttling", at_step=request.steps + 1, optional=True)
        elif how == "end":
            self.cloudcontrol.add_cancel(at_step="end", optional=True)
        else:
            number = request.steps + 1
            self.cloudcontrol.add_cancel(at_step=number, during=how == "during", optional=True)

    @rule(time=times)
    def advance(self, time: float | timedelta) -> None:
        """Let time pass."""
        self.cloudcontrol.clock.advance(time)

    @rule(move=st.sampled_from(["step", "next", "idle"]))
    def move_on(self, move: str) -> None:
        """Make what is due next, or all."""
        if move == "step":
            self.cloudcontrol.step()
        elif move == "next":
            self.cloudcontrol.clock.advance_to_next()
        else:
            self.cloudcontrol.run_until_idle()
            assert self.running() == []
            assert all(work.done for work in self.cloudcontrol.downstream)

    @precondition(lambda self: any(not work.done for work in self.cloudcontrol.downstream))
    @rule(which=st.integers(0, 9), how=st.sampled_from(["step", "run", "stop"]))
    def move_downstream(self, which: int, how: str) -> None:
        """Move some downstream work, or stop it."""
        left = [work for work in self.cloudcontrol.downstream if not work.done]
        getattr(left[which % len(left)], how)()

    @rule()
    def reset(self) -> None:
        """Begin a new world."""
        self.cloudcontrol.reset()
        assert [code.closed for code in self.codes] == [1] * len(self.codes)
        self.begin()

    @invariant()
    def each_generator_ends_once(self) -> None:
        """Look at each generator: what runs isn't closed; what has ended is, and once."""
        left = {work.request.request_token for work in self.cloudcontrol.downstream if not work.done}
        for code in self.codes[self.codes_before :]:
            request = self.cloudcontrol.request(code.request_token)
            if not code.is_handler:
                assert code.closed == (code.request_token not in left)
            elif request.is_running:
                assert code.closed == 0 or request.next_step_at is not None
            elif request.next_step_at is None:
                assert code.closed == 1
            assert code.closed <= 1

    @invariant()
    def hooks_come_first(self) -> None:
        """Look at each request with hooks: all are shown, and one that has failed lets no handler begin."""
        worked_on = {code.request_token for code in self.codes[self.codes_before :] if code.is_handler}
        for token, hooks in list(self.hooks_of.items()):
            request = self.cloudcontrol.request(token)
            if not request.is_running:
                del self.hooks_of[token]  # it stays as it is seen now
            if ("no", "FAIL") in hooks:
                assert (request.steps, token in worked_on) == (0, False)
            if not request.expired:
                self.client.get_resource_request_status(RequestToken=token)
                shown: dict[str, Any] = dict(self.cloudcontrol.calls.last.answer or {})  # which old clients don't know
                asked = [hook["HookStatus"] for hook in shown.get("HooksProgressEvent", [])]
                assert len(asked) == len(hooks)
                assert request.steps == 0 or "HOOK_IN_PROGRESS" not in asked

    @invariant()
    def no_lock_is_left(self) -> None:
        """Another thread is answered at any time."""
        self.rounds += 1
        if self.rounds % 10 == 0:
            in_threads(lambda: self.client.list_resource_requests(MaxResults=100 - self.rounds % 50))


@pytest.mark.slow
def test_handlers() -> None:
    """Whatever is done in whatever order, every generator comes to its end just once, and nothing stays locked."""
    run_state_machine_as_test(
        Handlers,
        settings=settings(
            max_examples=120,
            stateful_step_count=40,
            deadline=None,
            derandomize=True,
            database=None,
            phases=[Phase.generate, Phase.shrink],
            suppress_health_check=[HealthCheck.too_slow],
        ),
    )
