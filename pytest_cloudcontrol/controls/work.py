"""The verbs that arrange how the work behind a request goes: how long it takes, and on which resource types."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_cloudcontrol.arguments import OptionError, duration, whole_number
from pytest_cloudcontrol.controls.arranging import Arrangement, Arranging
from pytest_cloudcontrol.controls.matching import request_match
from pytest_cloudcontrol.decisions.plans import LONGEST, Pace, Plan

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import timedelta
    from pathlib import Path

    from pytest_cloudcontrol.arguments import Duration
    from pytest_cloudcontrol.vocabulary import Operation


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
        )
        if steps is delay is first_delay is pending is None:
            wanted = ", ".join(Pace._fields)
            example = f"plan({', '.join([*plan.given(), 'steps=3'])})"
            raise OptionError("steps", None, f"at least one of {wanted} to be given, as in {example}")
        return self._arrange(plan)

    def add_type(self, schema: Mapping[str, object] | str | Path) -> Arrangement:
        """Add a resource type of your own, or another schema for one of AWS's; ``reset`` takes it away.

        Desired states and patched models are checked against it as against AWS's, and the mock makes up its read-only
        properties. Resources and requests that are there already keep what they have.

        Args:
            schema: the type's schema, as CloudFormation's registry has it, or the path of its JSON file.

        Returns:
            A handle: how often it has taken effect (``fired``), and taking it back (``remove()``).

        Raises:
            SchemaError: the schema is broken; the message says where.

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
            added = world.catalog.add(schema)

        def take_back() -> None:
            with clock.lock:
                clock.note_act()
                world.catalog.remove(added)

        def fired() -> int:
            return sum(request.handler_request.resource_type in added.versions for request in world.registry.requests)

        return Arrangement(lambda: f"add_type({added.type_name!r})", fired, take_back)


def _delay(value: object, name: str) -> timedelta | None:
    return None if value is None else duration(value, name, at_most=LONGEST)
