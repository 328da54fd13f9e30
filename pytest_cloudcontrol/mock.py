"""CloudControl: the mock as a test sees it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Unpack

from pytest_cloudcontrol.arguments import OptionError, duration, text, true_or_false, whole_number, word
from pytest_cloudcontrol.clock import Timekeeper
from pytest_cloudcontrol.decisions.callbacks import BeforeCall, BeforeStep
from pytest_cloudcontrol.decisions.faults import ApiError, Cancel, Expiry, Failure
from pytest_cloudcontrol.decisions.match import Match
from pytest_cloudcontrol.decisions.plans import LONGEST, Plan
from pytest_cloudcontrol.errors import UnknownRequest
from pytest_cloudcontrol.report import overview
from pytest_cloudcontrol.service.errors import known_codes, usual_message
from pytest_cloudcontrol.service.service import Service
from pytest_cloudcontrol.service.world import World
from pytest_cloudcontrol.views.clock import Clock
from pytest_cloudcontrol.views.requests import Requests
from pytest_cloudcontrol.views.resources import Resources
from pytest_cloudcontrol.views.scope import ScopedCloudControl
from pytest_cloudcontrol.vocabulary import Api, HandlerErrorCode, Operation, Scope

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from botocore.model import ServiceModel
    from types_boto3_cloudcontrol import CloudControlApiClient

    from pytest_cloudcontrol.arguments import Duration
    from pytest_cloudcontrol.decisions.faults import StepRule
    from pytest_cloudcontrol.options import Options
    from pytest_cloudcontrol.requests.request import ResourceRequest
    from pytest_cloudcontrol.service.calls import Call
    from pytest_cloudcontrol.transport.clients import ClientArguments

_MAX_STEPS_UNTIL_IDLE: Final = 1000


class CloudControl:
    """A mocked Cloud Control: its clock, its requests, what exists, and what the test arranges.

    The fixture ``cloudcontrol`` gives one, and so does ``mock_cloudcontrol()``.

    Attributes:
        clock: the mock clock.
        options: what it was made with.
        default_scope: the account and region of the options.
    """

    __slots__ = ("_accounts", "_model", "_service", "_world", "clock", "default_scope", "options", "timekeeper")

    def __init__(self, options: Options, model: ServiceModel) -> None:
        self.options = options
        self.timekeeper = Timekeeper(options.start, auto_advance=options.auto_advance)
        self.clock = Clock(self.timekeeper)
        self._model = model
        self.default_scope = Scope(options.account_id, options.region)
        self._accounts: dict[str, str] = {}
        self._begin()

    def _begin(self) -> None:
        self._world = World(self.options, self.timekeeper)
        self._service = Service(self._world, self._model)

    def _present_world(self) -> World:
        """Return the world there is now: what a test has kept of ``resources`` and ``scope()`` follows a reset."""
        return self._world

    def __repr__(self) -> str:
        return f"<CloudControl at {self.clock.now().isoformat()}, {len(self.requests)} requests>"

    # ------------------------------------------------------------------ what there is

    @property
    def requests(self) -> Requests:
        """Every request there was, of all accounts and regions, oldest first: a sequence with ``.last``."""
        return Requests(self._world.registry.requests)

    def request(self, request_token: str) -> ResourceRequest:
        """Return the request of a token; an expired one too.

        Raises:
            UnknownRequest: there is none.
        """
        request = self._world.registry.of_token(request_token) if isinstance(request_token, str) else None
        if request is None:
            raise UnknownRequest(request_token, [known.request_token for known in self._world.registry.requests])
        return request

    @property
    def calls(self) -> Sequence[Call]:
        """Every API call that was made so far, oldest first."""
        return tuple(self._service.calls)

    @property
    def resources(self) -> Resources:
        """What exists in the default account and region; see ``scope`` for others."""
        return Resources(self._present_world, self.default_scope)

    def scope(self, account_id: str | None = None, region: str | None = None) -> ScopedCloudControl:
        """Return the requests, resources and steps of one account and region, the default ones where None is given."""
        named = {"account_id": account_id, "region": region}
        options = self.options.merged({name: value for name, value in named.items() if value is not None})
        return ScopedCloudControl(self._present_world, Scope(options.account_id, options.region))

    # ------------------------------------------------------------------ moving on

    def step(self) -> ResourceRequest | None:
        """Make the earliest due handler call of any request, moving the clock there if it lies ahead.

        Returns:
            The request whose call it was, or None when nothing is due.
        """
        return self._world.runner.step_any()

    def run_until_idle(self, max_steps: int = _MAX_STEPS_UNTIL_IDLE) -> int:
        """Make handler calls until nothing is due any more.

        Returns:
            How many were made.

        Raises:
            StatusNotReached: so many were not enough.
        """
        return self._world.runner.run_until_idle(max_steps)

    def reset(self) -> None:
        """Begin anew, as if just made: the clock at its start, and nothing made, arranged or added.

        Requests from before can still be read, but not moved.
        """
        with self.timekeeper.lock:
            self._world.runner.ended = True
            self.timekeeper.restart()
            self._begin()

    # ------------------------------------------------------------------ arranging beforehand

    def plan(
        self,
        type_name: str | None = None,
        operation: Operation | str | None = None,
        *,
        steps: int | None = None,
        delay: Duration | None = None,
        first_delay: Duration | None = None,
        pending: Duration | bool | None = None,
    ) -> None:
        """Arrange how long requests take that are accepted from now on.

        Of several plans that fit a request each parameter comes from the most specific one that gives it (type and
        operation, then the type, then the operation), and of equally specific ones from the latest.

        Args:
            type_name: which type's; None is every one's.
            operation: CREATE, UPDATE or DELETE; None is all.
            steps: how many handler calls they take.
            delay: the time between two handler calls, a timedelta or seconds; 1 s by default.
            first_delay: the time before the first; 0.2 s by default.
            pending: how long they are PENDING before they are taken up; True: until their first handler call.

        Raises:
            OptionError: a value isn't valid, or all are left out.
        """
        if steps is delay is first_delay is pending is None:
            raise OptionError("plan", None, "at least one of steps, delay, first_delay and pending")
        plan = Plan(
            None if steps is None else whole_number(steps, "steps"),
            None if delay is None else duration(delay, "delay", at_most=LONGEST),
            None if first_delay is None else duration(first_delay, "first_delay", at_most=LONGEST),
            pending if pending is None or isinstance(pending, bool) else duration(pending, "pending", at_most=LONGEST),
        )
        self._arranged()
        self._world.decisions.add_plan(self._match(type_name, operation), plan)

    def add_failure(
        self,
        error_code: HandlerErrorCode | str,
        *,
        type_name: str | None = None,
        operation: Operation | str | None = None,
        identifier: str | None = None,
        at_step: int = 1,
        message: str | None = None,
        times: int = 1,
        optional: bool = False,
    ) -> None:
        """Arrange that a request fails in a handler call: instead of what the call would have done.

        Args:
            error_code: a HandlerErrorCode or its string.
            type_name: of which type; None matches all.
            operation: CREATE, UPDATE or DELETE; None matches all.
            identifier: of which resource, by its primary identifier. A create whose identifier the service makes has
                none before its first call.
            at_step: which handler call fails, 1 being the first.
            message: the event's StatusMessage.
            times: how many requests fail so.
            optional: whether it is all right if the rule never fires; otherwise the test fails then.

        Raises:
            OptionError: a value isn't valid.
        """
        code = word(HandlerErrorCode, error_code, "error_code")
        match = self._match(type_name, operation, identifier)
        words = None if message is None else text(message, "message")
        self._add_rule(
            Failure(match=match, at_step=at_step, times=times, optional=optional, error_code=code, message=words)
        )

    def add_cancel(
        self,
        *,
        type_name: str | None = None,
        operation: Operation | str | None = None,
        identifier: str | None = None,
        at_step: int = 1,
        times: int = 1,
        optional: bool = False,
    ) -> None:
        """Arrange that a request is cancelled instead of a handler call; the arguments are those of ``add_failure``."""
        match = self._match(type_name, operation, identifier)
        self._add_rule(Cancel(match=match, at_step=at_step, times=times, optional=optional))

    def add_expiry(
        self,
        *,
        type_name: str | None = None,
        operation: Operation | str | None = None,
        identifier: str | None = None,
        at_step: int = 1,
        times: int = 1,
        optional: bool = False,
    ) -> None:
        """Arrange that a request expires instead of a handler call; the arguments are those of ``add_failure``."""
        match = self._match(type_name, operation, identifier)
        self._add_rule(Expiry(match=match, at_step=at_step, times=times, optional=optional))

    def add_error(
        self,
        code: str,
        *,
        api: Api | str | None = None,
        message: str | None = None,
        times: int = 1,
        optional: bool = False,
    ) -> None:
        """Arrange that API calls are answered with an error, before the service looks at them.

        botocore retries some of them (ThrottlingException, every 500); each try takes one of the ``times``.

        Args:
            code: the exception's name, such as ``ThrottlingException``.
            api: which API operation's, such as ``GetResource``; None is every one's.
            message: the words; those usual for the code by default.
            times: how many calls.
            optional: whether it is all right if no call is made; otherwise the test fails then.

        Raises:
            OptionError: a value isn't valid.
        """
        codes = known_codes(shape.name for shape in self._model.error_shapes)
        if code not in codes:
            raise OptionError("code", code, codes)
        rule = ApiError(
            code=code,
            message=usual_message(code) if message is None else text(message, "message"),
            api=None if api is None else word(Api, api, "api"),
            times=whole_number(times, "times"),
            optional=true_or_false(optional, "optional"),
        )
        self._arranged()
        self._world.decisions.call_rules.append(rule)

    def before(
        self,
        callback: Callable[..., object],
        *,
        api: Api | str | None = None,
        type_name: str | None = None,
        operation: Operation | str | None = None,
        at_step: int | None = None,
    ) -> None:
        """Arrange that the test's own code runs right before API calls or right before handler calls.

        It runs in the thread whose call it is, outside the mock's lock: it may call Cloud Control, from any thread, and
        whatever it does has happened when the call or step is made.

        Args:
            callback: called with the Call or the ResourceRequest if it takes an argument, else without.
            api: an API operation such as ``GetResource``: run before these calls.
            type_name: of which resource type; None is every one's.
            operation: of which requests' steps: CREATE, UPDATE or DELETE; None is all.
            at_step: before which handler call, 1 being the first; None is each.

        Raises:
            OptionError: a value isn't valid, or ``api`` is given together with ``operation`` or ``at_step``.
        """
        if not callable(callback):
            raise OptionError("callback", callback, "a callable")
        match = self._match(type_name, operation)
        if at_step is not None:
            whole_number(at_step, "at_step")
        self._arranged()
        if api is None:
            self._world.decisions.before_steps.append(BeforeStep(callback, match, at_step))
        elif operation is not None or at_step is not None:
            raise OptionError("api", api, "no api together with operation or at_step, which are about handler calls")
        else:
            named = word(Api, api, "api")
            shape = self._model.operation_model(named).input_shape
            if type_name is not None and (shape is None or "TypeName" not in shape.members):
                raise OptionError("type_name", type_name, f"no type_name with {named}, whose calls name no type")
            self._world.decisions.before_calls.append(BeforeCall(callback, named, type_name))

    def add_type(self, schema: Mapping[str, object] | str | Path) -> None:
        """Add a resource type of your own, or another schema for one of AWS's.

        Args:
            schema: the type's schema, as CloudFormation's registry has it, or the path of its JSON file.

        Raises:
            SchemaError: the schema is broken; the message says where.
        """
        self._world.catalog.add(schema)
        self._arranged()

    # ------------------------------------------------------------------ clients

    def client(
        self, region_name: str | None = None, account_id: str | None = None, **arguments: Unpack[ClientArguments]
    ) -> CloudControlApiClient:
        """Return a new boto3 client of this mock.

        Args:
            region_name: its region; the option ``region`` by default.
            account_id: its account; the option ``account_id`` by default.
            arguments: further arguments of ``boto3.client``, such as ``config`` and ``endpoint_url``.

        Raises:
            OptionError: the region or the account is none.
        """
        from pytest_cloudcontrol.transport.clients import make_client

        scope = self.scope(account_id, region_name).key
        access_key = arguments.get("aws_access_key_id") or f"AKIA{scope.account_id}MOCK"
        self._accounts[access_key] = scope.account_id
        return make_client(scope.region, access_key, arguments)

    # ------------------------------------------------------------------ for the transport and the plugin

    def check_schemas(self) -> None:
        """Read the names of the types of the option ``schemas``, if it is given.

        Raises:
            SchemaError: it names something else than schemas.
        """
        if self.options.schemas is not None:
            len(self._world.catalog)

    def begin_test(self) -> None:
        """Note that another test begins: what one has asked, the next doesn't repeat."""
        self.timekeeper.touch()

    @property
    def service(self) -> Service:
        """What answers the calls."""
        return self._service

    @property
    def accounts(self) -> Mapping[str, str]:
        """The account of each access key that ``client`` has handed out."""
        return self._accounts

    def left_undone(self) -> str | None:
        """Return what the test arranged that never came to be, or left running against its options; None if nothing."""
        rules = [str(rule) for rule in self._world.decisions.unmet()]
        lines = []
        if rules:
            lines += ["These were arranged, but never came to be (optional=True allows it):"]
            lines += [f"    {rule}" for rule in rules]
        running = list(self._world.registry.running.values())
        if self.options.leave_nothing_running and running:
            are = "request is" if len(running) == 1 else "requests are"
            lines += [f"{len(running)} {are} still running at the end, and leave_nothing_running is on."]
        if not lines:
            return None
        return "\n".join([*lines, "Cloud Control requests:", overview(self.requests)])

    def _match(self, type_name: str | None, operation: Operation | str | None, identifier: str | None = None) -> Match:
        if type_name is not None:
            self._world.known_type(type_name)
        named = None if operation is None else word(Operation, operation, "operation")
        return Match(type_name, named, None if identifier is None else text(identifier, "identifier"))

    def _add_rule(self, rule: StepRule) -> None:
        whole_number(rule.at_step, "at_step")
        whole_number(rule.times, "times")
        true_or_false(rule.optional, "optional")
        self._arranged()
        self._world.decisions.step_rules.append(rule)

    def _arranged(self) -> None:
        self.timekeeper.touch()
