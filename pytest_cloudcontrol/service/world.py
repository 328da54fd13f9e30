"""Everything that one mocked Cloud Control consists of, put together. A world is cheap to make; nothing is global."""

from __future__ import annotations

import itertools
from random import Random
from typing import TYPE_CHECKING

from pytest_cloudcontrol.arguments import OptionError, did_you_mean
from pytest_cloudcontrol.decisions.decisions import Decisions
from pytest_cloudcontrol.handlers.memory import MemoryHandler
from pytest_cloudcontrol.requests.registry import Registry, as_uuid
from pytest_cloudcontrol.requests.runner import Runner
from pytest_cloudcontrol.resources.identifiers import read_identifier
from pytest_cloudcontrol.resources.store import Store
from pytest_cloudcontrol.schemas.catalog import Catalog

if TYPE_CHECKING:
    from pytest_cloudcontrol.clock import Timekeeper
    from pytest_cloudcontrol.options import Options
    from pytest_cloudcontrol.schemas.resource_type import ResourceType
    from pytest_cloudcontrol.vocabulary import Scope


class World:
    """The rooms below the service, each made anew, and what they draw chance from: the seed."""

    def __init__(self, options: Options, clock: Timekeeper) -> None:
        self.options = options
        self.clock = clock
        self.catalog = Catalog(options.schemas)
        self.store = Store()
        self.handler = MemoryHandler(self.store)
        self.decisions = Decisions()
        self.registry = Registry(clock, options.seed)
        self.runner = Runner(clock, self.registry, self.decisions, self.handler, options.seed, options.max_steps)
        self._uuid_start = as_uuid(Random(f"{options.seed}/request ids").getrandbits(128)).rpartition("-")[0]
        self._uuids = itertools.count(1)

    def known_type(self, type_name: str) -> ResourceType:
        """Return a resource type that a test has named.

        Raises:
            OptionError: there is none of that name; the message suggests the nearest.
        """
        resource_type = self.catalog.find(type_name) if isinstance(type_name, str) else None
        if resource_type is None:
            expected = "a known resource type (cloudcontrol.add_type adds one)"
            question = did_you_mean(type_name, self.catalog)
            raise OptionError("type_name", type_name, f"{expected}{'. ' if question else ''}{question}")
        return resource_type

    def primary_identifier(self, resource_type: ResourceType, scope: Scope, given: str) -> str:
        """Return the primary identifier of the resource that an identifier means.

        A secondary identifier that belongs to no resource is returned as it was given: it won't be found either.

        Raises:
            InvalidIdentifier: it has a wrong number of parts.
        """
        if self.store.get(scope, resource_type.type_name, given) is not None:
            return given  # before its parts are counted: one of them may have a | in it
        identifier = read_identifier(given, resource_type.primary_identifier, resource_type.additional_identifiers)
        if isinstance(identifier, str):
            return identifier
        return self.store.shelf(scope, resource_type.type_name).find(identifier) or given

    def new_uuid(self) -> str:
        """Return the next UUID that isn't a request token, such as the x-amzn-RequestId of an answer."""
        return f"{self._uuid_start}-{next(self._uuids):012x}"
