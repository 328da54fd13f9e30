"""What a route of the control API is, and what its function is asked."""

from __future__ import annotations

from http import HTTPStatus
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias

from pytest_cloudcontrol.documents import JSONObject
from pytest_cloudcontrol.server.calls import LARGEST
from pytest_cloudcontrol.server.messages import Reply

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pytest_cloudcontrol.backend import Backend
    from pytest_cloudcontrol.controls.cloudcontrol import CloudControl


class Asked(NamedTuple):
    """What a function is asked.

    Attributes:
        backend: the mock.
        cloudcontrol: the same, as a test holds it.
        routes: the table of all routes.
        place: the parts of the path that a route leaves open, by their names.
        members: those of the document, or of the query; each is one that the route knows.
    """

    backend: Backend
    cloudcontrol: CloudControl
    routes: tuple[Route, ...]
    place: Mapping[str, str]
    members: JSONObject


Answered: TypeAlias = JSONObject | Reply | None
"""A document, an answer that isn't JSON, or nothing."""


class Member(NamedTuple):
    """A member of a document, or of a query.

    Attributes:
        schema: what it is, as OpenAPI says it.
        is_required: whether it must be there.
    """

    schema: JSONObject
    is_required: bool = False


NO_MEMBERS: Final[Mapping[str, Member]] = MappingProxyType({})


class Route(NamedTuple):
    """What there is under a path, for a method.

    Attributes:
        method: the HTTP method.
        path: the path below the prefix; ``{name}`` stands for any one part.
        function: what answers.
        summary: what that does, in a few words.
        answers: the name of the answer's schema; empty if there is no document.
        document: the members of the document that it takes.
        query: the members of the query that it takes.
        status: the status of its answer.
        content_type: the type of its answer, if there is a document.
        problems: the statuses that say what may be wrong, beside those of every route.
        largest: how many bytes the document may have.
    """

    method: str
    path: str
    function: Callable[[Asked], Answered]
    summary: str
    answers: str = ""
    document: Mapping[str, Member] = NO_MEMBERS
    query: Mapping[str, Member] = NO_MEMBERS
    status: HTTPStatus = HTTPStatus.OK
    problems: tuple[HTTPStatus, ...] = ()
    content_type: str = "application/json"
    largest: int = LARGEST

    @property
    def takes_document(self) -> bool:
        """Whether a document may come with it."""
        return self.method in ("POST", "PUT", "PATCH")

    def match(self, parts: list[str]) -> dict[str, str] | None:
        """Return what stands where its path is open; None if a path, in its parts, isn't its own."""
        own = self.path.split("/")
        if len(own) != len(parts):
            return None
        pairs = list(zip(own, parts, strict=True))
        if any(mine != given for mine, given in pairs if not mine.startswith("{")):
            return None
        return {mine[1:-1]: given for mine, given in pairs if mine.startswith("{")}
