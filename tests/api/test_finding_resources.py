"""What an identifier finds follows the resources: whatever becomes of them, and whatever was looked for before."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import pytest
from resource_types import every_handler

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from types_boto3_cloudcontrol import CloudControlApiClient

    from pytest_cloudcontrol import CloudControl

pytestmark = pytest.mark.cloudcontrol(auto_advance=False)

BOOK: Final = "Test::Library::Book"
RULE: Final = "AWS::Events::Rule"
SCHEMA: Final[dict[str, Any]] = {
    "typeName": BOOK,
    "properties": {
        **{name: {"type": "string"} for name in ("Name", "Serial", "Room", "Note")},
        "Place": {"type": "object", "properties": {"Shelf": {"type": "string"}}},
    },
    "primaryIdentifier": ["/properties/Name"],
    "createOnlyProperties": ["/properties/Name"],
    "additionalIdentifiers": [["/properties/Serial"], ["/properties/Room", "/properties/Place/Shelf"]],
    "handlers": every_handler(),
}
ARN: Final = "arn:aws:events:us-east-1:123456789012:rule/"


class Kind(NamedTuple):
    """A kind of further identifier.

    Attributes:
        type_name: the type that has it.
        properties: returns those of the resource of a name, with a value in that identifier.
        given: returns how a caller gives it.
        primary: returns the primary identifier of a name.
        path: where an update changes the value.
    """

    type_name: str
    properties: Callable[[str, str], dict[str, Any]]
    given: Callable[[str], str]
    primary: Callable[[str], str]
    path: str


KINDS: Final[Mapping[str, Kind]] = {
    "one property": Kind(
        BOOK,
        lambda name, value: {"Name": name, "Serial": value},
        lambda value: json.dumps({"Serial": value}),
        str,
        "/Serial",
    ),
    "several properties": Kind(
        BOOK,
        lambda name, value: {"Name": name, "Room": "east", "Place": {"Shelf": value}},
        lambda value: json.dumps({"Place/Shelf": value, "Room": "east"}),
        str,
        "/Place/Shelf",
    ),
    "plain name": Kind(
        RULE,
        lambda name, value: {"Arn": f"{ARN}{name}", "Name": value, "RuleName": value},
        str,
        lambda name: f"{ARN}{name}",
        "",
    ),
}
EVERY_KIND: Final = pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
UPDATABLE: Final = pytest.mark.parametrize("kind", [kind for kind in KINDS.values() if kind.path], ids=list(KINDS)[:2])


@pytest.fixture(autouse=True)
def _book(cloudcontrol: CloudControl) -> None:
    """Have a type whose additional identifiers can be updated."""
    cloudcontrol.add_type(SCHEMA)


class Library:
    """Looks resources of a kind up, and changes them."""

    def __init__(self, cloudcontrol: CloudControl, client: CloudControlApiClient, kind: Kind) -> None:
        self.cloudcontrol = cloudcontrol
        self.client = client
        self.kind = kind

    def put(self, name: str, value: str) -> None:
        """Place a resource, instead of one of the same name."""
        self.cloudcontrol.resources.put(self.kind.type_name, self.kind.properties(name, value))

    def finds(self, value: str) -> str | None:
        """Return the name of the resource that a value finds, by a call and by the test's own look alike."""
        type_name, given = self.kind.type_name, self.kind.given(value)
        there = self.cloudcontrol.resources.get(type_name, given)
        try:
            answer = self.client.get_resource(TypeName=type_name, Identifier=given)
        except self.client.exceptions.ResourceNotFoundException:
            assert there is None
            return None
        identifier = answer["ResourceDescription"]["Identifier"]
        assert there == self.cloudcontrol.resources.get(type_name, identifier)
        (name,) = [name for name in ("one", "two", "three") if self.kind.primary(name) == identifier]
        return name

    def patch(self, name: str, *operations: dict[str, object]) -> None:
        """Patch a resource in two calls, and wait for it."""
        self.client.update_resource(
            TypeName=self.kind.type_name,
            Identifier=self.kind.primary(name),
            PatchDocument=json.dumps(operations),
        )
        assert self.cloudcontrol.requests.last.run().status == "SUCCESS"

    def replace(self, name: str, value: str) -> None:
        """Let an update give a resource another value."""
        self.patch(name, {"op": "replace", "path": self.kind.path, "value": value})

    def delete(self, name: str) -> None:
        """Delete a resource by a call."""
        self.client.delete_resource(TypeName=self.kind.type_name, Identifier=self.kind.primary(name))
        assert self.cloudcontrol.requests.last.run().status == "SUCCESS"

    def remove(self, name: str) -> None:
        """Remove a resource behind Cloud Control's back."""
        self.cloudcontrol.resources.delete(self.kind.type_name, self.kind.primary(name))

    def load(self, path: Path, name: str, value: str) -> None:
        """Load a resource from a file, instead of one of the same name."""
        resource = {
            "type_name": self.kind.type_name,
            "identifier": self.kind.primary(name),
            "properties": self.kind.properties(name, value),
        }
        document = {"format": "pytest-cloudcontrol resources, version 1", "resources": [resource]}
        path.write_text(json.dumps(document))
        self.cloudcontrol.resources.load(path)


