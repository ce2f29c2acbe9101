"""A computer on which things were remembered before control planes had ids."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import msgspec
from msgspec.structs import asdict, replace

from autosky_desktop.domain.connection import ConnectionBegun
from autosky_desktop.domain.endpoint import Protocol
from autosky_desktop.domain.inbox import Entry, Kept
from autosky_desktop.domain.secrets import Credential, Scope, Subject
from autosky_desktop.system.before_ids import DATABASE, Before
from autosky_desktop.system.connect.credentials import Credentials
from autosky_desktop.system.connect.trust import Pin, Trust
from autosky_desktop.system.known_planes import KnownPlanes, Meeting
from autosky_desktop.system.plane_files import KeptReminders, Owed, OwedConnections
from autosky_desktop.system.settings import Preferences, Recent, Settings
from tests.support.keychain import FakeKeychain
from tests.support.planes import A_PLANE

NOON = datetime(2026, 11, 30, 12, tzinfo=UTC)
PIN = Pin(
    server="prep", protocol=Protocol.SSH, fingerprint="SHA256:abc", name="PREP-01",
    address="10.20.0.11", since=NOON,
)  # fmt: skip
PASSWORD = Credential(
    id="entry", account="ana", scope=Scope.SERVER, subject=Subject("prep", "PREP-01"),
    kept_at=NOON, used_at=NOON,
)  # fmt: skip
TOLD = Kept(
    entries=(
        Entry(id="soon-prep", news="soon", told_at=NOON, environment="erp", name="ERP Production"),
    )
)
OWED = Owed(
    operator="ana", server="prep", begin_key="a", end_key="b",
    begun=ConnectionBegun(account="ana", address="10.20.0.11", protocol="ssh"),
)  # fmt: skip
COMMON = Settings(theme="dark", reminders=(15,), tab="publish")
OF_PLANE = Settings(
    environment="erp",
    favourites=("erp",),
    recent=("erp", "payroll"),
    reminders_of={"erp": (30,)},
    last_accounts={"prep": "ana"},
    recent_connections=(Recent("erp", "prep", "PREP-01", "ana"),),
)


@dataclass
class Computer:
    """A computer with data folders, and with settings from before control planes had ids."""

    folder: Path
    settings: Path

    @property
    def usual(self) -> Path:
        return self.folder / "usual"

    def data(self, name: str) -> Path:
        """Return a data folder that was used before."""
        data = self.folder / name
        data.mkdir(exist_ok=True)
        (data / DATABASE).touch()
        return data

    def remembers(self, beside: Path | None = None) -> None:
        """Write everything that was remembered, in the shape that it had."""
        self.write(self.settings / "settings.json", as_json(of_both()))
        self.write(self.settings / "trusted-servers.json", as_json([PIN]))
        self.write(self.settings / "credentials.json", as_json([PASSWORD]))
        self.owes(beside or self.settings)

    def owes(self, beside: Path) -> None:
        owed = {**json.loads(as_json(OWED)), "control_plane": "This computer"}
        self.write(beside / "reminders.json", as_json(TOLD))
        self.write(beside / "owed-connections.json", json.dumps([owed]))

    def write(self, file: Path, text: str) -> None:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)

    def starts(self, data: Path, identity: str = A_PLANE) -> "Started":
        """Start the program on that data folder, and meet the control plane there."""
        before = Before(self.settings, data, self.usual)
        preferences = Preferences(self.settings)
        planes = KnownPlanes(self.settings, data, before, lambda: NOON)
        preferences.go_to(planes.folder)
        meeting = planes.meet(identity)
        preferences.go_to(planes.folder)
        return Started(meeting, planes, preferences)

    def files(self) -> dict[str, bytes]:
        found = (it for it in self.folder.rglob("*.json") if it.is_file())
        return {str(it.relative_to(self.folder)): it.read_bytes() for it in found}


@dataclass
class Started:
    meeting: Meeting
    planes: KnownPlanes
    preferences: Preferences

    @property
    def has_all(self) -> bool:
        """Return whether everything that was remembered is in its place."""
        return all((self.has_own, self.has_shared))

    @property
    def has_own(self) -> bool:
        folder = self.preferences.plane_folder
        return (
            KeptReminders(lambda: folder).load() == TOLD
            and OwedConnections(folder).load() == [OWED]
        )  # fmt: skip

    @property
    def has_shared(self) -> bool:
        folder = self.preferences.plane_folder
        return (
            Trust(folder).pins == [PIN]
            and Credentials(FakeKeychain(), folder).entries == (PASSWORD,)
            and self.preferences.settings == of_both()
        )

    @property
    def has_nothing(self) -> bool:
        folder = self.preferences.plane_folder
        return (
            Trust(folder).pins == []
            and Credentials(FakeKeychain(), folder).entries == ()
            and KeptReminders(lambda: folder).load() == Kept()
            and OwedConnections(folder).load() == []
            and self.preferences.settings in (COMMON, Settings())
        )


def as_json(value: object) -> str:
    return msgspec.json.encode(value).decode()


def of_both() -> Settings:
    common = {it: asdict(COMMON)[it] for it in ("theme", "reminders", "tab")}
    return replace(OF_PLANE, **common)


class Ended(BaseException):
    """The program ends as one does that is killed."""


class ends_after:  # noqa: N801  it reads as what it does
    """End the program after so many files were put in their place or taken away."""

    def __init__(self, steps: int) -> None:
        self._left = steps

    def __enter__(self) -> None:
        self._real: dict[str, Callable[..., object]] = {
            name: getattr(Path, name) for name in ("replace", "unlink")
        }
        for name, real in self._real.items():
            setattr(Path, name, self._counted(real))

    def __exit__(self, *_error: object) -> None:
        for name, real in self._real.items():
            setattr(Path, name, real)

    def _counted(self, real: Callable[..., object]) -> Callable[..., object]:
        def counted(path: Path, *args: object, **more: object) -> object:
            done = real(path, *args, **more)
            if path.suffix in (".json", ".part"):
                self._left -= 1
                if self._left == 0:
                    raise Ended
            return done

        return counted
