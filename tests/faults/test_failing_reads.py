"""add_failure of READ and LIST: GetResource, ListResources and UpdateResource's own read raise the code's exception."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest
from botocore.exceptions import ClientError
from calls import RETENTION_PATCH, create, shown
from refusals import refusal
from resource_types import LOG_GROUP, QUEUE
from retrying import codes, once

from pytest_cloudcontrol import CloudControl, HandlerError, HandlerErrorCode, HandlerRequest, OptionError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from types_boto3_cloudcontrol import CloudControlApiClient

EXCEPTIONS: Final = {
    "NotUpdatable": ("NotUpdatableException", 400),
    "InvalidRequest": ("InvalidRequestException", 400),
    "AccessDenied": ("AccessDeniedException", 400),
    "UnauthorizedTaggingOperation": ("HandlerFailureException", 500),
    "InvalidCredentials": ("InvalidCredentialsException", 400),
    "AlreadyExists": ("AlreadyExistsException", 400),
    "NotFound": ("ResourceNotFoundException", 400),
    "ResourceConflict": ("ResourceConflictException", 400),
    "Throttling": ("ThrottlingException", 400),
    "ServiceLimitExceeded": ("ServiceLimitExceededException", 400),
    "NotStabilized": ("NotStabilizedException", 400),
    "GeneralServiceException": ("GeneralServiceException", 400),
    "ServiceInternalError": ("ServiceInternalErrorException", 500),
    "ServiceTimeout": ("HandlerFailureException", 500),
    "NetworkFailure": ("NetworkFailureException", 500),
    "InternalFailure": ("HandlerInternalFailureException", 500),
}
"""The exception of each code, and its HTTP status."""


@pytest.fixture
def client(cloudcontrol: CloudControl) -> CloudControlApiClient:
    """Return a client that tries once, of a mock in which one log group exists."""
    cloudcontrol.resources.put(LOG_GROUP, {"LogGroupName": "app"})
    return once(cloudcontrol)


def get(client: CloudControlApiClient) -> object:
    """Read the log group."""
    return client.get_resource(TypeName=LOG_GROUP, Identifier="app")


def list_all(client: CloudControlApiClient) -> object:
    """List the log groups."""
    return client.list_resources(TypeName=LOG_GROUP)


def update(client: CloudControlApiClient) -> object:
    """Patch the log group, which reads it first."""
    return client.update_resource(TypeName=LOG_GROUP, Identifier="app", PatchDocument=RETENTION_PATCH)


def test_every_code_has_its_exception() -> None:
    """The table is whole."""
    assert set(EXCEPTIONS) == {code.value for code in HandlerErrorCode}


@pytest.mark.parametrize(("operation", "call"), [("READ", get), ("READ", update), ("LIST", list_all)])
@pytest.mark.parametrize("code", EXCEPTIONS)
def test_every_code(
    cloudcontrol: CloudControl,
    client: CloudControlApiClient,
    operation: str,
    call: Callable[[CloudControlApiClient], object],
    code: str,
) -> None:
    """The call fails once, in the words recorded, with a token that belongs to no request; the next one doesn't."""
    rule = cloudcontrol.add_failure(code, operation=operation, message="no luck")

    told = refusal(call, client=client)

    assert (told.code, told.http_status) == EXCEPTIONS[code]
    words, _, token = told.message.removesuffix(")").partition(", RequestToken: ")
    assert words == f"{LOG_GROUP} Handler returned status FAILED: no luck (HandlerErrorCode: {code}"
    with pytest.raises(client.exceptions.RequestTokenNotFoundException):
        client.get_resource_request_status(RequestToken=token)
    assert (rule.fired, len(cloudcontrol.requests)) == (1, 0)
    call(client)


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (
            "NotFound",
            f"""Resource of type '{LOG_GROUP}' with identifier '{{"/properties/LogGroupName":"app"}}' was not found.""",
        ),
        ("Throttling", "Throttling (arranged by the test)"),
    ],
)
def test_words_for_none(cloudcontrol: CloudControl, client: CloudControlApiClient, code: str, words: str) -> None:
    """Without a message the words are those of a resource that isn't there, or say where they come from."""
    cloudcontrol.add_failure(code, operation="READ")

    told = refusal(get, client=client)

    assert told.message.startswith(f"{LOG_GROUP} Handler returned status FAILED: {words} (HandlerErrorCode: {code}, ")


