"""How the Java library takes a schema apart: into checks, each of which looks at the keywords of one kind.

A reference counts alone. Otherwise ``enum``, each combinator, ``not`` and ``const`` are a check each, and so are the
keywords that go with ``type``. Keywords of another type, such as ``minLength`` beside ``type: object``, make a check
that only values of their own type can fail. Several checks are one ``allOf`` that no schema has written: it too has a
line of its own in the answer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pytest_cloudcontrol.schemas.validation import arrays, numbers, objects, strings
from pytest_cloudcontrol.schemas.validation.combinations import CRITERIA, Combination, enumeration, negation
from pytest_cloudcontrol.schemas.validation.failures import failure, hidden, wrong_type
from pytest_cloudcontrol.schemas.validation.java import hash_of_requirement, type_name
from pytest_cloudcontrol.schemas.validation.reading import names

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_cloudcontrol.documents import JSONObject, JSONValue
    from pytest_cloudcontrol.schemas.validation.failures import Check, Failures

_KINDS: Final = {
    "string": strings.KEYWORDS,
    "array": arrays.KEYWORDS,
    "object": objects.KEYWORDS,
    "number": numbers.KEYWORDS,
}
"""Which keywords say something about values of which type, in the order in which the library looks for them."""


class Compiler:
    """Makes the checks of the schemas inside one root schema, each when it is first asked for.

    Args:
        root: the schema in which references are looked up. It must not be changed afterwards.
    """

    def __init__(self, root: JSONObject) -> None:
        self._root = root
        self._checks: dict[int, Check] = {}  # by the schema's id, which stays while the root does

    def check(self, schema: JSONValue) -> Check:
        """Return the check of a schema that is the root or a part of it."""
        known = self._checks.get(id(schema))
        if known is None:
            known = self._checks[id(schema)] = self._made(schema)
        return known

    def _made(self, schema: JSONValue) -> Check:
        if not isinstance(schema, dict):
            return _passes if schema is not False else _fails
        reference = schema.get("$ref")
        if isinstance(reference, str):
            return self._reference(reference)
        combined: list[Check] = [
            Combination(keyword, self._branches(branches))
            for keyword in CRITERIA
            if isinstance(branches := schema.get(keyword), list)
        ]
        stated = schema.get("type")
        if isinstance(stated, list):
            combined.append(Combination("anyOf", [self._typed(str(name), schema) for name in stated]))
        checks = [*combined, *self._plain(schema, stated)]
        if not checks:
            return _passes
        return checks[0] if len(checks) == 1 else Combination("allOf", checks)  # V-7

    def _branches(self, schemas: list[JSONValue]) -> list[Check]:
        """Return the checks of a combinator's branches, in the order in which the library takes them up.

        Combinations come first. The others are sorted by the hash codes of Java's objects: those that only require
        properties have the same one in every run, and where there are others the schema's order has to do.
        """
        combined: list[JSONValue] = []
        plain: list[JSONValue] = []
        for schema in schemas:
            (combined if isinstance(self.check(schema), Combination) else plain).append(schema)
        if all(map(_only_requirement, plain)):
            plain.sort(key=lambda schema: hash_of_requirement(_only_requirement(schema)))
        return [self.check(schema) for schema in (*combined, *plain)]

    def _reference(self, reference: str) -> Check:
        """Return the check of a reference; it is looked up when it is first followed, so that schemas may recur."""
        target: list[Check] = []

        def check(value: JSONValue) -> Failures:
            if not target:
                target.append(self.check(value_at(self._root, reference)))
            return target[0](value)

        return check

    def _plain(self, schema: JSONObject, stated: JSONValue) -> Iterator[Check]:
        """Yield the checks of a schema that combine no others."""
        if isinstance(values := schema.get("enum"), list):
            yield enumeration("enum", values)
        if "not" in schema:
            yield negation(self.check(schema["not"]))
        if "const" in schema:
            yield enumeration("const", [schema["const"]])
        if isinstance(stated, str):
            yield self._typed(stated, schema)
        stated_names = stated if isinstance(stated, list) else [stated]
        kinds = ["number" if name == "integer" else name for name in stated_names]
        for other, keywords in _KINDS.items():
            if other not in kinds and not keywords.isdisjoint(schema):
                yield self._of_kind(other, schema, required=False)

    def _typed(self, name: str, schema: JSONObject) -> Check:
        if name == "boolean":
            return _is_boolean
        if name == "null":
            return _is_null
        return self._of_kind(name, schema, required=True)

    def _of_kind(self, name: str, schema: JSONObject, *, required: bool) -> Check:
        match name:
            case "string":
                return strings.string_check(schema, required=required)
            case "array":
                return arrays.array_check(schema, self.check, required=required)
            case "object":
                return objects.ObjectCheck(schema, self.check, required=required)
            case _:
                return numbers.number_check(schema, required=required, whole=name == "integer")


def value_at(root: JSONObject, reference: str) -> JSONValue:
    """Return what a reference such as ``#/definitions/Tag`` points to; False, which nothing fits, if it is nothing.

    List handlers call the schema that they are in ``resource-schema.json``.
    """
    current: JSONValue = root
    for part in reference.partition("#")[2].split("/")[1:]:
        part = part.replace("~1", "/").replace("~0", "~")
        if not isinstance(current, dict) or part not in current:
            return False
        current = current[part]
    return current


def _only_requirement(schema: JSONValue) -> list[str]:
    """Return the properties that a schema requires if it says nothing else; none otherwise."""
    return names(schema, "required") if isinstance(schema, dict) and len(schema) == 1 else []


def _passes(_value: JSONValue) -> Failures:
    return None


def _fails(_value: JSONValue) -> Failures:
    return [hidden("false")]


def _is_boolean(value: JSONValue) -> Failures:
    return None if isinstance(value, bool) else wrong_type("Boolean", value)


def _is_null(value: JSONValue) -> Failures:
    return None if value is None else failure(f"expected: null, found: {type_name(value)}")
