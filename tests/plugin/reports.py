"""The report of a failing block, as its note has it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest
from mock_time import START

from pytest_cloudcontrol import CloudControl, mock_cloudcontrol

if TYPE_CHECKING:
    from collections.abc import Callable

    from types_boto3_cloudcontrol import CloudControlApiClient

    Acts = Callable[[CloudControl, CloudControlApiClient], object]

AT_START: Final = "    2030-01-01 00:00:00.000 "


def report_of(acts: Acts) -> list[str]:
    """Return the lines of the report of a failing block that does these acts."""
    failure = AssertionError("of its own")

    def fail() -> None:
        with mock_cloudcontrol(start=START) as cloudcontrol:
            acts(cloudcontrol, cloudcontrol.client())
            raise failure

    with pytest.raises(AssertionError):
        fail()
    (note,) = failure.__notes__
    title, *lines = note.split("\n")
    assert title == "Cloud Control:"
    return lines


def happened(acts: Acts) -> list[str]:
    """Return the lines of the time axis; those at the start of mock time without it."""
    lines = report_of(acts)
    beginning = lines.index("What happened, on the mock clock:") + 1
    end = lines.index("Still armed:") if "Still armed:" in lines else len(lines)
    return [line.removeprefix(AT_START) for line in lines[beginning:end]]
