"""JSON patches: what is accepted as one, what each operation does, and AWS's words when it can't be done."""

from __future__ import annotations

import json
import subprocess
import sys
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_cloudcontrol.documents import JSONObject, JSONValue, copied_object
from pytest_cloudcontrol.resources.patches import (
    InvalidPatch,
    PatchVerb,
    apply_patch,
    parse_patch,
    touched_properties,
)


def log_group() -> JSONObject:
    """Return a document with a scalar, an array of objects, and an object."""
    return {
        "LogGroupName": "orders",
        "RetentionInDays": 7,
        "Tags": [{"Key": "team", "Value": "blue"}, {"Key": "stage", "Value": "test"}],
        "DataProtectionPolicy": {"Version": "2021-06-01"},
    }


def patched(document: JSONObject, *operations: JSONObject) -> JSONObject:
    """Apply operations to a document by way of a patch's text."""
    return apply_patch(document, parse_patch(json.dumps(operations)))


def refusal(document: JSONObject, *operations: JSONObject) -> str:
    """Return the words in which operations on a document are refused."""
    with pytest.raises(InvalidPatch) as caught:
        patched(document, *operations)
    return str(caught.value)


# Applying


@pytest.mark.parametrize(
    ("operation", "expected"),
    [
        pytest.param({"op": "add", "path": "/B", "value": 2}, {"A": [1, 2], "B": 2}, id="add a member"),
        pytest.param({"op": "add", "path": "/A", "value": 2}, {"A": 2}, id="add over a member"),
        pytest.param({"op": "add", "path": "/A/1", "value": 9}, {"A": [1, 9, 2]}, id="insert an item"),
        pytest.param({"op": "add", "path": "/A/2", "value": 9}, {"A": [1, 2, 9]}, id="add an item at the end"),
        pytest.param({"op": "add", "path": "/A/-", "value": 9}, {"A": [1, 2, 9]}, id="append an item"),
        pytest.param({"op": "remove", "path": "/A/0"}, {"A": [2]}, id="remove an item"),
        pytest.param({"op": "remove", "path": "/A"}, {}, id="remove a member"),
        pytest.param({"op": "replace", "path": "/A/1", "value": None}, {"A": [1, None]}, id="replace an item"),
        pytest.param({"op": "replace", "path": "/A", "value": {"C": 1}}, {"A": {"C": 1}}, id="replace a member"),
        pytest.param({"op": "move", "from": "/A", "path": "/B"}, {"B": [1, 2]}, id="move a member"),
        pytest.param({"op": "move", "from": "/A/0", "path": "/A/1"}, {"A": [2, 1]}, id="move within an array"),
        pytest.param({"op": "move", "from": "/A", "path": "/A"}, {"A": [1, 2]}, id="move to the same place"),
        pytest.param({"op": "copy", "from": "/A/1", "path": "/B"}, {"A": [1, 2], "B": 2}, id="copy an item"),
        pytest.param({"op": "copy", "from": "", "path": "/B"}, {"A": [1, 2], "B": {"A": [1, 2]}}, id="copy everything"),
        pytest.param({"op": "test", "path": "/A", "value": [1, 2]}, {"A": [1, 2]}, id="test"),
        pytest.param({"op": "test", "path": "", "value": {"A": [1, 2]}}, {"A": [1, 2]}, id="test everything"),
        pytest.param({"op": "replace", "path": "", "value": {"Z": 0}}, {"Z": 0}, id="replace everything"),
        pytest.param({"op": "add", "path": "", "value": {"Z": 0}}, {"Z": 0}, id="add over everything"),
    ],
)
def test_operation(operation: JSONObject, expected: JSONObject) -> None:
    """Each operation does what RFC 6902 says."""
    assert patched({"A": [1, 2]}, operation) == expected


def test_empty_patch_changes_nothing() -> None:
    """An empty patch is a patch: it leaves the document as it was."""
    assert apply_patch(log_group(), parse_patch("[]")) == log_group()


