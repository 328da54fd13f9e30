"""What no state can have: code of a test's own, limits, downstream work, and resources that are moto's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_cloudcontrol.handlers.memory import MemoryHandler
from pytest_cloudcontrol.handlers.provision import MEMORY, Provision
from pytest_cloudcontrol.handlers.veils import VeilingHandler
from pytest_cloudcontrol.server.state.rules import SAVED

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_cloudcontrol.backend import Backend
    from pytest_cloudcontrol.requests.request import Request
    from pytest_cloudcontrol.world import World


class NotSaved(RuntimeError):
    """A world has what no state can have.

    Attributes:
        names: what it is.
    """

    def __init__(self, names: list[str]) -> None:
        self.names = names
        super().__init__(f"the state can't have: {'; '.join(names)}. Take it back, or let it end, first")


def refuse_unsaved(backend: Backend) -> None:
    """Refuse to save a world that has such.

    Raises:
        NotSaved: it has.
    """
    names = [*_arranged(backend), *_downstream(backend.world), *_requests(backend.world)]
    if names:
        raise NotSaved(names)


def _arranged(backend: Backend) -> Iterator[str]:
    if backend.options.provision != MEMORY:
        yield f"resources that are moto's (provision={backend.options.provision!r})"
    for noted in backend.world.ledger.noted:
        is_memory = isinstance(noted.what, Provision) and noted.what.whose == MEMORY
        if not is_memory and not isinstance(noted.what, SAVED):
            yield noted.text()


def _downstream(world: World) -> Iterator[str]:
    for work in world.handlers.downstream.running():
        yield f"the downstream work {work.name} of request {work.request_token}"


def _requests(world: World) -> Iterator[str]:
    for request in world.registry.requests:
        if request.hooks:
            yield f"the hooks of request {request.request_token}"
        elif request.is_running and not _is_worked_on_in_memory(request):
            yield f"the handler of request {request.request_token} ({request.operation} {request.type_name})"
        elif world.catalog.find(request.type_name) is None:
            yield f"request {request.request_token}, as its type {request.type_name} was taken back"


def _is_worked_on_in_memory(request: Request) -> bool:
    handler = request.handler.handler if isinstance(request.handler, VeilingHandler) else request.handler
    has_run_other_code = request.under_way is not None and request.under_way.has_worked
    return isinstance(handler, MemoryHandler) and not has_run_other_code
