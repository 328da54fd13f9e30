"""GetResource and ListResources: both answer at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_cloudcontrol.documents import JSONObject, compact, parse
from pytest_cloudcontrol.handlers.protocol import HandlerError, Listed, Listing
from pytest_cloudcontrol.schemas.listing import is_selected
from pytest_cloudcontrol.schemas.recorded import IDENTIFIERS_AS_TOKENS, LISTED
from pytest_cloudcontrol.schemas.shown import in_shown_order
from pytest_cloudcontrol.service.errors import ServiceError, validation
from pytest_cloudcontrol.service.lookup import Lookup
from pytest_cloudcontrol.service.pages import invalid_token, page_token, position_of
from pytest_cloudcontrol.vocabulary import HandlerOperation

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from types_boto3_cloudcontrol.type_defs import GetResourceInputTypeDef, ListResourcesInputTypeDef

    from pytest_cloudcontrol.documents import JSONValue
    from pytest_cloudcontrol.handlers.veils import Seen
    from pytest_cloudcontrol.schemas.listing import Criteria
    from pytest_cloudcontrol.schemas.resource_type import ResourceType
    from pytest_cloudcontrol.vocabulary import Scope
    from pytest_cloudcontrol.world import World


class Reads:
    """The two operations that read resources."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._lookup = Lookup(world)

    def get(self, scope: Scope, members: GetResourceInputTypeDef) -> str:
        """Answer GetResource."""
        resource_type = self._lookup.supporting(members["TypeName"], HandlerOperation.READ)
        identifier = self._lookup.identifier(resource_type, scope, members["Identifier"])
        model = self._lookup.seen(resource_type, scope, identifier)
        properties = compact(in_shown_order(resource_type, model))
        description: JSONObject = {"Identifier": identifier, "Properties": properties}
        return compact({"TypeName": resource_type.type_name, "ResourceDescription": description})  # O-22

    def list(self, scope: Scope, members: ListResourcesInputTypeDef) -> str:
        """Answer ListResources. MaxResults is checked and ignored, as AWS does."""
        resource_type = self._lookup.supporting(members["TypeName"], HandlerOperation.LIST)
        model, criteria = _criteria(resource_type, members.get("ResourceModel"))
        tokens = _Tokens(resource_type, scope, criteria)
        next_token = members.get("NextToken")
        after = None if next_token is None else tokens.position_of(next_token)
        size = self._world.options.list_page_size  # C-8, O-26
        descriptions: list[JSONValue] = []
        answer: JSONObject = {"TypeName": resource_type.type_name, "ResourceDescriptions": descriptions}  # O-24
        last = ""
        listing = self._lookup.listed(resource_type, scope, model, after)
        veiled = self._lookup.veiled(resource_type, scope)
        found: Iterator[Listed]
        if listing is None:
            found = (Listed(name, None) for name in self._matching(resource_type, scope, criteria, after, veiled))
        else:
            seen = self._seen(resource_type, scope, listing, veiled, criteria)
            found = _following(seen, after)
            if listing.is_page:
                found, size = iter(seen), len(seen)
            if listing.next_token is not None:
                answer["NextToken"] = tokens.after(listing.next_token)
        for identifier, shown in found:
            if len(descriptions) == size:
                answer["NextToken"] = tokens.after(last)
                break
            properties = self._shown(resource_type, scope, identifier) if shown is None else shown
            text = compact(in_shown_order(resource_type, properties))
            descriptions.append({"Identifier": identifier, "Properties": text})
            last = identifier
        return compact(answer)

    def _matching(
        self,
        resource_type: ResourceType,
        scope: Scope,
        criteria: Criteria,
        after: str | None,
        veiled: Mapping[str, Seen],
    ) -> Iterator[str]:
        """Yield the identifiers that follow one, of the resources that meet the criteria."""
        shelf = self._world.store.shelf(scope, resource_type.type_name)
        if veiled:
            seen = {**shelf.properties, **veiled}
            names = sorted(name for name in seen if after is None or name > after)
            yield from (name for name in names if _is_listed(seen[name], criteria))
            return
        size = self._world.options.list_page_size + 1
        while identifiers := shelf.after(after, size):
            for identifier in identifiers:
                if is_selected(shelf.properties.get(identifier, {}), criteria):
                    yield identifier
            after = identifiers[-1]

    def _seen(
        self,
        resource_type: ResourceType,
        scope: Scope,
        listing: Listing,
        veiled: Mapping[str, Seen],
        criteria: Criteria,
    ) -> Sequence[Listed]:
        """Return what is consistent of what a list handler has found; what has gone stands at its end."""
        there = [Listed(found.identifier, None) if found.identifier in veiled else found for found in listing.found]
        kept = [found for found in there if not isinstance(veiled.get(found.identifier), HandlerError)]
        if listing.next_token is not None:
            return kept
        names = {found.identifier for found in listing.found}
        gone = sorted(name for name, seen in veiled.items() if name not in names and _is_listed(seen, criteria))
        if listing.is_page:  # it may have been on an earlier one
            gone = [name for name in gone if not self._lookup.is_there(resource_type, scope, name)]
        return [*kept, *(Listed(name, None) for name in gone)]

    def _shown(self, resource_type: ResourceType, scope: Scope, identifier: str) -> JSONObject:
        if HandlerOperation.READ not in resource_type.handlers:  # C-17
            return resource_type.only_identifier(self._lookup.shown(resource_type, scope, identifier))
        model = self._lookup.shown(resource_type, scope, identifier)
        names = LISTED.get(resource_type.type_name)
        return model if names is None else {name: value for name, value in model.items() if name in names}


