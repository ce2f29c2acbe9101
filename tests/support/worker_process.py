"""A worker of coordination alone, in a process of its own that may be killed or frozen.

    python -m tests.support.worker_process ADDRESS LEASE_SECONDS

It prints `leads` when it begins to lead the letters and has changed a row that it never commits,
and `given up` when the others have done that to it, upon which it leaves.
"""

import asyncio
import os
import subprocess
import sys
from typing import Self

from sqlalchemy import text
from sqlalchemy.engine import make_url

from autosky_desktop.server.coordination.postgresql import PostgresqlCoordination
from autosky_desktop.server.db.bus import Bus
from autosky_desktop.server.db.engine import writing
from autosky_desktop.server.db.storage import open_storage

PART = "letters"
GIVEN_UP = 3


def leave() -> None:
    print("given up", flush=True)
    os._exit(GIVEN_UP)


async def work(address: str, lease_seconds: float) -> None:
    coordination = PostgresqlCoordination(
        make_url(address), Bus(), leave, lease_seconds=lease_seconds
    )
    engine = await open_storage(coordination.address)

    async def lead() -> None:
        async with writing(engine).begin() as connection:
            await connection.execute(text("UPDATE control_plane SET id = 'changed'"))
            print("leads", flush=True)
            await asyncio.Event().wait()

    async with coordination.entered(engine):
        await coordination.lead(PART, lead)


class WorkerProcess:
    """Such a process, until the block is left."""

    def __init__(self, address: str, lease_seconds: float) -> None:
        command = [sys.executable, "-m", "tests.support.worker_process"]
        self.process = subprocess.Popen(
            [*command, address, str(lease_seconds)], stdout=subprocess.PIPE, text=True
        )

    def says(self) -> str:
        """Wait for its next line; empty: it has ended."""
        assert self.process.stdout
        return self.process.stdout.readline().strip()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.process.kill()
        self.process.wait()
        assert self.process.stdout
        self.process.stdout.close()


if __name__ == "__main__":
    asyncio.run(work(sys.argv[1], float(sys.argv[2])))
