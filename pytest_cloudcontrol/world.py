"""World: the rooms below the service, put together. ``reset()`` makes it anew, which is cheap; nothing is global."""

from __future__ import annotations

import functools
from random import Random
from typing import TYPE_CHECKING

from pytest_cloudcontrol.decisions.ledger import Ledger
from pytest_cloudcontrol.handlers.chosen import Handlers
from pytest_cloudcontrol.handlers.provision import Provisions
from pytest_cloudcontrol.journal import Journal
from pytest_cloudcontrol.requests.registry import Registry, as_uuid
from pytest_cloudcontrol.requests.runner import Runner
from pytest_cloudcontrol.resources.store import Store
from pytest_cloudcontrol.schemas.catalog import Catalog

if TYPE_CHECKING:
    from pytest_cloudcontrol.clock import MockClock
    from pytest_cloudcontrol.decisions.decisions import Decisions
    from pytest_cloudcontrol.handlers.moto.dropped import Dropped
    from pytest_cloudcontrol.handlers.moto.handler import MotoHandler
    from pytest_cloudcontrol.handlers.moto.services import Services
    from pytest_cloudcontrol.handlers.problems import Problems
    from pytest_cloudcontrol.options import Options
    from pytest_cloudcontrol.schemas.resource_type import ResourceType
    from pytest_cloudcontrol.vocabulary import Scope


class World:
    """What there is: the resource types, the resources, the requests, and what the test has arranged.

    Args:
        options: what the mock was made with.
        clock: the mock's clock, begun anew for this world.
        problems: what is told at the test's end.
        services: those behind Cloud Control.
        dropped: what these haven't kept, told at the test's end.
        decisions: what happens where it could go on in more than one way.
    """

    def __init__(
        self,
        options: Options,
        clock: MockClock,
        problems: Problems,
        services: Services,
        dropped: Dropped,
        decisions: Decisions,
    ) -> None:
        self.options = options
        self.clock = clock
        self.problems = problems
        self.catalog = Catalog(options.schemas)
        self.store = Store()
        self.ledger = Ledger()
        self.decisions = decisions
        self.journal = Journal()

        def moto_handler() -> MotoHandler:
            from pytest_cloudcontrol.handlers.moto import handler  # for the tests that want it

            return handler.MotoHandler(services, self.store, dropped)

        provisions = Provisions(options.provision, moto_handler)
        self.handlers = Handlers(self.store, clock, self.journal, problems, options.max_steps, provisions)
        self.registry = Registry(clock, self.journal, options.seed, options.max_steps)
        self.runner = Runner(clock, self.registry, self.decisions, self.handlers, options.seed)
        self.uuids_made = 0

    def end(self) -> None:
        """Close whatever code of the test's own is suspended, without the lock; what that begins is closed too."""
        for _ in range(self.options.max_steps):
            with self.clock.lock:
                closed = self.registry.abandon() + self.handlers.downstream.stop_all()
            self.clock.do_deferred()
            if not closed:
                return
        self.problems.tell("closing the test's own handlers and downstream work begins new ones again and again")

    def primary_identifier(self, resource_type: ResourceType, scope: Scope, given: str) -> str:
        """Return the primary identifier of the resource that an identifier means; see Store.

        One that has gone, and that reads still show, is meant where nothing else is.

        Raises:
            InvalidIdentifier: it has a wrong number of parts, or is JSON with wrong names.
        """
        moto = self.handlers.provisions.handler(resource_type.type_name)
        found = (moto or self.store).primary_identifier(resource_type, scope, given)
        if found != given:
            return found
        return self.handlers.veils.find(resource_type, scope, given) or given

    @functools.cached_property
    def _uuid_start(self) -> str:
        return as_uuid(Random(f"{self.options.seed}/request ids").getrandbits(128)).rpartition("-")[0]

    def new_uuid(self) -> str:
        """Return the next UUID that isn't a request token, such as the x-amzn-RequestId of an answer (W-3)."""
        self.uuids_made += 1
        return f"{self._uuid_start}-{self.uuids_made:012x}"
