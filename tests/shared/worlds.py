"""Worlds that are filled at random, and compared by all that they go on with and show."""

from __future__ import annotations

import json
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError
from hypothesis import strategies as st
from resource_types import LOG_GROUP

from pytest_cloudcontrol import CloudControl, Options
from pytest_cloudcontrol.activation import activated
from pytest_cloudcontrol.server.state.state import state_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from types_boto3_cloudcontrol import CloudControlApiClient

START = datetime(2030, 1, 1, tzinfo=UTC)

NAMES = st.sampled_from(["one", "two", "three"])
ACTS = st.one_of(
    st.tuples(st.just("create"), NAMES),
    st.tuples(st.just("update"), NAMES),
    st.tuples(st.just("delete"), NAMES),
    st.tuples(st.just("cancel"), st.integers(1, 3)),
    st.tuples(st.just("cancel during"), st.integers(1, 3)),
    st.tuples(st.just("expire"), st.none()),
    st.tuples(st.just("step"), st.none()),
    st.tuples(st.just("advance"), st.sampled_from([0.1, 0.7, 3, 40, 130_000, 604_800])),
    st.tuples(st.just("plan"), st.sampled_from(["steps", "pending", "slow", "lagging", "slow and lagging"])),
    st.tuples(st.just("fail"), st.integers(1, 3)),
    st.tuples(st.just("poll"), st.none()),
)
PLANS: dict[str, dict[str, Any]] = {
    "steps": {"steps": 3, "delay": 0.5},
    "pending": {"pending": 2, "operation": "CREATE"},
    "slow": {"step_time": 1.5},
    "lagging": {"consistent_after": 5},
    "slow and lagging": {"step_time": 0.7, "consistent_after": 2, "first_delay": 0},
}


@lru_cache(maxsize=4)
def client_of(cloudcontrol: CloudControl) -> CloudControlApiClient:
    """Return the client of a world's callers, which is made once: making one takes as long as several calls."""
    return cloudcontrol.client()


@contextmanager
def world(seed: str) -> Iterator[CloudControl]:
    """Make a world whose end looks at nothing, so that anything may be left in it."""
    with activated(Options(start=START, auto_advance=False, seed=seed), seed) as backend:
        yield CloudControl(backend)


def do(cloudcontrol: CloudControl, act: tuple[str, Any]) -> None:
    """Do something in a world; what can't be done is left."""
    client, (verb, what) = client_of(cloudcontrol), act
    with suppress(ClientError, LookupError, RuntimeError):
        if verb in ("create", "update", "delete"):
            ask(client, verb, what, f"{verb}-{what}-{len(cloudcontrol.requests) // 2}")
        elif verb == "plan":
            cloudcontrol.plan(**PLANS[what])
        elif verb == "fail":
            cloudcontrol.add_failure("NotStabilized", at_step=what, optional=True)
        elif verb == "advance":
            cloudcontrol.clock.advance(what)
        elif verb == "step":
            cloudcontrol.step()
        elif verb == "poll":
            client.get_resource_request_status(RequestToken=cloudcontrol.requests.last.request_token)
        elif verb == "expire":
            cloudcontrol.requests.last.expire()
        else:
            cloudcontrol.requests.last.cancel(at_step=what, during=verb == "cancel during")


def ask(client: CloudControlApiClient, verb: str, name: str, token: str) -> None:
    """Ask for a log group, for another retention of it, or for its end."""
    if verb == "create":
        state = json.dumps({"LogGroupName": name, "RetentionInDays": 7, "Tags": [{"Key": "a", "Value": "b"}]})
        client.create_resource(TypeName=LOG_GROUP, DesiredState=state, ClientToken=token)
    elif verb == "update":
        patch = json.dumps([{"op": "add", "path": "/RetentionInDays", "value": 3}])
        client.update_resource(TypeName=LOG_GROUP, Identifier=name, PatchDocument=patch, ClientToken=token)
    else:
        client.delete_resource(TypeName=LOG_GROUP, Identifier=name, ClientToken=token)


def shown(cloudcontrol: CloudControl) -> dict[str, Any]:
    """Return all that a world goes on with, and what it shows, but for when it was looked at."""
    client = client_of(cloudcontrol)
    state = state_of(cloudcontrol._backend)  # noqa: SLF001
    listed = client.list_resources(TypeName=LOG_GROUP)["ResourceDescriptions"]
    requests = client.list_resource_requests(MaxResults=100)["ResourceRequestStatusSummaries"]
    del state["saved_at"], state["uuids_made"]
    return {**state, "listed": listed, "listed requests": requests}


def create_handler(cloudcontrol: CloudControl) -> str:
    """Add a handler, and return its name."""
    cloudcontrol.add_handler(LOG_GROUP, delete=lambda _: None)
    return f"add_handler('{LOG_GROUP}') for DELETE"
