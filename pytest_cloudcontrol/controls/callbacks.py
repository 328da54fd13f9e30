"""The verb that arranges for the test's own code to run in between."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Literal

from pytest_cloudcontrol.arguments import OptionError, runs_as, whole_number
from pytest_cloudcontrol.controls.arranging import Arranging
from pytest_cloudcontrol.controls.calls import Call
from pytest_cloudcontrol.controls.matching import call_match, request_match
from pytest_cloudcontrol.controls.steps import step_number
from pytest_cloudcontrol.decisions.callbacks import BeforeCall, BeforeStep, call_back, takes_argument

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_cloudcontrol.controls.arranging import Arrangement
    from pytest_cloudcontrol.requests.request import Request
    from pytest_cloudcontrol.service.calls import CallRecord
    from pytest_cloudcontrol.vocabulary import Api, Operation


class ArrangingCallbacks(Arranging):
    """Callbacks; a part of CloudControl."""

    __slots__ = ()

    def before(
        self,
        callback: Callable[..., object],
        *,
        api: Api | str | None = None,
        type_name: str | None = None,
        operation: Operation | str | None = None,
        at_step: int | Literal["end"] | None = None,
        times: int | None = None,
    ) -> Arrangement:
        """Arrange that the test's own code runs right before API calls or right before handler calls.

        It runs in the thread whose call it is, outside the mock's lock: it may call Cloud Control, from any thread, and
        whatever it does has happened when the call or step is made. It comes before every rule, so a request that it
        ends gets no step. One that causes what it runs before isn't run again for that.

        Args:
            callback: called with the Call or the ResourceRequest if it has a parameter without a default for it, else
                without.
            api: an API operation such as ``GetResource``: run before these calls.
            type_name: of which resource type; None is every one's. A call with a request token is about the type of its
                request.
            operation: of which requests' steps: CREATE, UPDATE or DELETE; None is all.
            at_step: before which handler call, 1 being the first; ``"end"`` is after
                the last one's work, before anybody is told of it; None is each handler call.
            times: how often it runs; None is each time. It need not run at all.

        Returns:
            A handle: how often it has taken effect (``fired``), and taking it back (``remove()``).

        Raises:
            OptionError: a value isn't valid, the callback takes more than one argument or only makes a coroutine or a
                generator when it is called, or ``api`` is given together with ``operation`` or ``at_step``.

        Example:
            ```python
            cloudcontrol.before(lambda request: request.cancel(), operation="CREATE", at_step=2)
            client.create_resource(TypeName="AWS::SQS::Queue", DesiredState="{}")
            cloudcontrol.clock.advance(60)
            assert (cloudcontrol.requests.last.status, cloudcontrol.requests.last.steps) == ("CANCEL_COMPLETE", 1)
            ```
        """
        _check_callback(callback)
        if times is not None:
            whole_number(times, "times")
        if at_step is not None:
            step_number(at_step)
        is_handed = takes_argument(callback)
        if api is None:
            handles, world = self._handles, self._backend.world

            def before_step(request: Request) -> None:
                call_back(callback, handles.of(world, request), is_handed=is_handed)

            match = request_match(self._backend, type_name, operation)
            return self._arrange(
                BeforeStep(callback=before_step, written=callback, times=times, match=match, at_step=at_step)
            )
        if operation is not None or at_step is not None:
            raise OptionError("api", api, "no api together with operation or at_step, which are about handler calls")

        def before_call(record: CallRecord) -> None:
            call_back(callback, Call(record), is_handed=is_handed)

        calls = call_match(self._backend, api, type_name)
        return self._arrange(BeforeCall(callback=before_call, written=callback, times=times, match=calls))


def _check_callback(callback: object) -> None:
    """Refuse what runs nothing when it is called, but makes something that nobody would await or go through."""
    if not callable(callback):
        raise OptionError("callback", callback, "a callable")
    if runs_as(callback, inspect.iscoroutinefunction, inspect.isgeneratorfunction, inspect.isasyncgenfunction):
        expected = "a callable that runs when it is called, and doesn't make a coroutine or a generator"
        raise OptionError("callback", callback, expected)
