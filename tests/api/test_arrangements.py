"""Every verb that arranges something returns a handle: it counts, and takes back."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

import pytest
from botocore.exceptions import ClientError
from calls import create
from resource_types import BUCKET, LOG_GROUP, QUEUE, every_handler
from threads import in_threads

from pytest_cloudcontrol import Arrangement, CloudControl, mock_cloudcontrol

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from types_boto3_cloudcontrol import CloudControlApiClient

ORDER: Final = "Acme::Shop::Order"


def schema(type_name: str = ORDER, *names: str) -> dict[str, object]:
    """Return the schema of a type whose resources have these properties beside their name."""
    return {
        "typeName": type_name,
        "properties": {name: {"type": "string"} for name in ("Name", *names)},
        "primaryIdentifier": ["/properties/Name"],
        "additionalProperties": False,
        "handlers": every_handler(),
    }


def nothing() -> None:
    """Do nothing, as a callback."""


VERBS: Final[dict[str, tuple[Callable[[CloudControl], Arrangement], str]]] = {
    "plan": (lambda mock: mock.plan(LOG_GROUP, steps=1), f"plan(type_name='{LOG_GROUP}', steps=1)"),
    "add_failure": (lambda mock: mock.add_failure("NotFound", times=9), "add_failure('NotFound', at_step=1, times=9)"),
    "add_cancel": (lambda mock: mock.add_cancel(times=9), "add_cancel(at_step=1, times=9)"),
    "add_expiry": (lambda mock: mock.add_expiry(times=9), "add_expiry(at_step=1, times=9)"),
    "add_error": (
        lambda mock: mock.add_error("ResourceNotFoundException", api="GetResource", times=9),
        "add_error('ResourceNotFoundException', api='GetResource', times=9)",
    ),
    "before a step": (lambda mock: mock.before(nothing, at_step=1), "before(nothing, at_step=1)"),
    "before a call": (
        lambda mock: mock.before(nothing, api="GetResource", times=9),
        "before(nothing, api='GetResource', times=9)",
    ),
    "add_type": (lambda mock: mock.add_type(schema(LOG_GROUP, "LogGroupName")), f"add_type('{LOG_GROUP}')"),
}

each_verb = pytest.mark.parametrize(("arrange", "written"), VERBS.values(), ids=VERBS)


def use(cloudcontrol: CloudControl, name: str) -> str:
    """Create a log group and look at it, and return how the request has ended."""
    client = cloudcontrol.client()
    client.create_resource(TypeName=LOG_GROUP, DesiredState=json.dumps({"LogGroupName": name, "Name": name}))
    request = cloudcontrol.requests.last.step()
    with pytest.raises(ClientError):
        client.get_resource(TypeName=LOG_GROUP, Identifier="missing")
    return request.status


@pytest.fixture
def unnamed() -> Iterator[CloudControl]:
    """Make a mock whose log groups have a schema of the test's own, for every verb to take effect on."""
    with mock_cloudcontrol() as cloudcontrol:
        cloudcontrol.add_type({**schema(LOG_GROUP, "LogGroupName"), "primaryIdentifier": ["/properties/LogGroupName"]})
        yield cloudcontrol


# Each verb


@each_verb
def test_fired(unnamed: CloudControl, arrange: Callable[[CloudControl], Arrangement], written: str) -> None:
    """A handle counts how often its arrangement took effect, and shows it with the call that made it."""
    handle = arrange(unnamed)

    assert (handle.fired, repr(handle)) == (0, f"<{written}, fired 0 times>")
    use(unnamed, "one")
    assert (handle.fired, repr(handle)) == (1, f"<{written}, fired 1 time>")
    use(unnamed, "two")
    assert (handle.fired, repr(handle)) == (2, f"<{written}, fired 2 times>")


@each_verb
def test_removed(unnamed: CloudControl, arrange: Callable[[CloudControl], Arrangement], written: str) -> None:
    """What is taken back has no effect any more; its count stays, and to take it back again does nothing."""
    handle = arrange(unnamed)
    use(unnamed, "one")

    handle.remove()
    use(unnamed, "two")
    handle.remove()
    use(unnamed, "three")

    assert repr(handle) == f"<{written}, fired 1 time>"


@each_verb
def test_only_one_of_two_is_removed(
    unnamed: CloudControl, arrange: Callable[[CloudControl], Arrangement], written: str
) -> None:
    """Of two that were arranged alike only the one is taken back."""
    first, second = arrange(unnamed), arrange(unnamed)

    first.remove()
    use(unnamed, "one")

    assert (first.fired, second.fired) == (0, 1)
    assert repr(second) == f"<{written}, fired 1 time>"


