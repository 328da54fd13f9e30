"""Explored tests on the command line: shards, replays, several workers, a debugger, and what a terminal shows."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING, Final

import pytest
from inner_tests import without

if TYPE_CHECKING:
    from pathlib import Path

DEPLOYS: Final = """
import pytest

@pytest.mark.cloudcontrol_explore(surprises=2, errors=("lost answer",){arguments})
def test_deploys(cloudcontrol):
    client = cloudcontrol.client()
    try:
        client.create_resource(TypeName="AWS::SQS::Queue", DesiredState="{{}}")
        client.list_resource_requests()
    except Exception:
        pass
    cloudcontrol.run_until_idle()
{body}"""

FAILS: Final = "    assert not cloudcontrol.requests or cloudcontrol.requests.last.status == 'SUCCESS', 'it failed'\n"


def deploys(arguments: str = "", body: str = "") -> str:
    """Return a file with a test that passes every schedule, unless its body has more to say."""
    return DEPLOYS.format(arguments=arguments and f", {arguments}", body=body)


def summary_of(result: pytest.RunResult) -> str:
    """Return the line that says what was covered."""
    (line,) = (line for line in result.outlines if line.startswith("cloudcontrol: "))
    return line


def shown(result: pytest.RunResult) -> str:
    """Return what a run has shown, without what pytest marks errors with."""
    return "\n".join(line.removeprefix("E").strip() for line in (*result.outlines, *result.errlines))


# Shards


def test_shards(pytester: pytest.Pytester) -> None:
    """Shards are tests of their own that together run every schedule once, and the plain run once each."""
    pytester.makepyfile(test_whole=deploys(), test_parts=deploys("shards=3"))
    whole = summary_of(pytester.runpytest("test_whole.py"))
    result = pytester.runpytest("test_parts.py", "-v", "-p", "no:randomly")
    result.assert_outcomes(passed=3)
    parts = summary_of(result)
    runs = int(whole.split(", ")[1].split()[0])
    assert parts == whole.replace("1 exploration", "3 explorations").replace(f"{runs} sch", f"{runs + 2} sch")
    result.stdout.fnmatch_lines([f"*test_deploys?shard {number} of 3?*" for number in (1, 2, 3)])


def test_one_shard(pytester: pytest.Pytester) -> None:
    """A shard is selected as any case is, and runs its part."""
    pytester.makepyfile(deploys("shards=2"))
    result = pytester.runpytest("test_one_shard.py::test_deploys[shard 2 of 2]")
    result.assert_outcomes(passed=1)
    assert summary_of(result).startswith("cloudcontrol: 1 exploration, 13 schedules, 0 pruned; ")


def test_more_shards_than_schedules(pytester: pytest.Pytester) -> None:
    """A shard without any schedule makes the plain run."""
    pytester.makepyfile(
        """
        import pytest

        @pytest.mark.cloudcontrol_explore(shards=3)
        def test_it(cloudcontrol):
            pass
        """
    )
    result = pytester.runpytest()
    result.assert_outcomes(passed=3)
    assert summary_of(result) == "cloudcontrol: 3 explorations, 3 schedules, 0 pruned; surprises: none"


def test_shards_of_a_parametrized_test(pytester: pytest.Pytester) -> None:
    """Each case is divided."""
    pytester.makepyfile(
        """
        import pytest

        @pytest.mark.parametrize("number", [1, 2])
        @pytest.mark.cloudcontrol_explore(shards=2, errors=())
        def test_it(cloudcontrol, number):
            cloudcontrol.client().list_resource_requests()
        """
    )
    pytester.runpytest().assert_outcomes(passed=4)


def test_failure_in_one_shard(pytester: pytest.Pytester) -> None:
    """A failure's replay line runs in whichever shard is named."""
    pytester.makepyfile(deploys("shards=2, moves=False, failures=()", FAILS))
    result = pytester.runpytest("-p", "no:randomly", "-x")
    result.assert_outcomes(failed=1)
    (line,) = (line for line in result.outlines if "Replay: " in line)
    node, _, replay = line.partition("Replay: pytest ")[2].partition(" --cloudcontrol-replay=")
    again = pytester.runpytest(node.strip('"'), f"--cloudcontrol-replay={replay.strip(chr(34))}")
    again.assert_outcomes(failed=1)


@pytest.mark.parametrize("shards", ["0", "'2'", "True", "1.5"])
def test_wrong_shards(pytester: pytest.Pytester, shards: str) -> None:
    """A wrong number of shards is an error of collecting the test, without any traceback."""
    pytester.makepyfile(deploys(f"shards={shards}"))
    result = pytester.runpytest()
    result.assert_outcomes(errors=1)
    assert "Traceback" not in shown(result)
    assert f"shards={shards} is not valid: expected a whole number, at least 1" in shown(result)


# Replays


LINE: Final = "request 1 step 1: CANCELLED"


def test_replay(pytester: pytest.Pytester) -> None:
    """With a replay line only that schedule is run."""
    pytester.makepyfile(deploys())
    result = pytester.runpytest(f"--cloudcontrol-replay={LINE}")
    result.assert_outcomes(passed=1)
    assert summary_of(result) == "cloudcontrol: 1 exploration, 1 schedule, 0 pruned; surprises: 1 cancelled"


def test_replay_that_fails(pytester: pytest.Pytester) -> None:
    """A replayed failure has its note, with nothing said of other schedules."""
    pytester.makepyfile(deploys(body=FAILS))
    result = pytester.runpytest(f"--cloudcontrol-replay={LINE}")
    result.assert_outcomes(failed=1)
    assert "passed before it" not in shown(result)
    assert f'--cloudcontrol-replay="{LINE}"' in shown(result)


