"""Rules: failures, cancellations and expiries arranged beforehand, for code that creates and waits in one go."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from botocore.config import Config
from botocore.exceptions import ClientError, WaiterError
from mock_time import after
from shop import ORDER, TICKET, Shop, shop_types

from pytest_cloudcontrol import CloudControl, HandlerErrorCode, OperationStatus, ProgressEvent, ResourceRequest

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = shop_types

RULES = [
    pytest.param(lambda mock, **match: mock.add_failure("Throttling", **match), "FAILED", id="failure"),
    pytest.param(lambda mock, **match: mock.add_cancel(**match), "CANCEL_COMPLETE", id="cancel"),
    pytest.param(lambda mock, **match: mock.add_expiry(**match), "IN_PROGRESS", id="expiry"),
]


# What a rule does


@pytest.mark.parametrize("code", ["Throttling", HandlerErrorCode.THROTTLING])
def test_failure(cloudcontrol: CloudControl, code: str) -> None:
    """A failure comes instead of the handler call's effects, at its instant, and counts as that call."""
    cloudcontrol.add_failure(code, message="Slow down.")
    shop = Shop(cloudcontrol)
    request = shop.create().run()
    assert request.events[1:] == (
        ProgressEvent(
            OperationStatus.FAILED,
            after(0.2),
            "n1",
            status_message="Slow down.",
            error_code=HandlerErrorCode.THROTTLING,
        ),
    )
    assert (request.steps, shop.written()) == (1, None)


def test_failure_without_message(cloudcontrol: CloudControl) -> None:
    """Without a message a failure has words that name the code."""
    cloudcontrol.add_failure("NetworkFailure")
    request = Shop(cloudcontrol).create().run()
    assert request.status_message == "Handler returned status FAILED (HandlerErrorCode: NetworkFailure)"


def test_cancel(cloudcontrol: CloudControl) -> None:
    """A cancellation comes instead of the handler call, which isn't made."""
    cloudcontrol.add_cancel()
    request = Shop(cloudcontrol).create().run()
    assert request.events[1:] == (ProgressEvent(OperationStatus.CANCEL_COMPLETE, after(0.2), "n1"),)
    assert request.steps == 0


def test_expiry(cloudcontrol: CloudControl) -> None:
    """An expiry comes instead of the handler call, and leaves the status as it was."""
    cloudcontrol.add_expiry()
    shop = Shop(cloudcontrol)
    request = shop.create().run()
    assert (request.expired, request.steps, len(request.events)) == (True, 0, 1)
    with pytest.raises(shop.client.exceptions.RequestTokenNotFoundException):
        shop.client.get_resource_request_status(RequestToken=request.request_token)


@pytest.mark.parametrize(("arrange", "status"), RULES)
def test_at_step_leaves_the_work_of_the_calls_before(
    cloudcontrol: CloudControl, arrange: Callable[..., object], status: str
) -> None:
    """With ``at_step=2`` one call's work stays, whatever ends the request."""
    cloudcontrol.plan(steps=3)
    arrange(cloudcontrol, at_step=2)
    shop = Shop(cloudcontrol)
    request = shop.create(Alpha="1", Beta="2", Gamma="3").run()
    assert (request.status, shop.written()) == (status, {"Alpha": "1"})


def test_own_cancel_comes_before_a_rule(cloudcontrol: CloudControl) -> None:
    """Where a request is to be cancelled and a rule would fire, the request's own cancellation wins."""
    cloudcontrol.add_failure("Throttling", optional=True)
    request = Shop(cloudcontrol).create()
    assert request.cancel(at_step=1).run().status == "CANCEL_COMPLETE"


@pytest.mark.parametrize(("arrange", "status"), RULES[:2])
def test_rule_for_code_that_waits(cloudcontrol: CloudControl, arrange: Callable[..., object], status: str) -> None:
    """Code that creates and waits in one go meets what was arranged, without a real sleep."""
    arrange(cloudcontrol, at_step=2)
    client = Shop(cloudcontrol).client
    answer = client.create_resource(TypeName=ORDER, DesiredState='{"Name": "n1"}')
    waiter = client.get_waiter("resource_request_success")
    with pytest.raises(WaiterError, match="Waiter encountered a terminal failure state"):
        waiter.wait(RequestToken=answer["ProgressEvent"]["RequestToken"])
    assert cloudcontrol.requests.last.status == status


# Which requests


MATCHES: list[tuple[str, Callable[[Shop], ResourceRequest], dict[str, object], dict[str, object]]] = [
    ("type", lambda shop: shop.create(), {"type_name": ORDER}, {"type_name": TICKET}),
    ("operation", lambda shop: shop.delete("old"), {"operation": "DELETE"}, {"operation": "UPDATE"}),
    ("identifier of a create", lambda shop: shop.create(), {"identifier": "n1"}, {"identifier": "n2"}),
    ("identifier of an update", lambda shop: shop.update("old"), {"identifier": "old"}, {"identifier": "n1"}),
    (
        "all",
        lambda shop: shop.create(),
        {"type_name": ORDER, "operation": "CREATE", "identifier": "n1"},
        {"type_name": ORDER, "operation": "CREATE", "identifier": "n2"},
    ),
]


@pytest.mark.parametrize(("arrange", "status"), RULES)
@pytest.mark.parametrize(("ask", "match"), [pytest.param(ask, match, id=name) for name, ask, match, _ in MATCHES])
def test_rule_that_matches(
    cloudcontrol: CloudControl,
    arrange: Callable[..., object],
    status: str,
    ask: Callable[[Shop], ResourceRequest],
    match: dict[str, object],
) -> None:
    """A rule fires for the type, operation and identifier that it names."""
    shop = Shop(cloudcontrol)
    shop.existing("old")
    arrange(cloudcontrol, **match)
    assert ask(shop).run().status == status


