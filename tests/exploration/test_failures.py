"""A failure is the scenario's own exception, with a note that says what it took; and what isn't a failure."""

from __future__ import annotations

import re
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

import pytest
from botocore.exceptions import ClientError, WaiterError
from calls import create, status, wait
from programs import NO_SURPRISES, Seen, deploy
from resource_types import LOG_GROUP
from retrying import once

from pytest_cloudcontrol import NoProgressError, OptionError, explore

if TYPE_CHECKING:
    from pytest_cloudcontrol import CloudControl

TOKENS: Final = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


def note_of(scenario: Any, kind: type[BaseException] = AssertionError, **arguments: Any) -> str:
    """Return the only note of a scenario's failure, without its tokens."""
    with pytest.raises(kind) as caught:
        explore(scenario, **arguments)
    (note,) = caught.value.__notes__
    return TOKENS.sub("TOKEN", note)


def careless(cloudcontrol: CloudControl) -> None:
    """Create a log group, and take every end of its request for success."""
    client = cloudcontrol.client()
    token = create(client)
    while status(client, token) in {"PENDING", "IN_PROGRESS"}:
        pass
    assert list(cloudcontrol.resources), "deployed, but there is nothing"


def test_note() -> None:
    """The note has the surprise in words, how many have passed, the replay line, and one timeline."""
    assert note_of(careless, errors=()) == (
        "Cloud Control: it fails with 1 surprise:\n"
        "    instead of request 1 step 1 the request was cancelled\n"
        "2 schedules have passed before it, the plain one first.\n"
        'Replay: explore(careless, replay="request 1 step 1: CANCELLED")\n'
        "Lines with !! are the surprises; until the first of them all went as in the plain run.\n"
        "Requests:\n"
        "    1. TOKEN CREATE AWS::Logs::LogGroup orders CANCEL_COMPLETE: 0 steps made [123456789012 us-east-1]\n"
        "What happened, on the mock clock:\n"
        "    2026-01-01 00:00:00.000 request 1: IN_PROGRESS\n"
        "    2026-01-01 00:00:00.000 call 1 CreateResource AWS::Logs::LogGroup "
        '{"LogGroupName": "orders"} -> request 1, '
        "IN_PROGRESS\n"
        "    2026-01-01 00:00:00.000 call 2 GetResourceRequestStatus request 1 -> IN_PROGRESS\n"
        "    2026-01-01 00:00:00.200 !! instead of request 1 step 1 the request was cancelled\n"
        "    2026-01-01 00:00:00.200 request 1: CANCEL_COMPLETE, by a surprise\n"
        "    2026-01-01 00:00:00.200 call 3 GetResourceRequestStatus request 1 -> CANCEL_COMPLETE\n"
        "There are no resources at the end."
    )


def test_what_a_replay_needs_besides() -> None:
    """The line is for the world that the exploration has had: what made it so is named."""

    def somebody(cloudcontrol: CloudControl) -> None:
        cloudcontrol.plan(steps=2)

    note = note_of(careless, others=[somebody], setup=somebody, region="eu-west-1", errors=(), failures=(), moves=False)
    assert (
        'Replay: explore(careless, replay="request 1 step 1: CANCELLED"), with the same setup and others and region\n'
        in note
    )


