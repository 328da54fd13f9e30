"""What the network does to calls: botocore's own exceptions, raised where the socket is, and its real retries."""

from __future__ import annotations

import pickle
from typing import TYPE_CHECKING, Final

import botocore.exceptions
import pytest
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ConnectionClosedError, ReadTimeoutError
from calls import create, status, wait
from loops import ON, go_on_after
from mock_time import START
from resource_types import LOG_GROUP
from retrying import codes, once
from threads import in_threads

from pytest_cloudcontrol import NoProgressError, mock_cloudcontrol

if TYPE_CHECKING:
    from retrying import Mode
    from types_boto3_cloudcontrol import CloudControlApiClient

    from pytest_cloudcontrol import CloudControl

MODES = pytest.mark.parametrize("mode", ["legacy", "standard", "adaptive"])
URL: Final = "https://cloudcontrolapi.us-east-1.amazonaws.com/"
WORDS: Final = {
    "ConnectTimeoutError": f'Connect timeout on endpoint URL: "{URL}"',
    "ConnectionClosedError": (f'Connection was closed before we received a valid response from endpoint URL: "{URL}".'),
    "EndpointConnectionError": f'Could not connect to the endpoint URL: "{URL}"',
    "ReadTimeoutError": f'Read timeout on endpoint URL: "{URL}"',
}
FAULTS = pytest.mark.parametrize("fault", WORDS)

pytestmark = pytest.mark.usefixtures("slept")


@FAULTS
def test_exception_is_botocores_own(cloudcontrol: CloudControl, fault: str) -> None:
    """The code gets botocore's exception with botocore's words and URL, and nothing was done for the call."""
    cloudcontrol.add_error(fault)
    with pytest.raises(getattr(botocore.exceptions, fault)) as raised:
        create(once(cloudcontrol))
    assert type(raised.value) is getattr(botocore.exceptions, fault)
    assert str(raised.value) == WORDS[fault]
    assert raised.value.kwargs["endpoint_url"] == URL
    assert len(cloudcontrol.requests) == 0


def test_closed_connection_has_its_request(cloudcontrol: CloudControl) -> None:
    """The exception of a connection that was closed carries the request that was sent, as botocore's does."""
    cloudcontrol.add_error("ConnectionClosedError")
    with pytest.raises(ConnectionClosedError) as raised:
        once(cloudcontrol).list_resource_requests()
    assert vars(raised.value)["request"].headers["X-Amz-Target"] == b"CloudApiService.ListResourceRequests"


def test_url_is_the_clients_own(cloudcontrol: CloudControl) -> None:
    """The exception names the endpoint that the client was given."""
    cloudcontrol.add_error("ReadTimeoutError")
    client = cloudcontrol.client(endpoint_url="http://localhost:4566", config=Config(retries={"total_max_attempts": 1}))
    with pytest.raises(ReadTimeoutError, match=r'^Read timeout on endpoint URL: "http://localhost:4566/"$'):
        client.list_resource_requests()


@MODES
@FAULTS
@pytest.mark.parametrize("times", [1, 2])
def test_retries_get_through(
    cloudcontrol: CloudControl, slept: list[float], mode: Mode, fault: str, times: int
) -> None:
    """Botocore's retries run in every mode: each try uses up one of the times, and the sleeps move the clock."""
    start = cloudcontrol.clock.now()
    rule = cloudcontrol.add_error(fault, api="CreateResource", times=times)
    create(cloudcontrol.client(config=Config(retries={"mode": mode})))
    assert codes(cloudcontrol) == [*[fault] * times, None]
    assert (rule.fired, len(cloudcontrol.requests)) == (times, 1)
    assert cloudcontrol.clock.now() > start
    assert slept == []


@MODES
@FAULTS
def test_more_than_the_retries(cloudcontrol: CloudControl, mode: Mode, fault: str) -> None:
    """A fault that outlasts the retries reaches the code as the exception, after as many tries as botocore makes."""
    rule = cloudcontrol.add_error(fault, times=50)
    with pytest.raises(BotoCoreError) as raised:
        cloudcontrol.client(config=Config(retries={"mode": mode, "total_max_attempts": 4})).list_resource_requests()
    assert type(raised.value).__name__ == fault
    assert (rule.fired, codes(cloudcontrol)) == (4, [fault] * 4)


@MODES
def test_nothing_sleeps_with_auto_advance_off(slept: list[float], mode: Mode) -> None:
    """With auto_advance off the retries follow each other at once."""
    with mock_cloudcontrol(auto_advance=False, start=START) as cloudcontrol:
        cloudcontrol.add_error("ConnectionClosedError", times=2)
        create(cloudcontrol.client(config=Config(retries={"mode": mode})))
        assert (cloudcontrol.clock.now(), slept) == (START, [])


