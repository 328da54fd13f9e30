"""Identifiers: how Cloud Control writes them, and which ways of writing them it takes from callers."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_cloudcontrol.resources.identifiers import (
    InvalidIdentifier,
    SecondaryIdentifier,
    primary_of,
    read_identifier,
)
from pytest_cloudcontrol.resources.store import Shelf

if TYPE_CHECKING:
    from pytest_cloudcontrol.documents import JSONObject, PropertyPath

LOG_GROUP: tuple[PropertyPath, ...] = (("LogGroupName",),)
STAGE: tuple[PropertyPath, ...] = (("RestApiId",), ("StageName",))
SCHEDULE: tuple[PropertyPath, ...] = (("DataSetId",), ("Schedule", "ScheduleId"))

# A cluster is kept by its name, and found by its ARN or by its project and number.
CLUSTER: tuple[PropertyPath, ...] = (("Name",),)
CLUSTER_ADDITIONAL: tuple[tuple[PropertyPath, ...], ...] = ((("Arn",),), (("Project",), ("Endpoint", "Port")))


# Written


@pytest.mark.parametrize(
    ("model", "primary", "expected"),
    [
        pytest.param({"LogGroupName": "orders", "Arn": "arn"}, LOG_GROUP, "orders", id="one property"),
        pytest.param({"StageName": "prod", "RestApiId": "abc"}, STAGE, "abc|prod", id="in the schema's order"),
        pytest.param({"DataSetId": "d", "Schedule": {"ScheduleId": "s"}}, SCHEDULE, "d|s", id="a nested property"),
        pytest.param({"RestApiId": 5, "StageName": True}, STAGE, "5|true", id="no strings"),
        pytest.param({"RestApiId": 1.5, "StageName": False}, STAGE, "1.5|false", id="no strings either"),
        pytest.param({"LogGroupName": ""}, LOG_GROUP, "", id="an empty value"),
        pytest.param({"LogGroupName": "a|b"}, LOG_GROUP, "a|b", id="the separator in a value"),
    ],
)
def test_primary_identifier_of_a_model(model: JSONObject, primary: tuple[PropertyPath, ...], expected: str) -> None:
    """A primary identifier is its properties' values in the schema's order, joined by the separator."""
    assert primary_of(model, primary) == expected


@pytest.mark.parametrize(
    ("model", "primary"),
    [
        ({}, LOG_GROUP),
        ({"RestApiId": "abc"}, STAGE),
        ({"DataSetId": "d", "Schedule": {}}, SCHEDULE),
        ({"DataSetId": "d", "Schedule": "s"}, SCHEDULE),
        ({"LogGroupName": None}, LOG_GROUP),
        ({"LogGroupName": {"Name": "orders"}}, LOG_GROUP),
        ({"LogGroupName": ["orders"]}, LOG_GROUP),
    ],
)
def test_model_without_primary_identifier(model: JSONObject, primary: tuple[PropertyPath, ...]) -> None:
    """A model that lacks a value for one of the properties has no primary identifier."""
    assert primary_of(model, primary) is None


# Read


@pytest.mark.parametrize("given_text", ["orders", "", "a|b", "|", "[1]", '"orders"'])
def test_plain_text_of_one_property(given_text: str) -> None:
    """A text that doesn't begin as a JSON object does is the value of a single property as it stands."""
    assert read_identifier(given_text, LOG_GROUP) == given_text


@pytest.mark.parametrize("given_text", ["abc|prod", "|", "a|{b}"])
def test_plain_text_of_several_properties(given_text: str) -> None:
    """A text with as many parts as the primary identifier is that identifier."""
    assert read_identifier(given_text, STAGE) == given_text


@pytest.mark.parametrize(
    ("given_text", "primary", "expected"),
    [
        ('{"LogGroupName": "orders"}', LOG_GROUP, "orders"),
        (' \n{"LogGroupName":"orders"}\n', LOG_GROUP, "orders"),
        ('{"/properties/LogGroupName": "orders"}', LOG_GROUP, "orders"),
        ('{"RestApiId": "abc", "StageName": "prod"}', STAGE, "abc|prod"),
        ('{"StageName": "prod", "RestApiId": "abc"}', STAGE, "abc|prod"),
        ('{"/properties/StageName": "prod", "RestApiId": "abc"}', STAGE, "abc|prod"),
        ('{"RestApiId": 5, "StageName": true}', STAGE, "5|true"),
        ('{"Schedule/ScheduleId": "s", "DataSetId": "d"}', SCHEDULE, "d|s"),
        ('{"/properties/Schedule/ScheduleId": "s", "DataSetId": "d"}', SCHEDULE, "d|s"),
    ],
)
def test_json_object_of_the_primary_identifier(
    given_text: str, primary: tuple[PropertyPath, ...], expected: str
) -> None:
    """A JSON object of the primary identifier's properties, in any order, is brought into the normal form."""
    assert read_identifier(given_text, primary) == expected


@pytest.mark.parametrize(
    ("given_text", "expected"),
    [
        ('{"Name": "c1"}', "c1"),
        ('{"Arn": "arn:c1"}', SecondaryIdentifier({("Arn",): "arn:c1"})),
        ('{"/properties/Arn": "arn:c1"}', SecondaryIdentifier({("Arn",): "arn:c1"})),
        (
            '{"Endpoint/Port": 443, "Project": "p"}',
            SecondaryIdentifier({("Project",): "p", ("Endpoint", "Port"): "443"}),
        ),
        ("arn:c1", "arn:c1"),
    ],
)
def test_additional_identifiers(given_text: str, expected: str | SecondaryIdentifier) -> None:
    """An additional identifier is told from the primary one by its names, so it can only be given as a JSON object."""
    assert read_identifier(given_text, CLUSTER, CLUSTER_ADDITIONAL) == expected


