"""Activation: makes a backend and has it answer, for a block, a function or a fixture."""

from __future__ import annotations

import functools
import inspect
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, ParamSpec, TypeVar, Unpack, cast

from pytest_cloudcontrol.arguments import OptionError
from pytest_cloudcontrol.controls.cloudcontrol import CloudControl
from pytest_cloudcontrol.options import Options, merged

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator
    from types import TracebackType

    from pytest_cloudcontrol.backend import Backend
    from pytest_cloudcontrol.options import OptionValues

Parameters = ParamSpec("Parameters")
Returned = TypeVar("Returned")


@contextmanager
def activated(options: Options) -> Iterator[Backend]:
    """Make a backend and let it answer until the block ends; what never came to be by then is not looked at.

    Raises:
        AlreadyActive: another mock is active.
        SchemaError: the option ``schemas`` names something else than schemas.
    """
    # Only now: whoever imports the package, or collects tests that do, doesn't pay for botocore.
    from pytest_cloudcontrol.backend import Backend
    from pytest_cloudcontrol.transport.active import answered_by
    from pytest_cloudcontrol.transport.api_model import service_model

    backend = Backend(options, service_model())
    with answered_by(backend):
        yield backend


class mock_cloudcontrol:  # noqa: N801  # it is used like a function, as moto's mock_aws is
    """Mock Cloud Control for a block or a function, without the fixture.

    Args:
        options: see Options.

    Raises:
        OptionError: there is no such option, or its value isn't valid.
        AlreadyActive: (on entering) another mock is active.
        SchemaError: (on entering) the option ``schemas`` names something else than schemas.
        AssertionError: (on leaving) a rule that the block arranged never fired, or a request is still running and the
            option ``leave_nothing_running`` is on.

    Example:
        ```python
        with mock_cloudcontrol(region="eu-west-1") as cloudcontrol:
            boto3.client("cloudcontrol").create_resource(TypeName="AWS::SQS::Queue", DesiredState="{}")
            assert cloudcontrol.requests.last.region == "eu-west-1"
        ```
    """

    def __init__(self, *function: object, **options: Unpack[OptionValues]) -> None:
        if function:
            raise OptionError("mock_cloudcontrol", function[0], "options by name; as a decorator: @mock_cloudcontrol()")
        self._options = merged(Options(), options)
        self._stack = ExitStack()
        self._backend: Backend | None = None

    def __call__(self, function: Callable[Parameters, Returned]) -> Callable[Parameters, Returned]:
        """Decorate a function, a coroutine function or a generator function: every call of it has a mock of its own."""
        if isinstance(function, type):
            raise OptionError("function", function, "a function: for a class of tests use the marker `cloudcontrol`")
        if inspect.isasyncgenfunction(function):
            raise OptionError("function", function, "no async generator: use `with mock_cloudcontrol()` inside it")
        options = self._options
        # Each wrapper returns what the function it wraps does, which no type checker can see.
        if inspect.iscoroutinefunction(function):

            async def call_async(*arguments: Parameters.args, **named: Parameters.kwargs) -> object:
                with mock_cloudcontrol._of(options):
                    return await function(*arguments, **named)

            return cast("Callable[Parameters, Returned]", functools.wraps(function)(call_async))
        if inspect.isgeneratorfunction(function):

            def generate(*arguments: Parameters.args, **named: Parameters.kwargs) -> Generator[object, object, object]:
                with mock_cloudcontrol._of(options):
                    return (yield from function(*arguments, **named))

            return cast("Callable[Parameters, Returned]", functools.wraps(function)(generate))

        @functools.wraps(function)
        def call(*arguments: Parameters.args, **named: Parameters.kwargs) -> Returned:
            with mock_cloudcontrol._of(options):
                return function(*arguments, **named)

        return call

    @classmethod
    def _of(cls, options: Options) -> mock_cloudcontrol:
        """Return a mock of options that are put together already."""
        mock = cls()
        mock._options = options
        return mock

    def __enter__(self) -> CloudControl:
        self._backend = self._stack.enter_context(activated(self._options))
        return CloudControl(self._backend)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        backend, self._backend = self._backend, None
        self._stack.close()
        if backend is None:
            return
        if error is not None:
            error.add_note(f"Cloud Control requests:\n{backend.overview()}")
        elif (unmet := backend.unmet()) is not None:
            raise AssertionError(unmet)
