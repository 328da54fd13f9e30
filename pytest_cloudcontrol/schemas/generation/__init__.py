"""What a service makes up: identifiers, everything else that is read-only, and defaults.

The values are plausible, not true: an Arn looks like an Arn and holds the account, the region and the resource's name.
They satisfy the type's schema (G-4), and come from the random source that is passed in, so that equal sources give
equal values (G-6).
"""

from __future__ import annotations

from pytest_cloudcontrol.schemas.generation.completion import complete, settle
from pytest_cloudcontrol.schemas.generation.defaults import add_defaults
from pytest_cloudcontrol.schemas.generation.made_in import MadeIn, partition_of

__all__ = ["MadeIn", "add_defaults", "complete", "partition_of", "settle"]
