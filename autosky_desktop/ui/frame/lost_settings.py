"""The banner that tells what this program remembered and could not read, and where it is kept."""

from collections.abc import Mapping

from PySide6.QtWidgets import QVBoxLayout, QWidget

from autosky_desktop.system.settings import LostFile, Preferences, UnreadSettings
from autosky_desktop.ui.widgets.banner import Banner
from autosky_desktop.ui.words.language import QT_TRANSLATE_NOOP, translate

FIELDS: Mapping[str, str] = {
    "geometry": QT_TRANSLATE_NOOP("settings", "the window's place"),
    "environment": QT_TRANSLATE_NOOP("settings", "the last environment"),
    "tab": QT_TRANSLATE_NOOP("settings", "the last tab"),
    "sidebar": QT_TRANSLATE_NOOP("settings", "the sidebar"),
    "favourites": QT_TRANSLATE_NOOP("settings", "favourites"),
    "recent": QT_TRANSLATE_NOOP("settings", "environments last used"),
    "reminders": QT_TRANSLATE_NOOP("settings", "reminders"),
    "reminders_of": QT_TRANSLATE_NOOP("settings", "reminders of single environments"),
    "quiet_until": QT_TRANSLATE_NOOP("settings", "the pause in reminders"),
    "closing": QT_TRANSLATE_NOOP("settings", "what closing the window does"),
    "theme": QT_TRANSLATE_NOOP("settings", "light or dark"),
    "motion": QT_TRANSLATE_NOOP("settings", "motion"),
    "vault_command": QT_TRANSLATE_NOOP("settings", "the command of your vault"),
    "rdp_client": QT_TRANSLATE_NOOP("settings", "the client for RDP"),
    "terminal": QT_TRANSLATE_NOOP("settings", "the terminal for SSH"),
    "started": QT_TRANSLATE_NOOP("settings", "which clients start here"),
    "ssh_config": QT_TRANSLATE_NOOP("settings", "the use of your SSH configuration"),
    "last_accounts": QT_TRANSLATE_NOOP("settings", "the accounts you connected as"),
    "recent_connections": QT_TRANSLATE_NOOP("settings", "recent connections"),
    "mail_host": QT_TRANSLATE_NOOP("settings", "the mail server"),
    "mail_port": QT_TRANSLATE_NOOP("settings", "the mail server's port"),
    "mail_encryption": QT_TRANSLATE_NOOP("settings", "the mail server's encryption"),
    "mail_sender": QT_TRANSLATE_NOOP("settings", "the sender of mail"),
    "mail_account": QT_TRANSLATE_NOOP("settings", "the mail server's account"),
    "mail_password": QT_TRANSLATE_NOOP("settings", "the mail server's password"),
}


LOST: Mapping[str, str] = {
    "reminders.json": QT_TRANSLATE_NOOP(
        "settings", "Your notifications could not be read. Reminders may come a second time."
    ),
    "credentials.json": QT_TRANSLATE_NOOP(
        "settings",
        "The list of remembered passwords could not be read. You will be asked for them again.",
    ),
    "owed-connections.json": QT_TRANSLATE_NOOP(
        "settings",
        "The connections that were still to be recorded could not be read. Activity lacks them.",
    ),
    "plane.json": QT_TRANSLATE_NOOP(
        "settings",
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
        kept = self.tr("The original file was kept as {file}").format(file=first.aside)
        self._banner.tell(
            lead,
            kept if first.aside else "",
            icon="alert-triangle",
            button=self.tr("Dismiss"),
        )


def _of_settings(trouble: UnreadSettings) -> str:
    if not trouble.fields:
        return translate(
            "LostSettings", "Your settings could not be read and were reset to their defaults."
        )
    other = translate("LostSettings", "settings of another version")
    known = (FIELDS.get(it) for it in trouble.fields)
    names = dict.fromkeys(translate("settings", it) if it else other for it in known)
    lead = translate(
        "LostSettings", "Some settings could not be read and were reset to their defaults:"
    )
    return f"{lead} {', '.join(names)}."


def _of_file(lost: LostFile) -> str:
    known = LOST.get(lost.name)
    if known:
        return translate("settings", known)
    return translate("LostSettings", "{file} could not be read.").format(file=lost.name)