def test_operations_build_on_each_other() -> None:
    """An operation sees what the ones before it did."""
    document = patched(
        {},
        {"op": "add", "path": "/A", "value": {}},
        {"op": "add", "path": "/A/B", "value": []},
        {"op": "add", "path": "/A/B/-", "value": 1},
        {"op": "copy", "from": "/A/B/0", "path": "/A/B/-"},
    )
    assert document == {"A": {"B": [1, 1]}}


def test_move_target_is_found_after_the_removal() -> None:
    """The target of a move is looked up once its value has been taken out."""
    document: JSONObject = {"A": ["moved", "scalar", {"B": 1}]}
    assert patched(document, {"op": "move", "from": "/A/0", "path": "/A/1/C"}) == {
        "A": ["scalar", {"B": 1, "C": "moved"}]
    }


@pytest.mark.parametrize("path", ["/RetentionInDays", "RetentionInDays"])
def test_leading_slash_is_optional(path: str) -> None:
    """A path may be written with its leading slash or without it."""
    assert patched(log_group(), {"op": "replace", "path": path, "value": 30})["RetentionInDays"] == 30


def test_leading_slash_is_optional_in_nested_paths() -> None:
    """A path of several parts, and the path that a move takes its value from, may leave out the first slash as well."""
    document = patched(log_group(), {"op": "move", "from": "Tags/0/Value", "path": "DataProtectionPolicy/Name"})
    assert document["DataProtectionPolicy"] == {"Version": "2021-06-01", "Name": "blue"}


def test_escapes_in_paths() -> None:
    """In a path ``~1`` stands for a slash and ``~0`` for a tilde, in this order."""
    document: JSONObject = {"a/b": 1, "c~d": 2, "e~1f": 3}
    operations: list[JSONObject] = [{"op": "remove", "path": path} for path in ("/a~1b", "/c~0d", "/e~01f")]
    assert patched(document, *operations) == {}


def test_unknown_members_are_ignored() -> None:
    """Members that RFC 6902 doesn't define are ignored, a value that the operation doesn't use included."""
    assert patched({"A": 1}, {"op": "remove", "path": "/A", "value": 1, "comment": "no longer used"}) == {}


@pytest.mark.parametrize(
    ("value", "expected"),
    [(1, 1.0), (1.0, 1), ([1], [1.0]), ({"B": 1, "C": 2}, {"C": 2, "B": 1}), (None, None), (True, True)],
)
def test_equal_values(value: JSONValue, expected: JSONValue) -> None:
    """Numbers are compared by value, objects without regard to their order."""
    assert patched({"A": value}, {"op": "test", "path": "/A", "value": expected}) == {"A": value}


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (1, True),
        (True, 1),
        (0, False),
        (1, "1"),
        (None, False),
        ([1], [True]),
        ({"B": 0}, {"B": False}),
        ([1], [1, 1]),
        ({"B": 1}, {"B": 1, "C": 1}),
        ([], {}),
        ("text", ["t", "e", "x", "t"]),
    ],
)
def test_unequal_values(value: JSONValue, expected: JSONValue) -> None:
    """Values of different JSON types differ, even where Python takes them for equal."""
    assert refusal({"A": value}, {"op": "test", "path": "/A", "value": expected}) == "[TEST Operation] value mismatch"


