"""The clock, as a test holds it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from pytest_cloudcontrol.arguments import OptionError, duration, finite_number, true_or_false
from pytest_cloudcontrol.clock import END

if TYPE_CHECKING:
    from pytest_cloudcontrol.arguments import Duration
    from pytest_cloudcontrol.clock import MockClock


class Clock:
    """The mock clock of one mocked Cloud Control.

    It starts at the option ``start``, or at the real time cut to a whole millisecond, and stands still. While
    ``auto_advance`` is on, code that waits moves it; when it is off, only the test does. With a ``rate`` it flows.
    """

    # With slots a misspelt attribute is refused instead of being made.
    __slots__ = ("_clock",)

    def __init__(self, clock: MockClock) -> None:
        self._clock = clock

    def __repr__(self) -> str:
        return f"<Clock {self.now().isoformat()}>"

    @property
    def auto_advance(self) -> bool:
        """Whether waiting code moves the clock; a test may switch it at any time."""
        return self._clock.auto_advance

    @auto_advance.setter
    def auto_advance(self, on: bool) -> None:
        self._clock.auto_advance = true_or_false(on, "auto_advance")

    @property
    def rate(self) -> float:
        """How many seconds of mock time pass in a second of real time; 0, which it is at first, lets it stand still.

        Where it flows, each call to Cloud Control, and each look at this clock, finds done what has fallen due since.
        A server does it by itself. Setting what is no finite number of at least 0 is an OptionError.

        Example:
            ```python
            client.create_resource(TypeName="AWS::SQS::Queue", DesiredState="{}")
            cloudcontrol.clock.rate = 1000
            time.sleep(0.01)
            assert cloudcontrol.clock.now() >= cloudcontrol.requests.last.accepted_at + timedelta(seconds=10)
            assert cloudcontrol.requests.last.status == "SUCCESS"
            ```
        """
        return self._clock.rate

    @rate.setter
    def rate(self, rate: float) -> None:
        self._clock.rate = finite_number(rate, "rate")

    def now(self) -> datetime:
        """Return the mock time, aware and in UTC. Reading it changes nothing, but where time flows by itself."""
        self._clock.catch_up()
        return self._clock.now()

    def advance(self, time: Duration) -> datetime:
        """Move the clock on; everything that falls due on the way is done, each at its own instant.

        Args:
            time: a timedelta, or a number of seconds. ``advance(0)`` does what is overdue.

        Returns:
            The new time.

        Raises:
            OptionError: the time is negative, or no time at all: the clock never runs backwards; or it leads beyond the
                end of mock time, the year 9980.

        Example:
            ```python
            client.create_resource(TypeName="AWS::SQS::Queue", DesiredState="{}")
            cloudcontrol.clock.advance(timedelta(days=7))
            assert (cloudcontrol.requests.last.status, cloudcontrol.requests.last.expired) == ("SUCCESS", True)
            ```
        """
        clock = self._clock
        length = duration(time, "time")
        clock.catch_up()
        with clock.lock:  # another thread may move the clock too
            if length >= END - clock.now():
                raise OptionError("time", time, f"less than the time from now, {clock.now()}, to {END}")
            target = clock.now() + length
            clock.note_move()
        clock.run_until(target)
        return clock.now()

    def move_to(self, instant: datetime) -> datetime:
        """Move the clock to an instant, doing on the way what falls due.

        Args:
            instant: an aware datetime, of any time zone, not before ``now()``.

        Returns:
            The new time.

        Raises:
            OptionError: the instant has no time zone, or lies in the past of the clock or beyond the end of mock time,
                the year 9980.

        Example:
            ```python
            client.create_resource(TypeName="AWS::SQS::Queue", DesiredState="{}")
            request = cloudcontrol.requests.last
            cloudcontrol.clock.move_to(request.next_step_at)
            assert request.steps == 1
            ```
        """
        clock = self._clock
        if not isinstance(instant, datetime) or instant.tzinfo is None:
            raise OptionError("instant", instant, "an aware datetime, such as datetime(2030, 1, 1, tzinfo=UTC)")
        try:
            target = instant.astimezone(UTC)
        except OverflowError:
            target = END
        if target >= END:
            raise OptionError("instant", instant, f"an instant before {END}")
        clock.catch_up()
        if target < clock.now():
            raise OptionError(
                "instant", instant, f"an instant not before the clock's now, {clock.now()}: it never runs backwards"
            )
        clock.note_move()
        clock.run_until(target)
        return clock.now()

    def advance_to_next(self) -> bool:
        """Move the clock to the next piece of work that is due, and do what falls due then.

        The expiry of a request isn't work: it is passed, not stopped at.

        Returns:
            False when nothing is due any more; the clock stays where it is then. Work of a request that expires before
            it is due, or just then, is never done: where no other is due, the clock has gone there, and False it is.

        Example:
            ```python
            client.create_resource(TypeName="AWS::SQS::Queue", DesiredState="{}")
            while cloudcontrol.clock.advance_to_next():
                pass
            assert cloudcontrol.requests.last.status == "SUCCESS"
            ```
        """
        clock = self._clock
        clock.catch_up()
        clock.note_move()
        while True:
            with clock.lock:
                entry = clock.work.head()
                if entry is None:
                    return False
                target = max(entry.at, clock.now())
                clock.jump_to(target)
            if entry.pending:  # and not of a request that has expired on the way
                clock.run_until(target)
                return True
            clock.do_deferred()
