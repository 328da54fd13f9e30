"""Lets botocore sign calls to Cloud Control without real keys: none are looked for, refreshed or kept.

Nobody verifies the signature, and computing it takes a quarter of a call. So the header that has it names the key, the
region and the service, as ever, and has no digest, unless the option ``real_signatures`` asks for one. botocore's own
``before-sign`` events come first, and a signer that isn't botocore's for version 4 is left alone.
"""

from __future__ import annotations

import functools
import os
import time
from typing import TYPE_CHECKING, Final, TypedDict, Unpack

import botocore.session
import botocore.signers
from botocore.auth import AUTH_TYPE_MAPS, SigV4Auth
from botocore.credentials import Credentials

from pytest_cloudcontrol.transport.environment import FAKE_KEYS
from pytest_cloudcontrol.transport.wire import ENDPOINT_PREFIX

if TYPE_CHECKING:
    from botocore.awsrequest import AWSRequest
    from botocore.credentials import ReadOnlyCredentials
    from botocore.session import Session
    from botocore.signers import RequestSigner

    from pytest_cloudcontrol.backend import Backend
    from pytest_cloudcontrol.transport.patches import Method, Patches


NO_DIGEST: Final = "0" * 64


class SigningArguments(TypedDict, total=False):
    """What botocore says of a call that it signs, as far as it matters here."""

    signature_version: str
    request_credentials: Credentials | ReadOnlyCredentials


def put_in(patches: Patches, backend: Backend) -> None:
    """Have fake keys wherever botocore would look for real ones, and no digest computed with them."""
    fake = Credentials(*FAKE_KEYS.values())

    def signing(original: Method) -> Method:
        """Sign with fake keys where there are none, or where they would be refreshed, which takes the network."""

        def get_auth_instance(
            signer: RequestSigner,
            signing_name: str,
            region_name: str | None,
            *arguments: object,
            **named: Unpack[SigningArguments],
        ) -> object:
            if not patches.are_in or signing_name != ENDPOINT_PREFIX:
                return original(signer, signing_name, region_name, *arguments, **named)
            keys: object = getattr(signer, "_credentials", None)
            usable = keys if type(keys) is Credentials else fake
            without_digest = signature_without_digest(backend, usable, region_name, named)
            if without_digest is not None:
                return without_digest
            with_keys = signer if usable is keys else MockedSigner(signer, usable)
            return original(with_keys, signing_name, region_name, *arguments, **named)

        return get_auth_instance

    def keys(original: Method) -> Method:
        """Give a session without credentials the environment's fake keys, without looking for others or keeping them.

        Looking may ask a process or the network, and what a session finds here it would keep after the mock has ended.
        """

        def get_credentials(session: Session, *arguments: object, **named: object) -> object:
            if not patches.are_in or getattr(session, "_credentials", None) is not None:
                return original(session, *arguments, **named)
            return Credentials(*(os.environ.get(name, fake) for name, fake in FAKE_KEYS.items()))

        return get_credentials

    patches.replace(botocore.signers.RequestSigner, "get_auth_instance", signing)
    patches.replace(botocore.session.Session, "get_credentials", keys)


def signature_without_digest(
    backend: Backend, usable: Credentials, region_name: str | None, named: SigningArguments
) -> SignatureWithoutDigest | None:
    """Return what signs nothing, for calls that are signed in botocore's plain way; None where one is to be real."""
    is_plain = AUTH_TYPE_MAPS.get(named.get("signature_version", "")) is SigV4Auth
    if backend.options.real_signatures or not is_plain or region_name is None:
        return None
    return SignatureWithoutDigest(named.get("request_credentials") or usable, region_name)


class MockedSigner:
    """A signer as the original method sees it: the same, but with fake keys."""

    def __init__(self, signer: RequestSigner, credentials: Credentials) -> None:
        self._signer = signer
        self._credentials = credentials

    def __getattr__(self, name: str) -> object:
        return getattr(self._signer, name)


class SignatureWithoutDigest:
    """A signer that signs nothing: it writes the header that says who calls where.

    Args:
        credentials: who calls.
        region: where.
    """

    def __init__(self, credentials: Credentials | ReadOnlyCredentials, region: str) -> None:
        self._credentials = credentials
        self._region = region

    def add_auth(self, request: AWSRequest) -> None:
        """Add the header, the moment, and the session's token if there is one, as botocore would."""
        moment = _written(int(time.time()))
        scope = f"{self._credentials.access_key}/{moment[:8]}/{self._region}/{ENDPOINT_PREFIX}/aws4_request"
        headers = request.headers  # of several with the same name the last one is sent
        headers["X-Amz-Date"] = moment
        if self._credentials.token:
            headers["X-Amz-Security-Token"] = self._credentials.token
        headers["Authorization"] = f"AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host, Signature={NO_DIGEST}"
        request.context["timestamp"] = moment


@functools.lru_cache(maxsize=16)
def _written(seconds: int) -> str:
    return time.strftime("%Y%m%dT%H%M%SZ", time.gmtime(seconds))
