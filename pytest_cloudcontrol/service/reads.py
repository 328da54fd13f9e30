"""GetResource and ListResources: both answer at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_cloudcontrol.documents import JSONObject, compact, parse
from pytest_cloudcontrol.schemas.listing import is_selected
from pytest_cloudcontrol.schemas.recorded import LISTED
from pytest_cloudcontrol.schemas.shown import in_shown_order
from pytest_cloudcontrol.service.errors import ServiceError, validation
from pytest_cloudcontrol.service.lookup import Lookup

if TYPE_CHECKING:
    from collections.abc import Iterator

    from types_boto3_cloudcontrol.type_defs import GetResourceInputTypeDef, ListResourcesInputTypeDef

    from pytest_cloudcontrol.documents import JSONValue
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
        resource_type = self._lookup.supporting(members["TypeName"], "read")
        identifier = self._lookup.identifier(resource_type, scope, members["Identifier"])
        model = self._lookup.read(resource_type, scope, identifier)
        description: JSONObject = {"Identifier": identifier, "Properties": compact(in_shown_order(model))}
        return compact({"TypeName": resource_type.type_name, "ResourceDescription": description})  # O-22

    def list(self, scope: Scope, members: ListResourcesInputTypeDef) -> str:
        """Answer ListResources. MaxResults is checked and ignored, as AWS does; NextToken is the last identifier."""
        resource_type = self._lookup.supporting(members["TypeName"], "list")
        criteria = _criteria(resource_type, members.get("ResourceModel"))
        size = self._world.options.list_page_size  # C-8, O-26
        descriptions: list[JSONValue] = []
        answer: JSONObject = {"TypeName": resource_type.type_name, "ResourceDescriptions": descriptions}  # O-24
        last = None
        for identifier in self._matching(resource_type, scope, criteria, members.get("NextToken")):
            if len(descriptions) == size:
                answer["NextToken"] = last  # O-27
                break
            properties = compact(in_shown_order(self._shown(resource_type, scope, identifier)))
            descriptions.append({"Identifier": identifier, "Properties": properties})
            last = identifier
        return compact(answer)

    def _matching(
        self, resource_type: ResourceType, scope: Scope, criteria: Criteria, after: str | None
    ) -> Iterator[str]:
        """Yield the identifiers that follow one, of the resources that meet the criteria."""
        shelf = self._world.store.shelf(scope, resource_type.type_name)
        size = self._world.options.list_page_size + 1
        while identifiers := shelf.after(after, size):
            for identifier in identifiers:
                if is_selected(shelf.properties[identifier], criteria):
                    yield identifier
            after = identifiers[-1]

    def _shown(self, resource_type: ResourceType, scope: Scope, identifier: str) -> JSONObject:
        if "read" not in resource_type.handlers:  # C-17
            shown = self._world.store.get(scope, resource_type.type_name, identifier) or {}
            return resource_type.only_identifier(shown)
        model = self._lookup.read(resource_type, scope, identifier)
        names = LISTED.get(resource_type.type_name)
        return model if names is None else {name: value for name, value in model.items() if name in names}


def _criteria(resource_type: ResourceType, text: str | None) -> Criteria:
    """Return what a type's list handler selects by, out of the call's ResourceModel."""
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
    return resource_type.listing.criteria(model)
