"""The file of the control planes that were joined. Their tokens are in the system's keychain."""

from collections.abc import Callable
from pathlib import Path

from msgspec.structs import replace

from autosky_desktop.domain.joined_plane import JoinedPlane, is_same
from autosky_desktop.system.kept_file import KeptFile

FILE = "joined-planes.json"

Planes = tuple[JoinedPlane, ...]


class JoinedPlanes:
    """The control planes that were joined, beside the settings in `folder`. The file is read with
    every question. Everything raises Unreadable, and what changes it CannotWrite.
    """

    def __init__(self, folder: Path) -> None:
        self._file = KeptFile(folder / FILE, Planes)

    def all(self) -> Planes:
        return self._file.read() or ()

    def find(self, name: str) -> JoinedPlane | None:
        """Return the one of that name, large and small letters being the same."""
        return next((it for it in self.all() if is_same(it.name, name)), None)

    def used(self) -> JoinedPlane | None:
        """Return the one that commands speak to by themselves; None: that of this computer."""
        return next((it for it in self.all() if it.used), None)

    def add(self, plane: JoinedPlane) -> None:
        self._change(lambda planes: (*planes, plane))

    def rename(self, name: str, to: str) -> None:
        self._each(lambda it: replace(it, name=to) if is_same(it.name, name) else it)

    def sign_in(self, name: str, entry: str) -> None:
        """Have commands use the sign-in that the keychain has at `entry`."""
        self._each(
            lambda it: replace(it, entry=entry, sign_in=True) if is_same(it.name, name) else it
        )

    def use(self, name: str) -> None:
        """Have commands speak to that one by themselves; to this computer's where none is so
        called.
        """
        self._each(lambda it: replace(it, used=is_same(it.name, name)))

    def remove(self, name: str) -> None:
        self._change(lambda planes: tuple(it for it in planes if not is_same(it.name, name)))

    def _each(self, change: Callable[[JoinedPlane], JoinedPlane]) -> None:
        self._change(lambda planes: tuple(map(change, planes)))

    def _change(self, change: Callable[[Planes], Planes]) -> None:
        self._file.change(lambda planes: change(planes or ()))
