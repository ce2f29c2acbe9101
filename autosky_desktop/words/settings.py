"""The words of the settings: their pages, their rows, and their names when they were lost."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from autosky_desktop.words import reminding
from autosky_desktop.words.language import N_, _

PAGES: Mapping[str, str] = {
    "general": N_("General"),
    "connecting": N_("Connecting"),
    "passwords": N_("Passwords"),
    "email": N_("Email"),
}
"""The titles of the pages, in their order."""


class SettingWords(NamedTuple):
    """The words of one setting. `name` stands in a list of what could not be read, `title` beside
    its row, and `more` beneath it. `values` are its choices, or a function that words any value.
    """

    name: str
    title: str = ""
    values: Mapping[Any, str] | Callable[[Any], str] = {}
    more: str = ""


WORDS: Mapping[str, SettingWords] = {
    "geometry": SettingWords(N_("the window's place")),
    "environment": SettingWords(N_("the last environment")),
    "tab": SettingWords(N_("the last tab")),
    "sidebar": SettingWords(N_("the sidebar")),
    "favourites": SettingWords(N_("favourites")),
    "recent": SettingWords(N_("environments last used")),
    "toured": SettingWords(N_("whether the tour was shown")),
    "language": SettingWords(
        N_("language"),
        N_("Language"),
        # each in itself: whoever ended up in one they do not read finds their own
        {
            "system": N_("System"),
            "en": "English",
            "pt_BR": "Português (Brasil)",
            "es": "Español",
        },
    ),
    "theme": SettingWords(
        N_("light or dark"),
        N_("Theme"),
        {
            "system": N_("System"),
            "light": N_("Light"),
            "dark": N_("Dark"),
        },
    ),
    "motion": SettingWords(
        N_("motion"),
        N_("Motion"),
        {
            "system": N_("System"),
            "reduced": N_("Reduced"),
        },
    ),
    "reminders": SettingWords(
        N_("reminders"),
        N_("Remind me before a shutdown"),
        reminding.minutes,
    ),
    "reminders_of": SettingWords(N_("reminders of single environments")),
    "quiet_until": SettingWords(N_("the pause in reminders")),
    "closing": SettingWords(
        N_("what closing the window does"),
        N_("Closing the window"),
        {
            "hide": N_("Keeps watching in the tray"),
            "": N_("Asks if reminders are waiting"),
            "quit": N_("Quits"),
        },
    ),
    "vault_command": SettingWords(N_("the command of your vault")),
    "rdp_client": SettingWords(N_("the client for RDP")),
    "terminal": SettingWords(N_("the terminal for SSH")),
    "started": SettingWords(N_("which clients start here")),
    "ssh_config": SettingWords(
        N_("the use of your SSH configuration"),
        N_("Use my SSH configuration"),
        more=N_(
            "Aliases, jump hosts and other options in ~/.ssh/config are used; which "
            "servers to trust is still decided by the list below.",
        ),
    ),
    "last_accounts": SettingWords(N_("the accounts you connected as")),
    "recent_connections": SettingWords(N_("recent connections")),
    "mail_host": SettingWords(N_("the mail server")),
    "mail_port": SettingWords(N_("the mail server's port")),
    "mail_encryption": SettingWords(N_("the mail server's encryption")),
    "mail_sender": SettingWords(N_("the sender of mail")),
    "mail_account": SettingWords(N_("the mail server's account")),
    "mail_password": SettingWords(N_("the mail server's password")),
}
"""The words of every setting, in the order of `Settings`."""


def page(key: str) -> str:
    return _(PAGES[key])


def title(setting: str) -> str:
    return _(WORDS[setting].title)


def more(setting: str) -> str:
    return _(WORDS[setting].more)


def value(setting: str, chosen: Any) -> str:
    """Word one of the choices."""
    values = WORDS[setting].values
    return values(chosen) if callable(values) else _(values[chosen])


def lost(setting: str) -> str:
    """Name a setting that could not be read; one that nobody knows is of another version."""
    if known := WORDS.get(setting):
        return _(known.name)
    return _("settings of another version")