@pytest.mark.parametrize(
    ("operation", "named", "path"),
    [
        pytest.param(
            {"op": "replace", "path": "/Behaviors/0/Criteria", "value": 1}, "REPLACE", "/Behaviors/0/Criteria"
        ),
        pytest.param({"op": "replace", "path": "/Missing", "value": 1}, "REPLACE", "/Missing"),
        pytest.param({"op": "replace", "path": "Missing", "value": 1}, "REPLACE", "/Missing", id="no leading slash"),
        pytest.param({"op": "replace", "path": "/Tags/2", "value": 1}, "REPLACE", "/Tags/2"),
        pytest.param({"op": "replace", "path": "/Tags/-", "value": 1}, "REPLACE", "/Tags/-"),
        pytest.param({"op": "remove", "path": "/Missing"}, "REMOVE", "/Missing"),
        pytest.param({"op": "remove", "path": "/Tags/-"}, "REMOVE", "/Tags/-"),
        pytest.param({"op": "remove", "path": "/a~1b~0c"}, "REMOVE", "/a~1b~0c"),
        pytest.param({"op": "add", "path": "/A/B", "value": 1}, "ADD", "/A/B"),
        pytest.param({"op": "add", "path": "/Tags/3", "value": 1}, "ADD", "/Tags/3"),
        pytest.param({"op": "add", "path": "/Tags/Key", "value": 1}, "ADD", "/Tags/Key"),
        pytest.param({"op": "add", "path": "/RetentionInDays/Unit", "value": 1}, "ADD", "/RetentionInDays/Unit"),
        pytest.param({"op": "test", "path": "/Missing", "value": None}, "TEST", "/Missing"),
        pytest.param({"op": "test", "path": "/LogGroupName/0", "value": "o"}, "TEST", "/LogGroupName/0"),
        pytest.param({"op": "copy", "from": "/Missing", "path": "/New"}, "COPY", "/Missing"),
        pytest.param({"op": "copy", "from": "/Tags", "path": "/New/Tags"}, "COPY", "/New/Tags"),
        pytest.param({"op": "copy", "from": "/LogGroupName/0", "path": "/New"}, "COPY", "/LogGroupName/0"),
        pytest.param({"op": "move", "from": "/Tags/-", "path": "/New"}, "MOVE", "/Tags/-"),
        pytest.param({"op": "move", "from": "/Missing", "path": "/Missing"}, "MOVE", "/Missing"),
        pytest.param({"op": "move", "from": "/Tags/0", "path": "/Tags/2"}, "MOVE", "/Tags/2"),
    ],
)
def test_path_that_leads_nowhere(operation: JSONObject, named: str, path: str) -> None:
    """The operation is named in capitals, and the path at fault after a slash more than it has."""
    expected = f"[{named} Operation] noSuchPath in source, path provided : /{path}"
    assert refusal(log_group(), operation) == expected


@pytest.mark.parametrize("index", ["-1", "01", "+1", "1.0", "1e0", " 1", "", "٣", "9" * 20, "9" * 5000])
@pytest.mark.parametrize("verb", ["add", "remove", "replace", "test", "copy", "move"])
def test_index_that_is_none(verb: str, index: str) -> None:
    """An array index that is no plain number, or an absurd one, leads nowhere."""
    path = f"/Tags/{index}"
    operation: JSONObject = {"op": verb, "path": path, "from": path, "value": 1}
    expected = f"[{verb.upper()} Operation] noSuchPath in source, path provided : /{path}"
    assert refusal(log_group(), operation) == expected


@pytest.mark.parametrize(("source", "path"), [("/Tags", "/Tags/0"), ("/Tags/0", "/Tags/0/Value"), ("", "/Everything")])
def test_move_into_itself(source: str, path: str) -> None:
    """A value can't be moved to a place inside of it."""
    expected = f"[MOVE Operation] {source!r} cannot be moved into itself, to {path!r}"
    assert refusal(log_group(), {"op": "move", "from": source, "path": path}) == expected


@pytest.mark.parametrize(
    ("operation", "shown"),
    [
        ({"op": "replace", "path": "", "value": [1]}, "[1]"),
        ({"op": "add", "path": "", "value": "text"}, '"text"'),
        ({"op": "remove", "path": ""}, "null"),
        ({"op": "copy", "path": "", "from": "/RetentionInDays"}, "7"),
        ({"op": "replace", "path": "", "value": "x" * 300}, '"' + "x" * 199 + "…"),
    ],
)
def test_result_that_is_no_object(operation: JSONObject, shown: str) -> None:
    """A patch has to leave a JSON object."""
    assert refusal(log_group(), operation) == f"The patched document is {shown}: expected a JSON object"


