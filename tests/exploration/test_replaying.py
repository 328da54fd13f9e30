"""Replay lines: what they say, what they may say as well, and what is said where they don't fit."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

import pytest
from botocore.exceptions import WaiterError
from calls import create, status, wait
from programs import NO_SURPRISES, REFUSED, Seen, at, deploy, deploy_two
from resource_types import LOG_GROUP, QUEUE
from retrying import once, standard

from pytest_cloudcontrol import OptionError, ReplayDoesNotFit, explore

if TYPE_CHECKING:
    from pytest_cloudcontrol import CloudControl

LOST: Final = "lost answer"


def others_come(cloudcontrol: CloudControl) -> None:
    """Put another log group there."""
    cloudcontrol.resources.put(LOG_GROUP, {"LogGroupName": "theirs"})


def look(cloudcontrol: CloudControl) -> object:
    """Create two resources of two types, poll one, and return all that there is to see."""
    client = standard(cloudcontrol)
    said: list[object] = []
    try:
        client.create_resource(TypeName=QUEUE, DesiredState='{"QueueName": "q"}')
        token = create(client)
        wait(client, token)
        said.append(status(client, token))
    except REFUSED as error:
        said.append(type(error).__name__)
    events = [[str(event.operation_status) for event in request.events] for request in cloudcontrol.requests]
    return said, events, sorted(str(each.type_name) for each in cloudcontrol.resources)


@pytest.mark.parametrize(
    "arguments",
    [
        {"surprises": 2, "errors": ("lost answer",), "failures": ()},
        {"expiries": True, "crashes": True, "stale_reads": True, "others": (others_come,)},
        {"failures": ("NotStabilized", "Throttling"), "errors": ("AccessDeniedException", "ConnectTimeoutError")},
    ],
)
def test_every_line_brings_its_run_back(arguments: dict[str, Any]) -> None:
    """Each schedule's line, replayed by itself, comes to the same as in the exploration."""
    seen = Seen(look)
    lines = explore(seen, **arguments).schedules[::7]
    explored = seen.outcomes[2::7]
    named = {"others": arguments.get("others", ())}
    assert [at(look, line, **named) for line in lines] == explored


def test_one_run() -> None:
    """A replay runs the one schedule only, and says so."""
    seen = Seen(deploy)
    covered = explore(seen, replay="request 1 step 2: CANCELLED")
    assert len(seen.outcomes) == 1
    assert (covered.runs, covered.pruned, covered.schedules) == (1, 0, ("request 1 step 2: CANCELLED",))
    assert covered.surprises["cancelled"] == sum(covered.surprises.values()) == 1


def test_other_arguments_do_not_matter() -> None:
    """A line names all it needs: it is replayed whatever kinds of surprises are switched off, and however few."""
    line = "call 1 CreateResource: InternalFailure"
    assert at(look, line, surprises=0, **NO_SURPRISES).startswith("(['ClientError']")


def test_several_surprises_in_any_order() -> None:
    """The surprises of a line come where their places are, in whichever order it names them."""
    one, other = "request 1 step 1: CANCELLED", "call 2 CreateResource: lost answer"
    (there,) = {explore(deploy_two, replay=line).schedules for line in (f"{one}; {other}", f"{other};{one} ;")}
    assert there == (f"{other}; {one}",)


def test_an_empty_line() -> None:
    """An empty line is the plain run."""
    covered = explore(deploy, replay="")
    assert (covered.runs, covered.schedules) == (1, ())


# The form that survives


def two_types(cloudcontrol: CloudControl, *, more: int = 0) -> object:
    """Create two queues and a log group, with so many more calls before, and return what there is then."""
    client = once(cloudcontrol)
    for _ in range(more):
        client.list_resource_requests()
    with suppress(*REFUSED):
        for number in range(2):
            client.create_resource(TypeName=QUEUE, DesiredState=f'{{"QueueName": "q{number}"}}')
            create(client, f"g{number}")
    return [request.identifier or request.type_name for request in cloudcontrol.requests]


@pytest.mark.parametrize(
    ("line", "means"),
    [
        ("1st CreateResource", "call 1"),
        ("2nd CreateResource", "call 2"),
        ("3rd CreateResource", "call 3"),
        ("4th CreateResource", "call 4"),
        (f"1st CreateResource {QUEUE}", "call 1"),
        (f"2nd CreateResource {QUEUE}", "call 3"),
        (f"1st CreateResource {LOG_GROUP}", "call 2"),
        (f"2nd CreateResource {LOG_GROUP}", "call 4"),
    ],
)
def test_ordinals(line: str, means: str) -> None:
    """An ordinal counts the calls of its operation, or those of its operation about its type."""
    covered = explore(two_types, replay=f"{line}: lost answer")
    assert covered.schedules == (f"{means} CreateResource: lost answer",)


@pytest.mark.parametrize("more", [0, 1, 3])
def test_an_added_call(more: int) -> None:
    """An ordinal means the same call after others have been added before it."""
    covered = explore(
        lambda cloudcontrol: two_types(cloudcontrol, more=more) and None,
        replay=f"2nd CreateResource {QUEUE}: lost answer",
    )
    assert covered.schedules == (f"call {3 + more} CreateResource: lost answer",)


# Misfits


