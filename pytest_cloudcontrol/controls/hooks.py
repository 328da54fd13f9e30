"""The verb that adds a hook, and what a hook's function is handed."""

from __future__ import annotations

import re
from collections.abc import Iterable
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Final, TypeAlias

from pytest_cloudcontrol.arguments import OptionError, did_you_mean, duration, text, word
from pytest_cloudcontrol.controls.arranging import Arranging
from pytest_cloudcontrol.controls.providers import provider_hook
from pytest_cloudcontrol.decisions.plans import LONGEST
from pytest_cloudcontrol.documents import copied_object
from pytest_cloudcontrol.handlers.hooks import Hook
from pytest_cloudcontrol.handlers.providers.hooks import operations_of
from pytest_cloudcontrol.handlers.providers.library import is_hook
from pytest_cloudcontrol.vocabulary import HookFailureMode, Operation

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Mapping
    from datetime import timedelta

    from pytest_cloudcontrol.arguments import Duration
    from pytest_cloudcontrol.controls.arranging import Arrangement
    from pytest_cloudcontrol.controls.request import ResourceRequest
    from pytest_cloudcontrol.documents import JSONObject
    from pytest_cloudcontrol.requests.request import Request
    from pytest_cloudcontrol.schemas.catalog import Catalog

_NAME: Final = re.compile(r"[A-Za-z0-9]{2,64}(::[A-Za-z0-9]{2,64}){2}")
_USUAL: Final = frozenset((Operation.CREATE, Operation.UPDATE))

Asked: TypeAlias = "str | Generator[float | timedelta, None, str | None] | None"
"""Why a hook fails, None if it doesn't, or a generator that returns so in the end."""


class HookInvocation:
    """What a hook's function is asked about: one request that is about to be worked on.

    Attributes:
        hook_type_name: the hook.
        request: the request.
    """

    __slots__ = ("_model", "hook_type_name", "request")

    def __init__(self, hook_type_name: str, request: ResourceRequest, model: JSONObject) -> None:
        self.hook_type_name = hook_type_name
        self.request = request
        self._model = model

    def __repr__(self) -> str:
        return f"<HookInvocation {self.hook_type_name} before {self.operation} {self.type_name}>"

    @property
    def type_name(self) -> str:
        """The resource type."""
        return self.request.type_name

    @property
    def operation(self) -> Operation:
        """CREATE, UPDATE or DELETE."""
        return self.request.operation

    @property
    def identifier(self) -> str | None:
        """The resource's primary identifier; None if the service is to make it."""
        return self.request.identifier

    @property
    def model(self) -> JSONObject:
        """What the resource is to become: the desired state, or the patched model. Changing it changes nothing."""
        return self._model


