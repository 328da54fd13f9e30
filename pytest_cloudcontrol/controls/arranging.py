"""The verbs by which a test arranges beforehand what is to happen, for code that creates and waits in one go.

Each checks what it is given and hands it to the world's Decisions.
"""

from __future__ import annotations

import inspect
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pytest_cloudcontrol.arguments import OptionError, duration, runs_as, text, true_or_false, whole_number, word
from pytest_cloudcontrol.controls.calls import Call
from pytest_cloudcontrol.controls.identifiers import meant_by
from pytest_cloudcontrol.decisions.callbacks import BeforeCall, BeforeStep, call_back
from pytest_cloudcontrol.decisions.faults import ApiError, Cancel, Expiry, Failure, StepRule
from pytest_cloudcontrol.decisions.match import Match
from pytest_cloudcontrol.decisions.plans import LONGEST, Plan
from pytest_cloudcontrol.service.errors import known_codes, usual_message
from pytest_cloudcontrol.vocabulary import Api, HandlerErrorCode, Operation

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from pytest_cloudcontrol.arguments import Duration
    from pytest_cloudcontrol.controls.requests import Handles
    from pytest_cloudcontrol.decisions.decisions import Decisions
    from pytest_cloudcontrol.requests.request import Request
    from pytest_cloudcontrol.service.calls import CallRecord
    from pytest_cloudcontrol.world import World


@dataclass(frozen=True, slots=True)
class WithHandle:
    """A callback of the test's before a step, which is to be handed the request's handle. Equal ones are the same."""

    callback: Callable[..., object]
    handles: Handles
    world: World

    def __call__(self, request: Request) -> None:
        """Run it."""
        call_back(self.callback, self.handles.of(self.world, request))


@dataclass(frozen=True, slots=True)
class WithCall:
    """A callback of the test's before an API call. Equal ones are the same."""

    callback: Callable[..., object]

    def __call__(self, record: CallRecord) -> None:
        """Run it."""
        call_back(self.callback, Call(record))


