"""A Hook of AWS's library, as the function that a hook of a test's own has.

It is invoked as AWS does: again with the callback context and after the delay that it has returned last, until it
succeeds or fails.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from pytest_cloudcontrol.arguments import OptionError
from pytest_cloudcontrol.documents import copied_object
from pytest_cloudcontrol.handlers.providers.invocation import credentials, invoke
from pytest_cloudcontrol.handlers.providers.library import is_handler_error
from pytest_cloudcontrol.vocabulary import Operation

if TYPE_CHECKING:
    from collections.abc import Callable, Generator
    from datetime import timedelta

    from cloudformation_cli_python_lib.hook import Hook

    from pytest_cloudcontrol.documents import JSONObject
    from pytest_cloudcontrol.handlers.problems import Problems
    from pytest_cloudcontrol.handlers.providers.invocation import KeepsAtHome
    from pytest_cloudcontrol.vocabulary import Scope


class Target(NamedTuple):
    """What a hook is asked about.

    Attributes:
        operation: CREATE, UPDATE or DELETE.
        type_name: the resource type.
        scope: the account and region.
        token: the token of the request's hooks.
        model: what the resource is to become; of one that is to be deleted what it is.
        previous: what the resource was before an update; None if that isn't known.
    """

    operation: Operation
    type_name: str
    scope: Scope
    token: str
    model: JSONObject
    previous: JSONObject | None


def operations_of(hook_type_name: str, hook: Hook) -> frozenset[Operation]:
    """Return the operations before which a Hook has something to say.

    Raises:
        OptionError: the Hook is of another type, or has no handler.
    """
    if hook.type_name != hook_type_name:
        raise OptionError("hook", hook, f"the Hook of {hook_type_name}, not that of {hook.type_name}")
    registered = {point.name for point in vars(hook)["_handlers"]}
    operations = frozenset(operation for operation in Operation if _point(operation) in registered)
    if not operations:
        raise OptionError("hook", hook, "a Hook to which a handler is registered")
    return operations


class HookProvider:
    """Invokes a Hook.

    Args:
        hook: the Hook.
        configuration: the configuration of its type.
        problems: what is told at the test's end.
        access_key_of: returns the access key of an account.
        keep_at_home: prepares the session that a handler is given.
    """

    def __init__(
        self,
        hook: Hook,
        configuration: JSONObject,
        problems: Problems,
        access_key_of: Callable[[str], str],
        keep_at_home: KeepsAtHome,
    ) -> None:
        self._hook = hook
        self._configuration = configuration
        self._problems = problems
        self._access_key_of = access_key_of
        self._keep_at_home = keep_at_home

    def ask(self, target: Target) -> Generator[timedelta, None, str | None]:
        """Return why the hook fails, or None; each yield says how much later it is to be asked again."""
        context: JSONObject = {}
        while True:
            event = self._event(target, context)
            invoked = invoke(self._hook, event, target.scope.account_id, self._keep_at_home)
            if invoked.lost_context is not None:
                self._problems.tell(f"the hook {self._hook.type_name}: {invoked.lost_context}")
            if invoked.refused is not None and not is_handler_error(invoked.refused):
                whose = f"the model of the configuration of {self._hook.type_name}"
                self._problems.raised(whose, invoked.refused, may_raise=False)
            answer = invoked.answer
            if answer.status == "SUCCESS":
                return None
            if answer.status == "FAILED":
                return answer.message or answer.error_code
            context = answer.context
            yield answer.delay

    def _event(self, target: Target, context: JSONObject) -> JSONObject:
        model: JSONObject = {"resourceProperties": copied_object(target.model)}
        if target.previous is not None:
            model["previousResourceProperties"] = copied_object(target.previous)
        return {
            "credentials": credentials(self._access_key_of(target.scope.account_id)),
            "actionInvocationPoint": _point(target.operation),
            "request": {
                "clientRequestToken": target.token,
                "awsAccountId": target.scope.account_id,
                "hookTypeName": self._hook.type_name,
                "hookTypeVersion": "00000001",
                "invocationPoint": _point(target.operation),
                "targetName": target.type_name,
                "targetType": "RESOURCE",
                "targetModel": model,
            },
            "callbackContext": context,
            "typeConfiguration": copied_object(self._configuration),
            "region": target.scope.region,
        }


def _point(operation: Operation) -> str:
    return f"{operation}_PRE_PROVISION"
