"""CloudControl: the mock as a test holds it. Here is what there is, and moving on; arranging.py says what is where."""

from __future__ import annotations

from typing import TYPE_CHECKING, Unpack

from pytest_cloudcontrol.controls.callbacks import ArrangingCallbacks
from pytest_cloudcontrol.controls.calls import Calls
from pytest_cloudcontrol.controls.clock import Clock
from pytest_cloudcontrol.controls.downstream import Downstream
from pytest_cloudcontrol.controls.faults import ArrangingFaults
from pytest_cloudcontrol.controls.hooks import ArrangingHooks
from pytest_cloudcontrol.controls.moving import UNTIL_IDLE, run_until_idle, step_earliest
from pytest_cloudcontrol.controls.requests import Handles, Requests
from pytest_cloudcontrol.controls.resources import Resources
from pytest_cloudcontrol.controls.rules import ArrangingRules
from pytest_cloudcontrol.controls.scope import ScopedCloudControl
from pytest_cloudcontrol.controls.work import ArrangingWork
from pytest_cloudcontrol.options import merged
from pytest_cloudcontrol.vocabulary import Scope

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from types_boto3_cloudcontrol import CloudControlApiClient

    from pytest_cloudcontrol.backend import Backend
    from pytest_cloudcontrol.controls.request import ResourceRequest
    from pytest_cloudcontrol.options import Options
    from pytest_cloudcontrol.transport.clients import ClientArguments


