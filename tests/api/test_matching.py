"""``requests.matching`` and ``calls.matching``: those that are meant, live."""

from __future__ import annotations

import json
from collections import deque
from typing import TYPE_CHECKING, Any, Final

import pytest
from botocore.exceptions import ClientError
from calls import RETENTION_PATCH, create
from resource_types import KEY_PAIR, LOG_GROUP, QUEUE, STAGE
from threads import in_threads

from pytest_cloudcontrol import Calls, CloudControl, OptionError, Requests

if TYPE_CHECKING:
    from collections.abc import Callable

    from types_boto3_cloudcontrol import CloudControlApiClient

STATUSES: Final = "PENDING, IN_PROGRESS, SUCCESS, FAILED, CANCEL_IN_PROGRESS, CANCEL_COMPLETE"
KNOWN_TYPE: Final = "a known resource type (cloudcontrol.add_type adds one)"
APIS: Final = (
    "CancelResourceRequest, CreateResource, DeleteResource, GetResource, GetResourceRequestStatus, "
    "ListResourceRequests, ListResources, UpdateResource"
)


def names(requests: Requests) -> list[str | None]:
    """Return the identifiers of requests."""
    return [request.identifier for request in requests]


def apis(calls: Calls) -> list[str]:
    """Return the operations of calls."""
    return [str(call.operation) for call in calls]


@pytest.fixture
def asked(cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient) -> CloudControl:
    """Ask for a few things: two log groups, a queue, an update, a look at what there isn't, and a status."""
    client = cloudcontrol_client
    token = create(client, "one")
    create(client, "two")
    client.create_resource(TypeName=QUEUE, DesiredState="{}")
    cloudcontrol.run_until_idle()
    client.update_resource(TypeName=LOG_GROUP, Identifier="one", PatchDocument=RETENTION_PATCH)
    with pytest.raises(ClientError):
        client.get_resource(TypeName=LOG_GROUP, Identifier="three")
    client.get_resource_request_status(RequestToken=token)
    return cloudcontrol


# Requests


@pytest.mark.parametrize(
    ("named", "orders"),
    [
        ({}, [1, 2, 3, 4]),
        ({"type_name": LOG_GROUP}, [1, 2, 4]),
        ({"operation": "CREATE"}, [1, 2, 3]),
        ({"operation": "DELETE"}, []),
        ({"identifier": "one"}, [1, 4]),
        ({"identifier": '{"LogGroupName": "one"}'}, [1, 4]),
        ({"status": "SUCCESS"}, [1, 2, 3]),
        ({"status": "IN_PROGRESS", "type_name": LOG_GROUP, "operation": "UPDATE", "identifier": "one"}, [4]),
        ({"status": "FAILED"}, []),
        ({"type_name": STAGE}, []),
    ],
)
def test_requests(asked: CloudControl, named: dict[str, str], orders: list[int]) -> None:
    """Each word given has to fit."""
    matching: Callable[..., Requests] = asked.requests.matching

    assert [request.order for request in matching(**named)] == orders
    assert len(matching(**named)) == len(orders)
    assert bool(matching(**named)) is bool(orders)


def test_requests_are_live(cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient) -> None:
    """What is kept of it gets what comes later, and loses what matches no more."""
    running = cloudcontrol.requests.matching(status="IN_PROGRESS")
    seen = [names(running)]
    for name in ("one", "two"):
        create(cloudcontrol_client, name)
        seen.append(names(running))
    cloudcontrol.requests[0].run()

    assert [*seen, names(running)] == [[], ["one"], ["one", "two"], ["two"]]


def test_loop_that_changes_what_matches(cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient) -> None:
    """A loop goes over all that matched when it began, though none does when its turn is over."""
    for name in ("one", "two", "three", "four"):
        create(cloudcontrol_client, name)
    running = cloudcontrol.requests.matching(status="IN_PROGRESS")

    done = [request.cancel().identifier for request in running]

    assert done == ["one", "two", "three", "four"]
    assert running == []


def test_loop_from_the_last(cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient) -> None:
    """A loop from the last to the first goes over all that matched, too, though the first turn ends several."""
    for name in ("one", "two", "three", "four"):
        create(cloudcontrol_client, name)
    running = cloudcontrol.requests.matching(status="IN_PROGRESS")

    seen = []
    for request in reversed(running):
        cloudcontrol.run_until_idle()
        seen.append(request.identifier)

    assert seen == ["four", "three", "two", "one"]


