"""The application: says whose each request is, and answers it. It is a WSGI application, as moto's is."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from pytest_cloudcontrol.server.calls import Calls, is_call
from pytest_cloudcontrol.server.control.control import PREFIX, Control
from pytest_cloudcontrol.server.messages import Incoming, Reply
from pytest_cloudcontrol.server.natives import Natives
from pytest_cloudcontrol.server.origins import Origins
from pytest_cloudcontrol.server.problems import Problem, problem_reply

if TYPE_CHECKING:
    from collections.abc import Iterable
    from wsgiref.types import StartResponse, WSGIEnvironment

    from pytest_cloudcontrol.backend import Backend

_NO_CONTROL: Final = "this server was started with --no-control: a world is not to be held from afar"


class Application:
    """Serves one backend.

    Args:
        backend: the backend.
        loops_end: whether a caller's loop ends that would never end; else it is answered for as long as it goes on.
        is_controlled: whether there is the control API.
        allowed_hosts: further names under which it may be reached.
    """

    def __init__(
        self, backend: Backend, *, loops_end: bool, is_controlled: bool = True, allowed_hosts: Iterable[str] = ()
    ) -> None:
        self._origins = Origins(allowed_hosts)
        self._calls = Calls(backend, loops_end=loops_end)
        self._control = Control(backend) if is_controlled else None
        self._natives = Natives(backend)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request; see WSGI."""
        incoming = Incoming(environ)
        try:
            self._origins.check(incoming)
            if is_call(incoming):
                reply = self._calls.reply(incoming)
            elif incoming.path == PREFIX or incoming.path.startswith(f"{PREFIX}/"):
                reply = self._controlled(incoming)
            else:
                return self._natives.answer(incoming, environ, start_response)
        except Problem as problem:
            reply = problem_reply(problem)
        start_response(f"{reply.status} {HTTPStatus(reply.status).phrase}", _headers(reply))
        return [] if incoming["REQUEST_METHOD"] == "HEAD" else [reply.body]  # which the client would take for the next

    def _controlled(self, incoming: Incoming) -> Reply:
        if self._control is None:
            raise Problem(HTTPStatus.NOT_FOUND, _NO_CONTROL)
        return self._control.reply(incoming)


def _headers(reply: Reply) -> list[tuple[str, str]]:
    headers = [*reply.headers]
    if reply.content_type:
        headers += [("Content-Type", reply.content_type)]
    if reply.status != HTTPStatus.NO_CONTENT and not any(name == "Content-Length" for name, _ in headers):
        headers += [("Content-Length", str(len(reply.body)))]
    return headers
