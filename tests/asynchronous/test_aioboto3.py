"""aioboto3's clients are aiobotocore's."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import aioboto3
from asynchronous_clients import create, wait

if TYPE_CHECKING:
    from pytest_cloudcontrol import CloudControl


def test_client(cloudcontrol: CloudControl) -> None:
    """A client of aioboto3's is answered, and waits on the mock clock."""

    async def deploy() -> None:
        async with aioboto3.Session().client("cloudcontrol") as asynchronous:
            await wait(asynchronous, await create(asynchronous))

    asyncio.run(deploy())
    assert cloudcontrol.requests.last.status == "SUCCESS"