@each_verb
def test_removed_after_a_reset(
    unnamed: CloudControl, arrange: Callable[[CloudControl], Arrangement], written: str
) -> None:
    """After a reset a handle of before keeps its count, and takes nothing back of the new world."""
    handle = arrange(unnamed)
    unnamed.reset()
    unnamed.add_type({**schema(LOG_GROUP, "LogGroupName"), "primaryIdentifier": ["/properties/LogGroupName"]})
    again = arrange(unnamed)

    handle.remove()
    use(unnamed, "one")

    assert (handle.fired, again.fired) == (0, 1)
    assert repr(again) == f"<{written}, fired 1 time>"


@each_verb
def test_is_what_a_test_can_annotate(
    cloudcontrol: CloudControl, arrange: Callable[[CloudControl], Arrangement], written: str
) -> None:
    """All of them are of one class, which is exported."""
    handle = arrange(cloudcontrol)

    assert isinstance(handle, Arrangement)
    assert written in repr(handle)
    handle.remove()


@pytest.mark.parametrize("verb", ["add_failure", "add_cancel", "add_expiry", "add_error"])
def test_removed_rule_need_not_fire(verb: str) -> None:
    """A rule that was taken back before it fired isn't told at the end."""
    arrange, _ = VERBS[verb]

    with mock_cloudcontrol() as cloudcontrol:
        arrange(cloudcontrol).remove()

    assert cloudcontrol.calls == []


@pytest.mark.parametrize("verb", ["add_failure", "add_cancel", "add_expiry", "add_error"])
def test_other_rules_still_have_to_fire(verb: str) -> None:
    """Taking one rule back excuses no other like it."""
    arrange, written = VERBS[verb]

    def arrange_two() -> None:
        with mock_cloudcontrol() as cloudcontrol:
            arrange(cloudcontrol)
            arrange(cloudcontrol).remove()

    with pytest.raises(AssertionError) as told:
        arrange_two()

    lines = str(told.value).splitlines()
    assert lines[:2] == ["These were arranged, but never came to be (optional=True allows it):", f"    {written}"]
    assert lines.count(f"    {written}") == 2  # and once more as still armed


# Rules


def test_rule_counts_what_it_stopped(cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient) -> None:
    """A rule that is used up has fired as often as it may, and no more."""
    handle = cloudcontrol.add_failure("Throttling", times=2)
    for name in ("one", "two", "three"):
        create(cloudcontrol_client, name)
    cloudcontrol.run_until_idle()

    assert handle.fired == 2
    assert [request.status for request in cloudcontrol.requests] == ["FAILED", "FAILED", "SUCCESS"]


def test_error_counts_retries(cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient) -> None:
    """Each try of an SDK that an error answers is counted."""
    handle = cloudcontrol.add_error("ThrottlingException", times=2)

    create(cloudcontrol_client)

    assert handle.fired == 2


def test_removed_between_two_tries(cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient) -> None:
    """An error that a callback takes back before a retry is gone for that retry."""
    handle = cloudcontrol.add_error("ThrottlingException", api="CreateResource", times=9)
    tries: list[None] = []

    def let_the_second_pass() -> None:
        tries.append(None)
        if len(tries) == 2:
            handle.remove()

    cloudcontrol.before(let_the_second_pass, api="CreateResource")
    create(cloudcontrol_client)

    assert (handle.fired, len(tries)) == (1, 2)


# Callbacks


@pytest.mark.parametrize("api", [None, "CreateResource"])
def test_callback_that_removes_itself(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient, api: str | None
) -> None:
    """A callback may take itself back while it runs, and those arranged after it run all the same."""
    ran: list[str] = []

    def once() -> None:
        ran.append("once")
        handle.remove()

    handle = cloudcontrol.before(once, api=api)
    always = cloudcontrol.before(lambda: ran.append("always"), api=api)
    for name in ("one", "two"):
        create(cloudcontrol_client, name)
        cloudcontrol.requests.last.step()

    assert ran == ["once", "always", "always"]
    assert (handle.fired, always.fired) == (1, 2)


@pytest.mark.parametrize("api", [None, "CreateResource"])
def test_callback_that_removes_the_next(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient, api: str | None
) -> None:
    """A callback that another one takes back right before it would run doesn't run."""
    ran: list[str] = []

    def first() -> None:
        ran.append("first")
        second.remove()

    cloudcontrol.before(first, api=api)
    second = cloudcontrol.before(lambda: ran.append("second"), api=api)
    third = cloudcontrol.before(lambda: ran.append("third"), api=api)
    create(cloudcontrol_client)
    cloudcontrol.requests.last.step()

    assert ran == ["first", "third"]
    assert (second.fired, third.fired) == (0, 1)


