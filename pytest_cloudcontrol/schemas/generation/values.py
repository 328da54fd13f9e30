"""Values made from their schemas alone: the least that validates.

An object has what it must have, an array as many items as it must. Where a schema leaves a choice between alternatives,
they are tried in their order until the value is valid.
"""

from __future__ import annotations

import functools
import math
import re
from decimal import Decimal
from itertools import chain, count, islice, product
from typing import TYPE_CHECKING, Final

from pytest_cloudcontrol.documents import copied
from pytest_cloudcontrol.schemas.generation.meanings import meaning_of
from pytest_cloudcontrol.schemas.generation.patterned import texts_like
from pytest_cloudcontrol.schemas.generation.texts import TextMaker
from pytest_cloudcontrol.schemas.recorded import FORMS
from pytest_cloudcontrol.schemas.resource_type import branches
from pytest_cloudcontrol.schemas.validation import Validator
from pytest_cloudcontrol.schemas.validation.combinations import CRITERIA
from pytest_cloudcontrol.schemas.validation.reading import items, members, names, number
from pytest_cloudcontrol.schemas.validation.strings import compiled

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_cloudcontrol.documents import JSONObject, JSONValue, PropertyPath
    from pytest_cloudcontrol.schemas.generation.known import KnownOf
    from pytest_cloudcontrol.schemas.resource_type import ResourceType

_MAX_DEPTH: Final = 8
_MAX_REMEMBERED: Final = 2048
_MOST_ALTERNATIVES: Final = 64
_VERSIONS: Final = ("Version", "VersionNumber", "Revision")
_LASTING_STATES: Final = (
    "ACTIVE",
    "AVAILABLE",
    "ENABLED",
    "READY",
    "COMPLETED",
    "COMPLETE",
    "SUCCEEDED",
    "CREATECOMPLETE",
    "RUNNING",
    "CREATED",
    "CREATIONSUCCESSFUL",
    "PREPARED",
    "OPERATIONAL",
    "INSERVICE",
    "DEPLOYED",
    "ASSOCIATED",
    "ATTACHED",
    "PUBLISHED",
    "VERIFIED",
    "VALID",
    "INSYNC",
)
"""What a service calls a resource that is there and well; without hyphens and underscores, in capitals."""

_PASSING_STATE: Final = re.compile(
    "ING$|PROGRESS|PENDING|FAIL|DELET|REQUEST|DRIFT|ERROR|CANCEL|INACTIVE|DISABL|EXPIRED"
)
_NO_LETTER: Final = re.compile("[^A-Z]")


