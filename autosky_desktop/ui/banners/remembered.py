"""The banners about what this computer remembers: what of it could not be read and where it is
kept, and whether the control plane is the one that it is of.
"""

from collections.abc import Callable, Mapping

from PySide6.QtWidgets import QVBoxLayout, QWidget

from autosky_desktop.system.known_planes import Meeting
from autosky_desktop.system.settings import LostFile, Preferences, UnreadSettings
from autosky_desktop.ui.widgets.banner import Banner
from autosky_desktop.words import settings as words
from autosky_desktop.words.labels import frame as labels
from autosky_desktop.words.language import _

LOST: Mapping[str, str] = {
    "reminders.json": labels.NOTIFICATIONS_UNREADABLE,
    "credentials.json": labels.PASSWORDS_UNREADABLE,
    "owed-connections.json": labels.CONNECTIONS_UNREADABLE,
    "plane.json": labels.FOLDER_UNREADABLE,
}
"""The consequences of a file beside the settings that could not be read, by its name."""


class LostSettings(QWidget):
    """The banners for what could not be read, shown one after another until each is dismissed;
    hidden where everything could be read.
    """

    def __init__(self, preferences: Preferences) -> None:
        super().__init__()
        self._preferences = preferences
        self._heard: list[UnreadSettings | LostFile] = []
        self._waiting: list[UnreadSettings | LostFile] = []
        self._banner = Banner(stacked=True)
        self._banner.pressed.connect(self._dismissed)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._banner)
        self._look()
        preferences.watch(self._look)

    def _look(self) -> None:
        """Look for more, as some of it is read when the control plane is met, or first needed."""
        trouble = self._preferences.trouble
        found: list[UnreadSettings | LostFile] = [trouble] if trouble else []
        found += self._preferences.lost
        new = [it for it in found if it not in self._heard]
        self._heard += new
        self._waiting += new
        if new:
            self._show()

    def _dismissed(self) -> None:
        self._waiting.pop(0)
        self._show()

    def _show(self) -> None:
        if not self._waiting:
            self._banner.hide()
            return
        first = self._waiting[0]
        lead = _of_settings(first) if isinstance(first, UnreadSettings) else _of_file(first)
        kept = _(labels.ORIGINAL_FILE_WAS_KEPT).format(file=first.aside)
        self._banner.tell(
            lead,
            kept if first.aside else "",
            icon="alert-triangle",
            button=_(labels.DISMISS),
        )


def _of_settings(trouble: UnreadSettings) -> str:
    if not trouble.fields:
        return _(labels.SETTINGS_WERE_RESET)
    names = dict.fromkeys(map(words.lost, trouble.fields))
    return _(labels.SOME_SETTINGS_WERE_RESET).format(names=", ".join(names))


def _of_file(lost: LostFile) -> str:
    known = LOST.get(lost.name)
    if known:
        return _(known)
    return _(labels.FILE_COULD_NOT_BE_READ).format(file=lost.name)


class MetPlane(QWidget):
    """The banner, hidden for a control plane that is known, or new where none was before."""

    def __init__(self) -> None:
        super().__init__()
        self._banner = Banner()
        self._banner.pressed.connect(self._pressed)
        self._moved_here: Callable[[], None] | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._banner)

    def tell(self, meeting: Meeting, moved_here: Callable[[], None]) -> None:
        """Say which control plane was met. `moved_here` is called when the person says that it is
        the known one.
        """
        if meeting is Meeting.REPLACES:
            self._banner.tell(
                _(labels.DIFFERENT_PLANE),
                _(labels.NOTHING_OF_IT_COUNTS_HERE),
                icon="alert-triangle",
                button=_(labels.DISMISS),
            )
        elif meeting is Meeting.ELSEWHERE:
            self._moved_here = moved_here
            self._banner.tell(
                _(labels.PLANE_IS_KNOWN_FROM_ANOTHER_FOLDER),
                _(labels.NOTHING_FROM_THERE_IS_USED),
                icon="alert-triangle",
                button=_(labels.IT_WAS_MOVED),
            )

    def _pressed(self) -> None:
        if self._moved_here is None:
            self._banner.hide()
            return
        self._moved_here()
        self._moved_here = None
        self._banner.tell(
            _(labels.USED_FROM_THE_NEXT_START),
            icon="alert-triangle",
            button=_(labels.DISMISS),
        )