class ArrangingHooks(Arranging):
    """Hooks; a part of CloudControl."""

    __slots__ = ()

    def add_hook(
        self,
        hook_type_name: str,
        hook: object = None,
        *,
        fails: str | Callable[[HookInvocation], Asked] | None = None,
        failure_mode: HookFailureMode | str = HookFailureMode.FAIL,
        targets: str | Iterable[str] | None = None,
        operations: Operation | str | Iterable[Operation | str] | None = None,
        delay: Duration = 1.0,
        configuration: Mapping[str, object] | None = None,
    ) -> Arrangement:
        """Let a hook be asked before the first handler call of requests that are accepted from now on.

        Several hooks are asked in the order in which they were added. Each invocation is a step on the clock, but none
        of the request's ``steps``. GetResourceRequestStatus shows them; what a hook has to say stands there, and the
        request's own StatusMessage only names it. After one that fails with FAIL none is asked any more.

        Args:
            hook_type_name: the hook's type, such as ``Acme::Rules::Encryption``.
            hook: a Hook of AWS's own library, whose handlers are then called as AWS calls them; it is asked before the
                operations that it has handlers for.
            fails: why it fails: a text, or a function of a HookInvocation that returns one, or None if it doesn't. None
                never fails. A generator function is asked again after each ``yield``, so many seconds later.
            failure_mode: ``FAIL`` ends the request; ``WARN`` lets it go on.
            targets: the resource types it is for, with ``*`` for any letters, as in ``AWS::S3::*``; None is all.
            operations: one or more of CREATE, UPDATE and DELETE; None is CREATE and UPDATE.
            delay: how long an invocation takes, a timedelta or seconds.
            configuration: the configuration of the Hook's type, which its handlers are given.

        Returns:
            A handle: for how many requests it was to run (``fired``), and taking it back (``remove()``).

        Raises:
            OptionError: a value isn't valid, or the targets match no resource type.

        Example:
            ```python
            cloudcontrol.add_hook("Acme::Rules::Names", fails="queues need a name", targets=["AWS::SQS::*"])
            answer = client.create_resource(TypeName="AWS::SQS::Queue", DesiredState="{}")
            request = cloudcontrol.requests.last.run()
            assert (request.error_code, request.steps) == ("GeneralServiceException", 0)
            token = answer["ProgressEvent"]["RequestToken"]
            [hook] = client.get_resource_request_status(RequestToken=token)["HooksProgressEvent"]
            assert hook["HookStatusMessage"] == "Hook failed with message: queues need a name"
            ```
        """
        if not _NAME.fullmatch(text(hook_type_name, "hook_type_name")):
            raise OptionError("hook_type_name", hook_type_name, "a hook type's name such as Acme::Rules::Encryption")
        if fails is not None and not isinstance(fails, str) and not callable(fails):
            raise OptionError("fails", fails, "a text, or a function of a HookInvocation that returns one or None")
        handles, world = self._handles, self._backend.world
        usual, possible = _USUAL, frozenset(Operation)

        def run(request: Request) -> Asked:
            if not callable(fails):
                return fails
            model = copied_object(request.handler_input.desired_state)
            return fails(HookInvocation(hook_type_name, handles.of(world, request), model))

        asked: Callable[[Request], Asked] = run
        if is_hook(hook):
            if fails is not None:
                raise OptionError("fails", fails, "None beside a Hook of AWS's library, which says itself why it fails")
            usual = possible = operations_of(hook_type_name, hook)
            asked = provider_hook(self._backend, hook, configuration or {})
        elif hook is not None:
            raise OptionError(
                "hook", hook, "a Hook of AWS's library cloudformation-cli-python-lib; see fails for others"
            )
        elif configuration is not None:
            raise OptionError("configuration", configuration, "None: only a Hook of AWS's library has one")
        added = Hook(
            hook_type_name,
            asked,
            word(HookFailureMode, failure_mode, "failure_mode"),
            None if targets is None else _targets(world.catalog, targets),
            usual if operations is None else _operations(operations, possible),
            duration(delay, "delay", at_most=LONGEST),
        )
        with self._backend.clock.act():
            world.handlers.hooks.add(added)

        def take_back() -> None:
            with self._backend.clock.act():
                world.handlers.hooks.remove(added)

        return self._note(added, lambda: f"add_hook({hook_type_name!r})", lambda: added.fired, take_back)


def _operations(
    given: Operation | str | Iterable[Operation | str], possible: frozenset[Operation]
) -> frozenset[Operation]:
    """Check the operations that a hook is for."""
    _refuse_unless_several("operations", given)
    wanted = (given,) if isinstance(given, str) else given
    operations = frozenset(word(Operation, name, "operations") for name in wanted) & possible
    if not operations:
        raise OptionError("operations", given, f"at least one of {', '.join(sorted(possible))}")
    return operations


def _refuse_unless_several(name: str, given: object) -> None:
    if not isinstance(given, Iterable):
        raise OptionError(name, given, "a list")


def _targets(catalog: Catalog, targets: str | Iterable[str]) -> tuple[str, ...]:
    """Check the resource types that a hook is for."""
    _refuse_unless_several("targets", targets)
    wanted = (targets,) if isinstance(targets, str) else tuple(targets)
    for target in wanted:
        text(target, "targets")
        if "*" not in target:
            catalog.named(target)
        elif not any(fnmatchcase(type_name, target) for type_name in catalog):
            question = did_you_mean(target, catalog)
            raise OptionError(
                "targets", target, f"a pattern that a known resource type fits{'. ' if question else ''}{question}"
            )
    if not wanted:
        raise OptionError("targets", targets, "at least one resource type, or None for all")
    return wanted
