"""The words of the settings: their pages, their rows, and their names when they were lost."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

from autosky_desktop.words import reminding
from autosky_desktop.words.labels import settings as labels
from autosky_desktop.words.language import N_, _, ngettext

PAGES: Mapping[str, str] = {
    "general": N_("General"),
    "notifications": N_("Notifications"),
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
    "notify_shutdowns": SettingWords(
        N_("notifications of shutdowns"),
        N_("Shutdowns"),
        more=N_("Reminders before a shutdown, and the answers to what you ask for there."),
    ),
    "notify_publications": SettingWords(
        N_("notifications of publications"),
        N_("Publications"),
        more=N_("When one succeeds or fails."),
    ),
    "notify_holds": SettingWords(
        N_("notifications of holds"),
        N_("Holds"),
        more=N_("When a publication waits for you to go on."),
    ),
    "notify_connections": SettingWords(
        N_("notifications of connections"),
        N_("Connections"),
        more=N_("When one ends, or a server answers again."),
    ),
    "notification_sound": SettingWords(
        N_("the sound of notifications"),
        N_("Sound"),
        more=N_("Where the system plays one."),
    ),
    "quiet_hours": SettingWords(
        N_("quiet hours"),
        N_("Quiet hours"),
        reminding.quiet_hours,
        N_(
            "Only a publication that waits for you or failed is notified then, without a sound. "
            "Everything else is kept under the bell."
        ),
    ),
    "log_level": SettingWords(
        N_("what is logged"),
        N_("Log"),
        {
            "usual": N_("Usual"),
            "detailed": N_("Detailed, with every request"),
        },
    ),
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


TYPED: Mapping[str, tuple[str, ...]] = {
    "general": (labels.START_WITH_SYSTEM, labels.EXPORT_SETTINGS, labels.IMPORT_SETTINGS),
    "connecting": (labels.REMOTE_DESKTOP_CLIENT, labels.SSH_TERMINAL, labels.TRUSTED_SERVERS),
    "passwords": (labels.REMEMBERED_PASSWORDS, labels.VAULT_COMMAND),
    "email": (
        labels.MAIL_SERVER,
        labels.PORT,
        labels.ENCRYPTION,
        labels.SENDER,
        labels.ACCOUNT_OPTIONAL,
        labels.PASSWORD,
        labels.SEND_TEST_EMAIL,
    ),
}
"""What else stands on each page, and has a widget of its own."""


def titles(key: str, chosen: Iterable[str]) -> list[str]:
    """Return all that stands on a page, of which `chosen` are the settings that are offered."""
    return [*map(title, chosen), *map(_, TYPED.get(key, ()))]


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


def taken(number: int, refused: Iterable[str]) -> str:
    """Say how many settings were taken from a file, and name what of it was not."""
    text = ngettext(
        "{n} setting was taken from the file.", "{n} settings were taken from the file.", number
    ).format(n=number)
    names = ", ".join(dict.fromkeys(map(lost, refused)))
    if not names:
        return text
    left = _("Not taken: {names}.").format(names=names)
    return f"{text} {left}"


def lost(setting: str) -> str:
    """Name a setting that could not be read; one that nobody knows is of another version."""
    if known := WORDS.get(setting):
        return _(known.name)
    return _("settings of another version")
