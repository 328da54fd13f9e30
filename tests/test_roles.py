"""Whether a property has changed between two models of a resource, also inside arrays and maps."""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_cloudcontrol.schemas.roles import has_changed

if TYPE_CHECKING:
    from pytest_cloudcontrol.documents import JSONObject, JSONValue, PropertyPath

ID = ("Rules", "*", "Id")
ONE: JSONObject = {"Id": "1", "Note": "a"}
TWO: JSONObject = {"Id": "2"}
THREE: JSONObject = {"Id": "3"}
NEW: JSONObject = {"Note": "new"}

values = st.one_of(st.none(), st.booleans(), st.integers(0, 2), st.text("ab", max_size=1))
items = st.one_of(values, st.dictionaries(st.sampled_from(["Id", "Note"]), values))
models = st.fixed_dictionaries(
    {}, optional={"Rules": st.lists(items, max_size=4) | st.dictionaries(st.text("xy"), items)}
)


@pytest.mark.parametrize(
    ("path", "before", "after", "expected"),
    [
        pytest.param(("A",), {"A": 1}, {"A": 1, "B": 2}, False, id="the same"),
        pytest.param(("A",), {"A": 1}, {"A": 1.0}, False, id="the same number"),
        pytest.param(("A",), {"A": 1}, {"A": True}, True, id="another JSON type"),
        pytest.param(("A",), {"A": 1}, {}, True, id="gone"),
        pytest.param(("A",), {}, {"A": None}, True, id="come, as null"),
        pytest.param(("A", "B"), {"A": {"B": 1}}, {"A": {"C": 2}}, True, id="the child of a replaced parent"),
        pytest.param(("A", "B"), {"A": {"C": 1}}, {}, False, id="a parent without the child"),
        pytest.param(("A", "B"), {"A": {"B": 1}}, {"A": "x"}, True, id="a parent that is no object any more"),
    ],
)
def test_property(path: PropertyPath, before: JSONObject, after: JSONObject, *, expected: bool) -> None:
    """A property has changed when its value differs, or only one of the models has it."""
    assert has_changed(path, before, after) is expected


@pytest.mark.parametrize(
    ("before", "after", "changed", "changed_if_by_the_service"),
    [
        pytest.param([ONE, TWO], [ONE, TWO], False, False, id="the same"),
        pytest.param([ONE], [{"Id": "1", "Note": "b"}], False, False, id="another property of the item"),
        pytest.param([ONE, TWO], [ONE, {"Id": "9"}], True, True, id="changed"),
        pytest.param([ONE, TWO], [ONE, {}], True, True, id="taken out of an item"),
        pytest.param([ONE, TWO], [TWO, ONE], True, True, id="exchanged"),
        pytest.param([ONE, TWO], [ONE, TWO, NEW], False, False, id="a new item without it at the end"),
        pytest.param([ONE, TWO], [NEW, ONE, TWO], False, False, id="a new item without it at the beginning"),
        pytest.param([ONE, TWO], [ONE, THREE, TWO], False, True, id="a new item with it"),
        pytest.param([ONE, TWO, THREE], [ONE, THREE], False, False, id="an item gone"),
        pytest.param([ONE, TWO, THREE], [ONE, {"Id": "9"}], True, True, id="an item gone and another changed"),
        pytest.param([ONE], [], False, False, id="all gone"),
        pytest.param([], [ONE], False, True, id="the first"),
        pytest.param({"x": ONE}, {"x": ONE, "y": TWO}, False, True, id="a new key with it"),
        pytest.param({"x": ONE, "y": TWO}, {"y": TWO}, False, False, id="a key gone"),
        pytest.param({"x": ONE}, {"x": TWO}, True, True, id="changed under its key"),
        pytest.param([ONE], "text", False, False, id="no array any more"),
    ],
)
def test_items(before: JSONValue, after: JSONValue, *, changed: bool, changed_if_by_the_service: bool) -> None:
    """Items may come and go; those that stay keep the property, and new ones have none that the service sets."""
    models: tuple[JSONObject, JSONObject] = {"Rules": before}, {"Rules": after}
    assert has_changed(ID, *models) is changed
    assert has_changed(ID, *models, by_the_service=True) is changed_if_by_the_service


def test_array_that_was_absent() -> None:
    """An absent array has no items."""
    assert not has_changed(ID, {}, {"Rules": [ONE]})
    assert has_changed(ID, {}, {"Rules": [ONE]}, by_the_service=True)
    assert not has_changed(ID, {"Rules": [ONE]}, {}, by_the_service=True)


@given(model=models, by_the_service=st.booleans())
def test_nothing_has_changed_in_a_copy(model: JSONObject, *, by_the_service: bool) -> None:
    """A model and its copy differ in no property."""
    assert not has_changed(ID, model, deepcopy(model), by_the_service=by_the_service)


@given(before=models, after=models)
def test_what_the_service_sets_is_the_stricter_role(before: JSONObject, after: JSONObject) -> None:
    """What is a change of a create-only property is one of a read-only property too."""
    assert has_changed(ID, before, after, by_the_service=True) or not has_changed(ID, before, after)
