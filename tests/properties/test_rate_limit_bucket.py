"""``limit_rate`` beside a bucket of exact fractions, and at the end of mock time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest
from botocore.exceptions import ClientError
from hypothesis import given, settings
from hypothesis import strategies as st
from loops import go_on_after
from mock_time import START
from resource_types import LOG_GROUP
from retrying import once

from pytest_cloudcontrol import NoProgressError, mock_cloudcontrol


@settings(max_examples=60)
@given(
    calls=st.integers(1, 20),
    per=st.integers(1, 10**7),
    pauses=st.lists(st.integers(0, 3 * 10**6), max_size=40),
)
def test_as_a_bucket_of_fractions(calls: int, per: int, pauses: list[int]) -> None:
    """It lets through just what a bucket of exact fractions would, however odd the pace and the pauses."""
    level, full = Fraction(calls), Fraction(calls)
    with mock_cloudcontrol(start=START) as cloudcontrol:
        cloudcontrol.limit_rate(calls, timedelta(microseconds=per))
        client = once(cloudcontrol)
        for number, pause in enumerate(pauses):
            cloudcontrol.clock.advance(timedelta(microseconds=pause))
            level = min(full, level + Fraction(calls * pause, per))
            try:
                client.get_resource(TypeName=LOG_GROUP, Identifier=f"n{number}")
            except ClientError as error:
                is_through = error.response["Error"]["Code"] != "ThrottlingException"
            assert is_through == (level >= 1)
            level -= is_through


def test_end_of_mock_time() -> None:
    """At the end of mock time a loop that would have to wait beyond it is stopped."""
    with mock_cloudcontrol(start=datetime(9979, 12, 31, tzinfo=UTC), max_idle_calls=50) as cloudcontrol:
        cloudcontrol.limit_rate(1, per=timedelta(days=3650))
        client = once(cloudcontrol)
        with pytest.raises(NoProgressError):
            go_on_after(ClientError, client.list_resource_requests)
