"""The sockets of a client, by which Linux tells, unasked by the server, whether it got through."""

from pathlib import Path

TABLES = ("tcp", "tcp6")
ESTABLISHED = "01"
REMOTE, STATE, INODE = 2, 3, 9
"""Columns of /proc/net/tcp."""


def is_through(pid: int, port: int) -> bool:
    """Return whether that process is connected to such a port; False where nobody can tell."""
    try:
        held = {str(file.readlink()) for file in Path(f"/proc/{pid}/fd").iterdir()}
        lines = [
            line.split()
            for table in TABLES
            for line in Path(f"/proc/{pid}/net/{table}").read_text().splitlines()[1:]
        ]
    except OSError:  # it has ended, or this is no Linux
        return False
    return any(
        it[STATE] == ESTABLISHED
        and it[REMOTE].endswith(f":{port:04X}")
        and f"socket:[{it[INODE]}]" in held
        for it in lines
    )
