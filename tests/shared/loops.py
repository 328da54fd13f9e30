"""Loops of code under test that would go on for ever."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Final

import pytest
from calls import status
from mock_time import START

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from types_boto3_cloudcontrol import CloudControlApiClient

ENOUGH: Final = 1200
"""So many calls are made at most before a loop is stopped."""

ON: Final = pytest.mark.cloudcontrol(start=START)
OFF: Final = pytest.mark.cloudcontrol(start=START, auto_advance=False)


def rounds() -> Iterator[int]:
    """Yield the rounds of a loop that should come to an end: more than it should get, and then fail the test."""
    yield from range(ENOUGH + 1)
    pytest.fail("the loop has not come to an end")


def loop(client: CloudControlApiClient, *tokens: str, until: str = "SUCCESS") -> None:
    """Poll requests in turn until one of them has a status."""
    for _ in rounds():
        if until in [status(client, token) for token in tokens]:
            break


def go_on_after(errors: type[Exception], call: Callable[[], object]) -> None:
    """Make a call again and again, whatever it raises of some errors: a loop that never ends by itself."""
    for _ in rounds():
        with suppress(errors):
            call()