class ValueMaker:
    """Makes up values for one resource.

    Args:
        known: what is known of the resource.
    """

    def __init__(self, known: KnownOf) -> None:
        self._type = known.resource_type
        self._made_in = known.made_in
        self._random = known.random
        self._texts = TextMaker(known)
        self._known = known

    def of_form(self, form: str, path: PropertyPath) -> JSONValue:
        """Return the value of a form that was learnt from recordings, and of a property that has it (forms.py).

        A text that the schema refuses, since what it speaks of is as no recording had it, is made up by the schema.
        """
        if form == "${Seconds}":
            return int(self._made_in.now.timestamp())
        schema = _property_schema(self._type, path)
        is_identifier = path[-1].endswith("Name") or path in self._type.primary_identifier
        made_up, _, ending = form.partition("${MadeUp}")
        if ending:
            return f"{made_up}{self.value(path[-1], schema, is_identifier=is_identifier)}{ending}"
        if form:
            text = self._known.filled_with_properties(form)
            if not _text_validator(self._type, path).violations(text):
                return text
        return self.value(path[-1], schema, is_identifier=is_identifier)

    def value(
        self, name: str, schema: JSONObject, *, is_identifier: bool = False, depth: int = 0, nth: int = 0
    ) -> JSONValue:
        """Make up a value.

        Args:
            name: what the property, or the array of it, is called.
            schema: its schema.
            is_identifier: whether it is part of the primary identifier, so that two resources must differ in it.
            depth: how many values this one is inside of.
            nth: how many came before it in an array whose items must differ.
        """
        described = self._type.resolved(schema) or {}

        def made(alternative: JSONObject) -> JSONValue:
            return self._plain(name, alternative, is_identifier, depth, nth)

        if not any(keyword in described for keyword in CRITERIA):
            return made(described)
        alternatives = list(islice(self._alternatives(described), _MOST_ALTERNATIVES))
        # Some alternatives only differ in what they may have.
        fuller: list[JSONObject] = [{**alternative, "minProperties": 1} for alternative in alternatives]
        values = map(made, alternatives + fuller)
        first = next(values)
        return next((value for value in chain([first], values) if not self._violations(value, described)), first)

    def _violations(self, value: JSONValue, schema: JSONObject) -> list[str]:
        return Validator(schema, root=self._type.schema).violations(value)

    def _alternatives(self, schema: JSONObject, level: int = 0) -> Iterator[JSONObject]:
        """Yield what a schema is when one branch is taken of each of its alternatives, in the schema's order."""
        keyword = next((keyword for keyword in CRITERIA if keyword in schema), None)
        if keyword is None or level > _MAX_DEPTH:
            yield schema
            return
        rest = {name: value for name, value in schema.items() if name != keyword}
        parts = (self._type.resolved(branch) or {} for branch in branches({keyword: schema[keyword]}))
        ways = [list(islice(self._alternatives(part, level + 1), _MOST_ALTERNATIVES)) for part in parts]
        for chosen in product(*ways) if keyword == "allOf" else zip(chain(*ways)):
            yield from self._alternatives(functools.reduce(_merged, chosen, rest), level + 1)

    def _plain(self, name: str, schema: JSONObject, is_identifier: bool, depth: int, nth: int) -> JSONValue:
        """Make up a value for a schema without alternatives."""
        if schema.get("const") is not None:
            return copied(schema["const"])
        default, choices = schema.get("default"), items(schema, "enum")
        if default is not None and nth == 0 and not self._violations(default, schema):
            return copied(default)
        if choices:
            return copied(self._by_likelihood(name, choices)[nth % len(choices)])
        match _type_of(schema):
            case "boolean":
                return nth % 2 == 1
            case "integer" | "number":
                return self._identifying_number(schema) if is_identifier else self._number(name, schema, nth)
            case "array":
                return self._array(name, schema, depth)
            case "object":
                return self._object(schema, depth, nth)
            case _:
                return self._texts.text(name, schema, is_identifier=is_identifier, is_inside=depth > 0)

    def _by_likelihood(self, name: str, choices: list[JSONValue]) -> list[JSONValue]:
        recorded = FORMS.get(self._type.type_name, {}).get(name)
        is_state = meaning_of(name)[0] == "state"

        def rank(choice: JSONValue) -> tuple[bool, int]:
            return choice != recorded, _rank_of_state(str(choice)) if is_state else 0

        return sorted(choices, key=rank)

    def _array(self, name: str, schema: JSONObject, depth: int) -> list[JSONValue]:
        least = 0 if depth > _MAX_DEPTH else math.ceil(number(schema, "minItems", 0))
        described, single = self._type.resolved(members(schema, "items")) or {}, name.removesuffix("s")
        if schema.get("uniqueItems") is not True:
            return [self.value(single, described, depth=depth + 1) for _ in range(least)]
        made: list[JSONValue] = []
        for nth in range(least):
            item = self.value(single, described, depth=depth + 1, nth=nth)
            if item in made:  # two objects that need nothing
                item = self.value(single, {**described, "minProperties": nth}, depth=depth + 1, nth=nth)
            made.append(item)
        return made

    def _object(self, schema: JSONObject, depth: int, nth: int) -> JSONObject:
        made: JSONObject = {}
        if depth <= _MAX_DEPTH:
            for name in self._names(schema):
                made[name] = self.value(name, _schema_of(schema, name), depth=depth + 1, nth=nth)
        return made

    def _names(self, schema: JSONObject) -> Iterator[str]:
        """Return the names of the properties that an object must have, those that the schema describes first."""
        described, required = members(schema, "properties"), names(schema, "required")
        dependencies = members(schema, "dependencies")
        for name in required:  # the list grows while it is read
            required += [needed for needed in names(dependencies, name) if needed not in required]
        needed = [*(name for name in described if name in required), *required]
        least = math.ceil(number(schema, "minProperties", 0))
        invented = (name for pattern in members(schema, "patternProperties") for name in self._like(pattern))
        further = chain(described, invented, (f"Key{index}" for index in count(1)))
        unique = dict.fromkeys(needed)
        while len(unique) < least:
            unique.setdefault(next(further))
        return iter(unique)

    def _like(self, pattern: str) -> Iterator[str]:
        matches = compiled(pattern)
        return (name for name in texts_like(pattern, self._random) if matches.search(name))

    def _identifying_number(self, schema: JSONObject) -> int:
        """Return a number that no other resource is likely to have."""
        low, high = _bounds(schema)
        first = 1 if low == -math.inf else math.ceil(low)
        last = first + 999_999_999 if high == math.inf else math.floor(high)
        return self._random.randint(first, max(first, last))

    def _number(self, name: str, schema: JSONObject, nth: int) -> int | float:
        low, high = _bounds(schema)
        usual = 1 if name.endswith(_VERSIONS) else 0
        if meaning_of(name)[0] == "moment" and high == math.inf:
            usual = int(self._made_in.now.timestamp())
        step = Decimal(str(number(schema, "multipleOf", 1)))
        multiple = (math.ceil(Decimal(str(max(usual, low))) / step) + nth) * step
        if multiple > high:
            multiple = math.floor(Decimal(str(high)) / step) * step
        if multiple < low:  # there is no multiple between the two
            multiple = Decimal(str((low + high) / 2))
        return int(multiple) if multiple == multiple.to_integral_value() else float(multiple)