def test_loop_that_makes_calls(cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient) -> None:
    """A loop over calls, or over requests, that makes more of them comes to an end."""
    create(cloudcontrol_client, "one")
    for _ in cloudcontrol.calls:
        create(cloudcontrol_client, "two")
    for number, _ in enumerate(cloudcontrol.requests):
        create(cloudcontrol_client, f"further-{number}")

    assert (len(cloudcontrol.calls), len(cloudcontrol.requests)) == (4, 4)


def test_requests_follow_a_reset(cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient) -> None:
    """After a reset it has those of the new world."""
    groups = cloudcontrol.requests.matching(type_name=LOG_GROUP)
    create(cloudcontrol_client, "old")
    before = groups[0]
    cloudcontrol.reset()

    assert groups == []
    create(cloudcontrol_client, "new")
    assert names(groups) == ["new"]
    assert before not in groups


def test_chained_requests(asked: CloudControl) -> None:
    """What matches can be asked for less."""
    groups = asked.requests.matching(type_name=LOG_GROUP)

    assert [request.order for request in groups.matching(operation="CREATE").matching(identifier="two")] == [2]
    assert groups.matching(type_name=QUEUE) == []


def test_requests_of_a_scope(asked: CloudControl) -> None:
    """Those of one account and region can be asked for less, too."""
    create(asked.client("eu-west-1"), "one")
    ireland = asked.scope(region="eu-west-1").requests.matching(type_name=LOG_GROUP)

    assert ([request.order for request in ireland], len(asked.requests.matching(type_name=LOG_GROUP))) == ([5], 4)
    with pytest.raises(LookupError) as raised:
        _ = ireland.matching(operation="DELETE").last
    assert str(raised.value) == (
        "no request in account 123456789012 and eu-west-1 matches (cloudcontrol.requests has them all)"
    )


def test_last_request_that_matches(asked: CloudControl) -> None:
    """The last of those that match; an error where there is none."""
    assert asked.requests.matching(type_name=QUEUE).last is asked.requests[2]
    with pytest.raises(LookupError) as raised:
        _ = asked.requests.matching(status="FAILED").last
    assert str(raised.value) == "no request matches (cloudcontrol.requests has them all)"


@pytest.mark.parametrize(
    ("named", "text"),
    [
        (
            {"status": "SUCESS"},
            f"status='SUCESS' is not valid. Did you mean 'SUCCESS'? Expected one of {STATUSES}",
        ),
        (
            {"operation": "CREATED"},
            "operation='CREATED' is not valid. Did you mean 'CREATE'? Expected one of CREATE, DELETE, UPDATE",
        ),
        (
            {"type_name": "AWS::SQS::Queu"},
            f"type_name='AWS::SQS::Queu' is not valid: expected {KNOWN_TYPE}. Did you mean 'AWS::SQS::Queue'?",
        ),
        ({"type_name": 5}, f"type_name=5 is not valid: expected {KNOWN_TYPE}"),
        (
            {"identifier": "{"},
            (
                "identifier='{' is not valid: "
                "expected an identifier: plain, or a JSON object of properties and their values"
            ),
        ),
        (
            {"type_name": LOG_GROUP, "identifier": '{"Name": "app"}'},
            (
                f'identifier=\'{{"Name": "app"}}\' is not valid: expected an identifier of {LOG_GROUP}: '
                "When specifying the identifier as JSON, you must specify exactly one identifier from "
                "[[/properties/LogGroupName]], and no additional properties can be specified"
            ),
        ),
    ],
)
def test_wrong_values_for_requests(cloudcontrol: CloudControl, named: dict[str, Any], text: str) -> None:
    """A wrong value is refused at once, with what is valid."""
    with pytest.raises(OptionError) as refused:
        cloudcontrol.requests.matching(**named)

    assert str(refused.value) == text


def test_misspelt_word(cloudcontrol: CloudControl) -> None:
    """A misspelt argument is Python's own error."""
    matching: Callable[..., object] = cloudcontrol.requests.matching
    with pytest.raises(TypeError, match="unexpected keyword argument 'state'"):
        matching(state="SUCCESS")


# Calls


@pytest.mark.parametrize(
    ("named", "found"),
    [
        ({}, 6),
        ({"api": "CreateResource"}, 3),
        ({"type_name": LOG_GROUP}, 5),
        ({"type_name": QUEUE}, 1),
        ({"identifier": "one"}, 3),
        ({"identifier": "three"}, 1),
        ({"identifier": '{"LogGroupName": "one"}', "type_name": LOG_GROUP}, 3),
        ({"error_code": "ResourceNotFoundException"}, 1),
        ({"error_code": "ThrottlingException"}, 0),
        ({"api": "GetResourceRequestStatus", "type_name": LOG_GROUP, "identifier": "one"}, 1),
        ({"api": "ListResourceRequests"}, 0),
    ],
)
def test_calls(asked: CloudControl, named: dict[str, str], found: int) -> None:
    """Each word given has to fit; a call with a token is about its request's type and resource."""
    matching: Callable[..., Calls] = asked.calls.matching

    assert len(matching(**named)) == found


