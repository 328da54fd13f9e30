"""The plugin's own tests run with the plugin, and with pytester to look at it from outside."""

from __future__ import annotations

import gc
import time
from importlib.util import find_spec
from shutil import which
from typing import TYPE_CHECKING, Final

import pytest
from hypothesis import settings

if TYPE_CHECKING:
    from collections.abc import Iterator

HAS_BROWSER: Final = which("chromium") and which("chromedriver") and find_spec("selenium")
collect_ignore: Final = [] if HAS_BROWSER else ["server/test_page.py"]

pytest_plugins = ["pytester", "machine"]

# No test depends on how fast the machine is just then.
settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")

# So that its assertions say what they have compared, as those in the tests do.
pytest.register_assert_rewrite("threads", "consistency")


@pytest.fixture(scope="session", autouse=True)
def _garbage_is_collected_seldom() -> Iterator[None]:
    """Let Python look for garbage seldom: among so many clients and schemas that takes a tenth of the time."""
    before = gc.get_threshold()
    gc.set_threshold(100_000, 20, 20)
    yield
    gc.set_threshold(*before)


@pytest.fixture
def slept(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Replace the real time.sleep; return the sleeps that were asked of it."""
    sleeps: list[float] = []
    monkeypatch.setattr(time, "sleep", sleeps.append)
    return sleeps
