"""Activation: makes a backend and has it answer, for a block, a function or a fixture."""

from __future__ import annotations

import functools
import inspect
import sys
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any, Final, TypeVar, Unpack, cast, overload

from pytest_cloudcontrol.arguments import OptionError, refuse_unfinished, runs_as
from pytest_cloudcontrol.controls.cloudcontrol import CloudControl
from pytest_cloudcontrol.options import Options, merged

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Generator, Iterator
    from types import TracebackType
    from unittest import TestCase

    from pytest_cloudcontrol.backend import Backend
    from pytest_cloudcontrol.options import OptionValues

Decorated = TypeVar("Decorated", bound="Callable[..., object] | classmethod[Any, ..., Any]")
"""What is decorated stays of its own type: a function with its parameters, a class, a class method."""

_DONE: Final = (
    "something that is done when the function returns, for then the mock ends: "
    "decorate the `async def` or the generator function itself, or use `with mock_cloudcontrol()` in it"
)

_ENTERING: Final = (__name__, "contextlib", "unittest.case")
"""The modules that enter mocks for others: this one, an ExitStack, and a TestCase's ``enterContext``."""

_ORIGINAL: Final = "_without_cloudcontrol"
"""The attribute of a decorated function that has the one it was made of."""


@contextmanager
def activated(options: Options, holder: str) -> Iterator[Backend]:
    """Make a backend and let it answer until the block ends; what never came to be by then is not looked at.

    Args:
        options: how it behaves.
        holder: what activates it, with its file and line.

    Raises:
        AlreadyActive: another mock is active.
        SchemaError: the option ``schemas`` names something else than schemas.
    """
    # Only now: whoever imports the package, or collects tests that do, doesn't pay for botocore.
    from pytest_cloudcontrol.backend import Backend
    from pytest_cloudcontrol.transport.active import answered_by
    from pytest_cloudcontrol.transport.api_model import service_model
    from pytest_cloudcontrol.transport.moto.services import MotoServices

    backend = Backend(options, service_model(), MotoServices(options.seed))
    with answered_by(backend, holder):
        yield backend


@overload
def mock_cloudcontrol(decorated: Decorated, /) -> Decorated: ...


@overload
def mock_cloudcontrol(**options: Unpack[OptionValues]) -> Mock: ...


def mock_cloudcontrol(decorated: Decorated | None = None, /, **options: Unpack[OptionValues]) -> Decorated | Mock:
    """Mock Cloud Control for a block, a function or a class of tests, without the fixture.

    As a decorator it stands with parentheses or without. Every call of a function has a mock of its own, until it
    returns: a coroutine function or generator function until it has ended. In a ``unittest.TestCase`` every test has
    one, from ``setUp`` until after ``tearDown``; in another class every method whose name begins with ``test``.

    Args:
        decorated: what is decorated without parentheses.
        options: see Options.

    Raises:
        OptionError: there is no such option, or its value isn't valid; or what is decorated can't be, or returns what
            would go on after the mock has ended.
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
    mock = Mock(merged(Options(), options))
    return mock if decorated is None else mock(decorated)


class Mock:
    """A mock that is entered and left, as often as wanted; or a decorator, which does so for every call."""

    def __init__(self, options: Options, decorated: Callable[..., object] | None = None) -> None:
        self._options = options
        self._decorated = decorated
        self._stack = ExitStack()
        self._backend: Backend | None = None

    def __call__(self, decorated: Decorated) -> Decorated:
        """Decorate a function or a class of tests."""
        # Whatever it is, what comes of it is used in the same ways, which no type checker can see.
        return cast("Decorated", _mocked(decorated, self._options))

    def __enter__(self) -> CloudControl:
        self._backend = self._stack.enter_context(activated(self._options, self._place()))
        return CloudControl(self._backend)

    def _place(self) -> str:
        """Return what is mocked, with its file and line."""
        if self._decorated is None:
            return f"the block of mock_cloudcontrol() at {caller()}"
        decorated = inspect.unwrap(self._decorated)
        while isinstance(decorated, functools.partial):
            decorated = decorated.func
        name = getattr(decorated, "__qualname__", type(decorated).__qualname__)
        code = getattr(decorated, "__code__", None)
        place = "" if code is None else f" at {code.co_filename}:{code.co_firstlineno}"
        return f"mock_cloudcontrol() around {name}{place}"

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        backend, self._backend = self._backend, None
        if backend is not None and error is not None:
            error.add_note(f"Cloud Control:\n{backend.report()}")
        self._stack.close()
        if backend is None or error is not None:
            return
        if (unmet := backend.unmet(with_report=True)) is not None:
            raise unmet
        backend.dropped.warn()


def caller(*modules: str) -> str:
    """Return the place in the caller's code, behind the frames of what enters mocks for others, and of modules more."""
    frame = sys._getframe(1)  # noqa: SLF001  # documented, and a hundred times as quick as inspect.stack()
    while frame.f_back is not None and frame.f_globals.get("__name__") in (*_ENTERING, *modules):
        frame = frame.f_back
    return f"{frame.f_code.co_filename}:{frame.f_lineno}, in {frame.f_code.co_qualname}"


