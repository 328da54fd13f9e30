"""The wire: what is sent and answered, byte by byte where AWS's bytes are known."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError
from botocore.loaders import Loader
from calls import sending
from fidelity_support import Wire, adding, create, delete, status, update
from refusals import refusal
from resource_types import LOG_GROUP

if TYPE_CHECKING:
    from collections.abc import Callable

    from types_boto3_cloudcontrol import CloudControlApiClient

    from pytest_cloudcontrol import CloudControl

START: Final = datetime(2026, 9, 28, 9, 30, 15, 219_000, tzinfo=UTC)

pytestmark = pytest.mark.cloudcontrol(auto_advance=False, start=START)

FAULTS: Final = (
    "ConcurrentModificationException",
    "HandlerFailureException",
    "HandlerInternalFailureException",
    "NetworkFailureException",
    "ServiceInternalErrorException",
)
"""The errors that the API's model calls faults."""

OTHER_ERRORS: Final = (
    "AlreadyExistsException",
    "ClientTokenConflictException",
    "ConcurrentOperationException",
    "GeneralServiceException",
    "InvalidCredentialsException",
    "InvalidRequestException",
    "NotStabilizedException",
    "NotUpdatableException",
    "PrivateTypeException",
    "RequestTokenNotFoundException",
    "ResourceConflictException",
    "ResourceNotFoundException",
    "ServiceLimitExceededException",
    "TypeNotFoundException",
    "UnsupportedActionException",
)

ONCE: Final = Config(retries={"mode": "standard", "total_max_attempts": 1})


@pytest.fixture
def wire(cloudcontrol_client: CloudControlApiClient) -> Wire:
    """Return what goes over the wire of the client."""
    return Wire(cloudcontrol_client)


@pytest.mark.fidelity("W-1")
@pytest.mark.parametrize(
    ("operation", "call"),
    [
        ("CreateResource", create),
        ("UpdateResource", update),
        ("DeleteResource", delete),
        ("GetResource", lambda client: client.get_resource(TypeName=LOG_GROUP, Identifier="app")),
        ("ListResources", lambda client: client.list_resources(TypeName=LOG_GROUP)),
        ("GetResourceRequestStatus", lambda client: client.get_resource_request_status(RequestToken="none")),
        ("ListResourceRequests", lambda client: client.list_resource_requests()),
        ("CancelResourceRequest", lambda client: client.cancel_resource_request(RequestToken="none")),
    ],
)
def test_every_operation_is_a_signed_post_that_names_itself_in_a_header(
    cloudcontrol: CloudControl,
    cloudcontrol_client: CloudControlApiClient,
    wire: Wire,
    operation: str,
    call: Callable[[CloudControlApiClient], object],
) -> None:
    """A call is a POST to /, JSON 1.0, with X-Amz-Target, signed for the service cloudcontrolapi."""
    cloudcontrol.resources.put(LOG_GROUP, {"LogGroupName": "app"})
    if "ResourceRequest" in operation and operation != "ListResourceRequests":
        with pytest.raises(cloudcontrol_client.exceptions.RequestTokenNotFoundException):
            call(cloudcontrol_client)
    else:
        call(cloudcontrol_client)
    sent = wire.last
    assert (sent.method, sent.url) == ("POST", "https://cloudcontrolapi.us-east-1.amazonaws.com/")
    assert sent.sent_headers["Content-Type"] == "application/x-amz-json-1.0"
    assert sent.sent_headers["X-Amz-Target"] == f"CloudApiService.{operation}"
    assert "/us-east-1/cloudcontrolapi/aws4_request" in sent.sent_headers["Authorization"]


@pytest.mark.fidelity("W-2")
@pytest.mark.parametrize(
    ("region", "dual_stack", "fips", "host"),
    [
        ("eu-west-1", False, False, "cloudcontrolapi.eu-west-1.amazonaws.com"),
        ("cn-north-1", False, False, "cloudcontrolapi.cn-north-1.amazonaws.com.cn"),
        ("us-gov-west-1", False, False, "cloudcontrolapi.us-gov-west-1.amazonaws.com"),
        ("us-iso-east-1", False, False, "cloudcontrolapi.us-iso-east-1.c2s.ic.gov"),
        ("us-east-1", True, False, "cloudcontrolapi.us-east-1.api.aws"),
        ("us-east-1", False, True, "cloudcontrolapi-fips.us-east-1.amazonaws.com"),
        ("us-east-1", True, True, "cloudcontrolapi-fips.us-east-1.api.aws"),
    ],
)
def test_every_host_of_the_service_is_answered(
    cloudcontrol: CloudControl, region: str, *, dual_stack: bool, fips: bool, host: str
) -> None:
    """The hosts of every partition are served, dual stack and FIPS ones too, each in its own region."""
    config = Config(use_dualstack_endpoint=dual_stack, use_fips_endpoint=fips)
    client = cloudcontrol.client(region_name=region, config=config)
    wire = Wire(client)
    create(client)
    assert wire.last.url == f"https://{host}/"
    assert cloudcontrol.requests.last.region == region


