"""What an API call is about: the resource type and the resource, as far as it, or its answer, says so."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_cloudcontrol.documents import parsed_object
from pytest_cloudcontrol.resources.identifiers import InvalidIdentifier, primary_of

if TYPE_CHECKING:
    from pytest_cloudcontrol.documents import JSONObject, JSONValue
    from pytest_cloudcontrol.requests.request import Request
    from pytest_cloudcontrol.service.calls import CallRecord
    from pytest_cloudcontrol.vocabulary import Scope
    from pytest_cloudcontrol.world import World


class About:
    """What a call is about; worked out when it is asked for, and told as of then.

    A call with a request token is about the resource of that request, and one that was answered with a token is, too,
    though the answer was lost.
    """

    __slots__ = ("_call", "_world")

    def __init__(self, world: World, call: CallRecord) -> None:
        self._world = world
        self._call = call

    @property
    def call(self) -> CallRecord:
        """The call itself."""
        return self._call

    @property
    def api(self) -> str:
        """The API operation's name."""
        return self._call.target

    @property
    def scope(self) -> Scope:
        """The account and region."""
        return self._call.scope

    @property
    def type_name(self) -> str | None:
        """The resource type; None if it is about none."""
        named = self._call.members().get("TypeName")
        if isinstance(named, str):
            return named
        request = self.request
        return None if request is None else request.type_name

    @property
    def identifier(self) -> str | None:
        """The resource's primary identifier; None if it isn't known, or the call is about none."""
        members = self._call.members()
        given = members.get("Identifier")
        if isinstance(given, str):
            return self._primary_identifier(members.get("TypeName"), given)
        request = self.request
        if request is not None:
            return request.identifier
        return self._desired_identifier(members)

    @property
    def request(self) -> Request | None:
        """The request that it asks about, or has made; None if there is none."""
        token = self._call.members().get("RequestToken")
        answer = self._call.given
        if token is None and answer is not None:
            event = parsed_object(answer).get("ProgressEvent")
            token = event.get("RequestToken") if isinstance(event, dict) else None
        return self._world.registry.of_token(token) if isinstance(token, str) else None

    def _primary_identifier(self, type_name: JSONValue, given: str) -> str:
        resource_type = self._world.catalog.find(type_name) if isinstance(type_name, str) else None
        if resource_type is None:
            return given
        try:
            return self._world.primary_identifier(resource_type, self.scope, given)
        except InvalidIdentifier:
            return given

    def _desired_identifier(self, members: JSONObject) -> str | None:
        type_name, desired = members.get("TypeName"), members.get("DesiredState")
        resource_type = self._world.catalog.find(type_name) if isinstance(type_name, str) else None
        if resource_type is None or not isinstance(desired, str):
            return None
        return primary_of(parsed_object(desired), resource_type.primary_identifier)