def test_create_of_an_identifier_that_the_service_made(asked: CloudControl) -> None:
    """A create that named no identifier is found by the one that its request has got."""
    url = asked.requests[2].identifier

    assert asked.calls.matching(identifier=url) == [asked.calls[2]]


def test_calls_are_live(cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient) -> None:
    """What is kept of it gets what comes later, and follows a reset."""
    lists = cloudcontrol.calls.matching(api="ListResources")
    seen = [len(lists)]
    for _ in range(2):
        cloudcontrol_client.list_resources(TypeName=QUEUE)
        create(cloudcontrol_client, f"group-{len(seen)}")
        seen.append(len(lists))
    cloudcontrol.reset()

    assert [*seen, len(lists)] == [0, 1, 2, 0]


def test_chained_calls(asked: CloudControl) -> None:
    """What matches can be asked for less."""
    assert apis(asked.calls.matching(type_name=LOG_GROUP).matching(identifier="one")) == [
        "CreateResource",
        "UpdateResource",
        "GetResourceRequestStatus",
    ]
    assert asked.calls.matching(type_name=LOG_GROUP).matching(type_name=QUEUE) == []


def test_last_call(cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient) -> None:
    """The latest call, of all or of those that match; an error where there is none."""
    with pytest.raises(LookupError, match=r"^no API call has been made yet$"):
        _ = cloudcontrol.calls.last
    create(cloudcontrol_client)
    cloudcontrol_client.list_resources(TypeName=QUEUE)

    assert cloudcontrol.calls.last == cloudcontrol.calls[-1]
    assert cloudcontrol.calls.matching(api="CreateResource").last.operation == "CreateResource"
    with pytest.raises(LookupError, match=r"^no API call matches \(cloudcontrol.calls has them all\)$"):
        _ = cloudcontrol.calls.matching(api="DeleteResource").last


def test_type_that_only_a_call_has_named(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient
) -> None:
    """A type that there isn't may be asked for if a call has really named it: code under test makes mistakes."""
    mistaken = "AWS::SQS::Queu"
    with pytest.raises(OptionError, match="Did you mean 'AWS::SQS::Queue'"):
        cloudcontrol.calls.matching(type_name=mistaken)
    with pytest.raises(cloudcontrol_client.exceptions.TypeNotFoundException):
        cloudcontrol_client.get_resource(TypeName=mistaken, Identifier="q")

    assert apis(cloudcontrol.calls.matching(type_name=mistaken, identifier="q")) == ["GetResource"]
    assert cloudcontrol.calls.matching(type_name=mistaken, identifier="other") == []
    with pytest.raises(OptionError):
        cloudcontrol.requests.matching(type_name=mistaken)


def test_type_taken_back(cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient) -> None:
    """Calls on a type that has been taken back, and requests of it, can still be asked for."""
    schema = {
        "typeName": "Acme::Shop::Order",
        "properties": {"N": {"type": "string"}},
        "primaryIdentifier": ["/properties/N"],
    }
    added = cloudcontrol.add_type({**schema, "handlers": {"create": {}, "list": {}}, "additionalProperties": False})
    cloudcontrol_client.list_resources(TypeName="Acme::Shop::Order")
    cloudcontrol_client.create_resource(TypeName="Acme::Shop::Order", DesiredState='{"N": "n1"}')
    added.remove()

    assert len(cloudcontrol.calls.matching(type_name="Acme::Shop::Order")) == 2
    assert len(cloudcontrol.calls.matching(type_name="Acme::Shop::Order", identifier="n1")) == 1
    assert names(cloudcontrol.requests.matching(type_name="Acme::Shop::Order", identifier="n1")) == ["n1"]
    assert cloudcontrol.requests.matching(type_name="Acme::Shop::Order", identifier="n2") == []


@pytest.mark.parametrize("known", [True, False])
@pytest.mark.parametrize("named", [{"type_name": QUEUE}, {"identifier": "q"}])
def test_list_of_requests_has_no_type(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient, named: dict[str, str], known: bool
) -> None:
    """ListResourceRequests is about no resource, whatever types calls have named."""
    if known:
        cloudcontrol_client.list_resources(TypeName=QUEUE)
    ((name, value),) = named.items()
    matching: Callable[..., Calls] = cloudcontrol.calls.matching
    with pytest.raises(OptionError) as refused:
        matching(api="ListResourceRequests", **named)

    assert str(refused.value) == (
        f"{name}={value!r} is not valid: expected no {name} with ListResourceRequests, "
        "whose calls are about no resource"
    )


