"""Read and list handlers of the test's own: what GetResource, ListResources and UpdateResource show of them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from calls import shown
from clusters import CLUSTER, cluster_type, create, delete, telling, update
from mock_time import START
from refusals import refusal

from pytest_cloudcontrol import HandlerError, HandlerErrorCode, mock_cloudcontrol

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from types_boto3_cloudcontrol import CloudControlApiClient

    from pytest_cloudcontrol import CloudControl, HandlerRequest

THERE: dict[str, dict[str, str]] = {
    name: {"Name": name, "Size": size} for name, size in (("a", "small"), ("b", "large"), ("c", "small"))
}


def read(request: HandlerRequest) -> Mapping[str, str]:
    """Show one of what is there."""
    if request.identifier not in THERE:
        raise HandlerError("NotFound")
    return THERE[request.identifier]


def listed(client: CloudControlApiClient, **members: Any) -> list[tuple[str, dict[str, str]]]:
    """Return what all pages of ListResources show."""
    pages = client.get_paginator("list_resources").paginate(TypeName=CLUSTER, **members)
    return [
        (one["Identifier"], json.loads(one["Properties"])) for page in pages for one in page["ResourceDescriptions"]
    ]


def test_read(cloud: CloudControl) -> None:
    """GetResource shows what the read handler returns, whatever the mock keeps."""
    cloud.add_handler(CLUSTER, read=read)
    client = cloud.client()

    assert shown(client, CLUSTER, "b") == {"Name": "b", "Size": "large"}
    assert list(cloud.resources) == []


def test_read_leaves_write_only_properties_out(cloud: CloudControl) -> None:
    """A write-only property that a read handler returns isn't shown: AWS never does."""
    cloud.add_handler(CLUSTER, read=lambda request: {"Name": request.identifier, "Password": "secret"})

    assert shown(cloud.client(), CLUSTER, "b") == {"Name": "b"}


@pytest.mark.fidelity("L-14")
def test_read_that_finds_nothing(cloud: CloudControl) -> None:
    """NotFound without words is told in those of AWS's own handlers."""
    cloud.add_handler(CLUSTER, read=read)

    told = refusal(cloud.client().get_resource, TypeName=CLUSTER, Identifier="x")

    assert told.code == "ResourceNotFoundException"
    words, _, token = told.message.partition(", RequestToken: ")
    assert words == (
        f"{CLUSTER} Handler returned status FAILED: Resource of type '{CLUSTER}' with identifier 'x' was not found. "
        "(HandlerErrorCode: NotFound"
    )
    assert len(token) == 37


EXCEPTIONS = {
    "NotUpdatable": "NotUpdatableException",
    "InvalidRequest": "InvalidRequestException",
    "AccessDenied": "AccessDeniedException",
    "UnauthorizedTaggingOperation": "HandlerFailureException",
    "InvalidCredentials": "InvalidCredentialsException",
    "AlreadyExists": "AlreadyExistsException",
    "NotFound": "ResourceNotFoundException",
    "ResourceConflict": "ResourceConflictException",
    "Throttling": "ThrottlingException",
    "ServiceLimitExceeded": "ServiceLimitExceededException",
    "NotStabilized": "NotStabilizedException",
    "GeneralServiceException": "GeneralServiceException",
    "ServiceInternalError": "ServiceInternalErrorException",
    "ServiceTimeout": "HandlerFailureException",
    "NetworkFailure": "NetworkFailureException",
    "InternalFailure": "HandlerInternalFailureException",
}


@pytest.mark.parametrize("by", ["handler", "rule"])
@pytest.mark.parametrize("code", HandlerErrorCode)
def test_failure_of_a_read(cloud: CloudControl, code: HandlerErrorCode, by: str) -> None:
    """A read fails as the exception of the code's name, by its handler or by a rule."""

    def failing(request: HandlerRequest) -> dict[str, str]:
        raise HandlerError(code, f"no {request.identifier}")

    if by == "handler":
        cloud.add_handler(CLUSTER, read=failing)
    else:
        cloud.resources.put(CLUSTER, {"Name": "x"})
        # The retry mode that older botocores have by default, legacy, tries a call five times.
        cloud.add_failure(code, operation="READ", message="no x", times=5)
    told = refusal(cloud.client().get_resource, TypeName=CLUSTER, Identifier="x")

    assert told.code == EXCEPTIONS[code.value]
    words, _, _ = told.message.partition(", RequestToken: ")
    assert words == f"{CLUSTER} Handler returned status FAILED: no x (HandlerErrorCode: {code}"


