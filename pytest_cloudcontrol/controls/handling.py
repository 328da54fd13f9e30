"""What a handler of the test's own is handed."""

from __future__ import annotations

from dataclasses import replace
from random import Random
from typing import TYPE_CHECKING, Final, NamedTuple

from pytest_cloudcontrol.arguments import OptionError, text
from pytest_cloudcontrol.controls.clock import Clock
from pytest_cloudcontrol.controls.downstream import pieces_of
from pytest_cloudcontrol.controls.resources import Resources
from pytest_cloudcontrol.documents import copied_object
from pytest_cloudcontrol.handlers.protocol import HandlerInput, ReadInput
from pytest_cloudcontrol.resources.identifiers import model_of
from pytest_cloudcontrol.schemas.given import json_object
from pytest_cloudcontrol.vocabulary import HandlerOperation, Operation

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator
    from datetime import timedelta

    from pytest_cloudcontrol.clock import MockClock
    from pytest_cloudcontrol.documents import JSONObject
    from pytest_cloudcontrol.world import World

_MODEL: Final = "the properties of a resource as a dict, or None"
_NO_WORK: Final = "no {} in a read or list handler: it answers at once, with what it returns"


class Place(NamedTuple):
    """Where a handler works: it stays in its own world, also after a reset."""

    world: World
    clock: MockClock


