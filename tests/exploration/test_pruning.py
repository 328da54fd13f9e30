"""What isn't run can't differ from what is: an exploration comes to all that trying everything by hand comes to."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import TYPE_CHECKING, Final

import pytest
from brute_force import brute_force
from calls import RETENTION_PATCH, create, status, wait
from hypothesis import given, settings
from hypothesis import strategies as st
from programs import NO_SURPRISES, REFUSED, Seen, groups
from resource_types import LOG_GROUP
from retrying import once

from pytest_cloudcontrol import explore

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from types_boto3_cloudcontrol import CloudControlApiClient

    from pytest_cloudcontrol import CloudControl

NAMED: Final = ["create", "update", "delete", "get"]
OTHERS: Final = ["list", "status", "status", "requests", "cancel", "wait"]
STEPS: Final = st.tuples(st.sampled_from(NAMED), st.sampled_from("ab")) | st.tuples(
    st.sampled_from(OTHERS), st.just("")
)
CREATED: Final = ("create", "a")


def summaries(client: CloudControlApiClient) -> list[str]:
    """Return the status of each request there is."""
    there = client.list_resource_requests()["ResourceRequestStatusSummaries"]
    return [event["OperationStatus"] for event in there]


class Program:
    """A program that makes calls one after the other, and comes to what each was answered and to what is there then.

    Args:
        steps: the operations, each with the name that it is about.
        gives_up: whether it ends at the first error.
        running: how many requests are worked on at once; None for no limit.
    """

    def __init__(self, steps: Sequence[tuple[str, str]], *, gives_up: bool, running: int | None) -> None:
        self._steps = steps
        self._gives_up = gives_up
        self._running = running

    def __repr__(self) -> str:
        return f"Program({self._steps!r}, gives_up={self._gives_up}, running={self._running})"

    def __call__(self, cloudcontrol: CloudControl) -> object:
        """Run it."""
        if self._running is not None:
            cloudcontrol.limit_concurrency(self._running)
        client = once(cloudcontrol)
        said: list[object] = []
        token = ""

        def tracked(answer: object) -> str:
            nonlocal token
            token = answer["ProgressEvent"]["RequestToken"]  # type: ignore[index]
            return "accepted"

        def of(name: str) -> dict[str, str]:
            return {"TypeName": LOG_GROUP, "Identifier": name}

        verbs: dict[str, Callable[[str], object]] = {
            "create": lambda name: tracked(
                client.create_resource(TypeName=LOG_GROUP, DesiredState=json.dumps({"LogGroupName": name}))
            ),
            "update": lambda name: tracked(client.update_resource(**of(name), PatchDocument=RETENTION_PATCH)),
            "delete": lambda name: tracked(client.delete_resource(**of(name))),
            "get": lambda name: client.get_resource(**of(name))["ResourceDescription"],
            "list": lambda _: client.list_resources(TypeName=LOG_GROUP)["ResourceDescriptions"],
            "status": lambda _: status(client, token),
            "requests": lambda _: summaries(client),
            "cancel": lambda _: client.cancel_resource_request(RequestToken=token)["ProgressEvent"]["OperationStatus"],
            "wait": lambda _: wait(client, token),
        }
        for operation, name in self._steps:
            try:
                said.append(verbs[operation](name))
            except REFUSED as error:
                said.append(type(error).__name__)
                if self._gives_up:
                    break
        return said, groups(cloudcontrol)


def programs(steps: st.SearchStrategy[list[tuple[str, str]]]) -> st.SearchStrategy[Program]:
    """Return programs that create something, and make so many calls more."""
    return st.builds(
        Program, steps.map(lambda more: [CREATED, *more]), gives_up=st.booleans(), running=st.none() | st.just(1)
    )


def call_of(step: tuple[str, str]) -> tuple[str, str]:
    """Return what is the same of two steps if they make the same call."""
    return ("status", "") if step[0] == "wait" else step


LONG: Final = programs(st.lists(STEPS, min_size=1, max_size=5))
SHORT: Final = programs(st.lists(STEPS.filter(lambda step: step != CREATED), min_size=1, max_size=3, unique_by=call_of))
"""No call is made twice in these: errors that rules arrange are acts of the test, after which no call repeats."""

ERRORS: Final = ("lost answer", "ThrottlingException")


@pytest.mark.parametrize(("levels", "programs", "errors"), [(1, LONG, False), (2, SHORT, True)])
@given(data=st.data())
@settings(max_examples=4)
def test_without_moves_it_is_the_same(
    levels: int, programs: st.SearchStrategy[Program], data: st.DataObject, *, errors: bool
) -> None:
    """Where nothing can be pruned, the schedules, their order and what comes of each are those of brute force."""
    program = data.draw(programs)
    seen = Seen(program)
    covered = explore(seen, surprises=levels, moves=False, errors=ERRORS if errors else ())
    tried = list(brute_force(program, levels, moves=False, errors=errors))
    assert ["", *covered.schedules] == [each.line for each in tried]
    assert seen.outcomes[1:] == [each.outcome for each in tried]
    assert covered.pruned == 0


@pytest.mark.parametrize(("levels", "programs", "errors"), [(1, LONG, False), (2, SHORT, True)])
@given(data=st.data())
@settings(max_examples=4)
def test_pruning_loses_no_outcome(
    levels: int, programs: st.SearchStrategy[Program], data: st.DataObject, *, errors: bool
) -> None:
    """With moves, schedules are left out, but nothing that could come of the program."""
    program = data.draw(programs)
    seen = Seen(program)
    covered = explore(seen, surprises=levels, errors=ERRORS if errors else ())
    tried = list(brute_force(program, levels, errors=errors))
    assert set(covered.schedules) <= {each.line for each in tried}
    assert {each.outcome for each in tried} <= set(seen.outcomes)


@pytest.mark.parametrize(
    ("steps", "running"),
    [
        ([CREATED, ("create", "b"), ("status", ""), ("get", "b")], 1),
        ([CREATED, ("create", "b"), ("status", ""), ("status", ""), ("requests", "")], 1),
        ([CREATED, ("get", "a"), ("list", ""), ("get", "b"), ("delete", "a")], None),
        ([CREATED, ("wait", ""), ("update", "a"), ("get", "a"), ("list", "")], None),
    ],
)
def test_no_outcome_is_lost_of(steps: Sequence[tuple[str, str]], running: int | None) -> None:
    """Reads of what a move doesn't change, and answers that are equal though the calls aren't, lose no outcome."""
    program = Program(steps, gives_up=False, running=running)
    seen = Seen(program)
    covered = explore(seen, surprises=2, errors=())
    tried = list(brute_force(program, 2, errors=False))
    assert set(covered.schedules) <= {each.line for each in tried}
    assert {each.outcome for each in tried} == set(seen.outcomes)


# What is counted


def reads_of_another(cloudcontrol: CloudControl) -> None:
    """Create something, and look twice for what a move doesn't change, and then at what it does."""
    client = once(cloudcontrol)
    with suppress(*REFUSED):
        create(client)
    for name in ("other", "another", "orders"):
        with suppress(client.exceptions.ResourceNotFoundException):
            client.get_resource(TypeName=LOG_GROUP, Identifier=name)