def test_root_may_be_anything_on_the_way() -> None:
    """Only the end counts: between two operations the document may be no object."""
    document = patched(
        {"A": 1},
        {"op": "replace", "path": "", "value": [{"B": 2}]},
        {"op": "add", "path": "/-", "value": 3},
        {"op": "move", "from": "/0", "path": ""},
    )
    assert document == {"B": 2}


def test_too_deep_a_document() -> None:
    """A document nested deeper than Python can follow is refused like any other wrong one."""
    document: JSONObject = {}
    for _ in range(100_000):
        document = {"A": document}
    with pytest.raises(InvalidPatch, match=r"^The patched document is nested too deeply$"):
        apply_patch(document, [])


def test_result_shares_nothing_with_the_patch() -> None:
    """A patch can be applied again, whatever became of its values the first time."""
    patch = parse_patch('[{"op": "add", "path": "/A", "value": []}, {"op": "add", "path": "/A/-", "value": 1}]')
    first = apply_patch({}, patch)
    assert first == apply_patch({}, patch) == {"A": [1]}


def test_copy_shares_nothing_with_its_source() -> None:
    """What is done to a copy isn't done to where it came from."""
    document = patched(
        {"A": {"B": 1}},
        {"op": "copy", "from": "/A", "path": "/C"},
        {"op": "replace", "path": "/C/B", "value": 2},
    )
    assert document == {"A": {"B": 1}, "C": {"B": 2}}


# Parsing


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "replace it",
            (
                "The patch document 'replace it' is no JSON: expected a JSON array of operations "
                "(Expecting value: line 1 column 1 (char 0))"
            ),
        ),
        (
            "[NaN]",
            "The patch document '[NaN]' is no JSON: expected a JSON array of operations (NaN is not a JSON value)",
        ),
        (
            '{"op": "remove", "path": "/A"}',
            'The patch document is {"op": "remove", "path": "/A"}: expected a JSON array of operations',
        ),
        ("null", "The patch document is null: expected a JSON array of operations"),
        ('[[{"op": "test"}]]', 'Operation 0 of the patch document is no JSON object: [{"op": "test"}]'),
        ('["remove"]', 'Operation 0 of the patch document is no JSON object: "remove"'),
        ("[{}]", "Operation 0 of the patch document has no op: {}"),
        (
            '[{"op": "remove", "path": "/A"}, {"op": "replce", "path": "/A"}]',
            (
                'Operation 1 of the patch document has the op "replce", expected one of '
                'add, remove, replace, move, copy, test: {"op": "replce", "path": "/A"}'
            ),
        ),
        (
            '[{"op": ["add"]}]',
            (
                'Operation 0 of the patch document has the op ["add"], expected one of '
                'add, remove, replace, move, copy, test: {"op": ["add"]}'
            ),
        ),
        ('[{"op": "remove"}]', 'Operation 0 of the patch document has no path: {"op": "remove"}'),
        (
            '[{"op": "remove", "path": 5}]',
            'Operation 0 of the patch document has the path 5, expected a string: {"op": "remove", "path": 5}',
        ),
        (
            '[{"op": "remove", "path": "/a~2"}]',
            (
                'Operation 0 of the patch document has the path "/a~2", expected each ~ to begin ~0 or ~1: '
                '{"op": "remove", "path": "/a~2"}'
            ),
        ),
        (
            '[{"op": "move", "path": "/A", "from": "b~"}]',
            (
                'Operation 0 of the patch document has the from "b~", expected each ~ to begin ~0 or ~1: '
                '{"op": "move", "path": "/A", "from": "b~"}'
            ),
        ),
        *(
            (
                f'[{{"op": "{verb}", "path": "/A"}}]',
                f'Operation 0 of the patch document has no {needed}: {{"op": "{verb}", "path": "/A"}}',
            )
            for verb, needed in [
                ("add", "value"),
                ("replace", "value"),
                ("test", "value"),
                ("move", "from"),
                ("copy", "from"),
            ]
        ),
    ],
)
def test_text_that_is_no_patch(text: str, expected: str) -> None:
    """A text that is no JSON patch is refused with what was given and what was expected."""
    with pytest.raises(InvalidPatch) as caught:
        parse_patch(text)
    assert str(caught.value) == expected


