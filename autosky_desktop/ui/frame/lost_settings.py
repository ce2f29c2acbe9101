"""The banner that says which settings could not be read, and where they are kept."""

from collections.abc import Mapping

from PySide6.QtWidgets import QVBoxLayout, QWidget

from autosky_desktop.system.settings import Preferences, Trouble
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


class LostSettings(QWidget):
    """Until it is dismissed; nothing where everything could be read."""

    def __init__(self, preferences: Preferences) -> None:
        super().__init__()
        self._preferences = preferences
        self._told: Trouble | None = None
        self._banner = Banner()
        self._banner.pressed.connect(self._banner.hide)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._banner)
        self._look()
        preferences.watch(self._look)

    def _look(self) -> None:
        """Some settings are read when the control plane is met."""
        trouble = self._preferences.trouble
        if trouble and trouble != self._told:
            self._told = trouble
            self._tell(trouble)

    def _tell(self, trouble: Trouble) -> None:
        if trouble.fields:
            other = self.tr("settings of another version")
            known = (FIELDS.get(it) for it in trouble.fields)
            names = dict.fromkeys(translate("settings", it) if it else other for it in known)
            lead = self.tr("Some settings could not be read and were reset to their defaults:")
            lead = f"{lead} {', '.join(names)}."
        else:
            lead = self.tr("Your settings could not be read and were reset to their defaults.")
        kept = self.tr("The original file was kept as {file}").format(file=trouble.aside)
        self._banner.tell(
            lead,
            kept if trouble.aside else "",
            icon="alert-triangle",
            button=self.tr("Dismiss"),
        )
