"""What a test arranges beforehand: what all the verbs that arrange something need, and the handle that each returns.

The verbs are in rules.py (what comes instead of a handler call), faults.py (what goes wrong with API calls), work.py
(how the work goes) and callbacks.py (the test's own code in between).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_cloudcontrol.controls.requests import Handles
    from pytest_cloudcontrol.decisions.arranged import Arranged


class Arrangement:
    """A handle of what a test has arranged; every verb that arranges something returns one.

    Example:
        ```python
        throttled = cloudcontrol.add_error("ThrottlingException", times=5, api="CreateResource")
        client.create_resource(TypeName="AWS::SQS::Queue", DesiredState="{}")  # botocore tries again
        throttled.remove()
        client.create_resource(TypeName="AWS::SQS::Queue", DesiredState="{}")
        ```
    """

    __slots__ = ("_count", "_take_back", "_written")

    def __init__(self, written: Callable[[], str], count: Callable[[], int], take_back: Callable[[], None]) -> None:
        self._written = written
        self._count = count
        self._take_back = take_back

    def __repr__(self) -> str:
        return f"<{self._written()}, fired {self.fired} time{'' if self.fired == 1 else 's'}>"

    @property
    def fired(self) -> int:
        """How often it has taken effect so far: of a plan or a type for how many requests."""
        return self._count()

    def remove(self) -> None:
        """Take it back: it has no effect from now on, and need not have had any. Once more does nothing."""
        self._take_back()


class Arranging:
    """What all verbs that arrange something need."""

    __slots__ = ("_backend", "_handles")

    def __init__(self, handles: Handles) -> None:
        self._handles = handles
        self._backend = handles.backend

    def _arrange(self, arranged: Arranged, changed: Callable[[], object] = lambda: None) -> Arrangement:
        """Arrange something, which is an act of the test, and so is to take it back.

        Args:
            arranged: what.
            changed: what is to be done whenever it has come or gone.
        """
        clock, decisions = self._backend.clock, self._backend.world.decisions

        def take_back() -> None:
            with clock.lock:
                clock.note_act()
                decisions.remove(arranged)
            changed()

        with clock.lock:
            clock.note_act()
            decisions.add(arranged)
            arrangement = self._note(arranged, arranged.__str__, lambda: arranged.fired, take_back)
        changed()
        return arrangement

    def _note(
        self, what: object, text: Callable[[], str], fired: Callable[[], int], take_back: Callable[[], None]
    ) -> Arrangement:
        """Return the handle of something that is arranged, and note it in the ledger of the world."""
        clock, ledger = self._backend.clock, self._backend.world.ledger

        def strike_and_take_back() -> None:
            with clock.lock:
                ledger.strike(what)
            take_back()

        with clock.lock:
            ledger.note(what, text, fired, strike_and_take_back)
        return Arrangement(text, fired, strike_and_take_back)
