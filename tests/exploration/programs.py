"""The code under test of these tests: small programs that drive Cloud Control, and what came of their runs."""

from __future__ import annotations

from collections import Counter
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

from botocore.exceptions import BotoCoreError, ClientError
from calls import create, status, wait
from resource_types import LOG_GROUP
from retrying import standard

from pytest_cloudcontrol import explore

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_cloudcontrol import CloudControl

NO_SURPRISES: Final[dict[str, Any]] = {"cancels": False, "failures": (), "errors": (), "moves": False}
"""The arguments that switch off every kind of surprise that is on by default."""

REFUSED: Final = (BotoCoreError, ClientError)
"""What botocore raises where a call, or what a waiter waits for, has failed."""


def deploy(cloudcontrol: CloudControl) -> None:
    """Create a log group and wait for it; whatever AWS answers is borne."""
    client = standard(cloudcontrol)
    with suppress(*REFUSED):
        wait(client, create(client))


def deploy_two(cloudcontrol: CloudControl) -> None:
    """Create two log groups at once, and poll each once; whatever AWS answers is borne."""
    client = standard(cloudcontrol)
    with suppress(*REFUSED):
        tokens = [create(client, name) for name in ("a", "b")]
        for token in tokens:
            status(client, token)


def poll(cloudcontrol: CloudControl) -> None:
    """Create a log group, and poll its request once; whatever AWS answers is borne."""
    client = standard(cloudcontrol)
    with suppress(*REFUSED):
        status(client, create(client))


def groups(cloudcontrol: CloudControl) -> dict[str, object]:
    """Return the retention of each log group that there is, by its name."""
    there = (resource for resource in cloudcontrol.resources if resource.type_name == LOG_GROUP)
    return {resource.identifier: resource.properties.get("RetentionInDays") for resource in there}


class Seen:
    """A scenario that notes what each of its runs came to, and never fails.

    Args:
        program: runs, and returns what it came to; what botocore raises is that, too.

    Attributes:
        outcomes: what came of each run, in order; of the plain run twice.
    """

    def __init__(self, program: Callable[[CloudControl], object]) -> None:
        self.outcomes: list[str] = []
        self._program = program

    def __call__(self, cloudcontrol: CloudControl) -> None:
        """Run the program, and note what it came to."""
        try:
            outcome = str(self._program(cloudcontrol))
        except REFUSED as error:
            outcome = type(error).__name__
        self.outcomes.append(outcome)


def at(program: Callable[[CloudControl], object], line: str, **arguments: Any) -> str:
    """Return what came of a program under one replay line."""
    seen = Seen(program)
    assert explore(seen, replay=line, **arguments).schedules == (line,)
    (outcome,) = seen.outcomes
    return outcome


def tried(program: Callable[[CloudControl], object], **arguments: Any) -> list[str]:
    """Return the replay lines of what an exploration has run."""
    return list(explore(program, **arguments).schedules)


def repeated(values: list[str]) -> list[str]:
    """Return what is in a list more than once."""
    return [value for value, count in Counter(values).items() if count > 1]
