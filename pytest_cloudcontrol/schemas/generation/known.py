"""What is known of one resource, and the forms of texts that speak of it."""

from __future__ import annotations

import re
from string import digits
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from pytest_cloudcontrol.documents import values_at
from pytest_cloudcontrol.schemas.generation.made_in import domain_of, partition_of
from pytest_cloudcontrol.schemas.generation.meanings import meaning_of, own_names
from pytest_cloudcontrol.schemas.generation.patterned import texts_like
from pytest_cloudcontrol.schemas.recorded import SERVICES
from pytest_cloudcontrol.schemas.validation import reading

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from random import Random

    from pytest_cloudcontrol.documents import JSONObject, JSONValue
    from pytest_cloudcontrol.schemas.generation.made_in import MadeIn
    from pytest_cloudcontrol.schemas.resource_type import ResourceType

HEXADECIMAL: Final = digits + "abcdef"

_PART: Final = re.compile(r"\$\{(\w+)\}|<([^>]+)>")
_SERVICE: Final = re.compile("arn:[^:]*:([a-z0-9-]+):")
_ARN_SEPARATOR: Final = re.compile("[:/]")
_NOT_IN_HOST: Final = re.compile(r"[^a-z0-9-]+")
_SOME_ARN: Final = "arn:${Partition}:${Service}:${Region}:${Account}:${Uuid}"
_NOTHING: Final[Mapping[str, str]] = MappingProxyType({})


class KnownOf:
    """What is known of one resource.

    Args:
        resource_type: what the resource is.
        model: its properties; read whenever they are asked for, so that what was made up before counts.
        made_in: the account, region and time that it is made in.
        random: the source of everything random.
    """

    def __init__(self, resource_type: ResourceType, model: JSONObject, made_in: MadeIn, random: Random) -> None:
        self.resource_type = resource_type
        self.model = model
        self.made_in = made_in
        self.random = random
        self._invented: str | None = None

    def filled(self, form: str, instead: Mapping[str, str] = _NOTHING) -> str:
        """Return the text of a form such as ``arn:${Partition}:sqs:${Region}:${Account}:${QueueName}``.

        Args:
            form: ``${Name}`` in it is what is known or else a property; ``<…>`` is anything that a pattern takes.
            instead: what wins over what is known of the resource.
        """

        def part(found: re.Match[str]) -> str:
            variable, pattern = found.groups()
            if variable is None:
                return next(texts_like(pattern, self.random))
            return instead.get(variable) or self._of_variable(variable)

        return _PART.sub(part, form)

    def filled_with_properties(self, form: str) -> str:
        """Return the text of a form in which a property that there is stands as it is, whatever it is like."""

        def part(found: re.Match[str]) -> str:
            variable, pattern = found.groups()
            if variable is None:
                return next(texts_like(pattern, self.random))
            value = self.model.get(variable)
            return value if isinstance(value, str) else self._of_variable(variable)

        return _PART.sub(part, form)

    def _of_variable(self, variable: str) -> str:
        match variable:
            case "Partition":
                return partition_of(self.made_in.region)
            case "Region":
                return self.made_in.region
            case "Account":
                return self.made_in.account_id
            case "Domain":
                return domain_of(self.made_in.region)
            case "Service":
                return self.arn_service()
            case "Label":
                return self._label()
            case "Uuid":
                return self.uuid()
            case _:
                return self._property(variable)

    def _property(self, variable: str) -> str:
        """Return the value of a property, or else what the resource is called.

        AWS's templates have one variable, which often has another name than the property that is meant:
        ``DbClusterInstanceName`` is a cluster's ``DBClusterIdentifier``.
        """
        value = self.model.get(variable)
        if isinstance(value, str):
            is_whole = variable.endswith("Arn") or not value.startswith("arn:")
            return value if is_whole else _ARN_SEPARATOR.split(value)[-1]
        if variable in reading.members(self.resource_type.schema, "properties"):
            return self.filled(_SOME_ARN) if variable.endswith(("Arn", "ARN")) else self._invented_label()
        label = self._label()
        if variable.endswith("WithPath"):
            return str(self.model.get("Path", "")).lstrip("/") + label
        return label.lstrip("/") if variable.endswith("WithoutLeadingSlash") else label

    def _label(self) -> str:
        """Return what the resource is called in its Arn and its addresses: its identifier, or else its name."""
        identifier = (
            value
            for path in self.resource_type.primary_identifier
            if meaning_of(path[-1])[0] != "account"
            for value in values_at(self.model, path)
        )
        names = (self.model.get(path[0]) for path in own_names(self.resource_type))
        parts = _speaking(identifier) or _speaking(names)[:1] or [self._invented_label()]
        # A | would cut an identifier that is an Arn in two.
        return "/".join(parts).replace("|", "-")

    def _invented_label(self) -> str:
        if self._invented is None:
            self._invented = self.uuid()
        return self._invented

    def host(self) -> str:
        """Return a host name of the resource, such as ``orders.sqs.eu-west-1.amazonaws.com``."""
        label = _NOT_IN_HOST.sub("-", self._label().lower()).strip("-")
        return f"{label}.{self.service()}.{self.made_in.region}.{domain_of(self.made_in.region)}"

    def arn_service(self) -> str:
        """Return what the type's service is called in Arns."""
        stated = _SERVICE.match(self.resource_type.arn_template or "")
        return self.service() if stated is None else stated[1]

    def service(self) -> str:
        """Return what the type's service is called in host names, and usually in Arns."""
        service = self.resource_type.type_name.split("::")[1]
        return SERVICES.get(service, service.lower())

    def uuid(self) -> str:
        """Return a new UUID."""
        text = self.characters(HEXADECIMAL, 30)
        return f"{text[:8]}-{text[8:12]}-4{text[12:15]}-a{text[15:18]}-{text[18:]}"

    def characters(self, alphabet: str, count: int) -> str:
        """Return so many random characters."""
        return "".join(self.random.choices(alphabet, k=count))


def _speaking(values: Iterable[JSONValue]) -> list[str]:
    """Return the values that can be a part of an Arn or an address; one that is such itself, or says nothing, can't."""
    texts = (str(value) for value in values if isinstance(value, str | int))
    return [text for text in texts if not text.startswith("arn:") and "://" not in text and any(map(str.isalnum, text))]