def said_of(line: str, scenario: Any = deploy, **arguments: Any) -> str:
    """Return what is said of a line that doesn't fit."""
    with pytest.raises(ReplayDoesNotFit) as caught:
        explore(scenario, replay=line, **arguments)
    return str(caught.value)


PLACES: Final = (
    "call 1 CreateResource, call 2 GetResourceRequestStatus, request 1 step 1, request 1 step 2, "
    "request 1 step end, call 3 GetResourceRequestStatus"
)


@pytest.mark.parametrize(
    ("line", "instead"),
    [
        (
            "call 2 CreateResource: lost answer",
            "Call 2 is GetResourceRequestStatus now; CreateResource is call 1.",
        ),
        (
            "call 9 GetResourceRequestStatus: lost answer",
            "There is no call 9 now; GetResourceRequestStatus is call 2 and call 3.",
        ),
        ("call 1 DeleteResource: lost answer", "Call 1 is CreateResource now; DeleteResource isn't called."),
        ("2nd CreateResource: lost answer", "CreateResource is call 1."),
        (f"1st CreateResource {QUEUE}: lost answer", "CreateResource is call 1."),
        ("1st DeleteResource: lost answer", "DeleteResource isn't called."),
        ("request 2 step 1: CANCELLED", f"The places are: {PLACES}."),
        ("request 1 step 3: CANCELLED", f"The places are: {PLACES}."),
        ("request 1 hook 1: FAILED", f"The places are: {PLACES}."),
        ("call one: lost answer", f"The places are: {PLACES}."),
        (
            "request 1 step 1: CANCELED",
            "There could be: CANCELLED, FAILED GeneralServiceException, EXPIRED.",
        ),
        (
            "call 1 CreateResource: lost",
            "There could be: lost answer, ThrottlingException, crash before, crash after.",
        ),
        (
            "call 1 CreateResource: moved on",
            "There could be: lost answer, ThrottlingException, crash before, crash after.",
        ),
    ],
)
def test_misfit(line: str, instead: str) -> None:
    """What isn't there is named, with what is there now, and where its operation went."""
    assert said_of(line) == (f"the replay doesn't fit this run, in which there is no\n    {line}\n        {instead}")


def test_a_part_that_does_not_fit() -> None:
    """Of several surprises those that haven't come are named."""
    assert said_of("call 1 CreateResource: lost answer; call 7 GetResource: stale; request 1 step 9: CANCELLED") == (
        "the replay doesn't fit this run, in which there is no\n"
        "    call 7 GetResource: stale\n"
        "        There is no call 7 now; GetResource isn't called.\n"
        "    request 1 step 9: CANCELLED\n"
        "        The places are: call 1 CreateResource, request 1 step 1."
    )


def test_nothing_could_happen() -> None:
    """A scenario without calls has no places."""
    assert said_of("request 1 step 1: CANCELLED", lambda _: None) == (
        "the replay doesn't fit this run, in which there is no\n"
        "    request 1 step 1: CANCELLED\n"
        "        The places are: none."
    )


@pytest.mark.parametrize(("line", "part"), [("nonsense", "nonsense"), ("call 1 X: lost answer; more", "more")])
def test_no_replay_line(line: str, part: str) -> None:
    """What isn't a line at all is refused before anything is run."""
    seen = Seen(deploy)
    assert said_of(line, seen) == (
        f"replay={line!r} is no replay line: {part!r} has no place and what happens there, as in "
        "'call 3 CreateResource: lost answer; request 1 step 2: CANCELLED'"
    )
    assert seen.outcomes == []


def test_a_failure_that_there_is_not() -> None:
    """A failure's code that Cloud Control doesn't know is refused."""
    with pytest.raises(OptionError) as caught:
        explore(deploy, replay="request 1 step 1: FAILED NotStabilised")
    assert str(caught.value).startswith("replay='NotStabilised' is not valid. Did you mean 'NotStabilized'?")


def test_others_that_are_not_given() -> None:
    """Somebody else's coming can be replayed only where that function is given."""
    line = "call 1 CreateResource: others_come"
    assert said_of(line).endswith("There could be: lost answer, ThrottlingException, crash before, crash after.")
    assert explore(deploy, replay=line, others=(others_come,)).schedules == (line,)


def test_a_run_that_fails_before() -> None:
    """Where the scenario fails before all surprises have come, its failure is what is told."""

    def fails(cloudcontrol: CloudControl) -> None:
        with suppress(*REFUSED):
            create(cloudcontrol.client())
        assert not cloudcontrol.requests, "there is a request"

    with pytest.raises(AssertionError, match="there is a request"):
        explore(fails, replay="call 1 CreateResource: lost answer; call 9 GetResource: stale")


def test_lines_of_a_failure_are_those_of_the_exploration() -> None:
    """A failure's line is the last one that was run, and replayed it fails again."""

    def fails(cloudcontrol: CloudControl) -> None:
        client = cloudcontrol.client()
        wait(client, create(client))

    with pytest.raises(WaiterError) as caught:
        explore(fails, errors=())
    assert 'explore(fails, replay="request 1 step 1: CANCELLED")' in caught.value.__notes__[0]
    with pytest.raises(WaiterError) as again:
        explore(fails, replay="request 1 step 1: CANCELLED")
    passed = "2 schedules have passed before it, the plain one first.\n"
    assert passed in caught.value.__notes__[0]
    assert again.value.__notes__[0] == caught.value.__notes__[0].replace(passed, "")
