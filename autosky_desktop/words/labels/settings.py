"""The labels and sentences that only the window says, of its settings."""

from autosky_desktop.words.language import N_

REMOTE_DESKTOP_CLIENT = N_("Remote Desktop client")
SSH_TERMINAL = N_("SSH terminal")
NO_SERVER_IS_TRUSTED_YET = N_("No server is trusted yet.")
TRUSTED_SERVERS = N_("Trusted servers")
TRUSTED_SERVERS_UNREAD = N_(
    "The list of trusted servers could not be read, and was set aside as {file}. You will be "
    "asked about each server again."
)
SERVER_IS_FORGOTTEN = N_("{server} is forgotten. You will be asked at the next connection.")
TEST = N_("Test")
TEST_THE_CLIENT = N_("Test the {client}")
NONE_FOUND = N_("None found")
CLIENT_ASKS_ITSELF = N_("{client} asks for the password itself: it cannot be given one.")
CLIENT_STARTS = N_("{client} starts.")
CLIENT_DOES_NOT_START = N_("{client} does not start. Install it again, or choose another one.")
PROTOCOL_AT_ADDRESS_SINCE_WHEN = N_("{protocol} at {address}, since {when}")
FORGET = N_("Forget")
FORGET_FINGERPRINT_OF_SERVER = N_("Forget the fingerprint of {server}")
FORGOTTEN = N_("Forgotten")
LOOKING_AT_SYSTEM_KEYCHAIN = N_("Looking at the system keychain…")
NO_PASSWORD_IS_REMEMBERED = N_("No password is remembered.")
REMEMBERED_PASSWORDS = N_("Remembered passwords")
KEYCHAIN_MAY_ASK = N_("If your keychain asks about this, answer there.")
PASSWORD_OF_USER_IS_FORGOTTEN = N_("The password of {user} is forgotten.")
NOT_FORGOTTEN_WHY = N_("Not forgotten. {why}")
FORGOTTEN_BUT_NOT_WRITTEN = N_(
    "The password is forgotten, but this list could not be written. Check the disk and the "
    "permissions of the settings folder."
)
SETTINGS = N_("Settings")
PAGES = N_("Pages")
FIND_A_SETTING = N_("Find a setting")
NO_SETTING_MATCHES = N_("No setting matches.")
EXPORT_SETTINGS = N_("Export settings…")
IMPORT_SETTINGS = N_("Import settings…")
SETTINGS_FILE = N_("Settings (*.json)")
SETTINGS_EXPORTED = N_("The settings were written to {name}. No password is in it.")
NO_SETTINGS_FILE = N_("{name} holds no settings of Autosky Desktop.")
FILE_NOT_READ = N_("{name} could not be read ({cause}).")
SAME_AS_ABOVE = N_("Same as above")
IN_ENVIRONMENT = N_("In {environment}")
START_WITH_SYSTEM = N_("Start with the system")
NO_WINDOW_WHERE_A_TRAY_IS = N_("Where there is a tray, no window opens.")
SYSTEM_DOES_NOT_ALLOW_IT = N_("Not changed: the system does not allow it ({cause}).")
SEND_TEST_EMAIL = N_("Send test email")
SENDING = N_("Sending…")
STARTTLS = N_("STARTTLS")
TLS = N_("TLS")
NONE = N_("None")
PORT = N_("Port")
MAIL_SERVER = N_("Mail server")
ENCRYPTION = N_("Encryption")
SENDER = N_("Sender")
ACCOUNT_OPTIONAL = N_("Account (optional)")
PASSWORD = N_("Password")
SEND_EMAIL_TO_YOURSELF = N_("Send an email to yourself")
WHAT_EMAIL_IS_FOR = N_(
    "Anyone named in a publication can be emailed when it ends. Emails go through this mail "
    "server, while Autosky Desktop is open."
)
KEPT_IN_SYSTEM_KEYCHAIN = N_("Kept in the system keychain")
NO_EMAIL_CAN_BE_SENT = N_("No email can be sent to or from '{text}'.")
ENTER_THE_SENDER = N_("Enter the address that emails are sent from.")
NO_PASSWORD_WITHOUT_ENCRYPTION = N_("A password is not sent without encryption.")
PASSWORD_USED_UNTIL_YOU_QUIT = N_("{why} The password is used until you quit.")
EMAIL_WAS_ACCEPTED = N_("The mail server accepted an email to {to}. Check that it arrives.")
WHERE_SINCE_WHEN = N_("{where}, since {when}")
FORGET_ELLIPSIS = N_("Forget…")
GO_BACK = N_("Go back")
FORGET_IT = N_("Forget it")
FORGET_PASSWORD_OF_USER = N_("Forget password of {user}")
EVERY_SERVER_ASKS_AGAIN = N_("Every server it is used for will ask for it again.")
VAULT_COMMAND = N_("Vault command")
VAULT_COMMAND_EXAMPLE = "pass show servers/{server}/{account}"
TESTING = N_("Testing…")
WHAT_A_VAULT_COMMAND_IS = N_(
    "A program of yours that prints a password as its first line. {server}, {environment} and "
    "{account} stand for their names. No shell is involved. Leave this empty if you have none."
)
QUOTATION_MARK_NOT_CLOSED = N_("Not saved: a quotation mark is not closed.")
UNKNOWN_NAME = N_(
    "{unknown} is not a known name and is passed on as it is. The known names are {{server}}, "
    "{{environment}} and {{account}}."
)
COMMAND_RETURNED_PASSWORD = N_("The command returned a password for {account} on {server}.")
