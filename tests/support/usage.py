"""The usage of a Linux process, read from /proc."""

import os
from dataclasses import dataclass
from pathlib import Path

NANOSECONDS_PER_TICK = 1_000_000_000 // os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Usage:
    """The usage since the process began. `ticks` are what the system accounts, in whole clock
    ticks; `cpu` is the scheduler's own sum; both in nanoseconds.
    """

    ticks: int
    cpu: int
    switches: int

    def __sub__(self, earlier: "Usage") -> "Usage":
        return Usage(
            self.ticks - earlier.ticks,
            self.cpu - earlier.cpu,
            self.switches - earlier.switches,
        )


def usage(pid: int) -> Usage:
    """Return the usage of all threads of a process. Raises OSError when it has ended."""
    process = Path(f"/proc/{pid}")
    fields = (process / "stat").read_text().rpartition(") ")[2].split()
    threads = list((process / "task").iterdir())
    return Usage(
        ticks=(int(fields[11]) + int(fields[12])) * NANOSECONDS_PER_TICK,
        cpu=sum(int((thread / "schedstat").read_text().split()[0]) for thread in threads),
        switches=sum(_number(thread / "status", "voluntary_ctxt_switches:") for thread in threads),
    )


def memory(pid: int) -> float:
    """Return the proportional set size in MiB: what is shared counts by its share."""
    return _number(Path(f"/proc/{pid}/smaps_rollup"), "Pss:") / 1024


def private(pid: int) -> float:
    """Return what it has written, in MiB: pages of libraries move with who else has them open."""
    return _number(Path(f"/proc/{pid}/smaps_rollup"), "Private_Dirty:") / 1024


def children(pid: int) -> list[int]:
    found = Path(f"/proc/{pid}/task").glob("*/children")
    return [int(child) for file in found for child in file.read_text().split()]


def _number(file: Path, name: str) -> int:
    line = next(line for line in file.read_text().splitlines() if line.startswith(name))
    return int(line.split()[1])
