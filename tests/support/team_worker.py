"""One of several workers of a team's control plane, over a cloud that they share.

    python -m tests.support.team_worker DATABASE FOLDER SPEED ENVIRONMENTS

The folder holds the cloud's socket, and what is this process's own. It prints one line of JSON,
`{"url", "token"}`, and ends when its input does.
"""

import asyncio
import json
import logging
import sys
from collections.abc import Sequence
from pathlib import Path

from sqlalchemy.engine import make_url

from autosky_desktop.server.api.sockets import bind
from autosky_desktop.server.db.clock import now
from autosky_desktop.server.plane import PlaneSettings, control_plane
from tests.support.process import PlaneProcess
from tests.support.shared_cloud import SERVERS, shared_cloud

TOKEN = "only-for-tests"


async def serve(database: str, folder: Path, speed: float, environments: int) -> None:
    settings = PlaneSettings(
        folder=folder,
        token=TOKEN,
        operator="ana",
        name="Test",
        speed=speed,
        size=(environments, SERVERS),
        database=make_url(database),
    )
    async with control_plane(settings, shared_cloud(folder), bind("127.0.0.1", 0), now) as plane:
        sys.stdout.write(json.dumps({"url": plane.url, "token": TOKEN}) + "\n")
        sys.stdout.flush()
        await asyncio.to_thread(sys.stdin.read)


class TeamWorker(PlaneProcess):
    """Such a worker in a process of its own; its log is `NAME.log` in the folder."""

    def __init__(
        self,
        database: str,
        folder: Path,
        name: str,
        *,
        speed: float,
        environments: int,
        before: Sequence[str] = (),
    ) -> None:
        command = [sys.executable, "-m", "tests.support.team_worker", database, str(folder)]
        super().__init__(
            [*before, *command, str(speed), str(environments)], log=folder / f"{name}.log"
        )


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    asyncio.run(serve(sys.argv[1], Path(sys.argv[2]), float(sys.argv[3]), int(sys.argv[4])))
