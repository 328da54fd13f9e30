"""The control API over one backend: finds the route of a request, and answers it."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from pytest_cloudcontrol.controls.cloudcontrol import CloudControl
from pytest_cloudcontrol.server.control.asked import Asked
from pytest_cloudcontrol.server.control.members import members_of
from pytest_cloudcontrol.server.control.routes import ROUTES
from pytest_cloudcontrol.server.messages import Reply, json_reply
from pytest_cloudcontrol.server.problems import Problem, problem_of

if TYPE_CHECKING:
    from pytest_cloudcontrol.backend import Backend
    from pytest_cloudcontrol.server.control.asked import Route
    from pytest_cloudcontrol.server.messages import Incoming

PREFIX: Final = "/_cloudcontrol"


class Control:
    """Holds a world from afar."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend
        self._cloudcontrol = CloudControl(backend)

    def reply(self, incoming: Incoming) -> Reply:
        """Answer a request.

        Raises:
            Problem: it can't be carried out.
        """
        route, place = _found(incoming)
        members = members_of(route, incoming)
        asked = Asked(self._backend, self._cloudcontrol, ROUTES, place, members)
        try:
            self._backend.clock.catch_up()
            answer = route.function(asked)
        except Problem:
            raise
        except BaseException as error:  # whatever it is, the server goes on
            problem = problem_of(error)
            if problem.status is HTTPStatus.INTERNAL_SERVER_ERROR:
                self._backend.raised_elsewhere(error)
            raise problem from None
        if answer is None:
            return Reply(route.status)
        return answer if isinstance(answer, Reply) else json_reply(answer, route.status)


def _found(incoming: Incoming) -> tuple[Route, dict[str, str]]:
    """Return the route of a request, and what stands where its path is open.

    Raises:
        Problem: there is none.
    """
    path, method = incoming.path, incoming["REQUEST_METHOD"]
    parts = path.removeprefix(PREFIX).removeprefix("/").split("/")
    found = [(route, place) for route in ROUTES if (place := route.match(parts)) is not None]
    if not found:
        raise Problem(HTTPStatus.NOT_FOUND, f"there is no path {path}: {PREFIX}/openapi.json has them all")
    for route, place in found:
        if route.method == method:
            return route, place
    methods = ", ".join(route.method for route, _ in found)
    words = f"there is no {method} of {path}, but {methods}"
    raise Problem(HTTPStatus.METHOD_NOT_ALLOWED, words, (("Allow", methods),))