def test_moves_before_reads_that_they_do_not_change() -> None:
    """A move before a read whose answer it doesn't change is one before the next call, and is run as that only."""
    covered = explore(reads_of_another, **NO_SURPRISES | {"moves": True})
    assert covered.schedules == ("call 4 GetResource: moved on",)
    assert covered.pruned == 3  # one with nothing due, and two before reads that don't change


def test_moves_with_nothing_due() -> None:
    """A move before a call for which nothing is due is no schedule, and is counted."""

    def looks(cloudcontrol: CloudControl) -> None:
        client = once(cloudcontrol)
        for _ in range(3):
            client.list_resource_requests()

    covered = explore(looks, **NO_SURPRISES | {"moves": True})
    assert (covered.schedules, covered.points, covered.pruned) == ((), 0, 3)


def test_crash_after_a_read() -> None:
    """A crash after a read is one before the next call, and is run as that only; after the last call it is run."""
    covered = explore(reads_of_another, **NO_SURPRISES | {"crashes": True})
    assert covered.schedules == (
        "call 1 CreateResource: crash before",
        "call 1 CreateResource: crash after",
        "call 2 GetResource: crash before",
        "call 3 GetResource: crash before",
        "call 4 GetResource: crash before",
        "call 4 GetResource: crash after",
    )
    assert covered.pruned == 2


def test_what_was_pruned_is_part_of_the_level() -> None:
    """What an exploration has run and what it has pruned are together all that there was to try."""
    program = Program([CREATED, ("get", "b"), ("status", "")], gives_up=False, running=None)
    covered = explore(program, **NO_SURPRISES | {"moves": True})
    by_hand = [each for each in brute_force(program, 1) if each.line.endswith("moved on")]
    assert len(covered.schedules) + covered.pruned == len(by_hand) + 1  # that before call 1, where nothing is due
