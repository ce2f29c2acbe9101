"""`autosky serve` as a process of its own, and a client of it."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

ROOT = Path(__file__).parents[2]
TOKEN = "only-for-benches"
PATIENCE = 60.0
GOODBYE = 20.0


@contextmanager
def serving(folder: Path, *arguments: str) -> Iterator[httpx.Client]:
    """Yield a caller with the token; paths are relative to /v1. The process is gone at the end."""
    token = folder.with_name(f"{folder.name}-token")
    token.write_text(TOKEN)
    token.chmod(0o600)
    command = [sys.executable, "-m", "autosky_desktop.cli", "serve", "--data", str(folder)]
    command += ["--port", "0", "--token-file", str(token), *arguments]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout
        first = process.stdout.readline()
        assert first.startswith("Listening on "), first
        headers = {"Authorization": f"Bearer {TOKEN}"}
        base = f"{first.split()[-1]}/v1/"
        with httpx.Client(base_url=base, headers=headers, timeout=PATIENCE) as client:
            yield client
    finally:
        process.terminate()
        try:
            process.wait(GOODBYE)
        except subprocess.TimeoutExpired:
            process.kill()  # what it does not end in time it goes on with another day
            process.wait(PATIENCE)
        if process.stdout:
            process.stdout.close()
