"""The contract of AWS's resource handlers as a test: what AWS's own contract tests want, asked by API calls."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from pytest_cloudcontrol.arguments import OptionError
from pytest_cloudcontrol.documents import JSONObject, JSONValue, compact, parsed_object, same
from pytest_cloudcontrol.requests.timeline import overview
from pytest_cloudcontrol.schemas.given import json_object
from pytest_cloudcontrol.vocabulary import HandlerOperation

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pytest_cloudcontrol.controls.cloudcontrol import CloudControl
    from pytest_cloudcontrol.controls.request import ResourceRequest
    from pytest_cloudcontrol.schemas.resource_type import ResourceType

_STATE: Final = "a desired state, as a dict that can be written as JSON"
_NEEDED: Final = (HandlerOperation.CREATE, HandlerOperation.READ, HandlerOperation.DELETE)


def check_contract(
    cloudcontrol: CloudControl,
    type_name: str,
    *,
    create: Mapping[str, object],
    update: Mapping[str, object] | None = None,
) -> None:
    """Check that the handlers of a type keep the contract that AWS's contract tests look at.

    A resource is created, read, listed, updated and deleted by API calls, as the contract tests of ``cfn test`` do by
    invoking the handlers. All breaches are reported at once, each under the name of AWS's test for it, with the
    timeline of the requests. The clock moves as far as the handlers want. The resource is gone afterwards, if the
    handlers can delete it.

    Args:
        cloudcontrol: the mock, with the type and its handlers.
        type_name: the type; it needs create, read and delete.
        create: the desired state of a new resource.
        update: the whole desired state that it is changed to; for a type with an update handler.

    Raises:
        AssertionError: a handler breaks the contract.
        OptionError: there is no such type, it lacks a handler that the contract is about, or a state isn't JSON.

    Example:
        ```python
        check_contract(
            cloudcontrol,
            "AWS::Logs::LogGroup",
            create={"LogGroupName": "app"},
            update={"LogGroupName": "app", "RetentionInDays": 7},
        )
        ```
    """
    backend = cloudcontrol._backend  # noqa: SLF001  # of the same room
    resource_type = backend.world.catalog.named(type_name)
    missing = [operation.lower() for operation in _NEEDED if operation not in resource_type.handlers]
    if missing:
        expected = f"a type with the handlers create, read and delete; its schema lacks {', '.join(missing)}"
        raise OptionError("type_name", type_name, expected)
    has_update = HandlerOperation.UPDATE in resource_type.handlers
    if has_update != (update is not None):
        expected = "the whole state to change it to" if has_update else f"None: {type_name} has no update handler"
        raise OptionError("update", update, expected)
    desired = json_object(create, "create", _STATE)
    changed = None if update is None else json_object(update, "update", _STATE)
    already_made = len(backend.world.registry.requests)
    walk = _Walk(cloudcontrol, resource_type)
    walk.go(desired, changed)
    if walk.breaches:
        lines = [f"The handlers of {type_name} break the contract of AWS's resource handlers:"]
        lines += [f"    {breach}" for breach in walk.breaches]
        lines += ["", overview(list(backend.world.registry.requests)[already_made:])]
        raise AssertionError("\n".join(lines))


class _Refusal(NamedTuple):
    """What a call was refused with."""

    code: str
    message: str


class _Walk:
    """One walk through the life of a resource."""

    def __init__(self, cloudcontrol: CloudControl, resource_type: ResourceType) -> None:
        self.breaches: list[str] = []
        self._cloudcontrol = cloudcontrol
        self._client = cloudcontrol.client()
        self._type = resource_type

    def go(self, create: JSONObject, update: JSONObject | None) -> None:
        """Create, look, change, look, delete, and look once more."""
        made = self._create("contract_create_read", create)
        if made is None or made.identifier is None:
            return  # there is nothing to look at
        identifier = made.identifier
        self._is_read("contract_create_read", identifier, create)
        self._is_listed("contract_create_list", identifier, create)
        if not all(self._has_made()):
            self._is_refused_again(create)
        if update is not None:
            self._update(identifier, create, update)
        if not self._delete("contract_create_delete", identifier):
            return
        self._is_gone(identifier, update or create)
        if not any(self._has_made()):
            again = self._create("contract_delete_create", create)
            if again is not None and again.identifier is not None:
                self._delete("contract_delete_create", again.identifier)

    # ------------------------------------------------------------------ what is asked

    def _create(self, test: str, state: JSONObject) -> ResourceRequest | None:
        request = self._ask(test, "create_resource", DesiredState=compact(state))
        if request is None or not self._succeeds(test, "CREATE", request):
            return None
        if request.identifier is None:
            self._breach(test, "CREATE has succeeded without the primary identifier in its model")
        return request

    def _update(self, identifier: str, before: JSONObject, state: JSONObject) -> None:
        patch = _patch(self._without_sealed(before, state), self._without_sealed(state, before))
        request = self._ask("contract_update_read", "update_resource", Identifier=identifier, PatchDocument=patch)
        if request is None or not self._succeeds("contract_update_read", "UPDATE", request):
            return
        if request.identifier != identifier:
            changed = f"from {identifier!r} to {request.identifier!r}"
            self._breach("contract_update_read", f"UPDATE has changed the primary identifier {changed}")
        self._is_read("contract_update_read", identifier, state)
        self._is_listed("contract_update_list", identifier, state)

    def _delete(self, test: str, identifier: str) -> bool:
        request = self._ask(test, "delete_resource", Identifier=identifier)
        return request is not None and self._succeeds(test, "DELETE", request)

    # ------------------------------------------------------------------ what is looked at

    def _is_read(self, test: str, identifier: str, state: JSONObject) -> None:
        shown = self._read(identifier)
        if isinstance(shown, _Refusal):
            self._breach(test, f"READ doesn't show {identifier!r}, which is there: {shown.code}, {shown.message}")
            return
        wanted = self._type.without_write_only(self._type.without_read_only(state))
        for name, value in wanted.items():
            if name not in shown:
                self._breach(test, f"READ doesn't show {name}, which was to be {compact(value)}")
            elif not _has(shown[name], value):
                self._breach(test, f"READ shows {name} as {compact(shown[name])}, which was to be {compact(value)}")

    def _is_listed(self, test: str, identifier: str, state: JSONObject, *, is_there: bool = True) -> None:
        if HandlerOperation.LIST not in self._type.handlers:
            return
        wanted = {name: value for name, value in state.items() if self._type.listing.criteria({name: value})}
        lister = self._client.get_paginator("list_resources")
        try:
            pages = lister.paginate(TypeName=self._type.type_name, ResourceModel=compact(wanted))
            found = {one.get("Identifier") for page in pages for one in page["ResourceDescriptions"]}
        except self._client.exceptions.ClientError as error:
            self._breach(test, f"LIST has failed: {error}")
            return
        if (identifier in found) != is_there:
            words = "LIST doesn't have {!r}, which is there" if is_there else "LIST still has {!r}, which was deleted"
            self._breach(test, words.format(identifier))

    def _is_refused_again(self, state: JSONObject) -> None:
        test = "contract_create_create"
        self._fails(test, "CREATE of what is there", "AlreadyExists", "create_resource", DesiredState=compact(state))

    def _is_gone(self, identifier: str, state: JSONObject) -> None:
        shown = self._read(identifier)
        if not isinstance(shown, _Refusal):
            self._breach("contract_delete_read", f"READ still shows {identifier!r}, which was deleted")
        elif shown.code != "ResourceNotFoundException":
            self._breach("contract_delete_read", f"READ of what was deleted must fail with NotFound, not {shown.code}")
        self._is_listed("contract_delete_list", identifier, state, is_there=False)
        if HandlerOperation.UPDATE in self._type.handlers:
            code = self._update_code(identifier)
            if code != "ResourceNotFoundException":
                self._breach(
                    "contract_delete_update", f"UPDATE of what was deleted must fail with NotFound, not {code}"
                )
        test = "contract_delete_delete"
        self._fails(test, "DELETE of what was deleted", "NotFound", "delete_resource", Identifier=identifier)

    # ------------------------------------------------------------------ calls

    def _ask(self, test: str, call: str, **members: str) -> ResourceRequest | None:
        """Make a request and let it end; None if it is refused."""
        try:
            getattr(self._client, call)(TypeName=self._type.type_name, **members)
        except self._client.exceptions.ClientError as error:
            self._breach(test, f"the call was refused: {error}")
            return None
        return self._cloudcontrol.requests.last.run()

    def _succeeds(self, test: str, operation: str, request: ResourceRequest) -> bool:
        if request.status != "SUCCESS":
            self._breach(test, f"{operation} must end with SUCCESS, not {_end(request)}")
            return False
        return True

    def _fails(self, test: str, what: str, error_code: str, call: str, **members: str) -> None:
        request = self._ask(test, call, **members)
        if request is not None and request.error_code != error_code:
            self._breach(test, f"{what} must fail with {error_code}, not end with {_end(request)}")

    def _read(self, identifier: str) -> JSONObject | _Refusal:
        """Return what a read shows, or how it fails."""
        try:
            answer = self._client.get_resource(TypeName=self._type.type_name, Identifier=identifier)
        except self._client.exceptions.ClientError as error:
            return _Refusal(error.response["Error"]["Code"], error.response["Error"]["Message"])
        return parsed_object(answer["ResourceDescription"]["Properties"])

    def _update_code(self, identifier: str) -> str:
        try:
            self._client.update_resource(TypeName=self._type.type_name, Identifier=identifier, PatchDocument="[]")
        except self._client.exceptions.ClientError as error:
            return error.response["Error"]["Code"]
        return _end(self._cloudcontrol.requests.last.run())

    def _without_sealed(self, state: JSONObject, other: JSONObject) -> JSONObject:
        """Leave out what neither shows nor changes, where the other state has nothing else: no patch may send it."""
        sealed = [path[0] for path in self._type.write_only if path in self._type.create_only and len(path) == 1]
        return {
            name: value
            for name, value in state.items()
            if name not in sealed or not same(value, other.get(name, value))
        }

    def _has_made(self) -> list[bool]:
        """Return for each part of the primary identifier whether the service makes it."""
        return [path in self._type.read_only for path in self._type.primary_identifier]

    def _breach(self, test: str, words: str) -> None:
        self.breaches.append(f"{test}: {words}")


def _patch(before: JSONObject, after: JSONObject) -> str:
    """Return the patch document that makes one whole state of another."""
    removed: list[JSONValue] = [{"op": "remove", "path": _pointer(name)} for name in before if name not in after]
    # Also what stays the same: a write-only value that isn't sent again is gone.
    added: list[JSONValue] = [{"op": "add", "path": _pointer(name), "value": value} for name, value in after.items()]
    return compact(removed + added)


def _pointer(name: str) -> str:
    return "/" + name.replace("~", "~0").replace("/", "~1")


def _has(shown: JSONValue, wanted: JSONValue) -> bool:
    """Whether a value is there as it was wanted; an object may have more in it, and an array another order."""
    if isinstance(wanted, dict) and isinstance(shown, dict):
        return all(name in shown and _has(shown[name], value) for name, value in wanted.items())
    if isinstance(wanted, list) and isinstance(shown, list):
        return len(wanted) == len(shown) and all(any(_has(one, value) for one in shown) for value in wanted)
    return same(shown, wanted)


def _end(request: ResourceRequest) -> str:
    code = f"/{request.error_code}" if request.error_code else ""
    words = f" ({request.status_message})" if request.status_message else ""
    return f"{request.status}{code}{words}"
