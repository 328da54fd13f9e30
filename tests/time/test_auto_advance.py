"""With auto_advance on, code that asks the same again is taken to have waited: the clock moves to the next due step."""

from __future__ import annotations

import asyncio
import uuid
from typing import TYPE_CHECKING, TypeAlias

import pytest
from botocore.exceptions import ClientError
from calls import RETENTION_PATCH, create, shown, status, wait
from loops import rounds
from mock_time import START, after
from resource_types import LOG_GROUP

if TYPE_CHECKING:
    from collections.abc import Callable

    from types_boto3_cloudcontrol import CloudControlApiClient

    from pytest_cloudcontrol import CloudControl

    Act: TypeAlias = Callable[[CloudControl], object]

pytestmark = pytest.mark.cloudcontrol(start=START)


def exists(client: CloudControlApiClient, name: str = "orders") -> bool:
    """Ask whether a log group exists."""
    try:
        client.get_resource(TypeName=LOG_GROUP, Identifier=name)
    except client.exceptions.ResourceNotFoundException:
        return False
    return True


# A step, then a poll


def test_poll_after_a_step_shows_that_step(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient
) -> None:
    """A poll shows what the step did and nothing more, though it repeats the poll before."""
    request = cloudcontrol.request(create(cloudcontrol_client))
    assert status(cloudcontrol_client, request.request_token) == "IN_PROGRESS"
    request.step()
    assert status(cloudcontrol_client, request.request_token) == "IN_PROGRESS"
    assert (request.steps, cloudcontrol.clock.now()) == (1, after(0.2))
    request.step()
    assert status(cloudcontrol_client, request.request_token) == "SUCCESS"
    assert cloudcontrol.clock.now() == after(1.2)


def test_first_poll_moves_nothing(cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient) -> None:
    """The first poll after the create is answered as things stand."""
    assert status(cloudcontrol_client, create(cloudcontrol_client)) == "IN_PROGRESS"
    assert (cloudcontrol.requests.last.steps, cloudcontrol.clock.now()) == (0, START)


def test_second_poll_moves_to_the_next_step(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient
) -> None:
    """The second poll is answered after the next step, and at its time."""
    token = create(cloudcontrol_client)
    status(cloudcontrol_client, token)
    event = cloudcontrol_client.get_resource_request_status(RequestToken=token)["ProgressEvent"]
    assert (event["EventTime"], event["RetryAfter"]) == (after(0.2), after(1.2))
    assert cloudcontrol.requests.last.steps == 1


def look(cloudcontrol: CloudControl) -> object:
    """Read, which is no act."""
    return cloudcontrol.clock.now(), cloudcontrol.requests.last.status, list(cloudcontrol.resources)


ACTS: dict[str, Act] = {
    "clock.advance": lambda cloudcontrol: cloudcontrol.clock.advance(0),
    "clock.move_to": lambda cloudcontrol: cloudcontrol.clock.move_to(cloudcontrol.clock.now()),
    "resources.put": lambda cloudcontrol: cloudcontrol.resources.put(LOG_GROUP, {"LogGroupName": "another"}),
    "plan": lambda cloudcontrol: cloudcontrol.plan(steps=3),
    "add_failure": lambda cloudcontrol: cloudcontrol.add_failure("NotFound", at_step=9, optional=True),
    "before": lambda cloudcontrol: cloudcontrol.before(lambda: None, operation="DELETE"),
    "cancel at a later step": lambda cloudcontrol: cloudcontrol.requests.last.cancel(at_step=2),
}


@pytest.mark.parametrize("act", ACTS)
def test_act_of_the_test_prevents_a_movement(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient, act: str
) -> None:
    """When the test has acted between two polls, the second hasn't waited."""
    request = cloudcontrol.request(create(cloudcontrol_client))
    status(cloudcontrol_client, request.request_token)
    ACTS[act](cloudcontrol)
    status(cloudcontrol_client, request.request_token)
    steps = request.steps
    cloudcontrol.run_until_idle()
    assert steps == 0


