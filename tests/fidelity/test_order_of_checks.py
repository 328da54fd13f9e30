"""The order of checks: of any two things that are wrong with a call, the one that is looked at first is answered.

``CHECKS`` has the checks of each operation in their order, with a call that fails the check. Every call is seen to be
refused as it should; then any two checks of an operation are failed by one call, wherever a call can fail both.
"""

from __future__ import annotations

import json
import re
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from itertools import combinations
from typing import TYPE_CHECKING, Any, Final

import pytest
from botocore.config import Config
from calls import sending
from files import ROOT
from refusals import Refusal, refusal
from resource_types import LOG_GROUP

from pytest_cloudcontrol import mock_cloudcontrol

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from types_boto3_cloudcontrol import CloudControlApiClient

    from pytest_cloudcontrol import CloudControl

pytestmark = pytest.mark.cloudcontrol(auto_advance=False)

DOCUMENT: Final = ROOT / "docs" / "fidelity.md"

BOOK: Final = "Acme::Library::Book"
UNKNOWN: Final = "Acme::Library::Ghost"
UNPROVISIONABLE: Final = "Acme::Library::Shadow"
WITHOUT: Final = "Acme::Library::Fixture"
"""Like a book, but without the handler that the operation needs."""

HANDLERS: Final = {
    "create_resource": "create",
    "update_resource": "update",
    "delete_resource": "delete",
    "get_resource": "read",
    "list_resources": "list",
}


@dataclass(frozen=True)
class Check:
    """One check of an operation, and how a call fails it.

    Attributes:
        sentence: what is checked, as the document says it.
        code: the error's code.
        message: the error's words, with ``…`` for what differs at every call.
        members: the members of the call that fails it.
        operations: those of its patch.
        target: its X-Amz-Target.
        body: its body, instead of one with members.
    """

    sentence: str
    code: str
    message: str
    members: Mapping[str, object] = field(default_factory=dict)
    operations: Sequence[Mapping[str, object]] = ()
    target: str | None = None
    body: bytes | None = None


TARGET: Final = Check(
    "the name of the operation",
    "UnknownOperationException",
    "Nothing is not an operation of CloudApiService",
    target="CloudApiService.Nothing",
)
BODY: Final = Check(
    "the body: it is a JSON object",
    "SerializationException",
    "The body of the call is not valid JSON",
    body=b"{",
)
KINDS: Final = Check(
    "the JSON types of the members",
    "SerializationException",
    "NUMBER_VALUE cannot be converted to String",
    {"RoleArn": 12},
)
CONSTRAINTS: Final = Check(
    "the constraints of the members: lengths, patterns and ranges",
    "ValidationException",
    "1 validation error detected: Value '1.0' at 'typeVersionId' failed to satisfy constraint: "
    "Member must satisfy regular expression pattern: [A-Za-z0-9-]+",
    {"TypeVersionId": "1.0"},
)
CLIENT_TOKEN: Final = Check(
    "the client token",
    "ClientTokenConflictException",
    "ClientToken used is already associated with an existing operation with RequestToken …",
    {"ClientToken": "used"},
)
PATCH: Final = Check(
    "the form of the patch document",
    "ValidationException",
    'Operation … of the patch document has no path: {"op": "remove"}',
    operations=[{"op": "remove"}],
)
TYPE: Final = Check(
    "the type: there is one of that name",
    "TypeNotFoundException",
    f"The type '{UNKNOWN}' cannot be found.",
    {"TypeName": UNKNOWN},
)
PROVISIONABLE: Final = Check(
    "the type: it can be provisioned",
    "UnsupportedActionException",
    f"The resource {UNPROVISIONABLE} is not yet supported via Cloud Control API",
    {"TypeName": UNPROVISIONABLE},
)
IDENTIFIER: Final = Check(
    "the identifier: its number of parts, or its names in JSON",
    "ValidationException",
    "Identifier alone is not valid for identifier [/properties/Shop, /properties/Isbn]",
    {"Identifier": "alone"},
)
BUSY: Final = Check(
    "the resource: no other request is working on it",
    "ConcurrentOperationException",
    "Concurrent operation found for resource ams|lent with RequestToken …",
    {"Identifier": "ams|lent"},
)
PRESENT: Final = Check(
    "the resource: it can be read",
    "ResourceNotFoundException",
    f"{BOOK} Handler returned status FAILED: Resource of type '{BOOK}' with identifier 'ams|gone' was not found. "
    "(HandlerErrorCode: NotFound, RequestToken: …)",
    {"Identifier": "ams|gone"},
)