@pytest.mark.parametrize(("arrange", "status"), RULES)
@pytest.mark.parametrize(("ask", "match"), [pytest.param(ask, match, id=name) for name, ask, _, match in MATCHES])
def test_rule_that_does_not_match(
    cloudcontrol: CloudControl,
    arrange: Callable[..., object],
    status: str,
    ask: Callable[[Shop], ResourceRequest],
    match: dict[str, object],
) -> None:
    """A rule leaves requests of another type, operation or identifier alone."""
    shop = Shop(cloudcontrol)
    shop.existing("old")
    arrange(cloudcontrol, **match, optional=True)
    assert ask(shop).run().status == "SUCCESS" != status


def test_identifier_that_the_service_makes(cloudcontrol: CloudControl) -> None:
    """A rule by identifier fires for a create whose identifier its first call makes, from the second call on."""
    made: list[str] = []

    def arrange(request: ResourceRequest) -> None:
        made.append(str(request.identifier))
        cloudcontrol.add_failure("NotStabilized", identifier=request.identifier, at_step=2)

    cloudcontrol.before(arrange, at_step=2)
    request = Shop(cloudcontrol).create_of(TICKET).run()
    assert (request.status, [request.identifier]) == ("FAILED", made)


# How often, and in which order


def test_times(cloudcontrol: CloudControl) -> None:
    """A rule fires for as many requests as it is told, and then no more."""
    cloudcontrol.add_failure("Throttling", times=2)
    shop = Shop(cloudcontrol)
    assert [shop.create().run().status for _ in range(3)] == ["FAILED", "FAILED", "SUCCESS"]


def test_order_of_rules(cloudcontrol: CloudControl) -> None:
    """Of several rules that match, cancels come first, then expiries, then failures; of one kind the first arranged."""
    cloudcontrol.add_failure("Throttling")
    cloudcontrol.add_expiry()
    cloudcontrol.add_cancel(type_name=ORDER, identifier="n1")
    cloudcontrol.add_failure("NotStabilized")
    cloudcontrol.add_cancel()
    shop = Shop(cloudcontrol)
    ended = [shop.create().run() for _ in range(6)]
    assert [request.error_code or (request.expired and "expired") or request.status for request in ended] == [
        "CANCEL_COMPLETE",
        "CANCEL_COMPLETE",
        "expired",
        "Throttling",
        "NotStabilized",
        "SUCCESS",
    ]


def test_rules_at_several_steps(cloudcontrol: CloudControl) -> None:
    """A rule at a later step waits for a request that gets there."""
    cloudcontrol.add_failure("NotStabilized", at_step=2)
    cloudcontrol.add_failure("Throttling", at_step=1)
    shop = Shop(cloudcontrol)
    assert [shop.create().run().error_code for _ in range(2)] == ["Throttling", "NotStabilized"]


def test_rule_for_a_request_made_before(cloudcontrol: CloudControl) -> None:
    """A rule fires for a request that was accepted before the rule was arranged, too."""
    request = Shop(cloudcontrol).create().step()
    cloudcontrol.add_failure("NotStabilized", at_step=2)
    assert request.run().error_code == "NotStabilized"


def test_step_counts_as_a_rule_would(cloudcontrol: CloudControl) -> None:
    """A rule fires whatever moves the request: the clock, or a step."""
    cloudcontrol.add_cancel(times=2)
    shop = Shop(cloudcontrol)
    stepped = shop.create().step()
    by_clock = shop.create()
    cloudcontrol.clock.advance(timedelta(seconds=1))
    assert (stepped.status, by_clock.status) == ("CANCEL_COMPLETE", "CANCEL_COMPLETE")


# Errors of calls


def test_error(cloudcontrol: CloudControl) -> None:
    """An arranged error answers a call, once, and no request is made."""
    cloudcontrol.add_error("ConcurrentOperationException", message="Busy elsewhere.")
    shop = Shop(cloudcontrol)
    with pytest.raises(shop.client.exceptions.ConcurrentOperationException) as raised:
        shop.create()
    assert raised.value.response["Error"] == {"Code": "ConcurrentOperationException", "Message": "Busy elsewhere."}
    assert len(cloudcontrol.requests) == 0
    assert shop.create().run().status == "SUCCESS"


def test_error_of_one_api_operation(cloudcontrol: CloudControl) -> None:
    """An error for one API operation leaves calls of others alone."""
    cloudcontrol.add_error("TypeNotFoundException", api="GetResource")
    shop = Shop(cloudcontrol)
    shop.create().run()
    with pytest.raises(shop.client.exceptions.TypeNotFoundException):
        shop.client.get_resource(TypeName=ORDER, Identifier="n1")


def test_retries_get_through_an_error(cloudcontrol: CloudControl) -> None:
    """The retries of botocore itself run against an arranged error, and wait on the mock clock."""
    cloudcontrol.add_error("ThrottlingException", api="CreateResource", times=2)
    client = cloudcontrol.client(config=Config(retries={"mode": "standard", "total_max_attempts": 3}))
    answer = client.create_resource(TypeName=ORDER, DesiredState='{"Name": "n1"}')
    assert answer["ResponseMetadata"]["RetryAttempts"] == 2


def test_more_errors_than_retries(cloudcontrol: CloudControl) -> None:
    """When all retries meet the arranged error, the caller gets it, in AWS's words for throttling."""
    cloudcontrol.add_error("ThrottlingException", times=3)
    client = cloudcontrol.client(config=Config(retries={"mode": "standard", "total_max_attempts": 3}))
    with pytest.raises(ClientError) as raised:
        client.list_resource_requests()
    assert raised.value.response["Error"] == {"Code": "ThrottlingException", "Message": "Rate exceeded"}
