"""Every schedule comes, each set of surprises once, those with the fewest first, and always in the same order."""

from __future__ import annotations

from contextlib import suppress
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final

import pytest
from calls import create
from programs import NO_SURPRISES, REFUSED, Seen, deploy, deploy_two, groups, poll, repeated, tried
from retrying import once

from pytest_cloudcontrol import explore

if TYPE_CHECKING:
    from pytest_cloudcontrol import CloudControl

EVERYTHING: Final[dict[str, Any]] = {"expiries": True, "crashes": True, "stale_reads": True}

OF_A_POLL: Final = [
    "call 1 CreateResource: lost answer",
    "call 1 CreateResource: ThrottlingException",
    "call 2 GetResourceRequestStatus: moved on",
    "call 2 GetResourceRequestStatus: lost answer",
    "call 2 GetResourceRequestStatus: ThrottlingException",
]
"""What may happen to a program that creates something and polls it once."""


def test_nothing_that_may_surprise() -> None:
    """With every kind of surprise off, only the plain run is made."""
    covered = explore(deploy, surprises=3, **NO_SURPRISES)
    assert (covered.runs, covered.points, covered.pruned, covered.schedules) == (1, 0, 0, ())
    assert set(covered.surprises.values()) == {0}


def test_no_surprises() -> None:
    """With surprises=0 only the plain run is made, and its points are counted."""
    covered = explore(deploy, surprises=0)
    assert (covered.runs, covered.points, covered.schedules) == (1, 6, ())


def test_one_surprise() -> None:
    """Each option of each point of the plain run comes by itself, in the order of the points."""
    assert tried(poll) == OF_A_POLL


def test_waiting_meets_the_steps() -> None:
    """A step that waiting brings is a point where it comes: between the calls that wait for it."""
    assert [line.partition(":")[0] for line, _ in groupby(tried(deploy, failures=(), errors=(), moves=False))] == [
        "request 1 step 1",
        "request 1 step 2",
        "request 1 step end",
    ]


@pytest.mark.parametrize(
    ("program", "everything"),
    [(poll, EVERYTHING), (deploy, EVERYTHING), (deploy_two, {})],
    ids=["poll", "deploy", "deploy_two"],
)
def test_each_set_once(program: Any, everything: dict[str, Any]) -> None:
    """No set of surprises comes twice, whatever there may be, and no two lines say the same."""
    lines = tried(program, surprises=2, **everything)
    assert repeated(["; ".join(sorted(line.split("; "))) for line in lines]) == []


@pytest.mark.parametrize("program", [poll, deploy])
def test_level_by_level(program: Any) -> None:
    """First come all schedules with one surprise, then all with two: what is found first has the fewest."""
    counts = [line.count("; ") + 1 for line in tried(program, surprises=2, errors=("lost answer",))]
    assert counts == sorted(counts)
    assert set(counts) == {1, 2}


def test_the_same_order_each_time() -> None:
    """The same code is explored in the same order, with the same counts."""
    assert explore(deploy_two, surprises=2) == explore(deploy_two, surprises=2)


def test_a_level_holds_the_ones_before() -> None:
    """A larger number of surprises adds schedules at the end, and changes none before."""
    one, two = tried(deploy), tried(deploy, surprises=2)
    assert two[: len(one)] == one


def test_two_surprises() -> None:
    """A second surprise comes at a later point, or later at the same point in the written order."""
    assert tried(poll, surprises=2, errors=("lost answer",), failures=())[3:] == [
        "call 1 CreateResource: lost answer; request 1 step 1: CANCELLED",
        "call 2 GetResourceRequestStatus: moved on; request 1 step 1: CANCELLED",
        "call 2 GetResourceRequestStatus: moved on; call 2 GetResourceRequestStatus: moved on",
        "call 2 GetResourceRequestStatus: moved on; call 2 GetResourceRequestStatus: lost answer",
        "call 2 GetResourceRequestStatus: lost answer; request 1 step 1: CANCELLED",
    ]


def test_runs_are_counted() -> None:
    """Of an exploration that has passed, the runs are its schedules and the plain run; the plain run is made twice."""
    seen = Seen(lambda cloudcontrol: groups(cloudcontrol))
    covered = explore(seen, surprises=2)
    assert covered.runs == len(covered.schedules) + 1
    assert len(seen.outcomes) == covered.runs + 1


def test_surprises_are_counted_by_kind() -> None:
    """Each surprise of each schedule is counted, by its kind; the kinds that weren't tried are there with 0."""
    covered = explore(poll, surprises=2, errors=("lost answer",))
    words = [part.rpartition(": ")[2] for line in covered.schedules for part in line.split("; ")]
    assert covered.surprises == {
        "moved on": words.count("moved on"),
        "others": 0,
        "lost answer": words.count("lost answer"),
        "error": 0,
        "crash": 0,
        "stale": 0,
        "cancelled": words.count("CANCELLED"),
        "failed": words.count("FAILED GeneralServiceException"),
        "expired": 0,
        "first": 0,
    }


def test_what_was_covered_in_words() -> None:
    """An Exploration says in one line what was covered."""
    assert str(explore(poll)) == "6 schedules at 2 points (1 moved on, 2 lost answer, 2 error), 1 pruned"
    assert str(explore(poll, surprises=0)) == "1 schedule at 2 points (no surprises), 0 pruned"


def test_children_follow_their_own_run() -> None:
    """A schedule's children are at the calls that its own run makes, which the plain run may not have."""

    def twice(cloudcontrol: CloudControl) -> None:
        client = once(cloudcontrol)
        try:
            create(client)
        except client.exceptions.ThrottlingException:
            with suppress(*REFUSED):
                create(client)

    assert tried(twice, **NO_SURPRISES | {"surprises": 3, "errors": ("ThrottlingException",)}) == [
        "call 1 CreateResource: ThrottlingException",
        "call 1 CreateResource: ThrottlingException; call 2 CreateResource: ThrottlingException",
    ]
