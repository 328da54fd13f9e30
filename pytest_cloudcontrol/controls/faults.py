"""The verbs that arrange what goes wrong with API calls: errors of AWS's, of the network, and too many calls."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from pytest_cloudcontrol.arguments import OptionError, duration, text, true_or_false, whole_number
from pytest_cloudcontrol.controls.arranging import Arranging
from pytest_cloudcontrol.controls.matching import call_match
from pytest_cloudcontrol.decisions.faults import ApiError
from pytest_cloudcontrol.decisions.limits import RateLimit
from pytest_cloudcontrol.decisions.plans import LONGEST
from pytest_cloudcontrol.service.errors import known_codes
from pytest_cloudcontrol.vocabulary import NetworkFault

if TYPE_CHECKING:
    from pytest_cloudcontrol.arguments import Duration
    from pytest_cloudcontrol.controls.arranging import Arrangement
    from pytest_cloudcontrol.vocabulary import Api


class ArrangingFaults(Arranging):
    """Faults of the API; a part of CloudControl."""

    __slots__ = ()

    def add_error(
        self,
        code: str,
        *,
        api: Api | str | None = None,
        type_name: str | None = None,
        identifier: str | None = None,
        message: str | None = None,
        times: int = 1,
        after: bool = False,
        optional: bool = False,
    ) -> Arrangement:
        """Arrange that API calls are answered with an error, or get no answer.

        The service never sees such a call, and nothing is done for it, whatever it asks; with ``after=True`` it is
        carried out, and only its answer is lost. Callbacks that come ``before`` it have run by then. botocore retries
        some errors (ThrottlingException, every 500, what the network does); each try takes one of the ``times``, and
        the sleeps between them move the mock clock. The call itself takes no mock time, as ever.

        Args:
            code: the exception's name, such as ``ThrottlingException``; or what the network does, by the name of
                botocore's exception: ``ConnectTimeoutError`` and ``EndpointConnectionError`` (it was never sent),
                ``ReadTimeoutError`` and ``ConnectionClosedError`` (there is no telling whether it was carried out).
            api: which API operation's, such as ``GetResource``; None is every one's.
            type_name: only calls about that type; a call with a request token is about the type of its request.
            identifier: only calls about that resource, by any identifier as the API takes it.
            message: the words; those usual for the code by default. An empty one sends none. What the network does has
                no words of AWS's.
            times: how many calls, each retry of an SDK counted.
            after: whether the calls are carried out, and their answers are replaced: an SDK's retry carries the same
                ClientToken and is told of the same request; a program's own second try makes another one.
            optional: whether it is all right if no call is made; otherwise the test fails then.

        Returns:
            A handle: how often it has taken effect (``fired``), and taking it back (``remove()``).

        Raises:
            OptionError: a value isn't valid, or ``message`` or ``after`` is given for what can't have it.

        Example:
            ```python
            cloudcontrol.add_error("ReadTimeoutError", api="CreateResource", after=True)
            client.create_resource(TypeName="AWS::SQS::Queue", DesiredState="{}")  # botocore tries again
            assert [call.error_code for call in cloudcontrol.calls] == ["ReadTimeoutError", None]
            assert len(cloudcontrol.requests) == 1
            ```
        """
        codes = known_codes(shape.name for shape in self._backend.model.error_shapes)
        if code not in codes:
            raise OptionError("code", code, codes)
        if message is not None:
            text(message, "message")
        true_or_false(after, "after")
        if code in list(NetworkFault):
            _check_fault(NetworkFault(code), message, after=after)
        whole_number(times, "times")
        true_or_false(optional, "optional")
        match = call_match(self._backend, api, type_name, identifier)
        return self._arrange(
            ApiError(match=match, code=str(code), message=message, times=times, after=after, optional=optional)
        )

    def limit_rate(self, calls: int, per: Duration, *, api: Api | str | None = None) -> Arrangement:
        """Arrange that API calls which come too fast are refused with ThrottlingException, "Rate exceeded".

        It is a token bucket on the mock clock, one for each account and region: full at first, it lets one call through
        for each token, an SDK's retries included, and fills again at an even pace. A call that is refused takes no
        token. Of several limits a call has to be let through by all. botocore's retries sleep on the clock, so that
        most get through; code that repeats a refused call without a sleep moves the clock to the instant at which it is
        let through, as all code that waits moves it to what is due.

        Args:
            calls: how many calls at once, when the bucket is full.
            per: in how long an empty bucket is full again, a timedelta or seconds.
            api: only calls of that API operation, such as ``GetResource``; None is all of them, in one bucket.

        Returns:
            A handle: how many calls it has refused (``fired``), which may be none, and taking it back (``remove()``).

        Raises:
            OptionError: a value isn't valid.

        Example:
            ```python
            limit = cloudcontrol.limit_rate(2, per=1)
            for _ in range(5):
                client.list_resource_requests()  # botocore tries again
            assert limit.fired > 0
            assert cloudcontrol.clock.now() - cloudcontrol.calls[0].time >= timedelta(seconds=1.5)
            ```
        """
        whole_number(calls, "calls")
        length = duration(per, "per", at_least=timedelta.resolution, at_most=LONGEST)
        return self._arrange(RateLimit(match=call_match(self._backend, api, None), calls=calls, per=length))


def _check_fault(fault: NetworkFault, message: str | None, *, after: bool) -> None:
    if message is not None:
        raise OptionError("message", message, f"no message with {fault}, which has no words but botocore's own")
    if after and fault.is_before_sending:
        lost = f"{NetworkFault.READ_TIMEOUT} or {NetworkFault.CONNECTION_CLOSED}"
        expected = f"False with {fault}, since a call without a connection isn't carried out ({lost} lose an answer)"
        raise OptionError("after", after, expected)
