"""The address of the session's D-Bus, for what speaks to it: keychains and notifications."""

import os


def address() -> str:
    """Return what it says in the environment, else where systemd has it, as other programs do."""
    told = os.environ.get("DBUS_SESSION_BUS_ADDRESS")
    return told or f"unix:path={os.environ.get('XDG_RUNTIME_DIR', '/nowhere')}/bus"
