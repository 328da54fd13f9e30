"""Has Cloud Control's clients made without the machine's settings, and from botocore's own data.

Environment variables are not this file's, but ``environment.py``'s. What is set or named inside is the test's own, and
counts: a profile that a session is made with, and a config file that AWS_CONFIG_FILE comes to name.
"""

from __future__ import annotations

import os
from contextvars import ContextVar
from typing import TYPE_CHECKING, Final

import botocore.session

from pytest_cloudcontrol.transport.api_model import own_data

if TYPE_CHECKING:
    from botocore.session import Session

    from pytest_cloudcontrol.backend import Backend
    from pytest_cloudcontrol.transport.patches import Method, Patches

SERVICE: Final = "cloudcontrol"
_FILE: Final = "AWS_CONFIG_FILE"


MAKING: Final[ContextVar[bool]] = ContextVar("making", default=False)
"""Whether a client of Cloud Control is just being made in this thread or task."""


def put_in(patches: Patches, backend: Backend) -> None:  # noqa: ARG001  # every part is put in with the same two
    """Leave out the machine's profiles, and what it has added to botocore's data."""
    file_of_the_machine = os.environ.get(_FILE)

    def profile(original: Method) -> Method:
        """Let no AWS_PROFILE count that is set while the mock is active; one that the session was made with does."""

        def get_config_variable(session: Session, name: str, *arguments: object, **named: object) -> object:
            if name == "profile" and patches.are_in:
                return session.instance_variables().get("profile")
            return original(session, name, *arguments, **named)

        return get_config_variable

    def making(original: Method) -> Method:
        """Know whose client is made: other services' are made with the machine's settings, as ever."""

        def create_client(session: Session, service_name: str, *arguments: object, **named: object) -> object:
            before = MAKING.set(service_name == SERVICE)
            try:
                return original(session, service_name, *arguments, **named)
            finally:
                MAKING.reset(before)

        return create_client

    def default_profile(original: Method) -> Method:
        """Have an empty profile where the config file's default one would count."""

        def get_scoped_config(session: Session) -> object:
            if not patches.are_in or not MAKING.get() or os.environ.get(_FILE) != file_of_the_machine:
                return original(session)
            return {} if session.instance_variables().get("profile") is None else original(session)

        return get_scoped_config

    def data(original: Method) -> Method:
        """Have botocore's own model of the API, as the mock has: AWS_DATA_PATH and ~/.aws/models may differ."""

        def get_component(session: Session, name: str) -> object:
            is_the_data = name == "data_loader" and patches.are_in and MAKING.get()
            return own_data() if is_the_data else original(session, name)

        return get_component

    patches.replace(botocore.session.Session, "get_config_variable", profile)
    patches.replace(botocore.session.Session, "create_client", making)
    patches.replace(botocore.session.Session, "get_scoped_config", default_profile)
    patches.replace(botocore.session.Session, "get_component", data)
