"""The public test suite of RFC 6902, JSON Patch: each of its cases is an UpdateResource.

The suite is the npm package ``json-patch-test-suite`` (Apache-2.0), which the tests' environment installs beside the
checkout's own files, into ``node_modules``. Its cases that are disabled stay out.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import pytest
from botocore.exceptions import ClientError
from calls import shown
from files import ROOT
from resource_types import every_handler

from pytest_cloudcontrol.documents import same

if TYPE_CHECKING:
    from collections.abc import Iterator

    from types_boto3_cloudcontrol import CloudControlApiClient

    from pytest_cloudcontrol import CloudControl
    from pytest_cloudcontrol.documents import JSONObject

SUITE: Final = ROOT / "node_modules" / "json-patch-test-suite"
NUMBER_OF_CASES: Final = 91
MISSING: Final = (
    f"expected {NUMBER_OF_CASES} cases in {SUITE}; in {ROOT} this fetches them: "
    "npm install --no-save --prefix . json-patch-test-suite@1.1.0"
)

PAPER: Final = "Test::Office::Paper"
SCHEMA: Final[JSONObject] = {
    "typeName": PAPER,
    "properties": {"Name": {"type": "string"}},
    "primaryIdentifier": ["/properties/Name"],
    "handlers": every_handler(),
}
NAMED: Final[JSONObject] = {"Name": "draft"}


@dataclass(frozen=True)
class Case:
    """One case of the suite, as an update of a resource whose one further property is its name.

    A document that is no JSON object can't be a resource; it is the resource's property ``Document``, and the paths
    lead there. What a patch puts in the place of a whole document, at the path ``""``, has the resource's name in it.

    Attributes:
        title: where the case stands in the suite, and its comment.
        before: the resource's properties.
        patch: the operations of the update.
        expected: the resource's properties afterwards; None when the update is to be refused.
    """

    title: str
    before: JSONObject
    patch: list[JSONObject]
    expected: JSONObject | None

    @classmethod
    def from_suite(cls, title: str, record: dict[str, Any]) -> Case:
        """Read a record of one of the suite's files."""
        document = record["doc"]
        expected = None if "error" in record else record.get("expected", document)
        if isinstance(document, dict):
            patch = [named(operation) for operation in record["patch"]]
            return cls(title, document | NAMED, patch, None if expected is None else expected | NAMED)
        patch = [below_document(operation) for operation in record["patch"]]
        after = None if expected is None else {"Document": expected, **NAMED}
        return cls(title, {"Document": document, **NAMED}, patch, after)

    def __str__(self) -> str:
        return self.title


def named(operation: JSONObject) -> JSONObject:
    """Return an operation that leaves the resource its name, even if it replaces the whole document."""
    value = operation.get("value")
    return operation | {"value": value | NAMED} if operation["path"] == "" and isinstance(value, dict) else operation


def below_document(operation: JSONObject) -> JSONObject:
    """Return an operation whose paths begin at the property ``Document``."""
    return {name: f"/Document{value}" if name in ("path", "from") else value for name, value in operation.items()}


def read_suite() -> Iterator[Case]:
    """Yield the enabled cases of the suite; none when it isn't there."""
    for file in ("tests", "spec_tests"):
        path = SUITE / f"{file}.json"
        records = json.loads(path.read_text("utf-8")) if path.exists() else []
        for index, record in enumerate(records):
            if not record.get("disabled"):
                yield Case.from_suite(f"{file} {index}: {record.get('comment', 'untitled')}", record)


CASES: Final = list(read_suite())
# Without the suite one of each kind remains, to fail: pytest would skip a test that has none.
APPLIED: Final[list[Case | None]] = [case for case in CASES if case.expected is not None] or [None]
REFUSED: Final[list[Case | None]] = [case for case in CASES if case.expected is None] or [None]


@pytest.fixture
def client(cloudcontrol: CloudControl) -> CloudControlApiClient:
    """Return a client of a mock that knows a resource type which takes any properties."""
    assert CASES, MISSING
    cloudcontrol.add_type(SCHEMA)
    return cloudcontrol.client()


def update(client: CloudControlApiClient, cloudcontrol: CloudControl, case: Case) -> None:
    """Place the document of a case, and ask for the update."""
    cloudcontrol.resources.put(PAPER, case.before)
    client.update_resource(TypeName=PAPER, Identifier="draft", PatchDocument=json.dumps(case.patch))


def test_number_of_cases() -> None:
    """The whole suite is there."""
    assert len(CASES) == NUMBER_OF_CASES, MISSING


@pytest.mark.parametrize("case", APPLIED, ids=str)
def test_applied(client: CloudControlApiClient, cloudcontrol: CloudControl, case: Case) -> None:
    """The update leaves the document that the suite expects."""
    update(client, cloudcontrol, case)
    assert cloudcontrol.requests.last.run().status == "SUCCESS"
    assert same(shown(client, PAPER, "draft"), case.expected)


@pytest.mark.parametrize("case", REFUSED, ids=str)
def test_refused(client: CloudControlApiClient, cloudcontrol: CloudControl, case: Case) -> None:
    """The update is refused as invalid, and nothing changes."""
    with pytest.raises(ClientError) as refused:
        update(client, cloudcontrol, case)
    assert refused.value.response["Error"]["Code"] == "ValidationException"
    assert same(shown(client, PAPER, "draft"), case.before)
    assert not cloudcontrol.requests