def test_call_takes_no_time(cloudcontrol: CloudControl) -> None:
    """A call that times out takes no mock time, as no call does."""
    start = cloudcontrol.clock.now()
    cloudcontrol.add_error("ReadTimeoutError")
    with pytest.raises(ReadTimeoutError):
        once(cloudcontrol).list_resource_requests()
    assert cloudcontrol.clock.now() == start


def test_record(cloudcontrol: CloudControl) -> None:
    """The call's record has the exception's name as its code, no words, and no answer; and it is found by its code."""
    cloudcontrol.add_error("ReadTimeoutError")
    with pytest.raises(ReadTimeoutError):
        once(cloudcontrol).list_resource_requests()
    call = cloudcontrol.calls.last
    assert (call.error_code, call.error_message, str(call.error)) == ("ReadTimeoutError", "", "ReadTimeoutError")
    assert (call.answer, call.lost_answer) == (None, None)
    assert list(cloudcontrol.calls.matching(error_code="ReadTimeoutError")) == [call]
    assert str(pickle.loads(pickle.dumps(call.error))) == "ReadTimeoutError"


@FAULTS
def test_exception_is_pickled(cloudcontrol: CloudControl, fault: str) -> None:
    """What the code gets can be sent to another process, as far as botocore's own can."""
    cloudcontrol.add_error(fault)
    with pytest.raises(BotoCoreError) as raised:
        once(cloudcontrol).list_resource_requests()
    error = raised.value
    if fault == "ConnectionClosedError":
        vars(error)["request"] = None  # botocore's own request can't be
    assert str(pickle.loads(pickle.dumps(error))) == WORDS[fault]


@ON
@FAULTS
def test_loop_that_never_gets_through(cloudcontrol: CloudControl, fault: str) -> None:
    """A loop that goes on after every exception is stopped, although it catches all there are."""
    cloudcontrol.add_error(fault, times=10**6)
    client = once(cloudcontrol)
    with pytest.raises(NoProgressError):
        go_on_after(Exception, lambda: client.list_resources(TypeName=LOG_GROUP))
    assert len(cloudcontrol.calls) == 11


@ON
def test_waiter_goes_on(cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient) -> None:
    """A waiter doesn't see what botocore's retries get over."""
    token = create(cloudcontrol_client)
    cloudcontrol.add_error("ConnectionClosedError", api="GetResourceRequestStatus", times=2)
    wait(cloudcontrol_client, token)
    assert status(cloudcontrol_client, token) == "SUCCESS"


def test_callback_arranges_it(cloudcontrol: CloudControl) -> None:
    """What a callback arranges before a call holds for that call already."""
    cloudcontrol.before(lambda: cloudcontrol.add_error("ConnectTimeoutError"), api="CreateResource", times=1)
    create(cloudcontrol.client())
    assert codes(cloudcontrol) == ["ConnectTimeoutError", None]


def test_callback_resets(cloudcontrol: CloudControl) -> None:
    """A reset in a callback takes the fault away with the rest: the call is the first of the new world."""
    cloudcontrol.add_error("ReadTimeoutError")
    cloudcontrol.before(cloudcontrol.reset, api="CreateResource")
    create(once(cloudcontrol))
    assert codes(cloudcontrol) == [None]


def test_callback_of_a_call_that_fails(cloudcontrol: CloudControl) -> None:
    """Callbacks run before each try, also of one that never gets to the service."""
    cloudcontrol.add_error("EndpointConnectionError", times=2)
    counted = cloudcontrol.before(lambda: None, api="CreateResource")
    create(cloudcontrol.client())
    assert counted.fired == 3


def test_threads_share_the_times(cloudcontrol: CloudControl) -> None:
    """Threads that call at once meet just as many faults together as were arranged."""
    rule = cloudcontrol.add_error("ReadTimeoutError", times=5)
    client = once(cloudcontrol)

    def met() -> int:
        faults = 0
        for _ in range(5):
            try:
                client.list_resources(TypeName=LOG_GROUP)
            except ReadTimeoutError:
                faults += 1
        return faults

    assert (sum(in_threads(*[met] * 4)), rule.fired) == (5, 5)


def test_only_calls_that_match(cloudcontrol: CloudControl) -> None:
    """A fault of one type and resource leaves every other call alone."""
    cloudcontrol.resources.put(LOG_GROUP, {"LogGroupName": "a"})
    cloudcontrol.resources.put(LOG_GROUP, {"LogGroupName": "b"})
    cloudcontrol.add_error("ReadTimeoutError", api="GetResource", type_name=LOG_GROUP, identifier="b")
    client = once(cloudcontrol)
    client.get_resource(TypeName=LOG_GROUP, Identifier="a")
    with pytest.raises(ReadTimeoutError):
        client.get_resource(TypeName=LOG_GROUP, Identifier="b")
