"""Any faults that a test may arrange, one after the other, for calls of a client that retries as it likes."""

from __future__ import annotations

from contextlib import suppress
from itertools import chain
from typing import TYPE_CHECKING, Final

import pytest
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from calls import create
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from mock_time import START
from retrying import codes

from pytest_cloudcontrol import mock_cloudcontrol

if TYPE_CHECKING:
    from retrying import Mode

NEVER_SENT: Final = ["ConnectTimeoutError", "EndpointConnectionError"]
OTHERS: Final = [
    *("ReadTimeoutError", "ConnectionClosedError", "ThrottlingException", "InternalFailure", "ServiceUnavailable"),
    *("RequestTimeoutException", "AccessDeniedException", "ExpiredTokenException", "ValidationException"),
    *("ServiceInternalErrorException", "AlreadyExistsException", "RequestEntityTooLargeException"),
]
FAULTS: Final = st.tuples(st.sampled_from(OTHERS), st.booleans()) | st.tuples(
    st.sampled_from(NEVER_SENT), st.just(value=False)
)


@pytest.mark.parametrize("mode", ["legacy", "standard", "adaptive"])
@given(
    faults=st.lists(st.tuples(FAULTS, st.integers(1, 3)), max_size=4),
    attempts=st.integers(1, 6),
    auto_advance=st.booleans(),
)
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_each_try_meets_the_next(
    slept: list[float],
    mode: Mode,
    faults: list[tuple[tuple[str, bool], int]],
    attempts: int,
    *,
    auto_advance: bool,
) -> None:
    """Each try meets the next fault arranged, the calls of one token make one request at most, and nobody sleeps."""
    tries = list(chain.from_iterable([fault] * times for fault, times in faults))
    with mock_cloudcontrol(start=START, auto_advance=auto_advance) as cloudcontrol:
        rules = [
            cloudcontrol.add_error(code, after=is_after, times=times, optional=True)
            for (code, is_after), times in faults
        ]
        client = cloudcontrol.client(config=Config(retries={"mode": mode, "total_max_attempts": attempts}))
        with suppress(ClientError, BotoCoreError):
            create(client)
        met = len(cloudcontrol.calls)
        assert 1 <= met <= attempts
        assert codes(cloudcontrol) == [*(code for code, _ in tries), None][:met]
        assert sum(rule.fired for rule in rules) == min(met, len(tries))
        carried_out = [*(is_after for _, is_after in tries), True][:met]
        assert len(cloudcontrol.requests) == any(carried_out)
        lost = [call.lost_answer is not None for call in cloudcontrol.calls]
        assert lost == [is_after for _, is_after in tries[:met]] + [False] * (met > len(tries))
        assert (cloudcontrol.clock.now() == START) or auto_advance
    assert slept == []
