"""Who runs: one actor at a time, and another only where the running one hands over, waits, is blocked or ends."""

from __future__ import annotations

import threading
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

import pytest
from mock_time import START
from plays import beside, last_first, nobody_first, side_by_side

from pytest_cloudcontrol.exploration.actors import Actor, Stage

if TYPE_CHECKING:
    from collections.abc import Sequence


def test_its_result_is_the_functions() -> None:
    """A play returns what its function returned."""
    assert Stage(nobody_first).play(lambda: 5) == 5


def test_it_raises_what_the_function_raised() -> None:
    """A play raises what its function raised, the very same exception."""
    error = ValueError("mine")

    def function() -> None:
        raise error

    with pytest.raises(ValueError, match="mine") as raised:
        Stage(nobody_first).play(function)
    assert raised.value is error


def test_a_start_does_not_switch() -> None:
    """Whoever starts a thread goes on until it is blocked."""
    order: list[str] = []

    def function() -> None:
        thread = threading.Thread(target=order.append, args=("started",))
        thread.start()
        order.append("starter")
        thread.join()

    Stage(nobody_first).play(function)

    assert order == ["starter", "started"]


def test_the_lowest_number_goes_next() -> None:
    """When the running actor is blocked or ends, the one of those ready goes on that was started first."""
    order: list[int] = []

    def function() -> None:
        side_by_side(*(partial(order.append, number) for number in range(5)))

    Stage(nobody_first).play(function)

    assert order == [0, 1, 2, 3, 4]


def test_actors_have_numbers_and_names() -> None:
    """Actor 1 is the function; all others are numbered by their start, and have the names of their threads."""
    stage = Stage(nobody_first)
    seen: list[Actor | None] = []

    def function() -> None:
        seen.append(stage.current)
        inner = threading.Thread(target=lambda: seen.append(stage.current), name="inner")

        def start() -> None:
            seen.append(stage.current)
            inner.start()

        outer = threading.Thread(target=start, name="outer")
        outer.start()
        outer.join()
        inner.join()

    stage.play(function)

    assert list(map(repr, seen)) == ["<actor 1 (MainThread)>", "<actor 2 (outer)>", "<actor 3 (inner)>"]
    assert stage.current is None


def test_names_are_the_same_in_each_play() -> None:
    """Python's own counts of threads begin anew in each play."""

    def function() -> list[str]:
        return [threading.Thread().name, threading.Thread(target=int).name]

    assert Stage(nobody_first).play(function) == ["Thread-1", "Thread-2 (int)"]
    assert Stage(nobody_first).play(function) == ["Thread-1", "Thread-2 (int)"]


def test_nobody_is_asked_without_others() -> None:
    """Whoever hands over alone isn't asked about anybody."""
    asked: list[object] = []
    stage = Stage(lambda current, others: asked.append((current, others)))

    stage.play(stage.hand_over)

    assert asked == []


def test_those_are_asked_about_that_are_ready() -> None:
    """The choice is among the others that could go on: those that are blocked, wait or have ended aren't."""
    asked: list[tuple[int, list[int]]] = []

    def choose(current: Actor, others: Sequence[Actor]) -> Actor | None:
        asked.append((current.number, [other.number for other in others]))
        return None

    stage = Stage(choose)

    def function() -> None:
        event = threading.Event()
        threads = [beside(target) for target in (event.wait, int, stage.hand_over, stage.wait)]
        stage.hand_over()
        threads[2].join()
        stage.hand_over()
        event.set()
        stage.hand_over()
        for thread in threads:
            thread.join()

    stage.play(function)

    assert asked == [(1, [2, 3, 4, 5]), (4, [5]), (1, [5]), (1, [2, 5])]


def test_the_chosen_goes_first_until_it_ends() -> None:
    """The chosen one runs to its end, and then the one that gave way goes on, whoever else is ready."""
    order: list[str] = []
    stage = Stage(lambda current, others: others[-1] if current.number == 1 else None)

    def called(name: str) -> None:
        for _ in range(2):
            stage.hand_over()
            order.append(name)

    def function() -> None:
        threads = [beside(partial(called, name)) for name in ("second", "third")]
        stage.hand_over()
        order.append("first")
        for thread in threads:
            thread.join()

    stage.play(function)

    assert order == ["third", "third", "first", "second", "second"]


def test_the_chosen_goes_first_until_it_is_blocked() -> None:
    """The one that gave way goes on when the chosen one is blocked."""
    order: list[str] = []
    stage = Stage(last_first)

    def function() -> None:
        event = threading.Event()

        def blocked() -> None:
            order.append("before")
            event.wait()
            order.append("after")

        thread = threading.Thread(target=blocked)
        thread.start()
        stage.hand_over()
        order.append("first")
        event.set()
        thread.join()

    stage.play(function)

    assert order == ["before", "first", "after"]


