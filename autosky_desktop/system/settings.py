"""What the window remembers between two starts. Losing it costs comfort, never work."""

import logging
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Annotated

import msgspec

log = logging.getLogger(__name__)


Minutes = Annotated[int, msgspec.Meta(ge=1, le=24 * 60)]


class Recent(msgspec.Struct, frozen=True):
    """A server somebody connected to, and as whom; its name as it was then."""

    environment: str
    server: str
    name: str
    account: str


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """`geometry` is Qt's own description of the window's place, base64.

    `recent` are the environments last opened, newest first. `reminders` are minutes before a
    shutdown, `reminders_of` those of single environments; nothing is said before `quiet_until`.
    `closing` is "hide", "quit" or empty: what closing the window does, once that was chosen.
    `theme` is "system", "light" or "dark". `vault_command` is a program of the person's own and its
    arguments, which says passwords; empty: there is none.
    `rdp_client` and `terminal` are the ones that were chosen; empty: the best that is found.
    `ssh_config`: the person's own configuration of ssh counts too, but never for whom to trust.
    `last_accounts` are whom one connected as, by server, `recent_connections` the last few of
    these, newest first.
    """

    geometry: str = ""
    environment: str = ""
    tab: str = "servers"
    sidebar: bool = True
    favourites: tuple[str, ...] = ()
    recent: tuple[str, ...] = ()
    reminders: tuple[Minutes, ...] = (60, 30, 10, 2)
    reminders_of: dict[str, tuple[Minutes, ...]] = {}
    quiet_until: Annotated[datetime, msgspec.Meta(tz=True)] | None = None
    closing: str = ""
    theme: str = "system"
    vault_command: tuple[str, ...] = ()
    rdp_client: str = ""
    terminal: str = ""
    ssh_config: bool = False
    last_accounts: dict[str, str] = {}
    recent_connections: tuple[Recent, ...] = ()


def load(folder: Path) -> Settings:
    """The remembered settings; the defaults where there are none or they cannot be read."""
    try:
        return msgspec.json.decode((folder / "settings.json").read_bytes(), type=Settings)
    except FileNotFoundError:
        return Settings()
    except (OSError, msgspec.MsgspecError) as cause:
        log.info("The settings could not be read and start afresh: %s", cause)
        return Settings()


def save(folder: Path, settings: Settings) -> None:
    """Keep the settings, whole or not at all."""
    target = folder / "settings.json"
    part = target.with_suffix(".part")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        part.write_bytes(msgspec.json.format(msgspec.json.encode(settings)))
        part.replace(target)
    except OSError as cause:
        log.info("The settings could not be kept: %s", cause)


class Preferences:
    """The settings of this program while it runs: kept with every change."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._settings = load(folder)
        self._watchers: list[Callable[[], None]] = []

    @property
    def settings(self) -> Settings:
        return self._settings

    def keep(self, settings: Settings) -> None:
        """Take these from now on, and tell whoever watches."""
        if settings == self._settings:
            return
        self._settings = settings
        save(self._folder, settings)
        for watcher in tuple(self._watchers):
            watcher()

    def watch(self, watcher: Callable[[], None]) -> None:
        """Call `watcher` after every change."""
        self._watchers.append(watcher)