def test_look_of_the_test_prevents_nothing(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient
) -> None:
    """When the test has only read between two polls, the second has waited."""
    token = create(cloudcontrol_client)
    status(cloudcontrol_client, token)
    look(cloudcontrol)
    status(cloudcontrol_client, token)
    assert cloudcontrol.requests.last.steps == 1


# Bare loops end


def test_loop_over_a_status(cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient) -> None:
    """A bare loop over a request's status ends, at the time of its last step."""
    token = create(cloudcontrol_client)
    for _ in rounds():
        if status(cloudcontrol_client, token) == "SUCCESS":
            break
    assert cloudcontrol.clock.now() == after(1.2)


@pytest.mark.parametrize(("operation", "time"), [("create", 0.2), ("delete", 0.2)])
def test_loop_over_a_resource(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient, operation: str, time: float
) -> None:
    """A bare loop over GetResource ends, for a resource that appears and for one that disappears."""
    if operation == "create":
        create(cloudcontrol_client)
    else:
        cloudcontrol.resources.put(LOG_GROUP, {"LogGroupName": "orders"})
        cloudcontrol_client.delete_resource(TypeName=LOG_GROUP, Identifier="orders")
    for _ in rounds():
        if exists(cloudcontrol_client) == (operation == "create"):
            break
    assert cloudcontrol.clock.now() == after(time)


def test_loop_over_a_property(cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient) -> None:
    """A bare loop that waits for an update to show ends."""
    cloudcontrol.resources.put(LOG_GROUP, {"LogGroupName": "orders"})
    cloudcontrol_client.update_resource(TypeName=LOG_GROUP, Identifier="orders", PatchDocument=RETENTION_PATCH)
    for _ in rounds():
        if shown(cloudcontrol_client, LOG_GROUP, "orders").get("RetentionInDays") == 7:
            break
    assert cloudcontrol.clock.now() == after(0.2)


def test_loop_over_the_list_of_requests(cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient) -> None:
    """A bare loop until no request is in progress any more ends."""
    create(cloudcontrol_client, "one")
    create(cloudcontrol_client, "other")
    for _ in rounds():
        running = cloudcontrol_client.list_resource_requests(
            ResourceRequestStatusFilter={"OperationStatuses": ["PENDING", "IN_PROGRESS"]}
        )
        if not running["ResourceRequestStatusSummaries"]:
            break
    assert cloudcontrol.clock.now() == after(1.2)


def test_loop_over_the_list_of_resources(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient
) -> None:
    """A bare loop until ListResources shows a resource ends."""
    create(cloudcontrol_client)
    for _ in rounds():
        if cloudcontrol_client.list_resources(TypeName=LOG_GROUP)["ResourceDescriptions"]:
            break
    assert cloudcontrol.clock.now() == after(0.2)


@pytest.mark.cloudcontrol(list_page_size=1)
def test_loop_over_a_paginator(cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient) -> None:
    """A loop that reads all pages each time ends too, though its NextToken differs from call to call."""
    cloudcontrol.resources.put(LOG_GROUP, {"LogGroupName": "a"})
    cloudcontrol.resources.put(LOG_GROUP, {"LogGroupName": "b"})
    create(cloudcontrol_client, "c")
    for _ in rounds():
        pages = cloudcontrol_client.get_paginator("list_resources").paginate(TypeName=LOG_GROUP)
        if sum(len(page["ResourceDescriptions"]) for page in pages) == 3:
            break
    assert cloudcontrol.clock.now() == after(0.2)


def test_loop_over_a_refused_update(cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient) -> None:
    """A loop that tries an update until the create that is making the resource is done ends."""
    token = create(cloudcontrol_client)
    cloudcontrol.step()
    for _ in rounds():
        try:
            cloudcontrol_client.update_resource(TypeName=LOG_GROUP, Identifier="orders", PatchDocument=RETENTION_PATCH)
        except cloudcontrol_client.exceptions.ConcurrentOperationException:
            continue
        break
    assert (cloudcontrol.request(token).status, cloudcontrol.requests.last.operation) == ("SUCCESS", "UPDATE")
    assert cloudcontrol.clock.now() == after(1.2)