class CloudControl(ArrangingRules, ArrangingFaults, ArrangingWork, ArrangingHooks, ArrangingCallbacks):
    """A mocked Cloud Control: its clock, its requests, what exists, and what the test arranges.

    The fixture ``cloudcontrol`` gives one, and so does ``mock_cloudcontrol()``.
    """

    __slots__ = ("_clock",)

    def __init__(self, backend: Backend) -> None:
        super().__init__(Handles(backend))
        self._clock = Clock(backend.clock)

    def __repr__(self) -> str:
        return f"<CloudControl at {self.clock.now().isoformat()}, {len(self.requests)} requests>"

    # ------------------------------------------------------------------ what there is

    @property
    def clock(self) -> Clock:
        """The mock clock."""
        return self._clock

    @property
    def options(self) -> Options:
        """What it was made with."""
        return self._backend.options

    @property
    def requests(self) -> Requests:
        """Every request of all accounts and regions, oldest first: a sequence with ``.last`` and ``.matching()``."""
        return Requests(self._handles)

    def request(self, request_token: str) -> ResourceRequest:
        """Return the request of a token; an expired one too, and those of every account and region.

        Args:
            request_token: the token that the API's answer carried.

        Raises:
            UnknownRequest: there is none; the message suggests the nearest token.

        Example:
            ```python
            answer = client.create_resource(TypeName="AWS::SQS::Queue", DesiredState="{}")
            request = cloudcontrol.request(answer["ProgressEvent"]["RequestToken"])
            assert request is cloudcontrol.requests.last
            ```
        """
        return self._handles.of_token(request_token)

    @property
    def calls(self) -> Calls:
        """Every API call that was made so far, oldest first: a sequence with ``.last`` and ``.matching()``."""
        return Calls(self._backend)

    @property
    def downstream(self) -> Downstream:
        """All downstream work there was, oldest first: what goes on whatever becomes of the request that started it."""
        return Downstream(self._handles)

    @property
    def resources(self) -> Resources:
        """What exists in the default account and region; see ``scope`` for others."""
        return Resources(self._backend, self._backend.default_scope)

    def scope(self, account_id: str | None = None, region: str | None = None) -> ScopedCloudControl:
        """Return the requests, resources and steps of one account and region.

        Clients of it are those of ``client(region_name=..., account_id=...)``, and every client that the code under
        test makes for the region. What is kept of it follows a reset.

        Args:
            account_id: twelve digits; the option ``account_id`` by default.
            region: such as ``eu-west-1``; the option ``region`` by default.

        Raises:
            OptionError: the account or the region isn't valid.

        Example:
            ```python
            ireland = cloudcontrol.client(region_name="eu-west-1")
            ireland.create_resource(TypeName="AWS::SQS::Queue", DesiredState="{}")
            assert cloudcontrol.scope(region="eu-west-1").run_until_idle() == 2
            assert len(cloudcontrol.scope(region="eu-west-1").resources) == 1
            assert len(cloudcontrol.resources) == 0  # of the default region
            ```
        """
        named = {"account_id": account_id, "region": region}
        options = merged(self.options, {name: value for name, value in named.items() if value is not None})
        return ScopedCloudControl(self._handles, Scope(options.account_id, options.region))

    def client(
        self, region_name: str | None = None, account_id: str | None = None, **arguments: Unpack[ClientArguments]
    ) -> CloudControlApiClient:
        """Return a new boto3 client of this mock, made without looking at any setting of the machine.

        Code under test may make its own, as ever; those are of the default account. One of this method's keeps its
        account and region when the mock is reset.

        Args:
            region_name: its region; the option ``region`` by default.
            account_id: its account; the option ``account_id`` by default.
            arguments: further arguments of ``boto3.client``, such as ``config`` and ``endpoint_url``.

        Raises:
            OptionError: the region or the account isn't valid.

        Example:
            ```python
            other = cloudcontrol.client(account_id="210987654321")
            other.create_resource(TypeName="AWS::SQS::Queue", DesiredState="{}")
            assert cloudcontrol.requests.last.account_id == "210987654321"
            ```
        """
        from pytest_cloudcontrol.transport.clients import make_client

        scope = self.scope(account_id, region_name).key
        access_key = arguments.get("aws_access_key_id") or f"AKIA{scope.account_id}MOCK"
        self._backend.accounts.hand_out(access_key, scope.account_id)
        return make_client(scope.region, access_key, arguments)

    # ------------------------------------------------------------------ moving on

    def step(self) -> ResourceRequest | None:
        """Make the earliest due handler call of any request, moving the clock there if it lies ahead.

        Rules and callbacks of the step happen as at every other. A PENDING request that is taken up on the way is no
        step. To step one request only, whatever is due of others, use its own ``step()``.

        Returns:
            The request whose call it was, or None when nothing is due.

        Example:
            ```python
            for name in ("one", "two"):
                client.create_resource(TypeName="AWS::Logs::LogGroup", DesiredState=f'{{"LogGroupName": "{name}"}}')
            assert [cloudcontrol.step().identifier for _ in range(4)] == ["one", "two", "one", "two"]
            assert cloudcontrol.step() is None
            ```
        """
        return step_earliest(self._handles)

    def run_until_idle(self, max_steps: int = UNTIL_IDLE) -> int:
        """Make handler calls until nothing is due any more: every request has come to its end then.

        Requests that the calls' callbacks make are worked off too. The clock stops at the last call, or where the last
        thing has become consistent; seven days later the requests expire.

        Args:
            max_steps: how many handler calls at most, of all requests together.

        Returns:
            How many were made.

        Raises:
            StatusNotReached: so many were not enough.
            OptionError: max_steps isn't a positive whole number.

        Example:
            ```python
            for _ in range(3):
                client.create_resource(TypeName="AWS::SQS::Queue", DesiredState="{}")
            assert cloudcontrol.run_until_idle() == 6
            assert {request.status for request in cloudcontrol.requests} == {"SUCCESS"}
            ```
        """
        return run_until_idle(self._handles, max_steps)

    def undisturbed(self) -> AbstractContextManager[None]:
        """Return a block in which an exploration has no surprises, in this thread or task: for looking and asserting.

        API calls in it count for nothing in a replay line. Outside an exploration it changes nothing.

        Example:
            ```python
            with cloudcontrol.undisturbed():
                assert client.list_resources(TypeName="AWS::SQS::Queue")["ResourceDescriptions"] == []
            ```
        """
        return self._backend.world.decisions.undisturbed()

    def reset(self) -> None:
        """Begin anew, as if just made: the clock at its start, and nothing made, arranged or added.

        The same calls get the same tokens and made-up values again. Clients, and what a test has kept of ``requests``,
        ``resources``, ``scope()`` and ``clock``, go on with the new world. Requests from before can still be read, but
        not moved.

        Example:
            ```python
            client.create_resource(TypeName="AWS::SQS::Queue", DesiredState="{}")
            first = cloudcontrol.requests.last
            cloudcontrol.reset()
            assert len(cloudcontrol.requests) == 0
            client.create_resource(TypeName="AWS::SQS::Queue", DesiredState="{}")
            assert cloudcontrol.requests.last.request_token == first.request_token
            ```
        """
        self._backend.reset()