@pytest.fixture
def library(cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient, kind: Kind) -> Library:
    """Have a resource of the value old, which has been looked for, as the value new has."""
    library = Library(cloudcontrol, cloudcontrol_client, kind)
    library.put("one", "old")
    assert (library.finds("old"), library.finds("new")) == ("one", None)
    return library


# One resource


@EVERY_KIND
@pytest.mark.parametrize("how", [Library.delete, Library.remove], ids=["a call", "the test"])
def test_deleted(library: Library, how: Callable[[Library, str], None]) -> None:
    """A resource that is gone isn't found any more, and one that comes in its stead is."""
    how(library, "one")
    assert (library.finds("old"), library.finds("new")) == (None, None)
    library.put("two", "old")
    assert library.finds("old") == "two"


@EVERY_KIND
def test_replaced(library: Library) -> None:
    """A resource that ``put`` has replaced is found by its new value only."""
    library.put("one", "new")
    assert (library.finds("old"), library.finds("new")) == (None, "one")


@EVERY_KIND
def test_loaded(library: Library, tmp_path: Path) -> None:
    """A resource that ``load`` has replaced is found by its new value only, and one that it has added is found."""
    library.load(tmp_path / "one.json", "one", "new")
    assert (library.finds("old"), library.finds("new")) == (None, "one")
    library.load(tmp_path / "two.json", "two", "old")
    assert (library.finds("old"), library.finds("new")) == ("two", "one")


@EVERY_KIND
def test_reset(library: Library) -> None:
    """After a reset nothing of before is found."""
    library.cloudcontrol.reset()
    library.cloudcontrol.add_type(SCHEMA)
    assert library.finds("old") is None
    library.put("two", "old")
    assert library.finds("old") == "two"


@UPDATABLE
def test_updated(library: Library) -> None:
    """A resource to which an update has given another value is found by that only, and so it is after the next one."""
    library.replace("one", "new")
    assert (library.finds("old"), library.finds("new")) == (None, "one")
    library.replace("one", "old")
    assert (library.finds("old"), library.finds("new")) == ("one", None)


@UPDATABLE
def test_value_removed_and_added(library: Library) -> None:
    """A resource without a value isn't found by any, and by the one that it is given then."""
    library.patch("one", {"op": "remove", "path": library.kind.path})
    assert (library.finds("old"), library.finds("new")) == (None, None)
    library.patch("one", {"op": "add", "path": library.kind.path, "value": "new"})
    assert (library.finds("old"), library.finds("new")) == (None, "one")


@UPDATABLE
def test_document_replaced(library: Library) -> None:
    """A resource is found by its new value, though the patch names nothing but the whole document."""
    document = library.kind.properties("one", "new")
    library.patch("one", {"op": "replace", "path": "", "value": document})
    assert (library.finds("old"), library.finds("new")) == (None, "one")


@UPDATABLE
@pytest.mark.parametrize(("note_first", "found"), [(True, ["old", "new"]), (False, ["new", "new"])])
def test_updated_by_a_later_call(library: Library, note_first: bool, found: list[str]) -> None:
    """During an update a resource is found by the value that the calls made so far have left."""
    operations = [
        {"op": "add", "path": "/Note", "value": "x"},
        {"op": "replace", "path": library.kind.path, "value": "new"},
    ]
    document = json.dumps(operations if note_first else operations[::-1])
    library.client.update_resource(TypeName=library.kind.type_name, Identifier="one", PatchDocument=document)
    request = library.cloudcontrol.requests.last
    assert library.finds("old") == "one"
    for value in found:
        request.step()
        other = {"old": "new", "new": "old"}[value]
        assert (library.finds(value), library.finds(other)) == ("one", None)