def test_who_gave_way_may_be_chosen_itself() -> None:
    """One that gave way goes on when it is put first again, and doesn't get the baton back a second time."""
    order: list[str] = []
    stage = Stage(last_first)

    def function() -> None:
        def other() -> None:
            order.append("other begins")
            stage.hand_over()
            order.append("other ends")

        thread = threading.Thread(target=other)
        thread.start()
        stage.hand_over()
        order.append("function")
        thread.join()

    stage.play(function)

    assert order == ["other begins", "function", "other ends"]


def test_who_waits_lets_all_others_go_on() -> None:
    """An actor that only waits goes on when all others have ended or are blocked."""
    order: list[str] = []
    stage = Stage(nobody_first)

    def function() -> None:
        event = threading.Event()

        def blocked() -> None:
            order.append("before")
            event.wait()
            order.append("after")

        threads = [beside(target) for target in (blocked, lambda: order.append("ended"))]
        stage.wait()
        order.append("waited")
        event.set()
        for thread in threads:
            thread.join()

    stage.play(function)

    assert order == ["before", "ended", "waited", "after"]


def test_of_those_that_wait_the_earliest_goes_on() -> None:
    """Of all that only wait, the one with the earliest instant goes on; a poll has none, and is earlier than any."""
    order: list[int | None] = []
    stage = Stage(nobody_first)

    def waiting(seconds: int | None) -> None:
        stage.wait(None if seconds is None else START + timedelta(seconds=seconds))
        order.append(seconds)

    stage.play(lambda: side_by_side(*(partial(waiting, seconds) for seconds in (30, 10, None, 20))))

    assert order == [None, 10, 20, 30]


def test_those_that_poll_take_turns() -> None:
    """Of those that wait for the same instant each has its turn: one that polls for ever keeps no other from it."""
    order: list[str] = []
    stage = Stage(nobody_first)

    def polling(name: str) -> None:
        while len(order) < 6:
            stage.wait()
            order.append(name)

    stage.play(lambda: side_by_side(lambda: polling("first"), lambda: polling("second")))

    assert order[:6] == ["first", "second"] * 3


def test_a_timeout_is_over_while_others_poll_in_vain() -> None:
    """One that is blocked with a timeout gives up, though others go on waiting: it may do what they wait for."""
    stage = Stage(nobody_first)
    done: list[bool] = []
    polls = 0

    def backing_off() -> None:
        threading.Event().wait(timeout=60)
        done.append(True)

    def function() -> None:
        nonlocal polls
        thread = threading.Thread(target=backing_off)
        thread.start()
        while not done:
            polls += 1
            stage.wait()
        thread.join()

    stage.play(function)

    assert polls == 21


def test_a_thread_that_is_no_actor_takes_no_turns() -> None:
    """A thread that was started before isn't an actor: it hands over to nobody."""
    begin, done = threading.Event(), threading.Event()
    stage = Stage(last_first)
    seen: list[Actor | None] = []

    def outside() -> None:
        begin.wait()
        stage.hand_over()
        stage.wait()
        seen.append(stage.current)
        done.set()

    thread = threading.Thread(target=outside)
    thread.start()

    def function() -> None:
        begin.set()
        done.wait()

    stage.play(function)
    thread.join()

    assert seen == [None]


def test_only_who_is_ready_goes_first() -> None:
    """Who isn't ready can't go first."""
    stage = Stage(lambda current, _: Actor(7) if current.number == 1 else None)

    def function() -> None:
        threading.Thread(target=int, name="other").start()
        stage.hand_over()

    with pytest.raises(ValueError, match="actor 7") as refused:
        stage.play(function)

    assert str(refused.value) == (
        "actor 7 () isn't ready, so it can't go first: expected one of [<actor 2 (other)>], or None"
    )


def test_a_stage_plays_once() -> None:
    """A stage that has played is refused: its numbers are given out."""
    stage = Stage(nobody_first)
    stage.play(int)

    with pytest.raises(RuntimeError) as refused:
        stage.play(int)

    assert str(refused.value) == "this stage has played already: make another one for each play"


def test_no_play_in_a_play() -> None:
    """A function that is played can't play another."""
    with pytest.raises(RuntimeError) as refused:
        Stage(nobody_first).play(lambda: Stage(nobody_first).play(int))

    assert str(refused.value) == "another stage is playing: a function that is played can't play one itself"
