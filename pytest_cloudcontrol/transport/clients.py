"""Clients of the mock's own making, from one session that reads no file and no setting of the machine."""

from __future__ import annotations

import functools
import os
import threading
from typing import TYPE_CHECKING, Final, TypedDict, Unpack

import boto3
import botocore.session
from botocore.config import Config

from pytest_cloudcontrol.transport.api_model import own_data
from pytest_cloudcontrol.transport.botocore.shared_handlers import emitter_for

if TYPE_CHECKING:
    from collections.abc import Callable

    from botocore.client import BaseClient
    from types_boto3_cloudcontrol import CloudControlApiClient

_SERVICE: Final = "cloudcontrol"
_MAKING: Final = threading.Lock()  # boto3's sessions are not safe to use from several threads at once
if hasattr(os, "register_at_fork"):  # no process is forked while one is made, so that none begins with the lock held
    os.register_at_fork(before=_MAKING.acquire, after_in_parent=_MAKING.release, after_in_child=_MAKING.release)


class ClientArguments(TypedDict, total=False):
    """Further arguments of ``boto3.client``."""

    api_version: str
    use_ssl: bool
    verify: bool | str
    endpoint_url: str
    aws_access_key_id: str
    aws_secret_access_key: str
    aws_session_token: str
    config: Config


@functools.cache
def _session(*, every_service: bool = False) -> boto3.Session:
    # Every variable of a session is (name in the config file, in the environment, default, conversion).
    variables: dict[str, tuple[str | None, None, object, object]] = {
        name: (in_file, None, default, convert)
        for name, (in_file, _, default, convert) in botocore.session.Session.SESSION_VARIABLES.items()
    }
    variables["config_file"] = variables["credentials_file"] = (None, None, os.devnull, None)
    if every_service:
        return boto3.Session(botocore_session=botocore.session.Session(session_vars=variables))
    session = botocore.session.Session(variables, emitter_for(_SERVICE), include_builtin_handlers=False)
    session.register_component("data_loader", own_data())
    return boto3.Session(botocore_session=session)


def make_client(region: str, access_key: str, arguments: ClientArguments) -> CloudControlApiClient:
    """Return a new client for a region, whose access key says the account."""
    # AWS_ENDPOINT_URL and its like are for the machine's own use; an endpoint_url given here counts.
    # botocore-stubs doesn't know the argument, which botocore has had since 1.31.
    own = Config(ignore_configured_endpoint_urls=True)  # type: ignore[call-arg]
    config = own.merge(arguments.get("config") or Config())
    given: ClientArguments = {
        "aws_access_key_id": access_key,
        "aws_secret_access_key": "mocked",
        **arguments,
        "config": config,
    }
    with _MAKING:
        return _client(region, **given)


def make_service_client(service: str, region: str, config: Config) -> BaseClient:
    """Return a new client of another service."""
    # Overloads by the service's name are for names that are written out.
    make: Callable[..., BaseClient] = _session(every_service=True).client
    with _MAKING:
        return make(
            service,
            region_name=region,
            aws_access_key_id="mocked",
            aws_secret_access_key="mocked",
            config=config,
        )


def _client(region: str, **arguments: Unpack[ClientArguments]) -> CloudControlApiClient:
    return _session().client(_SERVICE, region_name=region, **arguments)
