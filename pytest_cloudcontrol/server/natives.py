"""The other services on the same port: moto's own server application, loaded when it is first asked."""

from __future__ import annotations

import threading
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from pytest_cloudcontrol.arguments import OptionError
from pytest_cloudcontrol.server.problems import Problem
from pytest_cloudcontrol.transport.wire import scope_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

    from pytest_cloudcontrol.backend import Backend
    from pytest_cloudcontrol.server.messages import Incoming

_MISSING: Final = "everything but Cloud Control is answered by moto's server, and what that needs isn't installed"
_INSTALL: Final = "pip install 'pytest-cloudcontrol[server]'"


class Natives:
    """Answers what isn't Cloud Control, by the same moto that keeps the resources under ``provision="moto"``."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend
        self._lock = threading.Lock()
        self._applications: Callable[[WSGIEnvironment], WSGIApplication] | None = None

    def answer(self, incoming: Incoming, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request, as moto does; the account is that of the key, as for calls to Cloud Control.

        Raises:
            Problem: moto's server isn't installed, or breaks, or doesn't know the service.
        """
        application_of = self._loaded()
        from pytest_cloudcontrol.transport.moto.private import ACCOUNT_HEADER

        backend = self._backend
        scope = scope_of(incoming, "", backend.accounts, backend.default_scope)
        environ["RAW_URI"] = incoming["REQUEST_URI"]  # by which moto knows the ? in a key from that of a query
        environ.setdefault(f"HTTP_{ACCOUNT_HEADER.upper().replace('-', '_')}", scope.account_id)
        try:
            application = application_of(environ)
        except Exception as error:  # of moto's, which hasn't found out which service is meant
            words = f"this means neither Cloud Control nor a service that moto knows: {type(error).__name__}: {error}"
            raise Problem(HTTPStatus.BAD_REQUEST, words) from error
        try:
            return application(environ, start_response)
        except Exception as error:  # of moto's: the server goes on
            words = f"moto broke: {type(error).__name__}: {error}"
            raise Problem(HTTPStatus.INTERNAL_SERVER_ERROR, words) from error

    def _loaded(self) -> Callable[[WSGIEnvironment], WSGIApplication]:
        with self._lock:
            if self._applications is None:
                try:
                    self._backend.enter_services()
                    from pytest_cloudcontrol.transport.moto.private import server_applications

                    self._applications = server_applications()
                except (OptionError, ModuleNotFoundError) as missing:
                    raise Problem(HTTPStatus.NOT_IMPLEMENTED, f"{_MISSING} ({missing}): {_INSTALL}") from None
            return self._applications
