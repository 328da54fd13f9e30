"""The request registry against a plain model, in any order of calls, steps, time and interference."""

from __future__ import annotations

import functools
import sys
from datetime import timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Final

import pytest
from botocore.exceptions import ClientError
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    multiple,
    precondition,
    rule,
    run_state_machine_as_test,
)
from mock_time import START
from registry_model import LEGAL, Model, Plan, Request, RequestInput, Scope
from things import (
    OPERATIONS,
    SCHEMA,
    TYPE,
    ages,
    assert_shown,
    assert_unknown,
    call,
    changes,
    delays,
    steps,
    times,
    values,
)

from pytest_cloudcontrol import HandlerErrorCode, IllegalTransition, mock_cloudcontrol

if TYPE_CHECKING:
    from collections.abc import Callable

    from hypothesis.stateful import MultipleResults
    from types_boto3_cloudcontrol.literals import OperationStatusType, OperationType

    from pytest_cloudcontrol import CloudControl, ResourceRequest


STATUSES: Final[list[OperationStatusType]] = [
    "PENDING",
    "IN_PROGRESS",
    "SUCCESS",
    "FAILED",
    "CANCEL_IN_PROGRESS",
    "CANCEL_COMPLETE",
]

SCOPES: Final[list[Scope]] = [("123456789012", "us-east-1"), ("210987654321", "us-east-1")]
scopes = st.sampled_from([SCOPES[0], SCOPES[0], SCOPES[1]])
names = st.sampled_from(["n1", "n1", "n2"])
placed_names = st.sampled_from(["n2", "n2", "n1"])
client_tokens = st.sampled_from([None, None, "t1"])


