"""aiobotocore's clients meet the same mock as botocore's, on the same clock."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest
from aiobotocore.config import AioConfig
from aiobotocore.endpoint import AioEndpoint
from aiobotocore.session import get_session
from aiobotocore.stub import AioStubber
from asynchronous_clients import client, create, status, wait
from botocore.exceptions import ClientError, EndpointConnectionError, ReadTimeoutError
from moto import mock_aws
from resource_types import LOG_GROUP, QUEUE

from pytest_cloudcontrol import CloudControl, mock_cloudcontrol

if TYPE_CHECKING:
    from collections.abc import Generator

    from pytest_cloudcontrol import HandlerRequest

pytestmark = pytest.mark.usefixtures("asleep")


def test_waiter(cloudcontrol: CloudControl, asleep: list[float]) -> None:
    """A waiter moves the mock clock by its delay, and never sleeps."""

    async def deploy() -> None:
        async with client() as asynchronous:
            await wait(asynchronous, await create(asynchronous), Delay=7)

    before = cloudcontrol.clock.now()
    asyncio.run(deploy())

    assert cloudcontrol.requests.last.status == "SUCCESS"
    assert ((cloudcontrol.clock.now() - before).total_seconds(), asleep) == (7, [])


def test_client_made_before_the_mock(asleep: list[float]) -> None:
    """A client that was made earlier, without any credentials, is answered inside, and no more afterwards."""

    async def run() -> None:
        config = AioConfig(retries={"total_max_attempts": 1}, connect_timeout=1)
        async with client(region_name="eu-west-1", endpoint_url="http://127.0.0.1:9", config=config) as early:
            with mock_cloudcontrol() as cloudcontrol:
                await wait(early, await create(early))
                assert cloudcontrol.requests.last.region == "eu-west-1"
                early._request_signer._credentials = None  # noqa: SLF001  # as of a machine that has none
                await status(early, cloudcontrol.requests.last.request_token)
            early._request_signer._credentials = await get_session().get_credentials()  # noqa: SLF001  # as above
            with pytest.raises(Exception, match=r"127\.0\.0\.1:9|credentials"):
                await create(early)

    asyncio.run(run())
    assert asleep == []


def test_class_is_as_before() -> None:
    """What was replaced is put back when the mock ends."""
    before = dict(vars(AioEndpoint))
    with mock_cloudcontrol():
        assert dict(vars(AioEndpoint)) != before
    assert dict(vars(AioEndpoint)) == before


def test_paginator(cloudcontrol: CloudControl) -> None:
    """A paginator goes through all pages."""

    async def tokens() -> list[str]:
        async with client() as asynchronous:
            for number in range(5):
                await create(asynchronous, f"q{number}")
            pages = asynchronous.get_paginator("list_resource_requests").paginate(PaginationConfig={"PageSize": 2})
            return [shown["RequestToken"] async for page in pages for shown in page["ResourceRequestStatusSummaries"]]

    assert sorted(asyncio.run(tokens())) == sorted(request.request_token for request in cloudcontrol.requests)
    assert len(cloudcontrol.calls.matching(api="ListResourceRequests")) == 3


@pytest.mark.usefixtures("cloudcontrol")
def test_modelled_error() -> None:
    """An error is the client's own exception class, with the words that the synchronous client shows."""

    async def read() -> str:
        async with client() as asynchronous:
            with pytest.raises(asynchronous.exceptions.ResourceNotFoundException) as caught:
                await asynchronous.get_resource(TypeName=LOG_GROUP, Identifier="none")
            return str(caught.value.response["Error"]["Code"])

    assert asyncio.run(read()) == "ResourceNotFoundException"


@pytest.mark.parametrize("mode", ["legacy", "standard", "adaptive"])
@pytest.mark.parametrize("code", ["ThrottlingException", "ServiceUnavailable"])
def test_retries(cloudcontrol: CloudControl, asleep: list[float], mode: str, code: str) -> None:
    """The SDK's own retries run, and sleep on the mock clock."""
    fault = cloudcontrol.add_error(code, times=2)

    async def deploy() -> None:
        async with client(config=AioConfig(retries={"mode": mode, "total_max_attempts": 3})) as asynchronous:
            await create(asynchronous)

    before = cloudcontrol.clock.now()
    asyncio.run(deploy())

    assert [call.error_code for call in cloudcontrol.calls] == [code, code, None]
    assert (fault.fired, asleep) == (2, [])
    assert cloudcontrol.clock.now() > before


def test_lost_answer(cloudcontrol: CloudControl) -> None:
    """A lost answer is the network's exception; the SDK's own retry, with the same token, is a replay."""
    cloudcontrol.add_error("ReadTimeoutError", api="CreateResource", after=True)
    cloudcontrol.add_error("ReadTimeoutError", api="ListResources", times=9, optional=True)

    async def deploy() -> None:
        async with client() as asynchronous:
            await create(asynchronous)
            with pytest.raises(ReadTimeoutError):
                await asynchronous.list_resources(TypeName=QUEUE)

    asyncio.run(deploy())
    assert len(cloudcontrol.requests) == 1