def test_failure_without_words(cloud: CloudControl) -> None:
    """A read's failure without words of the test's says that it was arranged."""
    cloud.resources.put(CLUSTER, {"Name": "x"})
    cloud.add_failure("AccessDenied", operation="READ")

    told = refusal(cloud.client().get_resource, TypeName=CLUSTER, Identifier="x")

    words, _, _ = told.message.partition(", RequestToken: ")
    arranged = "AccessDenied (arranged by the test)"
    assert words == f"{CLUSTER} Handler returned status FAILED: {arranged} (HandlerErrorCode: AccessDenied"


def test_handlers_failure_without_words(cloud: CloudControl) -> None:
    """A failure of a read handler without words has only its code to tell."""

    def failing(_: HandlerRequest) -> dict[str, str]:
        raise HandlerError("AccessDenied")

    cloud.add_handler(CLUSTER, read=failing)

    told = refusal(cloud.client().get_resource, TypeName=CLUSTER, Identifier="x")

    words, _, _ = told.message.partition(", RequestToken: ")
    assert words == f"{CLUSTER} Handler returned status FAILED (HandlerErrorCode: AccessDenied"


def test_failure_of_a_list(cloud: CloudControl) -> None:
    """A list fails as its handler, or a rule, says; a rule of READ isn't used up by it."""

    def failing(request: HandlerRequest) -> list[str]:
        raise HandlerError("AccessDenied", f"no {request.operation}")

    of_read = cloud.add_failure("NotFound", operation="READ")
    of_list = cloud.add_failure("InvalidCredentials", operation="LIST", type_name=CLUSTER)
    cloud.add_handler(CLUSTER, list=failing, read=read)
    client = cloud.client()

    assert refusal(client.list_resources, TypeName=CLUSTER).code == "InvalidCredentialsException"
    assert refusal(client.list_resources, TypeName=CLUSTER).code == "AccessDeniedException"
    assert (of_read.fired, of_list.fired) == (0, 1)
    assert refusal(client.get_resource, TypeName=CLUSTER, Identifier="a").code == "ResourceNotFoundException"
    assert shown(client, CLUSTER, "a")


def test_failure_of_one_read(cloud: CloudControl) -> None:
    """A rule of a read may be about one resource, and UpdateResource's own read is one too."""
    rule = cloud.add_failure("AccessDenied", operation="READ", type_name=CLUSTER, identifier='{"Name": "b"}')
    cloud.add_handler(CLUSTER, read=read)
    client = cloud.client()

    assert shown(client, CLUSTER, "a")
    patch = '[{"op": "add", "path": "/Size", "value": "small"}]'
    told = refusal(client.update_resource, TypeName=CLUSTER, Identifier="b", PatchDocument=patch)
    assert (told.code, rule.fired) == ("AccessDeniedException", 1)
    assert shown(client, CLUSTER, "b")


def test_rule_of_a_read_is_taken_back(cloud: CloudControl) -> None:
    """A rule of reads can be taken back, and need not have fired then."""
    cloud.add_failure("Throttling", operation="READ").remove()
    cloud.add_handler(CLUSTER, read=read)

    assert shown(cloud.client(), CLUSTER, "a")


def test_rule_of_every_operation(cloud: CloudControl) -> None:
    """A rule without an operation is about requests, and no read uses it up."""
    rule = cloud.add_failure("Throttling")
    cloud.add_handler(CLUSTER, read=read)

    assert shown(cloud.client(), CLUSTER, "a")
    assert rule.fired == 0
    assert create(cloud).run().error_code == "Throttling"


@pytest.mark.parametrize(
    ("items", "reads"),
    [
        (["a", "b", "c"], True),
        ([THERE["a"], THERE["b"], THERE["c"]], False),
        (["a", THERE["b"], "c"], True),
        (("a", "b", "c"), True),
        (dict.fromkeys("abc"), None),
    ],
    ids=["identifiers", "models", "both", "tuple", "dict"],
)
def test_list(cloud: CloudControl, items: Any, reads: bool | None) -> None:
    """A list handler returns identifiers, which are read then, or models, in any order of its own."""
    read_ones: list[str | None] = []

    def noting(request: HandlerRequest) -> Mapping[str, str]:
        read_ones.append(request.identifier)
        return read(request)

    cloud.add_handler(CLUSTER, read=noting, list=lambda _: iter(items))
    client = cloud.client()

    if reads is None:
        items = list(items)
    assert listed(client) == [(name, THERE[name]) for name in "abc"]
    assert read_ones == [item for item in items if isinstance(item, str)]


def test_list_as_a_generator(cloud: CloudControl) -> None:
    """A list handler may be a generator function: what it yields is found."""

    def found(request: HandlerRequest) -> Iterator[str]:
        yield from (name for name, model in THERE.items() if model["Size"] == request.desired_state.get("Size"))

    cloud.add_handler(CLUSTER, read=read, list=found)

    assert [name for name, _ in listed(cloud.client(), ResourceModel='{"Size": "small"}')] == ["a", "c"]


