"""The memory of control planes: a folder for each, named after the plane's id.

Whom one trusts, passwords, favourites and what was told belong to an id, for a name is no identity.
Nor is an id a proof of one: it can be copied together with a data folder. So one that answers in
another place than before is a stranger, until the person says that it was moved there.
"""

import logging
from collections.abc import Callable
from datetime import UTC, datetime
from enum import Enum, auto
from itertools import count
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from autosky_desktop.domain.errors import CannotWrite
from autosky_desktop.domain.wire import Instant
from autosky_desktop.system import clock, settings
from autosky_desktop.system.before_ids import Before
from autosky_desktop.system.kept_file import KeptFile, Unreadable

log = logging.getLogger(__name__)

FOLDER, FILE = "planes", "plane.json"
EVER = datetime.min.replace(tzinfo=UTC)


class Known(Struct, frozen=True, kw_only=True):
    """A control plane as it was met last. `place` is its data folder; empty where the person said
    that it is not there any more. `took_over`: what was shared before there were ids is its own
    now. `whole`: so far nothing that is to be moved to it is left where it was.
    """

    id: str
    place: str
    met_at: Instant
    took_over: bool = False
    whole: bool = True


class Meeting(Enum):
    """The way in which a control plane was met. `REPLACES`: another one was in its place the last
    time. `ELSEWHERE`: that id is known from another place.
    """

    KNOWN = auto()
    NEW = auto()
    REPLACES = auto()
    ELSEWHERE = auto()


class KnownPlanes:
    """The control planes that are remembered `beside` the settings. `place` is where the control
    plane of this window has its data. `folder` is where to remember what belongs to it: until it
    was met, what belonged to the last one that was there. `lost` is what could not be read of the
    one that was met: the name of the file, and where it is now, as in Unreadable.
    """

    def __init__(
        self, beside: Path, place: Path, before: Before, now: Callable[[], datetime] = clock.now
    ) -> None:
        self._settings, self._before, self._now = beside, before, now
        self._place = str(place.resolve())
        self._damaged: dict[Path, str] = {}
        self.lost: tuple[str, str] | None = None
        here = [folder for folder, it in self._all().items() if it.place == self._place]
        self._last = here[-1] if here else None
        self.folder = self._last or beside

    def meet(self, identity: str) -> Meeting:
        """Find what is remembered of it, or begin to. Where that cannot be kept it is tried again
        with the next start.
        """
        known = self._all()
        same = [folder for folder in known if _identity(folder) == identity]
        for folder in same:
            if known[folder].place == self._place:
                self._go_on(folder, replace(known[folder], met_at=self._now()))
                return Meeting.KNOWN
        for folder in same:
            if folder in self._damaged:  # nothing says that it was elsewhere
                self.lost = FILE, self._damaged.pop(folder)
                self._go_on(folder, replace(known[folder], place=self._place, met_at=self._now()))
                return Meeting.KNOWN
        new = Known(id=identity, place=self._place, met_at=self._now(), whole=False)
        if same:
            self._go_on(self._free(identity), replace(new, whole=True))
            return Meeting.ELSEWHERE
        first = self._before.is_first and not any(it.took_over for it in known.values())
        self._go_on(self._free(identity), replace(new, took_over=first))
        return Meeting.REPLACES if self._last else Meeting.NEW

    def moved_here(self) -> None:
        """Note that the known one moved here, as the person says; the next start goes by it."""
        known = self._all()
        same = [it for it in known if _identity(it) == _identity(self.folder) and it != self.folder]
        if same and self._keep(same[-1], replace(known[same[-1]], place=self._place)):
            self._keep(self.folder, replace(known[self.folder], place=""))

    def _go_on(self, folder: Path, known: Known) -> None:
        self.folder = folder
        kept = self._keep(folder, known)
        if known.whole:
            return
        try:
            if not kept:
                raise CannotWrite("unknown")
            if known.took_over:
                settings.move_of_plane(self._settings, folder)
            self._before.move(folder, shared=known.took_over)
            self._keep(folder, replace(known, whole=True))
        except CannotWrite:
            if known.took_over and not (folder / settings.FILE).exists():
                self.folder = self._settings  # nothing was moved: it is as it was before

    def _keep(self, folder: Path, known: Known) -> bool:
        try:
            KeptFile(folder / FILE, Known).write(known)
        except CannotWrite as cause:
            log.warning("That a control plane was met could not be kept: %s", cause)
            return False
        return True

    def _all(self) -> dict[Path, Known]:
        """Return them by folder, the last met last."""
        try:
            folders = [it for it in (self._settings / FOLDER).iterdir() if it.is_dir()]
        except OSError:
            return {}
        known = {folder: self._read(folder) for folder in folders}
        return {it: known[it] for it in sorted(known, key=lambda it: known[it].met_at)}

    def _read(self, folder: Path) -> Known:
        """Return what the folder's file knows of it, or only its id. Raises nothing.

        A damaged file stands aside from its first reading on, which may have been another start's.
        """
        file, found = KeptFile(folder / FILE, Known), None
        try:
            found = file.read()
        except Unreadable as cause:
            self._damaged[folder] = cause.aside
        if found:
            return found
        aside = file.aside
        if aside:
            self._damaged.setdefault(folder, str(aside))
        return Known(id=_identity(folder), place="", met_at=EVER, took_over=aside is not None)

    def _free(self, identity: str) -> Path:
        names = (f"{identity}-{number}" if number > 1 else identity for number in count(1))
        folders = (self._settings / FOLDER / name for name in names)
        return next(folder for folder in folders if not folder.exists())


def _identity(folder: Path) -> str:
    """Return the id in the folder's name, without the number that sets apart those of one id."""
    return folder.name.partition("-")[0]
