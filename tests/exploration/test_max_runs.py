"""How many schedules are run at most, and what is said of those that are left."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from botocore.exceptions import ReadTimeoutError
from programs import NO_SURPRISES, Seen, deploy, deploy_two
from retrying import once

from pytest_cloudcontrol import TooManySchedules, explore

if TYPE_CHECKING:
    from pytest_cloudcontrol import CloudControl

WAY_OUT = (
    "What to do: give a larger max_runs, fewer surprises, or switch kinds of surprises off "
    "(cancels, failures, errors, moves, interleavings); shards=N of the marker divides them."
)


def test_in_the_first_level() -> None:
    """What is left of the level is told, and that the rest has passed."""
    seen = Seen(deploy)
    with pytest.raises(TooManySchedules) as caught:
        explore(seen, surprises=3, max_runs=5)
    assert str(caught.value) == (
        f"5 schedules were run, and have passed, but max_runs=5 leaves 9 of the 13 with 1 surprise.\n{WAY_OUT}"
    )
    assert (caught.value.runs, caught.value.left) == (5, 9)
    assert len(seen.outcomes) == 6


def test_in_the_second_level() -> None:
    """After the first level it is told how many each further level would take, as far as that can be told."""
    with pytest.raises(TooManySchedules) as caught:
        explore(deploy, surprises=4, max_runs=20)
    assert str(caught.value) == (
        "20 schedules were run, and have passed, but max_runs=20 leaves 23 of the 29 with 2 surprises.\n"
        "Those with 3 would be about 33.\n"
        "Those with 4 would be about 20.\n"
        f"{WAY_OUT}"
    )
    assert (caught.value.runs, caught.value.left) == (20, 23)


def test_none_but_the_plain_run() -> None:
    """With max_runs=1 only the plain run is made, which is enough where nothing may surprise."""
    assert explore(deploy, max_runs=1, **NO_SURPRISES).runs == 1
    with pytest.raises(TooManySchedules, match=r"^1 schedule was run, and has passed, but max_runs=1 leaves 13 of"):
        explore(deploy, max_runs=1)


def test_just_enough() -> None:
    """As many as there are is enough."""
    runs = explore(deploy).runs
    assert explore(deploy, max_runs=runs).runs == runs
    with pytest.raises(TooManySchedules) as caught:
        explore(deploy, max_runs=runs - 1)
    assert caught.value.left == 1


def test_a_failure_among_them_is_the_failure() -> None:
    """Where a schedule that is run fails, that is what is told, however many are left."""

    def scenario(cloudcontrol: CloudControl) -> None:
        for _ in range(5):
            once(cloudcontrol).list_resource_requests()

    with pytest.raises(ReadTimeoutError):
        explore(scenario, surprises=3, max_runs=2)


def test_pruned_ones_do_not_count() -> None:
    """What is pruned while it is run counts for nothing."""
    covered = explore(deploy_two, errors=())
    assert covered.pruned > 0
    assert explore(deploy_two, errors=(), max_runs=covered.runs) == covered
