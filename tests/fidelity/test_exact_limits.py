"""Every limit at its exact value, and one on either side of it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

import pytest
from botocore.config import Config
from botocore.exceptions import ClientError
from calls import VALID_CALLS
from fidelity_support import create
from refusals import Refusal, refusal
from resource_types import LOG_GROUP, QUEUE, every_handler

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from botocore.model import StructureShape
    from types_boto3_cloudcontrol import CloudControlApiClient

    from pytest_cloudcontrol import CloudControl

pytestmark = pytest.mark.cloudcontrol(auto_advance=False)


# Lengths of members


def input_of(client: CloudControlApiClient, api: str) -> StructureShape:
    """Return what botocore's model says of an operation's members."""
    shape = client.meta.service_model.operation_model(client.meta.method_to_api_mapping[api]).input_shape
    assert shape is not None
    return shape


def complaints(call: Callable[..., object], **members: Any) -> str:
    """Return what is told about the members of a call; nothing if none breaks a constraint."""
    try:
        call(**members)
    except ClientError as error:
        message = error.response["Error"]["Message"]
        return message if "failed to satisfy constraint" in message else ""
    return ""


@pytest.mark.fidelity("W-13")
@pytest.mark.parametrize("api", VALID_CALLS)
def test_every_length_is_allowed_up_to_its_limits(cloudcontrol: CloudControl, api: str) -> None:
    """Each text of each operation may be as long, and as short, as the API's model says, and not one more or less."""
    client = cloudcontrol.client(config=Config(parameter_validation=False))
    call = getattr(client, api)
    refused: dict[tuple[str, int], list[bool]] = {}
    expected = {}
    for name, shape in input_of(client, api).members.items():
        if shape.type_name != "string":
            continue
        least, most = shape.metadata.get("min", 0), shape.metadata["max"]
        for limit, words in ((least, "greater than or equal to"), (most, "less than or equal to")):
            lengths = [length for length in (limit - 1, limit, limit + 1) if length >= 0]
            told = [complaints(call, **{**VALID_CALLS[api], name: "x" * length}) for length in lengths]
            refused[name, limit] = [f"Member must have length {words} {limit}" in text for text in told]
            expected[name, limit] = [not least <= length <= most for length in lengths]
    assert refused == expected


@pytest.mark.fidelity("W-13")
@pytest.mark.parametrize("api", ["list_resources", "list_resource_requests"])
@pytest.mark.parametrize(
    ("size", "told"),
    [
        (0, "greater than or equal to 1"),
        (1, ""),
        (2, ""),
        (99, ""),
        (100, ""),
        (101, "less than or equal to 100"),
    ],
)
def test_max_results_is_between_1_and_100(cloudcontrol: CloudControl, api: str, size: int, told: str) -> None:
    """Both lists take a MaxResults from 1 to 100."""
    client = cloudcontrol.client(config=Config(parameter_validation=False))
    text = complaints(getattr(client, api), **VALID_CALLS[api], MaxResults=size)
    assert text == (
        told
        and f"1 validation error detected: Value '{size}' at 'maxResults' failed to satisfy constraint: "
        f"Member must have value {told}"
    )


# Sizes of pages


@pytest.mark.fidelity("O-30")
@pytest.mark.parametrize(
    ("count", "size", "pages"),
    [
        (19, None, [19]),
        (20, None, [20]),
        (21, None, [20, 1]),
        (40, None, [20, 20]),
        (41, None, [20, 20, 1]),
        (99, 100, [99]),
        (100, 100, [100]),
        (101, 100, [100, 1]),
        (3, 2, [2, 1]),
        (2, 2, [2]),
        (2, 1, [1, 1]),
    ],
)
def test_a_full_page_of_requests_has_no_next_one_unless_there_are_more(
    cloudcontrol_client: CloudControlApiClient, count: int, size: int | None, pages: list[int]
) -> None:
    """A page of requests holds as many as it may, and NextToken comes with just those that others follow."""
    for number in range(count):
        create(cloudcontrol_client, f"app-{number}")
    config = {} if size is None else {"PageSize": size}
    paginator = cloudcontrol_client.get_paginator("list_resource_requests")
    # The configuration's type doesn't take a dict that may be empty.
    found = [len(page["ResourceRequestStatusSummaries"]) for page in paginator.paginate(PaginationConfig=config)]  # type: ignore[arg-type]
    assert found == pages


@pytest.mark.fidelity("C-8")
@pytest.mark.parametrize("type_name", [LOG_GROUP, QUEUE])
@pytest.mark.parametrize(
    ("count", "pages"), [(0, [0]), (99, [99]), (100, [100]), (101, [100, 1]), (200, [100, 100]), (201, [100, 100, 1])]
)
def test_a_full_page_of_resources_has_no_next_one_unless_there_are_more(
    cloudcontrol: CloudControl,
    cloudcontrol_client: CloudControlApiClient,
    type_name: str,
    count: int,
    pages: list[int],
) -> None:
    """A page of resources holds a hundred, and NextToken comes with just those that others follow."""
    name = "LogGroupName" if type_name == LOG_GROUP else "QueueName"
    for number in range(count):
        cloudcontrol.resources.put(type_name, {name: f"app-{number}"})
    paginator = cloudcontrol_client.get_paginator("list_resources")
    assert [len(page["ResourceDescriptions"]) for page in paginator.paginate(TypeName=type_name)] == pages