@pytest.mark.parametrize("api", [None, "CreateResource"])
def test_callback_that_removes_those_before(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient, api: str | None
) -> None:
    """Taking back what has run already leaves out none of those that come after."""
    ran: list[str] = []
    done = [cloudcontrol.before(lambda: ran.append("done"), api=api) for _ in range(2)]

    def take_back() -> None:
        for handle in done:
            handle.remove()

    cloudcontrol.before(take_back, api=api)
    cloudcontrol.before(lambda: ran.append("last"), api=api)
    create(cloudcontrol_client)
    cloudcontrol.requests.last.step()

    assert ran == ["done", "done", "last"]


def test_callback_removed_by_another_thread(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient
) -> None:
    """A callback may be taken back by another thread while it runs."""

    def take_back() -> None:
        in_threads(handle.remove)

    handle = cloudcontrol.before(take_back)
    create(cloudcontrol_client)
    cloudcontrol.requests.last.run()

    assert handle.fired == 1


def test_rule_removed_by_a_callback_of_the_step(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient
) -> None:
    """A rule that a callback takes back right before the step doesn't come instead of it."""
    handle = cloudcontrol.add_failure("Throttling")
    cloudcontrol.before(handle.remove)
    create(cloudcontrol_client)

    assert cloudcontrol.requests.last.run().status == "SUCCESS"
    assert handle.fired == 0


# Plans


def test_plan_counts_requests(cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient) -> None:
    """A plan counts the requests that it paces, however many of its arguments they take."""
    whole = cloudcontrol.plan(steps=3, delay=2, first_delay=1, pending=True)
    create(cloudcontrol_client, "one")
    create(cloudcontrol_client, "two")

    assert whole.fired == 2


def test_plan_that_others_overrule(cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient) -> None:
    """A plan whose every argument comes from a more specific or later one has no effect on that request."""
    general = cloudcontrol.plan(steps=3)
    in_part = cloudcontrol.plan(steps=4, delay=9)
    special = cloudcontrol.plan(LOG_GROUP, steps=1)
    create(cloudcontrol_client)

    assert (general.fired, in_part.fired, special.fired) == (0, 1, 1)


def test_plan_taken_back(cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient) -> None:
    """Without the latest plan the one before it counts again; a request keeps the plans it was accepted under."""
    cloudcontrol.plan(steps=3)
    latest = cloudcontrol.plan(steps=5)
    create(cloudcontrol_client, "one")
    latest.remove()
    create(cloudcontrol_client, "two")
    cloudcontrol.run_until_idle()

    assert [request.steps for request in cloudcontrol.requests] == [5, 3]


@pytest.mark.parametrize(
    ("arguments", "written"),
    [
        ((), "plan(steps=3)"),
        (("AWS::SQS::Queue",), "plan(type_name='AWS::SQS::Queue', steps=3)"),
        (("AWS::SQS::Queue", "CREATE"), "plan(type_name='AWS::SQS::Queue', operation='CREATE', steps=3)"),
    ],
)
def test_plan_of_nothing(cloudcontrol: CloudControl, arguments: tuple[str, ...], written: str) -> None:
    """A plan that says nothing is refused, with what it could say."""
    with pytest.raises(ValueError) as refused:  # noqa: PT011  # its text is compared
        cloudcontrol.plan(*arguments)

    assert str(refused.value) == (
        "steps=None is not valid: expected at least one of steps, delay, first_delay, pending, downstream, step_time, "
        f"consistent_after to be given, as in {written}"
    )


# Types


def test_type_taken_back(cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient) -> None:
    """A type of one's own that is taken back isn't known any more; a request of it goes on, and is counted."""
    handle = cloudcontrol.add_type(schema())
    cloudcontrol_client.create_resource(TypeName=ORDER, DesiredState='{"Name": "n1"}')
    handle.remove()

    with pytest.raises(cloudcontrol_client.exceptions.TypeNotFoundException):
        cloudcontrol_client.create_resource(TypeName=ORDER, DesiredState='{"Name": "n2"}')
    assert (cloudcontrol.requests.last.run().status, handle.fired) == ("SUCCESS", 1)


