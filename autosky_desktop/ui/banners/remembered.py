"""The banners about what this computer remembers: what of it could not be read and where it is
kept, and whether the control plane is the one that it is of.
"""

from collections.abc import Callable, Mapping

from PySide6.QtWidgets import QVBoxLayout, QWidget

from autosky_desktop.system.known_planes import Meeting
from autosky_desktop.system.settings import LostFile, Preferences, UnreadSettings
from autosky_desktop.ui.widgets.banner import Banner
from autosky_desktop.words import settings as words
from autosky_desktop.words.language import N_, _

LOST: Mapping[str, str] = {
    "reminders.json": N_("Your notifications could not be read. Reminders may come a second time."),
    "credentials.json": N_(
        "The list of remembered passwords could not be read. You will be asked for them again.",
    ),
    "owed-connections.json": N_(
        "The connections that were still to be recorded could not be read. Activity lacks them.",
    ),
    "plane.json": N_(
        "The file that says where this control plane has its data could not be read. What you "
        "remembered of it is still used.",
    ),
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
        kept = _("The original file was kept as {file}").format(file=first.aside)
        self._banner.tell(
            lead,
            kept if first.aside else "",
            icon="alert-triangle",
            button=_("Dismiss"),
        )


def _of_settings(trouble: UnreadSettings) -> str:
    if not trouble.fields:
        return _("Your settings could not be read and were reset to their defaults.")
    names = dict.fromkeys(map(words.lost, trouble.fields))
    lead = _("Some settings could not be read and were reset to their defaults:")
    return f"{lead} {', '.join(names)}."


def _of_file(lost: LostFile) -> str:
    known = LOST.get(lost.name)
    if known:
        return _(known)
    return _("{file} could not be read.").format(file=lost.name)


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
                _("This is a different control plane from last time."),
                _("What you trusted or remembered there does not count here."),
                icon="alert-triangle",
                button=_("Dismiss"),
            )
        elif meeting is Meeting.ELSEWHERE:
            self._moved_here = moved_here
            self._banner.tell(
                _("You know this control plane from another folder."),
                _("Nothing from there is used here unless it was moved."),
                icon="alert-triangle",
                button=_("It was moved"),
            )

    def _pressed(self) -> None:
        if self._moved_here is None:
            self._banner.hide()
            return
        self._moved_here()
        self._moved_here = None
        self._banner.tell(
            _("What you remembered is used from the next start on."),
            icon="alert-triangle",
            button=_("Dismiss"),
        )
