"""The methods of clients are made once for all that tests make inside a mock, and nobody sees a difference."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import boto3
import botocore.session
import pytest
from botocore.awsrequest import AWSResponse
from botocore.client import ClientCreator
from botocore.config import Config
from botocore.loaders import Loader
from calls import CannedBody
from shop_model import SHOP_MODEL

from pytest_cloudcontrol import mock_cloudcontrol

if TYPE_CHECKING:
    from pathlib import Path

    from types_boto3_sqs import SQSClient


def queues() -> SQSClient:
    """Return a client of a session of its own."""
    return boto3.Session().client("sqs", region_name="eu-west-1")


def test_methods_are_made_once() -> None:
    """Clients of different tests have classes of their own with the same methods."""
    with mock_cloudcontrol():
        first = type(queues())
    with mock_cloudcontrol():
        second = type(queues())

    assert first is not second
    assert vars(first)["send_message"] is vars(second)["send_message"]


def test_nothing_is_shared_outside() -> None:
    """A client that is made outside has methods of its own."""
    with mock_cloudcontrol():
        inside = type(queues())
    outside = type(queues())

    assert vars(inside).keys() == vars(outside).keys()
    assert vars(inside)["send_message"] is not vars(outside)["send_message"]


def test_documentation() -> None:
    """A shared method has the documentation that it has outside."""
    with mock_cloudcontrol():
        inside = str(queues().send_message.__doc__)

    assert inside == str(queues().send_message.__doc__)
    assert "Delivers a message" in inside


def test_what_a_session_adds_to_its_classes() -> None:
    """What an event handler of one session adds to the class of its clients is not in those of others."""

    def add(class_attributes: dict[str, object], **_: object) -> None:
        class_attributes["send_message"] = class_attributes["further"] = lambda _: "added"

    with mock_cloudcontrol():
        session = boto3.Session()
        session.events.register("creating-client-class.sqs", add)
        own: Any = session.client("sqs", region_name="eu-west-1")
        other: Any = queues()

    assert (own.further(), own.send_message()) == ("added", "added")
    assert not hasattr(other, "further")
    assert other.send_message.__name__ == "send_message"


def test_service_of_a_folder_of_the_tests_own(tmp_path: Path) -> None:
    """The methods of a service that botocore doesn't ship with are each client's own."""
    (tmp_path / "shop" / "2026-01-01").mkdir(parents=True)
    (tmp_path / "shop" / "2026-01-01" / "service-2.json").write_text(json.dumps(SHOP_MODEL))
    with mock_cloudcontrol():
        session = botocore.session.Session()
        session.register_component("data_loader", Loader(extra_search_paths=[str(tmp_path)]))
        first, second = (type(session.create_client("shop", region_name="eu-west-1")) for _ in range(2))

    assert vars(first)["open_shop"].__name__ == "open_shop"
    assert vars(first)["open_shop"] is not vars(second)["open_shop"]


def test_somebody_who_makes_methods_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where botocore's way of making a method has been replaced, every method is made in that way."""
    with mock_cloudcontrol():
        queues()
        with monkeypatch.context() as inside:
            inside.setattr(ClientCreator, "_create_api_method", lambda _creator, name, *_: f"method {name}")
            replaced: Any = type(queues())
        after = type(queues())

    assert replaced.send_message == "method send_message"
    assert callable(vars(after)["send_message"])


def test_creator_of_somebodys_own() -> None:
    """A creator of a class of somebody's own, as asynchronous clients have one, makes its methods itself."""

    class OwnCreator(ClientCreator):
        def _create_api_method(self, py_operation_name: str, *_: object) -> str:
            return f"own {py_operation_name}"

    with mock_cloudcontrol():
        queues()
        session = botocore.session.Session()
        loader, emitter = session.get_component("data_loader"), session.get_component("event_emitter")
        creator = OwnCreator(loader, None, "", emitter, None, None)  # type: ignore[arg-type]  # not asked for here
        create: Any = creator.create_client_class  # which botocore-stubs has as returning nothing
        made = create("sqs")

    assert made.send_message == "own send_message"


@pytest.mark.parametrize("service", ["dynamodb", "timestream-write"])
def test_service_that_finds_its_endpoints(service: str) -> None:
    """A client of a service with an operation that finds endpoints asks that one first, as outside."""
    asked: list[str] = []

    def answer(event_name: str, **_: object) -> AWSResponse:
        asked.append(event_name.rpartition(".")[2])
        body = CannedBody(b'{"Endpoints": [{"Address": "found.example.com", "CachePeriodInMinutes": 5}]}')
        return AWSResponse("", 200, {}, body)  # type: ignore[arg-type]  # as botocore itself passes them

    with mock_cloudcontrol():
        session = boto3.Session(region_name="us-east-1")
        session.events.register("before-send", answer)  # type: ignore[arg-type]  # it may answer
        client: Any = session.client(service, config=Config(endpoint_discovery_enabled=True))  # type: ignore[call-overload]  # either
        (client.list_tables if service == "dynamodb" else client.list_databases)()

    assert asked[0] == "DescribeEndpoints"