def test_note_of_two() -> None:
    """With two surprises both are said, in their order, and that fewer wouldn't do."""

    def scenario(cloudcontrol: CloudControl) -> None:
        deploy(cloudcontrol)
        deploy(cloudcontrol)
        assert [request.error_code for request in cloudcontrol.requests] != ["NotFound", "NotFound"]

    note = note_of(scenario, surprises=2, errors=(), cancels=False, moves=False, failures=("NotFound",))
    assert note.splitlines()[:5] == [
        "Cloud Control: it fails with 2 surprises:",
        "    request 1 step 1 failed with NotFound",
        "    request 2 step 1 failed with NotFound",
        "5 schedules have passed before it, the plain one first, so it takes at least 2 surprises.",
        'Replay: explore(scenario, replay="request 1 step 1: FAILED NotFound; request 2 step 1: FAILED NotFound")',
    ]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("call 1 CreateResource: lost answer", "call 1 CreateResource was carried out, but its answer was lost"),
        (
            "call 1 CreateResource: AccessDeniedException",
            "call 1 CreateResource was refused with AccessDeniedException, however often it was tried",
        ),
        (
            "call 1 CreateResource: crash before",
            "the program crashed before call 1 CreateResource, and was started again",
        ),
        (
            "call 1 CreateResource: crash after",
            "the program crashed right after call 1 CreateResource, and was started again",
        ),
        ("call 1 CreateResource: theirs", "before call 1 CreateResource somebody else came: theirs()"),
        (
            "call 2 GetResourceRequestStatus: moved on",
            "before call 2 GetResourceRequestStatus the world moved on by one piece of work",
        ),
        ("request 1 step 2: CANCELLED", "instead of request 1 step 2 the request was cancelled"),
        ("request 1 step 2: EXPIRED", "instead of request 1 step 2 the request expired"),
        ("request 1 step 2: FAILED NotFound", "request 1 step 2 failed with NotFound"),
        (
            "request 1 step end: CANCELLED",
            "at the end of request 1, with all its work done, the request was cancelled",
        ),
        ("request 1 step end: EXPIRED", "at the end of request 1, with all its work done, the request expired"),
        (
            "request 1 step end: FAILED NotFound",
            "at the end of request 1, with all its work done, it failed with NotFound",
        ),
        ("request 1 hook 1: FAILED", "request 1 hook 1 failed"),
        (
            "call 4 GetResource: stale",
            "call 4 GetResource was answered as if what ended last hadn't happened yet",
        ),
    ],
)
def test_words(line: str, words: str) -> None:
    """Each kind of surprise is said in words, above the timeline and in it."""

    def theirs(cloudcontrol: CloudControl) -> None:
        cloudcontrol.plan(steps=2)

    def scenario(cloudcontrol: CloudControl) -> None:
        if not cloudcontrol.requests:
            cloudcontrol.add_hook("Acme::Rules::Names")
        deploy(cloudcontrol)
        with suppress(ClientError):
            once(cloudcontrol).get_resource(TypeName=LOG_GROUP, Identifier="orders")
        raise AssertionError("as always")

    lines = note_of(scenario, replay=line, others=(theirs,)).splitlines()
    assert lines[1] == f"    {words}"
    assert [line[28:] for line in lines if line[28:31] == "!! "] == [f"!! {words}"]


def test_what_others_do() -> None:
    """What somebody else has changed stands in the timeline, where it happened and under the function's name."""

    def setup(cloudcontrol: CloudControl) -> None:
        cloudcontrol.resources.put(LOG_GROUP, {"LogGroupName": "changed", "RetentionInDays": 7})
        cloudcontrol.resources.put(LOG_GROUP, {"LogGroupName": "gone"})

    def theirs(cloudcontrol: CloudControl) -> None:
        cloudcontrol.resources.update(LOG_GROUP, "changed", {"RetentionInDays": 30})
        cloudcontrol.resources.delete(LOG_GROUP, "gone")
        cloudcontrol.scope(region="eu-west-1").resources.put(LOG_GROUP, {"LogGroupName": "new"})
        once(cloudcontrol).list_resource_requests()

    def scenario(cloudcontrol: CloudControl) -> None:
        once(cloudcontrol).list_resource_requests()
        raise AssertionError("as always")

    note = note_of(scenario, setup=setup, others=(theirs,), replay="call 1 ListResourceRequests: theirs")
    assert [line[28:] for line in note.splitlines() if line.startswith("    2026")] == [
        "!! before call 1 ListResourceRequests somebody else came: theirs()",
        "theirs(): ListResourceRequests -> 0 requests",
        "theirs(): AWS::Logs::LogGroup changed has changed: RetentionInDays",
        "theirs(): AWS::Logs::LogGroup new [123456789012 eu-west-1] has come",
        "theirs(): AWS::Logs::LogGroup gone has gone",
        "call 1 ListResourceRequests -> 0 requests",
    ]


