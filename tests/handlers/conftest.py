"""What the tests of handlers share: a mock that has their type, with its clock at a fixed start."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from clusters import cluster_type
from mock_time import START

from pytest_cloudcontrol import mock_cloudcontrol

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_cloudcontrol import CloudControl


@pytest.fixture
def cloud() -> Iterator[CloudControl]:
    """Mock Cloud Control, with the type of these tests."""
    with mock_cloudcontrol(start=START) as cloudcontrol:
        yield cluster_type(cloudcontrol)
