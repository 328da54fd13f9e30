"""Requests of the control API that are wrong as HTTP goes, and the document that says what there is."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from openapi_spec_validator import validate
from over_http import create

from pytest_cloudcontrol.server.control.routes import ROUTES

if TYPE_CHECKING:
    from over_http import Connection

    from pytest_cloudcontrol import CloudControl
    from pytest_cloudcontrol.documents import JSONObject


def test_health(connection: Connection) -> None:
    """It says that it is there, and of which version it is."""
    assert connection.ask("GET", "health").document == {"status": "ok", "version": "0.1.0"}


@pytest.mark.parametrize("path", ["nonsense", "clock/", "requests/a/b/c", "/_cloudcontrol//", "Clock"])
def test_no_such_path(connection: Connection, path: str) -> None:
    """What there isn't is not found."""
    whole = path if path.startswith("/") else f"/_cloudcontrol/{path}"
    words = f"there is no path {whole}: /_cloudcontrol/openapi.json has them all"

    assert connection.ask("GET", path).problem == (404, words)


def test_no_such_method(connection: Connection) -> None:
    """A method that isn't there is refused with those that are."""
    refused = connection.ask("DELETE", "clock")

    assert refused.problem == (405, "there is no DELETE of /_cloudcontrol/clock, but GET, PATCH")
    assert refused.headers["Allow"] == "GET, PATCH"
    assert connection.ask("OPTIONS", "reset").headers["Allow"] == "POST"


@pytest.mark.parametrize("body", [b"{", b"\xff", b'{"rate": NaN}', b'{"rate": 1e999}', b"[" * 200 + b"]" * 200])
def test_broken_json(connection: Connection, body: bytes) -> None:
    """What is no JSON is a bad request."""
    status, words = connection.ask("PATCH", "clock", body).problem

    assert status == 400
    assert words.startswith("the document is no JSON: ")


@pytest.mark.parametrize("body", [b"[]", b"5", b"null"])
def test_no_object(connection: Connection, body: bytes) -> None:
    """A document is an object."""
    shown = repr(json.loads(body))

    assert connection.ask("PATCH", "clock", body).problem == (422, f"the document is no JSON object, but {shown}")


@pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded", ""])
def test_another_content_type(connection: Connection, content_type: str) -> None:
    """Only JSON is taken: a form of a web page could send all else."""
    refused = connection.ask("PATCH", "clock", b"{}", {"Content-Type": content_type})

    assert refused.problem == (415, f"the Content-Type {content_type!r} isn't taken: expected application/json")
    assert connection.ask("PATCH", "clock", b"{}", {"Content-Type": "Application/JSON; charset=utf-8"}).status == 200


def test_too_large(connection: Connection) -> None:
    """A document has a megabyte at most."""
    body = b'{"rate": 0' + b" " * 1024 * 1024 + b"}"

    assert connection.ask("PATCH", "clock", body[:-12] + b"}").status == 200
    refused = connection.ask("PATCH", "clock", body)
    assert refused.problem == (413, f"the document has {len(body)} bytes: at most 1048576 are taken")


def test_a_large_state(connection: Connection, cloudcontrol: CloudControl) -> None:
    """A state is as large as its world: what is had can be put back."""
    for number in range(6):
        cloudcontrol.resources.put(
            "AWS::SSM::Parameter", {"Name": f"p{number}", "Type": "String", "Value": "v" * 200_000}
        )
    state = connection.ask("GET", "state").document
    cloudcontrol.reset()

    assert connection.ask("PUT", "state", state).status == 204
    assert len(cloudcontrol.resources) == 6


def test_a_document_where_none_is_taken(connection: Connection) -> None:
    """A document with a GET is refused."""
    assert connection.ask("GET", "clock", {"rate": 1}).problem == (422, "GET takes no document")


def test_calls(connection: Connection, cloudcontrol: CloudControl) -> None:
    """The calls are shown as they came, with what was wrong."""
    create(connection)
    connection.call("GetResource", {"TypeName": "AWS::SQS::Quue", "Identifier": "a"})
    shown = connection.ask("GET", "calls?api=GetResource&type_name=AWS::SQS::Quue").document

    time = cloudcontrol.calls[0].time.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    call = {"api": "GetResource", "input": {"TypeName": "AWS::SQS::Quue", "Identifier": "a"}}
    assert shown == {"calls": [{**call, "error_code": "TypeNotFoundException", "time": time}]}
    assert len(connection.ask("GET", "calls").document["calls"]) == 2


