"""A world served to the test that has it: where it is, and what a process needs to reach it."""

from __future__ import annotations

import os
from contextlib import contextmanager
from typing import TYPE_CHECKING

from pytest_cloudcontrol.server.application import Application
from pytest_cloudcontrol.server.serving import Serving
from pytest_cloudcontrol.transport.environment import FAKE_KEYS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_cloudcontrol.backend import Backend


class CloudControlServer:
    """The world of ``cloudcontrol`` over HTTP, on loopback; the fixture ``cloudcontrol_server`` gives one.

    Attributes:
        url: where it is, such as ``http://127.0.0.1:40123``.

    Example:
        ```python
        command = [sys.executable, "-c", "import boto3; boto3.client('cloudcontrol').list_resource_requests()"]
        subprocess.run(command, env=cloudcontrol_server.environ, check=True)
        assert cloudcontrol.calls.last.operation == "ListResourceRequests"
        ```
    """

    __slots__ = ("_region", "url")

    def __init__(self, url: str, region: str) -> None:
        self.url = url
        self._region = region

    def __repr__(self) -> str:
        return f"<CloudControlServer at {self.url}>"

    @property
    def environ(self) -> dict[str, str]:
        """The environment for a process that is to reach it, in whatever language it is written.

        It is this process's own, with the endpoint of Cloud Control and of all other services, with fake keys and the
        mock's region, and without the machine's profile.
        """
        own = {name: value for name, value in os.environ.items() if name not in ("AWS_PROFILE", "AWS_DEFAULT_PROFILE")}
        unproxied = ",".join(filter(None, [own.get("NO_PROXY", ""), "127.0.0.1,localhost"]))
        return {
            **own,
            **FAKE_KEYS,
            "AWS_ENDPOINT_URL": self.url,
            "AWS_ENDPOINT_URL_CLOUDCONTROL": self.url,
            "AWS_REGION": self._region,
            "AWS_DEFAULT_REGION": self._region,
            "AWS_EC2_METADATA_DISABLED": "true",
            "NO_PROXY": unproxied,
            "no_proxy": unproxied,
        }


@contextmanager
def served(backend: Backend) -> Iterator[CloudControlServer]:
    """Serve a backend until the block ends.

    Args:
        backend: the backend of the test.

    Raises:
        ServerMissing: the extra ``server`` isn't installed.
    """
    serving = Serving(Application(backend, loops_end=True), backend)
    try:
        yield CloudControlServer(serving.url, backend.options.region)
    finally:
        serving.stop()