@pytest.mark.fidelity("W-2")
@pytest.mark.parametrize("endpoint", ["http://localhost:4566", "https://cloudcontrol.corp.example/api"])
def test_a_custom_endpoint_is_answered(cloudcontrol: CloudControl, endpoint: str) -> None:
    """A client with an endpoint_url of its own is served like any other."""
    client = cloudcontrol.client(endpoint_url=endpoint)
    event = create(client)
    assert event["RequestToken"] == cloudcontrol.requests.last.request_token


@pytest.mark.fidelity("W-3")
@pytest.mark.parametrize("is_refused", [False, True], ids=["answer", "error"])
def test_an_answer_has_the_recorded_headers(
    cloudcontrol_client: CloudControlApiClient, wire: Wire, *, is_refused: bool
) -> None:
    """An answer and an error carry x-amzn-RequestId, Date, Content-Type and Content-Length."""
    if is_refused:
        refusal(lambda: cloudcontrol_client.list_resources(TypeName="No::Such::Type"))
    else:
        create(cloudcontrol_client)
    headers = dict(wire.last.headers)
    assert UUID(headers.pop("x-amzn-RequestId")).version == 4
    assert headers == {
        "Date": "Mon, 28 Sep 2026 09:30:15 GMT",
        "Content-Type": "application/x-amz-json-1.0",
        "Content-Length": str(len(wire.last.body)),
    }


@pytest.mark.fidelity("W-3")
def test_every_answer_has_a_request_id_of_its_own(cloudcontrol_client: CloudControlApiClient, wire: Wire) -> None:
    """The x-amzn-RequestId differs from answer to answer, and is what botocore shows as RequestId."""
    first = cloudcontrol_client.list_resources(TypeName=LOG_GROUP)["ResponseMetadata"]["RequestId"]
    second = cloudcontrol_client.list_resource_requests()["ResponseMetadata"]["RequestId"]
    assert [first, second] == [exchange.headers["x-amzn-RequestId"] for exchange in wire.exchanges]
    assert first != second


@pytest.mark.fidelity("W-4")
def test_timestamps_are_numbers_with_milliseconds(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient, wire: Wire
) -> None:
    """EventTime and RetryAfter are JSON numbers: seconds since 1970 with milliseconds."""
    event = create(cloudcontrol_client, RetentionInDays=7)
    assert b'"EventTime":1790587815.219' in wire.last.body
    assert event["EventTime"] == START
    cloudcontrol.step()
    status(cloudcontrol_client, event)
    assert b'"EventTime":1790587815.419' in wire.last.body
    assert b'"RetryAfter":1790587816.419' in wire.last.body


@pytest.mark.fidelity("W-5")
def test_models_are_strings_of_compact_json(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient, wire: Wire
) -> None:
    """Properties and ResourceModel are JSON texts inside JSON, without white space."""
    cloudcontrol.resources.put(LOG_GROUP, {"LogGroupName": "app", "Tags": [{"Key": "team", "Value": "blue sky"}]})
    cloudcontrol_client.get_resource(TypeName=LOG_GROUP, Identifier="app")
    got = wire.last.document["ResourceDescription"]["Properties"]
    update(cloudcontrol_client, adding("/RetentionInDays", 7))
    patched = wire.last.document["ProgressEvent"]["ResourceModel"]
    for text in (got, patched):
        assert text == json.dumps(json.loads(text), separators=(",", ":"))
        assert '"blue sky"' in text


@pytest.mark.fidelity("W-5")
def test_the_answer_itself_is_compact(cloudcontrol_client: CloudControlApiClient, wire: Wire) -> None:
    """The body of an answer is compact JSON too."""
    cloudcontrol_client.list_resources(TypeName=LOG_GROUP)
    assert wire.last.body == b'{"TypeName":"AWS::Logs::LogGroup","ResourceDescriptions":[]}'