def _mocked(decorated: object, options: Options) -> object:
    """Return what stands for a decorated thing."""
    if isinstance(decorated, type):
        return _mocked_class(decorated, options)
    if isinstance(decorated, classmethod | staticmethod):
        return type(decorated)(_mocked_function(decorated.__func__, options))
    if isinstance(decorated, property):
        raise OptionError("function", decorated, "a function: @property belongs above @mock_cloudcontrol()")
    if not callable(decorated):
        raise OptionError("function", decorated, "a function, or options by name, as in @mock_cloudcontrol(region=...)")
    return _mocked_function(decorated, options)


def _mocked_class(tests: type, options: Options) -> type:
    """Mock every test of a class."""
    from unittest import TestCase  # who decorates no class doesn't pay for it

    if issubclass(tests, TestCase):
        setattr(tests, "setUp", _set_up(tests.setUp, options))  # noqa: B010  # a type checker wants no method replaced
        return tests
    names = [name for name in dir(tests) if name.startswith("test") and callable(getattr(tests, name))]
    if not names:
        raise OptionError("class", tests, "a class with methods that begin with `test`, or a unittest.TestCase")
    if hasattr(tests, "setup_method") or hasattr(tests, "teardown_method"):
        expected = "one without setup_method and teardown_method: the marker `cloudcontrol` mocks for them too"
        raise OptionError("class", tests, expected)
    for name in names:
        setattr(tests, name, _mocked(inspect.getattr_static(tests, name), options))
    return tests


def _set_up(original: Callable[[TestCase], None], options: Options) -> Callable[[TestCase], None]:
    """Return a setUp that activates a mock until the test's last cleanup."""
    if _is_mocked(original):
        return original

    @functools.wraps(original)
    def set_up(case: TestCase) -> None:
        own = [vars(base)["setUp"] for base in type(case).__mro__ if "setUp" in vars(base)]
        if next(filter(_is_mocked, own)) is set_up:  # or the class that derives from this one has done it
            case.enterContext(Mock(options, getattr(case, case.id().rpartition(".")[2], type(case))))
        original(case)

    setattr(set_up, _ORIGINAL, original)
    return set_up


def _mocked_function(function: Callable[..., object], options: Options) -> Callable[..., object]:
    """Return a function whose every call has a mock of its own, for as long as it runs."""
    if _is_mocked(function):  # by itself, in a class that is decorated, or in a base of it
        return function
    if runs_as(function, inspect.isasyncgenfunction):
        raise OptionError("function", function, "no async generator: use `with mock_cloudcontrol()` inside it")

    async def call_async(*arguments: object, **named: object) -> object:
        with Mock(options, function):
            return await cast("Awaitable[object]", function(*arguments, **named))

    def generate(*arguments: object, **named: object) -> Generator[object, object, object]:
        with Mock(options, function):
            return (yield from cast("Generator[object, object, object]", function(*arguments, **named)))

    def call(*arguments: object, **named: object) -> object:
        with Mock(options, function):
            returned = function(*arguments, **named)
            refuse_unfinished("returned", returned, _DONE)
            return returned

    wrapper: Callable[..., object] = call
    if runs_as(function, inspect.iscoroutinefunction):
        wrapper = call_async
    elif runs_as(function, inspect.isgeneratorfunction):
        wrapper = generate
    functools.update_wrapper(wrapper, function)
    setattr(wrapper, _ORIGINAL, function)
    return wrapper


def _is_mocked(function: object) -> bool:
    """Whether a function is what a decoration has made; a wrapper around such a one has its attributes, but isn't."""
    wrapped = getattr(function, "__wrapped__", None)
    return wrapped is not None and wrapped is getattr(function, _ORIGINAL, None)
