"""ResourceRequest: one request in the test's hand, which moves it. What it shows is in reading.py."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Literal

from pytest_cloudcontrol.arguments import text, whole_number, word
from pytest_cloudcontrol.controls.reading import Reading
from pytest_cloudcontrol.controls.steps import check_during, step_number
from pytest_cloudcontrol.decisions.faults import END, Cancel
from pytest_cloudcontrol.decisions.match import Match
from pytest_cloudcontrol.exceptions import Portable
from pytest_cloudcontrol.requests.timeline import overview, timeline
from pytest_cloudcontrol.vocabulary import CANCELLED, HandlerErrorCode, OperationStatus

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pytest_cloudcontrol.decisions.faults import StepNumber
    from pytest_cloudcontrol.requests.request import Request
    from pytest_cloudcontrol.world import World


class ResourceRequest(Reading):
    """A request of the code under test, and the handle by which a test moves it. There is one handle a request.

    Every verb returns the request itself, so a schedule is one line:
    ``cloudcontrol.requests.last.cancel(at_step=2).run()``.
    """

    __slots__ = ("__weakref__", "_world")

    def __init__(self, world: World, request: Request) -> None:
        super().__init__(request)
        self._world = world

    def step(self) -> ResourceRequest:
        """Make exactly one handler call, of this request only.

        The clock moves to the call's due time if that is later. Calls of other requests that came due on the way become
        overdue: they are made by the next movement of the clock, by ``cloudcontrol.step()`` or by their own ``step()``.
        A PENDING request is taken up and gets its first call, but not one that ``limit_concurrency`` holds back: that
        can't be stepped before others have ended. Callbacks and rules of the call come first, as ever: a step that a
        rule or the request's own ``cancel(at_step=...)`` comes instead of ends the request.

        Returns:
            The request itself.

        Raises:
            IllegalTransition: the request isn't running any more, is held back by a limit, or its own handler is at
                work in this thread.

        Example:
            ```python
            state = '{"LogGroupName": "app", "RetentionInDays": 7, "Tags": [{"Key": "team", "Value": "blue"}]}'
            client.create_resource(TypeName="AWS::Logs::LogGroup", DesiredState=state)
            cloudcontrol.requests.last.step()
            log_group = cloudcontrol.resources.get("AWS::Logs::LogGroup", "app")
            assert log_group["RetentionInDays"] == 7 and "Tags" not in log_group  # half made
            ```
        """
        self._refuse_unless_running("step")
        self._refuse_inside_handler("step")
        if not self._world.runner.step(self._request):
            self._refuse_unless_running("step")  # any more: it has expired before its call was due
            self._refuse_held_back("step")
        return self

    def run(self, max_steps: int | None = None) -> ResourceRequest:
        """Make handler calls until the request has come to a terminal status or has expired; it may have come already.

        Each is a ``step()``: the clock moves with them, and what is due of other requests is left overdue. One that a
        limit holds back is taken up first: those that hold it back are stepped until one has ended, which isn't
        counted. Rules decide how it ends; it isn't an error when that is FAILED.

        Args:
            max_steps: how many at most. By default as many as the option ``max_steps`` leaves it; a larger number goes
                beyond that.

        Returns:
            The request itself.

        Raises:
            StatusNotReached: so many were not enough.
            IllegalTransition: the request has expired already, a reset has begun a new world without it, or its own
                handler is at work in this thread.
            OptionError: max_steps isn't a positive whole number.

        Example:
            ```python
            cloudcontrol.plan(steps=5, delay=60)
            client.create_resource(TypeName="AWS::SQS::Queue", DesiredState="{}")
            assert cloudcontrol.requests.last.run().status == "SUCCESS"
            ```
        """
        limit = self._limit(max_steps)
        if self.status.is_terminal and not self.expired and not self._world.registry.ended:
            return self
        self._refuse_unless_running("run")
        most = self.steps + limit
        while self.steps < most and self._step_on():
            if not self.is_running:
                return self
        if not self.is_running:  # it has expired before its call was due
            return self
        raise self._not_enough("come to an end", limit)

    def run_until(self, status: OperationStatus | str, max_steps: int | None = None) -> ResourceRequest:
        """Make handler calls until the request has a status; it may have it already.

        A request that is PENDING for a time becomes IN_PROGRESS without a handler call; one that a limit holds back
        when others have been stepped to their end. ``run`` doesn't mind how a request ends; this does.

        Args:
            status: an OperationStatus or its string.
            max_steps: how many calls at most. By default as many as the option ``max_steps`` leaves it; a larger number
                goes beyond that.

        Returns:
            The request itself.

        Raises:
            StatusNotReached: another terminal status came first, the request expired, or the calls were not enough.
            IllegalTransition: a reset has begun a new world without the request, or its own handler is at work in this
                thread.
            OptionError: there is no such status, or max_steps isn't a positive whole number.

        Example:
            ```python
            cloudcontrol.plan(pending=timedelta(minutes=5))
            client.create_resource(TypeName="AWS::SQS::Queue", DesiredState="{}")
            request = cloudcontrol.requests.last.run_until("IN_PROGRESS")
            assert request.steps == 0
            assert cloudcontrol.clock.now() - request.accepted_at == timedelta(minutes=5)
            ```
        """
        wanted = word(OperationStatus, status, "status")
        limit = self._limit(max_steps)
        most = self.steps + limit
        while True:
            self._refuse_of_before("step")
            if wanted is OperationStatus.IN_PROGRESS:
                self._be_taken_up()
            if self.status is wanted:
                return self
            if not self.is_running:
                state = "has expired" if self.expired else f"is {self.status}"
                raise StatusNotReached(self, f"the request {state} and will never be {wanted}", [self._request])
            if not self._move_on(most) and self.is_running:
                raise self._not_enough(f"become {wanted}", limit)

    def fail(self, error_code: HandlerErrorCode | str, message: str | None = None) -> ResourceRequest:
        """Let the request fail now. What its handler calls did stays: AWS rolls nothing back.

        No time passes and no further handler call is made. A ``cancel(at_step=...)`` that is still to come is
        forgotten; rules are not used up. To let a request fail that is not there yet, use ``add_failure``.

        Args:
            error_code: a HandlerErrorCode or its string.
            message: the event's StatusMessage; words that fit the code by default. An empty one sends none, as AWS has
                done with InternalFailure.

        Returns:
            The request itself.

        Raises:
            IllegalTransition: the request isn't running any more.
            OptionError: there is no such code.

        Example:
            ```python
            answer = client.create_resource(TypeName="AWS::SQS::Queue", DesiredState="{}")
            cloudcontrol.requests.last.step().fail("ServiceLimitExceeded", "too many queues")
            token = answer["ProgressEvent"]["RequestToken"]
            event = client.get_resource_request_status(RequestToken=token)["ProgressEvent"]
            assert (event["ErrorCode"], event["StatusMessage"]) == ("ServiceLimitExceeded", "too many queues")
            assert len(cloudcontrol.resources) == 1  # what one call did
            ```
        """
        code = word(HandlerErrorCode, error_code, "error_code")
        message = None if message is None else text(message, "message")
        with self._world.clock.act():
            self._refuse_unless_running("fail")
            self._forget_cancel()
            self._world.registry.fail(self._request, code, message, "request.fail()")
        return self

    def cancel(self, at_step: int | Literal["end"] | None = None, during: bool = False) -> ResourceRequest:
        """Cancel the request, as CancelResourceRequest does, now or later. What its handler calls did stays.

        A cancel for later comes before every rule of that handler call, and takes the place of an earlier one. It is
        forgotten when the test ends the request otherwise. Cancelling a cancelled request again does nothing, as in
        AWS.

        Args:
            at_step: cancel instead of making that handler call, 1 being the first: ``at_step=3`` leaves what two
                calls did; ``"end"`` cancels when all is done, instead of the success. None cancels now. If the call is
                never reached, the test fails at its end.
            during: make the call all the same, and cancel while it is under way: the request is CANCEL_IN_PROGRESS
                until the call ends, and then CANCEL_COMPLETE, unless that call was the one that succeeded or failed.

        Returns:
            The request itself.

        Raises:
            IllegalTransition: the request has succeeded, failed or expired, or has made that call already, or a reset
                has begun a new world without it.
            OptionError: at_step is neither a positive whole number nor ``"end"``, or ``during`` comes without a number.

        Example:
            ```python
            cloudcontrol.resources.put("AWS::Logs::LogGroup", {"LogGroupName": "app", "RetentionInDays": 7})
            patch = [
                {"op": "replace", "path": "/RetentionInDays", "value": 30},
                {"op": "add", "path": "/Tags", "value": [{"Key": "team", "Value": "blue"}]},
            ]
            client.update_resource(TypeName="AWS::Logs::LogGroup", Identifier="app", PatchDocument=json.dumps(patch))
            assert cloudcontrol.requests.last.cancel(at_step=2).run().status == "CANCEL_COMPLETE"
            log_group = cloudcontrol.resources.get("AWS::Logs::LogGroup", "app")
            assert log_group["RetentionInDays"] == 30 and "Tags" not in log_group
            ```
        """
        number = None if at_step is None else step_number(at_step)
        check_during(during, number)
        with self._world.clock.act():
            if number is None:
                self._cancel_now()
            else:
                self._cancel_later(number, during=during)
        return self

    def expire(self) -> ResourceRequest:
        """Let AWS forget the request, as it does seven days after acceptance, but this one only and now.

        GetResourceRequestStatus, CancelResourceRequest and ListResourceRequests don't know it any more. A running one
        gets no further handler calls, its resource is no longer busy, and its client token is free. The test still sees
        it, with its last status. To let all of them expire, move the clock by seven days.

        Returns:
            The request itself.

        Raises:
            IllegalTransition: it has expired already.

        Example:
            ```python
            answer = client.create_resource(TypeName="AWS::SQS::Queue", DesiredState="{}")
            request = cloudcontrol.requests.last.run().expire()
            with pytest.raises(client.exceptions.RequestTokenNotFoundException):
                client.get_resource_request_status(RequestToken=answer["ProgressEvent"]["RequestToken"])
            assert (request.expired, request.status) == (True, "SUCCESS")
            ```
        """
        with self._world.clock.act():
            if self.expired or self._world.registry.ended:
                self._refuse_unless_running("expire")
            self._forget_cancel()
            self._world.registry.expire(self._request, "request.expire()")
        return self

    def _step_on(self) -> bool:
        self._refuse_of_before("step")
        self._refuse_inside_handler("step")
        self._be_taken_up()
        return self.is_running and self._world.runner.step(self._request)

    def _be_taken_up(self) -> None:
        """Let the request be taken up that is PENDING for a time, or held back; mostly it has been."""
        if not self._world.runner.go_to_taking_up(self._request):
            self._refuse_held_back("step")

    def _move_on(self, most_steps: int) -> bool:
        if self.steps >= most_steps and not self._request.is_under_way:
            return False
        self._refuse_inside_handler("step")
        self._be_taken_up()
        return self.is_running and self._world.runner.move_on(self._request)

    def _cancel_now(self) -> None:
        if self.status in CANCELLED and not (self.expired or self._world.registry.ended):
            return  # idempotent, as CancelResourceRequest is
        self._refuse_unless_running("cancel")
        self._forget_cancel()
        self._world.registry.cancel(self._request, "request.cancel()")

    def _cancel_later(self, at_step: StepNumber, *, during: bool) -> None:
        action = f"cancel at step {at_step}"
        self._refuse_unless_running(action)
        if at_step != END and at_step <= self.steps:
            raise self._refusal(action, f"at_step={at_step}, but handler call {self.steps} has been made already")
        self._forget_cancel()
        cancel = Cancel(
            match=Match(), at_step=at_step, request_token=self.request_token, order=self.order, during=during
        )
        self._request.cancel_rule = cancel
        self._world.decisions.add_own(cancel)

    def _forget_cancel(self) -> None:
        if self._request.cancel_rule is not None:
            self._world.decisions.forget_own(self._request.cancel_rule)
            self._request.cancel_rule = None

    # ------------------------------------------------------------------ refusals

    def _refuse_unless_running(self, action: str) -> None:
        self._refuse_of_before(action)
        if self.expired:
            raise self._refusal(action, "it has expired, and AWS has forgotten it")
        if self.status.is_terminal:
            raise self._refusal(action, f"it is {self.status} already, which is terminal")

    def _refuse_of_before(self, action: str) -> None:
        if self._world.registry.ended:
            raise self._refusal(action, "cloudcontrol.reset() has begun a new world, without this request")

    def _refuse_inside_handler(self, action: str) -> None:
        if self._world.registry.stepping.get(self.order) == threading.get_ident():
            raise self._refusal(action, "its own handler is at work in this thread: the call must return first")

    def _refuse_held_back(self, action: str) -> None:
        with self._world.clock.lock:
            limits, holders = self._request.held_back_by, self._world.runner.holders(self._request)
        if holders:
            tokens = ", ".join(holder.request_token for holder in holders)
            held_back = f"it is held back by {' and '.join(map(str, limits))} until one of these has ended: {tokens}"
            raise self._refusal(action, held_back)

    def _refusal(self, action: str, reason: str) -> IllegalTransition:
        return IllegalTransition(self, action, f"{reason}\n{timeline(self._request)}")

    def _limit(self, max_steps: int | None) -> int:
        request = self._request
        if max_steps is None:
            return max(request.most_steps - request.steps, 0)
        limit = whole_number(max_steps, "max_steps")
        request.most_steps = max(request.most_steps, request.steps + limit)
        return limit

    def _not_enough(self, aim: str, limit: int) -> StatusNotReached:
        allowed = limit or self._request.most_steps  # where nothing is left, those it has had
        message = f"{not_enough(allowed)} for the request to {aim}: give a larger max_steps than {allowed}"
        place = self._request.handler.place(self._request.handler_input)
        if place is not None:
            message += f"; {place}"
        with self._world.clock.lock:
            overdue = [other for other in self._world.runner.overdue() if other is not self._request]
        if overdue:
            of_others = "the next call of 1 other request" if len(overdue) == 1 else f"calls of {len(overdue)} others"
            message += f".\nOverdue meanwhile: {of_others}, which cloudcontrol.run_until_idle() makes too"
        return StatusNotReached(self, message, [self._request, *overdue])


def not_enough(calls: int) -> str:
    """Return the beginning of what StatusNotReached says after so many handler calls."""
    return f"{calls} handler {'call was' if calls == 1 else 'calls were'} not enough"


class IllegalTransition(RuntimeError, Portable):
    """A test asked of a request what AWS never does to one in its state.

    Attributes:
        request: the request; it is unchanged.
        action: what was asked.
    """

    def __init__(self, request: ResourceRequest, action: str, reason: str) -> None:
        self.request = request
        self.action = action
        super().__init__(f"can't {action} request {request.request_token}: {reason}")


class StatusNotReached(AssertionError, Portable):
    """Requests were run, but what the test waited for didn't come.

    Attributes:
        request: the request that was run, or None when all of them were.
    """

    def __init__(self, request: ResourceRequest | None, message: str, requests: Sequence[Request]) -> None:
        self.request = request
        super().__init__(f"{message}\n{overview(requests)}")
