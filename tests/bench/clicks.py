"""The bench of clicks: Connect beside the same client started by hand, and Start and connect.

    python tests/bench/clicks.py [--clicks 40]

A click is from the press of Connect until the client has its window; by hand is the same client
with the same arguments, started by a script, until it has its window; one after the other, in
turn. The server answers in rounds of a tenth of a second and the client waits for many of them,
so one takes between 0.6 and 2 s, either way: the means of many are compared. Start and connect is
from the moment the server answers until the client's process is there. Ends with 1 when a bar is
missed. Needs root, for the SSH server's account.
"""

import argparse
import asyncio
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from statistics import mean

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.support.connect_rig import DB, ERP, LOOPBACK, Visitor, send

RATIO_BAR = 1.2
STARTED_BAR = 1.0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clicks", type=int, default=40)
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.inside:
        person = Clicks(given.clicks)
        return person.opens(person.work)
    told = send(__file__, ["--clicks", str(given.clicks)])
    sys.stdout.write(told.said)
    return told.code


class Clicks(Visitor):
    def __init__(self, clicks: int) -> None:
        super().__init__()
        self._clicks = clicks

    async def work(self) -> int:
        await self.session(DB, self.known.marker)  # the first time whom to trust is asked
        ratio = await self._clicked()
        late = await self._start_and_connect()
        sys.stdout.write(f"Start and connect: {late:.2f} s after it answers (bar {STARTED_BAR})\n")
        sys.stdout.flush()
        return 0 if ratio <= RATIO_BAR and late <= STARTED_BAR else 1

    async def _clicked(self) -> float:
        """Return the mean click ÷ the mean by hand, measured in turn."""
        clicked, by_hand = [], []
        sessions = self.desktop.connections.sessions
        for _ in range(self._clicks):
            await self.asks(DB)
            await self.me.types("Password", self.known.marker)
            begin = time.monotonic()
            await self.me.presses("Connect")
            [session] = await self.me.until(lambda: sessions(DB), "a session")
            clicked.append(time.monotonic() - begin)
            command = _command(session.running.pid)
            await self.ends(DB)
            by_hand.append(await asyncio.to_thread(self._by_hand, command))
        ratio = mean(clicked) / mean(by_hand)
        sys.stdout.write(
            f"click to window {mean(clicked):.2f} s, by hand {mean(by_hand):.2f} s: "
            f"ratio {ratio:.2f} (bar {RATIO_BAR})\n"
        )
        return ratio

    def _by_hand(self, command: list[bytes]) -> float:
        from autosky_desktop.system.connect import x11

        begin = time.monotonic()
        process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        assert process.stdin
        with process.stdin as stdin:
            stdin.write(self.known.marker.encode() + b"\n")
        while not x11.has_window(process.pid):
            time.sleep(0.01)
        took = time.monotonic() - begin
        process.terminate()
        process.wait()
        return took

    async def _start_and_connect(self) -> float:
        """Start and connect: the preparation server is off; what stands behind it answers later."""
        await self._ask_stopped()
        await self.me.types("Password", self.known.marker)
        await self.me.presses("Start and connect")
        await self.me.sees("Wait until it answers, Running")
        place = self.known.silent
        async with await asyncio.start_server(self._forward, LOOPBACK, place):
            begin = time.monotonic()
            client = await self.me.until(lambda: _client_of(place), "a client")
            took = time.monotonic() - begin
            os.kill(client, signal.SIGTERM)
            await self.me.until(lambda: not _client_of(place), "no client")
        await self.me.until(lambda: self.me.offers("Close"), "an end")
        await self.me.presses("Close")
        return took

    async def _forward(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_connection(LOOPBACK, self.known.port)
        await asyncio.gather(_pass_on(reader, back), _pass_on(there, writer))

    async def _ask_stopped(self) -> None:
        self.desktop.window.open(ERP)
        self.desktop.connections.ask_of(ERP)
        await self.me.until(lambda: self.me.offers("Start and connect"), "an address")


async def _pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    except OSError:
        pass
    finally:
        writer.close()


def _command(pid: int) -> list[bytes]:
    return Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")[:-1]


def _client_of(port: int) -> int | None:
    """Return the process that was told to connect to that port."""
    wanted = f"/v:{LOOPBACK}:{port}".encode()
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if wanted in (process / "cmdline").read_bytes().split(b"\0"):
                return int(process.name)
        except OSError:
            continue
    return None


if __name__ == "__main__":
    sys.exit(main())
