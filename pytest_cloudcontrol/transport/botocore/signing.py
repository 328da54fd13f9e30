"""Lets botocore sign calls to Cloud Control without real keys: none are looked for, refreshed or kept."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import botocore.session
import botocore.signers
from botocore.credentials import Credentials

from pytest_cloudcontrol.transport.environment import FAKE_KEYS
from pytest_cloudcontrol.transport.wire import ENDPOINT_PREFIX

if TYPE_CHECKING:
    from botocore.session import Session
    from botocore.signers import RequestSigner

    from pytest_cloudcontrol.backend import Backend
    from pytest_cloudcontrol.transport.patches import Method, Patches


def put_in(patches: Patches, backend: Backend) -> None:  # noqa: ARG001  # every part is put in with the same two
    """Have fake keys wherever botocore would look for real ones."""

    def signing(original: Method) -> Method:
        """Sign with fake keys where there are none, or where they would be refreshed, which takes the network."""

        def get_auth_instance(signer: RequestSigner, signing_name: str, *arguments: object, **named: object) -> object:
            is_mocked = patches.are_in and signing_name == ENDPOINT_PREFIX
            if is_mocked and type(getattr(signer, "_credentials", None)) is not Credentials:
                return original(MockedSigner(signer), signing_name, *arguments, **named)
            return original(signer, signing_name, *arguments, **named)

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


class MockedSigner:
    """A signer as the original method sees it: the same, but with fake keys."""

    def __init__(self, signer: RequestSigner) -> None:
        self._signer = signer
        self._credentials = Credentials(*FAKE_KEYS.values())

    def __getattr__(self, name: str) -> object:
        return getattr(self._signer, name)
