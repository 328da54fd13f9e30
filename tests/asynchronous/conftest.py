"""What is about aiobotocore, which pins botocore, runs where that is installed: tox has environments for it."""

from __future__ import annotations

import asyncio
from importlib.util import find_spec
from typing import TYPE_CHECKING, Final

import pytest

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

collect_ignore: Final = [
    name
    for name, libraries in {
        "test_aiobotocore.py": ("aiobotocore",),
        "test_aiobotocore_tasks.py": ("aiobotocore",),
        "test_flowing_time.py": ("aiobotocore",),
        "test_aioboto3.py": ("aioboto3",),
        "test_plugins.py": ("aiobotocore", "pytest_asyncio"),
        "test_trio.py": ("aiobotocore", "httpx2", "trio"),
    }.items()
    if not all(map(find_spec, libraries))
]


@pytest.fixture
def asleep(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Note what is really slept in a task, instead of sleeping so long; to give way is no sleep."""
    sleeps: list[float] = []
    real: Callable[[float], Awaitable[None]] = asyncio.sleep

    async def sleep(seconds: float) -> None:
        if seconds:
            sleeps.append(seconds)
        await real(0)

    monkeypatch.setattr(asyncio, "sleep", sleep)
    return sleeps