def test_identifier_of_a_type_that_calls_have_named(asked: CloudControl) -> None:
    """An identifier that is none of its type is refused, whether or not calls have named the type."""
    with pytest.raises(OptionError, match="expected an identifier of AWS::Logs::LogGroup: When specifying"):
        asked.calls.matching(type_name=LOG_GROUP, identifier='{"Name": "one"}')


@pytest.mark.parametrize("form", ["laptop", '{"KeyPairId": "key-0123"}', '{"KeyName": "laptop"}'])
def test_forms_of_an_identifier(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient, form: str
) -> None:
    """Calls that named a resource in any form are found by any other."""
    cloudcontrol.resources.put(KEY_PAIR, {"KeyName": "laptop", "KeyPairId": "key-0123"})
    cloudcontrol_client.get_resource(TypeName=KEY_PAIR, Identifier="laptop")
    cloudcontrol_client.get_resource(TypeName=KEY_PAIR, Identifier='{"KeyPairId": "key-0123"}')

    assert len(cloudcontrol.calls.matching(identifier=form)) == 2


def test_wrong_values_for_calls(cloudcontrol: CloudControl) -> None:
    """A wrong operation or error code is refused, with the nearest and all there are."""
    with pytest.raises(OptionError) as wrong_api:
        cloudcontrol.calls.matching(api="GetResourceStatus")
    with pytest.raises(OptionError) as wrong_code:
        cloudcontrol.calls.matching(error_code="Throttling")

    assert str(wrong_api.value) == (
        f"api='GetResourceStatus' is not valid. Did you mean 'GetResourceRequestStatus'? Expected one of {APIS}"
    )
    beginning = "error_code='Throttling' is not valid. Did you mean 'ThrottlingException'? Expected one of "
    listed = str(wrong_code.value).removeprefix(beginning).split(", ")
    assert {"ThrottlingException", "ValidationException", "SerializationException", "AccessDeniedException"} < {*listed}
    assert listed == sorted(listed)


# Comparisons


@pytest.mark.parametrize("kind", [list, tuple, deque])
def test_equal_to_any_sequence_of_the_same(asked: CloudControl, kind: type[list[object]]) -> None:
    """Both are equal to a list, a tuple, or one another, of the same things in the same order."""
    for live, less in (
        (asked.requests, asked.requests.matching(type_name=LOG_GROUP)),
        (asked.calls, asked.calls.matching(type_name=LOG_GROUP)),
    ):
        assert live == kind(live)
        assert kind(less) == less
        assert less != live
        assert live != kind(reversed(live))
        assert live == live.matching()
        assert live.__eq__(5) is NotImplemented
        assert live.__eq__(set(live)) is NotImplemented


def test_representations(asked: CloudControl) -> None:
    """Both look like the list of what they have, in pytest's comparisons too."""
    assert repr(asked.requests) == repr(list(asked.requests))
    assert repr(asked.calls.matching(api="GetResource")) == repr([asked.calls[4]])


def test_slices_are_lists(asked: CloudControl) -> None:
    """A slice is a list of its own."""
    first = asked.calls.matching(type_name=LOG_GROUP)[:2]
    create(asked.client(), "later")

    assert (type(first), len(first)) == (list, 2)


@pytest.mark.parametrize("what", ["requests", "calls"])
def test_has_no_hash(cloudcontrol: CloudControl, what: str) -> None:
    """What changes has no hash."""
    with pytest.raises(TypeError, match="unhashable type"):
        hash(getattr(cloudcontrol, what))


# Threads


def test_asked_while_threads_call(cloudcontrol: CloudControl) -> None:
    """What matches can be looked at while others create, step and call."""
    requests = cloudcontrol.requests.matching(identifier='{"KeyPairId": "key-none"}')
    calls = cloudcontrol.calls.matching(identifier='{"KeyPairId": "key-none"}')

    def creating(number: int) -> Callable[[], None]:
        client = cloudcontrol.client()

        def create_some() -> None:
            for turn in range(10):
                state = json.dumps({"KeyName": f"{number}-{turn}"})
                client.create_resource(TypeName=KEY_PAIR, DesiredState=state)
                cloudcontrol.step()

        return create_some

    def look() -> None:
        for _ in range(100):
            assert (list(requests), list(calls)) == ([], [])

    in_threads(creating(1), creating(2), look)

    assert len(cloudcontrol.requests.matching(type_name=KEY_PAIR)) == 20