def test_type_of_aws_comes_back(cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient) -> None:
    """When another schema for one of AWS's types is taken back, AWS's own counts again."""
    handle = cloudcontrol.add_type(schema(BUCKET, "Colour"))
    cloudcontrol_client.create_resource(TypeName=BUCKET, DesiredState='{"Name": "b", "Colour": "red"}')
    handle.remove()

    with pytest.raises(ClientError, match=r"extraneous key \[Colour\] is not permitted"):
        cloudcontrol_client.create_resource(TypeName=BUCKET, DesiredState='{"Colour": "red"}')
    cloudcontrol_client.create_resource(TypeName=BUCKET, DesiredState='{"BucketName": "reports"}')
    assert (cloudcontrol.requests.last.run().identifier, handle.fired) == ("reports", 1)


@pytest.mark.parametrize("first_gone", [0, 1])
def test_type_added_twice(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient, first_gone: int
) -> None:
    """Of two schemas for one type the later counts, in whatever order they are taken back."""
    handles = [cloudcontrol.add_type(schema(ORDER, "Old")), cloudcontrol.add_type(schema(ORDER, "New"))]
    names = ("Old", "New")

    handles[first_gone].remove()
    cloudcontrol_client.create_resource(
        TypeName=ORDER, DesiredState=json.dumps({"Name": "n1", names[1 - first_gone]: "1"})
    )
    handles[1 - first_gone].remove()

    assert [handle.fired for handle in handles] == [first_gone, 1 - first_gone]
    with pytest.raises(cloudcontrol_client.exceptions.TypeNotFoundException):
        cloudcontrol_client.list_resources(TypeName=ORDER)


def test_type_that_recordings_have_taught(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient, tmp_path: Path
) -> None:
    """A type's handle counts the requests of before and after its recorded reads were loaded, and takes back both."""
    handle = cloudcontrol.add_type(schema(ORDER, "Colour"))
    cloudcontrol_client.create_resource(TypeName=ORDER, DesiredState='{"Name": "n1"}')
    recording = {"type": ORDER, "declared": {"Name": "old"}, "read": {"Name": "old", "Colour": "grey"}}
    path = tmp_path / "orders.jsonl"
    path.write_text(json.dumps(recording), encoding="utf-8")
    cloudcontrol.resources.load(path)
    cloudcontrol_client.create_resource(TypeName=ORDER, DesiredState='{"Name": "n2"}')
    cloudcontrol.run_until_idle()
    handle.remove()

    assert handle.fired == 2
    with pytest.raises(cloudcontrol_client.exceptions.TypeNotFoundException):
        cloudcontrol_client.list_resources(TypeName=ORDER)


def test_type_of_aws_that_recordings_have_taught(cloudcontrol: CloudControl, tmp_path: Path) -> None:
    """When a type's other schema is taken back, what recorded reads taught before it is still known."""
    path = tmp_path / "groups.jsonl"
    read = {"LogGroupName": "old", "RetentionInDays": 7}
    path.write_text(
        json.dumps({"type": LOG_GROUP, "declared": {"LogGroupName": "old"}, "read": read}), encoding="utf-8"
    )
    cloudcontrol.resources.load(path)
    cloudcontrol.add_type(schema(LOG_GROUP, "Colour")).remove()
    create(cloudcontrol.client(), "new")
    cloudcontrol.run_until_idle()

    assert (cloudcontrol.resources.get(LOG_GROUP, "new") or {})["RetentionInDays"] == 7


# Acts, and threads


def test_removing_is_an_act(cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient) -> None:
    """To take something back is an act of the test: a call after it doesn't repeat the one before it."""
    token = create(cloudcontrol_client)
    handle = cloudcontrol.add_error("ThrottlingException", api="GetResource")
    steps = []
    for act in (handle.remove, handle.remove, nothing):
        cloudcontrol_client.get_resource_request_status(RequestToken=token)
        steps.append(cloudcontrol.requests.last.steps)
        act()
    cloudcontrol_client.get_resource_request_status(RequestToken=token)

    assert (steps, cloudcontrol.requests.last.steps) == ([0, 0, 0], 1)


def test_arranged_and_removed_by_threads(cloudcontrol: CloudControl) -> None:
    """Threads that arrange, use and take back at once disturb one another in nothing."""

    def work(number: int) -> Callable[[], int]:
        client = cloudcontrol.client()

        def arrange_and_take_back() -> int:
            fired = 0
            for turn in range(10):
                name = f"{number}-{turn}"
                failure = cloudcontrol.add_failure("Throttling", type_name=LOG_GROUP, identifier=name)
                callback = cloudcontrol.before(nothing, api="CreateResource", type_name=QUEUE)
                cloudcontrol.request(create(client, name)).run()
                failure.remove()
                callback.remove()
                fired += failure.fired + callback.fired
            return fired

        return arrange_and_take_back

    assert in_threads(*(work(number) for number in range(4))) == [10] * 4
    assert {request.status for request in cloudcontrol.requests} == {"FAILED"}