class Registry(RuleBasedStateMachine):
    """Everything that code under test and a test can do to requests."""

    requests = Bundle("requests")

    def __init__(self) -> None:
        super().__init__()
        self.model = Model(START)
        self.mock = mock_cloudcontrol(start=START, auto_advance=False)
        self.cloudcontrol: CloudControl = self.mock.__enter__()
        self.cloudcontrol.add_type(SCHEMA)
        # Made when first used: making one takes as long as a dozen calls.
        self.client_of = functools.cache(lambda scope: self.cloudcontrol.client(account_id=scope[0]))
        self.rounds = 0
        self.seen: dict[str, tuple[object, ...]] = {}

    def teardown(self) -> None:
        """End the mock: it tells of just those cancellations that never came to be."""
        error = sys.exception()
        if error is not None:
            self.mock.__exit__(type(error), error, error.__traceback__)
            return
        expected = [
            f"    request {request.token}: cancel(at_step={request.cancel_at})"
            for request in self.model.requests
            if request.cancel_at is not None
        ]
        told = []
        try:
            self.mock.__exit__(None, None, None)
        except AssertionError as undone:
            _, *told = str(undone).partition("\nRequests:")[0].splitlines()
        assert told == expected

    def real(self, request: Request) -> ResourceRequest:
        """Return the request itself."""
        return self.cloudcontrol.request(request.token)

    def running(self) -> list[Request]:
        """Return the requests to which something can happen."""
        return [request for request in self.model.requests if request.running]

    def chosen(self, which: int) -> Request:
        """Return one of the running requests."""
        running = self.running()
        return running[which % len(running)]

    # The code under test

    def ask(self, scope: Scope, asked: RequestInput, client_token: str | None) -> Request | MultipleResults[Request]:
        """Make a call; its answer is the one that the model expects."""
        expected = self.model.answer(scope, asked, client_token or "")
        given = {} if client_token is None else {"ClientToken": client_token}
        if isinstance(expected, str):
            with pytest.raises(ClientError) as raised:
                call(self.client_of(scope), asked, given)
            assert raised.value.response["Error"]["Code"] == expected
            return multiple()
        event = call(self.client_of(scope), asked, given)
        if isinstance(expected, Request):
            assert_shown(event, expected)
            return multiple()
        made = self.cloudcontrol.requests.last
        assert made.client_token == (client_token or made.client_token)
        request = self.model.accept(event["RequestToken"], str(made.client_token), scope, asked)
        assert_shown(event, request)
        return request

    @rule(target=requests, scope=scopes, name=names, values=values, client_token=client_tokens)
    def create(
        self, scope: Scope, name: str, values: dict[str, str], client_token: str | None
    ) -> Request | MultipleResults[Request]:
        """Call CreateResource."""
        return self.ask(scope, RequestInput("CREATE", name, tuple(values.items())), client_token)

    @rule(target=requests, name=placed_names, changes=changes, client_token=client_tokens)
    def update(
        self, name: str, changes: dict[str, str | None], client_token: str | None
    ) -> Request | MultipleResults[Request]:
        """Call UpdateResource; only what is there can be removed."""
        there = self.model.resources[SCOPES[0]].get(name, {})
        possible = tuple((key, value) for key, value in changes.items() if value is not None or key in there)
        return self.ask(SCOPES[0], RequestInput("UPDATE", name, possible), client_token)

    @rule(target=requests, changes=changes)
    def update_placed(self, changes: dict[str, str | None]) -> Request | MultipleResults[Request]:
        """Call UpdateResource for what was placed at the beginning."""
        return self.update("n2", changes, None)

    @rule(target=requests, scope=scopes, name=placed_names, client_token=client_tokens)
    def delete(self, scope: Scope, name: str, client_token: str | None) -> Request | MultipleResults[Request]:
        """Call DeleteResource."""
        return self.ask(scope, RequestInput("DELETE", name), client_token)

    @initialize(target=requests, name=names, values=values)
    def create_first(self, name: str, values: dict[str, str]) -> Request | MultipleResults[Request]:
        """Call CreateResource, so that there is something to go on with."""
        return self.ask(SCOPES[0], RequestInput("CREATE", name, tuple(values.items())), None)

    @initialize(values=values)
    def place(self, values: dict[str, str]) -> None:
        """Place a resource, so that there is something to update and to delete."""
        self.cloudcontrol.resources.put(TYPE, {"Name": "n2", **values})
        self.model.resources[SCOPES[0]]["n2"] = dict(values)

    @rule(target=requests, request=requests, age=ages)
    def replay_later(self, request: Request, age: timedelta) -> Request | MultipleResults[Request]:
        """Make the call of a request again when it is so old, or older already."""
        self.advance(max(request.accepted_at + age - self.model.now, timedelta(0)))
        return self.ask(request.scope, request.asked, request.client_token)

    @rule(target=requests, request=requests, scope=scopes)
    def replay(self, request: Request, scope: Scope) -> Request | MultipleResults[Request]:
        """Make the call of a request again, with its client token; in another account that is a new request."""
        return self.ask(scope, request.asked, request.client_token)

    @rule(request=requests, scope=scopes)
    def poll(self, request: Request, scope: Scope) -> None:
        """Call GetResourceRequestStatus."""
        client = self.client_of(scope)
        if request.expired or scope != request.scope:
            assert_unknown(client.get_resource_request_status, request)
        else:
            answer = client.get_resource_request_status(RequestToken=request.token)
            assert_shown(answer["ProgressEvent"], request)

    @rule(request=requests, scope=scopes)
    def cancel_by_client(self, request: Request, scope: Scope) -> None:
        """Call CancelResourceRequest."""
        client = self.client_of(scope)
        if request.expired or scope != request.scope:
            assert_unknown(client.cancel_resource_request, request)
        elif request.status in {"SUCCESS", "FAILED"}:
            with pytest.raises(ClientError, match=f"Request {request.token} is already in status {request.status}$"):
                client.cancel_resource_request(RequestToken=request.token)
        else:
            if request.running:
                self.model.end(request, "CANCEL_COMPLETE")
            answer = client.cancel_resource_request(RequestToken=request.token)
            assert_shown(answer["ProgressEvent"], request)

    @rule(
        scope=scopes,
        size=st.integers(1, 5),
        operations=st.lists(st.sampled_from(OPERATIONS), unique=True),
        statuses=st.lists(st.sampled_from(STATUSES), unique=True),
    )
    def list_pages(
        self, scope: Scope, size: int, operations: list[OperationType], statuses: list[OperationStatusType]
    ) -> None:
        """Page through ListResourceRequests with a filter."""
        pages = (
            self.client_of(scope)
            .get_paginator("list_resource_requests")
            .paginate(
                ResourceRequestStatusFilter={"Operations": operations, "OperationStatuses": statuses},
                PaginationConfig={"PageSize": size},
            )
        )
        shown = [event for page in pages for event in page["ResourceRequestStatusSummaries"]]
        expected = self.model.listed(scope, [*operations], [*statuses])
        assert [event["RequestToken"] for event in shown] == [request.token for request in expected]

    # Time and steps

    @rule(time=times)
    def advance(self, time: timedelta) -> None:
        """Move the clock."""
        self.cloudcontrol.clock.advance(time)
        self.model.advance(self.model.now + time)

    @rule()
    def advance_to_next(self) -> None:
        """Move the clock to the next piece of work."""
        request = self.model.earliest()
        assert self.cloudcontrol.clock.advance_to_next() is (request is not None)
        if request is not None and request.due is not None:
            self.model.advance(max(request.due, self.model.now))

    @rule()
    def step_any(self) -> None:
        """Make the earliest due handler call."""
        moved, expected = self.cloudcontrol.step(), self.model.step()
        assert (moved and moved.request_token) == (expected and expected.token)

    @precondition(lambda self: self.running())
    @rule(which=st.integers(0, 9))
    def step(self, which: int) -> None:
        """Make a handler call of one request."""
        request = self.chosen(which)
        if request.take_up_at is not None:
            self.model.make(request)
        if request.running and request.step_at is not None:
            self.model.pass_time(request.step_at)
        if request.running:
            self.model.call(request)
            self.real(request).step()
        else:
            refused(self.real(request).step)

    # Interference

    @rule(steps=steps, delay=delays, first_delay=delays, pending=st.sampled_from([False, False, True]) | delays)
    def plan(self, steps: int, delay: timedelta, first_delay: timedelta, pending: timedelta | bool) -> None:
        """Let requests take longer or shorter from now on."""
        self.cloudcontrol.plan(steps=steps, delay=delay, first_delay=first_delay, pending=pending)
        self.model.plan = Plan(steps, delay, first_delay, pending)

    @precondition(lambda self: self.running())
    @rule(which=st.integers(0, 9), how=st.sampled_from(["cancel", "expire", *HandlerErrorCode]))
    def end(self, which: int, how: str) -> None:
        """End a running request, and with it what was arranged for it."""
        request = self.chosen(which)
        request.cancel_at = None
        if how == "cancel":
            self.real(request).cancel()
            self.model.end(request, "CANCEL_COMPLETE")
        elif how == "expire":
            self.real(request).expire()
            request.expired = True
        else:
            self.real(request).fail(how)
            self.model.end(request, "FAILED", how)

    @precondition(lambda self: self.running())
    @rule(which=st.integers(0, 9), ahead=st.integers(-1, 2))
    def cancel_at_step(self, which: int, ahead: int) -> None:
        """Arrange that a request is cancelled instead of a handler call, which must lie ahead."""
        request = self.chosen(which)
        at_step = max(request.steps + ahead, 1)
        if at_step > request.steps:
            self.real(request).cancel(at_step=at_step)
            request.cancel_at = at_step
        else:
            refused(lambda: self.real(request).cancel(at_step=at_step))

    @rule(request=requests)
    def move_what_has_ended(self, request: Request) -> None:
        """Try to move a request that has ended: the only thing that can still happen to it is that it expires."""
        if request.running:
            return
        real = self.real(request)
        for move in (real.step, lambda: real.fail("NotFound"), lambda: real.cancel(at_step=9)):
            refused(move)
        if request.expired:
            refused(real.run)
        else:
            real.run()
        if request.expired or request.status != "CANCEL_COMPLETE":
            refused(real.cancel)
        else:
            real.cancel()
        if request.expired:
            refused(real.expire)
        else:
            real.expire()
            request.expired, request.cancel_at = True, None

    @rule(scope=scopes, name=names)
    def remove(self, scope: Scope, name: str) -> None:
        """Remove a resource behind Cloud Control's back."""
        if self.model.resources[scope].pop(name, None) is not None:
            self.cloudcontrol.scope(*scope).resources.delete(TYPE, name)

    # What always holds

    @invariant()
    def requests_are_the_models(self) -> None:
        """No request is ever lost, and each is as the model has it."""
        tokens = [real.request_token for real in self.cloudcontrol.requests]
        assert tokens == [request.token for request in self.model.requests]
        for real, request in zip(self.cloudcontrol.requests, self.model.requests, strict=True):
            assert (real.account_id, real.region) == request.scope
            assert (real.operation, real.identifier) == request.asked[:2]
            assert (real.status, real.steps, real.expired) == (request.status, request.steps, request.expired)
            assert real.next_step_at == (request.step_at if request.running else None)
            assert [
                (event.operation_status, event.event_time, event.error_code, event.retry_after) for event in real.events
            ] == request.events

    @invariant()
    def events_only_grow(self) -> None:
        """Events are only ever added, by legal transitions, in the order of time, and none after the end."""
        for real in self.cloudcontrol.requests:
            seen, events = self.seen.get(real.request_token, ()), real.events
            assert events[: len(seen)] == seen
            assert events[0].operation_status in {"PENDING", "IN_PROGRESS"}
            for before, after in pairwise(events):
                assert after.operation_status in LEGAL[before.operation_status]
                assert before.event_time <= after.event_time
            self.seen[real.request_token] = events

    @invariant()
    def one_operation_at_a_time(self) -> None:
        """At most one request works on a resource."""
        running = [(real.account_id, real.identifier) for real in self.cloudcontrol.requests if real.is_running]
        assert len(running) == len(set(running))

    @invariant()
    def resources_are_the_models(self) -> None:
        """Just what the handler calls made so far have written exists."""
        for scope in SCOPES:
            found = {
                resource.identifier: {key: value for key, value in resource.properties.items() if key != "Name"}
                for resource in self.cloudcontrol.scope(*scope).resources
            }
            assert found == self.model.resources[scope]

    @invariant()
    def lists_are_the_models(self) -> None:
        """ListResourceRequests shows the requests that haven't expired, newest first."""
        self.rounds += 1
        if self.rounds % 4:
            return  # these are the dear ones
        for scope in {request.scope for request in self.model.requests}:
            # Never the same call twice in a row: that would be code which waits.
            answer = self.client_of(scope).list_resource_requests(MaxResults=100 - self.rounds % 8)
            shown = answer["ResourceRequestStatusSummaries"]
            expected = self.model.listed(scope, [], [])
            assert len(shown) == len(expected)
            for event, request in zip(shown, expected, strict=True):
                assert_shown(event, request)

    @invariant()
    def time_is_the_models(self) -> None:
        """No time passes but the model's."""
        assert self.cloudcontrol.clock.now() == self.model.now


def refused(move: Callable[[], object]) -> None:
    """Try what never happens to a request in its state."""
    with pytest.raises(IllegalTransition):
        move()


@pytest.mark.slow
def test_registry() -> None:
    """Whatever is done in whatever order, the registry does what the plain model does."""
    run_state_machine_as_test(
        Registry,
        settings=settings(
            max_examples=80,  # 130 found no more mutants: of nine the last by the 47th
            stateful_step_count=50,
            deadline=None,
            derandomize=True,
            database=None,
            phases=[Phase.generate, Phase.shrink],
            suppress_health_check=[HealthCheck.too_slow],
        ),
    )
