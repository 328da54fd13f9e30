"""Bad input: AWS's error whatever comes in, never another exception, and nothing has changed."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

import pytest
from botocore.config import Config
from botocore.exceptions import ParamValidationError
from calls import VALID_CALLS, sending
from fidelity_support import Wire
from refusals import Refusal, refusal
from resource_types import LOG_GROUP

if TYPE_CHECKING:
    from collections.abc import Iterator

    from types_boto3_cloudcontrol import CloudControlApiClient

    from pytest_cloudcontrol import CloudControl

pytestmark = pytest.mark.cloudcontrol(auto_advance=False)

PATTERN: Final = "satisfy regular expression pattern:"
OF_ROLES: Final = f"{PATTERN} arn:.+:iam::[0-9]{{12}}:role/.+"
OF_TYPES: Final = f"{PATTERN} [A-Za-z0-9]{{2,64}}::[A-Za-z0-9]{{2,64}}::[A-Za-z0-9]{{2,64}}"
OF_TOKENS: Final = f"{PATTERN} [-A-Za-z0-9+/=]+"
NOT_NULL: Final = "failed to satisfy constraint: Member must not be null"
NO_STRING: Final = "cannot be converted to String"
NO_INTEGER: Final = "cannot be converted to Integer"
NO_LIST: Final = "Unexpected field type: STRING_VALUE found where a structure or list is expected"


@pytest.fixture(autouse=True)
def _unchanged(cloudcontrol: CloudControl) -> Iterator[None]:
    """Have one resource, and see that the test's calls change neither it nor the registry."""
    cloudcontrol.resources.put(LOG_GROUP, {"LogGroupName": "app"})
    before = list(cloudcontrol.resources)
    yield
    made = len(cloudcontrol.requests)
    assert made == 0
    assert list(cloudcontrol.resources) == before


@pytest.fixture
def client(cloudcontrol: CloudControl) -> CloudControlApiClient:
    """Return a client that sends whatever it is given."""
    return cloudcontrol.client(config=Config(parameter_validation=False))


def told(client: CloudControlApiClient, api: str, **members: Any) -> Refusal:
    """Make a call with some members replaced, and return what it was told."""
    return refusal(lambda: getattr(client, api)(**{**VALID_CALLS[api], **members}))


def invalid(*violations: str) -> Refusal:
    """Return what a call with these violations is told."""
    count = len(violations)
    plural = "s" if count > 1 else ""
    return Refusal("ValidationException", f"{count} validation error{plural} detected: {'; '.join(violations)}", 400)


def violation(value: str | None, member: str, constraint: str) -> str:
    """Return the sentence about one violation; of a sensitive member's value nothing is said."""
    shown = "Value" if value is None else f"Value '{value}'"
    return f"{shown} at '{member}' failed to satisfy constraint: Member must {constraint}"


def in_java(member: str) -> str:
    """Return a member's name as the messages write it."""
    return member[0].lower() + member[1:]


def longest(client: CloudControlApiClient, api: str, member: str) -> int:
    """Return how long a member may be: botocore's model says so, and newer ones allow more than older ones."""
    operation = client.meta.method_to_api_mapping[api]
    shape = client.meta.service_model.operation_model(operation).input_shape
    assert shape is not None
    most: int = shape.members[member].metadata["max"]
    return most


# Constraints


@pytest.mark.fidelity("W-13")
@pytest.mark.parametrize(
    ("api", "member"),
    [
        ("get_resource", "Identifier"),
        ("delete_resource", "ClientToken"),
        ("update_resource", "TypeVersionId"),
        ("list_resources", "NextToken"),
        ("list_resource_requests", "NextToken"),
        ("get_resource_request_status", "RequestToken"),
        ("cancel_resource_request", "RequestToken"),
    ],
)
def test_a_value_that_is_too_long_is_refused(client: CloudControlApiClient, api: str, member: str) -> None:
    """A value one character longer than the API's model allows is refused, and shown."""
    most = longest(client, api, member)
    value = "x" * (most + 1)
    refused = told(client, api, **{member: value})
    assert refused == invalid(violation(value, in_java(member), f"have length less than or equal to {most}"))


