"""What holds for every document: an answer, always the same one, that owes nothing to the order of keys."""

from __future__ import annotations

import copy
import threading
from functools import cache
from typing import TYPE_CHECKING, Final, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pytest_cloudcontrol.documents import MOST_LEVELS, JSONValue, same
from pytest_cloudcontrol.schemas.catalog import Catalog
from pytest_cloudcontrol.schemas.validation import Validator

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_cloudcontrol.documents import JSONObject
    from pytest_cloudcontrol.schemas.resource_type import ResourceType

# Between them these use nearly every keyword of AWS's schemas; a statement of a WebACL holds others.
TYPE_NAMES: Final = [
    "AWS::ApiGateway::RestApi",
    "AWS::AutoScaling::AutoScalingGroup",
    "AWS::CloudFront::CachePolicy",
    "AWS::DynamoDB::Table",
    "AWS::EVS::Environment",
    "AWS::Logs::LogGroup",
    "AWS::S3::Bucket",
    "AWS::SageMaker::ModelPackage",
    "AWS::SecurityHub::AutomationRule",
    "AWS::WAFv2::WebACL",
]

scalars: Final[st.SearchStrategy[JSONValue]] = (
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=20)
)


def containers(inner: st.SearchStrategy[JSONValue]) -> st.SearchStrategy[JSONValue]:
    """Return small arrays and objects of some values; few keys make equal objects likely."""
    return st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from("ab"), inner, max_size=2)


steady = settings(deadline=None, derandomize=True, database=None, max_examples=50)


def bundled(type_name: str) -> ResourceType:
    """Return a bundled type."""
    resource_type = Catalog().find(type_name)
    assert resource_type is not None, type_name
    return resource_type


def schema_of(type_name: str) -> JSONObject:
    """Return the schema of a bundled type."""
    return bundled(type_name).schema


def names_in(value: JSONValue) -> Iterator[str]:
    """Yield the names of the properties that a schema describes, and the texts of its enums, anywhere in it."""
    if isinstance(value, dict):
        for keyword, part in value.items():
            if keyword == "properties" and isinstance(part, dict):
                yield from part
            if keyword == "enum" and isinstance(part, list):
                yield from (text for text in part if isinstance(text, str))
            yield from names_in(part)
    elif isinstance(value, list):
        for part in value:
            yield from names_in(part)


@cache
def documents(type_name: str) -> st.SearchStrategy[JSONValue]:
    """Return any documents at all, though most of their names and many of their texts are such as the type knows."""
    known = st.sampled_from(sorted(set(names_in(schema_of(type_name)))))
    names = known | st.text(max_size=5)
    below = st.recursive(
        scalars | known, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=4)
    )
    top = st.sampled_from(sorted(cast("JSONObject", schema_of(type_name)["properties"])))
    return st.dictionaries(top | names, below, max_size=6) | below


DOCUMENTS: Final = st.sampled_from(TYPE_NAMES).flatmap(lambda name: st.tuples(st.just(name), documents(name)))


def turned_round(value: JSONValue) -> JSONValue:
    """Return a document with the keys of each object the other way round."""
    if isinstance(value, dict):
        return {name: turned_round(value[name]) for name in reversed(value)}
    if isinstance(value, list):
        return [turned_round(item) for item in value]
    return value


@steady
@given(DOCUMENTS)
def test_every_document_has_an_answer(case: tuple[str, JSONValue]) -> None:
    """The answer is lines that begin with a pointer; asking leaves the document alone."""
    type_name, document = case
    before = copy.deepcopy(document)
    lines = Validator(schema_of(type_name)).violations(document)
    assert [line for line in lines if not line.startswith(("#: ", "#/"))] == []
    assert document == before


@steady
@given(DOCUMENTS)
def test_answers_stay_the_same(case: tuple[str, JSONValue]) -> None:
    """Asked again, after others or of a new validator, the answer is the same."""
    type_name, document = case
    validator = Validator(schema_of(type_name))
    first = validator.violations(document)
    validator.violations({"Tags": [document]})
    assert validator.violations(document) == first
    assert Validator(schema_of(type_name)).violations(document) == first


