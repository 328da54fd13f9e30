"""The session that a handler is given: of the world's account and region, and never on the network."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from cloudformation_cli_python_lib.interface import Action
from notebooks import NOTEBOOK, SCHEMA, Notebook, Shelf, create, read, succeeded, telling

from pytest_cloudcontrol import mock_cloudcontrol

if TYPE_CHECKING:
    from collections.abc import Callable


def using(shelf: Shelf, use: Callable[[Any], object]) -> list[object]:
    """Have the CREATE handler do something with its session, and return what came of it."""
    results: list[object] = []

    @shelf.resource.handler(Action.CREATE)
    def make(session: Any, _request: Any, _context: Any) -> Any:
        results.append(use(session))
        shelf.there["nb-1"] = Notebook(Id="nb-1")
        return succeeded(Notebook(Id="nb-1"))

    return results


def test_moto_answers(shelf: Shelf) -> None:
    """With provision="moto" other services are moto's, of the request's region."""
    results = using(shelf, lambda session: session.client("sqs").create_queue(QueueName="notes")["QueueUrl"])
    with mock_cloudcontrol(provision="moto-or-memory", region="eu-west-1") as cloudcontrol:
        cloudcontrol.add_type(SCHEMA)
        cloudcontrol.add_handler(NOTEBOOK, shelf.resource)

        assert create(cloudcontrol).run().status == "SUCCESS"
        assert boto3.client("sqs", region_name="eu-west-1").list_queues()["QueueUrls"] == results


def test_moto_answers_for_the_account(shelf: Shelf) -> None:
    """What a handler makes is the request's account's."""
    results = using(shelf, lambda session: session.client("sts").get_caller_identity()["Account"])
    with mock_cloudcontrol(provision="moto-or-memory") as cloudcontrol:
        cloudcontrol.add_type(SCHEMA)
        cloudcontrol.add_handler(NOTEBOOK, shelf.resource)
        client = cloudcontrol.client(account_id="210987654321")
        client.create_resource(TypeName=NOTEBOOK, DesiredState='{"Title": "x"}')
        cloudcontrol.requests.last.run()

    assert results == ["210987654321"]


def test_whose_resources_they_are(shelf: Shelf) -> None:
    """A type with handlers of its own isn't reported as kept in memory."""
    with mock_cloudcontrol(provision="moto-or-memory") as cloudcontrol:
        cloudcontrol.add_type(SCHEMA)
        cloudcontrol.add_handler(NOTEBOOK, shelf.resource)
        create(cloudcontrol).run()
        read(cloudcontrol, "nb-1")

        assert "Kept in memory" not in cloudcontrol._backend.report()  # noqa: SLF001


def test_resources_of_a_session(shelf: Shelf) -> None:
    """``session.resource`` is answered as ``session.client`` is."""
    using(shelf, lambda session: session.resource("s3").create_bucket(Bucket="notes"))
    with mock_cloudcontrol(provision="moto-or-memory") as cloudcontrol:
        cloudcontrol.add_type(SCHEMA)
        cloudcontrol.add_handler(NOTEBOOK, shelf.resource)
        create(cloudcontrol).run()

        assert [bucket["Name"] for bucket in boto3.client("s3").list_buckets()["Buckets"]] == ["notes"]


def test_without_moto(shelf: Shelf) -> None:
    """Where nobody answers for a service its call is refused, and the error says what to do."""
    using(shelf, lambda session: session.client("sqs").create_queue(QueueName="notes"))

    with telling(shelf) as (cloudcontrol, told):
        assert create(cloudcontrol).run().error_code == "InternalFailure"

    handler = f"the CREATE handler using.<locals>.make of {NOTEBOOK}"
    where = "moto answers with provision='moto', or where the test has entered mock_aws()"
    words = f"session.client='sqs' is not valid: expected a service that is mocked: {where}"
    assert told == [f"{handler} raised OptionError: {words}"]


def test_cloud_control_itself(shelf: Shelf) -> None:
    """A handler's own calls to Cloud Control are the mock's, in the request's account and region."""

    def make_queue(session: Any) -> object:
        return session.client("cloudcontrol").create_resource(TypeName="AWS::SQS::Queue", DesiredState="{}")

    using(shelf, make_queue)
    with mock_cloudcontrol() as cloudcontrol:
        cloudcontrol.add_type(SCHEMA)
        cloudcontrol.add_handler(NOTEBOOK, shelf.resource)
        client = cloudcontrol.client(account_id="210987654321", region_name="eu-west-1")
        client.create_resource(TypeName=NOTEBOOK, DesiredState='{"Title": "x"}')
        cloudcontrol.scope("210987654321", "eu-west-1").run_until_idle()

        assert [request.type_name for request in cloudcontrol.requests] == [NOTEBOOK, "AWS::SQS::Queue"]
        assert {(request.account_id, request.region) for request in cloudcontrol.requests} == {
            ("210987654321", "eu-west-1")
        }


@pytest.mark.slow
def test_the_library_is_not_imported() -> None:
    """Who hands over no object of the library imports nothing of it."""
    code = (
        "import sys; from pytest_cloudcontrol import mock_cloudcontrol\n"
        "with mock_cloudcontrol() as cloudcontrol:\n"
        "    cloudcontrol.add_handler('AWS::SQS::Queue', create=lambda request: None)\n"
        "print('cloudformation_cli_python_lib' in sys.modules)"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert run.stdout.strip() == "False"