@pytest.mark.fidelity("W-13")
@pytest.mark.parametrize(
    ("api", "member", "value", "violated"),
    [
        ("get_resource", "Identifier", "a\nb", [f"{PATTERN} .+"]),
        ("delete_resource", "ClientToken", "no spaces", [OF_TOKENS]),
        ("create_resource", "TypeName", "AWS::Logs", [
            "have length greater than or equal to 10",
            OF_TYPES,
        ]),
        ("list_resources", "TypeName", f"AWS::Logs::{'x' * 186}", [
            "have length less than or equal to 196",
            OF_TYPES,
        ]),
        ("list_resources", "TypeName", "AWS::Logs::Log_Group", [OF_TYPES]),
        ("get_resource", "RoleArn", "arn:aws:iam::12:role/deployer", [OF_ROLES]),
        ("get_resource", "RoleArn", "arn:aws:iam::", [
            "have length greater than or equal to 20",
            OF_ROLES,
        ]),
        ("get_resource", "TypeVersionId", "1.0", [f"{PATTERN} [A-Za-z0-9-]+"]),
        ("list_resource_requests", "MaxResults", 101, ["have value less than or equal to 100"]),
        ("list_resource_requests", "MaxResults", 0, ["have value greater than or equal to 1"]),
        ("cancel_resource_request", "RequestToken", "", [
            "have length greater than or equal to 1",
            OF_TOKENS,
        ]),
    ],
)  # fmt: skip
def test_a_violated_constraint_is_named_with_the_value(
    client: CloudControlApiClient, api: str, member: str, value: object, violated: list[str]
) -> None:
    """A value outside its length, pattern or range is refused, each violation with a sentence of its own."""
    sentences = [violation(str(value), in_java(member), constraint) for constraint in violated]
    assert told(client, api, **{member: value}) == invalid(*sentences)


@pytest.mark.fidelity("W-13")
@pytest.mark.parametrize(
    ("wanted", "sentences"),
    [
        (
            {"Operations": ["READ"]},
            [
                violation(
                    "READ",
                    "resourceRequestStatusFilter.operations.1.member",
                    "satisfy enum value set: [CREATE, DELETE, UPDATE]",
                )
            ],
        ),
        (
            {"Operations": ["CREATE", "create"], "OperationStatuses": ["DONE"]},
            [
                violation(
                    "create",
                    "resourceRequestStatusFilter.operations.2.member",
                    "satisfy enum value set: [CREATE, DELETE, UPDATE]",
                ),
                violation(
                    "DONE",
                    "resourceRequestStatusFilter.operationStatuses.1.member",
                    "satisfy enum value set: "
                    "[PENDING, IN_PROGRESS, SUCCESS, FAILED, CANCEL_IN_PROGRESS, CANCEL_COMPLETE]",
                ),
            ],
        ),
    ],
    ids=["one", "two"],
)
def test_an_unknown_word_in_a_filter_is_named(
    client: CloudControlApiClient, wanted: dict[str, list[str]], sentences: list[str]
) -> None:
    """A word outside its enum is refused with its place in the list and the valid ones."""
    assert told(client, "list_resource_requests", ResourceRequestStatusFilter=wanted) == invalid(*sentences)


@pytest.mark.fidelity("C-13")
def test_all_violations_stand_in_one_message(client: CloudControlApiClient) -> None:
    """Several members at fault are told at once, counted."""
    refused = told(client, "get_resource", TypeName="AWS", Identifier="", TypeVersionId="!")
    assert refused == invalid(
        violation("AWS", "typeName", "have length greater than or equal to 10"),
        violation("AWS", "typeName", OF_TYPES),
        violation("", "identifier", "have length greater than or equal to 1"),
        violation("", "identifier", f"{PATTERN} .+"),
        violation("!", "typeVersionId", f"{PATTERN} [A-Za-z0-9-]+"),
    )


@pytest.mark.fidelity("C-13")
@pytest.mark.parametrize(
    ("api", "member"),
    [("create_resource", "DesiredState"), ("update_resource", "PatchDocument"), ("list_resources", "ResourceModel")],
)
@pytest.mark.parametrize("is_short", [True, False], ids=["too short", "too long"])
def test_a_sensitive_value_is_not_shown(
    client: CloudControlApiClient, api: str, member: str, *, is_short: bool
) -> None:
    """What may hold secrets is not repeated in the message."""
    most = longest(client, api, member)
    value = "" if is_short else "s" * (most + 1)
    bound = "greater than or equal to 1" if is_short else f"less than or equal to {most}"
    refused = told(client, api, **{member: value})
    assert refused == invalid(violation(None, in_java(member), f"have length {bound}"))


@pytest.mark.fidelity("C-13")
@pytest.mark.parametrize(
    ("api", "missing"),
    [
        ("create_resource", ["typeName", "desiredState"]),
        ("update_resource", ["typeName", "identifier", "patchDocument"]),
        ("get_resource_request_status", ["requestToken"]),
    ],
)
def test_a_missing_member_is_null(client: CloudControlApiClient, api: str, missing: list[str]) -> None:
    """A required member that wasn't sent, or was sent as null, is told as null."""
    sending(client, body=b"{}")
    assert told(client, api) == invalid(*(f"Value null at '{name}' {NOT_NULL}" for name in missing))


