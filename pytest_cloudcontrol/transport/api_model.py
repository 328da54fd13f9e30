"""botocore's model of Cloud Control API: its operations, their members and its errors are written nowhere else.

The model is loaded when it is first asked for; whoever only imports this doesn't pay for botocore.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from botocore.loaders import Loader
    from botocore.model import ServiceModel


@functools.cache
def service_model() -> ServiceModel:
    """Return the model, which never changes."""
    from botocore.model import ServiceModel

    return ServiceModel(_description(), "cloudcontrol")


@functools.cache
def server_faults() -> frozenset[str]:
    """Return the names of the errors that are the server's fault (HTTP 500); botocore's own classes don't tell."""
    return frozenset(name for name, shape in _description()["shapes"].items() if shape.get("fault"))


@functools.cache
def own_data() -> Loader:
    """Return a loader of what botocore ships with: neither AWS_DATA_PATH nor the folder ~/.aws/models changes it."""
    from botocore.loaders import Loader

    return Loader(extra_search_paths=[Loader.BUILTIN_DATA_PATH], include_default_search_paths=False)


@functools.cache
def _description() -> Mapping[str, Any]:  # JSON of botocore's own, which has no type
    # Not load_service_model, which first looks through the folders of all services: a tenth of the time.
    data = own_data()
    version = data.determine_latest_version("cloudcontrol", "service-2")
    description: Mapping[str, Any] = data.load_data(f"cloudcontrol/{version}/service-2")
    return description
