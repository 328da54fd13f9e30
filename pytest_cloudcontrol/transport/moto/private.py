"""What is used of moto that its documentation doesn't promise; tests/moto/test_private_names.py looks at each.

Only to be imported where moto is there.
"""

from __future__ import annotations

import functools
import sys
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from moto.core.models import DEFAULT_ACCOUNT_ID, MockAWS, botocore_stubber, patch_client
from moto.iam.models import get_account_id_from
from moto.moto_api._internal import managed_state_model, mock_random

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType
    from wsgiref.types import WSGIApplication, WSGIEnvironment

    from botocore.awsrequest import AWSPreparedRequest, AWSResponse
    from botocore.client import BaseClient

    from pytest_cloudcontrol.transport.patches import Patches

ACCOUNT_HEADER: Final = "x-moto-account-id"
"""The header of a call that says whose resources it is about, whatever key it was signed with."""


def holders() -> int:
    """Return how many have entered moto's mock, and not left it yet."""
    return MockAWS._nested_count  # noqa: SLF001


def account_of(access_key: str) -> str | None:
    """Return the account of a key that moto has handed out; None if it is of moto's default one, or not moto's."""
    account: str = get_account_id_from(access_key)
    return None if account == DEFAULT_ACCOUNT_ID else account


def seed(source: str) -> tuple[Any, ...]:
    """Have moto draw its ids from a seed, and return what they were drawn from before."""
    before = mock_random.getstate()
    mock_random.seed(source)
    return before


def draw_again_from(before: tuple[Any, ...]) -> None:
    """Have moto draw its ids from what ``seed`` has returned."""
    mock_random.setstate(before)


class Datetime:
    """Stands for the class ``datetime`` where moto asks it for the time, by which its resources change their state.

    Args:
        now: what the time is.
    """

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now

    def now(self) -> datetime:
        """Return the time as moto has it, which knows no time zone."""
        return self._now().replace(tzinfo=None)


def let_time_be(now: Callable[[], datetime] | None) -> None:
    """Let the states of moto's resources follow a clock; None is that of the machine."""
    setattr(managed_state_model, "datetime", datetime if now is None else Datetime(now))  # noqa: B010  # a name of moto's


def let_remember(patches: Patches) -> None:
    """Let moto keep what it works out anew at each call, always with the same outcome: it takes a fifth of the call.

    That are the names of a service's operations, and its errors by their codes; also the addresses of S3, where that is
    there already, which it would take a new test longer to import. A moto before 5.2 has none of this, and remembers
    nothing.
    """
    try:
        from moto.core import errors, responses
    except ImportError:
        return
    patches.replace(responses, "method_names_from_class", functools.cache)
    patches.replace(errors, "ErrorLookupFactory", functools.cache)
    if "moto.s3.models" in sys.modules:
        patches.replace(sys.modules["moto.s3.models"], "reload", _where_addresses_change)


def _where_addresses_change(original: Callable[[ModuleType], ModuleType]) -> Callable[[ModuleType], ModuleType]:
    """Return what reads S3's addresses again only if the machine's setting for further ones has changed."""
    from moto import settings

    latest: list[list[str]] = []

    def reload(module: ModuleType) -> ModuleType:
        wanted = settings.get_s3_custom_endpoints()
        if latest != [wanted]:
            original(module)
            latest[:] = [wanted]
        return module

    return reload


def let_answer(client: BaseClient) -> None:
    """Let moto answer a client, whenever it was made."""
    patch_client(client)


def answer(request: AWSPreparedRequest) -> AWSResponse | None:
    """Return moto's answer to a call; None if it lets it pass."""
    response: AWSResponse | None = botocore_stubber("before-send", request)
    return response


def server_applications() -> Callable[[WSGIEnvironment], WSGIApplication]:
    """Return what finds, for a request, the application of moto's own server that answers for its service.

    Raises:
        ModuleNotFoundError: what that needs isn't installed.
    """
    from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app

    applications: Callable[[WSGIEnvironment], WSGIApplication]
    applications = DomainDispatcherApplication(create_backend_app).get_application
    return applications
