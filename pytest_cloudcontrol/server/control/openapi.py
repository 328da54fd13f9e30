"""The OpenAPI document, made of the table of routes."""

from __future__ import annotations

from http import HTTPStatus
from importlib.metadata import version
from typing import TYPE_CHECKING, Final

from pytest_cloudcontrol.server.control.schemas import ANSWERS, TEXT, named, object_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pytest_cloudcontrol.documents import JSONObject, JSONValue
    from pytest_cloudcontrol.server.control.asked import Asked, Member, Route

_OF_ALL: Final = (HTTPStatus.FORBIDDEN, HTTPStatus.UNPROCESSABLE_ENTITY)
_OF_DOCUMENTS: Final = (
    HTTPStatus.BAD_REQUEST,
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
)


def read_openapi(asked: Asked) -> JSONObject:
    """Return the document."""
    return openapi_of(asked.routes)


def openapi_of(routes: Iterable[Route]) -> JSONObject:
    """Return the document of a table of routes."""
    paths: dict[str, JSONValue] = {}
    for route in routes:
        path = paths.setdefault(f"/_cloudcontrol/{route.path}", {})
        assert isinstance(path, dict)
        path[route.method.lower()] = _operation(route)
    return {
        "openapi": "3.1.0",
        "info": {"title": "pytest-cloudcontrol: the control API", "version": version("pytest-cloudcontrol")},
        "paths": paths,
        "components": {"schemas": dict(ANSWERS)},
    }


def _operation(route: Route) -> JSONObject:
    parameters: list[JSONValue] = [*_in_path(route), *_in_query(route.query)]
    operation: JSONObject = {"summary": route.summary, "operationId": _name(route), "responses": _responses(route)}
    if parameters:
        operation["parameters"] = parameters
    if route.document:
        required = [name for name, member in route.document.items() if member.is_required]
        schema = object_of({name: member.schema for name, member in route.document.items()}, required)
        content: JSONObject = {"application/json": {"schema": schema}}
        operation["requestBody"] = {"required": bool(required), "content": content}
    return operation


def _name(route: Route) -> str:
    parts = [part.strip("{}") for part in route.path.replace(".", "/").replace("-", "_").split("/")]
    return "_".join([route.method.lower(), *parts])


def _in_path(route: Route) -> Iterable[JSONObject]:
    for part in route.path.split("/"):
        if part.startswith("{"):
            yield {"name": part[1:-1], "in": "path", "required": True, "schema": TEXT}


def _in_query(query: Mapping[str, Member]) -> Iterable[JSONObject]:
    for name, member in query.items():
        yield {"name": name, "in": "query", "required": member.is_required, "schema": member.schema}


def _responses(route: Route) -> JSONObject:
    answer: JSONObject = {"description": route.summary}
    if route.answers:
        answer["content"] = {route.content_type: {"schema": named(route.answers)}}
    responses: JSONObject = {str(route.status.value): answer}
    for status in sorted({*_OF_ALL, *route.problems, *(_OF_DOCUMENTS if route.takes_document else ())}):
        content: JSONObject = {"application/problem+json": {"schema": named("Problem")}}
        responses[str(status.value)] = {"description": status.phrase, "content": content}
    return responses