@pytest.mark.fidelity("W-14")
@pytest.mark.parametrize(
    ("api", "members"),
    [
        ("get_resource", {"TypeName": "AWS", "Identifier": "app"}),
        ("get_resource", {"TypeName": LOG_GROUP}),
        ("get_resource", {"TypeName": LOG_GROUP, "Identifier": 5}),
        ("list_resource_requests", {"MaxResults": 0}),
    ],
    ids=["least length", "presence", "type", "least value"],
)
def test_botocore_checks_presence_types_and_least_values_before_it_sends(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient, api: str, members: dict[str, Any]
) -> None:
    """What botocore refuses itself never reaches the service."""
    with pytest.raises(ParamValidationError):
        getattr(cloudcontrol_client, api)(**members)
    assert not cloudcontrol.calls


# Wrong types and bodies


@pytest.mark.fidelity("C-14")
@pytest.mark.parametrize(
    ("api", "member", "value", "words"),
    [
        ("get_resource", "Identifier", 5, f"NUMBER_VALUE {NO_STRING}"),
        ("get_resource", "Identifier", 5.5, f"DECIMAL_VALUE {NO_STRING}"),
        ("get_resource", "Identifier", True, f"TRUE_VALUE {NO_STRING}"),
        ("get_resource", "Identifier", False, f"FALSE_VALUE {NO_STRING}"),
        ("create_resource", "DesiredState", {"LogGroupName": "a"}, f"Start of structure or list {NO_STRING}"),
        ("update_resource", "PatchDocument", [], f"Start of structure or list {NO_STRING}"),
        ("list_resource_requests", "MaxResults", "5", f"STRING_VALUE {NO_INTEGER}"),
        ("list_resource_requests", "MaxResults", 5.0, f"DECIMAL_VALUE {NO_INTEGER}"),
        ("list_resource_requests", "MaxResults", True, f"TRUE_VALUE {NO_INTEGER}"),
        ("list_resource_requests", "ResourceRequestStatusFilter", "x", NO_LIST),
        ("list_resource_requests", "ResourceRequestStatusFilter", {"Operations": "CREATE"}, NO_LIST),
        ("list_resource_requests", "ResourceRequestStatusFilter", {"Operations": [1]}, f"NUMBER_VALUE {NO_STRING}"),
    ],
)  # fmt: skip
def test_a_member_of_a_wrong_type_is_refused(
    client: CloudControlApiClient, api: str, member: str, value: object, words: str
) -> None:
    """A member that is another kind of JSON than the API's model says is a SerializationException."""
    sending(client, body=json.dumps({**VALID_CALLS[api], member: value}).encode())
    assert told(client, api) == Refusal("SerializationException", words, 400)


