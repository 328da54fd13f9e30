"""Has modules of the user's own sleep on the mock clock, where the option ``patch_sleep`` names them.

``time.sleep`` and ``asyncio.sleep`` themselves are left alone. What is replaced are a module's own names for them and
for the two modules, whatever these names are; so code that imports them inside a function sleeps as ever.
"""

from __future__ import annotations

import asyncio
import pkgutil
import sys
import time
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, Final

from pytest_cloudcontrol.arguments import OptionError, did_you_mean
from pytest_cloudcontrol.transport.tasks import sleep_on_the_clock

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator
    from types import ModuleType

    from pytest_cloudcontrol.backend import Backend
    from pytest_cloudcontrol.transport.patches import Patches

_OPTION: Final = "patch_sleep"
_WHO: Final = "the code under test"


def put_in(patches: Patches, backend: Backend) -> None:
    """Let the modules that the option names sleep on the mock clock.

    Raises:
        OptionError: there is no such module, or it has nothing to sleep with.
    """
    for name in backend.options.patch_sleep:
        module, found = _imported(name), False
        for attribute, value in list(vars(module).items()):
            replacement = _replacement(value, patches, backend)
            if replacement is not None:
                found = True
                patches.replace(module, attribute, partial(_instead, replacement))
        if not found:
            raise OptionError(_OPTION, name, "a module that imports time or asyncio, or sleep of either, at its top")


def _instead(replacement: object, _original: object) -> object:
    return replacement


def _imported(name: str) -> ModuleType:
    try:
        return import_module(name)
    except ModuleNotFoundError as error:
        if error.name is None or not f"{name}.".startswith(f"{error.name}."):
            raise  # the module is there, and imports another that isn't
        question = did_you_mean(name, _names_near(name))
        raise OptionError(_OPTION, name, f"a module that can be imported{question and f'. {question}'}") from None


def _names_near(name: str) -> Iterator[str]:
    """Yield the names of the modules that may be meant: those beside it, and those that are imported already."""
    package = name.rpartition(".")[0]
    parent = sys.modules.get(package)
    for found in pkgutil.iter_modules(getattr(parent, "__path__", None) if package else None):
        yield f"{package}.{found.name}" if package else found.name
    yield from list(sys.modules)


def _replacement(value: object, patches: Patches, backend: Backend) -> object | None:
    """Return what takes the place of a module's attribute; None if it has nothing to do with sleeping."""
    if value is time:
        return ModuleThatSleeps(time, _sleep(time.sleep, patches, backend))
    if value is time.sleep:
        return _sleep(time.sleep, patches, backend)
    if value is asyncio:
        return ModuleThatSleeps(asyncio, _sleep_in_a_task(asyncio.sleep, patches, backend))
    if value is asyncio.sleep:
        return _sleep_in_a_task(asyncio.sleep, patches, backend)
    return None


class ModuleThatSleeps:
    """Stands for a module, in a module of the user's own: everything as there, but for its ``sleep``."""

    def __init__(self, original: ModuleType, sleep: Callable[..., object]) -> None:
        self._original = original
        self.sleep = sleep

    def __getattr__(self, name: str) -> object:
        return getattr(self._original, name)


def _sleep(original: Callable[[float], None], patches: Patches, backend: Backend) -> Callable[[float], None]:
    def sleep(seconds: float, /) -> None:
        if not patches.are_in or not seconds > 0:  # what isn't valid, the original refuses
            original(seconds)
        else:
            backend.sleeps.of_waiter(seconds, _WHO)

    return sleep


def _sleep_in_a_task(
    original: Callable[..., Awaitable[object]], patches: Patches, backend: Backend
) -> Callable[..., Awaitable[object]]:
    async def sleep(delay: float, result: object = None) -> object:
        if not patches.are_in or not delay > 0:
            return await original(delay, result)
        await sleep_on_the_clock(backend, delay, _WHO)
        return result

    return sleep