def test_handler_of_the_tests_own(cloudcontrol: CloudControl) -> None:
    """Handlers and callbacks of the test's own work as with the synchronous client."""
    told: list[str] = []

    def handler(request: HandlerRequest) -> Generator[float]:
        told.append("begun")
        yield 5
        request.identifier = request.resources.put(QUEUE, request.desired_state)

    cloudcontrol.add_handler(QUEUE, create=handler)
    cloudcontrol.before(lambda: told.append("asked"), api="GetResourceRequestStatus", times=1)

    async def deploy() -> None:
        async with client() as asynchronous:
            await wait(asynchronous, await create(asynchronous))

    asyncio.run(deploy())
    assert told == ["asked", "begun"]


def test_hook(cloudcontrol: CloudControl) -> None:
    """Hooks are shown as with the synchronous client."""
    cloudcontrol.add_hook("Acme::Rules::Names", fails="no", failure_mode="WARN")

    async def deploy() -> list[str]:
        async with client() as asynchronous:
            token = await create(asynchronous)
            await wait(asynchronous, token)
            shown = await asynchronous.get_resource_request_status(RequestToken=token)
            return [hook["HookStatus"] for hook in shown["HooksProgressEvent"]]

    assert asyncio.run(deploy()) == ["HOOK_COMPLETE_FAILED"]


# Beside others


def test_within_motos_mock(cloudcontrol: CloudControl) -> None:
    """Moto, which has no Cloud Control, doesn't answer first."""

    async def deploy() -> None:
        async with client() as asynchronous:
            await create(asynchronous)

    with mock_aws():
        asyncio.run(deploy())
    assert len(cloudcontrol.requests) == 1


@pytest.mark.usefixtures("cloudcontrol")
def test_other_services() -> None:
    """Calls to other services are left alone."""

    async def look() -> None:
        config = AioConfig(retries={"total_max_attempts": 1})
        async with client("sqs", endpoint_url="http://127.0.0.1:9", config=config) as sqs:
            with pytest.raises(EndpointConnectionError):
                await sqs.list_queues()

    asyncio.run(look())


def test_other_services_sleep_for_real(cloudcontrol: CloudControl, asleep: list[float]) -> None:
    """A waiter of another service sleeps as ever, and moves no mock clock."""

    async def look() -> None:
        async with client("dynamodb") as dynamodb:
            with AioStubber(dynamodb) as stubber:
                stubber.add_client_error("describe_table", "ResourceNotFoundException")
                stubber.add_response("describe_table", {"Table": {"TableStatus": "ACTIVE"}})
                await dynamodb.get_waiter("table_exists").wait(TableName="table", WaiterConfig={"Delay": 3})

    before = cloudcontrol.clock.now()
    asyncio.run(look())
    assert (asleep, cloudcontrol.clock.now()) == ([3], before)


def test_stubber(cloudcontrol: CloudControl) -> None:
    """A test's own stubber wins."""

    async def look() -> str:
        async with client() as asynchronous:
            with AioStubber(asynchronous) as stubber:
                stubber.add_client_error("list_resources", "Stubbed")
                with pytest.raises(ClientError) as caught:
                    await asynchronous.list_resources(TypeName=QUEUE)
        return str(caught.value.response["Error"]["Code"])

    assert asyncio.run(look()) == "Stubbed"
    assert len(cloudcontrol.calls) == 0


def test_account_and_region(cloudcontrol: CloudControl) -> None:
    """The region is the client's, and the account that of its key."""
    keys = cloudcontrol.client(account_id="333333333333")._request_signer._credentials  # type: ignore[attr-defined]  # noqa: SLF001  # private

    async def deploy() -> None:
        named = {"aws_access_key_id": keys.access_key, "aws_secret_access_key": keys.secret_key}
        async with client(region_name="eu-north-1", **named) as asynchronous:
            await create(asynchronous)

    asyncio.run(deploy())
    request = cloudcontrol.requests.last
    assert (request.account_id, request.region) == ("333333333333", "eu-north-1")


@pytest.mark.cloudcontrol(real_signatures=True)
def test_real_signatures(cloudcontrol: CloudControl) -> None:
    """The option has signatures with a digest."""
    signed: list[bytes] = []

    def look(request: Any, **_: object) -> None:
        signed.append(request.headers["Authorization"])

    async def deploy() -> None:
        async with client() as asynchronous:
            asynchronous.meta.events.register("before-send.cloudcontrol", look)
            await create(asynchronous)

    asyncio.run(deploy())
    assert len(cloudcontrol.requests) == 1
    assert b"Signature=" in signed[0]
    assert b"Signature=" + b"0" * 64 not in signed[0]