def test_loop_over_an_update_of_what_is_not_there_yet(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient
) -> None:
    """A refusal that carries another RequestToken each time is the same refusal, and the loop ends."""
    cloudcontrol.plan(steps=1)
    topic = "AWS::SNS::Topic"
    identifier = "arn:aws:sns:us-east-1:123456789012:orders"
    cloudcontrol_client.create_resource(TypeName=topic, DesiredState='{"TopicName": "orders"}')
    for _ in rounds():
        try:
            cloudcontrol_client.update_resource(
                TypeName=topic,
                Identifier=identifier,
                PatchDocument='[{"op": "add", "path": "/DisplayName", "value": "Orders"}]',
            )
        except cloudcontrol_client.exceptions.ResourceNotFoundException:
            continue
        break
    assert cloudcontrol.requests.last.operation == "UPDATE"


def test_loop_over_a_replayed_create(cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient) -> None:
    """A loop that sends its create again with the same ClientToken until it has succeeded ends."""
    for _ in rounds():
        answer = cloudcontrol_client.create_resource(
            TypeName=LOG_GROUP, DesiredState='{"LogGroupName": "orders"}', ClientToken="once"
        )
        if answer["ProgressEvent"]["OperationStatus"] == "SUCCESS":
            break
    assert (len(cloudcontrol.requests), cloudcontrol.clock.now()) == (1, after(1.2))


def test_loop_over_two_requests_in_turn(cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient) -> None:
    """A loop that polls two requests in turn until both are done ends."""
    cloudcontrol.plan(steps=4)
    tokens = [create(cloudcontrol_client, "one"), create(cloudcontrol_client, "other")]
    for _ in rounds():
        if [status(cloudcontrol_client, token) for token in tokens] == ["SUCCESS", "SUCCESS"]:
            break
    assert cloudcontrol.clock.now() == after(3.2)


def test_loop_over_a_status_and_a_resource(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient
) -> None:
    """A loop that makes two different calls in each round ends."""
    token = create(cloudcontrol_client)
    for _ in rounds():
        if status(cloudcontrol_client, token) == "SUCCESS" and exists(cloudcontrol_client):
            break
    assert cloudcontrol.clock.now() == after(1.2)


def test_loop_that_sends_deletes(cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient) -> None:
    """A loop that tries a delete with a new ClientToken each time ends when the create is done."""
    create(cloudcontrol_client)
    cloudcontrol.requests.last.step()
    for _ in rounds():
        try:
            cloudcontrol_client.delete_resource(TypeName=LOG_GROUP, Identifier="orders", ClientToken=str(uuid.uuid4()))
        except ClientError:
            continue
        break
    assert cloudcontrol.requests.last.operation == "DELETE"


# What is moved, and what isn't


def test_status_poll_moves_only_to_that_requests_step(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient
) -> None:
    """A repeated status poll moves to the next step of the request it asks for, past earlier steps of others."""
    cloudcontrol.plan(first_delay=1, steps=1)
    create(cloudcontrol_client, "early")
    cloudcontrol.plan(first_delay=5, steps=1)
    token = create(cloudcontrol_client, "late")
    status(cloudcontrol_client, token)
    assert status(cloudcontrol_client, token) == "SUCCESS"
    assert (cloudcontrol.requests[0].status, cloudcontrol.clock.now()) == ("SUCCESS", after(5))


def test_status_poll_of_a_finished_request_moves_nothing(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient
) -> None:
    """A repeated status poll of a finished request doesn't work off another one."""
    done = cloudcontrol.request(create(cloudcontrol_client, "done")).run()
    create(cloudcontrol_client, "other")
    for _ in range(5):
        assert status(cloudcontrol_client, done.request_token) == "SUCCESS"
    assert (cloudcontrol.requests.last.steps, cloudcontrol.clock.now()) == (0, after(1.2))


def test_other_polls_move_to_the_next_step_of_any(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient
) -> None:
    """A repeated GetResource moves to the earliest step there is, of whichever request."""
    cloudcontrol.plan(first_delay=1, steps=1)
    create(cloudcontrol_client, "early")
    cloudcontrol.plan(first_delay=5, steps=1)
    create(cloudcontrol_client, "late")
    assert [exists(cloudcontrol_client, "late") for _ in range(2)] == [False, False]
    assert cloudcontrol.clock.now() == after(1)