def handler(name: str) -> Check:
    """Return the check of the type's handler for an operation."""
    return Check(
        "the type: it has a handler for the operation",
        "UnsupportedActionException",
        f"Resource type {WITHOUT} does not support {name.upper()} action",
        {"TypeName": WITHOUT},
    )


def desired_state(sentence: str, message: str, desired: str) -> Check:
    """Return a check of DesiredState."""
    return Check(f"the desired state: {sentence}", "ValidationException", message, {"DesiredState": desired})


def patched(sentence: str, code: str, message: str, *operations: Mapping[str, object]) -> Check:
    """Return a check of the patched model."""
    return Check(sentence, code, message, operations=operations)


def resource_model(sentence: str, code: str, message: str, model: str) -> Check:
    """Return a check of ListResources' ResourceModel."""
    return Check(f"the resource model: {sentence}", code, message, {"ResourceModel": model})


FORM: Final = (TARGET, BODY, KINDS, CONSTRAINTS)
NOT_JSON: Final = "Expecting property name enclosed in double quotes: line 1 column 2 (char 1)"

CHECKS: Final[Mapping[str, Sequence[Check]]] = {
    "create_resource": (
        *FORM,
        CLIENT_TOKEN,
        TYPE,
        PROVISIONABLE,
        handler("create"),
        desired_state("it is JSON", "DesiredState is not valid JSON: …", "{"),
        desired_state(
            "it is an object", "Model validation failed (#: expected type: JSONObject, found: JSONArray)", "[]"
        ),
        desired_state(
            "it is valid by the type's schema",
            "Model validation failed (#: required key [Shop] not found)",
            '{"Isbn": "9"}',
        ),
        replace(BUSY, members={"DesiredState": '{"Shop": "ams", "Isbn": "lent"}'}),
    ),
    "update_resource": (
        *FORM,
        CLIENT_TOKEN,
        PATCH,
        TYPE,
        PROVISIONABLE,
        handler("update"),
        IDENTIFIER,
        PRESENT,
        BUSY,
        patched(
            "the patch: no operation needs a write-only value to be there",
            "ValidationException",
            "Invalid patch update: writeOnlyProperties [/Password] can only be updated using 'add' operation",
            {"op": "replace", "path": "/Password", "value": "new"},
        ),
        patched(
            "the patch: each operation can be applied",
            "ValidationException",
            "[REMOVE Operation] noSuchPath in source, path provided : //Nothing",
            {"op": "remove", "path": "/Nothing"},
        ),
        patched(
            "the patched model: no create-only property has changed",
            "NotUpdatableException",
            "Invalid patch update: createOnlyProperties [/properties/Author] cannot be updated",
            {"op": "add", "path": "/Author", "value": "Anonymous"},
        ),
        patched(
            "the patched model: no read-only property has changed",
            "ValidationException",
            "Invalid patch update: readOnlyProperties [/properties/Shelf] cannot be updated",
            {"op": "add", "path": "/Shelf", "value": "top"},
        ),
        patched(
            "the patched model: it is valid by the type's schema",
            "ValidationException",
            "Model validation failed (#/Note: expected type: String, found: Integer)",
            {"op": "add", "path": "/Note", "value": 1},
        ),
    ),
    "delete_resource": (*FORM, CLIENT_TOKEN, TYPE, PROVISIONABLE, handler("delete"), IDENTIFIER, BUSY),
    "get_resource": (*FORM, TYPE, PROVISIONABLE, handler("read"), IDENTIFIER, PRESENT),
    "list_resources": (
        *FORM,
        TYPE,
        PROVISIONABLE,
        handler("list"),
        resource_model("it is JSON", "ValidationException", "ResourceModel is not valid JSON: …", "{"),
        resource_model(
            "it is an object", "ValidationException", "ResourceModel is not valid: expected a JSON object", "[]"
        ),
        resource_model(
            "it is valid by the schema of the list handler",
            "InvalidRequestException",
            f"Missing or invalid ResourceModel property in {BOOK} list handler request input."
            "Required property: (#: required key [Shop] not found)",
            "{}",
        ),
        Check(
            "the next token: a page of this list has carried it",
            "ValidationException",
            "Invalid NextToken: another",
            {"NextToken": "another"},
        ),
    ),
}