def test_empty_message(cloudcontrol: CloudControl, client: CloudControlApiClient) -> None:
    """An empty message leaves no words but the code's."""
    cloudcontrol.add_failure("AccessDenied", operation="READ", message="")

    told = refusal(get, client=client)

    assert told.message.startswith(f"{LOG_GROUP} Handler returned status FAILED (HandlerErrorCode: AccessDenied, ")


# Which reads


def test_of_a_type(cloudcontrol: CloudControl, client: CloudControlApiClient) -> None:
    """A rule of a type leaves the others alone."""
    rule = cloudcontrol.add_failure("AccessDenied", operation="LIST", type_name=QUEUE)

    list_all(client)
    assert rule.fired == 0
    assert refusal(client.list_resources, TypeName=QUEUE).code == "AccessDeniedException"


@pytest.mark.parametrize("identifier", ["app", '{"LogGroupName": "app"}'])
def test_of_a_resource(cloudcontrol: CloudControl, client: CloudControlApiClient, identifier: str) -> None:
    """A rule of a resource, in any form that the API takes, leaves the others alone."""
    cloudcontrol.resources.put(LOG_GROUP, {"LogGroupName": "other"})
    cloudcontrol.add_failure("AccessDenied", operation="READ", type_name=LOG_GROUP, identifier=identifier)

    shown(client, LOG_GROUP, "other")
    assert refusal(get, client=client).code == "AccessDeniedException"


def test_list_reads_nothing(cloudcontrol: CloudControl, client: CloudControlApiClient) -> None:
    """ListResources uses up no rule of READ, nor GetResource one of LIST."""
    reads = cloudcontrol.add_failure("AccessDenied", operation="READ", optional=True)
    lists = cloudcontrol.add_failure("AccessDenied", operation="LIST", optional=True)

    assert refusal(list_all, client=client).code == "AccessDeniedException"
    assert (reads.fired, lists.fired) == (0, 1)
    list_all(client)
    assert (reads.fired, lists.fired) == (0, 1)


@pytest.mark.parametrize("operation", [None, "CREATE"])
def test_rule_of_requests(cloudcontrol: CloudControl, client: CloudControlApiClient, operation: str | None) -> None:
    """A rule without an operation is about requests, not about reads."""
    cloudcontrol.add_failure("AccessDenied", operation=operation)
    get(client)
    list_all(client)
    create(client, "new")

    assert cloudcontrol.requests.last.run().error_code == "AccessDenied"


def test_request_uses_up_none(cloudcontrol: CloudControl, client: CloudControlApiClient) -> None:
    """Creating and deleting reads nothing that a rule is about."""
    rule = cloudcontrol.add_failure("AccessDenied", operation="READ", optional=True)
    create(client, "new")
    client.delete_resource(TypeName=LOG_GROUP, Identifier="app")
    cloudcontrol.run_until_idle()

    assert rule.fired == 0
    assert {request.status for request in cloudcontrol.requests} == {"SUCCESS"}


def test_refused_before_the_read(cloudcontrol: CloudControl, client: CloudControlApiClient) -> None:
    """A call that doesn't come as far as to its read uses up no rule."""
    rule = cloudcontrol.add_failure("AccessDenied", operation="READ", optional=True)

    with pytest.raises(client.exceptions.TypeNotFoundException):
        client.get_resource(TypeName="AWS::No::Type", Identifier="app")
    with pytest.raises(ClientError):
        client.update_resource(TypeName=LOG_GROUP, Identifier="app", PatchDocument="nonsense")
    assert rule.fired == 0


# How often


def test_times(cloudcontrol: CloudControl, client: CloudControlApiClient) -> None:
    """So many reads fail; rules fire one after the other."""
    cloudcontrol.add_failure("AccessDenied", operation="READ", times=2)
    cloudcontrol.add_failure("InvalidRequest", operation="READ")

    failed = [refusal(get, client=client).code for _ in range(3)]
    assert failed == ["AccessDeniedException", "AccessDeniedException", "InvalidRequestException"]
    get(client)


def test_retries_use_them_up(cloudcontrol: CloudControl, client: CloudControlApiClient) -> None:
    """A client that retries sees nothing of two failures that it retries; the clock moves for its sleeps."""
    before = cloudcontrol.clock.now()
    cloudcontrol.add_failure("Throttling", operation="READ", times=2)

    get(cloudcontrol.client())

    assert codes(cloudcontrol) == ["ThrottlingException", "ThrottlingException", None]
    assert cloudcontrol.clock.now() > before
    get(client)


