"""The labels and sentences that only the window says, of connecting to a server."""

from autosky_desktop.words.language import N_

OPEN_CONSOLE = N_("Open the console")
CONNECT_AS = N_("Connect as")
INSTANCE_OF_VERSION = N_("Instance, version {n}")
CONNECT = N_("Connect")
CANCEL = N_("Cancel")
CONNECT_TO_SERVER = N_("Connect to {server}")
PREPARATION_SERVER = N_("Preparation server")
SUPPORT_SERVER = N_("Support server")
SUPPORT_SERVER_OF_TYPE = N_("Support server: {type}")
CLOSE = N_("Close")
START_AND_CONNECT = N_("Start and connect")
TRUST_AND_CONNECT = N_("Trust and connect")
CHANGE = N_("Change…")
SERVER_KEEPS_STARTING = N_("If you stop waiting, the server keeps starting.")
STOP_WAITING = N_("Stop waiting")
CHOOSE_ONE = N_("Choose one…")
TRUSTED_SERVERS = N_("Trusted servers…")
COPY_PASSWORD = N_("Copy password")
REMEMBER_IN_SYSTEM_KEYCHAIN = N_("Remember in the system keychain")
NOTHING_IS_KEPT_WHEN_OFF = N_("When off, you are asked each time and nothing is kept.")
KEYCHAIN_IS_LOCKED = N_("It is locked: your system will ask you to unlock it.")
NO_KEYCHAIN = N_("This system has no keychain. You are asked each time.")
KEYCHAIN_DOES_NOT_ANSWER = N_("The keychain does not answer. You are asked each time.")
KEYCHAIN_KEEPS_NOTHING = N_(
    "The keychain configured for Python programs keeps no secrets. You are asked each time."
)
KEYCHAIN_CANNOT_BE_LOADED = N_(
    "The keychain configured for Python programs cannot be loaded. You are asked each time."
)
ENTER_USER_NAME = N_("Enter a user name.")
CHOOSE_AN_ADDRESS = N_("Choose an address.")
ENTER_THE_PASSWORD = N_("Enter the password.")
USER = N_("User")
FOR_THIS_SERVER = N_("For this server")
FOR_THIS_INSTANCE = N_("For this instance")
FOR_ALL_OF_ENVIRONMENT = N_("For all of {environment}")
EVERYWHERE = N_("Everywhere")
WHERE_THIS_PASSWORD_IS_USED = N_("Where this password is used")
ADDRESS = N_("Address")
PASSWORD = N_("Password")
SHOW_PASSWORD = N_("Show password")
CONNECTING = N_("Connecting")
PASSWORD_STAYS_IN_MEMORY = N_(
    "The password stays in memory only until the connection opens. You can close this window; "
    "a notification tells you when it is ready."
)
NAMED_BY_CONTROL_PLANE = N_("Named by the control plane")
KNOWN_UNTIL_NOW = N_("Known until now")
FINGERPRINT_SHA_256 = N_("Fingerprint, SHA-256")
SHOWN_NOW = N_("Shown now")
CONNECTION_NOT_RECORDED = N_("This connection is not recorded yet")
CONNECTION_TOLD_LATER = N_(
    "The control plane did not answer. It will be told of the connection to {server} as soon "
    "as it does."
)
CONNECTION_TO_SERVER_HAS_ENDED = N_("The connection to {server} has ended")
SERVER_DOES_NOT_ANSWER = N_("{server} does not answer")
SERVER_ANSWERS = N_("{server} answers")
CONNECT_TO_IT_AS_ACCOUNT = N_("Connect to it as {account}.")
