"""Forked processes: they have a copy of the mock, which isn't to answer, as the test would see nothing of it."""

from __future__ import annotations

from pytest_cloudcontrol.exceptions import Portable


class NotInThisProcess(RuntimeError, Portable):
    """Cloud Control was called in a process that was forked from the one in which the mock is active."""

    def __init__(self) -> None:
        super().__init__(
            "the mocked Cloud Control is active in the process that this one was forked from, which would see nothing "
            "of a call made here: make the calls there, or in threads instead of processes (as by "
            "ThreadPoolExecutor), or give this process a mock of its own: with mock_cloudcontrol()"
        )