def test_remove(cloudcontrol: CloudControl, client: CloudControlApiClient) -> None:
    """A rule that is taken back fires no more, and needn't have."""
    rule = cloudcontrol.add_failure("Throttling", operation="LIST", times=2)
    refusal(list_all, client=client)
    rule.remove()
    list_all(client)

    cloudcontrol.add_failure("Throttling", operation="READ").remove()
    get(client)


def test_unfired(pytester: pytest.Pytester) -> None:
    """A rule that no read has met fails the test at its end, in the words in which it was arranged."""
    pytester.makepyfile(
        """
        def test_it(cloudcontrol):
            cloudcontrol.add_failure("Throttling", operation="READ", identifier="app", times=2)
            cloudcontrol.add_failure("NotFound", operation="LIST", type_name="AWS::SQS::Queue")
            cloudcontrol.add_failure("NotFound", operation="LIST", optional=True)
        """
    )
    result = pytester.runpytest()

    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(
        [
            "These were arranged, but never came to be (optional=True allows it):",
            "    add_failure('Throttling', operation='READ', identifier='app', times=2)",
            "    add_failure('NotFound', type_name='AWS::SQS::Queue', operation='LIST')",
            "See docs/how-to/arrange-beforehand.md#rules-that-never-fire",
        ],
        consecutive=True,
    )


@pytest.mark.parametrize("operation", ["READ", "LIST"])
@pytest.mark.parametrize("at_step", [1, "end"])
def test_no_step(cloudcontrol: CloudControl, operation: str, at_step: int) -> None:
    """A read is one handler call."""
    with pytest.raises(OptionError) as refused:
        cloudcontrol.add_failure("Throttling", operation=operation, at_step=at_step)
    assert str(refused.value) == (
        f"at_step={at_step!r} is not valid: expected no at_step with {operation}, which is one handler call"
    )


# With handlers of the test's own, and other rules


def test_instead_of_a_written_read(cloudcontrol: CloudControl, client: CloudControlApiClient) -> None:
    """A read handler of the test's own isn't called for a read that fails by a rule; its own failures use up none."""
    reads: list[str | None] = []

    def read(request: HandlerRequest) -> Mapping[str, object]:
        reads.append(request.identifier)
        if len(reads) == 1:
            raise HandlerError("AccessDenied", "no")
        return {"LogGroupName": str(request.identifier)}

    cloudcontrol.add_handler(LOG_GROUP, read=read)
    assert refusal(get, client=client).code == "AccessDeniedException"
    cloudcontrol.add_failure("InvalidRequest", operation="READ")

    assert refusal(get, client=client).code == "InvalidRequestException"
    assert reads == ["app"]
    get(client)
    assert reads == ["app", "app"]


def test_instead_of_a_written_list(cloudcontrol: CloudControl, client: CloudControlApiClient) -> None:
    """So it is with a list handler."""

    def find(request: HandlerRequest) -> list[str]:
        lists.append(request.type_name)
        return ["app"]

    lists: list[str] = []
    cloudcontrol.add_handler(LOG_GROUP, list=find)
    cloudcontrol.add_failure("InvalidRequest", operation="LIST")

    assert refusal(list_all, client=client).code == "InvalidRequestException"
    assert lists == []
    list_all(client)
    assert lists == [LOG_GROUP]


def test_contract_uses_up_none(cloudcontrol: CloudControl, client: CloudControlApiClient) -> None:
    """What the mock reads to check a handler's contract is no API call."""

    def make(request: HandlerRequest) -> None:
        request.identifier = request.resources.put(LOG_GROUP, request.desired_state)

    cloudcontrol.add_handler(LOG_GROUP, create=make)
    rule = cloudcontrol.add_failure("InvalidRequest", operation="READ", optional=True)
    create(client, "new")

    assert (cloudcontrol.requests.last.run().status, rule.fired) == ("SUCCESS", 0)


def test_what_is_not_consistent_yet(cloudcontrol: CloudControl, client: CloudControlApiClient) -> None:
    """A rule comes before what a read would show or not show."""
    cloudcontrol.plan(consistent_after=60)
    create(client, "new")
    cloudcontrol.requests.last.run()
    cloudcontrol.add_failure("AccessDenied", operation="READ", identifier="new")

    assert refusal(client.get_resource, TypeName=LOG_GROUP, Identifier="new").code == "AccessDeniedException"
    assert refusal(client.get_resource, TypeName=LOG_GROUP, Identifier="new").code == "ResourceNotFoundException"