def _is_listed(seen: Seen, criteria: Criteria) -> bool:
    return not isinstance(seen, HandlerError) and is_selected(seen, criteria)


def _following(listed: Sequence[Listed], after: str | None) -> Iterator[Listed]:
    """Yield what a list handler of the test's own has found behind a resource; all if that has gone meanwhile."""
    places = [place for place, found in enumerate(listed) if found.identifier == after]
    yield from listed[places[0] + 1 if places else 0 :]


class _Tokens:
    """The NextTokens of one list of resources."""

    def __init__(self, resource_type: ResourceType, scope: Scope, criteria: Criteria) -> None:
        self._resource_type = resource_type
        self._of = ("ListResources", scope, resource_type.type_name, criteria)
        self._are_identifiers = resource_type.type_name in IDENTIFIERS_AS_TOKENS  # O-27

    def after(self, identifier: str) -> str:
        """Return the token of the page that ends with a resource."""
        return identifier if self._are_identifiers else page_token(identifier, self._of)

    def position_of(self, token: str) -> str:
        """Return the identifier after which a token's page begins.

        Raises:
            ServiceError: the token is of no page of this list, as far as that can be told (C-29).
        """
        if not self._are_identifiers:
            return position_of(token, self._of)
        [path] = self._resource_type.primary_identifier
        if self._resource_type.part_validator.violations({path[0]: token}):
            raise invalid_token(token)
        return token


def _criteria(resource_type: ResourceType, text: str | None) -> tuple[JSONObject, Criteria]:
    """Return the call's ResourceModel, and what a type's list handler selects by."""
    model: JSONValue = {}
    if text is not None:
        try:
            model = parse(text)
        except ValueError as error:
            raise validation(f"ResourceModel is not valid JSON: {error}") from None
    if not isinstance(model, dict):  # C-9
        raise validation("ResourceModel is not valid: expected a JSON object")
    violations = resource_type.listing.violations(model)
    if violations:
        lines = "\n".join(violations)
        raise ServiceError(
            "InvalidRequestException",  # O-28
            f"Missing or invalid ResourceModel property in {resource_type.type_name} list handler request input."
            f"Required property: ({lines})",
        )
    return model, resource_type.listing.criteria(model)
