"""Somebody else: a function of ``others``, which comes before a call of the code under test; and what it does there."""

from __future__ import annotations

from contextvars import ContextVar
from typing import TYPE_CHECKING, Final

from pytest_cloudcontrol.arguments import refuse_unfinished
from pytest_cloudcontrol.exploration.changes import changes, what_there_is
from pytest_cloudcontrol.exploration.surprises import name_of

if TYPE_CHECKING:
    from pytest_cloudcontrol.backend import Backend
    from pytest_cloudcontrol.controls.cloudcontrol import CloudControl
    from pytest_cloudcontrol.exploration.surprises import Other
    from pytest_cloudcontrol.service.calls import CallRecord

_UNFINISHED: Final = "something that has run: a coroutine would never be awaited, nor a generator run"
_WHO: Final[ContextVar[str]] = ContextVar("who", default="")


class Somebody:
    """Calls the functions of ``others``, and writes down what each has changed.

    Args:
        backend: the mock.
        cloudcontrol: the mock as they get it.

    Attributes:
        error: what one of them has raised: it ends the exploration.
    """

    def __init__(self, backend: Backend, cloudcontrol: CloudControl) -> None:
        self.error: BaseException | None = None
        self._backend = backend
        self._cloudcontrol = cloudcontrol

    def comes(self, other: Other) -> None:
        """Call a function of ``others``; its calls and its changes stand in the timeline under its name."""
        name = f"{name_of(other)}():"
        before = what_there_is(self._backend)
        token = _WHO.set(name)
        try:
            refuse_unfinished(f"{name_of(other)}'s result", other(self._cloudcontrol), _UNFINISHED)
        except BaseException as error:
            self.error = error
            raise
        finally:
            _WHO.reset(token)
        world = self._backend.world
        for change in changes(before, what_there_is(self._backend)):
            world.journal.remark(world.clock.now(), f"{name} {change}")

    def sign(self, call: CallRecord) -> None:
        """Have a call stand in the timeline under the name of the function that makes it, if one does."""
        call.label = call.label or _WHO.get()
