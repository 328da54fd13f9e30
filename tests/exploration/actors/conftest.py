"""What holds after each test of actors."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(autouse=True)
def _nothing_lives_on() -> Iterator[None]:
    """Assert that no thread lives on that the test has started, and that all that was replaced is back."""
    replaced = (threading.Lock, threading.RLock, threading.Thread.start, threading.Thread.join)
    before = threading.enumerate()
    yield
    assert [thread for thread in threading.enumerate() if thread not in before] == []
    assert (threading.Lock, threading.RLock, threading.Thread.start, threading.Thread.join) == replaced
