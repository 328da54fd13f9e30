"""plan(consistent_after=...) under random histories: reads show each state of a resource in its turn."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Final, NamedTuple

from hypothesis import given, settings
from hypothesis import strategies as st
from mock_time import START
from things import SCHEMA, TYPE

from pytest_cloudcontrol import mock_cloudcontrol

if TYPE_CHECKING:
    from datetime import datetime

    from types_boto3_cloudcontrol import CloudControlApiClient

    from pytest_cloudcontrol import CloudControl

NAMES: Final = ("a", "b", "c")
LAGS: Final = st.sampled_from([0, 1, 5, 30])
ACTIONS: Final = st.lists(
    st.one_of(
        st.tuples(st.just("write"), st.sampled_from(NAMES), LAGS),
        st.tuples(st.just("delete"), st.sampled_from(NAMES), LAGS),
        st.tuples(st.just("advance"), st.sampled_from(NAMES), st.sampled_from([0.5, 1, 4, 20])),
    ),
    max_size=25,
)


class Change(NamedTuple):
    """What one request has done to a resource."""

    before: str | None
    seen_from: datetime


class Model:
    """What is there and what is to be seen, told simply."""

    def __init__(self) -> None:
        self.there: dict[str, str] = {}
        self.changes: dict[str, list[Change]] = {name: [] for name in NAMES}

    def change(self, name: str, value: str | None, seen_from: datetime) -> None:
        """Note a change to a resource."""
        self.changes[name].append(Change(self.there.get(name), seen_from))
        if value is None:
            self.there.pop(name, None)
        else:
            self.there[name] = value

    def seen(self, now: datetime) -> dict[str, str]:
        """Return what is to be seen: each as before the oldest change that isn't seen yet."""
        found = {}
        for name in NAMES:
            hidden = [change.before for change in self.changes[name] if now < change.seen_from]
            value = hidden[0] if hidden else self.there.get(name)
            if value is not None:
                found[name] = value
        return found


@settings(max_examples=60)
@given(ACTIONS, st.integers(1, 3))
def test_any_history(actions: list[tuple[str, str, float]], page_size: int) -> None:
    """At every moment GetResource and ListResources show what a simple model says, whatever the pages."""
    with mock_cloudcontrol(start=START, auto_advance=False, list_page_size=page_size) as cloudcontrol:
        cloudcontrol.add_type(SCHEMA)
        model, client = Model(), cloudcontrol.client()
        for number, (verb, name, amount) in enumerate(actions):
            if verb == "advance":
                cloudcontrol.clock.advance(amount)
            else:
                carry_out(cloudcontrol, client, model, name, str(number) if verb == "write" else None, amount)
            assert got(client) == listed(client) == model.seen(cloudcontrol.clock.now())
            assert {resource.identifier for resource in cloudcontrol.resources} == model.there.keys()
        cloudcontrol.run_until_idle()
        assert got(client) == listed(client) == model.there


def carry_out(
    cloudcontrol: CloudControl,
    client: CloudControlApiClient,
    model: Model,
    name: str,
    value: str | None,
    lag: float,
) -> None:
    """Create, update or delete a resource; to delete what isn't there changes nothing."""
    plan = cloudcontrol.plan(consistent_after=lag, steps=1)
    if value is None:
        client.delete_resource(TypeName=TYPE, Identifier=name)
    elif name in model.there:
        patch = json.dumps([{"op": "add", "path": "/A", "value": value}])
        client.update_resource(TypeName=TYPE, Identifier=name, PatchDocument=patch)
    else:
        client.create_resource(TypeName=TYPE, DesiredState=json.dumps({"Name": name, "A": value}))
    request = cloudcontrol.requests.last.run()
    plan.remove()
    if request.status == "SUCCESS":
        model.change(name, value, request.last_event.event_time + timedelta(seconds=lag))


def got(client: CloudControlApiClient) -> dict[str, str]:
    """Return what GetResource shows."""
    found = {}
    for name in NAMES:
        try:
            description = client.get_resource(TypeName=TYPE, Identifier=name)["ResourceDescription"]
        except client.exceptions.ResourceNotFoundException:
            continue
        found[name] = json.loads(description["Properties"])["A"]
    return found


def listed(client: CloudControlApiClient) -> dict[str, str]:
    """Return what ListResources shows, on all pages."""
    pages = client.get_paginator("list_resources").paginate(TypeName=TYPE)
    items = [json.loads(item["Properties"]) for page in pages for item in page["ResourceDescriptions"]]
    found = {item["Name"]: item["A"] for item in items}
    assert len(found) == len(items)
    return found
