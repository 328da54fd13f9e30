"""The verbs that arrange what comes instead of a handler call, for code that creates and waits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from pytest_cloudcontrol.arguments import OptionError, text, true_or_false, whole_number, word
from pytest_cloudcontrol.controls.arranging import Arranging
from pytest_cloudcontrol.controls.matching import read_match, request_match
from pytest_cloudcontrol.controls.steps import check_during, step_number
from pytest_cloudcontrol.decisions.faults import Cancel, Expiry, Failure
from pytest_cloudcontrol.vocabulary import HandlerErrorCode, HandlerOperation

if TYPE_CHECKING:
    from pytest_cloudcontrol.controls.arranging import Arrangement
    from pytest_cloudcontrol.decisions.faults import StepNumber, StepRule
    from pytest_cloudcontrol.vocabulary import Operation


class ArrangingRules(Arranging):
    """Rules; a part of CloudControl."""

    __slots__ = ()

    def add_failure(
        self,
        error_code: HandlerErrorCode | str,
        *,
        type_name: str | None = None,
        operation: HandlerOperation | Operation | str | None = None,
        identifier: str | None = None,
        at_step: int | Literal["end"] | None = None,
        message: str | None = None,
        times: int = 1,
        optional: bool = False,
    ) -> Arrangement:
        """Arrange that a request fails in a handler call: instead of what the call would have done.

        What the calls before it did stays. In one step the test's callbacks come first (``before``), then cancels, then
        expiries, then failures, and the handler only if none of them fires; of one kind the first arranged comes, but a
        request's own ``cancel(at_step=...)`` before all. A request that ends otherwise, or earlier, uses up no rule.

        Args:
            error_code: a HandlerErrorCode or its string.
            type_name: of which type; None matches all.
            operation: CREATE, UPDATE or DELETE; None matches these. READ and LIST fail GetResource and UpdateResource's
                own read, and ListResources, with the exception of the code's name.
            identifier: of which resource, by any identifier as the API takes it. A create whose identifier the service
                makes has none before its first call.
            at_step: which handler call fails, 1 being the first (the default); ``"end"``: all is done, and the request
                fails instead of succeeding. Not with READ and LIST.
            message: the event's StatusMessage; words that fit the code by default. An empty one sends none, as AWS has
                done with InternalFailure.
            times: how many requests fail so.
            optional: whether it is all right if the rule never fires; otherwise the test fails then.

        Returns:
            A handle: how often it has taken effect (``fired``), and taking it back (``remove()``).

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
        named = None if operation is None else word(HandlerOperation, operation, "operation")
        if named in (HandlerOperation.READ, HandlerOperation.LIST):
            if at_step is not None:
                raise OptionError("at_step", at_step, f"no at_step with {named}, which is one handler call")
            match = read_match(self._backend, type_name, named, identifier)
        else:
            match = request_match(self._backend, type_name, operation, identifier)
            at_step = _first(at_step)
        return self._add_rule(
            Failure(match=match, at_step=at_step, times=times, optional=optional, error_code=code, message=message)
        )

    def add_cancel(
        self,
        *,
        type_name: str | None = None,
        operation: Operation | str | None = None,
        identifier: str | None = None,
        at_step: int | Literal["end"] | None = None,
        times: int = 1,
        optional: bool = False,
        during: bool = False,
    ) -> Arrangement:
        """Arrange that a request is cancelled instead of a handler call, as CancelResourceRequest would cancel it.

        What the calls before it did stays: AWS rolls nothing back. For a request that is there already use its own
        ``cancel(at_step=...)``, which comes before every rule.

        Args:
            type_name: of which type; None matches all.
            operation: CREATE, UPDATE or DELETE; None matches all.
            identifier: of which resource, by any identifier as the API takes it.
            at_step: instead of which handler call, 1 being the first (the default); ``"end"``: when all is done,
                instead of the success.
            times: how many requests are cancelled so.
            optional: whether it is all right if the rule never fires; otherwise the test fails then.
            during: make the call all the same, and cancel while it is under way: the request is CANCEL_IN_PROGRESS
                until the call ends, and then CANCEL_COMPLETE, unless that call was the one that succeeded or failed.

        Returns:
            A handle: how often it has taken effect (``fired``), and taking it back (``remove()``).

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
        match = request_match(self._backend, type_name, operation, identifier)
        return self._add_rule(
            Cancel(match=match, at_step=_first(at_step), times=times, optional=optional, during=during)
        )

    def add_expiry(
        self,
        *,
        type_name: str | None = None,
        operation: Operation | str | None = None,
        identifier: str | None = None,
        at_step: int | Literal["end"] | None = None,
        times: int = 1,
        optional: bool = False,
    ) -> Arrangement:
        """Arrange that a request expires instead of a handler call, as AWS forgets one after seven days.

        It gets no further handler calls, and what they did stays. Its resource is no longer busy, and its client token
        is free. The clock doesn't move for it.

        Args:
            type_name: of which type; None matches all.
            operation: CREATE, UPDATE or DELETE; None matches all.
            identifier: of which resource, by any identifier as the API takes it.
            at_step: instead of which handler call, 1 being the first (the default); ``"end"``: when all is done,
                instead of the success.
            times: how many requests expire so.
            optional: whether it is all right if the rule never fires; otherwise the test fails then.

        Returns:
            A handle: how often it has taken effect (``fired``), and taking it back (``remove()``).

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
        match = request_match(self._backend, type_name, operation, identifier)
        return self._add_rule(Expiry(match=match, at_step=_first(at_step), times=times, optional=optional))

    def _add_rule(self, rule: StepRule) -> Arrangement:
        if rule.at_step is not None:
            step_number(rule.at_step)
        if isinstance(rule, Cancel):
            check_during(rule.during, rule.at_step)
        whole_number(rule.times, "times")
        true_or_false(rule.optional, "optional")
        if isinstance(rule, Failure) and rule.message is not None:
            text(rule.message, "message")
        return self._arrange(rule)


def _first(at_step: StepNumber | None) -> StepNumber:
    return 1 if at_step is None else at_step