def test_same_call_in_another_region_is_no_repetition(cloudcontrol: CloudControl) -> None:
    """The same call by clients of two regions isn't one call made twice."""
    create(cloudcontrol.client())
    for region in ("us-east-1", "eu-west-1", "us-east-1", "eu-west-1"):
        exists(cloudcontrol.client(region))
    assert cloudcontrol.clock.now() == START


def test_sdk_retry_is_no_repetition(cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient) -> None:
    """Tries that the SDK makes by itself aren't the code's waiting: nothing is worked off between them."""

    def again(attempts: int, **_: object) -> float | None:
        return 0 if attempts < 20 else None

    # botocore-stubs has it that handlers return nothing; botocore takes a delay from this one.
    token = create(cloudcontrol_client)
    # botocore-stubs has handlers that return nothing.
    cloudcontrol_client.meta.events.register("needs-retry.cloudcontrol", again)  # type: ignore[arg-type]
    assert status(cloudcontrol_client, token) == "IN_PROGRESS"
    assert len(cloudcontrol.calls) == 21
    assert (cloudcontrol.requests.last.steps, cloudcontrol.clock.now()) == (0, START)


@pytest.mark.cloudcontrol(auto_advance=False)
def test_sdk_retries_do_not_count_towards_the_limit(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient
) -> None:
    """Code whose SDK has tried a call many times may make it once more by itself: that's no hopeless loop."""
    first = cloudcontrol.client()

    def again(attempts: int, **_: object) -> float | None:
        return 0 if attempts < 20 else None

    token = create(cloudcontrol_client)
    first.meta.events.register("needs-retry.cloudcontrol", again)  # type: ignore[arg-type]  # see above
    assert status(first, token) == "IN_PROGRESS"
    assert status(cloudcontrol_client, token) == "IN_PROGRESS"


def test_tasks_are_separate_callers(cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient) -> None:
    """The first polls of two asyncio tasks move nothing, though both run in one thread."""
    token = create(cloudcontrol_client)

    async def poll() -> str:
        return status(cloudcontrol_client, token)

    async def poll_in_tasks() -> list[str]:
        return await asyncio.gather(*(asyncio.create_task(poll()) for _ in range(2)))

    assert asyncio.run(poll_in_tasks()) == ["IN_PROGRESS"] * 2
    assert cloudcontrol.clock.now() == START


def test_task_that_polls_again_has_waited(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient
) -> None:
    """A task that repeats its own poll has waited."""
    token = create(cloudcontrol_client)

    async def wait() -> int:
        for polls in rounds():
            if status(cloudcontrol_client, token) == "SUCCESS":
                return polls
            await asyncio.sleep(0)
        raise AssertionError

    assert asyncio.run(wait()) == 2
    assert cloudcontrol.clock.now() == after(1.2)


def test_waiter_and_then_another_poll(cloudcontrol_client: CloudControlApiClient) -> None:
    """After a waiter the status may be read once more, and again, without an error."""
    token = create(cloudcontrol_client)
    wait(cloudcontrol_client, token)
    assert [status(cloudcontrol_client, token) for _ in range(5)] == ["SUCCESS"] * 5


def test_switched_on_in_the_test(cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient) -> None:
    """auto_advance may be switched at any time: off, polls move nothing; on again, they do."""
    token = create(cloudcontrol_client)
    cloudcontrol.clock.auto_advance = False
    assert [status(cloudcontrol_client, token) for _ in range(5)] == ["IN_PROGRESS"] * 5
    assert cloudcontrol.clock.now() == START
    cloudcontrol.clock.auto_advance = True
    status(cloudcontrol_client, token)
    assert cloudcontrol.clock.now() == after(0.2)


def test_loop_over_a_request_that_needs_many_steps(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient
) -> None:
    """A bare loop ends also when the request needs far more polls than hopeless loops are given."""
    cloudcontrol.plan(steps=300)
    token = create(cloudcontrol_client)
    for _ in rounds():
        if status(cloudcontrol_client, token) == "SUCCESS":
            break
    assert len(cloudcontrol.calls) == 1 + 1 + 300
