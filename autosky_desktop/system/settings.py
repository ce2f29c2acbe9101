"""The settings that the window remembers. Losing them costs comfort, never work."""

import logging
from collections.abc import Callable, Container, Mapping
from pathlib import Path
from typing import Annotated, Any, NamedTuple

import msgspec

from autosky_desktop.domain.endpoint import Protocol
from autosky_desktop.domain.errors import CannotWrite
from autosky_desktop.domain.guard import guarded
from autosky_desktop.domain.mail import SUBMISSION, Encryption
from autosky_desktop.domain.wire import Instant
from autosky_desktop.system.kept_file import DAMAGED, KeptFile, Unreadable

log = logging.getLogger(__name__)


FILE = "settings.json"

Minutes = Annotated[int, msgspec.Meta(ge=1, le=24 * 60)]
Hours = Annotated[tuple[Annotated[int, msgspec.Meta(ge=0, le=23)], ...], msgspec.Meta(max_length=2)]
"""The hour at which something begins and the one at which it ends; empty: never."""


class Offered(NamedTuple):
    """The values from which a person chooses, the way they are listed, on a page of Settings.

    With `others` there may be other values, which another version or a person has written: they are
    shown as they are.
    """

    page: str
    values: tuple[Any, ...]
    others: bool = False


YES_OR_NO = Offered("notifications", (True, False))


class Recent(msgspec.Struct, frozen=True):
    """A server somebody connected to, and as whom; its name as it was then."""

    environment: str
    server: str
    name: str
    account: str


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """The settings of a window, each with its type, its bounds, its default and its meaning; what
    is `Offered` is a row of Settings, in the order that it has here. `words/settings.py` words
    each of them.
    """

    geometry: str = ""
    """Qt's own description of the window's place, in base64."""
    environment: str = ""
    tab: str = "servers"
    sidebar: bool = True
    favourites: tuple[str, ...] = ()
    recent: tuple[str, ...] = ()
    """The environments last opened, newest first."""
    toured: bool = False
    """The tour was shown: it never comes back unasked."""
    language: Annotated[str, Offered("general", ("system", "en", "pt_BR", "es"))] = "system"
    """The code of the language, or that of the system."""
    theme: Annotated[str, Offered("general", ("system", "light", "dark"))] = "system"
    motion: Annotated[str, Offered("general", ("system", "reduced"))] = "system"
    reminders: Annotated[
        tuple[Minutes, ...],
        Offered("general", ((60, 30, 10, 2), (30, 10, 2), (10, 2), (2,), ()), others=True),
    ] = (60, 30, 10, 2)
    """The minutes before a shutdown at which it is reminded of."""
    reminders_of: dict[str, tuple[Minutes, ...]] = {}
    """The same for single environments that have their own."""
    quiet_until: Instant | None = None
    """The moment before which nothing is said."""
    notify_shutdowns: Annotated[bool, YES_OR_NO] = True
    notify_publications: Annotated[bool, YES_OR_NO] = True
    notify_holds: Annotated[bool, YES_OR_NO] = True
    notify_connections: Annotated[bool, YES_OR_NO] = True
    """The kinds of which the system shows notifications; in the inbox all of them are."""
    notification_sound: Annotated[bool, YES_OR_NO] = False
    quiet_hours: Annotated[
        Hours,
        Offered("notifications", ((), (18, 8), (20, 7), (22, 6), (22, 8)), others=True),
    ] = ()
    """The hours of every day in which little is notified, in the time of this computer."""
    log_level: Annotated[str, Offered("general", ("usual", "detailed"))] = "usual"
    closing: Annotated[str, Offered("general", ("hide", "", "quit"))] = ""
    """The consequence of closing the window, empty until that was chosen."""
    vault_command: tuple[str, ...] = ()
    """A program of the person's own and its arguments, which says passwords; empty: none."""
    rdp_client: str = ""
    """The one that was chosen, as with `terminal`; empty: the best that is found."""
    terminal: str = ""
    started: dict[str, str] = {}
    """By protocol, the client that started where a better one did not; it comes after the chosen
    one."""
    ssh_config: Annotated[bool, Offered("connecting", (False, True))] = False
    """The person's own configuration of ssh counts too, but never for whom to trust."""
    last_accounts: dict[str, str] = {}
    """By server, the account with which one connected last."""
    recent_connections: tuple[Recent, ...] = ()
    """The last few connections, newest first."""
    mail_host: str = ""
    mail_port: Annotated[int, msgspec.Meta(ge=1, le=65535)] = SUBMISSION
    mail_encryption: Encryption = Encryption.STARTTLS
    mail_sender: str = ""
    mail_account: str = ""
    mail_password: bool = False
    """The keychain has the password of that account."""

    def wanted(self, protocol: Protocol) -> tuple[str, str]:
        """Return the clients to try first: the chosen one, then the one that is known to start."""
        chosen = self.terminal if protocol is Protocol.SSH else self.rdp_client
        return chosen, self.started.get(protocol.value, "")


