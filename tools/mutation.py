"""Try how much the tests notice: change the code here and there, and see whether a test fails.

A sample of mutants is drawn evenly from the rooms below, the same one for the same seed. mutmut makes them, from all
that stands in functions without decorators, and judges each by the tests that reach its function. What survives there
is judged again by all tests, in processes of their own. The survivors are printed as diffs, and the figure at the end::

    python -m pip install --group mutation
    python tools/mutation.py --sample 150 --seed 1 --processes 2

All of it is done in a copy of the checkout, so nothing here changes. The same command goes on where an interrupted one
was; it begins anew when a file has changed since. A mutant with which the tests hang counts as detected.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[1]
PACKAGE: Final = "pytest_cloudcontrol"
ROOMS: Final = ("requests", "service", "handlers", "resources", "transport", "clock")
NOT_IN_GIT: Final = "node_modules"  # which tests read

DETECTED: Final = {"killed", "timeout", "segfault"}
NOT_JUDGED: Final = {"not checked", "check was interrupted by user"}

TESTS: Final = ("--ignore", "tests/docs", "--ignore", "tests/test_rooms.py", "--ignore", "tests/test_workflow.py")
"""All tests but those that read the package's source, or aren't about it."""

HANGS: Final = 900
"""Seconds after which a run of all tests is given up: none comes near it."""

A_FIRST: Final = f"{PACKAGE}.clock.*__init____mutmut_1"
"""A few mutants, for mutmut to make them all and to find out which tests reach which function."""


def main() -> None:
    """Judge a sample of mutants, and print the survivors."""
    parser = argparse.ArgumentParser(description="Judge a sample of mutants by the tests, and print the survivors.")
    parser.add_argument("--sample", type=int, default=150, help="how many mutants")
    parser.add_argument("--seed", type=int, default=1, help="which ones")
    parser.add_argument("--processes", type=int, default=1, help="how many to judge at once")
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / "mutation", help="for the copy")
    options = parser.parse_args()

    copy = Copy(options.folder.resolve(), options.processes)
    if not copy.is_current():
        print("copying the checkout, making all mutants, and trying the tests without any", flush=True)
        copy.make()
    chosen = sample(sorted(copy.statuses()), options.sample, random.Random(options.seed))
    copy.judge(chosen)
    survivors = [name for name in chosen if not copy.is_detected(name)]
    for name in survivors:
        print(f"\n{copy.mutmut('show', name)}")
    share = 1 - len(survivors) / len(chosen)
    print(f"\n{len(chosen) - len(survivors)} of {len(chosen)} mutants were detected: {share:.1%}")


def sample(names: list[str], count: int, chance: random.Random) -> list[str]:
    """Return so many of the mutants, from each room as many as there are and as is its turn."""
    of_rooms = [[name for name in names if name.startswith(f"{PACKAGE}.{room}.")] for room in ROOMS]
    for of_room in of_rooms:
        chance.shuffle(of_room)
    turns = [name for at in range(max(map(len, of_rooms))) for of_room in of_rooms for name in of_room[at : at + 1]]
    return turns[:count]


class Copy:
    """A copy of the checkout, in which mutants are made and judged.

    Attributes:
        folder: where it is.
        processes: how many mutants are judged at once.
    """

    def __init__(self, folder: Path, processes: int) -> None:
        self.folder = folder
        self.processes = processes
        # The installed package is the checkout's; and a change within one second leaves compiled code as it was.
        self._environment = os.environ | {"PYTHONPATH": str(folder), "PYTHONDONTWRITEBYTECODE": "1"}
        self._log = folder / "mutmut.log"
        self._digest = folder / "of-the-checkout"
        self._judged_by_all = folder / "judged-by-all-tests.json"
        names = subprocess.check_output(
            ("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"), cwd=ROOT, text=True
        )
        self._files = [name for name in sorted(names.split("\0")) if (ROOT / name).is_file()]

    def is_current(self) -> bool:
        """Whether it was made of what the checkout is now."""
        return self._digest.exists() and self._digest.read_text() == self._digest_of_checkout()

    def make(self) -> None:
        """Make it anew, and all mutants in it."""
        if self.folder.exists() and not self._log.exists() and any(self.folder.iterdir()):
            raise SystemExit(f"{self.folder} is something else: name a folder that is to be made, with --folder")
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)
        self._log.touch()
        for name in self._files:
            (self.folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, self.folder / name)
        if (ROOT / NOT_IN_GIT).exists():
            shutil.copytree(ROOT / NOT_IN_GIT, self.folder / NOT_IN_GIT)
        self.mutmut("run", "--max-children", str(self.processes), A_FIRST)
        self._digest.write_text(self._digest_of_checkout())

    def statuses(self) -> dict[str, str]:
        """Return what mutmut knows of each mutant, by its name."""
        lines = self.mutmut("results", "--all", "true").splitlines()
        return dict(line.strip().rsplit(": ", 1) for line in lines if ": " in line)

    def judge(self, names: list[str]) -> None:
        """Judge mutants by the tests that reach them, and the survivors by all tests, as far as they aren't yet."""
        statuses = self.statuses()
        left = [name for name in names if statuses[name] in NOT_JUDGED]
        print(f"{len(left)} of {len(names)} mutants are to be judged by the tests that reach them", flush=True)
        if left:
            self.mutmut("run", "--max-children", str(self.processes), *left)
        statuses = self.statuses()
        survivors = [name for name in names if statuses[name] not in DETECTED]
        judged = self._verdicts()
        print(f"{len(survivors)} have survived, and are to be judged by all tests", flush=True)
        for name in survivors:
            if name not in judged:
                judged[name] = self._is_detected_by_all(name)
                self._judged_by_all.write_text(json.dumps(judged))
                print(f"{name}: {'detected' if judged[name] else 'survived'}", flush=True)

    def is_detected(self, name: str) -> bool:
        """Whether any test has failed with a mutant that was judged."""
        return self._verdicts().get(name, True)

    def mutmut(self, *arguments: str) -> str:
        """Run mutmut, and return what it prints."""
        done = subprocess.run(
            (Path(sys.executable).with_name("mutmut"), *arguments),  # by -m it would be there twice, and lose its state
            cwd=self.folder,
            env=self._environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        with self._log.open("a", encoding="utf-8") as log:
            log.write(done.stdout)
        if done.returncode != 0:
            raise SystemExit(f"mutmut failed; {self._log} ends with\n{done.stdout[-3000:]}")
        return done.stdout

    def _digest_of_checkout(self) -> str:
        digest = hashlib.sha256()
        for name in self._files:
            digest.update(f"{name}\0".encode() + (ROOT / name).read_bytes())
        return digest.hexdigest()

    def _verdicts(self) -> dict[str, bool]:
        if not self._judged_by_all.exists():
            return {}
        verdicts: dict[str, bool] = json.loads(self._judged_by_all.read_text())
        return verdicts

    def _is_detected_by_all(self, name: str) -> bool:
        """Run all tests with a mutant in the code itself; stop at the first that fails."""
        self._restore()
        self.mutmut("apply", name)
        command = (sys.executable, "-m", "pytest", "-q", "-x", "-n", str(self.processes), *TESTS)
        # A group of its own, which can be ended with all that the tests have started.
        with subprocess.Popen(
            command, cwd=self.folder, env=self._environment, stdout=subprocess.DEVNULL, start_new_session=True
        ) as process:
            try:
                return process.wait(HANGS) != 0
            except subprocess.TimeoutExpired:
                return True
            finally:
                if process.poll() is None:
                    os.killpg(process.pid, signal.SIGKILL)
                self._restore()

    def _restore(self) -> None:
        for name in self._files:
            if name.startswith(PACKAGE) and (ROOT / name).read_bytes() != (self.folder / name).read_bytes():
                shutil.copy(ROOT / name, self.folder / name)


if __name__ == "__main__":
    main()
