"""The verbs that arrange how the work behind a request goes: how long it takes, and on which resource types."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_cloudcontrol.arguments import OptionError, duration, true_or_false, whole_number
from pytest_cloudcontrol.controls.arranging import Arranging
from pytest_cloudcontrol.controls.handler_functions import handler_functions
from pytest_cloudcontrol.controls.handling import HandlerRequest
from pytest_cloudcontrol.controls.matching import request_match
from pytest_cloudcontrol.controls.providers import provider_functions
from pytest_cloudcontrol.decisions.limits import ConcurrencyLimit
from pytest_cloudcontrol.decisions.plans import DEFAULT, LONGEST, PLANNED, Pace, Plan, Timings
from pytest_cloudcontrol.handlers.providers.library import is_resource
from pytest_cloudcontrol.handlers.provision import MEMORY, MOTO, Provision
from pytest_cloudcontrol.handlers.written import WrittenHandler
from pytest_cloudcontrol.options import PROVISIONS
from pytest_cloudcontrol.schemas.timings import known_timings
from pytest_cloudcontrol.vocabulary import Operation

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping
    from datetime import timedelta
    from pathlib import Path

    from pytest_cloudcontrol.arguments import Duration
    from pytest_cloudcontrol.controls.arranging import Arrangement
    from pytest_cloudcontrol.decisions.match import Match
    from pytest_cloudcontrol.handlers.protocol import HandlerInput, ReadInput
    from pytest_cloudcontrol.schemas.timings import Timing


class ArrangingWork(Arranging):
    """Plans and types; a part of CloudControl."""

    __slots__ = ()

    def plan(
        self,
        type_name: str | None = None,
        operation: Operation | str | None = None,
        *,
        steps: int | None = None,
        delay: Duration | None = None,
        first_delay: Duration | None = None,
        pending: Duration | bool | None = None,
        downstream: bool | None = None,
        step_time: Duration | None = None,
        consistent_after: Duration | None = None,
    ) -> Arrangement:
        """Arrange how long requests take that are accepted from now on.

        Of several plans that fit a request each parameter comes from the most specific one that gives it (type and
        operation, then the type, then the operation), and of equally specific ones from the latest. A request keeps
        the plans it was accepted under. Rules count its handler calls: with ``steps=1`` a rule ``at_step=2`` never
        fires.

        Args:
            type_name: which type's; None is every one's.
            operation: CREATE, UPDATE or DELETE; None is all.
            steps: how many handler calls they take.
            delay: the time between two handler calls, a timedelta or seconds; 1 s by default.
            first_delay: the time before the first, a timedelta or seconds; 0.2 s by default.
            pending: how long they are PENDING before they are taken up; True: until their first handler call.
            downstream: True: the service does the work by itself from the first call on, whatever becomes of the
                request, and the handler only watches it. Not for a type with a handler of your own.
            step_time: how long one handler call takes, a timedelta or seconds. It begins when it is due, and ends so
                much later; a cancel that comes meanwhile is CANCEL_IN_PROGRESS until then.
            consistent_after: how long after the request's end GetResource and ListResources show what it did, a
                timedelta or seconds. Until then they show its resource as it was before the first handler call; of
                several such requests on one resource, as it was before the first that isn't consistent yet.
                ``cloudcontrol.resources`` and UpdateResource see what there is.

        Returns:
            A handle: how often it has taken effect (``fired``), and taking it back (``remove()``).

        Raises:
            OptionError: a value isn't valid, or all are left out.

        Example:
            ```python
            cloudcontrol.plan("AWS::SQS::Queue", "CREATE", steps=4, delay=30)
            client.create_resource(TypeName="AWS::SQS::Queue", DesiredState="{}")
            request = cloudcontrol.requests.last.run()
            assert request.steps == 4
            assert request.last_event.event_time - request.accepted_at == timedelta(seconds=0.2 + 3 * 30)
            ```
        """
        match = request_match(self._backend, type_name, operation)
        plan = Plan(
            match=match,
            steps=None if steps is None else whole_number(steps, "steps"),
            delay=_delay(delay, "delay"),
            first_delay=_delay(first_delay, "first_delay"),
            pending=pending if isinstance(pending, bool) else _delay(pending, "pending"),
            downstream=None if downstream is None else true_or_false(downstream, "downstream"),
            step_time=_delay(step_time, "step_time"),
            consistent_after=_delay(consistent_after, "consistent_after"),
        )
        if all(getattr(plan, name) is None for name in PLANNED):
            wanted = ", ".join(PLANNED)
            example = f"plan({', '.join([*plan.given(), 'steps=3'])})"
            raise OptionError("steps", None, f"at least one of {wanted} to be given, as in {example}")
        if downstream and type_name is not None:
            self._refuse_written(type_name, plan.match)
        return self._arrange(plan)

    def use_aws_timings(self) -> Arrangement:
        """Let requests that are accepted from now on take about as long as in AWS, of the types of which it is known.

        The recorded handler calls of log groups, and what is documented of slow types such as databases and clusters,
        with a handler call every 30 s. ``docs/timings.md`` has the list. All others keep the defaults. Whatever a plan
        of the test's own says comes first, if it was arranged before or after. Twice does nothing more.

        Returns:
            A handle: for how many requests it set the pace (``fired``), and taking it back (``remove()``).

        Example:
            ```python
            cloudcontrol.use_aws_timings()
            state = '{"ReplicationGroupDescription": "sessions"}'
            client.create_resource(TypeName="AWS::ElastiCache::ReplicationGroup", DesiredState=state)
            request = cloudcontrol.requests.last.run()
            assert request.last_event.event_time - request.accepted_at == timedelta(minutes=5, seconds=0.2)
            ```
        """
        with self._backend.clock.lock:
            return self._arrange(self._backend.world.decisions.timings or _aws_timings())

    def limit_concurrency(self, running: int, *, type_name: str | None = None) -> Arrangement:
        """Arrange that only so many requests are worked on at once, as AWS does under load.

        A further one is accepted as PENDING, and taken up when there is room again because another has ended: the
        earliest accepted first. Its first handler call is due after its plan's ``first_delay`` from then. Each account
        and region counts by itself. Several limits hold together. What is being worked on already goes on; one that a
        plan keeps PENDING isn't worked on, and asks for its place when that time is over.

        Args:
            running: how many.
            type_name: of which type; None counts the requests of all types together.

        Returns:
            A handle: how many requests it has held back (``fired``), and taking it back (``remove()``), which lets
            them go.

        Raises:
            OptionError: a value isn't valid.

        Example:
            ```python
            cloudcontrol.limit_concurrency(1)
            for _ in range(2):
                client.create_resource(TypeName="AWS::SQS::Queue", DesiredState="{}")
            first, second = cloudcontrol.requests
            assert (first.status, second.status, second.next_step_at) == ("IN_PROGRESS", "PENDING", None)
            first.run()
            assert second.status == "IN_PROGRESS"
            ```
        """
        whole_number(running, "running")
        if type_name is not None:
            self._backend.world.catalog.named(type_name)
        world, limit = self._backend.world, ConcurrencyLimit(running=running, type_name=type_name)
        return self._arrange(limit, world.runner.limits_changed)

    def add_handler(
        self,
        type_name: str,
        handler: object = None,
        *,
        create: Callable[[HandlerRequest], object] | None = None,
        update: Callable[[HandlerRequest], object] | None = None,
        delete: Callable[[HandlerRequest], object] | None = None,
        read: Callable[[HandlerRequest], Mapping[str, object]] | None = None,
        list: Callable[[HandlerRequest], Iterable[str | Mapping[str, object]]] | None = None,  # noqa: A002  # its name
        may_raise: bool = False,
    ) -> Arrangement:
        """Let your own code be a resource type's handler, for requests that are accepted from now on.

        ``create``, ``update`` and ``delete`` are generator functions, each ``yield`` of which ends a handler call: it
        yields how long until the next one, as seconds, a timedelta, or None for the plan's delay. Returning is SUCCESS,
        raising HandlerError is FAILED. A plain function is one call. What it did to ``request.resources`` by then
        stays. ``read`` returns the model of a resource, or raises HandlerError("NotFound", ...); ``list`` returns
        identifiers or models. What isn't given stays with the handler there was.

        The code runs outside the mock's lock: it may call Cloud Control, from any thread. Whatever else it raises fails
        the request with InternalFailure, and the test at its end.

        Args:
            type_name: the resource type; its schema must have the operations.
            handler: an object with methods of these names; or a Resource of AWS's own library, whose handlers are then
                called as AWS calls them.
            create: makes a resource, and sets ``request.identifier``.
            update: changes one to ``request.desired_state``.
            delete: removes one.
            read: shows one.
            list: lists them, by ``request.desired_state``, the call's ResourceModel.
            may_raise: whether it is all right if the code raises something else than HandlerError; an AssertionError
                never is.

        Returns:
            A handle: for how many requests it was to work (``fired``), and taking it back (``remove()``); requests that
            it works on keep it.

        Raises:
            OptionError: there is no such type, its schema doesn't have the operation, or what is given is no function
                or has none.

        Example:
            ```python
            def create(request):
                request.identifier = request.resources.put(request.type_name, request.desired_state)
                yield 30
                raise HandlerError("NotStabilized", "no quorum")

            cloudcontrol.add_handler("AWS::SQS::Queue", create=create)
            client.create_resource(TypeName="AWS::SQS::Queue", DesiredState='{"QueueName": "orders"}')
            assert cloudcontrol.requests.last.run().error_code == "NotStabilized"
            assert len(cloudcontrol.resources) == 1  # what it made stays
            ```
        """
        resource_type = self._backend.world.catalog.named(type_name)
        given = {"create": create, "update": update, "delete": delete, "read": read, "list": list}
        if is_resource(handler):
            functions = provider_functions(self._backend, handler, resource_type)
            if any(function is not None for function in given.values()):  # which come before the Resource's own
                functions |= handler_functions(resource_type, None, given)
        else:
            functions = handler_functions(resource_type, handler, given)
        true_or_false(may_raise, "may_raise")
        self._refuse_watching(type_name, functions)
        clock, world = self._backend.clock, self._backend.world

        def open_request(given: HandlerInput | ReadInput) -> HandlerRequest:
            return HandlerRequest(world, given, may_raise=may_raise)

        written = WrittenHandler(
            type_name, functions, open_request, world.problems, may_raise=may_raise, has_time_out=is_resource(handler)
        )
        with clock.act():
            world.handlers.add(written)

        def take_back() -> None:
            with clock.act():
                world.handlers.remove(written)

        names = ", ".join(sorted(functions))
        return self._note(written, lambda: f"add_handler({type_name!r}) for {names}", lambda: written.fired, take_back)

    def provision(self, whose: str, type_name: str | None = None) -> Arrangement:
        """Say whose the resources are, for requests and reads from now on; ``reset`` goes back to the option.

        With ``"moto"`` they are moto's own: what Cloud Control creates is there for every client, and what other
        clients have made is there for Cloud Control. moto is entered if the test hasn't done so, and left with the
        mock.

        Args:
            whose: ``"memory"``, the mock's own; ``"moto"``, where the calls of a type that isn't in the table are
                UnsupportedActionException; or ``"moto-or-memory"``, where such types are kept in memory.
            type_name: of which type; None is of all that have no provision of their own.

        Returns:
            A handle: for how many requests it held (``fired``), and taking it back (``remove()``).

        Raises:
            OptionError: it is none of these, there is no such type, it isn't in the table, or moto isn't installed.

        Example:
            ```python
            cloudcontrol.provision("moto", "AWS::SQS::Queue")
            client.create_resource(TypeName="AWS::SQS::Queue", DesiredState='{"QueueName": "orders"}')
            cloudcontrol.requests.last.run()
            assert len(boto3.client("sqs").list_queues()["QueueUrls"]) == 1
            ```
        """
        if whose not in PROVISIONS:
            raise OptionError("whose", whose, PROVISIONS)
        clock, provisions = self._backend.clock, self._backend.world.handlers.provisions
        if type_name is not None:
            self._backend.world.catalog.named(type_name)
            if whose == MOTO and not provisions.is_in_table(type_name):
                expected = f"a type of the table in docs/moto-types.md, to which {type_name} doesn't belong"
                raise OptionError("type_name", type_name, expected)
        if whose != MEMORY:
            self._backend.enter_services()
        provision = Provision(whose, type_name)
        with clock.act():
            provisions.add(provision)

        def take_back() -> None:
            with clock.act():
                provisions.remove(provision)

        given = repr(whose) if type_name is None else f"{whose!r}, {type_name!r}"
        return self._note(provision, lambda: f"provision({given})", lambda: provision.fired, take_back)

    def _refuse_watching(self, type_name: str, operations: Collection[str]) -> None:
        """Refuse a handler for a type whose downstream work the default handler is to watch."""
        plan = self._backend.world.decisions.downstream_plan(type_name, operations)
        if plan is not None:
            expected = f"a type whose work isn't downstream by {plan}: take that back, or request.start() it"
            raise OptionError("type_name", type_name, expected)

    def _refuse_written(self, type_name: str, match: Match) -> None:
        """Refuse downstream work of the default handler's for a type that doesn't have it."""
        planned = [operation for operation in Operation if match.operation in (None, operation)]
        if any(self._backend.world.handlers.written(type_name, operation) for operation in planned):
            expected = f"no downstream for {type_name}, which has a handler of the test's own: request.start() is there"
            raise OptionError("downstream", True, expected)  # the value that was given

    def add_type(
        self, schema: Mapping[str, object] | str | Path, configuration: Mapping[str, object] | None = None
    ) -> Arrangement:
        """Add a resource type of your own, or another schema for one of AWS's; ``reset`` takes it away.

        Desired states and patched models are checked against it as against AWS's, and the mock makes up its read-only
        properties. Resources and requests that are there already keep what they have.

        Args:
            schema: the type's schema, as CloudFormation's registry has it; or the path of its JSON file, or of the
                folder of its project as ``cfn init`` makes it.
            configuration: the type's configuration, which its handlers are given: what an account sets for the whole
                type.

        Returns:
            A handle: how often it has taken effect (``fired``), and taking it back (``remove()``).

        Raises:
            SchemaError: the schema is broken; the message says where. Or a folder is no project of a type.
            OptionError: the configuration isn't valid by the schema's ``typeConfiguration``.

        Example:
            ```python
            cloudcontrol.add_type(
                {
                    "typeName": "Acme::Shop::Order",
                    "properties": {"Name": {"type": "string"}, "Arn": {"type": "string"}},
                    "primaryIdentifier": ["/properties/Name"],
                    "readOnlyProperties": ["/properties/Arn"],
                    "handlers": {"create": {}, "read": {}, "delete": {}},
                }
            )
            client.create_resource(TypeName="Acme::Shop::Order", DesiredState='{"Name": "first"}')
            assert cloudcontrol.requests.last.run().identifier == "first"
            ```
        """
        clock, world = self._backend.clock, self._backend.world
        with clock.lock:
            clock.note_act()
            added = world.catalog.add(schema, configuration)

        def take_back() -> None:
            with clock.lock:
                clock.note_act()
                world.catalog.remove(added)

        def fired() -> int:
            return sum(request.handler_input.resource_type in added.versions for request in world.registry.requests)

        return self._note(added, lambda: f"add_type({added.type_name!r})", fired, take_back)


def _aws_timings() -> Timings:
    return Timings(paces={(timing.type_name, timing.operation): _pace(timing) for timing in known_timings()})


def _pace(timing: Timing) -> Pace:
    default = DEFAULT[timing.operation]
    first_delay = default.first_delay if timing.first_delay is None else timing.first_delay
    delays = timing.delays
    delay = delays[0] if delays else default.delay
    recorded = delays if len(set(delays)) > 1 else ()
    return default._replace(steps=timing.steps, first_delay=first_delay, delay=delay, delays=recorded)


def _delay(value: object, name: str) -> timedelta | None:
    return None if value is None else duration(value, name, at_most=LONGEST)
