"""AWS Cloud Control API in memory, for pytest: the test holds the clock and the steps of every request.

The names below are the public API. They are imported when they are first used: pytest loads this package at its start,
and must not pay for more than the plugin's hooks and fixtures, which stand here so that pytest finds them.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Final

from pytest_cloudcontrol.explored_tests import _cloudcontrol_shard as _cloudcontrol_shard
from pytest_cloudcontrol.explored_tests import pytest_collection_finish, pytest_generate_tests
from pytest_cloudcontrol.plugin import _cloudcontrol_first as _cloudcontrol_first
from pytest_cloudcontrol.plugin import (
    cloudcontrol,
    cloudcontrol_client,
    cloudcontrol_server,
    pytest_addoption,
    pytest_configure,
    pytest_load_initial_conftests,
    pytest_pyfunc_call,
    pytest_runtest_makereport,
    pytest_runtest_setup,
    pytest_terminal_summary,
)

if TYPE_CHECKING:
    from pytest_cloudcontrol.activation import mock_cloudcontrol
    from pytest_cloudcontrol.arguments import OptionError, UnknownOption
    from pytest_cloudcontrol.controls.arranging import Arrangement
    from pytest_cloudcontrol.controls.calls import Call, Calls
    from pytest_cloudcontrol.controls.clock import Clock
    from pytest_cloudcontrol.controls.cloudcontrol import CloudControl
    from pytest_cloudcontrol.controls.contract import check_contract
    from pytest_cloudcontrol.controls.downstream import Downstream, DownstreamWork
    from pytest_cloudcontrol.controls.handling import HandlerRequest
    from pytest_cloudcontrol.controls.hooks import HookInvocation
    from pytest_cloudcontrol.controls.request import IllegalTransition, ResourceRequest, StatusNotReached
    from pytest_cloudcontrol.controls.requests import Requests, UnknownRequest
    from pytest_cloudcontrol.controls.resources import Resources
    from pytest_cloudcontrol.controls.scope import ScopedCloudControl
    from pytest_cloudcontrol.exceptions import NoProgressError
    from pytest_cloudcontrol.exploration.errors import (
        ExplorationError,
        ReplayDoesNotFit,
        ScenarioDiffers,
        TooManySchedules,
    )
    from pytest_cloudcontrol.exploration.explore import explore
    from pytest_cloudcontrol.exploration.exploring import Exploration
    from pytest_cloudcontrol.handlers.moto.dropped import MotoDropped
    from pytest_cloudcontrol.handlers.protocol import HandlerError
    from pytest_cloudcontrol.options import Options
    from pytest_cloudcontrol.requests.request import ProgressEvent
    from pytest_cloudcontrol.resources.store import Resource
    from pytest_cloudcontrol.schemas.resource_type import SchemaError
    from pytest_cloudcontrol.server.served import CloudControlServer
    from pytest_cloudcontrol.service.errors import ServiceError
    from pytest_cloudcontrol.transport.active import AlreadyActive
    from pytest_cloudcontrol.transport.processes import NotInThisProcess
    from pytest_cloudcontrol.vocabulary import (
        Api,
        HandlerErrorCode,
        HandlerOperation,
        HookFailureMode,
        HookStatus,
        Operation,
        OperationStatus,
        Scope,
    )

__all__ = [
    "AlreadyActive",
    "Api",
    "Arrangement",
    "Call",
    "Calls",
    "Clock",
    "CloudControl",
    "CloudControlServer",
    "Downstream",
    "DownstreamWork",
    "Exploration",
    "ExplorationError",
    "HandlerError",
    "HandlerErrorCode",
    "HandlerOperation",
    "HandlerRequest",
    "HookFailureMode",
    "HookInvocation",
    "HookStatus",
    "IllegalTransition",
    "MotoDropped",
    "NoProgressError",
    "NotInThisProcess",
    "Operation",
    "OperationStatus",
    "OptionError",
    "Options",
    "ProgressEvent",
    "ReplayDoesNotFit",
    "Requests",
    "Resource",
    "ResourceRequest",
    "Resources",
    "ScenarioDiffers",
    "SchemaError",
    "Scope",
    "ScopedCloudControl",
    "ServiceError",
    "StatusNotReached",
    "TooManySchedules",
    "UnknownOption",
    "UnknownRequest",
    "check_contract",
    "cloudcontrol",
    "cloudcontrol_client",
    "cloudcontrol_server",
    "explore",
    "mock_cloudcontrol",
    "pytest_addoption",
    "pytest_collection_finish",
    "pytest_configure",
    "pytest_generate_tests",
    "pytest_load_initial_conftests",
    "pytest_pyfunc_call",
    "pytest_runtest_makereport",
    "pytest_runtest_setup",
    "pytest_terminal_summary",
]

_MODULES: Final = {
    "pytest_cloudcontrol.activation": ("mock_cloudcontrol",),
    "pytest_cloudcontrol.arguments": ("OptionError", "UnknownOption"),
    "pytest_cloudcontrol.controls.arranging": ("Arrangement",),
    "pytest_cloudcontrol.controls.calls": ("Call", "Calls"),
    "pytest_cloudcontrol.controls.clock": ("Clock",),
    "pytest_cloudcontrol.controls.cloudcontrol": ("CloudControl",),
    "pytest_cloudcontrol.controls.contract": ("check_contract",),
    "pytest_cloudcontrol.controls.downstream": ("Downstream", "DownstreamWork"),
    "pytest_cloudcontrol.controls.handling": ("HandlerRequest",),
    "pytest_cloudcontrol.controls.hooks": ("HookInvocation",),
    "pytest_cloudcontrol.controls.request": ("IllegalTransition", "ResourceRequest", "StatusNotReached"),
    "pytest_cloudcontrol.controls.requests": ("Requests", "UnknownRequest"),
    "pytest_cloudcontrol.controls.resources": ("Resources",),
    "pytest_cloudcontrol.controls.scope": ("ScopedCloudControl",),
    "pytest_cloudcontrol.exceptions": ("NoProgressError",),
    "pytest_cloudcontrol.exploration.errors": (
        "ExplorationError",
        "ReplayDoesNotFit",
        "ScenarioDiffers",
        "TooManySchedules",
    ),
    "pytest_cloudcontrol.exploration.explore": ("explore",),
    "pytest_cloudcontrol.exploration.exploring": ("Exploration",),
    "pytest_cloudcontrol.handlers.moto.dropped": ("MotoDropped",),
    "pytest_cloudcontrol.handlers.protocol": ("HandlerError",),
    "pytest_cloudcontrol.options": ("Options",),
    "pytest_cloudcontrol.requests.request": ("ProgressEvent",),
    "pytest_cloudcontrol.resources.store": ("Resource",),
    "pytest_cloudcontrol.schemas.resource_type": ("SchemaError",),
    "pytest_cloudcontrol.server.served": ("CloudControlServer",),
    "pytest_cloudcontrol.service.errors": ("ServiceError",),
    "pytest_cloudcontrol.transport.active": ("AlreadyActive",),
    "pytest_cloudcontrol.transport.processes": ("NotInThisProcess",),
    "pytest_cloudcontrol.vocabulary": (
        "Api",
        "HandlerErrorCode",
        "HandlerOperation",
        "HookFailureMode",
        "HookStatus",
        "Operation",
        "OperationStatus",
        "Scope",
    ),
}


if not TYPE_CHECKING:  # or a misspelt name would pass type checkers
    # There is no __dir__ on purpose: pluggy asks for every name that dir() gives, and would import everything.
    def __getattr__(name: str) -> object:
        for module, names in _MODULES.items():
            if name in names:
                return getattr(import_module(module), name)
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
