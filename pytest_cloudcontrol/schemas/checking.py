"""The check of a resource type's schema: whether it is one, and if not, where it is wrong.

A schema may say what CloudFormation's registry takes: keywords by their names, with values of their kinds, patterns
that Java compiles, references and property pointers that lead somewhere. AWS's own schemas, which nobody here can mend,
may have keywords that are newer than the ones known here, and a few of their pointers lead nowhere.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Final, cast

from pytest_cloudcontrol.arguments import nearest
from pytest_cloudcontrol.documents import compact, pointer_of, property_path
from pytest_cloudcontrol.schemas import keywords
from pytest_cloudcontrol.schemas.patterns import python_pattern
from pytest_cloudcontrol.schemas.references import References
from pytest_cloudcontrol.schemas.resource_type import ResourceType, SchemaError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pytest_cloudcontrol.documents import JSONObject, JSONValue, PropertyPath
    from pytest_cloudcontrol.schemas.keywords import Kind
    from pytest_cloudcontrol.schemas.references import Place

_NECESSARY: Final = ("typeName", "properties", "primaryIdentifier")
_IDENTIFIERS: Final = ("primaryIdentifier", "additionalIdentifiers")
_MAX_SHOWN: Final = 80


def check_schema(schema: JSONObject) -> None:
    """Check the whole schema of a resource type.

    Args:
        schema: a JSON document: the schema as CloudFormation's registry has it, with patterns of Java.

    Raises:
        SchemaError: something is wrong with it; the message names the place, what stands there, and what should.

    Example:
        >>> schema = {"typeName": "My::Own::Type", "primaryIdentifier": ["/properties/Name"]}
        >>> check_schema({**schema, "properties": {"Name": {"maxLenght": 9}}})
        Traceback (most recent call last):
        ...
        SchemaError: /properties/Name/maxLenght of the schema of My::Own::Type is 9; expected the keyword maxLength
    """
    _Check(schema).run()


class _Check:
    """One check of one schema: breadth first, so that of several errors the outermost is told."""

    def __init__(self, schema: JSONObject) -> None:
        self._schema = schema
        self._type_name = ""
        self._schemas: dict[Place, JSONObject] = {}  # those inside this one that have been checked, and itself
        self._pending: deque[tuple[Place, JSONObject]] = deque()

    @property
    def _is_of_aws(self) -> bool:
        return self._type_name.startswith("AWS::")

    def run(self) -> None:
        for keyword in _NECESSARY:
            self._check_necessary(keyword)
        self._check_schema((), self._schema, keywords.OF_TYPES)
        self._check_handlers()
        self._check_members(("tagging",), cast("JSONObject", self._schema.get("tagging", {})), keywords.OF_TAGGING)
        while self._pending:
            place, schema = self._pending.popleft()
            self._check_schema(place, schema, keywords.OF_SCHEMAS)
        self._check_references()
        self._check_pointers()

    # ------------------------------------------------------------------ keywords

    def _check_necessary(self, keyword: str) -> None:
        kind = keywords.OF_TYPES[keyword]
        if keyword not in self._schema:
            raise self._error((keyword,), "missing", kind.expected)
        self._check_value((keyword,), self._schema[keyword], kind)
        if keyword == "typeName":
            self._type_name = str(self._schema[keyword])

    def _check_schema(self, place: Place, schema: JSONObject, known: Mapping[str, Kind]) -> None:
        """Check the keywords of one schema, and note the schemas inside it for later."""
        self._schemas[place] = schema
        self._check_members(place, schema, known)
        self._check_patterns(place, schema)
        self._check_required(place, schema)
        for keyword, value in schema.items():
            for part, inner in keywords.schemas_under(keyword, value):
                self._note((*place, keyword, *part), inner)

    def _note(self, place: Place, schema: JSONValue) -> None:
        self._check_value(place, schema, keywords.SCHEMA)
        self._pending.append((place, cast("JSONObject", schema)))

    def _check_handlers(self) -> None:
        self._check_members(("handlers",), cast("JSONObject", self._schema.get("handlers", {})), keywords.OF_HANDLERS)
        for name, handler in keywords.handlers_of(self._schema):
            self._check_members(("handlers", name), handler, keywords.OF_HANDLER)
            if "handlerSchema" in handler:
                self._note(("handlers", name, "handlerSchema"), handler["handlerSchema"])

    def _check_members(self, place: Place, members: Mapping[str, JSONValue], known: Mapping[str, Kind]) -> None:
        """Check the names in an object, and the kinds of their values."""
        for name, value in members.items():
            kind = known.get(name)
            if kind is not None:
                self._check_value((*place, name), value, kind)
            elif not self._is_of_aws:
                meant = nearest(name, known)
                expected = f"the keyword {meant}" if meant else f"one of the keywords {', '.join(sorted(known))}"
                raise self._error((*place, name), _shown(value), expected)

    def _check_value(self, place: Place, value: JSONValue, kind: Kind) -> None:
        if not kind.fits(value):
            raise self._error(place, _shown(value), kind.expected)

    def _check_patterns(self, place: Place, schema: JSONObject) -> None:
        if "pattern" in schema:
            pattern = cast("str", schema["pattern"])
            self._check_pattern((*place, "pattern"), pattern, _shown(pattern), "a regular expression of Java")
        for pattern, value in cast("JSONObject", schema.get("patternProperties", {})).items():
            named = (*place, "patternProperties", pattern)
            self._check_pattern(named, pattern, _shown(value), "its name to be a regular expression of Java")

    def _check_pattern(self, place: Place, pattern: str, shown: str, expected: str) -> None:
        try:
            python_pattern(pattern)
        except ValueError as error:
            raise self._error(place, shown, f"{expected} ({error})") from None

    def _check_required(self, place: Place, schema: JSONObject) -> None:
        """Refuse a property that is required and that nothing lets in."""
        if schema.get("additionalProperties", True) is not False or "patternProperties" in schema:
            return
        allowed = cast("JSONObject", schema.get("properties", {}))
        for index, name in enumerate(cast("list[str]", schema.get("required", []))):
            if name not in allowed:
                expected = "a property that the schema describes, since additionalProperties is false"
                raise self._error((*place, "required", index), _shown(name), expected)

    # ------------------------------------------------------------------ what leads elsewhere

    def _check_references(self) -> None:
        references = References(self._schemas)
        for place in references.broken():
            raise self._wrong_reference(place, "a reference to a schema inside this one, such as #/definitions/Tag")
        for place in references.circular():
            raise self._wrong_reference(place, "a reference that doesn't lead back to itself")

    def _wrong_reference(self, place: Place, expected: str) -> SchemaError:
        return self._error((*place, "$ref"), _shown(self._schemas[place]["$ref"]), expected)

    def _check_pointers(self) -> None:
        paths = {place: self._path(place, pointer) for place, pointer in self._pointers()}
        resource_type = ResourceType.from_schema(self._schema)
        for place, path in paths.items():
            if self._is_of_aws and place[0] != "primaryIdentifier":
                continue
            described = resource_type.property_schema(path)
            if place[0] in _IDENTIFIERS and described is not None and described.get("type") in ("array", "object"):
                raise self._error(place, _shown(pointer_of(path)), "a pointer to a property with a single value")
            if described is None:
                expected = f"a pointer to a property that the schema describes{self._such_as(path)}"
                raise self._error(place, _shown(pointer_of(path)), expected)

    def _such_as(self, path: PropertyPath) -> str:
        described = cast("JSONObject", self._schema["properties"])
        meant = None if path[0] in described else nearest(path[0], described)
        return f", such as {pointer_of((meant, *path[1:]))}" if meant else ""

    def _pointers(self) -> Iterator[tuple[Place, str]]:
        """Yield each property pointer and the place where it stands."""
        roles = keywords.ROLES if self._is_of_aws else keywords.ROLES + keywords.UNUSED_ROLES
        for role in roles:
            for index, pointer in enumerate(cast("list[str]", self._schema.get(role, []))):
                yield (role, index), pointer
        for number, group in enumerate(cast("list[JSONValue]", self._schema.get("additionalIdentifiers", []))):
            place = ("additionalIdentifiers", number)
            if isinstance(group, str):  # by itself, it is an identifier of one property
                yield place, group
                continue
            self._check_value(place, group, keywords.IDENTIFIER)
            for index, pointer in enumerate(cast("list[str]", group)):
                yield (*place, index), pointer

    def _path(self, place: Place, pointer: str) -> PropertyPath:
        try:
            path = property_path(pointer)
        except ValueError:
            raise self._error(place, _shown(pointer), "a property pointer such as /properties/Name") from None
        if "*" in path and place[0] in _IDENTIFIERS:
            raise self._error(place, _shown(pointer), "a pointer to one property, without *")
        return path

    # ------------------------------------------------------------------ errors

    def _error(self, place: Place, shown: str, expected: str) -> SchemaError:
        pointer = "".join(f"/{str(part).replace('~', '~0').replace('/', '~1')}" for part in place)
        of_type = f" of {self._type_name}" if self._type_name else ""
        return SchemaError(f"{pointer} of the schema{of_type} is {shown}; expected {expected}")


def _shown(value: JSONValue) -> str:
    text = compact(value)
    return text if len(text) <= _MAX_SHOWN else f"{text[:_MAX_SHOWN]}…"
