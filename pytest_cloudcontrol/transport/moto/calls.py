"""Native calls to the services that moto mocks, by boto3's clients, in any account and region."""

from __future__ import annotations

import functools
from datetime import datetime
from typing import TYPE_CHECKING, Any, cast

from botocore import UNSIGNED
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from pytest_cloudcontrol.handlers.moto.services import ServiceRefusal
from pytest_cloudcontrol.transport.botocore.signing import NO_DIGEST
from pytest_cloudcontrol.transport.clients import make_service_client

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from botocore.client import BaseClient

    from pytest_cloudcontrol.documents import JSONObject, JSONValue
    from pytest_cloudcontrol.vocabulary import Scope


def called(scope: Scope, service: str, operation: str, members: Mapping[str, object]) -> JSONObject:
    """Make a call, and return its answer as JSON has it.

    Raises:
        ServiceRefusal: the service, or botocore before it, has refused the call.
    """
    try:
        return _as_json_object(getattr(_client(service, scope), operation)(**members))
    except (BotoCoreError, ClientError) as error:
        raise _refusal(error) from None


def paged(scope: Scope, service: str, operation: str, members: Mapping[str, object]) -> Iterator[JSONObject]:
    """Make a call, and yield the pages of its answer.

    Raises:
        ServiceRefusal: the service, or botocore before it, has refused the call.
    """
    client = _client(service, scope)
    if not client.can_paginate(operation):
        yield called(scope, service, operation, members)
        return
    try:
        for page in client.get_paginator(operation).paginate(**members):
            yield _as_json_object(page)
    except (BotoCoreError, ClientError) as error:
        raise _refusal(error) from None


@functools.lru_cache(maxsize=256)  # a client of EC2's takes 0.2 s to make, and has nothing of a test's own in it
def _client(service: str, scope: Scope) -> BaseClient:
    from pytest_cloudcontrol.transport.moto import private

    config = Config(  # type: ignore[call-arg]  # see clients.py
        retries={"total_max_attempts": 1}, ignore_configured_endpoint_urls=True, signature_version=UNSIGNED
    )
    client = make_service_client(service, scope.region, config)
    signed = f"mocked/20200101/{scope.region}/{service}/aws4_request"
    said = {
        private.ACCOUNT_HEADER: scope.account_id,
        # It says the region where a service's address doesn't. No digest is verified, and it takes a tenth of a call.
        "Authorization": f"AWS4-HMAC-SHA256 Credential={signed}, SignedHeaders=host, Signature={NO_DIGEST}",
    }

    def say_whose(params: dict[str, Any], **_: object) -> None:
        params["headers"].update(said)

    client.meta.events.register("before-call", say_whose)
    private.let_answer(client)  # moto knows only those of sessions that were made after it was imported
    return client


def _refusal(error: BotoCoreError | ClientError) -> ServiceRefusal:
    if isinstance(error, ClientError):
        said = error.response["Error"]
        return ServiceRefusal(said.get("Code", ""), said.get("Message", ""))
    return ServiceRefusal(type(error).__name__, str(error))


def _as_json_object(answer: Mapping[str, Any]) -> JSONObject:
    return {name: _as_json(value) for name, value in answer.items() if name != "ResponseMetadata"}


def _as_json(value: object) -> JSONValue:
    if isinstance(value, dict):
        return {str(name): _as_json(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_as_json(inner) for inner in value]
    if isinstance(value, datetime):
        return value.isoformat()
    return value.decode(errors="replace") if isinstance(value, bytes) else cast("JSONValue", value)
