"""Holds what goes wrong in the simulated cloud, when a tester wants it to."""

import asyncio
import logging
from collections.abc import Collection, Mapping
from pathlib import Path
from types import MappingProxyType

import msgspec
from msgspec import Struct
from msgspec.structs import fields, replace

from autosky_desktop.domain.demo import Fault

log = logging.getLogger(__name__)

NO_SPACE = "The snapshot failed: no space left on the image volume (214.7 GB of 214.7 GB used)."
NO_CAPACITY = "The start was refused: the account's limit of 32 vCPUs is reached in this region."
UNREPORTED = "The instances do not tell who is on them."


class Faults(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """The faults that a tester wants in the cloud; each is off by default. They are in force from
    the next call on; what has begun is not broken.

    `busy_every` throttles every n-th call and `busy_next` the next n; both count from the moment
    the faults were set. `image_fails` and `start_refused` are the cloud's sentence (see NO_SPACE
    and NO_CAPACITY). `unhealthy_instance`: the replacement of instance number n (from 1) never
    becomes healthy. `image_stuck`: images get no further than some percent, until it is off.
    `hangs`: no call is answered, until it is off. `slow`: seconds every call takes longer.
    `status_words`: what to read as the status of a server, by its id. `sessions_unreported`: no
    instance tells of its sessions. `environment` limits all of them to one.
    """

    environment: str | None = None
    busy_every: int = 0
    busy_next: int = 0
    image_fails: str = ""
    image_stuck: bool = False
    start_refused: str = ""
    unhealthy_instance: int = 0
    hangs: bool = False
    slow: float = 0.0
    status_words: dict[str, str] = {}
    sessions_unreported: bool = False

    def throttles(self, call: int) -> bool:
        """Return whether call number `call` (from 1) since the faults were set is throttled."""
        return 0 < call <= self.busy_next or bool(self.busy_every and call % self.busy_every == 0)


class FaultsFile:
    """Reads and writes `faults.json` in the cloud's folder: a tester may break a running cloud."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "faults.json"
        self._seen: int | None = None

    def news(self) -> Faults | None:
        """Return what the file says if that is new; if the file is gone, no faults."""
        try:
            written = self._path.stat().st_mtime_ns
            if written == self._seen:
                return None
            self._seen = written
            return msgspec.json.decode(self._path.read_bytes(), type=Faults)
        except FileNotFoundError:
            gone, self._seen = self._seen is not None, None
            return Faults() if gone else None
        except msgspec.MsgspecError as error:
            log.warning("%s is no good and passed over: %s", self._path, error)
            return None

    def write(self, faults: Faults) -> None:
        """Let the faults outlive this process. Raises OSError."""
        if faults == Faults():
            self._path.unlink(missing_ok=True)
            self._seen = None
            return
        beside = self._path.with_suffix(".new")
        beside.write_bytes(msgspec.json.encode(faults))
        beside.replace(self._path)
        self._seen = self._path.stat().st_mtime_ns


class FaultsInForce:
    """The faults in force, and how many calls they have met."""

    def __init__(self, folder: Path, faults: Faults) -> None:
        self._file = FaultsFile(folder)
        self.others = asyncio.Event()
        self.begin(faults)

    def begin(self, faults: Faults) -> None:
        """Put these faults in force. `others` is set when others take their place."""
        self.faults = faults
        self._calls = 0
        self.others.set()
        self.others = asyncio.Event()

    def keep(self, faults: Faults) -> None:
        """Put these faults in force, in later processes too if they can be written down."""
        self.begin(faults)
        try:
            self._file.write(faults)
        except OSError as error:
            log.warning("the faults end with this process: %s", error)

    def has_news(self) -> bool:
        """Return whether the file has brought other faults."""
        faults = self._file.news()
        if faults is not None:
            self.begin(faults)
        return faults is not None

    def met(self, environment: str) -> tuple[Faults, bool]:
        """Return the faults that a call meets there, and whether they throttle it."""
        faults = self.faults
        if faults.environment not in (None, environment):
            faults = Faults()
        else:
            self._calls += 1
        return faults, faults.throttles(self._calls)


class FaultSwitch(Struct, frozen=True):
    """A fault as the cloud knows it: a field, and its value while the fault is on."""

    field: str
    on: object


SWITCHES: Mapping[Fault, FaultSwitch] = MappingProxyType(
    {
        Fault.IMAGE_FAILS: FaultSwitch("image_fails", NO_SPACE),
        Fault.IMAGE_STUCK: FaultSwitch("image_stuck", True),
        Fault.UNHEALTHY_INSTANCE: FaultSwitch("unhealthy_instance", 1),
        Fault.START_REFUSED: FaultSwitch("start_refused", NO_CAPACITY),
        Fault.PROVIDER_BUSY: FaultSwitch("busy_every", 1),
        Fault.NO_ANSWER: FaultSwitch("hangs", True),
        Fault.SESSIONS_UNREPORTED: FaultSwitch("sessions_unreported", True),
    }
)


def switched_on(faults: Faults) -> list[Fault]:
    """Return those in force; `UNKNOWN` stands for what a tester has set and no switch sets."""
    known = [fault for fault, it in SWITCHES.items() if getattr(faults, it.field)]
    named = {it.field for it in SWITCHES.values()} | {"environment"}
    rest = [it.name for it in fields(Faults) if it.name not in named]
    return [*known, Fault.UNKNOWN] if any(getattr(faults, name) for name in rest) else known


def switched(faults: Faults, wanted: Collection[Fault]) -> Faults:
    """Switch these on and no others. What a tester set stays as long as any is on."""
    if not wanted:
        return Faults()
    now = switched_on(faults)
    changes = {
        it.field: it.on if fault in wanted else getattr(Faults(), it.field)
        for fault, it in SWITCHES.items()
        if (fault in wanted) is not (fault in now)
    }
    return replace(faults, **changes)
