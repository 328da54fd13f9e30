"""The boto3 sessions that AWS's library gives to handlers: their clients never reach the network.

Those of Cloud Control are answered by the mock, as all are. Whatever moto doesn't answer would be sent, and is refused
at that place: the last before the network.
"""

from __future__ import annotations

import functools
import sys
from typing import TYPE_CHECKING, Any, Final, NoReturn

from pytest_cloudcontrol.arguments import OptionError

if TYPE_CHECKING:
    from collections.abc import Callable

    from botocore.client import BaseClient
    from botocore.session import Session
    from cloudformation_cli_python_lib.boto3_proxy import SessionProxy

_EXPECTED: Final = (
    "a service that is mocked: moto answers with provision='moto', or where the test has entered mock_aws()"
)


def keep_at_home(session: SessionProxy, account_id: str) -> None:
    """See to it that all clients of a session are answered here, for one account, or refused.

    Args:
        session: the session of one invocation.
        account_id: whose the resources are that they see.
    """
    inner: Session = getattr(session.session, "_session")  # noqa: B009  # boto3 has no public way to it
    make: Callable[..., BaseClient] = inner.create_client

    @functools.wraps(make)
    def create_client(*arguments: object, **named: object) -> BaseClient:
        client = make(*arguments, **named)
        _keep_at_home(client, account_id)
        return client

    vars(inner)["create_client"] = create_client


def _keep_at_home(client: BaseClient, account_id: str) -> None:
    def name_the_account(params: dict[str, Any], **_: object) -> None:
        if "moto" in sys.modules:
            from pytest_cloudcontrol.transport.moto import private

            params["headers"][private.ACCOUNT_HEADER] = account_id

    client.meta.events.register("before-call", name_the_account)
    endpoint: object = getattr(client, "_endpoint")  # noqa: B009  # private, and nothing else comes so late
    vars(endpoint)["http_session"] = NoNetwork(client.meta.service_model.service_name)


class NoNetwork:
    """What a client sends by, and can't."""

    def __init__(self, service: str) -> None:
        self._service = service

    def send(self, request: object) -> NoReturn:  # noqa: ARG002  # as botocore calls it
        """Refuse to send.

        Raises:
            OptionError: always; it names the way out.
        """
        raise OptionError("session.client", self._service, _EXPECTED)

    def close(self) -> None:
        """Close nothing; clients close what they send by."""
