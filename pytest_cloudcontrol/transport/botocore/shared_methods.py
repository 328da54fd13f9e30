"""Makes the methods of a service's clients once for all clients made while a mock is active.

A client has a class of its own, with a method for each operation; of EC2 there are 800, and to make them takes half of
the time in which a client is made. A method knows its operation, and works for whichever client it is called on. So
those of a service that botocore ships with are made once, and each class is given them. Other services, of folders that
a test or the machine adds, have their own as ever, and so has every class whose creator is somebody's own.

Each client also looks through its service's operations for one that finds endpoints, which few services have. For that
botocore makes a model of every operation; here the description itself is asked, which says so, too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from botocore.client import ClientCreator

from pytest_cloudcontrol.transport.botocore.shared_data import is_own
from pytest_cloudcontrol.transport.botocore.shared_handlers import own_emitter

if TYPE_CHECKING:
    from collections.abc import Callable

    from botocore.client import BaseClient
    from botocore.model import ServiceModel

    from pytest_cloudcontrol.backend import Backend
    from pytest_cloudcontrol.transport.patches import Method, Patches

_CREATE_ONE: Final = "_create_api_method"
_PLAIN: Final[object] = getattr(ClientCreator, _CREATE_ONE)
_METHODS: Final[dict[int, dict[str, object]]] = {}
"""The methods of the clients of each service, by the id of its description, which is kept."""


def put_in(patches: Patches, backend: Backend) -> None:  # noqa: ARG001  # every part is put in with the same two
    """Give classes of clients the methods that there are already."""

    def sharing(
        original: Callable[[ClientCreator | Creator, ServiceModel], dict[str, object]],
    ) -> Callable[[ClientCreator, ServiceModel], dict[str, object]]:
        def create_methods(creator: ClientCreator, service_model: ServiceModel) -> dict[str, object]:
            description: object = getattr(service_model, "_service_description", None)
            is_plain = type(creator) is ClientCreator and getattr(creator, _CREATE_ONE).__func__ is _PLAIN
            if not patches.are_in or not is_plain or not is_own(description):
                return original(creator, service_model)
            methods = _METHODS.get(id(description))
            if methods is None:
                methods = _METHODS[id(description)] = original(Creator(), service_model)
            return dict(methods)  # what adds some to a class, as for S3, adds them to that one only

        return create_methods

    def registering(original: Method) -> Method:
        def register_endpoint_discovery(creator: ClientCreator, client: BaseClient, *settings: object) -> object:
            description: object = getattr(client.meta.service_model, "_service_description", None)
            if patches.are_in and is_own(description) and not _finds_endpoints(description):
                return None
            return original(creator, client, *settings)

        return register_endpoint_discovery

    patches.replace(ClientCreator, "_create_methods", sharing)
    patches.replace(ClientCreator, "_register_endpoint_discovery", registering)


def _finds_endpoints(description: object) -> bool:
    operations = description.get("operations", {}) if isinstance(description, dict) else {}
    return any(operation.get("endpointoperation") for operation in operations.values())


class Creator:
    """A creator of clients as its methods that make methods see it: of no session, so that none is kept."""

    _create_api_method = _PLAIN

    def __init__(self) -> None:
        self._event_emitter = own_emitter()  # which the methods' documentation asks
