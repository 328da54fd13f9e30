"""A step that another thread is making is work that is due: whoever polls waits for it, and no wait is endless."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest
from calls import create
from loops import ON, loop, rounds
from resource_types import LOG_GROUP
from threads import GUARD

from pytest_cloudcontrol import CloudControl, NoProgressError

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeAlias

    from types_boto3_cloudcontrol import CloudControlApiClient

    from pytest_cloudcontrol import ResourceRequest

    Step: TypeAlias = Callable[[CloudControl, CloudControlApiClient, str], object]
    Poll: TypeAlias = Callable[[CloudControlApiClient, str], object]


STEPS: dict[str, Step] = {
    "run": lambda cloudcontrol, _, token: cloudcontrol.request(token).run(),
    "advance": lambda cloudcontrol, _, __: cloudcontrol.clock.advance(60),
    "loop": lambda _, client, token: loop(client, token),
}


@ON
@pytest.mark.parametrize("step", STEPS)
def test_poll_while_another_thread_steps(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient, step: str
) -> None:
    """A poll that comes while another thread is in a callback before the step waits for that step."""
    in_callback, polled_again = threading.Event(), threading.Event()
    polls: list[str] = []

    def linger() -> None:
        in_callback.set()
        assert polled_again.wait(GUARD)

    def count() -> None:
        if in_callback.is_set():
            polls.append("poll")
        if len(polls) == 2:
            polled_again.set()

    cloudcontrol.before(linger, at_step=1)
    cloudcontrol.before(count, api="GetResourceRequestStatus")
    token = create(cloudcontrol_client)
    stepping = threading.Thread(target=STEPS[step], args=(cloudcontrol, cloudcontrol_client, token), daemon=True)
    stepping.start()
    assert in_callback.wait(GUARD)
    loop(cloudcontrol_client, token)
    stepping.join(GUARD)
    assert cloudcontrol.request(token).steps == 2
    assert len(polls) < 10


POLLS: dict[str, Poll] = {
    "status": lambda client, token: client.get_resource_request_status(RequestToken=token),
    "read": lambda client, _: client.list_resources(TypeName=LOG_GROUP),
}


@ON
@pytest.mark.parametrize("poll", POLLS)
def test_callback_that_joins_a_thread_which_waits_for_its_step(
    cloudcontrol: CloudControl,
    cloudcontrol_client: CloudControlApiClient,
    monkeypatch: pytest.MonkeyPatch,
    poll: str,
) -> None:
    """A thread that waits for a step which waits for that thread is ended, with the lines where both stand."""
    monkeypatch.setattr("pytest_cloudcontrol.requests.no_progress.BACKSTOP", 0.05)
    stopped: list[NoProgressError] = []

    def poll_for_ever(request: ResourceRequest) -> None:
        def poll_on() -> None:
            try:
                for _ in rounds():
                    POLLS[poll](cloudcontrol_client, request.request_token)
            except NoProgressError as error:
                stopped.append(error)

        thread = threading.Thread(target=poll_on, daemon=True)
        thread.start()
        thread.join(GUARD)

    cloudcontrol.before(poll_for_ever, at_step=1)
    token = create(cloudcontrol_client)
    assert cloudcontrol.request(token).run().status == "SUCCESS"
    assert stopped[0].stalled.startswith(
        f"a thread waits for a step of request {token} that another thread makes, and nothing has changed for 0.05 s. "
    )
    assert stopped[0].stalled.count(f"{__file__}:") == 2
    assert stopped[0].remedy == (
        "What to do: let no code that runs in a step (a callback, a handler) wait for a thread "
        "that waits for that step."
    )