def offered(page: str) -> dict[str, Offered]:
    """Return by its name every setting that is chosen on that page of Settings."""
    return {name: it for name, it in every_choice().items() if it.page == page}


def every_choice() -> dict[str, Offered]:
    """Return what is offered of every setting that is chosen, by its name."""
    fields = {it.name: it.type for it in msgspec.structs.fields(Settings)}
    told = {name: getattr(it, "__metadata__", ()) for name, it in fields.items()}
    return {name: it for name in told for it in told[name] if isinstance(it, Offered)}


OF_COMPUTER = frozenset(
    (
        "geometry",
        "toured",
        "quiet_until",
        "rdp_client",
        "terminal",
        "started",
        "vault_command",
        "mail_password",
    )
)
"""What means nothing on another computer, or tells what to start there: a file from somebody else
is not to do that."""

ALL = frozenset(Settings.__struct_fields__)
OF_PLANE = frozenset(
    (
        "environment",
        "favourites",
        "recent",
        "reminders_of",
        "last_accounts",
        "recent_connections",
    )
)
"""What names environments and servers means nothing to another control plane: it is kept with
what else is remembered of this one."""


class UnreadSettings(NamedTuple):
    """The part of the settings that could not be read: its fields, none if all of them are lost.

    `aside` is where the file as it was is now; empty where no copy could be kept.
    """

    fields: tuple[str, ...]
    aside: str


class Loaded(NamedTuple):
    """The settings as they were loaded. `unknown` are the fields that another version wrote."""

    settings: Settings
    unknown: dict[str, msgspec.Raw]
    trouble: UnreadSettings | None


def load(folder: Path) -> Loaded:
    """Return the remembered settings. What cannot be read is as it was at first, and only that."""
    file = _file(folder)
    try:
        found = file.read() or {}
    except Unreadable as cause:
        return Loaded(Settings(), {}, UnreadSettings((), cause.aside or file.set_aside()))
    known, lost = _readable(found)
    unknown = {name: found[name] for name in known.keys() - ALL}
    settings = Settings(**{name: known[name] for name in known.keys() & ALL})
    if not lost:
        return Loaded(settings, unknown, None)
    trouble = UnreadSettings(lost, file.set_aside())
    _write(file, known)  # at once: without it the others would be lost by a crash
    return Loaded(settings, unknown, trouble)


def _readable(found: dict[str, msgspec.Raw]) -> tuple[dict[str, Any], tuple[str, ...]]:
    """Return the values that can be read, by field, and the fields whose value cannot."""
    types = {field.name: field.type for field in msgspec.structs.fields(Settings)}
    known: dict[str, Any] = {}
    for name, raw in found.items():
        try:
            known[name] = msgspec.json.decode(raw, type=types.get(name, Any))
        except DAMAGED as cause:
            log.warning("The setting %s could not be read: %s", name, cause)
    return known, tuple(name for name in found if name not in known)


