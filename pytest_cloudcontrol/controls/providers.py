"""What the verbs do with an object of AWS's library that they are handed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_cloudcontrol.handlers.protocol import HandlerError
from pytest_cloudcontrol.handlers.providers.functions import functions_of
from pytest_cloudcontrol.handlers.providers.hooks import HookProvider, Target
from pytest_cloudcontrol.schemas.given import json_object
from pytest_cloudcontrol.vocabulary import Operation

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Mapping
    from datetime import timedelta

    from cloudformation_cli_python_lib.boto3_proxy import SessionProxy
    from cloudformation_cli_python_lib.hook import Hook
    from cloudformation_cli_python_lib.resource import Resource

    from pytest_cloudcontrol.backend import Backend
    from pytest_cloudcontrol.documents import JSONObject
    from pytest_cloudcontrol.requests.request import Request
    from pytest_cloudcontrol.schemas.resource_type import ResourceType
    from pytest_cloudcontrol.vocabulary import HandlerOperation


def provider_functions(
    backend: Backend, resource: Resource, resource_type: ResourceType
) -> dict[HandlerOperation, Callable[..., object]]:
    """Return the functions of a Resource, whose sessions are of this mock.

    Raises:
        OptionError: the Resource is of another type.
    """
    given: Mapping[HandlerOperation, Callable[..., object]] = functions_of(
        resource, resource_type, backend.world.problems, access_keys_of(backend), keep_at_home
    )
    return dict(given)


def provider_hook(
    backend: Backend, hook: Hook, configuration: Mapping[str, object]
) -> Callable[[Request], Generator[float | timedelta, None, str | None]]:
    """Return what asks a Hook about a request.

    Raises:
        OptionError: the configuration isn't JSON.
    """
    provider = HookProvider(
        hook, json_object(configuration, "configuration"), backend.world.problems, access_keys_of(backend), keep_at_home
    )

    def ask(request: Request) -> Generator[float | timedelta, None, str | None]:
        given = request.handler_input
        token = request.hooks_request_token or request.request_token
        model = given.desired_state
        if request.operation is Operation.DELETE:  # P-9
            model = _what_is_there(backend, request)
        target = Target(request.operation, request.type_name, request.scope, token, model, given.previous_state)
        return provider.ask(target)

    return ask


def _what_is_there(backend: Backend, request: Request) -> JSONObject:
    """Return what a read shows of the resource that is to be deleted; nothing if it shows none."""
    try:
        return backend.world.handlers.read(request.handler_input.resource_type, request.scope, request.identifier or "")
    except HandlerError:
        return {}


def access_keys_of(backend: Backend) -> Callable[[str], str]:
    """Return what gives the access key of an account, which the mock then knows."""

    def access_key_of(account_id: str) -> str:
        access_key = f"AKIA{account_id}MOCK"
        backend.accounts.hand_out(access_key, account_id)
        return access_key

    return access_key_of


def keep_at_home(session: SessionProxy, account_id: str) -> None:
    """See to it that a session's clients never reach the network; see ``handler_sessions``."""
    # Imported late: who hands over nothing of AWS's library doesn't need boto3 here.
    from pytest_cloudcontrol.transport.botocore import handler_sessions

    handler_sessions.keep_at_home(session, account_id)