def test_list_of_what_is_gone_meanwhile(cloud: CloudControl) -> None:
    """A resource that a list names and a read doesn't find is listed without properties."""
    cloud.add_handler(CLUSTER, read=read, list=lambda _: ["a", "gone"])

    assert listed(cloud.client()) == [("a", THERE["a"]), ("gone", {})]


@pytest.mark.parametrize("size", [1, 2, 3, 4])
def test_pages_of_a_list(size: int) -> None:
    """The pages have as many resources as the option says, and each resource comes once, in the handler's order."""
    with mock_cloudcontrol(start=START, list_page_size=size) as cloudcontrol:
        cluster_type(cloudcontrol).add_handler(CLUSTER, read=read, list=lambda _: ["c", "a", "b"])
        client = cloudcontrol.client()
        first = client.list_resources(TypeName=CLUSTER)

        assert [name for name, _ in listed(client)] == ["c", "a", "b"]
        assert len(first["ResourceDescriptions"]) == min(size, 3)
        assert ("NextToken" in first) == (size < 3)


def test_page_after_one_that_is_gone() -> None:
    """Code that deletes what each page shows finds all that is left on the next."""
    left = list(THERE)
    with mock_cloudcontrol(start=START, list_page_size=2) as cloudcontrol:
        cluster_type(cloudcontrol).add_handler(CLUSTER, list=lambda _: list(left), read=read)
        client = cloudcontrol.client()
        page = client.list_resources(TypeName=CLUSTER)
        for one in page["ResourceDescriptions"]:
            left.remove(one["Identifier"])
        page = client.list_resources(TypeName=CLUSTER, NextToken=page["NextToken"])

    assert [one["Identifier"] for one in page["ResourceDescriptions"]] == ["c"]


def test_default_list_of_a_written_read(cloud: CloudControl) -> None:
    """Without a list handler the mock's own resources are listed, each as the read handler shows it."""
    cloud.resources.put(CLUSTER, {"Name": "a", "Size": "huge"})
    cloud.add_handler(CLUSTER, read=read)

    assert listed(cloud.client()) == [("a", THERE["a"])]


def test_update_reads_by_the_written_read(cloud: CloudControl) -> None:
    """UpdateResource's own read is the written one: its model is patched, compared and handed to the handler."""
    seen: list[object] = []

    def handler(request: HandlerRequest) -> None:
        seen.extend([request.previous_state, request.desired_state])

    cloud.add_handler(CLUSTER, update=handler, read=read)
    request = update(cloud, "b", Size="small")

    assert request.events[0].resource_model == {"Name": "b", "Size": "small"}
    assert request.run().status == "SUCCESS"
    assert seen == [THERE["b"], {"Name": "b", "Size": "small"}]


def test_update_of_what_a_written_read_does_not_find(cloud: CloudControl) -> None:
    """An update of what the read handler doesn't find is refused at once."""
    cloud.resources.put(CLUSTER, {"Name": "x"})
    cloud.add_handler(CLUSTER, read=read)
    patch = '[{"op": "add", "path": "/Size", "value": "small"}]'

    told = refusal(cloud.client().update_resource, TypeName=CLUSTER, Identifier="x", PatchDocument=patch)

    assert told.code == "ResourceNotFoundException"
    assert len(cloud.requests) == 0


def test_read_that_breaks() -> None:
    """A read handler's own exception is HandlerInternalFailureException for the caller, and is told at the end."""

    def broken(request: HandlerRequest) -> dict[str, str]:
        raise ZeroDivisionError(f"of {request.identifier}")

    with telling() as (cloudcontrol, told):
        cloudcontrol.add_handler(CLUSTER, read=broken)
        client = cloudcontrol.client()
        answer = refusal(client.get_resource, TypeName=CLUSTER, Identifier="x")

    words, _, _ = answer.message.partition(", RequestToken: ")
    assert (answer.code, answer.http_status) == ("HandlerInternalFailureException", 500)
    assert words == f"{CLUSTER} Handler returned status FAILED (HandlerErrorCode: InternalFailure"
    assert told == [
        ("the READ handler test_read_that_breaks.<locals>.broken of Test::Db::Cluster raised ZeroDivisionError: of x")
    ]


def test_list_that_breaks_half_way() -> None:
    """A list handler that breaks after its first resource has failed as a whole."""

    def broken(request: HandlerRequest) -> Iterator[str]:
        yield "a"
        raise ZeroDivisionError(f"of {request.operation}")

    with telling() as (cloudcontrol, told):
        cloudcontrol.add_handler(CLUSTER, list=broken, read=read)
        answer = refusal(cloudcontrol.client().list_resources, TypeName=CLUSTER)

    assert answer.code == "HandlerInternalFailureException"
    assert told == [
        (
            "the LIST handler test_list_that_breaks_half_way.<locals>.broken of Test::Db::Cluster "
            "raised ZeroDivisionError: of LIST"
        )
    ]