# Levels of nesting

NEST: Final = "Acme::Home::Nest"
SCHEMA: Final[dict[str, Any]] = {
    "typeName": NEST,
    "properties": {"Name": {"type": "string"}, "Inside": {}, "Beside": {}},
    "primaryIdentifier": ["/properties/Name"],
    "handlers": {**every_handler(), "list": {"handlerSchema": {"properties": {"Inside": {}}}}},
}


def nested(levels: int) -> Any:
    """Return arrays and objects in one another, so many levels in all."""
    value: Any = 1
    for level in range(levels):
        value = [value] if level % 2 else {"a": value}
    return value


def adding(path: str, value: object) -> list[dict[str, object]]:
    """Return a patch that adds a value."""
    return [{"op": "add", "path": path, "value": value}]


ASK: Final[Mapping[str, tuple[Callable[[CloudControlApiClient, int], object], str]]] = {
    "DesiredState": (
        lambda client, levels: client.create_resource(
            TypeName=NEST, DesiredState=json.dumps({"Name": "new", "Inside": nested(levels - 1)})
        ),
        "DesiredState is not valid JSON: it is nested more than 100 levels deep",
    ),
    "ResourceModel": (
        lambda client, levels: client.list_resources(
            TypeName=NEST, ResourceModel=json.dumps({"Inside": nested(levels - 1)})
        ),
        "ResourceModel is not valid JSON: it is nested more than 100 levels deep",
    ),
    "a copy in the patched model": (
        lambda client, levels: client.update_resource(
            TypeName=NEST,
            Identifier="home",
            PatchDocument=json.dumps(
                [
                    *adding("/Inside", nested(levels - 3)),
                    *adding("/Beside", {"a": {}}),
                    {"op": "copy", "from": "/Inside", "path": "/Beside/a/b"},
                ]
            ),
        ),
        "The patched document is nested too deeply",
    ),
    "a move in the patched model": (
        lambda client, levels: client.update_resource(
            TypeName=NEST,
            Identifier="home",
            PatchDocument=json.dumps(
                [
                    *adding("/Inside", nested(levels - 3)),
                    *adding("/Beside", {"a": [1]}),
                    {"op": "move", "from": "/Inside", "path": "/Beside/a/0"},
                ]
            ),
        ),
        "The patched document is nested too deeply",
    ),
}


@pytest.mark.fidelity("C-16")
@pytest.mark.parametrize(("ask", "told"), ASK.values(), ids=ASK)
def test_a_hundred_levels_are_enough(
    cloudcontrol: CloudControl,
    cloudcontrol_client: CloudControlApiClient,
    ask: Callable[[CloudControlApiClient, int], object],
    told: str,
) -> None:
    """A document, given or patched, may have a hundred levels of arrays and objects, and no more."""
    cloudcontrol.add_type(SCHEMA)
    cloudcontrol.resources.put(NEST, {"Name": "home"})
    assert refusal(lambda: ask(cloudcontrol_client, 101)) == Refusal("ValidationException", told, 400)
    assert [resource.properties for resource in cloudcontrol.resources] == [{"Name": "home"}]
    for levels in (99, 100):
        ask(cloudcontrol_client, levels)
        cloudcontrol.run_until_idle()
    assert {request.status for request in cloudcontrol.requests} <= {"SUCCESS", "FAILED"}
    cloudcontrol_client.list_resources(TypeName=NEST)


@pytest.mark.fidelity("C-16")
@pytest.mark.parametrize(("levels", "wrong"), [(99, False), (100, False), (101, True)])
def test_a_patch_document_of_a_hundred_levels(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient, levels: int, wrong: bool
) -> None:
    """A patch, with its own array and object, may have a hundred levels, one more is refused."""
    cloudcontrol.add_type(SCHEMA)
    cloudcontrol.resources.put(NEST, {"Name": "home"})
    document = json.dumps(adding("/Inside", nested(levels - 2)))

    def update() -> object:
        return cloudcontrol_client.update_resource(TypeName=NEST, Identifier="home", PatchDocument=document)

    if wrong:
        told = refusal(update)
        assert told.code == "ValidationException"
        assert told.message.endswith("expected a JSON array of operations (it is nested more than 100 levels deep)")
    else:
        update()


@pytest.mark.fidelity("C-16")
@pytest.mark.parametrize("levels", [40, 60, 90])
@pytest.mark.parametrize("copies", [1, 2, 3, 4])
def test_copies_into_copies_are_too_deep(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient, levels: int, copies: int
) -> None:
    """A patch that copies a document into its own depths is applied, or refused like any other wrong one."""
    cloudcontrol.add_type(SCHEMA)
    cloudcontrol.resources.put(NEST, {"Name": "home", "Inside": json.loads('{"a":' * levels + "1" + "}" * levels)})
    patch, depth = [], levels
    for _ in range(copies):
        patch.append({"op": "copy", "from": "/Inside", "path": "/Inside" + "/a" * depth})
        depth *= 2
    document = json.dumps(patch)

    def update() -> object:
        return cloudcontrol_client.update_resource(TypeName=NEST, Identifier="home", PatchDocument=document)

    if depth >= 100:
        words = "The patched document is nested too deeply"
        assert refusal(update) == Refusal("ValidationException", words, 400)
    else:
        update()
        assert cloudcontrol.requests.last.run().status == "SUCCESS"
