"""Shares botocore's own data between the sessions of a test run while a mock is active.

A test that calls ``boto3.client`` has a default session of its own, and a session looks through all of botocore's
folders and reads each file anew: for EC2 that takes a tenth of a second. What botocore ships with never changes while
it is installed, so that is done once; and so are objects made of a service's rules for its endpoints, which for S3
takes a fifth of the time of a client. Where a session has other folders too, such as ``~/.aws/models`` or those of
AWS_DATA_PATH, they are looked at as ever, and outside a mock all are.
"""

from __future__ import annotations

import functools
import os
import threading
from typing import TYPE_CHECKING, Final

import boto3
import botocore.regions
from botocore.loaders import JSONFileLoader, Loader

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from pytest_cloudcontrol.backend import Backend
    from pytest_cloudcontrol.transport.patches import Method, Patches

_OWN: Final = os.path.join(Loader.BUILTIN_DATA_PATH, "")  # noqa: PTH118  # compared with what botocore joins so
_BOTO3: Final = os.path.join(os.path.dirname(boto3.__file__), "data")  # noqa: PTH118, PTH120
_OWN_DATA: Final[dict[int, object]] = {}
"""What was read of botocore's own files, by its id, and kept: it never changes, so it may be shared by all tests."""

_NAMED: Final = frozenset({"excluded_params"})
"""What an EndpointProvider is given beside the data: names of parameters that it is to leave out."""

_READ: Final = JSONFileLoader.load_file
_LIST: Final = Loader.list_available_services


class ThisThread(threading.local):
    """Whether this thread reads for somebody who changes what is read."""

    reads_anew = False


def put_in(patches: Patches, backend: Backend) -> None:  # noqa: ARG001  # every part is put in with the same two
    """Read botocore's own files once."""
    thread = ThisThread()

    def loading(original: Method) -> Method:
        """Let a loader of another class, such as moto's, have data of its own: it changes what it has read."""

        def load_service_model(loader: Loader, *arguments: object, **named: object) -> object:
            if type(loader) is Loader:
                return original(loader, *arguments, **named)
            before, thread.reads_anew = thread.reads_anew, True
            try:
                return original(loader, *arguments, **named)
            finally:
                thread.reads_anew = before

        return load_service_model

    def sharing(original: Method) -> Method:
        def load_file(loader: JSONFileLoader, file_path: str) -> object:
            is_plain = type(loader) is JSONFileLoader and not thread.reads_anew
            if patches.are_in and is_plain and str(file_path).startswith(_OWN):
                return _own_file(file_path)
            return original(loader, file_path)

        return load_file

    def listing(original: Method) -> Method:
        def list_available_services(loader: Loader, type_name: str) -> object:
            folders = {path for path in loader.search_paths if os.path.isdir(path)}  # noqa: PTH112
            if patches.are_in and type(loader) is Loader and folders <= {Loader.BUILTIN_DATA_PATH, _BOTO3}:
                return list(_own_services(type_name))
            return original(loader, type_name)

        return list_available_services

    def providing(original: Callable[..., object]) -> Callable[..., object]:
        def endpoint_provider(ruleset_data: object, partition_data: object, **named: Collection[str] | None) -> object:
            is_known = named.keys() <= _NAMED  # of another botocore's arguments nobody knows what they are
            if patches.are_in and is_known and is_own(ruleset_data) and is_own(partition_data):
                others = tuple((name, frozenset(value or ())) for name, value in named.items())
                return _own_provider(original, id(ruleset_data), id(partition_data), others)
            return original(ruleset_data=ruleset_data, partition_data=partition_data, **named)

        return endpoint_provider

    patches.replace(botocore.regions, "EndpointProvider", providing)
    patches.replace(JSONFileLoader, "load_file", sharing)
    patches.replace(Loader, "load_service_model", loading)
    patches.replace(Loader, "list_available_services", listing)


@functools.cache
def _own_services(type_name: str) -> tuple[str, ...]:
    loader = Loader(extra_search_paths=[Loader.BUILTIN_DATA_PATH, _BOTO3], include_default_search_paths=False)
    return tuple(_LIST(loader, type_name))


@functools.cache
def _own_file(file_path: str) -> object:
    read: object = _READ(JSONFileLoader(), file_path)
    _OWN_DATA[id(read)] = read
    return read


@functools.cache
def _own_provider(
    make: Callable[..., object], ruleset: int, partitions: int, others: tuple[tuple[str, frozenset[str]], ...]
) -> object:
    """Return what knows a service's endpoints, from data of botocore's own by its ids; it changes nothing in itself."""
    return make(ruleset_data=_OWN_DATA[ruleset], partition_data=_OWN_DATA[partitions], **dict(others))


def is_own(data: object) -> bool:
    """Whether something was read from a file of botocore's own, and is shared."""
    return _OWN_DATA.get(id(data)) is data