def test_long_text_is_shortened() -> None:
    """Of a long text that is no JSON patch the error shows only the beginning."""
    with pytest.raises(InvalidPatch) as caught:
        parse_patch("x" * 10_000)
    assert str(caught.value) == (
        f"The patch document '{'x' * 200}…' is no JSON: expected a JSON array of operations "
        "(Expecting value: line 1 column 1 (char 0))"
    )


@pytest.mark.parametrize("depth", [1_000, 3_000, 100_000])
def test_too_deep_a_patch(depth: int) -> None:
    """A patch nested deeper than Python can follow is refused like any other wrong one."""
    with pytest.raises(InvalidPatch):
        apply_patch({}, parse_patch(f'[{{"op": "add", "path": "/A", "value": {"[" * depth}{"]" * depth}}}]'))


def test_too_deep_a_patch_to_be_shown() -> None:
    """An error about a patch that is as deep as can be parsed is shown, too, or says that it is too deep."""
    for depth in range(850, 1_000):
        with pytest.raises(InvalidPatch):
            parse_patch(f'[{{"op": "unknown", "value": {"[" * depth}{"]" * depth}}}]')


def test_null_is_a_value() -> None:
    """The value null is not a missing value."""
    assert patched({}, {"op": "add", "path": "/A", "value": None}) == {"A": None}


def test_importing_does_not_import_jsonpatch() -> None:
    """The library is imported by the first patch, so that test runs without one don't pay for it."""
    program = "import sys, pytest_cloudcontrol.resources.patches; sys.exit('jsonpatch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


# Touched properties


@pytest.mark.parametrize(
    ("operations", "expected"),
    [
        ([], ()),
        ([{"op": "add", "path": "B/C", "value": 1}, {"op": "remove", "path": "/A"}], ("B", "A")),
        (
            [{"op": "remove", "path": "/B/0"}, {"op": "remove", "path": "/A"}, {"op": "remove", "path": "/B"}],
            ("B", "A"),
        ),
        ([{"op": "move", "from": "/B/0", "path": "/A"}], ("B", "A")),
        ([{"op": "copy", "from": "/B", "path": "/A"}], ("A",)),
        ([{"op": "test", "path": "/A", "value": 1}], ()),
        ([{"op": "remove", "path": "/a~1b"}], ("a/b",)),
        ([{"op": "replace", "path": "", "value": {"B": 1, "A": 2}}], ("B", "A")),
        ([{"op": "move", "from": "/A", "path": ""}], ("A",)),
    ],
)
def test_touched_properties(operations: JSONValue, expected: tuple[str, ...]) -> None:
    """The top-level properties that a patch writes to come in the order it first touches them."""
    assert touched_properties(parse_patch(json.dumps(operations))) == expected


# Whatever is given

names = st.sampled_from(["A", "B", "0", "1", "-", "", "a~0b", "c~1d"])
paths = st.lists(names, max_size=3).map(lambda parts: "".join(f"/{part}" for part in parts))
scalars = st.sampled_from([None, False, True, 0, 1, 1.0, "", "A"])
items = scalars | st.lists(scalars, max_size=2) | st.dictionaries(names, scalars, max_size=2)
values = items | st.lists(items, max_size=2) | st.dictionaries(names, items, max_size=2)
documents = st.dictionaries(names, values, max_size=4)
operations = st.fixed_dictionaries(
    {"op": st.sampled_from(list(PatchVerb)), "path": paths, "from": paths, "value": values}
)


