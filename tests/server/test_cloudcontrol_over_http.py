"""Calls to Cloud Control over HTTP: answered as AWS answers them, however wrong they are."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from over_http import HEADERS, SIGNED, Answered, Connection, create

from pytest_cloudcontrol import mock_cloudcontrol
from pytest_cloudcontrol.server.served import served as serve

if TYPE_CHECKING:
    from pytest_cloudcontrol import CloudControl


def error(answered: Answered) -> tuple[int, str, str]:
    """Return the status, the code and the words of an error of AWS's form."""
    assert answered.headers["Content-Type"] == "application/x-amz-json-1.0"
    assert answered.headers["x-amzn-RequestId"]
    document = answered.document
    return answered.status, document["__type"].partition("#")[2], document.get("Message", document.get("message"))


def test_an_answer(connection: Connection, cloudcontrol: CloudControl) -> None:
    """It is AWS JSON 1.0, with a request id, over a connection that is kept."""
    answered = connection.call("ListResourceRequests")

    assert (answered.status, answered.document) == (200, {"ResourceRequestStatusSummaries": []})
    assert answered.headers["Content-Type"] == "application/x-amz-json-1.0"
    assert answered.headers["x-amzn-RequestId"]
    assert answered.headers["Date"].endswith(" GMT")
    assert answered.headers["Connection"] is None
    assert cloudcontrol.calls.last.operation == "ListResourceRequests"


def test_account_and_region(connection: Connection, cloudcontrol: CloudControl) -> None:
    """They are those of the signature."""
    cloudcontrol.client(account_id="210987654321", aws_access_key_id="AKIAOTHER")
    signed = SIGNED.replace("AKIAMOCKED", "AKIAOTHER").replace("us-east-1", "eu-west-1")
    connection.call("ListResourceRequests", Authorization=signed)

    assert (cloudcontrol.calls.last.account_id, cloudcontrol.calls.last.region) == ("210987654321", "eu-west-1")


NO_CREDENTIAL = "Authorization header requires 'Credential' parameter. Authorization="
ANOTHER_TYPE = "The Content-Type of the call is {!r}, and not 'application/x-amz-json-1.0'"
UNKNOWN = "UnknownOperationException"
POST_TO_ROOT = "Every operation of CloudApiService is a POST to /"
TOO_LARGE = "The body of the call has more than 1048576 bytes"
LARGE = b" " * (1024 * 1024 + 1)

WRONG_HEADERS: list[tuple[str, str | None, str, str]] = [
    ("Authorization", None, "MissingAuthenticationTokenException", "Missing Authentication Token"),
    ("Authorization", "Bearer x", "IncompleteSignatureException", f"{NO_CREDENTIAL}Bearer x"),
    ("Authorization", "a/cloudcontrolapi", "IncompleteSignatureException", f"{NO_CREDENTIAL}a/cloudcontrolapi"),
    ("Content-Type", "text/plain", "SerializationException", ANOTHER_TYPE.format("text/plain")),
    ("Content-Type", "", "SerializationException", ANOTHER_TYPE.format("")),
    ("X-Amz-Target", "CloudApiService.No", UNKNOWN, "No is not an operation of CloudApiService"),
    ("X-Amz-Target", "CloudApiService", UNKNOWN, "CloudApiService is not an operation of CloudApiService"),
    ("X-Amz-Target", "cloudapiservice.A", UNKNOWN, "cloudapiservice.A is not an operation of CloudApiService"),
    ("X-Amz-Target", None, UNKNOWN, " is not an operation of CloudApiService"),
    ("X-Amz-Target", "Logs.Describe", UNKNOWN, "Logs.Describe is not an operation of CloudApiService"),
]


@pytest.mark.parametrize(("header", "value", "code", "words"), WRONG_HEADERS)
def test_wrong_headers(connection: Connection, header: str, value: str | None, code: str, words: str) -> None:
    """What means Cloud Control by its target or its credential scope is refused by it, and never answered by moto."""
    given = {name: one for name, one in {**HEADERS, header: value}.items() if one is not None}

    assert error(connection.ask("POST", "/", b"{}", given)) == (400, code, words)
    assert connection.ask("GET", "requests").document == {"requests": []}


@pytest.mark.parametrize(
    ("method", "path", "body", "expected"),
    [
        ("GET", "/", None, (400, UNKNOWN, POST_TO_ROOT)),
        ("PUT", "/bucket/key", b"{}", (400, UNKNOWN, POST_TO_ROOT)),
        ("POST", "/_cloudcontrol/reset", b"{}", (400, UNKNOWN, POST_TO_ROOT)),
        ("POST", "/", b"{", (400, "SerializationException", "The body of the call is not valid JSON")),
        ("POST", "/", b"[]", (400, "SerializationException", "The body of the call is not a JSON object")),
        (
            "POST",
            "/",
            LARGE,
            (413, "RequestEntityTooLargeException", TOO_LARGE),
        ),
    ],
    ids=["method", "path", "control", "broken", "list", "large"],
)
def test_wrong_calls(
    connection: Connection, method: str, path: str, body: bytes | None, expected: tuple[int, str, str]
) -> None:
    """So is what is wrong otherwise."""
    assert error(connection.ask(method, path, body, HEADERS)) == expected
    assert connection.ask("GET", "requests").document == {"requests": []}