def test_other_tests_are_run_as_ever(pytester: pytest.Pytester) -> None:
    """Of the selected tests those without the marker are run as without the line."""
    pytester.makepyfile(deploys() + "\ndef test_other(cloudcontrol):\n    assert len(cloudcontrol.calls) == 0\n")
    pytester.runpytest(f"--cloudcontrol-replay={LINE}").assert_outcomes(passed=2)


def test_replay_that_does_not_fit(pytester: pytest.Pytester) -> None:
    """A line that doesn't fit fails the test, and says what is there."""
    pytester.makepyfile(deploys())
    result = pytester.runpytest("--cloudcontrol-replay=call 9 GetResource: stale")
    result.assert_outcomes(failed=1)
    assert (
        "the replay doesn't fit this run, in which there is no\n"
        "call 9 GetResource: stale\n"
        "There is no call 9 now; GetResource isn't called."
    ) in shown(result)


def test_replay_of_no_test(pytester: pytest.Pytester) -> None:
    """A line that no selected test would replay ends the run."""
    pytester.makepyfile("def test_it(cloudcontrol): pass")
    result = pytester.runpytest(f"--cloudcontrol-replay={LINE}")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert "--cloudcontrol-replay: none of the selected tests has the marker cloudcontrol_explore" in shown(result)


def test_misspelt_replay(pytester: pytest.Pytester) -> None:
    """A misspelt flag ends the run, with the right one."""
    pytester.makepyfile(deploys())
    result = pytester.runpytest(f"--cloudcontrol-replya={LINE}")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert "pytest-cloudcontrol has no option --cloudcontrol-replya. Did you mean --cloudcontrol-replay?" in shown(
        result
    )


# Beside pytest's own flags


def test_debugger(pytester: pytest.Pytester) -> None:
    """--pdb stops in the failing run, in whose world one may look around."""
    pytester.makepyfile(deploys("moves=False, failures=()", FAILS))
    pytester.makepyfile(
        debugger="""
        class Debugger:
            def __init__(self, *arguments, **named):
                pass

            def reset(self):
                pass

            def interaction(self, frame, traceback):
                last = traceback if not isinstance(traceback, BaseException) else traceback.__traceback__
                while last.tb_next is not None:
                    last = last.tb_next
                there = last.tb_frame.f_locals["cloudcontrol"]
                print("\\nat the schedule:", last.tb_frame.f_code.co_name, there.requests.last.status)
        """
    )
    result = pytester.runpytest("--pdb", "--pdbcls=debugger:Debugger", "-p", "no:randomly")
    result.stdout.fnmatch_lines(["at the schedule: test_deploys CANCEL_COMPLETE"])


@pytest.mark.slow
def test_workers(pytester: pytest.Pytester) -> None:
    """With xdist shards are spread over the workers, and the summary counts all."""
    pytester.makepyfile(deploys("shards=4"))
    whole = summary_of(pytester.runpytest("-p", "no:randomly"))
    result = pytester.runpytest_subprocess("-n", "2", *without("randomly", "hypothesispytest"))
    result.assert_outcomes(passed=4)
    assert summary_of(result) == whole


@pytest.mark.slow
def test_replay_of_no_test_with_workers(pytester: pytest.Pytester) -> None:
    """With xdist a line that nobody would replay ends the run too."""
    pytester.makepyfile("def test_it(cloudcontrol): pass")
    result = pytester.runpytest_subprocess(
        "-n", "1", f"--cloudcontrol-replay={LINE}", *without("randomly", "hypothesispytest")
    )
    assert result.ret != 0
    assert "none of the selected tests has the marker cloudcontrol_explore" in shown(result)


@pytest.mark.slow
def test_progress_on_a_terminal(tmp_path: Path) -> None:
    """On a terminal an exploration that takes long says how far it is, and leaves nothing of that behind."""
    said = on_a_terminal(
        tmp_path,
        """
        import time

        import pytest
        from pytest_cloudcontrol import explored_tests

        explored_tests._QUIET = 0.0
        explored_tests._PACE = 0.0

        @pytest.mark.cloudcontrol_explore(errors=("lost answer",))
        def test_it(cloudcontrol):
            try:
                cloudcontrol.client().list_resource_requests()
            except Exception:
                pass
        """,
    )
    last = [line.rpartition("\r")[2] for line in said.replace("\r\n", "\n").split("\n")]  # as it stands in the end
    assert "cloudcontrol: 2 schedules run, of 2" in said
    assert [line for line in last if "schedules run" in line] == []
    assert last[-2].startswith("1 passed in ")


def on_a_terminal(folder: Path, source: str) -> str:
    """Run a file of tests with a terminal for its output, and return all that was written there."""
    import pty
    from textwrap import dedent

    (folder / "test_it.py").write_text(dedent(source), encoding="utf-8")
    ours, theirs = pty.openpty()
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "--color=no",
        "test_it.py",
        *without("randomly", "hypothesispytest", "xdist"),
    ]
    with subprocess.Popen(command, cwd=folder, stdin=theirs, stdout=theirs, stderr=theirs) as process:
        os.close(theirs)
        written = b""
        while True:
            try:
                piece = os.read(ours, 4096)
            except OSError:  # which a terminal without anybody at the other end gives
                break
            if not piece:
                break
            written += piece
        process.wait()
    os.close(ours)
    return written.decode()
