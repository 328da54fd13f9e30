"""Sixteen threads with a client each, ten thousand calls of all kinds, and a test that steps meanwhile."""

from __future__ import annotations

from contextlib import suppress
from functools import partial
from random import Random
from typing import TYPE_CHECKING, Final

import pytest
from botocore.exceptions import ClientError
from calls import RETENTION_PATCH, create, status
from resource_types import LOG_GROUP
from threads import in_threads

if TYPE_CHECKING:
    from datetime import datetime

    from types_boto3_cloudcontrol import CloudControlApiClient

    from pytest_cloudcontrol import CloudControl

THREADS: Final = 16
CALLS: Final = 625
NAMES: Final = [f"shared-{number}" for number in range(8)]
"""So few that threads meet on the same resources all the time."""


def work(client: CloudControlApiClient, seed: int) -> list[str]:
    """Make all kinds of calls, as chance has it, and return the tokens that were handed out."""
    random, tokens = Random(seed), ["unknown"]
    for number in range(CALLS):
        name = random.choice([*NAMES, f"own-{seed}-{number}"])
        with suppress(ClientError):  # most often another operation is running on the resource, or it isn't there
            match random.randrange(8):
                case 0 | 1:
                    tokens.append(create(client, name))
                case 2:
                    changed = client.update_resource(TypeName=LOG_GROUP, Identifier=name, PatchDocument=RETENTION_PATCH)
                    tokens.append(changed["ProgressEvent"]["RequestToken"])
                case 3:
                    gone = client.delete_resource(TypeName=LOG_GROUP, Identifier=name)
                    tokens.append(gone["ProgressEvent"]["RequestToken"])
                case 4:
                    status(client, random.choice(tokens))
                case 5:
                    client.cancel_resource_request(RequestToken=random.choice(tokens))
                case 6:
                    client.list_resources(TypeName=LOG_GROUP)
                case _:
                    client.list_resource_requests(MaxResults=10)
    return tokens[1:]


@pytest.mark.slow
@pytest.mark.cloudcontrol(auto_advance=False, max_idle_calls=1_000_000)
def test_mixed_calls(cloudcontrol: CloudControl) -> None:
    """No request is lost, no token handed out twice, and never are two operations on one resource at once."""
    clients = [cloudcontrol.client() for _ in range(THREADS)]
    done: list[int] = []

    def working_one(number: int) -> list[str]:
        try:
            return work(clients[number], number)
        finally:
            done.append(number)

    def stepping() -> list[str]:
        while len(done) < THREADS:
            cloudcontrol.step()
            cloudcontrol.clock.advance(0.1)
        return []

    handed_out = in_threads(*(partial(working_one, number) for number in range(THREADS)), stepping)
    cloudcontrol.run_until_idle(max_steps=100_000)

    tokens = [token for of_thread in handed_out for token in of_thread]
    assert len(set(tokens)) == len(tokens)
    assert sorted(tokens) == sorted(request.request_token for request in cloudcontrol.requests)
    assert len(cloudcontrol.calls) == THREADS * CALLS
    ended: dict[str | None, datetime] = {}
    for request in cloudcontrol.requests:  # in the order in which they were accepted
        name = request.identifier
        assert request.accepted_at >= ended.get(name, request.accepted_at)
        ended[name] = request.last_event.event_time