@pytest.mark.parametrize("given_text", ["prod", "", "a|b|c", "[]"])
def test_wrong_number_of_parts(given_text: str) -> None:
    """A text without the parts of the primary identifier is refused in AWS's words."""
    with pytest.raises(InvalidIdentifier) as caught:
        read_identifier(given_text, STAGE, ((("Arn",),),))
    expected = f"Identifier {given_text} is not valid for identifier [/properties/RestApiId, /properties/StageName]"
    assert str(caught.value) == expected


@pytest.mark.parametrize(
    "given_text",
    [
        "{",
        " {a|b}",
        '{"Name": "a"}|{"Name": "b"}',
        "{}",
        '{"RestApiId": "abc"}',
        '{"StageName": "prod", "RestApiId": "abc", "Name": "x"}',
        '{"StageName": "prod", "restApiId": "abc"}',
        '{"RestApiId": "abc", "/properties/RestApiId": "abc"}',
        '{"StageName": "prod", "RestApiId": null}',
        '{"StageName": "prod", "RestApiId": ["abc"]}',
        '{"StageName": "prod", "RestApiId": {"Id": "abc"}}',
    ],
)
def test_json_without_the_names_of_an_identifier(given_text: str) -> None:
    """JSON without the names of any identifier of the type is refused, with all that there are, the primary first."""
    with pytest.raises(InvalidIdentifier) as caught:
        read_identifier(given_text, STAGE, ((("Arn",),), (("Endpoint", "Id"), ("Port",))))
    assert str(caught.value) == (
        "When specifying the identifier as JSON, you must specify exactly one identifier from "
        "[[/properties/RestApiId, /properties/StageName], [/properties/Arn], "
        "[/properties/Endpoint/Id, /properties/Port]], and no additional properties can be specified"
    )


@pytest.mark.parametrize("given_text", ["{", "{orders}", '{"Name": "orders"}', '{"LogGroupName": '])
def test_json_without_the_name_of_one_property(given_text: str) -> None:
    """JSON of other properties, valid or not, is no identifier, although as a text it could be a value."""
    with pytest.raises(InvalidIdentifier) as caught:
        read_identifier(given_text, LOG_GROUP)
    assert str(caught.value) == (
        "When specifying the identifier as JSON, you must specify exactly one identifier from "
        "[[/properties/LogGroupName]], and no additional properties can be specified"
    )


@pytest.mark.parametrize(
    ("model", "expected"),
    [
        ({"Project": "p", "Endpoint": {"Port": 443}}, True),
        ({"Project": "p", "Endpoint": {"Port": "443"}, "Name": "c1"}, True),
        ({"Project": "q", "Endpoint": {"Port": 443}}, False),
        ({"Project": "p"}, False),
        ({}, False),
    ],
)
def test_secondary_identifier_finds(model: JSONObject, expected: bool) -> None:
    """A secondary identifier finds the resource that has all of its values."""
    identifier = SecondaryIdentifier({("Project",): "p", ("Endpoint", "Port"): "443"})
    shelf = Shelf()
    shelf.put("c1", model)
    assert shelf.find(identifier) == ("c1" if expected else None)


def test_secondary_identifiers_follow_the_resources() -> None:
    """What a secondary identifier finds is what is there at the time."""
    identifier, other = (SecondaryIdentifier({("Arn",): arn}) for arn in ("a", "b"))
    model: JSONObject = {"Arn": "a"}
    shelf = Shelf()
    assert shelf.find(identifier) is None
    shelf.put("c1", model)
    shelf.put("c2", {"Arn": "a"})
    assert shelf.find(identifier) == "c1"
    model["Arn"] = "b"
    shelf.identifiers_changed()
    assert (shelf.find(identifier), shelf.find(other)) == ("c2", "c1")
    shelf.put("c1", {})
    shelf.delete("c2")
    assert (shelf.find(identifier), shelf.find(other)) == (None, None)


# Whatever is given

property_names = st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=8)
# Half of a surrogate pair is no character, and documents with one are refused.
parts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="|"), max_size=10)
identified = st.dictionaries(property_names, parts, min_size=2, max_size=4)


@given(identified)
def test_plain_round_trip(model: dict[str, str]) -> None:
    """The identifier that an answer gives is one that a caller can give back."""
    primary = tuple((name,) for name in model)
    identifier = primary_of({**model}, primary)
    assert identifier == "|".join(model.values())
    # A value may happen to make the whole a JSON object: then it is read as one.
    if not identifier.lstrip().startswith("{"):
        assert read_identifier(identifier, primary) == identifier


@given(identified.flatmap(lambda model: st.tuples(st.just(model), st.permutations(list(model)))), st.data())
def test_json_round_trip(shuffled: tuple[dict[str, str], list[str]], data: st.DataObject) -> None:
    """A JSON object of the values names the same resource in any order and with either form of the names."""
    model, order = shuffled
    primary = tuple((name,) for name in model)
    given_object = {data.draw(st.sampled_from([name, f"/properties/{name}"])): model[name] for name in order}
    assert read_identifier(json.dumps(given_object), primary) == primary_of({**model}, primary)


@given(st.text(), st.sampled_from([LOG_GROUP, STAGE, SCHEDULE]))
def test_any_text_is_read_or_refused(given_text: str, primary: tuple[PropertyPath, ...]) -> None:
    """Any text is either an identifier or refused as none: nothing else is ever raised."""
    with suppress(InvalidIdentifier):
        assert read_identifier(given_text, primary) == given_text
