"""Where a clock starts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

from pytest_cloudcontrol import mock_cloudcontrol


def test_starts_now_in_whole_milliseconds() -> None:
    """Without the option `start` it starts at the real time, in UTC and cut to a millisecond."""
    before = datetime.now(UTC)
    with mock_cloudcontrol() as cloudcontrol:
        now = cloudcontrol.clock.now()
    assert before - timedelta(milliseconds=1) < now <= datetime.now(UTC)
    assert (now.tzinfo, now.microsecond % 1000) == (UTC, 0)


def test_start_in_another_time_zone_is_the_same_instant() -> None:
    """A start with another offset is read back in UTC."""
    start = datetime(2030, 1, 1, 17, 30, tzinfo=timezone(timedelta(hours=5.5)))
    with mock_cloudcontrol(start=start) as cloudcontrol:
        assert cloudcontrol.clock.now().isoformat() == "2030-01-01T12:00:00+00:00"


def test_reset_goes_back_to_the_start() -> None:
    """A reset is the one way back: the clock stands at its start again."""
    with mock_cloudcontrol() as cloudcontrol:
        start = cloudcontrol.clock.now()
        cloudcontrol.clock.advance(60)
        cloudcontrol.reset()
        assert cloudcontrol.clock.now() == start