def test_what_is_left() -> None:
    """The note ends with what there is at the end, in every account and region."""

    def scenario(cloudcontrol: CloudControl) -> None:
        create(once(cloudcontrol, "eu-west-1", "999999999999"), "elsewhere")
        cloudcontrol.run_until_idle()
        raise AssertionError("as always")

    lines = note_of(scenario).splitlines()
    assert lines[lines.index("Resources at the end:") + 1 :] == [
        "    AWS::Logs::LogGroup elsewhere [999999999999 eu-west-1]"
    ]


def test_much_that_is_left() -> None:
    """Of many resources the first are named, and the rest are counted."""

    def scenario(cloudcontrol: CloudControl) -> None:
        for number in range(23):
            cloudcontrol.resources.put(LOG_GROUP, {"LogGroupName": f"group{number:02}"})
        raise AssertionError("as always")

    lines = note_of(scenario).splitlines()[-22:]
    assert lines == [
        "Resources at the end:",
        *(f"    AWS::Logs::LogGroup group{number:02}" for number in range(20)),
        "    (and 3 more)",
    ]


def test_crash_in_the_timeline() -> None:
    """A crash after a call stands in the timeline after it."""

    def scenario(cloudcontrol: CloudControl) -> None:
        once(cloudcontrol).list_resource_requests()
        assert len(cloudcontrol.calls) < 2

    timeline = [line[28:] for line in note_of(scenario, replay="call 1 ListResourceRequests: crash after").splitlines()]
    assert timeline[-4:-1] == [
        "call 1 ListResourceRequests -> 0 requests",
        "!! the program crashed right after call 1 ListResourceRequests, and was started again",
        "call 2 ListResourceRequests -> 0 requests",
    ]


def test_plain_run_fails() -> None:
    """A failure without any surprise is said to be one, and nothing else is run."""
    seen: list[str] = []

    def scenario(cloudcontrol: CloudControl) -> None:
        seen.append("run")
        create(cloudcontrol.client())
        raise AssertionError("as always")

    assert note_of(scenario) == (
        "Cloud Control: the plain run, without any surprise, fails.\n"
        "Requests:\n"
        "    1. TOKEN CREATE AWS::Logs::LogGroup orders IN_PROGRESS: 0 steps made, the next due at "
        "2026-01-01 00:00:00.200 [123456789012 us-east-1]\n"
        "What happened, on the mock clock:\n"
        "    2026-01-01 00:00:00.000 request 1: IN_PROGRESS\n"
        "    2026-01-01 00:00:00.000 call 1 CreateResource AWS::Logs::LogGroup "
        '{"LogGroupName": "orders"} -> request 1, '
        "IN_PROGRESS\n"
        "There are no resources at the end."
    )
    assert seen == ["run"]


def test_it_is_the_scenario_s_own_exception() -> None:
    """What the scenario raises is what the caller gets, with its own notes first."""
    error = RuntimeError("mine")
    error.add_note("my own note")

    def scenario(_: CloudControl) -> None:
        raise error

    with pytest.raises(RuntimeError) as caught:
        explore(scenario)
    assert caught.value is error
    assert error.__notes__[0] == "my own note"
    assert error.__notes__[1].startswith("Cloud Control: the plain run")


def test_first_failure_is_the_smallest() -> None:
    """Nothing is run after the first failure, which has the fewest surprises."""
    runs: list[int] = []

    def scenario(cloudcontrol: CloudControl) -> None:
        runs.append(1)
        client = cloudcontrol.client()
        wait(client, create(client))

    with pytest.raises(WaiterError):
        explore(scenario, surprises=3, errors=())
    assert len(runs) == 4  # the plain run twice, a move, and the cancel


