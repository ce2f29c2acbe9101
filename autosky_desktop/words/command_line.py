"""The sentences of the programs on the command line.

What stands in a shell's own language stays as it is: the names of options, and the line that says
where a control plane listens, which programs read.
"""

from pathlib import Path

from autosky_desktop.words.language import N_, _

WINDOW = N_("Servers and publications of scaling environments.")
FOLDER = N_("folder of the embedded control plane")
DEMO_SPEED = N_("how much faster than life the demo runs")
MACHINES = N_("machines behind the demo's servers")
BEGIN_WITH_DEMO = N_("begin with the demo, without asking")
SMOKE = N_("quit once servers are shown")
HIDDEN = N_("start in the tray, where there is one")
LINK = N_("an autosky:// link to go to")
RUNS_ALREADY = N_("Autosky Desktop is already running, but it does not answer. Close that one.")
NEEDS_A_SCREEN = N_("Autosky Desktop needs a screen: neither DISPLAY nor WAYLAND_DISPLAY is set.")

SERVE = N_("Run a control plane.")
EMBEDDED = N_("serve the desktop on stdin and stdout")
TOKEN_FILE = N_("readable by nobody else; else asked for")
SIGN_IN = N_("people sign in; a token is only for adding the first of them")
OPENID = N_("a TOML file that names a provider of OpenID Connect")
OPENID_ALONE = N_("--openid needs --sign-in")
SIGN_IN_MISSING = N_("--sign-in needs the parts that pip install autosky-desktop[team] brings")
TLS_CERTIFICATE = N_("certificate to speak HTTPS with, and those that vouch for it; PEM")
DATABASE = N_("postgresql://USER@HOST/NAME, instead of a file in the folder")
DATABASE_PASSWORD_FILE = N_("readable by nobody else")
NO_DATABASE = N_("--database must be like postgresql://autosky@db.example.com/autosky")
MIGRATE = N_("Bring the database of a control plane up to date.")
TLS_KEY = N_("its key; both files are read again when they are renewed")
HALF_A_CERTIFICATE = N_("--tls-certificate and --tls-key need each other")
METRICS = N_("where Prometheus is answered; a port alone is this computer's own")
LOG_FORMAT = N_("json writes to the standard error output")
NAME = N_("what the control plane calls itself")
SMTP = N_("the mail server that letters leave by")
MAIL_FROM = N_("the sender of those letters")
SMTP_LOGIN = N_("user and password, a line each; as above")
SPEED = N_("how fast the demo's cloud is")
ENDPOINTS = N_("real machines as servers")
EMPTY = N_("begin a new folder without the demo")
ENVIRONMENTS = N_("a TOML file to follow; or so many for a new folder. Then no demo")
SERVERS = N_("of each of those environments")
TOKEN = N_("Token callers must bring:")
NO_TERMINAL = N_("there is no terminal to ask for the token: put it in a file, for --token-file")
SENDER_MISSING = N_("--smtp needs --mail-from")


def no_window(why: str) -> str:
    return _("Autosky Desktop cannot open a window: {why}").format(why=why)


def none_shown(seconds: float) -> str:
    return _("No servers were shown within {seconds} s.").format(seconds=f"{seconds:.0f}")


def shown(title: str) -> str:
    return _("Shown: {title}").format(title=title)


def served_already(folder: Path) -> str:
    return _("another control plane serves {folder} already").format(folder=folder)


def no_number(text: str, least: int, most: int) -> str:
    said = _("{text} is no number from {least} to {most}")
    return said.format(text=text, least=least, most=most)


def no_speed(text: str, most: int) -> str:
    return _("{text} is no speed above 0, up to {most}").format(text=text, most=most)


def no_token(file: Path | None) -> str:
    """Say that there is no token in the file, or in what was typed."""
    if file is None:
        return _("the answer must be a token: letters, digits and signs, without spaces")
    said = _("{file} must be a token: letters, digits and signs, without spaces")
    return said.format(file=file)


def no_certificate(file: Path) -> str:
    return _("{file} holds no certificate in PEM form").format(file=file)


def no_key(file: Path, certificate: Path) -> str:
    said = _("{file} does not hold the key of {certificate}")
    return said.format(file=file, certificate=certificate)


def key_has_password(file: Path) -> str:
    said = _("{file} is locked with a password, which nobody is there to type; unlock the key")
    return said.format(file=file)


def everybody_reads(file: Path) -> str:
    return _("everybody on this computer may read {file}; chmod o-r it").format(file=file)


def seen_password(variable: str) -> str:
    said = _(
        "others on this computer would see the password of --database: put it in a file, for"
        " --database-password-file, or into the variable {variable}"
    )
    return said.format(variable=variable)


def migrated(revision: str) -> str:
    return _("The database is at revision {revision}.").format(revision=revision)


def no_sender(text: str) -> str:
    return _("{text} is no address that mail can come from").format(text=text)


def no_mail_server(text: str) -> str:
    return _("{text} is not HOST:PORT").format(text=text)


def no_login(file: Path) -> str:
    return _("{file} must hold a user and a password, a line each").format(file=file)


def others_read(file: Path) -> str:
    return _("others may read {file}; chmod 600 it").format(file=file)


def unreadable(file: Path, why: object) -> str:
    return _("{file} cannot be read: {why}").format(file=file, why=why)
