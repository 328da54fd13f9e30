"""What is used of moto that its documentation doesn't promise, each by what it does."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import boto3
import pytest
from moto import mock_aws
from moto.core import errors, responses
from moto.moto_api import state_manager
from moto.moto_api._internal import managed_state_model
from moto.moto_api._internal.managed_state_model import ManagedState
from moto.s3 import models as s3_models
from moto.s3 import urls as s3_urls

from pytest_cloudcontrol.transport.moto import private
from pytest_cloudcontrol.transport.patches import Patches

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def remembering() -> Iterator[None]:
    """Let moto remember for a test."""
    patches = Patches()
    private.let_remember(patches)
    yield
    patches.undo()


def test_holders() -> None:
    """Each that enters moto's mock is counted until it leaves."""
    assert private.holders() == 0
    with mock_aws():
        assert private.holders() == 1
        with mock_aws():
            assert private.holders() == 2
    assert private.holders() == 0


@mock_aws
def test_account_of() -> None:
    """The account of an assumed role's key is known, and that of another key isn't."""
    sts = boto3.client("sts", region_name="us-east-1")
    assumed = sts.assume_role(RoleArn="arn:aws:iam::333333333333:role/r", RoleSessionName="session")
    assert private.account_of(assumed["Credentials"]["AccessKeyId"]) == "333333333333"
    assert private.account_of("AKIAUNKNOWN") is None


@mock_aws
def test_account_header() -> None:
    """The header says whose a resource is."""
    sqs = boto3.client("sqs", region_name="us-east-1")

    def name_the_account(params: dict[str, dict[str, str]], **_: object) -> None:
        params["headers"][private.ACCOUNT_HEADER] = "444444444444"

    sqs.meta.events.register("before-call", name_the_account)
    assert "/444444444444/" in sqs.create_queue(QueueName="a")["QueueUrl"]


@mock_aws
def test_seed() -> None:
    """Equal seeds give equal ids, and afterwards moto goes on as before."""
    ec2 = boto3.client("ec2", region_name="us-east-1")
    ec2.describe_vpcs()  # or the default one's ids come first
    ids = []
    for _ in range(2):
        before = private.seed("a")
        ids.append(ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"])
        private.draw_again_from(before)
    assert ids[0] == ids[1]
    assert ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"] != ids[0]


@mock_aws
def test_time() -> None:
    """A state of moto's changes when the clock that it is given says so, and afterwards by the machine's."""
    now = datetime(2030, 1, 1, tzinfo=UTC)
    state_manager.set_transition("test::model", {"progression": "time", "seconds": 60})
    states = []
    try:
        private.let_time_be(lambda: now)
        model = ManagedState("test::model", [("STARTING", "READY")])
        for seconds in (0, 59, 61):
            now = datetime(2030, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
            states.append(model.status)
    finally:
        private.let_time_be(None)
        state_manager.unset_transition("test::model")

    assert states == ["STARTING", "STARTING", "READY"]
    assert vars(managed_state_model)["datetime"] is datetime


@pytest.mark.usefixtures("remembering")
def test_operations_are_remembered() -> None:
    """The names of a service's operations are looked for once, and are those that there are."""
    look = vars(responses)["method_names_from_class"]
    assert look(responses.BaseResponse) is look(responses.BaseResponse)
    assert "call_action" in look(responses.BaseResponse)


@pytest.mark.usefixtures("remembering")
def test_errors_are_remembered() -> None:
    """The errors of a service are read once."""
    assert errors.ErrorLookupFactory() is errors.ErrorLookupFactory()


@pytest.mark.usefixtures("remembering")
def test_addresses_are_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    """The addresses of S3 are read anew only when the setting for further ones changes."""
    read = []
    for setting in ("", "https://s3.local", "https://s3.local", ""):
        monkeypatch.setenv("MOTO_S3_CUSTOM_ENDPOINTS", setting)
        vars(s3_models)["reload"](s3_urls)
        read.append(s3_urls.url_bases)
    assert ["https://s3.local" in addresses for addresses in read] == [False, True, True, False]
    assert read[1] is read[2]


def test_nothing_is_remembered_afterwards() -> None:
    """What moto had is put back."""
    modules = (responses, errors, s3_models)
    before = [dict(vars(module)) for module in modules]
    patches = Patches()
    private.let_remember(patches)
    assert [dict(vars(module)) for module in modules] != before
    patches.undo()
    assert [dict(vars(module)) for module in modules] == before


def test_answer() -> None:
    """Moto answers a call only while its mock is entered, and a client made earlier once it is let."""
    session = boto3.session.Session(aws_access_key_id="AKIA", aws_secret_access_key="-", region_name="us-east-1")
    sqs = session.client("sqs")
    private.let_answer(sqs)
    requests = []
    sqs.meta.events.register("before-send", lambda request, **_: requests.append(request))
    with mock_aws():
        assert "ResponseMetadata" in sqs.list_queues()
        answered = private.answer(requests[0])
        assert answered is not None
        assert answered.status_code == 200
    assert private.answer(requests[0]) is None


@mock_aws
def test_server_applications() -> None:
    """The application of a service is found by the signature of a request."""
    signed = "AWS4-HMAC-SHA256 Credential=a/20300101/us-east-1/sqs/aws4_request, Signature=0"
    found = private.server_applications()({"PATH_INFO": "/", "HTTP_AUTHORIZATION": signed, "HTTP_HOST": "localhost"})

    assert getattr(found, "service") == "sqs"  # noqa: B009  # an attribute of moto's own