GOOD: Final[Mapping[str, Mapping[str, object]]] = {
    "create_resource": {"TypeName": BOOK, "DesiredState": '{"Shop": "ams", "Isbn": "2"}'},
    "update_resource": {"TypeName": BOOK, "Identifier": "ams|1"},
    "delete_resource": {"TypeName": BOOK, "Identifier": "ams|1"},
    "get_resource": {"TypeName": BOOK, "Identifier": "ams|1"},
    "list_resources": {"TypeName": BOOK, "ResourceModel": '{"Shop": "ams"}'},
}
"""A call of each operation that passes every check."""

ALONE: Final = [
    pytest.param(api, check, id=f"{api} - {check.sentence}") for api, checks in CHECKS.items() for check in checks
]


def can_both_fail(earlier: Check, later: Check) -> bool:
    """Tell whether one call can fail two checks: it has members, they look at different ones, and there is such a call.

    What can't be made can't be busy either.
    """
    if BODY in (earlier, later):
        return TARGET in (earlier, later)
    if later.sentence == BUSY.sentence and earlier in (TYPE, PROVISIONABLE):
        return False
    return earlier.members.keys().isdisjoint(later.members)


PAIRS: Final = [
    pytest.param(api, earlier, later, id=f"{api} - {earlier.sentence} - {later.sentence}")
    for api, checks in CHECKS.items()
    for earlier, later in combinations(checks, 2)
    if can_both_fail(earlier, later)
]


def library(type_name: str, *, without: str | None = None) -> dict[str, Any]:
    """Return the schema of a type that has a property of every role, a compound identifier and a list by shop."""
    of_list = {"handlerSchema": {"properties": {"Shop": {"type": "string"}}, "required": ["Shop"]}}
    handlers: dict[str, object] = {name: {} for name in HANDLERS.values()}
    handlers["list"] = of_list
    return {
        "typeName": type_name,
        "properties": {name: {"type": "string"} for name in ("Shop", "Isbn", "Author", "Shelf", "Password", "Note")},
        "required": ["Shop", "Isbn"],
        "primaryIdentifier": ["/properties/Shop", "/properties/Isbn"],
        "createOnlyProperties": ["/properties/Shop", "/properties/Isbn", "/properties/Author"],
        "readOnlyProperties": ["/properties/Shelf"],
        "writeOnlyProperties": ["/properties/Password"],
        "handlers": {name: handlers[name] for name in handlers if name != without},
    }


@pytest.fixture(scope="module")
def client() -> CloudControlApiClient:
    """Return a client that outlives its mock: making one takes longer than all the calls of a test."""
    with mock_cloudcontrol() as cloudcontrol:
        return cloudcontrol.client()


@pytest.fixture(scope="module")
def sender() -> CloudControlApiClient:
    """Return a client that sends whatever it is given, and outlives its mock too."""
    with mock_cloudcontrol() as cloudcontrol:
        return cloudcontrol.client(config=Config(parameter_validation=False))


