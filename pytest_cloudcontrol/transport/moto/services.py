"""The services of moto: entered with the mock or when a test first wants them, and left with it."""

from __future__ import annotations

import functools
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final, Protocol

from pytest_cloudcontrol.arguments import OptionError
from pytest_cloudcontrol.handlers.moto.services import ServiceRefusal
from pytest_cloudcontrol.handlers.protocol import HandlerError
from pytest_cloudcontrol.transport.moto.calls import called, paged
from pytest_cloudcontrol.transport.patches import Patches
from pytest_cloudcontrol.transport.wire import ENDPOINT_PREFIX
from pytest_cloudcontrol.vocabulary import HandlerErrorCode

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from datetime import datetime
    from types import ModuleType

    from moto.core.config import DefaultConfig

    from pytest_cloudcontrol.documents import JSONObject
    from pytest_cloudcontrol.vocabulary import Scope

_INSTALL: Final = "pip install 'pytest-cloudcontrol[moto]'"


class StartedAndStopped(Protocol):
    """moto's mock."""

    def start(self) -> None:
        """Enter it."""
        ...

    def stop(self) -> None:
        """Leave it."""
        ...


class MotoServices:
    """The services that moto mocks; see Services.

    Attributes:
        is_entered: whether they answer.
    """

    def __init__(self, seed: str) -> None:
        self.is_entered = False
        self._seed = seed
        self._mock: StartedAndStopped | None = None
        self._drawn_from: object = None
        self._patches = Patches()

    def enter(self, now: Callable[[], datetime]) -> None:
        """Have moto answer until ``leave``, and its resources change by a clock; entering again does nothing.

        Args:
            now: the clock's time.

        Raises:
            OptionError: moto, or what it needs, isn't installed.
        """
        if self.is_entered:
            return
        private = self._private
        if not private.holders():  # else the test has entered it itself, and it is the test's own
            self._mock = _mock_aws()
            self._mock.start()
        self._drawn_from = private.seed(self._seed)
        private.let_time_be(now)
        self._patches = Patches()
        self.is_entered = True
        private.let_remember(self._patches)

    def leave(self) -> None:
        """Have moto be as it was before."""
        if not self.is_entered:
            return
        self.is_entered = False
        self._private.draw_again_from(self._drawn_from)
        self._private.let_time_be(None)
        self._patches.undo()
        mock, self._mock = self._mock, None
        if mock is not None:
            mock.stop()

    @property
    def is_held(self) -> bool:
        """Whether the test itself holds moto's mock, so that ``reset`` leaves what it has."""
        return self.is_entered and (self._mock is None or self._private.holders() > 1)

    def reset(self) -> None:
        """Begin anew, unless the test itself holds moto's mock."""
        if self._mock is None or self.is_held:
            return
        self._mock.stop()
        self._mock.start()
        self._private.seed(self._seed)

    def account_of(self, access_key: str) -> str | None:
        """Return the account of a key that moto has handed out; None if it hasn't."""
        account: str | None = self._private.account_of(access_key) if self.is_entered else None
        return account

    def call(self, scope: Scope, service: str, operation: str, members: Mapping[str, object]) -> JSONObject:
        """Make a native call; see Services."""
        with _told_as_failure(service, operation):
            return called(scope, service, operation, members)

    def pages(self, scope: Scope, service: str, operation: str, members: Mapping[str, object]) -> Iterator[JSONObject]:
        """Make a native call, and yield all pages of its answer; see Services."""
        with _told_as_failure(service, operation):
            yield from paged(scope, service, operation, members)

    @functools.cached_property
    def _private(self) -> ModuleType:
        try:
            from pytest_cloudcontrol.transport.moto import private
        except ModuleNotFoundError as missing:
            raise _not_installed(missing) from missing
        return private


def _mock_aws() -> StartedAndStopped:
    from moto import mock_aws

    # Or it looks through all its services at each call to Cloud Control before it answers 404.
    config: DefaultConfig = {"core": {"passthrough": {"urls": [rf"https?://{ENDPOINT_PREFIX}"], "services": []}}}
    mock: StartedAndStopped = mock_aws(config=config)
    return mock


@contextmanager
def _told_as_failure(service: str, operation: str) -> Iterator[None]:
    """Have what goes wrong in moto itself fail the handler."""
    try:
        yield
    except ServiceRefusal:
        raise
    except ModuleNotFoundError as missing:
        raise _not_installed(missing) from missing
    except Exception as error:
        words = f"moto's {service} {operation} raised {type(error).__name__}: {error}"
        raise HandlerError(HandlerErrorCode.INTERNAL_FAILURE, words) from error


def _not_installed(missing: ModuleNotFoundError) -> OptionError:
    return OptionError("provision", "moto", f"what moto needs to be installed ({missing}): {_INSTALL}")
