"""Chance repeats from run to run; and after an exploration all is as it was before, also after a failure."""

from __future__ import annotations

import gc
import itertools
import os
import random
import secrets
import tracemalloc
import uuid
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from botocore.exceptions import ClientError
from calls import create
from programs import NO_SURPRISES, Seen, deploy
from refusals import ERROR_CODES
from retrying import once

from pytest_cloudcontrol import explore, mock_cloudcontrol

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pytest_cloudcontrol import CloudControl


@pytest.mark.parametrize(
    "draw",
    [
        random.random,
        uuid.uuid4,
        secrets.token_hex,
        lambda: os.urandom(4),
        random.SystemRandom().random,
        lambda: random.sample(range(100), 3),
        lambda: secrets.choice("abc") + secrets.token_urlsafe(3),
    ],
)
def test_chance_repeats(draw: Callable[[], object]) -> None:
    """What is drawn by chance in a run is drawn in each, and not the same twice in one."""

    def program(cloudcontrol: CloudControl) -> object:
        drawn = [draw() for _ in range(5)]
        once(cloudcontrol).list_resource_requests()
        return drawn, len({str(each) for each in drawn}) > 1

    seen = Seen(program)
    explore(seen, errors=())
    assert len(set(seen.outcomes)) == 1
    assert seen.outcomes[0].endswith("True)")


def test_names_by_chance() -> None:
    """A scenario that makes its names with uuid4 can be explored."""

    def scenario(cloudcontrol: CloudControl) -> None:
        create(cloudcontrol.client(), f"group-{uuid.uuid4()}")

    assert explore(scenario, errors=(), surprises=2).runs > 0


def test_another_seed() -> None:
    """Another seed of the mock draws otherwise."""
    drawn = []
    for seed in ("one", "two"):
        seen = Seen(lambda _: random.random())
        explore(seen, seed=seed)
        drawn.append(seen.outcomes[0])
    assert drawn[0] != drawn[1]


def test_chance_of_setup() -> None:
    """What setup draws doesn't hang on the run either."""
    drawn: list[float] = []
    explore(deploy, setup=lambda _: drawn.append(random.random()))
    assert len(set(drawn)) == 1


@pytest.fixture(params=["passes", "fails", "is refused", "is ended"])
def explored(request: pytest.FixtureRequest) -> Callable[[], None]:
    """Return what explores: something that passes, fails, is refused, or is interrupted."""

    def scenario(cloudcontrol: CloudControl) -> None:
        random.random()
        uuid.uuid4()
        os.environ["MADE_BY_THE_SCENARIO"] = "1"
        boto3.client("cloudcontrol").list_resource_requests()
        deploy(cloudcontrol)
        if cloudcontrol.requests.last.status != "SUCCESS":
            if request.param == "fails":
                raise AssertionError("as wanted")
            if request.param == "is ended":
                raise KeyboardInterrupt

    def explores() -> None:
        arguments: dict[str, Any] = {"max_runs": 2} if request.param == "is refused" else {}
        if request.param == "passes":
            explore(scenario, **NO_SURPRISES)
        else:
            with pytest.raises(BaseException):  # noqa: B017, PT011  # whichever it is
                explore(scenario, errors=(), **arguments)
        del os.environ["MADE_BY_THE_SCENARIO"]

    return explores


@pytest.fixture
def session() -> Iterator[None]:
    """Have a default session of boto3."""
    before = boto3.DEFAULT_SESSION
    boto3.setup_default_session(region_name="eu-central-1")
    yield
    boto3.DEFAULT_SESSION = before


@pytest.mark.usefixtures("session")
def test_as_before(explored: Callable[[], None]) -> None:
    """Chance goes on where it was; environment, default session and os.urandom are as before; no mock is active."""

    def there() -> list[object]:
        return [random.getstate(), os.urandom, vars(random)["_urandom"], dict(os.environ), boto3.DEFAULT_SESSION]

    before = there()
    explored()
    assert there() == before
    with mock_cloudcontrol() as cloudcontrol:
        assert cloudcontrol.undisturbed().__enter__() is None
        assert len(cloudcontrol.calls) == 0


def test_after_an_exploration_nothing_surprises(explored: Callable[[], None]) -> None:
    """A mock after an exploration is as any other."""
    explored()
    with mock_cloudcontrol() as cloudcontrol:
        deploy(cloudcontrol)
        assert cloudcontrol.requests.last.status == "SUCCESS"


def test_memory_is_flat() -> None:
    """What a run takes is given back: a hundred of them keep little more than their replay lines."""
    taken: list[int] = []
    runs = itertools.count(1)

    def program(cloudcontrol: CloudControl) -> None:
        client = once(cloudcontrol)
        for number in range(3):
            with suppress(ClientError):
                create(client, f"group{number}")
        if next(runs) in {30, 125}:
            gc.collect()
            taken.append(tracemalloc.get_traced_memory()[0])

    errors = [code for code in ERROR_CODES.split(", ") if code.endswith("Exception")][:6]
    tracemalloc.start()
    covered = explore(program, **NO_SURPRISES | {"errors": errors, "surprises": 2})
    tracemalloc.stop()
    early, late = taken
    assert covered.runs == 1 + 3 * 6 + 3 * 6 * 6
    assert late - early < 200_000