@pytest.mark.fidelity("W-6")
@pytest.mark.parametrize("code", [*FAULTS, *OTHER_ERRORS])
def test_a_modelled_error_is_of_the_services_own_name_space(cloudcontrol: CloudControl, code: str) -> None:
    """A modelled error's body names its code in com.amazon.cloudapiservice, and clients raise their class for it."""
    client = cloudcontrol.client(config=ONCE)
    wire = Wire(client)
    cloudcontrol.add_error(code, message="As it was put.")
    with pytest.raises(getattr(client.exceptions, code), match="As it was put"):
        client.list_resource_requests()
    assert wire.last.document == {"__type": f"com.amazon.cloudapiservice#{code}", "Message": "As it was put."}


@pytest.mark.fidelity("W-6")
def test_the_errors_tested_here_are_all_that_the_api_models() -> None:
    """The API's model has these errors and ThrottlingException, and marks these five as faults."""
    shapes = Loader().load_service_model("cloudcontrol", "service-2")["shapes"]
    errors = {name: shape for name, shape in shapes.items() if shape.get("exception")}
    assert set(errors) == {*FAULTS, *OTHER_ERRORS, "ThrottlingException"}
    assert {name for name, shape in errors.items() if shape.get("fault")} == set(FAULTS)


@pytest.mark.fidelity("W-7")
def test_a_validation_exception_is_of_corals_name_space(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient, wire: Wire
) -> None:
    """ValidationException is Coral's, its message is written in lower case, and clients get a plain ClientError."""
    event = create(cloudcontrol_client)
    cloudcontrol.request(event["RequestToken"]).run()
    with pytest.raises(ClientError) as caught:
        cloudcontrol_client.cancel_resource_request(RequestToken=event["RequestToken"])
    assert type(caught.value) is ClientError
    assert not hasattr(cloudcontrol_client.exceptions, "ValidationException")
    assert wire.last.document == {
        "__type": "com.amazon.coral.validate#ValidationException",
        "message": f"Request {event['RequestToken']} is already in status SUCCESS",
    }


@pytest.mark.fidelity("W-8")
@pytest.mark.parametrize(
    ("code", "name_space"),
    [
        ("AccessDeniedException", "com.amazon.coral.service"),
        ("ThrottlingException", "com.amazon.coral.availability"),
    ],
)
def test_errors_of_the_framework_are_of_its_name_spaces(cloudcontrol: CloudControl, code: str, name_space: str) -> None:
    """AccessDeniedException and ThrottlingException come from the framework below the service, with HTTP 400."""
    client = cloudcontrol.client(config=ONCE)
    wire = Wire(client)
    cloudcontrol.add_error(code, message="No.")
    assert refusal(client.list_resource_requests) == (code, "No.", 400)
    assert wire.last.document == {"__type": f"{name_space}#{code}", "Message": "No."}


@pytest.mark.fidelity("W-8")
def test_throttling_says_rate_exceeded(cloudcontrol: CloudControl) -> None:
    """A ThrottlingException says what AWS was recorded to say."""
    client = cloudcontrol.client(config=ONCE)
    cloudcontrol.add_error("ThrottlingException")
    assert refusal(client.list_resource_requests) == ("ThrottlingException", "Rate exceeded", 400)


@pytest.mark.fidelity("W-9")
@pytest.mark.parametrize(
    ("code", "http_status"), [*((code, 500) for code in FAULTS), *((code, 400) for code in OTHER_ERRORS)]
)
def test_only_faults_are_http_500(cloudcontrol: CloudControl, code: str, http_status: int) -> None:
    """The five faults are HTTP 500; every other error is 400, the not-found ones included."""
    client = cloudcontrol.client(config=ONCE)
    cloudcontrol.add_error(code, message="No.")
    assert refusal(client.list_resource_requests) == (code, "No.", http_status)


@pytest.mark.fidelity("W-9")
def test_not_found_is_http_400(cloudcontrol_client: CloudControlApiClient, wire: Wire) -> None:
    """A resource that isn't there is HTTP 400, not 404."""
    refusal(lambda: cloudcontrol_client.get_resource(TypeName=LOG_GROUP, Identifier="none"))
    assert wire.last.status == 400


@pytest.mark.fidelity("W-10")
@pytest.mark.parametrize("call", [create, update, delete], ids=["create", "update", "delete"])
def test_botocore_gives_every_mutation_a_client_token(
    cloudcontrol: CloudControl,
    cloudcontrol_client: CloudControlApiClient,
    wire: Wire,
    call: Callable[[CloudControlApiClient], object],
) -> None:
    """A Create, Update or Delete without ClientToken is sent with a random UUID as one."""
    cloudcontrol.resources.put(LOG_GROUP, {"LogGroupName": "app"})
    call(cloudcontrol_client)
    sent = wire.last.sent["ClientToken"]
    assert UUID(sent).version == 4
    assert cloudcontrol.requests.last.client_token == sent


