"""API errors and callbacks that a test has arranged for calls."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pytest_cloudcontrol.requests.rules import RunningCallbacks, call_back
from pytest_cloudcontrol.service.errors import ServiceError

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_cloudcontrol.service.calls import Call
    from pytest_cloudcontrol.vocabulary import Api


@dataclass(slots=True)
class Fault:
    """An error that calls are answered with, before the service looks at them."""

    code: str
    message: str
    api: Api | None
    times: int
    optional: bool
    fired: int = 0

    def __str__(self) -> str:
        given = [repr(self.code)]
        if self.api is not None:
            given.append(f"api={self.api.value!r}")
        if self.times != 1:
            given.append(f"times={self.times}")
        return f"add_error({', '.join(given)})"


@dataclass(frozen=True, slots=True)
class BeforeCall:
    """The test's own code, to be run right before a call is answered."""

    callback: Callable[..., object]
    api: Api
    type_name: str | None

    def run(self, call: Call) -> None:
        """Run it if the call is one that is meant, with the call if it takes an argument."""
        if call.operation is self.api and self.type_name in (None, call.input.get("TypeName")):
            call_back(self.callback, call)


class Faults:
    """What one test has arranged for calls."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []
        self.before: list[BeforeCall] = []
        self._running = RunningCallbacks()

    def raise_next(self, target: str) -> None:
        """Raise the error that a call is to be answered with, if one was arranged, and count it as fired."""
        for fault in self.faults:
            if fault.fired < fault.times and fault.api in (None, target):
                fault.fired += 1
                raise ServiceError(fault.code, fault.message)

    def run_before(self, call: Call) -> None:
        """Run what comes before a call; a callback that makes such a call itself isn't run again for that one."""
        for before in self.before:
            self._running.run(before, before.run, call)

    def unfired(self) -> list[Fault]:
        """Return the errors that no call was answered with, but for optional ones."""
        return [fault for fault in self.faults if not fault.fired and not fault.optional]