def test_downstream_work(connection: Connection) -> None:
    """Downstream work is shown, and moved."""
    connection.ask("POST", "plans", {"downstream": True, "steps": 3})
    token = create(connection)
    connection.ask("POST", f"requests/{token}/step")
    (work,) = connection.ask("GET", "downstream").document["downstream"]

    assert (work["id"], work["name"], work["request_token"], work["done"]) == (
        1,
        "CREATE AWS::Logs::LogGroup",
        token,
        False,
    )
    assert connection.ask("POST", "downstream/1/step").document["done"] is False
    assert connection.ask("POST", "downstream/1/run").document == {**work, "done": True, "next_step_at": None}
    assert connection.ask("POST", "downstream/1/stop").status == 200
    assert connection.ask("POST", "downstream/1/step").problem[0] == 409
    missing = "there is no downstream work '2': GET /_cloudcontrol/downstream has it all"
    assert connection.ask("POST", "downstream/2/step").problem == (404, missing)


def test_reset(connection: Connection, cloudcontrol: CloudControl) -> None:
    """The world begins anew."""
    create(connection)

    assert connection.ask("POST", "reset").status == 204
    assert len(cloudcontrol.requests) == 0


def test_openapi_is_valid(connection: Connection) -> None:
    """The document is one of OpenAPI 3.1."""
    document = connection.ask("GET", "openapi.json").document

    assert document["openapi"] == "3.1.0"
    validate(document)


def test_openapi_has_every_route(connection: Connection) -> None:
    """It has each route that there is, and no other, with the members that each takes."""
    paths = connection.ask("GET", "openapi.json").document["paths"]
    told = {(method.upper(), path) for path, methods in paths.items() for method in methods}

    assert told == {(route.method, f"/_cloudcontrol/{route.path}") for route in ROUTES}
    for route in ROUTES:
        operation = paths[f"/_cloudcontrol/{route.path}"][route.method.lower()]
        body = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
        query = {one["name"] for one in operation.get("parameters", ()) if one["in"] == "query"}
        assert body.get("properties", {}).keys() == route.document.keys()
        assert query == set(route.query)


def test_every_answer_is_as_openapi_says(connection: Connection) -> None:
    """What is answered is of the form that the document says."""
    from jsonschema import Draft202012Validator

    connection.ask("POST", "plans", {"downstream": True})
    connection.ask("PUT", "resources", {"type_name": "AWS::SQS::Queue", "properties": {"QueueName": "a"}})
    token = create(connection)
    connection.ask("POST", f"requests/{token}/step")
    document = connection.ask("GET", "openapi.json").document
    open_parts = {"{token}": token}
    looked_at = 0
    for route in (route for route in ROUTES if route.method == "GET" and route.content_type == "application/json"):
        path = "/".join(open_parts.get(part, part) for part in route.path.split("/"))
        answered = connection.ask("GET", path)
        schema: JSONObject = {"$ref": f"#/components/schemas/{route.answers}", "components": document["components"]}
        if route.path == "state":  # which downstream work can't be a part of
            assert answered.status == 409
            continue
        assert list(Draft202012Validator(schema).iter_errors(answered.document)) == [], route.path
        looked_at += 1
    assert looked_at > 8


@pytest.mark.parametrize(
    ("path", "least"),
    [
        ("plans", {"steps": 2, "delay": 1}),
        ("failures", {"error_code": "NotStabilized", "optional": True}),
        ("cancels", {"optional": True}),
        ("expiries", {"optional": True}),
        ("errors", {"code": "ThrottlingException", "optional": True}),
        ("hooks", {"hook_type_name": "Acme::Shop::Hook"}),
        ("limits", {"calls": 1, "per": 2}),
        ("run-until-idle", {}),
    ],
)
def test_null_is_taken_where_openapi_says_so(connection: Connection, path: str, least: JSONObject) -> None:
    """A member that may be null says with it what it says when it isn't there; any other is refused."""
    document = connection.ask("GET", "openapi.json").document
    operation = document["paths"][f"/_cloudcontrol/{path}"]["post"]
    schema = operation["requestBody"]["content"]["application/json"]["schema"]
    required = schema.get("required", [])
    others = {"limits": ("running", "type_name")}.get(path, ())  # which don't go with the rest
    for name, member in schema["properties"].items():
        if name in (*required, *others, "optional"):
            continue
        may_be_null = {"type": "null"} in member.get("oneOf", [])
        answer = connection.ask("POST", path, {**least, name: None})
        assert (name, answer.status in {200, 201}) == (name, may_be_null)