@pytest.mark.fidelity("C-14")
@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "The body of the call is not valid JSON"),
        (b"TypeName=AWS::Logs::LogGroup", "The body of the call is not valid JSON"),
        (b'{"TypeName": ', "The body of the call is not valid JSON"),
        (b'{"TypeName": NaN}', "The body of the call is not valid JSON"),
        (b'{"TypeName": "\xff"}', "The body of the call is not valid JSON"),
        pytest.param(b"[" * 60_000, "The body of the call is not valid JSON", id="too deep"),
        (b"[]", "The body of the call is not a JSON object"),
        (b"null", "The body of the call is not a JSON object"),
        (b'"CreateResource"', "The body of the call is not a JSON object"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("api", ["create_resource", "list_resource_requests"])
def test_a_body_that_is_no_json_object_is_refused(
    client: CloudControlApiClient, api: str, body: bytes, words: str
) -> None:
    """Whatever isn't a JSON object is a SerializationException of Coral's."""
    sending(client, body=body)
    wire = Wire(client)
    assert told(client, api) == Refusal("SerializationException", words, 400)
    assert wire.last.document["__type"] == "com.amazon.coral.service#SerializationException"


@pytest.mark.fidelity("C-15")
@pytest.mark.parametrize("api", ["list_resource_requests", "list_resources"])
def test_null_and_unknown_members_are_ignored(client: CloudControlApiClient, api: str) -> None:
    """A member that is null counts as absent, and one that the API doesn't know as nothing."""
    sending(client, body=json.dumps({**VALID_CALLS[api], "NextToken": None, "MaxResults": None, "Colour": 5}).encode())
    assert getattr(client, api)()["ResponseMetadata"]["HTTPStatusCode"] == 200


# JSON inside of JSON


@pytest.mark.fidelity("C-5")
@pytest.mark.parametrize(
    "text",
    [
        "{",
        "nonsense",
        '{"A": NaN}',
        '{"A": 1e400}',
        pytest.param('{"A": ' + "9" * 5000 + "}", id="too large an integer"),
        pytest.param("[" * 60_000, id="too deep"),
    ],
)
@pytest.mark.parametrize(
    ("api", "member", "beginning"),
    [
        ("create_resource", "DesiredState", "DesiredState is not valid JSON: "),
        ("update_resource", "PatchDocument", "The patch document '"),
        ("list_resources", "ResourceModel", "ResourceModel is not valid JSON: "),
    ],
)  # fmt: skip
def test_a_document_that_is_no_json_is_refused(
    client: CloudControlApiClient, api: str, member: str, beginning: str, text: str
) -> None:
    """A DesiredState, PatchDocument or ResourceModel that can't be parsed is a ValidationException."""
    refused = told(client, api, **{member: text})
    assert (refused.code, refused.http_status) == ("ValidationException", 400)
    assert refused.message.startswith(beginning)


@pytest.mark.fidelity("C-16")
@pytest.mark.parametrize("depth", [500, 2_000, 5_000])
@pytest.mark.parametrize(
    ("api", "member", "around"),
    [
        ("create_resource", "DesiredState", ('[{"LogGroupName": "new", "Tags": ', "}]")),
        ("update_resource", "PatchDocument", ('[{"op": "test", "path": "/Tags", "value": ', "}]")),
        ("list_resources", "ResourceModel", ('[{"Tags": ', "}]")),
    ],
)
def test_a_deeply_nested_document_is_no_trouble(
    client: CloudControlApiClient, api: str, member: str, around: tuple[str, str], depth: int
) -> None:
    """Nesting that Python can't follow is refused like any other bad document."""
    before, after = around
    text = before + "[" * depth + "]" * depth + after
    assert told(client, api, **{member: text}).code == "ValidationException"


@pytest.mark.fidelity("C-16")
@pytest.mark.parametrize("depth", [2_000, 5_000])
def test_a_deeply_nested_desired_state_is_refused(client: CloudControlApiClient, depth: int) -> None:
    """A desired state nested deeper than Python can follow is a ValidationException."""
    text = '{"LogGroupName": "new", "Tags": ' + "[" * depth + "]" * depth + "}"
    refused = None
    with suppress(RecursionError):  # its traceback would take a minute to show
        refused = told(client, "create_resource", DesiredState=text)
    assert refused is not None, "a RecursionError came out of the call"
    assert refused.code == "ValidationException"


@pytest.mark.fidelity("C-16")
@pytest.mark.parametrize(
    ("api", "member", "text"),
    [
        ("create_resource", "DesiredState", '{"LogGroupName": "\\ud800"}'),
        ("create_resource", "DesiredState", '{"LogGroupName": "new", "KmsKeyId": "\\udfff"}'),
        ("create_resource", "DesiredState", '{"LogGroupName": "\ud800"}'),
        ("update_resource", "PatchDocument", '[{"op": "add", "path": "/KmsKeyId", "value": "\\ud800"}]'),
        ("update_resource", "Identifier", "\ud800"),
        ("delete_resource", "ClientToken", "\ud800"),
        ("get_resource", "Identifier", "\ud800"),
        ("get_resource_request_status", "RequestToken", "\ud800"),
        ("list_resources", "TypeName", "AWS::Logs::\ud800"),
    ],
)
def test_half_a_character_is_refused(client: CloudControlApiClient, api: str, member: str, text: str) -> None:
    """A lone surrogate, which no UTF-8 can hold, is an error of AWS's and of no one else's."""
    assert told(client, api, **{member: text}).http_status == 400


@pytest.mark.fidelity("C-16")
def test_an_error_message_with_odd_characters_arrives(client: CloudControlApiClient) -> None:
    """Quotes, control characters and characters beyond the first plane come back in the message as they were."""
    odd = 'a"b\\c\t\x00é🪣'
    wire = Wire(client)
    assert told(client, "get_resource", TypeVersionId=odd) == invalid(
        violation(odd, "typeVersionId", f"{PATTERN} [A-Za-z0-9-]+")
    )
    assert wire.last.headers["Content-Length"] == str(len(wire.last.body))


@pytest.mark.fidelity("C-13")
def test_length_counts_as_java_counts(client: CloudControlApiClient) -> None:
    """A character beyond the first plane is two long: 512 of them fit an Identifier, 513 don't."""
    fits = told(client, "get_resource", Identifier="🪣" * 512)
    assert fits.code == "ResourceNotFoundException"
    assert told(client, "get_resource", Identifier="🪣" * 513) == invalid(
        violation("🪣" * 513, "identifier", "have length less than or equal to 1024")
    )
