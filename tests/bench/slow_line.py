"""The faulty wire of the tests in a process of its own: `slow_line.py URL` prints where it listens.

Lines on stdin say what is wrong from then on: `wait 10`, `silent`, or `fine`.
"""

import asyncio
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.support.proxy import SILENT, Fault, Wire, wire_to

REQUESTS = " /v1/"
FEED = "GET /v1/events"


async def main(target: str) -> None:
    async with wire_to(target) as wire:
        print(wire.url, flush=True)
        while line := await asyncio.to_thread(sys.stdin.readline):
            obey(wire, line.split())


def obey(wire: Wire, words: list[str]) -> None:
    wire.mend()
    if words[0] == "wait":
        wire.wrong(REQUESTS, Fault(wait=float(words[1])))
    elif words[0] == "silent":
        wire.hush(FEED)
        wire.wrong(REQUESTS, SILENT)


asyncio.run(main(sys.argv[1]))
