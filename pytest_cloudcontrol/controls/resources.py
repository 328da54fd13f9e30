"""What exists, as a test sees and arranges it: without requests, and without waiting."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol

from pytest_cloudcontrol.arguments import OptionError, did_you_mean, true_or_false
from pytest_cloudcontrol.controls.identifiers import primary_identifier
from pytest_cloudcontrol.controls.kept import all_kept, kept
from pytest_cloudcontrol.controls.loading import FORMAT, loaded_from
from pytest_cloudcontrol.controls.placing import place_together
from pytest_cloudcontrol.documents import copied_object
from pytest_cloudcontrol.resources.identifiers import secondary_of
from pytest_cloudcontrol.resources.store import Resource
from pytest_cloudcontrol.schemas.given import json_object

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from pytest_cloudcontrol.clock import MockClock
    from pytest_cloudcontrol.controls.kept import Kept, Placed
    from pytest_cloudcontrol.documents import JSONObject, JSONValue
    from pytest_cloudcontrol.schemas.resource_type import ResourceType
    from pytest_cloudcontrol.vocabulary import Scope
    from pytest_cloudcontrol.world import World

_MOST_SHOWN: Final = 10


class Holder(Protocol):
    """What has the world whose resources these are: the backend, or where a handler works."""

    @property
    def world(self) -> World:
        """The world."""
        ...

    @property
    def clock(self) -> MockClock:
        """Its clock."""
        ...


class Resources:
    """The resources of one account and region.

    Iterating gives a Resource for each: its ``type_name``, ``identifier`` and ``properties``. What is returned are
    copies; changing them changes nothing.
    """

    __slots__ = ("_backend", "_is_test", "_scope")

    def __init__(self, backend: Holder, scope: Scope, *, is_test: bool = True) -> None:
        self._backend = backend
        self._scope = scope
        self._is_test = (
            is_test  # else it is a handler's hand: what that does is neither an act nor behind anybody's back
        )

    def get(self, type_name: str, identifier: str) -> JSONObject | None:
        """Return all properties of a resource, write-only ones included; None if there is none.

        Of a resource that is moto's it is what moto shows, without the write-only ones.

        Args:
            type_name: a resource type.
            identifier: its primary identifier, or any identifier as the API takes it.

        Raises:
            OptionError: there is no such type, or the identifier has a wrong number of parts, or wrong names in JSON.

        Example:
            ```python
            client.create_resource(TypeName="AWS::Logs::LogGroup", DesiredState='{"LogGroupName": "app"}')
            assert cloudcontrol.resources.get("AWS::Logs::LogGroup", "app") is None  # not made yet
            cloudcontrol.requests.last.run()
            assert cloudcontrol.resources.get("AWS::Logs::LogGroup", "app")["LogGroupName"] == "app"
            ```
        """
        world = self._backend.world
        resource_type = world.catalog.named(type_name)
        with world.clock.lock:
            primary = primary_identifier(world, resource_type, self._scope, identifier)
            properties = self._kept(world, resource_type).find(primary)
            return None if properties is None else copied_object(properties)

    def put(self, type_name: str, properties: Mapping[str, object], *, as_read: bool = False) -> str:
        """Place a resource, as if it had been there all along; one with the same identifier is replaced.

        That is so also while a request is working on it, as somebody else may do behind Cloud Control's back; the
        request's timeline in a failing test's report shows it.

        Identifiers and read-only properties that aren't given are made up, as a create would. What is given must be
        valid by the type's schema. Required properties may be missing, as they are from a resource that is half made;
        an update is then refused unless it adds them.

        A resource that is moto's isn't made anew but changed, so that what hangs on it stays, such as a queue's
        messages. Where moto refuses one of the changes, none is made.

        AWS shows some resources in a form that their own schema refuses, such as ``Tags: []`` where there must be one;
        then every update is refused, whatever it changes. ``as_read`` places such a one.

        Args:
            type_name: a resource type.
            properties: its properties, write-only ones too; a copy is kept.
            as_read: whether they are all that GetResource shows, kept as they are: nothing is made up, and nothing
                checked but that the identifier is among them.

        Returns:
            Its primary identifier.

        Raises:
            OptionError: there is no such type, or the properties are no JSON object or not valid, or their compound
                identifier reads as that of another resource, such as ``a|b|c`` of ``a|b`` and ``c``, and ``a`` and
                ``b|c``. Or moto refuses them, or sets one of them only when it makes a resource.

        Example:
            ```python
            identifier = cloudcontrol.resources.put("AWS::SQS::Queue", {"QueueName": "orders"})
            client.get_resource(TypeName="AWS::SQS::Queue", Identifier=identifier)
            assert len(cloudcontrol.requests) == 0
            ```
        """
        world = self._backend.world
        resource_type = world.catalog.named(type_name)
        given = json_object(properties, "properties")
        if not true_or_false(as_read, "as_read"):
            _refuse_invalid(resource_type, given, properties)
        with world.clock.lock:
            placed = self._kept(world, resource_type).put(given, as_read=as_read)
            self._remark_placed(world, type_name, placed, "resources.put()")
        self._note_act()
        return placed.identifier

    def update(self, type_name: str, identifier: str, properties: Mapping[str, object]) -> None:
        """Change properties of a resource, as somebody may do behind Cloud Control's back: the resource drifts.

        Each property that is given takes the place of the one that was there, as a whole; one that is given as None is
        taken away; all others stay. Read-only, create-only and write-only ones can be changed too: it is the service
        itself, or its own API, that changes them. What is given must be valid by the type's schema; the rest isn't
        looked at, so a resource that was placed ``as_read`` can drift too. A request that is working on the resource
        goes on with what is there then, and its timeline in a failing test's report shows the change.

        Args:
            type_name: a resource type.
            identifier: its primary identifier, or any identifier as the API takes it.
            properties: top-level properties with their new values; a copy is kept.

        Raises:
            OptionError: there is no such type or resource, or the properties are no JSON object, none, not valid, not
                there to be taken away, or another primary identifier: that would be another resource.

        Example:
            ```python
            cloudcontrol.resources.put("AWS::Logs::LogGroup", {"LogGroupName": "app", "RetentionInDays": 7})
            cloudcontrol.resources.update("AWS::Logs::LogGroup", "app", {"RetentionInDays": 30})
            description = client.get_resource(TypeName="AWS::Logs::LogGroup", Identifier="app")
            assert '"RetentionInDays":30' in description["ResourceDescription"]["Properties"]
            ```
        """
        world = self._backend.world
        resource_type = world.catalog.named(type_name)
        given = json_object(properties, "properties")
        if not given:
            raise OptionError("properties", properties, "at least one property, with its new value or None")
        new: JSONObject = {name: value for name, value in given.items() if value is not None}
        _refuse_invalid(resource_type, new, properties)
        with world.clock.lock:
            primary, there = self._existing(world, resource_type, identifier)
            gone = given.keys() - new.keys()
            _refuse_absent(sorted(gone - there.keys()), there, properties)
            changed = {name: value for name, value in there.items() if name not in gone} | new
            if secondary_of(changed, paths := resource_type.primary_identifier) != secondary_of(there, paths):
                names = ", ".join("/".join(path) for path in paths)
                raise OptionError("properties", properties, f"no other {names}, which would be another resource")
            self._kept(world, resource_type).change(primary, changed, tuple(given))
            self._remark(world, type_name, primary, "resources.update() has changed the resource")
        self._note_act()

    def delete(self, type_name: str, identifier: str) -> None:
        """Remove a resource, as if somebody had done so behind Cloud Control's back.

        Args:
            type_name: a resource type.
            identifier: its primary identifier, or any identifier as the API takes it.

        Raises:
            OptionError: there is no such type or resource.

        Example:
            ```python
            cloudcontrol.resources.put("AWS::Logs::LogGroup", {"LogGroupName": "app"})
            cloudcontrol.resources.delete("AWS::Logs::LogGroup", "app")
            with pytest.raises(client.exceptions.ResourceNotFoundException):
                client.get_resource(TypeName="AWS::Logs::LogGroup", Identifier="app")
            ```
        """
        world = self._backend.world
        resource_type = world.catalog.named(type_name)
        with world.clock.lock:
            primary, _ = self._existing(world, resource_type, identifier)
            self._kept(world, resource_type).remove(primary)
            self._remark(world, type_name, primary, "resources.delete() has removed the resource")
        self._note_act()

    def _existing(self, world: World, resource_type: ResourceType, identifier: str) -> tuple[str, JSONObject]:
        """Return the primary identifier and the properties of a resource that is there."""
        type_name = resource_type.type_name
        primary = primary_identifier(world, resource_type, self._scope, identifier)
        there_are = self._kept(world, resource_type)
        properties = there_are.find(primary)
        if properties is None:
            names = there_are.identifiers()
            question = did_you_mean(identifier, names)
            there = ", ".join(names[:_MOST_SHOWN]) or "none"
            expected = f"an existing {type_name}; there are: {there}{question and f'. {question}'}"
            raise OptionError("identifier", identifier, expected)
        return primary, properties

    def __iter__(self) -> Iterator[Resource]:
        with self._backend.clock.lock:
            resources = [
                Resource(type_name, identifier, copied_object(properties))
                for type_name, identifier, properties in all_kept(self._backend.world, self._scope)
            ]
        return iter(resources)

    def __len__(self) -> int:
        with self._backend.clock.lock:
            return sum(1 for _ in all_kept(self._backend.world, self._scope))

    def __repr__(self) -> str:
        return repr(list(self))

    def dump(self, path: Path | str) -> None:
        """Write these resources to a JSON file, for ``load``.

        Args:
            path: where; a file that is there is replaced.

        Example:
            ```python
            cloudcontrol.resources.put("AWS::Logs::LogGroup", {"LogGroupName": "app"})
            cloudcontrol.resources.dump(tmp_path / "resources.json")
            cloudcontrol.reset()
            cloudcontrol.resources.load(tmp_path / "resources.json")
            assert [resource.identifier for resource in cloudcontrol.resources] == ["app"]
            ```
        """
        resources: list[JSONValue] = [
            {"type_name": type_name, "identifier": identifier, "properties": properties}
            for type_name, identifier, properties in self
        ]
        document = {"format": FORMAT, "resources": resources}
        Path(path).write_text(json.dumps(document, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")

    def load(self, path: Path | str) -> None:
        """Place the resources of a file that ``dump`` has written, beside those that are there.

        A file of recordings is taken too, one JSON object a line: the ``type`` of a resource that really is in AWS,
        what GetResource showed of it as ``read``, and the desired state that it was made with as ``declared``, or null.
        Each resource is placed as it was read. Of those with a desired state the mock learns what AWS shows besides,
        for all that it makes of these types from now on; that comes before what it knows by itself.

        A resource that is moto's may get another identifier than it had, such as a VPC's: the others of the file speak
        of it by that then. One that is there already all the same isn't made twice, such as moto's default VPC. No dump
        has write-only properties of moto's, such as a function's code, without which moto refuses the function.

        Args:
            path: the file; recordings may be compressed by gzip.

        Raises:
            OptionError: the file is neither; nothing has been placed then. Or moto refuses a resource, such as one in a
                network that is neither there nor in the file; others may have been placed then.

        Example:
            ```python
            bucket = {"type_name": "AWS::S3::Bucket", "identifier": "app", "properties": {"BucketName": "app"}}
            file = tmp_path / "resources.json"
            file.write_text(json.dumps({"format": "pytest-cloudcontrol resources, version 1", "resources": [bucket]}))
            cloudcontrol.resources.load(file)
            assert cloudcontrol.resources.get("AWS::S3::Bucket", "app") == {"BucketName": "app"}
            ```
        """
        with self._backend.clock.lock:
            world = self._backend.world
            loaded = loaded_from(path, world.catalog)

            def kept_of(type_name: str) -> Kept:
                return self._kept(world, world.catalog.named(type_name))

            for resource in loaded.resources:
                kept_of(resource.type_name).refuse_namesake(resource)
            for type_name, facts in loaded.facts.items():
                world.catalog.teach(type_name, facts)
            for type_name, placed in place_together(loaded.resources, kept_of):
                self._remark_placed(world, type_name, placed, "resources.load()")
        self._note_act()

    def _kept(self, world: World, resource_type: ResourceType) -> Kept:
        return kept(world, resource_type, self._scope)

    def _remark_placed(self, world: World, type_name: str, placed: Placed, verb: str) -> None:
        words = f"{verb} has {'replaced' if placed.was_there else 'placed'} the resource"
        self._remark(world, type_name, placed.identifier, words)

    def _note_act(self) -> None:
        if self._is_test:
            self._backend.clock.note_act()

    def _remark(self, world: World, type_name: str, identifier: str, words: str) -> None:
        if self._is_test:
            world.registry.remark(self._scope, type_name, identifier, words)
            world.handlers.veils.show(world.catalog.named(type_name), self._scope, identifier)


def _refuse_invalid(resource_type: ResourceType, model: JSONObject, given: Mapping[str, object]) -> None:
    """Refuse properties that the schema of their type refuses, whatever may be missing."""
    violations = resource_type.part_validator.violations(model)
    if violations:
        lines = "; ".join(violations)
        raise OptionError("properties", given, f"properties that are valid for {resource_type.type_name} ({lines})")


def _refuse_absent(names: Sequence[str], there: JSONObject, given: Mapping[str, object]) -> None:
    """Refuse to take away what isn't there, most likely a misspelt name."""
    if names:
        question = did_you_mean(names[0], there)
        expected = f"None only for properties that are there, as {names[0]} isn't: {', '.join(there)}"
        raise OptionError("properties", given, f"{expected}{question and f'. {question}'}")
