"""Where a clock starts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from pytest_cloudcontrol import OptionError, mock_cloudcontrol


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


@pytest.mark.parametrize(
    "start",
    [
        pytest.param(datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=5))), id="before the year 1"),
        pytest.param(datetime(9980, 1, 1, tzinfo=UTC), id="at the end of mock time"),
        pytest.param(datetime(9979, 12, 31, 23, tzinfo=timezone(timedelta(hours=-1))), id="there in UTC"),
        pytest.param(datetime(9999, 12, 31, 23, tzinfo=timezone(timedelta(hours=-5))), id="after the year 9999"),
    ],
)
def test_start_beyond_mock_time_is_refused(start: datetime) -> None:
    """A start that isn't in mock time as UTC counts it is refused at once."""
    with pytest.raises(OptionError) as refused:
        mock_cloudcontrol(start=start)
    expected = "expected an aware datetime such as 2030-01-01T00:00:00+00:00"
    assert str(refused.value) == f"start={start!r} is not valid: {expected}"


@pytest.mark.parametrize(
    "start",
    [
        datetime(1, 1, 1, tzinfo=UTC),
        datetime(9979, 12, 31, 23, 59, tzinfo=UTC),
        datetime(9980, 1, 1, tzinfo=timezone(timedelta(hours=1))),
    ],
    ids=str,
)
def test_first_and_last_start(start: datetime) -> None:
    """The clock may start anywhere in mock time."""
    with mock_cloudcontrol(start=start) as cloudcontrol:
        assert cloudcontrol.clock.now() == start