class HandlerRequest:
    """What a handler of the test's own is asked, and what it works with. The same one at every call of a request.

    Example:
        ```python
        def create(request: HandlerRequest):
            request.identifier = request.resources.put(request.type_name, {**request.desired_state})
            yield 30  # this handler call ends: IN_PROGRESS, to be called again in 30 s

        cloudcontrol.add_handler("AWS::SQS::Queue", create=create)
        client.create_resource(TypeName="AWS::SQS::Queue", DesiredState='{"QueueName": "orders"}')
        assert cloudcontrol.requests.last.run().steps == 2
        ```
    """

    # With slots a misspelt attribute is refused instead of being made.
    __slots__ = ("_desired_state", "_given", "_may_raise", "_previous_state", "_random", "_service", "_world")

    def __init__(self, world: World, given: HandlerInput | ReadInput, *, may_raise: bool) -> None:
        self._world = world
        self._given = given
        self._may_raise = may_raise
        self._service: HandlerInput | None = None
        self._desired_state = given.desired_state
        if given.operation is Operation.DELETE:
            self._desired_state = model_of(given.identifier or "", given.resource_type.primary_identifier)
        # Kept here, as the request itself forgets it when it ends, and the code may go on for a while.
        self._previous_state = given.previous_state if isinstance(given, HandlerInput) else None
        self._random: Random | None = None

    def __repr__(self) -> str:
        return f"<HandlerRequest {self.operation} {self.type_name} {self.identifier or '(no identifier yet)'}>"

    @property
    def operation(self) -> HandlerOperation:
        """CREATE, UPDATE, DELETE, READ or LIST."""
        return HandlerOperation(self._given.operation)

    @property
    def type_name(self) -> str:
        """The resource type."""
        return self._given.type_name

    @property
    def identifier(self) -> str | None:
        """The resource's primary identifier. A create has the one that the caller has named, or sets it; else None."""
        return self._given.identifier

    @identifier.setter
    def identifier(self, identifier: str) -> None:
        if not isinstance(self._given, HandlerInput):
            raise OptionError("identifier", identifier, _NO_WORK.format("change of it"))
        self._given.identifier = text(identifier, "identifier")

    @property
    def resource_model(self) -> JSONObject | None:
        """What the request's events show as ResourceModel from this call on: None, unless the handler sets it."""
        return self._given.resource_model if isinstance(self._given, HandlerInput) else None

    @resource_model.setter
    def resource_model(self, model: JSONObject | None) -> None:
        if not isinstance(self._given, HandlerInput):
            raise OptionError("resource_model", model, _NO_WORK.format("events"))
        self._given.resource_model = None if model is None else json_object(model, "resource_model", _MODEL)

    @property
    def desired_state(self) -> JSONObject:
        """What the resource is to become: the desired state of a create, the patched model of an update.

        Of a delete and a read it is empty but for what the identifier says; of a list it is the ResourceModel.
        """
        return self._desired_state

    @property
    def previous_state(self) -> JSONObject | None:
        """What a read showed of the resource before an update; None otherwise."""
        return self._previous_state

    @property
    def type_configuration(self) -> JSONObject | None:
        """The configuration that the type was added with; None if there is none."""
        configuration = self._given.resource_type.configuration
        return None if configuration is None else copied_object(configuration)

    @property
    def account_id(self) -> str:
        """The account."""
        return self._given.scope.account_id

    @property
    def region(self) -> str:
        """The region."""
        return self._given.scope.region

    @property
    def role_arn(self) -> str | None:
        """The caller's RoleArn; None if there is none, and of reads."""
        return self._given.role_arn if isinstance(self._given, HandlerInput) else None

    @property
    def client_token(self) -> str | None:
        """The caller's ClientToken; None if there is none, and of reads."""
        return self._given.client_token if isinstance(self._given, HandlerInput) else None

    @property
    def request_token(self) -> str | None:
        """The request's token; None of reads, which make no request."""
        return self._given.request_token if isinstance(self._given, HandlerInput) else None

    @property
    def next_token(self) -> str | None:
        """Of a list: the nextToken with which a Resource of AWS's library goes on; None at its beginning."""
        return self._given.next_token if isinstance(self._given, ReadInput) else None

    @property
    def step_number(self) -> int:
        """Which handler call this is, from 1."""
        return self._given.step_number if isinstance(self._given, HandlerInput) else 1

    @property
    def clock(self) -> Clock:
        """The mock clock."""
        return Clock(self._world.clock)

    @property
    def random(self) -> Random:
        """Random numbers of this request's own, the same in every run of the test."""
        if self._random is None:
            name = self.request_token or f"{self.operation} {self.type_name} {self.identifier}"
            self._random = Random(f"{self._world.options.seed}/{name}/handler")
        return self._random

    @property
    def resources(self) -> Resources:
        """The resources of the request's account and region. What a handler does to them is no act of the test."""
        return Resources(Place(self._world, self._world.clock), self._given.scope, is_test=False)

    def default(self) -> Generator[timedelta, None, None]:
        """Do the default handler's work, one call after the other: ``yield from request.default()`` wraps it.

        It takes as many calls, with such delays, as plans say. Asked for again, it goes on where it stands.

        Raises:
            HandlerError: (when it goes on) the work has failed, as it would without a handler of the test's own.
            OptionError: it is a read or a list.

        Example:
            ```python
            def create(request: HandlerRequest):
                yield 60  # the service is slow today
                yield from request.default()

            cloudcontrol.add_handler("AWS::SQS::Queue", create=create)
            client.create_resource(TypeName="AWS::SQS::Queue", DesiredState="{}")
            assert cloudcontrol.requests.last.run().steps == 3
            ```
        """
        given = self._writing("default()")
        if self._service is None:
            # A copy: the request forgets what was to be made when it ends, and this may be downstream work.
            self._service = replace(given, desired_state=self._desired_state)
        return self._default(given, self._service)

    def _default(self, given: HandlerInput, service: HandlerInput) -> Generator[timedelta, None, None]:
        world = self._world
        seed = f"{world.options.seed}/{given.request_token}"
        while True:
            service.identifier = given.identifier
            with world.clock.lock:
                try:
                    delay = world.handlers.default(given.type_name).call(service, world.clock.now(), seed)
                finally:
                    given.identifier = service.identifier
            if delay is None:
                return
            yield delay

    def start(
        self,
        work: Callable[[], Iterator[object]] | Iterator[object],
        name: str | None = None,
    ) -> None:
        """Start work downstream, which no cancel, failure or expiry of the request stops.

        Its first part runs at once. Each ``yield`` waits so long on the clock: a timedelta, seconds, or None for the
        plan's delay. ``cloudcontrol.downstream`` has it.

        Args:
            work: a generator, or a function that makes one.
            name: what it is called there; the generator function's own name by default.

        Raises:
            OptionError: the work is neither, or this is a read or a list.

        Example:
            ```python
            def create(request: HandlerRequest):
                def provision():
                    yield 120
                    request.resources.put(request.type_name, request.desired_state)

                request.identifier = request.desired_state["QueueName"]
                request.start(provision)
                while cloudcontrol.downstream.last.next_step_at:
                    yield 60

            cloudcontrol.add_handler("Acme::Queue", create=create)
            ```
        """
        given = self._writing("start()")
        pieces = pieces_of(work)
        called = pieces.__name__.lstrip("_") if name is None else text(name, "name")
        downstream = self._world.handlers.downstream
        with self._world.clock.lock:
            begun = downstream.start(given, called, pieces, runs_unlocked=True, may_raise=self._may_raise)
            unlocked = downstream.make(begun)
        if unlocked is not None:
            unlocked()

    def _writing(self, what: str) -> HandlerInput:
        if not isinstance(self._given, HandlerInput):
            raise OptionError("operation", self.operation.value, _NO_WORK.format(what))
        return self._given