MODELS: dict[str, tuple[object, str]] = {
    "nothing": (None, "model=None is not valid: expected the properties of a resource, as a dict"),
    "a text": ("a", "model='a' is not valid: expected the properties of a resource, as a dict"),
    "without the identifier": (
        {"Size": "small"},
        "model={'Size': 'small'} is not valid: expected the identifier of Test::Db::Cluster among them: Name",
    ),
    "what JSON hasn't": (
        {"Name": "a", "Size": {1}},
        (
            "model={'Name': 'a', 'Size': {1}} is not valid: "
            "expected a dict that can be written as JSON (Object of type set is not JSON serializable)"
        ),
    ),
}


@pytest.mark.parametrize("kind", MODELS)
def test_wrong_model(kind: str) -> None:
    """A read handler that returns no model of a resource has failed, and what it returned is told."""
    model, error = MODELS[kind]
    with telling() as (cloudcontrol, told):
        cloudcontrol.add_handler(CLUSTER, read=lambda _: model)  # type: ignore[arg-type,return-value]  # wrong
        assert refusal(cloudcontrol.client().get_resource, TypeName=CLUSTER, Identifier="a").http_status == 500

    name = "the READ handler test_wrong_model.<locals>.<lambda> of Test::Db::Cluster"
    assert told == [f"{name}: {error}"]


LISTS: dict[str, tuple[object, str]] = {
    "nothing": (None, "list=None is not valid: expected identifiers or models of resources, one after the other"),
    "a text": ("a", "list='a' is not valid: expected identifiers or models of resources, one after the other"),
    "a model": (
        {"Name": "a"},
        "list={'Name': 'a'} is not valid: expected identifiers or models of resources, one after the other",
    ),
    "one twice": (["a", "b", "a"], "list='a' is not valid: expected each resource once"),
    "one in both ways": (["a", {"Name": "a"}], "list={'Name': 'a'} is not valid: expected each resource once"),
    "numbers": ([1], "model=1 is not valid: expected the properties of a resource, as a dict"),
    "a model without the identifier": (
        [{"Size": "small"}],
        "model={'Size': 'small'} is not valid: expected the identifier of Test::Db::Cluster among them: Name",
    ),
}


@pytest.mark.parametrize("kind", LISTS)
def test_wrong_list(kind: str) -> None:
    """A list handler that returns no list of resources has failed, and what it returned is told."""
    found, error = LISTS[kind]
    with telling() as (cloudcontrol, told):
        cloudcontrol.add_handler(CLUSTER, list=lambda _: found)  # type: ignore[arg-type,return-value]  # wrong
        assert refusal(cloudcontrol.client().list_resources, TypeName=CLUSTER).http_status == 500

    assert told == [f"the LIST handler test_wrong_list.<locals>.<lambda> of Test::Db::Cluster: {error}"]


def test_reads_and_lists_call_cloud_control(cloud: CloudControl) -> None:
    """A read and a list handler may call Cloud Control themselves, also for another resource of the same type."""
    cloud.resources.put("AWS::Logs::LogGroup", {"LogGroupName": "a"})

    def through(request: HandlerRequest) -> dict[str, str]:
        if request.identifier == "outer":
            return {**shown(client, CLUSTER, "a"), "Name": "outer"}
        return {"Name": request.identifier or "", "Size": shown(client, "AWS::Logs::LogGroup", "a")["LogGroupName"]}

    def found(_: HandlerRequest) -> list[str]:
        answer = client.list_resources(TypeName="AWS::Logs::LogGroup")
        return [one["Identifier"] for one in answer["ResourceDescriptions"]]

    client = cloud.client()
    cloud.add_handler(CLUSTER, read=through, list=found)

    assert shown(client, CLUSTER, "outer") == {"Name": "outer", "Size": "a"}
    assert listed(client) == [("a", {"Name": "a", "Size": "a"})]


def test_loop_over_a_written_read(cloud: CloudControl) -> None:
    """Code that reads again and again is waiting, also where the read is the test's own: time goes on for it."""

    def handler(request: HandlerRequest) -> Iterator[int]:
        request.resources.put(CLUSTER, {"Name": "one", "Size": "small"})
        yield 3600
        request.resources.put(CLUSTER, {"Name": "one", "Size": "large"})

    def stored(request: HandlerRequest) -> Mapping[str, object]:
        there = request.resources.get(CLUSTER, request.identifier or "")
        if there is None:
            raise HandlerError("NotFound")
        return there

    cloud.add_handler(CLUSTER, create=handler, read=stored)
    create(cloud).step()
    client, looks = cloud.client(), 1
    while shown(client, CLUSTER, "one").get("Size") != "large":
        looks += 1

    assert looks < 5
    assert delete(cloud).run().status == "SUCCESS"
