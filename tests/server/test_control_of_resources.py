"""The control API shows what exists, and changes it behind Cloud Control's back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pytest_cloudcontrol import OptionError

if TYPE_CHECKING:
    from over_http import Connection

    from pytest_cloudcontrol import CloudControl
    from pytest_cloudcontrol.documents import JSONObject

LOG_GROUP = "AWS::Logs::LogGroup"
APP: JSONObject = {"type_name": LOG_GROUP, "identifier": "app"}
PUT: JSONObject = {"type_name": LOG_GROUP, "properties": {}}


def put(connection: Connection, name: str = "app", **scope: str) -> None:
    """Place a log group."""
    placed = connection.ask(
        "PUT",
        "resources",
        {"type_name": LOG_GROUP, "properties": {"LogGroupName": name, "RetentionInDays": 7}, **scope},
    )
    assert (placed.status, placed.document) == (201, {"identifier": name})


def test_put_and_list(connection: Connection, cloudcontrol: CloudControl) -> None:
    """What is placed is there, with what the service makes up."""
    put(connection)
    (shown,) = connection.ask("GET", "resources").document["resources"]

    assert shown == {**APP, "properties": cloudcontrol.resources.get(LOG_GROUP, "app")}


def test_put_as_read(connection: Connection, cloudcontrol: CloudControl) -> None:
    """So is what is placed as it was read, just as it is."""
    properties = {"LogGroupName": "app", "Tags": [{"Key": 1}]}
    connection.ask("PUT", "resources", {"type_name": LOG_GROUP, "properties": properties, "as_read": True})  # type: ignore[dict-item]

    assert cloudcontrol.resources.get(LOG_GROUP, "app") == properties


def test_those_that_match(connection: Connection) -> None:
    """Resources are found by their type, and by any identifier that the API takes."""
    put(connection, "app")
    put(connection, "other")
    connection.ask("PUT", "resources", {"type_name": "AWS::SQS::Queue", "properties": {"QueueName": "app"}})

    def found(query: str) -> list[str]:
        return [one["identifier"] for one in connection.ask("GET", f"resources?{query}").document["resources"]]

    assert found(f"type_name={LOG_GROUP}") == ["app", "other"]
    assert found(f"type_name={LOG_GROUP}&identifier=other") == ["other"]
    assert found(f"type_name={LOG_GROUP}&identifier=%7B%22LogGroupName%22:%22app%22%7D") == ["app"]
    assert found("identifier=app") == ["app"]
    assert found(f"type_name={LOG_GROUP}&identifier=none") == []


def test_scopes(connection: Connection, cloudcontrol: CloudControl) -> None:
    """Another account and region has resources of its own."""
    put(connection, account_id="210987654321", region="eu-west-1")

    assert connection.ask("GET", "resources").document == {"resources": []}
    assert len(connection.ask("GET", "resources?account_id=210987654321&region=eu-west-1").document["resources"]) == 1
    assert len(cloudcontrol.scope("210987654321", "eu-west-1").resources) == 1


def test_update(connection: Connection, cloudcontrol: CloudControl) -> None:
    """A resource drifts; null takes a property away."""
    put(connection)
    properties: JSONObject = {"RetentionInDays": None, "KmsKeyId": "arn:aws:kms:us-east-1:123456789012:key/1"}
    updated = connection.ask("PATCH", "resources", {**APP, "properties": properties})

    there = cloudcontrol.resources.get(LOG_GROUP, "app")
    assert (updated.status, updated.document) == (200, {"identifier": "app"})
    assert there is not None
    assert (there["KmsKeyId"], "RetentionInDays" in there) == (properties["KmsKeyId"], False)


def test_delete(connection: Connection, cloudcontrol: CloudControl) -> None:
    """A resource goes."""
    put(connection)

    assert connection.ask("DELETE", f"resources?type_name={LOG_GROUP}&identifier=app").status == 204
    assert len(cloudcontrol.resources) == 0


def test_no_such_resource(connection: Connection) -> None:
    """One that isn't there is not found, in the words that Python gets."""
    put(connection, "apps")
    words = str(OptionError("identifier", "app", f"an existing {LOG_GROUP}; there are: apps. Did you mean 'apps'?"))

    assert connection.ask("DELETE", f"resources?type_name={LOG_GROUP}&identifier=app").problem == (404, words)
    assert connection.ask("PATCH", "resources", {**APP, "properties": {"RetentionInDays": 7}}).problem == (404, words)


UNKNOWN = "expected a known resource type (cloudcontrol.add_type adds one)"
WRONG: list[tuple[str, str, JSONObject | None, str]] = [
    ("PUT", "resources", {"type_name": LOG_GROUP}, "the document needs the member 'properties'"),
    ("PUT", "resources", {**PUT, "properties": 5}, "properties=5 is not valid: expected a dict"),
    ("PUT", "resources", {**PUT, "type_name": 5}, f"type_name=5 is not valid: {UNKNOWN}"),
    ("PUT", "resources", {**PUT, "region": "Paris"}, "region='Paris' is not valid: expected a region's name"),
    ("PUT", "resources", {**PUT, "as_read": 1}, "as_read=1 is not valid: expected True or False"),
    ("PATCH", "resources", {**PUT, "identifier": "{}"}, "identifier='{}' is not valid: expected an identifier of"),
    ("PATCH", "resources", {**PUT, "identifier": None}, "identifier=None is not valid: expected a text"),
    ("DELETE", f"resources?type_name={LOG_GROUP}", None, "the query needs the member 'identifier'"),
    ("GET", "resources?type_name=AWS::Logs::LogGrop", None, f"type_name='AWS::Logs::LogGrop' is not valid: {UNKNOWN}"),
]


@pytest.mark.parametrize(("method", "path", "given", "words"), WRONG)
def test_wrong_values(connection: Connection, method: str, path: str, given: JSONObject | None, words: str) -> None:
    """What is wrong is refused, and nothing happens."""
    status, detail = connection.ask(method, path, given).problem

    assert (status, detail[: len(words)]) == (422, words)
    assert connection.ask("GET", "resources").document == {"resources": []}
