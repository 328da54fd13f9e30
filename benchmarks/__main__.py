"""Runs the benchmarks: ``python -m benchmarks``, or some of them: ``python -m benchmarks calls waiting``."""

from __future__ import annotations

import platform
import sys
from importlib import import_module
from importlib.metadata import version
from typing import TYPE_CHECKING, Final, Protocol, cast

if TYPE_CHECKING:
    from benchmarks.harness import Figure

_ALL: Final = (
    "calls",
    "costs",
    "handlers",
    "provisioning",
    "validation",
    "waiting",
    "exploration",
    "http",
    "asynchronous",
    "end_to_end",
    "scale",
)


class Benchmark(Protocol):
    """A module of figures."""

    def run(self) -> list[Figure]:
        """Measure and return the figures."""
        ...


def main(names: list[str]) -> int:
    """Run benchmarks and print their figures; return 1 if one is above its ceiling."""
    unknown = set(names) - set(_ALL)
    if unknown:
        sys.exit(f"there is no benchmark {', '.join(sorted(unknown))}: expected some of {', '.join(_ALL)}")
    print(f"Python {platform.python_version()}, botocore {version('botocore')}, moto {version('moto')}")
    above = 0
    for name in names or _ALL:
        for figure in cast("Benchmark", import_module(f"benchmarks.{name}")).run():
            print(figure, flush=True)
            above += figure.value > figure.ceiling
    return 1 if above else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
