"""What the tests of AWS's library share: a mock with their type, whose clock has a fixed start."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from mock_time import START
from notebooks import NOTEBOOK, SCHEMA, Shelf

from pytest_cloudcontrol import mock_cloudcontrol

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_cloudcontrol import CloudControl


@pytest.fixture
def shelf() -> Shelf:
    """Have the service and the handlers of notebooks."""
    return Shelf()


@pytest.fixture
def cloud(shelf: Shelf) -> Iterator[CloudControl]:
    """Mock Cloud Control, with notebooks."""
    with mock_cloudcontrol(start=START) as cloudcontrol:
        cloudcontrol.add_type(SCHEMA)
        cloudcontrol.add_handler(NOTEBOOK, shelf.resource)
        yield cloudcontrol
