"""Accounts and regions: what one has, no other knows."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from mock_time import after
from shop import ORDER, Shop, shop_types

from pytest_cloudcontrol import CloudControl, OptionError, StatusNotReached

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = shop_types

HOME = ("123456789012", "us-east-1")
ELSEWHERE = [("210987654321", "us-east-1"), ("123456789012", "eu-west-1"), ("210987654321", "eu-west-1")]

other_scopes = pytest.mark.parametrize(("account_id", "region"), ELSEWHERE)


@other_scopes
def test_request_knows_its_scope(cloudcontrol: CloudControl, account_id: str, region: str) -> None:
    """A request belongs to the account and the region of the client that asked."""
    request = Shop(cloudcontrol, region, account_id).create().run()
    assert (request.account_id, request.region) == (account_id, region)


@other_scopes
def test_resources_are_apart(cloudcontrol: CloudControl, account_id: str, region: str) -> None:
    """A resource exists in its account and region only, and its ARN names them."""
    here, there = Shop(cloudcontrol), Shop(cloudcontrol, region, account_id)
    there.create().run()
    assert (here.written(), there.written()) == (None, {})
    resource = cloudcontrol.scope(account_id, region).resources.get(ORDER, "n1")
    assert resource is not None
    assert resource["Arn"] == f"arn:aws:shop:{region}:{account_id}:order/n1"


@other_scopes
def test_request_tokens_are_apart(cloudcontrol: CloudControl, account_id: str, region: str) -> None:
    """A request can't be looked up, cancelled or listed from another account or region."""
    here, there = Shop(cloudcontrol), Shop(cloudcontrol, region, account_id)
    request = there.create()
    for call in (here.client.get_resource_request_status, here.client.cancel_resource_request):
        with pytest.raises(here.client.exceptions.RequestTokenNotFoundException):
            call(RequestToken=request.request_token)
    assert here.client.list_resource_requests()["ResourceRequestStatusSummaries"] == []
    assert request.run().status == "SUCCESS"


@other_scopes
def test_client_tokens_are_apart(cloudcontrol: CloudControl, account_id: str, region: str) -> None:
    """The same ClientToken stands for another request in each account and region."""
    for client in (cloudcontrol.client(), cloudcontrol.client(region, account_id)):
        client.create_resource(TypeName=ORDER, DesiredState='{"Name": "n1"}', ClientToken="same")
    assert len(cloudcontrol.requests) == 2


@other_scopes
def test_busy_resources_are_apart(cloudcontrol: CloudControl, account_id: str, region: str) -> None:
    """An operation on a resource doesn't stand in the way of one on its namesake elsewhere."""
    here, there = Shop(cloudcontrol).existing(), Shop(cloudcontrol, region, account_id).existing()
    here.update(Alpha="here")
    there.update(Alpha="there")
    cloudcontrol.run_until_idle()
    assert (here.written(), there.written()) == ({"Alpha": "here"}, {"Alpha": "there"})


@other_scopes
def test_requests_of_a_scope(cloudcontrol: CloudControl, account_id: str, region: str) -> None:
    """``cloudcontrol.requests`` has those of every account and region, and a scope's only its own."""
    here, there = Shop(cloudcontrol), Shop(cloudcontrol, region, account_id)
    requests = [here.create("one"), there.create("two"), here.create("three")]
    assert list(cloudcontrol.requests) == requests
    assert list(cloudcontrol.scope().requests) == [requests[0], requests[2]]
    assert list(cloudcontrol.scope(account_id, region).requests) == [requests[1]]
    assert cloudcontrol.scope(account_id, region).requests.last is requests[1]


def test_step_of_a_scope(cloudcontrol: CloudControl) -> None:
    """A scope's ``step`` makes its own earliest call, and leaves earlier ones of others overdue."""
    here, there = Shop(cloudcontrol), Shop(cloudcontrol, "eu-west-1")
    first = here.create("first")
    cloudcontrol.plan(first_delay=5)
    second, third = there.create("second"), there.create("third")
    scope = cloudcontrol.scope(region="eu-west-1")
    assert [scope.step() for _ in range(5)] == [second, third, second, third, None]
    assert (first.steps, cloudcontrol.clock.now()) == (0, after(6))


def test_run_until_idle_of_a_scope(cloudcontrol: CloudControl) -> None:
    """A scope's ``run_until_idle`` makes the calls of its own requests only."""
    here, there = Shop(cloudcontrol).create(), Shop(cloudcontrol, "eu-west-1").create()
    assert cloudcontrol.scope(region="eu-west-1").run_until_idle() == 2
    assert (here.status, there.status) == ("IN_PROGRESS", "SUCCESS")


def test_run_until_idle_of_a_scope_with_too_few_steps(cloudcontrol: CloudControl) -> None:
    """A scope's ``run_until_idle`` tells of its own requests only when so many calls aren't enough."""
    Shop(cloudcontrol).create()
    there = Shop(cloudcontrol, "eu-west-1").create()
    with pytest.raises(StatusNotReached) as raised:
        cloudcontrol.scope(region="eu-west-1").run_until_idle(max_steps=1)
    message, *timeline = str(raised.value).splitlines()
    assert message == "1 handler call was not enough: 1 request is still running"
    assert [line.split()[0] for line in timeline if not line.startswith(" ")] == [there.request_token]


def test_default_scope(cloudcontrol: CloudControl) -> None:
    """Where a scope isn't told the account or the region, it has the options' ones."""
    assert [
        cloudcontrol.scope().key,
        cloudcontrol.scope(account_id="210987654321").key,
        cloudcontrol.scope(region="eu-west-1").key,
    ] == [HOME, ("210987654321", "us-east-1"), ("123456789012", "eu-west-1")]


@pytest.mark.cloudcontrol(account_id="210987654321", region="ap-south-1")
def test_options_are_the_default(cloudcontrol: CloudControl) -> None:
    """The options' account and region are those of clients and of ``cloudcontrol.resources``."""
    request = Shop(cloudcontrol).create().run()
    assert (request.account_id, request.region) == ("210987654321", "ap-south-1")
    assert len(cloudcontrol.resources) == 1


@pytest.mark.parametrize(
    ("use", "expected"),
    [
        (lambda mock: mock.scope("12"), "account_id='12' is not valid: expected an account's twelve digits"),
        (lambda mock: mock.client(account_id="my account"), "account_id='my account' is not valid: expected an .*"),
        (lambda mock: mock.scope(region="Frankfurt"), "region='Frankfurt' is not valid: expected a region's name .*"),
        (lambda mock: mock.client("eu_west_1"), "region='eu_west_1' is not valid: expected a region's name such as .*"),
    ],
)
def test_wrong_account_or_region(
    cloudcontrol: CloudControl, use: Callable[[CloudControl], object], expected: str
) -> None:
    """An account that is none, or a region that is none, is refused with what one looks like."""
    with pytest.raises(OptionError) as raised:
        use(cloudcontrol)
    assert re.fullmatch(expected, str(raised.value))


def test_views_of_the_same_world(cloudcontrol: CloudControl) -> None:
    """What a test has kept of the world shows what comes later."""
    requests, resources, scope = cloudcontrol.requests, cloudcontrol.resources, cloudcontrol.scope()
    request = Shop(cloudcontrol).create().run()
    assert (list(requests), len(resources), list(scope.requests)) == ([request], 1, [request])
