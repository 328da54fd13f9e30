"""The handlers, as they are deployed. A locker has a queue of its own in SQS, which says that it is there."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from cloudformation_cli_python_lib import exceptions
from cloudformation_cli_python_lib.interface import Action, OperationStatus, ProgressEvent
from cloudformation_cli_python_lib.resource import Resource

from acme_parcel_locker.models import ResourceModel

if TYPE_CHECKING:
    from collections.abc import MutableMapping

    from cloudformation_cli_python_lib.interface import BaseResourceHandlerRequest

TYPE_NAME = "Acme::Parcel::Locker"
PREFIX = "locker-"

resource = Resource(TYPE_NAME, ResourceModel)
test_entrypoint = resource.test_entrypoint


@resource.handler(Action.CREATE)
def create_handler(
    session: Any, request: BaseResourceHandlerRequest, callback_context: MutableMapping[str, Any]
) -> ProgressEvent:
    """Have a locker installed, and open it when it is."""
    model = _model(request)
    if "LockerId" in callback_context:
        model.LockerId = callback_context["LockerId"]
        _write(session, model, "OPEN")
        return ProgressEvent(OperationStatus.SUCCESS, resourceModel=model)
    model.LockerId = f"{PREFIX}{request.clientRequestToken[:8]}"
    session.client("sqs").create_queue(QueueName=model.LockerId)
    _write(session, model, "INSTALLING")
    return ProgressEvent(
        OperationStatus.IN_PROGRESS,
        resourceModel=model,
        callbackContext={"LockerId": model.LockerId},
        callbackDelaySeconds=300,
    )


@resource.handler(Action.UPDATE)
def update_handler(session: Any, request: BaseResourceHandlerRequest, _context: Any) -> ProgressEvent:
    """Change the number of boxes."""
    model = _model(request)
    _read(session, model.LockerId)
    _write(session, model, "OPEN")
    return ProgressEvent(OperationStatus.SUCCESS, resourceModel=model)


@resource.handler(Action.DELETE)
def delete_handler(session: Any, request: BaseResourceHandlerRequest, _context: Any) -> ProgressEvent:
    """Take a locker away."""
    locker_id = _model(request).LockerId
    _read(session, locker_id)
    session.client("ssm").delete_parameter(Name=f"/{locker_id}")
    sqs = session.client("sqs")
    sqs.delete_queue(QueueUrl=sqs.get_queue_url(QueueName=locker_id)["QueueUrl"])
    return ProgressEvent(OperationStatus.SUCCESS)


@resource.handler(Action.READ)
def read_handler(session: Any, request: BaseResourceHandlerRequest, _context: Any) -> ProgressEvent:
    """Show a locker."""
    return ProgressEvent(OperationStatus.SUCCESS, resourceModel=_read(session, _model(request).LockerId))


@resource.handler(Action.LIST)
def list_handler(session: Any, _request: BaseResourceHandlerRequest, _context: Any) -> ProgressEvent:
    """List all lockers."""
    urls = session.client("sqs").list_queues(QueueNamePrefix=PREFIX).get("QueueUrls", [])
    models = [_read(session, url.rpartition("/")[2]) for url in urls]
    return ProgressEvent(OperationStatus.SUCCESS, resourceModels=list(models))


def _model(request: BaseResourceHandlerRequest) -> ResourceModel:
    model = request.desiredResourceState
    if not isinstance(model, ResourceModel):
        raise exceptions.InvalidRequest("A locker needs a place.")
    return model


def _read(session: Any, locker_id: str | None) -> ResourceModel:
    ssm = session.client("ssm")
    try:
        parameter = ssm.get_parameter(Name=f"/{locker_id}")["Parameter"]
    except ssm.exceptions.ParameterNotFound:
        raise exceptions.NotFound(TYPE_NAME, str(locker_id)) from None
    return ResourceModel(**json.loads(parameter["Value"]))


def _write(session: Any, model: ResourceModel, status: str) -> None:
    model.Status = status
    value = json.dumps(vars(model))
    session.client("ssm").put_parameter(Name=f"/{model.LockerId}", Value=value, Type="String", Overwrite=True)