@UPDATABLE
@pytest.mark.parametrize("end", ["fail", "cancel", "expire"])
def test_updated_halfway(library: Library, end: str) -> None:
    """A resource whose update was ended after the call that wrote the value is found by the new one."""
    document = json.dumps(
        [
            {"op": "replace", "path": library.kind.path, "value": "new"},
            {"op": "add", "path": "/Note", "value": "x"},
        ]
    )
    library.client.update_resource(TypeName=library.kind.type_name, Identifier="one", PatchDocument=document)
    request = library.cloudcontrol.requests.last.step()
    if end == "fail":
        request.fail("NotStabilized")
    else:
        getattr(request, end)()
    assert (library.finds("old"), library.finds("new")) == (None, "one")


@pytest.mark.parametrize("kind", [KINDS["one property"], KINDS["several properties"]], ids=list(KINDS)[:2])
@pytest.mark.parametrize(
    ("change", "status"),
    [
        pytest.param(lambda _: None, "FAILED", id="there"),
        pytest.param(lambda library: library.delete("one"), "SUCCESS", id="deleted"),
        pytest.param(lambda library: library.remove("one"), "SUCCESS", id="removed"),
        pytest.param(lambda library: library.put("one", "new"), "SUCCESS", id="replaced"),
        pytest.param(lambda library: library.replace("one", "new"), "SUCCESS", id="updated"),
        pytest.param(lambda library: library.put("three", "old"), "FAILED", id="twice"),
    ],
)
def test_value_that_is_free_again(library: Library, change: Callable[[Library], None], status: str) -> None:
    """A create with a value fails as long as a resource has it, and succeeds when none has it any more."""
    change(library)
    state = json.dumps(library.kind.properties("two", "old"))
    library.client.create_resource(TypeName=library.kind.type_name, DesiredState=state)
    assert library.cloudcontrol.requests.last.run().status == status


@EVERY_KIND
def test_found_as_soon_as_it_is_made(library: Library) -> None:
    """A resource that a create makes is found from the call on that makes it, though it was looked for before."""
    library.client.create_resource(
        TypeName=library.kind.type_name,
        DesiredState=json.dumps(
            {"Name": "new", "ScheduleExpression": "rate(1 day)"}
            if library.kind.type_name == RULE
            else library.kind.properties("two", "new")
        ),
    )
    request, given = library.cloudcontrol.requests.last, library.kind.given("new")
    assert library.finds("new") is None
    request.step()
    answer = library.client.get_resource(TypeName=library.kind.type_name, Identifier=given)
    assert answer["ResourceDescription"]["Identifier"] == request.identifier


# Several with the same value


@EVERY_KIND
def test_first_of_several_is_found(library: Library) -> None:
    """Of several resources with one value the first counts, and when that has gone the next one."""
    for name in ("two", "three"):
        library.put(name, "old")
    found = [library.finds("old")]
    for name in ("two", "one", "three"):
        library.remove(name)
        found.append(library.finds("old"))
    assert found == ["one", "one", "three", None]


@EVERY_KIND
def test_first_of_several_has_another_value(library: Library) -> None:
    """When the first of several has another value the next one is found, and the first again when it has it back."""
    library.put("two", "old")
    library.put("one", "new")
    assert (library.finds("old"), library.finds("new")) == ("two", "one")
    library.put("one", "old")
    assert library.finds("old") == "one"


# Rules of several buses


@pytest.mark.fidelity("D-10")
@pytest.mark.parametrize("kind", [KINDS["plain name"]], ids=["plain name"])
def test_rule_beside_one_of_another_bus(library: Library) -> None:
    """A rule of the default bus is found by its name, though one of another bus has the same and was there before."""
    library.remove("one")
    put = library.cloudcontrol.resources.put
    put(RULE, {**library.kind.properties("two", "old"), "EventBusName": "orders"})
    assert library.finds("old") is None
    put(RULE, {**library.kind.properties("three", "old"), "EventBusName": "default"})
    assert library.finds("old") == "three"


@pytest.mark.fidelity("D-10")
@pytest.mark.parametrize("kind", [KINDS["plain name"]], ids=["plain name"])
def test_rule_that_changes_its_bus(library: Library) -> None:
    """A rule is found by its name while an update has it on the default bus, and not while it is on another."""
    found = []
    for bus in ("orders", "default", "orders"):
        library.patch(
            "one",
            {"op": "add", "path": "/EventBusName", "value": bus},
            {"op": "add", "path": "/ScheduleExpression", "value": "rate(1 day)"},
        )
        found.append(library.finds("old"))
    library.patch("one", {"op": "remove", "path": "/EventBusName"})
    assert [*found, library.finds("old")] == [None, "one", None, "one"]