def test_loops_without_end() -> None:
    """A NoProgressError, though no Exception, is a failure as any other."""

    def scenario(cloudcontrol: CloudControl) -> None:
        client = cloudcontrol.client()
        token = create(client)
        while status(client, token) != "SUCCESS":
            pass

    assert note_of(scenario, NoProgressError, errors=()).splitlines()[3] == (
        'Replay: explore(scenario, replay="request 1 step 1: CANCELLED")'
    )


def test_replay_of_a_scenario_without_a_name() -> None:
    """What has no name of its own is named by its class."""

    class Scenario:
        def __call__(self, cloudcontrol: CloudControl) -> None:
            careless(cloudcontrol)

    assert 'Replay: explore(Scenario, replay="request 1' in note_of(Scenario(), errors=())


def test_of_a_coroutine() -> None:
    """A coroutine's failure has the same note as a function's."""

    async def scenario(cloudcontrol: CloudControl) -> None:
        careless(cloudcontrol)

    assert note_of(scenario, errors=()) == note_of(careless, errors=()).replace("careless", "scenario")


# What is no failure


@pytest.mark.parametrize("kind", [KeyboardInterrupt, SystemExit])
def test_passes_through(kind: type[BaseException]) -> None:
    """Who ends the program ends the exploration, without a failure's note."""
    runs: list[int] = []

    def scenario(cloudcontrol: CloudControl) -> None:
        runs.append(1)
        deploy(cloudcontrol)
        if len(runs) == 5:
            raise kind

    with pytest.raises(kind) as caught:
        explore(scenario)
    notes = ["Cloud Control: 3 schedules had been run, and had passed"] if kind is KeyboardInterrupt else []
    assert getattr(caught.value, "__notes__", []) == notes


@pytest.mark.parametrize("outcome", [pytest.skip, pytest.xfail, pytest.exit])
def test_outcomes_of_the_test(outcome: Any) -> None:
    """A skip, an xfail or an exit inside is the test's own, without a note."""

    def scenario(cloudcontrol: CloudControl) -> None:
        deploy(cloudcontrol)
        if cloudcontrol.requests.last.status != "SUCCESS":
            outcome("not today")

    with pytest.raises(BaseException, match="not today") as caught:
        explore(scenario, errors=())
    assert getattr(caught.value, "__notes__", []) == []


def test_pytest_s_own_failure() -> None:
    """pytest.fail() is a failure as an assertion is."""

    def scenario(cloudcontrol: CloudControl) -> None:
        deploy(cloudcontrol)
        if cloudcontrol.requests.last.status != "SUCCESS":
            pytest.fail("it hasn't come")

    assert "Replay: " in note_of(scenario, pytest.fail.Exception, errors=())


def test_exception_of_others() -> None:
    """What a function of others raises ends the exploration, even where the code under test swallows it."""

    def theirs(_: CloudControl) -> None:
        raise RuntimeError("theirs")

    def scenario(cloudcontrol: CloudControl) -> None:
        with suppress(RuntimeError):
            once(cloudcontrol).list_resource_requests()

    with pytest.raises(RuntimeError, match="theirs") as caught:
        explore(scenario, others=(theirs,))
    assert getattr(caught.value, "__notes__", []) == []


def test_exception_of_setup() -> None:
    """What setup raises ends the exploration, and isn't said to be the scenario's."""

    def setup(cloudcontrol: CloudControl) -> None:
        cloudcontrol.resources.delete(LOG_GROUP, "none")

    with pytest.raises(OptionError) as caught:
        explore(deploy, setup=setup)
    assert getattr(caught.value, "__notes__", []) == []


def test_refused_calls_that_the_program_bears_are_none() -> None:
    """A program that bears all that AWS may do passes."""
    assert explore(Seen(careless), **NO_SURPRISES | {"errors": ("lost answer",)}).runs == 5
