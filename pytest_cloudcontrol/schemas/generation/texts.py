"""The texts that a service makes up: names, ids, Arns, addresses.

What a text should look like follows from its property's name, since schemas seldom say it in another way. Where a
schema does, with a pattern or a length, that decides between the plausible texts; if it refuses them all, the pattern
itself is followed.
"""

from __future__ import annotations

import re
from string import ascii_lowercase, digits
from typing import TYPE_CHECKING, Final

from pytest_cloudcontrol.schemas.generation.arns import arns, like
from pytest_cloudcontrol.schemas.generation.known import HEXADECIMAL, KnownOf
from pytest_cloudcontrol.schemas.generation.meanings import kebab, meaning_of, own_names
from pytest_cloudcontrol.schemas.generation.patterned import texts_like
from pytest_cloudcontrol.schemas.recorded import EC2_PREFIXES, FORMS, NEW_ACCOUNTS
from pytest_cloudcontrol.schemas.validation import reading
from pytest_cloudcontrol.schemas.validation.strings import compiled

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_cloudcontrol.documents import JSONObject

_MEANING_OF_FORMAT: Final = {"date-time": "moment", "uri": "url"}
_OTHER_MOMENTS: Final = ("%Y-%m-%dT%H:%M:%SZ", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M", "%Y-%m-%d")
_ARN_PATTERN: Final = re.compile(r"\^?\(?arn:")


class TextMaker:
    """Makes up the texts of one resource.

    Args:
        known: what is known of the resource.
    """

    def __init__(self, known: KnownOf) -> None:
        self._known = known
        self._type = known.resource_type
        self._made_in = known.made_in
        self._random = known.random

    def text(self, name: str, schema: JSONObject, *, is_identifier: bool = False, is_inside: bool = False) -> str:
        """Make up the value of a property.

        Args:
            name: the property's name.
            schema: its schema, with references followed.
            is_identifier: whether the property is part of the primary identifier.
            is_inside: whether it is a property of something inside the resource, not of the resource itself.
        """
        known = self._known.model.get(name)
        if isinstance(known, str) and (name,) in self._type.primary_identifier and suits(known, schema):
            return known  # an object inside the resource repeats what the resource is called
        candidates = self._candidates(name, schema, is_identifier, is_inside)
        plausible = next(candidates)
        if suits(plausible, schema):
            return plausible
        return next((text for text in candidates if suits(text, schema)), plausible)

    def _candidates(self, name: str, schema: JSONObject, is_identifier: bool, is_inside: bool) -> Iterator[str]:
        """Yield the plausible text first, then others that the schema may prefer."""
        form = FORMS.get(self._type.type_name, {}).get(name)
        if form is not None:
            yield self._known.filled(form)
        other_name = None if is_inside else self._other_name(name)
        if other_name is not None:
            yield other_name
        pattern = reading.text(schema, "pattern") or ""
        meaning, stem = meaning_of(name)
        stem = stem or self._type.kind
        if meaning == "arn" or _ARN_PATTERN.match(pattern):
            yield from arns(self._known, stem, pattern, is_identifier=is_identifier)
        else:
            if is_identifier and name.endswith("Name"):
                meaning, stem = "name", name.removesuffix("Name") or stem
            meaning = _MEANING_OF_FORMAT.get(str(schema.get("format")), meaning)
            for text in self._plausible(meaning, stem, is_identifier):
                yield self._fitted(text, schema)
            if not is_identifier and meaning != "name" and (name,) not in own_names(self._type):
                yield self._made_in.account_id  # which another resource may have too
        if pattern:
            for text in texts_like(pattern, self._random, int(reading.number(schema, "minLength", 0))):
                yield from like(text, self._known)

    def _other_name(self, name: str) -> str | None:
        """Return what the caller has said in another property that means the same.

        ``Name`` and the kind's ``RuleName`` do, and so does the ``DomainIdentifier`` for a ``DomainId``.
        """
        names = ("Name", f"{self._type.kind}Name")
        if name in names:
            other = names[1 - names.index(name)]
        elif name.endswith("Id"):
            other = f"{name.removesuffix('Id')}Identifier"
        else:
            return None
        said = self._known.model.get(other)
        return said if isinstance(said, str) else None

    def _plausible(self, meaning: str, stem: str, is_identifier: bool) -> Iterator[str]:
        yield self._meant(meaning, stem, is_identifier)
        if meaning == "moment":
            yield from map(self._made_in.now.strftime, _OTHER_MOMENTS)
            yield str(int(self._made_in.now.timestamp()))
        yield self._name(stem).lower()
        yield self._known.uuid()

    def _meant(self, meaning: str, stem: str, is_identifier: bool) -> str:
        match meaning:
            case "moment":
                return self._made_in.now.isoformat(timespec="milliseconds").replace("+00:00", "Z")
            case "account":
                is_new = is_identifier and self._type.type_name in NEW_ACCOUNTS
                return self._known.characters(digits, 12) if is_new else self._made_in.account_id
            case "region":
                return self._made_in.region
            case "zone":
                return f"{self._made_in.region}a"
            case "address":
                # The public ones are of a network that is kept for documentation.
                network = "203.0.113" if "Public" in stem else f"10.0.{self._random.randrange(256)}"
                return f"{network}.{self._random.randrange(1, 255)}"
            case "network":
                return f"10.{self._random.randrange(256)}.0.0/16"
            case "url":
                return f"https://{self._known.host()}"
            case "host":
                return self._known.host()
            case "state":
                return "ACTIVE"
            case "message":
                return ""  # all is well
            case "number":
                return str(self._random.randint(1, 999_999)) if is_identifier else "1"
            case "uuid":
                return self._known.uuid()
            case "id":
                return f"{self._prefix(stem)}-{self._known.characters(HEXADECIMAL, 17)}"
            case _:
                return self._name(stem)

    def _prefix(self, stem: str) -> str:
        kind = kebab(stem)
        return EC2_PREFIXES.get(kind, kind) if self._known.service() == "ec2" else kind

    def _name(self, stem: str) -> str:
        name = f"{stem}-{self._known.characters(ascii_lowercase, 12)}"
        # Buckets are host names, and these have no capitals.
        return name.lower() if "Bucket" in name else name

    def _fitted(self, text: str, schema: JSONObject) -> str:
        """Return a text that is as long as the schema wants; what tells it from others stands at its end."""
        shortest, longest = schema.get("minLength"), schema.get("maxLength")
        if isinstance(longest, int) and len(text) > longest:
            head, _, tail = text.rpartition("-")
            room = longest - len(tail) - 1
            return f"{head[:room]}-{tail}" if room > 0 else text[-longest:]
        if isinstance(shortest, int) and len(text) < shortest:
            return text + self._known.characters(ascii_lowercase, shortest - len(text))
        return text


def suits(text: str, schema: JSONObject) -> bool:
    """Tell whether a text has the lengths and the pattern that a schema wants."""
    shortest, longest, pattern = schema.get("minLength"), schema.get("maxLength"), schema.get("pattern")
    if isinstance(longest, int) and len(text) > longest:
        return False
    if isinstance(shortest, int) and len(text) < shortest:
        return False
    return not isinstance(pattern, str) or compiled(pattern).search(text) is not None
