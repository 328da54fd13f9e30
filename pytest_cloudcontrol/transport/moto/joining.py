"""Has the code under test's own clients of other services meet the same moto, in the same account.

They need not have been made after moto was imported. The account is that of the key, as for calls to Cloud Control.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import botocore.endpoint

from pytest_cloudcontrol.transport.wire import ENDPOINT_PREFIX, scope_of

if TYPE_CHECKING:
    from botocore.awsrequest import AWSPreparedRequest
    from botocore.endpoint import Endpoint
    from botocore.model import OperationModel

    from pytest_cloudcontrol.backend import Backend
    from pytest_cloudcontrol.transport.patches import Method, Patches


def put_in(patches: Patches, backend: Backend) -> None:
    """Answer calls to other services, while moto is there for the mock's own resources."""

    def answering(original: Method) -> Method:
        def do_get_response(
            endpoint: Endpoint | AnsweredEndpoint,
            request: AWSPreparedRequest,
            operation_model: OperationModel,
            *arguments: object,
        ) -> object:
            if (
                not backend.services.is_entered  # as in most tests, at every call
                or not patches.are_in
                or backend.is_elsewhere
                or operation_model.service_model.endpoint_prefix == ENDPOINT_PREFIX
            ):
                return original(endpoint, request, operation_model, *arguments)
            from pytest_cloudcontrol.transport.moto.private import ACCOUNT_HEADER

            if ACCOUNT_HEADER not in request.headers:
                scope = scope_of(request.headers, request.url, backend.accounts, backend.default_scope)
                request.headers[ACCOUNT_HEADER] = scope.account_id
            return original(AnsweredEndpoint(endpoint), request, operation_model, *arguments)

        return do_get_response

    patches.replace(botocore.endpoint.Endpoint, "_do_get_response", answering)


class AnsweredEndpoint:
    """An endpoint of another service, as botocore's own method sees it: moto answers before the network does."""

    def __init__(self, endpoint: Endpoint | AnsweredEndpoint) -> None:
        self._endpoint = endpoint

    def __getattr__(self, name: str) -> object:
        return getattr(self._endpoint, name)

    def _send(self, request: AWSPreparedRequest) -> object:
        from pytest_cloudcontrol.transport.moto import private

        answered = private.answer(request)
        return getattr(self._endpoint, "_send")(request) if answered is None else answered  # noqa: B009  # private, and called on purpose
