"""The members of a document or a query: which there are, and which there may be. Their values the controls check."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from pytest_cloudcontrol.arguments import did_you_mean, shown, with_valid
from pytest_cloudcontrol.documents import parse
from pytest_cloudcontrol.server.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pytest_cloudcontrol.documents import JSONObject
    from pytest_cloudcontrol.server.control.asked import Member, Route
    from pytest_cloudcontrol.server.messages import Incoming


def members_of(route: Route, incoming: Incoming) -> JSONObject:
    """Return the members of a request's document and query.

    Raises:
        Problem: one is unknown or missing, or the document is none.
    """
    query = _checked(_query(incoming["QUERY_STRING"]), route.query, "the query")
    document = _document(incoming, route.largest)
    if not route.takes_document and document:
        raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, f"{route.method} takes no document")
    return {**query, **_checked(document, route.document, "the document")}


def _query(text: str) -> JSONObject:
    try:
        pairs = parse_qsl(text, keep_blank_values=True, errors="strict")
    except ValueError as error:
        raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, f"the query {text!r} is no UTF-8: {error}") from None
    query: JSONObject = {}
    for name, value in pairs:
        if name in query:
            raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, f"the query has {name!r} twice")
        query[name] = value
    return query


def _document(incoming: Incoming, largest: int) -> JSONObject:
    if incoming.length > largest:
        words = f"the document has {incoming.length} bytes: at most {largest} are taken"
        raise Problem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, words)
    body = incoming.body()
    if not body:
        return {}
    content_type = incoming.get("Content-Type") or ""
    if content_type.partition(";")[0].strip().lower() != "application/json":
        words = f"the Content-Type {content_type!r} isn't taken: expected application/json"
        raise Problem(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, words)
    try:
        document = parse(body)
    except ValueError as error:
        raise Problem(HTTPStatus.BAD_REQUEST, f"the document is no JSON: {error}") from None
    if not isinstance(document, dict):
        raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, f"the document is no JSON object, but {shown(document)}")
    return document


def _checked(given: JSONObject, known: Mapping[str, Member], where: str) -> JSONObject:
    for name, value in given.items():
        if name not in known:
            there_is_none = f"{where} has no member {name!r} (given as {name}={shown(value)})"
            if not known:
                raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, f"{there_is_none}: it takes none")
            question = did_you_mean(name, known)
            words = with_valid(there_is_none, "the members are", known, question)
            raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, words)
    for name, member in known.items():
        if member.is_required and name not in given:
            raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, f"{where} needs the member {name!r}")
    return given
