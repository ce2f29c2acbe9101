"""Saves the simulated cloud beyond its process: one file per environment, whole or not at all."""

import logging
import os
from pathlib import Path

import msgspec

from autosky_desktop.server.providers.simulated.state import Effect, SimulatedEnvironment

log = logging.getLogger(__name__)

PREFIX = "cloud-"


def load(folder: Path, environment: str) -> SimulatedEnvironment | None:
    """Return the environment as last saved; None if it never was, or if the file is unreadable.

    An unreadable file is set aside: a demo that begins anew is better than none.
    """
    path = _path(folder, environment)
    try:
        return msgspec.json.decode(path.read_bytes(), type=SimulatedEnvironment)
    except FileNotFoundError:
        return None
    except msgspec.MsgspecError as error:
        log.warning("%s is unreadable and set aside: %s", path, error)
        path.replace(path.with_suffix(".unreadable"))
        return None


def save(folder: Path, state: SimulatedEnvironment) -> None:
    """Save it on disk, so that whoever kills us meanwhile leaves the old or the new file."""
    path = _path(folder, state.environment)
    beside = path.with_suffix(".new")
    with beside.open("wb") as file:
        file.write(msgspec.json.encode(state))
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
    _sync(folder)


def saved(folder: Path) -> list[str]:
    """Return the environments that have a file here."""
    ending = ".json"
    names = (path.name for path in folder.glob(f"{PREFIX}*{ending}"))
    return sorted(name[len(PREFIX) : -len(ending)] for name in names)


def ledger(folder: Path) -> list[Effect]:
    """Return every effect the cloud in `folder` had, in order per environment; it need not run."""
    return [
        effect
        for path in sorted(folder.glob(f"{PREFIX}*.json"))
        for effect in msgspec.json.decode(
            path.read_bytes(), type=SimulatedEnvironment
        ).effects.values()
    ]


def _path(folder: Path, environment: str) -> Path:
    return folder / f"{PREFIX}{environment}.json"


def _sync(folder: Path) -> None:
    """Make a rename durable, as it is once its folder is; Windows has and needs no such call."""
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