class Arranging:
    """What a test arranges before the code under test runs; a part of CloudControl."""

    __slots__ = ("_backend", "_handles")

    def __init__(self, handles: Handles) -> None:
        self._handles = handles
        self._backend = handles.backend

    def plan(
        self,
        type_name: str | None = None,
        operation: Operation | str | None = None,
        *,
        steps: int | None = None,
        delay: Duration | None = None,
        first_delay: Duration | None = None,
        pending: Duration | bool | None = None,
    ) -> None:
        """Arrange how long requests take that are accepted from now on.

        Of several plans that fit a request each parameter comes from the most specific one that gives it (type and
        operation, then the type, then the operation), and of equally specific ones from the latest. A request keeps
        the plans it was accepted under. Rules count its handler calls: with ``steps=1`` a rule ``at_step=2`` never
        fires.

        Args:
            type_name: which type's; None is every one's.
            operation: CREATE, UPDATE or DELETE; None is all.
            steps: how many handler calls they take.
            delay: the time between two handler calls, a timedelta or seconds; 1 s by default.
            first_delay: the time before the first, a timedelta or seconds; 0.2 s by default.
            pending: how long they are PENDING before they are taken up; True: until their first handler call.

        Raises:
            OptionError: a value isn't valid, or all are left out.

        Example:
            ```python
            cloudcontrol.plan("AWS::SQS::Queue", "CREATE", steps=4, delay=30)
            client.create_resource(TypeName="AWS::SQS::Queue", DesiredState="{}")
            request = cloudcontrol.requests.last.run()
            assert request.steps == 4
            assert request.last_event.event_time - request.accepted_at == timedelta(seconds=0.2 + 3 * 30)
            ```
        """
        if steps is delay is first_delay is pending is None:
            raise OptionError("plan", None, "at least one of steps, delay, first_delay and pending")
        plan = Plan(
            None if steps is None else whole_number(steps, "steps"),
            None if delay is None else duration(delay, "delay", at_most=LONGEST),
            None if first_delay is None else duration(first_delay, "first_delay", at_most=LONGEST),
            pending if pending is None or isinstance(pending, bool) else duration(pending, "pending", at_most=LONGEST),
        )
        match = self._match(type_name, operation)
        self._arrange(lambda decisions: decisions.add_plan(match, plan))

    def add_failure(
        self,
        error_code: HandlerErrorCode | str,
        *,
        type_name: str | None = None,
        operation: Operation | str | None = None,
        identifier: str | None = None,
        at_step: int = 1,
        message: str | None = None,
        times: int = 1,
        optional: bool = False,
    ) -> None:
        """Arrange that a request fails in a handler call: instead of what the call would have done.

        What the calls before it did stays. In one step the test's callbacks come first (``before``), then the request's
        own ``cancel(at_step=...)``, then the first rule arranged, and the handler only if none of them fires. A request
        that ends otherwise, or earlier, uses up no rule.

        Args:
            error_code: a HandlerErrorCode or its string.
            type_name: of which type; None matches all.
            operation: CREATE, UPDATE or DELETE; None matches all.
            identifier: of which resource, by any identifier as the API takes it. A create whose identifier the service
                makes has none before its first call.
            at_step: which handler call fails, 1 being the first.
            message: the event's StatusMessage; words that fit the code by default. An empty one sends none, as AWS has
                done with InternalFailure.
            times: how many requests fail so.
            optional: whether it is all right if the rule never fires; otherwise the test fails then.

        Raises:
            OptionError: a value isn't valid.

        Example:
            ```python
            cloudcontrol.add_failure("NotStabilized", type_name="AWS::Logs::LogGroup", at_step=2)
            state = '{"LogGroupName": "app", "RetentionInDays": 7, "Tags": [{"Key": "team", "Value": "blue"}]}'
            client.create_resource(TypeName="AWS::Logs::LogGroup", DesiredState=state)
            assert cloudcontrol.requests.last.run().error_code == "NotStabilized"
            assert "Tags" not in cloudcontrol.resources.get("AWS::Logs::LogGroup", "app")  # half made, and it stays
            ```
        """
        code = word(HandlerErrorCode, error_code, "error_code")
        match = self._match(type_name, operation, identifier)
        self._add_rule(
            Failure(match=match, at_step=at_step, times=times, optional=optional, error_code=code, message=message)
        )

    def add_cancel(
        self,
        *,
        type_name: str | None = None,
        operation: Operation | str | None = None,
        identifier: str | None = None,
        at_step: int = 1,
        times: int = 1,
        optional: bool = False,
    ) -> None:
        """Arrange that a request is cancelled instead of a handler call, as CancelResourceRequest would cancel it.

        What the calls before it did stays: AWS rolls nothing back. For a request that is there already use its own
        ``cancel(at_step=...)``, which comes before every rule.

        Args:
            type_name: of which type; None matches all.
            operation: CREATE, UPDATE or DELETE; None matches all.
            identifier: of which resource, by any identifier as the API takes it.
            at_step: instead of which handler call, 1 being the first.
            times: how many requests are cancelled so.
            optional: whether it is all right if the rule never fires; otherwise the test fails then.

        Raises:
            OptionError: a value isn't valid.

        Example:
            ```python
            cloudcontrol.add_cancel(operation="CREATE", at_step=2)
            answer = client.create_resource(TypeName="AWS::SQS::Queue", DesiredState="{}")
            waiter = client.get_waiter("resource_request_success")
            with pytest.raises(WaiterError):
                waiter.wait(RequestToken=answer["ProgressEvent"]["RequestToken"])
            assert cloudcontrol.requests.last.status == "CANCEL_COMPLETE"
            assert len(cloudcontrol.resources) == 1  # its first call made the queue
            ```
        """
        match = self._match(type_name, operation, identifier)
        self._add_rule(Cancel(match=match, at_step=at_step, times=times, optional=optional))

    def add_expiry(
        self,
        *,
        type_name: str | None = None,
        operation: Operation | str | None = None,
        identifier: str | None = None,
        at_step: int = 1,
        times: int = 1,
        optional: bool = False,
    ) -> None:
        """Arrange that a request expires instead of a handler call, as AWS forgets one after seven days.

        It gets no further handler calls, and what they did stays. Its resource is no longer busy, and its client token
        is free. The clock doesn't move for it.

        Args:
            type_name: of which type; None matches all.
            operation: CREATE, UPDATE or DELETE; None matches all.
            identifier: of which resource, by any identifier as the API takes it.
            at_step: instead of which handler call, 1 being the first.
            times: how many requests expire so.
            optional: whether it is all right if the rule never fires; otherwise the test fails then.

        Raises:
            OptionError: a value isn't valid.

        Example:
            ```python
            cloudcontrol.add_expiry(type_name="AWS::SQS::Queue", at_step=2)
            answer = client.create_resource(TypeName="AWS::SQS::Queue", DesiredState="{}")
            cloudcontrol.run_until_idle()
            with pytest.raises(client.exceptions.RequestTokenNotFoundException):
                client.get_resource_request_status(RequestToken=answer["ProgressEvent"]["RequestToken"])
            assert cloudcontrol.requests.last.expired
            ```
        """
        match = self._match(type_name, operation, identifier)
        self._add_rule(Expiry(match=match, at_step=at_step, times=times, optional=optional))

    def add_error(
        self,
        code: str,
        *,
        api: Api | str | None = None,
        message: str | None = None,
        times: int = 1,
        optional: bool = False,
    ) -> None:
        """Arrange that API calls are answered with an error, before the service looks at them.

        Nothing is done for such a call, whatever it asks. Callbacks that come ``before`` it have run by then. botocore
        retries some errors (ThrottlingException, every 500); each try takes one of the ``times``, and the sleeps
        between them move the mock clock.

        Args:
            code: the exception's name, such as ``ThrottlingException``.
            api: which API operation's, such as ``GetResource``; None is every one's.
            message: the words; those usual for the code by default.
            times: how many calls.
            optional: whether it is all right if no call is made; otherwise the test fails then.

        Raises:
            OptionError: a value isn't valid.

        Example:
            ```python
            cloudcontrol.add_error("ThrottlingException", api="CreateResource", times=2)
            client.create_resource(TypeName="AWS::SQS::Queue", DesiredState="{}")  # botocore tries again
            assert [call.error_code for call in cloudcontrol.calls] == ["ThrottlingException"] * 2 + [None]
            ```
        """
        codes = known_codes(shape.name for shape in self._backend.model.error_shapes)
        if code not in codes:
            raise OptionError("code", code, codes)
        words = usual_message(code) if message is None else text(message, "message")
        named = None if api is None else word(Api, api, "api")
        self._add_rule(ApiError(code=code, message=words, api=named, times=times, optional=optional))

    def before(
        self,
        callback: Callable[..., object],
        *,
        api: Api | str | None = None,
        type_name: str | None = None,
        operation: Operation | str | None = None,
        at_step: int | None = None,
    ) -> None:
        """Arrange that the test's own code runs right before API calls or right before handler calls.

        It runs in the thread whose call it is, outside the mock's lock: it may call Cloud Control, from any thread, and
        whatever it does has happened when the call or step is made. It comes before every rule, so a request that it
        ends gets no step. One that causes what it runs before isn't run again for that.

        Args:
            callback: called with the Call or the ResourceRequest if it takes an argument, else without.
            api: an API operation such as ``GetResource``: run before these calls.
            type_name: of which resource type; None is every one's.
            operation: of which requests' steps: CREATE, UPDATE or DELETE; None is all.
            at_step: before which handler call, 1 being the first; None is each.

        Raises:
            OptionError: a value isn't valid, the callback only makes a coroutine or a generator when it is called, or
                ``api`` is given together with ``operation`` or ``at_step``.

        Example:
            ```python
            cloudcontrol.before(lambda request: request.cancel(), operation="CREATE", at_step=2)
            client.create_resource(TypeName="AWS::SQS::Queue", DesiredState="{}")
            cloudcontrol.clock.advance(60)
            assert (cloudcontrol.requests.last.status, cloudcontrol.requests.last.steps) == ("CANCEL_COMPLETE", 1)
            ```
        """
        _check_callback(callback)
        match = self._match(type_name, operation)
        if at_step is not None:
            whole_number(at_step, "at_step")
        before: BeforeStep | BeforeCall
        if api is None:
            before = BeforeStep(WithHandle(callback, self._handles, self._backend.world), match, at_step)
        elif operation is not None or at_step is not None:
            raise OptionError("api", api, "no api together with operation or at_step, which are about handler calls")
        else:
            before = self._before_calls(callback, word(Api, api, "api"), type_name)
        self._arrange(lambda decisions: decisions.add_before(before))

    def add_type(self, schema: Mapping[str, object] | str | Path) -> None:
        """Add a resource type of your own, or another schema for one of AWS's; ``reset`` takes it away.

        Desired states and patched models are checked against it as against AWS's, and the mock makes up its read-only
        properties. Resources and requests that are there already keep what they have.

        Args:
            schema: the type's schema, as CloudFormation's registry has it, or the path of its JSON file.

        Raises:
            SchemaError: the schema is broken; the message says where.

        Example:
            ```python
            cloudcontrol.add_type(
                {
                    "typeName": "Acme::Shop::Order",
                    "properties": {"Name": {"type": "string"}, "Arn": {"type": "string"}},
                    "primaryIdentifier": ["/properties/Name"],
                    "readOnlyProperties": ["/properties/Arn"],
                    "handlers": {"create": {}, "read": {}, "delete": {}},
                }
            )
            client.create_resource(TypeName="Acme::Shop::Order", DesiredState='{"Name": "first"}')
            assert cloudcontrol.requests.last.run().identifier == "first"
            ```
        """
        with self._backend.clock.lock:
            self._backend.world.catalog.add(schema)
            self._backend.clock.note_act()

    def _before_calls(self, callback: Callable[..., object], api: Api, type_name: str | None) -> BeforeCall:
        shape = self._backend.model.operation_model(api).input_shape
        if type_name is not None and (shape is None or "TypeName" not in shape.members):
            raise OptionError("type_name", type_name, f"no type_name with {api}, whose calls name no type")
        return BeforeCall(WithCall(callback), api, type_name)

    def _match(self, type_name: str | None, operation: Operation | str | None, identifier: str | None = None) -> Match:
        resource_type = None if type_name is None else self._backend.world.catalog.named(type_name)
        named = None if operation is None else word(Operation, operation, "operation")
        if identifier is None:
            return Match(type_name, named)
        text(identifier, "identifier")
        return Match(type_name, named, identifier, meant_by(self._backend, identifier, resource_type))

    def _add_rule(self, rule: StepRule | ApiError) -> None:
        if isinstance(rule, StepRule):
            whole_number(rule.at_step, "at_step")
        whole_number(rule.times, "times")
        true_or_false(rule.optional, "optional")
        if isinstance(rule, Failure) and rule.message is not None:
            text(rule.message, "message")
        self._arrange(lambda decisions: decisions.add_rule(rule))

    def _arrange(self, arrange: Callable[[Decisions], None]) -> None:
        """Arrange something, which is an act of the test."""
        with self._backend.clock.lock:
            self._backend.clock.note_act()
            arrange(self._backend.world.decisions)


def _check_callback(callback: object) -> None:
    """Refuse what runs nothing when it is called, but makes something that nobody would await or go through."""
    if not callable(callback):
        raise OptionError("callback", callback, "a callable")
    if runs_as(callback, inspect.iscoroutinefunction, inspect.isgeneratorfunction, inspect.isasyncgenfunction):
        expected = "a callable that runs when it is called, and doesn't make a coroutine or a generator"
        raise OptionError("callback", callback, expected)