def save_changes(
    folder: Path,
    before: Settings,
    after: Settings,
    unknown: Mapping[str, msgspec.Raw],
    names: Container[str] = ALL,
) -> None:
    """Keep what of `names` is new in `after`. Several windows may keep the file: what another of
    them has changed meanwhile stays, and what another version wrote, the `unknown`.
    """
    old = msgspec.structs.asdict(before)
    new = {name: it for name, it in msgspec.structs.asdict(after).items() if name in names}
    changed = {name: new[name] for name in new if new[name] != old[name]}
    if not changed:
        return

    def change(found: dict[str, Any] | None) -> dict[str, Any]:
        return {**unknown, **new} if found is None else {**found, **changed}

    file = _file(folder)
    try:
        file.change(change)
    except Unreadable:
        _write(file, {**unknown, **new})
    except CannotWrite as cause:
        log.warning("The settings could not be kept: %s", cause)


def move_of_plane(source: Path, target: Path) -> None:
    """Move what belongs to a control plane into the file of another folder, unless there is one
    that says something else. Raises CannotWrite.
    """
    there, file = _file(target), _file(source)
    try:
        found = file.read() or {}
        moved = {name: found[name] for name in found if name in OF_PLANE}
        if not there.there():
            there.write(moved)
        elif _values(there.read() or {}) != _values(moved):
            return
        if moved:
            file.change(lambda now: {it: now[it] for it in now if it not in moved} if now else {})
    except Unreadable as cause:
        raise CannotWrite("refused") from cause


def _values(raw: dict[str, msgspec.Raw]) -> object:
    return msgspec.json.decode(msgspec.json.encode(raw))


def _write(file: KeptFile[dict[str, Any]], values: dict[str, Any]) -> None:
    try:
        file.write(values)
    except CannotWrite as cause:
        log.warning("The settings could not be kept: %s", cause)


def _file(folder: Path) -> KeptFile[dict[str, Any]]:
    return KeptFile(folder / FILE, dict[str, msgspec.Raw])


class LostFile(NamedTuple):
    """A file beside the settings that could not be read; `aside` as in `UnreadSettings`."""

    name: str
    aside: str


class Preferences:
    """The settings of this program while it runs, which are kept with every change.

    `trouble` is what of them could not be read when it started, `lost` are the other files of which
    somebody found that since. `plane_folder` is where to keep
    what belongs to the control plane of this window; `folder`, while it is not known which it is.
    """

    def __init__(self, folder: Path) -> None:
        self.plane_folder = self._folder = folder
        self._settings, self._unknown, self.trouble = load(folder)
        self.lost: list[LostFile] = []
        self._watchers: list[Callable[[], None]] = []

    @property
    def settings(self) -> Settings:
        return self._settings

    def go_to(self, plane_folder: Path) -> None:
        """Take what belongs to a control plane from that folder, and tell whoever watches."""
        self.plane_folder = plane_folder
        found = load(plane_folder)
        self.trouble = found.trouble or self.trouble
        theirs = {name: getattr(found.settings, name) for name in OF_PLANE}
        self._settings = msgspec.structs.replace(self._settings, **theirs)
        self._tell()

    def keep(self, settings: Settings) -> None:
        """Take these from now on, and tell whoever watches."""
        if settings == self._settings:
            return
        before, self._settings = self._settings, settings
        if self.plane_folder == self._folder:
            save_changes(self._folder, before, settings, self._unknown)
        else:
            save_changes(self._folder, before, settings, self._unknown, ALL - OF_PLANE)
            save_changes(self.plane_folder, before, settings, {}, OF_PLANE)
        self._tell()

    def change(self, **values: object) -> None:
        """Keep other values of some settings."""
        self.keep(msgspec.structs.replace(self._settings, **values))

    def lose(self, name: str, aside: str) -> None:
        """Note that the file could not be read; whoever watches is told once."""
        if (lost := LostFile(name, aside)) not in self.lost:
            self.lost.append(lost)
            self._tell()

    def watch(self, watcher: Callable[[], None]) -> None:
        """Call `watcher` after every change."""
        self._watchers.append(watcher)

    def _tell(self) -> None:
        for watcher in tuple(self._watchers):
            with guarded(log, "Heeding a changed setting"):
                watcher()