@functools.lru_cache(_MAX_REMEMBERED)
def _property_schema(resource_type: ResourceType, path: PropertyPath) -> JSONObject:
    return resource_type.property_schema(path) or {"type": "string"}


@functools.lru_cache(_MAX_REMEMBERED)
def _text_validator(resource_type: ResourceType, path: PropertyPath) -> Validator:
    return Validator(_property_schema(resource_type, path), root=resource_type.schema)


def _rank_of_state(state: str) -> int:
    """Return how likely a resource that has been made is in a state: lasting ones before passing and bad ones."""
    letters = _NO_LETTER.sub("", state.upper())
    if letters in _LASTING_STATES:
        return 0
    return 2 if _PASSING_STATE.search(letters) else 1


def _bounds(schema: JSONObject) -> tuple[float, float]:
    """Return the lowest and the highest number for a schema; those right beside an excluded one are left out too."""
    step = number(schema, "multipleOf", 1)
    low = max(number(schema, "minimum", -math.inf), number(schema, "exclusiveMinimum", -math.inf) + step)
    high = min(number(schema, "maximum", math.inf), number(schema, "exclusiveMaximum", math.inf) - step)
    return low, high


def _type_of(schema: JSONObject) -> str | None:
    """Return the type of a schema's values: the first of several, or what its other keywords are about."""
    stated = schema.get("type")
    if isinstance(stated, list):
        return next((name for name in stated if isinstance(name, str) and name != "null"), None)
    if isinstance(stated, str):
        return stated
    is_object = any(keyword in schema for keyword in ("properties", "patternProperties", "required", "minProperties"))
    return "object" if is_object else "array" if "items" in schema else None


def _schema_of(schema: JSONObject, name: str) -> JSONObject:
    """Return what an object's schema says of one of its properties."""
    patterns = members(schema, "patternProperties")
    by_pattern = (found for pattern, found in patterns.items() if compiled(pattern).search(name))
    found = (members(schema, "properties").get(name), *by_pattern, schema.get("additionalProperties"))
    return next((described for described in found if isinstance(described, dict)), {})


def _merged(one: JSONObject, other: JSONObject) -> JSONObject:
    """Return a schema that asks for what two schemas ask for, the second of which has no alternatives.

    Where they contradict each other, the second counts.
    """
    merged: JSONObject = {**one, **other}
    properties, others = members(one, "properties"), members(other, "properties")
    if properties and others:
        both: JSONObject = {name: {"allOf": [properties[name], others[name]]} for name in properties if name in others}
        merged["properties"] = {**properties, **others, **both}
    required = dict.fromkeys([*names(one, "required"), *names(other, "required")])
    if required:
        merged["required"] = list(required)
    return merged