def arrange(cloudcontrol: CloudControl, client: CloudControlApiClient, api: str) -> None:
    """Have the types, a book that can be had and one that is lent, and a client token that is used."""
    client.create_resource(TypeName=LOG_GROUP, DesiredState="{}", ClientToken="used")
    cloudcontrol.add_type(library(BOOK))
    cloudcontrol.add_type(library(WITHOUT, without=HANDLERS[api]))
    cloudcontrol.add_type({**library(UNPROVISIONABLE), "handlers": {}})
    for type_name in (BOOK, WITHOUT):
        for isbn in ("1", "lent"):
            cloudcontrol.resources.put(type_name, {"Shop": "ams", "Isbn": isbn, "Shelf": "low"})
    client.update_resource(TypeName=BOOK, Identifier="ams|lent", PatchDocument="[]")
    if api == "update_resource":
        client.delete_resource(TypeName=WITHOUT, Identifier="ams|lent")
    else:
        client.update_resource(TypeName=WITHOUT, Identifier="ams|lent", PatchDocument="[]")


_VARYING: Final = re.compile(
    "(?<=Token )[0-9a-f-]{36}|(?<=Token: )[0-9a-f-]{36}|(?<=is not valid JSON: ).*|(?<=^Operation )[0-9]+"
)


def told(sender: CloudControlApiClient, api: str, *failed: Check) -> Refusal:
    """Make a call that fails some checks, and return what it was told, with ``…`` for what differs at every call."""
    members = dict(GOOD[api])
    operations = [operation for check in failed for operation in check.operations]
    if api == "update_resource":
        members["PatchDocument"] = json.dumps(operations)
    with ExitStack() as stack:
        for check in failed:
            members.update(check.members)
            stack.callback(sending(sender, body=check.body, target=check.target))
        refused = refusal(lambda: getattr(sender, api)(**members))
    return refused._replace(message=_VARYING.sub("…", refused.message))


@pytest.mark.fidelity("C-22")
@pytest.mark.parametrize(("api", "check"), ALONE)
def test_a_check(
    cloudcontrol: CloudControl, client: CloudControlApiClient, sender: CloudControlApiClient, api: str, check: Check
) -> None:
    """A call that fails one check is answered with that check's error."""
    arrange(cloudcontrol, client, api)
    assert told(sender, api, check) == (check.code, check.message, 400)


@pytest.mark.fidelity("C-22")
@pytest.mark.parametrize(("api", "earlier", "later"), PAIRS)
def test_two_checks(
    cloudcontrol: CloudControl,
    client: CloudControlApiClient,
    sender: CloudControlApiClient,
    api: str,
    earlier: Check,
    later: Check,
) -> None:
    """A call that fails two checks is answered with the earlier one's error, and makes no request."""
    arrange(cloudcontrol, client, api)
    before = len(cloudcontrol.requests), list(cloudcontrol.resources)
    assert told(sender, api, earlier, later) == (earlier.code, earlier.message, 400)
    assert told(sender, api, later, earlier) == (earlier.code, earlier.message, 400)
    assert (len(cloudcontrol.requests), list(cloudcontrol.resources)) == before


@pytest.mark.fidelity("C-22")
@pytest.mark.parametrize("running", ["create", "delete"])
def test_there_before_it_is_busy(
    cloudcontrol: CloudControl, client: CloudControlApiClient, sender: CloudControlApiClient, running: str
) -> None:
    """An update of a resource that can't be read isn't refused as busy, whatever is running on it."""
    arrange(cloudcontrol, client, "update_resource")
    if running == "create":
        client.create_resource(TypeName=BOOK, DesiredState='{"Shop": "ams", "Isbn": "gone"}')
    else:
        client.delete_resource(TypeName=BOOK, Identifier="ams|gone")
    assert told(sender, "update_resource", PRESENT) == (PRESENT.code, PRESENT.message, 400)


def test_the_document_has_the_checks_in_this_order() -> None:
    """The lists of docs/fidelity.md are the checks of this file."""
    text = DOCUMENT.read_text(encoding="utf-8")
    listed = {
        name: re.findall(r"^[0-9]+\. (.+)\.$", lines, re.MULTILINE)
        for name, lines in re.findall(r"^\*\*(\w+)\*\*.*\n\n((?:[0-9]+\. .*\n)+)", text, re.MULTILINE)
    }
    of_form = [check.sentence for check in FORM]
    assert listed == {
        "Every": of_form,
        **{
            api.title().replace("_", ""): [check.sentence for check in checks if check.sentence not in of_form]
            for api, checks in CHECKS.items()
        },
    }
