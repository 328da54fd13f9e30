"""plan(consistent_after=...): code that waits until reads show what was done, and how the clock moves for it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from calls import create, status, wait
from consistency import MINUTE
from resource_types import LOG_GROUP, QUEUE
from shop import shop_types
from threads import in_threads

from pytest_cloudcontrol import CloudControl, NoProgressError

if TYPE_CHECKING:
    from types_boto3_cloudcontrol import CloudControlApiClient

pytestmark = shop_types


# Code that waits, and the clock


@pytest.fixture
def client(cloudcontrol: CloudControl) -> CloudControlApiClient:
    """Return a client of a mock in which waiting moves the clock, and everything is consistent after a minute."""
    cloudcontrol.plan(consistent_after=MINUTE)
    return cloudcontrol.client()


def is_there(client: CloudControlApiClient, name: str) -> bool:
    """Look once whether a log group is seen."""
    try:
        client.get_resource(TypeName=LOG_GROUP, Identifier=name)
    except client.exceptions.ResourceNotFoundException:
        return False
    return True


def look_until_there(client: CloudControlApiClient, name: str) -> None:
    """Look until a log group is seen."""
    while not is_there(client, name):
        pass


def test_loop_until_it_is_there(cloudcontrol: CloudControl, client: CloudControlApiClient) -> None:
    """A loop over GetResource ends when the resource is seen."""
    wait(client, create(client, "app"))
    look_until_there(client, "app")

    end = cloudcontrol.requests.last.last_event.event_time
    assert cloudcontrol.clock.now() - end == timedelta(minutes=1)
    assert len(cloudcontrol.calls.matching(api="GetResource")) == 2


def test_loop_from_the_beginning(cloudcontrol: CloudControl, client: CloudControlApiClient) -> None:
    """Code that never looks at the request comes to see the resource too."""
    create(client, "app")
    while not client.list_resources(TypeName=LOG_GROUP)["ResourceDescriptions"]:
        pass
    assert cloudcontrol.requests.last.status == "SUCCESS"


def test_loop_until_it_is_gone(cloudcontrol: CloudControl, client: CloudControlApiClient) -> None:
    """A loop that waits for a delete ends when nothing is seen any more."""
    cloudcontrol.resources.put(LOG_GROUP, {"LogGroupName": "app"})
    client.delete_resource(TypeName=LOG_GROUP, Identifier="app")
    while is_there(client, "app"):
        pass
    assert cloudcontrol.requests.last.status == "SUCCESS"


def test_loop_for_what_never_comes(cloudcontrol: CloudControl, client: CloudControlApiClient) -> None:
    """When all is consistent nothing is due any more, and the loop is stopped."""
    create(client, "app")
    with pytest.raises(NoProgressError, match="nothing is due any more"):
        look_until_there(client, "other")
    assert "app" in [resource.identifier for resource in cloudcontrol.resources]


def test_loops_in_threads(cloudcontrol: CloudControl, client: CloudControlApiClient) -> None:
    """Four threads that look until they see what all of them wait for come to their end."""
    for name in "abcd":
        create(client, name)

    def look() -> None:
        own = cloudcontrol.client()
        while len(own.list_resources(TypeName=LOG_GROUP)["ResourceDescriptions"]) < 4:
            pass

    in_threads(*[look] * 4)
    assert len(client.list_resources(TypeName=LOG_GROUP)["ResourceDescriptions"]) == 4


def test_status_needs_no_waiting(cloudcontrol: CloudControl, client: CloudControlApiClient) -> None:
    """A poll that has seen the success moves nothing."""
    token = create(client)
    wait(client, token)
    now = cloudcontrol.clock.now()
    for _ in range(9):
        status(client, token)
    assert cloudcontrol.clock.now() == now


def test_advance_to_next(cloudcontrol: CloudControl, client: CloudControlApiClient) -> None:
    """To become consistent is a piece of work."""
    create(client)
    instants = []
    while cloudcontrol.clock.advance_to_next():
        instants.append(round((cloudcontrol.clock.now() - cloudcontrol.requests.last.accepted_at).total_seconds(), 1))
    assert instants == [0.2, 1.2, 61.2]


def test_run_until_idle(cloudcontrol: CloudControl, client: CloudControlApiClient) -> None:
    """It counts handler calls, and ends when all is consistent."""
    create(client, "app")

    assert cloudcontrol.run_until_idle() == 2
    client.get_resource(TypeName=LOG_GROUP, Identifier="app")
    assert not cloudcontrol.clock.advance_to_next()


def test_step_of_any_request(cloudcontrol: CloudControl, client: CloudControlApiClient) -> None:
    """What becomes consistent before the next call does so on the way, and is no step."""
    create(client, "app")
    first = cloudcontrol.requests.last.run()
    cloudcontrol.plan(first_delay=5 * MINUTE)
    create(client, "other")

    assert cloudcontrol.step() is cloudcontrol.requests.last
    client.get_resource(TypeName=LOG_GROUP, Identifier="app")
    assert first.steps == 2


def test_run_of_another_request(cloudcontrol: CloudControl, client: CloudControlApiClient) -> None:
    """Time passes for all: what has become consistent meanwhile is seen, whatever has moved the clock."""
    create(client, "app")
    cloudcontrol.requests.last.run()
    cloudcontrol.plan(steps=1, first_delay=MINUTE)
    create(client, "other")
    cloudcontrol.requests.last.run()

    client.get_resource(TypeName=LOG_GROUP, Identifier="app")


def test_first_of_all_at_its_instant(cloudcontrol: CloudControl, client: CloudControlApiClient) -> None:
    """At one instant what becomes consistent comes before the handler calls."""
    saw: list[str] = []

    def look() -> None:
        found = client.list_resources(TypeName=LOG_GROUP)["ResourceDescriptions"]
        saw.extend(item["Identifier"] for item in found)

    cloudcontrol.plan(steps=1, first_delay=0)
    create(client, "app")
    cloudcontrol.clock.advance(0)
    cloudcontrol.plan(steps=1, first_delay=MINUTE)
    create(client, "other")
    cloudcontrol.before(look, at_step=1)
    cloudcontrol.clock.advance(MINUTE)

    assert saw == ["app"]


def test_told_in_the_report(cloudcontrol: CloudControl, client: CloudControlApiClient) -> None:
    """A failing test is told when reads show what a request did."""
    client.create_resource(TypeName=QUEUE, DesiredState="{}")
    cloudcontrol.run_until_idle()
    with pytest.raises(NoProgressError) as stopped:
        look_until_there(client, "other")
    assert "reads show what it did" in str(stopped.value)