@steady
@given(DOCUMENTS)
def test_the_order_of_keys_says_nothing(case: tuple[str, JSONValue]) -> None:
    """With its keys the other way round a document has the same lines; so a valid one stays valid."""
    type_name, document = case
    validator = Validator(schema_of(type_name))
    assert sorted(validator.violations(turned_round(document))) == sorted(validator.violations(document))


@steady
@given(st.lists(st.recursive(st.sampled_from([0, 1, 1.0, True, None, "1"]), containers), max_size=5))
def test_items_are_unique_when_no_two_are_the_same(items: list[JSONValue]) -> None:
    """Items are unique when no two of them are the same, however deep the difference."""
    pairs = [(item, other) for index, item in enumerate(items) for other in items[:index]]
    expected = ["#: array items are not unique"] if any(same(*pair) for pair in pairs) else []
    assert Validator({"uniqueItems": True}).violations(items) == expected


# Every type


@pytest.mark.slow
def test_every_type_validates() -> None:
    """Every bundled schema can judge a document without any property, and one that has them all."""
    catalog = Catalog()
    judged = 0
    for name in catalog:
        schema, validator = schema_of(name), bundled(name).validator
        properties = cast("JSONObject", schema["properties"])
        required = schema.get("required", [])
        assert isinstance(required, list), name
        missing = [f"#: required key [{key}] not found" for key in required]
        assert [line for line in missing if line not in validator.violations({})] == [], name
        lines = validator.violations(dict.fromkeys(properties))
        assert [line for line in lines if not line.startswith("#")] == [], name
        judged += 1
    assert judged == len(catalog)


# Odd documents and schemas


def nested(levels: int, inner: JSONValue) -> JSONValue:
    """Return a value inside so many objects."""
    for _ in range(levels):
        inner = {"a": inner}
    return inner


def test_as_deep_as_documents_can_be() -> None:
    """A schema that recurs follows the deepest document that there can be."""
    node: JSONObject = {"type": "object", "properties": {"a": {"$ref": "#/definitions/Node"}}}
    validator = Validator({"definitions": {"Node": node}, "$ref": "#/definitions/Node"})
    assert validator.violations(nested(MOST_LEVELS, {})) == []
    assert validator.violations(nested(MOST_LEVELS, 1)) == [
        "#" + "/a" * MOST_LEVELS + ": expected type: JSONObject, found: Integer"
    ]


def test_threads_share_a_validator() -> None:
    """Threads that use a new validator at the same time all get its answer."""
    schema = schema_of("AWS::S3::Bucket")
    document: JSONObject = dict.fromkeys(cast("JSONObject", schema["properties"]), 1)
    expected = Validator(schema).violations(document)
    validator = Validator(schema)
    gate = threading.Barrier(4)
    answers: list[list[str]] = []

    def ask() -> None:
        gate.wait()
        answers.append(validator.violations(document))

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [expected] * 4


@pytest.mark.parametrize(
    ("schema", "document", "lines"),
    [
        ({"multipleOf": 1e308}, 1e308, []),
        ({"multipleOf": 5e-324}, 1.5, []),
        ({"multipleOf": 3}, 10**5000, ["#: failed validation constraint for keyword [multipleOf]"]),
        ({"maximum": 1}, 10**5000, ["#: failed validation constraint for keyword [maximum]"]),
        ({"type": "string"}, -(10**5000), ["#: expected type: String, found: BigInteger"]),
        ({"enum": [10**400]}, 1e300, ["#: failed validation constraint for keyword [enum]"]),
    ],
    ids=["large multiples", "small multiples", "multiple", "maximum", "name", "enum"],
)
def test_very_large_numbers(schema: JSONObject, document: JSONValue, lines: list[str]) -> None:
    """Numbers of any size are compared exactly."""
    assert Validator(schema).violations(document) == lines


def test_half_a_character() -> None:
    """Half of a surrogate pair, which no JSON text brings, is a key as any other."""
    document: JSONObject = {"\ud834": 1, "a": 1}
    assert sorted(Validator({"additionalProperties": False}).violations(document)) == [
        "#: extraneous key [a] is not permitted",
        "#: extraneous key [\ud834] is not permitted",
    ]