@pytest.mark.parametrize(
    ("header", "value", "code"),
    [
        ("X-Amz-Target", "com.amazonaws.cloudapiservice.CloudApiService.GetResource", "MissingAuthenticationToken"),
        ("X-Amz-Target", '"CloudApiService.GetResource"', "MissingAuthenticationToken"),
        (
            "Authorization",
            "Credential=a%2F20300101%2Fus-east-1%2FCloudControlAPI%2Faws4_request",
            "IncompleteSignature",
        ),
    ],
)
def test_malformed_marks(connection: Connection, header: str, value: str, code: str) -> None:
    """So is what has one of the two marks only, and in another way than an SDK would write it."""
    assert error(connection.ask("POST", "/", b"{}", {header: value}))[:2] == (400, f"{code}Exception")


def test_a_presigned_call(connection: Connection) -> None:
    """So is a call that is signed in its query."""
    answered = connection.ask("POST", "/?X-Amz-Credential=a%2F20300101%2Fus-east-1%2Fcloudcontrolapi%2Faws4_request")

    assert error(answered)[1] == "MissingAuthenticationTokenException"


def test_as_large_as_may_be(connection: Connection) -> None:
    """A megabyte is taken."""
    connection.request("POST", "/", b"{" + b" " * (1024 * 1024 - 2) + b"}", HEADERS)

    assert connection.getresponse().read() == b'{"ResourceRequestStatusSummaries":[]}'


def test_a_retry_of_an_sdk(connection: Connection, cloudcontrol: CloudControl) -> None:
    """What an SDK repeats by itself repeats nothing."""
    token = create(connection)
    for attempt in range(2, 8):
        connection.call(
            "GetResource",
            {"TypeName": "AWS::Logs::LogGroup", "Identifier": "app"},
            amz_sdk_request=f"attempt={attempt}; max=9",
        )

    assert cloudcontrol.request(token).steps == 0


@pytest.mark.parametrize("fault", ["ReadTimeoutError", "ConnectionClosedError", "ConnectTimeoutError"])
def test_what_the_network_does(connection: Connection, cloudcontrol: CloudControl, fault: str) -> None:
    """The connection is closed without an answer, and a next one is answered."""
    connection.ask("POST", "errors", {"code": fault, "api": "CreateResource", "times": 2})
    for _ in range(2):
        with pytest.raises(ConnectionError):
            create(connection)
        connection.close()

    create(connection)
    assert [call.error_code for call in cloudcontrol.calls] == [fault, fault, None]


def test_an_error_that_is_arranged(connection: Connection) -> None:
    """AWS's errors have their own status."""
    connection.ask("POST", "errors", {"code": "ServiceUnavailable", "message": "later"})

    assert error(connection.call("ListResourceRequests")) == (503, "ServiceUnavailable", "later")


def test_code_of_the_tests_own_that_breaks() -> None:
    """Where a callback raises, the caller is told so, the server goes on, and the test fails at its end."""

    def broken() -> None:
        raise KeyError("orders")

    with pytest.raises(AssertionError) as failed, mock_cloudcontrol() as cloudcontrol:  # noqa: PT012
        arranged = cloudcontrol.before(broken, api="GetResource")
        with serve(cloudcontrol._backend) as server, closing(Connection(server.url)) as connection:  # noqa: SLF001
            refused = connection.call("GetResource", {"TypeName": "AWS::SQS::Queue", "Identifier": "a"})
            arranged.remove()
            assert connection.call("ListResourceRequests").status == 200

    assert error(refused) == (500, "InternalFailure", "KeyError: 'orders'")
    assert isinstance(failed.value.__cause__, KeyError)


@pytest.mark.slow
def test_it_fails_the_test(pytester: pytest.Pytester) -> None:
    """What broke in a thread of the server's fails the test at its end, with the traceback."""
    pytester.makepyfile(
        """
        import urllib.request
        from urllib.error import HTTPError

        def broken():
            raise KeyError("orders")

        def test_it(cloudcontrol_server, cloudcontrol):
            cloudcontrol.before(broken, operation="CREATE")
            cloudcontrol.client().create_resource(TypeName="AWS::SQS::Queue", DesiredState="{}")
            try:
                urllib.request.urlopen(f"{cloudcontrol_server.url}/_cloudcontrol/step", data=b"")
            except HTTPError as error:
                assert error.read().endswith(b'"detail":"KeyError: \\'orders\\'"}')
                error.close()
        """
    )
    result = pytester.runpytest_inprocess("-p", "no:randomly")

    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(["*raise KeyError*", "*What called over HTTP was stopped:*", "*KeyError: 'orders'*"])