@given(documents, st.lists(operations, max_size=4))
def test_document_is_never_changed(document: JSONObject, patch: list[JSONObject]) -> None:
    """Whether a patch succeeds or fails, the document it is applied to stays as it was, and so does the patch."""
    before, text = copied_object(document), json.dumps(patch)
    parsed = parse_patch(text)
    try:
        result = apply_patch(document, parsed)
    except InvalidPatch:
        pass
    else:
        assert apply_patch(document, parsed) == result
    assert document == before
    assert parsed == parse_patch(text)


@given(documents, st.lists(operations, max_size=4))
def test_patch_is_applied_whole_or_not_at_all(document: JSONObject, patch: list[JSONObject]) -> None:
    """A patch that ends in a failing test fails, whatever the operations before it did."""
    failing: JSONObject = {"op": "test", "path": "", "value": "never a document"}
    before = copied_object(document)
    with pytest.raises(InvalidPatch):
        patched(document, *patch, failing)
    assert document == before


@given(documents, st.dictionaries(st.sampled_from("ABCD"), values, max_size=3))
def test_added_members_are_found(document: JSONObject, members: JSONObject) -> None:
    """Members that are added pass a test for them, and are gone once they are removed."""
    added = [
        {"op": verb, "path": f"/{name}", "value": value} for verb in ("add", "test") for name, value in members.items()
    ]
    assert patched(document, *added) == {**document, **members}
    removed: list[JSONObject] = [{"op": "remove", "path": f"/{name}"} for name in members]
    assert patched(document, *added, *removed) == {name: document[name] for name in document if name not in members}


@given(st.text() | values.map(json.dumps) | st.lists(st.dictionaries(names, values), max_size=2).map(json.dumps))
def test_garbage_is_refused(text: str) -> None:
    """Any text is either a patch or refused as none: nothing else is ever raised."""
    with suppress(InvalidPatch):
        assert isinstance(parse_patch(text), list)


def test_copies_of_copies() -> None:
    """A patch whose copies would fill the memory is refused before it does."""
    copies = [{"op": "copy", "from": "/x", "path": f"/x/c{index}"} for index in range(60)]
    patch = parse_patch(json.dumps([{"op": "add", "path": "/x", "value": {}}, *copies]))
    with pytest.raises(InvalidPatch) as refused:
        apply_patch({}, patch)
    assert str(refused.value) == "The patch document copies more than 262144 values"


@pytest.mark.parametrize(("more", "refused"), [(-1, False), (0, False), (1, True)])
def test_as_many_copies_as_there_may_be(more: int, refused: bool) -> None:
    """The copies of a patch may have 262144 values together, arrays and objects included, and not one more."""
    document: JSONObject = {"X": [0] * 511, "One": {"a": 0}, "Y": {}}  # 512 values, and two
    copies = [{"op": "copy", "from": "/X", "path": "/Y/a"}] * 511
    values = [{"op": "copy", "from": "/One/a", "path": "/Y/b"}] * (510 + more)
    patch = parse_patch(json.dumps([*copies, *values, {"op": "copy", "from": "/One", "path": "/Y/c"}]))
    if refused:
        with pytest.raises(InvalidPatch, match=r"^The patch document copies more than 262144 values$"):
            apply_patch(document, patch)
    else:
        apply_patch(document, patch)


def test_most_that_is_copied() -> None:
    """As many values as a patch may copy are copied, by one copy of an array; one more are refused."""
    copy = parse_patch('[{"op": "copy", "from": "/x", "path": "/y"}]')
    document: JSONObject = {"x": [0] * 262_143}
    assert apply_patch(document, copy)["y"] == document["x"]
    with pytest.raises(InvalidPatch) as refused:
        apply_patch({"x": [0] * 262_144}, copy)
    assert str(refused.value) == "The patch document copies more than 262144 values"