@pytest.mark.fidelity("W-11")
@pytest.mark.parametrize("code", ["ThrottlingException", "ServiceInternalErrorException"])
def test_retries_of_a_create_make_one_request(cloudcontrol: CloudControl, code: str) -> None:
    """A throttled or failed call is tried three times with one ClientToken, and one request comes of it."""
    client = cloudcontrol.client(config=Config(retries={"mode": "standard"}))
    cloudcontrol.add_error(code, api="CreateResource", times=2)
    event = create(client)
    assert [call.error_code for call in cloudcontrol.calls] == [code, code, None]
    assert len({json.dumps(call.input) for call in cloudcontrol.calls}) == 1
    assert [request.request_token for request in cloudcontrol.requests] == [event["RequestToken"]]


@pytest.mark.fidelity("W-11")
def test_a_retry_after_a_lost_answer_is_a_replay(cloudcontrol: CloudControl) -> None:
    """When the answer to an accepted create is lost, the retry gets the same request's event."""
    client = cloudcontrol.client(config=Config(retries={"mode": "standard"}))
    lost = ["one answer"]

    def lose_the_answer(response: object, **_: object) -> Any:
        return 0 if response is not None and lost and lost.pop() else None

    client.meta.events.register_first("needs-retry.cloudcontrol.CreateResource", lose_the_answer)
    event = create(client)
    assert [call.error_code for call in cloudcontrol.calls] == [None, None]
    assert [request.request_token for request in cloudcontrol.requests] == [event["RequestToken"]]


@pytest.mark.fidelity("W-11")
def test_a_concurrent_operation_is_not_retried(cloudcontrol: CloudControl) -> None:
    """A ConcurrentOperationException reaches the caller at once."""
    client = cloudcontrol.client(config=Config(retries={"mode": "standard"}))
    cloudcontrol.add_error("ConcurrentOperationException", message="Busy.")
    assert refusal(lambda: create(client)) == ("ConcurrentOperationException", "Busy.", 400)
    assert len(cloudcontrol.calls) == 1


@pytest.mark.fidelity("D-6")
def test_the_region_comes_from_the_credential_scope(cloudcontrol: CloudControl) -> None:
    """The region that a call is signed for counts, whatever host it is sent to."""
    client = cloudcontrol.client(
        region_name="eu-west-1", endpoint_url="https://cloudcontrolapi.us-east-1.amazonaws.com"
    )
    create(client)
    assert cloudcontrol.requests.last.region == "eu-west-1"


@pytest.mark.fidelity("C-1")
@pytest.mark.parametrize(
    ("target", "shown"),
    [
        ("CloudApiService.RenameResource", "RenameResource"),
        ("CloudApiService.", ""),
        ("RenameResource", "RenameResource"),
    ],
)
def test_an_unknown_operation_is_refused(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient, wire: Wire, target: str, shown: str
) -> None:
    """An X-Amz-Target that names none of the eight operations gets UnknownOperationException."""
    sending(cloudcontrol_client, target=target)
    refusal(lambda: create(cloudcontrol_client))
    assert (wire.last.status, wire.last.document) == (
        400,
        {
            "__type": "com.amazon.coral.service#UnknownOperationException",
            "Message": f"{shown} is not an operation of CloudApiService",
        },
    )
    assert not cloudcontrol.requests


@pytest.mark.fidelity("C-1")
def test_an_operation_of_another_service_is_refused(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient
) -> None:
    """The name before the operation's counts as well: another service's CreateResource isn't this one's."""
    sending(cloudcontrol_client, target="OtherService.CreateResource")
    assert refusal(lambda: create(cloudcontrol_client)).code == "UnknownOperationException"
    assert not cloudcontrol.requests


@pytest.mark.fidelity("W-2")
def test_a_client_of_boto3s_own_is_answered(cloudcontrol: CloudControl) -> None:
    """A client made by boto3 itself, with keys that the mock never saw, belongs to the default account."""
    client = boto3.client(
        "cloudcontrol", region_name="us-west-2", aws_access_key_id="AKIAOTHER", aws_secret_access_key="any"
    )
    create(client)
    request = cloudcontrol.requests.last
    assert (request.account_id, request.region) == ("123456789012", "us-west-2")


@pytest.mark.fidelity("W-12")
def test_request_tokens_are_random_uuids(cloudcontrol_client: CloudControlApiClient) -> None:
    """A RequestToken is a random UUID in lower case."""
    token = create(cloudcontrol_client)["RequestToken"]
    assert re.fullmatch(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", token)
